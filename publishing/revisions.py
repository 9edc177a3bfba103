"""Revisions as data: a number that a register has changed since the last edition is accounted for here.

``revisjoner.yml`` lies in the newer edition. Like a correction, an entry says what it expects to find, before
and after; one that no longer fits is an error, for then somebody must think again.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pydantic import model_validator

from analysis_lib.data.files import Model, Text, read_entries
from analysis_lib.errors import DataFeil, nearest
from publishing.diff.records import Record, Revision

FILE = "revisjoner.yml"
Texts = str | dict[str, str]


class Expectation(Model):
    """What stood in the older edition, and what stands in this one."""

    old: Texts
    new: Texts


class RevisionEntry(Model):
    """One entry of ``revisjoner.yml``.

    `table` is the table's file name, or ``fakta/8`` for the facts of chapter 8, whose `row` is the fact's
    key. With `row` or `column` left out, `expect` maps columns or rows to texts: a whole row or column.
    A number that stands in no table or fact is named by `number`, its identity in ``diff.csv``.
    """

    table: str = ""
    number: str = ""
    row: str | None = None
    column: str | None = None
    expect: Expectation
    cause: Text
    why: Text
    evidence: Text

    @model_validator(mode="after")
    def _fits(self) -> RevisionEntry:
        old, new = self.expect.old, self.expect.new
        if isinstance(old, dict) != isinstance(new, dict) or (isinstance(old, dict) and set(old) != set(new)):
            raise ValueError("«old» og «new» nevner ulike celler")
        places = 0 if self.number else 1 if self.table.startswith("fakta/") else 2
        given = len([key for key in (self.row, self.column) if key is not None])
        if bool(self.table) == bool(self.number) or given + isinstance(old, dict) != places:
            raise ValueError("cellen er ikke nevnt: gi rad og kolonne, eller én av dem og tekster for resten")
        return self

    def texts(self) -> dict[str, tuple[str, str]]:
        """Return the texts before and after, by the identity of the cell."""
        old, new = self.expect.old, self.expect.new
        if isinstance(old, dict) and isinstance(new, dict):
            return {self._identity(key): (old[key], new[key]) for key in old}
        return {self.number or self._identity(None): (str(old), str(new))}

    def _identity(self, key: str | None) -> str:
        parts = [self.row if self.row is not None else key]
        if not self.table.startswith("fakta/"):
            parts.append(self.column if self.column is not None else key)
        return "/".join([self.table, *(part for part in parts if part is not None)])


def read_revisions(path: Path) -> dict[str, Revision]:
    """Read the accounted revisions of an edition, by the identity of the cell; a missing file means none.

    Raises
    ------
    DataFeil
        If the file is malformed, or a cell stands in it twice.
    """
    found: dict[str, Revision] = {}
    for place, entry in read_entries(RevisionEntry, path, "revisjon"):
        for identity, (old, new) in entry.texts().items():
            if identity in found:
                raise DataFeil(f"cellen «{identity}» står to ganger", where=place)
            found[identity] = Revision(old, new, f"{entry.cause}: {entry.why}")
    return found


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


def stands(record: Record) -> str:
    """Return what stands there: as printed where it is, else as shown."""
    return spaced(record.printed or record.text)


def spaced(text: str) -> str:
    """Return a printed text with plain single spaces.

    >>> spaced(" 10\u00a0354 ")
    '10 354'
    """
    return " ".join(text.split())
