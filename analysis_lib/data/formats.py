"""One reader for each format: bytes, text, CSV, JSON and YAML, each read whole or refused with its place.

What would end the process or the machine is refused before it is parsed: what is no file (a folder, a device,
a pipe), what is larger than any input, what lies deeper than anybody writes.
"""

from __future__ import annotations

import csv
import io
import json
import math
import os
import re
import stat
from pathlib import Path
from typing import Any, NoReturn

import yaml

from analysis_lib.data.inputs import relative
from analysis_lib.errors import DataFeil, machine_error, nearest

# Larger and deeper than any input, and far from what a machine or a parser cannot bear.
MOST_BYTES, MOST_LEVELS, MOST_DIGITS = 100_000_000, 60, 300
# What neither HTML nor a workbook may hold.
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
DEEP = "for mange nivåer"


def is_name(key: str) -> bool:
    """Tell whether a key names a file of a folder, or of one below it: ``8.1``, ``ssb/07459``.

    >>> is_name("8.1"), is_name("ssb/07459"), is_name("../8.1"), is_name("a/b/c")
    (True, True, False, False)
    """
    return re.fullmatch(r"\w[\w.-]*(?:/\w[\w.-]*)?", key) is not None


def is_there(path: Path) -> bool:
    """Tell whether something bears a file's name; a link to nothing does, and is no missing file."""
    return os.path.lexists(path)


def read_bytes(path: Path, where: str = "") -> bytes:
    """Read a file whole.

    Raises
    ------
    DataFeil
        If it is missing (the nearest name is told), no file, or larger than `MOST_BYTES`.
    """
    where = where or relative(path)
    try:
        # Before it is opened: a pipe without a writer never opens.
        if not stat.S_ISREG(path.stat().st_mode):
            raise DataFeil("det er ikke en fil (en mappe, en enhet eller et rør)", where=where)
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        siblings = [item.name for item in path.parent.glob(f"*{path.suffix}") if item.name != path.name]
        said = "lenken viser til noe som ikke finnes" if is_there(path) else "filen finnes ikke"
        raise DataFeil(said, where=where, hint=nearest(path.name, siblings)) from None
    except OSError as error:
        known = machine_error(error)
        why = known.message if known else error.strerror
        raise DataFeil(f"filen kan ikke leses ({why})", where=where) from None
    except ValueError as error:
        raise DataFeil(f"filen kan ikke leses ({error})", where=where) from None
    if len(raw) > MOST_BYTES:
        raise DataFeil(f"filen er større enn {MOST_BYTES // 1_000_000} MB", where=where)
    return raw


def read_text(path: Path, where: str = "") -> str:
    """Read a UTF-8 file.

    Raises
    ------
    DataFeil
        As `read_bytes`; and if it is not UTF-8, or has a sign that no page can show.
    """
    where = where or relative(path)
    try:
        text = io.TextIOWrapper(io.BytesIO(read_bytes(path, where)), encoding="utf-8").read()
    except UnicodeDecodeError as error:
        raise DataFeil(f"filen er ikke UTF-8 (byte {error.start})", where=where) from None
    if found := UNPRINTABLE.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise DataFeil(_unprintable(found[0]), where=f"{where}, linje {line}", hint="Fjern det.")
    return text


def _unprintable(sign: str) -> str:
    return f"tegnet U+{ord(sign):04X} kan ikke vises"


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


_BRACKETS = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[{]|[\]}]', re.DOTALL)
_HALF = re.compile(r"\\u[dD][89a-fA-F]")


def read_json(path: Path, where: str = "") -> Any:
    """Read a JSON file.

    Raises
    ------
    DataFeil
        As `read_text`; and as `parse_json`.
    """
    where = where or relative(path)
    return parse_json(read_text(path, where), where)


def parse_json(text: str, where: str) -> Any:
    """Return what JSON says.

    Raises
    ------
    DataFeil
        If it is malformed or too deep, or has a key twice, a number that is none, or half a sign.

    Examples
    --------
    >>> parse_json('{"a": [1, 2.5]}', "a.json")
    {'a': [1, 2.5]}
    """
    level = 0
    for bracket in _BRACKETS.finditer(text):
        level += {"[": 1, "{": 1, "]": -1, "}": -1}.get(bracket[0], 0)
        if level > MOST_LEVELS:
            line = text.count("\n", 0, bracket.start()) + 1
            raise DataFeil(f"ugyldig JSON: {DEEP}", where=f"{where}, linje {line}")
    try:
        found = json.loads(
            text, object_pairs_hook=_once, parse_int=_whole, parse_float=_finite, parse_constant=_finite
        )
        if _HALF.search(text):
            json.dumps(found, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        raise DataFeil(f"ugyldig JSON: {error.msg}", where=f"{where}, linje {error.lineno}") from None
    except UnicodeEncodeError as error:
        raise DataFeil(_unprintable(error.object[error.start]), where=where) from None
    except ValueError as error:
        raise DataFeil(f"ugyldig JSON: {error}", where=where) from None
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"«{name}» står to ganger")
        found[name] = value
    return found


def _whole(text: str) -> int:
    if len(text) > MOST_DIGITS:
        raise ValueError(f"et tall har {len(text)} sifre")
    return int(text)


def _finite(text: str) -> float:
    if not math.isfinite(number := float(text)):
        raise ValueError(f"«{text[:20]}» er ikke et tall")
    return number


class Plain(str):
    """A text without quotation marks: a number, a word or a date, as whoever reads it says.

    `where` tells its file and line.
    """

    where = ""


class _Strict:
    """Refuses what YAML allows and nobody means: deep levels, aliases, keys given twice, hidden signs."""

    level = 0
    where = ""

    def __init__(self, text: str) -> None:
        super().__init__(text)  # type: ignore[call-arg]
        self.seen: set[yaml.Node] = set()

    def descend_resolver(self, parent: yaml.Node | None, index: Any) -> None:
        self.level += 1
        if self.level > MOST_LEVELS:
            _refuse(DEEP, parent)
        super().descend_resolver(parent, index)  # type: ignore[misc]

    def ascend_resolver(self) -> None:
        self.level -= 1
        super().ascend_resolver()  # type: ignore[misc]

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        if node in self.seen:
            _refuse("et alias (*) kan ikke brukes; skriv det ut", node)
        self.seen.add(node)
        try:
            return super().construct_object(node, deep)  # type: ignore[misc]
        except (ValueError, OverflowError, LookupError, AttributeError):
            # What looks like a date is read as one, and 30 February is none.
            _refuse(f"ugyldig dato eller tall: «{str(node.value)[:40]}»", node)

    def construct_scalar(self, node: yaml.ScalarNode) -> Any:
        value = super().construct_scalar(node)  # type: ignore[misc]
        if node.style == '"' and (found := UNPRINTABLE.search(node.value)):
            _refuse(_unprintable(found[0]), node)
        return value

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        names: set[tuple[str, str]] = set()
        for key, _ in node.value if isinstance(node, yaml.MappingNode) else ():
            if not isinstance(key, yaml.ScalarNode):
                _refuse("et feltnavn må være tekst", key)
            if (name := (key.tag, key.value)) in names:
                _refuse(f"«{key.value}» står to ganger", key)
            names.add(name)
        return super().construct_mapping(node, deep)  # type: ignore[misc,no-any-return]


def _refuse(why: str, node: yaml.Node | None) -> NoReturn:
    raise yaml.constructor.ConstructorError(None, None, why, node.start_mark if node else None)


# libyaml reads ten times as fast, and is there wherever PyYAML comes as a wheel.
_SAFE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BASE: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class _Typed(_Strict, _SAFE):  # type: ignore[misc]
    """Reads numbers and dates as YAML does, but no number that nobody can have written."""

    def construct_yaml_int(self, node: yaml.ScalarNode) -> int:
        if len(node.value) > MOST_DIGITS:
            raise ValueError(f"{len(node.value)} sifre")
        return super().construct_yaml_int(node)  # type: ignore[no-any-return]


_Typed.add_constructor("tag:yaml.org,2002:int", _Typed.construct_yaml_int)


class _Untyped(_Strict, _BASE):  # type: ignore[misc]
    """Leaves every scalar as text: YAML makes 193 of ``0301``, False of ``no`` and 750 of ``12:30``."""

    def construct_scalar(self, node: yaml.ScalarNode) -> Any:
        value = super().construct_scalar(node)
        if node.style:
            return value
        plain = Plain(value)
        plain.where = f"{self.where}, linje {node.start_mark.line + 1}" if self.where else ""
        return plain


def read_yaml(path: Path, where: str = "", *, typed: bool = True) -> Any:
    """Read a YAML file.

    Raises
    ------
    DataFeil
        As `read_text`; and as `parse_yaml`.
    """
    where = where or relative(path)
    return parse_yaml(read_text(path, where), where, typed=typed)


def parse_yaml(text: str, where: str = "", *, typed: bool = True) -> Any:
    """Return what YAML says.

    Parameters
    ----------
    where : str
        What an error names.
    typed : bool
        False leaves every scalar as text, and as `Plain` text what stands without quotation marks.

    Raises
    ------
    DataFeil
        If it is malformed, deeper than `MOST_LEVELS`, or has a key twice, an alias, or a date that is none.

    Examples
    --------
    >>> parse_yaml("{kommunenr: 0301, mål: [no, 12:30]}")
    {'kommunenr': 193, 'mål': [False, 750]}
    >>> parse_yaml("{kommunenr: 0301, mål: [no, 12:30]}", typed=False)
    {'kommunenr': '0301', 'mål': ['no', '12:30']}
    """
    try:
        loader = (_Typed if typed else _Untyped)(str(text))  # libyaml takes no kind of text but this
        loader.where = where
        try:
            return loader.get_single_data()
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise DataFeil(f"ugyldig YAML: {error.problem}", where=f"{where}, linje {line}") from None
    except yaml.YAMLError as error:
        raise DataFeil(f"ugyldig YAML: {error}", where=where) from None
