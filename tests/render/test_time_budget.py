"""Time that work may take: it is counted where the work is done, not by the clock alone."""

import subprocess
import sys

import pytest

from isotherm.render.process_tree import usage
from isotherm.render.time_budget import OverError, TimeBudget

pytestmark = pytest.mark.measures


def test_processor_time_is_counted_and_not_the_time_of_others() -> None:
    one = TimeBudget(2.0)
    one.spend(1.5)
    one.check()
    assert one.wait_s > 2.0
    one.spend(0.5)
    assert one.wait_s == 0.0
    with pytest.raises(OverError, match=r"^2 s of processor time$"):
        one.check()


def test_what_hangs_is_ended_by_the_clock() -> None:
    one = TimeBudget(5.0, clock_s=0.0)
    with pytest.raises(OverError, match=r"^0 s$"):
        one.check()
    one.put_off(60)  # it waited for something that it had asked for
    one.check()


def test_a_part_is_spent_of_the_whole() -> None:
    session = TimeBudget(10.0)
    for _ in range(2):
        visit = TimeBudget(6.0, whole=session)
        visit.spend(5.0)
    assert visit.wait_s == 0.0
    with pytest.raises(OverError, match=r"^10 s of processor time$"):
        visit.check()


@pytest.mark.server
def test_the_time_of_a_family_holds_that_of_children_that_have_ended() -> None:
    # a little more than is asked for: the kernel rounds each process down to hundredths
    burn = "import time\nwhile time.process_time() < 0.35: pass"
    program = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {burn!r}])\nprint()"
    parent = [sys.executable, "-c", f"{program}\nsys.stdout.flush()\nsys.stdin.read()"]
    with subprocess.Popen(parent, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert usage(process.pid).processor_s >= 0.3
        assert usage(process.pid).memory > 0
        process.communicate()
