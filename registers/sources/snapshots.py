"""Snapshots: what a source answered, byte for byte. Another answer is a revision, and waits for a yes.

A source's folder holds the answers, named by their own hash, and ``snapshot.yml``, which tells which of them
are in force. A revision lies beside it as ``revision.yml`` with its own answers. Only the exchange of one
small file decides, so a stop half-way leaves what was in force in force.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import yaml

from analysis_lib.data.files import Model, read_model
from analysis_lib.data.formats import is_there, read_bytes, read_yaml
from analysis_lib.data.inputs import relative
from analysis_lib.data.schema import FileName
from analysis_lib.errors import DataFeil
from registers.folders import write
from registers.sources.catalogue import SourceSpec
from registers.sources.http import Answer

IN_FORCE, WAITING = "snapshot.yml", "revision.yml"


class Reading(Protocol):
    """What some answers say: a cube, or a list of a classification."""

    @property
    def updated(self) -> str:
        """When the source last changed it; nothing where it does not say."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What the source says of it."""

    def cells(self) -> dict[tuple[str, ...], str]:
        """Return each cell's text by its codes."""


class AnswerSpec(Model):
    """One answer of a snapshot."""

    file: FileName
    sha256: str
    address: str
    body: Mapping[str, Any] | None = None


class SnapshotSpec(Model):
    """What ``snapshot.yml`` says."""

    source: str
    table: str
    title: str
    licence: str
    fetched: str
    updated: str = ""
    answers: tuple[AnswerSpec, ...]


@dataclass(frozen=True, slots=True)
class Revision:
    """How a later answer differs: cells added, removed and changed, and the cell that changed most."""

    old_updated: str
    new_updated: str
    added: int
    removed: int
    changed: int
    largest: str

    @property
    def words(self) -> str:
        """What a reader is told."""
        when = f"oppdatert {self.new_updated or 'ukjent'}, før {self.old_updated or 'ukjent'}"
        told = f"{self.changed} celler endret, {self.added} nye, {self.removed} borte ({when})"
        return f"{told}; størst: {self.largest}" if self.largest else told


def compare(old: Reading, new: Reading) -> Revision | None:
    """Return how two readings differ; None where every cell is the same, whatever the time says."""
    before, after = old.cells(), new.cells()
    if before == after:
        return None
    changed = [key for key in before.keys() & after.keys() if before[key] != after[key]]
    largest = max(sorted(changed), key=lambda key: _distance(before[key], after[key]), default=None)
    told = f"{', '.join(largest)}: «{before[largest]}» → «{after[largest]}»" if largest is not None else ""
    return Revision(
        old.updated,
        new.updated,
        len(after.keys() - before.keys()),
        len(before.keys() - after.keys()),
        len(changed),
        told,
    )


def _distance(old: str, new: str) -> float:
    try:
        return abs(float(new) - float(old))
    except ValueError:
        # A number that becomes a sign, or a name: more than any number's change.
        return float("inf")


def load(folder: Path, name: str = IN_FORCE) -> tuple[SnapshotSpec, list[Answer]] | None:
    """Return a source's snapshot and its answers; None if it has none.

    Raises
    ------
    DataFeil
        If an answer is missing, or is not the one that was fetched.
    """
    path = folder / name
    if not is_there(path):
        return None
    spec = read_model(SnapshotSpec, read_yaml(path), relative(path))
    answers = []
    for one in spec.answers:
        place = relative(folder / one.file)
        raw = read_bytes(folder / one.file)
        if hashlib.sha256(raw).hexdigest() != one.sha256:
            hint = "Hent filen tilbake fra git, eller slett mappen og hent kilden på nytt."
            raise DataFeil("filen er endret siden den ble hentet", where=place, hint=hint)
        answers.append(Answer(one.address, one.body, raw))
    return spec, answers


def save(
    folder: Path, source: SourceSpec, answers: Sequence[Answer], updated: str, name: str = IN_FORCE
) -> None:
    """Write answers, and then the file that puts them in force (or lets them wait)."""
    folder.mkdir(parents=True, exist_ok=True)
    listed = []
    for one in answers:
        digest = hashlib.sha256(one.raw).hexdigest()
        write(folder / f"{digest[:16]}.json", one.raw)
        entry = {"file": f"{digest[:16]}.json", "sha256": digest, "address": one.address, "body": one.body}
        listed.append({key: value for key, value in entry.items() if value is not None})
    told = {
        "source": source.id,
        "table": source.table,
        "title": source.title,
        "licence": source.licence,
        "fetched": datetime.now(UTC).isoformat(timespec="seconds"),
        "updated": updated,
        "answers": listed,
    }
    write(folder / name, dump(told).encode())
    _tidy(folder)


def accept(folder: Path) -> bool:
    """Put the revision that waits in force, exactly as it was reported; False if none waits."""
    if not is_there(folder / WAITING):
        return False
    load(folder, WAITING)
    (folder / WAITING).replace(folder / IN_FORCE)
    _tidy(folder)
    return True


def drop(folder: Path) -> None:
    """Forget a revision that waits, since the source has gone back on it."""
    (folder / WAITING).unlink(missing_ok=True)
    _tidy(folder)


def _tidy(folder: Path) -> None:
    """Remove answers that nothing refers to any more."""
    specs = [folder / name for name in (IN_FORCE, WAITING) if is_there(folder / name)]
    kept = {
        one.file
        for path in specs
        for one in read_model(SnapshotSpec, read_yaml(path), relative(path)).answers
    }
    for path in folder.glob("*.json"):
        if path.name not in kept:
            path.unlink()


def dump(told: Mapping[str, Any]) -> str:
    """Return YAML as people write it: in the order given, with Norwegian letters."""
    return yaml.safe_dump(dict(told), allow_unicode=True, sort_keys=False, width=110)
