"""A finished build as a snapshot: its number register, its figures, and its sentences."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis_lib.data.files import read_model
from analysis_lib.errors import DataFeil
from analysis_lib.indicators.values import read_interval, read_number
from analysis_lib.present.tables import anchor
from publishing import publish
from publishing.book.ledger import LEDGER, Ledger
from publishing.diff.records import Record, Snapshot, Years, years_in
from publishing.diff.sentences import Piece, Sentence, keyed, sentence_at
from publishing.revisions import Revision, spaced


@dataclass(frozen=True, slots=True)
class Build:
    """A finished build: what it is made from, and what it says."""

    definition: str
    snapshot: Snapshot
    sentences: tuple[Sentence, ...]


def read_build(folder: Path) -> Build:
    """Read a published build.

    Raises
    ------
    DataFeil
        If the build is not whole, or was made before builds kept a number register.
    """
    manifest = publish.read_manifest(folder)
    again = "Bygg rapporten på nytt: rapport build."
    if not manifest or not publish.is_whole(folder, manifest):
        raise DataFeil("bygget er ikke helt", where=folder, hint=again)
    path = folder / LEDGER
    if not path.is_file():
        raise DataFeil(f"bygget har ikke noe tallregister ({LEDGER})", where=folder, hint=again)
    try:
        ledger = json.loads(path.read_bytes())
        read_model(Ledger, ledger, str(path))
        told = tuple(_sentence(item) for item in ledger["sentences"])
        return Build(ledger["definition"], _snapshot(folder.name, ledger, told), told)
    except json.JSONDecodeError as error:
        raise DataFeil(f"ugyldig JSON: {error.msg}", where=path, hint=again) from None
    except DataFeil as error:
        raise DataFeil(error.message, where=path, hint=again) from None
    except (LookupError, ValueError, RecursionError) as error:
        raise DataFeil(f"tallregisteret henger ikke sammen ({error})", where=path, hint=again) from None


def _snapshot(name: str, ledger: Mapping[str, Any], told: Iterable[Sentence]) -> Snapshot:
    numbers = _Numbers(ledger)
    records = {record.identity: record for record in numbers.records()}
    for identity, table in ledger["tables"].items():
        records[identity] = _table(identity, table)
    for identity, figure in ledger["figures"].items():
        records[identity] = numbers.figure(identity, figure)
    records |= {record.identity: record for record in numbers.in_text(told)}
    revisions = {i: Revision(**item) for i, item in ledger["revisions"].items() if i in records}
    return Snapshot(name, int(ledger["parameters"]["aar"]), records, ledger["corrections"], revisions)


class _Numbers:
    """The register's entries as records; the years of a computed number are those of its terms."""

    def __init__(self, ledger: Mapping[str, Any]) -> None:
        self.ledger = ledger
        self.entries: Mapping[str, Any] = ledger["numbers"]
        self.names: dict[str, str] = {ref: entry["exact"]["identity"] for ref, entry in self.entries.items()}
        self.known_years: dict[str, Years | None] = {}

    def records(self) -> Iterator[Record]:
        for ref, entry in self.entries.items():
            yield self._record(ref, entry)

    def _record(self, ref: str, entry: Mapping[str, Any]) -> Record:
        exact = entry["exact"]
        is_cell = "file" in exact
        sources = [self.ledger["sources"][i] for i in entry["sources"]]
        return Record(
            exact["identity"],
            entry["label"],
            spaced(entry["text"]),
            read_number(exact["point"]),
            read_interval(exact["interval"]),
            self.years(ref),
            tuple(self.names[term["ref"]] for term in entry.get("terms", [])),
            parent=self._table(exact["identity"]),
            definition={
                "enhet": entry["unit"],
                "relasjon": "trykt" if is_cell else f"{entry['how']}: {exact.get('formula', '')}",
            },
            printed=spaced(exact["printed"] if is_cell else entry.get("printed", "")),
            corrected=exact.get("corrected"),
            contradicted=entry.get("verdict") == "avviker",
            file=exact.get("file", ""),
            sha256=sources[0]["sha256"] if is_cell else "",
            place=", ".join(entry["places"]) or "ledd i en beregning",
        )

    def _table(self, identity: str) -> str:
        """Return the id of the table that a cell stands in, "" for what is no cell of a table."""
        name = anchor(identity.rpartition("/")[0].rpartition("/")[0])
        return name if name in self.ledger["tables"] else ""

    def years(self, ref: str) -> Years | None:
        """Return the years that a number is named by, else those of its terms, else its table's."""
        if ref not in self.known_years:
            entry = self.entries[ref]
            identity = entry["exact"]["identity"]
            period = self.ledger["tables"].get(self._table(identity), {}).get("period", "")
            self.known_years[ref] = (
                years_in([identity])
                or _span(self.years(term["ref"]) for term in entry.get("terms", []))
                or years_in([entry["label"]])
                or years_in([period])
                or self._counted(entry)
            )
        return self.known_years[ref]

    def _counted(self, entry: Mapping[str, Any]) -> Years | None:
        """Return the report's year for what it has counted itself: no cell, and no terms."""
        year = int(self.ledger["parameters"]["aar"])
        return None if "file" in entry["exact"] or entry.get("terms") else (year, year)

    def figure(self, identity: str, figure: Mapping[str, Any]) -> Record:
        refs = figure["refs"]
        return Record(
            identity,
            figure["label"],
            figure["status"],
            years=_span(map(self.years, refs)),
            terms=tuple(self.names[ref] for ref in refs),
            definition={"tittel": figure["title"], "mangler": figure["note"]},
            place=figure["place"],
        )

    def in_text(self, told: Iterable[Sentence]) -> Iterator[Record]:
        for key, sentence in keyed(told):
            name = hashlib.blake2b(key.encode(), digest_size=5).hexdigest()
            for position, piece in enumerate(sentence.pieces):
                if piece.kind == "number":
                    identity = f"tekst/{sentence.chapter}/{name}/{position}"
                    said = sentence_at(sentence.pieces, position)
                    yield self._piece(identity, said, piece, f"{sentence.chapter}, {sentence.place}")

    def _piece(self, identity: str, said: str, piece: Piece, place: str) -> Record:
        exact = self.entries[piece.refs[0]]["exact"]
        return Record(
            identity,
            f"«{spaced(said)}»",
            spaced(piece.text),
            read_number(exact["point"]),
            read_interval(exact["interval"]),
            self.years(piece.refs[0]),
            (exact["identity"],),
            place=place,
        )


def _span(years: Iterable[Years | None]) -> Years | None:
    known = [year for pair in years if pair for year in pair]
    return (min(known), max(known)) if known else None


def _table(identity: str, table: Mapping[str, Any]) -> Record:
    definition = {
        "enhet": table["unit"],
        "prisgrunnlag": table["basis"],
        "tittel": table["title"],
        "merknad": table["notes"],
    }
    return Record(identity, table["label"], "", definition=definition, place=table["place"])


def _sentence(item: Mapping[str, Any]) -> Sentence:
    pieces = tuple(
        Piece(p["text"], p["kind"], p["expression"], p["format"], tuple(p["refs"])) for p in item["parts"]
    )
    return Sentence(item["chapter"], item["place"], item["template"], pieces, item["lacks"])
