"""Compiles and uses the shim below the C library: each write, sync, rename, ... has a number."""

import os
import subprocess
from pathlib import Path
from shutil import which

import pytest

SOURCE = Path(__file__).with_name("shim.c")


def compiled(folder: Path) -> Path:
    """Return the shim as a library; skip where there is no C compiler."""
    compiler = which("cc") or which("gcc")
    if compiler is None:
        pytest.skip("no C compiler, which the shim below the C library needs")
    library = folder / "shim.so"
    command = [compiler, "-shared", "-fPIC", "-O1", "-w", "-o", str(library), str(SOURCE), "-ldl"]
    subprocess.run(command, check=True, timeout=120)
    return library


def environment(
    library: Path, folder: Path, *, at: int = 0, kind: str = "error", log: Path | None = None
) -> dict[str, str]:
    """Return the environment in which operation number `at` below a folder meets its fault."""
    values = dict(os.environ)
    values |= {"LD_PRELOAD": str(library), "FAULT_FOLDER": str(folder), "FAULT_AT": str(at)}
    values |= {"FAULT_KIND": kind, "PYTHONDONTWRITEBYTECODE": "1"}
    if log:
        values["FAULT_LOG"] = str(log)
    return values
