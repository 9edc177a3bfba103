"""Statistics Norway's classifications: codes, versions, changes and correspondences, each with its dates.

https://data.ssb.no/api/klass/v1/api-guide.html. ``query`` says ``what`` (a key of `LISTS`) and the parameters
of that list: ``date``, or ``from`` and ``to``, and ``targetClassificationId``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from analysis_lib.errors import DataFeil, nearest
from registers.sources.catalogue import SourceSpec
from registers.sources.http import Answer, Client

BASE = "https://data.ssb.no/api/klass/v1"
# What is asked for: its path, the list in the answer, and Klass's field for each of our columns; the first
# ones, as many as the number says, tell entries apart.
LISTS: dict[str, tuple[str, str, dict[str, str], int]] = {
    "versions": ("", "versions", {"fra": "validFrom", "til": "validTo", "navn": "name"}, 1),
    "codes": ("/codesAt.json", "codes", {"kode": "code", "overordnet": "parentCode", "navn": "name"}, 1),
    "changes": (
        "/changes.json",
        "codeChanges",
        {
            "dato": "changeOccurred",
            "gammel": "oldCode",
            "ny": "newCode",
            "gammelt_navn": "oldName",
            "nytt_navn": "newName",
        },
        3,
    ),
    "correspondence": (
        "/correspondsAt.json",
        "correspondenceItems",
        {
            "kode": "sourceCode",
            "svarer_til": "targetCode",
            "navn": "sourceName",
            "svarer_til_navn": "targetName",
        },
        2,
    ),
}


@dataclass(frozen=True, slots=True)
class Records:
    """A list of a classification: its columns, and its rows in order."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    keys: int
    updated: str = ""
    notes: tuple[str, ...] = ()

    def cells(self) -> dict[tuple[str, ...], str]:
        """Return what is said of each entry, by what tells it apart."""
        return {row[: self.keys]: "; ".join(row[self.keys :]) for row in self.rows}


def _list(source: SourceSpec) -> tuple[str, str, dict[str, str], int]:
    what = " ".join(source.query.get("what", ()))
    if what not in LISTS:
        raise DataFeil(f"«what: {what}» er ingen liste", where=source.id, hint=nearest(what, LISTS))
    return LISTS[what]


def fetch(source: SourceSpec, client: Client, base: str = BASE) -> list[Answer]:
    """Return the one answer that is the list.

    Raises
    ------
    NettFeil, DataFeil
        As `Client.ask`; and if there is no such list.
    """
    path = _list(source)[0]
    params = {name: " ".join(words) for name, words in source.query.items() if name != "what"}
    address = f"{base}/classifications/{source.table}{path}"
    return [client.ask(source.id, address, params=params)]


def parse(answers: Sequence[Answer], source: SourceSpec, where: str) -> Records:
    """Return the list that an answer holds.

    Raises
    ------
    DataFeil
        If it is another list, or empty, or an entry stands twice.
    """
    _, name, fields, keys = _list(source)
    raw: Any = answers[0].json(where)
    entries = raw.get(name) if isinstance(raw, dict) else None
    if not isinstance(entries, list) or not entries:
        raise DataFeil(f"svaret har ingen «{name}»", where=where)
    try:
        # Nothing before a first code, or after a last one: Klass says null.
        rows = tuple(sorted(tuple(str(one.get(field) or "") for field in fields.values()) for one in entries))
    except AttributeError:
        raise DataFeil(f"«{name}» er ikke en liste av felter", where=where) from None
    records = Records(tuple(fields), rows, keys, str(raw.get("lastModified") or ""))
    if len(records.cells()) < len(set(rows)) or not all(row[0] for row in rows):
        raise DataFeil(f"«{name}» har samme kode to ganger, eller en uten kode", where=where)
    return records
