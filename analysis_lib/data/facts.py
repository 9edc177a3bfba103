"""Facts that stand only in a text: one line a number, with its place.

``8.csv`` holds those of the published report's chapter 8. Facts of another document have a descriptor
beside them, which names it: ``levanger.csv`` and ``levanger.yml``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from analysis_lib.data.cells import Cell, parse_cell
from analysis_lib.data.files import Model, read_model
from analysis_lib.data.formats import is_there, read_semicolons, read_yaml
from analysis_lib.data.inputs import file_hash, relative
from analysis_lib.data.periods import Period, last_day, span
from analysis_lib.errors import DataFeil, nearest

FIELDS = ["id", "verdi", "enhet", "periode", "hva", "register", "sted"]


class FactsSpec(Model):
    """What ``fakta/NAME.yml`` says of the document that the facts stand in.

    `kommune` is the municipality that it is about. `aarsrapport` marks a part of the annual report itself,
    whose facts belong to the report's year; those of another document stand by their own dates.
    """

    dokument: str
    kommune: str = ""
    aarsrapport: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """One number of the text: what it is, its unit and period, and where it stands."""

    key: str
    cell: Cell
    unit: str
    period: str
    label: str
    register: str
    place: str

    @property
    def year(self) -> int:
        """The year that the fact belongs to: the last of its period."""
        return last_day(self.period).year

    @property
    def single_period(self) -> Period | None:
        """The period that it belongs to; None for a span of them."""
        first, last = span(self.period)
        return first if first == last else None


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of one chapter, or of one document of its own."""

    facts: Mapping[str, Fact]
    path: str
    sha256: str
    spec: FactsSpec | None = None

    @property
    def by_own_dates(self) -> bool:
        """Tell whether they stand by their own dates: those of another document than the annual report."""
        return self.spec is not None and not self.spec.aarsrapport

    def __getitem__(self, key: str) -> Fact:
        if key not in self.facts:
            raise DataFeil(f"faktumet «{key}» finnes ikke", where=self.path, hint=nearest(key, self.facts))
        return self.facts[key]


def read_facts(path: Path) -> Facts:
    """Read a chapter's facts from ``id;verdi;enhet;periode;hva;register;sted``.

    Raises
    ------
    DataFeil
        If the file is missing or malformed, a value is no number, or a period is none.
    """
    where = relative(path)
    lines = read_semicolons(path)
    if not lines or lines[0] != FIELDS:
        raise DataFeil(f"første linje skal være «{';'.join(FIELDS)}»", where=f"{where}, linje 1")
    facts: dict[str, Fact] = {}
    for number, fields in enumerate(lines[1:], start=2):
        fact = _fact(fields, f"{where}, linje {number}", number)
        if fact.key in facts:
            raise DataFeil(f"faktumet «{fact.key}» står to ganger", where=f"{where}, linje {number}")
        facts[fact.key] = fact
    return Facts(MappingProxyType(facts), where, file_hash(path), read_descriptor(path.with_suffix(".yml")))


def read_descriptor(path: Path) -> FactsSpec | None:
    """Return what a facts file's descriptor says, None where there is none."""
    return read_model(FactsSpec, read_yaml(path), relative(path)) if is_there(path) else None


def municipalities(folder: Path) -> dict[str, str]:
    """Return the municipalities that have facts: key of the file to name, in order.

    >>> from analysis_lib.data.inputs import project_root
    >>> municipalities(project_root() / "data" / "published" / "2025" / "fakta")["levanger"]
    'Levanger'
    """
    specs = {path.stem: read_descriptor(path) for path in sorted(folder.glob("*.yml"))}
    return {key: spec.kommune for key, spec in specs.items() if spec is not None and spec.kommune}


def _fact(fields: list[str], where: str, line: int) -> Fact:
    if len(fields) != len(FIELDS):
        raise DataFeil(f"linjen har {len(fields)} felter, ventet {len(FIELDS)}", where=where)
    key, printed, unit, period, label, register, place = fields
    try:
        parsed = parse_cell(printed)
    except ValueError as error:
        raise DataFeil(f"{error} (faktum «{key}»)", where=where) from None
    try:
        span(period)
    except ValueError as error:
        raise DataFeil(f"perioden {error} (faktum «{key}»)", where=where) from None
    cell = Cell(parsed.kind, printed, parsed.number, parsed.decimals, parsed.interval, line)
    return Fact(key, cell, unit, period, label, register, place)
