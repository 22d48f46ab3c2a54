"""The parts of a Datadog RUM event that are read; msgspec skips everything else at C speed."""
# ruff: noqa: D101 - the objects are Datadog's, and described in its documentation

from typing import Any

from msgspec import Struct, field

# No event holds itself, so the garbage collector need not look at them (gc=False).


class Count(Struct, gc=False):
    count: float | None = None


class Named(Struct, gc=False):
    id: str | None = None
    name: str | None = None
    type: str | None = None
    has_replay: bool | None = None


class Moment(Struct, gc=False):
    duration: float | None = None
    timestamp: float | None = None
    score: float | None = None
    target_selector: str | None = None


class Performance(Struct, gc=False):
    cls: Moment | None = None
    fcp: Moment | None = None
    inp: Moment | None = None
    lcp: Moment | None = None


class View(Struct, gc=False):
    id: str | None = None
    url: str | None = None
    name: str | None = None
    referrer: str | None = None
    time_spent: float | None = None
    action: Count | None = None
    error: Count | None = None
    frustration: Count | None = None
    performance: Performance | None = None
    loading_time: float | None = None
    first_byte: float | None = None
    first_contentful_paint: float | None = None
    largest_contentful_paint: float | None = None
    largest_contentful_paint_target_selector: str | None = None
    interaction_to_next_paint: float | None = None
    interaction_to_next_paint_time: float | None = None
    interaction_to_next_paint_target_selector: str | None = None
    cumulative_layout_shift: float | None = None
    cumulative_layout_shift_time: float | None = None
    cumulative_layout_shift_target_selector: str | None = None


class Frustration(Struct, gc=False):
    type: list[str] | None = None


class Action(Struct, gc=False):
    id: str | list[str] | None = None  # a list on errors, resources and long tasks
    type: str | None = None
    target: Named | None = None
    frustration: Frustration | None = None
    loading_time: float | None = None
    error: Count | None = None


class Resource(Struct, gc=False):
    id: str | None = None
    type: str | None = None
    url: str | None = None
    method: str | None = None
    status_code: float | None = None
    duration: float | None = None
    size: float | None = None


class Error(Struct, gc=False):
    id: str | None = None
    message: str | None = None
    type: str | None = None
    source: str | None = None
    stack: str | None = None
    fingerprint: str | None = None
    handling: str | None = None
    resource: Resource | None = None


class Script(Struct, gc=False):
    duration: float | None = None
    forced_style_and_layout_duration: float | None = None
    source_url: str | None = None
    source_function_name: str | None = None
    source_char_position: float | None = None
    invoker: str | None = None


class LongTask(Struct, gc=False):
    id: str | None = None
    entry_type: str | None = None
    duration: float | None = None
    blocking_duration: float | None = None
    scripts: list[Script] | None = None


class Vital(Struct, gc=False):
    id: str | None = None
    type: str | None = None
    name: str | None = None
    description: str | None = None
    duration: float | None = None
    step_type: str | None = None
    operation_key: str | None = None
    failure_reason: str | None = None


class Target(Struct, gc=False):
    selector: str | None = None
    composed_path_selector: str | None = None
    width: float | None = None
    height: float | None = None


class Position(Struct, gc=False):
    x: float | None = None
    y: float | None = None


class Click(Struct, gc=False):
    target: Target | None = None
    position: Position | None = None


class Configuration(Struct, gc=False):
    session_sample_rate: float | None = None


class Internal(Struct, gc=False):
    document_version: int | None = None
    configuration: Configuration | None = None
    action: Click | None = None
    trace_id: str | None = None


class Size(Struct, gc=False):
    width: float | None = None
    height: float | None = None


class Scroll(Struct, gc=False):
    max_depth: float | None = None
    max_scroll_height: float | None = None


class Display(Struct, gc=False):
    viewport: Size | None = None
    scroll: Scroll | None = None


class Line(Struct, gc=False):
    type: str
    date: float | None = None
    application: Named | None = None
    session: Named | None = None
    view: View | None = None
    action: Action | None = None
    error: Error | None = None
    resource: Resource | None = None
    long_task: LongTask | None = None
    vital: Vital | None = None
    usr: Named | None = None
    context: dict[str, Any] | None = None
    display: Display | None = None
    service: str | None = None
    version: str | None = None
    ddtags: str | None = None
    dd: Internal | None = field(name="_dd", default=None)
