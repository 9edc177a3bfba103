"""Digital tools: where two points lead under several curves, held against what has been stated.

The requirement of video consultations: the starting point, and no more.
"""

from __future__ import annotations

from dataclasses import dataclass

from analysis_lib.data.periods import first_day, in_words, last_day
from analysis_lib.indicators.values import Value, found
from evaluation.basis.refusal import Reason, refuse
from evaluation.basis.said import Said, between, say
from evaluation.measures.values import Known, need, periods
from evaluation.methods.extrapolation import Extrapolation, extrapolate
from evaluation.verdicts.verdict import Design, Measure, Status, Verdict

EVERYBODY = 100.0


@dataclass(frozen=True, slots=True)
class _Path:
    """One tool's extrapolation, with its curves as values."""

    result: Extrapolation
    curves: dict[str, Value]
    when: str

    @property
    def span(self) -> Said:
        ranked = sorted(self.curves.values(), key=float)
        return between(ranked[0], ranked[-1])


def digital_tools(measure: Measure, known: Known) -> Verdict:
    """Return arithmetic under several curves towards the stated ambition, called by that name.

    Parameters
    ----------
    known : mapping
        ``journaldokumenter`` and ``helsenorge``: per cent by month; ``ambisjon``: one value.
    """
    if not known["ambisjon"]:
        refuse(Reason.NOT_YET, "ambisjonen er nyere enn denne utgaven")
    (ambition,) = known["ambisjon"].values()
    records, helsenorge = (
        _path(measure, known, name, goal)
        for name, goal in (("journaldokumenter", float(ambition)), ("helsenorge", None))
    )
    return Verdict(
        measure=measure,
        status=Status.DESCRIPTIVE,
        design=Design.EXTRAPOLATION,
        said=say(
            "Ren framskriving under ulike kurver gir {records} prosent av legekontorene på pasientens "
            "journaldokumenter ved {then}, mot en ambisjon på omtrent {ambition}, og {helsenorge} prosent av "
            "fastlegene på Helsenorge ved {later}; det er regning og ingen prognose.",
            records=records.span,
            then=records.when,
            ambition=ambition,
            helsenorge=helsenorge.span,
            later=helsenorge.when,
        ),
        points_before=None,
        points_after=None,
        se_rule="ingen: to punkter gir ingen spredning, og spennet er mellom kurver",
        reason="to punkter og en framskriving",
        caveats=(
            _reached(records.result),
            "ambisjonen gjelder fastleger, tallene legekontor",
            "punktene er avrundet til hele prosent, og regnet fra den første i måneden",
            *_left_out("journaldokumenter", records.result),
            *_left_out("Helsenorge", helsenorge.result),
        ),
        details={
            f"{name} ved {path.when}": {
                curve.capitalize(): {"Prosent": value} for curve, value in path.curves.items()
            }
            for name, path in (
                ("Pasientens journaldokumenter", records),
                ("Helsenorge for fastleger", helsenorge),
            )
        },
    )


def _path(measure: Measure, known: Known, name: str, ambition: float | None) -> _Path:
    spec, points = measure.of(name), known[name]
    assert spec.target is not None
    when = f"utgangen av {in_words(spec.target[:4])}"
    result = extrapolate(
        [float(value) for value in points.values()],
        [_year(period) for period in periods(points, measure)],
        _year(spec.target, end=True),
        ceiling=EVERYBODY,
        ambition=ambition,
    )
    places = ", ".join(f"{{{place}}}" for place in range(len(points)))
    curves = {
        curve: found(
            number,
            f"{spec.what} ved {when}, {curve}",
            how="framskriving, regning og ingen prognose",
            formula=f"{curve} gjennom {places}",
            terms=points.values(),
            unit="prosent",
            decimals=0,
        )
        for curve, number in result.values.items()
    }
    return _Path(result, curves, when)


def _year(period: str, *, end: bool = False) -> float:
    """Return a period's first day, or its end, as years with a fraction."""
    day = last_day(period) if end else first_day(period)
    return day.year + (day.month - (0 if end else 1)) / 12


def _left_out(tool: str, result: Extrapolation) -> tuple[str, ...]:
    return tuple(f"{tool}, {name}: {why}" for name, why in result.left_out.items())


def _reached(result: Extrapolation) -> str:
    reaches = [name for name, there in (result.reaches_ambition or {}).items() if there]
    if reaches:
        return f"disse kurvene når ambisjonen for journaldokumenter: {', '.join(reaches)}"
    return "ingen av kurvene når ambisjonen for journaldokumenter"


def video(measure: Measure, known: Known) -> Verdict:
    """Return the share of video before the requirement.

    Parameters
    ----------
    known : mapping
        ``former``: shares of text, telephone and video.

    Notes
    -----
    The forms can be told apart only since 1 July 2025, nine months before the requirement: a monthly
    series will never have the twelve points before that an exploratory verdict needs.
    """
    spec = measure.of("former")
    assert spec.period is not None
    if measure.begins <= last_day(spec.period):
        refuse(Reason.START_OUTSIDE, f"{in_words(spec.period)} er ikke hele før kravet {measure.started}")
    text, telephone, share = need(known["former"], ("tekst", "telefon", "video"), "fordelingen på former")
    return Verdict(
        measure=measure,
        status=Status.DESCRIPTIVE,
        design=Design.DESCRIPTION,
        said=say(
            "I {period}, før kravet {start}, var {share} prosent av de digitale konsultasjonene på video; "
            "tall for tiden etter kravet finnes ikke i kildene.",
            period=in_words(spec.period),
            start=measure.started,
            share=share,
        ),
        points_before=1,
        points_after=0,
        se_rule="ingen: andelen gjelder alle konsultasjoner med takst",
        reason="bare et utgangspunkt",
        caveats=(
            "formene kan skilles først fra 1. juli 2025, så en månedsserie får bare ni punkter før kravet",
            "legekontor som tilbød video fra før, berøres lite av kravet",
        ),
        details={
            "Digitale konsultasjoner etter form": {
                name: {"Prosent": value}
                for name, value in (("Tekst", text), ("Telefon", telephone), ("Video", share))
            }
        },
    )
