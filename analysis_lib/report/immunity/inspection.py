"""The inspection of a build: all checks together, and what stops it from being published."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis_lib.audit.findings import Finding, by_importance
from analysis_lib.audit.tables import TableAudit
from analysis_lib.errors import KontrollFeil
from analysis_lib.report.assemble import ChapterPage
from analysis_lib.report.immunity.files import wrong_package, wrong_pages, wrong_workbook
from analysis_lib.report.immunity.formulas import two_values, wrong_numbers
from analysis_lib.report.immunity.texts import several_numbers, showings, wrong_texts
from analysis_lib.report.immunity.words import contradicting_words

NAMED = 5


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was looked at, and what was found.

    Attributes
    ----------
    shown, computed : int
        Numbers shown, each read back; numbers of the register with a formula, each computed again.
    relations : int
        Relations between the edition's printed cells that were checked.
    findings : tuple of Finding
        The most important first.
    """

    shown: int
    computed: int
    relations: int
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> list[Finding]:
        """Contradictions that nobody has accounted for: they stop a build."""
        return [item for item in self.findings if item.stops]

    def record(self) -> dict[str, Any]:
        """Return the manifest's part: counts, and each finding with its id."""
        fields = ("id", "kind", "where", "printed", "verdict", "explanation", "handled")
        return {
            "shown": self.shown,
            "computed": self.computed,
            "relations": self.relations,
            "findings": [{field: getattr(item, field) for field in fields} for item in self.findings],
        }


def inspect(
    ledger: dict[str, Any], chapters: tuple[ChapterPage, ...], output: Path, tables: TableAudit
) -> Inspection:
    """Hold a finished but unpublished report against itself.

    Parameters
    ----------
    ledger : dict
        The number register; see `make_ledger`.
    output : Path
        The folder of the new report, with its pages, workbook and data package.
    tables : TableAudit
        The audit of the edition's printed tables, whose findings are the report's too.
    """
    numbers = ledger["numbers"]
    shown = list(showings(chapters))
    found = [
        *wrong_texts(shown, numbers),
        *several_numbers(shown, numbers),
        *two_values(chapters),
        *wrong_numbers(numbers),
        *wrong_workbook(chapters, output / f"{ledger['report']}.xlsx"),
        *wrong_package(chapters, output / "data"),
        *wrong_pages(chapters, shown, output / "html"),
        *contradicting_words(ledger["sentences"], numbers),
        *tables.findings,
    ]
    computed = sum("formula" in entry["exact"] for entry in numbers.values())
    return Inspection(len(shown), computed, sum(tables.counts.values()), tuple(by_importance(found)))


def refuse(inspection: Inspection) -> None:
    """Stop a report that contradicts itself.

    Raises
    ------
    KontrollFeil
        If there is a contradiction that nobody has accounted for; names the first few.
    """
    errors = inspection.errors
    if not errors:
        return
    count = "en selvmotsigelse" if len(errors) == 1 else f"{len(errors)} selvmotsigelser"
    named = "; ".join(f"{item.where}: {item.explanation.rstrip('.')}" for item in errors[:NAMED])
    more = f"; og {len(errors) - NAMED} til" if len(errors) > NAMED else ""
    raise KontrollFeil(
        f"kontrollen fant {count}: {named}{more}",
        hint="Den forrige rapporten står urørt. Rett tallet, eller gjør rede for det i corrections.yml "
        "eller audit.yml i utgaven.",
    )
