"""Isotherm for assistants and scripts over the Model Context Protocol: few tools, well described.

It asks a running Isotherm over HTTP like everybody else, so tokens mean the same. Over HTTP each
caller's own `Authorization` is passed on; over stdio the token of the command is used.
"""

import functools
import inspect
import io
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Annotated, Any, Literal

import anyio.to_thread
import numpy as np
import pandas as pd
from mcp.server import MCPServer
from mcp.server.mcpserver import Context, Image
from mcp.server.mcpserver.exceptions import ToolError
from PIL import Image as Pictures
from pydantic import Field

from isotherm import __version__
from isotherm.client import WIREFRAME, Client, ClientError
from isotherm.query.element_measures import ElementMeasure

MOST_ROWS = 50
MOST_DAYS = 365
MOST_NAMED = 20
PICTURE_SIDE = 1568  # px: what assistants look at without scaling down further
RADIUS = 28  # page px, as in the workspace

INSTRUCTIONS = """Isotherm knows where people click on web pages and what goes wrong there.
Begin with `pages_worth_a_look`, then `look_at_page` and `elements`. Counts are physical clicks;
"sessions" is how many visitors a number rests on. Intervals hold 19 times of 20 unless said
otherwise: do not call something a problem whose interval is wide. Give people the links."""

DEFINITIONS = {
    "click": "one physical click; a rage chain is one action and several clicks",
    "rage": "several quick clicks on one spot",
    "dead": "a click that nothing follows: no change of the page, no request, no navigation",
    "error": "a click that is followed by an error",
    "time to react (p75_ms)": "ms until the page did something; three of four sessions see less",
    "inp_ms": "interaction to next paint: good up to 200 ms, poor above 500 ms",
    "request_ms": "how long a click waits for its slowest request",
    "request_failures": "share of the requests behind an element that fail (status 400 or more)",
    "reach": "sessions that click the element ÷ sessions that visit the page",
    "share": "mean over sessions of: clicks on the element ÷ the session's clicks on the page",
    "evidence": "an e-value: 1 says nothing, 1000 a lot; stays valid however often one looks",
    "found": "stands out among all comparisons made; at most 1 in 20 found changes is chance",
    "certain": "the interval is narrow enough to rank the element by it",
    "coverage": "share of the clicks that the picture can show",
}

Application = Annotated[str, Field(description="Application id, as `applications` lists them.")]
Page = Annotated[str, Field(description="Page key, as `pages_worth_a_look` lists them.")]
Days = Annotated[int, Field(description="How many days back.", ge=1, le=MOST_DAYS)]
Filters = Annotated[
    dict[str, str],
    Field(description="Facets that must be equal, such as browser, device, country, version."),
]
Kept = dict[str, Any]


def build(client_for: Callable[[str], Client]) -> MCPServer:
    """Return the server. `client_for` makes a client of a caller's bearer token ("" = none)."""
    server = MCPServer("isotherm", instructions=INSTRUCTIONS, version=__version__)
    for tool in (
        applications, pages_worth_a_look, look_at_page, elements, friction, slowest,
        effect_of_release, sessions_behind, errors_behind, requests_behind, definitions,
    ):  # fmt: skip
        server.tool(structured_output=False)(_bound(tool, client_for))
    return server


def _bound(tool: Callable[..., Any], client_for: Callable[[str], Client]) -> Callable[..., Any]:
    """Give a tool its caller's client; errors of the server are told as they are."""
    signature = inspect.signature(tool)
    wanted = [p for name, p in signature.parameters.items() if name != "client"]

    @functools.wraps(tool)
    async def call(*, ctx: Context, **given: Any) -> Any:
        client = client_for(_token(ctx))
        try:
            return await anyio.to_thread.run_sync(partial(_answered, tool, client, given))
        except ClientError as error:
            raise ToolError(str(error)) from error

    context = inspect.Parameter("ctx", inspect.Parameter.KEYWORD_ONLY, annotation=Context)
    keyword = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in wanted]
    call.__signature__ = signature.replace(parameters=[*keyword, context])  # type: ignore[attr-defined]
    call.__annotations__ = {p.name: p.annotation for p in [*keyword, context]}
    return call


def _answered(tool: Callable[..., Any], client: Client, given: Kept) -> Any:
    """Call a tool; an answer without rows may be due to a name that is wrong."""
    result = tool(client, **given)
    application = given.get("application", "")
    if application and isinstance(result, dict) and not result["rows"]:
        known = client.applications(_back(MOST_DAYS))["application"].tolist()
        if application not in known:
            some = ", ".join(known[:MOST_NAMED]) or "none yet"
            raise ClientError(f"No application is called {application}. There are: {some}")
    return result


def _token(ctx: Context) -> str:
    """Return the bearer token of the request; over stdio there is no request."""
    headers = ctx.headers or {}
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def applications(client: Client) -> Kept:
    """List the applications (sites) that have data, most visited first."""
    return _table(client.applications(), {})


def pages_worth_a_look(
    client: Client, application: Application, days: Days = 7, limit: int = 20
) -> Kept:
    """List pages by how much goes wrong on them: rage clicks first, with clicks and visits."""
    frame = client.ask(
        "pages", application=application, start=_back(days), order="rage", limit=limit
    )
    frame["link"] = [
        client.link(application, str(page), since=_since(days)) for page in frame["page"]
    ]
    return _table(frame, {})


def look_at_page(
    client: Client,
    *,
    application: Application,
    page: Page,
    days: Days = 30,
    filters: Filters | None = None,
) -> list[Any]:
    """Show the picture of a page with the heat of its clicks on it, and how much is behind it."""
    query = {
        "application": application, "page": page, "start": _back(days), "filters": filters or {},
    }  # fmt: skip
    heat = client.ask("heat", **query)
    meta = heat.attrs["meta"]
    facts = {
        name: meta.get(name)
        for name in ("clicks", "placed", "coverage", "users", "sessions", "exact", "notices")
    } | {"link": client.link(application, page, since=_since(days), filters=filters)}
    background = meta.get("background")
    if not background or background["origin"] == WIREFRAME:
        return [facts | {"picture": "There is no picture of this page yet."}]
    return [facts, Image(data=heated(client.picture(**query), heat), format="png")]


def elements(
    client: Client,
    *,
    application: Application,
    page: Page,
    days: Days = 30,
    filters: Filters | None = None,
    limit: int = 20,
) -> Kept:
    """List the elements of a page by clicks, with signals, times, and whether they are visible."""
    frame = client.ask(
        "actions", application=application, page=page, start=_back(days), filters=filters or {},
        limit=min(limit, MOST_ROWS),
    )  # fmt: skip
    kept = frame.drop(columns=["left", "top", "width", "height", "shown_in"])
    link = client.link(application, page, since=_since(days), filters=filters)
    return _table(kept, {"link": link})


def friction(
    client: Client,
    *,
    application: Application,
    page: Page,
    measure: Literal["all", ElementMeasure] = "all",
    days: Days = 30,
) -> Kept:
    """List what goes wrong on a page per element, worst first, with intervals and sessions."""
    frame = client.ask(
        "friction", application=application, page=page, start=_back(days), by=measure,
        limit=MOST_ROWS,
    )  # fmt: skip
    colour = "dead" if measure == "all" else measure
    return _table(
        frame, {"link": client.link(application, page, since=_since(days), colour=colour)}
    )


def slowest(
    client: Client,
    *,
    application: Application,
    by: Literal["element", "page"] = "element",
    days: Days = 7,
) -> Kept:
    """List the slowest elements or pages of all, by INP, with the script behind each."""
    frame = client.ask("slow", application=application, by=by, start=_back(days))
    frame["link"] = [
        client.link(application, str(page), since=_since(days), colour="inp_ms")
        for page in frame["page"]
    ]
    return _table(frame, {})


def effect_of_release(
    client: Client,
    *,
    application: Application,
    page: Page = "",
    before: str = "",
    after: str = "",
    facet: str = "version",
    days: Days = 30,
) -> Kept:
    """Compare two versions (or other segments): what changed, in sentences, with intervals.

    Leave `before` and `after` empty for the latest version and the one before it.
    """
    asked: Kept = {"application": application, "page": page, "facet": facet, "start": _back(days)}
    if before:
        asked["before"] = [before]
    if after:
        asked["after"] = [after]
    effect, findings = client.frames("effect", **asked)
    found = effect[effect["found"]]
    return _table(found, {
        "findings": findings["text"].tolist() or effect.attrs["meta"]["notices"],
        "link": client.link(application, page, since=_since(days), colour="change"),
    }, meta=effect.attrs["meta"])  # fmt: skip


def sessions_behind(
    client: Client, application: Application, page: Page, element: str = "", days: Days = 7
) -> Kept:
    """List the latest sessions that clicked an element, to look at what happened around it."""
    frame = client.ask(
        "replays", application=application, page=page, element=element, start=_back(days), limit=20
    )
    frame["link"] = [
        _replay(client, application, row, row["at"]) for row in frame.to_dict("records")
    ]
    return _table(
        frame, {"link": client.link(application, page, since=_since(days), action=element)}
    )


def errors_behind(
    client: Client, application: Application, page: Page, element: str = "", days: Days = 7
) -> Kept:
    """List the errors that clicks on an element caused, or all of a page: stack, failed request.

    Also the trace and the replay of the last one. Most frequent first.
    """
    frame = client.ask(
        "errors", application=application, page=page, element=element, start=_back(days),
        limit=MOST_ROWS,
    )  # fmt: skip
    frame["link"] = [
        _replay(client, application, row, row["last"]) for row in frame.to_dict("records")
    ]
    return _table(
        frame, {"link": client.link(application, page, since=_since(days), action=element)}
    )


def requests_behind(
    client: Client, application: Application, page: Page, element: str, days: Days = 7
) -> Kept:
    """List the requests that clicks on an element caused: failures, durations, a trace id."""
    frame = client.ask(
        "requests", application=application, page=page, element=element, start=_back(days)
    )
    return _table(
        frame, {"link": client.link(application, page, since=_since(days), action=element)}
    )


def definitions(client: Client) -> dict[str, str]:  # noqa: ARG001 - all tools take one
    """Say what the words and columns mean."""
    return DEFINITIONS


def _replay(client: Client, application: str, row: Mapping[Any, Any], at: Any) -> str | None:
    """Return the address of a row's replay at the moment `at`; None if there is no replay."""
    if not row["has_replay"]:
        return None
    moment = "" if pd.isna(at) else str(round(at.timestamp() * 1000))
    return client.link(
        application, screen="replay", session=row["session"], view=row["view"], at=moment
    )


def heated(page: Pictures.Image, heat: pd.DataFrame) -> bytes:
    """Draw the heat over a picture, small enough to be looked at; returns a PNG."""
    scale = min(1.0, PICTURE_SIDE / max(page.size))
    size = (max(1, round(page.width * scale)), max(1, round(page.height * scale)))
    small = page.resize(size, Pictures.Resampling.LANCZOS).convert("RGB")
    field = _density(heat, size, scale)
    if field.max() > 0:
        share = field / field.max()
        over = Pictures.fromarray(_inferno(share))
        alpha = Pictures.fromarray((np.clip(share * 3, 0, 0.75) * 255).astype(np.uint8))
        small.paste(over, (0, 0), alpha)
    out = io.BytesIO()
    small.save(out, "PNG", optimize=True)
    return out.getvalue()


def _density(heat: pd.DataFrame, size: tuple[int, int], scale: float) -> np.ndarray[Any, Any]:
    """Add up a round spot for every cell; shape (height, width)."""
    field = np.zeros((size[1], size[0]))
    cell = float(heat.attrs["meta"].get("cell_px") or 8)
    radius = max(2, round(RADIUS * scale))
    side = np.arange(-radius, radius + 1)
    away = np.hypot(side[:, None], side[None, :]) / radius
    spot = np.clip(1 - away**2, 0, None) ** 2
    x = ((heat["x"].to_numpy(np.float64) + cell / 2) * scale).astype(int)
    y = ((heat["y"].to_numpy(np.float64) + cell / 2) * scale).astype(int)
    for left, top, value in zip(x - radius, y - radius, heat["value"].to_numpy(), strict=True):
        rows = slice(max(top, 0), min(top + len(side), size[1]))
        columns = slice(max(left, 0), min(left + len(side), size[0]))
        if rows.stop > rows.start and columns.stop > columns.start:
            field[rows, columns] += (
                float(value)
                * spot[
                    rows.start - top : rows.stop - top, columns.start - left : columns.stop - left
                ]
            )
    return field


_STOPS = ("5a1a8c", "781c6d", "a52c60", "cf4446", "ed6925", "fb9b06", "f7d13d", "fcffa4")


def _inferno(share: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Colour shares from 0 to 1 as the workspace does; shape (height, width, 3)."""
    stops = np.array([[int(stop[n : n + 2], 16) for n in (0, 2, 4)] for stop in _STOPS])
    at = np.linspace(0, 1, len(_STOPS))
    channels: Sequence[Any] = [np.interp(share, at, stops[:, n]) for n in range(3)]
    return np.stack(channels, axis=-1).astype(np.uint8)


def _table(frame: pd.DataFrame, more: Kept, meta: Kept | None = None) -> Kept:
    """Return rows, facts about them and how many were left out."""
    shown = frame.head(MOST_ROWS)
    known = meta if meta is not None else frame.attrs.get("meta", {})
    facts = {name: value for name, value in known.items() if name != "background"}
    rows = [
        {name: _plain(value) for name, value in row.items()} for row in shown.to_dict("records")
    ]
    return {**more, "rows": rows, "left_out": len(frame) - len(shown), "about": facts}


def _plain(value: Any) -> Any:
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, pd.Timestamp):
        return value.isoformat()
    if isinstance(value, float):
        return None if np.isnan(value) else round(value, 4)
    return value.item() if isinstance(value, np.generic) else value


def _since(days: int) -> str:
    return f"now-{days}d"


def _back(days: int) -> pd.Timestamp:
    return pd.Timestamp.now(tz="UTC") - pd.Timedelta(days=days)
