"""How the commands reach the running server, and read what it refuses."""

import requests

from isotherm.app.settings import Settings


def server_url(settings: Settings) -> str:
    """Return where the server is; an IPv6 address stands in brackets."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{settings.port}"


def refusal(answer: requests.Response) -> str:
    """Return the sentence of an error body, or what stands in its place."""
    try:
        message = str(answer.json()["error"]["message"])
    except (requests.JSONDecodeError, LookupError, TypeError):
        message = answer.text[:500]
    return message or f"status {answer.status_code}"
