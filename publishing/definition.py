"""A report definition: title, edition, and which chapters in which order."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import Any

from analysis_lib.data.editions import MODES, edition_of, editions
from analysis_lib.data.formats import Plain
from analysis_lib.errors import NotatbokFeil, ParameterFeil, RapportFeil, nearest
from publishing.notebooks import Chapter
from publishing.parameters import load_yaml, read_parameters, safe_name, short

# What can be the name of a file on every system, and in a link.
_PLAIN = re.compile(r"\w+(?:[.-]\w+)*")
_NUMBER = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,4}){0,3}[a-zæøå]?")
# The front page, and what the page of a chapter's numbers is called.
FRONT, NUMBERS = "index", "-tall"
FIELDS = ("id", "title", "subtitle", "edition", "status", "date", "params", "data", "chapters")
OF_CHAPTER = ("notebook", "number")


@dataclass(frozen=True, slots=True)
class Report:
    """One report for one set of parameters.

    `definition` is the name of its file, `params` that of its usual parameters, and `data` the edition
    that it is computed from. `variant` names it among the reports of the same id, by the parameters that
    differ from the usual ones and that the id does not show. `mode` is which data a build has beside the
    printed tables, see `analysis_lib.data.cleared`.
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
    variant: str = ""
    mode: str = next(iter(MODES))


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
    _check_fields(raw, FIELDS, where)
    for field in ("id", "title", "chapters"):
        if not raw.get(field):
            raise RapportFeil(f"feltet «{field}» mangler", where=where)
    texts = {field: _fill(_text(raw, field, where), parameters, where) for field in FIELDS[1:-1]}
    texts["data"] = _edition(texts["data"], parameters, root, where)
    template = _text(raw, "id", where)
    name = plain(_fill(template, _safe(parameters), where), "feltet «id»", where)
    if not isinstance(raw["chapters"], list):
        raise RapportFeil("«chapters» er ikke en liste", where=where)
    chapters = tuple(_chapter(item, root, where) for item in raw["chapters"])
    _check_names([chapter.name for chapter in chapters], where)
    variant = _variant(template, parameters, _usual(path, root))
    return Report(name, chapters=chapters, definition=path.stem, variant=short(name + variant), **texts)


def _check_fields(raw: Mapping[str, Any], known: tuple[str, ...], where: str) -> None:
    for field in raw:
        if field not in known:
            place = f"{where}, {field.where.rpartition(', ')[2]}" if isinstance(field, Plain) else where
            raise RapportFeil(f"ukjent felt «{field}»", where=place, hint=nearest(field, known))


def _usual(path: Path, root: Path) -> dict[str, Any]:
    try:
        return read_parameters(usual_parameters(path, root), root)
    except ParameterFeil:
        return {}


def _variant(template: str, parameters: Mapping[str, Any], usual: Mapping[str, Any]) -> str:
    """Name the parameters that differ from the usual ones, and that the id does not show."""
    shown = {field for _, field, *_ in Formatter().parse(template)}
    hidden = {name: value for name, value in parameters.items() if name not in shown}
    unusual = {name: value for name, value in hidden.items() if value != usual.get(name)}
    return "".join(f"+{safe_name(name)}-{value}" for name, value in sorted(_safe(unusual).items()))


def _text(raw: Mapping[str, Any], field: str, where: str) -> str:
    value = raw.get(field, "")
    if not isinstance(value, str):
        raise RapportFeil(f"feltet «{field}» er ikke tekst", where=where)
    return "" if isinstance(value, Plain) and value in ("~", "null") else value


def _safe(parameters: Mapping[str, Any]) -> dict[str, str]:
    """Return the parameters as parts of a file's name."""
    return {name: safe_name(str(value)) for name, value in parameters.items()}


def plain(name: str, what: str, where: str) -> str:
    """Return a name that can be the name of a file on every system, and stand in a link; refuse any other."""
    if not _PLAIN.fullmatch(name.replace("~", "")):
        raise RapportFeil(
            f"{what} er «{name}», som ikke kan være navnet på en fil",
            where=where,
            hint="Bruk bokstaver, tall, understrek, bindestrek og punktum.",
        )
    return name


def _check_names(names: list[str], where: str) -> None:
    """Refuse chapters whose pages would be written over each other, or over the front page."""
    pages = [name.casefold() for name in names]
    for name, page in zip(names, pages, strict=True):
        if pages.count(page) > 1:
            raise RapportFeil(f"kapitlet «{name}» står to ganger", where=where)
        if page == FRONT or page.removesuffix(NUMBERS) in {*pages, FRONT} - {page}:
            raise RapportFeil(
                f"kapitlet «{name}» har samme navn som en annen side",
                where=where,
                hint="Gi notatboken et annet navn.",
            )


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
    if not named and not known:
        raise ParameterFeil("ingen parameterfil finnes", where="params", hint="Lag params/ÅR.yml.")
    if not named:
        return known[-1]
    name = plain(str(named), "feltet «params»", path.relative_to(root).as_posix())
    return root / "params" / f"{name}.yml"


def _edition(name: str, parameters: Mapping[str, Any], root: Path, where: str) -> str:
    """Return the edition that is named; else that of the report's own year, ``aar``, else the newest."""
    known = editions(root)
    name = name or str(parameters.get("aar", next(reversed(known), "")))
    if name in known:
        return name
    if re.fullmatch("[0-9]{4}", name) and known:
        return edition_of(int(name), root).name
    raise RapportFeil(f"utgaven «{name}» finnes ikke (felt «data»)", where=where, hint=nearest(name, known))


def _fill(text: str, parameters: Mapping[str, Any], where: str) -> str:
    """Put parameters in the place of their names; braces are no place for more than a name."""
    filled = ""
    try:
        for said, name, form, conversion in Formatter().parse(text):
            filled += said
            if form or conversion:
                raise ValueError(f"«{name}» kan ikke ha noe etter seg")
            filled += str(parameters[name]) if name is not None else ""
    except KeyError as error:
        raise ParameterFeil(
            f"«{text}» bruker parameteren {error}, som ikke er satt",
            where=where,
            hint=nearest(error, parameters),
        ) from None
    except ValueError as error:
        raise RapportFeil(f"krøllparentesene i «{text}» kan ikke fylles: {error}", where=where) from None
    return filled


def _chapter(item: Any, root: Path, where: str) -> Chapter:
    entry = {"notebook": item} if isinstance(item, str) else item
    if not isinstance(entry, dict) or "notebook" not in entry:
        raise RapportFeil(f"kapitlet «{item}» mangler feltet «notebook»", where=where)
    _check_fields(entry, OF_CHAPTER, where)
    number = _text(entry, "number", where)
    if number and not _NUMBER.fullmatch(number):
        raise RapportFeil(f"kapitlets nummer er «{number}», ventet for eksempel 8 eller 11.6", where=where)
    name = plain(_text(entry, "notebook", where), "navnet på et kapittel", where)
    notebook = root / "notebooks" / f"{name}.ipynb"
    if not notebook.exists():
        known = sorted(path.stem for path in notebook.parent.glob("*.ipynb"))
        raise NotatbokFeil(f"notatboken «{name}» finnes ikke", where=where, hint=nearest(name, known))
    return Chapter(name, number, notebook)


def select(report: Report, names: tuple[str, ...]) -> tuple[Chapter, ...]:
    """Return the chapters asked for by name, or all."""
    known = {chapter.name: chapter for chapter in report.chapters}
    for name in names:
        if name not in known:
            raise ParameterFeil(f"kapitlet «{name}» finnes ikke i rapporten", hint=nearest(name, known))
    return tuple(chapter for chapter in report.chapters if not names or chapter.name in names)
