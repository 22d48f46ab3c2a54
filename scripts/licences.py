"""Prints the licences of the locked packages that are installed; fails for one that is not allowed.

`python scripts/licences.py requirements.lock`
"""

import re
import sys
from importlib.metadata import PackageNotFoundError, files, metadata
from pathlib import Path

# alone, or in a longer sentence such as "Apache-2.0 OR BSD-3-Clause"
ALLOWED = re.compile(
    r"MIT|BSD|Apache|ISC|PSF|Python Software Foundation|MPL|Mozilla|Zlib|Unlicense|0BSD|HPND|LGPL",
    re.IGNORECASE,
)
REFUSED = re.compile(
    r"\bA?GPL|Affero|General Public License|SSPL|BUSL|Commons Clause", re.IGNORECASE
)
LESSER = re.compile(r"Lesser General Public|LGPL", re.IGNORECASE)


def licence(name: str) -> str:
    """Return what a package says of its licence."""
    about = metadata(name)
    classified = [
        line.rpartition("::")[2].strip()
        for line in about.get_all("Classifier", [])
        if line.startswith("License ::") and not line.endswith("OSI Approved")
    ]
    first = (about.get("License") or "").strip().splitlines()[:1]
    said = about.get("License-Expression") or "; ".join(classified) or "".join(first)
    return said.strip() or _file(name)


def _file(name: str) -> str:
    """Return how the licence's file begins, for a package that says it nowhere else."""
    for file in files(name) or ():
        if "LICENSE" in file.name.upper() or "COPYING" in file.name.upper():
            return " ".join(file.read_text().split())[:400]
    return ""


def main() -> int:
    """Check every package of a lock file."""
    wrong = 0
    for line in Path(sys.argv[1]).read_text().splitlines():
        found = re.match(r"([A-Za-z0-9._-]+)==", line)
        if not found:
            continue
        try:
            said = licence(found[1])
        except PackageNotFoundError:
            sys.stdout.write(f"{found[1]:32} not installed on this system\n")
            continue
        bad = not ALLOWED.search(said) or (REFUSED.search(said) and not LESSER.search(said))
        wrong += bool(bad)
        sys.stdout.write(f"{found[1]:32} {said or '?'}{'   <- not allowed' if bad else ''}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
