"""The workbook: one sheet a table, and the register of numbers last.

What stands in each sheet is said first, as lines (`contents`); they are written as they are, text as text
and numbers as numbers, and the selfcheck reads the same lines back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from analysis_lib.errors import RenderFeil
from analysis_lib.present.display import SYNTHETIC_NOTE
from analysis_lib.present.payload import TablePayload
from analysis_lib.present.pieces import CellPayload
from publishing.book.assemble import ChapterPage
from publishing.book.ledger import Registered, SourceEntry, full_register
from publishing.book.outputs import tables
from publishing.definition import Report

LONGEST_NAME = 31
REGISTER = "Tallregister"


class Content(NamedTuple):
    """What stands in a cell: a text, or a number with as many decimals as the page shows; and its style."""

    held: str | float
    style: str = ""
    decimals: int = 0
    link: str = ""


NOTHING = Content("")


@dataclass(frozen=True)
class Sheet:
    """A sheet: its lines, how wide its columns are, and how many lines and columns stay in view."""

    name: str
    lines: list[list[Content]]
    widths: list[int]
    frozen: tuple[int, int] = (0, 0)
    filtered: bool = False


def sheet_names(numbers: Iterable[str]) -> list[str]:
    """Return a valid name of a sheet for each table, whatever signs its number has.

    >>> sheet_names(["8.1", "8/1", "8:1"])
    ['Tabell 8.1', 'Tabell 8-1', 'Tabell 8-1 (2)']
    """
    names: list[str] = []
    taken: set[str] = set()
    for number in numbers:
        stem = re.sub(r"[\[\]:*?/\\'\s\x00-\x1f\x7f]+", "-", number)
        name, times = _short(f"Tabell {stem}"), 1
        while name.casefold() in taken:
            times += 1
            name = _short(f"Tabell {stem}", f" ({times})")
        taken.add(name.casefold())
        names.append(name)
    return names


def _short(name: str, tail: str = "") -> str:
    # Excel counts a sign outside the basic plane as two.
    while len(f"{name}{tail}".encode("utf-16-le")) > 2 * LONGEST_NAME:
        name = name[:-1]
    return name.strip() + tail


def contents(title: str, chapters: tuple[ChapterPage, ...]) -> list[Sheet]:
    """Return everything that the workbook holds."""
    shown = tables(chapters)
    names = sheet_names(table.number for table in shown)
    entries = [*zip(names, (table.title for table in shown), strict=True)]
    listed = [[Content(name, link=name), Content(title)] for name, title in entries]
    last = [
        Content(REGISTER, link=REGISTER),
        Content("Hvert tall i rapporten: verdi, beregning og kilde"),
    ]
    made_up = [[Content(SYNTHETIC_NOTE, "bold")]] if full_register(chapters).synthetic else []
    front = Sheet("Innhold", [[Content(title, "title")], *made_up, [], *listed, [], last], [16, 90])
    return [front, *map(_sheet, shown, names), _register_sheet(chapters)]


def _sheet(table: TablePayload, name: str) -> Sheet:
    groups = [Content(label, "bold") for g in table.groups for label in (g.label, *[""] * (g.span - 1))]
    rows = [
        [
            Content("  " * row.level + row.label, "" if row.kind == "data" else "bold"),
            *(_content(cell, "" if row.kind == "data" else "bold") for cell in row.cells),
        ]
        for row in table.rows
    ]
    notes = [*(f"{sign}  {meaning}" for sign, meaning in table.signs), *table.notes]
    lines = [
        [Content(f"Tabell {table.number} {table.title}", "title")],
        [Content(table.description, "quiet")],
        [],
        [NOTHING, *groups],
        [Content(table.stub, "stub"), *(Content(column.label, "head") for column in table.columns)],
        *rows,
        [],
        *([Content(note, "quiet")] for note in [*notes, f"Kilde: {table.source}, {table.date}."]),
    ]
    widest = (
        max((len(row.cells[i].text) for row in table.rows if row.cells), default=0)
        for i in range(len(table.columns))
    )
    return Sheet(name, lines, [44, *(min(max(12, width + 2), 60) for width in widest)], (5, 1))


def _content(cell: CellPayload, style: str) -> Content:
    """Return a number as a number, shown with the decimals of the page; a sign as text."""
    if cell.value is None:
        return Content(cell.text)
    return Content(cell.value, style, len(cell.text.partition(",")[2]))


def _register_sheet(chapters: tuple[ChapterPage, ...]) -> Sheet:
    everything = full_register(chapters)
    records = [
        _register_record(chapter, entry, [everything.sources[i] for i in entry.sources])
        for chapter in chapters
        for entry in everything.subset(chapter.refs).numbers.values()
    ]
    heads = [Content(head, "stub") for head in (records[0] if records else ())]
    lines = [heads, *(list(record.values()) for record in records)] if records else []
    widths = [12, 12, 12, 60, *[22] * (len(heads) - 4)]
    return Sheet(REGISTER, lines, widths, (1, 0), filtered=bool(records))


def _register_record(
    chapter: ChapterPage, entry: Registered, documents: list[SourceEntry]
) -> dict[str, Content]:
    """Return a number's line of the register, by column."""
    point = entry.exact.point
    texts = {
        "Kapittel": chapter.number or chapter.title,
        "Tall": entry.text,
        "Enhet": entry.unit,
        "Hva": entry.label,
        "Verdi": entry.value,
        "Spenn": entry.range,
        "Beregning": entry.how or "",
        "Formel": entry.formula or "",
        "Trykt": entry.printed,
        "Dom": entry.verdict or "",
        "Celle": "; ".join(entry.cells),
        "Fil": "; ".join(document.file for document in documents),
        "sha256": "; ".join(document.sha256 for document in documents),
        "Brukt i": ", ".join(entry.places),
    }
    record = {head: Content(text) for head, text in texts.items()}
    if point is not None:
        record["Verdi"] = Content(float(point), "", len(entry.value.partition(",")[2]))
    return record


def write_workbook(report: Report, chapters: tuple[ChapterPage, ...], path: Path) -> None:
    """Write the workbook; nothing in it is a formula or leaves the file.

    Raises
    ------
    RenderFeil
        For a text that is longer than a cell can hold.
    """
    import datetime

    import xlsxwriter

    # Text is text whatever it begins with.
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), plain) as book:
        title = f"{report.title}. {report.edition}"
        # A fixed date keeps two builds of the same numbers equal byte for byte.
        book.set_properties({"title": title, "created": datetime.datetime(2000, 1, 1)})
        styles = _Styles(book)
        for content in contents(title, chapters):
            _write_sheet(book.add_worksheet(content.name), content, styles)


LOOKS: dict[str, dict[str, Any]] = {
    "": {},
    "title": {"bold": True, "font_size": 14},
    "head": {"bold": True, "bottom": 1, "text_wrap": True, "align": "right"},
    "stub": {"bold": True, "bottom": 1},
    "bold": {"bold": True},
    "quiet": {"font_color": "#4d5966"},
}


class _Styles:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.made: dict[tuple[str, str], Any] = {}

    def of(self, content: Content) -> Any:
        pattern = ""
        if not isinstance(content.held, str):
            pattern = "#,##0" + ("." + "0" * content.decimals if content.decimals else "")
        if not (content.style or pattern):
            return None
        key = content.style, pattern
        if key not in self.made:
            number = {"num_format": pattern} if pattern else {}
            self.made[key] = self.book.add_format({**LOOKS[content.style], **number})
        return self.made[key]


def _write_sheet(sheet: Any, content: Sheet, styles: _Styles) -> None:
    for line, cells in enumerate(content.lines):
        for column, cell in enumerate(cells):
            if cell.link:
                sheet.write_url(line, column, f"internal:'{cell.link}'!A1", string=cell.held)
            elif isinstance(cell.held, str):
                if cell.held and sheet.write_string(line, column, cell.held, styles.of(cell)):
                    raise RenderFeil(f"«{cell.held[:60]} …» er for lang for en celle", where=content.name)
            else:
                sheet.write_number(line, column, cell.held, styles.of(cell))
    for column, width in enumerate(content.widths):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(*content.frozen)
    if content.filtered:
        sheet.autofilter(0, 0, len(content.lines) - 1, len(content.lines[0]) - 1)
