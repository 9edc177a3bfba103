"""One audit: of an edition's own data, or of any report's text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from analysis_lib.audit.document import Skipped
from analysis_lib.audit.findings import Finding, Verdict
from analysis_lib.audit.tables import audit_edition_tables


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
    skipped : tuple of Skipped
    """

    subject: str
    cells: int
    counts: Mapping[str, Mapping[Verdict, int]]
    findings: tuple[Finding, ...]
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


def _counts(counts: Mapping[tuple[str, Verdict], int]) -> dict[str, Counter[Verdict]]:
    by_kind: dict[str, Counter[Verdict]] = {}
    for (kind, verdict), count in counts.items():
        by_kind.setdefault(kind, Counter())[verdict] += count
    return by_kind
