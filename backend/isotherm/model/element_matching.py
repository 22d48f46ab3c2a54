"""Finds the element of an action on a picture, also where its key now names another element.

A key (selector, path) is where to look first, never who it is: lists are sorted and filtered, menus
follow each other at one place of `body`, routes reuse their container.
"""

from collections.abc import Mapping
from enum import Enum
from functools import cached_property
from math import log2
from typing import Final

from msgspec import Struct

from isotherm.model.background import Box, Unplaced, reason
from isotherm.model.elements import Element
from isotherm.model.fingerprints import Fingerprint, positional, same_recording

NEAR: Final = 0.42  # log2: as large to a third
REFLOWED: Final = 0.7  # log2 of areas: the same text in other lines
SCALED: Final = 0.2  # log2 of the sides' ratio: the same picture, scaled
STRETCHING_PX: Final = 160.0  # what is narrower is as wide as its content


class Verdict(Enum):
    """Whether two descriptions are of one element."""

    YES = "yes"
    NO = "no"
    MAYBE = "maybe"  # nothing speaks against it but its words, or nothing is known


class Spot(Struct, frozen=True):
    """Where an element is on a picture; `why` it is not shown, None when it is."""

    box: Box | None
    why: Unplaced | None


def judge(
    acted: Fingerprint, there: Fingerprint, key: str, *, loosely_alone: bool = True
) -> Verdict:
    """Compare what an action was made on with what stands under its key.

    `loosely_alone`: nothing else on the picture has the words of `there`, numbers aside.
    """
    if _contradict(acted, there):
        return Verdict.NO
    if (acted.mark and there.mark) or same_recording(acted.row, there.row):
        return Verdict.YES
    if acted.words and there.words:
        return _judge_words(acted, there, key, loosely_alone=loosely_alone)
    return Verdict.YES if acted.around and acted.around == there.around else Verdict.MAYBE


def _judge_words(
    acted: Fingerprint, there: Fingerprint, key: str, *, loosely_alone: bool
) -> Verdict:
    around = not _differ(acted.around, there.around)
    if acted.words == there.words:
        same = acted.alone or around
    else:
        loosely = bool(acted.loose) and acted.loose == there.loose
        same = loosely and acted.alone_loosely and loosely_alone
    if same or (acted.link and there.link):
        return Verdict.YES
    if acted.words != there.words and acted.long:
        return Verdict.MAYBE
    reworded = acted.words == there.words or acted.named or around
    return Verdict.MAYBE if reworded and not positional(key) else Verdict.NO


def reflowed(element: Element, box: Box) -> bool:
    """Say whether a box may be an element's in another window: stretched, in other lines, scaled.

    True where a size is not known.
    """
    if min(element.width, element.height, box.width, box.height) <= 0:
        return True
    wide = log2(box.width / element.width)
    high = log2(box.height / element.height)
    if abs(high) <= NEAR:
        stretches = min(box.width, element.width) >= STRETCHING_PX
        return abs(wide) <= NEAR or stretches
    return abs(wide + high) <= REFLOWED or abs(wide - high) <= SCALED


class Boxes:
    """The boxes of one picture, to find elements among. Whom a key names is judged."""

    def __init__(self, boxes: Mapping[str, Box]) -> None:
        self._boxes = boxes

    def find(self, element: Element) -> Spot:
        """Return where an element is: under its key if it agrees, else where it now stands."""
        own = self._boxes.get(element.key)
        if own is not None and own.matches > 1 and not self._told_apart(element.print, own):
            return Spot(None, Unplaced.OTHER_ELEMENT)
        verdict = Verdict.NO if own is None else self._judge(element, own)
        renamed = own is not None and verdict is Verdict.MAYBE and _renamed(element, own)
        if own is not None and (verdict is Verdict.YES or renamed):
            return Spot(own, reason(own))
        moved = None if _led_alike(element, own) else self._moved(element, own)
        if moved is not None:
            return Spot(moved, reason(moved))
        if own is None:
            return Spot(None, Unplaced.GONE)
        if verdict is Verdict.MAYBE and (reflowed(element, own) or _one_letter(element, own)):
            return Spot(own, reason(own))
        return Spot(None, Unplaced.OTHER_ELEMENT)

    def _told_apart(self, acted: Fingerprint, box: Box) -> bool:
        """Say whether the first of several elements under a key is known to be the one meant.

        The icon beside a control's text has the same words, as it is called by them.
        """
        there = Fingerprint.read(box.print)
        alike = (self._boxes[key] for key in self._by.get(("words", there.kind, acted.words), ()))
        beside = any(
            (one.left, one.top) != (box.left, box.top) and Fingerprint.read(one.print) == there
            for one in alike
        )
        names = ["mark", "row"]
        if not beside:
            names += ["link", "around"] + (["words"] if acted.alone else [])
        return any(
            getattr(acted, name) and getattr(acted, name) == getattr(there, name) for name in names
        )

    def _judge(self, element: Element, box: Box) -> Verdict:
        there = Fingerprint.read(box.print)
        acted = element.print
        loosely = acted.loose and acted.words != there.words and acted.loose == there.loose
        alone = not loosely or len(self._loosely.get((there.kind, there.loose), ())) == 1
        verdict = judge(acted, there, element.key, loosely_alone=alone)
        if verdict is Verdict.NO and acted.named and not _contradict(acted, there):
            return Verdict.YES if self._named_beside(element) else Verdict.NO
        return verdict

    def _named_beside(self, element: Element) -> bool:
        """Say whether what gave an element its name still stands in the same row, card or item.

        A sender without a recording names a picture by the heading beside it, say; ours may not.
        """
        row = _row(element.key)
        named = self._by.get(("words", "", element.print.words), ())
        return bool(row) and any(key.startswith(f"{row}>") for key in named)

    def _moved(self, element: Element, own: Box | None) -> Box | None:
        """Return the one other box that agrees with an element, None for none or several."""
        acted = element.print
        found = [
            key
            for key in self._like(acted)
            if (box := self._boxes[key]) is not own
            and not _contradict(acted, Fingerprint.read(box.print))
            and reflowed(element, box)
            and (acted.loose or not acted.words or _start(key) == _start(element.key))
        ]
        seen = [key for key in found if reason(self._boxes[key]) is not Unplaced.HIDDEN]
        found = seen or found
        if len(found) > 1:
            alike = [_common_end(element.key, key) for key in found]
            best = max(alike)
            found = [key for key, same in zip(found, alike, strict=True) if same == best]
        return self._boxes[found[0]] if len(found) == 1 else None

    def _like(self, acted: Fingerprint) -> list[str]:
        """Return the keys of all boxes that have what names an element."""
        if acted.mark and ("mark", "", acted.mark) in self._by:
            return self._by["mark", "", acted.mark]
        if acted.row and not acted.words:
            return self._by.get(("row", acted.kind, acted.row), [])
        if not acted.words:
            return self._by.get(("link", acted.kind, acted.link), [])
        same = self._by.get(("words", acted.kind, acted.words), [])
        if same:
            around = "" if acted.alone and acted.loose else acted.around
            return [key for key in same if not around or self._print_at(key).around in {around, ""}]
        numbered = (acted.kind, acted.loose)
        one = acted.alone_loosely and not acted.long and len(self._loosely.get(numbered, ())) == 1
        return self._by.get(("loose", *numbered), []) if one else []

    def _print_at(self, key: str) -> Fingerprint:
        return Fingerprint.read(self._boxes[key].print)

    @cached_property
    def _by(self) -> dict[tuple[str, str, str], list[str]]:
        """Fact, kind and value -> keys. Kind "" is any: an action's may not be known."""
        found: dict[tuple[str, str, str], list[str]] = {}
        for key, box in self._boxes.items():
            there = Fingerprint.read(box.print) if box.print else None
            if there is None:
                continue
            for name in ("words", "loose", "link", "mark", "row"):
                value = getattr(there, name)
                if value:
                    for kind in {there.kind, ""}:
                        found.setdefault((name, kind, value), []).append(key)
        return found

    @cached_property
    def _loosely(self) -> dict[tuple[str, str], set[str]]:
        """Kind and words without numbers -> the words there are."""
        found: dict[tuple[str, str], set[str]] = {}
        for (name, kind, value), keys in self._by.items():
            if name == "loose":
                found[kind, value] = {
                    Fingerprint.read(self._boxes[key].print).words for key in keys
                }
        return found


def same_element(one: Element, other: Element) -> bool:
    """Say whether two actions under one key were made on one element, as far as is known."""
    return judge(one.print, other.print, one.key) is not Verdict.NO


def _renamed(element: Element, box: Box) -> bool:
    """Say whether an element has only another name now, as a button that opens and closes has.

    Its key still fits, and all that is around it is as it was.
    """
    around = element.print.around
    return bool(around) and around == Fingerprint.read(box.print).around and reflowed(element, box)


def _one_letter(element: Element, box: Box) -> bool:
    """Say whether both are nameless and as narrow as one letter.

    A mask puts another letter in the place of the one that is an icon (`⋮`), half as wide.
    """
    there = Fingerprint.read(box.print)
    if min(element.width, element.height, box.width, box.height) <= 0:
        return False
    same_line = abs(log2(box.height / element.height)) <= NEAR
    narrow = max(element.width, box.width) <= max(element.height, box.height)
    return element.print.weak and there.weak and same_line and narrow


def _led_alike(element: Element, box: Box | None) -> bool:
    """Say whether what stands under the key leads where the element did, which has no words.

    Then another one that leads there, too (`href="#"` of two icons), is no better.
    """
    acted = element.print
    link = Fingerprint.read(box.print).link if box is not None else ""
    return bool(link) and link == acted.link and not (acted.words or acted.mark or acted.row)


def _differ(one: str, other: str) -> bool:
    return bool(one and other and one != other)


def _contradict(acted: Fingerprint, there: Fingerprint) -> bool:
    if same_recording(acted.row, there.row) and acted.row != there.row:
        return True
    return any(
        _differ(getattr(acted, name), getattr(there, name)) for name in ("kind", "link", "mark")
    )


def _row(key: str) -> str:
    """Return a selector up to the last step that counts, where other steps follow; "" = none."""
    steps = key.split(">")[:-1]
    while steps and not positional(steps[-1]):
        steps.pop()
    return ">".join(steps)


def _start(key: str) -> str:
    """Return the step that a selector starts at: numbers alone name nothing beyond its region."""
    return key.partition(">")[0]


def _common_end(one: str, other: str) -> int:
    """Count the last steps that two selectors have in common."""
    same = 0
    for mine, theirs in zip(reversed(one.split(">")), reversed(other.split(">")), strict=False):
        if mine != theirs:
            break
        same += 1
    return same
