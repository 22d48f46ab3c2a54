"""The intake that most tests post to."""

import pytest

from isotherm.intake.options import Options
from isotherm.intake.steps import Steps
from tests.intake.intake_under_test import Intake


@pytest.fixture
def intake() -> Intake:
    return Intake()


@pytest.fixture(scope="session")
def steps() -> Steps:
    return Steps(Options())
