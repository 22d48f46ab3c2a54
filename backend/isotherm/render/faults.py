"""What is said about a fault of our own."""

import traceback
from pathlib import Path


def told(error: Exception) -> str:
    """Return the kind of a fault, its place in our code and its words."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    words = str(error).strip()[:500]
    where = f"{type(error).__name__} at {Path(place.filename).name}:{place.lineno}"
    return f"{where}: {words}" if words else where
