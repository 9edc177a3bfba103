"""A figure on its way to the page: drawn, partial or missing, with alt text and the data beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import Field

from analysis_lib.data.files import Model, read_model
from analysis_lib.data.formats import read_yaml
from analysis_lib.data.inputs import relative
from analysis_lib.errors import DataFeil, nearest
from analysis_lib.indicators.values import Value
from analysis_lib.present.charts import Chart
from analysis_lib.present.charts.base import data_address, svg
from analysis_lib.present.display import Shown, cell, lab_html, signs, synthetic_note
from analysis_lib.present.escape import anchor
from analysis_lib.present.payload import FigurePayload, FigureStatus
from analysis_lib.present.pieces import ColumnPayload, Grid, RowPayload
from analysis_lib.present.register import entries

# Columns of numbers beside each other on a page.
WIDEST = 12


class FigureSpec(Model):
    """What ``figurer/CHAPTER.yml`` says of a figure of the published report.

    `missing` says which numbers are not in the sources, and `register` who holds them. `own` marks a
    figure that the published report does not have; its number ends in a capital letter (10.A).
    """

    title: str
    subtitle: str = ""
    sources: tuple[str, ...]
    holder: str = Field(default="", alias="register")
    missing: str = ""
    partial: bool = False
    own: bool = False
    date: str = ""
    notes: tuple[str, ...] = ()

    def whole(self, sources: tuple[str, ...], notes: tuple[str, ...], lacks: str = "") -> FigureSpec:
        """Return what is said of it where all its numbers are there, but for what `lacks` says."""
        change = {"sources": sources, "notes": notes, "partial": False, "missing": lacks, "holder": ""}
        return self.model_copy(update=change)


def read_figures(path: Path) -> dict[str, FigureSpec]:
    """Read the figures of one chapter, by their number in the published report."""
    raw = {} if (read := read_yaml(path)) is None else read
    if not isinstance(raw, dict):
        raise DataFeil("filen er ikke figurer med nummer", where=relative(path), hint="Skriv «8.1: {…}».")
    return {
        str(number): read_model(FigureSpec, item, f"{relative(path)}, figur {number}")
        for number, item in raw.items()
    }


def figure_spec(path: Path, number: str) -> FigureSpec:
    """Return one figure's description, or say which there are."""
    specs = read_figures(path)
    if number not in specs:
        raise DataFeil(f"figur {number} er ikke beskrevet", where=relative(path), hint=nearest(number, specs))
    return specs[number]


class ShownFigure(Shown):
    """A figure of the report.

    Parameters
    ----------
    number : str
        In the published report: ``8.2``.
    spec : FigureSpec
        Title, sources, and what is missing.
    chart : Chart or None
        None where no number exists.
    subtitle : str
        Unit, price basis and period; from the data.
    date : str
        When the edition's numbers were taken out, for a figure that says nothing else.
    awaits : bool
        True where the chapter has asked for numbers that have not come: a figure that should be drawn, and
        is not, then waits too.
    """

    def __init__(
        self,
        number: str,
        spec: FigureSpec,
        chart: Chart | None,
        subtitle: str = "",
        date: str = "",
        *,
        awaits: bool = False,
    ) -> None:
        self.number = number
        self.spec = spec
        # A chart without rows waits for all its numbers.
        self.chart = chart if chart is not None and chart.rows else None
        self.awaits = (chart is not None and not chart.rows) or (chart is None and awaits and self._promised)
        self.subtitle = subtitle or spec.subtitle
        self.date = spec.date or date

    @property
    def _promised(self) -> bool:
        """True where the sources have numbers for it, or for a part of it."""
        return self.spec.partial or not self.spec.missing

    @property
    def status(self) -> FigureStatus:
        """Whether the figure is drawn, drawn in part, or missing."""
        if self.chart is None:
            return FigureStatus.MISSING
        return FigureStatus.PARTIAL if self.spec.partial else FigureStatus.DRAWN

    @property
    def payload(self) -> FigurePayload:
        """The figure for the report; see `Shown`."""
        return FigurePayload(
            id=anchor(self.number, "figur"),
            number=self.number,
            title=self.spec.title,
            subtitle=self.subtitle,
            status=self.status,
            awaits=("figuren",) if self.awaits else (),
            alt=self.chart.alt if self.chart else "",
            note=self._note(),
            source=", ".join(self.spec.sources),
            date=self.date,
            data=data_table(self.chart) if self.chart else None,
            svg=svg(self.chart) if self.chart else "",
            numbers=entries(value for row in self._rows for value in row.values()),
        )

    @property
    def _rows(self) -> Sequence[Mapping[str, Value]]:
        return tuple(self.chart.rows.values()) if self.chart else ()

    def _note(self) -> str:
        """Say what breaks in the series, and which numbers are lacking and who holds them, or wait."""
        if self.awaits:
            return "Venter på tall."
        breaks = self.chart.notes if self.chart else ()
        holder = f"Tallene finnes i {self.spec.holder}." if self.spec.holder else ""
        lacking = (self.spec.missing, holder) if self.status is not FigureStatus.DRAWN else ()
        made_up = synthetic_note(value for row in self._rows for value in row.values())
        return " ".join(part for part in (made_up, *breaks, *lacking, *self.spec.notes) if part)

    def html(self) -> str:
        """Return the HTML that JupyterLab shows, with the drawing inside."""
        payload = self.payload
        return lab_html(payload, figure_href=data_address(payload.svg))

    @property
    def summary(self) -> str:
        """Number, title, status and alt text."""
        alt = self.chart.alt if self.chart else ""
        return f"Figur {self.number} {self.spec.title} ({self.status}). {alt}".strip()


def data_table(chart: Chart) -> Grid:
    """Return the table beside a figure: the chart's rows and columns, turned where it would be too wide."""
    rows = chart.rows
    if len(next(iter(rows.values()))) > max(WIDEST, len(rows)):
        rows = {name: {label: row[name] for label, row in rows.items()} for name in next(iter(rows.values()))}
    columns = list(next(iter(rows.values())))
    return Grid(
        stub=chart.unit[:1].upper() + chart.unit[1:],
        unit=chart.unit,
        columns=tuple(ColumnPayload(key=name, label=name) for name in columns),
        rows=tuple(
            RowPayload(key=f"r{position}", label=label, cells=tuple(cell(row[name]) for name in columns))
            for position, (label, row) in enumerate(rows.items())
        ),
        signs=signs(value for row in rows.values() for value in row.values()),
    )
