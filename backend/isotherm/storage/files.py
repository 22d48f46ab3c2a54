"""Whole files below an fsspec URL: in a local folder, or in an object store such as S3.

Files are small (a strip of a picture, an image, a piece of a recording) and are written and read
whole. What one process has written, another sees at once: nothing is remembered here.
"""

import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Any, Final

import fsspec
from msgspec import Struct

from isotherm.model.errors import Code, IsothermError
from isotherm.storage.durable import sync_folder

PARTIAL: Final = ".part"
"""How the names of files end that are being written."""

_RETRY_AFTER_S: Final = 10
_S3: Final = ("s3", "s3a")
_ATOMIC: Final = {*_S3, "gs", "gcs", "abfs", "az", "oss", "memory"}
"""Stores in which an object is there whole or not at all."""
_PATIENCE: Final = {
    "connect_timeout": 5,
    "read_timeout": 30,
    "retries": {"max_attempts": 1, "mode": "standard"},  # s3fs tries again by itself
}
_TRIES: Final = 3
_DELETED_AT_ONCE: Final = 1_000


class Entry(Struct, frozen=True):
    """A file in a listing."""

    path: str  # below the URL
    size: int  # bytes
    modified_ms: int  # epoch ms, by the clock of the store


def shown(url: str) -> str:
    """Return an fsspec URL without user and password."""
    scheme, mark, rest = url.partition("://")
    place, slash, path = rest.partition("/")
    return f"{scheme}{mark}{place.rpartition('@')[2]}{slash}{path}" if mark else url


class Files:
    """The files below a URL. Every method raises STORE_UNAVAILABLE."""

    def __init__(self, url: str, what: str) -> None:
        """Take an fsspec URL (a plain path is a folder) and what is kept there, for sentences.

        Nothing is asked or made before the first file. Raises INVALID for a URL of no use.
        """
        self._what = what
        options: dict[str, Any] = {"use_listings_cache": False}  # others write there, too
        if url.partition("://")[0] in _S3:
            options["config_kwargs"] = _PATIENCE
        try:
            self._fs, root = fsspec.core.url_to_fs(url, **options)
        except (ImportError, ValueError) as error:
            why = str(error).replace(url, shown(url))
            message = f"{shown(url)} cannot be used for {what.lower()}: {why}"
            raise IsothermError(Code.INVALID, message) from error
        self._root: str = root.rstrip("/")
        protocols = {self._fs.protocol} if isinstance(self._fs.protocol, str) else self._fs.protocol
        self.is_local = "file" in protocols
        self._atomic = bool(_ATOMIC.intersection(protocols))
        if hasattr(self._fs, "retries"):
            self._fs.retries = _TRIES

    @property
    def root(self) -> str:
        """The folder, or bucket and prefix."""
        return self._root

    def write(self, files: Mapping[str, bytes], *, makes_bucket: bool = True) -> None:
        """Write files, each there whole or not at all; those of the same names are replaced.

        Raises FileNotFoundError without a bucket that it may not make.
        """
        with self._answered("written"):
            if not self._atomic:
                for path, body in files.items():
                    self._write_beside(self._whole(path), body)
                if self.is_local:
                    _sync_folders({Path(self._whole(path)).parent for path in files}, self._root)
                return
            named = {self._whole(path): body for path, body in files.items()}
            try:
                self._fs.pipe(named)
            except FileNotFoundError:  # the bucket is not there yet
                if not makes_bucket:
                    raise
                self._fs.makedirs(self._root, exist_ok=True)
                self._fs.pipe(named)

    def read(self, path: str) -> bytes:
        """Return a file's bytes. Raises FileNotFoundError."""
        with self._answered("read"):
            return bytes(self._fs.cat_file(self._whole(path)))

    def read_all(self, paths: Sequence[str]) -> list[bytes]:
        """Return the bytes of files, read at once. Raises FileNotFoundError without any of them."""
        if len(paths) == 1:
            return [self.read(paths[0])]
        with self._answered("read"):
            whole = [self._whole(path) for path in paths]
            found = self._fs.cat(whole)
            by_name = {name.lstrip("/"): body for name, body in found.items()}
            return [bytes(by_name[path.lstrip("/")]) for path in whole]

    def has(self, path: str) -> bool:
        """Tell whether there is a file."""
        with self._answered("read"):
            try:  # `exists` of some stores takes silence for a no
                self._fs.info(self._whole(path))
            except FileNotFoundError:
                return False
            return True

    def listed(self, folder: str = "") -> list[Entry]:
        """Return the files below a folder, by path; none when there is no such folder."""
        with self._answered("read"):
            try:
                found = self._fs.find(self._whole(folder), detail=True)
            except FileNotFoundError:
                return []
            entries = [
                Entry(self._below(path), int(info.get("size") or 0), self._modified_ms(path, info))
                for path, info in found.items()
                if not path.endswith((PARTIAL, "/"))  # consoles make an object for a folder
            ]
        return sorted(entries, key=lambda entry: entry.path)

    def remove(self, paths: Sequence[str]) -> None:
        """Remove files; those that are not there are no fault, those that stay are one."""
        rest = iter(paths)
        while some := [self._whole(path) for path in islice(rest, _DELETED_AT_ONCE)]:
            with self._answered("removed"):
                self._remove_some(some)
            for path in {some[0], some[-1]}:  # s3fs says nothing when it may not
                if self.has(self._below(path)):
                    message = f"{self._what} cannot be removed: {self._root} keeps them"
                    raise IsothermError(Code.STORE_UNAVAILABLE, message)

    def remove_folder(self, folder: str) -> None:
        """Remove a folder with all files in it; one that is not there is no fault."""
        if self.is_local:
            with self._answered("removed"):
                while self._fs.exists(self._whole(folder)):
                    with suppress(FileNotFoundError):  # another process removes it, too
                        self._fs.rm(self._whole(folder), recursive=True)
            return
        self.remove([entry.path for entry in self.listed(folder)])
        if self.listed(folder):
            message = f"{self._what} cannot be removed: {folder} keeps some of them"
            raise IsothermError(Code.STORE_UNAVAILABLE, message)

    def keeps_versions(self) -> bool | None:
        """Tell whether what is removed stays as an earlier version; None: one may not ask."""
        ask = getattr(self._fs, "is_bucket_versioned", None)
        if ask is None:
            return False
        with self._answered("read"):
            try:
                return bool(ask(self._root.partition("/")[0]))
            except PermissionError:
                return None

    def _remove_some(self, paths: Sequence[str]) -> None:
        if not self.is_local:
            with suppress(FileNotFoundError):  # another process was quicker
                self._fs.rm(paths)
                return
        for path in paths:
            with suppress(FileNotFoundError):
                self._fs.rm_file(path)

    def _write_beside(self, path: str, body: bytes) -> None:
        self._fs.makedirs(path.rpartition("/")[0], exist_ok=True)
        partial = f"{path}.{secrets.token_hex(4)}{PARTIAL}"
        if not self.is_local:
            self._fs.pipe_file(partial, body)
            self._fs.mv(partial, path)
            return
        with self._fs.open(partial, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        self._fs.mv(partial, path)

    def _whole(self, path: str) -> str:
        return f"{self._root}/{path}" if path else self._root

    def _below(self, path: str) -> str:
        return path.lstrip("/").removeprefix(f"{self._root.lstrip('/')}/")

    def _modified_ms(self, path: str, info: Mapping[str, Any]) -> int:
        at = info.get("LastModified") or info.get("mtime") or info.get("created")
        if isinstance(at, int | float):
            return int(at * 1000)
        return int((at or self._fs.modified(path)).timestamp() * 1000)

    @contextmanager
    def _answered(self, done: str) -> Iterator[None]:
        """Turn whatever a store's client raises into STORE_UNAVAILABLE."""
        try:
            yield
        except (FileNotFoundError, IsothermError):
            raise
        except Exception as error:
            why = getattr(error, "strerror", None) or str(error) or type(error).__name__
            message = f"{self._what} cannot be {done}: {why}"
            raise IsothermError(
                Code.STORE_UNAVAILABLE, message, retry_after_s=_RETRY_AFTER_S
            ) from error


def _sync_folders(folders: set[Path], root: str) -> None:
    """Make the names of files in folders durable, and the names of the folders up to the root."""
    above = {up for folder in folders for up in folder.parents if up.is_relative_to(root)}
    for folder in folders | above:
        sync_folder(folder)
