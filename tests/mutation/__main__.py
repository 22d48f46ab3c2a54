"""`make mutation`: change the code in small ways; some test must fail for each change.

For each target in `TARGETS`, mutmut runs on a copy of the package in `build/mutation`, with the
tests that are meant to protect that code. Prints the share of changes that a test noticed and every
change that none did; ends with 1 when a share is below `LEAST`.

`spool` takes about 6 minutes on 2 busy cores, `journal` 8, `counting` 4, `matching` 30, `placing`
an hour. Noticed on 2026-12-01: spool 330 of 359 (92 %), journal 277 of 284 (98 %), placing 1,138 of
1,219 (93 %), counting 116 of 133 (87 %: the other 17 are all of the kinds below), matching 422 of
499 (85 %) before 28 cases were added to its tests.

What may survive, because it changes nothing that can be observed, or another run notices it:

- `None` instead of `False` where only its truth counts (`Spool.wait`);
- another number of a spool file that is higher, too (`Spool._take_back`): only their order counts;
- another way to the same result: ids of 32 or 64 bits, strings that are asked for in vain;
- a size, default or width that is one larger than needed (`minlength`, `initial`, `digest_size`);
- a type that NumPy finds by itself, `strict` of sequences that are equally long;
- another name of a computed column, as long as names differ (`cells_on`);
- an error of the disk that is no longer suppressed: `make faults` lets each file operation fail.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from msgspec import Struct, json

ROOT = Path(__file__).parents[2]
WORK = ROOT / "build" / "mutation"
LEAST = 0.9
COUNTED = ("killed", "survived", "no_tests", "timeout", "suspicious", "segfault")
PROJECT = """
[tool.mutmut]
source_paths = ["src"]
only_mutate = {modules}
pytest_add_cli_args_test_selection = {tests}
pytest_add_cli_args = ["-p", "no:randomly", "-p", "no:cacheprovider", "-k", "not clickhouse"]
also_copy = ["pyproject.toml"]
do_not_mutate_patterns = ["raise ", "log\\\\.", "MESSAGE", "timed\\\\("]
timeout_multiplier = 15.0
process_isolation = "forkserver"

[tool.pytest.ini_options]
markers = {markers}
"""


class Target(Struct, frozen=True):
    """Modules below `isotherm`, and the tests that protect them."""

    modules: tuple[str, ...]
    tests: tuple[str, ...]


TARGETS = {
    "matching": Target(
        ("model/element_matching.py",),
        ("tests/query/test_element_rules.py", "tests/query/test_element_matching.py"),
    ),
    "placing": Target(("query/placing/*.py",), ("tests/query/test_placing.py",)),
    # measures.py is a table: what runs at import cannot be changed in a run of tests
    "counting": Target(("query/counting.py",), ("tests/query/test_counting.py",)),
    "spool": Target(("pipeline/spool.py",), ("tests/pipeline/test_spool.py",)),
    "journal": Target(
        ("storage/influxdb/line_protocol.py", "storage/influxdb/checksum.py"),
        ("tests/storage/test_journal_points.py",),
    ),
}  # fmt: skip


def prepare(target: Target, folder: Path) -> None:
    """Lay out what mutmut expects: the package under `src`, the tests, a `pyproject.toml`."""
    shutil.rmtree(folder, ignore_errors=True)
    skipped = shutil.ignore_patterns("__pycache__", "node_modules", "static", ".hypothesis")
    shutil.copytree(ROOT / "backend", folder / "src", ignore=skipped)
    shutil.copytree(ROOT / "tests", folder / "tests", ignore=skipped)
    modules = [f"src/isotherm/{module}" for module in target.modules]
    markers = ["browser", "server", "thorough"]
    (folder / "pyproject.toml").write_text(
        PROJECT.format(
            modules=json.encode(modules).decode(), tests=json.encode(target.tests).decode(),
            markers=json.encode(markers).decode(),
        )
    )  # fmt: skip


def run(name: str) -> bool:
    """Try all changes of a target, print what came of it and say whether enough were noticed."""
    folder = WORK / name
    prepare(TARGETS[name], folder)
    mutmut = [sys.executable, "-m", "mutmut"]
    environment = {**os.environ, **_temporary_folders()}
    subprocess.run([*mutmut, "run"], cwd=folder, env=environment, check=False)
    subprocess.run([*mutmut, "export-cicd-stats"], cwd=folder, check=True)
    stats = json.decode((folder / "mutants" / "mutmut-cicd-stats.json").read_bytes())
    tried = sum(stats.get(outcome, 0) for outcome in COUNTED)
    noticed = stats["killed"] + stats.get("timeout", 0) + stats.get("segfault", 0)
    share = noticed / tried if tried else 0.0
    sys.stdout.write(f"{name}: {noticed} of {tried} changes noticed ({share:.0%})\n")
    results = subprocess.run([*mutmut, "results"], cwd=folder, check=True, capture_output=True)
    for line in results.stdout.decode().splitlines():
        mutant, _, outcome = line.strip().partition(": ")
        if outcome in {"survived", "no tests", "suspicious", "timeout"}:
            show = [*mutmut, "show", mutant]
            shown = subprocess.run(show, cwd=folder, check=False, capture_output=True)
            sys.stdout.write(f"--- {mutant} ({outcome})\n{_changed(shown.stdout.decode())}\n")
    return share >= LEAST


def _temporary_folders() -> dict[str, str]:
    """Put the tests' folders in memory where the system can: the spool syncs each write."""
    memory = Path("/dev/shm")
    return {"PYTEST_DEBUG_TEMPROOT": str(memory)} if memory.is_dir() else {}


def _changed(diff: str) -> str:
    """Keep the lines of a diff that differ."""
    lines = diff.splitlines()
    return "\n".join(one for one in lines if one[:1] in "+-" and one[:3] not in {"+++", "---"})


if __name__ == "__main__":
    asked = sys.argv[1:] or list(TARGETS)
    results = [run(name) for name in asked]  # all of them, also after a failure
    sys.exit(not all(results))
