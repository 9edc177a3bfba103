"""Columns over the years: one quantity, or the parts of a whole."""

from __future__ import annotations

from collections.abc import Sequence

from analysis_lib.present.charts.base import (
    HEIGHT,
    Chart,
    canvas,
    end_labels,
    ink_on,
    plain,
    rows_of,
    same_unit,
    span,
    values_of,
)
from analysis_lib.present.numbers import format_cell
from analysis_lib.present.series import Series, frame
from analysis_lib.present.style import GREY, INK, PALETTE

# Numbers stand on the columns as long as there is room for them.
MOST_LABELLED = 12
# A few columns say little and need little room.
FEW, LOW = 4, 2.2


def søyler(series: Series) -> Chart:
    """Draw one column a year from zero, with the number on it; a year without a number has no column.

    Parameters
    ----------
    series : Series
        Negative values go down from zero.
    """
    unit = same_unit(series.values.values())
    figure, axes = canvas(HEIGHT if len(series.known) > FEW else LOW)
    axes.set_position((0.075, axes.get_position().y0, 0.9, axes.get_position().height))
    known = series.known
    numbers = [float(value) for value in known.values()]
    # As wide for two years as for ten: two broad blocks would shout.
    years = sorted(series.values)
    axes.bar(list(known), numbers, color=PALETTE[0], width=0.6)
    slack = max(0, 6 - (years[-1] - years[0])) / 2 + 0.6
    axes.set_xlim(years[0] - slack, years[-1] + slack)
    axes.set_xticks(years, [str(year) for year in years])
    axes.margins(y=0.12)
    if min(numbers) < 0:
        axes.axhline(0, color=GREY, linewidth=0.8)
    if len(known) <= MOST_LABELLED:
        for year, value in known.items():
            down = float(value) < 0
            axes.annotate(
                format_cell(value),
                (year, float(value)),
                xytext=(0, -4 if down else 4),
                textcoords="offset points",
                ha="center",
                va="top" if down else "bottom",
                fontweight="semibold",
                color=INK,
            )
    return Chart(figure, rows_of([series]), unit, alt_columns(series))


def stablede_søyler(series: Sequence[Series], *, tall_i_søylene: bool = False) -> Chart:
    """Draw stacked columns over the years, the parts labelled beside the last column.

    Parameters
    ----------
    series : sequence of Series
        The parts from the bottom up, in one unit.
    tall_i_søylene : bool
        Write each part's number in its column.
    """
    unit = same_unit(values_of(series))
    figure, axes = canvas()
    wide = frame(list(series)).fillna(0.0)
    bottom = wide.iloc[:, 0] * 0
    end = wide.index[-1]
    labels = []
    for position, (name, part) in enumerate(zip(wide.columns, series, strict=True)):
        heights, color = wide[name], PALETTE[position]
        axes.bar(
            wide.index, heights, bottom=bottom, color=color, width=0.66, edgecolor="white", linewidth=0.6
        )
        if tall_i_søylene:
            for year, value in part.known.items():
                middle = bottom[year] + heights[year] / 2
                text = format_cell(value)
                axes.text(year, middle, text, ha="center", va="center", color=ink_on(color), fontsize=9)
        labels.append((bottom[end] + heights[end] / 2, f"{name} {format_cell(part[end])}", color))
        bottom = bottom + heights
    axes.set_xticks(list(wide.index), [str(year) for year in wide.index])
    axes.set_ylim(0, float(bottom.max()) * 1.02)
    end_labels(axes, end + 0.36, labels)
    return Chart(figure, rows_of(series), unit, alt_stacked(series))


def alt_columns(series: Series) -> str:
    """Describe columns in words: first, last, highest and lowest."""
    known = series.known
    years = list(known)
    text = ", ".join(f"{format_cell(value)} i {year}" for year, value in known.items())
    if len(years) > MOST_LABELLED:
        top = max(known, key=lambda year: known[year].point or 0)
        low = min(known, key=lambda year: known[year].point or 0)
        text = (
            f"{format_cell(known[years[0]])} i {years[0]} og {format_cell(known[years[-1]])} i {years[-1]}, "
            f"høyest i {top} ({format_cell(known[top])}), lavest i {low} ({format_cell(known[low])})"
        )
    return plain([f"Søylediagram, {series.unit}. {series.label}: {text}."])


def alt_stacked(series: Sequence[Series]) -> str:
    """Describe stacked columns in words: each part in the first and the last year."""
    sentences = [f"Stablede søyler for {span(series)}, {series[0].unit}."]
    for s in series:
        years = list(s.known)
        first, end = years[0], years[-1]
        sentence = f"{s.label}: {format_cell(s[first])} i {first}"
        sentences.append(f"{sentence} og {format_cell(s[end])} i {end}." if end > first else f"{sentence}.")
    return plain(sentences)
