"""Dots joined by a line: two to four numbers a category, where the distance is the message.

Slope chart: what rose and what fell between two years.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from analysis_lib.data.periods import When, in_words, ordinal, when
from analysis_lib.errors import NotatbokFeil
from analysis_lib.indicators.series import Series
from analysis_lib.indicators.values import Value
from analysis_lib.present.charts.base import (
    GREY,
    HEIGHT,
    INK,
    MARKERS,
    PAGE,
    PALETTE,
    POINTS,
    RULE,
    Chart,
    beside,
    canvas,
    drawn,
    figure_of,
    norwegian,
    plain,
    said,
    same_unit,
    sign,
    unit_of,
    years_of,
)
from analysis_lib.present.charts.columns import category_canvas, ordered
from analysis_lib.present.charts.labels import (
    Label,
    fit,
    named,
    padded,
    room_for,
    side_labels,
    spread,
    text_width,
    width_of,
)
from analysis_lib.present.numbers import as_shown, format_cell, round_half_up
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


MOST_LINES = 12
WIDEST = 250
SLOPE_FOOT, SLOPE_HEAD = 21, 10
# Rising, falling, unchanged: hue, dash and marker, so that colour is never alone.
LOOKS = {
    "Opp": (PALETTE[0], "solid", "o"),
    "Ned": (PALETTE[3], (0, (5, 1.5)), "D"),
    "Uendret": (GREY, (0, (1, 1)), "s"),
}


@drawn
def stigning(
    series: Sequence[Series], *, fra: When | str | None = None, til: When | str | None = None
) -> Chart:
    """Draw one line a series from one year to another, named and numbered at both ends.

    Parameters
    ----------
    series : sequence of Series
        At most twelve, in one unit.
    fra, til : int or Period, optional
        The two years; without them the first and the last that any of the series has a number for.

    Raises
    ------
    NotatbokFeil
        For more than twelve lines, different units, or years without any number.
    """
    if len(series) > MOST_LINES:
        raise NotatbokFeil(f"{len(series)} linjer er flere enn {MOST_LINES}", hint="Bruk små_multipler.")
    unit = unit_of(series)
    known = sorted({year for s in series for year in s.kjente}, key=ordinal)
    start, end = known[0] if fra is None else when(fra), known[-1] if til is None else when(til)
    _check(series, start, end)
    # Those level at one end are named in the order of the other.
    labels = {
        side: _labels(sorted(series, key=lambda s: s[other].point or 0), year, side)
        for side, year, other in ((-1, start, end), (1, end, start))
    }
    needed = max(sum(label.height for label in column) for column in labels.values())
    figure, axes = canvas(
        max(HEIGHT, (needed + SLOPE_FOOT + SLOPE_HEAD) / POINTS), below=SLOPE_FOOT, above=SLOPE_HEAD
    )
    _frame(axes, (start, end))
    for one in series:
        _line(axes, one[start], one[end])
    axes.margins(y=0.06)
    axes.set(xlim=(0, 1), ylim=axes.get_ylim())
    left, right = room_for(axes, labels[-1]), room_for(axes, labels[1])
    fit(axes, left=left, right=max(right, PAGE - left - WIDEST))
    for side, column in labels.items():
        side_labels(axes, column, 0 if side < 0 else 1, side=side)
    rows = {s.navn: {in_words(year): s[year] for year in (start, end)} for s in series}
    return Chart(figure, rows, unit, alt_slope(series, start, end))


def _check(series: Sequence[Series], start: When, end: When) -> None:
    if ordinal(start) >= ordinal(end):
        raise NotatbokFeil(
            f"et stigningsdiagram går mellom to år, ikke fra {in_words(start)} til {in_words(end)}"
        )
    for year in (start, end):
        if not any(s[year].known for s in series):
            years = listing([in_words(year) for year in years_of(series)])
            raise NotatbokFeil(
                f"ingen av seriene har tall for {in_words(year)}", hint=f"Seriene har {years}."
            )


def _labels(series: Sequence[Series], year: When, side: int) -> list[Label]:
    """Return name and number, the number nearest to the point."""
    return [
        Label(
            0 if side < 0 else 1,
            float(one[year]),
            named(one.navn, format_cell(one[year]), number_first=side > 0),
        )
        for one in series
        if one[year].known
    ]


def _frame(axes: Axes, years: tuple[When, When]) -> None:
    axes.grid(visible=False)
    axes.yaxis.set_visible(False)
    axes.spines["bottom"].set_visible(False)
    axes.set_xticks([0, 1], [in_words(year) for year in years], color=INK, fontweight="semibold")
    for x in (0, 1):
        axes.axvline(x, color=RULE, linewidth=1, zorder=0, clip_on=False)


def _line(axes: Axes, first: Value, last: Value) -> None:
    points = [(x, float(value)) for x, value in enumerate((first, last)) if value.known]
    color, dashes, marker = LOOKS[_direction(first, last)]
    axes.plot(
        [x for x, _ in points],
        [y for _, y in points],
        color=color,
        linestyle=dashes,
        marker=marker,
        markersize=6,
        markeredgecolor="white",
        markeredgewidth=0.75,
        clip_on=False,
        zorder=2,
    )


def _direction(first: Value, last: Value) -> str:
    """Compare two values as they are shown."""
    if first.point is None or last.point is None:
        return "Uendret"
    old, new = as_shown((first, last))
    return "Opp" if new > old else "Ned" if new < old else "Uendret"


def alt_slope(series: Sequence[Series], start: When, end: When) -> str:
    """Describe the slopes in words: every pair of numbers, and which rose and which fell."""
    sentences = [f"Stigningsdiagram fra {in_words(start)} til {in_words(end)}, {series[0].enhet}."]
    groups: dict[str, list[str]] = {word: [] for word in LOOKS}
    for s in series:
        if s[start].known and s[end].known:
            sentences.append(f"{s.navn}: fra {format_cell(s[start])} til {format_cell(s[end])}.")
            groups[_direction(s[start], s[end])].append(s.navn)
        else:
            sentences.append(
                f"{s.navn}: {said(s[start])} i {in_words(start)}, {said(s[end])} i {in_words(end)}."
            )
    sentences += [f"{word}: {listing(names)}." for word, names in groups.items() if names]
    return plain(sentences)
