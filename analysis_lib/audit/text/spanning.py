"""Headers that span columns of a table set with blanks: which columns each of them stands over."""

from __future__ import annotations

from collections.abc import Sequence

from analysis_lib.audit.text.forms import PERIOD
from analysis_lib.data.periods import YEAR


def spanned(
    middles: Sequence[float], edges: Sequence[tuple[float, float]], headers: Sequence[str]
) -> list[int]:
    """Return the first column of each header that spans columns; none where nobody knows.

    Parameters
    ----------
    middles : sequence of float
        The middle of each header, in characters from the left.
    edges : sequence of (float, float)
        Left and right edge of each column.
    headers : sequence of str
        The headers of the columns themselves, which tell the groups where they repeat or change kind.

    Examples
    --------
    >>> years = ["2024", "2025", "2024", "2025"]
    >>> spanned([15.0, 33.0], [(10, 14), (20, 24), (30, 34), (40, 44)], years)
    [0, 2]
    >>> spanned([42.0], [(10, 14), (20, 24), (30, 34), (40, 44)], ["2023", "2024", "2025", "Endring"])
    []
    """
    if len(headers) == len(edges) and len(starts := _groups(headers, len(middles))) == len(middles) > 1:
        return starts
    if len(middles) == 1:
        width = (edges[-1][1] - edges[0][0]) / len(edges)
        return [0] if abs(middles[0] - (edges[0][0] + edges[-1][1]) / 2) <= width else []
    return _nearest_groups(middles, edges)


def _groups(headers: Sequence[str], count: int) -> list[int]:
    """Return where groups begin: where headers begin anew, else where years give way to periods."""
    size, rest = divmod(len(headers), count)
    if not rest and list(headers) == list(headers[:size]) * count:
        return list(range(0, len(headers), size))
    if not all(map(PERIOD.fullmatch, headers)):
        return []
    single = [bool(YEAR.fullmatch(header)) for header in headers]
    return [k for k, year in enumerate(single) if k == 0 or year != single[k - 1]]


def _nearest_groups(middles: Sequence[float], edges: Sequence[tuple[float, float]]) -> list[int]:
    """Return the groups of columns whose middles lie nearest to those of the headers."""
    centres = [(start + end) / 2 for start, end in edges]

    def distance(start: int, end: int, middle: float) -> float:
        return abs((centres[start] + centres[end - 1]) / 2 - middle)

    # By the last column that the headers so far reach: their least distance, and where each begins.
    reached: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, ())}
    for number, middle in enumerate(middles, start=1):
        reached = {
            end: min(
                (before + distance(start, end, middle), (*starts, start))
                for start, (before, starts) in reached.items()
                if start < end
            )
            for end in range(number, len(centres) + 1)
        }
    return list(reached[len(centres)][1])
