"""Horizontal bars: how many, of which, in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING

from analysis_lib.errors import NotatbokFeil
from analysis_lib.indicators.values import Value
from analysis_lib.present.charts.alt import extremes, missing, plain
from analysis_lib.present.charts.base import POINTS, Chart, canvas, figure_of, same_unit, sign
from analysis_lib.present.charts.labels import LINE, SPACING, fit, padded, text_width, width_of, wrapped
from analysis_lib.present.numbers import format_cell
from analysis_lib.present.style import GREY, INK, PALETTE
from analysis_lib.present.words import listing

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LONGEST = 42
# Points between rows beside the text, and between a bar and its number.
AIR, GAP = 9, 5
THICK = 14.5
FEW_IN_ALT = 8


def stolper(verdier: Mapping[str, Value], *, sorter: bool = True, kolonne: str = "Verdi") -> Chart:
    """Draw horizontal bars from zero, the largest at the top, with the number at the end of each.

    Parameters
    ----------
    verdier : mapping from label to Value
        In one unit; those without a number get their sign in place of a bar, below the others.
        Negative values go left from zero.
    sorter : bool
        False keeps the order given, for categories that have one of their own (months, ages).
    kolonne : str
        Heading of the column in the table beside the chart.

    Raises
    ------
    NotatbokFeil
        For different units, or when no value has a number.
    """
    unit = same_unit(verdier.values())
    if not any(value.known for value in verdier.values()):
        raise NotatbokFeil("ingen av tallene i figuren finnes")
    shown = ordered(verdier) if sorter else dict(verdier)
    axes, places = category_canvas(list(shown))
    numbers = [float(value) if value.known else 0.0 for value in shown.values()]
    axes.barh(places, numbers, color=PALETTE[0], height=THICK)
    axes.axvline(0, color=GREY, linewidth=0.8)
    axes.xaxis.set_visible(False)
    axes.spines["bottom"].set_visible(False)
    texts = [sign(value) for value in shown.values()]
    _make_room(axes, numbers, texts)
    for place, number, text in zip(places, numbers, texts, strict=True):
        axes.annotate(
            text,
            (number, place),
            xytext=(-GAP if number < 0 else GAP, 0),
            textcoords="offset points",
            ha="right" if number < 0 else "left",
            va="center",
            fontweight="semibold",
            color=INK,
        )
    rows = {label: {kolonne: value} for label, value in shown.items()}
    return Chart(figure_of(axes), rows, unit, alt_bars(shown, unit, sorter=sorter))


def ordered(values: Mapping[str, Value]) -> dict[str, Value]:
    """Return values from the largest to the smallest, those without a number last."""
    return dict(sorted(values.items(), key=lambda item: (item[1].point is None, -(item[1].point or 0))))


def category_canvas(labels: Sequence[str], *, below: float = 3, above: float = 3) -> tuple[Axes, list[float]]:
    """Return axes with categories down the left side, and the height at which each stands.

    The vertical axis is in points: a row is as high as its label needs, the chart as high as its rows.
    """
    from matplotlib.ticker import NullFormatter

    texts = [wrapped(label, LONGEST) for label in labels]
    heights = [(text.count("\n") + 1) * LINE + AIR for text in texts]
    total = sum(heights)
    _, axes = canvas((total + below + above) / POINTS, below=below, above=above)
    ends = accumulate(heights)
    places = [total - end + height / 2 for end, height in zip(ends, heights, strict=True)]
    axes.set_ylim(0, total)
    axes.yaxis.set_major_formatter(NullFormatter())
    axes.set_yticks(places, texts, color=INK, linespacing=SPACING)
    axes.grid(visible=False)
    fit(axes, left=max(text_width(text, weight="normal") for text in texts) + 9)
    return axes, places


def _make_room(axes: Axes, numbers: Sequence[float], texts: Sequence[str]) -> None:
    """Set the limits so that the numbers at the ends of the bars stay within the figure."""
    widths = [(number, text_width(text) + GAP + 2) for number, text in zip(numbers, texts, strict=True)]
    left = max((width + AIR for number, width in widths if number < 0), default=0.0)
    right = max((width for number, width in widths if number >= 0), default=0.0)
    axes.set_xlim(padded(min(0.0, *numbers), max(0.0, *numbers), width_of(axes), left, right))


def alt_bars(values: Mapping[str, Value], unit: str, *, sorter: bool) -> str:
    """Describe bars in words: all of them when few, else the ends of the order."""
    known = {label: value for label, value in values.items() if value.known}
    texts = [f"{label} {format_cell(value)}" for label, value in known.items()]
    order = ", fra størst til minst" if sorter and len(texts) > 1 else ""
    if len(texts) <= FEW_IN_ALT:
        ends = "" if sorter else extremes(known)
        return plain([f"Stolpediagram, {unit}{order}: {listing(texts)}.", ends, missing(values)])
    lead = f"Stolpediagram med {len(texts)} stolper, {unit}{order}."
    top = f"Øverst står {listing(texts[:3])}, nederst {listing(texts[-3:])}." if sorter else ""
    return plain([lead, extremes(known), top, missing(values)])
