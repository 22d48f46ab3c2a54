"""A heat answer over HTTP against PostHog's statement on chDB, NumPy, and a C loop in memory."""

import itertools
import json
import re

from tests.bench.figures import Figure, Times, interleaved, own_cpu_ms
from tests.bench.floor import Loop
from tests.bench.folders import heat_query, picture
from tests.bench.points import Points, write_points
from tests.bench.posthog import PostHog
from tests.bench.servers import Api, isotherm
from tests.bench.work import Work


def measure(work: Work) -> list[Figure]:
    """Measure the busiest page. Raises RuntimeError when they do not count the same."""
    traffic, folder = work.traffic, work.folder()
    parquet = work.root / "points.parquet"
    write_points(folder, parquet, traffic.elements_per_page)
    points = Points.read(parquet)
    peer = PostHog(work.root / "chdb", parquet, traffic)
    parquet.unlink()
    loop = Loop(work.root, points, list(picture(traffic).boxes.values()))
    number, inside = itertools.count(), list[float]()
    try:
        with isotherm(folder) as server:
            api = Api(server.port)
            _same(api.query(heat_query(traffic)), points, peer, loop)

            def ask() -> None:
                api.query(heat_query(traffic, next(number)))
                inside.append(_inside(api.timing))

            times = interleaved(
                {
                    "isotherm": ask,
                    "posthog": peer.answer,
                    "numpy": points.histogram,
                    "loop": loop.run,
                },
                {"isotherm": server.cpu_ms}
                | dict.fromkeys(("posthog", "numpy", "loop"), own_cpu_ms),
            )
    finally:
        peer.close()
    ours, theirs, floor = times["isotherm"], times["posthog"], times["numpy"]
    parts = f"{Times(inside[2:])}; of the last: {api.timing}"
    what = f"heat over HTTP, page of {len(points.x):,} of {traffic.actions:,} actions"
    return [
        Figure(what, str(ours), f"PostHog's statement on chDB {theirs}",
               ratio=theirs.median / ours.median, least=10.0, unit="x faster"),
        Figure(what, str(ours), f"NumPy bincount in memory {floor}",
               ratio=ours.median / floor.median, most=8.0),
        Figure("the same inside the server, without JSON", parts, f"C loop {times['loop']}",
               ratio=Times(inside[2:]).median / times["loop"].median, most=2.0),
    ]  # fmt: skip


def _inside(timing: str) -> float:
    """Return the time from the question to its frame, from a Server-Timing header."""
    spent = {name: float(ms) for name, ms in re.findall(r"(\w+);dur=([\d.]+)", timing)}
    return spent["total"] - spent["json"]


def _same(answer: bytes, points: Points, peer: PostHog, loop: Loop) -> None:
    """Check that all count the same clicks before their times are compared."""
    frame = json.loads(answer)["results"]["A"]["frames"][0]
    meta = frame["schema"]["meta"]["custom"]["isotherm"]
    clicks = int(points.histogram().sum())
    counted = (meta["placed"], sum(frame["data"]["values"][2]), meta["clicks"])
    actions = (meta["actions"], len(points.x), peer.actions())
    if set(counted) != {clicks} or int(loop.run().sum()) != clicks or len(set(actions)) != 1:
        found = f"clicks {counted} and NumPy's {clicks}; actions {actions}"
        raise RuntimeError(f"They do not count the same: {found}")
