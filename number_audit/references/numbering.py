"""Numbers of tables, figures and chapters: used twice, or never mentioned.

The table of contents against the headings: titles that differ, entries and chapters that are missing.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence

from number_audit.document import Caption, Document, Heading, TargetKind
from number_audit.findings import Finding, at_line
from number_audit.language.words import shared
from number_audit.references.cross_references import CrossReference
from number_audit.references.targets import Targets, words_of


def check_numbering(document: Document, found: Sequence[CrossReference], targets: Targets) -> list[Finding]:
    """Return numbers that stand on two targets, and what no text mentions."""
    return [*_duplicates(document, found, targets), *_unmentioned(document, found)]


def _duplicates(document: Document, found: Sequence[CrossReference], targets: Targets) -> list[Finding]:
    places: dict[str, list[Caption]] = defaultdict(list)
    for caption in document.captions:
        places[f"{caption.kind} {caption.number}"].append(caption)
    findings = [
        at_line(
            "duplicate_number",
            captions[1].line,
            name,
            f"{name.capitalize()} står {len(captions)} ganger: linje {_lines(captions)}. "
            f"{_meant(name, found, targets)}".strip(),
            sure=0.95,
            cells=tuple(f"linje {caption.line} = {caption.text}" for caption in captions),
            cause=f"nummeret {name} er brukt to ganger",
        )
        for name, captions in places.items()
        if len(captions) > 1
    ]
    chapters: dict[str, list[Heading]] = defaultdict(list)
    for heading in document.headings:
        if heading.number:
            chapters[heading.number].append(heading)
    return findings + [
        at_line(
            "duplicate_number",
            headings[1].line,
            f"kapittel {number}",
            f"Kapittel {number} står {len(headings)} ganger: "
            + " og ".join(f"«{heading.title}» (linje {heading.line})" for heading in headings)
            + ".",
            cells=tuple(f"linje {heading.line} = {heading.title}" for heading in headings),
        )
        for number, headings in chapters.items()
        if len(headings) > 1
    ]


def _lines(captions: Sequence[Caption]) -> str:
    return " og ".join(str(caption.line) for caption in captions)


def _meant(name: str, found: Sequence[CrossReference], targets: Targets) -> str:
    """Return which of two targets each reference is about, where its words tell."""
    told = []
    for mention in found:
        if mention.name != name:
            continue
        words = words_of(mention.paragraph)
        ranked = sorted(
            targets.of(mention.kind, mention.number), key=lambda target: targets.fit(words, target)
        )
        if shared(words, ranked[-1].words) and targets.fit(words, ranked[-1]) > targets.fit(words, ranked[0]):
            told.append(
                f"Henvisningen på linje {mention.line} gjelder trolig den på linje {ranked[-1].line}."
            )
        if len(told) == 3:
            break
    return " ".join(told)


def _unmentioned(document: Document, found: Sequence[CrossReference]) -> list[Finding]:
    """Return a finding a kind, with all that no text mentions; «tabellen» counts for those of its section."""
    named = {mention.name for mention in found}
    findings = []
    for kind in (TargetKind.TABLE, TargetKind.FIGURE):
        spoken = {
            part.section
            for part in document.paragraphs
            if re.search(rf"\b{kind}(?:en|ene)\b|\b{kind}\s+med\b", part.text, re.IGNORECASE)
        }
        captions = [caption for caption in document.captions if caption.kind == kind]
        silent = [
            caption
            for caption in captions
            if f"{kind} {caption.number}" not in named and _section(document, caption.line) not in spoken
        ]
        if silent and len(silent) < len(captions):
            plural = {TargetKind.TABLE: "tabeller", TargetKind.FIGURE: "figurer"}[kind]
            names = ", ".join(caption.number for caption in silent)
            text = f"{len(silent)} av {len(captions)} {plural} er ikke nevnt med nummer i teksten: {names}."
            cells = tuple(f"linje {caption.line} = {kind} {caption.number}" for caption in silent)
            findings.append(
                at_line(
                    "never_mentioned",
                    silent[0].line,
                    f"{kind} {silent[0].number}",
                    text,
                    sure=0.5,
                    cells=cells,
                )
            )
    return findings


def _section(document: Document, line: int) -> str:
    """Return the number of the numbered heading that a line stands under."""
    headings = [heading for heading in document.headings if heading.number]
    place = bisect_right([heading.line for heading in headings], line)
    return headings[place - 1].number if place else ""


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
            findings.append(at_line("contents", entry.line, entry.number, text, sure=0.6))
        elif _letters(entry.title) != _letters(heading.title):
            text = f"Overskriften er «{heading.title}» i teksten og «{entry.title}» i innholdsfortegnelsen."
            cells = (f"linje {entry.line} = {entry.title}", f"linje {heading.line} = {heading.title}")
            findings.append(at_line("contents", heading.line, heading.title, text, sure=0.85, cells=cells))
    depth = max(entry.number.count(".") for entry in entries)
    listed = {entry.number for entry in entries}
    return findings + [
        at_line(
            "contents", heading.line, number, f"Kapittel {number} mangler i innholdsfortegnelsen.", sure=0.7
        )
        for number, heading in headings.items()
        if number not in listed and number.count(".") <= depth
    ]


def _letters(title: str) -> str:
    return re.sub(r"[\W_]+", "", title).lower()
