"""The parts of a Datadog RUM event that are read; msgspec skips everything else at C speed."""
# ruff: noqa: D101 - the objects are Datadog's, and described in its documentation

from typing import Any

from msgspec import Struct, field


class Count(Struct):
    count: float | None = None


class Named(Struct):
    id: str | None = None
    name: str | None = None
    type: str | None = None
    has_replay: bool | None = None


class View(Struct):
    id: str | None = None
    url: str | None = None
    name: str | None = None
    referrer: str | None = None
    time_spent: float | None = None
    action: Count | None = None
    error: Count | None = None
    frustration: Count | None = None


class Frustration(Struct):
    type: list[str] | None = None


class Action(Struct):
    id: str | list[str] | None = None  # a list on errors and resources
    type: str | None = None
    target: Named | None = None
    frustration: Frustration | None = None
    loading_time: float | None = None
    error: Count | None = None


class Error(Struct):
    id: str | None = None
    message: str | None = None
    type: str | None = None
    source: str | None = None


class Target(Struct):
    selector: str | None = None
    composed_path_selector: str | None = None
    width: float | None = None
    height: float | None = None


class Position(Struct):
    x: float | None = None
    y: float | None = None


class Click(Struct):
    target: Target | None = None
    position: Position | None = None


class Configuration(Struct):
    session_sample_rate: float | None = None


class Internal(Struct):
    document_version: int | None = None
    configuration: Configuration | None = None
    action: Click | None = None


class Size(Struct):
    width: float | None = None
    height: float | None = None


class Scroll(Struct):
    max_depth: float | None = None
    max_scroll_height: float | None = None


class Display(Struct):
    viewport: Size | None = None
    scroll: Scroll | None = None


class Line(Struct):
    type: str
    date: float | None = None
    application: Named | None = None
    session: Named | None = None
    view: View | None = None
    action: Action | None = None
    error: Error | None = None
    usr: Named | None = None
    context: dict[str, Any] | None = None
    display: Display | None = None
    service: str | None = None
    version: str | None = None
    ddtags: str | None = None
    dd: Internal | None = field(name="_dd", default=None)
