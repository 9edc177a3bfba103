"""What an editor left behind: empty references, remarks, doubled words, footnotes without marks.

A footnote may lack its text, its mark, or have two; so may the stars of a table and the notes under it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import chain

from analysis_lib.data.norwegian import SUPERSCRIPTS, sentences
from number_audit.document import Document, Grid, Passage
from number_audit.findings import CheckKind, Finding, at_line
from number_audit.reading.lines import DIGITS, RAISED

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
    for text, line in [*_texts(document), *((note.text, note.line) for note in document.footnotes)]:
        findings += [
            at_line(
                CheckKind.EMPTY_REFERENCE,
                line,
                match[0].strip(" ,;(."),
                "Henvisningen er tom: den sier ikke hvor.",
            )
            for match in _EMPTY.finditer(text)
        ]
        findings += [
            at_line(
                CheckKind.EMPTY_REFERENCE,
                line,
                match[0],
                "Henvisningen er brutt i tekstbehandleren.",
                sure=0.98,
            )
            for match in _BROKEN.finditer(text)
        ]
        findings += [
            at_line(
                CheckKind.EDITORS_REMARK,
                line,
                match[0].strip(),
                f"«{_around(text, match)}» ser ut som en merknad fra arbeidet.",
            )
            for match in _REMARK.finditer(text)
        ]
        findings += [
            at_line(CheckKind.TYPOGRAPHY, line, found, why, sure=0.85) for found, why in _typography(text)
        ]
    findings += [
        at_line(
            CheckKind.TYPOGRAPHY,
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
    """Yield every text but that of footnotes, with its line."""
    for part in (*document.paragraphs, *document.notes):
        yield part.text, part.line
    for heading in document.headings:
        yield heading.title, heading.line
    for caption in document.captions:
        yield caption.text, caption.line
    for grid in document.grids:
        for column in grid.columns:
            yield f"{column.said}{column.mark}".strip(), grid.line
        for row in grid.rows:
            yield f"{row.label}{row.mark}", row.line


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
                findings.append(
                    at_line(CheckKind.REPEATED_TEXT, part.line, f"{sentence[:60]}…", text, sure=0.7)
                )
            seen.setdefault(place, part.line)
    return findings


def _around(text: str, match: re.Match[str]) -> str:
    return " ".join(text[max(0, match.start() - 25) : match.end() + 25].split())


# «m²» and «10³» are no marks.
_MARK = re.compile(rf"(?<![\d\s{SUPERSCRIPTS}])(?<!\bm)(?<!\b[ckd]m)\s?({RAISED})")
_YEAR_MARK = re.compile(rf"(?<=\b(?:19|20)\d\d)({RAISED})")
_STARS = re.compile(r"(?<!\*)(\*{1,4})(?!\*)")
_ITALIC = re.compile(r"(?<![*\w])\*(?=\S)[^*]*[^*\s]\*(?![*\w)])")
_LISTED = re.compile(r"\b((?:19|20)\d\d):\s")


def check_footnotes(document: Document) -> list[Finding]:
    """Return the footnotes and notes that do not fit their marks."""
    return [*_numbered(document), *_starred(document), *_listed_twice(document)]


def _numbered(document: Document) -> list[Finding]:
    """Compare marks and footnotes; only where words have raised digits, which are nothing else.

    Behind a year alone they tell nothing: the footnotes of a PDF are known by plain digits elsewhere.
    """
    in_cells = (
        (cell.printed, row.line) for grid in document.grids for row in grid.rows for cell in row.cells
    )
    used: dict[str, list[int]] = defaultdict(list)
    behind_words = False
    for text, line in chain(_texts(document), in_cells):
        marks = _MARK.findall(text)
        behind_words = behind_words or bool(marks)
        for mark in (*marks, *_YEAR_MARK.findall(text)):
            used[mark.translate(DIGITS)].append(line)
    if not behind_words:
        return []
    told: dict[str, list[int]] = defaultdict(list)
    for note in document.footnotes:
        told[note.mark].append(note.line)
    return [
        *(_footnote(m, used[m][0], "er vist til, men har ingen tekst") for m in used if m not in told),
        *(
            _footnote(note.mark, note.line, "har en tekst, men ingen viser til den", sure=0.8)
            for note in document.footnotes
            if note.mark not in used
        ),
        *(
            _footnote(mark, line, f"er brukt på nytt etter fotnote {before}", sure=0.7)
            for mark, line, before in _reused(used)
            if mark in told
        ),
        *(
            _footnote(mark, lines[0], f"har {len(lines)} tekster")
            for mark, lines in told.items()
            if len(lines) > 1 and mark in used
        ),
    ]


def _footnote(mark: str, line: int, what: str, *, sure: float = 0.9) -> Finding:
    return at_line(CheckKind.FOOTNOTE, line, mark, f"Fotnote {mark} {what}.", sure=sure)


def _reused(used: dict[str, list[int]]) -> list[tuple[str, int, int]]:
    """Return marks used again after a higher one, with the line and that one; twice in a row may be meant."""
    order = sorted((line, int(mark), mark) for mark, lines in used.items() for line in lines)
    found = []
    highest = 0
    for line, number, mark in order:
        if number < highest and used[mark][0] != line:
            found.append((mark, line, highest))
        highest = max(highest, number)
    return found


def _starred(document: Document) -> list[Finding]:
    findings = []
    for grid in document.grids:
        name, marks = f"tabell {grid.number}", _marks(grid)
        told: dict[str, list[int]] = defaultdict(list)
        for note in _notes(document, grid) if marks else ():
            for mark in _STARS.findall(_ITALIC.sub("", note.text)):
                told[mark].append(note.line)
        slips = [
            (line, mark, f"Merket {mark} i {name} har ingen forklaring under tabellen.")
            for mark, line in marks.items()
            if mark not in told
        ]
        for mark, lines in told.items():
            if mark not in marks:
                slips.append(
                    (lines[0], mark, f"Forklaringen til {mark} under {name} har ikke noe merke i tabellen.")
                )
            if len(lines) > 1:
                slips.append(
                    (lines[-1], mark, f"Merket {mark} er forklart {len(lines)} ganger under {name}.")
                )
        findings += [
            at_line(CheckKind.FOOTNOTE, line, f"{mark} ({name})", text, sure=0.85, cause=f"merkene i {name}")
            for line, mark, text in slips
        ]
    return findings


def _marks(grid: Grid) -> dict[str, int]:
    """Return the stars in a table, with the line where each stands first."""
    texts = [(grid.caption, grid.line)]
    texts += [(text, grid.line) for column in grid.columns for text in (column.group, column.header)]
    for row in grid.rows:
        texts += [(text, row.line) for text in (row.label, *(cell.printed for cell in row.cells))]
    found: dict[str, int] = {}
    for text, line in texts:
        for mark in _STARS.findall(_ITALIC.sub("", text)):
            found.setdefault(mark, line)
    return found


def _notes(document: Document, grid: Grid) -> list[Passage]:
    """Return the notes under a table: those before the next thing that is none."""
    end = max((row.line for row in grid.rows), default=grid.line)
    others = (document.paragraphs, document.captions, document.headings, document.grids)
    limit = min(
        (part.line for group in others for part in group if part.line > end), default=document.lines + 1
    )
    return [note for note in document.notes if grid.line < note.line < limit]


def _listed_twice(document: Document) -> list[Finding]:
    """Return the notes that list one year twice: «2024: …, 2025: …, 2025: …»."""
    findings = []
    for note in document.notes:
        years = _LISTED.findall(note.text)
        for year in [year for year, count in Counter(years).items() if count > 1 and len(years) > 2]:
            text = f"Noten forklarer {year} to ganger; trolig gjelder den ene et annet år."
            findings.append(at_line(CheckKind.FOOTNOTE, note.line, f"{year}:", text))
    return findings
