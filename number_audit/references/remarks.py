"""What an editor left behind: empty references, remarks, doubled words, a parenthesis never closed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analysis_lib.data.norwegian import sentences
from number_audit.document import Document
from number_audit.findings import Finding
from number_audit.references.mentions import slip

_EMPTY = re.compile(
    r"(?:^|[,;(.]\s*)[Ss]e(?:\s+også)?\s*(?=[.,;)])"
    r"|\b(?:[Ss]e|omtale i|omtalt i|beskrevet i|vist i|framgår av|fremgår av|jf\.?|jamfør)\s+(?:også\s+)?"
    r"(?:tabell|figur|(?:del)?kapittel|kap\.?|avsnitt|fotnote|vedlegg)\s*(?=[.,;)](?!\s*\d))"
)
_BROKEN = re.compile(
    r"Error!\s*(?:Reference|Bookmark)[^.]*|Feil!\s*(?:Fant ikke|Bokmerke|Ukjent)[^.]*", re.IGNORECASE
)
_REMARK = re.compile(
    r"\b(?:skal slettes|slettes før|sett inn|settes inn her|må oppdateres|må sjekkes|til intern bruk"
    r"|sjekk (?:tall|kilde|dette|opp|med)|fylles (?:inn|ut) (?:senere|her)|kommer senere)\b"
    r"|\[\s*(?:\.\.\.|…|sett|kommentar|sjekk|obs|nb|todo|tbd|husk|skal|må|usikker|tall|kilde|navn|dato|xx?)\b[^\]]*\]"
    r"|\(\s*(?:kommentar|sjekk|todo|tbd|husk å|obs!)\b[^)]*\)"
    r"|\b(?:TBD|TODO|FIXME|XX+|Lorem ipsum)\b|\?\?+|(?:^|\s)(?:Kommentar|NB!|OBS!)\s*:",
)
# Words that may well stand twice: «det det gjelder», «i i dag».
_MAY_REPEAT = frozenset(
    re.findall(
        r"\w+",
        "det den de der er har var i på om til som at av med for seg så ikke ut inn opp over når hvor da ha",
    )
)
_DOUBLE = re.compile(r"\b([^\W\d_]+(?: [^\W\d_]+){0,3}) \1\b")
_TRIPLE = re.compile(r"\b[^\W\d_]{0,40}?([a-zæøå])\1\1[^\W\d_]{0,40}\b")
_STOPS = re.compile(r"(?<=[a-zæøå\d)])(?:\.\.(?=\s|$)|,,)")
_ADDRESS = re.compile(r"(?:https?:|www\.)\S*")
_LONG = 12


def check_remarks(document: Document) -> list[Finding]:
    """Return what should have been taken out or finished before the report was published."""
    findings = []
    for text, line in _texts(document):
        findings += [
            slip("empty_reference", line, match[0].strip(" ,;(."), "Henvisningen er tom: den sier ikke hvor.")
            for match in _EMPTY.finditer(text)
        ]
        findings += [
            slip("empty_reference", line, match[0], "Henvisningen er brutt i tekstbehandleren.", sure=0.98)
            for match in _BROKEN.finditer(text)
        ]
        findings += [
            slip(
                "editors_remark",
                line,
                match[0].strip(),
                f"«{_around(text, match)}» ser ut som en merknad fra arbeidet.",
            )
            for match in _REMARK.finditer(text)
        ]
        findings += [slip("typography", line, found, why, sure=0.85) for found, why in _typography(text)]
    findings += [
        slip(
            "typography",
            part.line,
            _around(part.text, match),
            "En parentes er åpnet og ikke lukket.",
            sure=0.7,
        )
        for part in document.paragraphs
        if (match := _unclosed(part.text))
    ]
    return [*findings, *_repeated(document)]


def _texts(document: Document) -> Iterator[tuple[str, int]]:
    for part in (*document.paragraphs, *document.notes):
        yield part.text, part.line
    for note in document.footnotes:
        yield note.text, note.line
    for heading in document.headings:
        yield heading.title, heading.line
    for caption in document.captions:
        yield caption.text, caption.line
    for grid in document.grids:
        for column in grid.columns:
            yield f"{column.group} {column.header}".strip(), grid.line
        for row in grid.rows:
            yield row.label, row.line


def _typography(text: str) -> Iterator[tuple[str, str]]:
    text = _ADDRESS.sub("", text)
    for match in _DOUBLE.finditer(text):
        if match[1].lower() not in _MAY_REPEAT and re.match(r"[a-zæøå]{2}|å ", match[1]):
            yield match[0], "Ordet står to ganger."
    for match in _TRIPLE.finditer(text):
        yield match[0], "Tre like bokstaver etter hverandre finnes ikke på norsk."
    for match in _STOPS.finditer(text):
        yield _around(text, match), "Tegnet er satt feil."


def _unclosed(text: str) -> re.Match[str] | None:
    """Return the parenthesis that a paragraph opens and does not close; «a)» and «1)» open none."""
    opened: list[re.Match[str]] = []
    for match in re.finditer(r"[()]", text):
        if match[0] == "(":
            opened.append(match)
        elif opened:
            opened.pop()
    return opened[0] if opened else None


def _repeated(document: Document) -> list[Finding]:
    """Return the long sentences that stand twice in one chapter."""
    seen: dict[tuple[str, str], int] = {}
    findings = []
    for part in document.paragraphs:
        chapter = part.section.partition(".")[0]
        for sentence in sentences(part.text):
            place = (chapter, sentence)
            if chapter and len(sentence.split()) >= _LONG and place in seen:
                text = f"Setningen står også på linje {seen[place]}."
                findings.append(slip("repeated_text", part.line, f"{sentence[:60]}…", text, sure=0.7))
            seen.setdefault(place, part.line)
    return findings


def _around(text: str, match: re.Match[str]) -> str:
    return " ".join(text[max(0, match.start() - 25) : match.end() + 25].split())
