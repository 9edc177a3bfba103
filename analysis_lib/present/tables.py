"""A table on its way to the page: the years asked for, computed cells, labels, signs and sources.

The JSON of a table: columns and groups, cells with their marks, notes, and how print compares.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from analysis_lib.data.cells import Kind
from analysis_lib.data.corrections import HEADER
from analysis_lib.data.tables import Column, Row
from analysis_lib.indicators.edition import Edition
from analysis_lib.indicators.series import Series, differanse
from analysis_lib.indicators.values import Value, missing
from analysis_lib.present.display import Shown, entries
from analysis_lib.present.numbers import format_cell, format_exact
from analysis_lib.present.words import listing

if TYPE_CHECKING:
    import pandas as pd

SIGN_MEANING = {
    Kind.NOT_AVAILABLE: ("..", "tall finnes ikke"),
    Kind.IMPOSSIBLE: (".", "tall kan ikke forekomme"),
    Kind.CONFIDENTIAL: (":", "vises ikke av hensyn til personvern"),
    Kind.AWAITED: ("?", "venter på tall"),
}


def table_payload(shown: ShownTable) -> dict[str, Any]:
    """Return a table as the JSON that report assembly reads."""
    spec = shown.table.spec
    if not shown.available:
        return missing_table(shown.key, spec.number, spec.title, shown.edition.year)
    values = {(row, column): value for row, column, value in shown.values()}
    kinds = {value.kind for value in values.values()}
    if kinds - {Kind.BLANK} == {Kind.AWAITED}:
        missing = missing_table(shown.key, spec.number, spec.title, shown.edition.year)
        return {**missing, "note": f"Tabellen venter på {len(values)} tall.", "awaits": True}
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


class ShownTable(Shown):
    """A published table seen from one edition's parameters.

    Cells are asked for by row key and year or column key: ``t["totalt", 2025]``.

    Parameters
    ----------
    edition : Edition
        Gives the years, the prices and every value.
    key : str
        ``8.1``, or ``ssb/07459`` for an open table.
    """

    template = "table"

    def __init__(self, edition: Edition, key: str) -> None:
        self.edition = edition
        self.table = edition.table(key)
        self.key = key
        shown = edition.years(self.table)
        self.columns: dict[str, Column] = {
            name: column
            for name, column in self.table.columns.items()
            if (column.year in shown if column.year is not None else self._sayable(column))
        }
        # Where the years run down the table, an earlier edition ends earlier.
        self.lines: dict[str, Row] = {
            key: row for key, row in self.table.rows.items() if _last_year(key) <= edition.year
        }

    def _sayable(self, column: Column) -> bool:
        """Tell whether a column means anything here: a change needs two years."""
        if self.table.years and self.table.spec.year not in (None, self.edition.year):
            # Seen from an earlier year, only the columns of the years until then are there.
            return False
        relation = column.relation
        return (
            relation is None
            or relation.operation != "change"
            or self.edition.span(self.table, relation) is not None
        )

    @property
    def available(self) -> bool:
        """False for a table of one year only, when a year that it has no column for is asked for."""
        return self.table.spec.year in (None, self.edition.year) or self.edition.year in self.table.years

    def __getitem__(self, cell: tuple[str, str | int]) -> Value:
        row, column = cell
        if self.table.years and self.table.spec.year is not None and str(column) not in self.columns:
            head = self.table.column(column).label if isinstance(column, str) else column
            label = f"Tabell {self.table.spec.number}: {self.navn(row)}, {head}"
            identity = f"{self.key}/{row}/{column}"
            return replace(missing(self.table), identity=identity, label=label)
        value = self.edition.value(self.key, row, column)
        return value if self.available and row in self.lines else value.untold()

    def change(self, row: str, old: int, new: int) -> Value:
        """Return `new` less `old` in a row: the printed column of differences where there is one.

        Rounded numbers need not give the difference that is printed beside them, which was taken
        before rounding.

        >>> from analysis_lib.indicators.edition import Edition
        >>> table = ShownTable(Edition(2025), "11.1")
        >>> table.change("listelengde", 2024, 2025).printed
        '-20'
        """
        for key, column in self.columns.items():
            relation = column.relation
            if relation and relation.operation == "difference" and relation.arguments == (str(old), str(new)):
                return self[row, key]
        return differanse(self[row, old], self[row, new])

    def navn(self, row: str) -> str:
        """Return a row's label."""
        return self.table.row(row).label

    def series(self, row: str) -> Series:
        """Return a row's values by year."""
        years = self.edition.years(self.table)
        return Series(self.table.row(row).label, {year: self[row, year] for year in years})

    def down(self, column: str) -> Series:
        """Return a column's values by year, where the years run down the table.

        >>> table = ShownTable(Edition(2024), "16.1a")
        >>> table.down("fysisk").label, list(table.down("fysisk").values)[-2:]
        ('Nei, fysisk oppmøte var nødvendig', [2023, 2024])
        """
        years = sorted(int(key) for key in self.lines if key.isdigit())
        return Series(self.table.column(column).label, {year: self[str(year), column] for year in years})

    def across(self, row: str, name: str) -> Series:
        """Return a row's values by year where the columns are several quantities, each by year.

        >>> from analysis_lib.indicators.edition import Edition
        >>> doctors = ShownTable(Edition(2025), "10.3").across("sentralitet_6", "alis")
        >>> [(year, int(value.point)) for year, value in doctors.values.items()]
        [(2024, 111), (2025, 141)]
        """
        columns = self.table.columns.items()
        keys = {column.year: key for key, column in columns if column.year and key == f"{name}_{column.year}"}
        return Series(self.navn(row), {year: self[row, key] for year, key in keys.items()})

    def rows(self, *, kind: str = "data") -> list[str]:
        """Return the keys of the rows of one kind (data, subtotal, total), in order."""
        return [row.key for row in self.lines.values() if row.kind == kind]

    def values(self) -> Iterator[tuple[str, str, Value]]:
        """Yield (row, column, value) of every cell that is shown, heading rows left out."""
        for row in self.lines.values():
            if row.kind != "heading" and self.available:
                for column in self.columns:
                    yield row.key, column, self[row.key, column]

    @property
    def frame(self) -> pd.DataFrame:
        """Tidy: one row a cell (row, label, column, year, unit, kind, value, low, high, printed, verdict)."""
        import pandas as pd

        return pd.DataFrame.from_records(
            {
                "table": self.table.spec.number,
                "row": row,
                "label": self.table.rows[row].label,
                "column": column,
                "year": self.columns[column].year,
                "unit": value.unit,
                "kind": value.kind.value,
                "value": float(value),
                "low": None if value.interval is None else float(value.interval.low),
                "high": None if value.interval is None else float(value.interval.high),
                "printed": value.printed,
                "verdict": value.verdict,
            }
            for row, column, value in self.values()
        )

    @property
    def period(self) -> str:
        """The years shown, as text."""
        years = self.edition.years(self.table) or sorted(int(key) for key in self.lines if key.isdigit())
        if not years or (self.table.spec.period and self.table.spec.year == self.edition.year):
            return self.table.spec.period or str(self.table.spec.year or "")
        return f"{years[0]}–{years[-1]}" if len(years) > 1 else str(years[0])

    @property
    def payload(self) -> dict[str, Any]:
        """The table for the report; see `Shown`."""
        return table_payload(self)

    @property
    def summary(self) -> str:
        """Number, title and how the computed cells compare with print."""
        if not self.available:
            return f"Tabell {self.table.spec.number}: finnes ikke for {self.edition.year}"
        if (payload := self.payload)["type"] == "missing":
            return f"Tabell {self.table.spec.number} {self.table.spec.title}: {payload['note']}"
        check = payload["check"]
        return (
            f"Tabell {self.table.spec.number} {self.table.spec.title}, {self.period}: {check['cells']} tall, "
            f"{check['derived']} beregnet, {check['reproduced']} gjengitt, {len(check['deviating'])} avviker"
        )


def _last_year(row: str) -> int:
    """Return the last year that a row's key names, 0 where it names none.

    >>> _last_year("2024"), _last_year("2015-2025"), _last_year("sum_totalt")
    (2024, 2025, 0)
    """
    years = row.split("-")
    return int(years[-1]) if all(year.isdigit() and len(year) == 4 for year in years) else 0
