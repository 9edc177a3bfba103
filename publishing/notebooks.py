"""Notebook files as plain JSON: their source, their parameters, a hash of what counts.

nbformat is not imported here: deciding what is stale must be quick.
"""

from __future__ import annotations

import ast
import hashlib
import json
import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from analysis_lib.data.formats import DEEP, UNPRINTABLE, read_json
from analysis_lib.errors import NotatbokFeil, raised_as
from publishing.typed import COLLECTIONS, annotation_of

# Code is read by functions that call themselves for each level.
MOST_NESTED = 150
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter: its notebook, and its number in the report ("" for none)."""

    name: str
    number: str
    # Where the project lies is no part of what the report is.
    notebook: Path = field(repr=False)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One assignment of a ``parameters`` cell: its name, annotation and default.

    One without an annotation has the type of its default; "" where that tells nothing.
    """

    name: str
    annotation: str
    default: Any


def chapters(root: Path) -> list[Path]:
    """Return the notebooks that are chapters: those in ``notebooks/`` itself."""
    return sorted((root / "notebooks").glob("*.ipynb"))


def examples(root: Path) -> list[Path]:
    """Return the notebooks in folders below ``notebooks/``: run by the tests, but no part of a report."""
    return sorted((root / "notebooks").glob("[!.]*/*.ipynb"))


def shown(path: Path) -> str:
    """Return a notebook's path as the user knows it.

    >>> shown(Path("/home/kari/notebooks/metoder/rater.ipynb"))
    'notebooks/metoder/rater.ipynb'
    """
    folders = path.parts[:-1]
    below = folders[folders.index("notebooks") + 1 :] if "notebooks" in folders else ()
    return "/".join(("notebooks", *below, path.name))


def read_notebook(path: Path) -> dict[str, Any]:
    """Read a notebook as JSON.

    Raises
    ------
    NotatbokFeil
        If the file is broken, or one of its cells is none.
    """
    where = shown(path)
    with raised_as(NotatbokFeil):
        notebook = read_json(path, where)
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        raise NotatbokFeil("filen er ikke en notatbok (ingen celler)", where=where)
    if not isinstance(notebook.get("metadata", {}), dict):
        raise NotatbokFeil("notatbokens «metadata» er ikke felter med verdier", where=where)
    for number, cell in enumerate(notebook["cells"], start=1):
        if wrong := _malformed(cell):
            raise NotatbokFeil(wrong, where=f"{where}, celle {number}")
    return notebook


def _malformed(cell: Any) -> str:
    """Say what is wrong with a cell; "" if nothing is. What it may leave out is not asked for."""
    if not isinstance(cell, dict):
        return "cellen er ikke felter med verdier"
    if (kind := cell.get("cell_type")) not in ("code", "markdown", "raw"):
        return f"cellens type er «{kind}», ventet code, markdown eller raw"
    if not _is_text(cell.get("source", "")):
        return "cellens «source» er ikke tekst"
    if found := UNPRINTABLE.search(source(cell)):
        return f"tegnet U+{ord(found[0]):04X} kan ikke vises"
    metadata = cell.get("metadata", {})
    named = metadata.get("tags", []) if isinstance(metadata, dict) else None
    if not isinstance(named, list) or not all(isinstance(tag, str) for tag in named):
        return "cellens «metadata» er ikke felter med verdier, eller dens «tags» ikke en liste av ord"
    pictures = cell.get("attachments", {})
    if not isinstance(pictures, dict) or not all(map(_is_bundle, pictures.values())):
        return "cellens «attachments» er ikke vedlegg med navn og innhold"
    outputs = cell.get("outputs", [])
    if not isinstance(outputs, list) or not all(map(_is_output, outputs)):
        return "cellens «outputs» er ikke en liste av utdata"
    return ""


def _is_text(raw: Any) -> bool:
    return isinstance(raw, str) or (isinstance(raw, list) and all(isinstance(line, str) for line in raw))


def _is_bundle(raw: Any) -> bool:
    """Tell whether something holds content by its MIME type; that of JSON need be no text."""
    return isinstance(raw, dict) and all("json" in kind or _is_text(each) for kind, each in raw.items())


def _is_output(raw: Any) -> bool:
    return (
        isinstance(raw, dict)
        and _is_bundle(raw.get("data", {}))
        and isinstance(raw.get("metadata", {}), dict)
        and _is_text(raw.get("text", ""))
        and isinstance(raw.get("output_type", ""), str)
    )


def python_only(notebook: dict[str, Any], where: str) -> dict[str, Any]:
    """Return a notebook's kernel; refuse one of another language."""
    kernel: dict[str, Any] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    named = notebook.get("metadata", {}).get("kernelspec")
    if named is not None and not (isinstance(named, dict) and all(map(_is_text, named.values()))):
        raise NotatbokFeil("notatbokens «kernelspec» er ikke felter med tekst", where=where)
    kernel |= named or {}
    if kernel["language"] != "python":
        raise NotatbokFeil(
            f"kjernen «{kernel['name']}» er for {kernel['language']}",
            where=where,
            hint="Velg en kjerne for Python.",
        )
    return kernel


def complete(notebook: dict[str, Any]) -> dict[str, Any]:
    """Return a notebook with what the format asks for and its writer left out: above all, an id a cell.

    A cell without an id, or with that of an earlier one, is named by its number.
    """
    seen: set[Any] = set()
    cells = []
    for number, cell in enumerate(notebook["cells"], start=1):
        named = cell.get("id")
        name = named if isinstance(named, str) and _ID.fullmatch(named) else f"celle-{number}"
        while name in seen:
            name = f"{name[:48]}-{number}"
        seen.add(name)
        needed: dict[str, Any] = {"cell_type": "", "id": "", "metadata": {}, "source": ""}
        if cell["cell_type"] == "code":
            needed |= {"execution_count": None, "outputs": []}
        cells.append(needed | cell | {"id": name})
    return {"metadata": {}, **notebook, "cells": cells, "nbformat": 4, "nbformat_minor": 5}


def source(cell: dict[str, Any]) -> str:
    """Return a cell's text."""
    text = cell.get("source", "")
    return "".join(text) if isinstance(text, list) else str(text)


def tags(cell: dict[str, Any]) -> set[str]:
    """Return a cell's tags."""
    return set(cell.get("metadata", {}).get("tags", []))


def source_hash(notebook: dict[str, Any]) -> str:
    """Hash what a chapter is made of: type, source, tags and attachments of every cell, never outputs."""
    parts = [
        [cell.get("cell_type"), source(cell), sorted(tags(cell)), cell.get("attachments")]
        for cell in notebook["cells"]
    ]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


def read_code(text: str) -> ast.Module:
    """Parse the code of a cell.

    Raises
    ------
    SyntaxError
        If it is malformed, deeper than `MOST_NESTED`, or has a number that nobody has written.
    """
    try:
        tree = ast.parse(text)
    except (RecursionError, MemoryError):
        raise SyntaxError(DEEP) from None
    except ValueError as error:
        raise SyntaxError(str(error)) from None
    level: list[ast.AST] = [tree]
    for _ in range(MOST_NESTED):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        for node in level:
            if isinstance(node, ast.Constant) and isinstance(node.value, int) and node.value >> 1000:
                raise SyntaxError("et tall har for mange sifre", ("", node.lineno, None, None))
    if level:
        raise SyntaxError(DEEP)
    return tree


def declared_parameters(path: Path) -> dict[str, Parameter]:
    """Read the cell tagged ``parameters``: ``name: type = default``, one a line.

    Raises
    ------
    NotatbokFeil
        If there is no such cell, or a line in it is not a simple assignment of a literal.
    """
    where = shown(path)
    cells = [cell for cell in read_notebook(path)["cells"] if "parameters" in tags(cell)]
    if len(cells) != 1:
        raise NotatbokFeil(
            f"notatboken har {len(cells)} celler merket «parameters», ventet én",
            where=where,
            hint="Merk cellen som setter aar og de andre parametrene, med «parameters».",
        )
    try:
        body = read_code(source(cells[0])).body
    except SyntaxError as error:
        raise NotatbokFeil(
            f"kan ikke leses: {error.msg}", where=f"{where}, parametercellen linje {error.lineno}"
        ) from None
    parameters = (_parameter(statement, where) for statement in body if not _is_import(statement))
    return {parameter.name: parameter for parameter in parameters}


def _is_import(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.ImportFrom) and statement.module in ("typing", "datetime")


def _parameter(statement: ast.stmt, where: str) -> Parameter:
    target: ast.expr | None = None
    if isinstance(statement, ast.AnnAssign):
        target, annotation = statement.target, ast.unparse(statement.annotation)
    elif isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target, annotation = statement.targets[0], ""
    if isinstance(target, ast.Name) and isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value:
        try:
            default = _default(statement.value)
        except (ValueError, TypeError, OverflowError):
            pass
        else:
            bare = annotation in ("", *(kind.__name__ for kind in COLLECTIONS))
            told = annotation_of(default) if bare and default is not None else annotation
            return Parameter(target.id, told, default)
    raise NotatbokFeil(
        f"«{ast.unparse(statement)}» er ikke på formen «navn: type = verdi»",
        where=f"{where}, parametercellen linje {statement.lineno}",
    )


def _default(node: ast.expr) -> Any:
    """Evaluate a literal, or a date made of literals."""
    if (
        isinstance(node, ast.Call)
        and ast.unparse(node.func) in ("date", "datetime.date")
        and not node.keywords
    ):
        return date(*map(ast.literal_eval, node.args))
    return ast.literal_eval(node)
