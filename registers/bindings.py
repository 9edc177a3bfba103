"""What is counted for which table and figure: ``data/register/bindinger/CHAPTER.yml``, read and typed.

A cell of a table is bound by what its table, its column and its row say, laid over each other: `indicator`,
its arguments (`with`), and where in the answer the cell stands (`der`), whose keys are what the indicator is
divided by. Keys of rows and columns are patterns: ``{år}`` is four digits, ``{neste}`` the year after the
edition's, another ``{word}`` anything; what was found, and ``{navn}`` (the row's label), may stand in `der`.
The first pattern that fits counts; null takes away. A cell without an indicator, or with a word that nothing
was found for, is not bound. `serier` of a figure are several questions in one; their names are the values of
the dimension ``serie``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import Field

from analysis_lib.data.files import Model, read_model
from analysis_lib.data.formats import read_yaml
from analysis_lib.data.inputs import relative
from analysis_lib.data.package import natural
from analysis_lib.data.tables import Table
from analysis_lib.errors import DataFeil

FOLDER = "data/register/bindinger"
SERIES = "serie"
_WORD = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Question:
    """One indicator with its arguments, and what it is divided by; the same question is asked once."""

    indicator: str
    arguments: str
    by: tuple[str, ...]

    @property
    def given(self) -> dict[str, Any]:
        """The arguments."""
        read: dict[str, Any] = json.loads(self.arguments)
        return read

    def __str__(self) -> str:
        told = " ".join(f"{name}={value}" for name, value in self.given.items())
        return f"{self.indicator} {told} / {', '.join(self.by)}".replace("  ", " ")


def question(indicator: str, given: Mapping[str, Any], by: tuple[str, ...]) -> Question:
    """Return a question; arguments in any order make the same."""
    return Question(indicator, json.dumps(dict(given), ensure_ascii=False, sort_keys=True), by)


class Layer(Model):
    """What a table, a column or a row says of its cells; null takes away."""

    indicator: str = ""
    given: Mapping[str, Any] = Field(default_factory=dict, alias="with")
    der: Mapping[str, str | None] = Field(default_factory=dict)


class TableBinding(Layer):
    """A table."""

    kolonner: Mapping[str, Layer]
    rader: Mapping[str, Layer]


class Series(Model):
    """One of several questions of a figure."""

    indicator: str = ""
    given: Mapping[str, Any] = Field(default_factory=dict, alias="with")


class FigureBinding(Series):
    """A figure: `panel`, `serie` and `kolonne` say where each dimension of `by` goes.

    `names` gives the words of a dimension's values, in the order that they are shown in. For `chart` and
    `options` see `analysis_lib.data.cleared.FigureDataSpec`.
    """

    by: tuple[str, ...]
    panel: str = ""
    serie: str = ""
    kolonne: str
    chart: str
    serier: Mapping[str, Series] = Field(default_factory=dict)
    options: Mapping[str, Any] = Field(default_factory=dict)
    decimals: int | None = None
    subtitle: str = ""
    names: Mapping[str, Mapping[str, str]] = Field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def asked(self) -> dict[str, Question]:
        """Return its questions by the name of the series, "" where there is one."""
        return {
            name: question(one.indicator or self.indicator, {**self.given, **one.given}, self.by)
            for name, one in (self.serier or {"": Series()}).items()
        }


class Chapter(Model):
    """All of one chapter."""

    tabeller: Mapping[str, TableBinding] = Field(default_factory=dict)
    figurer: Mapping[str, FigureBinding] = Field(default_factory=dict)


@dataclass(frozen=True)
class BoundCell:
    """What a cell of a table asks, and where in the answer it stands."""

    question: Question
    where: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Bound:
    """The bindings of all chapters: tables by number, figures by number with the chapter's name."""

    tables: Mapping[str, TableBinding]
    figures: Mapping[str, tuple[str, FigureBinding]]


def read_bindings(root: Path) -> Bound:
    """Read the bindings of all chapters, in the order of the report.

    Raises
    ------
    DataFeil
        For a file that is none, or a table or figure that is bound twice; with file and field.
    """
    tables: dict[str, TableBinding] = {}
    figures: dict[str, tuple[str, FigureBinding]] = {}
    for path in sorted((root / FOLDER).glob("*.yml"), key=lambda one: natural(one.stem)):
        read = read_model(Chapter, read_yaml(path) or {}, relative(path))
        for number in {*read.tabeller} & {*tables} | {*read.figurer} & {*figures}:
            raise DataFeil(f"«{number}» står i to filer", where=relative(path))
        tables |= read.tabeller
        figures |= {number: (path.stem, figure) for number, figure in read.figurer.items()}
    return Bound(tables, figures)


def bound_cells(binding: TableBinding, table: Table, year: int) -> dict[tuple[str, str], BoundCell]:
    """Return what each cell of a printed table asks, by row and column key; what is not bound is absent."""
    cells = (
        ((row, column), bound_cell(binding, row, column, label=table.rows[row].label, year=year))
        for row in table.rows
        for column in table.columns
    )
    return {place: cell for place, cell in cells if cell is not None}


def bound_cell(
    binding: TableBinding, row: str, column: str, *, label: str = "", year: int
) -> BoundCell | None:
    """Return what one cell asks, or None where it is not bound.

    Parameters
    ----------
    label : str
        The row's label, for ``{navn}``.
    year : int
        The edition's.
    """
    found = {"neste": str(year + 1), "navn": label}
    layers: list[Layer] = [binding]
    for patterns, key in ((binding.kolonner, column), (binding.rader, row)):
        fitting = next(_fitting(patterns, key, found), None)
        if fitting is None:
            return None
        layers.append(fitting)
    where = {name: text for layer in layers for name, text in layer.der.items()}
    said = {name: text for name, text in where.items() if text is not None}
    indicator = next((layer.indicator for layer in reversed(layers) if layer.indicator), "")
    if not indicator or any(set(_WORD.findall(text)) - set(found) for text in said.values()):
        return None
    given = {name: value for layer in layers for name, value in layer.given.items()}
    asked = question(indicator, given, tuple(said))
    return BoundCell(asked, {name: text.format(**found) for name, text in said.items()})


def _fitting(patterns: Mapping[str, Layer], key: str, found: dict[str, str]) -> Iterator[Layer]:
    """Yield the layers whose pattern fits a key, and add what was found."""
    for pattern, layer in patterns.items():
        if match := re.fullmatch(_regex(pattern, found), key):
            found |= match.groupdict()
            yield layer


def _regex(pattern: str, found: Mapping[str, str]) -> str:
    def part(match: re.Match[str]) -> str:
        name = match[1]
        return found.get(name) or rf"(?P<{name}>{r'[0-9]{4}' if name == 'år' else '.+'})"

    return _WORD.sub(part, pattern)
