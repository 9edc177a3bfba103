"""What a page is put together from: the pieces of a paragraph, and the cells, rows and columns of a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple

from analysis_lib.data.cells import Kind
from analysis_lib.data.files import Model
from analysis_lib.indicators.values import PrintVerdict


class Flag(StrEnum):
    """Why a cell of a table is marked."""

    DEVIATES = "deviates"
    CORRECTED = "corrected"


class PieceKind(StrEnum):
    """What a piece of a paragraph is.

    `TEXT` was typed, `NUMBER` is a bound number, `DIRECTION` and `WORDS` are words that the data choose (by
    sign; by rank or comparison), `PLAIN` is a parameter or another text of the notebook.
    """

    TEXT = "text"
    NUMBER = "number"
    DIRECTION = "direction"
    WORDS = "words"
    PLAIN = "plain"


class Part(Model):
    """A piece of a paragraph: its text, and for what is bound the expression, its format and its numbers."""

    text: str
    kind: PieceKind = PieceKind.TEXT
    expression: str = ""
    format: str = ""
    refs: tuple[str, ...] = ()


class Paragraph(Model):
    """A paragraph or list item: its template, and its pieces, or the number that it lacks."""

    template: str
    parts: tuple[Part, ...] = ()
    lacks: str = ""


class NumberShown(NamedTuple):
    """One place where a number is shown: its ref, its text, and the format that it was asked for in."""

    ref: str
    text: str
    format: str


def numbers_in(parts: Iterable[Part]) -> Iterator[NumberShown]:
    """Yield the bound numbers among some pieces, and the words of direction that rest on one."""
    for part in parts:
        if part.kind in (PieceKind.NUMBER, PieceKind.DIRECTION):
            yield NumberShown(part.refs[0], part.text, part.format)


class CellPayload(Model):
    """A cell: its text and kind, and for a number the ref, the value, and how it compares with print."""

    text: str
    kind: Kind
    ref: str | None = None
    flag: Flag | None = None
    value: float | None = None
    printed: str | None = None
    verdict: PrintVerdict | None = None
    unit: str = ""


class ColumnPayload(Model):
    """A column's heading; `group_start` where a new group begins, `words` where it holds no numbers."""

    key: str
    label: str
    group_start: bool = False
    words: bool = False


class GroupPayload(Model):
    """A heading over several columns."""

    label: str
    span: int


class RowPayload(Model):
    """A row: its label, how far it is indented, and its cells; a heading has none."""

    key: str
    label: str
    kind: str = "data"
    level: int = 0
    cells: tuple[CellPayload, ...]


class Grid(Model):
    """A table proper: what stands in its cells, and which signs and notes belong to it."""

    stub: str
    unit: str
    groups: tuple[GroupPayload, ...] = ()
    columns: tuple[ColumnPayload, ...]
    rows: tuple[RowPayload, ...]
    signs: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()

    def shown(self) -> Iterator[NumberShown]:
        """Yield the numbers of the cells, row by row."""
        for row in self.rows:
            for cell in row.cells:
                if cell.ref:
                    yield NumberShown(cell.ref, cell.text, "tall")
