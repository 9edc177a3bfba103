"""What an edition prints: its tables as they stand, and the numbers of its text with what makes them.

``sammenhenger.yml`` says of a fact what the text makes it of; each line is one equation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Literal

from pydantic import model_validator

from analysis_lib.data.cells import Cell, Kind, Rounding
from analysis_lib.data.editions import edition_year
from analysis_lib.data.facts import Fact, Facts, read_facts
from analysis_lib.data.files import Model, Words, read_entries
from analysis_lib.data.inputs import relative
from analysis_lib.data.interval import Interval
from analysis_lib.data.package import natural
from analysis_lib.data.periods import When, in_words
from analysis_lib.data.quantities import allowed_by, group_before, step_of
from analysis_lib.data.schema import MANY, Relation, check_arguments
from analysis_lib.data.tables import Table, read_as_printed
from analysis_lib.data.units import measure
from analysis_lib.errors import DataFeil, nearest
from analysis_lib.indicators import arithmetic as arith
from analysis_lib.indicators.edition import Edition, is_open
from analysis_lib.indicators.values import Value, from_cell
from number_audit.document import Grid, GridColumn, GridRow, Ref
from number_audit.findings import CheckKind
from number_audit.language.periods import period_of
from number_audit.reading.cells import read_cell
from number_audit.relations.equations import Equation, rest_of_100


class Printed(Edition):
    """An edition in which every cell is what is printed, never computed from others.

    Asked for the terms of a relation it therefore gives printed cells, which is what an audit
    compares. A change runs between the years that stand in the printed header.

    Parameters
    ----------
    folder : Path
        ``data/published/2025``.
    corrected : bool
        After the corrections of the edition, or as printed.
    """

    def __init__(self, folder: Path, *, corrected: bool = False) -> None:
        if not (folder / "tabeller").is_dir():
            known = [path.parent.name for path in folder.parent.glob("*/tabeller")]
            raise DataFeil(
                "utgaven har ingen mappe «tabeller»", where=relative(folder), hint=nearest(folder.name, known)
            )
        super().__init__(edition_year(folder), folder=folder)
        self.corrected = corrected

    @property
    def keys(self) -> list[str]:
        """The tables of the edition, in the report's order."""
        return sorted((path.stem for path in (self.folder / "tabeller").glob("*.yml")), key=natural)

    @property
    def known(self) -> list[str]:
        """The tables that have been asked for, open data among them."""
        return list(self._tables)

    @property
    def open_folder(self) -> Path:
        """The open data beside the edition."""
        return self.folder.parents[1] / "open"

    def _read(self, key: str, descriptor: Path) -> Table:
        if self.corrected or is_open(key):
            return super()._read(key, descriptor)
        return read_as_printed(key, descriptor, _read_printed)

    def value(self, key: str, row: str, column: str | When) -> Value:
        """Return a cell's value as it is printed."""
        table = self.table(key)
        return from_cell(table, table.row(row).key, table.column(str(column)).key)

    def span(self, table: Table, relation: Relation) -> tuple[When, When] | None:
        """Return the years of the printed header, where the column names two that the table has."""
        if relation.operation != "change":
            return None
        for column in table.columns.values():
            if column.relation is relation and (years := period_of(column.header)):
                return years if set(years) <= set(table.years) else None
        return super().span(table, relation)


def _read_printed(
    text: str, *, decimals: int | None = None, exact: bool = False, rounding: Rounding | None = None
) -> Cell:
    """Read a cell of an edition, where what is no number is a number that is not available."""
    cell = read_cell(text, decimals=decimals, exact=exact, rounding=rounding)
    return replace(cell, kind=Kind.NOT_AVAILABLE) if cell.kind is Kind.TEXT else cell


def grid_of(table: Table) -> Grid:
    """Return a table of the edition as a grid."""
    columns = tuple(GridColumn(column.header, column.group, column.key) for column in table.columns.values())
    rows = tuple(
        GridRow(
            row.label,
            tuple(table.cells[row.key, column] for column in table.columns),
            table.cells[row.key, next(iter(table.columns))].line,
            row.key,
        )
        for row in table.rows.values()
    )
    spec = table.spec
    caption = ". ".join(part for part in (spec.title, spec.unit, spec.basis, spec.period) if part)
    return Grid(table.key, spec.number, caption, columns, rows, table.path, 1, audited=not is_open(table.key))


def cell_address(text: str, where: str) -> tuple[str, str, str]:
    """Return the keys of table, row and column in ``8.3/sum_basis/2025``; else `DataFeil`."""
    parts = text.rsplit("/", 2)
    if len(parts) != 3:
        raise DataFeil(f"«{text}» er ikke en celle", where=where, hint="Ventet tabell/rad/kolonne.")
    return parts[0], parts[1], parts[2]


def ref_of(edition: Edition, key: str, row: str, column: str) -> Ref:
    """Return the address of a cell that is named by its keys."""
    table = edition.table(key)
    return Ref(key, list(table.rows).index(row), list(table.columns).index(column))


FILE = "sammenhenger.yml"
_WORDS = re.compile(r"\(([^()]*)\)$")


def decline(old: Interval, new: Interval) -> Interval:
    """Return how far `new` is below `old`, in per cent of `old`."""
    return (1 - new / old) * 100


def rate(per: Interval, count: Interval, *population: Interval) -> Interval:
    """Return the count for every so many of the population."""
    return count / arith.total(*population) * per


def level(per: Interval, base: Interval, *rates: Interval) -> Interval:
    """Return how many the rates make of the base."""
    return base * arith.total(*rates) / per


def share(part: Interval, *whole: Interval) -> Interval:
    """Return the part in per cent of the whole."""
    return arith.share_pct(part, arith.total(*whole))


FUNCTIONS: dict[str, tuple[Callable[..., Interval], str]] = {
    "same": (arith.total, "{0}"),
    "sum": (arith.total, "summen"),
    "difference": (arith.difference, "{1} − {0}"),
    "growth": (arith.change_pct, "({1} / {0} − 1) × 100"),
    "decline": (decline, "(1 − {1} / {0}) × 100"),
    "share": (share, "{0} / {1} × 100"),
    "rest": (rest_of_100, "100 − summen av de andre"),
    "rate": (rate, "{1} / {2} × {0}"),
    "level": (level, "{1} × summen av satsene / {0}"),
}
ARGUMENTS = {
    "same": (1, 1),
    "sum": (1, MANY),
    "difference": (2, 2),
    "growth": (2, 2),
    "decline": (2, 2),
    "share": (2, MANY),
    "rest": (1, MANY),
    "rate": (3, MANY),
    "level": (3, MANY),
}
PERCENTAGES = {"growth", "decline", "share", "rest"}
Operation = Literal["same", "sum", "difference", "growth", "decline", "share", "rest", "rate", "level"]


class FactRelation(Model):
    """One line of ``sammenhenger.yml``: a fact, the operation, and what it is made of.

    An argument is ``table/row/column``, ``fakta/chapter/key``, or a number that stands for itself.
    `doubtful` says why a contradiction need not be an error.
    """

    fact: str
    operation: Operation
    arguments: Words
    doubtful: str = ""

    @model_validator(mode="before")
    @classmethod
    def _spread(cls, raw: Any) -> Any:
        relation = raw.get("relation") if isinstance(raw, dict) else None
        if not isinstance(relation, dict) or len(relation) != 1:
            return raw
        ((operation, arguments),) = relation.items()
        others = {key: value for key, value in raw.items() if key != "relation"}
        return {**others, "operation": operation, "arguments": arguments}

    @model_validator(mode="after")
    def _fits(self) -> FactRelation:
        check_arguments(self.operation, self.arguments, ARGUMENTS)
        return self


class Texts:
    """The facts of an edition's own text, chapter by chapter."""

    def __init__(self, folder: Path) -> None:
        read = {path.stem: read_facts(path) for path in sorted((folder / "fakta").glob("*.csv"))}
        self.chapters = {
            key: facts for key, facts in read.items() if not facts.spec or facts.spec.aarsrapport
        }

    def grids(self) -> Iterator[Grid]:
        """Yield one grid a chapter, with one row a fact."""
        for chapter, facts in self.chapters.items():
            rows = tuple(
                GridRow(f"{fact.label}, {in_words(fact.period)}", (spoken(fact),), fact.cell.line, key)
                for key, fact in facts.facts.items()
            )
            name = f"teksten i kapittel {chapter}" if chapter.isdecimal() else f"teksten i {chapter}"
            yield Grid(
                f"fakta/{chapter}", "", "", (GridColumn(""),), rows, facts.path, 1, name, audited=False
            )

    def find(self, address: str, where: str) -> tuple[Ref, Fact]:
        """Return a fact and its cell by ``chapter/key``."""
        chapter, _, key = address.partition("/")
        if chapter not in self.chapters:
            raise DataFeil(
                f"teksten «{chapter}» finnes ikke", where=where, hint=nearest(chapter, self.chapters)
            )
        facts: Facts = self.chapters[chapter]
        fact = facts[key]
        return Ref(f"fakta/{chapter}", list(facts.facts).index(key), 0), fact


def spoken(fact: Fact) -> Cell:
    """Return a fact's cell with what its vague words and its trailing zeros allow.

    >>> from analysis_lib.data.cells import parse_cell
    >>> about = Fact("x", parse_cell("110 000"), "personer", "2026", "Uten fastlege (rundt)", "FLO", "1.1")
    >>> str(spoken(about).interval)
    '[104500, 115500]'
    """
    if fact.cell.number is None:
        return fact.cell
    words = _WORDS.search(fact.label)
    group = group_before(f"{words[1]} ") if words else ""
    # «250» in thousands stands in the text as 250 000.
    scale = 1 if fact.cell.decimals else measure(fact.unit)[0]
    step = step_of(fact.cell.number * scale, fact.cell.decimals) / scale
    return replace(fact.cell, interval=allowed_by(fact.cell.number, step, group))


def fact_equations(edition: Printed, facts: Texts, path: Path) -> list[Equation]:
    """Return one equation a line of a file such as ``sammenhenger.yml``; none where there is no such file.

    Raises
    ------
    DataFeil
        If the file is malformed, or names a fact or a cell that does not exist.
    """
    entries = read_entries(FactRelation, path, "oppføring")
    return [_equation(edition, facts, entry, where) for where, entry in entries]


def _equation(edition: Printed, facts: Texts, line: FactRelation, where: str) -> Equation:
    result, fact = facts.find(line.fact, where)
    function, formula = FUNCTIONS[line.operation]
    refs: list[Ref] = []
    takes: list[tuple[int | None, int]] = []
    for argument in line.arguments:
        if argument.isdecimal():
            takes.append((None, int(argument)))
            continue
        ref, unit = _argument(edition, facts, argument, where)
        takes.append((len(refs), measure(unit)[0]))
        refs.append(ref)
    scale = 1 if line.operation in PERCENTAGES else measure(fact.unit)[0]
    compute = partial(_compute, function, tuple(takes), scale)
    return Equation(CheckKind.TEXT, result, tuple(refs), compute, formula, not line.doubtful, line.doubtful)


def _compute(
    function: Callable[..., Interval], takes: tuple[tuple[int | None, int], ...], scale: int, *terms: Interval
) -> Interval:
    values = [
        Interval.exact(factor) if i is None else terms[i] if factor == 1 else terms[i] * factor
        for i, factor in takes
    ]
    result = function(*values)
    return result if scale == 1 else result / scale


def _argument(edition: Printed, facts: Texts, argument: str, where: str) -> tuple[Ref, str]:
    if argument.startswith("fakta/"):
        ref, fact = facts.find(argument.removeprefix("fakta/"), where)
        return ref, fact.unit
    key, row, column = cell_address(argument, where)
    table = edition.table(key)
    table.row(row)
    table.column(column)
    return ref_of(edition, key, row, column), table.unit(row, column)
