"""What a table's descriptor says: a Data Resource with units, periods and relations.

A descriptor lies beside its CSV (``8.1.csv``, ``8.1.yml``). The fields that Data Package knows
(name, path, title, sources) keep their meaning; the rest is what makes the numbers checkable.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from analysis_lib.data.models import Model, Words

Operation = Literal[
    "sum",
    "share",
    "share_of_column",
    "rate",
    "change",
    "difference",
    "net_change",
    "growth",
    "same",
    "constant_prices",
    "per_capita",
]


class Relation(Model):
    """How a derived cell follows from others; written in YAML as ``operation: arguments``.

    ``sum: [a, b]``, ``share: [part, whole]``, ``difference: [a, b]`` (b less a) and
    ``rate: [1000, part, whole, …]`` (part for every 1000 of the sum of the rest) name rows or
    columns of the same table, or a row of another as ``12.2/fysisk``. ``share_of_column: a`` is
    column a in per cent of its sum over the data rows. ``net_change: a`` and ``growth: a`` compare
    a with the year before, or over the years that the row or column is named by.
    ``same: 8.3/sum_totalt`` and ``constant_prices: 8.1`` and ``per_capita: 8.1`` name a table
    (and a row, where it has another name there, and a second argument where the column has);
    ``change: siste`` is the last year against the one before, ``change: periode`` against the first.
    """

    operation: Operation
    arguments: Words


def _relation(raw: Any) -> Any:
    if isinstance(raw, dict) and len(raw) == 1 and "operation" not in raw:
        ((operation, arguments),) = raw.items()
        return {"operation": operation, "arguments": arguments}
    return raw


RelationField = Annotated[Relation, BeforeValidator(_relation)]


Claim = Literal[
    "parts", "union", "at_most", "between", "mean", "rate", "sum", "same", "possible", "population"
]


class CheckSpec(Model):
    """What must hold besides what cells are computed by; the audit checks it, nothing is derived from it.

    Names rows or columns, in each column or row, or in those of `only`; ``11.1/fastleger/2025`` is
    a cell. The first is the result, the others its terms, by default the table's data rows.
    ``parts: [a, b]`` sum to 100 per cent; ``union: [whole, a, b]`` lies between the largest part
    and the sum of the parts; ``between: [mean, a, b]`` between the smallest and the largest;
    ``at_most: [part, whole]``; ``mean: [mean, count, a, b]`` is the sum of a, b over the count;
    ``rate: [rate, 1000, part, whole]``; ``sum: [total, a, b]``; ``same: [a, b]``;
    ``possible: [share, count]`` is a percentage that so few can give.
    ``population: [1000, amount, rate]`` implies the population, of which a year has one.
    `doubtful` says why a contradiction need not be an error.
    """

    claim: Claim
    arguments: Words
    only: tuple[str, ...] = ()
    doubtful: str = ""


def _check(raw: Any) -> Any:
    if isinstance(raw, dict) and "claim" not in raw:
        rest = {key: raw[key] for key in ("only", "doubtful") if key in raw}
        named = {key: value for key, value in raw.items() if key not in rest}
        if len(named) == 1:
            ((claim, arguments),) = named.items()
            return {"claim": claim, "arguments": arguments, **rest}
    return raw


CheckField = Annotated[CheckSpec, BeforeValidator(_check)]


class RowSpec(Model):
    """What is special about a row; a row not named is plain data with its printed label."""

    label: str | None = None
    kind: Literal["data", "heading", "subtotal", "total"] = "data"
    level: int = 0
    unit: str | None = None
    exact: bool = False
    relation: RelationField | None = None


class ColumnSpec(Model):
    """One column, or one column a year where `years` is given as ``2019-2025``.

    `year` says which year a single column belongs to, where its printed header says more than that.
    """

    key: str = ""
    year: int | None = None
    years: str | None = None
    header: str = ""
    label: str = ""
    group: str = ""
    unit: str | None = None
    decimals: int | None = None
    exact: bool = False
    relation: RelationField | None = None

    @model_validator(mode="after")
    def _named(self) -> ColumnSpec:
        if not self.key and not self.years:
            raise ValueError("en kolonne trenger «key», eller «years» for én kolonne per år")
        return self


class TableSpec(Model):
    """The descriptor of one published table.

    `exact` says that the numbers are counts, not rounded: of the table, or of a row or column.
    `cells` gives the relation of a single cell, by ``row/column``; `checks` are for the audit.
    """

    name: str
    path: str
    number: str
    title: str
    unit: str
    basis: str = ""
    stub: str
    sources: tuple[str, ...]
    date: str = ""
    period: str = ""
    year: int | None = None
    price_year: int | None = None
    decimals: int | None = None
    exact: bool = False
    columns: tuple[ColumnSpec, ...]
    rows: dict[str, RowSpec] = Field(default_factory=dict)
    cells: dict[str, RelationField] = Field(default_factory=dict)
    relation: RelationField | None = None
    checks: tuple[CheckField, ...] = ()
    notes: tuple[str, ...] = ()
    address: str = ""
