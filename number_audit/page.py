"""The audit of the edition on a page: what was checked, what was found, what was done about it."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping
from functools import cached_property

from analysis_lib.indicators.values import Value, found
from analysis_lib.present.chapter import Kapittel
from analysis_lib.present.display import Shown
from analysis_lib.present.fact_table import FactTable
from analysis_lib.present.payload import FindingPayload, FindingsPayload
from number_audit.audit import Audit, audit_edition
from number_audit.findings import CheckKind, Finding, Judgement
from number_audit.selftest.measure import SAYING, Hold, MissReason, SelfTest, selftest

VERDICTS = {
    Judgement.HOLDS: "stemmer som trykt",
    Judgement.EXPLAINED: "forklart av avrunding",
    Judgement.DOUBTFUL: "tvilsom",
    Judgement.CONTRADICTION: "motsigelse",
}

_MISSED = {"avrunding": MissReason.ROOM, "avgrenset": MissReason.BOUNDED, "brutt": MissReason.BROKEN}


class ShownFindings(Shown):
    """Findings as a list: where, what is wrong and why, what was done, and the numbers that take part.

    Findings with the same cause are one entry.
    """

    def __init__(self, name: str, findings: tuple[Finding, ...]) -> None:
        self.name = name
        self.findings = findings

    @property
    def payload(self) -> FindingsPayload:
        """The list for the report; see `Shown`."""
        causes: dict[str, list[Finding]] = {}
        for finding in self.findings:
            causes.setdefault(finding.cause or finding.id, []).append(finding)
        return FindingsPayload(id=self.name, findings=tuple(_item(*group) for group in causes.values()))

    @property
    def summary(self) -> str:
        """One line a finding."""
        return "\n".join(f"{finding.where}: {finding.verdict}" for finding in self.findings)


def _item(finding: Finding, *others: Finding) -> FindingPayload:
    return FindingPayload(
        id=finding.id,
        where=_capital(finding.where),
        verdict=VERDICTS[finding.verdict],
        explanation=_unbroken(finding.explanation),
        handled=_capital(str(finding.handled)),
        cells=tuple(_unbroken(cell) for cell in finding.cells),
        others=tuple(_unbroken(f"{_capital(other.where)}: {other.explanation}") for other in others),
    )


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
    def relations(self) -> Mapping[str, Counter[Judgement]]:
        """Checks by the reader's name of their kind."""
        by_name: dict[str, Counter[Judgement]] = {}
        for kind, counts in self.audit.counts.items():
            by_name.setdefault(CheckKind(kind).said, Counter()).update(counts)
        return dict(sorted(by_name.items()))

    def antall(self, hva: str) -> Value:
        """Return how many numbers, checks or findings there are.

        `hva` is «tall», «sammenhenger», a verdict («motsigelse», «tvilsom») or what was done («rettet»,
        «står», «vurdert», «åpen»).
        """
        counts: dict[str, int] = {
            "tall": self.audit.cells,
            "sammenhenger": sum(sum(kinds.values()) for kinds in self.relations.values()),
            **Counter(VERDICTS[finding.verdict] for finding in self.audit.findings),
            **Counter(finding.behandling for finding in self.audit.findings),
        }
        return _counted(counts.get(hva, 0), hva)

    def andel_forklart(self) -> Value:
        """Return the share of checks that hold, as printed or within rounding, in per cent."""
        total = self.antall("sammenhenger")
        good = sum(kinds[Judgement.HOLDS] + kinds[Judgement.EXPLAINED] for kinds in self.relations.values())
        share = good * 100 / float(total) if total.point else math.nan
        return found(
            share, "Sammenhenger som stemmer", how="andel", formula="", terms=(total,), unit="prosent"
        )

    def brutt(self, *dommer: str) -> Value:
        """Return how many checks do not hold, or came to some verdicts: «motsigelse», «tvilsom»."""
        chosen = dommer or ("tvilsom", "motsigelse")
        count = sum(kinds[v] for kinds in self.relations.values() for v in VERDICTS if VERDICTS[v] in chosen)
        return _counted(count, f"sammenhenger, {' eller '.join(dommer)}" if dommer else "brutte sammenhenger")

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

    def ikke_funnet(self, grunn: str = "") -> Value:
        """Return how many of them the checks do not find: all, or «avrunding», «avgrenset», «brutt»."""
        count = sum(not grunn or miss.reason is _MISSED[grunn] for miss in self._selftest.missed)
        return _counted(count, "endrede sifre som ikke er funnet" + (f", {_MISSED[grunn]}" if grunn else ""))

    def uprøvd(self, *grupper: str) -> Value:
        """Return how many cells with a number they were not made in: all, or «gruppe», «ingen»."""
        chosen = grupper or (Hold.GROUP, Hold.ALONE)
        count = sum(self._selftest.cells[hold] for hold in chosen)
        return _counted(count, f"celler som selvtesten ikke regner med, sammenheng: {' eller '.join(chosen)}")

    def funn(self, navn: str, hvilke: Callable[[Finding], bool] = lambda _: True) -> ShownFindings:
        """Return the findings of which `hvilke` is true, the most important first."""
        return ShownFindings(navn, tuple(filter(hvilke, self.audit.findings)))

    def oppstilling(self, nummer: str, tittel: str) -> FactTable:
        """Return a table of the checks: one row a kind, one column a verdict."""
        rows = {
            _capital(name): [
                _counted(kinds[verdict], f"{name}, {label}") for verdict, label in VERDICTS.items()
            ]
            for name, kinds in [*self.relations.items(), ("i alt", sum(self.relations.values(), Counter()))]
        }
        heads = [_capital(label) for label in VERDICTS.values()]
        return FactTable(nummer, tittel, rows, heads, stub="Sammenheng", unit="kontroller")


def _counted(number: int, what: str) -> Value:
    return found(number, f"Kontroll: {what}", how="telling", formula="", terms=(), decimals=0)
