"""YAML files read into models: what does not fit is an error that names the file, the entry and the field."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
    ValidationError,
)

from analysis_lib.data.formats import is_there, read_yaml
from analysis_lib.data.inputs import relative
from analysis_lib.data.periods import first_day, last_day
from analysis_lib.errors import DataFeil, nearest

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails


def _text(raw: Any) -> Any:
    # YAML reads 2024 as a number and 2026-01-01 as a date.
    return raw if isinstance(raw, str) else str(raw)


def _period(text: str) -> str:
    # Either raises what is wrong with it.
    if first_day(text) > last_day(text):
        raise ValueError(f"«{text}» slutter før det begynner")
    return text


Period = Annotated[str, BeforeValidator(_text), AfterValidator(_period)]


def read_register(path: Path, field: str) -> list[tuple[str, Any]]:
    """Return the entries of a register's only list, each with where it stands.

    Raises
    ------
    DataFeil
        If the file is missing or malformed, or an id stands twice.
    """
    where, raw = relative(path), read_yaml(path)
    if not isinstance(raw, dict) or not isinstance(raw.get(field), list):
        raise DataFeil(f"filen skal ha en liste «{field}»", where=where)
    names = [item.get("id", "?") if isinstance(item, dict) else "?" for item in raw[field]]
    for name in names:
        if names.count(name) > 1:
            raise DataFeil(f"«{name}» står to ganger", where=where)
    return [(f"{where}, {name}", item) for name, item in zip(names, raw[field], strict=True)]


M = TypeVar("M", bound=BaseModel)
MESSAGES = {
    "extra_forbidden": "ukjent felt",
    "missing": "feltet mangler",
    "too_short": "listen er tom",
    "string_too_short": "feltet er tomt",
    "string_pattern_mismatch": "teksten er skrevet på en annen måte enn ventet",
    "recursion_loop": "innholdet viser til seg selv",
}
# What was expected, by the first word of pydantic's name for an error.
EXPECTED = {
    "int": "et heltall",
    "float": "et tall",
    "finite": "et tall",
    "bool": "«true» eller «false»",
    "string": "en tekst (sett den i anførselstegn)",
    "tuple": "en liste",
    "list": "en liste",
    "dict": "felter med navn",
    "model": "felter med navn",
    "greater": "så stort som det må være",
    "less": "så lite som det må være",
}


def _words(raw: Any) -> Any:
    listed = raw if isinstance(raw, list | tuple) else [raw]
    return tuple(str(item) if isinstance(item, int | float) else item for item in listed)


# What must say something, such as a reason.
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
# One word or a list of them; YAML takes «2025» and «8.1» for numbers.
Words = Annotated[tuple[str, ...], BeforeValidator(_words)]


class Model(BaseModel):
    """Immutable, and an unknown field is an error rather than a silent wish."""

    # Built at first use: a chapter uses a few of them.
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


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
        named = f" (felt «{field}»)" if field else ""
        raise DataFeil(f"{_message(first)}{named}", where=where, hint=hint) from None


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
    raw = read_yaml(path) if is_there(path) else None
    where = relative(path)
    if not isinstance(raw, list | None):
        raise DataFeil(f"ventet en liste, der hver {what} begynner med «- »", where=where)
    places = [f"{where}, {what} {number}" for number in range(1, len(raw or []) + 1)]
    return [(place, read_model(model, item, place)) for place, item in zip(places, raw or [], strict=True)]


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
