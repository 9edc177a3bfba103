"""The table of contents against the headings: titles that differ, entries and chapters that are missing."""

from __future__ import annotations

import re

from analysis_lib.audit.document import Document
from analysis_lib.audit.findings import Finding
from analysis_lib.audit.references.kinds import slip


def check_contents(document: Document) -> list[Finding]:
    """Return what the table of contents promises and the headings do not hold."""
    entries = [entry for entry in document.contents if entry.number]
    headings = {heading.number: heading for heading in document.headings if heading.number}
    if len(entries) < 3 or not headings:
        return []
    findings = []
    for entry in entries:
        heading = headings.get(entry.number)
        if heading is None:
            text = f"Innholdsfortegnelsen har {entry.number} «{entry.title}», som ikke finnes i teksten."
            findings.append(slip("contents", entry.line, entry.number, text, sure=0.6))
        elif _plain(entry.title) != _plain(heading.title):
            text = f"Overskriften er «{heading.title}» i teksten og «{entry.title}» i innholdsfortegnelsen."
            cells = (f"linje {entry.line} = {entry.title}", f"linje {heading.line} = {heading.title}")
            findings.append(slip("contents", heading.line, heading.title, text, sure=0.85, cells=cells))
    depth = max(entry.number.count(".") for entry in entries)
    listed = {entry.number for entry in entries}
    return findings + [
        slip("contents", heading.line, number, f"Kapittel {number} mangler i innholdsfortegnelsen.", sure=0.7)
        for number, heading in headings.items()
        if number not in listed and number.count(".") <= depth
    ]


def _plain(title: str) -> str:
    return re.sub(r"[\W_]+", "", title).lower()
