"""Images, fonts and style sheets as files named by their content, on a disk or through fsspec."""

from collections.abc import Iterable
from hashlib import blake2b

from isotherm.storage.files import Files


def content_name(body: bytes) -> str:
    """Return the name of these bytes."""
    return blake2b(body, digest_size=16).hexdigest()


class AssetBodies:
    """Files below a folder of an fsspec URL. Every method raises STORE_UNAVAILABLE."""

    def __init__(self, url: str) -> None:
        self._files = Files(url, "Images and fonts of pages")

    def put(self, body: bytes) -> str:
        """Keep bytes once; return their name."""
        name = content_name(body)
        path = _path(name)
        if not (self._files.is_local and self._files.has(path)):  # elsewhere asking costs as much
            self._files.write({path: body})
        return name

    def get(self, name: str) -> bytes | None:
        """Return the bytes, None when they are gone or spoilt."""
        try:
            body = self._files.read(_path(name))
        except FileNotFoundError:
            return None
        if content_name(body) == name:
            return body
        self.remove([name])  # else it would stay spoilt: what is there is not written again
        return None

    def remove(self, names: Iterable[str]) -> None:
        """Forget bytes."""
        self._files.remove([_path(name) for name in names])


def _path(name: str) -> str:
    return f"{name[:2]}/{name}"
