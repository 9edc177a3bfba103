"""Charts, one module a form; each is called by what an analyst would say."""

from analysis_lib.present.charts.base import Chart
from analysis_lib.present.charts.boxes import bokser
from analysis_lib.present.charts.columns import stablede_søyler, stolper, søyler
from analysis_lib.present.charts.dots import prikker
from analysis_lib.present.charts.grids import paneler
from analysis_lib.present.charts.lines import linjer
from analysis_lib.present.charts.panels import små_multipler
from analysis_lib.present.charts.tiles import fylkeskart

__all__ = [
    "Chart",
    "bokser",
    "fylkeskart",
    "linjer",
    "paneler",
    "prikker",
    "små_multipler",
    "stablede_søyler",
    "stolper",
    "søyler",
]
