"""Which font the controls of a visitor's system had, derived from the sizes of clicked elements."""

from collections.abc import Sequence

import msgspec

from isotherm.render.messages import Scene
from isotherm.render.recorded_page import Stage
from isotherm.render.states import CONTROL_FONTS, Size, same_sizes


class Fonts:
    """Which font a session's buttons have where its pages name none: found once, by sizes."""

    def __init__(self) -> None:
        self._found: str | None = None

    def of(self, stage: Stage, scene: Scene, sizes: Sequence[Size]) -> str:
        """Return the font with which most elements have their recorded size; it is set, too.

        The scene stands on the stage.
        """
        if self._found is not None:
            stage.font(self._found)
            return self._found
        if not sizes:  # nothing to decide by
            return CONTROL_FONTS[0]
        asked = {element.key for element, _, _ in sizes}
        bare = msgspec.structs.replace(
            scene, targets=tuple(target for target in scene.targets if target.key in asked)
        )
        shares = []
        for font in CONTROL_FONTS:
            stage.font(font)
            shares.append(same_sizes(stage.boxes(bare), sizes) or 0.0)
        best = CONTROL_FONTS[shares.index(max(shares))]
        stage.font(best)
        if max(shares) > min(shares):
            self._found = best
        return best
