"""What a model leaves over, point by point and in time, and what one point carries of its estimate."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis_lib.errors import AnalyseAvvist
from analysis_lib.present.charts.base import (
    GREY,
    HEIGHT,
    INK,
    MARKERS,
    PAGE,
    PALETTE,
    POINTS,
    Chart,
    blank,
    canvas,
    norwegian,
    plain,
)
from analysis_lib.present.charts.labels import Label, named
from analysis_lib.present.words import listing
from evaluation.basis.estimate import Estimate
from evaluation.basis.requirements import autocorrelations, whole
from evaluation.methods import linear, quasi_poisson
from evaluation.methods.quasi_poisson import CountFit
from evaluation.pictures.shared import (
    BELOW,
    Fit,
    Group,
    Regression,
    Timeline,
    dots,
    fit_of,
    ground,
    groups_of,
    labels_of,
    name_ends,
    name_groups,
    period_ticks,
    periods,
    reach,
    spread_of,
    table,
    term_of,
    under,
    values,
    written,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes


HEAD, FOOT, GAP = 24, 21, 44
UNIT = "korrelasjon"


def residualplott(resultat: Regression, *, perioder: Iterable[Any] | None = None) -> Chart:
    """Draw residuals over the model's own values, and over time; the band is two standard deviations.

    Parameters
    ----------
    resultat : Growth, CountITS, ControlledCountITS, ContinuousITS, or the `fit` of one
        Pearson residuals for counts, else residuals in the unit of the series.
    perioder : iterable of period, length n, optional
        The periods analysed (``2025``, ``"2026-01"``, or a PeriodIndex); numbered without.

    Raises
    ------
    NotatbokFeil
        For anything else than such a result, or another number of periods.
    """
    groups, spread = groups_of(resultat), spread_of(fit_of(resultat))
    numbers, axis = periods(perioder, groups[0].fitted.size)
    figure = blank()
    # Half of the last month's name stands to the right of its point.
    wide = (PAGE - 38 - GAP - 24) / 2
    tall = HEIGHT * POINTS
    left, right = (
        figure.add_axes((x / PAGE, FOOT / tall, wide / PAGE, 1 - (FOOT + HEAD) / tall))
        for x in (38, 38 + wide + GAP)
    )
    everything = [float(x) for group in groups for x in group.fitted]
    for axes, title in ((left, "Mot modellens verdi"), (right, "Over tid")):
        _ground(axes, spread, title)
        for position, group in enumerate(groups):
            _scatter(axes, numbers if axes is right else group.fitted, group, position)
    reach(left, everything)
    reach(right, numbers)
    norwegian(left.xaxis)
    left.locator_params(axis="x", nbins=5)
    left.set(xlabel="", ylabel="")
    period_ticks(right, numbers, axis)
    if len(groups) > 1:
        name_groups(right, groups)
    return Chart(
        figure, _residual_rows(groups, numbers, axis), "avvik", _alt_residuals(groups, numbers, axis, spread)
    )


def _ground(axes: Axes, spread: float, title: str) -> None:
    ground(axes, -2 * spread, 2 * spread)
    axes.set_title(title, loc="left", fontsize=10, fontweight="semibold", color=INK, pad=6)
    norwegian(axes.yaxis)


def _scatter(axes: Axes, across: Sequence[float] | Any, group: Group, position: int) -> None:
    look = {"color": PALETTE[position], "marker": MARKERS[position]}
    dots(axes, across, group.residuals, s=38, linewidth=0.7, **look)


def _residual_rows(
    groups: Sequence[Group], numbers: Sequence[int], axis: Timeline
) -> dict[str, dict[str, Any]]:
    labels = labels_of(groups, numbers, axis)
    fitted = np.concatenate([group.fitted for group in groups])
    left = np.concatenate([group.residuals for group in groups])
    return table({"Modellens verdi": fitted, "Avvik": left}, labels, how="regresjon", unit="avvik")


def _alt_residuals(groups: Sequence[Group], numbers: Sequence[int], axis: Timeline, spread: float) -> str:
    labels = labels_of(groups, numbers, axis)
    left = np.concatenate([group.residuals for group in groups])
    outside = [label for label, one in zip(labels, left, strict=True) if abs(one) > 2 * spread]
    sizes = [written(abs(float(one)), left) for one in left]
    most = [i for i, size in enumerate(sizes) if size == written(float(np.nanmax(np.abs(left))), left)]
    largest = dict.fromkeys(written(float(left[i]), left) for i in most)
    count = f"{len(outside)} av {left.size} ligger utenfor to standardavvik"
    return plain(
        [
            f"Avvik fra modellen for {axis.words(numbers[0], numbers[-1])}, mot modellens verdi og over tid.",
            f"Størst er avviket i {listing([labels[i] for i in most])}: {listing(list(largest))}.",
            f"{count}: {listing(outside)}." if outside else f"{count}.",
        ]
    )


def autokorrelasjon(resultat: Regression, *, tidssteg: int | None = None) -> Chart:
    """Draw how far residuals follow those before them, with the limits of chance.

    Parameters
    ----------
    resultat : Growth, CountITS, ControlledCountITS, ContinuousITS, or the `fit` of one
    tidssteg : int, optional
        The longest distance; ``10 · log10(n)`` at most half the series by default.

    Raises
    ------
    NotatbokFeil
        For anything else than such a result.

    Notes
    -----
    Limits ``±1.96 / √n`` of independent residuals (Box and Jenkins 1970). In short series they are wide:
    with twelve points an autocorrelation of 0.5 goes unseen.
    """
    groups = groups_of(resultat)
    n = groups[0].residuals.size
    usual = min(n // 2, int(10 * math.log10(n)))
    asked = usual if tidssteg is None else whole(tidssteg, "antall tidssteg", least=1)
    most = max(1, min(n - 1, asked))
    found = [autocorrelations(group.residuals, most) for group in groups]
    bound = 1.96 / math.sqrt(n)
    figure, axes = canvas(below=BELOW)
    ground(axes, -bound, bound)
    steps = np.arange(1, most + 1)
    for position, heights in enumerate(found):
        at = steps + 0.16 * (position - (len(found) - 1) / 2)
        axes.vlines(at, 0, heights, color=PALETTE[position], linewidth=1.6, zorder=2)
        _scatter(axes, at, Group("", heights, heights), position)
    high = max(bound, *(float(np.abs(heights).max()) for heights in found)) * 1.15
    axes.set(xlim=(0.5, most + 0.5), ylim=(-high, high))
    under(axes, "Tidssteg mellom avvikene")
    labels = [Label(most + 0.5, bound, "grense for tilfeldighet")]
    if len(groups) > 1:
        labels += [
            Label(most, float(heights[-1]), group.name, PALETTE[i])
            for i, (group, heights) in enumerate(zip(groups, found, strict=True))
        ]
    name_ends(axes, labels, most + 0.5)
    axes.set_xticks(_every(most))
    names = [f"Autokorrelasjon, {group.name}".removesuffix(", ") for group in groups]
    rows = {
        name: dict(
            zip(
                map(str, steps),
                values(heights, [f"{name}, tidssteg {s}" for s in steps], how="autokorrelasjon", unit=UNIT),
                strict=True,
            )
        )
        for name, heights in zip(names, found, strict=True)
    }
    return Chart(figure, rows, UNIT, _alt_steps(names, found, bound, n))


def _every(most: int) -> list[int]:
    step = -(-most // 20)
    return list(range(step, most + 1, step))


def _alt_steps(names: Sequence[str], found: Sequence[Any], bound: float, n: int) -> str:
    sentences = [f"Avvikenes autokorrelasjon for tidssteg 1–{found[0].size}, {n} punkter."]
    for name, heights in zip(names, found, strict=True):
        outside = [str(i + 1) for i, height in enumerate(heights) if abs(height) > bound]
        beyond = f"utenfor ved tidssteg {listing(outside)}" if outside else "innenfor ved alle"
        sentences.append(f"{name}: {written(float(heights[0]), [bound])} ved tidssteg 1, {beyond}.")
    return plain([*sentences, f"Grensen for tilfeldighet er ±{written(bound, [bound])}."])


MANY = 40


def term(fit: Fit, name: str) -> Estimate:
    """Return a term of a fit: a rate ratio with dispersion at least 1, or a change on the data's scale."""
    if isinstance(fit, CountFit):
        return fit.ratio(name, model="floored")
    return fit.effect(name)


def without_each(fit: Fit, name: str) -> tuple[Estimate | None, ...]:
    """Return a term estimated again without each of the n points; None where the rest cannot carry it.

    Time keeps its gap: the other points stay where they are. Series are refitted by ordinary least squares.

    Examples
    --------
    >>> line = np.column_stack([np.ones(5), np.arange(5.0)])
    >>> fit = linear.ols([1.0, 2.1, 2.9, 4.0, 9.0], line, ["konstant", "tid"])
    >>> [round(e.value, 2) for e in without_each(fit, "tid") if e]
    [2.18, 1.8, 1.79, 2.02, 0.98]
    """
    return tuple(_without(fit, place, name) for place in range(fit.design.shape[0]))


def _without(fit: Fit, place: int, name: str) -> Estimate | None:
    design = np.delete(fit.design, place, axis=0)
    refitted: Fit
    try:
        if isinstance(fit, CountFit):
            counts, exposure = np.delete(fit.counts, place), np.delete(fit.exposure, place)
            refitted = quasi_poisson.fit(counts, exposure, design, fit.names)
        else:
            refitted = linear.ols(np.delete(fit.values, place), design, fit.names)
    except AnalyseAvvist:
        return None
    return term(refitted, name)


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
    full, each = term(model, name), without_each(model, name)
    numbers, axis = periods(perioder, groups[0].fitted.size)
    figure, axes = canvas(above=22 if len(groups) > 1 else 9)
    ground(axes, full.low, full.high, level=full.value, color=GREY, linewidth=1.2)
    for position in range(len(groups)):
        aside = 0.2 * (position - (len(groups) - 1) / 2)
        own = each[position * len(numbers) : (position + 1) * len(numbers)]
        found = {number + aside: e for number, e in zip(numbers, own, strict=True) if e}
        _estimates(axes, found, position, many=len(each) > MANY)
    if len(groups) > 1:
        name_groups(axes, groups)
    none = 1.0 if isinstance(model, CountFit) else 0.0
    _no_change(axes, none)
    reach(axes, numbers)
    axes.set_ylim(axes.get_ylim())
    number = written(full.value, [full.value, full.low, full.high])
    labels = [Label(numbers[-1], full.value, named("alle punkter", number), GREY)]
    if axes.get_ylim()[0] <= none <= axes.get_ylim()[1]:
        labels.append(Label(numbers[-1], none, "ingen endring"))
    name_ends(axes, labels)
    period_ticks(axes, numbers, axis)
    points, unit = labels_of(groups, numbers, axis), "forholdstall" if none else "endring"
    return Chart(
        figure,
        _influence_rows(full, points, each, unit),
        unit,
        _alt_influence(name, full, points, each),
    )


def _estimates(axes: Axes, found: Mapping[float, Estimate], position: int, *, many: bool) -> None:
    """Draw estimates with their intervals, which stand back where there are many."""
    low, high = [e.low for e in found.values()], [e.high for e in found.values()]
    thin: dict[str, Any] = {"linewidth": 0.6 if many else 1.1, "alpha": 0.35 if many else 0.6}
    axes.vlines(list(found), low, high, color=PALETTE[position], **thin)
    look = {"color": PALETTE[position], "marker": MARKERS[position]}
    dots(axes, list(found), [e.value for e in found.values()], s=42, **look)


def _no_change(axes: Axes, level: float) -> None:
    """Mark the level of no effect where the estimates come near it: it must not squeeze them."""
    low, high = axes.get_ylim()
    if low - 0.5 * (high - low) <= level <= high + 0.5 * (high - low):
        axes.axhline(level, color=INK, linewidth=0.9, linestyle=(0, (2, 2)), zorder=1)


def _influence_rows(
    full: Estimate, points: Sequence[str], each: Sequence[Estimate | None], unit: str
) -> dict[str, dict[str, Any]]:
    nan = float("nan")
    lines = {"Alle punkter": full, **dict(zip(points, each, strict=True))}
    columns = {
        "Estimat": [e.value if e else nan for e in lines.values()],
        "Nedre grense": [e.low if e else nan for e in lines.values()],
        "Øvre grense": [e.high if e else nan for e in lines.values()],
    }
    made = {
        column: values(
            numbers,
            [f"Uten dette punktet: {line}, {column}" for line in lines],
            how=full.rule,
            unit=unit,
        )
        for column, numbers in columns.items()
    }
    return {line: {column: made[column][i] for column in columns} for i, line in enumerate(lines)}


def _alt_influence(name: str, full: Estimate, points: Sequence[str], each: Sequence[Estimate | None]) -> str:
    found = {point: e.value for point, e in zip(points, each, strict=True) if e}
    lost = [point for point, e in zip(points, each, strict=True) if e is None]
    like = [full.value, *found.values()]
    sentences = [
        f"Estimatet for leddet {name} uten hvert punkt; med alle er det {written(full.value, like)}."
    ]
    if found:
        moved = {point: abs(value - full.value) for point, value in found.items()}

        def like_as(values: dict[str, float], extreme: float) -> str:
            return listing([p for p, v in values.items() if written(v, like) == written(extreme, like)])

        low, high = min(found.values()), max(found.values())
        sentences += [
            f"Lavest er det uten {like_as(found, low)}: {written(low, like)}.",
            f"Høyest er det uten {like_as(found, high)}: {written(high, like)}.",
            f"Mest endrer det seg uten {like_as(moved, max(moved.values()))}.",
        ]
    if lost:
        sentences.append(f"Uten {listing(lost)} kan det ikke beregnes.")
    return plain(sentences)
