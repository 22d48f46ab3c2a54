"""Files larger than a request: they go through the intake in parts that end where an event does."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from isotherm.app.settings import Settings
from isotherm.app.wiring import Components
from isotherm.pipeline.import_files import CHARACTERS, import_line_protocol
from tests.scenario import NOON
from tests.storage.influxdb.events import everything

STACK = "at first (app.js:1)\\nview,app_id=shop,session_id=s2 x=1 2\\n  at last"
"""Line breaks as they are written, and what looks like a point between them."""


@pytest.fixture
def components(tmp_path: Path) -> Iterator[Components]:
    with Components(Settings({"data": str(tmp_path / "data"), "capture": False})) as made:
        yield made


def written(number: int) -> str:
    """Return a click and an error, which has line breaks in its stack."""
    known = f"app_id=shop,session_id=s1,view_id=v1,view_url=https://shop.example.test/cart,userid=u{number}"
    return (
        f"action,{known},action_id=a{number},action_type=click,action_name=Buy "
        f'duration=5i,note="{{\\"n\\":{number}}}" {NOON + number}\n'
        f"error,{known},error_id=e{number},error_type=TypeError "
        f'error_message="failed {number}",error_stack="{STACK}" {NOON + number}\n'
    ).replace("\\n", "\n")


def test_points_of_a_large_file_are_read_whole(components: Components, tmp_path: Path) -> None:
    pairs = 3 * CHARACTERS // len(written(1000))
    file = tmp_path / "large.rum.lp"
    file.write_text("".join(written(number) for number in range(pairs)))
    assert file.stat().st_size > 2 * CHARACTERS
    import_line_protocol(components, file, "")
    components.worker.flush(60)
    counts = components.counters.snapshot()
    assert (counts.accepted, dict(counts.dropped)) == (2 * pairs, {})
    rows = everything(components.engine)
    assert (len(rows["actions"]), len(rows["errors"])) == (pairs, pairs)
