"""The slips that are planted in a document, one at a time, by kind.

In tables: a digit, a column moved, a header of another year, a row left out. In prose that the tables bear
out: a digit, the other direction, per cent for points. In references and captions: a target that does not
exist, a year, a number used twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from analysis_lib.data.cells import Cell
from analysis_lib.data.interval import Interval
from analysis_lib.data.periods import YEAR
from number_audit.claims.candidates import library_of
from number_audit.claims.directions import check_directions, read_directions
from number_audit.claims.matching import AGREED, Match, Reproduced, agrees, main_year, match_statements
from number_audit.claims.statements import ClaimVerdict, Statement, read_statements
from number_audit.document import Caption, Document, Grid, GridRow, Passage, TargetKind
from number_audit.findings import CheckKind, Finding
from number_audit.language.quantities import read_quantities
from number_audit.reading.cells import read_cell
from number_audit.references.mentions import cross_references
from number_audit.references.targets import Targets
from number_audit.relations.guess import guessed_web
from number_audit.relations.web import Web


class SlipKind(StrEnum):
    """What kind of slip is planted, as a reader is told."""

    CELL = "siffer i en celle som står i en sammenheng"
    COLUMN = "kolonne flyttet én rad"
    HEADER = "kolonneoverskrift et år feil"
    ROW = "ledd (rad) utelatt av en sum"
    NUMBER = "siffer i et gjengitt tall i teksten"
    DIRECTION = "motsatt retningsord ved noe gjengitt"
    POINTS = "prosent og prosentpoeng byttet om ved en gjengitt endring"
    TARGET = "henvisning til noe som ikke finnes"
    CAPTION = "årstall i en tabell- eller figuroverskrift"
    DUPLICATE = "tabellnummer brukt to ganger"


@dataclass(frozen=True)
class Plant:
    """A document with one slip.

    Attributes
    ----------
    kind : SlipKind
    places : tuple of str
        Where a finding must be to count: «tabell 8.3», «tabell 8.3, Sum, 2025», «linje 1156».
    change : str
        For the reader: «1 234 → 1 734».
    before, document : Document
        Without the slip, and with it.
    """

    kind: SlipKind
    places: tuple[str, ...]
    change: str
    before: Document
    document: Document

    def caught_by(self, findings: Iterable[Finding]) -> bool:
        """Tell whether one of some findings is at the place of the slip, or names it among its cells."""
        pattern = re.compile("|".join(rf"{re.escape(place)}(?![\w.]|\.\d)" for place in self.places))
        return any(pattern.match(text) for item in findings for text in (item.where, *item.cells))


def with_grid(document: Document, old: Grid, new: Grid) -> Document:
    """Return a document with one table in place of another."""
    return replace(document, grids=tuple(new if grid is old else grid for grid in document.grids))


def with_text(document: Document, paragraph: Passage, text: str) -> Document:
    """Return a document with another text in place of a paragraph's."""
    changed = replace(paragraph, text=text)
    return replace(
        document, paragraphs=tuple(changed if one is paragraph else one for one in document.paragraphs)
    )


def missing_targets(document: Document) -> Iterator[Plant]:
    """Yield each reference with the number that follows the last of its chapter."""
    known, paragraphs = Targets(document), {one.line: one for one in document.paragraphs}
    for mention in cross_references(document):
        paragraph = paragraphs.get(mention.line)
        if paragraph is None or not known.of(mention.kind, mention.number):
            continue
        chapter, point, _ = mention.number.rpartition(".")
        last = 1
        while known.of(mention.kind, f"{chapter}{point}{last}"):
            last += 1
        place = paragraph.text.find(mention.sentence) + len(mention.before)
        number = paragraph.text.find(mention.number, place)
        text = (
            paragraph.text[:number]
            + f"{chapter}{point}{last}"
            + paragraph.text[number + len(mention.number) :]
        )
        yield Plant(
            SlipKind.TARGET,
            (f"linje {mention.line}",),
            f"{mention.name} → {mention.kind} {chapter}{point}{last}",
            document,
            with_text(document, paragraph, text),
        )


def earlier_captions(document: Document) -> Iterator[Plant]:
    """Yield each caption with its last year a year too early."""
    for caption in document.captions:
        years = list(YEAR.finditer(caption.text))
        for match in years[-1:]:
            earlier = str(int(match[0]) - 1)
            text = caption.text[: match.start()] + earlier + caption.text[match.end() :]
            yield _with_caption(
                document, SlipKind.CAPTION, caption, replace(caption, text=text), f"{match[0]} → {earlier}"
            )


def repeated_numbers(document: Document) -> Iterator[Plant]:
    """Yield each table under the number of the one before it."""
    tables = [caption for caption in document.captions if caption.kind is TargetKind.TABLE]
    for before, caption in pairwise(tables):
        if before.number != caption.number:
            twice = replace(caption, number=before.number, key=f"{before.number} (2)")
            yield _with_caption(
                document, SlipKind.DUPLICATE, caption, twice, f"tabell {caption.number} → {before.number}"
            )


def _with_caption(document: Document, kind: SlipKind, old: Caption, new: Caption, change: str) -> Plant:
    """Return the document with another caption, on its table too."""
    captions = tuple(new if caption is old else caption for caption in document.captions)
    grids = tuple(
        replace(grid, caption=new.text, number=new.number, key=new.key)
        if (grid.line, grid.caption) == (old.line, old.text)
        else grid
        for grid in document.grids
    )
    changed = replace(document, captions=captions, grids=grids)
    return Plant(kind, (f"linje {old.line}",), change, document, changed)


_FEWEST = 3


def changed_cells(document: Document, web: Web) -> Iterator[Plant]:
    """Yield a digit changed in each cell that stands in a relation, two other digits at every place."""
    for grid in document.grids:
        for ref in grid.refs():
            for changed in mutations(grid[ref]) if ref in web.at else ():
                rows = _with_cell(grid, ref.row, ref.column, changed)
                yield _with_rows(
                    document, SlipKind.CELL, grid, rows, grid.place(ref), _told(grid[ref], changed)
                )


def moved_columns(document: Document) -> Iterator[Plant]:
    """Yield each column of numbers with its numbers moved one row up; the topmost takes the last place."""
    for grid in document.grids:
        for j, column in enumerate(grid.columns):
            refs = [ref for ref in grid.refs() if ref.column == j]
            moved = [grid[ref] for ref in [*refs[1:], *refs[:1]]]
            if len(refs) < _FEWEST or [cell.number for cell in moved] == [grid[ref].number for ref in refs]:
                continue
            rows = grid.rows
            for ref, cell in zip(refs, moved, strict=True):
                rows = _with_cell(replace(grid, rows=rows), ref.row, j, cell)
            yield _with_rows(
                document, SlipKind.COLUMN, grid, rows, _name(grid), f"kolonnen «{column.header}» én rad opp"
            )


def earlier_headers(document: Document) -> Iterator[Plant]:
    """Yield each column header with its years a year too early."""
    for grid in document.grids:
        for j, column in enumerate(grid.columns):
            header = YEAR.sub(lambda match: str(int(match[0]) - 1), column.header)
            if header != column.header:
                changed = (*grid.columns[:j], replace(column, header=header), *grid.columns[j + 1 :])
                yield Plant(
                    SlipKind.HEADER,
                    (_name(grid), f"linje {grid.line}"),
                    f"{column.header} → {header}",
                    document,
                    with_grid(document, grid, replace(grid, columns=changed)),
                )


def left_out_rows(document: Document, web: Web) -> Iterator[Plant]:
    """Yield each table without one of the rows that a sum adds up."""
    for grid in document.grids:
        sums = (item for item in web.equations if item.kind == CheckKind.SUM and item.result.grid == grid.key)
        terms = {ref.row for item in sums for ref in item.terms if ref.column == item.result.column}
        for i in sorted(terms):
            left = (*grid.rows[:i], *grid.rows[i + 1 :])
            yield _with_rows(
                document, SlipKind.ROW, grid, left, _name(grid), f"uten raden «{grid.rows[i].label}»"
            )


def by_chapter(document: Document) -> list[Document]:
    """Return the document with the tables of one chapter at a time; all at once where numbers tell none."""
    chapters: dict[str, list[Grid]] = {}
    for grid in document.grids:
        chapter, point, _ = grid.number.partition(".")
        chapters.setdefault(chapter if point else "", []).append(grid)
    return [replace(document, grids=tuple(grids)) for grids in chapters.values()]


def _with_cell(grid: Grid, row: int, column: int, cell: Cell) -> tuple[GridRow, ...]:
    old = grid.rows[row]
    new = replace(old, cells=(*old.cells[:column], cell, *old.cells[column + 1 :]))
    return (*grid.rows[:row], new, *grid.rows[row + 1 :])


def _with_rows(
    document: Document, kind: SlipKind, grid: Grid, rows: tuple[GridRow, ...], place: str, change: str
) -> Plant:
    return Plant(kind, (place,), change, document, with_grid(document, grid, replace(grid, rows=rows)))


def _name(grid: Grid) -> str:
    return grid.name or f"tabell {grid.number}"


def _told(old: Cell, new: Cell) -> str:
    return f"{old.text.strip()} → {new.text.strip()}"


_TURNED = {
    "økte": "gikk ned",
    "øker": "går ned",
    "økt": "redusert",
    "økning": "reduksjon",
    "økningen": "reduksjonen",
    "vekst": "nedgang",
    "veksten": "nedgangen",
    "steg": "sank",
    "gikk opp": "gikk ned",
    "høyere": "lavere",
    "flere": "færre",
}
_TURNED |= {down: up for up, down in _TURNED.items()} | {"gått ned": "økt", "falt": "økte"}
_DIRECTION = re.compile(rf"\b(?:{'|'.join(sorted(_TURNED, key=len, reverse=True))})\b")
_POINTS = re.compile(r"prosent(?P<poeng>poeng)?\b")


class ReproducedProse:
    """What the paragraphs of a document say that its tables bear out.

    Parameters
    ----------
    document : Document
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self.library = library_of(document.grids)
        statements = read_statements(document)
        self.main = main_year(statements)
        matches = match_statements(statements, self.library)
        self.reproduced = Reproduced([match for match in matches if match.verdict in AGREED])
        self.matches = [match for match in matches if match.verdict is ClaimVerdict.REPRODUCED]

    def plant(self, kind: SlipKind, said: Statement, start: int, end: int, text: str) -> Plant:
        """Return the document with other text from `start` to `end` of a statement's sentence."""
        paragraph = next(
            one for one in self.document.paragraphs if one.line == said.line and said.text in one.text
        )
        whole, offset = paragraph.text, paragraph.text.find(said.text)
        changed = whole[: offset + start] + text + whole[offset + end :]
        return Plant(
            kind,
            (f"linje {said.line}",),
            f"{said.text[start:end]} → {text}",
            self.document,
            with_text(self.document, paragraph, changed),
        )


def changed_numbers(prose: ReproducedProse) -> Iterator[Plant]:
    """Yield a digit changed in each number that a cell gives, beyond what rounding and cell allow."""
    for match in prose.matches:
        said = match.statement
        for place in range(said.quantity.start, said.quantity.end):
            for step in SOME if said.text[place].isdecimal() else ():
                digit = str((int(said.text[place]) + step) % 10)
                if _is_slip(match, place, digit):
                    yield prose.plant(SlipKind.NUMBER, said, place, place + 1, digit)


def _is_slip(match: Match, place: int, digit: str) -> bool:
    """Tell whether a digit makes another number of the same length, which the cells do not give."""
    text = match.statement.text
    changed = text[:place] + digit + text[place + 1 :]
    read = [one for one in read_quantities(changed) if one.start == match.statement.quantity.start]
    leading = digit == "0" and not text[place - 1].isdecimal() and text[place + 1 : place + 2] != ","
    if len(read) != 1 or leading or match.candidate is None:
        return False
    return not agrees(replace(match.statement, quantity=read[0]), match.candidate)


def turned_directions(prose: ReproducedProse) -> Iterator[Plant]:
    """Yield the opposite word where a word of direction was borne out, with its number or alone."""
    changes = [match.statement for match in prose.matches if match.statement.change and match.statement.sign]
    for said in changes:
        found = list(_DIRECTION.finditer(said.text[: said.quantity.start]))
        yield from _turned(prose, said, found[-1:])
    for word, said in read_directions(prose.document, prose.main):
        claims = check_directions([(word, said)], prose.library, prose.reproduced)
        if said.sign and any(claim.verdict is ClaimVerdict.REPRODUCED for claim in claims):
            found = list(_DIRECTION.finditer(said.text))
            yield from _turned(prose, said, found if len(found) == 1 else [])


def _turned(prose: ReproducedProse, said: Statement, found: Sequence[re.Match[str]]) -> Iterator[Plant]:
    for match in found:
        yield prose.plant(SlipKind.DIRECTION, said, match.start(), match.end(), _TURNED[match[0]])


def swapped_units(prose: ReproducedProse) -> Iterator[Plant]:
    """Yield per cent for points, and points for per cent, at each change that was borne out."""
    for match in prose.matches:
        said = match.statement
        points = _POINTS.search(said.text, said.quantity.start, said.quantity.end)
        if said.change and points:
            other = "prosent" if points["poeng"] else "prosentpoeng"
            yield prose.plant(SlipKind.POINTS, said, points.start(), points.end(), other)


# What is added to a digit: two of the nine other digits at every place.
SOME = (3, 7)


def mutations(cell: Cell, steps: Sequence[int] = SOME) -> Iterator[Cell]:
    """Yield a cell with one digit changed, where that moves it by more than its own rounding.

    >>> [changed.text for changed in mutations(read_cell("12"), steps=[1, 5])]
    ['22', '62', '17']
    """
    text = cell.text.strip()
    for place, sign in enumerate(text):
        for step in steps if sign.isdecimal() else ():
            other = text[:place] + str((int(sign) + step) % 10) + text[place + 1 :]
            changed = read_cell(other, decimals=cell.decimals)
            if changed.number is None or cell.number is None or cell.interval is None:
                continue
            if other.lstrip("-−")[0] == "0" != text.lstrip("-−")[0]:
                continue
            if abs(changed.number - cell.number) > cell.interval.width:
                exact = cell.interval.width == 0
                interval = Interval.exact(changed.number) if exact else changed.interval
                yield replace(changed, interval=interval)


def plants(document: Document) -> dict[SlipKind, list[Plant]]:
    """Return every slip of each kind that can be planted in a document."""
    prose = ReproducedProse(document)
    chapters = by_chapter(document)
    pairs = [(chapter, guessed_web(chapter.grids)) for chapter in chapters]
    return {
        SlipKind.CELL: [plant for pair in pairs for plant in changed_cells(*pair)],
        SlipKind.COLUMN: [plant for chapter in chapters for plant in moved_columns(chapter)],
        SlipKind.HEADER: [plant for chapter in chapters for plant in earlier_headers(chapter)],
        SlipKind.ROW: [plant for pair in pairs for plant in left_out_rows(*pair)],
        SlipKind.NUMBER: list(changed_numbers(prose)),
        SlipKind.DIRECTION: list(turned_directions(prose)),
        SlipKind.POINTS: list(swapped_units(prose)),
        SlipKind.TARGET: list(missing_targets(document)),
        SlipKind.CAPTION: list(earlier_captions(document)),
        SlipKind.DUPLICATE: list(repeated_numbers(document)),
    }
