"""What a table's descriptor says: a Data Resource with units, periods and relations.

A descriptor lies beside its CSV (``8.1.csv``, ``8.1.yml``). The fields that Data Package knows
(name, path, title, sources) keep their meaning; the rest is what makes the numbers checkable.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from analysis_lib.data.cells import Rounding
from analysis_lib.data.files import Model, Words
from analysis_lib.data.files import Period as PeriodText
from analysis_lib.data.periods import Frequency, Period, each, key_of

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


def _beside(name: str) -> str:
    if not re.fullmatch(r"\w[\w.-]*", name):
        raise ValueError(f"«{name}» er ikke navnet på en fil ved siden av beskrivelsen")
    return name


# Of a file beside the descriptor, and nowhere else.
FileName = Annotated[str, AfterValidator(_beside)]
Year = Annotated[int, Field(ge=1000, le=9999)]
Decimals = Annotated[int, Field(ge=0, le=9)]

# The least and the most arguments that an operation, or a claim, has.
MANY = 1000
ARGUMENTS: dict[str, tuple[int, int]] = {
    "sum": (1, MANY),
    "share": (2, 2),
    "share_of_column": (1, 1),
    "rate": (3, MANY),
    "change": (1, 1),
    "difference": (2, 2),
    "net_change": (1, 1),
    "growth": (1, 1),
    "same": (1, 2),
    "constant_prices": (1, 1),
    "per_capita": (2, 2),
}
CLAIM_ARGUMENTS: dict[str, tuple[int, int]] = {
    "parts": (1, MANY),
    "union": (1, MANY),
    "at_most": (2, 2),
    "between": (1, MANY),
    "mean": (3, MANY),
    "rate": (4, 4),
    "sum": (1, MANY),
    "same": (2, 2),
    "possible": (2, 2),
    "population": (3, 3),
}


def check_arguments(name: str, arguments: Sequence[str], known: Mapping[str, tuple[int, int]]) -> None:
    """Refuse too few or too many arguments.

    Raises
    ------
    ValueError
        If an operation does not take so many; pydantic makes it a `DataFeil`.
    """
    least, most = known[name]
    if not least <= len(arguments) <= most:
        wanted = str(least) if least == most else f"minst {least}" if most == MANY else f"{least}–{most}"
        raise ValueError(f"«{name}» har {len(arguments)} ledd, ventet {wanted}")


def check_whole(name: str, argument: str) -> None:
    """Refuse what is no whole number above 0; raises ValueError."""
    if not re.fullmatch(r"[1-9]\d{0,8}", argument):
        raise ValueError(f"«{name}» er per «{argument}», ventet et heltall, som 1000")


class Relation(Model):
    """How a derived cell follows from others; written in YAML as ``operation: arguments``.

    ``sum: [a, b]``, ``share: [part, whole]``, ``difference: [a, b]`` (b less a) and
    ``rate: [1000, part, whole, …]`` (part for every 1000 of the sum of the rest) name rows or
    columns of the same table, or a row of another as ``12.2/fysisk``. ``share_of_column: a`` is
    column a in per cent of its sum over the data rows. ``net_change: a`` and ``growth: a`` compare
    a with the year before, or over the years that the row or column is named by.
    ``same: 8.3/sum_totalt`` and ``constant_prices: 8.1`` and ``per_capita: 8.1`` name a table
    (and a row, where it has another name there, and a second argument where the column has);
    ``change: siste`` is the last period against the same one a year before, so that the season is the
    same; ``change: forrige`` against the one before it, ``change: periode`` against the first. In a
    table of years the first two are the same. The column's label names both periods.
    """

    operation: Operation
    arguments: Words

    @model_validator(mode="after")
    def _fits(self) -> Relation:
        check_arguments(self.operation, self.arguments, ARGUMENTS)
        if self.operation == "rate":
            check_whole("rate", self.arguments[0])
        if self.operation == "change" and self.arguments[0] not in ("siste", "forrige", "periode"):
            raise ValueError(f"«change» er «{self.arguments[0]}», ventet «siste», «forrige» eller «periode»")
        return self


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

    @model_validator(mode="after")
    def _fits(self) -> CheckSpec:
        check_arguments(self.claim, self.arguments, CLAIM_ARGUMENTS)
        if self.claim in ("rate", "population"):
            check_whole(self.claim, self.arguments[1 if self.claim == "rate" else 0])
        return self


def _check(raw: Any) -> Any:
    if isinstance(raw, dict) and "claim" not in raw:
        rest = {key: raw[key] for key in ("only", "doubtful") if key in raw}
        named = {key: value for key, value in raw.items() if key not in rest}
        if len(named) == 1:
            ((claim, arguments),) = named.items()
            return {"claim": claim, "arguments": arguments, **rest}
    return raw


CheckField = Annotated[CheckSpec, BeforeValidator(_check)]


class Rounded(Model):
    """How the source rounded whole numbers, said of a table, a row or a column.

    `rounding_base` says to the nearest of what (1 for a part of a table that is not rounded so);
    `random_rounding` that a number went at random to the base below or above.
    """

    exact: bool = False
    rounding_base: Annotated[int, Field(ge=1)] | None = None
    random_rounding: Annotated[int, Field(ge=2)] | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Rounded:
        given = [name for name in ("exact", "rounding_base", "random_rounding") if getattr(self, name)]
        if len(given) > 1:
            raise ValueError(f"«{given[0]}» og «{given[1]}» kan ikke gjelde samtidig")
        return self

    @property
    def rounding(self) -> Rounding | None:
        """How the numbers are rounded; None where nothing is said."""
        base = self.rounding_base or self.random_rounding
        return Rounding(base, at_random=self.random_rounding is not None) if base else None


class RowSpec(Rounded):
    """What is special about a row; a row not named is plain data with its printed label."""

    label: str | None = None
    kind: Literal["data", "heading", "subtotal", "total"] = "data"
    level: int = 0
    unit: str | None = None
    relation: RelationField | None = None


class ColumnSpec(Rounded):
    """One column, or one a period where `periods` is ``2024K1-2025K4``, or `years` ``2019-2025``.

    A key may be a half-year, quarter, month or school year. `period` (or `year`) says which one a single
    column belongs to, where its key does not.
    """

    key: str = ""
    year: Year | None = None
    years: str | None = None
    period: PeriodText | None = None
    periods: str | None = None
    header: str = ""
    label: str = ""
    group: str = ""
    unit: str | None = None
    decimals: Decimals | None = None
    relation: RelationField | None = None

    @model_validator(mode="after")
    def _named(self) -> ColumnSpec:
        if not self.key and not self.spanned:
            raise ValueError(
                "en kolonne trenger «key», eller «years» eller «periods» for én kolonne per periode"
            )
        try:
            found = self.each()
        except ValueError as error:
            if self.periods:
                raise ValueError(f"«periods»: {error}") from None
            found = []
        if self.years and (not found or frequencies(found) != {Frequency.YEAR}):
            raise ValueError(f"«years» er «{self.years}», ventet første og siste år, som 2019-2025")
        return self

    @property
    def spanned(self) -> str:
        """The first and the last of several columns' periods, nothing for a single column."""
        return self.years or self.periods or ""

    def each(self) -> list[tuple[str, Period | None]]:
        """Return key and period of each column that this stands for."""
        if self.spanned:
            return [(str(period), period) for period in each(self.spanned)]
        key = key_of(self.key)
        named = self.period or (str(self.year) if self.year else "")
        own = Period.read(named) if named else None
        # A bare year is a key like another: a column of a plan for 2026 is of no year that is told of.
        with suppress(ValueError):
            own = own if key.isdigit() else Period.read(key)
        return [(key, own)]


def frequencies(columns: list[tuple[str, Period | None]]) -> set[Frequency]:
    """Return how long the periods of some columns are."""
    return {period.frequency for _, period in columns if period}


class TableSpec(Rounded):
    """The descriptor of one published table.

    `exact` says that the numbers are counts, not rounded: of the table, or of a row or column.
    `cells` gives the relation of a single cell, by ``row/column``; `checks` are for the audit.
    """

    name: str
    path: FileName
    number: str
    title: str
    unit: str
    basis: str = ""
    stub: str
    sources: tuple[str, ...]
    date: str = ""
    period: str = ""
    year: Year | None = None
    price_year: Year | None = None
    decimals: Decimals | None = None
    columns: tuple[ColumnSpec, ...] = Field(min_length=1)
    rows: dict[str, RowSpec] = Field(default_factory=dict)
    cells: dict[str, RelationField] = Field(default_factory=dict)
    relation: RelationField | None = None
    checks: tuple[CheckField, ...] = ()
    notes: tuple[str, ...] = ()
    address: str = ""

    @property
    def rounding_notes(self) -> tuple[str, ...]:
        """What a reader is told of how the source rounded: of the table, then of rows and columns."""
        columns = [(one.label or one.header or one.key or one.spanned, one.rounding) for one in self.columns]
        rows = [(one.label or key, one.rounding) for key, one in self.rows.items()]
        notes = [f"Tallene er {self.rounding.words}."] if self.rounding else []
        notes += [
            f"Tallene i {what} «{name}» er {rounding.words}."
            for what, named in (("kolonnen", columns), ("raden", rows))
            for name, rounding in named
            if rounding and rounding.base > 1
        ]
        return tuple(notes)

    @model_validator(mode="after")
    def _each_once(self) -> TableSpec:
        count = Counter(key for column in self.columns for key, _ in column.each())
        if twice := next((key for key, times in count.items() if times > 1), ""):
            raise ValueError(f"kolonnen «{twice}» står to ganger")
        return self
