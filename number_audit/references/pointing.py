"""What a reference points to: nothing, or something else than its sentence is about.

A reference that points to nothing is wrong. It is held against the words of its sentence, too: where another
target fits them far better than the one that is cited, it is doubtful.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from number_audit.document import Document, TargetKind
from number_audit.findings import CheckKind, Finding, at_line
from number_audit.reading.lines import chapter_of
from number_audit.references.mentions import CrossReference
from number_audit.references.targets import MOST_TARGETS, Target, Targets, words_of

_NEAR = 20
_CLAUSE = re.compile(r"[,;:.–]")


def check_pointing(document: Document, found: Sequence[CrossReference], targets: Targets) -> list[Finding]:
    """Return the references whose target is missing, and those whose topic is another.

    Kinds of target that a document does not have are another report's, and passed over; so are other
    chapters in a document that is a single one, and a chapter of which only sections are there.
    """
    listed = {entry.number for entry in document.contents}
    chapters = {chapter_of(target.number) for target in targets.all} - {0}
    existing: dict[tuple[str, str], list[CrossReference]] = defaultdict(list)
    for mention in found:
        if targets.of(mention.kind, mention.number):
            existing[mention.before, mention.after].append(mention)
    findings = []
    for mention in found:
        cited = targets.of(mention.kind, mention.number)
        if not cited and (
            len(targets.of(mention.kind)) < 2
            or (len(chapters) <= 1 and chapter_of(mention.number) not in {0, *chapters})
            or targets.has_below(mention.kind, mention.number)
        ):
            continue
        if not cited and not (mention.kind is TargetKind.CHAPTER and mention.number in listed):
            findings.append(_missing(mention, existing[mention.before, mention.after], targets))
        elif cited and (better := _better(mention, cited, targets)):
            findings.append(_elsewhere(mention, cited[0], better))
    return findings


def _missing(mention: CrossReference, existing: Sequence[CrossReference], targets: Targets) -> Finding:
    suggestion = _twin(mention, existing)
    if not suggestion:
        meant = _meant(mention, targets)
        if meant is not None:
            suggestion = f"Trolig menes {meant.name}: {meant.title[:90]}."
    last = targets.last_chapter(mention.kind)
    beyond = chapter_of(mention.number) > last
    return at_line(
        CheckKind.MISSING_TARGET,
        mention.line,
        mention.name,
        f"Henvisningen til {mention.name} peker ikke på noe. {suggestion}".strip(),
        sure=0.95,
        cause=f"henvisninger til kapitler etter {last}" if beyond else f"{mention.name} finnes ikke",
    )


def _meant(mention: CrossReference, targets: Targets) -> Target | None:
    """Return the target that a sentence is about; of a chapter it often gives the title."""
    chapter = mention.kind is TargetKind.CHAPTER
    named = words_of(" ".join(mention.after.split()[:9]) if chapter else _clause(mention))
    words = named | words_of(mention.paragraph) if chapter else named
    depth = mention.number.count(".")

    def ruled_out(target: Target) -> bool:
        beside = not chapter and f"{target.kind} {target.number}" in mention.paragraph.lower()
        apart = target.number.count(".") != depth or not targets.titled(named, target)
        return beside or apart or _own(mention, target)

    return targets.best(mention.kind, words, ruled_out)


def _twin(mention: CrossReference, existing: Sequence[CrossReference]) -> str:
    """Return a hint where the same sentence stands elsewhere with a number that exists."""
    for other in existing:
        if other.number != mention.number:
            return f"Den samme setningen viser til {other.name} på linje {other.line}."
    return ""


def _better(mention: CrossReference, cited: Sequence[Target], targets: Targets) -> Target | None:
    """Return the target that a sentence is about, where that is clearly not the one it cites."""
    if (
        not mention.alone
        or len(cited) > MOST_TARGETS
        or len(mention.sentence.split()) < 5
        or any(_beside(mention, target, targets) for target in cited)
    ):
        return None
    words = words_of(_clause(mention))
    if mention.kind is not TargetKind.CHAPTER or len(words) < 3:
        title = targets.titles.get(mention.section, "")
        words = words | words_of(f"{mention.paragraph} {title}")
    if any(targets.titled(words, target) for target in cited):
        return None
    best = targets.best(mention.kind, words, lambda target: target in cited or _own(mention, target))
    if best is None:
        return None
    fit, cited_fit = targets.fit(words, best), max(targets.fit(words, target) for target in cited)
    named = len(targets.titled(words, best))
    return best if (named >= 2 and fit >= 2 * cited_fit) or (named and fit >= 5 * cited_fit) else None


def _elsewhere(mention: CrossReference, cited: Target, better: Target) -> Finding:
    return at_line(
        CheckKind.WRONG_TOPIC,
        mention.line,
        mention.name,
        f"Setningen handler om noe annet enn {mention.name}, «{cited.title[:90]}». "
        f"{better.name.capitalize()} ligger nærmere: «{better.title[:90]}».",
        sure=0.6,
        cells=(f"linje {mention.line} = {mention.name}", f"linje {cited.line} = {cited.title}"),
    )


def _clause(mention: CrossReference) -> str:
    """Return what a reference is about: the words before its parenthesis, else the sentence."""
    opened = mention.before.find("(", mention.before.rfind(")") + 1)
    return mention.sentence if opened < 0 else _CLAUSE.split(mention.before[:opened])[-1]


def _beside(mention: CrossReference, target: Target, targets: Targets) -> bool:
    """Return whether a table or figure stands next to the text that mentions it."""
    if mention.kind is TargetKind.CHAPTER:
        return False
    near = abs(target.line - mention.line) <= _NEAR
    return near or target.line in targets.neighbours(target.kind, mention.line)


def _own(mention: CrossReference, target: Target) -> bool:
    """Return whether a chapter holds the mention itself: it would not point to itself."""
    inside = mention.section == target.number or mention.section.startswith(f"{target.number}.")
    return target.kind is TargetKind.CHAPTER and inside
