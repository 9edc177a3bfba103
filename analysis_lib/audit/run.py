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
