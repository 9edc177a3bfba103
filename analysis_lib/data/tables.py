"""Published tables: a CSV as printed and its descriptor become one immutable table.

Reading a published table: CSV, descriptor and corrections; what does not fit, with file and line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from analysis_lib.data.cells import SIGN_TEXT, Cell, Kind, Rounding, parse_cell
from analysis_lib.data.corrections import HEADER, Correction, Corrections, read_corrections
from analysis_lib.data.files import read_model
from analysis_lib.data.formats import read_semicolons, read_yaml
from analysis_lib.data.inputs import file_hash, relative
from analysis_lib.data.periods import Period, key_of
from analysis_lib.data.schema import Relation, RowSpec, TableSpec
from analysis_lib.errors import DataFeil, nearest

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")


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
    rounding: Rounding | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key, the header it is printed under, its unit and period; `year` is where that ends."""

    key: str
    header: str
    label: str
    group: str
    unit: str
    year: int | None = None
    decimals: int | None = None
    exact: bool = False
    relation: Relation | None = None
    period: Period | None = None
    rounding: Rounding | None = None


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
        return _lookup(self.columns, key_of(key), f"tabell {self.spec.number}", "kolonnen")

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


def awaiting_year(table: Table, year: int) -> Table:
    """Return a yearly table with columns that wait for their numbers, up to a year it has not come to."""
    if not table.years or table.years[-1] >= year:
        return table
    last = next(one for one in reversed([*table.columns.values()]) if one.year == table.years[-1])
    columns: dict[str, Column] = {}
    period = last.period.after() if last.period else None
    while period is not None and period.last.year <= year:
        columns[str(period)] = replace(
            last,
            key=str(period),
            header=str(period),
            label=period.words,
            year=period.last.year,
            period=period,
        )
        period = period.after()
    sign = SIGN_TEXT[Kind.AWAITED]
    cells = {(row, key): Cell(Kind.AWAITED, sign) for row in table.rows for key in columns}
    return replace(
        table,
        columns=MappingProxyType({**table.columns, **columns}),
        cells=MappingProxyType({**table.cells, **cells}),
    )


def expand_columns(spec: TableSpec) -> dict[str, Column]:
    """Turn the descriptor's columns into one entry a column, one a year for ``years``."""
    columns: dict[str, Column] = {}
    for item in spec.columns:
        for key, period in item.each():
            header = item.header or key
            words = period.words if period and key == str(period) else key
            columns[key] = Column(
                key=key,
                header=key if item.spanned else header,
                label=item.label or item.header or words,
                group=item.group,
                unit=item.unit or spec.unit,
                year=item.year or (period.last.year if period else None),
                decimals=item.decimals if item.decimals is not None else spec.decimals,
                exact=item.exact or spec.exact,
                relation=item.relation,
                period=period,
                # A table's base is that of what it counts, not of shares beside the counts.
                rounding=item.rounding or (spec.rounding if item.unit in (None, spec.unit) else None),
            )
    return columns


# Reads the text of a cell, given its row, its column and its line.
_Read = Callable[[str, Row, Column, int], Cell]


def read_table(key: str, descriptor: Path, corrections: Path) -> Table:
    """Read one table from its descriptor, the CSV that it names, and the corrections file.

    Raises
    ------
    DataFeil
        A missing or malformed file, a header or row that the descriptor does not know, a ragged
        line, a cell that is no number, or a correction that no longer fits; with file and line.
    """
    spec = read_model(TableSpec, read_yaml(descriptor), relative(descriptor))
    path = descriptor.parent / spec.path
    columns = expand_columns(spec)
    header, lines = read_printed(path, columns)
    mends = read_corrections(corrections, key)
    _check_header(header, columns, mends, relative(path))
    rows = _rows(spec, lines, relative(path))
    mends.check_targets(rows, columns)
    for cell in spec.cells:
        where = f"{relative(descriptor)}, «cells: {cell}»"
        _lookup(rows, cell.partition("/")[0], where, "raden")
        _lookup(columns, cell.partition("/")[2], where, "kolonnen")

    place = relative(path)

    def read(text: str, row: Row, column: Column, line: int) -> Cell:
        cell = _cell(text, row, column, spec, mends, f"{place}, linje {line}", line)
        if row.kind == "heading" and cell.kind is not Kind.BLANK:
            raise DataFeil(
                f"overskriftsraden «{row.key}» har et tall («{cell.text}») i kolonne «{column.key}»",
                where=f"{place}, linje {line}",
                hint="Er kolonnen forskjøvet? Rett den i corrections.yml.",
            )
        return cell

    return _assembled(key, spec, path, (rows, columns, lines), read, mends.reasons)


def read_as_printed(key: str, descriptor: Path, read_cell: Callable[..., Cell]) -> Table:
    """Read one table without its corrections, with the headers and labels that stand in the CSV.

    Parameters
    ----------
    key : str
        The table's file name without its ending.
    descriptor : Path
        Its YAML file.
    read_cell : callable
        Reads the text of a cell, given `decimals`, `exact` and `rounding`; says itself what is no number.

    Raises
    ------
    DataFeil
        A missing, malformed or ragged file, or more columns than the descriptor knows.
    """
    spec = read_model(TableSpec, read_yaml(descriptor), relative(descriptor))
    path = descriptor.parent / spec.path
    known = expand_columns(spec)
    header, lines = read_printed(path, known)
    labels = {name: label for _, (name, label, *_) in lines}
    rows = {key: replace(row, label=labels[key]) for key, row in _rows(spec, lines, relative(path)).items()}
    columns = {
        column.key: replace(column, header=printed)
        for printed, column in zip(header, known.values(), strict=True)
    }

    def read(text: str, row: Row, column: Column, line: int) -> Cell:
        return _parsed(read_cell, text, row, column, spec, line)

    return _assembled(key, spec, path, (rows, columns, lines), read, {})


def _assembled(
    key: str,
    spec: TableSpec,
    path: Path,
    parts: tuple[dict[str, Row], dict[str, Column], list[tuple[int, list[str]]]],
    read: _Read,
    reasons: dict[tuple[str, str], Correction],
) -> Table:
    rows, columns, lines = parts
    cells = {
        (name, column.key): read(text, rows[name], column, line)
        for line, (name, _, *texts) in lines
        for column, text in zip(columns.values(), texts, strict=True)
    }
    return Table(
        key,
        spec,
        MappingProxyType(rows),
        MappingProxyType(columns),
        MappingProxyType(cells),
        relative(path),
        file_hash(path),
        MappingProxyType(reasons),
    )


def _parsed(
    read_cell: Callable[..., Cell], text: str, row: Row, column: Column, spec: TableSpec, line: int
) -> Cell:
    """Read a cell as its row, column and table say that it is rounded."""
    own = row.unit in (None, spec.unit)
    rounding = row.rounding or (column.rounding if own else None)
    exact = row.exact or column.exact
    return replace(read_cell(text, decimals=column.decimals, exact=exact, rounding=rounding), line=line)


def read_printed(path: Path, columns: Mapping[str, Column]) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Return the headings of a table's CSV, and its lines with their numbers.

    Raises
    ------
    DataFeil
        If the file is missing or malformed, a line is ragged, or there are not as many columns as described.
    """
    where = relative(path)
    lines = list(enumerate(read_semicolons(path), start=1))
    if not lines:
        raise DataFeil("filen er tom", where=where)
    header = lines[0][1]
    for number, fields in lines[1:]:
        if len(fields) != len(header):
            raise DataFeil(
                f"linjen har {len(fields)} felter, overskriften {len(header)}",
                where=f"{where}, linje {number}",
                hint="Feltene skilles med semikolon.",
            )
    if header[:2] != ["rad", "navn"]:
        raise DataFeil(f"de første kolonnene er {header[:2]}, ventet «rad;navn»", where=f"{where}, linje 1")
    if len(header) - 2 != len(columns):
        raise DataFeil(
            f"tabellen har {len(header) - 2} tallkolonner, beskrivelsen {len(columns)}",
            where=f"{where}, linje 1",
        )
    return header[2:], lines[1:]


def _check_header(header: list[str], columns: Mapping[str, Column], mends: Corrections, where: str) -> None:
    for printed, column in zip(header, columns.values(), strict=True):
        text = mends.apply(HEADER, column.key, printed) or printed
        # «3. kvartal 2024» and «2024K3» say the same.
        if (Period.printed(text) or text) != (Period.printed(column.header) or column.header):
            raise DataFeil(
                f"kolonneoverskriften er «{text}», ventet «{column.header}»",
                where=f"{where}, linje 1",
                hint=nearest(text, [item.header for item in columns.values()]),
            )


def _rows(spec: TableSpec, lines: list[tuple[int, list[str]]], where: str) -> dict[str, Row]:
    rows: dict[str, Row] = {}
    plain = RowSpec()
    for number, (key, label, *_) in lines:
        if key in rows:
            raise DataFeil(f"raden «{key}» står to ganger", where=f"{where}, linje {number}")
        own = spec.rows.get(key, plain)
        rows[key] = Row(
            key, own.label or label, own.kind, own.level, own.unit, own.exact, own.relation, own.rounding
        )
    for key in spec.rows:
        if key not in rows:
            raise DataFeil(
                f"beskrivelsen nevner raden «{key}», som ikke finnes", where=where, hint=nearest(key, rows)
            )
    return rows


def _cell(
    text: str, row: Row, column: Column, spec: TableSpec, mends: Corrections, where: str, line: int
) -> Cell:
    corrected = mends.apply(row.key, column.key, text)
    try:
        used = text if corrected is None else corrected
        cell = _parsed(parse_cell, used, row, column, spec, line)
    except ValueError as error:
        raise DataFeil(
            f"{error} (rad «{row.key}», kolonne «{column.header}»)",
            where=where,
            hint="Rett kilden, eller legg inn en rettelse i corrections.yml.",
        ) from None
    return replace(cell, printed=text, corrected=corrected)
