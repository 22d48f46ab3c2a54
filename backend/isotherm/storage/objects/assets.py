"""Images, fonts and style sheets as files named by their content, on a disk or through fsspec."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import blake2b

import fsspec

from isotherm.model.errors import Code, IsothermError


def content_name(body: bytes) -> str:
    """Return the name of these bytes."""
    return blake2b(body, digest_size=16).hexdigest()


class AssetBodies:
    """Files below a folder of an fsspec URL."""

    def __init__(self, url: str) -> None:
        self._files, root = fsspec.core.url_to_fs(url)
        self._root = root.rstrip("/")

    def put(self, body: bytes) -> str:
        """Keep bytes once; return their name. Raises STORE_UNAVAILABLE."""
        name = content_name(body)
        path = self._path(name)
        with _stored():
            if not self._files.exists(path):
                self._files.makedirs(path.rpartition("/")[0], exist_ok=True)
                partial = f"{path}.part"
                self._files.pipe_file(partial, body)
                self._files.mv(partial, path)
        return name

    def get(self, name: str) -> bytes | None:
        """Return the bytes, None when they are gone or spoilt. Raises STORE_UNAVAILABLE."""
        try:
            with _stored():
                body = bytes(self._files.cat_file(self._path(name)))
        except FileNotFoundError:
            return None
        return body if content_name(body) == name else None

    def remove(self, name: str) -> None:
        """Forget bytes; a file that stays behind takes room and does nothing else."""
        with suppress(OSError):
            self._files.rm_file(self._path(name))

    def _path(self, name: str) -> str:
        return f"{self._root}/{name[:2]}/{name}"


@contextmanager
def _stored() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        message = f"Images and fonts of pages cannot be stored or read: {error}"
        raise IsothermError(Code.STORE_UNAVAILABLE, message) from error
