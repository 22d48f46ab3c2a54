"""One site, one sender, one window: driven, sent, asked, judged."""

import json
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image

from tests.accuracy.corpus import Site, pages
from tests.accuracy.driving import PHOTO_H, PHOTO_W, Driver, Recorded, Rehearsed
from tests.accuracy.isotherm import Counted, Isotherm
from tests.accuracy.judging import (
    Layout,
    Truth,
    Verdict,
    by_coordinates,
    judge,
    label,
    layout_of,
    number_at,
)
from tests.accuracy.likeness import ssim
from tests.accuracy.senders import SENDERS, Sender, bundled
from tests.accuracy.sent import click_times
from tests.accuracy.serving import Sent, passed_on

BEFORE_MS = 80
LONGEST_MS = 4_000


@dataclass
class ClickResult:
    """One click and what became of it."""

    clicked: str
    box: list[float]  # of it, when it was clicked: left, top, width, height on the page
    point: list[float]  # of the page
    note: str
    counts: int  # how often an SDK can know of it
    sent: bool
    counted: float
    element: str = ""  # key
    name: str = ""
    automatic: Verdict = field(default_factory=lambda: Verdict("not drawn", "not_counted"))
    any_state: Verdict = field(default_factory=lambda: Verdict("not drawn", "not_counted"))
    coordinates: Verdict = field(default_factory=lambda: Verdict("not drawn"))


@dataclass
class Measured:
    """What one run found."""

    site: str
    sender: str
    width: int
    application: bool  # not one of the small pages
    clicks: list[ClickResult]
    likeness: dict[str, float]  # SSIM by state
    pictures: int
    seconds: float
    troubles: list[str]

    def write(self, folder: Path) -> None:
        """Keep it as JSON."""
        file = folder / f"{self.site}.{self.sender}.{self.width}.json"
        file.write_text(json.dumps(asdict(self), indent=1), "utf-8")


@dataclass
class Taken:
    """A visit as it was driven: the truth of its clicks, and what the SDK sent."""

    site: str
    sender: str
    width: int
    recorded: Recorded
    sent: list[Sent]

    @property
    def application(self) -> str:
        """What it was sent as."""
        return f"{self.site} {self.sender} {self.width}"


def take(site: Site, sender: Sender, rehearsed: Rehearsed, driver: Driver) -> Taken:
    """Drive a site while a sender's SDK records it."""
    config = {
        "application": f"{site.name} {sender.name} {driver.width}",
        "options": sender.options_for(site.plan or {}),
    }
    recorded = driver.record(site, bundled(sender.sdk), config, rehearsed.steps)
    return Taken(site.name, sender.name, driver.width, recorded, driver.corpus.stage.sent)


def measure(
    site: Site, sender: Sender, rehearsed: Rehearsed, *, driver: Driver, isotherm: Isotherm
) -> Measured:
    """Record a site with a sender, wait for the pictures, and judge every click."""
    taken = take(site, sender, rehearsed, driver)
    seconds = isotherm.settle() - taken.recorded.left_at
    return judged(taken, rehearsed, isotherm, seconds)


def measure_again(taken: Taken, rehearsed: Rehearsed, isotherm: Isotherm) -> Measured:
    """Send what was recorded before, all at once, and judge every click."""
    started = time.monotonic()
    for one in taken.sent:
        isotherm.take(one.path, one.body, passed_on(one.headers))
    return judged(taken, rehearsed, isotherm, isotherm.settle() - started)


def judged(taken: Taken, rehearsed: Rehearsed, isotherm: Isotherm, seconds: float) -> Measured:
    """Judge every click of a visit whose pictures are made, so many seconds after it."""
    recorded = taken.recorded
    troubles = [f"{one.path}: HTTP {one.status}" for one in taken.sent if one.status >= 300]
    troubles += recorded.troubles
    looked = _Looked(isotherm, taken.application, recorded)
    times = click_times(SENDERS[taken.sender].sdk, taken.sent)
    clicks = [looked.result(number, times) for number in range(len(recorded.clicks))]
    return Measured(
        taken.site, taken.sender, taken.width, taken.site not in pages(), clicks,
        looked.likeness(rehearsed.photos), looked.pictures, round(seconds, 1), troubles,
    )  # fmt: skip


class _Looked:
    """The pictures of an application, each beside the layout that it shows."""

    def __init__(self, isotherm: Isotherm, application: str, recorded: Recorded) -> None:
        self._isotherm, self._application, self._recorded = isotherm, application, recorded
        self._automatic: dict[str, str] = {}
        self._layouts: dict[str, tuple[Layout, int]] = {}
        self._states: dict[str, str] = {}
        for page in isotherm.pages(application):
            found, self._automatic[page] = isotherm.backgrounds(application, page)
            for one in found:
                boxes = isotherm.boxes(one["id"])
                self._layouts[one["id"]] = layout_of(
                    recorded.layouts, boxes, number_at(recorded.clicks, one["seen_ms"])
                )
                self._states[one["id"]] = f"{page} {one['state']} {one['id']}"

    @property
    def pictures(self) -> int:
        """How many there are."""
        return len(self._layouts)

    def likeness(self, photos: list[Image.Image]) -> dict[str, float]:
        """Return how like each picture is to the photo of the state it shows."""
        found = {}
        for background, (_, number) in self._layouts.items():
            picture = self._isotherm.picture(background).convert("L")
            picture = picture.crop((0, 0, picture.width, min(picture.height, PHOTO_H)))
            height = max(1, round(picture.height * PHOTO_W / picture.width))
            scaled = picture.resize((PHOTO_W, height), Image.Resampling.BOX)
            if number < len(photos):
                found[self._states[background]] = round(ssim(scaled, photos[number]), 3)
        return found

    def result(self, number: int, times: list[int]) -> ClickResult:
        """Return what became of a click."""
        clicks = self._recorded.clicks
        truth = clicks[number]
        end = clicks[number + 1]["at"] if number + 1 < len(clicks) else truth["at"] + LONGEST_MS
        moment = (truth["at"] - BEFORE_MS, min(end, truth["at"] + LONGEST_MS) - BEFORE_MS)
        found = self._isotherm.counted(self._application, self._automatic, moment)
        result = ClickResult(
            clicked=label(truth),
            box=[round(value, 1) for value in truth["box"]],
            point=truth["page"],
            note=truth["note"],
            counts=truth["counts"],
            sent=any(moment[0] <= at < moment[1] for at in times),
            counted=sum(one.clicks for one in found),
            coordinates=by_coordinates(truth, self._recorded.layouts[0]),
        )
        if found:
            self._place(result, truth, found[0], moment)
        return result

    def _place(
        self, result: ClickResult, truth: Truth, found: Counted, moment: tuple[int, int]
    ) -> None:
        result.element, result.name = found.element, found.name
        automatic = self._automatic[found.page]
        if not automatic:
            nothing = Verdict("not drawn", "no_background")
            result.automatic = result.any_state = nothing
            return
        drawn = self._isotherm.drawn(self._application, found, moment)
        result.automatic = result.any_state = judge(truth, drawn, self._layouts[automatic][0])
        if drawn.point is None and drawn.shown_in:
            on = {found.page: drawn.shown_in}
            there = self._isotherm.counted(self._application, on, moment)[0]
            other = self._isotherm.drawn(self._application, there, moment)
            result.any_state = judge(truth, other, self._layouts[drawn.shown_in][0])


def rehearsed(driver: Driver, site: Site, folder: Path) -> Rehearsed:
    """Rehearse a site once per window; the steps and photos are kept in a folder.

    Steps without photos are photographed again.
    """
    kept = folder / "rehearsed" / f"{site.name}.{driver.width}"
    steps = None
    if (kept / "steps.json").exists():
        steps = json.loads((kept / "steps.json").read_text("utf-8"))
        photos = [Image.open(file) for file in sorted(kept.glob("*.png"))]
        if photos:
            return Rehearsed(steps, photos)
    made = driver.rehearse(site, steps)
    kept.mkdir(parents=True, exist_ok=True)
    for number, photo in enumerate(made.photos):
        photo.save(kept / f"{number:03}.png")
    (kept / "steps.json").write_text(json.dumps(made.steps), "utf-8")
    return made


def read_all(folder: Path) -> list[dict[str, Any]]:
    """Return what runs have found so far."""
    return [json.loads(file.read_text("utf-8")) for file in sorted(folder.glob("*.json"))]
