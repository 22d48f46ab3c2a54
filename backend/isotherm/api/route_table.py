"""What each route accepts and returns, for OpenAPI; a test compares it with the routes."""

from collections.abc import Mapping
from typing import get_args

from isotherm.api.route_types import (
    BOOLEAN,
    INTEGER,
    MOMENT,
    NUMBER,
    OBJECT,
    SPAN,
    TEXT,
    Parameter,
    Route,
    Schema,
    array,
    mapping,
    nullable,
    structure,
)
from isotherm.api.sites_table import SITE_ROUTES
from isotherm.api.traces_table import TRACE_ROUTE
from isotherm.api.zones_table import ZONE_ROUTES
from isotherm.model.background import Origin, StateKind, Verdict
from isotherm.model.sites import Lack
from isotherm.pipeline.pictures.jobs import JobState
from isotherm.pipeline.quarantine import STAGES
from isotherm.query.overview import Order
from isotherm.storage.saved.shares import VALIDITY_DAYS

_APPLICATION = Parameter("application", "Application", required=True)
_SCOPE = (
    _APPLICATION,
    *SPAN,
    Parameter("page", "Page key"),
    Parameter("filters", "JSON list of {key, operator, value}"),
    Parameter("width", "Window width in px, as `min-max`; an end may be missing"),
)
_PAGING = (
    Parameter("search", "Part of the text, in any case"),
    Parameter("limit", "Rows at most", {"type": "integer", "minimum": 1, "maximum": 10_000}),
)
_OVERVIEW = (
    Parameter("search", "Part of a page's or an application's name, in any case"),
    Parameter("order", "Which pages come first", {"enum": list(get_args(Order))}),
    Parameter("limit", "Applications at most", {"type": "integer", "minimum": 1, "maximum": 500}),
    Parameter(
        "pages", "Most pages per application", {"type": "integer", "minimum": 1, "maximum": 50}
    ),
)
_CHANGES: Mapping[str, Schema] = {
    f"{name}{when}": NUMBER for name in ("views", "clicks", "rage") for when in ("", "_before")
}
"""`before` = in the equally long time before the range."""
_OVERVIEW_ANSWER: Schema = structure(
    {
        "applications": array(structure(
            {
                "application": TEXT, "name": TEXT, **_CHANGES, "pages_total": INTEGER,
                "release": {"anyOf": [
                    structure({"version": TEXT, "since_ms": INTEGER}), {"type": "null"}
                ]},
                "pages": array(structure(
                    {
                        "page": TEXT, **_CHANGES, "recorded_views": NUMBER,
                        "trend": array(NUMBER), "background": nullable("string"),
                    }
                )),
            }
        )),
        "total": INTEGER,
    }
)  # fmt: skip
_MEASURED: Schema = structure(
    {
        "verdict": {"enum": list(get_args(Verdict))}, "clicks": INTEGER, "apart": INTEGER,
        "size_px": NUMBER, "point_px": NUMBER, "height_px": nullable("number"),
        "from_px": nullable("number"), "by_px": NUMBER, "lacking": mapping(INTEGER),
    }
)  # fmt: skip
_MISSING: Schema = structure(
    {
        "url": TEXT, "kind": {"enum": ["image", "font", "stylesheet", "page"]}, "site": TEXT,
        "why": {"enum": [why.value for why in Lack]}, "detail": TEXT,
    }
)  # fmt: skip
_ALLOW: Schema = structure({"site": TEXT, "private": BOOLEAN})
_BACKGROUND: Schema = structure(
    {
        "id": TEXT, "application": TEXT, "page": TEXT,
        "state": structure({"kind": {"enum": list(get_args(StateKind))}, "what": TEXT}),
        "origin": {"enum": list(get_args(Origin))},
        "width": INTEGER, "height": INTEGER, "viewport_w": INTEGER, "viewport_h": INTEGER,
        "measured": {"anyOf": [_MEASURED, {"type": "null"}]},
        "created_ms": INTEGER, "seen_ms": INTEGER, "page_height": INTEGER, "pinned": BOOLEAN,
        "notices": array(TEXT), "missing": array(_MISSING), "lacks": INTEGER, "picture": TEXT,
        "thumbnail": TEXT,
        "tiles": array(structure({"top": INTEGER, "height": INTEGER, "url": TEXT})),
    },
    coverage=nullable("number"),
)  # fmt: skip
"""`coverage`, the share of clicks that it shows, is told where a scope is."""

_JOB: Schema = structure(
    {
        "id": TEXT, "state": {"enum": list(get_args(JobState))},
        "progress": NUMBER, "message": TEXT, "backgrounds": array(TEXT),
    },
    allow={"anyOf": [_ALLOW, {"type": "null"}]},
)  # fmt: skip
_PART: Schema = structure({}, ok=BOOLEAN)
_DEMO_STAGE: Schema = {"type": "string", "enum": ["sessions", "pictures", "done", "failed"]}
_STATUS: Schema = structure(
    {
        "version": TEXT,
        "public_url": TEXT,
        "intake": structure(
            {
                "received": INTEGER, "accepted": INTEGER, "dropped": mapping(INTEGER),
                "senders": mapping(
                    structure({"received": INTEGER, "last_event_ms": nullable("integer")})
                ),
            },
            refused=mapping(INTEGER),
        ),
        "spool": structure({"pending": INTEGER, "dead": INTEGER}),
        "quarantine": mapping(structure({"recordings": INTEGER, "events": INTEGER})),
    },
    store=structure(
        {}, kind=TEXT, ok=BOOLEAN, health=structure({"why": TEXT, "what_to_do": TEXT}),
        progress=structure({"fault": TEXT}),
    ),
    trace_url=TEXT, saved=_PART, worker=_PART, readers=_PART, capture=_PART,
    demo=structure(  # of `isotherm demo --serve`; `share` of the stage, 0 to 1
        {"stage": _DEMO_STAGE, "share": NUMBER, "message": TEXT}, ok=BOOLEAN
    ),
)  # fmt: skip
_BACKGROUND_ID = "/api/v1/backgrounds/{background_id}"
_PX = Parameter(
    "w",
    "Width in device px that the picture is shown at: the next larger size that is made is sent",
    {"type": "integer", "minimum": 1, "maximum": 16_384},
)
_FILE: Schema = {"type": "string", "contentMediaType": "application/octet-stream"}
_REPLAY: Schema = structure(
    {"session": TEXT}, segments=array(OBJECT), events=array(OBJECT), clicks=array(OBJECT)
)
_PLAYED = Parameter("format", "`rrweb`: as events that a player plays, whatever the sender")
_POINTS: Schema = array({"type": "object"})
_RANGE: Schema = structure({"from": MOMENT, "to": MOMENT})
_HEATMAP: Schema = structure(
    {
        "id": TEXT, "name": TEXT, "application": TEXT, "page": TEXT, "address": TEXT,
        "author": TEXT, "created_ms": INTEGER, "opened_ms": INTEGER,
    }
)  # fmt: skip
_ONE_HEATMAP: Schema = structure({"heatmap": _HEATMAP})
_HEATMAP_ID = "/api/v1/heatmaps/{heatmap_id}"
_SHARE: Schema = structure(
    {
        "id": TEXT, "heatmap_id": TEXT, "name": TEXT, "author": TEXT, "created_ms": INTEGER,
        "expires_ms": nullable("integer"), "password": BOOLEAN,
    }
)  # fmt: skip
_SNAPSHOT: Schema = structure(
    {
        "name": TEXT, "application": TEXT, "page": TEXT, "address": TEXT, "taken_ms": INTEGER,
        "time_locked": BOOLEAN, "answers": OBJECT,
    }
)  # fmt: skip

_BEFORE = Parameter("before", "Only entries below this number", {"type": "integer", "minimum": 1})
_NOTED: Schema = structure(
    {"at_ms": INTEGER, "who": TEXT, "did": TEXT, "what": TEXT, "address": TEXT, "number": INTEGER}
)

_STAGE: Schema = {"type": "string", "enum": list(STAGES)}
_QUARANTINED: Schema = structure(
    {
        "id": TEXT, "application": TEXT, "session": TEXT, "view": nullable("string"),
        "stage": _STAGE, "reason": TEXT, "version": TEXT,
        "at_ms": INTEGER, "tries": INTEGER, "sender": TEXT, "size_bytes": INTEGER,
        "events": INTEGER,
    }
)  # fmt: skip

ROUTES: tuple[Route, ...] = (
    Route(method="post", path="/api/v1/query", role="read",
          doc="Ask questions; one answer per refId.",
          body={"$ref": "#/components/schemas/QueryRequest"},
          answer={"$ref": "#/components/schemas/QueryResponse"}),
    Route(method="get", path="/api/v1/questions", role="read", doc="The questions there are.",
          answer=structure({"questions": array(structure({"name": TEXT, "title": TEXT}))})),
    Route(method="get", path="/api/v1/openapi.json", role="read",
          doc="This document.", answer=OBJECT),
    Route(method="get", path="/api/v1/applications", role="read",
          doc="Applications, most visited first.",
          parameters=(*SPAN, *_PAGING),
          answer=structure({"applications": array(structure(
              {"application": TEXT, "name": TEXT, "views": NUMBER, "clicks": NUMBER,
               "last_ms": INTEGER}))}, total=INTEGER)),
    Route(method="post", path="/api/v1/applications/{application}/name", role="write",
          doc="Give an application a readable name; empty: the sender's name.",
          body=structure({"name": TEXT}),
          answer=structure({"application": TEXT, "name": TEXT}), errors=(400, 401, 404, 413)),
    Route(method="get", path="/api/v1/overview", role="read",
          doc="Where to look: applications, most visited first, with their pages and changes.",
          parameters=(*SPAN, *_OVERVIEW), answer=_OVERVIEW_ANSWER),
    Route(method="get", path="/api/v1/pages", role="read", doc="Pages, most visited first.",
          parameters=(*(one for one in _SCOPE if one.name != "page"), *_PAGING),
          answer=structure({"pages": array(structure(
              {"rank": INTEGER, "page": TEXT, "views": NUMBER, "users": INTEGER, "clicks": NUMBER,
               "rage": NUMBER, "background": nullable("string")})), "total": INTEGER})),
    Route(method="get", path="/api/v1/facets", role="read",
          doc="What can be filtered by.", parameters=_SCOPE,
          answer=structure({"facets": array(structure(
              {"key": TEXT, "label": TEXT, "custom": BOOLEAN}))})),
    Route(method="get", path="/api/v1/facets/{key}/values", role="read", doc="Values of a facet.",
          parameters=(*_SCOPE, *_PAGING),
          answer=structure({"values": array(structure({"value": TEXT, "count": NUMBER}))}),
          errors=(400, 401, 404, 413)),
    Route(method="get", path="/api/v1/elements", role="read",
          doc="Elements that users acted on, most frequent first.",
          parameters=(*_SCOPE, *_PAGING),
          answer=structure({"elements": array(structure({"element": TEXT, "count": NUMBER}))})),
    Route(method="get", path="/api/v1/backgrounds", role="read",
          doc="Backgrounds of a page, newest first.",
          parameters=tuple(
              Parameter("page", "Page key", required=True) if one.name == "page" else one
              for one in _SCOPE),
          answer=structure({"backgrounds": array(_BACKGROUND), "automatic": nullable("string")})),
    Route(method="get", path=_BACKGROUND_ID, role="read", doc="One background with its boxes.",
          answer=_BACKGROUND, errors=(401, 404)),
    Route(method="delete", path=_BACKGROUND_ID, role="admin",
          audit="deleted a picture",
          doc="Remove a background.", status=204,
          errors=(401, 404)),
    Route(method="get", path=f"{_BACKGROUND_ID}/boxes", role="read", doc="Boxes by element key.",
          answer=structure({"boxes": OBJECT}), errors=(401, 404)),
    Route(method="get", path=f"{_BACKGROUND_ID}/picture", role="read",
          doc="The whole picture (WebP or PNG).",
          parameters=(_PX,), answer=_FILE, answer_media="image/*", errors=(304, 400, 401, 404)),
    Route(method="get", path=f"{_BACKGROUND_ID}/thumbnail", role="read", parameters=(_PX,),
          doc="What a visitor saw first, before scrolling (WebP).",
          answer=_FILE, answer_media="image/webp", errors=(304, 400, 401, 404)),
    Route(method="get", path=f"{_BACKGROUND_ID}/tiles/{{number}}", role="read",
          doc="One strip (WebP).",
          parameters=(_PX,), answer=_FILE, answer_media="image/webp", errors=(304, 400, 401, 404)),
    Route(method="post", path=f"{_BACKGROUND_ID}/pin", role="write",
          doc="Choose a background for its page.",
          body=structure({}, pinned={"type": "boolean", "default": True}),
          answer=structure({"background": _BACKGROUND}), errors=(400, 401, 404)),
    Route(method="post", path="/api/v1/backgrounds/capture", role="write",
          doc="Make a background.", status=202,
          body={"$ref": "#/components/schemas/CaptureIn"}, answer=structure({"job": TEXT}),
          errors=(400, 401, 403, 404, 503)),
    Route(method="post", path="/api/v1/backgrounds/upload", role="write",
          doc="Upload a picture as background.",
          media="multipart/form-data", status=201,
          body=structure(
              {"picture": _FILE, "application": TEXT, "page": TEXT, "viewport_w": INTEGER},
              boxes=TEXT, state=TEXT),
          answer=structure({"background": _BACKGROUND}), errors=(400, 401, 413, 415)),
    Route(method="get", path="/api/v1/jobs/{job_id}", role="read",
          doc="Progress of making a background.",
          answer=_JOB, errors=(401, 404, 409, 503)),
    Route(method="get", path="/api/v1/replays/{session}", role="read",
          audit="read a recording",
          doc="Stored replay of a session.",
          parameters=(_APPLICATION, _PLAYED), answer=_REPLAY,
          errors=(400, 401, 404, 413, 422, 503)),
    Route(method="get", path="/api/v1/replays/{session}/{view}", role="read",
          audit="read a recording",
          doc="Stored replay of a view.",
          parameters=(_APPLICATION, _PLAYED), answer=_REPLAY,
          errors=(400, 401, 404, 413, 422, 503)),
    Route(method="get", path="/api/v1/heatmaps", role="read",
          doc="Saved heatmaps, last opened first.",
          answer=structure({"heatmaps": array(_HEATMAP)}), errors=(401,)),
    Route(method="post", path="/api/v1/heatmaps", role="write", doc="Save a heatmap.", status=201,
          body=structure({"name": TEXT, "application": TEXT, "page": TEXT, "address": TEXT},
                         author=TEXT),
          answer=_ONE_HEATMAP),
    Route(method="get", path=_HEATMAP_ID, role="read",
          doc="One saved heatmap.", answer=_ONE_HEATMAP,
          errors=(401, 404)),
    Route(method="delete", path=_HEATMAP_ID, role="write",
          audit="deleted a saved heatmap",
          doc="Delete a saved heatmap; can be undone.",
          status=204, errors=(401, 404)),
    Route(method="post", path=f"{_HEATMAP_ID}/restore", role="write", doc="Undo the deletion.",
          answer=_ONE_HEATMAP, errors=(401, 404)),
    Route(method="post", path=f"{_HEATMAP_ID}/rename", role="write", doc="Give it another name.",
          body=structure({"name": TEXT}), answer=_ONE_HEATMAP, errors=(400, 401, 404)),
    Route(method="post", path=f"{_HEATMAP_ID}/opened", role="read", doc="Note that it was opened.",
          answer=_ONE_HEATMAP, errors=(401, 404)),
    Route(method="post", path=f"{_HEATMAP_ID}/share", role="write",
          audit="shared a saved heatmap", status=201,
          doc="Share a frozen snapshot; its address is shown only this once.",
          body=structure({}, validity={"enum": list(VALIDITY_DAYS), "default": "1d"},
                         password={"type": "string", "pattern": "^([A-Za-z0-9]{4,128})?$"},
                         time_locked={"type": "boolean", "default": True}, author=TEXT),
          answer=structure({"share": _SHARE, "url": TEXT}), errors=(400, 401, 404)),
    Route(method="get", path="/api/v1/shares", role="read", doc="Snapshots that have not expired.",
          answer=structure({"shares": array(_SHARE)}), errors=(401,)),
    Route(method="delete", path="/api/v1/shares/{share_id}", role="write",
          audit="revoked a shared snapshot",
          doc="Revoke a snapshot.", status=204, errors=(401, 404)),
    Route(method="get", path="/s/{token}/data", role="open",
          audit="read a shared snapshot",
          answer=_SNAPSHOT, errors=(401, 404, 429),
          doc="A snapshot; its password, if any, in the header X-Isotherm-Password."),
    Route(method="post", path="/s/{token}/data", role="open",
          audit="read a shared snapshot",
          answer=_SNAPSHOT, errors=(400, 401, 404, 429),
          doc="A snapshot; its password in the body.", body=structure({}, password=TEXT)),
    Route(method="get", path="/s/{token}/tiles/{number}", role="open",
          doc="A strip of a snapshot's picture.",
          answer=_FILE, answer_media="image/webp", errors=(401, 404, 429)),
    *SITE_ROUTES,
    *ZONE_ROUTES,
    TRACE_ROUTE,
    Route(method="get", path="/api/v1/quarantine", role="read", errors=(401,),
          doc="Recordings that could not be read, rendered or played, latest first.",
          answer=structure({"recordings": array(_QUARANTINED)})),
    Route(method="post", path="/api/v1/quarantine/retry", role="admin",
          doc="Try recordings again: one by its id, those of a stage, or all.",
          body=structure({}, id=TEXT, stage=_STAGE),
          answer=structure({"recordings": INTEGER})),
    Route(method="post", path="/api/v1/dead_letters/retry", role="admin", errors=(401, 503),
          doc="Try to store again what could not be stored.",
          answer=structure({"events": INTEGER})),
    Route(method="post", path="/api/v1/backup", role="admin", audit="made a backup",
          doc="Copy data to `backups/<name>` in the data folder.",
          body=structure({"name": TEXT}, events_only=BOOLEAN),
          answer=structure({"folder": TEXT, "rows": mapping(INTEGER), "files": mapping(INTEGER),
                            "elsewhere": mapping(TEXT)}),
          errors=(400, 401, 409, 413, 415, 503)),
    Route(method="get", path="/api/v1/audit", role="admin", audit="read the audit log",
          doc="Who read recordings, shared and deleted; latest first, at most 1,000.",
          parameters=(_BEFORE,), errors=(400, 401, 403),
          answer=structure({"entries": array(_NOTED)})),
    Route(method="get", path="/api/v1/status", role="read", doc="How the server is.",
          answer=_STATUS),
    Route(method="get", path="/health", role="open", doc="Liveness.",
          answer=structure({"status": TEXT, "version": TEXT}), errors=()),
    Route(method="get", path="/metrics", role="read", doc="Prometheus metrics.", answer=TEXT,
          answer_media="text/plain", errors=(401,)),
    Route(method="get", path="/grafana/", role="read", doc="Plain JSON protocol: connection test.",
          answer=structure({"status": TEXT}), errors=(401,)),
    Route(method="post", path="/grafana/metrics", role="read", doc="Plain JSON protocol: metrics.",
          body=OBJECT, answer=array(structure({"value": TEXT}))),
    Route(method="post", path="/grafana/metric-payload-options", role="read",
          doc="Plain JSON protocol: what can be picked for a setting.",
          body=structure({"name": TEXT}, metric=TEXT, payload=OBJECT),
          answer=array(structure({"label": TEXT, "value": TEXT}))),
    Route(method="post", path="/grafana/query", role="read",
          doc="Plain JSON protocol: series and tables.",
          body=structure({"range": _RANGE, "targets": _POINTS}, adhocFilters=_POINTS),
          answer=_POINTS),
    Route(method="post", path="/grafana/search", role="read", doc="Plain JSON protocol: names.",
          body=structure({}, target=TEXT), answer=array(TEXT)),
    Route(method="post", path="/grafana/variable", role="read",
          doc="Plain JSON protocol: variables.",
          body=structure({"payload": {"type": ["string", "object"]}}, range=_RANGE),
          answer=array(structure({"__text": TEXT, "__value": TEXT}))),
    Route(method="post", path="/grafana/annotations", role="read",
          doc="Plain JSON protocol: annotations.",
          body=structure({"range": _RANGE}, annotation=OBJECT), answer=_POINTS),
    Route(method="post", path="/grafana/tag-keys", role="read",
          doc="Plain JSON protocol: ad hoc keys.",
          body=OBJECT, answer=array(structure({"text": TEXT}))),
    Route(method="post", path="/grafana/tag-values", role="read",
          doc="Plain JSON protocol: ad hoc values.",
          body=structure({"key": TEXT}), answer=array(structure({"text": TEXT}))),
)  # fmt: skip
