"""A heat answer over HTTP against PostHog's statement on chDB and a bare NumPy histogram."""

import itertools
import json

from tests.bench.figures import Figure, interleaved, own_cpu_ms
from tests.bench.folders import heat_query
from tests.bench.points import Points, write_points
from tests.bench.posthog import PostHog
from tests.bench.servers import Api, isotherm
from tests.bench.work import Work


def measure(work: Work) -> list[Figure]:
    """Measure the busiest page. Raises RuntimeError when the three do not count the same."""
    traffic, folder = work.traffic, work.folder()
    parquet = work.root / "points.parquet"
    write_points(folder, parquet, traffic.elements_per_page)
    points = Points.read(parquet)
    peer = PostHog(work.root / "chdb", parquet, traffic)
    parquet.unlink()
    number = itertools.count()
    try:
        with isotherm(folder) as server:
            api = Api(server.port)
            _same(api.query(heat_query(traffic)), points, peer)
            times = interleaved(
                {
                    "isotherm": lambda: api.query(heat_query(traffic, next(number))),
                    "posthog": peer.answer,
                    "numpy": points.histogram,
                },
                {"isotherm": server.cpu_ms, "posthog": own_cpu_ms, "numpy": own_cpu_ms},
            )
    finally:
        peer.close()
    ours, theirs, floor = times["isotherm"], times["posthog"], times["numpy"]
    what = f"heat over HTTP, page of {len(points.x):,} of {traffic.actions:,} actions"
    return [
        Figure(what, str(ours), f"PostHog's statement on chDB {theirs}",
               ratio=theirs.median / ours.median, least=3.0, unit="x faster"),
        Figure(what, str(ours), f"NumPy bincount in memory {floor}",
               ratio=ours.median / floor.median, most=8.0),
    ]  # fmt: skip


def _same(answer: bytes, points: Points, peer: PostHog) -> None:
    """Check that all count the same clicks before their times are compared."""
    frame = json.loads(answer)["results"]["A"]["frames"][0]
    meta = frame["schema"]["meta"]["custom"]["isotherm"]
    clicks = int(points.histogram().sum())
    counted = (meta["placed"], sum(frame["data"]["values"][2]), meta["clicks"])
    actions = (meta["actions"], len(points.x), peer.actions())
    if set(counted) != {clicks} or len(set(actions)) != 1:
        found = f"clicks {counted} and NumPy's {clicks}; actions {actions}"
        raise RuntimeError(f"The three do not count the same: {found}")
