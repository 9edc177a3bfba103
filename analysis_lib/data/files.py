"""Text files of an edition: read whole, or refused with what is wrong with them.

YAML files read into models: what does not fit is an error that names the file, the entry and the field.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, get_args

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
    ValidationError,
)

from analysis_lib.data.inputs import relative
from analysis_lib.data.periods import first_day, last_day
from analysis_lib.errors import DataFeil, nearest

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails


# What neither HTML nor a workbook may hold.
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def read_text(path: Path) -> str:
    """Read a UTF-8 file.

    Raises
    ------
    DataFeil
        If it is missing (the nearest name is told), no file, not UTF-8, or has a sign that no page can show.
    """
    where = relative(path)
    try:
        text = path.read_text(encoding="utf-8")
        if found := UNPRINTABLE.search(text):
            line = text.count("\n", 0, found.start()) + 1
            raise DataFeil(
                f"tegnet U+{ord(found[0]):04X} kan ikke vises",
                where=f"{where}, linje {line}",
                hint="Fjern det.",
            )
        return text
    except UnicodeDecodeError as error:
        raise DataFeil(f"filen er ikke UTF-8 (byte {error.start})", where=where) from None
    except FileNotFoundError:
        siblings = [item.name for item in path.parent.glob(f"*{path.suffix}")]
        raise DataFeil("filen finnes ikke", where=where, hint=nearest(path.name, siblings)) from None
    except (OSError, ValueError) as error:
        raise DataFeil(f"filen kan ikke leses ({error})", where=where) from None


def read_semicolons(path: Path) -> list[list[str]]:
    """Read a CSV file with semicolons.

    Raises
    ------
    DataFeil
        As `read_text`; and if a quoted field is not closed, or is longer than any cell.
    """
    reader = csv.reader(io.StringIO(read_text(path), newline=""), delimiter=";", strict=True)
    try:
        return list(reader)
    except csv.Error as error:
        raise DataFeil(
            f"linjen kan ikke deles i felter ({error})", where=f"{relative(path)}, linje {reader.line_num}"
        ) from None


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
    raw = read_yaml(path) if path.exists() else None
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
