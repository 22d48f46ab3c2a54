"""Nodes whose children's places are used again, so that a number among them names nobody."""

from typing import Final, Protocol

from msgspec import Struct

LOOKED_BEHIND: Final = 8
"""Siblings looked at for one of the same kind."""


class UsedAgain(Struct, frozen=True):
    """The ids of such nodes."""

    lists: frozenset[int] = frozenset()  # many children went, as the rows of a virtual list do
    shifted: frozenset[int] = frozenset()  # a child came or went before one that stayed

    def __or__(self, other: "UsedAgain") -> "UsedAgain":
        return UsedAgain(self.lists | other.lists, self.shifted | other.shifted)

    def __bool__(self) -> bool:
        return bool(self.lists or self.shifted)


class Sibling(Protocol):
    """What is looked at of a node of the tree."""

    @property
    def id(self) -> int:
        """Its number."""

    @property
    def tag(self) -> str:
        """Its tag; "" for what is no element."""

    @property
    def parent(self) -> "Sibling | None":
        """Its parent, None for a root or a node that was taken away."""

    @property
    def after(self) -> "Sibling | None":
        """Its next sibling."""


class Shifts:
    """Notes the nodes whose children were counted anew: one came or went before one that stayed.

    Each batch of changes is looked at as a whole: what is replaced at once has nothing that stayed.
    """

    def __init__(self) -> None:
        self.parents: set[int] = set()
        self._new: set[int] = set()  # nodes that came in this batch ...
        self._gone: set[int] = set()  # ... and went
        self._doubts: list[tuple[int, Sibling]] = []  # a parent, and who stood behind the change

    def comes(self, node: Sibling) -> None:
        """Note a node that was put where it stands."""
        if node.id not in self._gone:
            self._new.add(node.id)
        self._doubt(node)

    def goes(self, node: Sibling) -> None:
        """Note a node that is about to be taken away."""
        self._doubt(node)
        if node.id not in self._new:
            self._gone.add(node.id)

    def end_batch(self) -> None:
        """End a batch."""
        for parent, behind in self._doubts:
            stays = behind.parent is not None and behind.parent.id == parent
            if stays and behind.id not in self._new:
                self.parents.add(parent)
        self._doubts.clear()
        self._new.clear()
        self._gone.clear()

    def _doubt(self, node: Sibling) -> None:
        parent = node.parent
        if not node.tag or parent is None or parent.id in self.parents:
            return
        behind = node.after
        for _ in range(LOOKED_BEHIND):
            if behind is None:
                return
            if behind.tag == node.tag:
                self._doubts.append((parent.id, behind))
                return
            behind = behind.after
