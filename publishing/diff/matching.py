"""Which quantity of the older side is which of the newer: by key, else by label, numbers as evidence.

A table that is renumbered, a row or a column with a new key, a row that has moved, a fact with a new id and a
sentence that is worded a little otherwise are known again. The older side is given the newer one's names, so
that their numbers are compared, and what was renamed is told once, and no number is excused by it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import replace
from difflib import SequenceMatcher
from typing import TypeVar

from analysis_lib.data.municipalities import is_renumbered, successors
from publishing.diff.records import Cause, Difference, Record, Snapshot, stands, without_years

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")
Place = tuple[str, str]
# How alike two sentences are that are the same one, corrected.
_ALIKE = 0.85


def match(old: Snapshot, new: Snapshot) -> tuple[Snapshot, list[Difference]]:
    """Return the older side in the newer one's names, and what has another name, number or place.

    Examples
    --------
    >>> def side(row):
    ...     table = Record("9.9", "Tabell 9.9", "", rows={row: "Oslo"}, columns={"2025": "2025"})
    ...     cell = Record(f"9.9/{row}/2025", "Oslo, 2025", "10", parent="9.9", at=(row, "2025"))
    ...     return Snapshot("A", 2025, {record.identity: record for record in (table, cell)})
    >>> matched, told = match(side("a"), side("oslo"))
    >>> sorted(matched.records), [item.explanation for item in told]
    (['9.9', '9.9/oslo/2025'], ['raden «Oslo» har fått ny nøkkel: a → oslo'])
    """
    matching = _Matching(old, new)
    return renamed(old, matching.names, matching.words), matching.told


class _Matching:
    """Finds the pairs, tables before rows before cells; `names` are new identities by the old ones."""

    def __init__(self, old: Snapshot, new: Snapshot) -> None:
        self.old, self.new = old, new
        self.names: dict[str, str] = {}
        self.words: dict[str, dict[str, str]] = {}
        self.told: list[Difference] = []
        self.cells = [_grids(side) for side in (old, new)]
        self.rows: dict[Place, Place] = {}
        self.columns: dict[str, dict[str, str]] = {}
        tables = self._tables()
        for a, b in tables.items():
            self._lines(a, b)
        self._moved()
        self._name_cells(tables)
        self._named_alike("fakta/", lambda r: (r.identity.rpartition("/")[0], r.label), "faktumet")
        self._sentences()

    def _tell(self, record: Record, why: str, old: str = "", new: str = "") -> None:
        identity = f"{record.identity}/navn/{len(self.told)}"
        self.told.append(
            Difference(identity, record.label, record.place, old, new, None, Cause.DEFINITION, why)
        )

    def _tables(self) -> dict[str, str]:
        first, second = (
            {i: r for i, r in side.records.items() if r.columns} for side in (self.old, self.new)
        )
        pairs = {key: key for key in first if key in second}
        a, b = ({i: r for i, r in side.items() if i not in pairs} for side in (first, second))
        titles = _unique(a, b, lambda r: without_years(r.definition.get("tittel", "")))
        bodies = _unique(a, b, lambda r: (tuple(r.rows.values()), tuple(r.columns.values())))
        for old, new in {**bodies, **titles}.items():
            if self._same_numbers(old, new):
                pairs[old] = self.names[old] = new
                self._tell(
                    second[new], f"tabellen har fått nytt nummer: {first[old].label} → {second[new].label}"
                )
        return pairs

    def _same_numbers(self, old: str, new: str) -> bool:
        """Tell whether half of what stands in one table stands in the same row of the other."""
        sides = ((self.old, old, self.cells[0]), (self.new, new, self.cells[1]))
        a, b = (
            {(side.records[key].rows.get(row, row), stands(r)) for (row, _), r in cells[key].items()}
            for side, key, cells in sides
        )
        return 2 * len(a & b) >= min(len(a), len(b)) > 0

    def _lines(self, a: str, b: str) -> None:
        """Pair the rows and columns of two tables that are the same one."""
        before, after = self.old.records[a], self.new.records[b]
        self.words[a] = {}
        for word, old, new in (
            ("raden", before.rows, after.rows),
            ("kolonnen", before.columns, after.columns),
        ):
            pairs = {key: key for key in old if key in new}
            rest = [{key: label for key, label in side.items() if key not in pairs} for side in (old, new)]
            pairs |= {a: b for a, b in _unique(rest[0], rest[1], _plain).items() if not _reformed(a, b)}
            pairs |= {a: b for a in rest[0] for b in successors(a) if b in rest[1] and is_renumbered(a, b)}
            for key, other in pairs.items():
                self._say_line(after, word, (key, old[key]), (other, new[other]))
            self.words[a] |= {key: other for key, other in pairs.items() if key != other}
            if word == "raden":
                self.rows |= {(a, key): (b, other) for key, other in pairs.items()}
            else:
                self.columns[a] = pairs

    def _say_line(self, table: Record, word: str, old: tuple[str, str], new: tuple[str, str]) -> None:
        if old[0] != new[0]:
            self._tell(table, f"{word} «{new[1]}» har fått ny nøkkel: {old[0]} → {new[0]}")
        if without_years(old[1]) != without_years(new[1]):
            self._tell(table, f"{word} {new[0]} heter nå «{new[1]}», før «{old[1]}»", old[1], new[1])

    def _moved(self) -> None:
        """Pair the rows that are left: in their own table by numbers, in another by label and numbers."""
        taken = set(self.rows.values())
        gone, come = (
            {
                place: numbers
                for place, numbers in _lines(cells).items()
                if place not in known and place[1] in side.records[place[0]].rows
            }
            for side, cells, known in zip((self.old, self.new), self.cells, (self.rows, taken), strict=True)
        )
        named = [
            {place: _plain(side.records[place[0]].rows[place[1]]) for place in rows}
            for side, rows in ((self.old, gone), (self.new, come))
        ]
        telling = [
            {
                place: (self.names.get(place[0], place[0]), frozenset(numbers))
                for place, numbers in rows.items()
            }
            for rows in (gone, come)
        ]
        alike = _unique(telling[0], telling[1], lambda line: line if len(line[1]) > 1 else None)
        for old, new in {**alike, **_unique(named[0], named[1], str)}.items():
            if 2 * len(gone[old] & come[new]) >= min(len(gone[old]), len(come[new])):
                self._pair_row(old, new)

    def _pair_row(self, old: Place, new: Place) -> None:
        a, b = self.old.records[old[0]], self.new.records[new[0]]
        self.rows[old] = new
        if self.names.get(old[0], old[0]) == new[0]:
            self.words[old[0]][old[1]] = new[1]
            self._say_line(b, "raden", (old[1], a.rows[old[1]]), (new[1], b.rows[new[1]]))
        else:
            self._tell(b, f"raden «{b.rows[new[1]]}» er flyttet fra {a.label} til {b.label}")

    def _name_cells(self, tables: Mapping[str, str]) -> None:
        for table, cells in self.cells[0].items():
            for (row, column), record in cells.items():
                new_table, new_row = self.rows.get((table, row), (tables.get(table, table), row))
                new_column = self.columns.get(table, {}).get(column, column)
                other = self.cells[1].get(new_table, {}).get((new_row, new_column))
                if other is not None and other.identity != record.identity:
                    self.names[record.identity] = other.identity

    def _named_alike(self, prefix: str, name: Callable[[Record], Hashable], word: str) -> None:
        gone, come = (
            {i: r for i, r in a.records.items() if i.startswith(prefix) and i not in b.records}
            for a, b in ((self.old, self.new), (self.new, self.old))
        )
        for old, new in _unique(gone, come, name).items():
            self.names[old] = new
            keys = [text.rpartition("/")[2] for text in (old, new)]
            self._tell(come[new], f"{word} har fått ny nøkkel: {keys[0]} → {keys[1]}")

    def _sentences(self) -> None:
        """Pair the numbers of sentences that are nearly worded alike, in their order."""
        gone, come = (
            _by_sentence(r for i, r in a.records.items() if r.sentence and i not in b.records)
            for a, b in ((self.old, self.new), (self.new, self.old))
        )
        for sentence, numbers in gone.items():
            alike = {
                other: SequenceMatcher(None, sentence, other).ratio()
                for other, found in come.items()
                if len(found) == len(numbers) and other.partition(": ")[0] == sentence.partition(": ")[0]
            }
            best = max(alike, key=alike.__getitem__, default="")
            if best and alike[best] >= _ALIKE:
                pairs = zip(numbers, come.pop(best), strict=True)
                self.names |= {a.identity: b.identity for a, b in pairs}


def renamed(side: Snapshot, names: Mapping[str, str], words: Mapping[str, Mapping[str, str]]) -> Snapshot:
    """Return a snapshot with other identities, wherever they stand; `words` rename rows in its relations."""
    if not names and not any(words.values()):
        return side

    def name(identity: str) -> str:
        return names.get(identity, identity)

    def record(item: Record) -> Record:
        definition = dict(item.definition)
        if (known := words.get(item.parent)) and "relasjon" in definition:
            definition["relasjon"] = re.sub(
                r"[^\s,:/]+", lambda found: known.get(found[0], found[0]), definition["relasjon"]
            )
        return replace(
            item,
            identity=name(item.identity),
            terms=tuple(map(name, item.terms)),
            parent=name(item.parent),
            definition=definition,
        )

    records = {name(i): record(item) for i, item in side.records.items()}
    return replace(
        side,
        records=records,
        corrections={name(i): why for i, why in side.corrections.items()},
        revisions={name(i): item for i, item in side.revisions.items()},
    )


def _grids(side: Snapshot) -> dict[str, dict[Place, Record]]:
    found: dict[str, dict[Place, Record]] = defaultdict(dict)
    for record in side.records.values():
        if record.at != ("", "") and record.parent in side.records:
            found[record.parent][record.at] = record
    return found


def _lines(cells: Mapping[str, Mapping[Place, Record]]) -> dict[Place, set[tuple[str, str]]]:
    """Return what stands in each row, by table and row: column and text."""
    found: dict[Place, set[tuple[str, str]]] = defaultdict(set)
    for table, records in cells.items():
        for (row, column), record in records.items():
            found[table, row].add((column, stands(record)))
    return found


def _reformed(old: str, new: str) -> bool:
    """Tell whether two keys are municipalities of the same name that are not the same area."""
    return new in successors(old) and not is_renumbered(old, new)


def _plain(label: str) -> str:
    return " ".join(label.casefold().split())


def _by_sentence(records: Iterable[Record]) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        found[record.sentence].append(record)
    return found


def _unique(old: Mapping[K, T], new: Mapping[K, T], name: Callable[[T], Hashable]) -> dict[K, K]:
    """Pair what has the same name on both sides, and is alone with it on each."""

    def alone(side: Mapping[K, T]) -> Iterator[tuple[Hashable, K]]:
        keys = defaultdict(list)
        for key, item in side.items():
            keys[name(item)].append(key)
        return ((said, found[0]) for said, found in keys.items() if said and len(found) == 1)

    known = dict(alone(new))
    return {key: known[said] for said, key in alone(old) if said in known}
