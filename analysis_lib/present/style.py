"""The look of charts: Source Sans, quiet axes, Norwegian numbers, colours that pass 3:1 on white."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from analysis_lib.present.numbers import format_exact

if TYPE_CHECKING:
    from matplotlib.axis import Axis

INK = "#1a1f24"
# Dark enough for text on white (5:1).
GREY = "#6b7075"
RULE = "#d9dcdf"
# Statistics Norway's hues, ordered so that neighbours differ in lightness too.
PALETTE = ("#0F2080", "#1D9DE2", "#075745", "#C78800", "#A3136C", "#471F00", "#1A9D49", "#C775A7")
MARKERS = ("o", "s", "^", "D", "v", "P")
DASHES = ("solid", (0, (5, 1.5)), (0, (2, 1.2)), (0, (6, 1.5, 1.5, 1.5)), (0, (1, 1)))


# Static cuts: matplotlib shows only the thinnest of a variable font.
FONTS = Path(__file__).parent / "fonts"


@cache
def use_style() -> None:
    """Set matplotlib up once: font, sizes, spines, reproducible SVG."""
    import matplotlib as mpl
    from matplotlib import font_manager

    for font in FONTS.glob("*.ttf"):
        font_manager.fontManager.addfont(str(font))
    mpl.rcParams.update(
        {
            "font.family": "Source Sans 3",
            "font.size": 10,
            "text.color": INK,
            "axes.labelcolor": GREY,
            "axes.edgecolor": RULE,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.spines.left": False,
            "axes.grid": True,
            "axes.grid.axis": "y",
            "axes.axisbelow": True,
            "grid.color": RULE,
            "grid.linewidth": 0.6,
            "xtick.color": INK,
            "ytick.color": GREY,
            "xtick.major.size": 0,
            "ytick.major.size": 0,
            "lines.linewidth": 2.0,
            "svg.hashsalt": "rapport",
            "svg.fonttype": "path",
            "figure.dpi": 100,
        }
    )


def norwegian(axis: Axis) -> None:
    """Write the numbers of an axis the Norwegian way."""
    from fractions import Fraction

    from matplotlib.ticker import FuncFormatter

    axis.set_major_formatter(
        FuncFormatter(lambda number, _: format_exact(Fraction(number).limit_denominator(1000), 2))
    )
