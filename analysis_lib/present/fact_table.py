"""A table put together in a chapter from single values, for sources that have no table of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass

from analysis_lib.data.cells import Kind
from analysis_lib.data.formats import UNPRINTABLE
from analysis_lib.errors import NotatbokFeil
from analysis_lib.indicators.values import Value
from analysis_lib.present.display import Shown, cell, signs, synthetic_note
from analysis_lib.present.escape import anchor
from analysis_lib.present.payload import MissingTablePayload, PrintCheck, TablePayload
from analysis_lib.present.pieces import CellPayload, ColumnPayload, RowPayload
from analysis_lib.present.register import entries


@dataclass(repr=False, eq=False)
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
        If a row has more or fewer values than there are columns, or a text has a sign that no page can show.
    """

    number: str
    title: str
    rows: Mapping[str, Sequence[Value | str | None]]
    columns: Sequence[str]
    _: KW_ONLY
    stub: str
    unit: str = ""
    notes: Sequence[str] = ()
    changes: Sequence[str] = ()

    def __post_init__(self) -> None:
        for text in (self.number, self.title, self.stub, self.unit, *self.columns, *self.rows, *self.notes):
            if UNPRINTABLE.search(text):
                raise NotatbokFeil(
                    f"{text!r} har et tegn som ikke kan vises", where=f"tabell {self.number!r}"
                )
        for label, values in self.rows.items():
            if len(values) != len(self.columns):
                raise NotatbokFeil(
                    f"raden «{label}» har {len(values)} verdier, ventet {len(self.columns)}",
                    where=f"tabell {self.number}",
                )

    @property
    def payload(self) -> TablePayload | MissingTablePayload:
        """The table for the report; see `Shown`."""
        if not self.rows:
            note = "Kildene har ikke tallene som trengs."
            return MissingTablePayload(
                id=anchor(self.number), number=self.number, title=self.title, note=note
            )
        values = [value for row in self.rows.values() for value in row if isinstance(value, Value)]
        documents = dict.fromkeys(source.document for value in values for source in value.sources())
        notes = (*filter(None, [synthetic_note(values)]), *self.notes)
        return TablePayload(
            id=anchor(self.number),
            number=self.number,
            title=self.title,
            unit=self.unit,
            stub=self.stub,
            columns=tuple(
                ColumnPayload(key=f"k{i}", label=label, words=self._holds_words(i))
                for i, label in enumerate(self.columns)
            ),
            rows=tuple(
                RowPayload(key=f"r{i}", label=label, cells=self._cells(row))
                for i, (label, row) in enumerate(self.rows.items())
            ),
            signs=signs(values),
            remarks=notes,
            notes=notes,
            source="; ".join(documents),
            numbers=entries(values),
            check=PrintCheck(cells=sum(value.known for value in values)),
        )

    def _holds_words(self, column: int) -> bool:
        cells = [row[column] for row in self.rows.values()]
        return any(isinstance(cell, str) for cell in cells) and not any(isinstance(c, Value) for c in cells)

    def _cells(self, row: Sequence[Value | str | None]) -> tuple[CellPayload, ...]:
        return tuple(
            cell(value, plus=column in self.changes) if isinstance(value, Value) else _text_cell(value or "")
            for value, column in zip(row, self.columns, strict=True)
        )

    @property
    def summary(self) -> str:
        """Number, title and how many numbers."""
        cells = sum(isinstance(value, Value) and value.known for row in self.rows.values() for value in row)
        return f"Tabell {self.number} {self.title}: {cells} tall"


def _text_cell(text: str) -> CellPayload:
    """Return a cell without a number: words, or nothing."""
    return CellPayload(text=text, kind=Kind.TEXT if text else Kind.BLANK)
