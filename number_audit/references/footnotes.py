"""Footnotes without a text, without a mark or with two; stars of a table and the notes under it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

from analysis_lib.data.norwegian import SUPERSCRIPTS
from number_audit.document import Document, Grid, Passage
from number_audit.findings import Finding
from number_audit.reading.lines import DIGITS, RAISED
from number_audit.references.mentions import slip

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
    """Compare marks and footnotes; only where the marks are raised digits, which are nothing else."""
    if not any(_MARK.search(text) or _YEAR_MARK.search(text) for text, _ in _texts(document)):
        return []
    used: dict[str, list[int]] = defaultdict(list)
    for text, line in _texts(document):
        for mark in (*_MARK.findall(text), *_YEAR_MARK.findall(text)):
            used[mark.translate(DIGITS)].append(line)
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
    return slip("footnote", line, mark, f"Fotnote {mark} {what}.", sure=sure)


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


def _texts(document: Document) -> list[tuple[str, int]]:
    """Return every text that may bear a mark, with its line."""
    texts = [(part.text, part.line) for part in (*document.paragraphs, *document.notes)]
    texts += [(heading.title, heading.line) for heading in document.headings]
    texts += [(caption.text, caption.line) for caption in document.captions]
    for grid in document.grids:
        texts += [(f"{column.group} {column.header}", grid.line) for column in grid.columns]
        for row in grid.rows:
            texts.append((row.label, row.line))
            texts += [(cell.printed, row.line) for cell in row.cells]
    return texts


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
            slip("footnote", line, f"{mark} ({name})", text, sure=0.85, cause=f"merkene i {name}")
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
            findings.append(slip("footnote", note.line, f"{year}:", text))
    return findings
