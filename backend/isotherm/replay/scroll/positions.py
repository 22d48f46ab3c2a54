"""Where the page and its inner scrollers stood at a time, and how deep the page was seen."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from isotherm.replay.dom.tree import Kind, Node, Tree
from isotherm.replay.scroll.steps import AROUND, stepped

MOVING_GAP_MS = 250
"""Recorders write a scroll at most every 100 ms (plus a frame or two): two records closer than
this are one movement, and the position between them is interpolated."""

STARTING_MS = 34
"""The first scroll of a movement is written at once: what is two frames before was before it."""

LATE_MS = 3
"""Browsers take clicks before timers that are due, so the page moves this much later then."""

CARRIED_MS = 300
"""A snapshot taken on a route change still has the scroll of the page before; the page's own
reset follows within some ten milliseconds."""

SHELL_SHARE = 0.5
"""An inner scroller with that share of the body's elements is the page of an app shell. (Its box
is not in a recording; the renderer's rule, half of the viewport, needs a layout.)"""


class _Point(NamedTuple):
    left: float
    top: float
    view_h: int


class ScrollTrack:
    """The scroll positions of one node over time, css px, with the viewport's height."""

    def __init__(self, time_ms: int, position: tuple[float, float], view_h: int) -> None:
        self._times = [time_ms]
        self._points = [_Point(*position, view_h)]

    def add(self, time_ms: int, left: float, top: float, view_h: int) -> None:
        """Append a position; a time before the last one counts as the last one's."""
        self._times.append(max(time_ms, self._times[-1]))
        self._points.append(_Point(left, top, view_h))

    def resize(self, time_ms: int, view_h: int) -> None:
        """Note a new viewport height."""
        self.add(time_ms, self._points[-1].left, self._points[-1].top, view_h)

    def at(self, time_ms: int) -> tuple[float, float]:
        """Return (left, top), interpolated inside a movement, else as last recorded."""
        index = max(0, bisect_right(self._times, time_ms) - 1)
        if index + 1 == len(self._times):
            return self._points[index][:2]
        lefts, tops = ([point[axis] for point in self._points] for axis in (0, 1))
        return self._between(lefts, index, time_ms), self._between(tops, index, time_ms)

    def _between(self, places: Sequence[float], index: int, time_ms: int) -> float:
        """Return a place between the records `index` and the next one."""
        times = self._times
        before, after = places[index], places[index + 1]
        moving = index > 0 and 0 < times[index + 1] - times[index] <= MOVING_GAP_MS
        if before == after or not (moving or times[index + 1] - time_ms <= STARTING_MS):
            return before
        first = last = index if moving else index + 1
        while index - first < AROUND - 1 and self._goes_on(places, first - 1, after - before):
            first -= 1
        while last - first < 2 * AROUND - 1 and self._goes_on(places, last, after - before):
            last += 1
        stepping = slice(first, last + 1)
        place = stepped(times[stepping], places[stepping], time_ms - LATE_MS)
        if place is not None:
            return min(max(place, min(before, after)), max(before, after))
        if not moving:
            return before
        share = (time_ms - times[index]) / (times[index + 1] - times[index])
        return before + (after - before) * share

    def _goes_on(self, places: Sequence[float], index: int, way: float) -> bool:
        """Say whether a movement that way leads from a record to the next one."""
        if index < 1 or index + 1 >= len(places):
            return False
        gap_ms = self._times[index + 1] - self._times[index]
        return 0 < gap_ms <= MOVING_GAP_MS and (places[index + 1] - places[index]) * way > 0

    def depth(self, from_ms: int, to_ms: int) -> float:
        """Return the lowest px seen in [from_ms, to_ms]: greatest top + viewport height."""
        return max(point.top + point.view_h for point in self._during(from_ms, to_ms))

    def moved(self, from_ms: int, to_ms: int) -> bool:
        """Whether the node was ever scrolled away from its top in [from_ms, to_ms]."""
        return any(point.top > 0 for point in self._during(from_ms, to_ms))

    def _during(self, from_ms: int, to_ms: int) -> list[_Point]:
        """Return the points of a span.

        The one it starts with counts unless it was carried over from the page before: then a
        record that follows at once takes it back.
        """
        first = bisect_right(self._times, from_ms)
        end = bisect_right(self._times, to_ms)
        start = self._points[max(0, first - 1)]
        taken_back = (
            first < end
            and self._times[first] - from_ms <= CARRIED_MS
            and self._points[first].top < start.top
        )
        if taken_back:
            return self._points[first:end]
        return [start, *self._points[first:end]]


class Scrolling:
    """All scrolling inside one loaded document."""

    def __init__(self, tree: Tree, time_ms: int, view_h: int) -> None:
        self._tree = tree
        self._view_h = view_h
        self.start_ms = time_ms
        position = tree.root.scroll if tree.root is not None else (0.0, 0.0)
        self.page = ScrollTrack(time_ms, position, view_h)
        self._inner: dict[int, ScrollTrack] = {}
        self._main: set[int] = set()  # inner scrollers that hold most of the page

    def scroll(self, time_ms: int, node_id: int, left: float, top: float) -> None:
        """Note a scroll record, before it is applied to the document."""
        root = self._tree.root
        if root is None or node_id == root.id:
            self.page.add(time_ms, left, top, self._view_h)
            return
        node = self._tree.nodes.get(node_id)
        if node_id not in self._inner:
            position = node.scroll if node is not None else (0.0, 0.0)
            self._inner[node_id] = ScrollTrack(self.start_ms, position, self._view_h)
            if node is not None and _share(root, node) >= SHELL_SHARE:
                self._main.add(node_id)
        self._inner[node_id].add(time_ms, left, top, self._view_h)

    def resize(self, time_ms: int, view_h: int) -> None:
        """Note a new viewport height."""
        self._view_h = view_h
        for track in (self.page, *self._inner.values()):
            track.resize(time_ms, view_h)

    def shell(self, from_ms: int, to_ms: int) -> int | None:
        """Return the scroller that moved in place of the page, or None when there is none."""
        if self.page.moved(from_ms, to_ms):
            return None
        moved = [n for n in sorted(self._main) if self._inner[n].moved(from_ms, to_ms)]
        return max(moved, key=lambda n: self._inner[n].depth(from_ms, to_ms), default=None)

    def depth(self, from_ms: int, to_ms: int) -> float:
        """Return the lowest page px seen in a span; in an app shell the scroller's."""
        shell = self.shell(from_ms, to_ms)
        track = self.page if shell is None else self._inner[shell]
        return track.depth(max(from_ms, self.start_ms), to_ms)

    def offset(
        self, time_ms: int, inside: tuple[int, ...], shell: int | None
    ) -> tuple[float, float]:
        """Return what to add to a client point to get the page point, css px.

        In an app shell, points inside its scroller (`inside` = ids around them) move with it.
        """
        left, top = self.page.at(time_ms)
        if shell is not None and shell in inside:
            inner_left, inner_top = self._inner[shell].at(time_ms)
            return left + inner_left, top + inner_top
        return left, top


def _share(root: Node, scroller: Node) -> float:
    """Return the share of the body's elements that are inside a scroller."""
    body = next((node for node in root.walk() if node.tag == "body"), root)
    inside = sum(node.kind is Kind.ELEMENT for node in scroller.walk())
    return inside / max(1, sum(node.kind is Kind.ELEMENT for node in body.walk()))
