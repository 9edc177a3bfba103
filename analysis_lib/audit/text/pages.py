"""Pages set in two columns: the left one is read to its end before the right one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from analysis_lib.audit.text.aligned import GAP

_GUTTER = 3
# Fewer lines may stand beside each other by chance, as in a table or the key figures of a chapter.
_LEAST_LINES = 10
_WORD = re.compile(r"[^\W\d_]{2,}")


def in_reading_order(lines: Sequence[str]) -> list[str]:
    """Return the lines of a page with the right column under the left one; of other pages as they are.

    A page is set in columns where many lines leave the same place blank, near the middle, with
    prose on both sides of it and columns of about one width. A table has words on one side at most.

    Examples
    --------
    >>> page = ["de fleste kattene sov inne       mens noen hunder sto ute"] * 10
    >>> in_reading_order(page)[9:12]
    ['de fleste kattene sov inne', '', 'mens noen hunder sto ute']
    """
    width = max(map(len, lines), default=0)
    places = range(width * 3 // 10, width * 7 // 10)
    runs = [(run, place) for place in places for run in _open_runs(lines, place)]
    if not runs:
        return list(lines)
    most = max(_beside(lines[slice(*run)], place) for run, place in runs)
    best = [(run, place) for run, place in runs if _beside(lines[slice(*run)], place) == most]
    (start, end), place = best[len(best) // 2]
    left = [line[:place].rstrip() for line in lines[start:end]]
    right = [line[place:].strip() for line in lines[start:end]]
    narrow, wide = sorted(max(map(len, column)) for column in (left, right))
    alike = narrow * 3 >= wide * 2
    if most < _LEAST_LINES or not (alike and _is_prose(left) and _is_prose(right)):
        return list(lines)
    return [*lines[:start], *left, "", *right, "", *lines[end:]]


def _open_runs(lines: Sequence[str], place: int) -> list[tuple[int, int]]:
    """Return start and end of each run of lines that leave a gutter blank at a place."""
    numbered = enumerate(not line[place : place + _GUTTER].strip() for line in lines)
    runs = [[number for number, _ in run] for blank, run in groupby(numbered, lambda pair: pair[1]) if blank]
    return [(run[0], run[-1] + 1) for run in runs]


def _beside(lines: Sequence[str], place: int) -> int:
    """Return how many lines have text on both sides of a place."""
    return sum(bool(line[:place].strip()) and bool(line[place:].strip()) for line in lines)


def _is_prose(column: Sequence[str]) -> bool:
    """Return whether half the lines of a column hold several words and no wide gap."""
    told = [line for line in column if line.strip()]
    wordy = sum(len(_WORD.findall(line)) >= 3 and not GAP.search(line) for line in told)
    return wordy * 2 >= len(told)
