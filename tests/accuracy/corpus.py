"""The sites: small pages of one trouble each, and applications that nobody here wrote."""

import json
import mimetypes
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PAGES = HERE / "pages"
PACKAGES = HERE / "node_modules"
_PLAN = re.compile(r'<script type="plan">([\s\S]*?)</script>')


@dataclass(frozen=True)
class File:
    """What is served under an address."""

    body: bytes
    kind: str


@dataclass(frozen=True)
class Site:
    """One site of the corpus.

    Its files lie in folders or are made when they are asked for; a page brings the plan of what is
    clicked, an application is clicked through at random (seeded).
    """

    name: str
    folders: tuple[Path, ...] = ()  # the first that has a file wins
    made: Mapping[str, Callable[[], bytes]] | None = None
    plan: Mapping[str, Any] | None = None
    clicks: int = 16  # of a site without a plan
    entry: str = "index.html"

    def served(self, path: str) -> File | None:
        """Return a file by its path inside the site; None: there is none."""
        path = path or self.entry
        if path.endswith("/"):
            path += "index.html"
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        if self.made is not None and path in self.made:
            return File(self.made[path](), kind)
        for folder in self.folders:
            file = (folder / path).resolve()
            if file.is_relative_to(folder.resolve()) and file.is_file():
                return File(file.read_bytes(), kind)
        return None


def page_of(file: Path) -> Site:
    """Return a page of the corpus with its plan."""
    text = file.read_text("utf-8")
    found = _PLAN.search(text)
    if found is None:
        raise ValueError(f"{file.name} has no plan")
    plan: dict[str, Any] = json.loads(found[1])
    return Site(file.stem, (file.parent,), {"index.html": file.read_bytes}, plan)


def pages() -> dict[str, Site]:
    """Return the small pages by name."""
    return {file.stem: page_of(file) for file in sorted(PAGES.glob("*.html"))}
