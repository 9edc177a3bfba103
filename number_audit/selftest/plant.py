"""One slip planted in a document, and the kinds of slip that are tried.

Slips in references and captions: a target that does not exist, a year, a number used twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from analysis_lib.data.periods import YEAR
from number_audit.document import Caption, Document, Grid, Passage
from number_audit.findings import Finding
from number_audit.references.mentions import Targets, cross_references


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


def targets(document: Document) -> Iterator[Plant]:
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


def captions(document: Document) -> Iterator[Plant]:
    """Yield each caption with its last year a year too early."""
    for caption in document.captions:
        years = list(YEAR.finditer(caption.text))
        for match in years[-1:]:
            earlier = str(int(match[0]) - 1)
            text = caption.text[: match.start()] + earlier + caption.text[match.end() :]
            yield _plant(
                document, SlipKind.CAPTION, caption, replace(caption, text=text), f"{match[0]} → {earlier}"
            )


def duplicates(document: Document) -> Iterator[Plant]:
    """Yield each table under the number of the one before it."""
    tables = [caption for caption in document.captions if caption.kind == "tabell"]
    for before, caption in pairwise(tables):
        if before.number != caption.number:
            twice = replace(caption, number=before.number, key=f"{before.number} (2)")
            yield _plant(
                document, SlipKind.DUPLICATE, caption, twice, f"tabell {caption.number} → {before.number}"
            )


def _plant(document: Document, kind: SlipKind, old: Caption, new: Caption, change: str) -> Plant:
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
