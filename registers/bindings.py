"""What is computed for which table and figure: ``data/register/bindinger/CHAPTER.yml``, read and typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import Field

from analysis_lib.data.files import Model, read_model
from analysis_lib.data.formats import read_yaml
from analysis_lib.data.inputs import relative
from analysis_lib.data.package import natural
from analysis_lib.errors import DataFeil

FOLDER = "data/register/bindinger"
YEAR = "aar"


class Counted(Model):
    """Which indicator gives a number, with its arguments; `scale` divides it, as for thousands of persons."""

    indicator: str
    given: Mapping[str, Any] = Field(default_factory=dict, alias="with")
    scale: float = 1


class FigureBinding(Counted):
    """A figure: `by` is what the indicator is divided by; `panel`, `serie` and `kolonne` say where each goes.

    `names` gives the words of a dimension's values, in the order that they are shown in.
    """

    by: tuple[str, ...]
    panel: str = ""
    serie: str = ""
    kolonne: str
    chart: str
    options: Mapping[str, Any] = Field(default_factory=dict)
    decimals: int = 1
    subtitle: str = ""
    names: Mapping[str, Mapping[str, str]] = Field(default_factory=dict)
    notes: tuple[str, ...] = ()


class TableBinding(Model):
    """A table: by row key what is counted, over the columns.

    `dimension` is what the columns differ in, and `columns` the value of it by the column's key; without
    them they are years. Where the rows differ in a dimension too, `row_dimension` names it, `row_values` the
    value by the row's key, and the only entry of `rows` counts them all.
    """

    rows: Mapping[str, Counted]
    dimension: str = YEAR
    columns: Mapping[str, str] = Field(default_factory=dict)
    row_dimension: str = ""
    row_values: Mapping[str, str] = Field(default_factory=dict)


class Bindings(Model):
    """All of one chapter."""

    tables: Mapping[str, TableBinding] = Field(default_factory=dict)
    figures: Mapping[str, FigureBinding] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bound:
    """The bindings of all chapters: by number of the table or figure, with the chapter's name."""

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
        read = read_model(Bindings, read_yaml(path) or {}, relative(path))
        for number in {*read.tables} & {*tables} | {*read.figures} & {*figures}:
            raise DataFeil(f"«{number}» står i to filer", where=relative(path))
        tables |= read.tables
        figures |= {number: (path.stem, figure) for number, figure in read.figures.items()}
    return Bound(tables, figures)
