"""What ``rapport fetch`` does: ask, keep the snapshot, report revisions, write tables and figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import isnan
from pathlib import Path
from typing import Any, NamedTuple

from analysis_lib.data.formats import is_there, read_bytes
from analysis_lib.data.inputs import relative
from analysis_lib.data.norwegian import MINUS, NBSP, format_number
from analysis_lib.errors import DataFeil, KontrollFeil, RapportFeil, nearest
from registers.folders import write, write_folder
from registers.sources import fhi, klass, snapshots, ssb
from registers.sources.catalogue import FigureSpec, SourceSpec, chosen, read_catalogue
from registers.sources.figures import COLUMNS, DRAWINGS
from registers.sources.http import Answer, Client
from registers.sources.jsonstat import Cube
from registers.sources.klass import Records
from registers.sources.snapshots import Reading, SnapshotSpec, dump
from registers.sources.tables import open_table, text


class Interface(NamedTuple):
    """How a kind of source is asked, and how its answers are read."""

    fetch: Callable[..., list[Answer]]
    parse: Callable[[Sequence[Answer], SourceSpec, str], Any]


INTERFACES = {
    "ssb": Interface(ssb.fetch, ssb.parse),
    "klass": Interface(klass.fetch, klass.parse),
    "fhi": Interface(fhi.fetch, fhi.parse),
}


@dataclass
class Fetching:
    """One run of the command.

    Parameters
    ----------
    root : Path
        The project, or another folder that is filled in the same way.
    say : callable
        Takes a line for the user.
    accept : bool
        Put revisions that wait in force, and let tables that exist be written anew.
    client : Client or None
        None asks nothing: tables and figures are made from the snapshots that are there.
    bases : mapping of str to address
        Of interfaces, in place of their own.
    """

    root: Path
    say: Callable[[str], None] = print
    accept: bool = False
    client: Client | None = None
    bases: Mapping[str, Any] = field(default_factory=dict)
    failures: list[RapportFeil] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    _read: dict[str, tuple[SnapshotSpec, Cube | Records]] = field(default_factory=dict)

    def run(self, catalogue: Path, names: Sequence[str], year: int) -> None:
        """Fetch the sources of these names, or all; then write what they feed.

        Raises
        ------
        ParameterFeil
            If there is no source of a name.
        RapportFeil
            What the first source failed of, once the others are done. The snapshot in force is untouched.
        KontrollFeil
            If a revision waits to be accepted.
        """
        known, figures = read_catalogue(catalogue)
        wanted = chosen(known, names, catalogue)
        for source in wanted:
            self._try(self.fetch, source)
        for source in wanted:
            self._try(self.table, source)
        self.edition(figures, known, year)
        if self.client is None and not self._read and not self.failures:
            self.say("Ingen øyeblikksbilder i data/open/snapshots. Hent dem med rapport fetch, med nettet.")
        self._end()

    def _try(self, step: Callable[..., None], *what: Any) -> None:
        """Let one source fail without the others."""
        try:
            step(*what)
        except RapportFeil as error:
            self.failures.append(error)

    def _end(self) -> None:
        if self.failures:
            for error in self.failures[1:]:
                self.say(str(error))
            raise self.failures[0]
        if self.waiting:
            hint = "Se over dem, og ta dem i bruk med --accept."
            raise KontrollFeil(
                f"revisjoner venter: {', '.join(self.waiting)}", where="rapport fetch", hint=hint
            )

    def folder(self, source: SourceSpec) -> Path:
        """Return where a source's snapshots lie."""
        return self.root / "data" / "open" / "snapshots" / source.id

    def fetch(self, source: SourceSpec) -> None:
        """Ask a source, and keep what it answers: as its snapshot, or as a revision that waits."""
        folder = self.folder(source)
        if self.accept and snapshots.accept(folder):
            self.say(f"{source.id}: revisjonen er tatt i bruk")
            return
        if self.client is None:
            return
        interface = INTERFACES[source.interface]
        base = self.bases.get(source.interface)
        answers = interface.fetch(source, self.client, *([base] if base else []))
        new = interface.parse(answers, source, source.id)
        found = snapshots.load(folder)
        if found is None:
            snapshots.save(folder, source, answers, new.updated)
            self.say(f"{source.id}: {len(new.cells())} celler hentet, oppdatert {new.updated or 'ukjent'}")
            return
        old = interface.parse(found[1], source, relative(folder))
        revision = snapshots.compare(old, new)
        if revision is None:
            snapshots.drop(folder)
            self.say(f"{source.id}: uendret, oppdatert {old.updated or 'ukjent'}")
            return
        snapshots.save(folder, source, answers, new.updated, snapshots.WAITING)
        self.waiting.append(source.id)
        self.say(f"{source.id}: revisjon, {revision.words}")

    def reading(self, source: SourceSpec) -> tuple[SnapshotSpec, Cube | Records] | None:
        """Return what a source's snapshot says; None if it has none."""
        if source.id not in self._read and (found := snapshots.load(self.folder(source))) is not None:
            where = relative(self.folder(source))
            self._read[source.id] = found[0], INTERFACES[source.interface].parse(found[1], source, where)
        return self._read.get(source.id)

    def table(self, source: SourceSpec) -> None:
        """Write the table that a source feeds; one that says something else waits, as a revision does."""
        if source.feeds is None or (found := self.reading(source)) is None:
            return
        path = self.root / "data" / "open" / f"{source.feeds.key}.csv"
        texts = open_table(found[1], source, source.feeds, found[0])
        if is_there(path) and read_bytes(path).decode("utf-8", "replace") == texts["csv"]:
            return
        if is_there(path) and not self.accept:
            self.waiting.append(source.feeds.key)
            self.say(f"{source.feeds.key}: tabellen som ligger der, har andre tall enn øyeblikksbildet")
            return
        for ending in ("yml", "csv"):
            write(path.with_suffix(f".{ending}"), texts[ending].encode())
        self.say(f"Skrev {relative(path)}")

    def edition(self, figures: Mapping[str, FigureSpec], known: Mapping[str, SourceSpec], year: int) -> None:
        """Write the open edition: each figure that has all its snapshots, and where the numbers came from.

        A figure that cannot be drawn any more stays as it was.
        """
        folder = self.root / "data" / "open_edition" / str(year)
        files: dict[str, bytes] = {}
        cited: dict[str, dict[str, Any]] = {}
        for figure in figures.values():
            names = [f"figurer/{figure.id}.{ending}" for ending in ("csv", "yml")]
            try:
                found = {name: self.reading(known[name]) for name in figure.sources}
                drawn = drawing(figure, {name: one[1] for name, one in found.items() if one}, year)
                said = described(
                    figure, [cited_as(known[name], one[0]) for name, one in found.items() if one], year
                )
            except RapportFeil as error:
                self.failures.append(error)
                files |= {name: read_bytes(folder / name) for name in names if is_there(folder / name)}
                continue
            if drawn is not None:
                files |= zip(names, (drawn.encode(), dump(said).encode()), strict=True)
                cited |= {name: delivered(known[name], one[0]) for name, one in found.items() if one}
        made = max((one["hentet"] for one in cited.values()), default="")
        if files and write_folder(folder, files, synthetic=False, laget=made, utleveringer=[*cited.values()]):
            self.say(f"Skrev {relative(folder)}: {len(files) // 2} figurer")


def drawing(figure: FigureSpec, readings: Mapping[str, Reading], year: int) -> str | None:
    """Return a figure's CSV; None where a source has no snapshot."""
    cubes = {name: one for name, one in readings.items() if isinstance(one, Cube)}
    if len(cubes) < len(figure.sources):
        return None
    if figure.id not in DRAWINGS:
        hint = nearest(figure.id, DRAWINGS)
        raise DataFeil("ingen regner ut figuren", where=f"kilder.yml, figur {figure.id}", hint=hint)
    drawn = DRAWINGS[figure.id]({name: one.frame() for name, one in cubes.items()}, year)
    cells = zip(drawn["verdi"], drawn["tegn"], strict=True)
    texts = [sign if isnan(number) else printed(number, figure.decimals) for number, sign in cells]
    return text([[*COLUMNS[:3], "verdi"], *drawn[COLUMNS[:3]].assign(verdi=texts).to_numpy().tolist()])


def described(figure: FigureSpec, sources: Sequence[str], year: int) -> dict[str, Any]:
    """Return what a figure's descriptor says."""
    return {
        "unit": figure.unit,
        "sources": [*sources],
        "chart": figure.chart,
        "options": dict(figure.options),
        "decimals": figure.decimals,
        "subtitle": figure.subtitle.replace("{aar}", str(year)),
        "notes": [*figure.notes],
    }


def cited_as(source: SourceSpec, spec: SnapshotSpec) -> str:
    """Return a source as a reader is told of it."""
    return f"{source.publisher}, oppdatert {spec.updated[:10] or 'ukjent'}"


def delivered(source: SourceSpec, spec: SnapshotSpec) -> dict[str, Any]:
    """Return what ``levering.yml`` says of a source."""
    return {
        "kilde": source.id,
        "tabell": source.table,
        "adresse": source.address,
        "lisens": source.licence,
        "oppdatert": spec.updated,
        "hentet": spec.fetched,
        "sha256": [one.sha256 for one in spec.answers],
    }


def printed(number: float, decimals: int) -> str:
    """Return a number as a CSV of the project has it.

    >>> printed(-1234.25, 1), printed(7165.0, 1)
    ('-1234,3', '7165,0')
    """
    return format_number(Fraction(str(number)), decimals).replace(NBSP, "").replace(MINUS, "-")
