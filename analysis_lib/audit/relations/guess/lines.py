"""A guessed relation between rows, or between columns, as one equation for each line across it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from analysis_lib.audit.grid import Grid, Ref
from analysis_lib.audit.relations.equations import Equation
from analysis_lib.audit.relations.labels import CHANGE, PERCENT, is_heading, period_of, said
from analysis_lib.data.interval import Interval

Function = Callable[..., Interval]


def numbered_rows(grid: Grid) -> list[int]:
    """Return the rows that are no headings."""
    return [i for i, row in enumerate(grid.rows) if not is_heading(row)]


def is_change(grid: Grid, column: int) -> bool:
    """Tell whether a column holds changes and not levels."""
    head = grid.columns[column]
    return period_of(head.header) is not None or CHANGE.search(said(head)) is not None


def is_share(grid: Grid, column: int) -> bool:
    """Tell whether a column holds percentages."""
    return PERCENT.search(said(grid.columns[column])) is not None


def between_rows(
    grid: Grid, kind: str, result: int, terms: Sequence[int], function: Function, columns: Sequence[int]
) -> tuple[Equation, ...]:
    """Return a relation between rows, an instance for each of the columns."""
    return tuple(
        _equation(kind, Ref(grid.key, result, j), [Ref(grid.key, i, j) for i in terms], function)
        for j in columns
    )


def between_columns(
    grid: Grid, kind: str, result: int, terms: Sequence[int], function: Function, rows: Sequence[int]
) -> tuple[Equation, ...]:
    """Return a relation between columns, an instance for each of the rows."""
    return tuple(
        _equation(kind, Ref(grid.key, i, result), [Ref(grid.key, i, j) for j in terms], function)
        for i in rows
    )


def _equation(kind: str, result: Ref, terms: Sequence[Ref], function: Function) -> Equation:
    bounds = kind in ("at_most", "possible")
    return Equation(kind, result, tuple(terms), function, "", blank_adds_nothing=kind == "sum", bounds=bounds)
