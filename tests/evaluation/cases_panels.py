"""Reference cases of units over time, whose data are open, typed in or come with statsmodels: always run.

Each entry: what we compute, the published numbers, and the tolerance of each ("*" for the rest).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from statsmodels.datasets import grunfeld as grunfeld_data

from analysis_lib.data.opendata import open_frame
from evaluation.basis.estimate import wald
from evaluation.methods.fixed_effects import fixed_effects
from evaluation.methods.panel import Panel, panel
from evaluation.methods.panel_its import panel_its
from evaluation.methods.sensitivity import smoothness
from evaluation.methods.staggered import EventStudy
from evaluation.methods.synthetic_did import synthetic_did

Got = dict[str, float]


def prop99() -> Panel:
    d = open_frame("synthdid/california_prop99")
    first = np.where(d["State"] == "California", 1989.0, np.nan)
    return panel(d.assign(first=first), unit="State", time="Year", outcome="PacksPerCapita", first="first")


def california_and_all_others() -> Got:
    r = panel_its(prop99(), errors="driscoll-kraay")
    return {
        "z_t": r.trend.value,
        "z_x": r.step.value,
        "z_xt": r.slope.value,
        "x": r.control_step,
        "xt": r.control_slope,
    }


def california_weighted() -> Got:
    r = synthetic_did(prop99(), draws=20)
    states = ("Nevada", "New Hampshire", "Connecticut", "Delaware", "Colorado")
    return {"att": r.effect.value} | {s: r.weights[s] for s in states} | r.periods


def grunfeld() -> Got:
    d = grunfeld_data.load_pandas().data.query("firm != 'American Steel'")
    y, value, capital = (
        d.pivot(index="firm", columns="year", values=name).to_numpy()
        for name in ("invest", "value", "capital")
    )
    coef = fixed_effects(y, np.stack([value, capital]), ["value", "capital"]).coef
    return {"value": coef[0], "capital": coef[1]}


BC_EFFECTS = [0.00669635180383921, 0.0293450336903334, -0.00647297222167253, 0.0730149894952774,
              0.195961117744446, 0.312063902616501, 0.239541545510292, 0.126042500138283,
              ]  # fmt: skip
# The covariance, its lower triangle by rows, in millionths.
BC_COV = [842.835812, 476.868678, 642.542029, 261.805108, 398.742501, 522.99496, 235.422034, 243.55152,
          211.768609, 308.959541, 167.637147, 220.196031, 184.072225, 119.786608, 359.970436, 112.870766,
          180.459116, 145.852784, 133.408132, 247.881864, 426.394981, 19.928162, 38.437651, 70.051974,
          101.633501, 174.957924, 217.143781, 488.669786, -136.826537, -29.60422, 59.52995, 107.905173,
          165.425692, 289.274787, 380.532205, 761.739444,
          ]  # fmt: skip


def benzarti_carloni() -> EventStudy:
    cov = np.zeros((8, 8))
    cov[np.tril_indices(8)] = np.array(BC_COV) / 1e6
    cov = cov + np.tril(cov, -1).T
    effects = tuple(wald(b, s, "") for b, s in zip(BC_EFFECTS, np.sqrt(np.diag(cov)), strict=True))
    return EventStudy((-5, -4, -3, -2, 0, 1, 2, 3), effects, cov, 2.0, wald(0.2, 0.02, ""), "universal")


def bent_trends() -> Got:
    got: Got = {}
    for name, period in (("e0", 0), ("avg", None)):
        for m, (low, high) in smoothness(benzarti_carloni(), (0.0, 0.01, 0.02), period=period).bounds.items():
            got |= {f"{name}_{m:g}_lo": low, f"{name}_{m:g}_hi": high}
    return got


PANELS: dict[str, tuple[Callable[[], Got], dict[str, float], dict[str, float]]] = {
    # Linden, Stata help of power multi_itsa: cons and slopes of California and of the 38 others.
    "panel_its_prop99": (
        california_and_all_others,
        {"z_t": -1.779474 + 0.5477701, "z_x": -2.806417, "z_xt": -3.274126 + 1.779474 + 1.051279 - 0.5477701,
         "x": -17.25168, "xt": -1.051279 + 0.5477701},
        {"*": 2e-6, "x": 1e-5},
    ),
    # Arkhangelsky and others 2021, and the vignette of their R package synthdid.
    "sdid_prop99": (
        california_weighted,
        {"att": -15.604, "Nevada": 0.124, "New Hampshire": 0.105, "Connecticut": 0.078, "Delaware": 0.070,
         "Colorado": 0.058, "1988": 0.427, "1986": 0.366, "1987": 0.206},
        {"*": 6e-4},
    ),
    # Baltagi, Econometric Analysis of Panel Data, two-way within; R package plm.
    "fe_grunfeld": (grunfeld, {"value": 0.11772, "capital": 0.35792}, {"*": 5e-6}),
    # R package HonestDiD 0.2.8, its example BCdata_EventStudy, fixed-length intervals by its own search.
    "smoothness_bc": (
        bent_trends,
        {"e0_0_lo": 0.131411, "e0_0_hi": 0.216170, "e0_0.01_lo": 0.154965, "e0_0.01_hi": 0.270385,
         "e0_0.02_lo": 0.177301, "e0_0.02_hi": 0.315956, "avg_0_lo": 0.133193, "avg_0_hi": 0.230363,
         "avg_0.01_lo": 0.124138, "avg_0.01_hi": 0.368035, "avg_0.02_lo": 0.113902, "avg_0.02_hi": 0.476744},
        {"*": 1e-3},
    ),
}  # fmt: skip
