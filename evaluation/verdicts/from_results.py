"""From a method's result to its verdict, with the sentence that may be printed.

From an interrupted time series to its verdict, with the sentence that may be printed.
"""

from __future__ import annotations

from evaluation.basis.checks import Strength
from evaluation.basis.estimate import Estimate
from evaluation.basis.wording import DASH, KI, amount, interval, moved, number, percent
from evaluation.methods.did import Sensitivity, TwoByTwo
from evaluation.methods.extrapolation import Extrapolation
from evaluation.methods.growth import Growth
from evaluation.methods.its_continuous import ContinuousITS, ControlledITS
from evaluation.methods.its_counts import ControlledCountITS, CountITS
from evaluation.methods.placebo import SyntheticEffect
from evaluation.methods.staggered import StaggeredDiD
from evaluation.verdicts.verdict import Design, Measure, Status, Verdict


def of_growth(measure: Measure, result: Growth) -> Verdict:
    """Return growth as a description: it never says why, and gives no forecast.

    Examples
    --------
    >>> from evaluation.methods.growth import growth
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


_TOO_ALIKE = 0.9


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
        sentence = f"{measure.outcome} har {points} {measure.started}, for få til å si om nivået endret seg."
    else:
        lead = "Utforskende: " if result.strength is Strength.EXPLORATORY else ""
        moved = _moved(measure, estimate, step, f"{number(mde)} {unit}")
        sentence = f"{lead}{measure.outcome} {moved} ({points})."
    # Without a verdict there is no interval to quote, by any rule.
    caveats = [] if nothing else [errors]
    caveats += ["nivåskiftet kan ha andre opphav enn tiltaket"] if not design.comparator else []
    if measure.co_interventions:
        caveats.append(f"samtidig: {', '.join(map(str, measure.co_interventions))}")
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


def _moved(measure: Measure, estimate: Estimate, step: str, least: str) -> str:
    """Say that the level changed only where the interval leaves no change out."""
    if estimate.sure:
        return f"endret nivå med {step} etter {measure.started}"
    return (
        f"viser ikke noe sikkert skift i nivå etter {measure.started}: anslaget er {step}, og det minste "
        f"skiftet som kunne vært påvist, er {least}"
    )


def _others(result: ContinuousITS, decimals: int) -> str:
    rules = {"OLS": result.ols, "Newey-West": result.newey_west, "Prais-Winsten": result.prais_winsten}
    parts = (f"{name} {interval(r.step.low, r.step.high, decimals)}" for name, r in rules.items())
    usual = f"{KI} etter de vanlige reglene, som er for smale i korte serier: {'; '.join(parts)}"
    if result.autocorrelation < _TOO_ALIKE:
        return usual
    rho = number(result.autocorrelation, 2)
    return (
        f"{usual}; avvikene følger hverandre så tett (autokorrelasjon {rho}) at en rett trend passer dårlig"
    )


def of_its_counts(measure: Measure, result: CountITS) -> Verdict:
    """Return the verdict of an interrupted time series of counts."""
    step = result.step
    ends = interval(percent(step.low), percent(step.high))
    text = f"{number(percent(step.value))} prosent ({KI} {ends})"
    errors = f"autokorrelasjon i avvikene {number(result.autocorrelation, 2)}, ikke korrigert for"
    return _its(measure, result, Design.ITS, step, text, percent(result.mde_ratio), "prosent", errors)


def of_controlled_its_counts(measure: Measure, result: ControlledCountITS) -> Verdict:
    """Return the verdict of a controlled interrupted time series of counts."""
    step, own = result.step, result.control_step
    ends = interval(percent(step.low), percent(step.high))
    text = f"{number(percent(step.value))} prosent ({KI} {ends}) mer enn sammenligningen"
    errors = (
        f"sammenligningens eget nivå endret seg {number(percent(own.value))} prosent "
        f"({KI} {interval(percent(own.low), percent(own.high))}); "
        f"autokorrelasjon i avvikene {number(result.autocorrelation, 2)}, ikke korrigert for"
    )
    mde = percent(result.mde_ratio)
    return _its(measure, result, Design.CONTROLLED_ITS, step, text, mde, "prosent", errors)


def of_its_continuous(measure: Measure, result: ContinuousITS, *, unit: str, decimals: int = 1) -> Verdict:
    """Return the verdict of an interrupted time series, by REML, the usual three beside it."""
    step = result.reml.step
    text, errors = amount(step, unit, decimals), _others(result, decimals)
    return _its(measure, result, Design.ITS, step, text, result.mde, unit, errors)


def of_controlled_its(measure: Measure, result: ControlledITS, *, unit: str, decimals: int = 1) -> Verdict:
    """Return the verdict of a controlled interrupted time series."""
    inner, step = result.difference, result.difference.reml.step
    text, errors = f"{amount(step, unit, decimals)} mer enn sammenligningen", _others(inner, decimals)
    return _its(measure, inner, Design.CONTROLLED_ITS, step, text, inner.mde, unit, errors)
