"""What a chapter's notebook works with: one object that loads, and small verbs that compute."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from analysis_lib.data.facts import Facts
from analysis_lib.data.periods import (
    YEAR,
    Period,
    When,
    first_day,
    in_words,
    last_day,
    of_another_year,
    span,
    when,
)
from analysis_lib.indicators.edition import Edition
from analysis_lib.indicators.series import Series
from analysis_lib.indicators.values import Value
from analysis_lib.present.charts import Chart
from analysis_lib.present.fact_table import FactTable
from analysis_lib.present.figures import ShownFigure, figure_spec
from analysis_lib.present.from_data import chart_of, panels
from analysis_lib.present.prose import Prose, bind
from analysis_lib.present.tables import ShownTable
from analysis_lib.present.words import VOCABULARY


class Kapittel:
    """A chapter of the report, seen from one set of parameters.

    Parameters
    ----------
    nummer : str
        The chapter's number in the published report, or the name of its facts file; names its facts
        and figures.
    aar, startaar, prisaar : int
        Last year, first year (base of indices) and price year; see `Edition`.
    deflator : str
        «trykte par» or «indeks».

    Notes
    -----
    Creating it in a notebook makes the cell magic ``%%prosa`` available.
    """

    def __init__(
        self,
        nummer: str,
        *,
        aar: int,
        startaar: int | None = None,
        prisaar: int | None = None,
        deflator: str = "trykte par",
    ) -> None:
        self.nummer = nummer
        self.aar = aar
        self.edition = Edition(aar, start_year=startaar, price_year=prisaar, deflator_source=deflator)
        if (shell := _shell()) is not None:

            def prosa(line: str, cell: str) -> Prose:
                return bind(cell, {**VOCABULARY, **shell.user_ns})

            shell.register_magic_function(prosa, magic_kind="cell", magic_name="prosa")

    @property
    def prisaar(self) -> int:
        """The year whose prices constant prices are in."""
        return self.edition.price_year

    def tabell(self, nummer: str, *, fra: int | None = None) -> ShownTable:
        """Return a table for the years asked for; `fra` where its series begins later than the others."""
        if fra is not None:
            self.edition.begin(nummer, fra)
        return ShownTable(self.edition, nummer)

    @property
    def kommune(self) -> str:
        """The name of the municipality that the chapter is about; an error if it has no facts."""
        return self.edition.municipality(self.nummer)

    def fakta(self, nøkkel: str, *, kapittel: str = "") -> Value:
        """Return a fact that stands only in the chapter's text, or in another chapter's.

        A key with a year that the edition does not have, while it has others of it, gives «not available».

        >>> kap = Kapittel("13", aar=2025)
        >>> float(kap.fakta("nsaid_2025")), kap.fakta("nsaid_2026").known
        (14.6, False)
        """
        chapter = kapittel or self.nummer
        other = of_another_year(nøkkel, self.edition.facts(chapter).facts)
        if other is None:
            return self.edition.fact(chapter, nøkkel)
        like, year = self.edition.fact(chapter, other), YEAR.findall(nøkkel)[-1]
        return replace(like.untold(), identity=f"fakta/{chapter}/{nøkkel}", label=YEAR.sub(year, like.label))

    def periode(self, nøkkel: str, *, kapittel: str = "") -> str:
        """Return the period that a fact belongs to, in words: «2019–2022», «mai 2026»."""
        return in_words(self.edition.facts(kapittel or self.nummer)[nøkkel].period)

    def årene(self, nøkkel: str, *, kapittel: str = "") -> range:
        """Return the years that a fact belongs to, from the first to the last."""
        first, last = span(self.edition.facts(kapittel or self.nummer)[nøkkel].period)
        return range(first.year, last.last.year + 1)

    def faktaserie(self, navn: str, nøkler: str | Mapping[When, str], *, kapittel: str = "") -> Series:
        """Return facts of several years or quarters as a series, up to the last year shown.

        `nøkler` is the key without its period (``stem`` of ``stem_2024K3``), for every fact of that key (one
        without a year has that of its period), or the key of each period.

        >>> serie = Kapittel("13", aar=2025).faktaserie("Vanedannende", "vanedannende")
        >>> serie.første, serie.siste, float(serie[2025])
        (2024, 2025, 31.9)
        """
        facts = self.edition.facts(kapittel or self.nummer)
        if isinstance(nøkler, str):
            nøkler = _keys_by_period(facts, nøkler)
        told = {
            når: nøkkel
            for når, nøkkel in nøkler.items()
            if last_day(str(når)).year <= self.aar or facts.by_own_dates
        } or nøkler
        # Where every year is later they stand as numbers that do not exist.
        return Series(navn, {når: self.fakta(nøkkel, kapittel=kapittel) for når, nøkkel in told.items()})

    def oppstilling(
        self,
        nummer: str,
        tittel: str,
        rader: Mapping[str, Sequence[Value | None]],
        *,
        kolonner: Sequence[str],
        forspalte: str,
        enhet: str = "",
        merknader: Sequence[str] = (),
        endringer: Sequence[str] = (),
    ) -> FactTable:
        """Return a table of values that stand in no table of the published report; see `FactTable`."""
        return FactTable(
            nummer, tittel, rader, kolonner, stub=forspalte, unit=enhet, notes=merknader, changes=endringer
        )

    def deflator(self, tabell: ShownTable) -> Series:
        """Return the price level of the price year over that of each year of a table."""
        years = self.edition.years(tabell.table)
        return Series("Deflator", {year: self.edition.deflator(year) for year in years})

    def serier(self, nummer: str) -> dict[str, dict[str, dict[str, Value]]] | None:
        """Return a figure's numbers by panel, series and column; None where the edition has none.

        The printed report has no numbers behind most of its figures; a build from rows or open data has.

        >>> Kapittel("12", aar=2025).serier("12.7") is None
        True
        """
        return panels(self.edition.figure(nummer)) or None

    def figur(self, nummer: str, chart: Chart | None = None, *, undertittel: str = "") -> ShownFigure:
        """Return a figure; without a chart it is listed as missing.

        Where the build has all the numbers of a figure that the printed report lacks, or has in part, it is
        drawn from them, as their descriptor says.
        """
        path = self.edition.folder / "figurer" / f"{self.nummer}.yml"
        spec, waits = figure_spec(path, nummer), self.edition.awaits
        data = self.edition.figure_data(nummer)
        if data is not None:
            chart, lacks = chart_of(data, self.edition.figure(nummer))
            spec, undertittel = spec.whole(data.spec.sources, data.spec.notes, lacks), data.spec.subtitle
        return ShownFigure(nummer, spec, chart, undertittel, self.edition.spec.date, awaits=waits)


def _keys_by_period(facts: Facts, stem: str) -> dict[When, str]:
    dated: dict[When, str] = {}
    for key in facts.facts:
        name, _, period = key.rpartition("_")
        if name == stem and Period.printed(period):
            dated[when(period.upper())] = key
    if stem in facts.facts or not dated:
        alone = facts[stem]  # raises, and names the nearest
        finer = alone.single_period if any(isinstance(one, Period) for one in dated) else None
        dated.setdefault(finer or alone.year, stem)
    return dict(sorted(dated.items(), key=lambda item: first_day(str(item[0]))))


def _shell() -> Any:
    """Return the running IPython shell, or None outside a notebook."""
    import sys

    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython is not None else None
