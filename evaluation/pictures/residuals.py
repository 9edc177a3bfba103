"""What a model leaves over: residuals against what it expects, over time, and against their own past."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis_lib.present.charts.base import (
    HEIGHT,
    INK,
    MARKERS,
    PAGE,
    PALETTE,
    POINTS,
    RULE,
    Chart,
    blank,
    canvas,
    norwegian,
    plain,
)
from analysis_lib.present.charts.labels import Label, fit, room_for, side_labels
from analysis_lib.present.words import listing
from evaluation.methods.diagnostics import autocorrelations
from evaluation.pictures.results import (
    BELOW,
    Group,
    Regression,
    fit_of,
    groups_of,
    labels_of,
    name_groups,
    periods,
    reach,
    spread_of,
    under,
    values,
    written,
)
from evaluation.pictures.timeline import Timeline, period_ticks

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
    return Chart(figure, _rows(groups, numbers, axis), "avvik", _alt(groups, numbers, axis, spread))


def _ground(axes: Axes, spread: float, title: str) -> None:
    axes.axhspan(-2 * spread, 2 * spread, color=RULE, alpha=0.4, linewidth=0, zorder=0)
    axes.axhline(0, color=INK, linewidth=0.9, zorder=1)
    axes.set_title(title, loc="left", fontsize=10, fontweight="semibold", color=INK, pad=6)
    norwegian(axes.yaxis)


def _scatter(axes: Axes, across: Sequence[float] | Any, group: Group, position: int) -> None:
    import seaborn as sns

    sns.scatterplot(
        x=across,
        y=group.residuals,
        ax=axes,
        color=PALETTE[position],
        marker=MARKERS[position],
        s=38,
        edgecolor="white",
        linewidth=0.7,
        zorder=3,
        legend=False,
    )


def _rows(groups: Sequence[Group], numbers: Sequence[int], axis: Timeline) -> dict[str, dict[str, Any]]:
    labels = labels_of(groups, numbers, axis)
    fitted = np.concatenate([group.fitted for group in groups])
    left = np.concatenate([group.residuals for group in groups])
    columns = {
        name: values(of, [f"{name}, {label}" for label in labels], how="regresjon", unit="avvik")
        for name, of in (("Modellens verdi", fitted), ("Avvik", left))
    }
    return {label: {name: of[i] for name, of in columns.items()} for i, label in enumerate(labels)}


def _alt(groups: Sequence[Group], numbers: Sequence[int], axis: Timeline, spread: float) -> str:
    labels = labels_of(groups, numbers, axis)
    left = np.concatenate([group.residuals for group in groups])
    outside = [label for label, one in zip(labels, left, strict=True) if abs(one) > 2 * spread]
    most = int(np.nanargmax(np.abs(left)))
    count = f"{len(outside)} av {left.size} ligger utenfor to standardavvik"
    return plain(
        [
            f"Avvik fra modellen for {axis.words(numbers[0], numbers[-1])}, mot modellens verdi og over tid.",
            f"Størst er avviket i {labels[most]}: {written(float(left[most]), left)}.",
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
    most = max(1, min(n - 1, tidssteg or max(1, min(n // 2, int(10 * math.log10(n))))))
    found = [autocorrelations(group.residuals, most) for group in groups]
    bound = 1.96 / math.sqrt(n)
    figure, axes = canvas(below=BELOW)
    axes.axhspan(-bound, bound, color=RULE, alpha=0.4, linewidth=0, zorder=0)
    axes.axhline(0, color=INK, linewidth=0.9, zorder=1)
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
    fit(axes, right=room_for(axes, labels))
    side_labels(axes, labels, most + 0.5)
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
