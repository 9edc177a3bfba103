"""What percentages may be shares of; and parts that may not exceed their whole."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import permutations

from analysis_lib.audit.grid import Grid, Ref
from analysis_lib.audit.relations.checks import at_most, possible
from analysis_lib.audit.relations.equations import Cells, Equation
from analysis_lib.audit.relations.guess.confirm import Proposal, confirmed, support
from analysis_lib.audit.relations.guess.lines import (
    between_columns,
    between_rows,
    is_change,
    is_share,
    numbered_rows,
)
from analysis_lib.audit.relations.labels import PERCENT, WHOLE, is_total, plain
from analysis_lib.data.interval import Interval
from analysis_lib.data.periods import YEAR
from analysis_lib.indicators.arithmetic import share_pct, total

ANSWERS = re.compile(r"^n$|antall svar|antall respond|svar i alt", re.IGNORECASE)


def shares(grid: Grid) -> Iterator[list[Proposal]]:
    """Yield, for each column of percentages, what it may be the share of."""
    counts = [j for j in range(len(grid.columns)) if not is_share(grid, j) and not is_change(grid, j)]
    wholes = [j for j in counts if is_total(grid.columns[j].header)]
    rows = numbered_rows(grid)
    for j, column in enumerate(grid.columns):
        if not is_share(grid, j) or is_change(grid, j):
            continue
        alike = [k for k in counts if plain(grid.columns[k].header) == plain(column.header)]
        of_whole = [
            Proposal(between_columns(grid, "share", j, (k, whole), share_pct, rows), labelled=True)
            for k in alike
            for whole in wholes
        ]
        yield [*of_whole, *(Proposal(_of_column(grid, j, k)) for k in counts)]
    yield from _wholes(grid, counts)
    yield from _of_few(grid, counts)


def _of_column(grid: Grid, share: int, count: int) -> tuple[Equation, ...]:
    """Return a column as the percentages of another, over the rows that are no sums."""
    rows = [i for i in numbered_rows(grid) if not is_total(grid.rows[i].label)]
    whole = [Ref(grid.key, i, count) for i in rows]
    return tuple(
        Equation(
            "share_of_column", Ref(grid.key, i, share), (Ref(grid.key, i, count), *whole), _share_of_sum, ""
        )
        for i in rows
    )


def _share_of_sum(part: Interval, *whole: Interval) -> Interval:
    return share_pct(part, total(*whole))


def _of_few(grid: Grid, counts: Sequence[int]) -> Iterator[list[Proposal]]:
    """Yield, beside a column of few answers, the percentages that so few can give."""
    answers = [j for j in counts if ANSWERS.search(grid.columns[j].header)]
    for j in range(len(grid.columns)):
        if not is_share(grid, j) or is_change(grid, j) or len(answers) != 1:
            continue
        rows = [i for i in numbered_rows(grid) if _telling(grid, i, answers[0], j)]
        instances = between_columns(grid, "possible", j, (answers[0], j), possible, rows)
        yield [Proposal(instances, doubtful=True)] if len(rows) > 2 else []


def _telling(grid: Grid, row: int, count: int, share: int) -> bool:
    """Tell whether so few answered that some percentages are impossible."""
    number, printed = grid.rows[row].cells[count].number, grid.rows[row].cells[share].interval
    return number is not None and printed is not None and 0 < number * printed.width < 100


def _wholes(grid: Grid, counts: Sequence[int]) -> Iterator[list[Proposal]]:
    """Yield that columns of the same year do not exceed the one that is called a whole."""
    for whole in counts:
        head = grid.columns[whole].header
        if not WHOLE.search(head):
            continue
        for part in counts:
            other = grid.columns[part].header
            if part != whole and YEAR.findall(head) == YEAR.findall(other) and not WHOLE.search(other):
                instances = between_columns(grid, "at_most", part, (whole,), at_most, numbered_rows(grid))
                yield [Proposal(instances, doubtful=True)]


def share_rows(grid: Grid, cells: Cells) -> list[Equation]:
    """Return the rows of percentages as shares of two rows above, where only the numbers say which.

    A denominator that the table does not name is a guess, so what disagrees is doubtful at most.
    """
    columns = [j for j in range(len(grid.columns)) if not is_change(grid, j)]
    rows = numbered_rows(grid)
    found: list[Equation] = []
    for row in rows:
        if not PERCENT.search(grid.rows[row].label):
            continue
        counts = [i for i in rows if i < row and not PERCENT.search(grid.rows[i].label)]
        fitting = [
            Proposal(between_rows(grid, "share", row, pair, share_pct, columns), doubtful=True)
            for pair in permutations(counts, 2)
            if _nearly(grid, row, *pair, columns)
        ]
        standing = [item for item in fitting if support(item.instances, cells).confirmed]
        if len(standing) == 1:
            found += confirmed(standing[0], cells)
    return found


def _nearly(grid: Grid, row: int, part: int, whole: int, columns: Sequence[int]) -> bool:
    """Tell, quickly and roughly, whether two rows may give a row of percentages."""
    near, known = 0, 0
    for j in columns:
        share, a, b = (grid.rows[i].cells[j].number for i in (row, part, whole))
        if share is None or a is None or b is None or b == 0:
            continue
        known += 1
        near += abs(float(share) - 100 * float(a) / float(b)) < 1
    return known > 2 and 3 * near >= 2 * known
