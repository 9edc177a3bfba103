"""From what a method found in units over time to its verdict, with the sentence that may be printed."""

from __future__ import annotations

from analysis_lib.data.periods import Period
from evaluation.basis.estimate import Estimate
from evaluation.basis.requirements import Strength
from evaluation.basis.said import DASH, Said, amount, apart, counted, reckoned, say
from evaluation.methods.did import TwoByTwo
from evaluation.methods.dose import DoseEffect
from evaluation.methods.panel_its import PanelITS
from evaluation.methods.permutation import Permuted
from evaluation.methods.placebo import SyntheticEffect
from evaluation.methods.register_panel import RegisterEffect
from evaluation.methods.sensitivity import Sensitivity
from evaluation.methods.staggered import StaggeredDiD
from evaluation.verdicts.verdict import Design, Measure, Status, Verdict

EXPLORATORY = "Utforskende: "
_ENOUGH = 20  # exposed units; with ten, Callaway and Sant'Anna's test has nearly twice its false alarms
DIFFERENCE = (
    "{lead}Forskjellen i endring mellom enheter med og uten tiltaket var {amount}, målt ved «{outcome}» "
    "({groups})."
)
CAUSE = "Tiltaket gjorde «{outcome}» {amount}; effekten er et snitt for enhetene ({groups})."
UNSURE = (
    "{lead}«{outcome}» viser ingen sikker forskjell i endring mellom enheter med og uten tiltaket: anslaget "
    "er {amount}, og den minste forskjellen som kunne vært påvist, er {least} {unit} ({groups})."
)


def of_register(measure: Measure, found: RegisterEffect, *, unit: str, decimals: int = 1) -> Verdict:
    """Return the verdict of an effect from a register's rows, by the design it was found with."""
    result = found.result
    if isinstance(result, StaggeredDiD):
        return of_staggered(
            measure, result, found.sensitivity, unit=unit, decimals=decimals, alone=found.alone
        )
    if isinstance(result, SyntheticEffect):
        return of_synthetic(measure, result, unit=unit, decimals=decimals)
    if isinstance(result, PanelITS):
        return of_panel_its(measure, result, unit=unit, decimals=decimals)
    if isinstance(result, DoseEffect):
        return of_dose(measure, result, unit=unit, decimals=decimals)
    return of_two_by_two(measure, result, unit=unit, decimals=decimals)


def of_two_by_two(measure: Measure, result: TwoByTwo | Permuted, *, unit: str, decimals: int = 1) -> Verdict:
    """Return the verdict of a difference in differences with one change a unit.

    Parallel trends cannot be looked into with one point before, so it is never more than exploratory.
    """
    return Verdict(
        measure=measure,
        status=Status.ESTIMATED,
        design=Design.DID,
        said=_difference(
            DIFFERENCE,
            measure,
            result.effect,
            result,
            result.mde,
            unit,
            decimals,
            EXPLORATORY,
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
    measure: Measure,
    result: StaggeredDiD,
    sensitivity: Sensitivity | None,
    *,
    unit: str,
    decimals: int = 1,
    alone: int = 0,
) -> Verdict:
    """Return the verdict of a staggered adoption; a cause needs many units, and to survive M = 1."""
    effect = result.by_group
    survives = sensitivity is not None and sensitivity.restriction == "relative avvik"
    enough = result.n_treated >= _ENOUGH
    robust = enough and survives and sensitivity is not None and sensitivity.breakdown >= 1 and effect.sure
    template = CAUSE if robust and not measure.co_interventions else DIFFERENCE
    lead = "" if robust else EXPLORATORY
    return Verdict(
        measure=measure,
        status=Status.ESTIMATED,
        design=Design.STAGGERED_DID,
        said=_difference(template, measure, effect, result, result.mde, unit, decimals, lead),
        points_before=len([s for s in result.event_study.since if s < 0]),
        points_after=len([s for s in result.event_study.since if s >= 0]),
        se_rule=effect.rule,
        mde=result.mde,
        mde_unit=unit,
        estimate=effect,
        strength=Strength.SUPPORTED if robust else Strength.EXPLORATORY,
        caveats=(
            _parting(measure, sensitivity, unit, decimals),
            f"periodene {_worded(result.span[0])}{DASH}{_worded(result.span[1])}, "
            f"kontroller: {result.controls}",
            *_left_out(measure, result.left_out, alone),
            *(() if enough else ("så få enheter med tiltaket gir et noe for smalt intervall",)),
        ),
    )


def of_panel_its(measure: Measure, result: PanelITS, *, unit: str, decimals: int = 1) -> Verdict:
    """Return the verdict of a panel interrupted time series; parallel trends before are what it rests on."""
    nothing = result.strength is Strength.NO_VERDICT and result.permuted is None
    parallel = not result.trend.sure
    supported = result.strength is Strength.SUPPORTED and parallel and result.permuted is None
    step = result.step
    if nothing:
        template = "«{outcome}» har for få perioder til å si om nivået skiftet ulikt ({groups})."
    else:
        template = (
            "{lead}Forskjellen i nivåskift etter {start} mellom enheter med og uten tiltaket var {amount}, "
            "målt ved «{outcome}» ({groups})."
        )
    return Verdict(
        measure=measure,
        status=Status.DESCRIPTIVE if nothing else Status.ESTIMATED,
        design=Design.CONTROLLED_ITS,
        said=_difference(
            template, measure, step, result, result.mde, unit, decimals, "" if supported else EXPLORATORY
        ),
        points_before=result.n_before,
        points_after=result.n_after,
        se_rule=step.rule,
        mde=result.mde,
        mde_unit=unit,
        estimate=None if nothing else step,
        strength=Strength.SUPPORTED if supported else Strength.EXPLORATORY,
        reason="under tolv perioder på en side" if nothing else "",
        caveats=(
            say(
                "trendene {were} før oppstart: forskjellen var {trend} per periode",
                were="var ikke sikkert ulike" if parallel else "var ulike",
                trend=amount(result.trend, f"{measure.outcome}: forskjell i trend før", unit, decimals + 1),
            ),
        ),
    )


def of_dose(measure: Measure, result: DoseEffect, *, unit: str, decimals: int = 1) -> Verdict:
    """Return the verdict of a dose: exploratory at most, since a straight dose is taken for granted."""
    before = result.before
    caveats: list[str | Said] = ["dosen er tatt for å virke rett fram, straks og likt for alle"]
    if before is not None:
        caveats.append(
            say(
                "enhetene som fikk mer, {were} annen utvikling før: {before} per enhet dose",
                were="hadde" if before.sure else "hadde ikke sikkert en",
                before=amount(before, f"{measure.outcome}: forskjell før, per dose", unit, decimals),
            )
        )
    return Verdict(
        measure=measure,
        status=Status.ESTIMATED,
        design=Design.DID,
        said=say(
            "{lead}«{outcome}» endret seg {amount} for hver enhet dose ({n} enheter).",
            lead=EXPLORATORY,
            outcome=measure.outcome,
            amount=amount(result.effect, f"{measure.outcome}: endring per dose", unit, decimals),
            n=counted(result.n_units, f"{measure.outcome}: enheter"),
        ),
        points_before=result.n_before,
        points_after=result.n_periods - result.n_before,
        se_rule=result.effect.rule,
        mde=result.mde,
        mde_unit=unit,
        estimate=result.effect,
        strength=Strength.EXPLORATORY,
        caveats=tuple(caveats),
    )


def of_synthetic(measure: Measure, result: SyntheticEffect, *, unit: str, decimals: int = 1) -> Verdict:
    """Return the verdict of a synthetic control: descriptive, since it has a rank but no standard error."""
    rank = (
        say(
            "rang {rank} av {n}",
            rank=counted(result.rank, f"{measure.outcome}: rang blant plasebo"),
            n=counted(result.n, f"{measure.outcome}: enheter i rangeringen"),
        )
        if result.rank
        else "ingen rangering"
    )
    rivals = say(
        "ulike løsninger gir fra {low} til {high} {unit}",
        low=reckoned(min(result.rival_gaps), f"{measure.outcome}: lavest avvik", unit, decimals),
        high=reckoned(max(result.rival_gaps), f"{measure.outcome}: høyest avvik", unit, decimals),
        unit=unit,
    )
    caveats: list[str | Said] = [rivals]
    if result.interval is not None:
        caveats.append(
            say(
                "forenlig med plasebotesten er et avvik på {amount}",
                amount=amount(result.interval, f"{measure.outcome}: avvik", unit, decimals),
            )
        )
    return Verdict(
        measure=measure,
        design=Design.SYNTHETIC_CONTROL,
        said=say(
            "Etter {start} lå «{outcome}» i snitt {gap} {unit} {side} en sammensatt sammenligning ({rank} "
            "blant plasebo).",
            start=measure.started,
            outcome=measure.outcome,
            gap=reckoned(abs(result.mean_gap), f"{measure.outcome}: avvik i snitt", unit, decimals),
            unit=unit,
            side="over" if result.mean_gap >= 0 else "under",
            rank=rank,
        ),
        points_before=result.n_before,
        points_after=result.n_after,
        se_rule="plasebo-rang, ingen standardfeil",
        reason="syntetisk kontroll gir en rang, ikke et intervall",
        caveats=tuple(caveats),
    )


def _difference(
    template: str,
    measure: Measure,
    estimate: Estimate,
    result: TwoByTwo | Permuted | StaggeredDiD | PanelITS,
    mde: float,
    unit: str,
    decimals: int,
    lead: str,
) -> Said:
    """Return the sentence; of a difference that may be none, also what could have been seen."""
    # A template without an amount is of what cannot be said, sure or not.
    sure = estimate.sure or "{amount}" not in template
    return say(
        template if sure else UNSURE,
        lead=lead,
        outcome=measure.outcome,
        start=measure.started,
        amount=(apart if template is CAUSE else amount)(
            estimate, f"{measure.outcome}: forskjell", unit, decimals
        ),
        least=reckoned(mde, f"{measure.outcome}: minste påviselige forskjell", unit, decimals),
        unit=unit,
        groups=say(
            "{treated} med og {others} uten tiltaket",
            treated=counted(result.n_treated, f"{measure.name}: enheter med tiltaket"),
            others=counted(result.n_control, f"{measure.name}: enheter uten tiltaket"),
        ),
    )


def _worded(period: object) -> str:
    """Return a period in words; one that is only numbered as it is."""
    known = Period.printed(str(period))
    return known.words if known else str(period)


def _parting(measure: Measure, sensitivity: Sensitivity | None, unit: str, decimals: int) -> str | Said:
    if sensitivity is None:
        return "uten perioder nok før oppstart til å prøve parallelle trender"
    label = f"{measure.outcome}: tåler avvik"
    if sensitivity.restriction == "relative avvik":
        return say(
            "holder til avviket fra parallelle trender er {times} ganger det største før oppstart",
            times=reckoned(sensitivity.breakdown, label, "ganger", 1),
        )
    return say(
        "holder til trendene bøyer av med {bend} {unit} fra en periode til den neste",
        bend=reckoned(sensitivity.breakdown, label, unit, decimals + 1),
        unit=unit,
    )


def _left_out(measure: Measure, always: int, alone: int) -> list[Said]:
    kinds = ((always, "var eksponert fra første periode"), (alone, "startet alene i sin periode"))
    return [
        say(
            "{n} enheter {why}, og er tatt ut", n=counted(n, f"{measure.outcome}: enheter som {why}"), why=why
        )
        for n, why in kinds
        if n
    ]
