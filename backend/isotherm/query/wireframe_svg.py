"""Draws a wireframe as SVG in data URLs: it travels with the answer and needs no address."""

from base64 import b64encode
from collections.abc import Iterable
from html import escape

from msgspec import Struct

from isotherm.model import Box

MOST_LETTERS = 80
TEXT_PX = 13
LEAST_TEXT_PX = 8
_STYLE = (
    "rect{fill:#f4f5f7;stroke:#a3abb8;stroke-width:1}"
    "text{font-family:Inter,Helvetica,Arial,sans-serif;fill:#474e5a}"
    "line{stroke:#a3abb8;stroke-dasharray:8 6}"
)


class Drawn(Struct, frozen=True):
    """An element and its name."""

    box: Box
    name: str


def drawing(elements: Iterable[Drawn], width: int, top: int, height: int, end: int) -> str:
    """Return the strip of a wireframe from `top` on as a data URL; the page ends at `end`."""
    inside = [
        one for one in elements if one.box.top < top + height and one.box.top + one.box.height > top
    ]
    # the large ones below, so that what is in them is seen
    inside.sort(key=lambda one: -one.box.width * one.box.height)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"',
        f' viewBox="0 {top} {width} {height}"><style>{_STYLE}</style>',
        f'<path fill="#fff" d="M0 {top}h{width}v{height}H0z"/>',
        *map(_element, inside),
    ]
    if top < end < top + height:
        parts.append(f'<line x1="0" y1="{end}" x2="{width}" y2="{end}"/>')
    parts.append("</svg>")
    return "data:image/svg+xml;base64," + b64encode("".join(parts).encode()).decode()


def _element(one: Drawn) -> str:
    box = one.box
    sides = (
        f'x="{box.left:.1f}" y="{box.top:.1f}" width="{box.width:.1f}" height="{box.height:.1f}"'
    )
    drawn = f'<rect {sides} rx="3"/>'
    size = min(TEXT_PX, round(box.height - 2))
    if not one.name or size < LEAST_TEXT_PX:
        return drawn
    clipped = escape(_printable(one.name)[:MOST_LETTERS])
    middle = min(box.height / 2 + size * 0.35, size + 6)
    # a picture of its own cuts the name at the element's edge
    text = f'<text x="6" y="{middle:.1f}" font-size="{size}">{clipped}</text>'
    return f"{drawn}<svg {sides}>{text}</svg>"


def _printable(text: str) -> str:
    """Return a text without what XML has no place for."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
