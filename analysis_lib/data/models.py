"""YAML files read into models: what does not fit is an error that names the file, the entry and the field."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, ValidationError

from analysis_lib.data.inputs import relative
from analysis_lib.errors import DataFeil, nearest

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

M = TypeVar("M", bound=BaseModel)
MESSAGES = {
    "extra_forbidden": "ukjent felt",
    "missing": "feltet mangler",
    "string_too_short": "feltet er tomt",
    "string_type": "ventet en tekst (sett den i anførselstegn)",
    "model_type": "ventet felter med verdier",
}
# What must say something, such as a reason.
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
# One word or a list of them; YAML takes «2025» and «8.1» for numbers.
Words = Annotated[
    tuple[str, ...],
    BeforeValidator(lambda raw: tuple(map(str, raw if isinstance(raw, list | tuple) else [raw]))),
]


class Model(BaseModel):
    """Immutable, and an unknown field is an error rather than a silent wish."""

    model_config = ConfigDict(extra="forbid", frozen=True)


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
        named = f" (felt «{field}»)" if field else ""
        raise DataFeil(f"{_message(first)}{named}", where=where, hint=hint) from None


def read_entries(model: type[M], path: Path, noun: str) -> list[tuple[str, M]]:
    """Read a YAML file that is a list of entries; each comes with where it stands.

    Raises
    ------
    DataFeil
        If the file is missing or malformed, or an entry does not fit; names the `noun` and its number.
    """
    where, raw = relative(path), read_yaml(path)
    if raw is not None and not isinstance(raw, list):
        raise DataFeil(f"ventet en liste, én {noun} under «- »", where=where)
    places = [f"{where}, {noun} {number}" for number in range(1, len(raw or ()) + 1)]
    return [(place, read_model(model, item, place)) for place, item in zip(places, raw or (), strict=True)]


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
