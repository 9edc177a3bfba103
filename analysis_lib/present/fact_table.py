"""A table put together in a chapter from single values, for sources that have no table of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analysis_lib.data.cells import Kind
from analysis_lib.errors import NotatbokFeil
from analysis_lib.indicators.values import Value
from analysis_lib.present.display import Shown, entries
from analysis_lib.present.numbers import format_cell
from analysis_lib.present.tables import SIGN_MEANING, anchor, missing_table


class FactTable(Shown):
    """A table put together from single values: facts of a text, and what is computed from them.

    Parameters
    ----------
    number, title : str
        The number begins with a letter, so that it is not taken for one of the published report.
    rows : mapping
        Label to one value or text a column; None leaves the cell empty.
    columns : sequence of str
        Their headings.
    changes : sequence of str
        The headings of columns that are shown with a plus sign.

    Raises
    ------
    NotatbokFeil
        If a row has more or fewer values than there are columns.
    """

    template = "table"

    def __init__(
        self,
        number: str,
        title: str,
        rows: Mapping[str, Sequence[Value | str | None]],
        columns: Sequence[str],
        *,
        stub: str,
        unit: str = "",
        notes: Sequence[str] = (),
        changes: Sequence[str] = (),
    ) -> None:
        for label, values in rows.items():
            if len(values) != len(columns):
                raise NotatbokFeil(
                    f"raden «{label}» har {len(values)} verdier, ventet {len(columns)}",
                    where=f"tabell {number}",
                )
        self.number = number
        self.title = title
        self.rows = rows
        self.columns = columns
        self.stub = stub
        self.unit = unit
        self.notes = notes
        self.changes = changes

    @property
    def payload(self) -> dict[str, Any]:
        """The table for the report; see `Shown`."""
        if not self.rows:
            note = "Kildene har ikke tallene som trengs."
            return {**missing_table(self.number, self.number, self.title, 0), "note": note}
        values = [value for row in self.rows.values() for value in row if isinstance(value, Value)]
        kinds = {value.kind for value in values}
        documents = dict.fromkeys(source.document for value in values for source in value.sources())
        return {
            "type": "table",
            "id": anchor(self.number),
            "number": self.number,
            "title": self.title,
            "unit": self.unit,
            "basis": "",
            "period": "",
            "stub": self.stub,
            "groups": [],
            "columns": [
                {"key": f"k{i}", "label": label, "group_start": False, "words": self._holds_words(i)}
                for i, label in enumerate(self.columns)
            ],
            "rows": [
                {"key": f"r{i}", "label": label, "kind": "data", "level": 0, "cells": self._cells(row)}
                for i, (label, row) in enumerate(self.rows.items())
            ],
            "signs": [list(SIGN_MEANING[kind]) for kind in SIGN_MEANING if kind in kinds],
            "notes": list(self.notes),
            "source": "; ".join(documents),
            "date": "",
            "synthetic": False,
            "numbers": entries(values),
            "check": {
                "cells": sum(value.known for value in values),
                "derived": 0,
                "reproduced": 0,
                "not_printed": 0,
                "deviating": [],
            },
        }

    def _holds_words(self, column: int) -> bool:
        cells = [row[column] for row in self.rows.values()]
        return any(isinstance(cell, str) for cell in cells) and not any(isinstance(c, Value) for c in cells)

    def _cells(self, row: Sequence[Value | str | None]) -> list[dict[str, Any]]:
        return [
            _text_cell(value or "")
            if not isinstance(value, Value)
            else {
                "text": format_cell(value, plus=column in self.changes),
                "kind": value.kind.value,
                "ref": value.ref if value.known else None,
                "flag": None,
                "value": float(value) if value.known else None,
                "printed": None,
                "verdict": None,
                "unit": value.unit,
            }
            for value, column in zip(row, self.columns, strict=True)
        ]

    @property
    def summary(self) -> str:
        """Number, title and how many numbers."""
        cells = self.payload["check"]["cells"] if self.rows else "ingen"
        return f"Tabell {self.number} {self.title}: {cells} tall"


def _text_cell(text: str) -> dict[str, Any]:
    """Return a cell without a number: words, or nothing."""
    kind = Kind.TEXT if text else Kind.BLANK
    nothing = dict.fromkeys(("ref", "flag", "value", "printed", "verdict"))
    return {"text": text, "kind": kind.value, "unit": "", **nothing}
