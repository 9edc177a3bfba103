"""What the pictures share: a time axis, and what they read from the results of methods."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis_lib.data.periods import MONTHS, Frequency, Period, first_day, grain, in_words, last_day, span
from analysis_lib.errors import NotatbokFeil, nearest
from analysis_lib.indicators.values import Value, found
from analysis_lib.present.charts.base import INK, MARKERS, PALETTE, RULE
from analysis_lib.present.charts.labels import (
    Label,
    fit,
    room_for,
    side_labels,
    text_width,
    width_of,
    year_ticks,
)
from analysis_lib.present.numbers import format_cell
from evaluation.basis.requirements import Vector
from evaluation.methods.few_points import Growth
from evaluation.methods.its_continuous import ContinuousITS
from evaluation.methods.its_counts import ControlledCountITS, CountITS
from evaluation.methods.linear import LinearFit
from evaluation.methods.quasi_poisson import CountFit

if TYPE_CHECKING:
    from matplotlib.axes import Axes


# How many months there may be between the names on an axis.
STEPS = (1, 2, 3, 6, 12, 24, 60)


@dataclass(frozen=True)
class Timeline:
    """Periods of one frequency as their ordinals: years as they are, months since the year 0.

    A period's point stands at its number, and the period reaches half a step to each side.
    """

    frequency: Frequency = Frequency.YEAR

    def number(self, period: str) -> int:
        """Return a period's number."""
        return Period.at(first_day(period), self.frequency).ordinal

    def edge(self, day: date) -> float:
        """Return where a day begins.

        >>> Timeline().edge(date(2025, 1, 1)), Timeline(Frequency.MONTH).edge(date(2025, 4, 16))
        (2024.5, 24303.0)
        """
        around = Period.at(day, self.frequency)
        return around.ordinal - 0.5 + (day - around.first) / (around.after().first - around.first)

    def reach(self, period: str) -> tuple[float, float]:
        """Return where a mark begins and ends: alike unless its period is longer than a step of the axis."""
        start, end = first_day(period), last_day(period)
        longer = end > Period.at(start, self.frequency).last
        return self.edge(start), self.edge(end + timedelta(days=1)) if longer else self.edge(start)

    def period(self, number: int) -> Period:
        """Return a number's period."""
        origin = Period.at(date(2000, 12, 31), self.frequency)
        return origin.after(number - origin.ordinal)

    def words(self, first: int, last: int | None = None) -> str:
        """Return a period, or the span from one to another, as prose writes it.

        >>> months = Timeline(Frequency.MONTH)
        >>> months.words(12 * 2026), months.words(12 * 2026, 12 * 2026 + 4), Timeline().words(2019, 2025)
        ('januar 2026', 'januar–mai 2026', '2019–2025')
        """
        return in_words(
            "–".join(str(self.period(number)) for number in (first, first if last is None else last))
        )

    def short(self, number: int) -> str:
        """Return a period as an axis writes it.

        >>> Timeline(Frequency.MONTH).short(12 * 2026), Timeline(Frequency.QUARTER).short(4 * 2026 + 2)
        ('jan. 2026', '3. kv. 2026')
        """
        words = self.period(number).words.replace("kvartal", "kv.")
        name, _, year = words.partition(" ")
        return f"{name[:3]}. {year}" if name in MONTHS and len(name) > len("mars") else words


def timeline(periods: Iterable[object]) -> Timeline:
    """Return the axis that all the periods fit on.

    Raises
    ------
    NotatbokFeil
        For days, spans, or periods of several frequencies.
    """
    grains = {grain(readable(period)) for period in periods}
    allowed = [one for one in Frequency if one is not Frequency.DAY and {one.value} == grains]
    if not allowed:
        raise NotatbokFeil(
            "tidsaksen skal ha perioder av ett slag: enten år (2026), kvartaler (2026K1) eller måneder"
        )
    return Timeline(allowed[0])


def readable(period: object) -> str:
    """Return a period or span as text, or refuse what is none.

    Raises
    ------
    NotatbokFeil
    """
    try:
        span(str(period))
    except ValueError as problem:
        raise NotatbokFeil(str(problem)) from None
    return str(period)


def period_ticks(axes: Axes, shown: Sequence[int], axis: Timeline) -> None:
    """Write the periods, as many as there is room for; months at even steps from the turn of a year."""
    axes.set(xlabel="", ylabel="")
    if axis.frequency is Frequency.YEAR:
        year_ticks(axes, shown)
        return
    low, high = axes.get_xlim()
    wide = text_width(axis.short(shown[-1]), weight="normal") + 8
    room = wide * (high - low) / width_of(axes)
    length = axis.frequency.months
    steps = [months // length for months in STEPS if months % length == 0]
    step = next((step for step in steps if step >= room), steps[-1])
    every = [number for number in range(shown[0], shown[-1] + 1) if number % step == 0] or [shown[0]]
    axes.set_xticks(every, [axis.short(number) for number in every])


Fit = CountFit | LinearFit
Regression = Growth | CountITS | ControlledCountITS | ContinuousITS | CountFit | LinearFit
# Points under the axes, where their horizontal axis has a title.
BELOW = 35
# The coefficient that each analysis is made for.
TERM: dict[type, str] = {
    Growth: "tid",
    CountITS: "trinn",
    ContinuousITS: "trinn",
    ControlledCountITS: "gruppe × trinn",
}


@dataclass(frozen=True)
class Group:
    """The points of one series in a regression: fitted values and residuals, shape (n,), in order of time."""

    name: str
    fitted: Vector
    residuals: Vector


def expect(result: object, *kinds: type) -> Any:
    """Return a result of one of these kinds, or say which are wanted.

    Raises
    ------
    NotatbokFeil
    """
    if isinstance(result, kinds):
        return result
    names = ", ".join(kind.__name__ for kind in kinds)
    raise NotatbokFeil(f"bildet tegnes av et resultat ({names}), ikke av «{type(result).__name__}»")


def fit_of(result: Regression) -> Fit:
    """Return the fitted model of a result, or refuse what has none."""
    expect(result, *TERM, CountFit, LinearFit)
    return result if isinstance(result, CountFit | LinearFit) else result.fit


def term_of(result: Regression, asked: str) -> str:
    """Return the name of a coefficient: the one asked for, or the one that the analysis is made for."""
    names = fit_of(result).names
    name = asked or TERM.get(type(result), "")
    if name not in names:
        raise NotatbokFeil(f"modellen har ikke leddet «{name}»", hint=nearest(name, names))
    return name


def groups_of(result: Regression) -> list[Group]:
    """Return the series of a regression: one, or the exposed and the one that it is compared with."""
    fit = fit_of(result)
    residuals = fit.pearson if isinstance(fit, CountFit) else fit.residuals
    names = ("eksponert", "sammenligning") if isinstance(result, ControlledCountITS) else ("",)
    parts = zip(names, np.split(fit.fitted, len(names)), np.split(residuals, len(names)), strict=True)
    return [Group(*part) for part in parts]


def labels_of(groups: Sequence[Group], numbers: Sequence[int], axis: Timeline) -> list[str]:
    """Return what each point is called, group by group."""
    return [
        f"{axis.short(number)} ({group.name})" if group.name else axis.short(number)
        for group in groups
        for number in numbers
    ]


def spread_of(fit: Fit) -> float:
    """Return the standard deviation of the residuals as the model has it."""
    return math.sqrt(fit.dispersion if isinstance(fit, CountFit) else fit.rss / fit.df)


def periods(given: Iterable[Any] | None, n: int) -> tuple[list[int], Timeline]:
    """Return the numbers of n periods in order of time; 1, 2 … where none are given.

    Raises
    ------
    NotatbokFeil
        For another number of periods, one that stands twice or one that cannot be read.
    """
    if given is None:
        return list(range(1, n + 1)), Timeline()
    texts = [readable(period) for period in given]
    if len(set(texts)) != len(texts) or len(texts) != n:
        raise NotatbokFeil(f"{len(set(texts))} ulike perioder er oppgitt, men resultatet har {n} punkter")
    axis = timeline(texts)
    return sorted(axis.number(text) for text in texts), axis


def decimals_of(numbers: Iterable[float]) -> int:
    """Return the decimals that show three figures of the largest number.

    >>> decimals_of([0.0123, 0.2]), decimals_of([1.08]), decimals_of([1250.0]), decimals_of([])
    (3, 2, 0, 2)
    """
    finite = [abs(number) for number in numbers if math.isfinite(number) and number]
    return max(0, 2 - math.floor(math.log10(max(finite)))) if finite else 2


def values(
    numbers: Sequence[float] | Vector,
    labels: Sequence[str],
    *,
    how: str,
    unit: str,
    decimals: int | None = None,
) -> list[Value]:
    """Return numbers of an analysis as values, with three figures of the largest."""
    places = decimals_of(map(float, numbers)) if decimals is None else decimals
    return [
        found(float(number), label, how=how, formula=how, terms=(), unit=unit, decimals=places)
        for number, label in zip(numbers, labels, strict=True)
    ]


def table(
    columns: Mapping[str, Sequence[float] | Vector], rows: Sequence[str], *, how: str, unit: str
) -> dict[str, dict[str, Value]]:
    """Return columns of numbers as the table beside a picture: by row, then by column."""
    made = {
        name: values(numbers, [f"{name}, {row}" for row in rows], how=how, unit=unit)
        for name, numbers in columns.items()
    }
    return {row: {name: of[i] for name, of in made.items()} for i, row in enumerate(rows)}


def written(number: float, like: Iterable[float]) -> str:
    """Write a number with as many decimals as its fellows need."""
    (value,) = values([number], [""], how="", unit="", decimals=decimals_of([number, *like]))
    return format_cell(value)


def dots(axes: Axes, x: Any, y: Any, **look: Any) -> None:
    """Draw points over all else, with a white edge where nothing else is said."""
    import seaborn as sns

    sns.scatterplot(x=x, y=y, ax=axes, **{"edgecolor": "white", "zorder": 3, "legend": False} | look)


def ground(axes: Axes, low: float, high: float, *, level: float = 0.0, **line: Any) -> None:
    """Draw what points are held against: a band, and a level in it."""
    axes.axhspan(low, high, color=RULE, alpha=0.4, linewidth=0, zorder=0)
    look: dict[str, Any] = {"color": INK, "linewidth": 0.9, "zorder": 1}
    axes.axhline(level, **look | line)


def name_ends(axes: Axes, labels: Sequence[Label], at: float | None = None, **room: float) -> None:
    """Make room for labels at the right edge, or at one place, and write them."""
    fit(axes, right=room_for(axes, labels), **room)
    side_labels(axes, labels, axes.get_xlim()[1] if at is None else at)


def under(axes: Axes, text: str) -> None:
    """Say what the horizontal axis counts; these pictures may stand without a caption."""
    axes.set(xlabel="", ylabel="")
    axes.set_xlabel(text, loc="right", fontsize=9)


def name_groups(axes: Axes, groups: Sequence[Group]) -> None:
    """Name groups with their markers over the axes: points have no end for a label to stand at."""
    for position, group in enumerate(groups):
        axes.plot([], [], MARKERS[position], color=PALETTE[position], label=group.name)
    look = {"frameon": False, "handletextpad": 0, "columnspacing": 0.8, "borderpad": 0, "borderaxespad": 0.2}
    axes.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=len(groups), **look)


def reach(axes: Axes, numbers: Sequence[float], *, air: float = 0.05) -> None:
    """Set the limits of the horizontal axis: the numbers with some air, also where there is one only."""
    low, high = min(numbers), max(numbers)
    slack = air * (high - low) or 0.5 * (abs(high) or 1)
    axes.set_xlim(low - slack, high + slack)
