"""What a question answers with: named columns with units, and facts about them. No wire format."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
from msgspec import Struct, field

Kind = Literal["number", "integer", "time", "string", "boolean"]


class Field(Struct, frozen=True):
    """One column: its name and unit are part of the public contract."""

    name: str
    kind: Kind
    doc: str
    unit: str = ""  # Grafana's id of a unit: pixel, ms, percentunit, ...
    nullable: bool = False


class Shape(Struct, frozen=True):
    """The columns of one frame, in order."""

    name: str
    doc: str
    fields: tuple[Field, ...]


class Frame(Struct, frozen=True, kw_only=True):
    """A shape with values: one sequence per field. `labels` go to every number column.

    `series` is what a legend calls the numbers, where the labels say more than that.
    """

    shape: Shape
    values: tuple[Sequence[Any] | np.ndarray[Any, Any], ...]
    meta: Mapping[str, Any] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    series: str = ""
    units: Mapping[str, str] = field(default_factory=dict)  # where a unit depends on the params
    notices: tuple[str, ...] = ()


def frame_of_rows(
    shape: Shape, rows: Sequence[Mapping[str, Any]], *, meta: Mapping[str, Any] | None = None
) -> Frame:
    """Turn rows keyed by field name into a frame."""
    columns = tuple([row[column.name] for row in rows] for column in shape.fields)
    return Frame(shape=shape, values=columns, meta=meta or {})
