"""A report definition: title, edition, and which chapters in which order."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from analysis_lib.errors import NotatbokFeil, ParameterFeil, RapportFeil, nearest

FIELDS = ("id", "title", "subtitle", "edition", "status", "date", "chapters")


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter: its notebook, and its number in the report ("" for none)."""

    name: str
    number: str
    notebook: Path


@dataclass(frozen=True, slots=True)
class Report:
    """One report for one set of parameters; `definition` is the name of its file."""

    id: str
    title: str
    subtitle: str
    edition: str
    status: str
    date: str
    chapters: tuple[Chapter, ...]
    definition: str = ""


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
    chapters = tuple(_chapter(item, root, where) for item in raw["chapters"])
    names = [chapter.name for chapter in chapters]
    if twice := {name for name in names if names.count(name) > 1}:
        raise RapportFeil(f"kapitlet «{twice.pop()}» står to ganger", where=where)
    return Report(chapters=chapters, definition=path.stem, **texts)


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
