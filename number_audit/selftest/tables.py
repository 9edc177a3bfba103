"""Slips in tables: a digit, a column moved, a header of another year, a row left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from analysis_lib.data.cells import Cell
from analysis_lib.data.periods import YEAR
from number_audit.document import Document, Grid, GridRow
from number_audit.relations.web import Web
from number_audit.selftest.digits import mutations
from number_audit.selftest.plant import Plant, SlipKind, with_grid

_FEWEST = 3


def cells(document: Document, web: Web) -> Iterator[Plant]:
    """Yield a digit changed in each cell that stands in a relation, two other digits at every place."""
    for grid in document.grids:
        for ref in grid.refs():
            for changed in mutations(grid[ref]) if ref in web.at else ():
                rows = _with_cell(grid, ref.row, ref.column, changed)
                yield _plant(document, SlipKind.CELL, grid, rows, grid.place(ref), _told(grid[ref], changed))


def columns(document: Document) -> Iterator[Plant]:
    """Yield each column of numbers with its numbers moved one row up; the topmost takes the last place."""
    for grid in document.grids:
        for j, column in enumerate(grid.columns):
            refs = [ref for ref in grid.refs() if ref.column == j]
            moved = [grid[ref] for ref in [*refs[1:], *refs[:1]]]
            if len(refs) < _FEWEST or [cell.number for cell in moved] == [grid[ref].number for ref in refs]:
                continue
            rows = grid.rows
            for ref, cell in zip(refs, moved, strict=True):
                rows = _with_cell(replace(grid, rows=rows), ref.row, j, cell)
            yield _plant(
                document, SlipKind.COLUMN, grid, rows, _name(grid), f"kolonnen «{column.header}» én rad opp"
            )


def headers(document: Document) -> Iterator[Plant]:
    """Yield each column header with its years a year too early."""
    for grid in document.grids:
        for j, column in enumerate(grid.columns):
            header = YEAR.sub(lambda match: str(int(match[0]) - 1), column.header)
            if header != column.header:
                changed = (*grid.columns[:j], replace(column, header=header), *grid.columns[j + 1 :])
                yield Plant(
                    SlipKind.HEADER,
                    (_name(grid), f"linje {grid.line}"),
                    f"{column.header} → {header}",
                    document,
                    with_grid(document, grid, replace(grid, columns=changed)),
                )


def rows(document: Document, web: Web) -> Iterator[Plant]:
    """Yield each table without one of the rows that a sum adds up."""
    for grid in document.grids:
        sums = (item for item in web.equations if item.kind == "sum" and item.result.grid == grid.key)
        terms = {ref.row for item in sums for ref in item.terms if ref.column == item.result.column}
        for i in sorted(terms):
            left = (*grid.rows[:i], *grid.rows[i + 1 :])
            yield _plant(
                document, SlipKind.ROW, grid, left, _name(grid), f"uten raden «{grid.rows[i].label}»"
            )


def by_chapter(document: Document) -> list[Document]:
    """Return the document with the tables of one chapter at a time; all at once where numbers tell none."""
    chapters: dict[str, list[Grid]] = {}
    for grid in document.grids:
        chapter, point, _ = grid.number.partition(".")
        chapters.setdefault(chapter if point else "", []).append(grid)
    return [replace(document, grids=tuple(grids)) for grids in chapters.values()]


def _with_cell(grid: Grid, row: int, column: int, cell: Cell) -> tuple[GridRow, ...]:
    old = grid.rows[row]
    new = replace(old, cells=(*old.cells[:column], cell, *old.cells[column + 1 :]))
    return (*grid.rows[:row], new, *grid.rows[row + 1 :])


def _plant(
    document: Document, kind: SlipKind, grid: Grid, rows: tuple[GridRow, ...], place: str, change: str
) -> Plant:
    return Plant(kind, (place,), change, document, with_grid(document, grid, replace(grid, rows=rows)))


def _name(grid: Grid) -> str:
    return grid.name or f"tabell {grid.number}"


def _told(old: Cell, new: Cell) -> str:
    return f"{old.text.strip()} → {new.text.strip()}"
