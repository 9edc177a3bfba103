"""Digital tools: where two points lead under several curves, held against what has been stated."""

from __future__ import annotations

from dataclasses import dataclass

from analysis_lib.data.periods import first_day, in_words, last_day
from analysis_lib.evaluation.bound import Known, found, periods, shown
from analysis_lib.evaluation.contract import Design, Measure, Status, Verdict
from analysis_lib.evaluation.extrapolation import Extrapolation, extrapolate
from analysis_lib.evaluation.refusal import Reason, refuse
from analysis_lib.evaluation.wording import interval
from analysis_lib.indicators.values import Value

EVERYBODY = 100.0


@dataclass(frozen=True, slots=True)
class _Path:
    """One tool's extrapolation, with the ends of its span as values."""

    result: Extrapolation
    curves: dict[str, Value]
    when: str

    @property
    def ends(self) -> tuple[Value, Value]:
        ranked = sorted(self.curves.values(), key=float)
        return ranked[0], ranked[-1]

    @property
    def text(self) -> str:
        low, high = self.ends
        return interval(float(low), float(high), 0)


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
        sentence=(
            f"Ren framskriving under ulike kurver gir {records.text} prosent av legekontorene på pasientens "
            f"journaldokumenter ved {records.when}, mot en ambisjon på omtrent {shown(ambition)}, og "
            f"{helsenorge.text} prosent av fastlegene på Helsenorge ved {helsenorge.when}; "
            "det er regning og ingen prognose."
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
        numbers=(*records.ends, ambition, *helsenorge.ends),
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
