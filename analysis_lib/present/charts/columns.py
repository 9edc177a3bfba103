"""Columns over the years: one quantity, or the parts of a whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from analysis_lib.errors import NotatbokFeil
from analysis_lib.present.charts.alt import course, plain, said, span
from analysis_lib.present.charts.base import HEIGHT, Chart, canvas, ink_on, rows_of, sign, unit_of, years_of
from analysis_lib.present.charts.labels import (
    Label,
    fit,
    height_of,
    named,
    room_for,
    side_labels,
    text_width,
    width_of,
)
from analysis_lib.present.charts.marks import year_ticks
from analysis_lib.present.numbers import format_cell
from analysis_lib.present.series import Series
from analysis_lib.present.style import GREY, INK, PALETTE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Numbers stand on the columns as long as there is room for them.
MOST_LABELLED = 12
# A few columns say little and need little room.
FEW, LOW = 4, 2.2
SMALL = 9
# A part lower than this has no room for its number.
LOWEST = 11


def søyler(series: Series) -> Chart:
    """Draw one column a year from zero, with the number on it; a year without a number has its sign.

    Parameters
    ----------
    series : Series
        Negative values go down from zero.
    """
    unit = unit_of([series])
    known, years = series.known, years_of([series])
    figure, axes = canvas(HEIGHT if len(known) > FEW else LOW, above=4)
    axes.bar(list(known), [float(value) for value in known.values()], color=PALETTE[0], width=0.6)
    # As wide for two years as for ten: two broad blocks would shout.
    slack = max(0, 6 - (years[-1] - years[0])) / 2 + 0.6
    axes.set_xlim(years[0] - slack, years[-1] + slack)
    _room_for_numbers(axes)
    fit(axes)
    if any(value.point is not None and value.point < 0 for value in known.values()):
        axes.axhline(0, color=GREY, linewidth=0.8)
        axes.spines["bottom"].set_visible(False)
    if _has_room(axes, series):
        _numbers(axes, series)
        axes.yaxis.set_visible(False)
        fit(axes, left=0, right=0)
    year_ticks(axes, years)
    return Chart(figure, rows_of([series]), unit, alt_columns(series))


def _room_for_numbers(axes: Axes) -> None:
    """Leave room over (and under) the columns; zero stays at the foot where nothing is negative."""
    low, high = axes.get_ylim()
    room = 0.1 * (high - low)
    axes.set_ylim(low - room if low < 0 else 0, high + room if high > 0 else 0)


def _has_room(axes: Axes, series: Series) -> bool:
    """Tell whether the numbers fit side by side."""
    low, high = axes.get_xlim()
    widest = max(text_width(sign(value)) for value in series.values.values())
    return len(series.known) <= MOST_LABELLED and widest + 4 < width_of(axes) / (high - low)


def _numbers(axes: Axes, series: Series) -> None:
    for year, value in series.values.items():
        height = float(value) if value.known else 0.0
        axes.annotate(
            sign(value),
            (year, height),
            xytext=(0, -3 if height < 0 else 3),
            textcoords="offset points",
            ha="center",
            va="top" if height < 0 else "bottom",
            fontweight="semibold",
            color=INK,
        )


def stablede_søyler(series: Sequence[Series], *, tall_i_søylene: bool = False) -> Chart:
    """Draw stacked columns over the years, the parts labelled beside the last column.

    Parameters
    ----------
    series : sequence of Series
        The parts from the bottom up, in one unit, none of them negative. A year that lacks the number
        of any part has no column: it would look like a lower total.
    tall_i_søylene : bool
        Write each part's number in its column, where it is high enough.

    Raises
    ------
    NotatbokFeil
        For different units, or a negative part.
    """
    unit, years = unit_of(series), years_of(series)
    for s in series:
        if any(value.point is not None and value.point < 0 for value in s.values.values()):
            raise NotatbokFeil(f"«{s.label}» er negativ og kan ikke stables")
    whole = [year for year in years if all(s[year].known for s in series)]
    if not whole:
        raise NotatbokFeil("ingen år har tall for alle delene")
    tops = {year: sum(float(s[year]) for s in series) for year in whole}
    figure, axes = canvas()
    axes.set(xlim=(years[0] - 0.5, years[-1] + 0.5), ylim=(0, (max(tops.values()) or 1) * 1.02))
    labels = _stack(axes, series, whole)
    fit(axes, right=room_for(axes, labels))
    if tall_i_søylene:
        _numbers_inside(axes, series, whole)
    side_labels(axes, labels, whole[-1] + 0.36)
    year_ticks(axes, years)
    return Chart(figure, rows_of(series), unit, alt_stacked(series))


def _stack(axes: Axes, series: Sequence[Series], years: Sequence[int]) -> list[Label]:
    bottoms = [0.0] * len(years)
    labels = []
    for position, part in enumerate(series):
        heights, color = [float(part[year]) for year in years], PALETTE[position % len(PALETTE)]
        axes.bar(years, heights, bottom=bottoms, color=color, width=0.66, edgecolor="white", linewidth=0.6)
        text = named(part.label, format_cell(part[years[-1]]))
        labels.append(Label(years[-1] + 0.36, bottoms[-1] + heights[-1] / 2, text, color))
        bottoms = [bottom + height for bottom, height in zip(bottoms, heights, strict=True)]
    return labels


def _numbers_inside(axes: Axes, series: Sequence[Series], years: Sequence[int]) -> None:
    per_point = axes.get_ylim()[1] / height_of(axes)
    for year in years:
        bottom = 0.0
        for position, part in enumerate(series):
            height = float(part[year])
            if height > LOWEST * per_point:
                axes.text(
                    year,
                    bottom + height / 2,
                    format_cell(part[year]),
                    ha="center",
                    va="center",
                    color=ink_on(PALETTE[position % len(PALETTE)]),
                    fontsize=SMALL,
                )
            bottom += height


def alt_columns(series: Series) -> str:
    """Describe columns in words: every year when few, else first, last, highest and lowest."""
    lead = f"Søylediagram, {series.unit}."
    if len(series.values) > MOST_LABELLED:
        return plain([lead, course(series, years_of([series]))])
    every = ", ".join(f"{said(value)} i {year}" for year, value in series.values.items())
    return plain([lead, f"{series.label}: {every}."])


def alt_stacked(series: Sequence[Series]) -> str:
    """Describe stacked columns in words: each part in the first and the last year."""
    sentences = [f"Stablede søyler for {span(series)}, {series[0].unit}, nedenfra og opp."]
    for s in series:
        years = list(s.known)
        first, end = years[0], years[-1]
        sentence = f"{s.label}: {format_cell(s[first])} i {first}"
        sentences.append(f"{sentence} og {format_cell(s[end])} i {end}." if end > first else f"{sentence}.")
    gaps = [str(year) for year in years_of(series) if not all(s[year].known for s in series)]
    if gaps:
        sentences.append(f"Uten søyle fordi tall mangler: {', '.join(gaps)}.")
    return plain(sentences)
