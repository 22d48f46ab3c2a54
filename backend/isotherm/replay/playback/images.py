"""The images of a recording: numbered, so that a playback says which, and never where from."""

from collections.abc import Iterable, Mapping
from urllib.parse import urljoin, urlsplit

from isotherm.replay.dom.page_state import PageState, StateNode

MOST_IMAGES = 300
MOST_CANDIDATES = 8
MOST_CHARACTERS = 2048  # of an address

_SHOWING = {"img": "src", "input": "src", "video": "poster", "image": "href"}
"""The attribute that a player writes an element's image into."""


class Images:
    """Addresses of images, by number. Each has candidates: any of them shows the same image."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, ...], int] = {}
        self._url = ""
        self._sources: dict[int, list[str]] = {}  # of the elements `picture`

    @property
    def candidates(self) -> tuple[tuple[str, ...], ...]:
        """The absolute addresses of each image, in the order of their numbers."""
        return tuple(self._numbers)

    def look_at(self, state: PageState) -> None:
        """Read addresses as this state of the page does."""
        bases = (node.attrs.get("href", "") for node in state.nodes if node.tag == "base")
        self._url = _joined(state.url, next(filter(None, bases), "")) or state.url
        pictures = {node.id for node in state.nodes if node.tag == "picture"}
        self._sources = {}
        for node in state.nodes if pictures else ():
            if node.tag == "source" and node.parent in pictures:
                of = self._sources.setdefault(node.parent, [])
                if len(of) < MOST_CANDIDATES:  # each image of the element looks at all of them
                    of += _of_srcset(node.attrs.get("srcset", ""))

    def attributes(self, node: StateNode) -> Mapping[str, int]:
        """Return which image an element shows: its attribute, with `rr_` before, and a number."""
        name = _SHOWING.get(node.tag.lower())
        if name is None:
            return {}
        written = [node.attrs.get(name) or node.attrs.get(f"xlink:{name}") or ""]
        if name == "src":
            written += _of_srcset(node.attrs.get("srcset", ""))
            written += self._sources.get(node.parent, ())
        found = dict.fromkeys(url for one in written if (url := _joined(self._url, one)))
        key = tuple(found)[:MOST_CANDIDATES]
        if not key or (key not in self._numbers and len(self._numbers) >= MOST_IMAGES):
            return {}
        return {f"rr_{name}": self._numbers.setdefault(key, len(self._numbers))}


def _of_srcset(text: str) -> Iterable[str]:
    for part in text.split(",", MOST_CANDIDATES)[:MOST_CANDIDATES]:
        yield part.split(maxsplit=1)[0] if part.strip() else ""


def _joined(base: str, written: str) -> str:
    """Return an absolute address on the web; "" for any other, and for none."""
    written = written.strip()
    if not written or len(written) > MOST_CHARACTERS:
        return ""
    try:
        url = urljoin(base, written)
        return url if urlsplit(url).scheme in {"http", "https"} else ""
    except ValueError:
        return ""
