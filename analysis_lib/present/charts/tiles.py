"""A map without borders: one square a county, laid out as the country lies."""

from __future__ import annotations

from collections.abc import Mapping

from analysis_lib.errors import NotatbokFeil, nearest
from analysis_lib.indicators.values import Value
from analysis_lib.present.charts.base import Chart, canvas, ink_on, plain, same_unit
from analysis_lib.present.numbers import format_cell
from analysis_lib.present.style import INK, RULE

# (column, row from the top) of the counties of 2024.
COUNTIES = {
    "Finnmark": (5, 0),
    "Troms": (4, 1),
    "Nordland": (3, 2),
    "Trøndelag": (2, 3),
    "Møre og Romsdal": (1, 4),
    "Innlandet": (2, 4),
    "Vestland": (0, 5),
    "Buskerud": (1, 5),
    "Akershus": (2, 5),
    "Oslo": (3, 5),
    "Rogaland": (0, 6),
    "Telemark": (1, 6),
    "Vestfold": (2, 6),
    "Østfold": (3, 6),
    "Agder": (1, 7),
}
SHORT = {"Møre og Romsdal": "Møre og R."}
# One hue from pale to dark; the number stands in every square, so colour is never alone.
CLASSES = ("#E3F0F9", "#B4D7EE", "#76B4DC", "#2F7FB8", "#0F2080")


def fylkeskart(verdier: Mapping[str, Value]) -> Chart:
    """Draw the 15 counties as squares, darker for higher values, each with its number.

    Parameters
    ----------
    verdier : mapping from county to Value
        In one unit; a county without a number is hatched.

    Raises
    ------
    NotatbokFeil
        For a name that is no county, or no county with a number.
    """
    from matplotlib.patches import Rectangle

    for name in verdier:
        if name not in COUNTIES:
            raise NotatbokFeil(f"«{name}» er ikke et fylke", hint=nearest(name, COUNTIES))
    unit = same_unit(verdier.values())
    known = {name: value for name, value in verdier.items() if value.known}
    if not known:
        raise NotatbokFeil("ingen av fylkene har tall")
    figure, axes = canvas(5.2)
    low, high = (float(pick(known.values(), key=float)) for pick in (min, max))
    for name, (column, row) in COUNTIES.items():
        value = known.get(name)
        share = 0.0 if value is None or high == low else (float(value) - low) / (high - low)
        color = "#ffffff" if value is None else CLASSES[min(int(share * len(CLASSES)), len(CLASSES) - 1)]
        axes.add_patch(
            Rectangle(
                (column, -row),
                0.95,
                0.95,
                facecolor=color,
                edgecolor=RULE,
                hatch="///" if value is None else None,
            )
        )
        ink = INK if value is None else ink_on(color)
        number = ".." if value is None else format_cell(value)
        axes.text(column + 0.475, 0.62 - row, SHORT.get(name, name), ha="center", color=ink, fontsize=9)
        axes.text(
            column + 0.475, 0.24 - row, number, ha="center", color=ink, fontsize=11, fontweight="semibold"
        )
    axes.set(xlim=(-0.05, 6.05), ylim=(-7.1, 1.05))
    axes.set_aspect("equal")
    axes.axis("off")
    axes.set_position((0.01, 0.01, 0.98, 0.98))
    rows = {name: {"Verdi": value} for name, value in verdier.items()}
    return Chart(figure, rows, unit, alt_map(known, unit))


def alt_map(values: Mapping[str, Value], unit: str) -> str:
    """Describe the map in words: the highest and the lowest county."""
    ranked = sorted(values.items(), key=lambda item: item[1].point or 0, reverse=True)
    (top, most), (low, least) = ranked[0], ranked[-1]
    return plain(
        [
            f"Rutekart over {len(values)} fylker, {unit}.",
            f"Høyest er {top} med {format_cell(most)}, lavest er {low} med {format_cell(least)}.",
        ]
    )
