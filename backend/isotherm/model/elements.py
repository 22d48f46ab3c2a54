"""An element as an action knew it: where it stood, what it was, how large it was.

The engine interns it as one text (its column `target`), so that a click costs one number, and what
is drawn of a million clicks is looked up once for each different element.
"""

from math import log2
from typing import Final

from msgspec import Struct

from isotherm.model.events import Action
from isotherm.model.fingerprints import Fingerprint, fingerprint_of_name
from isotherm.model.text_cache import text_cache

_APART: Final = "\x1f"
SIZE_STEPS: Final = 4
"""Sizes of an octave that are told apart."""


class Element(Struct, frozen=True, omit_defaults=True):
    """What identifies the element of an action. Sizes in css px, to a fifth; 0 = not known."""

    selector: str = ""  # the element key; "" = the sender named none
    path: str = ""  # composed path, the key where there is no selector
    print: Fingerprint = Fingerprint()
    width: float = 0.0
    height: float = 0.0

    @property
    def key(self) -> str:
        """What its box is found by first."""
        return self.selector or self.path

    @classmethod
    def of(cls, action: Action) -> "Element":
        """Return the element that an action was made on."""
        return read_element(
            element_text(
                action.element,
                action.element_path,
                action.fingerprint,
                action.action_name,
                action.element_w,
                action.element_h,
            )
        )


@text_cache(50_000)
def element_text(  # noqa: PLR0917 - a key of the cache; columns come in this order
    selector: str,
    path: str,
    fingerprint: str,
    name: str,
    width: float | None,
    height: float | None,
) -> str:
    """Return the text an element is interned by; "" = nothing is known.

    Without fingerprint the action's name stands in. A size is part of it only where nothing in the
    fingerprint names the element: windows of many widths would make one element many.
    """
    fingerprint = Fingerprint.read(fingerprint).text  # "" for what is none
    known = (
        Fingerprint.read(fingerprint)
        if fingerprint
        else fingerprint_of_name(name, selector or path)
    )
    if not (selector or path or fingerprint):
        return ""
    size = ""
    if known.weak and width and height and width > 0 and height > 0:
        size = f"{_step(width)},{_step(height)}"
    own = "" if fingerprint else known.text
    return _APART.join((fingerprint, selector, path, size, own))


def fingerprint_of(text: str) -> str:
    """Return the fingerprint in an interned text."""
    return text.partition(_APART)[0]


def path_of(text: str) -> str:
    """Return the composed path in an interned text."""
    return read_element(text).path


@text_cache(50_000)
def read_element(text: str) -> Element:
    """Read an interned text."""
    parts = text.split(_APART)
    if len(parts) != 5:
        return Element()
    fingerprint, selector, path, size, own = parts
    width, height = (
        (2 ** (int(step) / SIZE_STEPS) for step in size.split(",")) if size else (0.0, 0.0)
    )
    return Element(selector, path, Fingerprint.read(fingerprint or own), width, height)


def _step(px: float) -> int:
    return max(0, round(log2(px) * SIZE_STEPS))
