"""What one point carries: the estimate made again without each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from analysis_lib.present.charts.base import GREY, INK, MARKERS, PALETTE, RULE, Chart, canvas, plain
from analysis_lib.present.charts.labels import Label, fit, named, room_for, side_labels
from analysis_lib.present.words import listing
from evaluation.basis.estimate import Estimate
from evaluation.methods.diagnostics import estimate, without_each
from evaluation.methods.quasi_poisson import CountFit
from evaluation.pictures.results import (
    Regression,
    fit_of,
    groups_of,
    labels_of,
    name_groups,
    periods,
    reach,
    term_of,
    values,
    written,
)
from evaluation.pictures.timeline import period_ticks

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WHAT = "Uten dette punktet"
MANY = 40


def innflytelse(resultat: Regression, *, perioder: Iterable[Any] | None = None, ledd: str = "") -> Chart:
    """Draw the estimate without each point, against the estimate with all of them.

    Parameters
    ----------
    resultat : Growth, CountITS, ControlledCountITS, ContinuousITS, or the `fit` of one
    perioder : iterable of period, length n, optional
        The periods analysed (``2025``, ``"2026-01"``, or a PeriodIndex); numbered without.
    ledd : str
        Which coefficient; by default the one that the analysis is made for («tid» for growth, «trinn» for an
        interrupted series).

    Raises
    ------
    NotatbokFeil
        For anything else than such a result, another number of periods, or a coefficient that is not there.

    Notes
    -----
    Ratios from counts, with dispersion at least 1; else changes by ordinary least squares. A point that
    the rest cannot do without has no estimate, and is named in the alt text.
    """
    name, model, groups = term_of(resultat, ledd), fit_of(resultat), groups_of(resultat)
    whole, each = estimate(model, name), without_each(model, name)
    numbers, axis = periods(perioder, groups[0].fitted.size)
    figure, axes = canvas(above=22 if len(groups) > 1 else 9)
    axes.axhspan(whole.low, whole.high, color=RULE, alpha=0.4, linewidth=0, zorder=0)
    axes.axhline(whole.value, color=GREY, linewidth=1.2, zorder=1)
    for position in range(len(groups)):
        aside = 0.2 * (position - (len(groups) - 1) / 2)
        own = each[position * len(numbers) : (position + 1) * len(numbers)]
        found = {number + aside: e for number, e in zip(numbers, own, strict=True) if e}
        _draw(axes, found, position, many=len(each) > MANY)
    if len(groups) > 1:
        name_groups(axes, groups)
    none = 1.0 if isinstance(model, CountFit) else 0.0
    _no_change(axes, none)
    reach(axes, numbers)
    axes.set_ylim(axes.get_ylim())
    number = written(whole.value, [whole.value, whole.low, whole.high])
    labels = [Label(numbers[-1], whole.value, named("alle punkter", number), GREY)]
    if axes.get_ylim()[0] <= none <= axes.get_ylim()[1]:
        labels.append(Label(numbers[-1], none, "ingen endring"))
    fit(axes, right=room_for(axes, labels))
    side_labels(axes, labels, axes.get_xlim()[1])
    period_ticks(axes, numbers, axis)
    points, unit = labels_of(groups, numbers, axis), "forholdstall" if none else "endring"
    return Chart(figure, _rows(whole, points, each, unit), unit, _alt(name, whole, points, each))


def _draw(axes: Axes, found: Mapping[float, Estimate], position: int, *, many: bool) -> None:
    """Draw estimates with their intervals, which stand back where there are many."""
    import seaborn as sns

    axes.vlines(
        list(found),
        [e.low for e in found.values()],
        [e.high for e in found.values()],
        color=PALETTE[position],
        linewidth=0.6 if many else 1.1,
        alpha=0.35 if many else 0.6,
    )
    sns.scatterplot(
        x=list(found),
        y=[e.value for e in found.values()],
        ax=axes,
        color=PALETTE[position],
        marker=MARKERS[position],
        s=42,
        edgecolor="white",
        zorder=3,
        legend=False,
    )


def _no_change(axes: Axes, level: float) -> None:
    """Mark the level of no effect where the estimates come near it: it must not squeeze them."""
    low, high = axes.get_ylim()
    if low - 0.5 * (high - low) <= level <= high + 0.5 * (high - low):
        axes.axhline(level, color=INK, linewidth=0.9, linestyle=(0, (2, 2)), zorder=1)


def _rows(
    whole: Estimate, points: Sequence[str], each: Sequence[Estimate | None], unit: str
) -> dict[str, dict[str, Any]]:
    nan = float("nan")
    lines = {"Alle punkter": whole, **dict(zip(points, each, strict=True))}
    columns = {
        "Estimat": [e.value if e else nan for e in lines.values()],
        "Nedre grense": [e.low if e else nan for e in lines.values()],
        "Øvre grense": [e.high if e else nan for e in lines.values()],
    }
    made = {
        column: values(numbers, [f"{WHAT}: {line}, {column}" for line in lines], how=whole.rule, unit=unit)
        for column, numbers in columns.items()
    }
    return {line: {column: made[column][i] for column in columns} for i, line in enumerate(lines)}


def _alt(name: str, whole: Estimate, points: Sequence[str], each: Sequence[Estimate | None]) -> str:
    found = {point: e.value for point, e in zip(points, each, strict=True) if e}
    lost = [point for point, e in zip(points, each, strict=True) if e is None]
    like = [whole.value, *found.values()]
    sentences = [
        f"Estimatet for leddet {name} uten hvert punkt; med alle er det {written(whole.value, like)}."
    ]
    if found:
        low, high = (pick(found, key=lambda point: found[point]) for pick in (min, max))
        most = max(found, key=lambda point: abs(found[point] - whole.value))
        sentences += [
            f"Lavest er det uten {low}: {written(found[low], like)}.",
            f"Høyest er det uten {high}: {written(found[high], like)}.",
            f"Mest endrer det seg uten {most}.",
        ]
    if lost:
        sentences.append(f"Uten {listing(lost)} kan det ikke beregnes.")
    return plain(sentences)
