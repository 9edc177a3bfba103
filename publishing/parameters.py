"""Parameters: read as text, and given the type that the notebook declares. Nothing is guessed.

No scalar is interpreted before its type is known.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from analysis_lib.data.formats import UNPRINTABLE, Plain, parse_yaml, read_yaml
from analysis_lib.errors import DataFeil, NotatbokFeil, ParameterFeil, nearest, raised_as
from publishing.notebooks import Chapter, Parameter, declared_parameters
from publishing.typed import convert, fits


def load_yaml(path: Path, root: Path) -> Any:
    """Read a YAML file with all its scalars as text; what is wrong with it is a `ParameterFeil`."""
    where = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()
    with raised_as(ParameterFeil):
        return read_yaml(path, where, typed=False)


def read_parameters(path: Path, root: Path, overrides: Iterable[str] = ()) -> dict[str, Any]:
    """Return the parameters of a file as text, with ``NAME=VALUE`` from the command line over them."""
    raw = load_yaml(path, root)
    if not isinstance(raw, dict):
        raise ParameterFeil("filen er ikke parametre med verdier", where=path.name)
    return raw | dict(map(parse_override, overrides))


def parse_override(text: str) -> tuple[str, str]:
    """Read ``NAME=VALUE``: the value as typed, or what stands between quotation marks.

    >>> parse_override("kommunenr=0301"), parse_override("navn='a, b'")
    (('kommunenr', '0301'), ('navn', 'a, b'))
    """
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise ParameterFeil(f"«{text}» er ikke på formen NAVN=VERDI", where="-p")
    if found := UNPRINTABLE.search(text):
        raise ParameterFeil(f"tegnet U+{ord(found[0]):04X} kan ikke vises", where="-p")
    if value[:1] in ("'", '"'):
        try:
            quoted = parse_yaml(value, typed=False)
        except DataFeil:
            quoted = None
        if isinstance(quoted, str):
            return name.strip(), quoted
    return name.strip(), Plain(value)


def assign(chapters: Iterable[Chapter], parameters: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Give each chapter the parameters that it declares, each of the declared type.

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
                "ingen notatbok har denne parameteren",
                where=_source(parameters[name], name),
                hint=nearest(name, sorted(known)),
            )
    return {
        chapter: {
            parameter.name: _given(chapter, parameter, parameters[parameter.name])
            for parameter in names.values()
            if _declared(chapter, parameter) and parameter.name in parameters
        }
        for chapter, names in declared.items()
    }


def _place(chapter: str, parameter: Parameter) -> str:
    return f"parameter {parameter.name} i notebooks/{chapter}.ipynb"


def _declared(chapter: str, parameter: Parameter) -> bool:
    """Refuse an annotation that is not understood, or that the default does not have."""
    where, annotation = _place(chapter, parameter), parameter.annotation
    try:
        if annotation and not fits(parameter.default, annotation):
            raise NotatbokFeil(f"standardverdien {parameter.default!r} er ikke {annotation}")
    except NotatbokFeil as error:
        raise NotatbokFeil(error.message, where=where, hint=error.hint) from None
    return True


def _given(chapter: str, parameter: Parameter, value: Any) -> Any:
    where, annotation = _place(chapter, parameter), parameter.annotation
    if not annotation:
        raise NotatbokFeil("parameteren har ingen type", where=where, hint="Skriv for eksempel «str | None».")
    try:
        return convert(value, annotation)
    except ValueError as error:
        raise ParameterFeil(f"«{value}» {error}, ventet {annotation}", where=_source(value, where)) from None


def _source(value: Any, where: str) -> str:
    """Return where a value stands, before what it is of."""
    line = value.where if isinstance(value, Plain) else ""
    return f"{line}, {where}" if line else where


def merged(assigned: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the parameters of a whole report: each as the first chapter that declares it has it."""
    return {name: value for given in reversed([*assigned.values()]) for name, value in given.items()}


# Of a folder's name: its limit is 255 bytes everywhere, and there are prefixes and siblings.
LONGEST_PART, LONGEST = 40, 100
_SAFE = re.compile(r"[a-zæøå0-9_]+(?:[.,-][a-zæøå0-9_]+)*")


def safe_name(text: str) -> str:
    """Return a text as part of a folder's name: different texts have different names, also without case.

    Small letters, digits and single points, commas and hyphens stand; a short hash tells what had to go.

    >>> safe_name("2025"), safe_name("../ute")
    ('2025', 'ute~53e891919c5f')
    """
    if _SAFE.fullmatch(text) and len(text) <= LONGEST_PART:
        return text
    kept = "-".join(re.findall(r"[a-zæøå0-9_]+", text.lower()))[:LONGEST_PART].strip("-")
    return f"{kept}~{_hash(text)}"


def short(name: str) -> str:
    """Return the name of a folder, cut where it is too long; a short hash tells the rest."""
    return name if len(name) <= LONGEST else f"{name[:LONGEST]}~{_hash(name)}"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:12]
