"""Lines over the years: one panel for up to five, small multiples for more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from analysis_lib.errors import NotatbokFeil
from analysis_lib.present.charts.base import (
    Chart,
    canvas,
    end_labels,
    last,
    plain,
    rows_of,
    same_unit,
    span,
    values_of,
)
from analysis_lib.present.numbers import format_cell
from analysis_lib.present.series import Series
from analysis_lib.present.style import DASHES, GREY, INK, MARKERS, PALETTE, norwegian_axis

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_LINES = 5


def linjer(
    series: Sequence[Series],
    *,
    fra_null: bool = False,
    grunnlinje: float | None = None,
    markeringer: Mapping[int, str] | None = None,
) -> Chart:
    """Draw lines over the years, labelled at their ends; a year without a number breaks its line.

    Parameters
    ----------
    series : sequence of Series
        At most five, in one unit.
    fra_null : bool
        Let the axis begin at zero.
    grunnlinje : float, optional
        Level of a thin reference line, for example 100 for an index.
    markeringer : mapping from year to text, optional
        Thin named rules: a reform, a break in the series, the pandemic.

    Raises
    ------
    NotatbokFeil
        For more than five lines, or different units.
    """
    if len(series) > MOST_LINES:
        raise NotatbokFeil(
            f"{len(series)} linjer i én figur er flere enn {MOST_LINES}", hint="Bruk små_multipler."
        )
    unit = same_unit(values_of(series))
    figure, axes = canvas()
    if grunnlinje is not None:
        axes.axhline(grunnlinje, color=GREY, linewidth=0.8, zorder=1)
    for position, one in enumerate(series):
        _line(axes, one, position)
    if fra_null:
        axes.set_ylim(bottom=0)
    _year_axis(axes, series)
    for year, name in (markeringer or {}).items():
        _mark(axes, year, name)
    labels = [(float(last(s)), f"{s.label} {format_cell(last(s))}", PALETTE[i]) for i, s in enumerate(series)]
    end_labels(axes, max(year for s in series for year in s.known), labels)
    return Chart(figure, rows_of(series), unit, alt_lines(series))


def _line(axes: Axes, series: Series, position: int, *, markersize: float = 5) -> None:
    # matplotlib's own line: it breaks at a year without a number, where seaborn's would bridge it.
    axes.plot(
        list(series.values),
        [float(value) for value in series.values.values()],
        color=PALETTE[position],
        linestyle=DASHES[position],
        marker=MARKERS[position],
        markersize=markersize,
        markeredgecolor="white",
        markeredgewidth=0.75,
    )


def _year_axis(axes: Axes, series: Sequence[Series]) -> None:
    years = sorted({year for s in series for year in s.values})
    every = 1 if len(years) <= 12 else 2
    shown = years[::-1][::every][::-1]
    axes.set_xticks(shown, [str(year) for year in shown])


def _mark(axes: Axes, year: int, name: str) -> None:
    axes.axvline(year, color=GREY, linewidth=0.8, linestyle=(0, (2, 2)), zorder=1)
    axes.annotate(
        name,
        (year, 1),
        xycoords=("data", "axes fraction"),
        xytext=(4, -2),
        textcoords="offset points",
        va="top",
        color=INK,
        fontsize=9,
    )


def små_multipler(series: Sequence[Series], *, kolonner: int = 3, fra_null: bool = False) -> Chart:
    """Draw one small panel a series on shared axes; the first and last value are labelled.

    Parameters
    ----------
    series : sequence of Series
        In one unit; best for six to twelve.
    kolonner : int
        Panels side by side.
    """
    unit = same_unit(values_of(series))
    lines = -(-len(series) // kolonner)
    figure, first = canvas(0.5 + 1.35 * lines)
    first.remove()
    axes = figure.subplots(lines, kolonner, sharex=True, sharey=True, squeeze=False).flatten()
    figure.subplots_adjust(left=0.06, right=0.97, bottom=0.1, top=0.92, hspace=0.45, wspace=0.18)
    for panel, one in zip(axes, series, strict=False):
        _line(panel, one, 0, markersize=3)
        norwegian_axis(panel)
        panel.set_title(one.label, loc="left", fontsize=10, fontweight="semibold")
        years = list(one.known)
        for year in {years[0], years[-1]}:
            panel.annotate(
                format_cell(one[year]),
                (year, float(one[year])),
                xytext=(0, 5),
                textcoords="offset points",
                ha="center",
                fontsize=9,
            )
        panel.set_xticks([years[0], years[-1]], [str(years[0]), str(years[-1])])
        panel.margins(x=0.12, y=0.25)
        if fra_null:
            panel.set_ylim(bottom=0)
    for empty in axes[len(series) :]:
        empty.remove()
    return Chart(figure, rows_of(series), unit, alt_lines(series))


def alt_lines(series: Sequence[Series]) -> str:
    """Describe lines in words: first, last and highest value of each."""
    sentences = [f"Linjediagram for {span(series)}, {series[0].unit}."]
    for s in series:
        years = list(s.known)
        first, end = years[0], years[-1]
        peak = max(years, key=lambda year: s[year].point or 0)
        sentence = f"{s.label}: {format_cell(s[first])} i {first}"
        if end > first:
            sentence += f", {format_cell(s[end])} i {end}"
        if peak not in (first, end):
            sentence += f", høyest i {peak} med {format_cell(s[peak])}"
        sentences.append(f"{sentence}.")
    return plain(sentences)
