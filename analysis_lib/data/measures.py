"""The register of measures: ``data/measures.yml``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from analysis_lib.data.inputs import project_root, relative
from analysis_lib.data.models import Model, Text, read_model, read_yaml
from analysis_lib.data.periods import first_day, in_words, last_day
from analysis_lib.errors import DataFeil, ParameterFeil, nearest


class Design(StrEnum):
    """What the answer to «what came of it?» rests on."""

    DESCRIPTION = "beskrivelse"
    GROWTH = "vekst på få punkter"
    DECOMPOSITION = "oppdeling i pris og volum"
    EXTRAPOLATION = "framskriving under flere kurver"
    BREAK = "nivåskift uten gitt tidspunkt"
    ITS = "avbrutt tidsserie uten sammenligning"
    CONTROLLED_ITS = "avbrutt tidsserie med sammenligning"
    DID = "forskjell i forskjeller"
    STAGGERED_DID = "forskjell i forskjeller med trinnvis innføring"
    SYNTHETIC_CONTROL = "syntetisk kontroll"

    @property
    def comparator(self) -> bool:
        """True where somebody without the measure shows what else happened."""
        return self in (Design.CONTROLLED_ITS, Design.DID, Design.STAGGERED_DID, Design.SYNTHETIC_CONTROL)


def _text(raw: Any) -> Any:
    # YAML reads 2024 as a number and 2026-01-01 as a date.
    return raw if isinstance(raw, str) else str(raw)


def _period(text: str) -> str:
    # Either raises what is wrong with it.
    if first_day(text) > last_day(text):
        raise ValueError(f"«{text}» slutter før det begynner")
    return text


def _lifted(field: str) -> BeforeValidator:
    """Let one plain text stand for a list of entries that have only that field."""

    def lift(raw: Any) -> Any:
        items = list(raw) if isinstance(raw, list | tuple) else [raw]
        return [item if isinstance(item, dict | Model) else {field: _text(item)} for item in items]

    return BeforeValidator(lift)


Period = Annotated[str, BeforeValidator(_text), AfterValidator(_period)]


class Start(Model):
    """When a measure began, and where or with what if it began in steps."""

    when: Period
    place: str = ""
    what: str = ""


class Event(Model):
    """Something else that happened at the time, and where that is known from."""

    what: str
    when: Period | None = None
    source: str = ""

    def __str__(self) -> str:
        return f"{self.what} ({in_words(self.when)})" if self.when else self.what


def _years(raw: Any) -> Any:
    """Write ``8.3/sum_basis/2019-2025`` out, one entry a year; keys of entries are text."""
    if isinstance(raw, str):
        row, _, span = raw.rpartition("/")
        first, _, last = span.partition("-")
        if not (row and first.isdecimal() and (last or first).isdecimal() and first <= (last or first)):
            raise ValueError(f"«{raw}» er ikke på formen tabell/rad/2019-2025")
        return {str(year): f"{row}/{year}" for year in range(int(first), int(last or first) + 1)}
    return {_text(key): value for key, value in raw.items()} if isinstance(raw, dict) else raw


class Data(Model):
    """One series of numbers: what it counts, who holds it, and where each number stands in the project.

    `values` gives a place by period or group: ``12.1/total/2025`` (table, row, column) or
    ``fakta/12/delegert_sum`` (chapter, fact); ``8.3/sum_basis/2019-2025`` is one a year. `period` is what
    numbers by group cover, and `target` the end that a stated ambition or expectation names.
    """

    what: str
    id: str = ""
    source: str = ""
    period: Period | None = None
    target: Period | None = None
    values: Annotated[dict[str, str], BeforeValidator(_years)] = Field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.what} ({self.source})" if self.source else self.what


class Need(Model):
    """What would change a verdict: the data, since when, and the design, or what could be said, with them."""

    data: str
    since: str
    design: Design | None = None
    then: str = ""

    @property
    def possible(self) -> str:
        """What the data would make possible."""
        return self.then or f"{self.design} mulig"


class Measure(Model):
    """A measure under evaluation.

    Attributes
    ----------
    id, name : str
    aliases : tuple of str
        Beginnings of words by which prose may mention it.
    change : str
        What changed.
    start : tuple of Start
        Empty where nobody has set a date; several where it came in steps or place by place.
    exposed, comparator : str
        Who got it, and who did not; "" where there is nobody.
    outcome : str
        What is measured, as the beginning of a sentence: «Konsultasjoner per virkedag».
    outcomes : tuple of str
        What the measure was meant for, whether it is measured or not.
    data : tuple of Data
        The data used; never empty in a verdict.
    co_interventions : tuple of Event
        What else happened at the time; empty only if looked for and not found.
    design : Design
        What the data at hand can carry.
    needs : tuple of Need
        What would change the verdict.
    exposure_unit : str
        «virkedager», «innbyggere» …
    period : str
        What the time axis counts, in the singular: «måned», «år».
    """

    id: Text
    name: Text
    outcome: Text
    data: Annotated[tuple[Data, ...], _lifted("what")]
    start: Annotated[tuple[Start, ...], _lifted("when")] = ()
    aliases: tuple[Text, ...] = ()
    change: str = ""
    exposed: str = ""
    comparator: str = ""
    outcomes: tuple[str, ...] = ()
    co_interventions: Annotated[tuple[Event, ...], _lifted("what")] = ()
    design: Design = Design.DESCRIPTION
    needs: tuple[Need, ...] = ()
    exposure_unit: str = ""
    period: str = "måned"

    @property
    def started(self) -> str:
        """The first start in words: «1. januar 2026»."""
        return in_words(self.start[0].when) if self.start else ""

    @property
    def begins(self) -> date:
        """The first day of the first start.

        Raises
        ------
        DataFeil
            If none is registered.
        """
        if not self.start:
            raise DataFeil(
                "tiltaket har ingen oppstart", where=self.id, hint="Sett start i data/measures.yml."
            )
        return min(first_day(each.when) for each in self.start)

    def of(self, name: str) -> Data:
        """Return one of its series by name."""
        known = {data.id: data for data in self.data}
        if name not in known:
            raise DataFeil(f"tiltaket har ikke data «{name}»", where=self.id, hint=nearest(name, known))
        return known[name]


def read_register(path: Path, field: str) -> list[tuple[str, Any]]:
    """Return the entries of a register's only list, each with where it stands.

    Raises
    ------
    DataFeil
        If the file is missing or malformed, or an id stands twice.
    """
    where, raw = relative(path), read_yaml(path)
    if not isinstance(raw, dict) or not isinstance(raw.get(field), list):
        raise DataFeil(f"filen skal ha en liste «{field}»", where=where)
    names = [item.get("id", "?") if isinstance(item, dict) else "?" for item in raw[field]]
    for name in names:
        if names.count(name) > 1:
            raise DataFeil(f"«{name}» står to ganger", where=where)
    return [(f"{where}, {name}", item) for name, item in zip(names, raw[field], strict=True)]


def read_measures(path: Path | None = None) -> Mapping[str, Measure]:
    """Return the register of measures by id, in order.

    Raises
    ------
    DataFeil
        If the file is missing or malformed, a field is unknown or of the wrong kind, or an id stands twice.
    """
    entries = read_register(path or project_root() / "data" / "measures.yml", "measures")
    measures = [read_model(Measure, raw, where) for where, raw in entries]
    return MappingProxyType({item.id: item for item in measures})


def measure(name: str) -> Measure:
    """Return one measure of the register, or say which there are.

    >>> measure("delegering").started
    '1. januar 2026'
    """
    known = read_measures()
    if not isinstance(name, str) or name not in known:
        raise ParameterFeil(
            f"tiltaket «{name}» finnes ikke", where="data/measures.yml", hint=nearest(name, known)
        )
    return known[name]
