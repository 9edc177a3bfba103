"""One audit: of an edition's own data, or of any report's text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis_lib.audit.document import Skipped
from analysis_lib.audit.findings import Finding, Verdict

if TYPE_CHECKING:
    from analysis_lib.audit.claims.check import Claim


@dataclass(frozen=True)
class Audit:
    """What was looked at, and what was found.

    Attributes
    ----------
    subject : str
        «Utgave 2025», or the name of a file.
    cells : int
        Numbers in the tables that were read.
    counts : mapping from kind to mapping from Verdict to int
        Every check that was made, those that hold included.
    findings : tuple of Finding
        By what they change for the reader.
    claims : tuple of Claim
        Statements in the text, checked or not.
    skipped : tuple of Skipped
    """

    subject: str
    cells: int
    counts: Mapping[str, Mapping[Verdict, int]]
    findings: tuple[Finding, ...]
    claims: tuple[Claim, ...] = ()
    skipped: tuple[Skipped, ...] = ()

    @property
    def open(self) -> tuple[Finding, ...]:
        """The findings that no correction mends and no reason covers."""
        return tuple(finding for finding in self.findings if not finding.handled)

    @property
    def contradictions(self) -> tuple[Finding, ...]:
        """The open findings that stop a scheduled build."""
        return tuple(finding for finding in self.open if finding.verdict is Verdict.CONTRADICTION)


def audit_edition(folder: Path) -> Audit:
    """Audit the tables of an edition, and the numbers of its text, as printed.

    Parameters
    ----------
    folder : Path
        ``data/published/2025``.

    Raises
    ------
    DataFeil
        If a table, a descriptor, a correction or a reason cannot be read or fits nothing.
    """
    tables = audit_edition_tables(folder)
    return Audit(f"Utgave {folder.name}", tables.cells, _counts(tables.counts), tuple(tables.findings))


def audit_text(path: Path) -> Audit:
    """Audit a report of which nothing is known but its text.

    Parameters
    ----------
    path : Path
        Text, PDF or HTML; see `analysis_lib.audit.text.read_document`.

    Raises
    ------
    DataFeil
        If the file cannot be read.
    """
    document = read_document(path)
    tables = audit_grids(document.grids)
    claims = check_claims(document, document.grids)
    others = {
        "claim": contradictions(claims),
        "same_quantity": same_quantity(document, document.grids),
        "reference": check_references(document),
    }
    counts = _counts(tables.counts)
    for finding in (item for found in others.values() for item in found):
        counts.setdefault(finding.kind, Counter())[finding.verdict] += 1
    findings = by_importance([*tables.findings, *(item for found in others.values() for item in found)])
    return Audit(path.name, tables.cells, counts, tuple(findings), tuple(claims), document.skipped)


def _counts(counts: Mapping[tuple[str, Verdict], int]) -> dict[str, Counter[Verdict]]:
    by_kind: dict[str, Counter[Verdict]] = {}
    for (kind, verdict), count in counts.items():
        by_kind.setdefault(kind, Counter())[verdict] += count
    return by_kind
