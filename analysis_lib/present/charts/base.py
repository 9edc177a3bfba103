"""What all charts share: the drawing with its data, the empty canvas, one unit.

Words for the alt texts, computed from the data: course, extremes, order, what is missing.

The look of charts: Source Sans, quiet axes, Norwegian numbers, colours that pass 3:1 on white.
"""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, wraps
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec

from analysis_lib.data.cells import SIGN_TEXT, Kind
from analysis_lib.data.periods import When, frequency_of, in_words, ordinal, without_gaps
from analysis_lib.data.units import measure
from analysis_lib.errors import NotatbokFeil
from analysis_lib.indicators.breaks import Handling, refuse_breaks
from analysis_lib.indicators.series import Series
from analysis_lib.indicators.values import Value, in_unit
from analysis_lib.present.numbers import NBSP, format_cell, format_exact
from analysis_lib.present.words import listing, tied

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure


P = ParamSpec("P")


def said(value: Value) -> str:
    """Return a number as it is read aloud, where a sign would be silence."""
    return format_cell(value) if value.known else "uten tall"


def plain(sentences: Iterable[str]) -> str:
    """Join sentences into an alt text: no hard spaces, which some screen readers stumble over."""
    return " ".join(sentence for sentence in sentences if sentence).replace(NBSP, " ")


def span(series: Sequence[Series]) -> str:
    """Return the years that have a number, as text."""
    years = sorted({year for s in series for year in s.kjente}, key=ordinal)
    return in_words(f"{years[0]}–{years[-1]}")


def course(series: Series, years: Sequence[When], when: Callable[[Any], str] = in_words) -> str:
    """Say where a series begins and ends, its peak and trough between, and which years have no number.

    `when` writes a year, or a period that a series has by number, in words.
    """
    known = list(series.kjente)
    if not known:
        return f"{series.navn}: ingen tall."
    first, end = known[0], known[-1]
    parts = [f"{series.navn}: {_at(series, first, when)}"]
    if end != first:
        parts.append(_at(series, end, when))
    for word, smallest_first in (("høyest", False), ("lavest", True)):
        extreme = tied(series.kjente, smallest_first=smallest_first)[0]
        if first not in extreme and end not in extreme:
            parts.append(f"{word} i {listing(list(map(when, extreme)))} med {_level(series, extreme)}")
    if gaps := [when(year) for year in years if year not in series.kjente]:
        parts.append(f"uten tall i {listing(gaps)}")
    return f"{', '.join(parts)}."


def _at(series: Series, year: When, when: Callable[[Any], str]) -> str:
    return f"{format_cell(series[year])} i {when(year)}"


def _level(values: Mapping[Any, Value] | Series, names: Iterable[Any]) -> str:
    """Return what numbers that tie have in common: the one that is printed coarsest."""
    return format_cell(min((values[name] for name in names), key=lambda value: value.decimals))


def extremes(values: Mapping[str, Value]) -> str:
    """Name the highest and the lowest of several values, with all that tie.

    The words are not bent after how many there are: «Høyest er Agder og Oslo med 9».
    """
    known = {label: value for label, value in values.items() if value.known}
    if len(known) < 2:
        return ""
    top, low = tied(known)[0], tied(known, smallest_first=True)[0]
    if len(top) == len(known):
        return f"Alle har {_level(known, top)}."
    said = [f"{listing(names)} med {_level(known, names)}" for names in (top, low)]
    return f"Høyest er {said[0]}, lavest er {said[1]}."


def missing(values: Mapping[str, Value]) -> str:
    """Name those that have no number."""
    without = [label for label, value in values.items() if not value.known]
    return f"Uten tall: {listing(without)}." if without else ""


INK = "#1a1f24"
# Dark enough for text on white (5:1).
GREY = "#6b7075"
RULE = "#d9dcdf"
# Statistics Norway's hues, ordered so that neighbours differ in lightness too.
PALETTE = ("#0F2080", "#1D9DE2", "#075745", "#C78800", "#A3136C", "#471F00", "#1A9D49", "#C775A7")
MARKERS = ("o", "s", "^", "D", "v", "P")
DASHES: tuple[Any, ...] = ("solid", (0, (5, 1.5)), (0, (2, 1.2)), (0, (6, 1.5, 1.5, 1.5)), (0, (1, 1)))


# Static cuts: matplotlib shows only the thinnest of a variable font.
FONTS = Path(__file__).parents[1] / "fonts"


@cache
def use_style() -> None:
    """Set matplotlib up once: font, sizes, spines, reproducible SVG."""
    import matplotlib as mpl
    from matplotlib import font_manager

    for font in FONTS.glob("*.ttf"):
        font_manager.fontManager.addfont(str(font))
    mpl.rcParams.update(
        {
            "font.family": "Source Sans 3",
            "font.size": 10,
            "text.color": INK,
            "axes.labelcolor": GREY,
            "axes.edgecolor": RULE,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.spines.left": False,
            "axes.grid": True,
            "axes.grid.axis": "y",
            "axes.axisbelow": True,
            "grid.color": RULE,
            "grid.linewidth": 0.6,
            "xtick.color": INK,
            "ytick.color": GREY,
            "xtick.major.size": 0,
            "ytick.major.size": 0,
            "lines.linewidth": 2.0,
            # A dollar sign in a label begins no formula.
            "text.parse_math": False,
            "svg.hashsalt": "rapport",
            "svg.fonttype": "path",
            "figure.dpi": 100,
        }
    )


def norwegian(axis: Axis) -> None:
    """Write the numbers of an axis the Norwegian way."""
    from fractions import Fraction

    from matplotlib.ticker import FuncFormatter

    axis.set_major_formatter(
        FuncFormatter(lambda number, _: format_exact(Fraction(number).limit_denominator(1000), 2))
    )


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


def drawn(make: Callable[P, Chart]) -> Callable[P, Chart]:
    """Give a chart numbers in one unit; before they come it is one without rows, a figure that waits."""

    @wraps(make)
    def chart(*data: P.args, **options: P.kwargs) -> Chart:
        units = {value.unit: measure(value.unit) for value in values_in([data, options])}
        if len({kind for _, kind in units.values()}) == 1 < len(units):
            finest = min(units, key=lambda unit: units[unit][0])
            data, options = _in_unit(data, finest), _in_unit(options, finest)
        waits = any(value.kind is Kind.AWAITED for value in values_in(data))
        if waits and not any(value.known for value in values_in(data)):
            return Chart(blank(), {}, "", "Venter på tall.")
        try:
            return make(*data, **options)
        except NotatbokFeil:
            if not waits:
                raise
            return Chart(blank(), {}, "", "Venter på tall.")

    return chart


def values_in(data: object) -> Iterator[Value]:
    """Yield the values that a chart is asked to draw, however they are put together."""
    if isinstance(data, Value):
        yield data
    elif isinstance(data, Series):
        yield from values_in(rows_of([data]))
    elif isinstance(data, Mapping | list | tuple):
        for item in data.values() if isinstance(data, Mapping) else data:
            yield from values_in(item)


def _in_unit(data: Any, unit: str) -> Any:
    """Return what a chart is asked to draw in another unit."""
    if isinstance(data, Value):
        return in_unit(data, unit)
    if isinstance(data, Series):
        return data.map(lambda _, value: in_unit(value, unit))
    if isinstance(data, Mapping):
        return {key: _in_unit(item, unit) for key, item in data.items()}
    return type(data)(_in_unit(item, unit) for item in data) if isinstance(data, list | tuple) else data


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


def foot(years: Sequence[When]) -> float:
    """Return the points that names need under the axes: those of months and quarters are two lines."""
    return 21 if all(isinstance(year, int) for year in years) else 34


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
        refuse_breaks(one.verdier.values(), brudd, one.navn)
    unit = same_unit(value for s in series for value in s.verdier.values())
    labels = [s.navn for s in series]
    if twice := sorted({label for label in labels if labels.count(label) > 1}):
        raise NotatbokFeil(f"flere serier heter «{twice[0]}»", hint="Gi dem hvert sitt navn med .kalt(…).")
    if not any(s.kjente for s in series):
        raise NotatbokFeil("ingen av seriene har tall")
    return unit


def years_of(series: Iterable[Series]) -> list[When]:
    """Return every year that any of the series has a place for; of months and quarters those between too.

    Raises
    ------
    NotatbokFeil
        For series of different frequencies.
    """
    years = [year for s in series for year in s.verdier]
    if len(kinds := sorted({frequency_of(year).value for year in years})) > 1:
        raise NotatbokFeil(f"seriene i figuren er av ulike slag perioder: {listing(kinds)}")
    return without_gaps(years)


def places(years: Iterable[When]) -> list[int]:
    """Return where years or periods stand on the axis."""
    return [ordinal(year) for year in years]


def rows_of(series: Sequence[Series]) -> dict[str, dict[str, Value]]:
    """Return series as rows of a table: one row a series, one column a year that any of them has."""
    return {s.navn: {in_words(year): s[year] for year in years_of(series)} for s in series}


def sign(value: Value) -> str:
    """Return what stands where a number would be drawn; an empty cell says nothing, so it gets «..»."""
    return format_cell(value) or SIGN_TEXT[Kind.NOT_AVAILABLE]


def beside(axes: Axes, text: str, at: tuple[float, float], dx: float = 0, dy: float = 0, **look: Any) -> None:
    """Write a text some points from where it belongs, on the side that it is moved to."""
    across = "left" if dx > 0 else "right" if dx < 0 else "center"
    along = "bottom" if dy > 0 else "top" if dy < 0 else "center"
    look = {"ha": across, "va": along, "color": INK, **look}
    axes.annotate(text, at, xytext=(dx, dy), textcoords="offset points", **look)


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
