"""A finding: what was printed, what the other numbers allow, and what most likely happened.

A contradiction stops an audit and a build alike. An edition has files for reasons (`corrections.yml`,
`audit.yml`), so there a doubtful finding needs one too, and a reason must be of something.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Self

from analysis_lib.data.interval import Interval
from analysis_lib.errors import KontrollFeil, nearest


class CheckKind(StrEnum):
    """What is checked, and what a reader calls it; ids of findings hash these strings: they never change."""

    said: str
    weight: float

    def __new__(cls, value: str, said: str = "", weight: float = 0.0) -> Self:
        """Make a member of its string, its name, and how far a slip at a line misleads a reader."""
        kind = str.__new__(cls, value)
        kind._value_, kind.said, kind.weight = value, said, weight
        return kind

    SUM = "sum", "sum"
    PARTS = "parts", "andeler som summerer til 100"
    SHARE = "share", "andel"
    SHARE_OF_COLUMN = "share_of_column", "andel av kolonnen"
    SAME = "same", "samme størrelse to steder"
    DIFFERENCE = "difference", "differanse"
    NET_CHANGE = "net_change", "endring fra året før"
    CHANGE = "change", "endring i prosent"
    GROWTH = "growth", "vekst fra året før"
    INDEX = "index", "indeks"
    MEAN = "mean", "gjennomsnitt"
    RATE = "rate", "rate"
    UNION = "union", "unike i flere grupper"
    AT_MOST = "at_most", "del av en helhet"
    BETWEEN = "between", "gjennomsnitt mellom gruppene"
    POSSIBLE = "possible", "andel av et lite antall"
    POPULATION = "population", "folkemengde"
    PER_CAPITA = "per_capita", "per innbygger"
    CONSTANT_PRICES = "constant_prices", "faste priser"
    TEXT = "text", "tall i teksten"
    SIGN = "sign", "tegn der delene gir et tall"
    GIVEN_AWAY = "given_away", "skjult tall som andre røper"
    UNREADABLE = "unreadable", "ikke et tall"
    SHIFT = "shift", "forskjøvet kolonne"
    HEADER = "header", "overskrift", 0.4
    CLAIM = "claim"
    SAME_QUANTITY = "same_quantity"
    MISSING_TARGET = "missing_target", "", 0.3
    WRONG_TOPIC = "wrong_topic", "", 0.2
    DUPLICATE_NUMBER = "duplicate_number", "", 0.3
    NEVER_MENTIONED = "never_mentioned", "", 0.03
    CONTENTS = "contents", "", 0.05
    CAPTION_PERIOD = "caption_period", "", 0.4
    CAPTION_UNIT = "caption_unit", "", 0.3
    FOOTNOTE = "footnote", "", 0.1
    EMPTY_REFERENCE = "empty_reference", "", 0.2
    EDITORS_REMARK = "editors_remark", "", 0.2
    REPEATED_TEXT = "repeated_text", "", 0.05
    TYPOGRAPHY = "typography", "", 0.01


class Judgement(StrEnum):
    """What a check came to; only the last three are findings."""

    HOLDS = "holds"
    EXPLAINED = "explained_by_rounding"
    DOUBTFUL = "doubtful"
    CONTRADICTION = "contradiction"


class Treatment(StrEnum):
    """What somebody who has looked at a finding did about it."""

    MENDED = "rettet"
    KEPT = "står"
    ACCEPTED = "vurdert"
    OPEN = "åpen"


@dataclass(frozen=True, slots=True)
class Handled:
    """Why a finding is known: what was done about it, and the reason; false where nobody has looked at it.

    >>> str(Handled(Treatment.KEPT, "Begge kilder er riktige.")), str(Handled())
    ('står: Begge kilder er riktige.', '')
    """

    treatment: Treatment = Treatment.OPEN
    why: str = ""

    def __bool__(self) -> bool:
        return self.treatment is not Treatment.OPEN

    def __str__(self) -> str:
        return f"{self.treatment}: {self.why}" if self else ""


UNHANDLED = Handled()


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a reviewer should look at.

    Attributes
    ----------
    kind : str
        A `CheckKind`, or the name of a check of the finished report.
    where : str
        For the reader: «tabell 8.3, Sum totalt, 2025», «linje 1156».
    cells : tuple of str
        The smallest counter-example: every number that takes part, as «place = printed».
    printed : str
        What stands there.
    allowed : Interval or None
        What the other cells allow; None where no number is allowed or concerned.
    verdict : Judgement
    explanation : str
        In Norwegian; begins with what is wrong, goes on with the likely reason and its alternatives.
    confidence : float
        From 0 to 1, that this is an error of the report and not of the audit.
    cause : str
        Findings with the same cause are one slip: «kolonne forskjøvet i tabell 8.6, 2024».
    weight : float
        How much the finding changes for the reader; the relative error where there is one.
    handled : Handled
        What somebody did about it.
    """

    kind: str
    where: str
    cells: tuple[str, ...]
    printed: str
    verdict: Judgement
    explanation: str
    allowed: Interval | None = None
    confidence: float = 1.0
    cause: str = ""
    weight: float = 0.0
    handled: Handled = UNHANDLED

    @property
    def low(self) -> Fraction | None:
        """The least that the other cells allow."""
        return self.allowed.low if self.allowed else None

    @property
    def high(self) -> Fraction | None:
        """The most that the other cells allow."""
        return self.allowed.high if self.allowed else None

    @property
    def behandling(self) -> Treatment:
        """What was done about it: «rettet», «står», «vurdert», or «åpen»."""
        return self.handled.treatment

    @property
    def id(self) -> str:
        """A short name that stays the same from run to run, as long as the finding does.

        >>> Finding("sum", "tabell 8.11, Sum, 2025", (), "918", Judgement.CONTRADICTION, "").id
        'sum-06dbdc'
        """
        text = "\n".join((self.kind, self.where, self.printed))
        return f"{self.kind}-{hashlib.sha256(text.encode()).hexdigest()[:6]}"


def by_importance(findings: Iterable[Finding]) -> list[Finding]:
    """Order findings by what they change for the reader: contradictions first, then weight, then place."""
    order = [Judgement.CONTRADICTION, Judgement.DOUBTFUL, Judgement.EXPLAINED, Judgement.HOLDS]
    return sorted(findings, key=lambda f: (order.index(f.verdict), -f.weight * f.confidence, f.where))


NAMED = 5
MEND = "Rett tallet, eller skriv en grunn i audit.yml under denne id-en:"


def refuse(what: str, stopping: Sequence[str], *, where: str = "") -> None:
    """Stop what must not be published.

    Parameters
    ----------
    what : str
        What has been stopped, for the reader.
    stopping : sequence of str
        From `of_edition` and `of_text`; nothing stops where it is empty.

    Raises
    ------
    KontrollFeil
        With all of it, a paragraph a kind.
    """
    if stopping:
        raise KontrollFeil("\n".join([what, *stopping]), where=where)


def of_edition(findings: Iterable[Finding], unused: Iterable[str]) -> list[str]:
    """Return what stops an edition: contradictions, doubtful findings, and reasons that fit no finding.

    Parameters
    ----------
    findings : iterable of Finding
        Those that somebody has accounted for are marked.
    unused : iterable of str
        The ids in ``audit.yml`` that fit no finding.
    """
    found = by_importance(findings)
    lacking = [finding for finding in found if not finding.handled]
    # A reason that has lost its finding most likely belongs to one that lacks a reason.
    ids = [finding.id for finding in lacking or found]
    return [
        *_paragraph("motsigelse", "motsigelser", MEND, _of(lacking, Judgement.CONTRADICTION)),
        *_paragraph("tvilsomt funn", "tvilsomme funn", MEND, _of(lacking, Judgement.DOUBTFUL)),
        *_paragraph(
            "grunn i audit.yml passer ikke til noe funn",
            "grunner i audit.yml passer ikke til noe funn",
            "Fjern den, eller sett inn id-en til funnet som den gjelder:",
            [f"{name}: {nearest(name, ids)}" for name in unused],
        ),
    ]


def of_text(findings: Iterable[Finding], mend: str) -> list[str]:
    """Return what stops a text that has no file for reasons: its contradictions, and what to do."""
    return _paragraph(
        "motsigelse", "motsigelser", mend, _of(by_importance(findings), Judgement.CONTRADICTION)
    )


def _of(findings: Iterable[Finding], verdict: Judgement) -> list[str]:
    return [
        f"{finding.id}: {finding.where}: {finding.explanation}"
        for finding in findings
        if finding.verdict is verdict
    ]


def _paragraph(one: str, several: str, mend: str, lines: Sequence[str]) -> list[str]:
    """Return how many there are, what to do, and the first few; nothing where there are none."""
    if not lines:
        return []
    head = f"{len(lines)} {one if len(lines) == 1 else several}. {mend}"
    more = [f"  … og {len(lines) - NAMED} til"] if len(lines) > NAMED else []
    return ["\n".join([head, *(f"  {line}" for line in lines[:NAMED]), *more])]


# However sure, these mislead nobody about a number, and stop no build.
HARMLESS = frozenset(
    {CheckKind.CONTENTS, CheckKind.REPEATED_TEXT, CheckKind.NEVER_MENTIONED, CheckKind.TYPOGRAPHY}
)


def at_line(
    kind: CheckKind,
    line: int,
    printed: str,
    explanation: str,
    *,
    sure: float = 0.9,
    cells: tuple[str, ...] = (),
    cause: str = "",
) -> Finding:
    """Return a finding at a line; one that is harmless, or less than 0.8 sure, is doubtful."""
    certain = sure >= 0.8 and kind not in HARMLESS
    return Finding(
        kind=kind,
        where=f"linje {line}",
        cells=cells or (f"linje {line} = {printed}",),
        printed=printed,
        verdict=Judgement.CONTRADICTION if certain else Judgement.DOUBTFUL,
        explanation=explanation,
        confidence=sure,
        cause=cause,
        weight=kind.weight,
    )
