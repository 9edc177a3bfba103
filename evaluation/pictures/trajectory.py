"""A course of events: observed points, a model's line over them, and marks for what happened when."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING

from analysis_lib.data.periods import first_day, in_words
from analysis_lib.errors import NotatbokFeil
from analysis_lib.indicators.breaks import crossed
from analysis_lib.indicators.series import Series
from analysis_lib.indicators.values import Value, found
from analysis_lib.present.charts.base import GREY, INK, PALETTE, Chart, canvas, course, drawn, plain, unit_of
from analysis_lib.present.charts.labels import Label, fit, name_marks, named, room_for, rule, side_labels
from analysis_lib.present.charts.lines import from_zero
from analysis_lib.present.numbers import format_cell
from analysis_lib.present.words import listing
from evaluation.pictures.shared import Timeline, dots, period_ticks, readable, timeline
from evaluation.register import Measure

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Dated = Mapping[str | int, str]


class MarkKind(StrEnum):
    """What a mark stands for."""

    START = "Oppstart"
    BESIDE = "Samtidig"
    BREAK = "Brudd i serien"


# Told apart without colours.
_LOOK = {
    MarkKind.START: {"color": INK, "linewidth": 1.5, "linestyle": "solid"},
    MarkKind.BESIDE: {"color": GREY, "linewidth": 0.8, "linestyle": (0, (2, 2))},
    MarkKind.BREAK: {"color": INK, "linewidth": 1.1, "linestyle": (0, (7, 2, 1, 2))},
}


@dataclass(frozen=True)
class Mark:
    """Something that happened: its period as the data write it, its name, and what the alt text calls it."""

    kind: MarkKind
    when: str
    name: str
    about: str = ""

    def __str__(self) -> str:
        return f"{self.about or self.name} ({in_words(self.when)})"


def events(
    values: Iterable[Value], measure: Measure | None, starts: Dated, beside: Dated, breaks: Dated
) -> list[Mark]:
    """Return what to mark: what is named, what the register of measures says, and every registered break."""
    named = [
        Mark(kind, readable(when), name)
        for kind, given in ((MarkKind.START, starts), (MarkKind.BESIDE, beside), (MarkKind.BREAK, breaks))
        for when, name in given.items()
    ]
    told = {event.when for event in named if event.kind is MarkKind.BREAK}
    registered = [
        Mark(MarkKind.BREAK, at.start, "", at.what) for at in crossed(values) if at.start not in told
    ]
    return [*named, *(_of(measure) if measure else ()), *registered]


def _of(measure: Measure) -> list[Mark]:
    starts = [Mark(MarkKind.START, at.when, at.place or at.what or measure.name) for at in measure.start]
    beside = [Mark(MarkKind.BESIDE, at.when, at.what) for at in measure.co_interventions if at.when]
    return starts + beside


def inside(found: Iterable[Mark], axis: Timeline, first: int, last: int) -> list[Mark]:
    """Return the events that the periods reach, by time."""
    reached = []
    for event in found:
        start, end = axis.reach(event.when)
        if end >= first - 0.5 and start < last + 0.5:
            reached.append(event)
    return sorted(reached, key=lambda event: first_day(event.when))


def draw_events(axes: Axes, shown: Iterable[Mark], axis: Timeline, first: int, last: int) -> None:
    """Draw each event as a rule or a band within the axes, and name it over them."""
    low, high = axes.get_xlim()
    marks = []
    for event in shown:
        start, end = axis.reach(event.when)
        # What lasted all the time shown has no end to be seen, and no band that would tell it apart.
        end = start if start <= first and end >= last else min(end, high)
        rule(axes, max(start, low), end, **_LOOK[event.kind])
        marks.append((max(start, low), end, _label(event)))
    name_marks(axes, list(dict.fromkeys(marks)))


def _label(event: Mark) -> str:
    if event.kind is MarkKind.BESIDE:
        return event.name
    return f"{event.kind}: {event.name}" if event.name else str(event.kind)


def in_text(shown: Iterable[Mark]) -> list[str]:
    """Say in words what is marked."""
    by_kind: dict[MarkKind, list[str]] = {}
    for event in shown:
        by_kind.setdefault(event.kind, []).append(str(event))
    return [f"{kind}: {listing(by_kind[kind])}." for kind in MarkKind if kind in by_kind]


Points = Series | Mapping[str, Value] | Mapping[int, Value]
Fitted = Sequence[float | Value | None]
MODEL = "modell"


@drawn
def forløp(
    punkter: Points,
    *,
    modell: Fitted | None = None,
    nedre: Fitted | None = None,
    øvre: Fitted | None = None,
    tiltak: Measure | None = None,
    oppstart: Dated | None = None,
    samtidig: Dated | None = None,
    brudd: Dated | None = None,
    navn: str = "",
    metode: str = MODEL,
    fra_null: bool = False,
) -> Chart:
    """Draw observed points, a model's line over them, its uncertainty, and what happened when.

    Parameters
    ----------
    punkter : Series, or mapping from period to Value
        Years (``2025``) or months (``"2026-01"``), in one unit; any order, gaps allowed.
    modell, nedre, øvre : sequence of float or Value, length n, optional
        The line and its limits for the same periods in the same order, in the points' unit; None or NaN
        where there is none.
    tiltak : Measure, optional
        Of the register (``vurdering.measure``): marks its starts and what else happened at the time.
    oppstart, samtidig, brudd : mapping from year, month, date or span to text, optional
        Further marks. Breaks registered for the points themselves are marked without asking. Marks
        outside the periods shown are left out.
    navn : str
        What the points are, where they are no Series.
    metode : str
        How the line is made, for the alt text and the register of numbers: «kvasi-Poisson».
    fra_null : bool
        Let the axis begin at zero.

    Raises
    ------
    NotatbokFeil
        For no number at all, different units, sequences of another length, one limit without the
        other, limits in the wrong order, or a period that cannot be read.

    Notes
    -----
    A point stands in the middle of its period and a mark where its first day begins, so a measure that
    starts with a period stands before its point. The line is interrupted at every break.
    """
    axis, observed = _observed(punkter, navn)
    model = [] if modell is None else [_line(punkter, observed, axis, modell, MODEL, metode)]
    limits = _limits(punkter, observed, axis, nedre, øvre, metode)
    unit = unit_of([observed, *model, *limits], "vis")
    shown = list(observed.verdier)
    happened = events(observed.verdier.values(), tiltak, oppstart or {}, samtidig or {}, brudd or {})
    marked = inside(happened, axis, shown[0], shown[-1])
    figure, axes = canvas()
    _draw(axes, observed, model, limits, _pieces(shown, marked, axis))
    if fra_null:
        from_zero(axes, [observed, *model, *limits])
    axes.set(xlim=_reach(shown, marked, axis), ylim=axes.get_ylim())
    labels = _labels(observed, model)
    fit(axes, right=room_for(axes, labels))
    if marked:
        draw_events(axes, marked, axis, shown[0], shown[-1])
    side_labels(axes, labels, axes.get_xlim()[1])
    period_ticks(axes, shown, axis)
    rows = {s.navn: {axis.short(number): s[number] for number in shown} for s in (observed, *model, *limits)}
    return Chart(figure, rows, unit, _alt(axis, observed, model, limits, marked, metode))


def _observed(points: Points, name: str) -> tuple[Timeline, Series]:
    """Return the axis and the points by number, in order."""
    values = points.verdier if isinstance(points, Series) else points
    if not values:
        raise NotatbokFeil("figuren har ingen tall")
    axis = timeline(values)
    label = name or (points.navn if isinstance(points, Series) else "observert")
    return axis, Series(label, _by_number(values, axis))


def _by_number(values: Mapping[str, Value] | Mapping[int, Value], axis: Timeline) -> dict[int, Value]:
    return dict(sorted((axis.number(readable(period)), value) for period, value in values.items()))


def _line(points: Points, observed: Series, axis: Timeline, given: Fitted, label: str, method: str) -> Series:
    """Return a line of the model as a series, each number with the points that it rests on."""
    values = points.verdier if isinstance(points, Series) else points
    if len(given) != len(values):
        raise NotatbokFeil(f"«{label}» har {len(given)} tall, men figuren har {len(values)} punkter")
    basis = tuple(observed.kjente.values())
    first = next(iter(observed.verdier.values()))

    def value(number: int, amount: float | Value | None) -> Value:
        if isinstance(amount, Value):
            return amount
        return found(
            math.nan if amount is None else amount,
            f"{observed.navn}, {label}, {axis.words(number)}",
            how=method,
            formula="tilpasset av " + ", ".join(f"{{{i}}}" for i in range(len(basis))),
            terms=basis,
            unit=first.unit,
            decimals=max((term.decimals for term in basis), default=first.decimals),
        )

    numbers = [axis.number(readable(period)) for period in values]
    pairs = zip(numbers, given, strict=True)
    return Series(
        label, {number: value(number, amount) for number, amount in sorted(pairs, key=lambda p: p[0])}
    )


def _limits(
    points: Points, observed: Series, axis: Timeline, low: Fitted | None, high: Fitted | None, method: str
) -> list[Series]:
    if low is None and high is None:
        return []
    if low is None or high is None:
        raise NotatbokFeil("usikkerheten skal ha både nedre og øvre grense")
    names = (f"{MODEL}, nedre grense", f"{MODEL}, øvre grense")
    below, above = (
        _line(points, observed, axis, given, name, method)
        for given, name in zip((low, high), names, strict=True)
    )
    for number in below.kjente.keys() & above.kjente.keys():
        if float(below[number]) > float(above[number]):
            raise NotatbokFeil(f"nedre grense er over øvre i {axis.words(number)}")
    return [below, above]


def _pieces(shown: Sequence[int], marked: Sequence[Mark], axis: Timeline) -> list[list[int]]:
    """Return the periods in pieces, cut at every break."""
    cuts = [axis.reach(event.when)[0] for event in marked if event.kind is MarkKind.BREAK]
    return [list(piece) for _, piece in groupby(shown, key=lambda number: sum(number >= cut for cut in cuts))]


def _draw(
    axes: Axes, observed: Series, model: list[Series], limits: list[Series], pieces: list[list[int]]
) -> None:
    """Draw the points strongest, the line and its band in grey; without a model a thin line joins them."""
    for piece in pieces:
        if limits:
            low, high = ([float(limit[number]) for number in piece] for limit in limits)
            axes.fill_between(piece, low, high, color=GREY, alpha=0.18, linewidth=0, zorder=1)
        # Between two breaks there may be one period only, and one point makes no line.
        marker = "_" if model and len(piece) == 1 else ""
        axes.plot(
            *_joined(model[0] if model else observed, piece, gaps=not model),
            color=GREY,
            linewidth=1.8 if model else 0.8,
            marker=marker,
            markersize=16,
            markeredgewidth=1.8,
            zorder=2,
        )
    heights = [float(value) for value in observed.kjente.values()]
    dots(axes, list(observed.kjente), heights, color=PALETTE[0], s=46, linewidth=0.8, clip_on=False)


def _joined(line: Series, piece: Sequence[int], *, gaps: bool) -> tuple[list[int], list[float]]:
    """Return a line's points; with `gaps` a period that is not there breaks it too."""
    numbers = list(range(piece[0], piece[-1] + 1)) if gaps else list(piece)
    return numbers, [
        float(line.verdier[number]) if number in line.verdier else math.nan for number in numbers
    ]


def _reach(shown: Sequence[int], marked: Sequence[Mark], axis: Timeline) -> tuple[float, float]:
    """Return the limits of the axis: the points with some air, and every mark."""
    air = 0.04 * (shown[-1] - shown[0]) or 0.5
    rules = [place for event in marked for place in axis.reach(event.when)[:1]]
    low, high = shown[0] - 0.5, shown[-1] + 0.5
    return (
        min([shown[0] - air, *(max(place, low) - air / 4 for place in rules)]),
        max([shown[-1] + air, *(min(place, high) + air / 4 for place in rules)]),
    )


def _labels(observed: Series, model: list[Series]) -> list[Label]:
    """Name the points by their last number, and the line."""
    last, value = list(observed.kjente.items())[-1]
    labels = [Label(last, float(value), named(observed.navn, format_cell(value)), PALETTE[0])]
    for line in model:
        if line.kjente:
            end, height = list(line.kjente.items())[-1]
            labels.append(Label(end, float(height), line.navn, GREY))
    return labels


def _alt(
    axis: Timeline,
    observed: Series,
    model: list[Series],
    limits: list[Series],
    marked: Sequence[Mark],
    method: str,
) -> str:
    known = list(observed.kjente)
    sentences = [f"Punkter for {axis.words(known[0], known[-1])}, {observed.enhet}."]
    sentences.append(course(observed, list(observed.verdier), axis.words))
    if model:
        how = f" ({method})" if method != MODEL else ""
        sentences.append(course(model[0].kalt(f"Modellens linje{how}"), [], axis.words))
    both = [number for number in limits[0].kjente if number in limits[1].kjente] if limits else []
    if both:
        ends = " til ".join(format_cell(limit[both[-1]]) for limit in limits)
        sentences.append(f"Usikkerhet i {axis.words(both[-1])}: {ends}.")
    return plain([*sentences, *in_text(marked)])
