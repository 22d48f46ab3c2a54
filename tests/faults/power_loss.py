"""The power goes after each file operation: `python -m tests.faults.power_loss`.

One life is taped below the shim. For each of its operations, and each outcome of `disk.py`: a data
folder as the disk would hold it, a life in it, then a look at what is stored. Prints the points
that broke a promise; status 1 if any.
"""

import ctypes
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import click

from tests.faults.disk import OUTCOMES, SAID, Disk, Outcome, played, said
from tests.faults.every_point import ACKNOWLEDGED, verified
from tests.faults.life import Say, forked, live, void
from tests.faults.shim import compiled, environment


def taped(shim: ctypes.CDLL, folder: Path, tape: Path) -> None:
    """Live once in a folder and write the tape."""

    def work(_: Say) -> None:
        out = os.open(tape, os.O_WRONLY | os.O_CREAT, 0o600)
        shim.fault_arm(str(folder).encode(), 0, b"", 0)
        shim.fault_tape(out)
        live(folder, lambda line: void(os.write(out, said(line))))

    status, lines = forked(work)
    if status:
        sys.exit(f"the life that is taped ended ({status}): {lines[-2:]}")


def cuts(folder: Path, tape: bytes) -> Iterator[tuple[int, list[str], Disk]]:
    """Yield each operation's number, what was acknowledged before it ended, and the disk then."""
    disk = Disk(str(folder))
    told: list[str] = []
    for number, one in enumerate(played(tape), 1):
        if one.what == SAID:
            told.append(one.data.decode())
        elif disk.do(one):
            yield number, [line for line in told if line.startswith(ACKNOWLEDGED)], disk


def started(folder: Path, told: list[str]) -> list[str]:
    """Live in what the disk held; return the promises that are broken."""
    told = list(told)
    first = 1 + max((int(line.split()[1]) for line in told if line.startswith("post")), default=-1)
    status, lines = forked(lambda say: live(folder, say, first, 2))
    if status:
        return [f"does not start ({status}): {' '.join(lines[-2:])[-400:]}"]
    told += [line for line in lines if line.startswith(ACKNOWLEDGED)]
    status, lines = forked(lambda say: say(json.dumps(verified(folder, told))))
    return list(json.loads(lines[-1])) if status == 0 else [f"cannot be looked at: {lines[-2:]}"]


@click.command()
@click.option("--outcome", type=click.Choice(get_args(Outcome)), multiple=True, help="Default: all")
@click.option("--every", default=1, help="Only each n-th operation.")
@click.option("--at", default=0, help="Only after this operation.")
@click.option("--seed", default=1, help="Which pages of `pages` are there.")
@click.option("--keep", type=click.Path(path_type=Path), help="Keep the last folder here.")
def main(outcome: tuple[Outcome, ...], every: int, at: int, seed: int, keep: Path | None) -> None:
    """Try all operations and outcomes."""
    if "FAULT_SHIM" not in os.environ:
        with tempfile.TemporaryDirectory() as made:
            library = compiled(Path(made))
            env = environment(library, Path(made) / "data") | {"FAULT_SHIM": str(library)}
            command = [sys.executable, "-m", __spec__.name, *sys.argv[1:]]
            sys.exit(subprocess.run(command, env=env, check=False).returncode)
    folder = Path(os.environ["FAULT_FOLDER"])
    folder.mkdir()
    tape = folder.with_name("tape")
    taped(ctypes.CDLL(os.environ["FAULT_SHIM"]), folder, tape)
    broken, operations, tried = 0, 0, 0
    before: dict[Outcome, dict[str, bytes]] = {}
    for number, told, disk in cuts(folder, tape.read_bytes()):
        operations += 1
        if (at and number != at) or operations % every:
            continue
        for one in outcome or OUTCOMES:
            files = disk.left(one, random.Random(f"{seed} {number}"))
            if files == before.get(one):
                continue  # the disk holds nothing new
            before[one] = files
            shutil.rmtree(folder)
            folder.mkdir()
            disk.write(files, folder)
            if keep:
                shutil.copytree(folder, keep, dirs_exist_ok=True)
            wrong = started(folder, told)
            tried += 1
            broken += bool(wrong)
            if wrong:
                click.echo(f"{one} after operation {number}: {'; '.join(wrong[:3])}")
    click.echo(f"{tried} outcomes of {operations} operations tried, {broken} broke a promise")
    sys.exit(1 if broken else 0)


if __name__ == "__main__":
    main()
