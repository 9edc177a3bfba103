"""What comes out beside the pages: one spreadsheet, the tidy data as a Data Package."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from analysis_lib.present.payload import TablePayload
from analysis_lib.present.pieces import CellPayload
from publishing.book.assemble import ChapterPage
from publishing.book.ledger import Registered, SourceEntry, full_register
from publishing.definition import Report

FIELDS = [
    ("tabell", "string", "Tabellens nummer i rapporten"),
    ("rad", "string", "Radens nøkkel"),
    ("navn", "string", "Radens navn"),
    ("kolonne", "string", "Kolonnens overskrift"),
    ("enhet", "string", "Enhet"),
    ("slag", "string", "number, blank, na (..), impossible (.) eller confidential (:)"),
    ("verdi", "number", "Verdien med full presisjon"),
    ("vist", "string", "Verdien slik den står på siden"),
    ("trykt", "string", "Verdien slik den står i den publiserte rapporten"),
    ("dom", "string", "gjengitt, avviker, eller tom der ingenting er trykt"),
]


def tables(chapters: Iterable[ChapterPage]) -> list[TablePayload]:
    """Return all tables, in order."""
    return [table for chapter in chapters for table in chapter.payloads(TablePayload)]


def cells(table: TablePayload) -> list[list[str | float | None]]:
    """Return a table's cells as records of `FIELDS`."""
    return [
        [
            table.number,
            row.key,
            row.label,
            column.label,
            cell.unit,
            cell.kind,
            cell.value,
            cell.text.replace("\u00a0", " "),
            cell.printed,
            cell.verdict,
        ]
        for row in table.rows
        for column, cell in zip(table.columns, row.cells, strict=False)
    ]


def write_datapackage(report: Report, chapters: tuple[ChapterPage, ...], folder: Path) -> None:
    """Write one tidy CSV a table, and the descriptor that says what they hold."""
    folder.mkdir(parents=True)
    resources = []
    for table in tables(chapters):
        path = folder / f"{table.id}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow([name for name, _, _ in FIELDS])
            writer.writerows(cells(table))
        resources.append(_resource(table, path.name))
    descriptor = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": report.id,
        "title": f"{report.title}. {report.edition}",
        "resources": resources,
    }
    text = json.dumps(descriptor, ensure_ascii=False, indent=1)
    (folder / "datapackage.json").write_text(f"{text}\n", encoding="utf-8")


def _resource(table: TablePayload, path: str) -> dict[str, Any]:
    fields = [{"name": name, "type": kind, "description": meaning} for name, kind, meaning in FIELDS]
    return {
        "name": table.id,
        "type": "table",
        "path": path,
        "title": f"Tabell {table.number} {table.title}",
        "description": table.description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "sources": [{"title": table.source}],
        "schema": {"fields": fields, "missingValues": [""], "primaryKey": ["rad", "kolonne"]},
    }


def write_workbook(report: Report, chapters: tuple[ChapterPage, ...], path: Path) -> None:
    """Write one sheet a table, with title, unit, source and notes, and the register of numbers last."""
    import datetime

    import xlsxwriter

    with xlsxwriter.Workbook(str(path), {"constant_memory": False}) as book:
        # A fixed date keeps two builds of the same numbers equal byte for byte.
        book.set_properties(
            {"title": f"{report.title}. {report.edition}", "created": datetime.datetime(2000, 1, 1)}
        )
        styles = {
            "title": book.add_format({"bold": True, "font_size": 14}),
            "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "align": "right"}),
            "stub": book.add_format({"bold": True, "bottom": 1}),
            "bold": book.add_format({"bold": True}),
            "quiet": book.add_format({"font_color": "#4d5966"}),
        }
        contents = book.add_worksheet("Innhold")
        contents.set_column(0, 0, 16)
        contents.set_column(1, 1, 90)
        contents.write(0, 0, f"{report.title}. {report.edition}", styles["title"])
        for position, table in enumerate(tables(chapters), start=2):
            name = f"Tabell {table.number}"
            contents.write_url(position, 0, f"internal:'{name}'!A1", string=name)
            contents.write(position, 1, table.title)
            _sheet(book, styles, table, name)
        contents.write_url(len(tables(chapters)) + 3, 0, "internal:'Tallregister'!A1", string="Tallregister")
        contents.write(len(tables(chapters)) + 3, 1, "Hvert tall i rapporten: verdi, beregning og kilde")
        _register_sheet(book, styles, chapters)


def _sheet(book: Any, styles: dict[str, Any], table: TablePayload, name: str) -> None:
    sheet = book.add_worksheet(name)
    sheet.write(0, 0, f"{name} {table.title}", styles["title"])
    sheet.write(1, 0, table.description, styles["quiet"])
    top = 3
    column = 1
    for group in table.groups:
        sheet.write(top, column, group.label, styles["bold"])
        column += group.span
    sheet.write(top + 1, 0, table.stub, styles["stub"])
    for i, head in enumerate(table.columns, start=1):
        sheet.write(top + 1, i, head.label, styles["head"])
    for line, row in enumerate(table.rows, start=top + 2):
        heavy = row.kind != "data"
        sheet.write(line, 0, "  " * row.level + row.label, styles["bold"] if heavy else None)
        for i, cell in enumerate(row.cells, start=1):
            _write_cell(book, styles, sheet, line, i, cell, heavy)
    last = top + 3 + len(table.rows)
    notes = [*(f"{sign}  {meaning}" for sign, meaning in table.signs), *table.notes]
    for offset, note in enumerate([*notes, f"Kilde: {table.source}, {table.date}."]):
        sheet.write(last + offset, 0, note, styles["quiet"])
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, len(table.columns), 12)
    sheet.freeze_panes(top + 2, 1)


def _write_cell(
    book: Any, styles: dict[str, Any], sheet: Any, line: int, column: int, cell: CellPayload, heavy: bool
) -> None:
    """Write a number as a number, shown with the decimals of the page; a sign as text."""
    if cell.value is None:
        if cell.text:
            sheet.write_string(line, column, cell.text)
        return
    decimals = len(cell.text.partition(",")[2])
    key = f"{decimals}{heavy}"
    if key not in styles:
        pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
        styles[key] = book.add_format({"num_format": pattern, "bold": heavy})
    sheet.write_number(line, column, cell.value, styles[key])


def _register_sheet(book: Any, styles: dict[str, Any], chapters: tuple[ChapterPage, ...]) -> None:
    sheet = book.add_worksheet("Tallregister")
    everything = full_register(chapters)
    records = [
        _register_record(chapter, entry, [everything.sources[i] for i in entry.sources])
        for chapter in chapters
        for entry in everything.subset(chapter.refs).numbers.values()
    ]
    if not records:
        return
    heads = list(records[0])
    for column, head in enumerate(heads):
        sheet.write(0, column, head, styles["stub"])
        for line, record in enumerate(records, start=1):
            sheet.write_string(line, column, record[head])
    sheet.set_column(0, 2, 12)
    sheet.set_column(3, 3, 60)
    sheet.set_column(4, len(heads) - 1, 22)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(records), len(heads) - 1)


def _register_record(chapter: ChapterPage, entry: Registered, documents: list[SourceEntry]) -> dict[str, str]:
    """Return a number's line of the register, by column."""
    return {
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
