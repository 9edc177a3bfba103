"""Cells as a reviewer reads them: units and slips in the field, and how precisely a column is printed."""

from __future__ import annotations

import re
from dataclasses import replace

from analysis_lib.audit.grid import Grid
from analysis_lib.data.cells import Cell, Kind, parse_cell
from analysis_lib.data.interval import Interval

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
