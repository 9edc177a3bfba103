"""What stands along the years: ticks that do not collide, named rules and bands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from analysis_lib.present.charts.base import POINTS, figure_of
from analysis_lib.present.charts.labels import text_width, width_of
from analysis_lib.present.style import GREY, INK, RULE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# A year, or the first and the last of a period.
When = int | tuple[int, int]
SMALL = 9
ROW = 12.5
TICK = 27


def year_ticks(axes: Axes, years: Sequence[int]) -> None:
    """Write the years, the last one always, and as many before it as there is room for."""
    low, high = axes.get_xlim()
    room = TICK * (high - low) / width_of(axes)
    shown: list[int] = []
    for year in sorted(years, reverse=True):
        if not shown or shown[-1] - year >= room:
            shown.append(year)
    axes.set_xticks(shown, [str(year) for year in shown])


def within(marks: Mapping[When, str] | None, years: Sequence[int]) -> list[tuple[int, int, str]]:
    """Return the marks that the years reach, as (from, to, name), periods cut at the ends."""
    first, last = min(years), max(years)
    found = []
    for when, name in (marks or {}).items():
        start, end = when if isinstance(when, tuple) else (when, when)
        if end >= first and start <= last:
            found.append((max(start, first), min(end, last), name))
    return sorted(found)


def draw_marks(axes: Axes, marks: Sequence[tuple[int, int, str]]) -> None:
    """Draw a rule for a year and a band for a period, the names over the drawing.

    The axes are lowered by as many rows as the names need, so this comes before labels at the sides.
    """
    if not marks:
        return
    rows = _rows(axes, marks)
    left, bottom, width, height = axes.get_position().bounds
    lowered = (max(rows) + 1) * ROW / (figure_of(axes).get_figheight() * POINTS)
    axes.set_position((left, bottom, width, height - lowered))
    for (start, end, name), row in zip(marks, rows, strict=True):
        if end > start:
            axes.axvspan(start, end, color=RULE, alpha=0.45, linewidth=0, zorder=0)
        for year in {start, end}:
            axes.axvline(year, color=GREY, linewidth=0.8, linestyle=(0, (2, 2)), zorder=0.5)
        axes.annotate(
            name,
            (start, 1),
            xycoords=("data", "axes fraction"),
            xytext=(0, 3 + row * ROW),
            textcoords="offset points",
            va="bottom",
            ha="right" if _turned(axes, start, name) else "left",
            color=INK,
            fontsize=SMALL,
        )


def _turned(axes: Axes, year: int, name: str) -> bool:
    """Tell whether a name must end at its rule because it would leave the figure."""
    low, high = axes.get_xlim()
    at = (year - low) / (high - low) * width_of(axes)
    return bool(at + text_width(name, size=SMALL, weight="normal") > width_of(axes) + 60)


def _rows(axes: Axes, marks: Sequence[tuple[int, int, str]]) -> list[int]:
    """Return the row of each name, the lowest in which it does not touch the one before."""
    low, high = axes.get_xlim()
    ends: list[float] = []
    rows = []
    for start, _, name in marks:
        width = text_width(name, size=SMALL, weight="normal")
        at = (start - low) / (high - low) * width_of(axes)
        begin = at - width if _turned(axes, start, name) else at
        row = next((i for i, end in enumerate(ends) if begin > end), len(ends))
        ends[row : row + 1] = [begin + width + 8]
        rows.append(row)
    return rows
