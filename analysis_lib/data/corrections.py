"""Corrections as data: nothing is mended silently in a CSV.

Each entry names a table and a cell, what stands printed (`expect`), what to use instead, why, and
on what evidence. An `expect` that no longer matches stops the build: someone has changed the
source, and the correction must be thought through again.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from analysis_lib.data.files import Model, Text, read_entries
from analysis_lib.data.inputs import relative
from analysis_lib.errors import DataFeil, nearest

HEADER = "kolonneoverskrift"


class Correction(Model):
    """One entry of ``corrections.yml``.

    `table` is the table's file name: two tables may carry the same number in print.
    `expect` and `use` are texts for one cell, or mappings from row to text for a whole column.
    `keep` stands in place of `use` for a derived cell whose printed value is to stand although
    it cannot be computed from its parts; the deviation is still listed.
    """

    table: str
    row: str | None = None
    column: str
    expect: str | dict[str, str]
    use: str | dict[str, str] | None = None
    keep: bool = False
    why: Text
    evidence: Text


class Corrections:
    """The corrections of one table, looked up by cell."""

    def __init__(self, entries: tuple[Correction, ...], where: str) -> None:
        self.where = where
        self.expected: dict[tuple[str, str], str] = {}
        self.used: dict[tuple[str, str], str] = {}
        self.reasons: dict[tuple[str, str], Correction] = {}
        for entry in entries:
            self._add(entry)

    def _add(self, entry: Correction) -> None:
        expect = entry.expect if isinstance(entry.expect, dict) else {entry.row or "": entry.expect}
        use = entry.use if isinstance(entry.use, dict) else {entry.row or "": entry.use or ""}
        if not entry.keep and set(expect) != set(use):
            raise DataFeil(
                f"«expect» og «use» nevner ulike rader for tabell {entry.table}, kolonne {entry.column}",
                where=self.where,
            )
        for row, text in expect.items():
            cell = (row, entry.column)
            if cell in self.expected:
                raise DataFeil(
                    f"tabell {entry.table}, rad «{row}», kolonne «{entry.column}» er rettet to ganger",
                    where=self.where,
                )
            self.expected[cell] = text
            self.reasons[cell] = entry
            if not entry.keep:
                self.used[cell] = use[row]

    def apply(self, row: str, column: str, printed: str) -> str | None:
        """Return the corrected text of a cell, or None where it stands as printed."""
        cell = (row, column)
        if cell in self.expected and self.expected[cell].strip() != printed.strip():
            entry = self.reasons[cell]
            raise DataFeil(
                f"rettelsen av tabell {entry.table}, rad «{row}», kolonne «{column}» venter "
                f"«{self.expected[cell]}», men der står «{printed}»",
                where=self.where,
                hint="Kilden er endret: vurder rettelsen på nytt, eller fjern den.",
            )
        return self.used.get(cell)

    def check_targets(self, rows: Mapping[str, object], columns: Mapping[str, object]) -> None:
        """Refuse corrections of cells that the table does not have."""
        for row, column in self.expected:
            for key, known in ((row, {HEADER: None, **rows}), (column, columns)):
                if key not in known:
                    entry = self.reasons[row, column]
                    raise DataFeil(
                        f"rettelsen av tabell {entry.table} peker på «{key}», som tabellen ikke har",
                        where=self.where,
                        hint=nearest(key, known),
                    )


def read_corrections(path: Path, table: str) -> Corrections:
    """Read the corrections that concern one table; a missing file means none."""
    entries = tuple(entry for entry in _entries(path) if entry.table == table)
    return Corrections(entries, relative(path))


def reasons(path: Path) -> dict[str, str]:
    """Return why each cell was mended, by the identity of the cell: ``8.4/takst/2019``."""
    found: dict[str, str] = {}
    for entry in _entries(path):
        rows = entry.expect if isinstance(entry.expect, dict) else [entry.row or ""]
        found |= {f"{entry.table}/{row}/{entry.column}": entry.why for row in rows}
    return found


def _entries(path: Path) -> list[Correction]:
    known = {table.stem for table in (path.parent / "tabeller").glob("*.yml")}
    entries = read_entries(Correction, path, "rettelse")
    for place, entry in entries:
        if known and entry.table not in known and "/" not in entry.table:
            raise DataFeil(
                f"tabell «{entry.table}» finnes ikke", where=place, hint=nearest(entry.table, known)
            )
    return [entry for _, entry in entries]
