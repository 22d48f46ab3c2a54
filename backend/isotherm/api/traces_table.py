"""What the route of traces accepts and returns: a row of the table of routes."""

from isotherm.api.route_types import INTEGER, SPAN, TEXT, Route, structure

TRACE_ROUTE = Route(
    method="get", path="/api/v1/traces/{trace}", role="read",
    doc="The click behind a trace: the first that caused a request with it, or who sent it.",
    parameters=SPAN,
    answer=structure({
        "application": TEXT, "page": TEXT, "session": TEXT, "view": TEXT,
        "element": TEXT, "action_name": TEXT, "time": INTEGER,
    }),
    errors=(400, 401, 404),
)  # fmt: skip
