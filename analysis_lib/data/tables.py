"""Published tables: a CSV as printed and its descriptor become one immutable table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from analysis_lib.data.cells import Cell
from analysis_lib.data.corrections import Correction
from analysis_lib.data.schema import Relation, TableSpec
from analysis_lib.errors import DataFeil, ParameterFeil, nearest

T = TypeVar("T")

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its key, its printed label and its place in the table."""

    key: str
    label: str
    kind: str = "data"
    level: int = 0
    unit: str | None = None
    exact: bool = False
    relation: Relation | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key, the header it is printed under, and its unit."""

    key: str
    header: str
    label: str
    group: str
    unit: str
    year: int | None = None
    decimals: int | None = None
    exact: bool = False
    relation: Relation | None = None


@dataclass(frozen=True)
class Table:
    """A published table as printed, with its corrections applied.

    Attributes
    ----------
    key : str
        The name it is asked for by: ``8.1``, ``ssb/07459``.
    spec : TableSpec
        The descriptor: number, title, unit, price basis, sources, notes.
    rows, columns : mapping from key to Row, Column
        In printed order.
    cells : mapping from (row key, column key) to Cell
        Heading rows have cells too: they are blank, or an extraction error.
    path : str
        The CSV, seen from the project root.
    sha256 : str
        Of the CSV's bytes.
    corrections : mapping from (row, column) to Correction
        What was mended, and derived cells that stand as printed by decision (``keep``).
    """

    key: str
    spec: TableSpec
    rows: Mapping[str, Row]
    columns: Mapping[str, Column]
    cells: Mapping[tuple[str, str], Cell]
    path: str
    sha256: str
    corrections: Mapping[tuple[str, str], Correction]

    @property
    def years(self) -> tuple[int, ...]:
        """The years that have a column, in order; each once, though several columns may be of one year."""
        return tuple(dict.fromkeys(col.year for col in self.columns.values() if col.year is not None))

    def row(self, key: str) -> Row:
        """Return a row, or say which rows there are."""
        return _lookup(self.rows, key, f"tabell {self.spec.number}", "raden")

    def column(self, key: str) -> Column:
        """Return a column, or say which columns there are."""
        return _lookup(self.columns, key, f"tabell {self.spec.number}", "kolonnen")

    def place(self, column: str, label: str = "") -> str:
        """Return a column's label (or `label`), with its group where another column is labelled alike."""
        head = self.column(column)
        unique = sum(other.label == head.label for other in self.columns.values()) == 1
        return label or head.label if unique or not head.group else f"{head.group}, {label or head.label}"

    def relation(self, row: str, column: str) -> Relation | None:
        """Return how a cell follows from others; None for a primary cell.

        A cell's own relation goes before its column's, a column's before a row's, and a row's
        before the table's.
        """
        return (
            self.spec.cells.get(f"{row}/{column}")
            or self.column(column).relation
            or self.row(row).relation
            or self.spec.relation
        )

    def unit(self, row: str, column: str) -> str:
        """Return a cell's unit: the row's where it has one; percentages differ in points."""
        unit = self.row(row).unit or self.column(column).unit
        relation = self.relation(row, column)
        if unit == "prosent" and relation and relation.operation in ("difference", "net_change"):
            return "prosentpoeng"
        return unit

    @property
    def frame(self) -> pd.DataFrame:
        """Tidy copy: one row a cell (row, column, year, kind, printed, value, low, high, primary)."""
        import pandas as pd

        records = [
            {
                "table": self.spec.number,
                "row": row,
                "label": self.rows[row].label,
                "column": column,
                "year": self.columns[column].year,
                "unit": self.unit(row, column),
                "kind": cell.kind.value,
                "printed": cell.printed,
                "corrected": cell.corrected,
                "value": None if cell.number is None else float(cell.number),
                "low": None if cell.interval is None else float(cell.interval.low),
                "high": None if cell.interval is None else float(cell.interval.high),
                "primary": self.relation(row, column) is None,
            }
            for (row, column), cell in self.cells.items()
            if self.rows[row].kind != "heading"
        ]
        return pd.DataFrame.from_records(records)


def _lookup(known: Mapping[str, T], key: str, where: str, what: str) -> T:
    if key not in known:
        raise DataFeil(f"{what} «{key}» finnes ikke", where=where, hint=nearest(key, known))
    return known[key]


def check_year(parameter: str, year: int | None, table: Table) -> None:
    """Refuse a year that the table does not have."""
    if year is not None and year not in table.years:
        raise ParameterFeil(
            f"{year} er utenfor dataene i tabell {table.spec.number} ({table.years[0]}–{table.years[-1]})",
            where=f"parameter {parameter}",
            hint=nearest(year, table.years),
        )


def expand_columns(spec: TableSpec) -> dict[str, Column]:
    """Turn the descriptor's columns into one entry a column, one a year for ``years``."""
    columns: dict[str, Column] = {}
    for item in spec.columns:
        for key, year in item.each():
            header = item.header or key
            columns[key] = Column(
                key=key,
                header=key if item.years else header,
                label=item.label or header,
                group=item.group,
                unit=item.unit or spec.unit,
                year=year,
                decimals=item.decimals if item.decimals is not None else spec.decimals,
                exact=item.exact or spec.exact,
                relation=item.relation,
            )
    return columns
