"""What a table's descriptor says: a Data Resource with units, periods and relations.

A descriptor lies beside its CSV (``8.1.csv``, ``8.1.yml``). The fields that Data Package knows
(name, path, title, sources) keep their meaning; the rest is what makes the numbers checkable.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar, get_args

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from analysis_lib.data.files import read_text
from analysis_lib.data.inputs import relative
from analysis_lib.errors import DataFeil, nearest

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

M = TypeVar("M", bound=BaseModel)
MESSAGES = {
    "extra_forbidden": "ukjent felt",
    "missing": "feltet mangler",
    "too_short": "listen er tom",
    "string_pattern_mismatch": "teksten er skrevet på en annen måte enn ventet",
    "recursion_loop": "innholdet viser til seg selv",
}
# What was expected, by the first word of pydantic's name for an error.
EXPECTED = {
    "int": "et heltall",
    "float": "et tall",
    "finite": "et tall",
    "bool": "«true» eller «false»",
    "string": "tekst",
    "tuple": "en liste",
    "list": "en liste",
    "dict": "felter med navn",
    "model": "felter med navn",
    "greater": "så stort som det må være",
    "less": "så lite som det må være",
}
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


class Model(BaseModel):
    """Immutable, and an unknown field is an error rather than a silent wish."""

    model_config = ConfigDict(extra="forbid", frozen=True)


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


def texts(raw: Any) -> Any:
    """Return a list of names, or a single one, as a list of texts: YAML reads 2019 as a number."""
    listed = raw if isinstance(raw, list) else [raw]
    return [str(item) if isinstance(item, int | float) else item for item in listed]


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
    arguments: tuple[str, ...]

    @model_validator(mode="after")
    def _fits(self) -> Relation:
        check_arguments(self.operation, self.arguments, ARGUMENTS)
        if self.operation == "rate":
            check_whole("rate", self.arguments[0])
        if self.operation == "change" and self.arguments[0] not in ("siste", "periode"):
            raise ValueError(f"«change» er «{self.arguments[0]}», ventet «siste» eller «periode»")
        return self


def _relation(raw: Any) -> Any:
    if isinstance(raw, dict) and len(raw) == 1 and "operation" not in raw:
        ((operation, arguments),) = raw.items()
        return {"operation": operation, "arguments": texts(arguments)}
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
    arguments: tuple[str, ...]
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
            return {"claim": claim, "arguments": texts(arguments), **rest}
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
    year: Year | None = None
    years: str | None = None
    header: str = ""
    label: str = ""
    group: str = ""
    unit: str | None = None
    decimals: Decimals | None = None
    exact: bool = False
    relation: RelationField | None = None

    @model_validator(mode="after")
    def _named(self) -> ColumnSpec:
        if not self.key and not self.years:
            raise ValueError("en kolonne trenger «key», eller «years» for én kolonne per år")
        if self.years and not (re.fullmatch(r"[12]\d{3}-[12]\d{3}", self.years) and self.each()):
            raise ValueError(f"«years» er «{self.years}», ventet første og siste år, som 2019-2025")
        return self

    def each(self) -> list[tuple[str, int | None]]:
        """Return key and year of each column that this stands for."""
        if not self.years:
            return [(self.key, self.year)]
        first, last = map(int, self.years.split("-"))
        return [(str(year), year) for year in range(first, last + 1)]


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
    year: Year | None = None
    price_year: Year | None = None
    decimals: Decimals | None = None
    exact: bool = False
    columns: tuple[ColumnSpec, ...] = Field(min_length=1)
    rows: dict[str, RowSpec] = Field(default_factory=dict)
    cells: dict[str, RelationField] = Field(default_factory=dict)
    relation: RelationField | None = None
    checks: tuple[CheckField, ...] = ()
    notes: tuple[str, ...] = ()
    address: str = ""

    @model_validator(mode="after")
    def _each_once(self) -> TableSpec:
        count = Counter(key for column in self.columns for key, _ in column.each())
        if twice := next((key for key, times in count.items() if times > 1), ""):
            raise ValueError(f"kolonnen «{twice}» står to ganger")
        return self


# Libyaml descends a level a bracket, and ends the process where the stack is full.
MOST_BRACKETS, MOST_DASHES = 10_000, 100
# libyaml reads ten times as fast, and is there wherever PyYAML comes as a wheel.
_FAST: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_FAST):  # type: ignore[misc]
    """Refuses a key that stands twice, where YAML's own loaders keep the last in silence."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys: set[Any] = set()
        for key, _ in node.value if isinstance(node, yaml.MappingNode) else ():
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(
                    None, None, "et feltnavn må være tekst", key.start_mark
                )
            name = (key.tag, key.value)
            if name in keys and key.value != "<<":
                raise yaml.constructor.ConstructorError(
                    None, None, f"«{key.value}» står to ganger", key.start_mark
                )
            keys.add(name)
        return super().construct_mapping(node, deep)  # type: ignore[no-any-return]


def read_yaml(path: Path) -> Any:
    """Read a YAML file; a missing or malformed one is a `DataFeil` with file and line."""
    where, text = relative(path), read_text(path)
    if text.count("[") + text.count("{") > MOST_BRACKETS or "- " * MOST_DASHES in text:
        raise DataFeil("ugyldig YAML: for mange nivåer", where=where)
    try:
        return yaml.load(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise DataFeil(f"ugyldig YAML: {error.problem}", where=f"{where}, linje {line}") from None
    except yaml.YAMLError as error:
        raise DataFeil(f"ugyldig YAML: {error}", where=where) from None
    except ValueError as error:
        # What looks like a date is read as one, and 30 February is none.
        raise DataFeil(f"ugyldig dato eller tall: {error}", where=where) from None
    except RecursionError:
        raise DataFeil("ugyldig YAML: for mange nivåer", where=where) from None


def read_entries(model: type[M], path: Path, what: str) -> list[tuple[str, M]]:
    """Read a YAML file that is a list, each entry with its place; a missing file means none.

    Parameters
    ----------
    model : type of Model
        What an entry is.
    path : Path
    what : str
        What an entry is called: «data/published/2025/audit.yml, vurdering 3».

    Raises
    ------
    DataFeil
        If the file is malformed, or no list, or an entry does not fit.
    """
    raw = read_yaml(path) if path.exists() else None
    where = relative(path)
    if not isinstance(raw, list | None):
        raise DataFeil(f"ventet en liste, der hver {what} begynner med «- »", where=where)
    places = [f"{where}, {what} {number}" for number in range(1, len(raw or []) + 1)]
    return [(place, read_model(model, item, place)) for place, item in zip(places, raw or [], strict=True)]


def read_model(model: type[M], raw: Any, where: str) -> M:
    """Validate `raw`, and name the first field that does not fit."""
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        # A misspelt field gives two errors; the spelling is the one to mend.
        first = min(error.errors(), key=lambda item: item["type"] != "extra_forbidden")
        field = ".".join(str(part) for part in first["loc"])
        misspelt = first["type"] == "extra_forbidden"
        hint = nearest(first["loc"][-1], _fields(model, first["loc"][:-1])) if misspelt else ""
        place = f" (felt «{field}»)" if field else ""
        raise DataFeil(f"{_message(first)}{place}", where=where, hint=hint) from None


def _message(error: ErrorDetails) -> str:
    printed, kind = str(error["input"])[:60], error["type"]
    if kind in ("enum", "literal_error"):
        return f"«{printed}» er ikke et av valgene {error['ctx']['expected'].replace(' or ', ' eller ')}"
    if kind not in MESSAGES and (expected := EXPECTED.get(kind.partition("_")[0])):
        return f"«{printed}» er ikke {expected}"
    return MESSAGES.get(error["type"], error["msg"].removeprefix("Value error, "))


def _fields(model: type[BaseModel], place: tuple[int | str, ...]) -> Iterable[str]:
    """Return the fields of the model that a place within `model` belongs to."""
    for part in place:
        if part in model.model_fields:
            model = _inner(model.model_fields[str(part)].annotation) or model
    return model.model_fields


def _inner(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for item in get_args(annotation) if (found := _inner(item))), None)
