"""The tidy data as a Data Package: one CSV a table, and the descriptor that says what they hold."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from analysis_lib.data.cells import Kind
from analysis_lib.indicators.values import PrintVerdict
from analysis_lib.present.display import SYNTHETIC_NOTE
from analysis_lib.present.escape import csv_text
from analysis_lib.present.payload import TablePayload
from publishing.book.assemble import ChapterPage
from publishing.book.ledger import full_register
from publishing.definition import Report

FIELDS: list[tuple[str, str, str, dict[str, Any]]] = [
    ("tabell", "string", "Tabellens nummer i rapporten", {}),
    ("rad", "string", "Radens nøkkel", {"required": True}),
    ("navn", "string", "Radens navn", {}),
    ("kolonnenøkkel", "string", "Kolonnens nøkkel", {"required": True}),
    ("gruppe", "string", "Overskriften over kolonnen og dem som hører sammen med den", {}),
    ("kolonne", "string", "Kolonnens overskrift", {}),
    ("enhet", "string", "Enhet", {}),
    (
        "slag",
        "string",
        "number, blank, na (..), impossible (.), confidential (:), awaited (?) eller text",
        {"required": True, "enum": [str(kind) for kind in Kind]},
    ),
    ("verdi", "number", "Verdien med full presisjon", {}),
    ("vist", "string", "Verdien slik den står på siden", {}),
    ("trykt", "string", "Verdien slik den står i den publiserte rapporten", {}),
    (
        "dom",
        "string",
        "gjengitt, avviker, eller tom der ingenting er trykt",
        {"enum": [str(verdict) for verdict in PrintVerdict]},
    ),
]
FORMULAS = "En tekst som begynner som en formel, har en apostrof foran seg."
KEY = ["rad", "kolonnenøkkel"]


def tables(chapters: Iterable[ChapterPage]) -> list[TablePayload]:
    """Return all tables, in order."""
    return [table for chapter in chapters for table in chapter.payloads(TablePayload)]


def cells(table: TablePayload) -> list[list[str | float | None]]:
    """Return a table's cells as records of `FIELDS`."""
    groups = [group.label for group in table.groups for _ in range(group.span)]
    records = (
        (
            table.number,
            row.key,
            row.label,
            column.key,
            group,
            column.label,
            cell.unit,
            cell.kind,
            cell.value,
            cell.text.replace("\u00a0", " "),
            cell.printed,
            cell.verdict,
        )
        for row in table.rows
        for column, group, cell in zip(
            table.columns, groups or [""] * len(row.cells), row.cells, strict=False
        )
    )
    return [[csv_text(held) if isinstance(held, str) else held for held in record] for record in records]


def write_datapackage(report: Report, chapters: tuple[ChapterPage, ...], folder: Path) -> None:
    """Write one tidy CSV a table, and the descriptor that says what they hold."""
    folder.mkdir(parents=True)
    resources, synthetic = [], full_register(chapters).synthetic
    for table in tables(chapters):
        path = folder / f"{table.id}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow([name for name, *_ in FIELDS])
            writer.writerows(cells(table))
        resources.append(_resource(table, path.name))
    descriptor = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": report.id,
        "title": f"{report.title}. {report.edition}",
        "description": " ".join([*([SYNTHETIC_NOTE] if synthetic else []), FORMULAS]),
        "synthetic": synthetic,
        "resources": resources,
    }
    text = json.dumps(descriptor, ensure_ascii=False, indent=1)
    (folder / "datapackage.json").write_text(f"{text}\n", encoding="utf-8")


def _resource(table: TablePayload, path: str) -> dict[str, Any]:
    fields = [
        {"name": name, "type": kind, "description": meaning, **({"constraints": limits} if limits else {})}
        for name, kind, meaning, limits in FIELDS
    ]
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
        "schema": {"fields": fields, "missingValues": [""], "primaryKey": KEY},
    }
