"""The contract: what an evaluation of a measure must say before the report may print a sentence of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from analysis_lib.errors import AnalyseAvvist
from analysis_lib.indicators.values import Value
from evaluation.basis.estimate import Estimate
from evaluation.basis.requirements import Reason, Strength, refuse
from evaluation.basis.said import Said, plain
from evaluation.methods.few_points import Growth
from evaluation.methods.its_continuous import ContinuousITS
from evaluation.methods.its_counts import ControlledCountITS, CountITS
from evaluation.register import Design, Measure
from evaluation.verdicts.causal_language import causal_words

__all__ = ["Course", "Design", "Measure", "Status", "Verdict", "evaluate", "refused"]


class Status(StrEnum):
    """The three answers an evaluation may give."""

    ESTIMATED = "estimert"
    DESCRIPTIVE = "bare beskrivelse"
    REFUSED = "avvist"


@dataclass(frozen=True, slots=True)
class Course:
    """What a picture of a verdict shows: the points by period, and the model's line with its limits.

    Attributes
    ----------
    name : str
        What the points are.
    points, line, low, high : mapping from period (2025, 2026-01) to Value
        The last three empty where there is no model.
    method : str
        How the line is made.
    result : object or None
        What the method found, for its diagnostics.
    """

    name: str
    points: Mapping[str, Value]
    line: Mapping[str, Value] = field(default_factory=dict)
    low: Mapping[str, Value] = field(default_factory=dict)
    high: Mapping[str, Value] = field(default_factory=dict)
    method: str = ""
    result: Growth | CountITS | ControlledCountITS | ContinuousITS | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of evaluating a measure.

    Attributes
    ----------
    measure : Measure
    design : Design
    said : tuple of str and Value
        The one Norwegian sentence that may be printed, in pieces; its numbers have their origin with them.
    status : Status
    points_before, points_after : int or None
        None where the design has no sides.
    exposure : float or None
    dispersion : float or None
    se_rule : str
        The standard-error rule by name.
    mde : float or None
        Minimum detectable effect, in `mde_unit`; said before the estimate.
    mde_unit : str
    estimate : Estimate or None
    strength : Strength or None
    reason : str
        Why it was refused, or why it stops at description.
    caveats : tuple of str or of pieces
        What else must stand beside the sentence; its numbers have their origin with them.
    details : mapping
        Tables of the numbers behind: by title, row and column; the rows of a table have the same columns.
    basis : tuple of Value
        The printed cells and facts that it rests on.
    course : Course or None
        What its picture shows.

    Raises
    ------
    AnalyseAvvist
        CAUSAL_WORDS if the sentence claims a cause that the design does not carry; INCOMPLETE if something
        the contract demands is left out.
    """

    measure: Measure
    design: Design
    said: Said
    status: Status = Status.DESCRIPTIVE
    points_before: int | None = None
    points_after: int | None = None
    exposure: float | None = None
    dispersion: float | None = None
    se_rule: str = ""
    mde: float | None = None
    mde_unit: str = ""
    estimate: Estimate | None = None
    strength: Strength | None = None
    reason: str = ""
    caveats: tuple[str | Said, ...] = ()
    details: Mapping[str, Mapping[str, Mapping[str, Value]]] = field(default_factory=dict)
    basis: tuple[Value, ...] = ()
    course: Course | None = None

    def __post_init__(self) -> None:
        _complete(self)
        words = causal_words(self.sentence)
        if words and not self.carries_cause:
            refuse(
                Reason.CAUSAL_WORDS,
                f"setningen sier «{words[0]}», men {self.design} ({self.status}) bærer ikke årsak",
                where=self.measure.id,
                hint="Si hva som skjedde og når, ikke hvorfor.",
            )

    @property
    def sentence(self) -> str:
        """The sentence as text."""
        return plain(self.said)

    @property
    def numbers(self) -> tuple[Value, ...]:
        """The numbers of the sentence."""
        return tuple(piece for piece in self.said if isinstance(piece, Value))

    @property
    def carries_cause(self) -> bool:
        """True where words of cause are allowed: an estimate against a comparator, nothing else going on."""
        return (
            self.status is Status.ESTIMATED
            and self.design.comparator
            and self.strength in (None, Strength.SUPPORTED)
            and not self.measure.co_interventions
        )


def _complete(verdict: Verdict) -> None:
    missing = [] if verdict.measure.data else ["data"]
    if not verdict.sentence.strip().endswith("."):
        missing.append("en hel setning")
    if verdict.status is not Status.ESTIMATED and not verdict.reason:
        missing.append("begrunnelse")
    if verdict.status is Status.ESTIMATED:
        numbers = {"estimat": verdict.estimate, "minste påviselige effekt": verdict.mde}
        missing += [name for name, value in numbers.items() if value is None]
        missing += [] if verdict.se_rule else ["standardfeilens regel"]
        missing += [] if verdict.points_before is not None else ["punkter før"]
        missing += [] if verdict.points_after is not None else ["punkter etter"]
    elif verdict.status is Status.REFUSED and verdict.estimate is not None:
        missing.append("fravær av estimat (avvist)")
    if verdict.mde is not None and not (math.isfinite(verdict.mde) and verdict.mde_unit):
        missing.append("enhet for minste påviselige effekt")
    if missing:
        refuse(Reason.INCOMPLETE, f"vurderingen mangler {', '.join(missing)}", where=verdict.measure.id)


def refused(measure: Measure, design: Design, refusal: AnalyseAvvist) -> Verdict:
    """Return the verdict of a refused analysis; it says which data would be needed, and from when.

    Examples
    --------
    >>> ptb = Measure(id="ptb", name="Pasienttilpasset basistilskudd", outcome="Utgifter", data="tabell 8.4")
    >>> v = refused(ptb, Design.ITS, AnalyseAvvist("2 punkter er for få", reason="for få punkter"))
    >>> v.status.value, v.sentence
    ('avvist', 'Pasienttilpasset basistilskudd kan ikke vurderes med disse dataene: 2 punkter er for få.')
    """
    need = f"; det trengs {measure.needs[0].data}, {measure.needs[0].since}" if measure.needs else ""
    return Verdict(
        measure=measure,
        status=Status.REFUSED,
        design=design,
        said=(f"{measure.name} kan ikke vurderes med disse dataene: {refusal.message}{need}.",),
        reason=refusal.reason,
    )


def evaluate(measure: Measure, design: Design, analysis: Callable[[], Verdict]) -> Verdict:
    """Run an analysis and return its verdict, a refusal included; other errors pass.

    Examples
    --------
    >>> from evaluation.methods.rates import rate
    >>> m = Measure(id="x", name="Tiltaket", outcome="Hendelser", data="kilde")
    >>> evaluate(m, Design.DESCRIPTION, lambda: rate(3, 0.0)).reason
    'null eksponering'
    """
    try:
        return analysis()
    except AnalyseAvvist as refusal:
        # A sentence that claims too much, or a verdict with holes, is the author's to mend.
        if refusal.reason in (Reason.CAUSAL_WORDS, Reason.INCOMPLETE):
            raise
        return refused(measure, design, refusal)
