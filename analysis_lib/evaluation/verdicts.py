"""From a method's result to its verdict, with the sentence that may be printed."""

from __future__ import annotations

from analysis_lib.evaluation.callaway_santanna import StaggeredDiD
from analysis_lib.evaluation.checks import Strength
from analysis_lib.evaluation.contract import Design, Measure, Status, Verdict
from analysis_lib.evaluation.did import TwoByTwo
from analysis_lib.evaluation.extrapolation import Extrapolation
from analysis_lib.evaluation.growth import Growth
from analysis_lib.evaluation.parallel_trends import Sensitivity
from analysis_lib.evaluation.placebo import SyntheticEffect
from analysis_lib.evaluation.wording import DASH, KI, amount, interval, moved, number, percent


def of_growth(measure: Measure, result: Growth) -> Verdict:
    """Return growth as a description: it never says why, and gives no forecast.

    Examples
    --------
    >>> from analysis_lib.evaluation.growth import growth
    >>> m = Measure(id="delegering", name="Delegering", outcome="Konsultasjoner per virkedag", data="KUHR")
    >>> v = of_growth(m, growth([1000, 1105, 1195, 1340, 1460], [21] * 5, [1, 2, 3, 4, 5]))
    >>> v.status.value, v.sentence.split(" (")[0]
    ('bare beskrivelse', 'Konsultasjoner per virkedag økte med 10,0 prosent per måned')
    """
    factor = result.factor
    change, ends = percent(factor.value), interval(percent(factor.low), percent(factor.high))
    if result.single_rate and factor.sure:
        sentence = (
            f"{measure.outcome} {moved(change)} med {number(abs(change))} prosent per {measure.period} "
            f"({KI} for endringen {ends}, {result.n} punkter)."
        )
    elif result.single_rate:
        sentence = (
            f"{measure.outcome} viser ingen sikker vekst i de {result.n} punktene: "
            f"{KI} for endringen per {measure.period} er {ends} prosent."
        )
    else:
        way = "avtok" if result.bend < 0 else "tiltok"
        sentence = (
            f"Veksten i «{measure.outcome}» {way} gjennom de {result.n} "
            "punktene, så ingen enkelt vekstrate beskriver serien."
        )
    return Verdict(
        measure=measure,
        status=Status.DESCRIPTIVE,
        design=Design.GROWTH,
        sentence=sentence,
        points_before=0,
        points_after=result.n,
        exposure=result.exposure,
        dispersion=result.dispersion,
        se_rule=factor.rule,
        mde=percent(result.mde_factor),
        mde_unit=f"prosent per {measure.period}",
        estimate=factor,
        reason="vekst etter oppstart har ingen sammenligning",
        caveats=("ingen framskriving og ingen øvre grense anslås",),
    )


def of_two_by_two(measure: Measure, result: TwoByTwo, *, unit: str, decimals: int = 1) -> Verdict:
    """Return the verdict of a difference in differences with one point on each side.

    Parallel trends cannot be looked into with one point before, so it is never more than exploratory.
    """
    groups = f"{result.n_treated} med og {result.n_control} uten tiltaket"
    return Verdict(
        measure=measure,
        status=Status.ESTIMATED,
        design=Design.DID,
        sentence=(
            f"Utforskende: Forskjellen i endring mellom enheter med og uten tiltaket var "
            f"{amount(result.effect, unit, decimals)}, målt ved «{measure.outcome}» ({groups})."
        ),
        points_before=1,
        points_after=1,
        se_rule=result.effect.rule,
        mde=result.mde,
        mde_unit=unit,
        estimate=result.effect,
        strength=Strength.EXPLORATORY,
        caveats=("parallelle trender kan ikke prøves med ett punkt før",),
    )


def of_staggered(
    measure: Measure, result: StaggeredDiD, sensitivity: Sensitivity, *, unit: str, decimals: int = 1
) -> Verdict:
    """Return the verdict of a staggered adoption; a cause is named only if it survives M = 1."""
    effect = result.by_group
    robust = sensitivity.breakdown >= 1 and effect.sure
    strength = Strength.SUPPORTED if robust else Strength.EXPLORATORY
    groups = f"{result.n_treated} med og {result.n_control} uten tiltaket"
    text = amount(effect, unit, decimals)
    if robust and not measure.co_interventions:
        sentence = (
            f"Tiltaket endret «{measure.outcome}» med {text}; effekten er et snitt for enhetene ({groups})."
        )
    else:
        sentence = (
            f"Utforskende: «{measure.outcome}» utviklet seg {text} forskjellig i enheter med og uten "
            f"tiltaket ({groups})."
        )
    times = [e.time for e in result.effects]
    return Verdict(
        measure=measure,
        status=Status.ESTIMATED,
        design=Design.STAGGERED_DID,
        sentence=sentence,
        points_before=len([s for s in result.event_study.since if s < 0]),
        points_after=len([s for s in result.event_study.since if s >= 0]),
        se_rule=effect.rule,
        mde=result.mde,
        mde_unit=unit,
        estimate=effect,
        strength=strength,
        caveats=(
            f"holder til avviket fra parallelle trender er {number(sensitivity.breakdown)} ganger det "
            "største før oppstart",
            f"periodene {min(times)}{DASH}{max(times)}, kontroller: {result.controls}",
        ),
    )


def of_synthetic(measure: Measure, result: SyntheticEffect, *, unit: str, decimals: int = 1) -> Verdict:
    """Return the verdict of a synthetic control: descriptive, since it has a rank but no standard error."""
    rank = f"rang {result.rank} av {result.n}" if result.rank else "ingen rangering"
    return Verdict(
        measure=measure,
        status=Status.DESCRIPTIVE,
        design=Design.SYNTHETIC_CONTROL,
        sentence=(
            f"Etter {measure.started} lå «{measure.outcome}» i snitt "
            f"{number(result.mean_gap, decimals)} {unit} "
            f"fra en sammensatt sammenligning ({rank} blant plasebo)."
        ),
        points_before=result.n_before,
        points_after=result.n_after,
        se_rule="plasebo-rang, ingen standardfeil",
        reason="syntetisk kontroll gir en rang, ikke et intervall",
        caveats=(
            f"ulike løsninger gir fra {number(min(result.rival_gaps), decimals)} til "
            f"{number(max(result.rival_gaps), decimals)} {unit}",
        ),
    )


def of_extrapolation(measure: Measure, result: Extrapolation, *, target: str, unit: str) -> Verdict:
    """Return arithmetic under several curves, called by that name."""
    return Verdict(
        measure=measure,
        status=Status.DESCRIPTIVE,
        design=Design.EXTRAPOLATION,
        sentence=(
            f"Ren framskriving av «{measure.outcome}» under {len(result.values)} ulike kurver gir "
            f"{interval(result.low, result.high, 0)} {unit} {target}; det er regning og ingen prognose."
        ),
        reason="framskriving",
        caveats=tuple(f"{name}: {number(value, 0)} {unit}" for name, value in result.values.items()),
    )
