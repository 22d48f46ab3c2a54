"""The arrows between the parts, and the size of files, as docs and decisions promise."""

import ast
import re
import subprocess
import sys
import tomllib
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import grimp
import pytest

from isotherm.app.cli import COMMANDS
from tests.structure import packages

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "backend/isotherm"
FLASK = {"routes.py", "http_errors.py", "web.py"}
LONGEST = 400


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def imported(file: Path) -> set[str]:
    """Return the dotted names that a file imports, type checking included."""
    names: set[str] = set()
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


@pytest.mark.server
def test_packages_import_only_what_the_contracts_allow() -> None:
    run = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    checked = subprocess.run(
        [sys.executable, "-c", run, "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Contracts:" in checked.stdout, checked.stderr
    assert checked.returncode == 0, checked.stdout


def test_no_modules_import_each_other_in_a_circle() -> None:
    """Imports of types count, too: a type is at home in one place."""
    graph = grimp.build_graph("isotherm", cache_dir=None)
    imports = {one: graph.find_modules_directly_imported_by(one) for one in graph.modules}
    assert len(imports) > 300
    TopologicalSorter(imports).prepare()  # raises CycleError, which names the circle


def test_the_picture_of_the_packages_is_drawn_from_the_code() -> None:
    assert packages.written() == packages.diagram(), (
        "draw it anew: python -m tests.structure.packages"
    )


PAGES = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md")
LINK = re.compile(r"\[([^\]]*)\]\(([^)#:]+)\)")
NAMED = re.compile(r"`([\w/]+/[\w.]+\.(?:py|js|tsx?|md))`")


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_to_files_that_exist(page: str) -> None:
    """The site checks the links of `docs/`; these pages are outside of it."""
    text = (ROOT / page).read_text(encoding="utf-8")
    lost = [link for _, link in LINK.findall(text) if not (ROOT / link).exists()]
    roots = (ROOT, PACKAGE, ROOT / "grafana-plugin", ROOT / "grafana-plugin/src")
    lost += [name for name in NAMED.findall(text) if not any((r / name).exists() for r in roots)]
    assert lost == []
    wrong = [
        (shown, link)
        for shown, link in LINK.findall(text)
        if "/" in shown and not link.endswith(shown.strip("`").removeprefix("src/"))
    ]
    assert wrong == []


def test_only_routes_know_flask() -> None:
    users = {
        str(file.relative_to(ROOT))
        for file in modules()
        if file.name not in FLASK and not file.name.endswith("_routes.py")
        if any(name.split(".")[0] in {"flask", "werkzeug"} for name in imported(file))
    }
    assert users <= {"backend/isotherm/intake/multipart.py"}  # reads bodies with their parser


@pytest.mark.parametrize("folder", ["backend/isotherm", "grafana-plugin/src", "grafana-plugin/pkg"])
def test_no_file_is_longer_than_the_house_allows(folder: str) -> None:
    endings = {".py", ".ts", ".tsx", ".go", ".js"}
    long = {
        str(file.relative_to(ROOT)): lines
        for file in (ROOT / folder).rglob("*")
        if file.suffix in endings and not {"static", "samples", "generated"} & set(file.parts)
        if (lines := len(file.read_text(encoding="utf-8").splitlines())) > LONGEST
    }
    assert long == {}


def test_every_module_says_what_it_is() -> None:
    silent = [
        str(file.relative_to(ROOT)) for file in modules() if not ast.get_docstring(tree(file))
    ]
    assert silent == []


def test_no_process_is_started_by_fork() -> None:
    """A fork copies the locks of all threads, and the threads not (decision 023)."""
    assert forks("import os\nos.fork()") == ["fork"]
    assert forks("Pool(4)") == ["Pool"]
    assert forks("ProcessPool(context=get_context('fork'))") == ["get_context('fork')"]
    assert forks("Popen('x', preexec_fn=f)") == ["preexec_fn"]
    assert forks("ProcessPool(context=get_context('spawn'))") == []
    found = {
        str(file.relative_to(ROOT)): names
        for file in [*modules(), *sorted((ROOT / "tests").rglob("*.py"))]
        if (names := forks(file.read_text(encoding="utf-8")))
    }
    # a process without threads that is the parent of hundreds of lives; it checks that it has none
    assert found == {"tests/faults/life.py": ["fork"]}


POOLS = {"Process", "Pool", "ProcessPool", "ProcessPoolExecutor"}


SAID = re.compile("fork|Pool|Process|preexec_fn")
"""One of these is in every file that can start a process by fork."""


def forks(source: str) -> list[str]:
    """Return the calls that start a process by fork, or by what the system does by default."""
    if not SAID.search(source):
        return []
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func).rsplit(".", 1)[-1]
        given = {keyword.arg for keyword in node.keywords}
        spawns = ast.unparse(node.func).startswith("get_context('spawn')")
        if name in {"fork", "forkpty"} or (
            name in POOLS and not spawns and not given & {"context", "mp_context"}
        ):
            found.append(name)
        if name in {"get_context", "set_start_method"} and "'fork" in ast.unparse(node):
            found.append(ast.unparse(node))
        if "preexec_fn" in given:
            found.append("preexec_fn")
    return found


def test_each_decision_has_a_number_of_its_own() -> None:
    files = sorted((ROOT / "docs/decisions").glob("*.md"))
    numbers = [file.name[:3] for file in files]
    assert len(numbers) > 20
    assert sorted(set(numbers)) == numbers
    assert [file.read_text().split()[1] for file in files] == numbers


def test_the_import_rules_name_every_store() -> None:
    """A new store that they do not name would be free of them, and nobody would see that."""
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    named = [
        {*rule.get("forbidden_modules", ()), *rule.get("modules", ())}
        for rule in rules["tool"]["importlinter"]["contracts"]
    ]
    about_stores = [names for names in named if "isotherm.storage.duckdb" in names]
    stores = {
        f"isotherm.storage.{one.parent.name}" for one in PACKAGE.glob("storage/*/__init__.py")
    }
    saved = {"isotherm.storage.saved"}  # HTTP reads and writes saved things itself
    assert len(about_stores) == 3
    assert [stores - names - saved for names in about_stores] == [set()] * 3


def test_no_module_is_out_of_reach_of_the_tests() -> None:
    """Each is imported by what a test names, or by what the tests start by its name."""
    sources = [file.read_text(encoding="utf-8") for file in (ROOT / "tests").rglob("*.py")]
    assert [one for one in COMMANDS if not any(f'"{one}"' in source for source in sources)] == []
    graph = grimp.build_graph("isotherm", cache_dir=None)
    started = {"isotherm.__main__", "isotherm.render.serving", "isotherm.storage.saved.migrations"}
    started |= {f"isotherm.app.cli.{module}" for module in COMMANDS.values()}
    reached: set[str] = set()
    found = started | named_by(sources) & graph.modules
    while found:
        reached |= found
        found = {one for name in found for one in graph.find_modules_directly_imported_by(name)}
        found |= {name.rpartition(".")[0] for name in found} & graph.modules
        found -= reached
    steps = {name for name in graph.modules if "migrations." in name}  # Alembic finds them
    assert graph.modules - reached - steps == {"isotherm"} - reached


def named_by(sources: list[str]) -> set[str]:
    """Return the modules that tests import, and those that they start by name."""
    names: set[str] = set()
    for source in sources:
        names |= set(re.findall(r"isotherm(?:\.\w+)+", source))
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.ImportFrom) and node.module:
                names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names
