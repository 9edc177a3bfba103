"""A map without borders: one square a county, laid out as the country lies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import count, pairwise
from math import floor
from typing import TYPE_CHECKING, NamedTuple

from analysis_lib.data.cells import Kind
from analysis_lib.errors import NotatbokFeil, nearest
from analysis_lib.indicators.values import Value
from analysis_lib.present.charts.base import (
    GREY,
    INK,
    PAGE,
    POINTS,
    Chart,
    beside,
    canvas,
    drawn,
    extremes,
    ink_on,
    plain,
    same_unit,
    sign,
)
from analysis_lib.present.display import SIGN_MEANING
from analysis_lib.present.numbers import (
    MINUS,
    as_shown,
    format_cell,
    format_number,
    number_word,
    round_half_up,
)
from analysis_lib.present.words import listing

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class Tile(NamedTuple):
    """Where a county stands: column from the west, row from the north."""

    column: int
    row: int


# The counties of 2024; neighbours on the map touch at a side or a corner.
COUNTIES = {
    "Troms": Tile(4, 0),
    "Finnmark": Tile(5, 0),
    "Nordland": Tile(3, 1),
    "Trøndelag": Tile(2, 2),
    "Møre og Romsdal": Tile(1, 3),
    "Innlandet": Tile(2, 3),
    "Vestland": Tile(0, 4),
    "Buskerud": Tile(1, 4),
    "Oslo": Tile(2, 4),
    "Akershus": Tile(3, 4),
    "Rogaland": Tile(0, 5),
    "Telemark": Tile(1, 5),
    "Vestfold": Tile(2, 5),
    "Østfold": Tile(3, 5),
    "Agder": Tile(1, 6),
}
ROWS = 7
# One hue from pale to dark, each far enough from mid grey for black or white text at 4.5:1.
CLASSES = ("#e4eaf6", "#b4c6e8", "#7f9fd6", "#3f66b4", "#0f2080")
HATCH = "/////"
# Points: side of a square, and the white between two.
SIDE, GAP = 42.0, 3.0
SMALL = 8


@drawn
def fylkeskart(verdier: Mapping[str, Value]) -> Chart:
    """Draw the 15 counties as squares, darker for higher values, each with its name and number.

    Parameters
    ----------
    verdier : mapping from county to Value
        In one unit; a county without a number, or left out, is hatched and says «..».

    Raises
    ------
    NotatbokFeil
        For a name that is no county, or no county with a number.
    """
    for name in verdier:
        if name not in COUNTIES:
            raise NotatbokFeil(f"«{name}» er ikke et fylke", hint=nearest(name, COUNTIES))
    unit = same_unit(verdier.values())
    known = {name: value for name, value in verdier.items() if value.known}
    if not known:
        raise NotatbokFeil("ingen av fylkene har tall")
    limits = class_limits(list(known.values()))
    decimals = max(value.decimals for value in known.values())
    figure, axes = canvas(ROWS * SIDE / POINTS, below=0, above=0)
    axes.set_position((0, 0, 1, 1))
    axes.set(xlim=(0, PAGE), ylim=(ROWS * SIDE, 0))
    axes.axis("off")
    for name in COUNTIES:
        _tile(axes, name, verdier.get(name), limits, decimals)
    kinds = {Kind.NOT_AVAILABLE if value is None else value.kind for value in map(verdier.get, COUNTIES)}
    signs = [" ".join(SIGN_MEANING[kind]) for kind in SIGN_MEANING if kind in kinds]
    _legend(axes, unit, class_names(limits, decimals), signs)
    rows = {name: {"Verdi": value} for name, value in verdier.items()}
    return Chart(figure, rows, unit, alt_map(verdier, unit))


def class_limits(values: Sequence[Value]) -> list[Fraction]:
    """Return where classes of equal, round width begin, and last where they end.

    The numbers are classed as they are shown: rounded.
    """
    decimals = max(value.decimals for value in values)
    shown = [round_half_up(value.point, decimals) for value in values if value.point is not None]
    for power in count(-decimals):
        for step in (width * Fraction(10) ** power for width in range(1, 6)):
            first, last = floor(min(shown) / step), floor(max(shown) / step)
            if last - first < len(CLASSES):
                return [place * step for place in range(first, last + 2)]
    raise AssertionError("unreachable: steps grow without end")


def class_names(limits: Sequence[Fraction], decimals: int) -> list[str]:
    """Name each class by the first and the last number that can stand in it.

    >>> class_names([Fraction(0), Fraction(5), Fraction(10)], 1)
    ['0,0–4,9', '5,0–9,9']
    >>> class_names([Fraction(3), Fraction(4)], 0)
    ['3']
    """
    names = []
    for low, after in pairwise(limits):
        ends = [format_number(low, decimals), format_number(after - Fraction(1, 10**decimals), decimals)]
        dash = " til " if MINUS in "".join(ends) else "–"
        names.append(ends[0] if ends[0] == ends[1] else dash.join(ends))
    return names


def hues(classes: int) -> list[str]:
    """Return as many hues as there are classes, from the palest to the darkest."""
    return [CLASSES[place * (len(CLASSES) - 1) // max(classes - 1, 1)] for place in range(classes)]


def _tile(axes: Axes, name: str, value: Value | None, limits: Sequence[Fraction], decimals: int) -> None:
    tile, color = COUNTIES[name], None
    if value is not None and value.point is not None:
        level = round_half_up(value.point, decimals)
        color = hues(len(limits) - 1)[sum(level >= limit for limit in limits) - 1]
    x, y = tile.column * SIDE, tile.row * SIDE
    _square(axes, (x, y), SIDE - GAP, color)
    middle, ink = x + (SIDE - GAP) / 2, ink_on(color or "#ffffff")
    label = name.replace(" og ", " og\n")
    number = ".." if value is None else sign(value)
    # A white ground keeps the letters clear of the hatching.
    ground = {"facecolor": "white", "edgecolor": "none", "pad": 0.8} if color is None else None
    beside(axes, label, (middle, y + 12), color=ink, fontsize=SMALL, linespacing=0.95, bbox=ground)
    at = (middle, y + (30 if "\n" in label else 27))
    beside(axes, number, at, color=ink, fontsize=11, fontweight="semibold", bbox=ground)


def _square(axes: Axes, corner: tuple[float, float], side: float, color: str | None) -> None:
    """Draw a square in a colour, or hatched."""
    from matplotlib.patches import Rectangle

    face, hatch = color or "white", None if color else HATCH
    square = Rectangle(corner, side, side, facecolor=face, edgecolor=GREY, linewidth=0.6, hatch=hatch)
    axes.add_patch(square)


def _legend(axes: Axes, unit: str, names: Sequence[str], signs: Sequence[str]) -> None:
    """Explain the classes right of the map, the highest at the top."""
    classes = list(zip(hues(len(names)), names, strict=True))[::-1]
    entries = [*classes, *((None, sign) for sign in signs)]
    x, y = 4.55 * SIDE, ROWS * SIDE - 17 * len(entries)
    axes.text(x, y - 12, unit[:1].upper() + unit[1:], color=INK, fontweight="semibold", va="center")
    for row, (color, name) in enumerate(entries):
        _square(axes, (x, y + 17 * row), 12, color)
        axes.text(x + 18, y + 17 * row + 6.5, name, color=INK, va="center", fontsize=9)


def _word(items: Sequence[str]) -> str:
    return number_word(Fraction(len(items)))


def alt_map(values: Mapping[str, Value], unit: str) -> str:
    """Describe the map in words: the highest and the lowest counties, and those without a number."""
    known = {name: value for name, value in values.items() if value.known}
    ranked = sorted(known.items(), key=lambda item: item[1].point or 0, reverse=True)
    texts = [f"{name} {format_cell(value)}" for name, value in ranked]
    ends = ""
    if len(texts) > 6:
        levels = as_shown([value for _, value in ranked])
        # All that tie with the third are named.
        top = [text for text, level in zip(texts, levels, strict=True) if level >= levels[2]]
        low = [text for text, level in zip(texts, levels, strict=True) if level <= levels[-3]]
        ends = f"De {_word(top)} høyeste er {listing(top)}. De {_word(low)} laveste er {listing(low)}."
    without = [name for name in COUNTIES if name not in known]
    gaps = f"Uten tall: {listing(without)}." if without else ""
    return plain([f"Rutekart over {len(COUNTIES)} fylker, {unit}.", extremes(known), ends, gaps])
