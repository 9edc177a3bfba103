"""The edition's tables as grids: as printed, slips and all, or after its corrections."""

from __future__ import annotations

from pathlib import Path

from analysis_lib.audit.grid import Grid, GridColumn, GridRow, Ref
from analysis_lib.audit.relations.labels import period_of
from analysis_lib.audit.relations.printed import read_cell
from analysis_lib.data.inputs import relative
from analysis_lib.data.package import natural
from analysis_lib.data.reading import read_as_printed, read_table
from analysis_lib.data.schema import Relation
from analysis_lib.data.tables import Table
from analysis_lib.errors import DataFeil, nearest
from analysis_lib.indicators.edition import Edition
from analysis_lib.indicators.values import Value, from_cell


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
        super().__init__(int(folder.name) if folder.name.isdigit() else 0, name=folder.name)
        self.folder = folder
        self.corrected = corrected

    @property
    def keys(self) -> list[str]:
        """The tables of the edition, in the report's order."""
        return sorted((path.stem for path in (self.folder / "tabeller").glob("*.yml")), key=natural)

    @property
    def known(self) -> list[str]:
        """The tables that have been asked for, open data among them."""
        return list(self._tables)

    def table(self, key: str) -> Table:
        """Return a table of the edition, or of the open data beside it."""
        if key not in self._tables:
            is_open = "/" in key
            parent = self.folder.parents[1] / "open" if is_open else self.folder / "tabeller"
            descriptor = parent / f"{key}.yml"
            self._tables[key] = (
                read_table(key, descriptor, self.folder / "corrections.yml")
                if self.corrected or is_open
                else read_as_printed(key, descriptor, read_cell)
            )
        return self._tables[key]

    def value(self, key: str, row: str, column: str | int) -> Value:
        """Return a cell's value as it is printed."""
        table = self.table(key)
        return from_cell(table, table.row(row).key, table.column(str(column)).key)

    def span(self, table: Table, relation: Relation) -> tuple[int, int] | None:
        """Return the years of the printed header, where the column names two that the table has."""
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


def ref_of(edition: Edition, key: str, row: str, column: str) -> Ref:
    """Return the address of a cell that is named by its keys."""
    table = edition.table(key)
    return Ref(key, list(table.rows).index(row), list(table.columns).index(column))
