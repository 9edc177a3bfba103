"""The types of parameters: an annotation as a notebook writes it, and a text as a value of it.

No scalar is interpreted before its type is known. Nothing is guessed.
"""

from __future__ import annotations

import ast
import datetime
import functools
import math
import operator
import re
import types
import typing
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, Literal, get_args, get_origin

from analysis_lib.data.formats import Plain, parse_yaml
from analysis_lib.errors import DataFeil, NotatbokFeil, nearest


def _whole(text: str) -> int:
    if re.fullmatch(r"[+-]?0[0-9]+", text):
        raise ValueError("begynner med 0 og er da ikke et heltall; for en kode skal parameteren være str")
    if not re.fullmatch(r"[+-]?[0-9]{1,300}", text):
        raise ValueError("er ikke et heltall (bare sifre)")
    return int(text)


def _number(text: str) -> float:
    if re.fullmatch(r"[+-]?[0-9]+,[0-9]+", text):
        # «1,000» is one to a Norwegian and a thousand to an Englishman.
        raise ValueError(f"har komma; skriv {text.replace(',', '.')}")
    if not re.fullmatch(r"[+-]?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?", text):
        raise ValueError("er ikke et tall (sifre og punktum, som 12.5)")
    if math.isinf(number := float(text)):
        raise ValueError("er for stort")
    return number


def _truth(text: str) -> bool:
    if text.lower() not in ("true", "false", "ja", "nei"):
        raise ValueError("er verken true, false, ja eller nei")
    return text.lower() in ("true", "ja")


def _date(text: str) -> date:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError("er ikke en dato på formen 2025-01-31")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError("finnes ikke i kalenderen") from None


def _nothing(text: str) -> None:
    if text not in ("", "~", "null", "None"):
        raise ValueError("er ikke null")


_READERS: dict[Any, Callable[[str], Any]] = {
    type(None): _nothing,
    bool: _truth,
    int: _whole,
    float: _number,
    date: _date,
}
COLLECTIONS: tuple[Any, ...] = (list, tuple, set, dict)
# What a text is tried as, where it may be several things: the narrowest first.
_ORDER = [*_READERS, Literal, *COLLECTIONS, str]
_NAMES = {kind.__name__: kind for kind in (bool, int, float, date, str, *COLLECTIONS)}
_FORMS = {
    name: getattr(typing, name) for name in ("Optional", "Union", "Literal", "List", "Tuple", "Set", "Dict")
}
_SYNTAX = (
    *(ast.Expression, ast.Name, ast.Attribute, ast.Subscript, ast.Tuple, ast.Constant, ast.Load),
    *(ast.BinOp, ast.BitOr, ast.UnaryOp, ast.USub),
)


def read_annotation(text: str) -> Any:
    """Return the type that an annotation names.

    >>> read_annotation("'Optional[int]'"), read_annotation("typing.List[datetime.date]")
    (int | None, list[datetime.date])

    Raises
    ------
    NotatbokFeil
        If it is, or contains, something that no parameter can be.
    """
    try:
        tree = ast.parse(text.strip(), mode="eval")
        if not all(isinstance(node, _SYNTAX) for node in ast.walk(tree)):
            raise TypeError
        known = {**_NAMES, **_FORMS, "typing": typing, "datetime": datetime}
        found = eval(compile(tree, "", "eval"), {"__builtins__": {}}, known)
        return read_annotation(found) if isinstance(found, str) else _resolved(found)
    except (SyntaxError, NameError, AttributeError, TypeError):
        raise NotatbokFeil(
            f"annotasjonen «{text}» er ikke en som parametre kan ha",
            hint="Bruk int, float, str, bool, date, Literal, list, tuple, set, dict og None, "
            "gjerne flere med «|» mellom.",
        ) from None


def _resolved(form: Any) -> Any:
    """Check an annotation to the bottom; parts in quotation marks are read."""
    if isinstance(form, str):
        return read_annotation(form)
    if isinstance(form, typing.ForwardRef):
        return read_annotation(form.__forward_arg__)
    kind, inner = get_origin(form) or form, get_args(form)
    if kind is types.UnionType or kind is typing.Union:
        return functools.reduce(operator.or_, map(_resolved, inner))
    if kind is Literal or form is None:
        return form
    if kind not in _ORDER or (kind is dict and inner and inner[0] not in (str, int)):
        raise TypeError
    parts = tuple(part if part is ... else _resolved(part) for part in inner)
    return kind[parts] if parts else kind


def convert(value: Any, annotation: str) -> Any:
    """Return a value as what an annotation says.

    Parameters
    ----------
    value : object
        Text, lists and mappings of text as `parse_yaml` leaves them, or a Python value.
    annotation : str
        ``int``, ``float``, ``str``, ``bool``, ``date``, ``None``, ``Literal[…]``, ``list[…]``, ``tuple[…]``,
        ``set[…]`` and ``dict[…, …]`` of them, and any of them joined by ``|``, ``Union`` or ``Optional``.

    Raises
    ------
    ValueError
        If the value is not such a one; the message continues «…».
    NotatbokFeil
        If the annotation is none of these.

    Examples
    --------
    >>> convert(Plain("2025"), "int"), convert(Plain("0301"), "int | str")
    (2025, '0301')
    >>> convert(Plain("[1, 2]"), "tuple[int, ...]"), convert(Plain("2025-01-31"), "'date | None'")
    ((1, 2), datetime.date(2025, 1, 31))
    """
    return _convert(value, read_annotation(annotation))


def _convert(value: Any, form: Any) -> Any:
    kind, inner = get_origin(form) or form, get_args(form)
    if kind is types.UnionType or kind is typing.Union:
        return _first(value, sorted(inner, key=lambda one: _ORDER.index(get_origin(one) or one)))
    if kind is Literal:
        return _choice(value, inner)
    if kind in COLLECTIONS:
        return _collect(value, kind, inner)
    if kind is None:
        kind = type(None)
    if isinstance(value, Plain) and kind in _READERS:
        return _READERS[kind](value.strip())
    if kind is float and type(value) in (int, float):
        return float(value)
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise ValueError(f"er {_called(value)}")
    return str(value) if kind is str else value


def _first(value: Any, forms: list[Any]) -> Any:
    refusal = ""
    for form in forms:
        try:
            return _convert(value, form)
        except ValueError as error:
            refusal = str(error)
    raise ValueError(refusal)


def _called(value: Any) -> str:
    known = {list: "en liste", dict: "felter med verdier", type(None): "null"}
    return "tekst" if isinstance(value, str) else known.get(type(value), type(value).__name__)


def _choice(value: Any, allowed: tuple[Any, ...]) -> Any:
    for one in allowed:
        read = value
        if isinstance(value, Plain) and not isinstance(one, str):
            try:
                read = _convert(value, type(one))
            except ValueError:
                continue
        # True is 1, and is not meant.
        if read == one and isinstance(read, type(one)) and isinstance(read, bool) == isinstance(one, bool):
            return one
    raise ValueError(f"er ikke et av valgene. {nearest(value, allowed)}".rstrip())


def _collect(value: Any, kind: Any, inner: tuple[Any, ...]) -> Any:
    if isinstance(value, Plain):
        try:
            value = parse_yaml(value, typed=False)
        except DataFeil:
            raise ValueError("kan ikke leses som YAML") from None
    if not isinstance(value, kind) and not (kind in (tuple, set) and isinstance(value, list)):
        raise ValueError(f"er {_called(value)}")
    if not inner:
        return _untyped(value, kind)
    if kind is dict:
        return {_part(name, inner[0]): _part(item, inner[1]) for name, item in value.items()}
    if kind is tuple and inner[-1] is not ...:
        if len(value) != len(inner):
            raise ValueError(f"har {len(value)} ledd, ventet {len(inner)}")
        return tuple(map(_part, value, inner))
    return kind(_part(item, inner[0]) for item in value)


def _part(value: Any, form: Any) -> Any:
    try:
        return _convert(value, form)
    except ValueError as error:
        raise ValueError(f"har leddet «{value}», som {error}") from None


def _untyped(value: Any, kind: Any) -> Any:
    if any(isinstance(item, Plain) for item in (*value, *(value.values() if kind is dict else ()))):
        inner = "str, int" if kind is dict else "str"
        raise ValueError(f"har ledd av ukjent type; skriv for eksempel {kind.__name__}[{inner}]")
    return kind(value)


def fits(value: Any, annotation: str) -> bool:
    """Tell whether a value is, or can be read as, what an annotation says.

    >>> fits(2025, "int"), fits("2025", "int"), fits(None, "int | None"), fits(True, "int")
    (True, False, True, False)
    >>> fits("indeks", "Literal['trykte par', 'indeks']"), fits(3, "float"), fits(["a"], "list[int]")
    (True, True, False)
    """
    try:
        convert(value, annotation)
    except ValueError:
        return False
    return True


def annotation_of(value: Any) -> str:
    """Return the annotation of a default that has none of its own.

    >>> annotation_of(2025), annotation_of([1, "a"]), annotation_of({"a": 1.5}), annotation_of([])
    ('int', 'list[int | str]', 'dict[str, float]', 'list')
    """
    name = "None" if value is None else type(value).__name__
    if not isinstance(value, COLLECTIONS) or not value:
        return name

    def joined(items: Iterable[Any]) -> str:
        return " | ".join(dict.fromkeys(map(annotation_of, items)))

    if isinstance(value, dict):
        return f"dict[{joined(value)}, {joined(value.values())}]"
    return f"{name}[{joined(value)}{', ...' * isinstance(value, tuple)}]"


def literal(value: Any) -> str:
    """Return a value as Python source, the same for equal values.

    >>> literal({"a": (1, 2.5)}), literal({"b", "a"}), literal(date(2025, 1, 31))
    ("{'a': (1, 2.5)}", "{'a', 'b'}", "__import__('datetime').date(2025, 1, 31)")
    """
    if isinstance(value, dict):
        return f"{{{', '.join(f'{literal(name)}: {literal(item)}' for name, item in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, tuple):
        return f"({', '.join(map(literal, value))}{',' * (len(value) == 1)})"
    if isinstance(value, set):
        return f"{{{', '.join(sorted(map(literal, value)))}}}" if value else "set()"
    if isinstance(value, date):
        return f"__import__('datetime').date({value.year}, {value.month}, {value.day})"
    return repr(value)
