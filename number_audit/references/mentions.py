"""The references of a text: «tabell 8.4 og 8.5», «kapittel 19 om …», «beskrevet i 6.2.3»."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from analysis_lib.data.norwegian import sentences
from number_audit.document import Document, TargetKind

# «figur 1–999» is no list of figures.
MOST_BETWEEN = 50
# How much of a sentence around a reference tells what it is about.
_AROUND = 500
_KINDS = {
    "tabell": TargetKind.TABLE,
    "figur": TargetKind.FIGURE,
    "kap": TargetKind.CHAPTER,
    "avsnitt": TargetKind.CHAPTER,
    "delkap": TargetKind.CHAPTER,
}
_NUMBER = r"[A-Z]?\d{1,3}(?:\.\d{1,2}){0,5}(?:\.[A-Z](?![a-zæøå])|[a-z](?![a-zæøå]))?(?![\d/])(?!,\d)"
_WORD = r"tabell(?:en|ene)?|figur(?:en|ene)?|(?:del)?kapitt?el|kapitlene|kap\.|avsnitt(?:ene)?"
_LIST = re.compile(
    rf"\b(?P<word>{_WORD})\s+(?P<numbers>{_NUMBER}(?:\s*(?:,|og|eller|til|–|-)\s*(?:(?:{_WORD})\s+)?{_NUMBER})*)",
    re.IGNORECASE,
)
_STEP = re.compile(
    rf"(?P<join>,|og|eller|til|–|-)?\s{{0,9}}(?:(?P<word>{_WORD})\s+)?(?P<number>{_NUMBER})", re.IGNORECASE
)
# «beskrevet i 6.2.3»: a number of three parts is a chapter even without the word.
_BARE = re.compile(
    r"\b(?:se|beskrevet i|omtalt i|jf\.?|jamfør|pkt\.?|punkt)\s+"
    r"(?P<number>\d{1,2}\.\d{1,2}\.\d{1,2})\b(?!\.\d)"
)
# Chapters of a law, or tables of another work, are not this report's.
_ELSEWHERE = re.compile(
    r"\s*(?:i|fra|hos)\s+(?:\w+\s+){0,3}?"
    r"(?:NOU|Meld|SSB|statistikkbanken|\w*(?:lov|forskrift|melding|rapport(?:en)? (?:for|fra))\w*)"
)
_LAW = re.compile(
    r"(?:(?:lov|forskrift)\w*,?\s*(?:§+\s*[\d-]+,?\s*)?"
    r"|(?:rapport|plan|melding|uttalelse|undersøkelse)(?:en)?(?:\s+(?:[^.;:]{0,50}\s)?\d{4}(?:[–-]\d{4})?)?,\s*)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class CrossReference:
    """One reference: kind of target, its number, where it stands, its sentence and paragraph.

    `before` and `after` are the sentence around it; `alone` where the sentence has no other.
    """

    kind: TargetKind
    number: str
    line: int
    section: str
    sentence: str
    paragraph: str
    before: str
    after: str
    alone: bool

    @property
    def name(self) -> str:
        """For the reader: «tabell 8.3»."""
        return f"{self.kind} {self.number}"


def cross_references(document: Document) -> list[CrossReference]:
    """Return every reference of a document's prose, notes and footnotes, in order."""
    texts = [(part.text, part.line, part.section) for part in (*document.paragraphs, *document.notes)]
    texts += [(note.text, note.line, "") for note in document.footnotes]
    found = [
        mention
        for text, line, section in texts
        for sentence in sentences(text)
        for mention in _of_sentence(sentence, text, line, section)
    ]
    return sorted(found, key=lambda mention: mention.line)


def _of_sentence(sentence: str, text: str, line: int, section: str) -> Iterator[CrossReference]:
    lists = list(_LIST.finditer(sentence))
    for match in lists:
        before, after = _around(sentence, match.start(), match.end())
        if _ELSEWHERE.match(after) or _LAW.search(before[-90:]):
            continue
        targets = list(_targets(match["word"], match["numbers"]))
        for kind, number in targets:
            alone = len(lists) == len(targets) == 1
            yield CrossReference(kind, number, line, section, sentence, text, before, after, alone)
    for match in _BARE.finditer(sentence):
        before, after = _around(sentence, match.start("number"), match.end())
        yield CrossReference(
            TargetKind.CHAPTER, match["number"], line, section, sentence, text, before, after, not lists
        )


def _around(sentence: str, start: int, end: int) -> tuple[str, str]:
    return sentence[max(0, start - _AROUND) : start], sentence[end : end + _AROUND]


def _targets(word: str, numbers: str) -> Iterator[tuple[TargetKind, str]]:
    """Yield kind and number of each target of a list; «11.1–11.3» names those between too."""
    last = ""
    kind = _kind(word)
    for step in _STEP.finditer(numbers):
        kind = _kind(step["word"]) if step["word"] else kind
        number = step["number"]
        if last and not step["word"] and number.count(".") != last.count("."):
            continue  # «tabell 8.1 og 12 andre»
        if last and step["join"] in ("–", "-", "til"):
            yield from ((kind, between) for between in _between(last, number))
        yield kind, number
        last = number


def _between(first: str, last: str) -> Iterator[str]:
    *chapter, low = first.split(".")
    *same, high = last.split(".")
    near = low.isdecimal() and high.isdecimal() and int(high) - int(low) < MOST_BETWEEN
    if chapter == same and near:
        for number in range(int(low) + 1, int(high)):
            yield ".".join([*chapter, str(number)])


def _kind(word: str) -> TargetKind:
    return next(kind for start, kind in _KINDS.items() if word.lower().startswith(start))
