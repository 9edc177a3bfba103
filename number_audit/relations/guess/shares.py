"""What sums may be sums of, and percentages shares of; parts that may not exceed their whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import permutations, takewhile

from analysis_lib.data.interval import Interval
from analysis_lib.data.periods import YEAR
from analysis_lib.indicators.arithmetic import share_pct, total
from number_audit.document import Grid, GridRow, Ref
from number_audit.findings import CheckKind
from number_audit.language.periods import period_of
from number_audit.language.words import CHANGE, PERCENT, WHOLE, is_total, plain
from number_audit.relations.equations import Cells, Equation, at_most, possible, rest_of_100
from number_audit.relations.guess.confirm import Proposal, confirmed, support

Function = Callable[..., Interval]


def is_heading(row: GridRow) -> bool:
    """Tell whether a row heads those below: at least half of its cells hold no number."""
    return 2 * sum(cell.number is not None for cell in row.cells) < len(row.cells)


def numbered_rows(grid: Grid) -> list[int]:
    """Return the rows that are no headings."""
    return [i for i, row in enumerate(grid.rows) if not is_heading(row)]


def is_change(grid: Grid, column: int) -> bool:
    """Tell whether a column holds changes and not levels."""
    head = grid.columns[column]
    return period_of(head.header) is not None or CHANGE.search(head.said) is not None


def is_share(grid: Grid, column: int) -> bool:
    """Tell whether a column holds percentages."""
    return PERCENT.search(grid.columns[column].said) is not None


def between_columns(
    grid: Grid,
    kind: CheckKind,
    result: int,
    terms: Sequence[int],
    function: Function,
    lines: Sequence[int],
    *,
    of_rows: bool = False,
) -> tuple[Equation, ...]:
    """Return a relation between columns, an instance for each row of `lines`; or the other way about."""
    sums, bounds = kind is CheckKind.SUM, kind in (CheckKind.AT_MOST, CheckKind.POSSIBLE)

    def at(line: int, place: int) -> Ref:
        return Ref(grid.key, place, line) if of_rows else Ref(grid.key, line, place)

    cells = ((at(line, result), tuple(at(line, term) for term in terms)) for line in lines)
    return tuple(Equation(kind, *own, function, blank_adds_nothing=sums, bounds=bounds) for own in cells)


between_rows = partial(between_columns, of_rows=True)


ANSWERS = re.compile(r"^n$|antall svar|antall respond|svar i alt", re.IGNORECASE)

# How many rows of counts above a row of percentages its two may be among.
REACH = 30


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
            Proposal(between_columns(grid, CheckKind.SHARE, j, (k, whole), share_pct, rows), labelled=True)
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
            CheckKind.SHARE_OF_COLUMN,
            Ref(grid.key, i, share),
            (Ref(grid.key, i, count), *whole),
            _share_of_sum,
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
        instances = between_columns(grid, CheckKind.POSSIBLE, j, (answers[0], j), possible, rows)
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
                instances = between_columns(
                    grid, CheckKind.AT_MOST, part, (whole,), at_most, numbered_rows(grid)
                )
                yield [Proposal(instances, doubtful=True)]


def share_rows(grid: Grid, cells: Cells) -> list[Equation]:
    """Return the rows of percentages as shares of two of the rows above, where only the numbers say which.

    A denominator that the table does not name is a guess, so what disagrees is doubtful at most.
    """
    columns = [j for j in range(len(grid.columns)) if not is_change(grid, j)]
    rows = numbered_rows(grid)
    found: list[Equation] = []
    for row in rows:
        if not PERCENT.search(grid.rows[row].label):
            continue
        counts = [i for i in rows if i < row and not PERCENT.search(grid.rows[i].label)][-REACH:]
        fitting = [
            Proposal(between_rows(grid, CheckKind.SHARE, row, pair, share_pct, columns), doubtful=True)
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


def sums(grid: Grid) -> Iterator[list[Proposal]]:
    """Yield, for each row or column called a sum, what it may be the sum of."""
    yield from _rows(grid)
    yield from _blocks(grid)
    yield from _columns(grid)
    yield from _parts(grid)


def _rows(grid: Grid) -> Iterator[list[Proposal]]:
    for row in numbered_rows(grid):
        if is_total(grid.rows[row].label):
            choices = dict.fromkeys(tuple(choice) for choice in _summands(grid, row) if len(choice) > 1)
            for shares in (False, True):
                yield [Proposal(_sum_of_rows(grid, row, choice, shares), labelled=True) for choice in choices]


def _sum_of_rows(grid: Grid, row: int, terms: Sequence[int], shares: bool) -> tuple[Equation, ...]:
    """Return a sum of rows in the columns of levels, or in those of shares: these may have other wholes."""
    columns = [j for j in range(len(grid.columns)) if not is_change(grid, j) and is_share(grid, j) == shares]
    return between_rows(grid, CheckKind.SUM, row, terms, total, columns)


def _summands(grid: Grid, row: int) -> Iterator[list[int]]:
    """Yield the rows that a sum may be of, above it or, where a total stands first, below."""
    yield from _on_one_side(grid, range(row - 1, -1, -1))
    if is_total(grid.rows[numbered_rows(grid)[0]].label):
        yield from _on_one_side(grid, range(row + 1, len(grid.rows)))


def _on_one_side(grid: Grid, side: range) -> Iterator[list[int]]:
    """Yield, of the rows from a sum and away: its block, the subtotals, all that is not a sum."""
    told = [i for i in side if any(cell.number is not None for cell in grid.rows[i].cells)]
    rows = [i for i in told if not is_heading(grid.rows[i])]
    subtotals = [i for i in rows if is_total(grid.rows[i].label)]
    block = set(takewhile(lambda i: not is_heading(grid.rows[i]), side))
    nearer = set(takewhile(lambda i: i not in subtotals, side))
    yield sorted(block.intersection(rows))
    yield sorted(block.intersection(rows) & nearer)
    yield sorted(subtotals)
    yield sorted(set(rows).difference(subtotals))
    # A scheme that paid nothing in most years looks like a heading, and is a term all the same.
    yield sorted(nearer.intersection(told))
    yield sorted([*nearer.intersection(told), *subtotals[:1]])


def _blocks(grid: Grid) -> Iterator[list[Proposal]]:
    """Yield that the last of several blocks with the same labels is the sum of those before it."""
    labels: dict[str, list[int]] = {}
    for row in numbered_rows(grid):
        labels.setdefault(plain(grid.rows[row].label), []).append(row)
    repeated = [rows for rows in labels.values() if len(rows) > 2]
    totals = [row for row in numbered_rows(grid) if is_total(grid.rows[row].label)]
    if repeated:
        once = [rows[0] for rows in labels.values() if len(rows) == 1]
        totals = [row for row in once if is_total(grid.rows[row].label)]
        blocks = [*repeated, *([totals] if len(totals) == len(repeated[0]) else [])]
        sums_of = (_sum_of_rows(grid, rows[-1], rows[:-1], shares=False) for rows in blocks)
        yield [Proposal(tuple(item for instances in sums_of for item in instances))]


def _columns(grid: Grid) -> Iterator[list[Proposal]]:
    rows = numbered_rows(grid)
    for j, column in enumerate(grid.columns):
        if is_total(column.header):
            choices = {tuple(choice) for choice in _beside(grid, j)}
        elif is_total(column.group) and not PERCENT.search(column.header):
            choices = {
                tuple(
                    k
                    for k, other in enumerate(grid.columns)
                    if plain(other.header) == plain(column.header) and other.group != column.group
                )
            }
        else:
            continue
        yield [
            Proposal(between_columns(grid, CheckKind.SUM, j, choice, total, rows), labelled=True)
            for choice in sorted(choices)
            if len(choice) > 1
        ]


def _beside(grid: Grid, column: int) -> Iterator[list[int]]:
    """Yield the columns that a sum may be of: those before it, or after it where it stands first."""
    for side in (range(column), range(column + 1, len(grid.columns))):
        levels = [k for k in side if not is_share(grid, k)]
        if side.start:
            levels = [k for k in levels if not is_change(grid, k)]
        own_group = [k for k in levels if grid.columns[k].group == grid.columns[column].group]
        yield levels
        yield own_group
        if any(not is_share(grid, k) for k in range(column)):
            return


def _parts(grid: Grid) -> Iterator[list[Proposal]]:
    """Yield that percentages beside each other, where caption or headers say so, are of one whole."""
    groups = {column.group for column in grid.columns}
    for group in sorted(groups):
        columns = [j for j, column in enumerate(grid.columns) if column.group == group]
        said = PERCENT.search(grid.caption) or all(is_share(grid, j) for j in columns)
        parts = [j for j in columns if not is_total(grid.columns[j].header) and not is_change(grid, j)]
        if said and len(parts) > 1:
            first, *others = parts
            yield [
                Proposal(
                    between_columns(grid, CheckKind.PARTS, first, others, rest_of_100, numbered_rows(grid))
                )
            ]
