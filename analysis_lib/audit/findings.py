"""A finding: what was printed, what the other numbers allow, and what most likely happened."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from analysis_lib.data.interval import Interval


class Verdict(StrEnum):
    """What a check came to; only the last three are findings."""

    HOLDS = "holds"
    EXPLAINED = "explained_by_rounding"
    DOUBTFUL = "doubtful"
    CONTRADICTION = "contradiction"


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
    verdict : Verdict
    explanation : str
        In Norwegian; begins with what is wrong, goes on with the likely reason and its alternatives.
    confidence : float
        From 0 to 1, that this is an error of the report and not of the audit.
    cause : str
        Findings with the same cause are one slip: «kolonne forskjøvet i tabell 8.6, 2024».
    weight : float
        How much the finding changes for the reader; the relative error where there is one.
    handled : str
        Why the finding is known: «rettet: …» or «står: …»; empty where nobody has looked at it.
    """

    kind: str
    where: str
    cells: tuple[str, ...]
    printed: str
    verdict: Verdict
    explanation: str
    low: Fraction | None = None
    high: Fraction | None = None
    confidence: float = 1.0
    cause: str = ""
    weight: float = 0.0
    handled: str = ""

    @property
    def id(self) -> str:
        """A short name that stays the same from run to run, as long as the finding does.

        >>> Finding("sum", "tabell 8.11, Sum, 2025", (), "918", Verdict.CONTRADICTION, "").id
        'sum-06dbdc'
        """
        text = "\n".join((self.kind, self.where, self.printed))
        return f"{self.kind}-{hashlib.sha256(text.encode()).hexdigest()[:6]}"


def allowed(interval: Interval | None) -> dict[str, Fraction | None]:
    """Return the ends of what the other cells allow, as arguments of `Finding`."""
    return {"low": interval.low if interval else None, "high": interval.high if interval else None}


def by_importance(findings: Iterable[Finding]) -> list[Finding]:
    """Order findings by what they change for the reader: contradictions first, then weight, then place."""
    order = [Verdict.CONTRADICTION, Verdict.DOUBTFUL, Verdict.EXPLAINED, Verdict.HOLDS]
    return sorted(findings, key=lambda f: (order.index(f.verdict), -f.weight * f.confidence, f.where))
