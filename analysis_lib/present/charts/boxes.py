"""Boxes: how many units spread in each group, by five numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from analysis_lib.errors import NotatbokFeil
from analysis_lib.indicators.values import Value
from analysis_lib.present.charts.base import (
    GREY,
    INK,
    PALETTE,
    Chart,
    beside,
    canvas,
    drawn,
    plain,
    said,
    same_unit,
)
from analysis_lib.present.numbers import format_cell

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FIVE = ("Lavest", "Nedre kvartil", "Median", "Øvre kvartil", "Høyest")
PALE = "#b4c6e8"


@drawn
def bokser(rader: Mapping[str, Mapping[str, Value]]) -> Chart:
    """Draw one box a group: the quartiles, the median in it, and whiskers to the lowest and highest.

    Parameters
    ----------
    rader : mapping from group to mapping from `FIVE` to Value
        In one unit; a group without numbers has no box.

    Raises
    ------
    NotatbokFeil
        For different units, other numbers than the five, or no group with numbers.
    """
    unit = same_unit(value for row in rader.values() for value in row.values())
    if any(tuple(row) != FIVE for row in rader.values()):
        raise NotatbokFeil(f"hver gruppe skal ha {', '.join(FIVE)}")
    known = [
        (place, row) for place, row in enumerate(rader.values()) if all(value.known for value in row.values())
    ]
    if not known:
        raise NotatbokFeil("ingen av tallene i figuren finnes")
    figure, axes = canvas()
    for place, row in known:
        _box(axes, place, [float(row[name]) for name in FIVE])
        beside(axes, format_cell(row["Median"]), (place + 0.27, float(row["Median"])), dx=4, fontsize=9)
    axes.set_xticks(range(len(rader)), list(rader))
    axes.set_xlim(-0.5, len(rader) - 0.3)
    return Chart(figure, {name: dict(row) for name, row in rader.items()}, unit, alt_boxes(rader, unit))


def _box(axes: Axes, place: int, five: list[float]) -> None:
    low, lower, middle, upper, high = five
    axes.bar([place], [upper - lower], bottom=lower, width=0.5, color=PALE, edgecolor=PALETTE[0])
    axes.hlines(middle, place - 0.25, place + 0.25, color=PALETTE[0], linewidth=2.5)
    axes.vlines([place, place], [low, upper], [lower, high], color=GREY, linewidth=1.2)
    axes.hlines([low, high], place - 0.1, place + 0.1, color=INK, linewidth=1.2)


def alt_boxes(rader: Mapping[str, Mapping[str, Value]], unit: str) -> str:
    """Describe the boxes in words: median, quartiles and ends of each."""
    sentences = [f"Boksdiagram med {len(rader)} grupper, {unit}."]
    for name, row in rader.items():
        low, lower, middle, upper, high = (said(row[one]) for one in FIVE)
        sentences.append(
            f"{name}: median {middle}, halvparten mellom {lower} og {upper}, alle mellom {low} og {high}."
        )
    return plain(sentences)
