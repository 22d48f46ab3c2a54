"""What the settings say about ClickHouse."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path

from msgspec import Struct, field


class Options(Struct, frozen=True, kw_only=True):
    """How the server is used."""

    timeout_s: float = 30.0  # of one question
    keep_days: Mapping[str, int] = field(default_factory=dict)  # by table; 0: for ever
    turn: Path | None = None  # file that processes lock to store one after the other
    hosts: AbstractContextManager[object] | None = None  # the same between machines
    idle_text_s: int = 3600  # a text that no row has is kept so long: its rows may be on their way
