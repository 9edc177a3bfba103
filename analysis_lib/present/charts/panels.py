"""Small multiples: one small panel a line, on shared axes, where lines together would be a tangle."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from analysis_lib.data.periods import When, in_words, ordinal
from analysis_lib.errors import NotatbokFeil
from analysis_lib.indicators.series import Series
from analysis_lib.present.charts.base import (
    GREY,
    HEIGHT,
    INK,
    PAGE,
    POINTS,
    Chart,
    beside,
    blank,
    course,
    drawn,
    extremes,
    figure_of,
    missing,
    norwegian,
    places,
    plain,
    rows_of,
    span,
    unit_of,
    years_of,
)
from analysis_lib.present.charts.labels import LINE, SPACING, height_of, padded, text_width, tick, wrapped
from analysis_lib.present.charts.lines import draw_line
from analysis_lib.present.numbers import format_cell

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FEWEST, MOST = 2, 12
ONE_ROW, ROW = 2.0, 1.42
GAP = 16
FOOT = 18
# Points that a number needs over or under its point.
NUMBER = 16


@drawn
def små_multipler(series: Sequence[Series], *, fra_null: bool = False) -> Chart:
    """Draw one small panel a series on shared axes; the first and last value are labelled.

    Parameters
    ----------
    series : sequence of Series
        Two to twelve, in one unit and of one size: lines of very different levels are first made
        indices.
    fra_null : bool
        Let the axis begin at zero.

    Raises
    ------
    NotatbokFeil
        For one panel, more than twelve, or different units.
    """
    from matplotlib.ticker import MaxNLocator

    if not FEWEST <= len(series) <= MOST:
        raise NotatbokFeil(f"små multipler tar {FEWEST}–{MOST} serier, ikke {len(series)}")
    unit, years = unit_of(series), years_of(series)
    across = _across(len(series))
    down = -(-len(series) // across)
    figure = blank({1: ONE_ROW, 2: HEIGHT}.get(down, ROW * down))
    # What a panel has left under a title of two lines.
    tall = (figure.get_figheight() * POINTS - FOOT) / down - 2 * LINE - 6
    low, high = _limits(series, tall, fra_null=fra_null)
    panels: list[Axes] = []
    for _ in series:
        panels.append(figure.add_axes((0, 0, 1, 1), sharey=panels[0] if panels else None))
    panels[0].set_ylim(low, high)
    panels[0].yaxis.set_major_locator(MaxNLocator(4))
    norwegian(panels[0].yaxis)
    titles = _place(panels, [s.navn for s in series], across, down)
    for position, (axes, one) in enumerate(zip(panels, series, strict=True)):
        _panel(axes, one, years, titles[position])
        axes.tick_params(labelleft=position % across == 0, labelbottom=position + across >= len(series))
    return Chart(figure, rows_of(series), unit, alt_panels(series))


def _across(panels: int) -> int:
    """Return how many panels stand side by side."""
    if panels <= 4:
        return panels
    return 3 if panels in (5, 6, 9) else 4


def _limits(series: Sequence[Series], tall: float, *, fra_null: bool) -> tuple[float, float]:
    """Return the limits of the shared axis, with room for the numbers over and under the lines' ends."""
    numbers = [float(value) for s in series for value in s.kjente.values()] + [0.0] * fra_null
    low, high = padded(min(numbers), max(numbers), tall, NUMBER, NUMBER)
    return (0.0 if fra_null and min(numbers) == 0 else low), high


def _place(panels: Sequence[Axes], labels: Sequence[str], across: int, down: int) -> list[str]:
    """Lay the panels out in a grid and return their titles, broken to the width of a panel."""
    tall = figure_of(panels[0]).get_figheight() * POINTS
    ticks = [label.get_text() for label in panels[0].get_yticklabels()]
    left = max(text_width(text, weight="normal") for text in ticks) + 7
    wide = (PAGE - left - 6 - GAP * (across - 1)) / across
    titles = [wrapped(label, int(wide / 5.2)) for label in labels]
    head = LINE * (max(title.count("\n") for title in titles) + 1) + 6
    each = (tall - FOOT) / down
    for position, axes in enumerate(panels):
        row, column = divmod(position, across)
        x, y = left + column * (wide + GAP), FOOT + (down - 1 - row) * each
        axes.set_position((x / PAGE, y / tall, wide / PAGE, (each - head) / tall))
    return titles


def _panel(axes: Axes, series: Series, years: Sequence[When], title: str) -> None:
    axes.set_title(
        title, loc="left", fontsize=10, fontweight="semibold", color=INK, pad=4, linespacing=SPACING
    )
    first, last = ordinal(years[0]), ordinal(years[-1])
    slack = 0.08 * ((last - first) or 1)
    axes.set_xlim(first - slack, last + slack)
    ends = dict.fromkeys((years[0], years[-1]))
    axes.set_xticks(places(ends), [tick(year) for year in ends])
    if not series.kjente:
        axes.text(0.5, 0.5, "ingen tall", transform=axes.transAxes, ha="center", va="center", color=GREY)
        return
    draw_line(axes, series, years, 0, markersize=3.5)
    for year, below in _ends(series):
        _number(axes, series, year, below=below)


def _ends(series: Series) -> list[tuple[When, bool]]:
    """Return the first and last year with a number, and whether the line goes up from there."""
    known = list(series.kjente)
    pairs = [(known[0], known[1]), (known[-1], known[-2])] if len(known) > 1 else [(y, y) for y in known]
    return [(year, float(series[beside]) > float(series[year])) for year, beside in pairs]


def _number(axes: Axes, series: Series, year: When, *, below: bool) -> None:
    """Write a point's number on the side of it where the line does not go, if there is room."""
    low, high = axes.get_xlim()
    where = (ordinal(year) - low) / (high - low)
    foot, top = axes.get_ylim()
    below = below and (float(series[year]) - foot) / (top - foot) * height_of(axes) >= NUMBER
    side = "left" if where < 0.2 else "right" if where > 0.8 else "center"
    at = (ordinal(year), float(series[year]))
    beside(axes, format_cell(series[year]), at, dy=-5 if below else 5, ha=side, fontsize=9)


def alt_panels(series: Sequence[Series]) -> str:
    """Describe the panels in words: the course of each, and the order in the last year."""
    years = years_of(series)
    last = {s.navn: s[years[-1]] for s in series}
    order = extremes(last)
    return plain(
        [
            f"{len(series)} små linjediagram med felles akser for {span(series)}, {series[0].enhet}.",
            *(course(one, years) for one in series),
            f"I {in_words(years[-1])}: {order[:1].lower()}{order[1:]}" if order else "",
            missing(last) if any(value.known for value in last.values()) else "",
        ]
    )
