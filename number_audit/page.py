"""The audit of the edition on a page: what was checked, what was found, what was done about it.

What other documents state, beside what our data say: a table with a verdict in words.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

from analysis_lib.data.interval import Interval
from analysis_lib.data.norwegian import round_half_up
from analysis_lib.data.quantities import allowed_by, step_of
from analysis_lib.errors import DataFeil, nearest
from analysis_lib.indicators.edition import Edition
from analysis_lib.indicators.series import andel, differanse, endring, forhold, rate, sum_av
from analysis_lib.indicators.values import Value, found
from analysis_lib.present.chapter import Kapittel
from analysis_lib.present.display import Shown
from analysis_lib.present.fact_table import FactTable
from number_audit.audit import Audit, audit_edition
from number_audit.findings import Finding, Verdict
from number_audit.relations.wording import NAMES
from number_audit.selftest.digits import SAYING, SelfTest, selftest
from number_audit.stated import Formula, Stated, read_stated

VERDICTS = {
    Verdict.HOLDS: "stemmer som trykt",
    Verdict.EXPLAINED: "forklart av avrunding",
    Verdict.DOUBTFUL: "tvilsom",
    Verdict.CONTRADICTION: "motsigelse",
}


class ShownFindings(Shown):
    """Findings as a list: where, what is wrong and why, what was done, and the numbers that take part.

    Findings with the same cause are one entry.
    """

    template = "findings"

    def __init__(self, name: str, findings: tuple[Finding, ...]) -> None:
        self.name = name
        self.findings = findings

    @property
    def payload(self) -> dict[str, Any]:
        """The list for the report; see `Shown`."""
        causes: dict[str, list[Finding]] = {}
        for finding in self.findings:
            causes.setdefault(finding.cause or finding.id, []).append(finding)
        return {"type": "findings", "id": self.name, "findings": [_item(*group) for group in causes.values()]}

    @property
    def summary(self) -> str:
        """One line a finding."""
        return "\n".join(f"{finding.where}: {finding.verdict}" for finding in self.findings)


def _item(finding: Finding, *others: Finding) -> dict[str, Any]:
    return {
        "id": finding.id,
        "where": _capital(finding.where),
        "verdict": VERDICTS[finding.verdict],
        "explanation": _unbroken(finding.explanation),
        "handled": _capital(finding.handled),
        "cells": [_unbroken(cell) for cell in finding.cells],
        "others": [_unbroken(f"{_capital(other.where)}: {other.explanation}") for other in others],
    }


def _unbroken(text: str) -> str:
    """Keep the groups of a number on one line."""
    return re.sub(r"(?<=\d) (?=\d{3}\b)", "\u00a0", text)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


class Kontroll:
    """The audit of a chapter's edition: its printed tables, and the numbers in its text."""

    def __init__(self, kap: Kapittel) -> None:
        self.folder = kap.edition.folder

    @cached_property
    def audit(self) -> Audit:
        """What was found, as it is printed."""
        return audit_edition(self.folder)

    @property
    def relations(self) -> Mapping[str, Counter[Verdict]]:
        """Checks by the reader's name of their kind."""
        by_name: dict[str, Counter[Verdict]] = {}
        for kind, counts in self.audit.counts.items():
            by_name.setdefault(NAMES[kind], Counter()).update(counts)
        return dict(sorted(by_name.items()))

    def antall(self, hva: str) -> Value:
        """Return how many numbers, checks or findings there are.

        `hva` is «tall», «sammenhenger», a verdict («motsigelse», «tvilsom») or what was done («rettet»,
        «står», «vurdert», «åpen»).
        """
        counts = {
            "tall": self.audit.cells,
            "sammenhenger": sum(sum(kinds.values()) for kinds in self.relations.values()),
            **Counter(VERDICTS[finding.verdict] for finding in self.audit.findings),
            **Counter(finding.handled.partition(":")[0] or "åpen" for finding in self.audit.findings),
        }
        return _counted(counts.get(hva, 0), hva)

    def andel_forklart(self) -> Value:
        """Return the share of checks that hold, as printed or within rounding, in per cent."""
        total = self.antall("sammenhenger")
        good = sum(kinds[Verdict.HOLDS] + kinds[Verdict.EXPLAINED] for kinds in self.relations.values())
        share = good * 100 / float(total) if total.point else math.nan
        return found(
            share, "Sammenhenger som stemmer", how="andel", formula="", terms=(total,), unit="prosent"
        )

    def brutt(self) -> Value:
        """Return how many checks do not hold."""
        broken = (Verdict.DOUBTFUL, Verdict.CONTRADICTION)
        return _counted(
            sum(kinds[v] for kinds in self.relations.values() for v in broken), "brutte sammenhenger"
        )

    @cached_property
    def _selftest(self) -> SelfTest:
        return selftest(self.folder)

    def forsøk(self) -> Value:
        """Return how many changes of one digit the self-test made in cells that a relation limits."""
        return _counted(sum(self._selftest.by_hold.tried[hold] for hold in SAYING), "endrede sifre")

    def andel_funnet(self) -> Value:
        """Return the share of these changes that the checks find, in per cent."""
        return found(
            self._selftest.share,
            "Endrede sifre som kontrollen finner",
            how="selvtest",
            formula="",
            terms=(self.forsøk(),),
            unit="prosent",
        )

    def funn(self, navn: str, hvilke: Callable[[Finding], bool] = lambda _: True) -> ShownFindings:
        """Return the findings of which `hvilke` is true, the most important first."""
        return ShownFindings(navn, tuple(filter(hvilke, self.audit.findings)))

    def oppstilling(self, nummer: str, tittel: str) -> FactTable:
        """Return a table of the checks: one row a kind, one column a verdict."""
        rows = {
            _capital(name): [
                _counted(kinds[verdict], f"{name}, {label}") for verdict, label in VERDICTS.items()
            ]
            for name, kinds in self.relations.items()
        }
        heads = [_capital(label) for label in VERDICTS.values()]
        return FactTable(nummer, tittel, rows, heads, stub="Sammenheng", unit="kontroller")


def _counted(number: int, what: str) -> Value:
    return found(number, f"Kontroll: {what}", how="telling", formula="", terms=(), decimals=0)


RIGHT, ROUNDED, WRONG, UNKNOWN = "stemmer", "innenfor avrunding", "stemmer ikke", "kan ikke kontrolleres"
_VERBS: Mapping[str, Callable[..., Value]] = {
    "andel": andel,
    "differanse": differanse,
    "endring": endring,
    "mulig_andel": lambda share, count: nearest_share(share, count),
    "forhold": lambda part, whole: forhold(part, whole, f"{part.unit} per enhet", desimaler=0),
    "rate": lambda count, people: rate(count, people, 1),
    "sum": sum_av,
}


@dataclass(frozen=True, slots=True)
class Checked:
    """A statement, its number, ours (or the nearest we know, or none), and the verdict."""

    stated: Stated
    printed: Value
    ours: Value | None
    verdict: str


def nearest_share(share: Value, count: Value) -> Value:
    """Return the share of so many that lies nearest to a percentage: 76 per cent of 8 can only be 75."""
    people = count.point or Fraction(1)
    nearest = round_half_up((share.point or Fraction(0)) * people / 100)
    return found(
        100 * nearest / people,
        f"Nærmeste andel: {share.label}",
        how="nærmeste andel av et helt antall",
        formula="{0} av {1}",
        terms=(share, count),
        unit="prosent",
    )


def judge(
    printed: Value, ours: Value, group: str = "", step: int | None = None, *, counted: bool = False
) -> str:
    """Hold a number of another document against ours.

    Parameters
    ----------
    printed, ours : Value
        In the same unit.
    group : str
        Of the vague word beside the printed number.
    step : int, optional
        What it may be rounded to; its decimals or trailing zeros where nothing is given.
    counted : bool
        Whether ours is made of counts, which are not rounded.

    Returns
    -------
    str
        «stemmer» where ours rounds to what is printed, «innenfor avrunding» where the word or the
        step makes room for it, else «stemmer ikke»; «kan ikke kontrolleres» where one is no number.
    """
    if printed.point is None or ours.point is None:
        return UNKNOWN
    known = Interval.exact(ours.point) if counted else ours.interval
    if known is None:
        return UNKNOWN
    exact = allowed_by(printed.point, Fraction(1, 10**printed.decimals))
    coarse = Fraction(step) if step else step_of(printed.point, printed.decimals)
    if not group and exact.intersect(known) is not None:
        return RIGHT
    return ROUNDED if allowed_by(printed.point, coarse, group).intersect(known) is not None else WRONG


class Påstander:
    """What another document states in numbers, checked against a chapter's edition.

    Parameters
    ----------
    kap : Kapittel
    document : str
        Name of its facts file; `paastander.yml` says what to check.

    Raises
    ------
    DataFeil
        If nothing is written down for the document, or a path leads nowhere.
    """

    def __init__(self, kap: Kapittel, document: str) -> None:
        edition = kap.edition
        known = read_stated(edition.folder / "paastander.yml")
        if document not in known:
            raise DataFeil(
                f"ingen påstander er ført opp for «{document}»",
                where="paastander.yml",
                hint=nearest(document, known),
            )
        self.document = document
        self.checked = [_checked(edition, document, stated) for stated in known[document]]

    def antall(self, utfall: str = "") -> Value:
        """Return how many statements there are, or how many came to a verdict."""
        counted = [one.printed for one in self.checked if not utfall or one.verdict == utfall]
        label = f"Påstander{f', {utfall}' if utfall else ''}: {self.document}"
        return found(len(counted), label, how="telling", formula="", terms=counted, decimals=0)

    def tabell(self, nummer: str, tittel: str) -> FactTable:
        """Return the statements as a table; what there is to say of one stands in a note."""
        rows = {
            one.stated.paastand: [one.printed, one.ours, one.printed.unit, one.verdict]
            for one in self.checked
        }
        notes = [
            f"{one.stated.paastand}: {one.stated.hvorfor}." for one in self.checked if one.stated.hvorfor
        ]
        return FactTable(
            nummer,
            tittel,
            rows,
            ["Oppgitt", "Våre tall", "Enhet", "Utfall"],
            stub="Påstand",
            notes=notes,
        )


def _checked(edition: Edition, document: str, stated: Stated) -> Checked:
    printed = edition.fact(document, stated.trykt)
    if stated.sjekk is None:
        ours = value_of(edition, stated.naermest) if stated.naermest else None
        return Checked(stated, printed, ours, UNKNOWN)
    ours = value_of(edition, stated.sjekk)
    if stated.desimaler is not None:
        # Shown more finely than elsewhere, it is a number of its own.
        ours = replace(ours, identity=f"{ours.identity}, {stated.desimaler}", decimals=stated.desimaler)
    verdict = judge(printed, ours, stated.ord, stated.trinn, counted=stated.eksakt)
    return Checked(stated, printed, ours, verdict)


def value_of(edition: Edition, formula: Formula) -> Value:
    """Return the value that a formula of `paastander.yml` names, with its origin.

    >>> from number_audit.stated import Formula
    >>> terms = (Formula(path="12.1/elektronisk/2023"), Formula(path="12.1/elektronisk/2024"))
    >>> value = value_of(Edition(2025), Formula(verb="endring", terms=terms))
    >>> f"{float(value):.1f} {value.unit}"
    '-12.4 prosent'
    """
    if formula.verb is not None:
        return _VERBS[formula.verb](*(value_of(edition, term) for term in formula.terms))
    head, _, rest = formula.path.partition("/")
    if head == "fakta":
        document, _, key = rest.partition("/")
        return edition.fact(document, key)
    table, row, column = formula.path.rsplit("/", 2)
    return edition.value(table, row, column)
