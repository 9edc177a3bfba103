"""The edition's tables as grids: as printed, slips and all, or after its corrections.

Cells as a reviewer reads them: units and slips in the field, and how precisely a column is printed.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from analysis_lib.data.cells import Cell, Kind, parse_cell
from analysis_lib.data.editions import edition_year
from analysis_lib.data.inputs import relative
from analysis_lib.data.interval import Interval
from analysis_lib.data.package import natural
from analysis_lib.data.schema import Relation
from analysis_lib.data.tables import Table, read_as_printed
from analysis_lib.errors import DataFeil, nearest
from analysis_lib.indicators.edition import Edition, is_open
from analysis_lib.indicators.values import Value, from_cell
from number_audit.document import Grid, GridColumn, GridRow, Ref
from number_audit.language.periods import period_of

_WITH_UNIT = re.compile(r"\(?(?P<number>[+\-−]?\d[\d  \u202f]*(?:,\d+)?) ?(?:mill\.|mrd\.|mnd\.|kr|%)\)?")

_ALMOST = re.compile(r"[+\-−]?\d[\d ,\u00a0\u202f]*[^\W\d_]?[\d ,]*")


def read_cell(text: str, *, decimals: int | None = None, exact: bool = False) -> Cell:
    """Read a printed cell, also one with its unit in the field; what is no number is «not available».

    >>> read_cell("241,9 mill.").number, read_cell("(10 mnd.)").number
    (Fraction(2419, 10), Fraction(10, 1))
    >>> read_cell("86 429d").kind.value
    'na'
    """
    stripped = text.strip()
    match = _WITH_UNIT.fullmatch(stripped)
    for candidate in (stripped, match["number"] if match else ""):
        try:
            cell = parse_cell(candidate, decimals=decimals, exact=exact)
        except ValueError:
            continue
        if candidate or not stripped:
            return replace(cell, printed=text)
    return Cell(Kind.NOT_AVAILABLE, text)


def is_unreadable(cell: Cell) -> bool:
    """Tell whether a cell is a number but for one sign too many, or a group of digits too short.

    >>> [is_unreadable(read_cell(text)) for text in ("86 429d", "4 79", "A97", "10-15", "")]
    [True, True, False, False, False]
    """
    return cell.number is None and _ALMOST.fullmatch(cell.text.strip()) is not None


def dropped_decimals(cells: list[Cell]) -> int | None:
    """Return the decimals of a column that drops trailing zeros, or None where that is not evident.

    It is evident where at least half of the numbers have the greatest number of decimals and none
    of these ends in a zero: «2,5» and «3» in one column, but never «2,0».

    >>> dropped_decimals([parse_cell(text) for text in ("2,6", "3", "4,3")])
    1
    >>> dropped_decimals([parse_cell(text) for text in ("552", "41", "72,1")]) is None
    True
    """
    numbers = [cell for cell in cells if cell.number is not None]
    most = max((cell.decimals for cell in numbers), default=0)
    full = [cell for cell in numbers if cell.decimals == most]
    ends_in_zero = any(cell.number is not None and (cell.number * 10**most) % 10 == 0 for cell in full)
    evident = most > 0 and 2 * len(full) >= len(numbers) and not ends_in_zero and len(full) < len(numbers)
    return most if evident else None


def with_column_precision(grid: Grid) -> Grid:
    """Return a grid whose cells have the precision of their column, where the column drops zeros."""
    places = [dropped_decimals([row.cells[j] for row in grid.rows]) for j in range(len(grid.columns))]
    rows = tuple(
        replace(row, cells=tuple(_with_decimals(*item) for item in zip(row.cells, places, strict=True)))
        for row in grid.rows
    )
    return replace(grid, rows=rows)


def _with_decimals(cell: Cell, decimals: int | None) -> Cell:
    if decimals is None or cell.number is None or cell.decimals >= decimals:
        return cell
    return replace(cell, decimals=decimals, interval=Interval.rounded(cell.number, decimals))


class Printed(Edition):
    """An edition in which every cell is what is printed, never computed from others.

    Asked for the terms of a relation it therefore gives printed cells, which is what an audit
    compares. A change runs between the years that stand in the printed header.

    Parameters
    ----------
    folder : Path
        ``data/published/2025``.
    corrected : bool
        After the corrections of the edition, or as printed.
    """

    def __init__(self, folder: Path, *, corrected: bool = False) -> None:
        if not (folder / "tabeller").is_dir():
            known = [path.parent.name for path in folder.parent.glob("*/tabeller")]
            raise DataFeil(
                "utgaven har ingen mappe «tabeller»", where=relative(folder), hint=nearest(folder.name, known)
            )
        super().__init__(edition_year(folder), folder=folder)
        self.corrected = corrected

    @property
    def keys(self) -> list[str]:
        """The tables of the edition, in the report's order."""
        return sorted((path.stem for path in (self.folder / "tabeller").glob("*.yml")), key=natural)

    @property
    def known(self) -> list[str]:
        """The tables that have been asked for, open data among them."""
        return list(self._tables)

    @property
    def open_folder(self) -> Path:
        """The open data beside the edition."""
        return self.folder.parents[1] / "open"

    def _read(self, key: str, descriptor: Path) -> Table:
        if self.corrected or is_open(key):
            return super()._read(key, descriptor)
        return read_as_printed(key, descriptor, read_cell)

    def value(self, key: str, row: str, column: str | int) -> Value:
        """Return a cell's value as it is printed."""
        table = self.table(key)
        return from_cell(table, table.row(row).key, table.column(str(column)).key)

    def span(self, table: Table, relation: Relation) -> tuple[int, int] | None:
        """Return the years of the printed header, where the column names two that the table has."""
        if relation.operation != "change":
            return None
        for column in table.columns.values():
            if column.relation is relation and (years := period_of(column.header)):
                return years if set(years) <= set(table.years) else None
        return super().span(table, relation)


def grid_of(table: Table) -> Grid:
    """Return a table of the edition as a grid."""
    columns = tuple(GridColumn(column.header, column.group, column.key) for column in table.columns.values())
    rows = tuple(
        GridRow(
            row.label,
            tuple(table.cells[row.key, column] for column in table.columns),
            table.cells[row.key, next(iter(table.columns))].line,
            row.key,
        )
        for row in table.rows.values()
    )
    spec = table.spec
    caption = ". ".join(part for part in (spec.title, spec.unit, spec.basis, spec.period) if part)
    return Grid(table.key, spec.number, caption, columns, rows, table.path, 1)


def cell_address(text: str, where: str) -> tuple[str, str, str]:
    """Return the keys of table, row and column in ``8.3/sum_basis/2025``; else `DataFeil`."""
    parts = text.rsplit("/", 2)
    if len(parts) != 3:
        raise DataFeil(f"«{text}» er ikke en celle", where=where, hint="Ventet tabell/rad/kolonne.")
    return parts[0], parts[1], parts[2]


def ref_of(edition: Edition, key: str, row: str, column: str) -> Ref:
    """Return the address of a cell that is named by its keys."""
    table = edition.table(key)
    return Ref(key, list(table.rows).index(row), list(table.columns).index(column))
