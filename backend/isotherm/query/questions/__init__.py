"""The table of questions. A new question is one file and one row here."""

from types import ModuleType

from isotherm.query.frame import Shape
from isotherm.query.question import Question
from isotherm.query.questions import (
    action,
    actions,
    annotations,
    effect,
    errors,
    friction,
    funnel,
    heat,
    moments,
    page_stats,
    pages,
    replays,
    requests,
    scroll,
    slow,
    timeseries,
    zone,
)


def _row(module: ModuleType, title: str, *shapes: Shape, of_pages: bool = False) -> Question:
    return Question(
        title=title,
        about=(module.__doc__ or "").strip(),
        params=module.Params,
        answer=module.answer,
        shapes=shapes,
        meta=module.META,
        of_pages=of_pages,
    )


QUESTIONS = {
    "heat": _row(heat, "Heatmap", heat.CELLS, of_pages=True),
    "actions": _row(actions, "Top actions", actions.ACTIONS),
    "action": _row(action, "Action details", action.ACTION, action.NEXT),
    "scroll": _row(scroll, "Scroll depth", scroll.CURVE, of_pages=True),
    "page_stats": _row(page_stats, "Page statistics", page_stats.STATS),
    "pages": _row(pages, "Pages", pages.PAGES),
    "timeseries": _row(timeseries, "Time series", timeseries.SERIES),
    "replays": _row(replays, "Sessions", replays.SESSIONS),
    "moments": _row(moments, "Moments of a session", moments.MOMENTS),
    "requests": _row(requests, "Requests of an element", requests.REQUESTS),
    "errors": _row(errors, "Errors of an element", errors.ERRORS),
    "effect": _row(effect, "Effect of a release", effect.EFFECT, effect.FINDINGS),
    "friction": _row(friction, "Friction", friction.FRICTION),
    "slow": _row(slow, "Slow elements and pages", slow.SLOW),
    "funnel": _row(funnel, "Funnel", funnel.STEPS),
    "zone": _row(zone, "Zone", zone.ZONE, zone.VALUE),
    "annotations": _row(annotations, "Events", annotations.EVENTS),
}
