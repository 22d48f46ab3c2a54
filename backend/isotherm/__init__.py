"""Isotherm: page heatmaps for Grafana, from the RUM events a site already sends."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from isotherm.client import Client as Client
    from isotherm.client import ClientError as ClientError

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """Import the client when it is asked for: the server and `--help` need no pandas for it."""
    if name in {"Client", "ClientError"}:
        from isotherm import client  # noqa: PLC0415 - that is the point

        return getattr(client, name)
    raise AttributeError(f"module 'isotherm' has no attribute {name!r}")
