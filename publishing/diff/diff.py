"""Two editions or two builds, found by name, compared, and the result written and summed up."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

from analysis_lib.data.cells import Cell
from analysis_lib.data.corrections import reasons
from analysis_lib.data.editions import edition_year
from analysis_lib.data.facts import Facts, read_facts
from analysis_lib.data.inputs import relative
from analysis_lib.data.norwegian import format_number
from analysis_lib.data.package import natural
from analysis_lib.data.tables import Table
from analysis_lib.errors import DataFeil, KontrollFeil, ParameterFeil, nearest
from analysis_lib.indicators.edition import Edition
from analysis_lib.indicators.values import Computation, PrintVerdict, Value
from publishing.book.ledger import LEDGER
from publishing.diff.built import read_build
from publishing.diff.causes import compare
from publishing.diff.records import (
    IN_A_BUILD,
    Cause,
    Difference,
    Record,
    Snapshot,
    Years,
    stands,
    table_record,
    years_in,
)
from publishing.diff.sentences import KINDS, Flip, flips
from publishing.publish import MANIFEST
from publishing.revisions import FILE, Revision, read_revisions, spaced

SHOWN = 12


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two editions or builds, and which sentences have turned."""

    old: str
    new: str
    differences: list[Difference]
    flips: list[Flip]

    @property
    def unexplained(self) -> list[Difference]:
        """The revisions without a cause: they stop a release."""
        return [item for item in self.differences if item.cause is Cause.UNEXPLAINED]


def compare_folders(old: str, new: str, root: Path) -> Comparison:
    """Compare two editions, or two builds, by name or path.

    Parameters
    ----------
    old, new : str
        ``2024`` (below ``data/published``), ``arsrapport-2025`` (below ``reports/_build``), or a path.
    root : Path
        The project.

    Raises
    ------
    ParameterFeil
        If a name is neither, one is an edition and the other a build, or the builds are of different reports.
    DataFeil
        If a file is malformed, a build is not whole, or an entry of ``revisjoner.yml`` no longer fits.
    """
    before, after = find(old, root), find(new, root)
    if is_edition(before) != is_edition(after):
        kinds = {True: "en utgave", False: "et bygg"}
        raise ParameterFeil(
            f"«{old}» er {kinds[is_edition(before)]}, men «{new}» er {kinds[is_edition(after)]}",
            hint="Sammenlign to utgaver eller to bygg.",
        )
    if is_edition(before):
        sides = read_edition(before), read_edition(after)
        return Comparison(old, new, _differences(old, new, *sides, where=relative(after / FILE)), [])
    builds = read_build(before), read_build(after)
    definitions = [build.ledger.definition for build in builds]
    # A report is rolled to «arsrapport-2026», and stays the same report.
    if len({re.sub(r"-\d{4}(-[\w-]+)?$", "", name) for name in definitions}) > 1:
        raise ParameterFeil(
            f"«{old}» er bygd av reports/{definitions[0]}.yml, «{new}» av reports/{definitions[1]}.yml",
            hint="Sammenlign to bygg av den samme rapporten.",
        )
    sides = builds[0].snapshot, builds[1].snapshot
    turned = flips(builds[0].ledger.sentences, builds[1].ledger.sentences)
    return Comparison(old, new, _differences(old, new, *sides, where=relative(after / LEDGER)), turned)


def _differences(old: str, new: str, a: Snapshot, b: Snapshot, *, where: str) -> list[Difference]:
    check_revisions(b.revisions, a.records, b.records, where=where)
    if a.name == b.name:
        a, b = replace(a, name=old), replace(b, name=new)
    return compare(a, b)


def check_revisions(
    revisions: Mapping[str, Revision], old: Mapping[str, Record], new: Mapping[str, Record], *, where: str
) -> None:
    """Refuse an entry that no longer fits.

    Raises
    ------
    DataFeil
        If a cell is not there, the newer text is not the one that stands there, or the older edition has
        a text that is neither (both, since two builds of one edition may be compared after the revision).
    """
    for identity, revision in revisions.items():
        if identity not in new:
            raise DataFeil(
                f"revisjonen peker på «{identity}», som ikke finnes", where=where, hint=nearest(identity, new)
            )
        expected: list[tuple[Record, tuple[str, ...]]] = [(new[identity], (revision.new,))]
        if identity in old:
            expected.append((old[identity], (revision.old, revision.new)))
        for record, texts in expected:
            if stands(record) not in map(spaced, texts):
                raise DataFeil(
                    f"revisjonen av «{identity}» venter «{texts[0]}», men der står «{stands(record)}»",
                    where=where,
                    hint="Kilden er endret: vurder revisjonen på nytt, eller fjern den.",
                )


def find(name: str, root: Path) -> Path:
    """Return the folder of an edition or a build.

    Raises
    ------
    ParameterFeil
        If there is none; names the nearest.
    """
    homes = [root / "data" / "published", root / "reports" / "_build"]
    places = [Path(name), *(home / name for home in homes)]
    for folder in places:
        if folder.is_dir() and (is_edition(folder) or is_build(folder)):
            return folder
    known = [
        path.name
        for home in homes
        if home.is_dir()
        for path in sorted(home.iterdir())
        if not path.name.startswith(".") and (is_edition(path) or is_build(path))
    ]
    raise ParameterFeil(f"«{name}» er verken en utgave eller et bygg", hint=nearest(name, known))


def is_edition(folder: Path) -> bool:
    """Tell whether a folder holds published tables."""
    return (folder / "tabeller").is_dir()


def is_build(folder: Path) -> bool:
    """Tell whether a folder holds a built report, whole or not."""
    return any((folder / part).exists() for part in (MANIFEST, LEDGER, "html"))


def refuse(comparison: Comparison) -> None:
    """Stop a release that has revisions without a cause.

    Raises
    ------
    KontrollFeil
        If there is any.
    """
    if count := len(comparison.unexplained):
        revisions = "en uforklart revisjon" if count == 1 else f"{count} uforklarte revisjoner"
        raise KontrollFeil(
            f"kontrollen fant {revisions}",
            hint=f"Er tallet revidert, før det i {FILE} i den nye utgaven, med grunn; ellers rett det.",
        )


def write(comparison: Comparison, folder: Path) -> None:
    """Write ``diff.csv`` (one line a difference) and ``diff.json`` (with the sentences that have turned).

    Raises
    ------
    ParameterFeil
        If the folder is a file.
    """
    if folder.exists() and not folder.is_dir():
        raise ParameterFeil(f"«{folder}» er en fil", where="--out", hint="Nevn en mappe.")
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "diff.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([field.name for field in fields(Difference)])
        for item in comparison.differences:
            record = asdict(item) | {"roots": "; ".join(item.roots)}
            writer.writerow(record.values())
    text = json.dumps({**asdict(comparison), "counts": counts(comparison)}, ensure_ascii=False, indent=1)
    (folder / "diff.json").write_text(f"{text}\n", encoding="utf-8")


def counts(comparison: Comparison) -> dict[str, int]:
    """Count the differences by cause, in the order of `Cause`."""
    found = Counter(item.cause for item in comparison.differences)
    return {cause.value: found[cause] for cause in Cause if found[cause]}


def summary(comparison: Comparison) -> Iterator[str]:
    """Yield what a terminal shows: counts by cause, the unexplained, the largest roots, what has turned."""
    yield f"Fra {comparison.old} til {comparison.new}: {len(comparison.differences) or 'ingen'} forskjeller"
    for cause, count in counts(comparison).items():
        yield f"  {cause:<22}{count:>6}"
    roots = [item for item in comparison.differences if not item.roots]
    unexplained = comparison.unexplained
    if unexplained:
        yield "Uforklart:"
        yield from (_line(item) for item in unexplained)
    explained = [item for item in roots if item.cause is not Cause.UNEXPLAINED]
    for cause in Cause:
        of_cause = [item for item in explained if item.cause is cause]
        if of_cause and cause not in (Cause.PERIOD, Cause.ADDED, Cause.REMOVED):
            yield f"{cause.value.capitalize()}:"
            yield from (_line(item) for item in of_cause[:SHOWN])
            if len(of_cause) > SHOWN:
                yield f"  … og {len(of_cause) - SHOWN} til"
    yield from _turned(comparison.flips)


def _turned(found: list[Flip]) -> Iterator[str]:
    words = [flip for flip in found if flip.kind in KINDS.values()]
    if words:
        yield "Setninger som har snudd:"
    for flip in words:
        yield f"  {flip.place}, {flip.kind}: «{flip.old}» → «{flip.new}»: {flip.sentence}"
    others = Counter(flip.kind for flip in found if flip not in words)
    for kind, count in others.items():
        yield f"{count} avsnitt {kind}"


def _line(item: Difference) -> str:
    change = "" if item.relative is None else f" ({100 * item.relative:.1f} %)".replace(".", ",")
    numbers = f": {item.old or '(ingen)'} → {item.new or '(ingen)'}{change}" if item.old or item.new else ""
    follow = f" {item.dependants} tall følger av det." if item.dependants else ""
    why = f"{item.explanation[:1].upper()}{item.explanation[1:]}."
    return f"  {item.label}{numbers}. {why}{follow} [{item.place}]"


def read_edition(folder: Path) -> Snapshot:
    """Read an edition from its folder: ``tabeller``, ``fakta``, ``corrections.yml``, ``revisjoner.yml``.

    Raises
    ------
    DataFeil
        If there are no tables, or a file is malformed, or a derived cell names one that is not there.
    """
    keys = sorted((path.stem for path in (folder / "tabeller").glob("*.yml")), key=natural)
    if not keys:
        raise DataFeil("utgaven har ingen tabeller", where=folder / "tabeller")
    edition = Edition(edition_year(folder), folder=folder)
    records: dict[str, Record] = {}
    for key in keys:
        table = edition.table(key)
        records[key] = _table(table)
        records |= {record.identity: record for record in _cells(edition, table, records)}
    for path in sorted((folder / "fakta").glob("*.csv")):
        records |= {record.identity: record for record in _facts(read_facts(path), path.stem)}
    accounted = read_revisions(folder / FILE).items()
    revisions = {name: item for name, item in accounted if not name.startswith(IN_A_BUILD)}
    return Snapshot(folder.name, edition.year, records, reasons(folder / "corrections.yml"), revisions)


def _table(table: Table) -> Record:
    spec = table.spec
    basis = f"{spec.basis} ({spec.price_year})" if spec.price_year else spec.basis
    rows = {key: row.label for key, row in table.rows.items()}
    columns = {key: table.place(key) for key in table.columns}
    said = (spec.unit, basis, spec.title, " ".join(spec.notes))
    return table_record(table.key, f"Tabell {spec.number}", table.path, said, rows, columns)


def _cells(edition: Edition, table: Table, known: dict[str, Record]) -> Iterator[Record]:
    """Yield a table's cells, and what they are computed from that stands in no table."""
    for (row, column), cell in table.cells.items():
        if table.rows[row].kind == "heading":
            continue
        value = edition.value(table.key, row, column)
        yield _cell(table, row, column, cell, value)
        yield from _between(value, known)


def _cell(table: Table, row: str, column: str, cell: Cell, value: Value) -> Record:
    identity = f"{table.key}/{row}/{column}"
    relation = table.relation(row, column)
    head = table.column(column)
    definition = {
        "enhet": table.unit(row, column),
        "eksakt": "ja" if table.row(row).exact or head.exact else "nei",
        "relasjon": f"{relation.operation}: {', '.join(relation.arguments)}" if relation else "trykt",
    }
    return Record(
        identity,
        f"Tabell {table.spec.number}: {table.row(row).label}, {table.place(column)}",
        _shown(cell, value),
        value.point,
        value.interval,
        _own_years(table, row, column) if relation is None or table.column(column).year else _years(value),
        _terms(value) if value.identity == identity else (value.identity,),
        parent=table.key,
        definition=definition,
        printed=spaced(cell.printed),
        corrected=cell.corrected,
        contradicted=value.verdict is PrintVerdict.DEVIATES,
        file=table.path,
        sha256=table.sha256,
        place=f"{table.path}, linje {cell.line}",
        at=(row, column),
    )


def _own_years(table: Table, row: str, column: str) -> Years | None:
    year = table.column(column).year
    return (year, year) if year else years_in([row, column]) or years_in([table.spec.period])


def _years(value: Value) -> Years | None:
    """Return the years of the cells at the bottom of a computed value."""
    return years_in(source.label for source in value.sources())


def _terms(value: Value) -> tuple[str, ...]:
    origin = value.origin
    return tuple(term.identity for term in origin.terms) if isinstance(origin, Computation) else ()


def _between(value: Value, known: dict[str, Record]) -> Iterator[Record]:
    """Yield the computed terms that are no cells: deflators, and what they follow from."""
    for term in value.origin.terms if isinstance(value.origin, Computation) else ():
        if isinstance(term.origin, Computation) and term.identity not in known and term.verdict is None:
            text, years = _written(term), _years(term)
            yield Record(term.identity, term.label, text, term.point, term.interval, years, _terms(term))
            yield from _between(term, known)


def _shown(cell: Cell, value: Value) -> str:
    """Return the cell's text, or what its parts give where they do not allow the printed number."""
    computed = value.verdict is PrintVerdict.DEVIATES and not value.note
    return _written(value) if computed else spaced(cell.text)


def _written(value: Value) -> str:
    return "" if value.point is None else spaced(format_number(value.point, value.decimals))


def _facts(facts: Facts, name: str) -> Iterator[Record]:
    for key, fact in facts.facts.items():
        yield Record(
            f"fakta/{name}/{key}",
            f"{fact.label}, {fact.period}",
            spaced(fact.cell.text),
            fact.cell.number,
            fact.cell.interval,
            (fact.year, fact.year),
            definition={"enhet": fact.unit, "hva": fact.label, "periode": fact.period},
            printed=spaced(fact.cell.printed),
            file=facts.path,
            sha256=facts.sha256,
            place=f"{facts.path}, linje {fact.cell.line}",
        )
