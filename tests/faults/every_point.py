"""Each file operation meets its fault once: `python -m tests.faults.every_point --kind error`.

Runs itself below the shim. For each point: a life with the fault, then lives without until one
ends well, then a look at what is stored. Prints the points that broke a promise; status 1 if any.
"""

import ctypes
import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import click
from sqlglot import parse_one

from isotherm.model.errors import IsothermError
from isotherm.model.event_ids import event_hash
from isotherm.storage.objects.assets import content_name
from tests.faults.life import (
    APPLICATION,
    POSTS,
    REFUSED,
    RESTARTED,
    Life,
    forked,
    image,
    live,
    picture,
)
from tests.faults.shim import compiled, environment

KINDS = ("error", "full", "torn", "kill", "after")
ERRNO = {"full": errno.ENOSPC}
ACKNOWLEDGED = ("post", "saved", "image", "picture")
RESTARTS = 3


def verified(folder: Path, said: list[str]) -> list[str]:
    """Return the promises that a folder breaks, given what was acknowledged."""
    life = Life(folder)
    try:
        life.worker._hurry = 1
        life.drain()
        found = life.engine.run(parse_one("SELECT event FROM actions"))["event"].tolist()
        hashes = {event_hash(APPLICATION, f"click {n}"): n for n in range(4 * POSTS)}
        counted = Counter(hashes.get(one, -1) for one in found)
        posted = {int(line.split()[1]) for line in said if line.startswith("post")}
        wrong = [f"click {n} is lost" for n in sorted(posted - counted.keys())]
        wrong += [f"click {n} counts {times} times" for n, times in counted.items() if times > 1]
        kept = Counter(
            one.segment_id for session in ("s0", "s1")
            for one in life.replays.bodies(APPLICATION, session)
        )  # fmt: skip
        wrong += [f"segment {n} has no body" for n in posted if not kept[f"segment {n}"]]
        wrong += [f"{name} is kept {times} times" for name, times in kept.items() if times > 1]
        saved = Counter(one.name for one in life.saved.all())
        named = {line.split()[1] for line in said if line.startswith("saved")}
        wrong += [f"saved heatmap {name} is lost" for name in named if not saved[name]]
        wrong += damaged(life, said)
        if life.spool.dead_count:
            wrong.append(f"{life.spool.dead_count} events are dead letters")
        return wrong
    finally:
        life.close()


def damaged(life: Life, said: list[str]) -> list[str]:
    """Return the acknowledged pictures and images that are not what was kept."""
    wrong = []
    for line in said:
        what, _, number = line.partition(" ")
        if what == "image":
            body = image(int(number))
            if life.images.get(content_name(body)) != body:
                wrong.append(f"{line} is damaged")
        elif what == "picture":
            background, tiles = picture(int(number))
            try:
                found = [life.pictures.tile(background.id, n) for n in range(len(tiles))]
            except IsothermError as error:
                found = []
                wrong.append(f"{line}: {error.message}")
            if found and found != tiles:
                wrong.append(f"{line} is damaged")
    return wrong


def tried(shim: ctypes.CDLL, folder: Path, at: int, kind: str) -> tuple[int, list[str]]:
    """Live with a fault at a point; return how many points there were, and what went wrong."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    said: list[str] = []
    wrong: list[str] = []
    points = 0
    for life in range(RESTARTS + 1):
        first = 1 + max((int(x.split()[1]) for x in said if x.startswith("post")), default=-1)

        def work(say, first: int = first, life: int = life) -> None:  # noqa: ANN001
            what = "error" if kind == "full" else kind
            number = at if life == 0 else 0
            shim.fault_arm(str(folder).encode(), number, what.encode(), ERRNO.get(kind, errno.EIO))
            live(folder, say, first, POSTS if life == 0 else 2)
            say(f"points {shim.fault_count()}")

        status, lines = forked(work)
        said += [line for line in lines if line.startswith(ACKNOWLEDGED)]
        points += sum(int(line.split()[1]) for line in lines if line.startswith("points"))
        if status == 0:
            break
        if life > 0:
            wrong.append(f"does not start by itself: {lines[-2:]}")
        elif status == REFUSED and not said:
            continue  # it ended with a sentence while it started; a supervisor starts it again
        elif status not in {RESTARTED, -signal.SIGKILL}:
            told = [line for line in lines if line.startswith("!")]
            wrong.append(f"the process ended ({status}): {' '.join(told[-2:])[-300:]}")
    status, lines = forked(lambda say: say(json.dumps(verified(folder, said))))
    wrong += json.loads(lines[-1]) if status == 0 else [f"cannot be looked at: {lines[-2:]}"]
    return points, wrong


@click.command()
@click.option("--kind", type=click.Choice(KINDS), multiple=True, help="Default: all.")
@click.option("--every", default=1, help="Only each n-th point.")
@click.option("--at", default=0, help="Only this point.")
def main(kind: tuple[str, ...], every: int, at: int) -> None:
    """Try all points of all kinds."""
    if "FAULT_FOLDER" not in os.environ:
        with tempfile.TemporaryDirectory() as made:
            library = compiled(Path(made))
            env = environment(library, Path(made) / "data") | {"FAULT_SHIM": str(library)}
            sys.exit(subprocess.run([sys.executable, "-m", __spec__.name, *sys.argv[1:]],
                                    env=env, check=False).returncode)  # fmt: skip
    shim = ctypes.CDLL(os.environ["FAULT_SHIM"])
    folder = Path(os.environ["FAULT_FOLDER"])
    points, wrong = tried(shim, folder, 0, "error")
    if wrong or not points:
        sys.exit(f"without a fault: {wrong or 'no point was counted'}")
    broken = 0
    for one in kind or KINDS:
        numbers = [at] if at else range(1, points + 1, every)
        for number in numbers:
            _, wrong = tried(shim, folder, number, one)
            broken += bool(wrong)
            if wrong:
                click.echo(f"{one} at operation {number}: {'; '.join(wrong[:3])}")
        click.echo(f"{one}: {len(numbers)} of {points} operations tried")
    sys.exit(1 if broken else 0)


if __name__ == "__main__":
    main()
