"""From a method's result to its verdict, with the sentence that may be printed."""

from __future__ import annotations

from analysis_lib.evaluation.callaway_santanna import StaggeredDiD
from analysis_lib.evaluation.checks import Strength
from analysis_lib.evaluation.contract import Design, Measure, Status, Verdict
from analysis_lib.evaluation.did import TwoByTwo
from analysis_lib.evaluation.estimate import Estimate
from analysis_lib.evaluation.extrapolation import Extrapolation
from analysis_lib.evaluation.growth import Growth
from analysis_lib.evaluation.its_continuous import ContinuousITS, ControlledITS
from analysis_lib.evaluation.its_controlled_counts import ControlledCountITS
from analysis_lib.evaluation.its_counts import CountITS
from analysis_lib.evaluation.parallel_trends import Sensitivity
from analysis_lib.evaluation.placebo import SyntheticEffect
from analysis_lib.evaluation.wording import DASH, HARD_SPACE, interval, moved, number, percent

_KI = f"95{HARD_SPACE}% KI"


def _amount(estimate: Estimate, unit: str, decimals: int) -> str:
    shown = f"{number(estimate.value, decimals)} {unit}".strip()
    return f"{shown} ({_KI} {interval(estimate.low, estimate.high, decimals)})"


def of_growth(measure: Measure, result: Growth) -> Verdict:
    """Return growth as a description: it never says why, and gives no forecast.

    Examples
    --------
    >>> from analysis_lib.evaluation.growth import growth
    >>> m = Measure("delegering", "Delegering", "Konsultasjoner per virkedag", "1. januar 2026", ("KUHR",))
    >>> v = of_growth(m, growth([1000, 1105, 1195, 1340, 1460], [21] * 5, [1, 2, 3, 4, 5]))
    >>> v.status.value, v.sentence.split(" (")[0]
    ('bare beskrivelse', 'Konsultasjoner per virkedag økte med 10,0 prosent per måned')
    """
    factor = result.factor
    change, ends = percent(factor.value), interval(percent(factor.low), percent(factor.high))
    if result.single_rate and not factor.low <= 1 <= factor.high:
        sentence = (
            f"{measure.outcome} {moved(change)} med {number(abs(change))} prosent per {measure.period} "
            f"({_KI} for endringen {ends}, {result.n} punkter)."
        )
    elif result.single_rate:
        sentence = (
            f"{measure.outcome} viser ingen sikker vekst i de {result.n} punktene: "
            f"{_KI} for endringen per {measure.period} er {ends} prosent."
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


def _its(
    measure: Measure,
    result: CountITS | ControlledCountITS | ContinuousITS,
    design: Design,
    estimate: Estimate,
    step: str,
    mde: float,
    unit: str,
    errors: str,
) -> Verdict:
    points = f"{result.n_before} punkter før og {result.n_after} etter"
    nothing = result.strength is Strength.NO_VERDICT
    if nothing:
        sentence = f"{measure.outcome} har {points} {measure.start}, for få til å si om nivået endret seg."
    else:
        lead = "Utforskende: " if result.strength is Strength.EXPLORATORY else ""
        sentence = f"{lead}{measure.outcome} endret nivå med {step} etter {measure.start} ({points})."
    # Without a verdict there is no interval to quote, by any rule.
    caveats = [] if nothing else [errors]
    caveats += ["nivåskiftet kan ha andre opphav enn tiltaket"] if not design.comparator else []
    if measure.co_interventions:
        caveats.append(f"samtidig: {', '.join(measure.co_interventions)}")
    return Verdict(
        measure=measure,
        status=Status.DESCRIPTIVE if nothing else Status.ESTIMATED,
        design=design,
        sentence=sentence,
        points_before=result.n_before,
        points_after=result.n_after,
        exposure=None if isinstance(result, ContinuousITS) else result.exposure,
        dispersion=None if isinstance(result, ContinuousITS) else result.dispersion,
        se_rule=estimate.rule,
        mde=mde,
        mde_unit=unit,
        estimate=None if nothing else estimate,
        strength=result.strength,
        reason="under tolv punkter på en side" if nothing else "",
        caveats=tuple(caveats),
    )


def _three(result: ContinuousITS, decimals: int) -> str:
    rules = {"OLS": result.ols, "Newey-West": result.newey_west, "Prais-Winsten": result.prais_winsten}
    parts = (f"{name} {interval(r.step.low, r.step.high, decimals)}" for name, r in rules.items())
    return f"{_KI} etter tre regler: {'; '.join(parts)}"


def of_its_counts(measure: Measure, result: CountITS) -> Verdict:
    """Return the verdict of an interrupted time series of counts."""
    step = result.step
    ends = interval(percent(step.low), percent(step.high))
    text = f"{number(percent(step.value))} prosent ({_KI} {ends})"
    errors = f"autokorrelasjon i avvikene {number(result.autocorrelation, 2)}, ikke korrigert for"
    return _its(measure, result, Design.ITS, step, text, percent(result.mde_ratio), "prosent", errors)


def of_controlled_its_counts(measure: Measure, result: ControlledCountITS) -> Verdict:
    """Return the verdict of a controlled interrupted time series of counts."""
    step, own = result.step, result.control_step
    ends = interval(percent(step.low), percent(step.high))
    text = f"{number(percent(step.value))} prosent ({_KI} {ends}) mer enn sammenligningen"
    errors = (
        f"sammenligningens eget nivå endret seg {number(percent(own.value))} prosent "
        f"({_KI} {interval(percent(own.low), percent(own.high))})"
    )
    mde = percent(result.mde_ratio)
    return _its(measure, result, Design.CONTROLLED_ITS, step, text, mde, "prosent", errors)


def of_its_continuous(measure: Measure, result: ContinuousITS, *, unit: str, decimals: int = 1) -> Verdict:
    """Return the verdict of an interrupted time series, by the widest of its three intervals."""
    text = _amount(result.cautious, unit, decimals)
    errors = _three(result, decimals)
    return _its(measure, result, Design.ITS, result.cautious, text, result.mde, unit, errors)


def of_controlled_its(measure: Measure, result: ControlledITS, *, unit: str, decimals: int = 1) -> Verdict:
    """Return the verdict of a controlled interrupted time series."""
    inner = result.difference
    text = f"{_amount(inner.cautious, unit, decimals)} mer enn sammenligningen"
    errors = _three(inner, decimals)
    return _its(measure, inner, Design.CONTROLLED_ITS, inner.cautious, text, inner.mde, unit, errors)


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
            f"{_amount(result.effect, unit, decimals)}, målt ved «{measure.outcome}» ({groups})."
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
    robust = sensitivity.breakdown >= 1 and not effect.low <= 0 <= effect.high
    strength = Strength.SUPPORTED if robust else Strength.EXPLORATORY
    groups = f"{result.n_treated} med og {result.n_control} uten tiltaket"
    amount = _amount(effect, unit, decimals)
    if robust and not measure.co_interventions:
        sentence = (
            f"Tiltaket endret «{measure.outcome}» med {amount}; effekten er et snitt for enhetene ({groups})."
        )
    else:
        sentence = (
            f"Utforskende: «{measure.outcome}» utviklet seg {amount} forskjellig i enheter med og uten "
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
            f"Etter {measure.start} lå «{measure.outcome}» i snitt "
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
