"""`python -m isotherm.api.contract` writes the contract for the plugin in TypeScript and Go."""

import sys
from pathlib import Path

from isotherm.api.contract import golang, typescript

PLUGIN = Path(__file__).parents[4] / "grafana-plugin"


def files() -> dict[Path, str]:
    """Return the text of each file."""
    generated = PLUGIN / "src/contract/generated"
    return {
        generated / "queries.ts": typescript.queries(),
        generated / "answers.ts": typescript.answers(),
        PLUGIN / "pkg/contract/generated.go": golang.contract(),
    }


def stale() -> list[str]:
    """Return the files that differ or are missing."""
    return [
        str(file.relative_to(PLUGIN))
        for file, text in files().items()
        if not file.exists() or file.read_text(encoding="utf-8") != text
    ]


def write() -> None:
    """Write all files."""
    for file, text in files().items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    if "--check" not in sys.argv:
        write()
    elif behind := stale():
        sys.exit(f"Run `make contract`: out of date are {', '.join(behind)}.")
