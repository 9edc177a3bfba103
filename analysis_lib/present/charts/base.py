"""What all charts share: the canvas, labels beside the drawing, words for the alt text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis_lib.errors import NotatbokFeil
from analysis_lib.indicators.values import Value
from analysis_lib.present.numbers import NBSP
from analysis_lib.present.series import Series
from analysis_lib.present.style import INK, norwegian_axis, use_style
from analysis_lib.present.words import listing

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Annotation

WIDTH, HEIGHT = 7.2, 3.3


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
    """

    figure: Figure
    rows: Mapping[str, Mapping[str, Value]]
    unit: str
    alt: str


def canvas(height: float = HEIGHT) -> tuple[Figure, Axes]:
    """Return an empty figure with one set of axes, in the report's style."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    use_style()
    # A bare Figure, not pyplot: nothing is shown twice in a notebook, and nothing needs closing.
    figure = Figure(figsize=(WIDTH, height))
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.075, 0.3 / height, 0.66, 1 - 0.43 / height))
    norwegian_axis(axes)
    return figure, axes


def same_unit(values: Iterable[Value]) -> str:
    """Return the unit that all values share, or refuse."""
    units = sorted({value.unit for value in values})
    if not units:
        raise NotatbokFeil("figuren har ingen tall")
    if len(units) > 1:
        raise NotatbokFeil(f"tallene i figuren har ulike enheter: {listing(units)}")
    return units[0]


def rows_of(series: Sequence[Series]) -> dict[str, dict[str, Value]]:
    """Return series as rows of a table: one row a series, one column a year that any of them has."""
    years = sorted({year for s in series for year in s.values})
    return {s.label: {str(year): s[year] for year in years} for s in series}


def values_of(series: Iterable[Series]) -> list[Value]:
    """Return all values of several series."""
    return [value for s in series for value in s.values.values()]


def end_labels(axes: Axes, x: float, labels: Sequence[tuple[float, str, str]]) -> None:
    """Write (height, text, colour) labels right of a point, moved apart so that none overlaps another.

    The colour stands in a mark before the label: text in these hues would be too pale to read.
    """
    low, high = axes.get_ylim()
    step = (high - low) * 0.068
    texts = []
    for (y, text, color), target in zip(sorted(labels), spread(sorted(labels), step), strict=True):
        shift = (target - y) / (high - low) * axes.bbox.height * 72 / axes.figure.dpi
        for offset, content, ink, size in ((8, "•", color, 19), (19, text, INK, 10)):
            texts.append(
                axes.annotate(
                    content,
                    (x, y),
                    xytext=(offset, shift),
                    textcoords="offset points",
                    va="center",
                    color=ink,
                    fontsize=size,
                    fontweight="semibold",
                    annotation_clip=False,
                )
            )
    make_room(axes, texts)


def spread(labels: Sequence[tuple[float, str, str]], step: float) -> list[float]:
    """Return heights at least `step` apart, in the order given.

    >>> spread([(1.0, "a", ""), (1.2, "b", ""), (5.0, "c", "")], 1.0)
    [1.0, 2.0, 5.0]
    """
    placed: list[float] = []
    for y, _, _ in labels:
        placed.append(max(y, placed[-1] + step) if placed else y)
    return placed


def make_room(axes: Axes, texts: Sequence[Annotation]) -> None:
    """Let the labels right of the axes end where the figure ends, whatever their length."""
    figure = axes.figure
    widest = max(text.get_window_extent().width for text in texts)
    left, bottom, _, height = axes.get_position().bounds
    right = 1 - (widest + 19 * figure.dpi / 72 + 6) / figure.bbox.width
    axes.set_position((left, bottom, right - left, height))


def ink_on(color: str) -> str:
    """Return white or ink, whichever is easier to read on a colour (WCAG's contrast ratio).

    >>> ink_on("#0F2080"), ink_on("#1D9DE2")
    ('white', '#1a1f24')
    """
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    return "white" if 1.05 / (luminance + 0.05) >= 4.5 else INK


def last(series: Series) -> Value:
    """Return the last known value of a series."""
    return list(series.known.values())[-1]


def span(series: Sequence[Series]) -> str:
    """Return the years that have a number, as text."""
    years = sorted({year for s in series for year in s.known})
    return f"{years[0]}–{years[-1]}" if len(years) > 1 else str(years[0])


def plain(sentences: Iterable[str]) -> str:
    """Join sentences into an alt text: no hard spaces, which some screen readers stumble over."""
    return " ".join(sentences).replace(NBSP, " ")
