"""Bars and dots for categories: how many, and how far apart."""

from __future__ import annotations

from collections.abc import Mapping

from analysis_lib.errors import NotatbokFeil
from analysis_lib.indicators.values import Value
from analysis_lib.present.charts.base import Chart, canvas, plain, same_unit
from analysis_lib.present.numbers import format_cell
from analysis_lib.present.style import GREY, INK, MARKERS, PALETTE
from analysis_lib.present.words import listing

ROW = 0.3
MOST_DOTS = 4


def stolper(verdier: Mapping[str, Value], *, sorter: bool = True, kolonne: str = "Verdi") -> Chart:
    """Draw horizontal bars from zero, the largest at the top, with the number at the end of each.

    Parameters
    ----------
    verdier : mapping from label to Value
        In one unit; those without a number are left out of the drawing and stay in the table.
    sorter : bool
        False keeps the order given, for categories that have one of their own (months, ages).
    kolonne : str
        Heading of the column in the table beside the chart.
    """
    unit = same_unit(verdier.values())
    known = [(label, value) for label, value in verdier.items() if value.known]
    if not known:
        raise NotatbokFeil("ingen av tallene i figuren finnes")
    if sorter:
        known.sort(key=lambda item: item[1].point or 0, reverse=True)
    figure, axes = canvas(0.35 + ROW * len(known))
    places = range(len(known))[::-1]
    numbers = [float(value) for _, value in known]
    axes.barh(list(places), numbers, color=PALETTE[0], height=0.66)
    for place, (_, value) in zip(places, known, strict=True):
        down = float(value) < 0
        axes.annotate(
            format_cell(value),
            (float(value), place),
            xytext=(-5 if down else 5, 0),
            textcoords="offset points",
            ha="right" if down else "left",
            va="center",
            fontweight="semibold",
            color=INK,
        )
    axes.axvline(0, color=GREY, linewidth=0.8)
    axes.margins(x=0.1)
    _category_axis(axes, list(places), [label for label, _ in known])
    rows = {label: {kolonne: value} for label, value in verdier.items()}
    return Chart(figure, rows, unit, alt_bars(dict(known), unit, sorter=sorter))


def prikker(rader: Mapping[str, Mapping[str, Value]]) -> Chart:
    """Draw two to four points a category, joined by a thin line: the distance is the message.

    Parameters
    ----------
    rader : mapping from category to mapping from group to Value
        Every category has the same groups (two years, two services), in one unit.
    """
    import seaborn as sns

    unit = same_unit(value for row in rader.values() for value in row.values())
    groups = list(next(iter(rader.values())))
    if not 2 <= len(groups) <= MOST_DOTS or any(list(row) != groups for row in rader.values()):
        raise NotatbokFeil(f"et prikkdiagram har de samme to til {MOST_DOTS} gruppene i hver rad")
    figure, axes = canvas(0.75 + ROW * len(rader))
    places = list(range(len(rader))[::-1])
    for place, row in zip(places, rader.values(), strict=True):
        numbers = [float(value) for value in row.values() if value.known]
        if numbers:
            axes.plot([min(numbers), max(numbers)], [place, place], color=GREY, linewidth=1.2, zorder=1)
    for position, group in enumerate(groups):
        points = [
            (float(row[group]), place)
            for place, row in zip(places, rader.values(), strict=True)
            if row[group].known
        ]
        sns.scatterplot(
            x=[x for x, _ in points],
            y=[y for _, y in points],
            ax=axes,
            marker=MARKERS[position],
            s=55,
            color=PALETTE[position],
            label=group,
            zorder=2,
        )
    axes.grid(visible=True, axis="x")
    axes.margins(x=0.08)
    _category_axis(axes, places, list(rader), hide_numbers=False)
    # Above the first row: a point may stand anywhere, so its name cannot stand beside it.
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=len(groups), frameon=False, borderpad=0)
    return Chart(figure, rader, unit, alt_dots(rader, unit))


def _category_axis(axes, places: list[int], labels: list[str], *, hide_numbers: bool = True) -> None:  # type: ignore[no-untyped-def]
    """Write the categories at the left, as far in as the longest needs."""
    from matplotlib.ticker import NullLocator, ScalarFormatter

    axes.grid(visible=False, axis="y")
    axes.yaxis.set_major_formatter(ScalarFormatter())
    axes.set_yticks(places, labels, color=INK)
    axes.set_ylim(-0.6, len(places) - 0.4)
    if hide_numbers:
        axes.xaxis.set_major_locator(NullLocator())
        axes.spines["bottom"].set_visible(False)
    figure = axes.figure
    widest = max(label.get_window_extent().width for label in axes.get_yticklabels())
    left = (widest + 10) / figure.bbox.width
    bottom, top = (
        (0.02, 0.98) if hide_numbers else (0.3 / figure.get_figheight(), 1 - 0.4 / figure.get_figheight())
    )
    axes.set_position((left, bottom, 0.98 - left, top - bottom))


def alt_bars(values: Mapping[str, Value], unit: str, *, sorter: bool) -> str:
    """Describe bars in words: all of them when few, else the largest and the smallest."""
    texts = [f"{label} {format_cell(value)}" for label, value in values.items()]
    if len(texts) <= 8:
        return plain([f"Stolpediagram, {unit}. {listing(texts)}."])
    ranked = sorted(values.items(), key=lambda item: item[1].point or 0, reverse=True)
    (top, most), (low, least) = ranked[0], ranked[-1]
    return plain(
        [
            f"Stolpediagram med {len(texts)} stolper, {unit}.",
            f"Høyest er {top} med {format_cell(most)}, lavest er {low} med {format_cell(least)}.",
        ]
    )


def alt_dots(rows: Mapping[str, Mapping[str, Value]], unit: str) -> str:
    """Describe dots in words: every category's points."""
    sentences = [f"Prikkdiagram, {unit}."]
    for label, row in rows.items():
        points = [f"{format_cell(value)} ({group})" for group, value in row.items()]
        sentences.append(f"{label}: {listing(points)}.")
    return plain(sentences)
