"""Boxes: how many units spread in each group, by five numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from analysis_lib.errors import NotatbokFeil
from analysis_lib.indicators.values import Value
from analysis_lib.present.charts.base import (
    GREY,
    HEIGHT,
    INK,
    PAGE,
    PALETTE,
    POINTS,
    Chart,
    beside,
    blank,
    drawn,
    norwegian,
    plain,
    said,
    same_unit,
)
from analysis_lib.present.charts.labels import text_width, wrapped
from analysis_lib.present.numbers import format_cell

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Groups = Mapping[str, Mapping[str, Value]]
NUMBERS = 5
PALE = "#b4c6e8"
FOOT, HEAD, GAP = 45.0, 22.0, 16.0


@drawn
def bokser(paneler: Mapping[str, Groups]) -> Chart:
    """Draw one box a group: two quartiles, the median in it, and whiskers to the outermost of five numbers.

    Parameters
    ----------
    paneler : mapping from panel to group to name to Value
        Each group has the same five numbers from the lowest to the highest, in one unit: the ends of the
        whiskers, the quartiles and the median. A group without numbers has no box.

    Raises
    ------
    NotatbokFeil
        For different units, other than five numbers, or no group with numbers.
    """
    rows = {
        ", ".join(part for part in (title, name) if part): dict(row)
        for title, groups in paneler.items()
        for name, row in groups.items()
    }
    unit = same_unit(value for row in rows.values() for value in row.values())
    names = list(next(iter(rows.values())))
    if len(names) != NUMBERS or any(list(row) != names for row in rows.values()):
        raise NotatbokFeil("hver gruppe skal ha de samme fem tallene, fra det laveste til det høyeste")
    if not any(_known(row) for row in rows.values()):
        raise NotatbokFeil("ingen av tallene i figuren finnes")
    figure = blank(HEIGHT)
    panels: list[Axes] = []
    for title, groups in paneler.items():
        axes = figure.add_axes((0, 0, 1, 1), sharey=panels[0] if panels else None)
        panels.append(axes)
        _boxes(axes, groups, title, len(paneler), first=len(panels) == 1)
    _place(panels)
    return Chart(figure, rows, unit, alt_boxes(rows, unit))


def _known(row: Mapping[str, Value]) -> bool:
    return all(value.known for value in row.values())


def _boxes(axes: Axes, groups: Groups, title: str, panels: int, *, first: bool) -> None:
    for place, row in enumerate(groups.values()):
        if _known(row):
            values = list(row.values())
            _box(axes, place, [float(value) for value in values])
            beside(axes, format_cell(values[2]), (place + 0.25, float(values[2])), dx=3, fontsize=8)
    wide = PAGE / panels / len(groups)
    axes.set_xticks(range(len(groups)), [wrapped(name, max(4, int(wide / 6))) for name in groups])
    axes.set_xlim(-0.5, len(groups) - 0.2)
    axes.tick_params(axis="x", labelsize=9)
    axes.tick_params(labelleft=first)
    axes.set_title(title, loc="left", fontsize=10, fontweight="semibold", pad=4)
    norwegian(axes.yaxis)


def _box(axes: Axes, place: int, five: list[float]) -> None:
    low, lower, middle, upper, high = five
    axes.bar([place], [upper - lower], bottom=lower, width=0.5, color=PALE, edgecolor=PALETTE[0])
    axes.hlines(middle, place - 0.25, place + 0.25, color=PALETTE[0], linewidth=2.5)
    axes.vlines([place, place], [low, upper], [lower, high], color=GREY, linewidth=1.2)
    axes.hlines([low, high], place - 0.1, place + 0.1, color=INK, linewidth=1.2)


def _place(panels: list[Axes]) -> None:
    """Set the panels side by side on the width of the page."""
    tall = HEIGHT * POINTS
    left = max(text_width(label.get_text(), weight="normal") for label in panels[0].get_yticklabels()) + 9
    wide = (PAGE - left - 6 - GAP * (len(panels) - 1)) / len(panels)
    for position, axes in enumerate(panels):
        x = left + position * (wide + GAP)
        axes.set_position((x / PAGE, FOOT / tall, wide / PAGE, 1 - (FOOT + HEAD) / tall))


def alt_boxes(rows: Groups, unit: str) -> str:
    """Describe the boxes in words: median, quartiles and ends of each."""
    sentences = [f"Boksdiagram med {len(rows)} grupper, {unit}."]
    for name, row in rows.items():
        ends = list(row)
        low, lower, middle, upper, high = (said(value) for value in row.values())
        sentences.append(
            f"{name}: median {middle}, halvparten mellom {lower} og {upper}, "
            f"{ends[0].lower()} {low} og {ends[-1].lower()} {high}."
        )
    return plain(sentences)
