"""Parameters: read from YAML and the command line, checked against what the notebooks declare.

A report definition: title, edition, and which chapters in which order.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from analysis_lib.data.editions import edition_of, editions
from analysis_lib.errors import NotatbokFeil, ParameterFeil, RapportFeil, nearest
from publishing.notebooks import Parameter, declared_parameters

FIELDS = ("id", "title", "subtitle", "edition", "status", "date", "params", "data", "chapters")


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter: its notebook, and its number in the report ("" for none)."""

    name: str
    number: str
    notebook: Path


@dataclass(frozen=True, slots=True)
class Report:
    """One report for one set of parameters.

    `definition` is the name of its file, `params` that of its usual parameters, and `data` the edition
    that it is computed from.
    """

    id: str
    title: str
    subtitle: str
    edition: str
    status: str
    date: str
    chapters: tuple[Chapter, ...]
    definition: str = ""
    params: str = ""
    data: str = ""


def load_yaml(path: Path, root: Path) -> Any:
    """Read YAML without the data layer: deciding what is stale must not import pandas or pydantic."""
    where = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        known = sorted(item.name for item in path.parent.glob("*.yml"))
        raise ParameterFeil("filen finnes ikke", where=where, hint=nearest(path.name, known)) from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ParameterFeil(f"ugyldig YAML: {error.problem}", where=f"{where}, linje {line}") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ParameterFeil(f"ugyldig YAML: {error}", where=where) from None


def read_report(path: Path, root: Path, parameters: dict[str, Any]) -> Report:
    """Read ``reports/NAME.yml``; ``{aar}`` and the like in its texts are filled from the parameters.

    Raises
    ------
    RapportFeil
        An unknown field or parameter, a chapter without a notebook, or a chapter named twice.
    """
    where = path.relative_to(root).as_posix()
    raw = load_yaml(path, root)
    if not isinstance(raw, dict):
        raise RapportFeil("rapportdefinisjonen er ikke felter med verdier", where=where)
    for field in raw:
        if field not in FIELDS:
            raise RapportFeil(f"ukjent felt «{field}»", where=where, hint=nearest(field, FIELDS))
    for field in ("id", "title", "chapters"):
        if not raw.get(field):
            raise RapportFeil(f"feltet «{field}» mangler", where=where)
    texts = {
        field: _fill(str(raw.get(field, "")), parameters, where) for field in FIELDS if field != "chapters"
    }
    texts["data"] = _edition(texts["data"], parameters, root, where)
    chapters = tuple(_chapter(item, root, where) for item in raw["chapters"])
    names = [chapter.name for chapter in chapters]
    if twice := {name for name in names if names.count(name) > 1}:
        raise RapportFeil(f"kapitlet «{twice.pop()}» står to ganger", where=where)
    return Report(chapters=chapters, definition=path.stem, **texts)


def usual_parameters(path: Path, root: Path) -> Path:
    """Return the file of the parameters that a report is usually built with.

    It is the one that the definition names, else the newest of ``params/``.

    Raises
    ------
    ParameterFeil
        If there is none.
    """
    raw = load_yaml(path, root)
    named = raw.get("params") if isinstance(raw, dict) else None
    known = sorted((root / "params").glob("*.yml"))
    if named is None and not known:
        raise ParameterFeil("ingen parameterfil finnes", where="params", hint="Lag params/ÅR.yml.")
    return root / "params" / f"{named}.yml" if named is not None else known[-1]


def _edition(name: str, parameters: Mapping[str, Any], root: Path, where: str) -> str:
    """Return the edition that a report is computed from: a folder, or the year that an edition tells of.

    A definition that names none is computed from the edition of its own year, ``aar``, else from the newest.
    """
    known = editions(root)
    name = name or str(parameters.get("aar", next(reversed(known), "")))
    if name in known:
        return name
    if name.isdecimal() and known:
        return edition_of(int(name), root).name
    raise RapportFeil(f"utgaven «{name}» finnes ikke (felt «data»)", where=where, hint=nearest(name, known))


def _fill(text: str, parameters: dict[str, Any], where: str) -> str:
    try:
        return text.format(**parameters)
    except KeyError as error:
        raise ParameterFeil(
            f"«{text}» bruker parameteren {error}, som ikke er satt",
            where=where,
            hint=nearest(error, parameters),
        ) from None


def _chapter(item: Any, root: Path, where: str) -> Chapter:
    entry = {"notebook": item} if isinstance(item, str) else item
    if not isinstance(entry, dict) or "notebook" not in entry:
        raise RapportFeil(f"kapitlet «{item}» mangler feltet «notebook»", where=where)
    name = str(entry["notebook"])
    notebook = root / "notebooks" / f"{name}.ipynb"
    if not notebook.exists():
        known = sorted(path.stem for path in notebook.parent.glob("*.ipynb"))
        raise NotatbokFeil(f"notatboken «{name}» finnes ikke", where=where, hint=nearest(name, known))
    return Chapter(name, str(entry.get("number", "")), notebook)


def select(report: Report, names: tuple[str, ...]) -> tuple[Chapter, ...]:
    """Return the chapters asked for by name, or all."""
    known = {chapter.name: chapter for chapter in report.chapters}
    for name in names:
        if name not in known:
            raise ParameterFeil(f"kapitlet «{name}» finnes ikke i rapporten", hint=nearest(name, known))
    return tuple(chapter for chapter in report.chapters if not names or chapter.name in names)


_TYPES: dict[str, type] = {"int": int, "float": float, "str": str, "bool": bool, "list": list}


def read_parameters(path: Path, root: Path, overrides: Iterable[str]) -> dict[str, Any]:
    """Return the parameters of a file, with ``NAME=VALUE`` from the command line over them."""
    raw = load_yaml(path, root)
    if not isinstance(raw, dict):
        raise ParameterFeil("filen er ikke parametre med verdier", where=path.name)
    parameters = {str(name): value for name, value in raw.items()}
    return parameters | dict(map(parse_override, overrides))


def parse_override(text: str) -> tuple[str, Any]:
    """Read ``NAME=VALUE``; the value is YAML.

    >>> parse_override("aar=2024")
    ('aar', 2024)
    """
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise ParameterFeil(f"«{text}» er ikke på formen NAVN=VERDI", where="-p")
    try:
        return name.strip(), yaml.safe_load(value)
    except yaml.YAMLError:
        raise ParameterFeil(f"verdien i «{text}» kan ikke leses", where="-p") from None


def fits(value: Any, annotation: str) -> bool:
    """Tell whether a value has the annotated type; an unknown annotation fits everything.

    >>> fits(2025, "int"), fits("2025", "int"), fits(None, "int | None"), fits(True, "int")
    (True, False, True, False)
    >>> fits("indeks", "Literal['trykte par', 'indeks']"), fits(3, "float")
    (True, True)
    """
    node = ast.parse(annotation, mode="eval").body
    if isinstance(node, ast.BinOp):
        return fits(value, ast.unparse(node.left)) or fits(value, ast.unparse(node.right))
    if isinstance(node, ast.Constant) and node.value is None:
        return value is None
    if isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith("Literal"):
        return value in choices(annotation)
    name = ast.unparse(node.value if isinstance(node, ast.Subscript) else node)
    if name not in _TYPES:
        return True
    if name == "float" and isinstance(value, int) and not isinstance(value, bool):
        return True
    return isinstance(value, _TYPES[name]) and (name == "bool" or not isinstance(value, bool))


def choices(annotation: str) -> list[Any]:
    """Return the values that a ``Literal[…]`` annotation allows, none for other annotations."""
    node = ast.parse(annotation, mode="eval").body
    if not (isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith("Literal")):
        return []
    elements = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    return [ast.literal_eval(element) for element in elements]


def assign(chapters: Iterable[Chapter], parameters: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Give each chapter the parameters that it declares.

    Returns
    -------
    dict
        By chapter name: parameter name to value.

    Raises
    ------
    ParameterFeil
        For a parameter that no chapter declares, or a value of the wrong type.
    """
    declared = {chapter.name: declared_parameters(chapter.notebook) for chapter in chapters}
    known = {name for names in declared.values() for name in names}
    for name in parameters:
        if name not in known:
            raise ParameterFeil(
                "ingen notatbok har denne parameteren", where=name, hint=nearest(name, sorted(known))
            )
    return {
        chapter: {
            name: _checked(chapter, names[name], parameters[name]) for name in names if name in parameters
        }
        for chapter, names in declared.items()
    }


def _checked(chapter: str, parameter: Parameter, value: Any) -> Any:
    if fits(value, parameter.annotation):
        return value
    hint = nearest(value, choices(parameter.annotation)) if choices(parameter.annotation) else ""
    raise ParameterFeil(
        f"«{value}» er {type(value).__name__}, ventet {parameter.annotation}",
        where=f"parameter {parameter.name} i notebooks/{chapter}.ipynb",
        hint=hint,
    )
