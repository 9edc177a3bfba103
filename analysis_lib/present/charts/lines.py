"""Lines over the years, labelled at their ends, with bands of uncertainty and named marks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from analysis_lib.data.periods import When as Moment
from analysis_lib.data.periods import in_words, ordinal
from analysis_lib.errors import NotatbokFeil, nearest
from analysis_lib.indicators.breaks import Handling, crossed
from analysis_lib.indicators.series import Series
from analysis_lib.indicators.values import Value
from analysis_lib.present.charts.base import (
    DASHES,
    GREY,
    MARKERS,
    PALETTE,
    Chart,
    canvas,
    course,
    drawn,
    foot,
    places,
    plain,
    rows_of,
    span,
    unit_of,
    years_of,
)
from analysis_lib.present.charts.labels import (
    Label,
    When,
    draw_marks,
    fit,
    named,
    room_for,
    side_labels,
    within,
    year_ticks,
)
from analysis_lib.present.numbers import NBSP, format_cell
from analysis_lib.present.words import listing

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_LINES = 5
MOST_MARKED = 36
Bands = Mapping[str, tuple[Series, Series]]


@drawn
def linjer(
    series: Sequence[Series],
    *,
    fra_null: bool = False,
    grunnlinje: float | None = None,
    markeringer: Mapping[When, str] | None = None,
    bånd: Bands | None = None,
    brudd: Handling = "avvis",
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
    markeringer : mapping from year or (first, last year) to text, optional
        Named rules and bands: a reform, a break in the series, the pandemic. Those outside the years
        shown are left out.
    bånd : mapping from label to (low, high) Series, optional
        Uncertainty around the line with that label.
    brudd : {"avvis", "vis"}
        What to do with a registered break of a series: refuse it, or end the line there, mark the year and
        say under the figure what changed.

    Raises
    ------
    NotatbokFeil
        For more than five lines, different units, or a band without a line.
    AnalyseAvvist
        For a line over a registered break that is not to be shown.
    """
    if len(series) > MOST_LINES:
        raise NotatbokFeil(
            f"{len(series)} linjer i én figur er flere enn {MOST_LINES}", hint="Bruk små_multipler."
        )
    everything = [*series, *_limits(series, bånd or {})]
    unit = unit_of(everything, brudd)
    breaks = dict.fromkeys(at for one in series for at in crossed(one.verdier.values()))
    years = years_of(series)
    figure, axes = canvas(below=foot(years))
    if grunnlinje is not None:
        axes.axhline(grunnlinje, color=GREY, linewidth=0.8, zorder=1)
    for position, one in enumerate(series):
        for stretch in _stretches(one):
            draw_line(axes, stretch, years, position)
        if one.navn in (bånd or {}):
            _band(axes, (bånd or {})[one.navn], years, PALETTE[position])
    if fra_null:
        from_zero(axes, everything)
    axes.set(xlim=axes.get_xlim(), ylim=axes.get_ylim())
    marks = within({**(markeringer or {}), **{at.start: "Brudd" for at in breaks}}, years)
    end = max((year for s in series for year in s.kjente), key=ordinal)
    labels = [_end_label(one, PALETTE[i], end) for i, one in enumerate(series) if one.kjente]
    fit(axes, right=room_for(axes, labels))
    draw_marks(axes, marks)
    side_labels(axes, labels, ordinal(end))
    year_ticks(axes, years)
    notes = tuple(f"Brudd i serien, {at}." for at in breaks)
    return Chart(figure, rows_of(everything), unit, alt_lines(series, bånd or {}, marks), notes)


def draw_line(
    axes: Axes, series: Series, years: Sequence[Moment], position: int, *, markersize: float = 6
) -> None:
    """Draw one line; matplotlib's own breaks at a year without a number, where seaborn's would bridge it."""
    axes.plot(
        places(years),
        [float(series[year]) for year in years],
        color=PALETTE[position],
        linestyle=DASHES[position],
        # Marks of many points would run together.
        marker=MARKERS[position] if len(years) <= MOST_MARKED else "",
        markersize=markersize,
        markeredgecolor="white",
        markeredgewidth=markersize / 8,
        clip_on=False,
        zorder=2,
    )


def _stretches(series: Series) -> list[Series]:
    """Return a series in the pieces between its registered breaks."""
    pieces: list[dict[Moment, Value]] = [{}]
    for year, value in series.verdier.items():
        if crossed([*pieces[-1].values(), value]):
            pieces.append({})
        pieces[-1][year] = value
    return [Series(series.navn, piece) for piece in pieces]


def from_zero(axes: Axes, series: Sequence[Series]) -> None:
    """Let the axis begin at zero, or end there where everything is negative."""
    numbers = [float(value) for s in series for value in s.kjente.values()]
    low, high = min(0.0, *numbers), max(0.0, *numbers)
    if low == high:
        high = 1.0
    slack = 0.04 * (high - low)
    axes.set_ylim(low - slack if low < 0 else 0, high + slack if high > 0 else 0)


def _band(axes: Axes, limits: tuple[Series, Series], years: Sequence[Moment], color: str) -> None:
    low, high = ([float(limit[year]) for year in years] for limit in limits)
    axes.fill_between(places(years), low, high, color=color, alpha=0.16, linewidth=0, zorder=1)


def _limits(series: Sequence[Series], bands: Bands) -> list[Series]:
    """Return the limits of the bands as series of their own, for the table."""
    labels = [s.navn for s in series]
    for label in bands:
        if label not in labels:
            raise NotatbokFeil(f"båndet «{label}» hører ikke til noen linje", hint=nearest(label, labels))
    names = ("nedre grense", "øvre grense")
    return [
        limit.kalt(f"{label}, {name}")
        for label in labels
        if label in bands
        for limit, name in zip(bands[label], names, strict=True)
    ]


def _end_label(series: Series, color: str, end: Moment) -> Label:
    """Name a line and its last number, and the year where that is not the last one shown."""
    year, value = list(series.kjente.items())[-1]
    when = f"{NBSP}({in_words(year)})" if year != end else ""
    return Label(ordinal(year), float(value), named(series.navn, f"{format_cell(value)}{when}"), color)


def alt_lines(
    series: Sequence[Series], bands: Bands | None = None, marks: Sequence[tuple[int, int, str]] = ()
) -> str:
    """Describe lines in words: first, last, highest and lowest value of each, bands and marks."""
    years = years_of(series)
    sentences = [f"Linjediagram for {span(series)}, {series[0].enhet}."]
    sentences += [course(one, years) for one in series]
    for label, (low, high) in (bands or {}).items():
        both = [year for year in low.kjente if year in high.kjente]
        if both:
            limits = f"{format_cell(low[both[-1]])} til {format_cell(high[both[-1]])}"
            sentences.append(f"Usikkerhet for {label} i {in_words(both[-1])}: {limits}.")
    if marks:
        at = {ordinal(year): str(year) for year in years}
        named = [f"{name} ({in_words(f'{at[start]}–{at[end]}')})" for start, end, name in marks]
        sentences.append(f"Markert: {listing(named)}.")
    return plain(sentences)
