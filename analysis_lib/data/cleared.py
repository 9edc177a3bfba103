"""A folder of cleared tables: numbers computed from rows or open statistics, beside the printed ones.

``data/register/2025`` and ``data/open_edition/2025`` hold ``tabeller/12.3.csv`` (rows and columns by the keys
of the printed table's descriptor), ``figurer/12.7.csv`` with ``12.7.yml``, ``paneler/delegering.csv`` with
``delegering.yml`` (units over time, for a measure), and ``levering.yml``, which says what they were made of.
Which folder a build reads is one setting; no notebook knows it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from pydantic import Field

from analysis_lib.data.cells import Cell, parse_cell
from analysis_lib.data.editions import MODES, chosen_mode, cleared_folder
from analysis_lib.data.files import Model, read_model
from analysis_lib.data.formats import is_name, is_there, read_semicolons, read_yaml
from analysis_lib.data.inputs import file_hash, relative
from analysis_lib.errors import DataFeil, nearest

DELIVERY = "levering.yml"
SYNTHETIC = "syntetiske data"


class DeliverySpec(Model):
    """What ``levering.yml`` says: what the files were made of, and whether the rows were real.

    `kontrollsum` binds `syntetisk` to the files, so that neither can be changed without the other.
    """

    syntetisk: bool
    filer: Mapping[str, str]
    kontrollsum: str
    laget: str = ""
    motor: str = ""
    utleveringer: tuple[Mapping[str, object], ...] = ()
    personvern: Mapping[str, object] = Field(default_factory=dict)


def checksum(synthetic: bool, files: Mapping[str, str]) -> str:
    """Return the sum that binds the mark of synthetic data to the files.

    >>> checksum(True, {"a.csv": "1"}) == checksum(False, {"a.csv": "1"})
    False
    """
    lines = [f"syntetisk={synthetic}", *(f"{name}={digest}" for name, digest in sorted(files.items()))]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


class FigureDataSpec(Model):
    """What ``figurer/12.7.yml`` says of a figure: unit, precision, source, and how it is drawn.

    `chart` names a chart of `analysis_lib.present.charts`, `options` are its arguments.
    """

    unit: str
    sources: tuple[str, ...]
    chart: str
    subtitle: str = ""
    definition: str = ""
    decimals: int = 0
    options: Mapping[str, object] = Field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Point:
    """One number of a figure: its panel and series ("" where there is one), its column, and what stands."""

    panel: str
    series: str
    column: str
    cell: Cell


@dataclass(frozen=True, slots=True)
class FigureData:
    """The numbers of one figure, in the order of the file."""

    number: str
    spec: FigureDataSpec
    points: tuple[Point, ...]
    path: str
    sha256: str


class PanelSpec(Model):
    """What ``paneler/delegering.yml`` says: the unit, what is measured and how, of whom, and beside whom."""

    unit: str
    outcome: str
    sources: tuple[str, ...]
    definition: str
    comparator: str
    decimals: int = 1


@dataclass(frozen=True, slots=True)
class PanelRow:
    """One unit in one period: when the unit got the measure («» if never), and what stands."""

    unit: str
    period: str
    first: str
    cell: Cell


@dataclass(frozen=True, slots=True)
class PanelData:
    """A panel of units over time, in the order of the file."""

    name: str
    spec: PanelSpec
    rows: tuple[PanelRow, ...]
    path: str
    sha256: str


@dataclass(frozen=True)
class ClearedTable:
    """The cells of a table that were computed, by row and column key; those that were not are absent."""

    cells: Mapping[tuple[str, str], Cell]
    path: str
    sha256: str


@dataclass(frozen=True)
class Cleared:
    """An edition's folder of cleared tables and figures."""

    mode: str
    folder: Path
    delivery: DeliverySpec
    _tables: dict[str, ClearedTable | None] = field(default_factory=dict)

    @property
    def synthetic(self) -> bool:
        """True where the rows were made up."""
        return self.delivery.syntetisk

    @property
    def words(self) -> str:
        """What the numbers are, for the reader: «registerdata (syntetiske data)»."""
        name = MODES[self.mode][1]
        return f"{name} ({SYNTHETIC})" if self.synthetic else name

    def has(self, kind: str, number: str) -> bool:
        """Tell whether there are computed numbers for a «table» or a «figure»."""
        return f"{'tabeller' if kind == 'table' else 'figurer'}/{number}.csv" in self.delivery.filer

    def table(self, key: str, columns: Mapping[str, object]) -> ClearedTable | None:
        """Return the computed cells of a table, or None where there are none.

        Raises
        ------
        DataFeil
            For a column that the table does not have, a cell that is no number, or a file that is not the
            one that was cleared.
        """
        if key not in self._tables:
            path = self.folder / "tabeller" / f"{key}.csv"
            there = is_name(key) and is_there(path)
            self._tables[key] = self._read_table(path, columns) if there else None
        return self._tables[key]

    def figure(self, number: str) -> FigureData | None:
        """Return the numbers of a figure, or None where the folder has none."""
        path = self.folder / "figurer" / f"{number}.csv"
        if not is_name(number) or not is_there(path):
            return None
        descriptor = path.with_suffix(".yml")
        spec = read_model(FigureDataSpec, read_yaml(descriptor), relative(descriptor))
        self._held(descriptor)
        return _figure(number, spec, path, self._held(path))

    def panel(self, name: str) -> PanelData | None:
        """Return the panel of a measure, or None where the folder has none."""
        path = self.folder / "paneler" / f"{name}.csv"
        if not is_name(name) or not is_there(path):
            return None
        descriptor = path.with_suffix(".yml")
        digest, _ = self._held(path), self._held(descriptor)
        spec = read_model(PanelSpec, read_yaml(descriptor), relative(descriptor))
        return PanelData(name, spec, _panel_rows(path), relative(path), digest)

    def _held(self, path: Path) -> str:
        """Return a file's hash; what is not as it was cleared is not read."""
        name, digest = path.relative_to(self.folder).as_posix(), file_hash(path)
        if self.delivery.filer.get(name) != digest:
            raise DataFeil(
                "filen er ikke slik den ble klarert",
                where=relative(path),
                hint=f"Lag mappen på nytt; {DELIVERY} nevner hver fil med kontrollsum.",
            )
        return digest

    def _read_table(self, path: Path, columns: Mapping[str, object]) -> ClearedTable:
        where, lines = relative(path), read_semicolons(path)
        header = lines[0] if lines else []
        if header[:1] != ["rad"]:
            raise DataFeil("første kolonne er ikke «rad»", where=f"{where}, linje 1")
        for key in header[1:]:
            if key not in columns:
                raise DataFeil(
                    f"kolonnen «{key}» finnes ikke", where=f"{where}, linje 1", hint=nearest(key, columns)
                )
        cells = {}
        for number, (row, *texts) in enumerate(lines[1:], start=2):
            for key, text in zip(header[1:], texts, strict=False):
                if text:
                    cells[row, key] = _cell(text, f"{where}, linje {number}", number)
        return ClearedTable(MappingProxyType(cells), where, self._held(path))


def _cell(text: str, where: str, line: int) -> Cell:
    """Read a cell; what was counted from rows is not rounded."""
    try:
        return replace(parse_cell(text, exact=True), line=line)
    except ValueError as error:
        raise DataFeil(str(error), where=where) from None


def _figure(number: str, spec: FigureDataSpec, path: Path, digest: str) -> FigureData:
    where, lines = relative(path), read_semicolons(path)
    if not lines or lines[0] != ["panel", "serie", "kolonne", "verdi"]:
        raise DataFeil("filen skal ha kolonnene panel;serie;kolonne;verdi", where=f"{where}, linje 1")
    points, seen = [], set()
    for line, fields in enumerate(lines[1:], start=2):
        if len(fields) != 4 or tuple(fields[:3]) in seen:
            raise DataFeil("linjen er ikke fire felter, eller står to ganger", where=f"{where}, linje {line}")
        seen.add(tuple(fields[:3]))
        panel, series, column, text = fields
        points.append(Point(panel, series, column, _cell(text, f"{where}, linje {line}", line)))
    return FigureData(number, spec, tuple(points), where, digest)


def _panel_rows(path: Path) -> tuple[PanelRow, ...]:
    where, lines = relative(path), read_semicolons(path)
    if not lines or lines[0] != ["enhet", "periode", "fra", "verdi"]:
        raise DataFeil("filen skal ha kolonnene enhet;periode;fra;verdi", where=f"{where}, linje 1")
    rows, seen = [], set()
    for line, fields in enumerate(lines[1:], start=2):
        if len(fields) != 4 or tuple(fields[:2]) in seen:
            raise DataFeil("linjen er ikke fire felter, eller står to ganger", where=f"{where}, linje {line}")
        seen.add(tuple(fields[:2]))
        unit, period, first, text = fields
        rows.append(PanelRow(unit, period, first, _cell(text, f"{where}, linje {line}", line)))
    return tuple(rows)


def read_cleared(edition: str, mode: str | None = None, root: Path | None = None) -> Cleared | None:
    """Return an edition's cleared tables in the mode of the build; None for the printed ones alone.

    Raises
    ------
    DataFeil
        If there is no such folder, or what it says of itself is not what was written.
    """
    name = chosen_mode(mode)
    folder = cleared_folder(name, edition, root)
    if folder is None:
        return None
    path = folder / DELIVERY
    if not is_there(path):
        hint = "Lag den med rapport register." if name == "register" else "Lag den med rapport fetch."
        raise DataFeil(f"utgaven {edition} har ingen {MODES[name][1]}", where=relative(path), hint=hint)
    spec = read_model(DeliverySpec, read_yaml(path), relative(path))
    if spec.kontrollsum != checksum(spec.syntetisk, spec.filer):
        raise DataFeil("kontrollsummen stemmer ikke", where=relative(path), hint="Lag mappen på nytt.")
    return Cleared(name, folder, spec)
