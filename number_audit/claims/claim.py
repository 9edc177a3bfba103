"""A claim of a text and what became of it, in our own words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from analysis_lib.data.interval import Interval
from analysis_lib.data.norwegian import format_number
from number_audit.claims.statements import Statement
from number_audit.findings import Finding, Judgement
from number_audit.language.quantities import Quantity

_NUMERAL = re.compile(r"[+−-]?\d[\d \u00a0\u202f.,–-]*\d|[+−-]?\d")


class ClaimVerdict(StrEnum):
    """What the check of a claim came to."""

    REPRODUCED = "gjengitt"
    WITHIN = "innenfor avrunding"
    CONTRADICTION = "stemmer ikke"
    DOUBTFUL = "tvilsom"
    UNCHECKABLE = "kan ikke kontrolleres"


@dataclass(frozen=True, slots=True)
class CheckedClaim:
    """One claim of a text and what the tables, or its own numbers, say of it.

    Attributes
    ----------
    line : int
        Where it stands.
    statement : str
        What is claimed, never in the words of the text: the row's name, the kind and the time.
    printed : str
        The number or the word of the text.
    computed : str
        What the cells give; empty where none is matched to the claim.
    verdict : ClaimVerdict
    cells : tuple of str
        «tabell 8.1, Totalt, 2025 = 18 572».
    why : str
        In Norwegian; why it cannot be checked, or what is wrong.
    kind : str
        «tall», «sum», «andeler», «fra og til», «hvert år», «retning», «rang», «prosent og prosentpoeng».
    weight : float
        The relative error of a claim that does not hold.
    """

    line: int
    statement: str
    printed: str
    computed: str
    verdict: ClaimVerdict
    cells: tuple[str, ...] = ()
    why: str = ""
    kind: str = "tall"
    weight: float = 0.0

    @property
    def place(self) -> str:
        """For the reader: «linje 1156»."""
        return f"linje {self.line}"


def contradictions(claims: Iterable[CheckedClaim]) -> list[Finding]:
    """Return the claims that do not hold, or are in doubt, as findings."""
    judged = {
        ClaimVerdict.CONTRADICTION: (Judgement.CONTRADICTION, 0.9),
        ClaimVerdict.DOUBTFUL: (Judgement.DOUBTFUL, 0.5),
    }
    return [
        Finding(
            kind="claim",
            where=f"{claim.place}, {claim.statement}",
            cells=claim.cells,
            printed=claim.printed,
            verdict=judged[claim.verdict][0],
            explanation=_explained(claim),
            confidence=judged[claim.verdict][1],
            cause=f"{claim.place}: {claim.statement}",
            weight=claim.weight,
        )
        for claim in claims
        if claim.verdict in judged
    ]


def _explained(claim: CheckedClaim) -> str:
    computed = f" Tallene gir {claim.computed}." if claim.computed else ""
    why = f" {claim.why[0].upper()}{claim.why[1:]}." if claim.why else ""
    return f"Teksten sier {claim.printed}.{computed}{why}"


def in_words(statement: Statement, subject: str = "") -> str:
    """Say what a statement claims: «Totalt: endring i prosent, 2024–2025».

    Without a name for the subject, the section stands for it.
    """
    name = subject or (f"avsnitt {statement.section}" if statement.section else "teksten")
    unit = statement.quantity.unit or "antall"
    kind = f"endring i {unit}" if statement.change else unit
    time = f", {statement.period}" if statement.period else ""
    return f"{name}: {kind}{time}"


def shown(interval: Interval, quantity: Quantity, *, more: int = 1) -> str:
    """Write a computed number in the scale and unit of a printed one, with one decimal more.

    >>> from number_audit.language.quantities import read_quantities
    >>> shown(Interval.exact(18_572_000_000), read_quantities("18,6 mrd. kroner")[0])
    '18,57 mrd. kroner'
    """
    match = _NUMERAL.match(quantity.printed)
    numeral, unit = (match[0], quantity.printed[match.end() :].strip()) if match else ("", quantity.unit)
    number = interval.middle / 10**quantity.power
    decimals = len(numeral.partition(",")[2])
    whole = number.denominator == 1 and not decimals
    text = format_number(number, 0 if whole else min(decimals + more, 4))
    return f"{text} {unit}".rstrip()
