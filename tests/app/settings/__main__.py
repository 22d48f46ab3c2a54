"""`python -m tests.app.settings` writes the table of docs/settings.md; a test compares it."""

from pathlib import Path

from isotherm.app.settings import table

PAGE = Path(__file__).parents[3] / "docs/settings.md"
FIRST = "| setting |"

if __name__ == "__main__":
    before, _, after = PAGE.read_text(encoding="utf-8").partition(FIRST)
    _, _, rest = after.partition("\n\n")
    PAGE.write_text(before + table() + (f"\n{rest}" if rest else ""), encoding="utf-8")
