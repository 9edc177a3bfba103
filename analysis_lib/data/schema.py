"""What a table's descriptor says: a Data Resource with units, periods and relations.

A descriptor lies beside its CSV (``8.1.csv``, ``8.1.yml``). The fields that Data Package knows
(name, path, title, sources) keep their meaning; the rest is what makes the numbers checkable.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar, get_args

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from analysis_lib.data.inputs import relative
from analysis_lib.errors import DataFeil, nearest

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

M = TypeVar("M", bound=BaseModel)
MESSAGES = {
    "extra_forbidden": "ukjent felt",
    "missing": "feltet mangler",
    "string_type": "her skal det stå tekst",
    "tuple_type": "her skal det stå en liste",
    "list_type": "her skal det stå en liste",
    "dict_type": "her skal det stå felt med hver sin verdi",
    "model_type": "her skal det stå felt med hver sin verdi",
    "too_short": "listen er tom",
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


def _relation(raw: Any) -> Any:
    if isinstance(raw, dict) and len(raw) == 1 and "operation" not in raw:
        ((operation, arguments),) = raw.items()
        listed = arguments if isinstance(arguments, list) else [arguments]
        return {"operation": operation, "arguments": [str(argument) for argument in listed]}
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


def _check(raw: Any) -> Any:
    if isinstance(raw, dict) and "claim" not in raw:
        rest = {key: raw[key] for key in ("only", "doubtful") if key in raw}
        named = {key: value for key, value in raw.items() if key not in rest}
        if len(named) == 1:
            ((claim, arguments),) = named.items()
            return {"claim": claim, "arguments": [str(argument) for argument in arguments], **rest}
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


# libyaml reads ten times as fast, and is there wherever PyYAML comes as a wheel.
_FAST: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_FAST):  # type: ignore[misc]
    """Refuses a key that stands twice, where YAML's own loaders keep the last in silence."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys: set[Any] = set()
        for key, _ in node.value:
            name = (key.tag, key.value)
            if name in keys and key.value != "<<":
                raise yaml.constructor.ConstructorError(
                    None, None, f"«{key.value}» står to ganger", key.start_mark
                )
            keys.add(name)
        return super().construct_mapping(node, deep)  # type: ignore[no-any-return]


def read_yaml(path: Path) -> Any:
    """Read a YAML file; a missing or malformed one is a `DataFeil` with file and line."""
    where = relative(path)
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        siblings = [item.name for item in path.parent.glob(f"*{path.suffix}")]
        raise DataFeil("filen finnes ikke", where=where, hint=nearest(path.name, siblings)) from None
    except UnicodeDecodeError as error:
        raise DataFeil(f"filen er ikke UTF-8 (byte {error.start})", where=where) from None
    try:
        return yaml.load(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise DataFeil(f"ugyldig YAML: {error.problem}", where=f"{where}, linje {line}") from None
    except ValueError as error:
        # What looks like a date is read as one, and 30 February is none.
        raise DataFeil(f"ugyldig dato: {error}", where=where) from None


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
        raise DataFeil(f"{_message(first)} (felt «{field}»)", where=where, hint=hint) from None


def _message(error: ErrorDetails) -> str:
    if error["type"] == "enum":
        return (
            f"«{error['input']}» er ikke et av valgene {error['ctx']['expected'].replace(' or ', ' eller ')}"
        )
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
