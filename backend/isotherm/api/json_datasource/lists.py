"""Lists of the plain JSON protocol: for variables, pickers and ad hoc filters."""

from collections.abc import Mapping
from typing import Any, get_args

from isotherm.api.json_datasource.vocabulary import METRICS, Target, only_application
from isotherm.api.query_request import SignalIn, parse_scope
from isotherm.model import Metric, Scope
from isotherm.model.choice import BANDS, WIDEST
from isotherm.model.errors import Code, IsothermError
from isotherm.query import catalogue
from isotherm.query.context import Ask, Context
from isotherm.query.measures import MEASURES
from isotherm.query.questions import QUESTIONS, annotations, pages

LIST_LIMIT = 1000

_SHARED = ("application", "page", "width", "signal")
_OF_METRIC: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(MEASURES, ("by",)),
    "heat": ("metric", "cell", "background"),
    "top_actions": ("limit", "by", "background"),
    "action": ("element", "action_name", "target"),
    "replays": ("limit", "element", "action_name"),
    "pages": ("limit", "order"),
    "funnel": ("steps",),
    "annotations": ("kinds",),
}
_OPTIONS: Mapping[str, tuple[str, ...]] = {
    "signal": get_args(SignalIn),
    "metric": get_args(Metric),
    "order": get_args(pages.Order),
    "kinds": get_args(annotations.Kind),
    "width": tuple(f"{low or ''}-{high if high < WIDEST else ''}" for low, high in reversed(BANDS)),
}
_PLACEHOLDERS = {
    "steps": "pages in order, separated by commas",
    "width": "smallest-largest window width in px",
    "limit": "rows at most",
    "cell": "side of a cell in px",
}
_PICKED = frozenset({*_OPTIONS, "application", "page", "by", "element", "action_name", "target"})


def metric_list() -> list[dict[str, Any]]:
    """Return the metrics with the settings that an editor offers for each."""
    return [
        {
            "label": f"{name} - {about}",
            "value": name,
            "payloads": [_payload(setting) for setting in (*_SHARED, *_OF_METRIC.get(name, ()))],
        }
        for name, about in METRICS.items()
    ]


def payload_options(
    context: Context, name: str, payload: Mapping[str, Any], span: tuple[int, int]
) -> list[dict[str, str]]:
    """Return what can be picked for a setting."""
    if name in _OPTIONS:
        return [{"label": text, "value": text} for text in _OPTIONS[name]]
    settings = {key: value for key, value in payload.items() if value not in ("", None)}
    settings.pop(name, None)
    kind = {"application": "applications", "page": "pages", "target": "pages"}.get(name, "elements")
    if name == "by":
        found = ["page", "element", *lookup(context, Target("facets", settings), span)]
    elif name == "action_name":
        found = lookup(context, Target("values", {**settings, "key": "action_name"}), span)
    else:
        found = lookup(context, Target(kind, settings), span)
    return [{"label": text, "value": text} for text in dict.fromkeys(found)]


def lookup(context: Context, target: Target, span: tuple[int, int]) -> list[str]:
    """Return the values of a list. Raises INVALID without an application or key."""
    if target.name == "applications":
        known = catalogue.applications(context, *span)
        found = catalogue.called(known, str(target.settings.get("search", "")))
        return [row["application"] for row in found[:LIST_LIMIT]]
    scope = _scope(context, target.settings, span)
    search = str(target.settings.get("search", ""))
    if target.name == "pages":
        params = pages.Params(limit=LIST_LIMIT, search=search)
        all_pages = Scope(application=scope.application, from_ms=span[0], to_ms=span[1])
        frame = QUESTIONS["pages"].answer(Ask.about(all_pages, params, context))[0]
        return list(frame.values[1])
    if target.name == "facets":
        return [facet.key for facet in catalogue.facets(context, scope)]
    key = "element" if target.name == "elements" else str(target.settings.get("key", ""))
    if not key:
        raise IsothermError(Code.INVALID, "Name a facet: values?key=browser", field="key")
    found = catalogue.values(context, scope, key, search=search, limit=LIST_LIMIT)
    return [str(row["value"]) for row in found]


def _scope(context: Context, settings: Mapping[str, Any], span: tuple[int, int]) -> Scope:
    application = settings.get("application") or only_application(context, span)
    if not application:
        raise IsothermError(Code.INVALID, "Choose an application", field="application")
    wanted = {key: settings[key] for key in ("page", "pages", "filters") if key in settings}
    return parse_scope({"question": "", "application": application, **wanted}, span)


def _payload(setting: str) -> dict[str, Any]:
    known: dict[str, Any] = {
        "label": setting.replace("_", " ").capitalize(),
        "name": setting,
        "type": "select" if setting in _PICKED else "input",
        "reloadMetric": False,
    }
    if setting in _PLACEHOLDERS:
        known["placeholder"] = _PLACEHOLDERS[setting]
    return known
