"""What happened along a time axis: starts of a measure, what else came at the time, breaks in the series."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from analysis_lib.data.measures import Measure
from analysis_lib.data.periods import first_day, in_words
from analysis_lib.indicators.breaks import crossed
from analysis_lib.indicators.values import Value
from analysis_lib.present.charts.marks import name_marks, rule
from analysis_lib.present.charts.timeline import Timeline, readable
from analysis_lib.present.style import GREY, INK
from analysis_lib.present.words import listing

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Dated = Mapping[str | int, str]


class Sort(StrEnum):
    """What a mark stands for."""

    START = "Oppstart"
    BESIDE = "Samtidig"
    BREAK = "Brudd i serien"


# Told apart without colours.
_LOOK = {
    Sort.START: {"color": INK, "linewidth": 1.5, "linestyle": "solid"},
    Sort.BESIDE: {"color": GREY, "linewidth": 0.8, "linestyle": (0, (2, 2))},
    Sort.BREAK: {"color": INK, "linewidth": 1.1, "linestyle": (0, (7, 2, 1, 2))},
}


@dataclass(frozen=True)
class Event:
    """Something that happened: its period as the data write it, its name, and what the alt text calls it."""

    sort: Sort
    when: str
    name: str
    about: str = ""

    def __str__(self) -> str:
        return f"{self.about or self.name} ({in_words(self.when)})"


def events(
    values: Iterable[Value], measure: Measure | None, starts: Dated, beside: Dated, breaks: Dated
) -> list[Event]:
    """Return what to mark: what is named, what the register of measures says, and every registered break."""
    named = [
        Event(sort, readable(when), name)
        for sort, given in ((Sort.START, starts), (Sort.BESIDE, beside), (Sort.BREAK, breaks))
        for when, name in given.items()
    ]
    told = {event.when for event in named if event.sort is Sort.BREAK}
    registered = [Event(Sort.BREAK, at.start, "", at.what) for at in crossed(values) if at.start not in told]
    return [*named, *(_of(measure) if measure else ()), *registered]


def _of(measure: Measure) -> list[Event]:
    starts = [Event(Sort.START, at.when, at.place or at.what or measure.name) for at in measure.start]
    beside = [Event(Sort.BESIDE, at.when, at.what) for at in measure.co_interventions if at.when]
    return starts + beside


def inside(found: Iterable[Event], axis: Timeline, first: int, last: int) -> list[Event]:
    """Return the events that the periods reach, by time."""
    reached = []
    for event in found:
        start, end = axis.reach(event.when)
        if end >= first - 0.5 and start < last + 0.5:
            reached.append(event)
    return sorted(reached, key=lambda event: first_day(event.when))


def draw_events(axes: Axes, shown: Iterable[Event], axis: Timeline, first: int, last: int) -> None:
    """Draw each event as a rule or a band within the axes, and name it over them."""
    low, high = axes.get_xlim()
    marks = []
    for event in shown:
        start, end = axis.reach(event.when)
        # What lasted all the time shown has no end to be seen, and no band that would tell it apart.
        end = start if start <= first and end >= last else min(end, high)
        rule(axes, max(start, low), end, **_LOOK[event.sort])
        marks.append((max(start, low), end, _label(event)))
    name_marks(axes, list(dict.fromkeys(marks)))


def _label(event: Event) -> str:
    if event.sort is Sort.BESIDE:
        return event.name
    return f"{event.sort}: {event.name}" if event.name else str(event.sort)


def in_text(shown: Iterable[Event]) -> list[str]:
    """Say in words what is marked."""
    by_sort: dict[Sort, list[str]] = {}
    for event in shown:
        by_sort.setdefault(event.sort, []).append(str(event))
    return [f"{sort}: {listing(by_sort[sort])}." for sort in Sort if sort in by_sort]
