"""Charts, one module a form; each is called by what an analyst would say."""

from analysis_lib.present.charts.bars import stolper
from analysis_lib.present.charts.base import Chart
from analysis_lib.present.charts.columns import stablede_søyler, søyler
from analysis_lib.present.charts.dots import prikker
from analysis_lib.present.charts.lines import linjer
from analysis_lib.present.charts.panels import små_multipler
from analysis_lib.present.charts.slope import stigning
from analysis_lib.present.charts.tiles import fylkeskart
from analysis_lib.present.charts.trajectory import forløp

__all__ = [
    "Chart",
    "forløp",
    "fylkeskart",
    "linjer",
    "prikker",
    "små_multipler",
    "stablede_søyler",
    "stigning",
    "stolper",
    "søyler",
]
