"""All relations that tables confirm of themselves, as a web.

Likely relations of tables of which nothing is known but what they print.

`sums`, `shares`, `changes` and `pairs` propose, by labels and headers; `confirm` keeps what the table's own
numbers bear out, and `proposed` weaves the rest into a web. A proposal alone never accuses a number.
"""

from __future__ import annotations

from collections.abc import Sequence

from number_audit.document import Grid
from number_audit.relations.equations import Cells, Equation
from number_audit.relations.guess.changes import changes, period_columns
from number_audit.relations.guess.confirm import best, exact_counts, lost_term
from number_audit.relations.guess.pairs import families, same_rows
from number_audit.relations.guess.shares import share_rows, shares, sums
from number_audit.relations.printed import with_column_precision
from number_audit.relations.web import Web, weave

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
