"""The intake that most tests post to."""

import pytest

from isotherm.intake.options import Options
from isotherm.intake.pipeline import Pipeline
from tests.intake.intake_under_test import Intake


@pytest.fixture
def intake() -> Intake:
    return Intake()


@pytest.fixture(scope="session")
def pipeline() -> Pipeline:
    return Pipeline(Options())
