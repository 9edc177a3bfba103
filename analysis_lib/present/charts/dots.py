"""Dots joined by a line: two to four numbers a category, where the distance is the message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from analysis_lib.errors import NotatbokFeil
from analysis_lib.indicators.values import Value
from analysis_lib.present.charts.base import (
    GREY,
    MARKERS,
    PALETTE,
    RULE,
    Chart,
    beside,
    drawn,
    figure_of,
    norwegian,
    plain,
    said,
    same_unit,
    sign,
)
from analysis_lib.present.charts.columns import category_canvas, ordered
from analysis_lib.present.charts.labels import (
    padded,
    spread,
    text_width,
    width_of,
)
from analysis_lib.present.numbers import format_cell, round_half_up
from analysis_lib.present.words import listing

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Rows = Mapping[str, Mapping[str, Value]]
FEWEST_GROUPS, MOST_GROUPS = 2, 4
ABOVE_ROWS, BELOW_ROWS = 21, 20
LIFT = 9
GAP = 9
FEW_IN_ALT = 8


@drawn
def prikker(rader: Rows, *, sorter: bool = True) -> Chart:
    """Draw two to four points a category, joined by a thin line.

    Parameters
    ----------
    rader : mapping from category to mapping from group to Value
        Every category has the same groups (two years, two services), in one unit.
    sorter : bool
        The highest value of the last group at the top; False keeps the order given, for categories
        that have one of their own (ages, centrality).

    Raises
    ------
    NotatbokFeil
        For different units, rows with different groups, or no number at all.
    """
    unit = same_unit(value for row in rader.values() for value in row.values())
    groups = list(next(iter(rader.values())))
    if not FEWEST_GROUPS <= len(groups) <= MOST_GROUPS or any(list(row) != groups for row in rader.values()):
        raise NotatbokFeil(f"et prikkdiagram har de samme to til {MOST_GROUPS} gruppene i hver rad")
    if not any(value.known for row in rader.values() for value in row.values()):
        raise NotatbokFeil("ingen av tallene i figuren finnes")
    names = list(ordered({name: row[groups[-1]] for name, row in rader.items()})) if sorter else list(rader)
    rows = {name: rader[name] for name in names}
    # With two points both numbers are written; with more the axis helps to read those between.
    below = 3 if len(groups) == FEWEST_GROUPS else BELOW_ROWS
    axes, places = category_canvas(names, below=below, above=ABOVE_ROWS)
    _limits(axes, rows)
    for place, row in zip(places, rows.values(), strict=True):
        if len(groups) == FEWEST_GROUPS:
            axes.axhline(place, color=RULE, linewidth=0.7, zorder=0)
        _row(axes, place, row)
    _points(axes, places, rows, groups)
    _heads(axes, rows, groups)
    _axis(axes, visible=len(groups) > FEWEST_GROUPS)
    return Chart(figure_of(axes), rows, unit, alt_dots(rows, unit, sorter=sorter))


def _limits(axes: Axes, rows: Rows) -> None:
    """Set the limits so that the numbers beside the outermost points stay within the figure."""
    known = [value for row in rows.values() for value in row.values() if value.known]
    room = max(text_width(format_cell(value)) for value in known) + GAP + 4
    axes.set_xlim(padded(min(map(float, known)), max(map(float, known)), width_of(axes), room, room))


def _row(axes: Axes, place: float, row: Mapping[str, Value]) -> None:
    """Draw the line between a row's points and write the outermost numbers, once where they are alike."""
    known = sorted((value for value in row.values() if value.known), key=float)
    if not known:
        _number(axes, (axes.get_xlim()[0], place), sign(next(iter(row.values()))), 1)
        return
    axes.plot([float(known[0]), float(known[-1])], [place, place], color=GREY, linewidth=1.6, zorder=1)
    low, high = format_cell(known[0]), format_cell(known[-1])
    _number(axes, (float(known[-1]), place), high, 1)
    if low != high:
        _number(axes, (float(known[0]), place), low, -1)


def _number(axes: Axes, at: tuple[float, float], text: str, side: int) -> None:
    # Clear of the guide that leads from the category to its points.
    beside(axes, text, at, side * GAP, bbox={"facecolor": "white", "edgecolor": "none", "pad": 1})


def _points(axes: Axes, places: Sequence[float], rows: Rows, groups: Sequence[str]) -> None:
    for position, group in enumerate(groups):
        axes.scatter(
            [float(row[group]) for row in rows.values()],
            places,
            marker=MARKERS[position],
            s=52,
            color=PALETTE[position],
            edgecolor="white",
            linewidth=0.75,
            zorder=2 + position,
        )


def _heads(axes: Axes, rows: Rows, groups: Sequence[str]) -> None:
    """Name the groups over the first row's points, with their marker, moved apart where they are close."""
    low, high = axes.get_xlim()
    per_point = (high - low) / width_of(axes)
    sizes = [text_width(group) + 26 for group in groups]
    first = next(iter(rows.values()))
    wanted = [(place - low) / per_point for place in _filled([float(first[group]) for group in groups], high)]
    top = axes.get_ylim()[1]
    for position, (middle, size) in enumerate(
        zip(spread(wanted, sizes, 0, width_of(axes)), sizes, strict=True)
    ):
        left = low + (middle - size / 2 + 10) * per_point
        axes.plot(
            [left],
            [top + LIFT],
            marker=MARKERS[position],
            color=PALETTE[position],
            markersize=7,
            clip_on=False,
            scalex=False,
            scaley=False,
        )
        at = (left, top + LIFT)
        beside(axes, groups[position], at, 7, fontweight="semibold", annotation_clip=False)


def _filled(places: Sequence[float], end: float) -> list[float]:
    """Give a group without a point in the first row the place of the next one, so that the order holds.

    >>> nan = float("nan")
    >>> _filled([nan, 3.0, nan], 9.0)
    [3.0, 3.0, 9.0]
    """
    filled: list[float] = []
    for place in reversed(places):
        filled.append((filled[-1] if filled else end) if place != place else place)
    return filled[::-1]


def _axis(axes: Axes, *, visible: bool) -> None:
    axes.xaxis.set_visible(visible)
    axes.spines["bottom"].set_visible(visible)
    if visible:
        axes.grid(visible=True, axis="x")
        axes.tick_params(axis="x", labelcolor=GREY)
        norwegian(axes.xaxis)


def alt_dots(rows: Rows, unit: str, *, sorter: bool) -> str:
    """Describe dots in words: every category's points when few, else the ends; and the widest distance."""
    groups = list(next(iter(rows.values())))
    order = f", ordnet etter {groups[-1]} fra størst til minst" if sorter and len(rows) > 1 else ""
    told = list(rows) if len(rows) <= FEW_IN_ALT else [*list(rows)[:2], *list(rows)[-2:]]
    sentences = [f"Prikkdiagram med {len(rows)} rader for {listing(groups)}, {unit}{order}."]
    for name in told:
        points = [f"{said(value)} ({group})" for group, value in rows[name].items()]
        sentences.append(f"{name}: {listing(points)}.")
    distances = {name: _distance(row) for name, row in rows.items()}
    if len(rows) > 1 and max(distances.values()) > 0:
        widest = max(distances.values())
        sentences.append(
            f"Avstanden er størst for {listing([n for n, d in distances.items() if d == widest])}."
        )
    return plain(sentences)


def _distance(row: Mapping[str, Value]) -> Fraction:
    points = [value.point for value in row.values() if value.point is not None]
    decimals = max((value.decimals for value in row.values()), default=0)
    return round_half_up(max(points) - min(points), decimals) if points else Fraction(0)
