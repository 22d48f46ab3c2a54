"""Requests to the intake and its results, independent of HTTP."""

from collections.abc import Mapping
from urllib.parse import parse_qsl

from msgspec import Struct

from isotherm.intake.drops import DropReason
from isotherm.model import Event
from isotherm.model.errors import Code, IsothermError

PREFIX = "/intake/"


class IntakeRequest(Struct, frozen=True, kw_only=True):
    """One request of a sender, from the network or from a stored file."""

    sender: str  # a key of SENDERS
    path: str = ""  # what follows /intake/<sender>
    query: str = ""  # raw, without `?`
    headers: Mapping[str, str] = {}  # lower-case names
    body: bytes = b""  # as received, maybe compressed
    remote: str = ""  # address of the other end of the connection

    @classmethod
    def of_path(
        cls,
        path: str,
        *,
        query: str = "",
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        remote: str = "",
    ) -> "IntakeRequest":
        """Make one from a whole path like `/intake/guance/v1/write/rum`.

        Raises NOT_FOUND when the path is not one of the intake's.
        """
        if not path.startswith(PREFIX):
            raise IsothermError(Code.NOT_FOUND, f"{path} is not an address of the intake")
        sender, _, rest = path.removeprefix(PREFIX).partition("/")
        lower = {name.lower(): value for name, value in (headers or {}).items()}
        return cls(
            sender=sender, path=f"/{rest}", query=query, headers=lower, body=body, remote=remote
        )

    def parameters(self) -> dict[str, str]:
        """Return the query's parameters, decoded; the last of equal names wins."""
        return dict(parse_qsl(self.query, keep_blank_values=True, errors="replace"))


class NothingUsableError(IsothermError):
    """Every event of a body has a fault of the sender's; the reasons are kept for the counters."""

    def __init__(
        self, code: Code, message: str, received: int, drops: Mapping[DropReason, int]
    ) -> None:
        super().__init__(code, message)
        self.received = received
        self.drops = drops


class IntakeResult(Struct, frozen=True, kw_only=True):
    """The events of one request, and what was dropped."""

    events: list[Event]
    received: int  # = events (a segment counts as its `events`) + all drops
    drops: dict[DropReason, int]
