"""The inspection of a build: all checks together."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

from number_audit.audit import Audit
from number_audit.findings import Finding, by_importance, of_text, refuse
from publishing.book.assemble import ChapterPage
from publishing.book.ledger import Ledger
from publishing.publish import FindingEntry, InspectionEntry
from publishing.selfcheck.files import wrong_package, wrong_pages, wrong_workbook
from publishing.selfcheck.formulas import two_values, wrong_numbers
from publishing.selfcheck.links import dead_links, lost_on_pages, unmarked
from publishing.selfcheck.pdf import wrong_pdf
from publishing.selfcheck.texts import several_numbers, showings, wrong_texts
from publishing.selfcheck.words import wrong_words


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was looked at, and what was found.

    Attributes
    ----------
    shown, computed : int
        Numbers shown, each read back; numbers of the register with a formula, each computed again.
    own : list of Finding
        What the report says against itself.
    tables : Audit
        The audit of the edition's printed tables, whose findings are the report's too.
    """

    shown: int
    computed: int
    own: list[Finding]
    tables: Audit

    def refuse(self) -> None:
        """Stop a report that must not be published.

        Raises
        ------
        KontrollFeil
            If the report contradicts itself, or its edition holds what nobody has accounted for.
        """
        stopping = [
            *of_text(self.own, "Rett notatboken eller koden som laget det:"),
            *self.tables.stopping,
        ]
        refuse("rapporten er ikke publisert, og den forrige står urørt", stopping)

    def record(self) -> InspectionEntry:
        """Return the manifest's part: counts, and each finding with its id, the most important first."""
        names = [item.name for item in fields(FindingEntry)]
        findings = by_importance([*self.own, *self.tables.findings])
        return InspectionEntry(
            self.shown,
            self.computed,
            sum(kinds.total() for kinds in self.tables.counts.values()),
            tuple(FindingEntry(*(str(getattr(item, name)) for name in names)) for item in findings),
        )


def inspect(ledger: Ledger, chapters: tuple[ChapterPage, ...], output: Path, tables: Audit) -> Inspection:
    """Hold a finished but unpublished report against itself.

    Parameters
    ----------
    ledger : Ledger
        The number register; see `make_ledger`.
    output : Path
        The folder of the new report, with its pages, PDF, workbook and data package.
    tables : Audit
        The audit of the edition's printed tables.
    """
    numbers = ledger.numbers
    shown = list(showings(chapters))
    own = [
        *wrong_texts(shown, numbers),
        *several_numbers(shown, numbers),
        *two_values(chapters),
        *wrong_numbers(numbers),
        *wrong_workbook(chapters, output / f"{ledger.report}.xlsx"),
        *wrong_package(chapters, output / "data"),
        *wrong_pages(chapters, shown, output / "html"),
        *lost_on_pages(chapters, output / "html"),
        *dead_links(output / "html"),
        *(unmarked(output / "html") if ledger.synthetic else ()),
        *wrong_pdf(chapters, output / f"{ledger.report}.pdf"),
        *wrong_words(ledger),
    ]
    computed = sum(entry.arithmetic is not None for entry in numbers.values())
    return Inspection(len(shown), computed, own, tables)
