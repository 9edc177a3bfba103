"""Effects and their placebos: by time since the start, and among units that did not get the measure."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from analysis_lib.indicators.values import Value
from analysis_lib.present.charts.base import GREY, INK, MARKERS, PALETTE, Chart, canvas, norwegian, plain
from analysis_lib.present.charts.labels import (
    Label,
    fit,
    name_marks,
    named,
    room_for,
    rule,
    side_labels,
    year_ticks,
)
from analysis_lib.present.numbers import format_exact
from analysis_lib.present.words import listing
from evaluation.methods.placebo import SyntheticEffect
from evaluation.methods.staggered import EventStudy
from evaluation.pictures.shared import BELOW, dots, expect, name_ends, reach, table, under, values, written

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDE = 30
BASES = {
    "varying": "Før oppstart er hvert punkt endringen fra perioden før.",
    "universal": "Alle punkter er målt fra den siste perioden før oppstart.",
}


def hendelsesforløp(resultat: EventStudy, *, enhet: str = "endring", periode: str = "perioder") -> Chart:
    """Draw effects by time since the start: each with its interval, and the band that holds all at once.

    Parameters
    ----------
    resultat : EventStudy
        For example ``callaway_santanna(…).event_study``.
    enhet : str
        The unit of the effects.
    periode : str
        What time is counted in, for the alt text: «måneder».

    Raises
    ------
    NotatbokFeil
        For anything else than an event study.

    Notes
    -----
    Points before the start are hollow: they test the comparison and are no effects. The band is the one to
    judge them by; with many points some will leave their own interval by chance.
    """
    study = expect(resultat, EventStudy)
    since, effects = list(study.since), list(study.effects)
    bands = [study.band(when) for when in since]
    figure, axes = canvas(below=BELOW)
    axes.axhline(0, color=INK, linewidth=0.9, zorder=1)
    low, high = ([band[end] for band in bands] for end in (0, 1))
    axes.vlines(since, low, high, color=PALETTE[1], alpha=0.25, linewidth=11, zorder=0)
    axes.vlines(since, [e.low for e in effects], [e.high for e in effects], color=PALETTE[0], linewidth=1.6)
    _points(axes, study)
    reach(axes, since)
    if min(since) < 0 <= max(since):
        rule(axes, -0.5, -0.5, color=INK, linewidth=1.5, linestyle="solid")
    axes.set_ylim(axes.get_ylim())
    last = effects[-1]
    labels = [
        Label(
            since[-1],
            last.value,
            named("endring", written(last.value, [e.value for e in effects])),
            PALETTE[0],
        ),
        Label(since[-1], bands[-1][1], "alle samtidig", PALETTE[1]),
    ]
    fit(axes, right=room_for(axes, labels))
    if min(since) < 0 <= max(since):
        name_marks(axes, [(-0.5, -0.5, "oppstart")])
    side_labels(axes, labels, axes.get_xlim()[1])
    year_ticks(axes, sorted({*since, -1}) if study.base == "universal" else since)
    axes.set_xticks(axes.get_xticks(), [_signed(int(tick)) for tick in axes.get_xticks()])
    under(axes, f"{periode[:1].upper()}{periode[1:]} siden oppstart")
    return Chart(figure, _effect_rows(study, bands, enhet), enhet, _alt_effects(study, bands, enhet, periode))


def _points(axes: Axes, study: EventStudy) -> None:
    for after, look in ((True, {"color": PALETTE[0]}), (False, {"color": "white"})):
        chosen = [(s, e.value) for s, e in zip(study.since, study.effects, strict=True) if (s >= 0) is after]
        if not after and study.base == "universal" and -1 not in study.since:
            chosen.append((-1, 0.0))
        edge: dict[str, Any] = {} if after else {"edgecolor": PALETTE[0]}
        dots(
            axes,
            [s for s, _ in chosen],
            [value for _, value in chosen],
            s=50,
            linewidth=0.8 if after else 1.6,
            **look | edge,
        )


def _effect_rows(
    study: EventStudy, bands: list[tuple[float, float]], unit: str
) -> dict[str, dict[str, Value]]:
    columns = {
        "Endring": [e.value for e in study.effects],
        "Nedre grense": [e.low for e in study.effects],
        "Øvre grense": [e.high for e in study.effects],
        "Nedre, alle samtidig": [low for low, _ in bands],
        "Øvre, alle samtidig": [high for _, high in bands],
    }
    return table(columns, [_signed(s) for s in study.since], how="hendelsesforløp", unit=unit)


def _signed(since: int) -> str:
    return f"−{-since}" if since < 0 else str(since)


def _alt_effects(study: EventStudy, bands: list[tuple[float, float]], unit: str, period: str) -> str:
    like = [e.value for e in study.effects]
    beyond = [s for s, (low, high) in zip(study.since, bands, strict=True) if not low <= 0 <= high]
    before = [s for s in study.since if s < 0]
    early = [_signed(s) for s in beyond if s < 0]
    late = [_signed(s) for s in beyond if s >= 0]
    ends = f"{written(study.overall.low, like)} til {written(study.overall.high, like)}"
    return plain(
        [
            f"Endring etter {period} siden oppstart, fra {_signed(study.since[0])} til "
            f"{_signed(study.since[-1])}, {unit}.",
            BASES.get(study.base, ""),
            _outside("Før oppstart", early) if before else "Ingen punkter før oppstart.",
            _outside("Fra oppstart", late),
            f"Snittet fra oppstart er {written(study.overall.value, like)}, usikkerhet {ends}.",
        ]
    )


def _outside(when: str, found: list[str]) -> str:
    return (
        f"{when} er båndet unna null ved {listing(found)}." if found else f"{when} holder båndet alltid null."
    )


def plasebofordeling(resultat: SyntheticEffect, *, navn: str = "enheten med tiltaket") -> Chart:
    """Draw the exposed unit's gap among those of units that did not get the measure.

    Parameters
    ----------
    resultat : SyntheticEffect
        Its ratios: the mean squared gap after the start over that before.
    navn : str
        The exposed unit.

    Raises
    ------
    NotatbokFeil
        For anything else than the effect against a synthetic control.

    Notes
    -----
    Abadie, Diamond and Hainmueller (2010), figure 8. A ratio without end (a perfect fit before the
    start) stands at the edge as an arrow.
    """
    effect = expect(resultat, SyntheticEffect)
    own = effect.ratio if math.isnan(effect.ranked_ratio) else effect.ranked_ratio
    ratios = dict(
        sorted([*effect.placebo_ratios.items(), (navn, own)], key=lambda item: (item[1], item[0] == navn))
    )
    finite = [ratio for ratio in ratios.values() if math.isfinite(ratio)] or [1.0]
    # Ratios span decades where some unit is followed closely before the start.
    decades = min(finite) > 0 and max(finite) / min(finite) > WIDE
    scale = math.log10 if decades else float
    edge = scale(max(finite) * 1.5)
    figure, axes = canvas(below=BELOW)

    def at(ratio: float) -> float:
        return scale(ratio) if math.isfinite(ratio) else edge

    places = {name: place for place, name in enumerate(ratios)}
    _dots(axes, {name: (at(ratio), places[name]) for name, ratio in ratios.items()}, navn, edge)
    reach(axes, [*map(at, ratios.values()), *([] if decades else [0.0])])
    norwegian(axes.xaxis)
    if decades:
        powers = range(math.ceil(axes.get_xlim()[0]), math.floor(axes.get_xlim()[1]) + 1)
        axes.set_xticks(powers, [format_exact(Fraction(10) ** power) for power in powers])
    axes.set(ylim=(-0.8, len(ratios) - 0.2), yticks=[])
    under(axes, "Kvadrert avvik etter oppstart, delt på det før")
    axes.grid(visible=True, axis="x")
    label = Label(at(own), places[navn], named(navn, written(own, finite)), PALETTE[0])
    name_ends(axes, [label], left=6)
    rows = _ratio_rows(ratios)
    return Chart(figure, rows, "forhold mellom avvik etter og før", _alt_placebo(effect, ratios, navn))


def _dots(axes: Axes, at: dict[str, tuple[float, int]], own: str, edge: float) -> None:
    for name_is_own, color, size in ((False, GREY, 26), (True, PALETTE[0], 62)):
        for arrow in (False, True):
            chosen = [p for name, p in at.items() if (name == own) is name_is_own and (p[0] == edge) is arrow]
            look = {"color": color, "s": size, "marker": ">" if arrow else MARKERS[0]}
            dots(axes, [x for x, _ in chosen], [y for _, y in chosen], linewidth=0.6, **look)


def _ratio_rows(ratios: dict[str, float]) -> dict[str, dict[str, Value]]:
    made = values(list(ratios.values()), list(ratios), how="plasebo", unit="forhold", decimals=1)
    return {name: {"Forhold": value} for name, value in reversed(list(zip(ratios, made, strict=True)))}


def _alt_placebo(effect: SyntheticEffect, ratios: dict[str, float], name: str) -> str:
    others: dict[str, Any] = {other: ratio for other, ratio in ratios.items() if other != name}
    if not others:
        return f"Forholdet mellom avvik etter og før oppstart for {name}; plaseboer er ikke regnet ut."
    larger = [other for other in others if others[other] >= ratios[name]]
    endless = [other for other in ratios if math.isinf(ratios[other])]
    return plain(
        [
            f"Forholdet mellom avvik etter og før oppstart for {len(ratios)} enheter.",
            f"{name} er nummer {effect.rank} fra toppen; p kan ikke bli lavere enn 1 av {effect.n}.",
            f"Minst like stort forhold har {listing(larger)}." if larger else "",
            f"Uten øvre ende: {listing(endless)}." if endless else "",
        ]
    )
