"""What the pictures share: a time axis, and what they read from the results of methods."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from analysis_lib.data.periods import first_day, grain, in_words, last_day
from analysis_lib.errors import NotatbokFeil
from analysis_lib.present.charts.labels import text_width, width_of, year_ticks

if TYPE_CHECKING:
    from matplotlib.axes import Axes
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis_lib.errors import nearest
from analysis_lib.indicators.values import Value, found
from analysis_lib.present.charts.base import MARKERS, PALETTE
from analysis_lib.present.numbers import format_cell
from evaluation.basis.requirements import Vector
from evaluation.methods.few_points import Growth
from evaluation.methods.its_continuous import ContinuousITS
from evaluation.methods.its_counts import ControlledCountITS, CountITS
from evaluation.methods.linear import LinearFit
from evaluation.methods.quasi_poisson import CountFit

if TYPE_CHECKING:
    from matplotlib.axes import Axes


STEPS = (1, 2, 3, 6, 12, 24, 60)
SHORT = ("jan.", "feb.", "mars", "apr.", "mai", "juni", "juli", "aug.", "sep.", "okt.", "nov.", "des.")


@dataclass(frozen=True)
class Timeline:
    """Periods as consecutive whole numbers: years as they are, or months since the year 0.

    A period's point stands at its number, and the period reaches half a step to each side.
    """

    months: bool

    def number(self, period: str) -> int:
        """Return a period's number."""
        day = first_day(period)
        return 12 * day.year + day.month - 1 if self.months else day.year

    def edge(self, day: date) -> float:
        """Return where a day begins.

        >>> Timeline(months=False).edge(date(2025, 1, 1)), Timeline(months=True).edge(date(2025, 4, 16))
        (2024.5, 24303.0)
        """
        if self.months:
            length = calendar.monthrange(day.year, day.month)[1]
            return 12 * day.year + day.month - 1.5 + (day.day - 1) / length
        return day.year - 0.5 + (day - date(day.year, 1, 1)).days / (365 + calendar.isleap(day.year))

    def reach(self, period: str) -> tuple[float, float]:
        """Return where a mark begins and ends: alike unless its period is longer than a step of the axis."""
        start, end = first_day(period), last_day(period)
        step = last_day(f"{start:%Y-%m}" if self.months else f"{start:%Y}")
        return self.edge(start), self.edge(end + timedelta(days=1)) if end > step else self.edge(start)

    def period(self, number: int) -> str:
        """Return a number's period as the data write it."""
        return f"{number // 12}-{number % 12 + 1:02d}" if self.months else str(number)

    def words(self, first: int, last: int | None = None) -> str:
        """Return a period, or the span from one to another, as prose writes it.

        >>> Timeline(months=True).words(12 * 2026), Timeline(months=True).words(12 * 2026, 12 * 2026 + 4)
        ('januar 2026', 'januar–mai 2026')
        """
        span = dict.fromkeys(self.period(number) for number in (first, first if last is None else last))
        return in_words("–".join(span)) if self.months else "–".join(span)

    def short(self, number: int) -> str:
        """Return a period as an axis writes it: «jan. 2026».

        >>> Timeline(months=True).short(12 * 2026), Timeline(months=False).short(2026)
        ('jan. 2026', '2026')
        """
        return f"{SHORT[number % 12]} {number // 12}" if self.months else str(number)


def timeline(periods: Iterable[object]) -> Timeline:
    """Return the axis that all the periods fit on: years (``2026``) or months (``2026-01``).

    Raises
    ------
    NotatbokFeil
        For anything else, or years and months together.
    """
    steps = {grain(readable(period)) for period in periods}
    if steps not in ({"år"}, {"måned"}):
        raise NotatbokFeil("tidsaksen skal ha enten år (2026) eller måneder (2026-01)")
    return Timeline(months=steps == {"måned"})


def readable(period: object) -> str:
    """Return a period as text, or refuse what is none.

    Raises
    ------
    NotatbokFeil
    """
    text = str(period)
    try:
        first_day(text), last_day(text)
    except ValueError:
        raise NotatbokFeil(
            f"«{text}» er ikke et år, en måned eller en dato (2024, 2025-07, 2026-01-01)"
        ) from None
    return text


def period_ticks(axes: Axes, shown: Sequence[int], axis: Timeline) -> None:
    """Write the periods, as many as there is room for; months at even steps from the turn of a year."""
    axes.set(xlabel="", ylabel="")
    if not axis.months:
        year_ticks(axes, shown)
        return
    low, high = axes.get_xlim()
    wide = text_width(axis.short(shown[-1]), weight="normal") + 8
    room = wide * (high - low) / width_of(axes)
    step = next((step for step in STEPS if step >= room), STEPS[-1])
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
        return list(range(1, n + 1)), Timeline(months=False)
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
