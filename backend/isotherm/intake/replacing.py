"""Replaces parts of large bodies, holding only what changes.

Without NumPy: the settings name what is private, and the process that forks reads them (023).
"""

import re
from collections.abc import Iterable


def replaced(data: bytes, matches: Iterable[re.Match[bytes]], by: bytes = b"") -> bytes:
    """Return the data with group 1 of each match kept, and `by` for the rest of it.

    Only what changes is held: `re.sub` would hold a piece for each of millions of matches.
    """
    made, done, whole = bytearray(), 0, memoryview(data)
    for match in matches:
        made += whole[done : match.end(1)]
        made += by
        done = match.end()
    if not done:
        return data
    made += whole[done:]
    return bytes(made)
