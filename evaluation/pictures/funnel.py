"""Units among the limits of chance: the smaller a unit, the wider its limits."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis_lib.errors import NotatbokFeil
from analysis_lib.present.charts.base import GREY, INK, MARKERS, PALETTE, Chart, canvas, norwegian, plain
from analysis_lib.present.charts.labels import Label, named
from analysis_lib.present.numbers import format_exact
from analysis_lib.present.words import listing
from evaluation.methods.funnel import LEVELS, Funnel
from evaluation.pictures.shared import BELOW, dots, expect, name_ends, reach, table, under, values, written

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NARROW, WIDE = LEVELS
SIZES = {"andel": "Antall observasjoner", "observert over forventet": "Forventet antall"}
MOST_NAMED = 6


def traktplott(resultat: Funnel, *, navn: Sequence[str] | None = None) -> Chart:
    """Draw units by their size, with the limits that chance alone would keep 95 and 99.8 per cent within.

    Parameters
    ----------
    resultat : Funnel
    navn : sequence of str, length k, optional
        The units, in the order of the analysis; numbered without. Those outside the wide limits are named in
        the drawing, at most six.

    Raises
    ------
    NotatbokFeil
        For anything else than a funnel, or another number of names.

    Notes
    -----
    Spiegelhalter (2005). Limits are drawn through those of the units, so that they are as wide as the
    analysis has them. No order from best to worst: a unit inside the limits is like the others.
    """
    funnel = expect(resultat, Funnel)
    k = funnel.values.size
    names = [f"Enhet {i + 1}" for i in range(k)] if navn is None else [str(name) for name in navn]
    if len(names) != k or len(set(names)) != k:
        raise NotatbokFeil(f"{len(set(names))} ulike navn er oppgitt, men trakten har {k} enheter")
    order = np.argsort(funnel.size, kind="stable")
    figure, axes = canvas(below=BELOW)
    axes.axhline(funnel.target, color=INK, linewidth=0.9, zorder=1)
    for level, dash in ((NARROW, (0, (4, 2))), (WIDE, "solid")):
        for limit in funnel.limits[level]:
            axes.plot(funnel.size[order], limit[order], color=GREY, linewidth=1.1, linestyle=dash, zorder=1)
    _units(axes, funnel)
    reach(axes, list(map(float, funnel.size)))
    axes.set_ylim(axes.get_ylim())
    norwegian(axes.xaxis)
    under(axes, SIZES[funnel.unit])
    largest = int(order[-1])
    end = float(funnel.size[largest])
    target = named(
        "samlet" if funnel.unit == "andel" else "som forventet", written(funnel.target, funnel.values)
    )
    labels = [
        Label(end, funnel.target, target, INK),
        *(
            Label(end, float(funnel.limits[level][1][largest]), f"grense {_percent(level)}")
            for level in (WIDE, NARROW)
        ),
    ]
    name_ends(axes, labels)
    _names(axes, funnel, names)
    return Chart(
        figure, _rows(funnel, names), funnel.unit, _alt(funnel, names), (f"Grenser: {funnel.rule}.",)
    )


def _percent(level: float) -> str:
    return f"{format_exact(Fraction(str(level)) * 100)} %"


def _units(axes: Axes, funnel: Funnel) -> None:
    """Draw units inside the limits hollow, those between the limits filled, and those outside as diamonds."""
    outside = {level: np.abs(np.array(funnel.outside[level])) > 0 for level in LEVELS}
    looks: tuple[tuple[Any, dict[str, Any]], ...] = (
        (~outside[NARROW], {"color": "white", "edgecolor": GREY, "linewidth": 1.2, "s": 30}),
        (outside[NARROW] & ~outside[WIDE], {"color": PALETTE[1], "s": 42}),
        (outside[WIDE], {"color": PALETTE[0], "s": 58, "marker": MARKERS[3]}),
    )
    for chosen, look in looks:
        dots(axes, funnel.size[chosen], funnel.values[chosen], **look)


def _outside(funnel: Funnel, level: float, side: int) -> list[int]:
    """Return the units outside the limits on one side, the farthest first."""
    found = [i for i, where in enumerate(funnel.outside[level]) if where == side]
    return sorted(found, key=lambda i: -abs(float(funnel.values[i]) - funnel.target))


def _names(axes: Axes, funnel: Funnel, names: Sequence[str]) -> None:
    """Name the units outside the wide limits on the side away from the target."""
    for side in (1, -1):
        for i in _outside(funnel, WIDE, side)[: MOST_NAMED // 2]:
            right = funnel.size[i] > np.mean(axes.get_xlim())
            axes.annotate(
                names[i],
                (float(funnel.size[i]), float(funnel.values[i])),
                xytext=(-7 if right else 7, 0),
                textcoords="offset points",
                ha="right" if right else "left",
                va="center",
                color=INK,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5, "alpha": 0.8},
                zorder=4,
            )


def _rows(funnel: Funnel, names: Sequence[str]) -> dict[str, dict[str, Any]]:
    what = SIZES[funnel.unit]
    size = values(
        funnel.size, [f"{what}, {name}" for name in names], how="telling", unit="antall", decimals=0
    )
    low, high = funnel.limits[WIDE]
    columns = {"Verdi": funnel.values, "Nedre grense": low, "Øvre grense": high}
    rows = table(columns, names, how=funnel.rule, unit=funnel.unit)
    return {name: {what: size[i], **rows[name]} for i, name in enumerate(names)}


def _alt(funnel: Funnel, names: Sequence[str]) -> str:
    sentences = [
        f"Traktplott av {len(names)} enheter, {funnel.unit}, om {written(funnel.target, funnel.values)}; "
        f"grenser: {funnel.rule}."
    ]
    for side, word in ((1, "Over"), (-1, "Under")):
        if found := [names[i] for i in _outside(funnel, WIDE, side)]:
            sentences.append(f"{word} grensen på {_percent(WIDE)}: {listing(found)}.")
    between = sum(map(abs, funnel.outside[NARROW])) - sum(map(abs, funnel.outside[WIDE]))
    if len(sentences) == 1:
        sentences.append(f"Ingen er utenfor grensene på {_percent(WIDE)}.")
    sentences.append(f"{between} er bare utenfor grensene på {_percent(NARROW)}." if between else "")
    return plain(sentences)
