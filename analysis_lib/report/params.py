"""Parameters: read from YAML and the command line, checked against what the notebooks declare."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from analysis_lib.errors import ParameterFeil, nearest
from analysis_lib.report.definition import Chapter, load_yaml
from analysis_lib.report.notebooks import Parameter, declared_parameters

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
