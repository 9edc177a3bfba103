"""Labels that stand beside what they name, never over each other.

What stands along the years: ticks that do not collide, named rules and bands.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from analysis_lib.data.periods import Frequency, Period, first_day, frequency_of, in_words, ordinal, when
from analysis_lib.data.periods import When as Moment
from analysis_lib.present.charts.base import GREY, INK, PAGE, POINTS, RULE, figure_of, use_style
from analysis_lib.present.numbers import NBSP

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SIZE = 10
DPI = 100
LINE = 12.8
# In units of the typeface's own line, which is generous.
SPACING = 0.8
LONGEST = 30
# From a point to its label: directly, and where a line leads to it.
NEAR, FAR = 8, 22


@dataclass(frozen=True)
class Label:
    """A text that belongs to a point of the drawing, in data coordinates."""

    x: float
    y: float
    text: str
    color: str = GREY

    @property
    def height(self) -> float:
        """In points."""
        return LINE * (self.text.count("\n") + 1)


def named(label: str, number: str) -> str:
    """Return a label with its number on the line of the nearest word."""
    return wrapped(f"{label}{NBSP}{number}")


def wrapped(text: str, longest: int = LONGEST) -> str:
    """Break a long label at its spaces into as few lines as may be, of like length; hard spaces hold.

    >>> print(wrapped("Kommuner som mottar lege i spesialisering", 24))
    Kommuner som mottar
    lege i spesialisering
    """

    def lines(width: int) -> list[str]:
        return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)

    fewest = len(lines(longest))
    width = next(width for width in range(1, longest + 1) if len(lines(width)) <= fewest)
    return "\n".join(lines(width))


def spread(wanted: Sequence[float], sizes: Sequence[float], low: float, high: float) -> list[float]:
    """Return the places nearest to those wanted where labels of these sizes do not overlap.

    Parameters
    ----------
    wanted : sequence of float
        Middle of each label, in any order.
    sizes : sequence of float
        Extent of each along the same axis.
    low, high : float
        Where the labels may stand; `low` yields if there are more than fit.

    Notes
    -----
    Least squares under order: isotonic regression on what is wanted less the room that the labels
    before it take, by pooling adjacent violators (Barlow et al. 1972).

    Examples
    --------
    >>> spread([10.0, 10.0, 50.0], [4, 4, 4], 0, 100)
    [8.0, 12.0, 50.0]
    """
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    before, room = [], 0.0
    for i in order:
        before.append(room + sizes[i] / 2)
        room += sizes[i]
    pools: list[tuple[float, int]] = []
    for i, offset in zip(order, before, strict=True):
        pools.append((wanted[i] - offset, 1))
        while len(pools) > 1 and pools[-2][0] / pools[-2][1] >= pools[-1][0] / pools[-1][1]:
            total, count = pools.pop()
            pools[-1] = (pools[-1][0] + total, pools[-1][1] + count)
    level = [total / count for total, count in pools for _ in range(count)]
    placed = [0.0] * len(wanted)
    for i, offset, at in zip(order, before, level, strict=True):
        placed[i] = min(max(at, low), high - room) + offset
    return placed


@cache
def _renderer() -> Any:
    from matplotlib.backends import backend_agg

    untyped: Any = backend_agg.RendererAgg
    return untyped(1, 1, DPI)


@cache
def text_width(text: str, *, size: float = SIZE, weight: str = "semibold") -> float:
    """Return the width of a text in points."""
    from matplotlib.font_manager import FontProperties

    use_style()
    font = FontProperties(size=size, weight=weight)
    lines = text.split("\n")
    widest = max(_renderer().get_text_width_height_descent(line, font, ismath=False)[0] for line in lines)
    return float(widest) * POINTS / DPI


def fit(axes: Axes, *, left: float | None = None, right: float = 6) -> None:
    """Set the axes' width so that what stands at the sides ends where the figure ends.

    Parameters
    ----------
    axes : matplotlib Axes
        Its limits must be final.
    left, right : float
        Points needed at the sides; without `left`, what the numbers of the axis need.
    """
    if left is None:
        low, high = axes.get_ylim()
        ticks = zip(axes.get_yticks(), axes.get_yticklabels(), strict=True)
        shown = [label.get_text() for place, label in ticks if low <= place <= high]
        left = max((text_width(text, weight="normal") for text in shown if text), default=0) + 7
    _, bottom, _, height = axes.get_position().bounds
    axes.set_position((left / PAGE, bottom, 1 - (left + right) / PAGE, height))


def padded(low: float, high: float, length: float, before: float, after: float) -> tuple[float, float]:
    """Return limits that leave room, in points, before and after what is drawn along `length` points.

    >>> padded(0, 80, 100, 5, 15)
    (-5.0, 95.0)
    """
    per_point = ((high - low) or abs(high) or 1) / (length - before - after)
    return low - before * per_point, high + after * per_point


def height_of(axes: Axes) -> float:
    """Return the height of the axes in points."""
    return float(axes.get_position().height * figure_of(axes).get_figheight() * POINTS)


def width_of(axes: Axes) -> float:
    """Return the width of the axes in points."""
    return float(axes.get_position().width * PAGE)


def room_for(axes: Axes, labels: Sequence[Label]) -> float:
    """Return the points that labels need beside the axes."""
    return max((text_width(label.text) for label in labels), default=0) + FAR + 2


def side_labels(axes: Axes, labels: Sequence[Label], edge: float) -> None:
    """Write labels beside the drawing, moved apart so that none overlaps another.

    Parameters
    ----------
    axes : matplotlib Axes
        Its limits and position must be final.
    labels : sequence of Label
    edge : float
        Where the drawing ends, in data coordinates.
    """
    low, high = axes.get_ylim()
    tall, x = height_of(axes), axes.get_xlim()
    per_point = (high - low) / tall
    wanted = [(label.y - low) / per_point for label in labels]
    placed = spread(wanted, [label.height for label in labels], -LINE / 2, tall + LINE / 2)
    led = any(abs(a - b) > 1 for a, b in zip(wanted, placed, strict=True))
    led = led or any(label.x != edge for label in labels)
    sideways = (x[1] - x[0]) / width_of(axes)
    for label, place in zip(labels, placed, strict=True):
        y = low + place * per_point
        if led:
            _lead(axes, label, (edge + sideways * (FAR - 4), y), sideways * 5)
        axes.text(
            edge + sideways * (FAR if led else NEAR),
            y,
            label.text,
            ha="left",
            va="center",
            color=INK,
            fontsize=SIZE,
            fontweight="semibold",
            linespacing=SPACING,
        )


def _lead(axes: Axes, label: Label, end: tuple[float, float], gap: float) -> None:
    """Draw a thin line from a point to its label: the name is then found without telling colours apart."""
    axes.plot(
        [label.x + gap, end[0]],
        [label.y, end[1]],
        color=label.color,
        linewidth=0.9,
        clip_on=False,
        zorder=1,
        scalex=False,
        scaley=False,
    )


# A year or period, or the first and the last of several.
When = Moment | str | tuple[Moment | str, Moment | str]
# Where it begins and ends on the axis, and its name.
Mark = tuple[float, float, str]
SMALL = 9
ROW = 12.5
TICK = 27
THIN: dict[str, Any] = {"color": GREY, "linewidth": 0.8, "linestyle": (0, (2, 2))}
# From a stem to its name, and between two names.
BESIDE, GAP = 3, 8


def year_ticks(axes: Axes, years: Sequence[Moment]) -> None:
    """Write the years, the last one always, and as many before it as there is room for."""
    low, high = axes.get_xlim()
    widest = max(text_width(line, weight="normal") for year in years for line in tick(year).split("\n"))
    wide = TICK if isinstance(years[0], int) else max(TICK, widest + 6)
    room = wide * (high - low) / width_of(axes)
    shown: list[Moment] = []
    for year in sorted(years, key=ordinal, reverse=True):
        if not shown or ordinal(shown[-1]) - ordinal(year) >= room:
            shown.append(year)
    axes.set_xticks([ordinal(year) for year in shown], [tick(year) for year in shown])


def tick(year: Moment) -> str:
    """Return a year, or a period in short words over its year."""
    if isinstance(year, int):
        return str(year)
    words = in_words(year).replace("kvartal", "kv.").removeprefix("skoleåret ")
    return words.replace(f" {year.year}", f"\n{year.year}")


def on_axis(mark: Moment | str, years: Sequence[Moment]) -> int:
    """Return where a year or period stands among others: a year among quarters at its first."""
    frequency = frequency_of(years[0])
    if isinstance(mark, int) and frequency is Frequency.YEAR:
        return mark
    return ordinal(when(Period.at(first_day(str(mark)), frequency)))


def within(marks: Mapping[When, str] | None, years: Sequence[Moment]) -> list[tuple[int, int, str]]:
    """Return the marks that the years reach, as (from, to, name), periods cut at the ends."""
    first, last = ordinal(years[0]), ordinal(years[-1])
    found = []
    for told, name in (marks or {}).items():
        start, end = (on_axis(end, years) for end in (told if isinstance(told, tuple) else (told, told)))
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
