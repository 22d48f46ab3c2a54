"""A reader process that reads recordings as the product's does, but takes poison for some."""

from typing import Any

from isotherm.pipeline.readers import serving
from isotherm.replay.derive.derived import Derived
from isotherm.replay.derive.session import derive as real
from tests.pipeline.poison import POISON


def derive(segments: Any, rules: Any, page: Any) -> Derived:
    """Take the poison that the session is named after."""
    poison = POISON.get(segments[0].session_id)
    if poison:
        poison()
    return real(segments, rules, page)


if __name__ == "__main__":
    serving.derive = derive  # type: ignore[assignment,attr-defined]
    serving.main()
