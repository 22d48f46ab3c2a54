"""Isotherm from Python: answers as pandas frames, with the types that the server says.

    from isotherm import Client
    shop = Client("http://127.0.0.1:8420")
    shop.ask("actions", application="shop", page="/cart", start="2026-11-01")

It speaks HTTP and nothing else: what a token may see is the server's business.
"""

import base64
import io
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

import pandas as pd
import requests
from PIL import Image

Moment = str | int | datetime | pd.Timestamp
"""RFC 3339, epoch ms, or a time; one without a zone is UTC."""

DEFAULT_URL = "http://127.0.0.1:8420"
DAYS = 30
TIMEOUT_S = 120.0
MOST_APPLICATIONS = 10_000
WIREFRAME = "wireframe"  # the origin of a background that is drawn, not pictured

_OF_ALL = ("inline_picture", "intervalMs", "maxDataPoints", "version")
"""What every question takes, too: Grafana sends it along."""

_DTYPES = {"int64": "Int64", "float64": "float64", "string": "string", "bool": "boolean"}
_TIME: Literal["datetime64[ms, UTC]"] = "datetime64[ms, UTC]"


class ClientError(Exception):
    """The server refused or cannot be reached; the message is the server's own sentence."""


class Client:
    """A server and what it lets this token see.

    Parameters
    ----------
    url
        Where the server is, up to its path.
    token
        The server's token; none is needed on its own machine if it has none.
    timeout
        Seconds that an answer may take.
    """

    def __init__(
        self, url: str = DEFAULT_URL, token: str = "", *, timeout: float = TIMEOUT_S
    ) -> None:
        self.url = url.rstrip("/")
        self._timeout = timeout
        self._http = requests.Session()
        if token:
            self._http.headers["Authorization"] = f"Bearer {token}"

    def ask(self, question: str, **query: Any) -> pd.DataFrame:
        """Ask a question; return its first frame.

        `start` and `end` are the time range (the last 30 days), `filters` a mapping of facets to
        a value, or to several. Everything else is as `docs/api.md` says. Facts about the answer
        are in `frame.attrs`: `meta`, and `units` by column. Raises `ClientError`.
        """
        return self.frames(question, **query)[0]

    def frames(self, question: str, **query: Any) -> list[pd.DataFrame]:
        """Ask a question; return all its frames, named in `attrs`. Raises `ClientError`."""
        span = {
            "from": _moment(query.pop("start", None) or _ago()),
            "to": _moment(query.pop("end", None) or datetime.now(UTC)),
        }
        filters = query.pop("filters", None)
        self._check(question, query)
        if isinstance(filters, Mapping):
            filters = [_filter(key, value) for key, value in filters.items()]
        asked = {"refId": "A", "question": question, **query, "filters": filters or []}
        body = {"range": span, "queries": [asked]}
        result = self._json("POST", "/api/v1/query", json=body)["results"]["A"]
        if "error" in result:
            raise ClientError(result["error"])
        return [_frame(one) for one in result["frames"]]

    def applications(self, start: Moment | None = None, end: Moment | None = None) -> pd.DataFrame:
        """Return the applications with data in a range, most visited first."""
        params = {"from": _moment(start or _ago()), "to": _moment(end or datetime.now(UTC))}
        params["limit"] = MOST_APPLICATIONS
        found = self._json("GET", "/api/v1/applications", params=params)
        rows = found["applications"] if isinstance(found, Mapping) else found
        frame = pd.DataFrame(rows, columns=["application", "name", "views", "clicks", "last_ms"])
        return frame.assign(last_ms=pd.to_datetime(frame["last_ms"], unit="ms", utc=True)).rename(
            columns={"last_ms": "last"}
        )

    def picture(self, **query: Any) -> Image.Image:
        """Return the picture that a page's heat lies on. Raises `ClientError` when there is none.

        Takes what `ask("heat", ...)` takes.
        """
        frames = self.frames("heat", inline_picture=True, **query)
        strips = [one for one in frames if one.attrs["name"] == "picture"]
        if not strips or frames[0].attrs["meta"]["background"]["origin"] == WIREFRAME:
            raise ClientError("There is no picture of this page yet")
        about = frames[0].attrs["meta"]["background"]
        page = Image.new("RGB", (about["width"], about["height"]), "white")
        for top, url in zip(strips[0]["top"], strips[0]["picture"], strict=True):
            strip = Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2])))
            page.paste(strip, (0, int(top)))
        return page

    def link(
        self,
        application: str,
        page: str = "",
        *,
        since: str = "",
        filters: Mapping[str, Any] | None = None,
        **more: str,
    ) -> str:
        """Return the address at which people see the same in their browser.

        `since` is a start as in Grafana ("now-30d"), `filters` a mapping as in `ask`; everything
        else is as the address of a heatmap has it.
        """
        written = [
            "|".join(quote(part, safe="") for part in _parts(_filter(key, value)))
            for key, value in (filters or {}).items()
        ]
        known = {"app": application, "page": page, "from": since, "filter": written, **more}
        given = {name: value for name, value in known.items() if value}
        prepared = requests.Request("GET", f"{self.url}/", params=given).prepare()
        return str(prepared.url)

    def _check(self, question: str, query: Mapping[str, Any]) -> None:
        """Refuse what the question does not take: the server must ignore what it does not know."""
        known = self._parameters.get(question)
        wrong = [name for name in query if known and name not in known]
        if known and wrong:
            message = f"{question} does not take {', '.join(wrong)}; it takes {', '.join(known)}"
            raise ClientError(message)

    @cached_property
    def _parameters(self) -> dict[str, list[str]]:
        """The names that each question takes, as the server says."""
        schemas = self._json("GET", "/api/v1/openapi.json")["components"]["schemas"]
        return {
            one["properties"]["question"]["const"]: [*one["properties"], *_OF_ALL]
            for one in schemas.values()
            if "const" in one.get("properties", {}).get("question", {})
        }

    def _json(self, method: str, path: str, **more: Any) -> Any:
        try:
            answer = self._http.request(method, self.url + path, timeout=self._timeout, **more)
        except requests.RequestException as error:
            raise ClientError(f"{self.url} does not answer: {type(error).__name__}") from error
        try:
            found = answer.json()
        except requests.JSONDecodeError as error:
            raise ClientError(
                f"{self.url} is not an Isotherm server (status {answer.status_code})"
            ) from error
        if answer.status_code >= 400:
            refusal = found.get("error") if isinstance(found, Mapping) else None
            raise ClientError(refusal["message"] if refusal else f"status {answer.status_code}")
        return found


_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def _harmless(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame whose texts no spreadsheet takes for formulas (CWE-1236): `'=1+1`."""

    def escaped(value: object) -> object:
        return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value

    return frame.map(escaped).rename(columns=escaped)


def write_table(frame: pd.DataFrame, path: Path) -> None:
    """Write a frame as CSV or Parquet, by the file's ending. Raises `ClientError` for others.

    Parquet keeps types, units and what is known of the answer (`attrs`); a CSV file has the values.
    """
    if path.suffix == ".parquet":
        plain = frame.copy()
        plain.attrs = json.loads(json.dumps(frame.attrs, default=str))
        plain.to_parquet(path)
    elif path.suffix == ".csv":
        _harmless(frame).to_csv(path, index=False)
    else:
        raise ClientError(f"{path.name} must end with .csv or .parquet")


def _frame(answer: Mapping[str, Any]) -> pd.DataFrame:
    """Turn Grafana's data-frame JSON into a frame."""
    schema = answer["schema"]
    columns: dict[str, pd.Series[Any]] = {}
    units: dict[str, str] = {}
    for field, values in zip(schema["fields"], answer["data"]["values"], strict=True):
        columns[field["name"]] = _column(values, field)
        if unit := field.get("config", {}).get("unit"):
            units[field["name"]] = unit
    frame = pd.DataFrame(columns)
    meta = schema.get("meta", {}).get("custom", {}).get("isotherm", {})
    labels: dict[str, str] = next(
        (field["labels"] for field in schema["fields"] if field.get("labels")), {}
    )
    frame.attrs = {"name": schema["name"], "meta": meta, "units": units, "labels": labels}
    return frame


def _column(values: Sequence[Any], field: Mapping[str, Any]) -> "pd.Series[Any]":
    kind = field.get("typeInfo", {}).get("frame", "")
    if kind == "time.Time":
        return pd.Series(pd.to_datetime(list(values), unit="ms", utc=True).astype(_TIME))
    return pd.Series(list(values), dtype=_DTYPES.get(kind, "object"))


def _filter(key: str, value: Any) -> dict[str, Any]:
    if isinstance(value, list | tuple | set):
        return {"key": key, "operator": "in", "values": [str(one) for one in value]}
    return {"key": key, "operator": "=", "value": str(value)}


def _parts(condition: Mapping[str, Any]) -> list[str]:
    """Return key, operator and values."""
    values = condition["values"] if "values" in condition else [condition["value"]]
    return [condition["key"], condition["operator"], *values]


def _ago() -> datetime:
    return datetime.now(UTC) - timedelta(days=DAYS)


def _moment(moment: Moment) -> int:
    """Return epoch ms. Raises `ClientError` for what is no time."""
    if isinstance(moment, int):
        return moment
    try:
        time = pd.Timestamp(moment)
    except ValueError as error:
        raise ClientError(f"{moment!r} is not a time") from error
    zoned = time.tz_localize("UTC") if time.tzinfo is None else time
    return int(zoned.timestamp() * 1000)
