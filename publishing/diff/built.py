"""A finished build as a snapshot, and one held against the build that it is to replace.

An edited sentence, a changed cell, other parameters and noise of a model explain themselves. A sentence, a
table of the notebook's own or a figure that is bound otherwise does not, nor does a number that another
function has computed of the same cells: it is published when somebody has said why in ``revisjoner.yml``.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from analysis_lib.data.files import read_model
from analysis_lib.data.formats import read_json
from analysis_lib.data.periods import YEAR
from analysis_lib.errors import DataFeil, KontrollFeil
from analysis_lib.indicators.values import PrintVerdict
from analysis_lib.present.escape import anchor
from analysis_lib.present.pieces import Part, PieceKind
from analysis_lib.present.register import ExactCell, ExactResult
from publishing import publish
from publishing.book.ledger import LEDGER, FigureEntry, Ledger, Registered, SentenceEntry, TableEntry
from publishing.diff.causes import explained, rebound
from publishing.diff.matching import match
from publishing.diff.records import (
    Bound,
    Cause,
    Difference,
    Record,
    Snapshot,
    Years,
    table_record,
    without_years,
    years_in,
)
from publishing.diff.sentences import sentences_of, skeleton
from publishing.revisions import FILE, Revision, spaced


@dataclass(frozen=True, slots=True)
class Build:
    """A finished build: what it is made from, and what it says."""

    ledger: Ledger
    snapshot: Snapshot


def read_build(folder: Path) -> Build:
    """Read a published build.

    Raises
    ------
    DataFeil
        If the build is not whole, or was made before builds kept a number register.
    """
    manifest = publish.read_manifest(folder)
    again = "Bygg rapporten på nytt: rapport build."
    if manifest is None or not publish.is_whole(folder, manifest):
        raise DataFeil("bygget er ikke helt", where=folder, hint=again)
    path = folder / LEDGER
    if not path.is_file():
        raise DataFeil(f"bygget har ikke noe tallregister ({LEDGER})", where=folder, hint=again)
    try:
        ledger = read_model(Ledger, read_json(path), str(path))
        return Build(ledger, snapshot(folder.name, ledger))
    except DataFeil as error:
        raise DataFeil(error.message, where=path, hint=again) from None
    except (LookupError, ValueError, RecursionError) as error:
        raise DataFeil(f"tallregisteret henger ikke sammen ({error})", where=path, hint=again) from None


def snapshot(name: str, ledger: Ledger) -> Snapshot:
    """Return a number register as a snapshot."""
    numbers = _Numbers(ledger)
    records = {record.identity: record for record in numbers.records()}
    for identity, table in ledger.tables.items():
        records[identity] = _table(identity, table)
    for identity, figure in ledger.figures.items():
        records[identity] = numbers.figure(identity, figure)
    shown = (*numbers.in_tables(), *numbers.in_text())
    records |= {record.identity: record for record in shown}
    revisions = {
        i: Revision(item.old, item.new, item.why) for i, item in ledger.revisions.items() if i in records
    }
    return Snapshot(name, ledger.parameters.aar, records, ledger.corrections, revisions)


class _Numbers:
    """The register's entries as records; the years of a computed number are those of its terms."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.entries = ledger.numbers
        self.names = {ref: entry.exact.identity for ref, entry in self.entries.items()}
        self.known_years: dict[str, Years | None] = {}
        self.known_bounds: dict[str, Bound] = {}
        self.known_tables: dict[str, str] = {}

    def records(self) -> Iterator[Record]:
        for ref, entry in self.entries.items():
            yield self._record(ref, entry)

    def _record(self, ref: str, entry: Registered) -> Record:
        exact = entry.exact
        cell = exact if isinstance(exact, ExactCell) else None
        relation = f"{entry.how}: {exact.formula or ''}" if isinstance(exact, ExactResult) else "trykt"
        sources = [self.ledger.sources[i] for i in entry.sources]
        return Record(
            exact.identity,
            entry.label,
            spaced(entry.text),
            exact.point,
            exact.interval,
            self.years(ref),
            tuple(self.names[term.ref] for term in entry.terms or ()),
            parent=self._table(exact.identity),
            at=self._at(exact.identity),
            definition={"enhet": entry.unit, "relasjon": relation},
            printed=spaced(cell.printed if cell else entry.printed),
            corrected=cell.corrected if cell else None,
            contradicted=entry.verdict is PrintVerdict.DEVIATES,
            file=cell.file if cell else "",
            sha256=sources[0].sha256 if cell else "",
            place=", ".join(entry.places) or "ledd i en beregning",
        )

    def _table(self, identity: str) -> str:
        """Return the id of the table that a cell stands in, "" for what is no cell of a table."""
        number = identity.rpartition("/")[0].rpartition("/")[0]
        if number not in self.known_tables:
            name = anchor(number)
            self.known_tables[number] = name if name in self.ledger.tables else ""
        return self.known_tables[number]

    def _at(self, identity: str) -> tuple[str, str]:
        rest, _, column = identity.rpartition("/")
        return (rest.rpartition("/")[2], column) if self._table(identity) else ("", "")

    def years(self, ref: str) -> Years | None:
        """Return the years that a number is named by, else those of its terms, else its table's."""
        if ref not in self.known_years:
            entry = self.entries[ref]
            identity = entry.exact.identity
            table = self.ledger.tables.get(self._table(identity))
            self.known_years[ref] = (
                years_in([identity])
                or _span(self.years(term.ref) for term in entry.terms or ())
                or years_in([entry.label])
                or years_in([table.period] if table else [])
                or self._counted(entry)
            )
        return self.known_years[ref]

    def _counted(self, entry: Registered) -> Years | None:
        """Return the report's year for what it has counted itself: no cell, and no terms."""
        year = self.ledger.parameters.aar
        return None if isinstance(entry.exact, ExactCell) or entry.terms else (year, year)

    def figure(self, identity: str, figure: FigureEntry) -> Record:
        return Record(
            identity,
            figure.label,
            figure.status,
            years=_span(map(self.years, figure.refs)),
            terms=tuple(self.names[ref] for ref in figure.refs),
            definition={"tittel": figure.title, "mangler": figure.note},
            place=figure.place,
            bound=joined([self.bound(ref) for ref in figure.refs]) if figure.refs else None,
        )

    def in_tables(self) -> Iterator[Record]:
        """Yield the cells of the report's own tables: what a notebook put there."""
        for key, table in self.ledger.tables.items():
            for place, ref in table.cells.items():
                row, _, column = place.rpartition("/")
                label = f"{table.label}: {table.rows[row]}, {table.columns[column]}"
                if anchor(self.names[ref].rpartition("/")[0].rpartition("/")[0]) != key:
                    yield Record(
                        f"celle/{key}/{place}",
                        label,
                        "",
                        years=self.years(ref),
                        terms=(self.names[ref],),
                        parent=key,
                        place=table.place,
                        at=(row, column),
                        bound=self.bound(ref),
                    )

    def in_text(self) -> Iterator[Record]:
        """Yield what is bound in each sentence; a word that rests on a number has no number of its own."""
        seen: Counter[str] = Counter()
        for paragraph in self.ledger.sentences:
            for said, pieces in sentences_of(paragraph.parts):
                words = skeleton(pieces) or paragraph.template
                sentence = f"{paragraph.chapter}: {without_years(words)}"
                seen[sentence] += 1
                name = hashlib.blake2b(f"{sentence}/{seen[sentence]}".encode(), digest_size=5).hexdigest()
                home = f"tekst/{paragraph.chapter}/{name}"
                for position, piece in enumerate(piece for piece in pieces if piece.refs):
                    yield self._piece(f"{home}/{position}", said, piece, paragraph, sentence)
                for position, piece in enumerate(piece for piece in pieces if _is_year(piece)):
                    yield self._year(f"{home}/år/{position}", said, piece, paragraph, sentence)

    def _year(self, identity: str, said: str, piece: Part, paragraph: SentenceEntry, words: str) -> Record:
        """Return a year that the notebook gives as a word: another one is another sentence."""
        place = f"{paragraph.chapter}, {paragraph.place}"
        label = f"«{spaced(said)}»"
        return Record(identity, label, "", place=place, sentence=words, bound=Bound(spaced(piece.text)))

    def _piece(self, identity: str, said: str, piece: Part, paragraph: SentenceEntry, words: str) -> Record:
        first = piece.refs[0]
        shown = piece.kind is PieceKind.NUMBER
        exact = self.entries[first].exact
        bounds = [self.bound(ref, piece.format) for ref in piece.refs]
        return Record(
            identity,
            f"«{spaced(said)}»",
            spaced(piece.text) if shown else "",
            exact.point if shown else None,
            exact.interval if shown else None,
            self.years(first),
            tuple(self.names[ref] for ref in piece.refs),
            place=f"{paragraph.chapter}, {paragraph.place}",
            sentence=words,
            bound=bounds[0] if len(bounds) == 1 else joined(bounds),
        )

    def bound(self, ref: str, form: str = "") -> Bound:
        """Return what a number is: a cell by its name, a computed one by its formula and its terms."""
        if ref not in self.known_bounds:
            self.known_bounds[ref] = self._bound(self.entries[ref])
        return replace(self.known_bounds[ref], format=form) if form else self.known_bounds[ref]

    def _bound(self, entry: Registered) -> Bound:
        exact = entry.exact
        if entry.label.startswith("Deflator"):
            # How it is found varies with what the edition prints; it is the same input of the sentence.
            return Bound(entry.label, unit=entry.unit)
        formula = entry.arithmetic or (entry.how or "").partition(":")[0]
        cells = tuple(self.bound(term.ref).quantity for term in entry.terms or ())
        if isinstance(exact, ExactCell) or "(" not in exact.identity:
            return Bound(exact.identity, unit=entry.unit)
        quantity = f"{formula}({', '.join(cells)})" if cells else exact.identity
        return Bound(quantity, formula, cells, entry.unit)


def _is_year(piece: Part) -> bool:
    return (
        not piece.refs
        and piece.kind in (PieceKind.PLAIN, PieceKind.WORDS)
        and YEAR.fullmatch(piece.text.strip()) is not None
    )


def joined(bounds: list[Bound]) -> Bound:
    """Return what a word rests on that the data choose by several numbers."""
    quantities = tuple(item.quantity for item in bounds)
    units = ", ".join(dict.fromkeys(item.unit for item in bounds))
    return Bound(", ".join(quantities), "ord", quantities, units, bounds[0].format)


def _span(years: Iterable[Years | None]) -> Years | None:
    known = [year for pair in years if pair for year in pair]
    return (min(known), max(known)) if known else None


def _table(identity: str, table: TableEntry) -> Record:
    said = (table.unit, table.basis, table.title, table.notes)
    return table_record(identity, table.label, table.place, said, table.rows, table.columns)


def hold_against(published: Path, ledger: Ledger) -> str:
    """Hold a new register against the published build; say what it was held against.

    Raises
    ------
    KontrollFeil
        If something is bound otherwise, or computed otherwise, and nobody has said why.
    """
    if not published.exists():
        return ""
    try:
        old = read_build(published)
    except DataFeil as error:
        return f"Ikke sammenlignet med det forrige bygget: {error.message}"
    found = unaccounted(old, Build(ledger, snapshot(published.name, ledger)))
    if found:
        raise KontrollFeil(
            f"{len(found)} tall er bundet eller beregnet på en annen måte enn i det publiserte bygget, "
            "og ingen inndata forklarer det. Forrige rapport står urørt.\n" + "\n".join(map(_line, found)),
            hint=f"Rett notatboken, eller si hvorfor i {FILE} (number, expect, cause, why, evidence); "
            "et utkast: rapport build --draft.",
        )
    return f"Sammenlignet med det forrige bygget ({len(ledger.numbers)} tall): ingen er bundet på nytt"


def _line(item: Difference) -> str:
    return (
        f"  {item.place}: {item.label}: {item.old} → {item.new}; {item.explanation} [number: {item.identity}]"
    )


def unaccounted(old: Build, new: Build) -> list[Difference]:
    """Return the numbers that differ although their inputs are the same, and nobody has said why.

    Parameters
    ----------
    old, new : Build
        The published build, and the one that is to take its place.
    """
    before = replace(old, snapshot=match(old.snapshot, new.snapshot)[0])
    return [
        item
        for item in explained(before.snapshot, new.snapshot)
        if item.cause is Cause.UNEXPLAINED and not _by_input(item.identity, before, new)
    ]


def _by_input(identity: str, old: Build, new: Build) -> bool:
    """Tell whether other data or parameters, or another format alone, explain a difference."""
    a, b = (side.snapshot.records[identity] for side in (old, new))
    touched = _touched(a, old, new) or _touched(b, new, old)
    if a.bound is None or b.bound is None:
        return touched or not (b.sha256 or b.terms)
    chapter = b.place.partition(",")[0]
    same = old.ledger.notebooks.get(chapter, "") == new.ledger.notebooks.get(chapter)
    # Other data may choose another row («størst»); a notebook that is another one may not hide behind them.
    chosen = same and (touched or old.ledger.parameters != new.ledger.parameters)
    return chosen or not rebound(_unformatted(a.bound), _unformatted(b.bound))


def _unformatted(bound: Bound) -> Bound:
    return replace(bound, format="")


def _touched(record: Record, own: Build, other: Build) -> bool:
    """Tell whether a table, a fact or a correction behind a number differs between the builds."""
    inputs = (own.ledger.inputs, other.ledger.inputs)
    changed = {
        name.rpartition(".")[0]
        for name in {**inputs[0], **inputs[1]}
        if inputs[0].get(name) != inputs[1].get(name)
    }
    mended = (own.ledger.corrections, other.ledger.corrections)
    return any(
        item.file.rpartition(".")[0] in changed
        or any(name.endswith(f"/{item.identity.rsplit('/', 2)[0]}") for name in changed)
        or mended[0].get(item.identity) != mended[1].get(item.identity)
        for item in _behind(record, own)
    )


def _behind(record: Record, build: Build) -> Iterator[Record]:
    """Yield a number and all that it is computed of."""
    waiting, seen = [record], {record.identity}
    while waiting:
        item = waiting.pop()
        yield item
        terms = [term for term in item.terms if term not in seen and term in build.snapshot.records]
        seen.update(terms)
        waiting += [build.snapshot.records[term] for term in terms]
