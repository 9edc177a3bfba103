"""Slope chart: what rose and what fell between two years."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from analysis_lib.errors import NotatbokFeil
from analysis_lib.indicators.values import Value
from analysis_lib.present.charts.alt import plain, said
from analysis_lib.present.charts.base import HEIGHT, PAGE, POINTS, Chart, canvas, unit_of, years_of
from analysis_lib.present.charts.labels import Label, fit, named, room_for, side_labels
from analysis_lib.present.numbers import format_cell, round_half_up
from analysis_lib.present.series import Series
from analysis_lib.present.style import GREY, INK, PALETTE, RULE
from analysis_lib.present.words import listing

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST = 12
WIDEST = 250
FOOT, HEAD = 21, 10
# Rising, falling, unchanged: hue, dash and marker, so that colour is never alone.
LOOKS = {
    "Opp": (PALETTE[0], "solid", "o"),
    "Ned": (PALETTE[3], (0, (5, 1.5)), "D"),
    "Uendret": (GREY, (0, (1, 1)), "s"),
}


def stigning(series: Sequence[Series], *, fra: int | None = None, til: int | None = None) -> Chart:
    """Draw one line a series from one year to another, named and numbered at both ends.

    Parameters
    ----------
    series : sequence of Series
        At most twelve, in one unit.
    fra, til : int, optional
        The two years; without them the first and the last that any of the series has a number for.

    Raises
    ------
    NotatbokFeil
        For more than twelve lines, different units, or years without any number.
    """
    if len(series) > MOST:
        raise NotatbokFeil(f"{len(series)} linjer er flere enn {MOST}", hint="Bruk små_multipler.")
    unit = unit_of(series)
    known = sorted({year for s in series for year in s.known})
    start, end = known[0] if fra is None else fra, known[-1] if til is None else til
    _check(series, start, end)
    # Those level at one end are named in the order of the other.
    labels = {
        side: _labels(sorted(series, key=lambda s: s[other].point or 0), year, side)
        for side, year, other in ((-1, start, end), (1, end, start))
    }
    needed = max(sum(label.height for label in column) for column in labels.values())
    figure, axes = canvas(max(HEIGHT, (needed + FOOT + HEAD) / POINTS), below=FOOT, above=HEAD)
    _frame(axes, (start, end))
    for one in series:
        _line(axes, one[start], one[end])
    axes.margins(y=0.06)
    axes.set(xlim=(0, 1), ylim=axes.get_ylim())
    left, right = room_for(axes, labels[-1]), room_for(axes, labels[1])
    fit(axes, left=left, right=max(right, PAGE - left - WIDEST))
    for side, column in labels.items():
        side_labels(axes, column, 0 if side < 0 else 1, side=side)
    rows = {s.label: {str(year): s[year] for year in (start, end)} for s in series}
    return Chart(figure, rows, unit, alt_slope(series, start, end))


def _check(series: Sequence[Series], start: int, end: int) -> None:
    if start >= end:
        raise NotatbokFeil(f"et stigningsdiagram går mellom to år, ikke fra {start} til {end}")
    for year in (start, end):
        if not any(s[year].known for s in series):
            years = listing([str(year) for year in years_of(series)])
            raise NotatbokFeil(f"ingen av seriene har tall for {year}", hint=f"Seriene har {years}.")


def _labels(series: Sequence[Series], year: int, side: int) -> list[Label]:
    """Return name and number, the number nearest to the point."""
    return [
        Label(
            0 if side < 0 else 1,
            float(one[year]),
            named(one.label, format_cell(one[year]), number_first=side > 0),
        )
        for one in series
        if one[year].known
    ]


def _frame(axes: Axes, years: tuple[int, int]) -> None:
    axes.grid(visible=False)
    axes.yaxis.set_visible(False)
    axes.spines["bottom"].set_visible(False)
    axes.set_xticks([0, 1], [str(year) for year in years], color=INK, fontweight="semibold")
    for x in (0, 1):
        axes.axvline(x, color=RULE, linewidth=1, zorder=0, clip_on=False)


def _line(axes: Axes, first: Value, last: Value) -> None:
    points = [(x, float(value)) for x, value in enumerate((first, last)) if value.known]
    color, dashes, marker = LOOKS[_direction(first, last)]
    axes.plot(
        [x for x, _ in points],
        [y for _, y in points],
        color=color,
        linestyle=dashes,
        marker=marker,
        markersize=6,
        markeredgecolor="white",
        markeredgewidth=0.75,
        clip_on=False,
        zorder=2,
    )


def _direction(first: Value, last: Value) -> str:
    """Compare two values as they are shown."""
    if first.point is None or last.point is None:
        return "Uendret"
    old, new = (round_half_up(value.point or Fraction(0), value.decimals) for value in (first, last))
    return "Opp" if new > old else "Ned" if new < old else "Uendret"


def alt_slope(series: Sequence[Series], start: int, end: int) -> str:
    """Describe the slopes in words: every pair of numbers, and which rose and which fell."""
    sentences = [f"Stigningsdiagram fra {start} til {end}, {series[0].unit}."]
    groups: dict[str, list[str]] = {word: [] for word in LOOKS}
    for s in series:
        if s[start].known and s[end].known:
            sentences.append(f"{s.label}: fra {format_cell(s[start])} til {format_cell(s[end])}.")
            groups[_direction(s[start], s[end])].append(s.label)
        else:
            sentences.append(f"{s.label}: {said(s[start])} i {start}, {said(s[end])} i {end}.")
    sentences += [f"{word}: {listing(names)}." for word, names in groups.items() if names]
    return plain(sentences)
