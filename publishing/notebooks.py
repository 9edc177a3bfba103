"""Notebook files as plain JSON: their source, their parameters, a hash of what counts.

nbformat is not imported here: deciding what is stale must be quick.
"""

from __future__ import annotations

import ast
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis_lib.errors import NotatbokFeil


@dataclass(frozen=True, slots=True)
class Parameter:
    """One assignment of a ``parameters`` cell: its name, annotation and default."""

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
    """Read a notebook as JSON; a broken file is a `NotatbokFeil`."""
    where = shown(path)
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise NotatbokFeil(f"ugyldig JSON: {error.msg}", where=f"{where}, linje {error.lineno}") from None
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        raise NotatbokFeil("filen er ikke en notatbok (ingen celler)", where=where)
    return notebook


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
        body = ast.parse(source(cells[0])).body
    except SyntaxError as error:
        raise NotatbokFeil(
            f"kan ikke leses: {error.msg}", where=f"{where}, parametercellen linje {error.lineno}"
        ) from None
    parameters = (_parameter(statement, where) for statement in body)
    return {parameter.name: parameter for parameter in parameters}


def _parameter(statement: ast.stmt, where: str) -> Parameter:
    target: ast.expr | None = None
    if isinstance(statement, ast.AnnAssign):
        target, annotation = statement.target, ast.unparse(statement.annotation)
    elif isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target, annotation = statement.targets[0], ""
    if isinstance(target, ast.Name) and isinstance(statement, ast.Assign | ast.AnnAssign):
        try:
            default = ast.literal_eval(statement.value) if statement.value is not None else None
        except ValueError:
            pass
        else:
            return Parameter(target.id, annotation or type(default).__name__, default)
    raise NotatbokFeil(
        f"«{ast.unparse(statement)}» er ikke på formen «navn: type = verdi»",
        where=f"{where}, parametercellen linje {statement.lineno}",
    )
