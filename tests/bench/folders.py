"""Makes data folders of generated traffic with a picture of the busiest page."""

import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from PIL import Image

from isotherm.app.stores import ENGINE_FILE
from isotherm.model import Background, Box, State, Tile
from isotherm.storage.duckdb.engine import DuckDBEngine
from isotherm.storage.saved.backgrounds import StoredBackgrounds
from isotherm.storage.saved.db import open_database
from tests.bench.generate import DAY_MS, Traffic, load

PAGE = "/section-0/page-0"  # the generator's first, and busiest
WIDTH = 1536
CELL_PX = 8


def fill(folder: Path, traffic: Traffic) -> None:
    """Load traffic, sort it as the worker would, and store a picture that shows every element."""
    folder.mkdir(parents=True)
    engine = DuckDBEngine(folder / ENGINE_FILE)
    load(engine, traffic)
    while engine.compact(least_rows=1):
        pass
    engine.checkpoint()
    engine.close()
    database = open_database("", folder)
    shown = picture(traffic)
    strip = io.BytesIO()
    Image.new("RGB", (shown.width, shown.height), "white").save(strip, "WEBP", lossless=True)
    StoredBackgrounds(database, "", folder).add(shown, [strip.getvalue()])
    database.dispose()


def heat_query(traffic: Traffic, number: int = 0) -> bytes:
    """Return the body of a heat query for the busiest page; each `number` is another range."""
    return asked(traffic, [{"question": "heat", "background": "auto", "cell": CELL_PX}], number)


def asked(traffic: Traffic, queries: Sequence[Mapping[str, object]], number: int = 0) -> bytes:
    """Return the body of queries about the busiest page, or what they say themselves."""
    # no two queries are equal, so that no cache on the way could answer
    end = traffic.start_ms + (traffic.days + 2) * DAY_MS + number
    known = {"application": traffic.application, "page": PAGE}
    whole = [{"refId": chr(65 + n), **known, **query} for n, query in enumerate(queries)]
    return json.dumps({"range": {"from": traffic.start_ms, "to": end}, "queries": whole}).encode()


def picture(traffic: Traffic) -> Background:
    """Return the picture of the busiest page; its boxes are in the order of the elements."""
    # the same places as the generator's page positions
    boxes = {
        f"MAIN.p0>SECTION:nth-of-type({rank})>A.btn": Box(
            left=rank * 71 % 1200,
            top=rank * 40,
            width=24 + rank * 37 % 300,
            height=20 + rank * 13 % 60,
        )
        for rank in range(traffic.elements_per_page)
    }
    height = traffic.elements_per_page * 40 + 80
    return Background(
        id="bench",
        application=traffic.application,
        page=PAGE,
        state=State("uploaded"),
        origin="upload",
        created_ms=traffic.start_ms,
        seen_ms=traffic.start_ms,
        viewport_w=WIDTH,
        viewport_h=730,
        width=WIDTH,
        height=height,
        page_height=height,
        tiles=(Tile(top=0, height=height, path="bench/0.webp"),),
        boxes=boxes,
    )
