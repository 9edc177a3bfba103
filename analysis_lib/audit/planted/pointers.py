"""Slips in references and captions: a target that does not exist, a year, a number used twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from analysis_lib.audit.document import Caption, Document
from analysis_lib.audit.planted.plant import Kind, Plant, with_text
from analysis_lib.audit.references.mentions import mentions
from analysis_lib.audit.references.targets import Targets
from analysis_lib.data.periods import YEAR


def targets(document: Document) -> Iterator[Plant]:
    """Yield each reference with the number that follows the last of its chapter."""
    known, paragraphs = Targets(document), {one.line: one for one in document.paragraphs}
    for mention in mentions(document):
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
            Kind.TARGET,
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
                document, Kind.CAPTION, caption, replace(caption, text=text), f"{match[0]} → {earlier}"
            )


def duplicates(document: Document) -> Iterator[Plant]:
    """Yield each table under the number of the one before it."""
    tables = [caption for caption in document.captions if caption.kind == "tabell"]
    for before, caption in pairwise(tables):
        if before.number != caption.number:
            twice = replace(caption, number=before.number, key=f"{before.number} (2)")
            yield _plant(
                document, Kind.DUPLICATE, caption, twice, f"tabell {caption.number} → {before.number}"
            )


def _plant(document: Document, kind: Kind, old: Caption, new: Caption, change: str) -> Plant:
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
