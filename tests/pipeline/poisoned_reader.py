"""A reader process for which the names of sessions are poison; others are read in no time."""

from typing import Any

import counting_reader  # type: ignore[import-not-found]  # beside this script
from poison import POISON  # type: ignore[import-not-found]

from isotherm.pipeline.readers import serving
from isotherm.replay.derive.derived import Derived


def derive(segments: Any, rules: Any, page: Any) -> Derived:
    """Take the poison, if the session is one."""
    poison = POISON.get(segments[0].session_id)
    if poison:
        poison()
    return counting_reader.derive(segments, rules, page)


if __name__ == "__main__":
    serving.enrich, serving.derive = counting_reader.enrich, derive  # type: ignore[assignment,attr-defined]
    serving.main()
