"""What an audit leaves behind: two CSV files, one JSON file, and a summary for the terminal."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

from analysis_lib.errors import ParameterFeil
from number_audit.audit import Audit
from number_audit.findings import Finding, Judgement

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
