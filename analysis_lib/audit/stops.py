"""What stops an audit and a build: one rule for both.

A contradiction stops. An edition has files for reasons (`corrections.yml`, `audit.yml`), so there a doubtful
finding needs one too, and a reason must be of something.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from analysis_lib.audit.findings import Finding, Verdict, by_importance
from analysis_lib.errors import KontrollFeil, nearest

NAMED = 5
MEND = "Rett tallet, eller skriv en grunn i audit.yml under denne id-en:"


def refuse(what: str, stopping: Sequence[str], *, where: str = "") -> None:
    """Stop what must not be published.

    Parameters
    ----------
    what : str
        What has been stopped, for the reader.
    stopping : sequence of str
        From `of_edition` and `of_text`; nothing stops where it is empty.

    Raises
    ------
    KontrollFeil
        With all of it, a paragraph a kind.
    """
    if stopping:
        raise KontrollFeil("\n".join([what, *stopping]), where=where)


def of_edition(findings: Iterable[Finding], unused: Iterable[str]) -> list[str]:
    """Return what stops an edition: contradictions, doubtful findings, and reasons that fit no finding.

    Parameters
    ----------
    findings : iterable of Finding
        Those that somebody has accounted for are marked.
    unused : iterable of str
        The ids in ``audit.yml`` that fit no finding.
    """
    found = by_importance(findings)
    lacking = [finding for finding in found if not finding.handled]
    # A reason that has lost its finding most likely belongs to one that lacks a reason.
    ids = [finding.id for finding in lacking or found]
    return [
        *_paragraph("motsigelse", "motsigelser", MEND, _of(lacking, Verdict.CONTRADICTION)),
        *_paragraph("tvilsomt funn", "tvilsomme funn", MEND, _of(lacking, Verdict.DOUBTFUL)),
        *_paragraph(
            "grunn i audit.yml passer ikke til noe funn",
            "grunner i audit.yml passer ikke til noe funn",
            "Fjern den, eller sett inn id-en til funnet som den gjelder:",
            [f"{name}: {nearest(name, ids)}" for name in unused],
        ),
    ]


def of_text(findings: Iterable[Finding], mend: str) -> list[str]:
    """Return what stops a text that has no file for reasons: its contradictions, and what to do."""
    return _paragraph("motsigelse", "motsigelser", mend, _of(by_importance(findings), Verdict.CONTRADICTION))


def _of(findings: Iterable[Finding], verdict: Verdict) -> list[str]:
    return [
        f"{finding.id}: {finding.where}: {finding.explanation}"
        for finding in findings
        if finding.verdict is verdict
    ]


def _paragraph(one: str, several: str, mend: str, lines: Sequence[str]) -> list[str]:
    """Return how many there are, what to do, and the first few; nothing where there are none."""
    if not lines:
        return []
    head = f"{len(lines)} {one if len(lines) == 1 else several}. {mend}"
    more = [f"  … og {len(lines) - NAMED} til"] if len(lines) > NAMED else []
    return ["\n".join([head, *(f"  {line}" for line in lines[:NAMED]), *more])]
