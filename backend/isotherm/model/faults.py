"""An exception in words for a person: what it is and where it happened; never empty."""

import traceback
from pathlib import Path
from typing import Final

from isotherm.model.errors import IsothermError

_HERE: Final = str(Path(__file__).parents[1])
_MOST: Final = 500
REPORT: Final = "This is a bug in Isotherm: its log has the details. Please report it."


def worded(error: BaseException) -> str:
    """Return an expected failure's own sentence, else `TypeError in labels.py:35: its words`.

    The place is the innermost line of Isotherm's own code; some exceptions say nothing but their
    type, so the text is never empty.
    """
    if isinstance(error, IsothermError) and error.message:
        return error.message
    said = " ".join(str(error).split())[:_MOST]
    place = _place(error)
    return f"{type(error).__name__}{f' in {place}' if place else ''}{f': {said}' if said else ''}"


def reported(error: BaseException) -> str:
    """Return the same, and for faults of ours what to do about them."""
    if isinstance(error, IsothermError):
        return worded(error)
    return f"{worded(error)}. {REPORT}"


def _place(error: BaseException) -> str:
    place = ""
    for frame, line in traceback.walk_tb(error.__traceback__):
        file = frame.f_code.co_filename
        if not place or file.startswith(_HERE):
            place = f"{Path(file).name}:{line}"
    return place
