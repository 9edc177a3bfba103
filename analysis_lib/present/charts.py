"""Charts for the questions of the report: development over time, and composition over time.

Each returns a `Chart`: the drawing, the series behind it (they become the table beside it) and an
alt text computed from the data. Labels stand at the lines, not in a legend.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis_lib.errors import NotatbokFeil
from analysis_lib.indicators.values import Value
from analysis_lib.present.numbers import NBSP, format_cell
from analysis_lib.present.series import Series, frame
from analysis_lib.present.style import DASHES, GREY, INK, MARKERS, PALETTE, norwegian_axis, use_style
from analysis_lib.present.words import listing

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Annotation

MOST_LINES = 5
SIZE = (7.2, 3.3)


@dataclass(frozen=True)
class Chart:
    """A drawing with the data behind it."""

    figure: Figure
    series: tuple[Series, ...]
    alt: str


def linjer(series: Sequence[Series], *, fra_null: bool = False, grunnlinje: float | None = None) -> Chart:
    """Draw lines over the years, labelled at their ends.

    Parameters
    ----------
    series : sequence of Series
        At most five, in one unit.
    fra_null : bool
        Let the axis begin at zero.
    grunnlinje : float, optional
        Level of a thin reference line, for example 100 for an index.

    Raises
    ------
    NotatbokFeil
        For more than five lines, or different units.
    """
    import seaborn as sns

    if len(series) > MOST_LINES:
        raise NotatbokFeil(f"{len(series)} linjer i én figur er flere enn {MOST_LINES}", hint="Del figuren.")
    figure, axes = _canvas(series)
    if grunnlinje is not None:
        axes.axhline(grunnlinje, color=GREY, linewidth=0.8, zorder=1)
    wide = frame(list(series))
    for position, name in enumerate(wide.columns):
        sns.lineplot(
            x=wide.index,
            y=wide[name],
            ax=axes,
            color=PALETTE[position],
            linestyle=DASHES[position],
            marker=MARKERS[position],
            markersize=5,
            estimator=None,
            errorbar=None,
            legend=False,
        )
    if fra_null:
        axes.set_ylim(bottom=0)
    years = list(wide.index)
    axes.set_xticks(years, [str(year) for year in years])
    ends = [(_last(s), PALETTE[i], s.label) for i, s in enumerate(series)]
    _end_labels(axes, years[-1], [(float(v), f"{label} {format_cell(v)}", c) for v, c, label in ends])
    axes.set(xlabel="", ylabel="")
    return Chart(figure, tuple(series), alt_lines(series))


def stablede_søyler(series: Sequence[Series], *, tall_i_søylene: bool = False) -> Chart:
    """Draw stacked columns over the years, the parts labelled beside the last column.

    Parameters
    ----------
    series : sequence of Series
        The parts from the bottom up, in one unit.
    tall_i_søylene : bool
        Write each part's number in its column.
    """
    figure, axes = _canvas(series)
    wide = frame(list(series)).fillna(0.0)
    bottom = wide.iloc[:, 0] * 0
    labels = []
    for position, (name, part) in enumerate(zip(wide.columns, series, strict=True)):
        heights = wide[name]
        color = PALETTE[position]
        axes.bar(
            wide.index, heights, bottom=bottom, color=color, width=0.66, edgecolor="white", linewidth=0.6
        )
        if tall_i_søylene:
            for year in wide.index:
                middle = bottom[year] + heights[year] / 2
                text = format_cell(part[year])
                axes.text(year, middle, text, ha="center", va="center", color=ink_on(color), fontsize=9)
        last = wide.index[-1]
        labels.append((bottom[last] + heights[last] / 2, f"{name} {format_cell(part[last])}", color))
        bottom = bottom + heights
    axes.set_xticks(list(wide.index), [str(year) for year in wide.index])
    axes.set_ylim(0, float(bottom.max()) * 1.02)
    _end_labels(axes, wide.index[-1] + 0.36, labels)
    return Chart(figure, tuple(series), alt_stacked(series))


def _canvas(series: Sequence[Series]) -> tuple[Figure, Axes]:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    if len({s.unit for s in series}) != 1:
        raise NotatbokFeil(f"seriene har ulike enheter: {listing(sorted({s.unit for s in series}))}")
    use_style()
    # A bare Figure, not pyplot: nothing is shown twice in a notebook, and nothing needs closing.
    figure = Figure(figsize=SIZE)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.075, 0.09, 0.66, 0.87))
    norwegian_axis(axes)
    return figure, axes


def _end_labels(axes: Axes, x: float, labels: list[tuple[float, str, str]]) -> None:
    """Write labels right of the last point, moved apart so that none overlaps another.

    The colour stands in a mark before the label: text in these hues would be too pale to read.
    """
    low, high = axes.get_ylim()
    step = (high - low) * 0.068
    placed: list[float] = []
    texts = []
    for y, text, color in sorted(labels):
        target = max(y, placed[-1] + step) if placed else y
        placed.append(target)
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
    _make_room(axes, texts)


def _make_room(axes: Axes, texts: list[Annotation]) -> None:
    """Let the labels end where the figure ends, whatever their length."""
    figure = axes.figure
    widest = max(text.get_window_extent().width for text in texts)
    left, bottom, _, height = axes.get_position().bounds
    right = 1 - (widest + 19 * figure.dpi / 72 + 6) / figure.bbox.width
    axes.set_position((left, bottom, right - left, height))


def ink_on(color: str) -> str:
    """Return black or white, whichever is easier to read on a colour (WCAG's contrast ratio).

    >>> ink_on("#0F2080"), ink_on("#1D9DE2")
    ('white', '#1a1f24')
    """
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    return "white" if 1.05 / (luminance + 0.05) >= 4.5 else INK


def _last(series: Series) -> Value:
    return list(series.known.values())[-1]


def _span(series: Sequence[Series]) -> str:
    years = sorted({year for s in series for year in s.known})
    return f"{years[0]}–{years[-1]}" if len(years) > 1 else str(years[0])


def alt_lines(series: Sequence[Series]) -> str:
    """Describe lines in words: first, last and highest value of each."""
    sentences = [f"Linjediagram for {_span(series)}, {series[0].unit}."]
    for s in series:
        years = list(s.known)
        first, last = years[0], years[-1]
        peak = max(years, key=lambda year: s[year].point or 0)
        sentence = f"{s.label}: {format_cell(s[first])} i {first}, {format_cell(s[last])} i {last}"
        if peak not in (first, last):
            sentence += f", høyest i {peak} med {format_cell(s[peak])}"
        sentences.append(f"{sentence}.")
    return " ".join(sentences).replace(NBSP, " ")


def alt_stacked(series: Sequence[Series]) -> str:
    """Describe stacked columns in words: each part in the first and the last year."""
    sentences = [f"Stablede søyler for {_span(series)}, {series[0].unit}."]
    for s in series:
        years = list(s.known)
        first, last = years[0], years[-1]
        sentence = f"{s.label}: {format_cell(s[first])} i {first}"
        sentences.append(
            f"{sentence} og {format_cell(s[last])} i {last}." if last > first else f"{sentence}."
        )
    return " ".join(sentences).replace(NBSP, " ")
