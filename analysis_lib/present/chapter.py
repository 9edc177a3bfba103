"""What a chapter's notebook works with: one object that loads, and small verbs that compute."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analysis_lib.data.inputs import watch
from analysis_lib.indicators.edition import Edition
from analysis_lib.indicators.series import Series
from analysis_lib.indicators.values import Value
from analysis_lib.present.charts import Chart
from analysis_lib.present.fact_table import FactTable
from analysis_lib.present.figures import ShownFigure, figure_spec
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
    Creating it in a notebook makes the cell magic ``%%prosa`` available, and starts the record of
    which data files are read.
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
        watch()
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
        """Return a fact that stands only in the chapter's text, or in another chapter's."""
        return self.edition.fact(kapittel or self.nummer, nøkkel)

    def faktaserie(self, navn: str, nøkler: Mapping[int, str], *, kapittel: str = "") -> Series:
        """Return facts of several years as a series; years after the last one shown are left out."""
        told = {år: nøkkel for år, nøkkel in nøkler.items() if år <= self.aar} or nøkler
        # Where every year is later they stand as numbers that do not exist.
        return Series(navn, {år: self.fakta(nøkkel, kapittel=kapittel) for år, nøkkel in told.items()})

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

    def figur(self, nummer: str, chart: Chart | None = None, *, undertittel: str = "") -> ShownFigure:
        """Return a figure; without a chart it is listed as missing."""
        path = self.edition.folder / "figurer" / f"{self.nummer}.yml"
        spec, waits = figure_spec(path, nummer), self.edition.awaits
        return ShownFigure(nummer, spec, chart, undertittel, self.edition.spec.date, awaits=waits)


def _shell() -> Any:
    """Return the running IPython shell, or None outside a notebook."""
    import sys

    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython is not None else None
