"""The edition's tables as grids: as printed, slips and all, or after its corrections."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from analysis_lib.data.cells import Cell, Kind, Rounding
from analysis_lib.data.editions import edition_year
from analysis_lib.data.inputs import relative
from analysis_lib.data.package import natural
from analysis_lib.data.periods import When
from analysis_lib.data.schema import Relation
from analysis_lib.data.tables import Table, read_as_printed
from analysis_lib.errors import DataFeil, nearest
from analysis_lib.indicators.edition import Edition, is_open
from analysis_lib.indicators.values import Value, from_cell
from number_audit.document import Grid, GridColumn, GridRow, Ref
from number_audit.language.periods import period_of
from number_audit.reading.cells import read_cell


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
        return read_as_printed(key, descriptor, _read_printed)

    def value(self, key: str, row: str, column: str | When) -> Value:
        """Return a cell's value as it is printed."""
        table = self.table(key)
        return from_cell(table, table.row(row).key, table.column(str(column)).key)

    def span(self, table: Table, relation: Relation) -> tuple[When, When] | None:
        """Return the years of the printed header, where the column names two that the table has."""
        if relation.operation != "change":
            return None
        for column in table.columns.values():
            if column.relation is relation and (years := period_of(column.header)):
                return years if set(years) <= set(table.years) else None
        return super().span(table, relation)


def _read_printed(
    text: str, *, decimals: int | None = None, exact: bool = False, rounding: Rounding | None = None
) -> Cell:
    """Read a cell of an edition, where what is no number is a number that is not available."""
    cell = read_cell(text, decimals=decimals, exact=exact, rounding=rounding)
    return replace(cell, kind=Kind.NOT_AVAILABLE) if cell.kind is Kind.TEXT else cell


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
    return Grid(table.key, spec.number, caption, columns, rows, table.path, 1, audited=not is_open(table.key))


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
