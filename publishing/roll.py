"""Next year's edition from this one: the same tables, facts and figures, every number still to come.

Years move by one rule, see `moved`; a list of years, a column of one year and a row of one year grow by the
new year instead, and keep the others. Every cell waits, also those of the years before: registers revise
their numbers, constant prices are in another year's prices, and a number that was carried over would look
like one that somebody had confirmed. `rapport diff` holds the filled edition against the old one.
"""

from __future__ import annotations

import csv
import io
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from analysis_lib.data.cells import SIGN_TEXT, Kind
from analysis_lib.data.editions import chosen_edition, edition_year, editions
from analysis_lib.data.facts import FIELDS, Facts, read_descriptor, read_facts
from analysis_lib.data.files import read_model
from analysis_lib.data.formats import parse_yaml, read_text, read_yaml
from analysis_lib.data.inputs import relative
from analysis_lib.data.package import DESCRIPTOR, write_package
from analysis_lib.data.periods import YEAR
from analysis_lib.data.schema import TableSpec
from analysis_lib.data.tables import expand_columns, read_printed
from analysis_lib.errors import ParameterFeil
from analysis_lib.indicators.edition import Edition
from publishing.definition import usual_parameters

AWAITED = SIGN_TEXT[Kind.AWAITED]
Files = dict[str, str]

# What judges the old edition's print has nothing to say of the new one's.
_EMPTY = {
    "corrections.yml": "# Rettelser av trykte tall i denne utgaven.\n[]\n",
    "audit.yml": "# Vurderinger av funn i denne utgaven.\n[]\n",
    "revisjoner.yml": "# Tall som registrene har revidert siden forrige utgave.\n[]\n",
}
# Three or more places of one year each, as a sum or a series names them: «"2023", "2024", "2025"».
_YEARLY = rf'(?:"{YEAR.pattern}"|{YEAR.pattern}: [\w./]+)'
_RUN = re.compile(rf"{_YEARLY}(?:, {_YEARLY}){{2,}}")
_COLUMN = re.compile(rf'\s+- \{{key: "({YEAR.pattern})"')
# Fields of a descriptor that name it, or that speak of the numbers that were printed.
_LASTING = "name:|path:|number:|sources:|address:|notes:"
# The files and folders that speak of the edition's own years.
_MOVING = ("tabeller", "fakta", "figurer", "measures.yml", "sammenhenger.yml", "deflator.yml", "utgave.yml")


@dataclass(frozen=True, slots=True)
class Rolled:
    """What was made: the files, and how many cells and facts wait."""

    paths: tuple[Path, ...]
    tables: int
    cells: int
    facts: int


def moved(text: str, year: int) -> str:
    """Return a text with the years that belong to an edition's end moved one on.

    They are the edition's year, the one before and the one after (in which it is written). A text that ends
    with the year before has the one before that moved with it; older years stay: a series keeps its first.

    >>> moved("2024–2025", 2025), moved("2019–2025, mai 2026", 2025), moved("1. mai 2023", 2025)
    ('2025–2026', '2019–2026, mai 2027', '1. mai 2023')
    >>> moved("fra 2023 til 2024", 2025)
    'fra 2024 til 2025'
    """
    newest = max((found for found in map(int, YEAR.findall(text)) if found <= year + 1), default=0)
    if newest < year - 1:
        return text
    first = min(year - 1, newest - 1)
    return YEAR.sub(lambda m: str(int(m[0]) + 1) if first <= int(m[0]) <= year + 1 else m[0], text)


def moved_line(line: str, year: int) -> str:
    """Return a line of YAML moved one on; a list of three years or more gets the new one and keeps the rest.

    >>> moved_line('{difference: ["2024", "2025"]}', 2025)
    '{difference: ["2025", "2026"]}'
    >>> moved_line('{sum: ["2023", "2024", "2025", mai_2026]}', 2025)
    '{sum: ["2023", "2024", "2025", "2026", mai_2027]}'
    """
    runs = [match[0] for match in _RUN.finditer(line)]
    pieces = _RUN.split(line)
    # A list that ends earlier says nothing of the edition's end.
    grown = [_grown(run, year) for run in runs]
    kept = moved("\x00".join(pieces), year).split("\x00") if not runs or grown != runs else pieces
    return "".join(piece + run for piece, run in zip(kept, [*grown, ""], strict=True))


def _grown(run: str, year: int) -> str:
    last = run.rpartition(", ")[2]
    return f"{run}, {moved(last, year)}" if str(year) in YEAR.findall(last) else run


def _moved_lines(
    text: str, year: int, part: str = "", wanted: str = "", only: str = "(?!#)"
) -> Iterator[str]:
    """Yield the lines of a YAML file; those like `only`, in a `part` that is `wanted`, are moved one on."""
    inside = not part
    for line in text.splitlines(keepends=True):
        if part and re.match(part, line):
            inside = re.match(wanted, line) is not None
        column = _COLUMN.match(line)
        last = int(column[1]) if column else year + 1
        # A column of an older year stays, one of the last year stays beside the new.
        if inside and last == year:
            yield line
        yield moved_line(line, year) if inside and last >= year and re.match(only, line) else line


def _moved_file(name: str, text: str, year: int) -> str:
    """Return a file moved one on: what is about the edition's numbers, not what is about the printed ones."""
    rules: dict[str, tuple[str, ...]] = {
        "tabeller": (r"\w", f"(?!{_LASTING})"),
        "figurer": ("", "", r"\s*(?:title|subtitle|date):"),
        # Where a measure's numbers stand, but no date of the measure or of what happened beside it.
        "measures.yml": (r" {4}\w", " {4}data:", rf".*\w/\S*{YEAR.pattern}|\s+(?:- id|what|period): "),
    }
    return "".join(_moved_lines(text, year, *rules.get(name.partition("/")[0], ())))


def _table(descriptor: str, rows: list[tuple[str, str]], year: int, where: str) -> str:
    """Return a table's CSV under its moved descriptor: rows and headers, every cell waiting."""
    spec = read_model(TableSpec, parse_yaml(descriptor, where), where)
    columns = expand_columns(spec)
    names = [key for key, _ in rows]
    grown: list[tuple[str, str]] = []
    for key, label in rows:
        if key == str(year):
            new = moved(key, year), moved(label, year)
            upwards = str(year - 1) not in names[names.index(key) :]
            grown += [(key, label), new] if upwards else [new, (key, label)]
        else:
            grown.append((key, label) if YEAR.fullmatch(key) else (moved(key, year), moved(label, year)))
    headings = {key for key, row in spec.rows.items() if row.kind == "heading"}
    lines = [[key, label, *[("" if key in headings else AWAITED)] * len(columns)] for key, label in grown]
    return _csv([["rad", "navn", *(column.header for column in columns.values())], *lines])


def _facts(printed: Facts, year: int) -> str:
    """Return a chapter's facts: key, period and words moved together, the number waiting."""
    lines = []
    for fact in printed.facts.values():
        key, period, label = moved("\x00".join((fact.key, fact.period, fact.label)), year).split("\x00")
        lines.append([key, AWAITED, fact.unit, period, label, fact.register, fact.place])
    return _csv([FIELDS, *lines])


def _csv(lines: Iterable[list[str]]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=";", lineterminator="\n").writerows(lines)
    return buffer.getvalue()


def _rolled_files(folder: Path, year: int) -> Files:
    """Return every file of the next edition, by its path in the folder."""
    files: Files = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        home = name.partition("/")[0]
        if path.is_dir() or name in (DESCRIPTOR, *_EMPTY) or (home, path.suffix) == ("tabeller", ".csv"):
            continue
        text = read_text(path)
        about = read_descriptor(path.with_suffix(".yml")) if home == "fakta" else None
        if home not in _MOVING or (about and not about.aarsrapport):
            # Breaks, and what other documents say, stand by their own dates.
            files[name] = text
        elif path.suffix == ".csv":
            files[name] = _facts(read_facts(path), year)
        else:
            files[name] = _moved_file(name, text, year)
        if home == "tabeller":
            spec = read_model(TableSpec, read_yaml(path), relative(path))
            _, printed = read_printed(path.parent / spec.path, expand_columns(spec))
            rows = [(key, label) for _, (key, label, *_) in printed]
            files[f"tabeller/{spec.path}"] = _table(files[name], rows, year, relative(path))
    if (claims := "paastander.yml") in files:
        files[claims] = _claims(files[claims], files, year)
    return files | _EMPTY


def _claims(text: str, files: Files, year: int) -> str:
    """Point the claims of other documents, which stand by their own dates, to facts that have moved."""
    keys = {
        f"fakta/{Path(name).stem}/{line.partition(';')[0]}"
        for name, lines in files.items()
        if name.startswith("fakta/") and name.endswith(".csv")
        for line in lines.splitlines()
    }

    def place(match: re.Match[str]) -> str:
        new = moved(match[0], year)
        return new if match[0] not in keys and new in keys else match[0]

    return re.sub(r"fakta/\w+/\w+", place, text)


def roll(root: Path, name: str, source: str | None = None) -> Rolled:
    """Write the next edition, its parameters and its report definition; all of it or nothing.

    Parameters
    ----------
    root : Path
        The project.
    name : str
        The new edition: ``2026``, or ``2026-utkast``.
    source : str, optional
        The edition that it is made from; the newest by default.

    Raises
    ------
    ParameterFeil
        If the new edition is not one year after the old, or something stands where it is to be written.
    DataFeil
        If a file of the old edition cannot be read.
    """
    published = root / "data" / "published"
    new = published / name
    earlier = [known for known in editions(root) if known < name]
    old = chosen_edition(source or (earlier[-1] if earlier else None), root)
    year = edition_year(old)
    if new.name != name or edition_year(new) != year + 1:
        raise ParameterFeil(
            f"utgaven «{name}» er ikke året etter «{old.name}»",
            where="rapport roll",
            hint=f"Skriv {year + 1}, eller velg en annen utgave med --from.",
        )
    params, definition = _settings(root, old.name)
    targets = {
        root / "params" / f"{name}.yml": moved(read_text(params), year),
        root / "reports" / f"arsrapport-{name}.yml": _definition(read_text(definition), name, year),
    }
    for path in (new, *targets):
        if path.exists():
            raise ParameterFeil(
                "finnes allerede, og blir ikke overskrevet", where=relative(path), hint="Velg et annet navn."
            )
    aside = Path(tempfile.mkdtemp(prefix=".ny-", dir=published))
    try:
        made = _write(aside / name, _rolled_files(old, year), year + 1)
        _place(aside / name, new, targets)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return Rolled((new, *targets), *made)


def _settings(root: Path, edition: str) -> tuple[Path, Path]:
    """Return the parameters and the report definition that an edition is built with."""
    named = root / "reports" / f"arsrapport-{edition}.yml"
    definition = named if named.exists() else root / "reports" / "arsrapport.yml"
    return usual_parameters(definition, root), definition


def _definition(text: str, name: str, year: int) -> str:
    lines = []
    for line in text.splitlines(keepends=True):
        field = line.partition(":")[0]
        own = {"params": name, "data": f'"{name}"', "status": "Utkast"}.get(field)
        lines.append(f"{field}: {own}\n" if own else moved(line, year) if field == "date" else line)
    return "".join(lines)


def _write(folder: Path, files: Files, year: int) -> tuple[int, int, int]:
    """Write an edition and read it again whole; return how many tables, cells and facts it has."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    write_package(folder)
    edition = Edition(year, folder=folder)
    tables = [edition.table(path.stem) for path in sorted((folder / "tabeller").glob("*.yml"))]
    facts = [read_facts(path) for path in sorted((folder / "fakta").glob("*.csv"))]
    waiting = sum(cell.kind is Kind.AWAITED for table in tables for cell in table.cells.values())
    told = sum(fact.cell.kind is Kind.AWAITED for chapter in facts for fact in chapter.facts.values())
    return len(tables), waiting, told


def _place(made: Path, new: Path, texts: dict[Path, str]) -> None:
    """Put the edition and its two files where they belong; take back what was placed if one cannot be."""
    placed: list[Path] = []
    try:
        for path, text in texts.items():
            with path.open("x", encoding="utf-8") as file:
                placed.append(path)
                file.write(text)
        made.rename(new)
    except OSError as error:
        for path in placed:
            path.unlink()
        raise ParameterFeil(f"utgaven kan ikke skrives ({error.strerror})", where=relative(new)) from None
