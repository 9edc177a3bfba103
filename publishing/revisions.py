"""Revisions as data: a number that a register has changed since the last edition is accounted for here.

``revisjoner.yml`` lies in the newer edition. Like a correction, an entry says what it expects to find, before
and after; one that no longer fits is an error, for then somebody must think again.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import model_validator

from analysis_lib.data.files import Model, Text, read_entries
from analysis_lib.errors import DataFeil

FILE = "revisjoner.yml"
Texts = str | dict[str, str]


@dataclass(frozen=True, slots=True)
class Revision:
    """A change of a number that somebody has accounted for: before, after, and why."""

    old: str
    new: str
    why: str


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


def spaced(text: str) -> str:
    """Return a printed text with plain single spaces.

    >>> spaced(" 10\u00a0354 ")
    '10 354'
    """
    return " ".join(text.split())
