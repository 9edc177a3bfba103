"""A report taken apart: headings, paragraphs, captions, footnotes and tables, each with its line.

The edition's own tables and those found in a report's text become the same `Grid`, a table as a reviewer
sees it, so every check works on both.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from analysis_lib.data.cells import Cell


class Ref(NamedTuple):
    """The address of a cell: key of its grid, and position of its row and column, from 0."""

    grid: str
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class GridColumn:
    """A column under its printed header; `group` is the header that spans it, `mark` a footnote's."""

    header: str
    group: str = ""
    key: str = ""
    mark: str = ""

    @property
    def said(self) -> str:
        """All that is printed over the column."""
        return f"{self.group} {self.header}"


@dataclass(frozen=True, slots=True)
class GridRow:
    """A row under its printed label, with a footnote's mark; a heading has cells that are all blank."""

    label: str
    cells: tuple[Cell, ...]
    line: int = 0
    key: str = ""
    mark: str = ""

    @property
    def is_heading(self) -> bool:
        """True where no cell holds a number."""
        return all(cell.number is None for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Grid:
    """One table.

    Attributes
    ----------
    key : str
        Unique in its document: ``8.3``; a second table of the same number is ``16.1 (2)``.
    number : str
        As printed, so that two tables may carry the same.
    caption : str
        With the unit and the period that it names; without the number.
    columns : tuple of GridColumn
    rows : tuple of GridRow
        Each with one cell for every column.
    file : str
        What it was read from.
    line : int
        Line of the caption, or of the header in a data file.
    name : str
        What a reader calls it; «tabell 8.3» where nothing else is said.
    audited : bool
        False for what tables are only held against: numbers of the text, and open data.
    """

    key: str
    number: str
    caption: str
    columns: tuple[GridColumn, ...]
    rows: tuple[GridRow, ...]
    file: str = ""
    line: int = 0
    name: str = ""
    audited: bool = True

    def __getitem__(self, ref: Ref) -> Cell:
        return self.rows[ref.row].cells[ref.column]

    def refs(self) -> Iterator[Ref]:
        """Yield the addresses of the cells that hold a number, row by row."""
        for i, row in enumerate(self.rows):
            for j, cell in enumerate(row.cells):
                if cell.number is not None:
                    yield Ref(self.key, i, j)

    def place(self, ref: Ref) -> str:
        """Return a cell's address for a reader: «tabell 8.3, Sum totalt, 2025».

        Where several rows or columns are labelled alike, their heading or group is named too.
        """
        column, row = self.columns[ref.column], self.rows[ref.row]
        alike = sum(other.header == column.header for other in self.columns) > 1
        head = f"{column.group}: {column.header}" if alike and column.group else column.header
        label = row.label
        if sum(other.label == label for other in self.rows) > 1 and (above := self.headings()[ref.row]):
            label = f"{above}: {label}"
        if not head and len(self.columns) > 1:
            head = f"kolonne {ref.column + 1}"
        return ", ".join(part for part in (self.name or f"tabell {self.number}", label, head) if part)

    def headings(self) -> list[str]:
        """Return, for each row, the label of the nearest heading above it, empty where there is none."""
        found, above = [], ""
        for row in self.rows:
            found.append(above)
            above = row.label if row.is_heading else above
        return found


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: «8.2» (nothing where it has no number), its title, its line."""

    number: str
    title: str
    line: int


class TargetKind(StrEnum):
    """What a reference may point to."""

    TABLE = "tabell"
    FIGURE = "figur"
    CHAPTER = "kapittel"


@dataclass(frozen=True, slots=True)
class Caption:
    """The caption of a table or a figure.

    `key` tells two of the same number apart, as in `Grid`.
    """

    kind: TargetKind
    number: str
    text: str
    line: int
    key: str = ""


@dataclass(frozen=True, slots=True)
class Footnote:
    """A footnote: its mark without ornament («25»), its text, its line."""

    mark: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Passage:
    """Running text, joined over line ends; `section` is the number of the heading that it stands under."""

    text: str
    line: int
    section: str = ""


@dataclass(frozen=True, slots=True)
class Skipped:
    """What could not be read: where it stands, what it is, and why it was left out."""

    line: int
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Document:
    """Everything the audit knows of a text.

    `file` is the name that findings show; `lines` the number of lines read. `notes` are the lines
    under tables and figures («Kilde: …», «*) …»); `contents` the table of contents.
    """

    file: str
    lines: int
    headings: tuple[Heading, ...] = ()
    paragraphs: tuple[Passage, ...] = ()
    captions: tuple[Caption, ...] = ()
    footnotes: tuple[Footnote, ...] = ()
    grids: tuple[Grid, ...] = ()
    skipped: tuple[Skipped, ...] = field(default=())
    notes: tuple[Passage, ...] = ()
    contents: tuple[Heading, ...] = ()
