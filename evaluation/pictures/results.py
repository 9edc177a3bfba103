"""What the pictures read from the results of `evaluation`, and how they write it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis_lib.errors import NotatbokFeil, nearest
from analysis_lib.indicators.values import Value, found
from analysis_lib.present.charts.base import MARKERS, PALETTE
from analysis_lib.present.numbers import format_cell
from evaluation.basis.checks import Vector
from evaluation.methods.growth import Growth
from evaluation.methods.its_continuous import ContinuousITS
from evaluation.methods.its_counts import ControlledCountITS, CountITS
from evaluation.methods.linear import LinearFit
from evaluation.methods.quasi_poisson import CountFit
from evaluation.pictures.timeline import Timeline, readable, timeline

if TYPE_CHECKING:
    from matplotlib.axes import Axes

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
