"""Labels that stand beside what they name, never over each other."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from analysis_lib.present.charts.base import PAGE, POINTS, figure_of
from analysis_lib.present.numbers import NBSP
from analysis_lib.present.style import GREY, INK, use_style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SIZE = 10
DPI = 100
LINE = 12.8
# In units of the typeface's own line, which is generous.
SPACING = 0.8
LONGEST = 30
# From a point to its label: directly, and where a line leads to it.
NEAR, FAR = 8, 22


@dataclass(frozen=True)
class Label:
    """A text that belongs to a point of the drawing, in data coordinates."""

    x: float
    y: float
    text: str
    color: str = GREY

    @property
    def height(self) -> float:
        """In points."""
        return LINE * (self.text.count("\n") + 1)


def named(label: str, number: str, *, number_first: bool = False) -> str:
    """Return a label with its number on the line of the nearest word."""
    return wrapped(f"{number}{NBSP}{label}" if number_first else f"{label}{NBSP}{number}")


def wrapped(text: str, longest: int = LONGEST) -> str:
    """Break a long label at its spaces into as few lines as may be, of like length; hard spaces hold.

    >>> print(wrapped("Kommuner som mottar lege i spesialisering", 24))
    Kommuner som mottar
    lege i spesialisering
    """

    def lines(width: int) -> list[str]:
        return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)

    fewest = len(lines(longest))
    width = next(width for width in range(1, longest + 1) if len(lines(width)) <= fewest)
    return "\n".join(lines(width))


def spread(wanted: Sequence[float], sizes: Sequence[float], low: float, high: float) -> list[float]:
    """Return the places nearest to those wanted where labels of these sizes do not overlap.

    Parameters
    ----------
    wanted : sequence of float
        Middle of each label, in any order.
    sizes : sequence of float
        Extent of each along the same axis.
    low, high : float
        Where the labels may stand; `low` yields if there are more than fit.

    Notes
    -----
    Least squares under order: isotonic regression on what is wanted less the room that the labels
    before it take, by pooling adjacent violators (Barlow et al. 1972).

    Examples
    --------
    >>> spread([10.0, 10.0, 50.0], [4, 4, 4], 0, 100)
    [8.0, 12.0, 50.0]
    """
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    before, room = [], 0.0
    for i in order:
        before.append(room + sizes[i] / 2)
        room += sizes[i]
    pools: list[tuple[float, int]] = []
    for i, offset in zip(order, before, strict=True):
        pools.append((wanted[i] - offset, 1))
        while len(pools) > 1 and pools[-2][0] / pools[-2][1] >= pools[-1][0] / pools[-1][1]:
            total, count = pools.pop()
            pools[-1] = (pools[-1][0] + total, pools[-1][1] + count)
    level = [total / count for total, count in pools for _ in range(count)]
    placed = [0.0] * len(wanted)
    for i, offset, at in zip(order, before, level, strict=True):
        placed[i] = min(max(at, low), high - room) + offset
    return placed


@cache
def _renderer() -> Any:
    from matplotlib.backends import backend_agg

    untyped: Any = backend_agg.RendererAgg
    return untyped(1, 1, DPI)


@cache
def text_width(text: str, *, size: float = SIZE, weight: str = "semibold") -> float:
    """Return the width of a text in points."""
    from matplotlib.font_manager import FontProperties

    use_style()
    font = FontProperties(size=size, weight=weight)
    lines = text.split("\n")
    widest = max(_renderer().get_text_width_height_descent(line, font, ismath=False)[0] for line in lines)
    return float(widest) * POINTS / DPI


def fit(axes: Axes, *, left: float | None = None, right: float = 6) -> None:
    """Set the axes' width so that what stands at the sides ends where the figure ends.

    Parameters
    ----------
    axes : matplotlib Axes
        Its limits must be final.
    left, right : float
        Points needed at the sides; without `left`, what the numbers of the axis need.
    """
    if left is None:
        low, high = axes.get_ylim()
        ticks = zip(axes.get_yticks(), axes.get_yticklabels(), strict=True)
        shown = [label.get_text() for place, label in ticks if low <= place <= high]
        left = max((text_width(text, weight="normal") for text in shown if text), default=0) + 7
    _, bottom, _, height = axes.get_position().bounds
    axes.set_position((left / PAGE, bottom, 1 - (left + right) / PAGE, height))


def padded(low: float, high: float, length: float, before: float, after: float) -> tuple[float, float]:
    """Return limits that leave room, in points, before and after what is drawn along `length` points.

    >>> padded(0, 80, 100, 5, 15)
    (-5.0, 95.0)
    """
    per_point = ((high - low) or abs(high) or 1) / (length - before - after)
    return low - before * per_point, high + after * per_point


def height_of(axes: Axes) -> float:
    """Return the height of the axes in points."""
    return float(axes.get_position().height * figure_of(axes).get_figheight() * POINTS)


def width_of(axes: Axes) -> float:
    """Return the width of the axes in points."""
    return float(axes.get_position().width * PAGE)


def room_for(axes: Axes, labels: Sequence[Label]) -> float:
    """Return the points that labels need beside the axes."""
    return max((text_width(label.text) for label in labels), default=0) + FAR + 2


def side_labels(axes: Axes, labels: Sequence[Label], edge: float, *, side: int = 1) -> None:
    """Write labels beside the drawing, moved apart so that none overlaps another.

    Parameters
    ----------
    axes : matplotlib Axes
        Its limits and position must be final.
    labels : sequence of Label
    edge : float
        Where the drawing ends, in data coordinates.
    side : int
        1 for the right side, −1 for the left.
    """
    low, high = axes.get_ylim()
    tall, x = height_of(axes), axes.get_xlim()
    per_point = (high - low) / tall
    wanted = [(label.y - low) / per_point for label in labels]
    placed = spread(wanted, [label.height for label in labels], -LINE / 2, tall + LINE / 2)
    led = any(abs(a - b) > 1 for a, b in zip(wanted, placed, strict=True))
    led = led or any(label.x != edge for label in labels)
    sideways = side * (x[1] - x[0]) / width_of(axes)
    for label, place in zip(labels, placed, strict=True):
        y = low + place * per_point
        if led:
            _lead(axes, label, (edge + sideways * (FAR - 4), y), sideways * 5)
        axes.text(
            edge + sideways * (FAR if led else NEAR),
            y,
            label.text,
            ha="left" if side > 0 else "right",
            va="center",
            color=INK,
            fontsize=SIZE,
            fontweight="semibold",
            linespacing=SPACING,
        )


def _lead(axes: Axes, label: Label, end: tuple[float, float], gap: float) -> None:
    """Draw a thin line from a point to its label: the name is then found without telling colours apart."""
    axes.plot(
        [label.x + gap, end[0]],
        [label.y, end[1]],
        color=label.color,
        linewidth=0.9,
        clip_on=False,
        zorder=1,
        scalex=False,
        scaley=False,
    )
