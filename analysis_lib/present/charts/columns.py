"""Columns over the years: one quantity, or the parts of a whole.

Horizontal bars: how many, of which, in order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from analysis_lib.data.periods import When, in_words, ordinal
from analysis_lib.errors import NotatbokFeil
from analysis_lib.indicators.series import Series, sum_av
from analysis_lib.indicators.values import Value
from analysis_lib.present.charts.base import (
    GREY,
    HEIGHT,
    INK,
    PALETTE,
    POINTS,
    Chart,
    beside,
    canvas,
    course,
    drawn,
    extremes,
    figure_of,
    foot,
    ink_on,
    missing,
    places,
    plain,
    rows_of,
    said,
    same_unit,
    sign,
    span,
    unit_of,
    years_of,
)
from analysis_lib.present.charts.labels import (
    LINE,
    SPACING,
    Label,
    fit,
    height_of,
    named,
    padded,
    room_for,
    side_labels,
    text_width,
    width_of,
    wrapped,
    year_ticks,
)
from analysis_lib.present.numbers import format_cell
from analysis_lib.present.words import listing

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Numbers stand on the columns as long as there is room for them.
MOST_LABELLED = 12
# A few columns say little and need little room.
FEW, LOW = 4, 2.2
SMALL = 9
# A part lower than this has no room for its number.
LOWEST = 11
# From the middle of a stacked column to where its labels are led.
HALF = 0.36


@drawn
def søyler(series: Series) -> Chart:
    """Draw one column a year from zero, with the number on it; a year without a number has its sign.

    Parameters
    ----------
    series : Series
        Negative values go down from zero.
    """
    unit = unit_of([series])
    known, years = series.kjente, years_of([series])
    figure, axes = canvas(HEIGHT if len(known) > FEW else LOW, above=4, below=foot(years))
    axes.bar(
        places(known), [float(value) for value in known.values()], color=PALETTE[0], width=0.6 * _gap(known)
    )
    # As wide for two years as for ten: two broad blocks would shout.
    first, last = ordinal(years[0]), ordinal(years[-1])
    slack = max(0, 6 - (last - first)) / 2 + 0.6
    axes.set_xlim(first - slack, last + slack)
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
    widest = max(text_width(sign(value)) for value in series.verdier.values())
    return len(series.kjente) <= MOST_LABELLED and widest + 4 < width_of(axes) / (high - low)


def _numbers(axes: Axes, series: Series) -> None:
    for year, value in series.verdier.items():
        height = float(value) if value.known else 0.0
        at = (ordinal(year), height)
        beside(axes, sign(value), at, dy=-3 if height < 0 else 3, fontweight="semibold")


@drawn
def stablede_søyler(series: Sequence[Series], *, tall_i_søylene: bool = False) -> Chart:
    """Draw stacked columns over the years, the parts labelled beside the last column.

    Positive parts go up from zero and negative ones down. Where any is negative the column ends elsewhere
    than at its sum, which is then drawn as a line over the column, labelled, and added to the table.

    Parameters
    ----------
    series : sequence of Series
        The parts from zero and out, in one unit. A year that lacks the number of any part has no column:
        it would look like a lower total.
    tall_i_søylene : bool
        Write each part's number in its column, where it is high enough.

    Raises
    ------
    NotatbokFeil
        For different units, or no year with a number for every part.
    """
    unit, years = unit_of(series), years_of(series)
    whole = [year for year in years if all(s[year].known for s in series)]
    if not whole:
        raise NotatbokFeil("ingen år har tall for alle delene")
    heights = [[float(s[year]) for year in whole] for s in series]
    totals = _totals(series, whole)
    figure, axes = canvas(below=foot(years))
    half = _gap(whole) / 2
    axes.set_xlim(ordinal(years[0]) - half, ordinal(years[-1]) + half)
    labels = _stack(axes, series, heights, whole)
    _stack_limits(axes, heights)
    if totals:
        labels.append(_total_lines(axes, totals, whole))
    fit(axes, right=room_for(axes, labels))
    if tall_i_søylene:
        _numbers_inside(axes, series, heights, whole, totals)
    side_labels(axes, labels, ordinal(whole[-1]) + HALF * _gap(whole))
    year_ticks(axes, whole)
    return Chart(figure, rows_of([*series, *totals]), unit, alt_stacked(series, totals))


def _gap(years: Iterable[When]) -> int:
    """Return the distance between the columns: one, or several where only some months have a number."""
    return min((later - one for one, later in pairwise(places(years))), default=1)


def stacked(heights: Sequence[Sequence[float]]) -> list[list[float]]:
    """Return where each part of each column begins: what is positive over zero, what is negative under it.

    >>> stacked([[3, 3], [-1, 2], [4, -5], [-2, 1]])
    [[0, 0], [0, 3], [3, 0], [-1, 5]]
    """
    return [
        [
            sum(under[i] for under in heights[:part] if (under[i] < 0) == (own < 0))
            for i, own in enumerate(row)
        ]
        for part, row in enumerate(heights)
    ]


def _totals(series: Sequence[Series], years: Sequence[When]) -> list[Series]:
    """Return the sum of the parts as a series of its own where it is not the height of the column."""
    if all(float(s[year]) >= 0 for s in series for year in years):
        return []
    return [Series("Sum av delene", {year: sum_av(*(s[year] for s in series)) for year in years})]


def _stack(
    axes: Axes, series: Sequence[Series], heights: Sequence[Sequence[float]], years: Sequence[When]
) -> list[Label]:
    labels = []
    for position, (part, tall, bottoms) in enumerate(zip(series, heights, stacked(heights), strict=True)):
        color = PALETTE[position % len(PALETTE)]
        axes.bar(
            places(years),
            tall,
            bottom=bottoms,
            color=color,
            width=0.66 * _gap(years),
            edgecolor="white",
            linewidth=0.6,
        )
        text = named(part.navn, format_cell(part[years[-1]]))
        labels.append(Label(ordinal(years[-1]) + HALF * _gap(years), bottoms[-1] + tall[-1] / 2, text, color))
    return labels


def _stack_limits(axes: Axes, heights: Sequence[Sequence[float]]) -> None:
    """Let the axis end just beyond the columns, at zero where they do."""
    columns = list(zip(*heights, strict=True))
    high = max(sum(part for part in column if part > 0) for column in columns)
    low = min(sum(part for part in column if part < 0) for column in columns)
    axes.set_ylim(low * 1.02, (high or (0 if low else 1)) * 1.02)
    if low < 0:
        axes.axhline(0, color=GREY, linewidth=0.8)
        axes.spines["bottom"].set_visible(False)


def _total_lines(axes: Axes, totals: Sequence[Series], years: Sequence[When]) -> Label:
    """Draw each column's sum as a line over it, with white around so that it shows on any part."""
    (total,) = totals
    levels = [float(total[year]) for year in years]
    half = HALF * _gap(years)
    left, right = ([place + side * half for place in places(years)] for side in (-1, 1))
    for color, width in (("white", 4), (INK, 2)):
        axes.hlines(levels, left, right, color=color, linewidth=width, zorder=3)
    return Label(right[-1], levels[-1], named(total.navn, format_cell(total[years[-1]])), INK)


def _numbers_inside(
    axes: Axes,
    series: Sequence[Series],
    heights: Sequence[Sequence[float]],
    years: Sequence[When],
    totals: Sequence[Series],
) -> None:
    """Write the parts' numbers, but not under the line of a sum."""
    low, high = axes.get_ylim()
    lowest = LOWEST * (high - low) / height_of(axes)
    bottoms = stacked(heights)
    for i, year in enumerate(years):
        for position, part in enumerate(series):
            middle = bottoms[position][i] + heights[position][i] / 2
            covered = any(abs(float(total[year]) - middle) < lowest / 2 for total in totals)
            if abs(heights[position][i]) > lowest and not covered:
                ink = ink_on(PALETTE[position % len(PALETTE)])
                beside(axes, format_cell(part[year]), (ordinal(year), middle), color=ink, fontsize=SMALL)


def alt_columns(series: Series) -> str:
    """Describe columns in words: every year when few, else first, last, highest and lowest."""
    lead = f"Søylediagram, {series.enhet}."
    if len(series.verdier) > MOST_LABELLED:
        return plain([lead, course(series, years_of([series]))])
    every = ", ".join(f"{said(series[year])} i {in_words(year)}" for year in years_of([series]))
    return plain([lead, f"{series.navn}: {every}."])


def alt_stacked(series: Sequence[Series], totals: Sequence[Series] = ()) -> str:
    """Describe stacked columns in words: each part in the first and the last year, and their sum."""
    way = "negative deler nedover fra null" if totals else "nedenfra og opp"
    sentences = [f"Stablede søyler for {span(series)}, {series[0].enhet}, {way}."]
    for s in [*series, *totals]:
        years = list(s.kjente)
        ends = [f"{format_cell(s[year])} i {in_words(year)}" for year in dict.fromkeys((years[0], years[-1]))]
        sentences.append(f"{s.navn}: {' og '.join(ends)}.")
    gaps = [in_words(year) for year in years_of(series) if not all(s[year].known for s in series)]
    if gaps:
        sentences.append(f"Uten søyle fordi tall mangler: {', '.join(gaps)}.")
    return plain(sentences)


LONGEST = 42
# Points between rows beside the text, and between a bar and its number.
AIR, GAP = 9, 5
THICK = 14.5
FEW_IN_ALT = 8


@drawn
def stolper(verdier: Mapping[str, Value], *, sorter: bool = True, kolonne: str = "Verdi") -> Chart:
    """Draw horizontal bars from zero, the largest at the top, with the number at the end of each.

    Parameters
    ----------
    verdier : mapping from label to Value
        In one unit; those without a number get their sign in place of a bar, below the others.
        Negative values go left from zero.
    sorter : bool
        False keeps the order given, for categories that have one of their own (months, ages).
    kolonne : str
        Heading of the column in the table beside the chart.

    Raises
    ------
    NotatbokFeil
        For different units, or when no value has a number.
    """
    unit = same_unit(verdier.values())
    if not any(value.known for value in verdier.values()):
        raise NotatbokFeil("ingen av tallene i figuren finnes")
    shown = ordered(verdier) if sorter else dict(verdier)
    axes, places = category_canvas(list(shown))
    numbers = [float(value) if value.known else 0.0 for value in shown.values()]
    axes.barh(places, numbers, color=PALETTE[0], height=THICK)
    axes.axvline(0, color=GREY, linewidth=0.8)
    axes.xaxis.set_visible(False)
    axes.spines["bottom"].set_visible(False)
    texts = [sign(value) for value in shown.values()]
    _make_room(axes, numbers, texts)
    for place, number, text in zip(places, numbers, texts, strict=True):
        beside(axes, text, (number, place), -GAP if number < 0 else GAP, fontweight="semibold")
    rows = {label: {kolonne: value} for label, value in shown.items()}
    return Chart(figure_of(axes), rows, unit, alt_bars(shown, unit, sorter=sorter))


def ordered(values: Mapping[str, Value]) -> dict[str, Value]:
    """Return values from the largest to the smallest, those without a number last."""
    return dict(sorted(values.items(), key=lambda item: (item[1].point is None, -(item[1].point or 0))))


def category_canvas(labels: Sequence[str], *, below: float = 3, above: float = 3) -> tuple[Axes, list[float]]:
    """Return axes with categories down the left side, and the height at which each stands.

    The vertical axis is in points: a row is as high as its label needs, the chart as high as its rows.
    """
    from matplotlib.ticker import NullFormatter

    texts = [wrapped(label, LONGEST) for label in labels]
    heights = [(text.count("\n") + 1) * LINE + AIR for text in texts]
    total = sum(heights)
    _, axes = canvas((total + below + above) / POINTS, below=below, above=above)
    ends = accumulate(heights)
    places = [total - end + height / 2 for end, height in zip(ends, heights, strict=True)]
    axes.set_ylim(0, total)
    axes.yaxis.set_major_formatter(NullFormatter())
    axes.set_yticks(places, texts, color=INK, linespacing=SPACING)
    axes.grid(visible=False)
    fit(axes, left=max(text_width(text, weight="normal") for text in texts) + 9)
    return axes, places


def _make_room(axes: Axes, numbers: Sequence[float], texts: Sequence[str]) -> None:
    """Set the limits so that the numbers at the ends of the bars stay within the figure."""
    widths = [(number, text_width(text) + GAP + 2) for number, text in zip(numbers, texts, strict=True)]
    left = max((width + AIR for number, width in widths if number < 0), default=0.0)
    right = max((width for number, width in widths if number >= 0), default=0.0)
    axes.set_xlim(padded(min(0.0, *numbers), max(0.0, *numbers), width_of(axes), left, right))


def alt_bars(values: Mapping[str, Value], unit: str, *, sorter: bool) -> str:
    """Describe bars in words: all of them when few, else the ends of the order."""
    known = {label: value for label, value in values.items() if value.known}
    texts = [f"{label} {format_cell(value)}" for label, value in known.items()]
    order = ", fra størst til minst" if sorter and len(texts) > 1 else ""
    if len(texts) <= FEW_IN_ALT:
        ends = "" if sorter else extremes(known)
        return plain([f"Stolpediagram, {unit}{order}: {listing(texts)}.", ends, missing(values)])
    lead = f"Stolpediagram med {len(texts)} stolper, {unit}{order}."
    top = f"Øverst står {listing(texts[:3])}, nederst {listing(texts[-3:])}." if sorter else ""
    return plain([lead, extremes(known), top, missing(values)])
