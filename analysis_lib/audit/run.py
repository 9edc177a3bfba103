"""One audit: of an edition's own data, or of any report's text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from analysis_lib.audit.claims import Claim, check_claims, contradictions
from analysis_lib.audit.claims.places import same_quantity
from analysis_lib.audit.document import Document, Skipped
from analysis_lib.audit.findings import Finding, Verdict, by_importance
from analysis_lib.audit.references import check_references
from analysis_lib.audit.stops import of_edition, of_text, refuse
from analysis_lib.audit.tables import audit_edition_tables, audit_grids
from analysis_lib.audit.text.reading import read_document

Counts = dict[str, Counter[Verdict]]


@dataclass(frozen=True)
class Audit:
    """What was looked at, and what was found.

    Attributes
    ----------
    subject : str
        «Utgave 2025», or the name of a file.
    cells : int
        Numbers in the tables that were read.
    counts : mapping from kind to Counter of Verdict
        Every check that was made, those that hold included.
    findings : tuple of Finding
        By what they change for the reader.
    claims : tuple of Claim
        Statements in the text, checked or not.
    skipped : tuple of Skipped
    stopping : tuple of str
        What must not be published; see `analysis_lib.audit.stops`.
    """

    subject: str
    cells: int
    counts: Mapping[str, Counter[Verdict]]
    findings: tuple[Finding, ...]
    claims: tuple[Claim, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    stopping: tuple[str, ...] = ()

    def refuse(self) -> None:
        """Stop a scheduled build.

        Raises
        ------
        KontrollFeil
            If anything must not be published.
        """
        refuse("kontrollen fant det som ingen har gjort rede for", self.stopping, where=self.subject)


def audit_edition(folder: Path) -> Audit:
    """Audit the tables of an edition, and the numbers of its text, as printed.

    Parameters
    ----------
    folder : Path
        ``data/published/2025``.

    Raises
    ------
    DataFeil
        If a table, a descriptor, a correction or a reason cannot be read.
    """
    tables = audit_edition_tables(folder)
    return Audit(
        f"Utgave {folder.name}",
        tables.cells,
        _by_kind(tables.counts),
        tuple(tables.findings),
        stopping=tuple(of_edition(tables.findings, tables.unused)),
    )


def audit_text(path: Path) -> Audit:
    """Audit a report of which nothing is known but its text.

    Parameters
    ----------
    path : Path
        Text, PDF or HTML; see `read_document`.

    Raises
    ------
    DataFeil
        If the file cannot be read.
    """
    return audit_document(read_document(path))


def audit_document(document: Document) -> Audit:
    """Audit a document: its tables, its claims, its references, and what stands at two places."""
    tables = audit_grids(document.grids)
    claims = check_claims(document, document.grids)
    prose = [
        *contradictions(claims),
        *same_quantity(document, document.grids),
        *check_references(document),
    ]
    counts = _by_kind(tables.counts)
    for finding in prose:
        counts.setdefault(finding.kind, Counter())[finding.verdict] += 1
    findings = by_importance([*tables.findings, *prose])
    stopping = of_text(findings, "Alle står i findings.csv:")
    return Audit(
        document.file,
        tables.cells,
        counts,
        tuple(findings),
        tuple(claims),
        document.skipped,
        tuple(stopping),
    )


def _by_kind(counts: Mapping[tuple[str, Verdict], int]) -> Counts:
    found: Counts = {}
    for (kind, verdict), count in counts.items():
        found.setdefault(kind, Counter())[verdict] += count
    return found
