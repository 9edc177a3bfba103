"""The PDF read back and held against the book: chapters, headings, tables, figures, numbers and fonts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from analysis_lib.present.payload import (
    FigurePayload,
    FigureStatus,
    KeyFiguresPayload,
    TablePayload,
    TextPayload,
)
from number_audit.findings import Finding
from publishing.book.assemble import ChapterPage
from publishing.selfcheck.files import missing_in
from publishing.selfcheck.headings import letters, said_captions, said_headings
from publishing.selfcheck.tagged import Element, TaggedPdf, read_tagged, squeezed

# Of the report, and those that typst sets formulas and code in.
_FONTS = ("SourceSans3", "NewCM", "DejaVuSansMono")
_HEADINGS = ("H1", "H2", "H3", "H4", "H5", "H6")
# Stands behind a number that deviates from print, or was corrected.
_FLAGS = "*†"


def wrong_pdf(chapters: Sequence[ChapterPage], path: Path) -> Iterator[Finding]:
    """Yield what the chapters show and the PDF lacks.

    The PDF is read through its structure, so a table is held against its own cells, and a number in a
    sentence against the linked numbers of its own chapter.
    """
    import pikepdf

    try:
        pdf = read_tagged(path)
    except (pikepdf.PdfError, AttributeError, KeyError, TypeError, ValueError) as error:
        yield missing_in(path, "hele filen", f"PDF-en kan ikke leses: {error}")
        return
    # A chapter begins on a page of its own, after the front page and the contents.
    if pdf.pages < len(chapters) + 2:
        yield missing_in(path, f"{pdf.pages} sider", f"Rapporten har {len(chapters)} kapitler.")
    for name, embedded in pdf.fonts.items():
        if not embedded or not name.startswith(_FONTS):
            why = "er ikke rapportens" if embedded else "følger ikke med"
            yield missing_in(path, "skrifter", f"Skriften «{name}» {why}.")
    if not any(name.startswith(_FONTS[0]) for name in pdf.fonts):
        yield missing_in(path, "skrifter", "Rapportens skrift mangler.")
    marks = Counter(map(letters, pdf.bookmarks))
    if not marks["Tallregister"]:
        yield missing_in(path, "vedlegget", "Tallregisteret mangler.")
    for chapter in chapters:
        own = _elements_of(chapter, pdf)
        yield from (missing_in(path, chapter.name, why) for why in _lacks(chapter, own, marks))


def _title(chapter: ChapterPage) -> str:
    return next((letters(text) for _, text in said_headings(chapter)), letters(chapter.title))


def _elements_of(chapter: ChapterPage, pdf: TaggedPdf) -> list[Element]:
    """Return the elements from a chapter's title to the next."""
    title = _title(chapter)
    titles = [i for i, item in enumerate(pdf.elements) if item.tag == "H1"]
    for start, end in zip(titles, [*titles[1:], len(pdf.elements)], strict=True):
        if letters(pdf.elements[start].text) == title:
            return list(pdf.elements[start:end])
    return []


def _lacks(chapter: ChapterPage, own: Sequence[Element], marks: Counter[str]) -> Iterator[str]:
    """Say what the part of a PDF that is a chapter lacks."""
    if not own:
        yield f"Kapitlet «{chapter.title}» mangler."
        return
    heads = Counter(letters(item.text) for item in own if item.tag in _HEADINGS)
    for _, text in said_headings(chapter):
        if not heads[letters(text)]:
            yield f"Overskriften «{text}» mangler."
        elif not marks[letters(text)]:
            yield f"Bokmerket «{text}» mangler."
    everything = "".join(item.text for item in own if item.tag in (*_HEADINGS, "P", "Caption", "Div"))
    whole = letters(everything)
    yield from (f"«{text}» mangler." for text in said_captions(chapter) if letters(text) not in whole)
    for table in chapter.payloads(TablePayload):
        yield from (f"{table.place('')} mangler «{text}»." for text in _lost_cells(table, own))
    drawn = {item.text for item in own if item.tag == "Figure"}
    for figure in chapter.payloads(FigurePayload):
        if figure.status is not FigureStatus.MISSING and squeezed(figure.alt) not in drawn:
            yield f"Tegningen i figur {figure.number} mangler."
    yield from (f"Tallet «{text}» mangler i teksten." for text in _lost_numbers(chapter, own, everything))


def _lost_cells(table: TablePayload, own: Sequence[Element]) -> Iterator[str]:
    """Yield the cells and labels that the parts of a table in the PDF do not have."""
    caption, within = letters(f"{table.place('')} {table.title}"), False
    found: Counter[str] = Counter()
    for item in own:
        if item.tag == "Caption":
            within = letters(item.text).startswith(caption)
        elif within and item.tag in ("TD", "TH"):
            found[item.text.rstrip(_FLAGS)] += 1
    expected = Counter(
        squeezed(text).rstrip(_FLAGS)
        for row in table.rows
        for text in (row.label, *(cell.text for cell in row.cells))
        if text.strip()
    )
    yield from (expected - found)


def _lost_numbers(chapter: ChapterPage, own: Sequence[Element], everything: str) -> Iterator[str]:
    """Yield the numbers of sentences that are not linked, and key figures and words that are not said."""
    told = [item for payload in chapter.payloads(TextPayload) for item in payload.shown()]
    linked = Counter(squeezed(item.text) for item in told if "|" not in item.format)
    yield from linked - Counter(item.text for item in own if item.tag == "Link")
    words = [item for item in told if "|" in item.format]
    figures = [item for payload in chapter.payloads(KeyFiguresPayload) for item in payload.shown()]
    yield from dict.fromkeys(item.text for item in words + figures if squeezed(item.text) not in everything)
