"""What stands along the years: ticks that do not collide, named rules and bands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from analysis_lib.present.charts.base import POINTS, figure_of
from analysis_lib.present.charts.labels import text_width, width_of
from analysis_lib.present.style import GREY, INK, RULE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# A year, or the first and the last of a period.
When = int | tuple[int, int]
# Where it begins and ends on the axis, and its name.
Mark = tuple[float, float, str]
SMALL = 9
ROW = 12.5
TICK = 27
THIN: dict[str, Any] = {"color": GREY, "linewidth": 0.8, "linestyle": (0, (2, 2))}
# From a stem to its name, and between two names.
BESIDE, GAP = 3, 8


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


def draw_marks(axes: Axes, marks: Sequence[Mark]) -> None:
    """Draw a rule for a year and a band for a period, the names over the drawing.

    The axes are lowered by as many rows as the names need, so this comes before labels at the sides.
    """
    if not marks:
        return
    for start, end, _ in marks:
        rule(axes, start, end)
    name_marks(axes, marks)


def rule(axes: Axes, start: float, end: float, **look: Any) -> None:
    """Draw a rule, or a band between two; `look` is as for a line, `THIN` by default."""
    if end > start:
        axes.axvspan(start, end, color=RULE, alpha=0.45, linewidth=0, zorder=0)
    for place in {start, end}:
        axes.axvline(place, **{**THIN, "zorder": 0.5, **look})


def name_marks(axes: Axes, marks: Sequence[Mark]) -> None:
    """Write the names of marks over the axes, which are lowered by as many rows as that takes."""
    rows = _rows(axes, marks)
    left, bottom, width, height = axes.get_position().bounds
    lowered = (max(rows) + 1) * ROW / (figure_of(axes).get_figheight() * POINTS)
    axes.set_position((left, bottom, width, height - lowered))
    for (start, _, name), row in zip(marks, rows, strict=True):
        turned = _turned(axes, start, name)
        place: Any = {"xy": (start, 1), "xycoords": ("data", "axes fraction"), "textcoords": "offset points"}
        stem = {"arrowstyle": "-", "color": GREY, "linewidth": 0.8, "shrinkA": 0, "shrinkB": 0}
        if row:
            axes.annotate("", **place, xytext=(0, (row + 1) * ROW), arrowprops=stem, zorder=1)
        axes.annotate(
            name,
            **place,
            xytext=(-BESIDE if turned else BESIDE, 3 + row * ROW),
            va="bottom",
            ha="right" if turned else "left",
            color=INK,
            fontsize=SMALL,
            # Clear of the stem of a name above that must pass behind it.
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0},
            zorder=2,
        )


def _turned(axes: Axes, year: float, name: str) -> bool:
    """Tell whether a name must end at its rule because it would leave the figure."""
    low, high = axes.get_xlim()
    at = (year - low) / (high - low) * width_of(axes)
    return bool(at + text_width(name, size=SMALL, weight="normal") > width_of(axes) + 60)


def _rows(axes: Axes, marks: Sequence[Mark]) -> list[int]:
    """Return the row of each name: the lowest in which it does not touch a later one.

    From the last to the first, so that the stem of a name that has to stand higher passes the others by.
    """
    low, high = axes.get_xlim()
    begins: list[float] = []
    rows = []
    for start, _, name in reversed(marks):
        width = text_width(name, size=SMALL, weight="normal") + BESIDE
        at = (start - low) / (high - low) * width_of(axes)
        begin = at - width if _turned(axes, start, name) else at
        row = next((i for i, other in enumerate(begins) if begin + width + GAP < other), len(begins))
        begins[row : row + 1] = [begin]
        rows.append(row)
    return rows[::-1]
