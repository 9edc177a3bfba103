"""What all charts share: the drawing with its data, the empty canvas, one unit."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from analysis_lib.data.cells import SIGN_TEXT, Kind
from analysis_lib.errors import NotatbokFeil
from analysis_lib.indicators.breaks import Handling, refuse_breaks
from analysis_lib.indicators.values import Value
from analysis_lib.present.numbers import format_cell
from analysis_lib.present.series import Series
from analysis_lib.present.style import INK, norwegian, use_style
from analysis_lib.present.words import listing

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Inches. As wide as the text of the PDF (166 mm) such a chart is 70 mm high.
WIDTH, HEIGHT = 7.2, 3.03
POINTS = 72
PAGE = WIDTH * POINTS


@dataclass(frozen=True)
class Chart:
    """A drawing with the data behind it.

    Attributes
    ----------
    figure : matplotlib Figure
    rows : mapping from label to mapping from column label to Value
        The table beside the drawing.
    unit : str
        The unit that all values share.
    alt : str
        What the chart shows, in words computed from the data.
    notes : tuple of str
        What must stand under it: a break in a series.
    """

    figure: Figure
    rows: Mapping[str, Mapping[str, Value]]
    unit: str
    alt: str
    notes: tuple[str, ...] = ()

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        """Show the drawing in a notebook; in a chapter `Kapittel.figur` gives it number, title and table."""
        image = f'<img src="{data_address(svg(self))}" alt="{escape(self.alt)}" style="max-width: 100%">'
        return {"text/html": image, "text/plain": self.alt}


def svg(chart: Chart) -> str:
    """Return the drawing as reproducible SVG: no date, ids salted by the style."""
    buffer = io.StringIO()
    chart.figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None}, transparent=True)
    text = buffer.getvalue()
    return re.sub(r"<metadata>.*?</metadata>\s*", "", text[text.index("<svg") :], flags=re.S)


def data_address(drawing: str) -> str:
    """Return an SVG as an address that holds all of it."""
    return "data:image/svg+xml;base64," + base64.b64encode(drawing.encode()).decode()


def blank(height: float = HEIGHT) -> Figure:
    """Return an empty figure in the report's style, as wide as the text."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    use_style()
    # A bare Figure, not pyplot: nothing is shown twice in a notebook, and nothing needs closing.
    figure = Figure(figsize=(WIDTH, height))
    FigureCanvasAgg(figure)
    return figure


def canvas(height: float = HEIGHT, *, below: float = 21, above: float = 9) -> tuple[Figure, Axes]:
    """Return an empty figure with one set of axes.

    Parameters
    ----------
    height : float
        In inches.
    below, above : float
        Points kept free under and over the axes.
    """
    figure = blank(height)
    points = height * POINTS
    axes = figure.add_axes((0.075, below / points, 0.9, 1 - (below + above) / points))
    norwegian(axes.yaxis)
    return figure, axes


def figure_of(axes: Axes) -> Figure:
    """Return the figure that the axes stand in."""
    from matplotlib.figure import Figure

    figure = axes.figure
    assert isinstance(figure, Figure)
    return figure


def same_unit(values: Iterable[Value]) -> str:
    """Return the unit that all values share, or refuse."""
    units = sorted({value.unit for value in values})
    if not units:
        raise NotatbokFeil("figuren har ingen tall")
    if len(units) > 1:
        raise NotatbokFeil(f"tallene i figuren har ulike enheter: {listing(units)}")
    return units[0]


def unit_of(series: Sequence[Series], brudd: Handling = "avvis") -> str:
    """Return the unit of series that can be drawn together, or refuse; and refuse registered breaks."""
    for one in series:
        refuse_breaks(one.values.values(), brudd, one.label)
    unit = same_unit(value for s in series for value in s.values.values())
    labels = [s.label for s in series]
    if twice := sorted({label for label in labels if labels.count(label) > 1}):
        raise NotatbokFeil(f"flere serier heter «{twice[0]}»", hint="Gi dem hvert sitt navn med .named(…).")
    if not any(s.known for s in series):
        raise NotatbokFeil("ingen av seriene har tall")
    return unit


def years_of(series: Iterable[Series]) -> list[int]:
    """Return every year that any of the series has a place for."""
    return sorted({year for s in series for year in s.values})


def rows_of(series: Sequence[Series]) -> dict[str, dict[str, Value]]:
    """Return series as rows of a table: one row a series, one column a year that any of them has."""
    return {s.label: {str(year): s[year] for year in years_of(series)} for s in series}


def sign(value: Value) -> str:
    """Return what stands where a number would be drawn; an empty cell says nothing, so it gets «..»."""
    return format_cell(value) or SIGN_TEXT[Kind.NOT_AVAILABLE]


def luminance(color: str) -> float:
    """Return WCAG's relative luminance of a colour such as ``#1D9DE2``."""
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def ink_on(color: str) -> str:
    """Return white or ink, whichever is easier to read on a colour.

    >>> ink_on("#0F2080"), ink_on("#1D9DE2")
    ('white', '#1a1f24')
    """
    return "white" if 1.05 / (luminance(color) + 0.05) >= 4.5 else INK
