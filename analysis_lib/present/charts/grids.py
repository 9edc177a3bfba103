"""Panels of several series each, on shared axes: ages, counties or services side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from analysis_lib.data.periods import Period
from analysis_lib.errors import NotatbokFeil
from analysis_lib.indicators.values import Value
from analysis_lib.present.charts.base import (
    DASHES,
    INK,
    MARKERS,
    PAGE,
    PALETTE,
    POINTS,
    Chart,
    blank,
    drawn,
    extremes,
    norwegian,
    plain,
    said,
    same_unit,
    use_style,
)
from analysis_lib.present.charts.columns import stacked
from analysis_lib.present.charts.labels import LINE, SPACING, text_width, wrapped
from analysis_lib.present.words import listing

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Panels = Mapping[str, Mapping[str, Mapping[str, Value]]]
Form = Literal["linjer", "stablede"]
MOST_PANELS, MOST_SERIES = 16, 6
GAP, FOOT, HEAD, ROW = 14.0, 20.0, 20.0, 112.0
AXIS, SMALL, KEY = 30.0, 9.0, 38.0


@drawn
def paneler(rader: Panels, *, form: Form = "linjer", fra_null: bool = True) -> Chart:
    """Draw one panel a group, each with the same series over the same columns.

    Parameters
    ----------
    rader : mapping from panel to series to column to Value
        At most sixteen panels of at most six series, in one unit. Columns are years or categories that have
        an order of their own, such as ages.
    form : {"linjer", "stablede"}
        Lines, or stacked columns for the parts of a whole.
    fra_null : bool
        Let the axis of lines begin at zero.

    Raises
    ------
    NotatbokFeil
        For too many panels or series, panels with different series, or different units.
    """
    names, columns = _checked(rader)
    unit = same_unit(value for panel in rader.values() for row in panel.values() for value in row.values())
    across = _across(len(rader))
    down = -(-len(rader) // across)
    under = _names(columns, across)
    lines = max(name.count("\n") for name in under)
    foot, legend = FOOT + LINE * lines, _legend_rows(names)
    head = HEAD * legend if len(names) > 1 else 6.0
    figure = blank((head + down * ROW + foot) / POINTS)
    panels: list[Axes] = []
    for position, (title, panel) in enumerate(rader.items()):
        axes = figure.add_axes((0, 0, 1, 1), sharey=panels[0] if panels else None)
        panels.append(axes)
        _draw(axes, panel, columns, form)
        _head(axes, title, PAGE / across)
        _columns(axes, under, shown=position + across >= len(rader))
        axes.tick_params(labelleft=position % across == 0)
    if fra_null or form == "stablede":
        panels[0].set_ylim(bottom=min(0.0, panels[0].get_ylim()[0]))
    _place(figure, panels, across, head)
    if len(names) > 1:
        _legend(figure, names, form, -(-len(names) // legend))
    rows = {
        ", ".join(part for part in (title, name if len(names) > 1 else "") if part): dict(row)
        for title, panel in rader.items()
        for name, row in panel.items()
    }
    return Chart(figure, rows, unit, alt_grid(rader, unit, form))


def _checked(rader: Panels) -> tuple[list[str], list[str]]:
    """Return the names of the series and columns, the same in every panel."""
    names = list(next(iter(rader.values()), {}))
    if not 1 <= len(rader) <= MOST_PANELS or not 1 <= len(names) <= MOST_SERIES:
        raise NotatbokFeil(
            f"{len(rader)} paneler med {len(names)} serier i hvert",
            hint=f"En figur har høyst {MOST_PANELS} paneler med høyst {MOST_SERIES} serier.",
        )
    columns = list(next(iter(next(iter(rader.values())).values())))
    for title, panel in rader.items():
        if list(panel) != names or any(list(row) != columns for row in panel.values()):
            raise NotatbokFeil(f"panelet «{title}» har andre serier eller kolonner enn det første")
    return names, columns


def _across(panels: int) -> int:
    if panels <= 3:
        return panels
    return {4: 2, 5: 3, 6: 3, 9: 3}.get(panels, 4)


def _names(columns: Sequence[str], across: int) -> list[str]:
    """Return the names under a panel: broken to lines, or every second or third where they are many."""
    use_style()
    if all(Period.printed(column) for column in columns):
        last = len(columns) - 1
        # A panel has room for a year, not for the month in it.
        return [name[:4] if place in (0, last) else "" for place, name in enumerate(columns)]
    wide = (PAGE / across - GAP - AXIS) / len(columns)
    broken = [wrapped(column, max(4, int(wide / 5.2))) for column in columns]
    widest = max(
        text_width(line, size=SMALL, weight="normal") for name in broken for line in name.split("\n")
    )
    every = max(1, -(-int(widest + 4) // max(1, int(wide))))
    if every > 1:
        return [name if place % every == 0 else "" for place, name in enumerate(columns)]
    return broken


def _draw(axes: Axes, panel: Mapping[str, Mapping[str, Value]], columns: Sequence[str], form: Form) -> None:
    numbers = [[float(row[column]) for column in columns] for row in panel.values()]
    places = range(len(columns))
    if form == "linjer":
        for position, line in enumerate(numbers):
            axes.plot(
                places,
                line,
                color=PALETTE[position],
                marker=MARKERS[position] if len(columns) <= 36 else "",
                linestyle=DASHES[position % len(DASHES)],
                markersize=3.5,
                linewidth=1.6,
            )
        return
    heights = [[0.0 if number != number else number for number in line] for line in numbers]
    for position, (tall, bottoms) in enumerate(zip(heights, stacked(heights), strict=True)):
        axes.bar(places, tall, bottom=bottoms, color=PALETTE[position], width=0.76)


def _head(axes: Axes, title: str, wide: float) -> None:
    text = wrapped(title, int(wide / 5.6))
    axes.set_title(text, loc="left", fontsize=10, fontweight="semibold", pad=4, linespacing=SPACING)


def _columns(axes: Axes, under: Sequence[str], *, shown: bool) -> None:
    every = [place for place, name in enumerate(under) if name]
    axes.set_xticks(every, [under[place] for place in every])
    axes.set_xlim(-0.6, len(under) - 0.4)
    axes.tick_params(axis="x", labelbottom=shown, labelsize=SMALL)
    norwegian(axes.yaxis)


def _legend_rows(names: Sequence[str]) -> int:
    """Return how many rows the legend needs."""
    use_style()
    return max(1, -(-int(sum(text_width(name, weight="normal") + KEY for name in names)) // int(PAGE)))


def _place(figure: Figure, panels: Sequence[Axes], across: int, top: float) -> None:
    """Lay the panels out in a grid under the legend."""
    from matplotlib.ticker import MaxNLocator

    tall = figure.get_figheight() * POINTS
    panels[0].yaxis.set_major_locator(MaxNLocator(4))
    left = max(text_width(label.get_text(), weight="normal") for label in panels[0].get_yticklabels()) + 9
    wide = (PAGE - left - 6 - GAP * (across - 1)) / across
    lines = max(axes.get_title(loc="left").count("\n") for axes in panels) + 1
    head = LINE * lines + 8
    for position, axes in enumerate(panels):
        row, column = divmod(position, across)
        x = left + column * (wide + GAP)
        y = tall - top - (row + 1) * ROW + 4
        axes.set_position((x / PAGE, y / tall, wide / PAGE, (ROW - head - 4) / tall))
    # A short last row leaves columns of the row above without names under them.
    for axes in panels[-across:]:
        axes.tick_params(labelbottom=True)


def _legend(figure: Figure, names: Sequence[str], form: Form, across: int) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles = [
        Patch(color=PALETTE[i], label=name)
        if form == "stablede"
        else Line2D(
            [], [], color=PALETTE[i], marker=MARKERS[i], linestyle=DASHES[i % len(DASHES)], label=name
        )
        for i, name in enumerate(names)
    ]
    figure.legend(
        handles=handles,
        loc="upper left",
        ncol=across,
        frameon=False,
        borderpad=0,
        handlelength=1.4,
        columnspacing=1.6,
        labelcolor=INK,
    )


def alt_grid(rader: Panels, unit: str, form: Form) -> str:
    """Describe panels in words: what they are, and the ends of the order in the last column."""
    names, columns = _checked(rader)
    kind = "linjer" if form == "linjer" else "stablede søyler"
    lead = (
        f"{len(rader)} paneler med {kind} for {listing(names)}, {unit}, fra {columns[0]} til {columns[-1]}."
    )
    sentences = [lead]
    for name in names:
        last = {title: panel[name][columns[-1]] for title, panel in rader.items()}
        order = extremes(last)
        if order:
            sentences.append(f"{name}, {columns[-1]}: {order[:1].lower()}{order[1:]}")
        else:
            sentences += [f"{name}, {columns[-1]}: {said(value)}." for value in last.values()]
    return plain(sentences)
