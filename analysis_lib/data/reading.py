"""Reading a published table: CSV, descriptor and corrections; what does not fit, with file and line."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from analysis_lib.data.cells import Cell, Kind, parse_cell
from analysis_lib.data.corrections import HEADER, Corrections, read_corrections
from analysis_lib.data.inputs import relative, sha256
from analysis_lib.data.models import read_model, read_yaml
from analysis_lib.data.schema import TableSpec
from analysis_lib.data.tables import Column, Row, Table, expand_columns
from analysis_lib.errors import DataFeil, nearest


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
    header, lines = _read_csv(path)
    mends = read_corrections(corrections, key)
    columns = expand_columns(spec)
    _check_header(header, columns, mends, relative(path))
    rows = _rows(spec, lines, relative(path))
    mends.check_targets(rows, columns)
    _check_cells(spec, rows, columns, relative(descriptor))
    cells = {
        (name, column.key): _cell(
            text, rows[name], column, mends, f"{relative(path)}, linje {number}", number
        )
        for number, (name, _, *texts) in lines
        for column, text in zip(columns.values(), texts, strict=True)
    }
    for (row, column), cell in cells.items():
        if rows[row].kind == "heading" and cell.kind is not Kind.BLANK:
            raise DataFeil(
                f"overskriftsraden «{row}» har et tall («{cell.text}») i kolonne «{column}»",
                where=f"{relative(path)}, linje {cell.line}",
                hint="Er kolonnen forskjøvet? Rett den i corrections.yml.",
            )
    return Table(
        key,
        spec,
        MappingProxyType(rows),
        MappingProxyType(columns),
        MappingProxyType(cells),
        relative(path),
        sha256(path),
        MappingProxyType(mends.reasons),
    )


def read_as_printed(key: str, descriptor: Path, read_cell: Callable[..., Cell]) -> Table:
    """Read one table without its corrections, with the headers and labels that stand in the CSV.

    Parameters
    ----------
    key : str
        The table's file name without its ending.
    descriptor : Path
        Its YAML file.
    read_cell : callable
        Reads the text of a cell, given `decimals` and `exact`; says itself what is no number.

    Raises
    ------
    DataFeil
        A missing, malformed or ragged file, or more columns than the descriptor knows.
    """
    spec = read_model(TableSpec, read_yaml(descriptor), relative(descriptor))
    path = descriptor.parent / spec.path
    header, lines = _read_csv(path)
    known = expand_columns(spec)
    _check_width(header, known, relative(path))
    columns = {
        column.key: replace(column, header=printed)
        for printed, column in zip(header, known.values(), strict=True)
    }
    rows = _rows(spec, lines, relative(path))
    labels = {name: label for _, (name, label, *_) in lines}
    cells = {
        (name, column.key): replace(
            read_cell(text, decimals=column.decimals, exact=rows[name].exact or column.exact), line=number
        )
        for number, (name, _, *texts) in lines
        for column, text in zip(columns.values(), texts, strict=True)
    }
    printed_rows = {name: replace(row, label=labels[name]) for name, row in rows.items()}
    return Table(
        key,
        spec,
        MappingProxyType(printed_rows),
        MappingProxyType(columns),
        MappingProxyType(cells),
        relative(path),
        sha256(path),
        MappingProxyType({}),
    )


def _read_csv(path: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    where = relative(path)
    try:
        with path.open(encoding="utf-8", newline="") as file:
            lines = list(enumerate(csv.reader(file, delimiter=";"), start=1))
    except FileNotFoundError:
        siblings = [item.name for item in path.parent.glob("*.csv")]
        raise DataFeil("filen finnes ikke", where=where, hint=nearest(path.name, siblings)) from None
    except UnicodeDecodeError as error:
        raise DataFeil(f"filen er ikke UTF-8 (byte {error.start})", where=where) from None
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
    return header[2:], lines[1:]


def _check_width(header: list[str], columns: Mapping[str, Column], where: str) -> None:
    if len(header) != len(columns):
        raise DataFeil(
            f"tabellen har {len(header)} tallkolonner, beskrivelsen {len(columns)}", where=f"{where}, linje 1"
        )


def _check_header(header: list[str], columns: Mapping[str, Column], mends: Corrections, where: str) -> None:
    _check_width(header, columns, where)
    for printed, column in zip(header, columns.values(), strict=True):
        text = mends.apply(HEADER, column.key, printed) or printed
        if text != column.header:
            raise DataFeil(
                f"kolonneoverskriften er «{text}», ventet «{column.header}»",
                where=f"{where}, linje 1",
                hint=nearest(text, [item.header for item in columns.values()]),
            )


def _rows(spec: TableSpec, lines: list[tuple[int, list[str]]], where: str) -> dict[str, Row]:
    rows: dict[str, Row] = {}
    for number, (key, label, *_) in lines:
        if key in rows:
            raise DataFeil(f"raden «{key}» står to ganger", where=f"{where}, linje {number}")
        special = spec.rows.get(key)
        if special is None:
            rows[key] = Row(key, label)
        else:
            rows[key] = Row(
                key,
                special.label or label,
                special.kind,
                special.level,
                special.unit,
                special.exact,
                special.relation,
            )
    for key in spec.rows:
        if key not in rows:
            raise DataFeil(
                f"beskrivelsen nevner raden «{key}», som ikke finnes", where=where, hint=nearest(key, rows)
            )
    return rows


def _check_cells(spec: TableSpec, rows: Mapping[str, Row], columns: Mapping[str, Column], where: str) -> None:
    for cell in spec.cells:
        row, _, column = cell.partition("/")
        for key, known in ((row, rows), (column, columns)):
            if key not in known:
                raise DataFeil(
                    f"beskrivelsen nevner cellen «{cell}», som ikke finnes",
                    where=where,
                    hint=nearest(key, known),
                )


def _cell(text: str, row: Row, column: Column, mends: Corrections, where: str, line: int) -> Cell:
    corrected = mends.apply(row.key, column.key, text)
    try:
        cell = parse_cell(
            text if corrected is None else corrected,
            decimals=column.decimals,
            exact=row.exact or column.exact,
        )
    except ValueError as error:
        raise DataFeil(
            f"{error} (rad «{row.key}», kolonne «{column.header}»)",
            where=where,
            hint="Rett kilden, eller legg inn en rettelse i corrections.yml.",
        ) from None
    return replace(cell, printed=text, line=line, corrected=corrected)
