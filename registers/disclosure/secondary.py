"""Secondary suppression: which other cells are hidden, so that sums can stay and nothing follows from them.

First the line rule: a sum with one hidden cell gets another. What can still be computed too well is found
with `bounds.exposed` and mended by a linear programme over all cells, after Fischetti and Salazar (2000): the
cheapest other table, with the same published numbers, in which the exposed cells are `width` larger. A cell
that moves in it is hidden. Exposed cells without a sum in common are mended together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array, hstack

from analysis_lib.errors import KontrollFeil
from registers.disclosure.bounds import Seen, Wanted, components, exposed
from registers.disclosure.published import CLOSE

MOST_ROUNDS, LEVEL_PRICE, NEAREST = 60, 30.0, 3


@dataclass(frozen=True)
class Table:
    """All cells of one family, and their sums.

    Parameters
    ----------
    name : str
        The family, for messages.
    equations : csr_array, shape (sums, cells)
        ``equations @ value == 0``.
    value : numpy.ndarray, shape (cells,)
    known : numpy.ndarray of bool, shape (cells,)
        Cells that hiding does not help: zeros, and what the last edition shows.
    implied : numpy.ndarray of bool, shape (cells,)
        Remainders that no table shows.
    level : numpy.ndarray of int, shape (cells,)
        In how many dimensions the cell is a sum of others: the dearer to hide.
    """

    name: str
    equations: csr_array
    value: np.ndarray
    known: np.ndarray
    implied: np.ndarray
    level: np.ndarray


@dataclass(frozen=True)
class Suppressed:
    """Which cells are hidden in the end, how many were exposed on the way, and the programmes it took."""

    hidden: np.ndarray
    exposed: int
    programmes: int


def suppress(table: Table, primary: np.ndarray, public: np.ndarray, width: float, small: float) -> Suppressed:
    """Hide what must be hidden with the primary cells.

    Parameters
    ----------
    table : Table
    primary : numpy.ndarray of bool, shape (cells,)
    public : numpy.ndarray of bool, shape (cells,)
        Cells that an outsider knows, whatever is hidden now (last edition).
    width, small : float

    Raises
    ------
    KontrollFeil
        If a cell cannot be kept, as when the last edition has shown it.
    """
    hidden = line_rule(table, primary, small)
    # The true table is possible, and every other that a mending finds; they stay so when more is hidden.
    many, programmes, seen = 0, 0, Seen(table.value.copy(), table.value.copy())
    for _ in range(MOST_ROUNDS):
        unknown = (hidden | table.implied) & ~public
        low = np.where(unknown, 0.0, table.value)
        high = np.where(unknown, np.inf, table.value)
        # What lies higher cannot be told to be a handful by an interval that is too narrow.
        implied = table.implied & (table.value < small + width)
        wanted = Wanted(hidden & ~table.implied, implied, width, small)
        bad, solved = exposed(table.equations, low, high, wanted, seen)
        programmes += solved
        if not bad.any():
            return Suppressed(hidden & ~table.implied, many, programmes)
        many = many or int(bad.sum())
        more, solved = _mended(table, hidden, public, bad, width, seen)
        hidden |= more
        programmes += solved
    raise KontrollFeil(
        f"{int(bad.sum())} skjulte celler kan fortsatt regnes ut",
        where=table.name,
        hint="Bruk grovere inndelinger.",
    )


def line_rule(table: Table, primary: np.ndarray, small: float) -> np.ndarray:
    """Hide a second cell in every sum that has one: the lowest sum, the most useful, the smallest.

    Examples
    --------
    >>> row = Table("t", csr_array([[1.0, -1, -1, -1]]), np.array([20.0, 3, 9, 8]), np.zeros(4, bool),
    ...             np.zeros(4, bool), np.array([1, 0, 0, 0]))
    >>> line_rule(row, np.array([False, True, False, False]), 5).tolist()  # 8 is smaller than 9
    [False, True, False, True]
    """
    rows, columns = table.equations, table.equations.T.tocsr()
    # A remainder is unknown already, and needs a partner only where it is a handful.
    hidden = primary | table.implied
    many = hidden & table.implied & ~primary & ((table.value >= small) | (table.value <= CLOSE))
    count = np.asarray(abs(rows) @ hidden.astype(float)).astype(int)
    free_of_need = np.asarray(abs(rows) @ many.astype(float)) > 0
    waiting = list(np.flatnonzero((count == 1) & ~free_of_need))[::-1]
    while waiting:
        row = waiting.pop()
        if count[row] != 1 or free_of_need[row]:
            continue
        inside = rows.indices[rows.indptr[row] : rows.indptr[row + 1]]
        free = inside[~hidden[inside] & ~table.known[inside]]
        if not len(free):
            continue
        mends = [
            -int((count[columns.indices[columns.indptr[j] : columns.indptr[j + 1]]] == 1).sum()) for j in free
        ]
        best = free[np.lexsort((free, table.value[free], mends, table.level[free]))[0]]
        hidden[best] = True
        touched = columns.indices[columns.indptr[best] : columns.indptr[best + 1]]
        count[touched] += 1
        waiting += [r for r in touched if count[r] == 1]
    return np.asarray(primary | hidden & ~table.implied)


def _mended(
    table: Table, hidden: np.ndarray, public: np.ndarray, bad: np.ndarray, width: float, seen: Seen
) -> tuple[np.ndarray, int]:
    """Return the cells to hide besides, for as many exposed cells as can be mended at a time."""
    secret = hidden | table.implied
    free = ~public & (secret | ~table.known)
    price = (1 + np.log1p(table.value) / 10) * LEVEL_PRICE**table.level
    price = np.where(secret, 1e-3, price)
    more, programmes, failed = np.zeros(len(hidden), dtype=bool), 0, bad
    # The cheapest cells of every sum are nearly always enough; if not, all are asked.
    for movable in (free & (secret | _cheapest(table.equations, np.where(free, price, np.inf))), free):
        trying, failed = failed, failed & ~movable
        for rows, columns in components(table.equations, movable):
            part = table.equations[rows][:, columns]
            batches = [_apart(part, np.flatnonzero(trying[columns]))]
            while batches:
                batch = batches.pop()
                if not len(batch):
                    continue
                moved = _other_table(part, table.value[columns], price[columns], batch, width)
                programmes += 1
                if moved is not None:
                    seen.add(table.value[columns] + moved, columns)
                    more[columns] |= np.abs(moved) > CLOSE
                elif len(batch) > 1:
                    batches += [batch[: len(batch) // 2], batch[len(batch) // 2 :]]
                else:
                    failed[columns[batch]] = True
        if not failed.any():
            return more & ~hidden, programmes
    raise KontrollFeil(
        f"{int(failed.sum())} skjulte celler kan regnes ut, hva som enn skjules ved siden av",
        where=table.name,
        hint="Forrige utgave eller en annen tabell viser dem; se tersklene og inndelingen.",
    )


def _cheapest(equations: csr_array, price: np.ndarray) -> np.ndarray:
    """Tell which cells are among the cheapest of a sum."""
    rows = np.repeat(np.arange(equations.shape[0]), np.diff(equations.indptr))
    order = np.lexsort((price[equations.indices], rows))
    rank = np.arange(len(rows)) - equations.indptr[rows]
    found = np.zeros(len(price), dtype=bool)
    found[equations.indices[order[rank < NEAREST]]] = True
    return found


def _apart(part: csr_array, cells: np.ndarray) -> np.ndarray:
    """Choose cells that have no sum in common."""
    columns, taken, chosen = part.T.tocsr(), np.zeros(part.shape[0], dtype=bool), list[int]()
    for cell in cells:
        touched = columns.indices[columns.indptr[cell] : columns.indptr[cell + 1]]
        if not taken[touched].any():
            taken[touched] = True
            chosen.append(cell)
    return np.array(chosen, dtype=np.int64)


def _other_table(
    part: csr_array, value: np.ndarray, price: np.ndarray, lifted: np.ndarray, width: float
) -> np.ndarray | None:
    """Find the cheapest table in which some cells are `width` larger; return its moves, or None."""
    size = len(value)
    least, most = np.zeros(2 * size), np.concatenate([np.full(size, np.inf), value])
    least[lifted], most[size + lifted] = width, 0
    solved = linprog(
        np.concatenate([price, price]),
        A_eq=hstack([part, -part]).tocsr(),
        b_eq=np.zeros(part.shape[0]),
        bounds=np.column_stack([least, most]),
        method="highs",
    )
    return None if solved.x is None else np.asarray(solved.x[:size] - solved.x[size:])
