"""The register of an edition's measures: ``measures.yml``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from analysis_lib.data.files import Model, Period, Text, _text, read_model, read_register
from analysis_lib.data.formats import is_there
from analysis_lib.data.inputs import relative
from analysis_lib.data.periods import first_day, in_words
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


def _lifted(field: str) -> BeforeValidator:
    """Let one plain text stand for a list of entries that have only that field."""

    def lift(raw: Any) -> Any:
        items = list(raw) if isinstance(raw, list | tuple) else [raw]
        return [item if isinstance(item, dict | Model) else {field: _text(item)} for item in items]

    return BeforeValidator(lift)


class Start(Model):
    """When a measure began, and where or with what if it began in steps."""

    when: Period
    place: str = ""
    what: str = ""


class CoIntervention(Model):
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
        try:
            years = [first_day(end).year for end in span.split("-")]
        except ValueError:
            years = []
        if not row or len(years) not in (1, 2) or years[0] > years[-1]:
            raise ValueError(f"«{raw}» er ikke på formen tabell/rad/2019-2025")
        return {str(year): f"{row}/{year}" for year in range(years[0], years[-1] + 1)}
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
    co_interventions : tuple of CoIntervention
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
    co_interventions: Annotated[tuple[CoIntervention, ...], _lifted("what")] = ()
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
            raise DataFeil("tiltaket har ingen oppstart", where=self.id, hint="Sett start i measures.yml.")
        return min(first_day(each.when) for each in self.start)

    def of(self, name: str) -> Data:
        """Return one of its series by name."""
        known = {data.id: data for data in self.data}
        if name not in known:
            raise DataFeil(f"tiltaket har ikke data «{name}»", where=self.id, hint=nearest(name, known))
        return known[name]


def read_measures(folder: Path) -> Mapping[str, Measure]:
    """Return the measures that an edition registers, by id, in order; none where it has no ``measures.yml``.

    Raises
    ------
    DataFeil
        If the file is malformed, a field is unknown or of the wrong kind, or an id stands twice.
    """
    path = folder / "measures.yml"
    entries = read_register(path, "measures") if is_there(path) else []
    measures = [read_model(Measure, raw, where) for where, raw in entries]
    return MappingProxyType({item.id: item for item in measures})


def measure(name: str, folder: Path) -> Measure:
    """Return one measure of an edition's register, or say which there are.

    >>> from analysis_lib.data.editions import edition_of
    >>> measure("delegering", edition_of(2025)).started
    '1. januar 2026'
    """
    known = read_measures(folder)
    if not isinstance(name, str) or name not in known:
        raise ParameterFeil(
            f"tiltaket «{name}» finnes ikke",
            where=relative(folder / "measures.yml"),
            hint=nearest(name, known),
        )
    return known[name]
