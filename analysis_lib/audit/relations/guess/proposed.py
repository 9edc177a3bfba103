"""All relations that tables confirm of themselves, as a web."""

from __future__ import annotations

from collections.abc import Sequence

from analysis_lib.audit.grid import Grid
from analysis_lib.audit.relations.equations import Cells, Equation
from analysis_lib.audit.relations.guess.changes import changes, period_columns
from analysis_lib.audit.relations.guess.confirm import best, lost_term
from analysis_lib.audit.relations.guess.exact import exact_counts
from analysis_lib.audit.relations.guess.pairs import families, same_rows
from analysis_lib.audit.relations.guess.shares import share_rows, shares
from analysis_lib.audit.relations.guess.sums import sums
from analysis_lib.audit.relations.printed import with_column_precision
from analysis_lib.audit.relations.web import Web, weave

# What a row may follow from is sought among all rows, which in a register of thousands would take hours.
MOST_ROWS = 500


def proposed(grid: Grid, cells: Cells) -> list[Equation]:
    """Return the relations of a table that its own numbers confirm."""
    groups = [*sums(grid), *changes(grid), *shares(grid)]
    found = [item for group in groups for item in best(group, cells)]
    found += [*period_columns(grid, cells), *share_rows(grid, cells)]
    explained = {item.result for item in found}
    lost = [item for group in groups for item in lost_term(group, cells)]
    found += [item for item in lost if item.result not in explained]
    unique = {(item.kind, item.result, item.terms): item for item in found}
    return list(unique.values())


def guessed_web(grids: Sequence[Grid]) -> Web:
    """Return tables with the relations that they confirm of themselves and of each other."""
    precise = [with_column_precision(grid) for grid in grids]
    web = weave(precise, [], families(precise))
    given = [item for grid in precise if len(grid.rows) <= MOST_ROWS for item in proposed(grid, web.cells)]
    given += same_rows(precise, web.cells)
    return web.with_given(given).with_cells(exact_counts(precise, given, web.cells))
