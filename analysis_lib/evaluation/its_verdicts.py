"""From an interrupted time series to its verdict, with the sentence that may be printed."""

from __future__ import annotations

from analysis_lib.evaluation.checks import Strength
from analysis_lib.evaluation.contract import Design, Measure, Status, Verdict
from analysis_lib.evaluation.estimate import Estimate
from analysis_lib.evaluation.its_continuous import ContinuousITS, ControlledITS
from analysis_lib.evaluation.its_controlled_counts import ControlledCountITS
from analysis_lib.evaluation.its_counts import CountITS
from analysis_lib.evaluation.wording import KI, amount, interval, number, percent

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
