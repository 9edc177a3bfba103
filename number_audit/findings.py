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

from analysis_lib.data.interval import Interval
from analysis_lib.errors import KontrollFeil, nearest


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
        The relation or rule: ``sum``, ``change``, ``same_quantity``, ``reference`` …
    where : str
        For the reader: «tabell 8.3, Sum totalt, 2025», «linje 1156».
    cells : tuple of str
        The smallest counter-example: every number that takes part, as «place = printed».
    printed : str
        What stands there.
    low, high : Fraction or None
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
    low: Fraction | None = None
    high: Fraction | None = None
    confidence: float = 1.0
    cause: str = ""
    weight: float = 0.0
    handled: Handled = UNHANDLED

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


def allowed(interval: Interval | None) -> dict[str, Fraction | None]:
    """Return the ends of what the other cells allow, as arguments of `Finding`."""
    return {"low": interval.low if interval else None, "high": interval.high if interval else None}


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


# A number that cannot be read or a wrong period misleads; a word set twice does not.
WEIGHTS = {
    "unreadable_number": 0.5,
    "caption_period": 0.4,
    "header": 0.4,
    "missing_target": 0.3,
    "duplicate_number": 0.3,
    "caption_unit": 0.3,
    "wrong_topic": 0.2,
    "editors_remark": 0.2,
    "empty_reference": 0.2,
    "footnote": 0.1,
    "contents": 0.05,
    "repeated_text": 0.05,
    "never_mentioned": 0.03,
    "typography": 0.01,
}


# However sure, these mislead nobody about a number, and stop no build.
HARMLESS = frozenset({"contents", "repeated_text", "never_mentioned", "typography"})


def at_line(
    kind: str,
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
        weight=WEIGHTS[kind],
    )
