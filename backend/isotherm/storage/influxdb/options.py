"""What the journal needs to know, filled from the settings by the wiring."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Version = Literal["auto", "1", "2", "3"]
PageOf = Callable[[str, str], str]
"""URL and name of a view to its page key."""


def name_or_url(url: str, name: str) -> str:
    """Return the page key where no grouping rules are given: the name, else the URL."""
    return name or url


@dataclass(frozen=True)
class JournalOptions:
    """Where InfluxDB is and how to behave towards it."""

    url: str  # http://127.0.0.1:8086
    version: Version = "auto"
    token: str = field(default="", repr=False)  # 2.x, 3.x: token; 1.x: user:password or nothing
    org: str = ""  # 2.x only
    database: str = "isotherm"  # 1.x, 3.x: database; 2.x: bucket
    retention: str = ""  # of a database that has to be created, like 90d; "" = for ever
    mapping: str = ""  # path of a mapping file, or the name of one that comes along ("guance")
    ca: str = ""  # PEM file of the authority behind its certificate; "" = the system's
    state: Path = Path("journal.db")  # what the engine has of each hour
    interval_s: float = 30.0  # how often journal and engine are compared
    timeout_s: float = 30.0  # silence after which a request is given up
    batch_lines: int = 5000  # points per request: what InfluxDB's documentation advises
    keep_days: Mapping[str, int] = field(default_factory=dict)
    """By table of the engine: what is older stays in InfluxDB only; 0 = everything is read."""
    several: bool = False  # other processes write to the same InfluxDB and engine
    page_of: PageOf = name_or_url  # for measurements of others, which know URLs only
