"""The JSON of a table: columns and groups, cells with their marks, notes, and how print compares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis_lib.data.cells import Kind
from analysis_lib.data.corrections import HEADER
from analysis_lib.indicators.values import Value
from analysis_lib.present.numbers import format_cell, format_exact
from analysis_lib.present.register import entries
from analysis_lib.present.words import listing

if TYPE_CHECKING:
    from analysis_lib.present.tables import ShownTable

SIGN_MEANING = {
    Kind.NOT_AVAILABLE: ("..", "tall finnes ikke"),
    Kind.IMPOSSIBLE: (".", "tall kan ikke forekomme"),
    Kind.CONFIDENTIAL: (":", "vises ikke av hensyn til personvern"),
}


def table_payload(shown: ShownTable) -> dict[str, Any]:
    """Return a table as the JSON that report assembly reads."""
    spec = shown.table.spec
    if not shown.available:
        return missing_table(shown.key, spec.number, spec.title, shown.edition.year)
    values = {(row, column): value for row, column, value in shown.values()}
    kinds = {value.kind for value in values.values()}
    basis = f"faste {shown.edition.price_year}-priser" if spec.price_year else spec.basis
    return {
        "type": "table",
        "id": anchor(shown.key),
        "number": spec.number,
        "title": spec.title,
        "unit": spec.unit,
        "basis": basis,
        "period": shown.period,
        "stub": spec.stub,
        "groups": _groups(shown),
        "columns": _columns(shown),
        "rows": [_row(shown, key, values) for key in shown.lines],
        "signs": [list(SIGN_MEANING[kind]) for kind in SIGN_MEANING if kind in kinds],
        "remarks": list(spec.notes),
        "notes": [*spec.notes, *_deviation_notes(values), *_correction_notes(shown)],
        "source": ", ".join(spec.sources),
        "date": spec.date,
        "synthetic": False,
        "numbers": entries(values.values()),
        "check": _check(shown, values),
    }


def _groups(shown: ShownTable) -> list[dict[str, Any]]:
    groups: list[dict[str, Any]] = []
    for column in shown.columns.values():
        if groups and groups[-1]["label"] == column.group:
            groups[-1]["span"] += 1
        else:
            groups.append({"label": column.group, "span": 1})
    return groups if any(group["label"] for group in groups) else []


def _columns(shown: ShownTable) -> list[dict[str, Any]]:
    columns, group = [], None
    for key, column in shown.columns.items():
        label = shown.edition.header(shown.table, key)
        columns.append({"key": key, "label": label, "group_start": column.group != group})
        group = column.group
    return columns


def _row(shown: ShownTable, key: str, values: dict[tuple[str, str], Value]) -> dict[str, Any]:
    row = shown.table.rows[key]
    cells = []
    if row.kind != "heading":
        cells = [_cell(shown, values[key, column], column, key) for column in shown.columns]
    return {"key": key, "label": row.label, "kind": row.kind, "level": row.level, "cells": cells}


def _cell(shown: ShownTable, value: Value, column: str, row: str) -> dict[str, Any]:
    flag = None
    if value.verdict == "avviker":
        flag = "deviates"
    elif shown.table.cells[row, column].corrected is not None:
        flag = "corrected"
    ref = value.ref if value.known else None
    return {
        "text": format_cell(value),
        "kind": value.kind.value,
        "ref": ref,
        "flag": flag,
        "value": float(value) if value.known else None,
        "printed": value.printed,
        "verdict": value.verdict,
        "unit": value.unit,
    }


def _correction_notes(shown: ShownTable) -> list[str]:
    """Say what was mended, once for each reason."""
    reasons: dict[str, list[str]] = {}
    for (row, column), entry in shown.table.corrections.items():
        if column in shown.columns and not entry.keep and (row in shown.table.rows or row == HEADER):
            reasons.setdefault(entry.why, []).append(shown.edition.header(shown.table, column))
    return [f"Rettet, {listing(sorted(set(columns)))}: {why}" for why, columns in reasons.items()]


def _check(shown: ShownTable, values: dict[tuple[str, str], Value]) -> dict[str, Any]:
    """Count the derived cells, and list those that their parts do not allow."""
    held = [value for value in values.values() if value.verdict]
    deviating = [
        {
            "row": row,
            "column": column,
            "printed": value.printed,
            "computed": format_exact(value.computed, 2) if value.computed is not None else None,
            "shown": format_cell(value),
            "reason": value.note,
        }
        for (row, column), value in values.items()
        if value.verdict == "avviker"
    ]
    derived = [
        value
        for (row, column), value in values.items()
        if value.known and shown.table.relation(row, column) is not None
    ]
    return {
        "cells": sum(value.known for value in values.values()),
        "derived": len(derived),
        "reproduced": len(held) - len(deviating),
        "not_printed": len(derived) - len(held),
        "deviating": deviating,
    }


def _deviation_notes(values: dict[tuple[str, str], Value]) -> list[str]:
    notes = []
    for value in values.values():
        if value.verdict == "avviker" and value.computed is not None:
            both = f"trykt {value.printed}, beregnet {format_exact(value.computed, 2)}"
            notes.append(f"{value.label}: {both}. {value.note}".strip())
    return notes


def anchor(key: str) -> str:
    """Return the name that links use for a table.

    >>> anchor("8.1"), anchor("ssb/07459")
    ('tabell-8-1', 'tabell-ssb-07459')
    """
    return "tabell-" + key.replace(".", "-").replace("/", "-")


def missing_table(key: str, number: str, title: str, year: int) -> dict[str, Any]:
    """Return the payload of a table that cannot be shown for a year."""
    return {
        "type": "missing",
        "what": "table",
        "id": anchor(key),
        "number": number,
        "title": title,
        "note": f"Kildene har ikke tall for {year}.",
        "status": "missing",
        "numbers": {},
    }
