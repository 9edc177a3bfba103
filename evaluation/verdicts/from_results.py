"""From a method's result to its verdict, with the sentence that may be printed."""

from __future__ import annotations

from analysis_lib.indicators.values import Value
from evaluation.basis.estimate import Estimate
from evaluation.basis.requirements import Reason, Strength, refuse
from evaluation.basis.said import (
    KI,
    Said,
    amount,
    apart,
    as_percent,
    between,
    counted,
    joined,
    moved,
    percent,
    say,
    with_interval,
)
from evaluation.basis.said import (
    reckoned as _reckoned,
)
from evaluation.methods.few_points import Extrapolation, Growth
from evaluation.methods.its_continuous import ContinuousITS, ControlledITS
from evaluation.methods.its_counts import ControlledCountITS, CountITS
from evaluation.methods.structural import StructuralSeries
from evaluation.verdicts.verdict import Design, Measure, Status, Verdict


def of_growth(measure: Measure, result: Growth) -> Verdict:
    """Return growth as a description: it never says why, and gives no forecast.

    Examples
    --------
    >>> from evaluation.methods.few_points import growth
    >>> m = Measure(id="delegering", name="Delegering", outcome="Konsultasjoner per virkedag", data="KUHR")
    >>> v = of_growth(m, growth([1000, 1105, 1195, 1340, 1460], [21] * 5, [1, 2, 3, 4, 5]))
    >>> v.status.value, v.sentence.split(" (")[0]
    ('bare beskrivelse', 'Konsultasjoner per virkedag økte med 10,0 prosent per måned')
    """
    factor = result.factor
    label = f"{measure.outcome}: endring per {measure.period}"
    change, low, high = with_interval(as_percent(factor), label, how="vekst på få punkter", unit="prosent")
    if result.single_rate and factor.sure:
        template = (
            "{outcome} {moved} med {change} prosent per {period} ({ki} for endringen {ends}, {n} punkter)."
        )
    elif result.single_rate:
        template = (
            "{outcome} viser ingen sikker vekst i de {n} punktene: {ki} for endringen per {period} er "
            "{ends} prosent."
        )
    else:
        template = (
            "Veksten i «{outcome}» {way} gjennom de {n} punktene, så ingen enkelt vekstrate beskriver serien."
        )
    said = say(
        template,
        outcome=measure.outcome,
        moved=moved(float(change)),
        # The verb has its sign.
        change=(change,),
        period=measure.period,
        ki=KI,
        ends=between(low, high),
        n=counted(result.n, f"{measure.outcome}: punkter"),
        way="avtok" if result.bend < 0 else "tiltok",
    )
    return Verdict(
        measure=measure,
        design=Design.GROWTH,
        said=said,
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


def of_extrapolation(measure: Measure, result: Extrapolation, *, target: str, unit: str) -> Verdict:
    """Return arithmetic under several curves, called by that name."""
    return Verdict(
        measure=measure,
        design=Design.EXTRAPOLATION,
        said=say(
            "Ren framskriving av «{outcome}» under {n} ulike kurver gir {ends} {unit} {target}; det er "
            "regning og ingen prognose.",
            outcome=measure.outcome,
            n=counted(len(result.values), f"{measure.outcome}: kurver"),
            ends=between(
                *(
                    _reckoned(end, f"{measure.outcome} {target}, {name}", unit, 0)
                    for end, name in ((result.low, "lavest"), (result.high, "høyest"))
                )
            ),
            unit=unit,
            target=target,
        ),
        reason="framskriving",
        caveats=tuple(
            say(
                "{name}: {end} {unit}",
                name=name,
                end=_reckoned(value, f"{measure.outcome} {target}, {name}", unit, 0),
                unit=unit,
            )
            for name, value in result.values.items()
        ),
    )


_TOO_ALIKE = 0.9


def _its(
    measure: Measure,
    result: CountITS | ControlledCountITS | ContinuousITS | StructuralSeries,
    design: Design,
    estimate: Estimate,
    shown: Estimate,
    mde: float,
    unit: str,
    errors: Said,
    decimals: int = 1,
) -> Verdict:
    """Return the verdict on a step: `estimate`, which is `shown` in the unit."""
    nothing = result.strength is Strength.NO_VERDICT
    if nothing:
        template = "{outcome} har {points} {start}, for få til å si om nivået endret seg."
    elif estimate.sure:
        template = "{lead}{outcome} {moved} etter {start}: nivået ble {step}{other} ({points})."
    else:
        # The level changed only where the interval leaves no change out.
        template = (
            "{lead}{outcome} viser ikke noe sikkert skift i nivå etter {start}: anslaget er {step}{other}, "
            "og det minste skiftet som kunne vært påvist, er {least} {unit} ({points})."
        )
    said = say(
        template,
        lead="Utforskende: " if result.strength is Strength.EXPLORATORY else "",
        outcome=measure.outcome,
        start=measure.started,
        moved="skilte lag med sammenligningen" if design.comparator else "endret nivå",
        step=apart(shown, f"{measure.outcome}: nivåskift", unit, decimals),
        other=" enn med sammenligningens skift" if design.comparator else "",
        least=_reckoned(mde, f"{measure.outcome}: minste påviselige skift", unit, decimals),
        unit=unit,
        points=say(
            "{before} punkter før og {after} etter",
            before=counted(result.n_before, f"{measure.outcome}: punkter før"),
            after=counted(result.n_after, f"{measure.outcome}: punkter etter"),
        ),
    )
    # Without a verdict there is no interval to quote, by any rule.
    caveats: list[str | Said] = [] if nothing else [errors]
    caveats += ["månedene eller kvartalene er tilpasset uten sesong"] if result.unseasonal else []
    caveats += ["nivåskiftet kan ha andre opphav enn tiltaket"] if not design.comparator else []
    if measure.co_interventions:
        caveats.append(f"samtidig: {', '.join(map(str, measure.co_interventions))}")
    return Verdict(
        measure=measure,
        status=Status.DESCRIPTIVE if nothing else Status.ESTIMATED,
        design=design,
        said=said,
        points_before=result.n_before,
        points_after=result.n_after,
        exposure=result.exposure if isinstance(result, CountITS | ControlledCountITS) else None,
        dispersion=result.dispersion if isinstance(result, CountITS | ControlledCountITS) else None,
        se_rule=estimate.rule,
        mde=mde,
        mde_unit=unit,
        estimate=None if nothing else estimate,
        strength=result.strength,
        reason="under tolv punkter på en side" if nothing else "",
        caveats=tuple(caveats),
    )


def _others(measure: Measure, result: ContinuousITS, unit: str, decimals: int) -> Said:
    rules = {"OLS": result.ols, "Newey-West": result.newey_west, "Prais-Winsten": result.prais_winsten}
    parts = joined(
        say("{name} {ends}", name=name, ends=_ends(f"{measure.outcome}: {name}", r.step, unit, decimals))
        for name, r in rules.items()
    )
    usual = say("{ki} etter de vanlige reglene, som er for smale i korte serier: {parts}", ki=KI, parts=parts)
    if result.autocorrelation < _TOO_ALIKE:
        return usual
    bound = "; endringer i helning anslås ikke, for de avhenger av hvor tett" if result.at_bound else ""
    return say(
        "{usual}; avvikene følger hverandre så tett (autokorrelasjon {rho}) at en rett trend passer "
        "dårlig{bound}",
        usual=usual,
        rho=_autocorrelation(measure, result.autocorrelation),
        bound=bound,
    )


def _ends(label: str, estimate: Estimate, unit: str, decimals: int) -> Said:
    _, low, high = with_interval(estimate, label, how="anslag", unit=unit, decimals=decimals)
    return between(low, high)


def _autocorrelation(measure: Measure, rho: float) -> Value:
    return _reckoned(rho, f"{measure.outcome}: autokorrelasjon i avvikene", "", 2)


_UNCORRECTED = "autokorrelasjon i avvikene {rho}, ikke korrigert for"


def of_its_counts(measure: Measure, result: CountITS) -> Verdict:
    """Return the verdict of an interrupted time series of counts."""
    step, mde = result.step, percent(result.mde_ratio)
    errors = say(_UNCORRECTED, rho=_autocorrelation(measure, result.autocorrelation))
    return _its(measure, result, Design.ITS, step, as_percent(step), mde, "prosent", errors)


def of_controlled_its_counts(measure: Measure, result: ControlledCountITS) -> Verdict:
    """Return the verdict of a controlled interrupted time series of counts."""
    step, own = result.step, result.control_step
    errors = say(
        "sammenligningens eget nivå endret seg {own}; " + _UNCORRECTED,
        own=amount(as_percent(own), f"{measure.outcome}: sammenligningens nivåskift", "prosent"),
        rho=_autocorrelation(measure, result.autocorrelation),
    )
    mde, shown = percent(result.mde_ratio), as_percent(step)
    return _its(measure, result, Design.CONTROLLED_ITS, step, shown, mde, "prosent", errors)


def of_its_continuous(measure: Measure, result: ContinuousITS, *, unit: str, decimals: int = 1) -> Verdict:
    """Return the verdict of an interrupted time series, by REML, the usual three beside it."""
    step = result.reml.step
    errors = _others(measure, result, unit, decimals)
    return _its(measure, result, Design.ITS, step, step, result.mde, unit, errors, decimals)


def of_controlled_its(measure: Measure, result: ControlledITS, *, unit: str, decimals: int = 1) -> Verdict:
    """Return the verdict of a controlled interrupted time series."""
    inner, step = result.difference, result.difference.reml.step
    errors = _others(measure, inner, unit, decimals)
    return _its(measure, inner, Design.CONTROLLED_ITS, step, step, inner.mde, unit, errors, decimals)


def of_structural(measure: Measure, result: StructuralSeries, *, unit: str, decimals: int = 1) -> Verdict:
    """Return the verdict of a step in a level that drifts; one without a step is refused."""
    step, mde = result.step, result.mde
    if step is None or mde is None:
        refuse(Reason.NONE_TREATED, "serien er tilpasset uten et trinn, så ingen endring er anslått")
    errors = say(
        "nivået får drive: standardavviket er {drift} fra periode til periode, ved siden av en målestøy på "
        "{noise}",
        drift=_reckoned(result.drift**0.5, f"{measure.outcome}: drift", unit, decimals + 1),
        noise=_reckoned(result.noise**0.5, f"{measure.outcome}: målestøy", unit, decimals + 1),
    )
    return _its(measure, result, Design.ITS, step, step, mde, unit, errors, decimals)
