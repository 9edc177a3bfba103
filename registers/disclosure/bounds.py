"""How well a hidden cell can be computed: intervals under linear equations, in two ways."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import block_array, csr_array, eye_array
from scipy.sparse.csgraph import connected_components

from analysis_lib.errors import KontrollFeil
from registers.disclosure.published import CLOSE

# An interval is as wide as it should be when it lacks less than SLACK: a programme's own accuracy.
ROUNDS, DIRECTIONS, GAIN, SLACK, ENOUGH = 12, 16, 0.1, 1e-3, 1e4


@dataclass(frozen=True)
class Wanted:
    """What must not be computed: `hidden` cells, and `implied` ones (never published) if they are few.

    A cell is exposed if its interval is narrower than `width`; an implied one only if it then reaches below
    `small` without being nothing.
    """

    hidden: np.ndarray
    implied: np.ndarray
    width: float
    small: float

    def narrow(
        self, least: np.ndarray, most: np.ndarray, columns: np.ndarray | slice = slice(None)
    ) -> np.ndarray:
        """Tell which of some columns are exposed by their intervals."""
        handful = self.implied[columns] & (most > CLOSE) & (least < self.small - CLOSE)
        found: np.ndarray = (self.hidden[columns] | handful) & (most - least < self.width - SLACK)
        return found


def exposed(
    equations: csr_array, low: np.ndarray, high: np.ndarray, wanted: Wanted, seen: Seen | None = None
) -> tuple[np.ndarray, int]:
    """Return which cells are exposed, and the number of linear programmes.

    Bounds are first drawn through one equation at a time, which proves most exposures; then solutions in
    random directions certify many cells at once; each of the rest gets two programmes of its own.

    Parameters
    ----------
    equations : csr_array, shape (sums, cells)
        ``equations @ value == 0``.
    low, high : numpy.ndarray, shape (cells,)
        What is published of each cell; equal where it is shown.
    wanted : Wanted
    seen : Seen, optional
        The least and most of every cell in tables that are known to be possible, to which is added. With it,
        the last step is left out: what no table has certified counts as exposed (the gate mends such cells).
    """
    lowest, highest = tightened(equations, low, high)
    bad, programmes = wanted.narrow(lowest, highest), 0
    few = wanted.implied & (highest > CLOSE) & (lowest < wanted.small - CLOSE)
    for rows, columns in components(equations, highest - lowest > CLOSE):
        targets = np.flatnonzero((wanted.hidden | few)[columns] & ~bad[columns])
        if len(targets):
            part = _Part(equations[rows], columns, (low, high), lowest, seen)
            bad[columns[targets]] = part.search(targets, wanted, prove=seen is None)
            programmes += part.programmes
    return bad, programmes


@dataclass(frozen=True)
class Seen:
    """The least and the most of every cell, in all possible tables that have been seen; grows in place."""

    least: np.ndarray
    most: np.ndarray

    def add(self, value: np.ndarray, columns: np.ndarray) -> None:
        """Take in another possible table."""
        self.least[columns] = np.minimum(self.least[columns], value)
        self.most[columns] = np.maximum(self.most[columns], value)


def tightened(equations: csr_array, low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Draw bounds through single equations: a cell is at most the whole less the least of the other parts.

    Examples
    --------
    >>> total = csr_array([[1.0, -1.0, -1.0]])
    >>> [b.tolist() for b in tightened(total, np.array([9.0, 7, 0]), np.array([9.0, 7, np.inf]))]
    [[9.0, 7.0, 2.0], [9.0, 7.0, 2.0]]
    """
    low, high = low.copy(), high.copy()
    rows = np.repeat(np.arange(equations.shape[0]), np.diff(equations.indptr))
    columns, sign = equations.indices, equations.data
    for _ in range(ROUNDS):
        least = np.where(sign > 0, low[columns], -high[columns])
        most = np.where(sign > 0, high[columns], -low[columns])
        upper, lower = -_others(least, rows, -np.inf), -_others(most, rows, np.inf)
        before = low.copy(), high.copy()
        np.minimum.at(high, columns, np.where(sign > 0, upper, -lower))
        np.maximum.at(low, columns, np.where(sign > 0, lower, -upper))
        # What crosses by rounding meets; what crosses by more is found by the programmes.
        high = np.maximum(low, high)
        moved = (before[0] < low - CLOSE) | (before[1] > high + CLOSE)
        if not moved.any():
            break
    return low, high


def _others(terms: np.ndarray, rows: np.ndarray, endless: float) -> np.ndarray:
    """Return, for every entry, the sum of the other entries of its row; `endless` where one of them is."""
    finite = np.isfinite(terms)
    kept = np.where(finite, terms, 0)
    sums, many = np.bincount(rows, kept), np.bincount(rows, ~finite)
    return np.where(many[rows] - ~finite > 0, endless, sums[rows] - kept)


def components(equations: csr_array, free: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Give the rows and columns of each set of unknown cells that hang together."""
    columns = np.flatnonzero(free)
    unknown = equations[:, columns]
    rows = np.flatnonzero(np.diff(unknown.indptr))
    unknown = unknown[rows]
    group = joined(unknown)
    of_row = group[unknown.indices[unknown.indptr[:-1]]]
    by_column, by_row = np.argsort(group, kind="stable"), np.argsort(of_row, kind="stable")
    edges = np.arange(group.max(initial=-1) + 2)
    starts, row_starts = np.searchsorted(group[by_column], edges), np.searchsorted(of_row[by_row], edges)
    for number in range(len(edges) - 1):
        yield (
            rows[by_row[row_starts[number] : row_starts[number + 1]]],
            columns[by_column[starts[number] : starts[number + 1]]],
        )


def joined(equations: csr_array) -> np.ndarray:
    """Return a number for each column: the same for columns that equations join."""
    sums = equations.shape[0]
    _, group = connected_components(block_array([[None, equations], [equations.T, None]]), directed=False)
    _, group = np.unique(group[sums:], return_inverse=True)
    return np.asarray(group)


class _Part:
    """One set of unknown cells that hang together, and the least and most seen of each."""

    def __init__(
        self,
        rows: csr_array,
        columns: np.ndarray,
        bounds: tuple[np.ndarray, np.ndarray],
        known: np.ndarray,
        seen: Seen | None,
    ) -> None:
        self.columns, self.programmes = columns, 0
        value = known.copy()
        value[columns] = 0
        self.matrix, self.right = rows[:, columns], -(rows @ value)
        low, high = bounds[0][columns], bounds[1][columns]
        # Nothing is endless, or a programme has no end: more than all that is known cannot be told from it.
        cap = np.abs(self.right).sum() + ENOUGH
        self.bounds = np.column_stack([low, np.where(np.isfinite(high), high, low + cap)])
        self.seen = seen or Seen(np.full(len(known), np.inf), np.full(len(known), -np.inf))

    def solve(self, cost: np.ndarray) -> None:
        """Find the cheapest solution and remember what it shows of every cell."""
        solved = linprog(cost, A_eq=self.matrix, b_eq=self.right, bounds=self.bounds, method="highs")
        self.programmes += 1
        if solved.x is None:
            raise KontrollFeil("de publiserte tallene motsier hverandre", hint="Ingen tabell slippes ut.")
        self.seen.add(solved.x, self.columns)

    def search(self, targets: np.ndarray, wanted: Wanted, *, prove: bool) -> np.ndarray:
        """Return which targets are exposed, or, unless it shall be proved, not certified."""
        random, open_ = np.random.default_rng(0), self._open(targets, wanted)
        sign = np.zeros(len(self.columns))
        for number in range(DIRECTIONS if len(open_) else 0):
            if number % 2 == 0:
                sign[:] = 0
                sign[open_] = random.choice([-1.0, 1.0], len(open_))
            self.solve(sign if number % 2 == 0 else -sign)
            before, open_ = len(open_), self._open(open_, wanted)
            if not len(open_) or (number % 2 and len(open_) > before * (1 - GAIN)):
                break
        if not prove:
            return np.isin(targets, open_)
        for one in open_:
            for way in (1.0, -1.0):
                if len(self._open(np.array([one]), wanted)):
                    cost = np.zeros(len(self.columns))
                    cost[one] = way
                    self.solve(cost)
        own = self.columns[targets]
        return wanted.narrow(self.seen.least[own], self.seen.most[own], own)

    def _open(self, targets: np.ndarray, wanted: Wanted) -> np.ndarray:
        """Return the targets that no solution has certified: an interval that is wide enough."""
        own = self.columns[targets]
        found: np.ndarray = targets[self.seen.most[own] - self.seen.least[own] < wanted.width - SLACK]
        return found


def consistent(
    equations: csr_array,
    low: np.ndarray,
    high: np.ndarray,
    columns: np.ndarray,
    least: np.ndarray,
    most: np.ndarray,
) -> np.ndarray:
    """Tell which further values can be true together with the rest: least deviation, in one programme."""
    size, more = equations.shape[1], len(columns)
    if not more:
        return np.zeros(0, dtype=bool)
    pick = csr_array((np.ones(more), (np.arange(more), columns)), shape=(more, size))
    # value + up − down = said, least <= said <= most; what has to move is revised.
    eye = eye_array(more)
    rows = block_array([[equations, None, None, None], [pick, eye, -eye, -eye]]).tocsr()
    solved = linprog(
        np.concatenate([np.zeros(size), np.ones(2 * more), np.zeros(more)]),
        A_eq=rows,
        b_eq=np.zeros(rows.shape[0]),
        bounds=np.column_stack(
            [
                np.concatenate([low, np.zeros(2 * more), least]),
                np.concatenate([high, np.full(2 * more, np.inf), most]),
            ]
        ),
        method="highs",
    )
    if solved.x is None:
        raise KontrollFeil("de publiserte tallene motsier hverandre")
    moved = solved.x[size : size + more] + solved.x[size + more : size + 2 * more]
    return np.asarray(moved <= CLOSE * np.maximum(1, least), dtype=bool)


def completed(equations: csr_array, value: np.ndarray) -> np.ndarray:
    """Fill in cells that no table shows: what follows from a sum, for the rest what can be true.

    Examples
    --------
    >>> completed(csr_array([[1.0, -1.0, -1.0]]), np.array([9.0, 7.0, np.nan])).tolist()
    [9.0, 7.0, 2.0]
    """
    value, sign = value.copy(), equations.data
    rows = np.repeat(np.arange(equations.shape[0]), np.diff(equations.indptr))
    for _ in range(equations.shape[1]):
        missing = np.isnan(value)[equations.indices]
        alone = missing & (np.bincount(rows, missing, minlength=equations.shape[0])[rows] == 1)
        if not alone.any():
            break
        left = -(equations @ np.nan_to_num(value))
        value[equations.indices[alone]] = np.maximum(0, left[rows[alone]] * sign[alone])
    free = np.isnan(value)
    if free.any():
        solved = linprog(
            np.ones(int(free.sum())),
            A_eq=equations[:, np.flatnonzero(free)],
            b_eq=-(equations @ np.nan_to_num(value)),
            method="highs",
        )
        if solved.x is None:
            raise KontrollFeil("tabellene motsier hverandre")
        value[free] = solved.x
    return value
