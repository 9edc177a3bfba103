"""What is left to do with an edition: ``rapport roll --status``."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from string import Formatter

from analysis_lib.data.breaks import read_breaks
from analysis_lib.data.cells import Kind
from analysis_lib.data.editions import edition_year, editions
from analysis_lib.data.facts import Facts, read_facts
from analysis_lib.data.formats import is_there, read_yaml
from analysis_lib.data.inputs import relative
from analysis_lib.data.package import natural
from analysis_lib.data.periods import YEAR
from analysis_lib.data.tables import Table
from analysis_lib.errors import RapportFeil
from analysis_lib.indicators.edition import Edition, read_edition
from analysis_lib.present.figures import read_figures
from publishing.check import MAGIC
from publishing.definition import Report, read_report, usual_parameters
from publishing.notebooks import chapters, read_code, read_notebook, shown, source, tags
from publishing.parameters import load_yaml, read_parameters

TABLES, FACTS, OPEN = "Tabeller som venter", "Fakta som venter", "Åpne data som slutter for tidlig"
FIGURES, NOTES = "Figurer å lese på nytt", "Merknader å lese på nytt"
TYPED, DEFINITION = "Skrevne årstall i notatbøkene", "Rapportdefinisjonen"
REASONS, PLACES = "Rettelser og begrunnelser som ikke passer", "Tiltak, brudd og påstander uten tall"
TURNED = "Setninger som har snudd"
_PLACE = re.compile(r"(?:fakta/\w+|(?<!\d)\d+\.\d+\w?)/[\w-]+(?:/[\w-]+)?")


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do: the group it belongs to, the file, and what."""

    group: str
    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


def worklist(root: Path, folder: Path) -> list[Task]:
    """Return what is left to do with an edition, in the order to do it in.

    Parameters
    ----------
    root : Path
        The project.
    folder : Path
        The edition.
    """
    edition = Edition(edition_year(folder), folder=folder)
    tables, facts, broken = _read(edition)
    return [
        *broken,
        *_tables(tables),
        *_facts(facts),
        *_open_data(edition, root),
        *_figures(folder),
        *_notes(tables),
        *_places(folder, tables, facts),
        *_reasons(folder),
        *_definition(root, folder),
        *_typed(root, edition.own_year),
        *_turned(root, folder),
    ]


def summary(tasks: list[Task]) -> str:
    """Count the tasks, by group, in one line."""
    counts = Counter(task.group for task in tasks)
    each = ", ".join(f"{group[:1].lower()}{group[1:]} {count}" for group, count in counts.items())
    return f"{len(tasks)} oppgaver ({each})" if tasks else "Ingenting gjenstår"


def _read(edition: Edition) -> tuple[dict[str, Table], dict[str, Facts], list[Task]]:
    """Read tables and facts; what cannot be read is itself a task."""
    tables, facts, broken = {}, {}, []
    paths = [*(edition.folder / "tabeller").glob("*.yml"), *(edition.folder / "fakta").glob("*.csv")]
    for path in sorted(paths, key=lambda path: natural(path.stem)):
        try:
            if path.suffix == ".yml":
                tables[path.stem] = edition.table(path.stem)
            else:
                facts[path.stem] = read_facts(path)
        except RapportFeil as error:
            broken.append(_mended(REASONS, error))
    return tables, facts, broken


def _mended(group: str, error: RapportFeil) -> Task:
    return Task(group, error.where, f"{error.message}. {error.hint}".strip(" ."))


def _tables(tables: dict[str, Table]) -> Iterator[Task]:
    for table in tables.values():
        cells = [cell for (row, _), cell in table.cells.items() if table.rows[row].kind != "heading"]
        if waiting := sum(cell.kind is Kind.AWAITED for cell in cells):
            yield Task(
                TABLES, table.path, f"{waiting} av {len(cells)} celler venter; skriv dem som de trykkes"
            )


def _facts(facts: dict[str, Facts]) -> Iterator[Task]:
    for chapter in facts.values():
        for fact in chapter.facts.values():
            if fact.cell.kind is Kind.AWAITED:
                where = f"{chapter.path}, linje {fact.cell.line}"
                yield Task(
                    FACTS, where, f"«{fact.key}» venter: {fact.label}, {fact.period} ({fact.register})"
                )


def _open_data(edition: Edition, root: Path) -> Iterator[Task]:
    for path in sorted((root / "data" / "open" / "ssb").glob("*.yml")):
        table = edition.table(f"ssb/{path.stem}")
        if waiting := {column for (_, column), cell in table.cells.items() if cell.kind is Kind.AWAITED}:
            yield Task(OPEN, table.path, f"hent tall for {', '.join(sorted(waiting))} ({table.spec.address})")


def _figures(folder: Path) -> Iterator[Task]:
    """Yield what the old edition's sources lacked: word by word where a year is named, else which figures."""
    for path in sorted((folder / "figurer").glob("*.yml"), key=lambda path: natural(path.stem)):
        lacking = {number: figure.missing for number, figure in read_figures(path).items() if figure.missing}
        dated = {number: why for number, why in lacking.items() if YEAR.search(why)}
        yield from (
            Task(FIGURES, relative(path), f"figur {number}: «{why}»") for number, why in dated.items()
        )
        if others := [number for number in lacking if number not in dated]:
            yield Task(FIGURES, relative(path), f"har kilden fått tallene til figur {', '.join(others)}?")


def _notes(tables: dict[str, Table]) -> Iterator[Task]:
    for table in tables.values():
        descriptor = table.path.removesuffix(".csv") + ".yml"
        yield from (Task(NOTES, descriptor, note) for note in table.spec.notes if re.search(r"\d", note))


def _places(folder: Path, tables: dict[str, Table], facts: dict[str, Facts]) -> Iterator[Task]:
    """Yield the places that measures, breaks and claims name, and the edition does not have."""
    cells = [(key, *cell) for key, table in tables.items() for cell in table.cells]
    cells += [("fakta", name, key) for name, chapter in facts.items() for key in chapter.facts]
    known = {"/".join(cell[:depth]) for cell in cells for depth in (1, 2, 3)}
    for file, what, place in dict.fromkeys(_named_places(folder)):
        if place not in known and not any(fnmatchcase(other, place) for other in known):
            yield Task(PLACES, relative(folder / file), f"{what} viser til {place}, som ikke finnes")


def _named_places(folder: Path) -> Iterator[tuple[str, str, str]]:
    from evaluation.register import read_measures

    for measure in read_measures(folder).values():
        for place in (place for data in measure.data for place in data.values.values()):
            if not place.startswith("ssb/"):
                yield "measures.yml", f"tiltaket «{measure.id}»", place
    for item in read_breaks(folder):
        yield from (("breaks.yml", f"bruddet «{item.id}»", series) for series in item.series)
    path = folder / "paastander.yml"
    for place in _PLACE.findall(str(read_yaml(path) if is_there(path) else "")):
        yield path.name, "en påstand", place


def _reasons(folder: Path) -> Iterator[Task]:
    """Yield the reasons in ``audit.yml`` that fit no finding, and the findings without one."""
    from number_audit.audit import audit_edition

    try:
        audit = audit_edition(folder)
    except RapportFeil as error:
        yield _mended(REASONS, error)
        return
    where = relative(folder / "audit.yml")
    yield from (
        Task(REASONS, where, f"«{name}» passer ikke til noe funn; fjern den") for name in audit.unused
    )
    for finding in audit.findings:
        if not finding.handled:
            yield Task(REASONS, where, f"{finding.id} har ingen begrunnelse: {finding.explanation}")


def _definition(root: Path, folder: Path) -> Iterator[Task]:
    """Yield the fields of the edition's report definition that another edition has left behind."""
    year, spec = edition_year(folder), read_edition(folder)
    path = _definition_of(root, folder.name)
    if path is None:
        yield Task(
            DEFINITION, "reports", f"ingen definisjon har «data: {folder.name}»; kopier en og endre den"
        )
        return
    raw, params = load_yaml(path, root), usual_parameters(path, root)
    if spec.date and spec.date not in str(raw.get("date", "")):
        told = f"«date» er «{raw.get('date', '')}», men tallene er tatt ut {spec.date} (utgave.yml)"
        yield Task(DEFINITION, relative(path), told)
    if is_there(params) and (aar := read_parameters(params, root).get("aar")) != str(year):
        yield Task(DEFINITION, relative(params), f"«aar» er {aar}, men utgaven er om {year}")


def _definition_of(root: Path, edition: str) -> Path | None:
    """Return the definition of the report that is computed from an edition."""
    for path in sorted((root / "reports").glob("*.yml")):
        try:
            if _report(root, path).data == edition:
                return path
        except RapportFeil:
            continue
    return None


def _report(root: Path, definition: Path) -> Report:
    return read_report(definition, root, read_parameters(usual_parameters(definition, root), root, ()))


def _typed(root: Path, year: int) -> Iterator[Task]:
    """Yield the years that somebody has typed into notebooks, where an edition could have moved past them."""
    for path in chapters(root):
        for number, cell in enumerate(read_notebook(path)["cells"], start=1):
            if cell["cell_type"] == "code" and "parameters" not in tags(cell):
                texts = dict.fromkeys(_typed_texts(source(cell)))
                if late := [text for text in texts if any(int(y) >= year - 2 for y in YEAR.findall(text))]:
                    yield Task(TYPED, f"{shown(path)}, celle {number}", f"«{'», «'.join(late)}»")


def _typed_texts(text: str) -> Iterator[str]:
    """Yield what is typed in code: texts and whole numbers, in prose those inside braces."""
    prose = text.removeprefix(MAGIC)
    try:
        codes = [text] if prose == text else [code for _, code, _, _ in Formatter().parse(prose) if code]
    except ValueError:
        return
    for code in codes:
        try:
            tree = read_code(code.strip())
        except SyntaxError:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str | int):
                yield str(node.value)


def _turned(root: Path, folder: Path) -> Iterator[Task]:
    """Yield each sentence that has turned since the edition before, when both are built."""
    from publishing.diff.built import read_build
    from publishing.diff.sentences import flips

    known = list(editions(root).values())
    earlier = [other for other in known if edition_year(other) < edition_year(folder)]
    if not earlier:
        return
    builds = [(each, *_build(root, each.name)) for each in (earlier[-1], folder)]
    lacking = [(each, name) for each, name, built in builds if built is None]
    for each, name in lacking:
        yield Task(TURNED, relative(each), f"bygg utgaven for å se dem: rapport build{name}")
    if not lacking:
        old, new = (read_build(built).ledger.sentences for *_, built in builds if built)
        for flip in flips(old, new):
            where = f"notebooks/{flip.chapter}.ipynb, {flip.place}"
            yield Task(TURNED, where, f"{flip.kind}: «{flip.old}» → «{flip.new}» i «{flip.sentence}»")


def _build(root: Path, edition: str) -> tuple[str, Path | None]:
    """Return the option that names an edition's report, and its build if there is one."""
    path = _definition_of(root, edition)
    if path is None:
        return "", None
    built = root / "reports" / "_build" / _report(root, path).id
    return f" --report {path.stem}", built if built.is_dir() else None
