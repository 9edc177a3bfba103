"""One audit, of an edition's own data or of any report's text.

Of an edition every relation between printed cells is checked, and what contradicts is gathered by cause and
marked where a correction mends or keeps it, or `audit.yml` judges it. Of a text nothing is known but what it
prints: its tables, its claims, its references, and what stands at two places.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from analysis_lib.data.corrections import HEADER, Correction, read_corrections
from analysis_lib.data.files import Model, Text, read_entries
from analysis_lib.errors import DataFeil, ParameterFeil
from analysis_lib.indicators.edition import is_open
from number_audit.claims import CheckedClaim, check_claims, contradictions
from number_audit.claims.repeats import same_quantity
from number_audit.document import Document, Grid, Ref, Skipped
from number_audit.findings import (
    UNHANDLED,
    CheckKind,
    Finding,
    Handled,
    Judgement,
    Treatment,
    by_importance,
    of_edition,
    of_text,
    refuse,
)
from number_audit.reading.parse import read_document
from number_audit.references import check_references
from number_audit.relations.causes import Slip, slips
from number_audit.relations.declared import declared, families, finer
from number_audit.relations.guess import MOST_ROWS, guessed_web
from number_audit.relations.printed import FILE as FACT_RELATIONS
from number_audit.relations.printed import Printed, Texts, fact_equations, grid_of
from number_audit.relations.signs import sign_slips
from number_audit.relations.web import Web, weave

FILE = "audit.yml"


class AcceptedFinding(Model):
    """One entry of ``audit.yml``: a finding by its id, and why it may stand."""

    finding: str
    why: Text


def read_reasons(folder: Path) -> dict[str, str]:
    """Return what ``audit.yml`` says of each finding, by its id; a missing file has no reasons.

    Raises
    ------
    DataFeil
        If the file cannot be read, or a finding stands in it twice.
    """
    reasons: dict[str, str] = {}
    for place, entry in read_entries(AcceptedFinding, folder / FILE, "vurdering"):
        if entry.finding in reasons:
            raise DataFeil(f"funnet «{entry.finding}» står to ganger", where=place)
        reasons[entry.finding] = entry.why
    return reasons


def by_reasons(
    findings: Sequence[Finding], reasons: Mapping[str, str]
) -> tuple[list[Finding], tuple[str, ...]]:
    """Return the findings, those that are judged with their reason, and the ids that fit none."""
    marked = [
        replace(finding, handled=Handled(Treatment.ACCEPTED, reasons[finding.id]))
        if finding.id in reasons
        else finding
        for finding in findings
    ]
    known = {finding.id for finding in findings}
    return marked, tuple(name for name in reasons if name not in known)


def by_corrections(
    printed: Sequence[Slip], corrected: Sequence[Slip], grids: Mapping[str, Grid], folder: Path
) -> list[Finding]:
    """Return what the printed tables contradict, marked where a correction mends or keeps it.

    A correction counts as mending a finding only if the finding is gone from the corrected tables.
    What the corrections themselves bring about is a finding too.
    """
    corrections = {key: read_corrections(folder / "corrections.yml", key).reasons for key in grids}
    left = {slip.refs[0] for slip in corrected}
    found = [
        replace(slip.finding, handled=_handled(slip, slip.refs[0] in left, corrections, grids))
        for slip in printed
    ]
    before = {
        slip.refs[0]
        for slip in printed
        if slip.finding.kind not in (CheckKind.SHIFT, CheckKind.HEADER, CheckKind.UNREADABLE)
    }
    return [*found, *(slip.finding for slip in corrected if slip.refs[0] not in before)]


def _handled(
    slip: Slip,
    still_there: bool,
    corrections: Mapping[str, Mapping[tuple[str, str], Correction]],
    grids: Mapping[str, Grid],
) -> Handled:
    """Return what a correction says of a finding; a kept cell must be the result or the slip itself."""
    cells = [(ref.grid, _keys(grids, ref)) for ref in slip.refs]
    cells += [(key, (HEADER, grids[key].columns[column].key)) for key, column in slip.headers]
    for number, (key, cell) in enumerate(cells):
        entry = corrections.get(key, {}).get(cell)
        if entry is None:
            continue
        if entry.keep and (number == 0 or slip.finding.kind == CheckKind.SAME):
            return Handled(Treatment.KEPT, entry.why)
        if not entry.keep and not still_there:
            return Handled(Treatment.MENDED, entry.why)
    return UNHANDLED


def _keys(grids: Mapping[str, Grid], ref: Ref) -> tuple[str, str]:
    grid = grids[ref.grid]
    return grid.rows[ref.row].key, grid.columns[ref.column].key


@dataclass(frozen=True)
class Audit:
    """What was looked at, and what was found.

    Attributes
    ----------
    subject : str
        «Utgave 2025», or the name of a file.
    cells : int
        Numbers in the tables that were read.
    counts : mapping from kind to Counter of Judgement
        Every check that was made, those that hold included.
    findings : tuple of Finding
        By what they change for the reader.
    claims : tuple of CheckedClaim
        Statements in the text, checked or not.
    skipped : tuple of Skipped
    unused : tuple of str
        The ids in ``audit.yml`` that fit no finding.
    stopping : tuple of str
        What must not be published; see `number_audit.findings`.
    """

    subject: str
    cells: int = 0
    counts: Mapping[str, Counter[Judgement]] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    claims: tuple[CheckedClaim, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    unused: tuple[str, ...] = ()
    stopping: tuple[str, ...] = ()

    def refuse(self) -> None:
        """Stop a scheduled build.

        Raises
        ------
        KontrollFeil
            If anything must not be published.
        """
        refuse("kontrollen fant det som ingen har gjort rede for", self.stopping, where=self.subject)


def edition_web(folder: Path, *, corrected: bool = False) -> Web:
    """Return the tables and the text's numbers of an edition, with every relation that is declared."""
    edition, texts = Printed(folder, corrected=corrected), Texts(folder)
    equations = [*declared(edition), *fact_equations(edition, texts, folder / FACT_RELATIONS)]
    hidden = families(edition)
    keys = [*edition.keys, *sorted(filter(is_open, edition.known))]
    web = weave([*(grid_of(edition.table(key)) for key in keys), *texts.grids()], equations, hidden)
    return web.with_given([*equations, *finer(equations, web.cells)])


def audit_edition(folder: Path) -> Audit:
    """Audit the tables of an edition, and the numbers of its text, as printed.

    Parameters
    ----------
    folder : Path
        ``data/published/2025``: descriptors and CSV files in ``tabeller``, ``corrections.yml``
        (what is mended or kept) and ``audit.yml`` (what may stand).

    Raises
    ------
    DataFeil
        If a table, a descriptor, a correction or a reason cannot be read.
    """
    # What cannot be read is said before anything is computed.
    reasons = read_reasons(folder)
    printed, corrected = edition_web(folder), edition_web(folder, corrected=True)
    before = [*slips(printed), *sign_slips(printed)]
    mended = (corrected.cells, corrected.grids) != (printed.cells, printed.grids)
    after = [*slips(corrected), *sign_slips(corrected)] if mended else before
    found, unused = by_reasons(by_corrections(before, after, printed.grids, folder), reasons)
    stopping = tuple(of_edition(found, unused))
    return replace(_audit(f"Utgave {folder.name}", printed, found), unused=unused, stopping=stopping)


def audit_grids(grids: Sequence[Grid], subject: str = "") -> Audit:
    """Audit tables of which nothing is known but what they print."""
    web = guessed_web(grids)
    return _audit(subject, web, [slip.finding for slip in slips(web)])


def _audit(subject: str, web: Web, findings: Sequence[Finding]) -> Audit:
    counts: dict[str, Counter[Judgement]] = {}
    for outcome in web.outcomes(web.equations):
        counts.setdefault(outcome.equation.kind, Counter())[outcome.verdict] += 1
    numbers = sum(cell.number is not None for cell in web.cells.values())
    return Audit(subject, numbers, counts, tuple(by_importance(findings)))


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
    tables = audit_grids(document.grids, document.file)
    claims = check_claims(document, document.grids)
    prose = [
        *contradictions(claims),
        *same_quantity(document, document.grids),
        *check_references(document),
    ]
    counts = dict(tables.counts)
    for finding in prose:
        counts.setdefault(finding.kind, Counter())[finding.verdict] += 1
    findings = by_importance([*tables.findings, *prose])
    return replace(
        tables,
        counts=counts,
        findings=tuple(findings),
        claims=tuple(claims),
        skipped=(*document.skipped, *_too_long(document.grids)),
        stopping=tuple(of_text(findings, "Alle står i findings.csv:")),
    )


def _too_long(grids: Iterable[Grid]) -> Iterator[Skipped]:
    """Yield the tables that no relations were sought in."""
    for grid in grids:
        if len(grid.rows) > MOST_ROWS:
            why = f"{len(grid.rows)} rader; sammenhenger søkes i tabeller med inntil {MOST_ROWS}"
            yield Skipped(grid.line, f"tabell {grid.key}", why)


FINDING_FIELDS = (
    "id", "kind", "where", "cells", "printed", "low", "high", "verdict", "explanation", "confidence", "cause",
    "handled",
)  # fmt: skip
CLAIM_FIELDS = ("place", "statement", "printed", "computed", "verdict", "cells", "why")
VERDICTS = {
    Judgement.CONTRADICTION: "motsigelser",
    Judgement.DOUBTFUL: "tvilsomme",
    Judgement.EXPLAINED: "forklart av avrunding",
    Judgement.HOLDS: "stemmer",
}
SHOWN = 20


def write(audit: Audit, folder: Path) -> list[Path]:
    """Write ``findings.csv``, ``claims.csv`` and ``audit.json``; return their paths.

    Raises
    ------
    ParameterFeil
        If the folder is a file.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise ParameterFeil(f"{folder} er en fil, ikke en mappe", where="--out") from None
    findings = [_finding(finding) for finding in audit.findings]
    claims = [{field: _text(getattr(claim, field)) for field in CLAIM_FIELDS} for claim in audit.claims]
    _csv(folder / "findings.csv", FINDING_FIELDS, findings)
    _csv(folder / "claims.csv", CLAIM_FIELDS, claims)
    content = {
        "subject": audit.subject,
        "counts": {kind: dict(verdicts) for kind, verdicts in audit.counts.items()},
        "cells": audit.cells,
        "findings": findings,
        "claims": claims,
        "skipped": [{"line": item.line, "what": item.what, "why": item.why} for item in audit.skipped],
    }
    path = folder / "audit.json"
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return [folder / "findings.csv", folder / "claims.csv", path]


def summary(audit: Audit) -> Iterator[str]:
    """Yield the lines of a summary: counts by kind and verdict, then the findings that matter most."""
    yield f"{audit.subject}: {audit.cells} tall kontrollert"
    yield f"{'kontroll':<22}" + "".join(f"{label:>24}" for label in VERDICTS.values())
    for kind, verdicts in sorted(audit.counts.items()):
        yield f"{kind:<22}" + "".join(f"{verdicts.get(verdict, 0):>24}" for verdict in VERDICTS)
    if audit.claims:
        found = Counter(claim.verdict for claim in audit.claims)
        yield "påstander i teksten: " + ", ".join(f"{count} {verdict}" for verdict, count in found.items())
    for number, finding in enumerate(audit.findings[:SHOWN], start=1):
        yield f"{number:>3}. {finding.id} [{finding.verdict}] {finding.where}: {finding.explanation}" + (
            f" ({finding.handled})" if finding.handled else ""
        )
    if len(audit.findings) > SHOWN:
        yield f"     … og {len(audit.findings) - SHOWN} til"
    for item in audit.skipped[:SHOWN]:
        yield f"  hoppet over linje {item.line}: {item.what} ({item.why})"
    if len(audit.skipped) > SHOWN:
        yield f"  … og {len(audit.skipped) - SHOWN} steder til"


def _finding(finding: Finding) -> dict[str, str]:
    return {field: _text(getattr(finding, field)) for field in FINDING_FIELDS}


def _text(value: Any) -> str:
    """Return a field as it stands in a file: lists joined, fractions as decimals with a comma."""
    if isinstance(value, Fraction | float):
        return f"{float(value):.10g}".replace(".", ",")
    if isinstance(value, tuple | list):
        return " | ".join(str(item) for item in value)
    return "" if value is None else str(value)


def _csv(path: Path, fields: Iterable[str], records: Iterable[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(fields), delimiter=";")
        writer.writeheader()
        writer.writerows(records)
