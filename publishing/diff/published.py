"""An edition's folder as a snapshot: every cell of its tables, every fact, every figure's description."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from analysis_lib.data.cells import Cell
from analysis_lib.data.corrections import reasons
from analysis_lib.data.editions import edition_year
from analysis_lib.data.facts import Facts, read_facts
from analysis_lib.data.norwegian import format_number
from analysis_lib.data.package import natural
from analysis_lib.data.tables import Table
from analysis_lib.errors import DataFeil
from analysis_lib.indicators.edition import Edition
from analysis_lib.indicators.values import Computation, PrintVerdict, Value
from publishing.diff.records import IN_A_BUILD, Record, Snapshot, Years, years_in
from publishing.revisions import FILE, read_revisions, spaced


def read_edition(folder: Path) -> Snapshot:
    """Read an edition from its folder: ``tabeller``, ``fakta``, ``corrections.yml``, ``revisjoner.yml``.

    Raises
    ------
    DataFeil
        If there are no tables, or a file is malformed, or a derived cell names one that is not there.
    """
    keys = sorted((path.stem for path in (folder / "tabeller").glob("*.yml")), key=natural)
    if not keys:
        raise DataFeil("utgaven har ingen tabeller", where=folder / "tabeller")
    edition = Edition(edition_year(folder), folder=folder)
    records: dict[str, Record] = {}
    for key in keys:
        table = edition.table(key)
        records[key] = _table(table)
        records |= {record.identity: record for record in _cells(edition, table, records)}
    for path in sorted((folder / "fakta").glob("*.csv")):
        records |= {record.identity: record for record in _facts(read_facts(path), path.stem)}
    accounted = read_revisions(folder / FILE).items()
    revisions = {name: item for name, item in accounted if not name.startswith(IN_A_BUILD)}
    return Snapshot(folder.name, edition.year, records, reasons(folder / "corrections.yml"), revisions)


def _table(table: Table) -> Record:
    spec = table.spec
    basis = f"{spec.basis} ({spec.price_year})" if spec.price_year else spec.basis
    definition = {
        "enhet": spec.unit,
        "prisgrunnlag": basis,
        "tittel": spec.title,
        "merknad": " ".join(spec.notes),
    }
    return Record(
        table.key,
        f"Tabell {spec.number}",
        "",
        definition=definition,
        place=table.path,
        rows={key: row.label for key, row in table.rows.items()},
        columns={key: table.place(key) for key in table.columns},
    )


def _cells(edition: Edition, table: Table, known: dict[str, Record]) -> Iterator[Record]:
    """Yield a table's cells, and what they are computed from that stands in no table."""
    for (row, column), cell in table.cells.items():
        if table.rows[row].kind == "heading":
            continue
        value = edition.value(table.key, row, column)
        yield _cell(table, row, column, cell, value)
        yield from _between(value, known)


def _cell(table: Table, row: str, column: str, cell: Cell, value: Value) -> Record:
    identity = f"{table.key}/{row}/{column}"
    relation = table.relation(row, column)
    head = table.column(column)
    definition = {
        "enhet": table.unit(row, column),
        "eksakt": "ja" if table.row(row).exact or head.exact else "nei",
        "relasjon": f"{relation.operation}: {', '.join(relation.arguments)}" if relation else "trykt",
    }
    return Record(
        identity,
        f"Tabell {table.spec.number}: {table.row(row).label}, {table.place(column)}",
        _shown(cell, value),
        value.point,
        value.interval,
        _own_years(table, row, column) if relation is None or table.column(column).year else _years(value),
        _terms(value) if value.identity == identity else (value.identity,),
        parent=table.key,
        definition=definition,
        printed=spaced(cell.printed),
        corrected=cell.corrected,
        contradicted=value.verdict is PrintVerdict.DEVIATES,
        file=table.path,
        sha256=table.sha256,
        place=f"{table.path}, linje {cell.line}",
        at=(row, column),
    )


def _own_years(table: Table, row: str, column: str) -> Years | None:
    year = table.column(column).year
    return (year, year) if year else years_in([row, column]) or years_in([table.spec.period])


def _years(value: Value) -> Years | None:
    """Return the years of the cells at the bottom of a computed value."""
    return years_in(source.label for source in value.sources())


def _terms(value: Value) -> tuple[str, ...]:
    origin = value.origin
    return tuple(term.identity for term in origin.terms) if isinstance(origin, Computation) else ()


def _between(value: Value, known: dict[str, Record]) -> Iterator[Record]:
    """Yield the computed terms that are no cells: deflators, and what they follow from."""
    for term in value.origin.terms if isinstance(value.origin, Computation) else ():
        if isinstance(term.origin, Computation) and term.identity not in known and term.verdict is None:
            text, years = _written(term), _years(term)
            yield Record(term.identity, term.label, text, term.point, term.interval, years, _terms(term))
            yield from _between(term, known)


def _shown(cell: Cell, value: Value) -> str:
    """Return the cell's text, or what its parts give where they do not allow the printed number."""
    computed = value.verdict is PrintVerdict.DEVIATES and not value.note
    return _written(value) if computed else spaced(cell.text)


def _written(value: Value) -> str:
    return "" if value.point is None else spaced(format_number(value.point, value.decimals))


def _facts(facts: Facts, name: str) -> Iterator[Record]:
    for key, fact in facts.facts.items():
        yield Record(
            f"fakta/{name}/{key}",
            f"{fact.label}, {fact.period}",
            spaced(fact.cell.text),
            fact.cell.number,
            fact.cell.interval,
            (fact.year, fact.year),
            definition={"enhet": fact.unit, "hva": fact.label, "periode": fact.period},
            printed=spaced(fact.cell.printed),
            file=facts.path,
            sha256=facts.sha256,
            place=f"{facts.path}, linje {fact.cell.line}",
        )
