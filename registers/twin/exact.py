"""Arithmetic that keeps sums: what makes a printed number come out exactly, whatever is drawn beside it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

# Whole numbers of any width: a column has the narrowest that holds it.
Ints = NDArray[Any]
Floats = NDArray[np.float64]
_GOLDEN = (math.sqrt(5) - 1) / 2


def scaled(number: float, scale: float) -> int:
    """Return what a stratum of `number` is at a scale: ``floor(scale · number + 1/2)``.

    >>> scaled(1349, 1), scaled(1349, 0.01), scaled(49, 0.01)
    (1349, 13, 0)
    """
    return math.floor(number * scale + 0.5)


def largest_remainder(total: int, weights: NDArray[Any]) -> Ints:
    """Split a whole number in proportion to weights; each part is its share rounded down or up.

    >>> largest_remainder(10, np.array([1, 1, 1]))
    array([4, 3, 3])
    """
    mass = float(weights.sum())
    share = np.asarray(weights, dtype=float) * (total / mass) if mass > 0 else np.zeros(len(weights))
    parts = np.floor(share).astype(np.int64)
    missing = total - int(parts.sum())
    if mass > 0 and missing:
        order = np.argsort(parts - share, kind="stable")
        parts[order[:missing]] += 1
    return parts


def cumulative(weights: NDArray[Any]) -> Floats:
    """Return ``[0, …, 1]``, the cumulative share of the weights."""
    total = np.concatenate([[0.0], np.cumsum(weights, dtype=float)])
    return total / total[-1] if total[-1] > 0 else np.linspace(0, 1, len(total))


def rounded_along(total: int, cum: Floats, start: float) -> Ints:
    """Split a whole number over cells by rounding the cumulative shares, all shifted by `start` in [0, 1).

    The sum is exactly `total`. Over a uniform `start` each cell expects exactly its share, also one
    that expects less than one.

    >>> rounded_along(3, cumulative(np.array([1, 1, 1, 1])), 0.5)
    array([1, 1, 0, 1])
    """
    return np.diff(np.floor(total * cum + start).astype(np.int64))


def stride(total: int) -> int:
    """Return a step that visits every place of a circle of `total`, evenly from the start on."""
    step = max(1, round(total * _GOLDEN))
    while math.gcd(step, total) != 1:
        step += 1
    return step


def spread(first: int, count: int, counts: Ints) -> Ints:
    """Return the classes of the places ``first … first + count`` of a sequence with exactly `counts` of each.

    The sequence is never stored: a place is sent round a circle by a fixed stride, and the circle is cut
    by the counts. Any run of it has each class in nearly its share.

    >>> np.bincount(spread(0, 10, np.array([2, 5, 3])))
    array([2, 5, 3])
    """
    total = int(counts.sum())
    places = (np.arange(first, first + count, dtype=np.int64) * stride(total)) % total
    return np.searchsorted(np.cumsum(counts), places, side="right")


def every(first: int, count: int, share: float) -> NDArray[np.bool_]:
    """Flag a share of a running sequence, systematically: after n places, ``floor(n · share)`` are flagged.

    >>> every(0, 10, 0.25).nonzero()[0]
    array([3, 7])
    """
    places = np.floor(np.arange(first, first + count + 1) * share)
    found: NDArray[np.bool_] = np.diff(places) > 0
    return found


def alternate(first: int, count: int, shares: tuple[float, ...]) -> Ints:
    """Return classes of a running sequence by shares, in low-discrepancy order."""
    places = (np.arange(first, first + count) * _GOLDEN) % 1.0
    return np.searchsorted(np.cumsum(shares), places * sum(shares), side="right")


def flagged(weights: Ints, block: Ints, wanted: Ints) -> NDArray[np.bool_]:
    """Flag exactly `wanted` rows of each block, more often those of greater weight.

    Parameters
    ----------
    weights : (n,) int
        Zero for a row that may not be flagged.
    block : (n,) int
        Non-decreasing number of each row's block.
    wanted : (blocks,) int

    Returns
    -------
    (n,) bool
        Fewer than wanted in a block only where ``wanted · weight`` exceeds the block's sum.
    """
    if not len(weights):
        return np.zeros(0, dtype=bool)
    mass = np.bincount(block, weights, minlength=len(wanted)).astype(np.int64)
    before = np.cumsum(mass) - mass
    upto = np.cumsum(weights) - before[block]
    whole = np.maximum(mass, 1)[block]
    steps = (upto * wanted[block]) // whole - ((upto - weights) * wanted[block]) // whole
    found: NDArray[np.bool_] = steps > 0
    return found


CHUNK = 1 << 19


def chunks(count: int) -> Iterator[slice]:
    """Return slices that cover a range: what is only on the way is never made for all persons at once."""
    for first in range(0, count, CHUNK):
        yield slice(first, min(first + CHUNK, count))


def grouped(keys: Iterable[tuple[int, Ints]], counts: Ints) -> Ints:
    """Order numbered things by group: a counting sort of chunks.

    Parameters
    ----------
    keys : iterable of (int, (n,) int)
        The number of a chunk's first, and the group of each in it; groups without a place in `counts`
        are left out.
    counts : (groups,) int
        How many there are of each.

    Returns
    -------
    (sum of counts,) int32
        Those of the first group, then those of the next, each in order.

    Examples
    --------
    >>> grouped([(0, np.array([1, 0, 2])), (3, np.array([0, 1]))], np.array([2, 2])).tolist()
    [1, 3, 0, 4]
    """
    free = np.cumsum(counts) - counts
    found = np.zeros(int(counts.sum()), np.int32)
    for first, key in keys:
        order = np.argsort(key, kind="stable")
        order = order[: int(np.searchsorted(key[order], len(counts)))]
        sorted_key = key[order].astype(np.int64)
        here = np.bincount(sorted_key, minlength=len(counts))
        begin = free - (np.cumsum(here) - here)
        found[begin[sorted_key] + np.arange(len(order))] = order + first
        free = free + here
    return found
