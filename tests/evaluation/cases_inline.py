"""Reference cases whose data are typed in or come with statsmodels: always run.

Each entry: what we compute, the published numbers, and the tolerance of each ("*" for the rest).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from statsmodels.datasets import longley as longley_data
from statsmodels.datasets import nile as nile_data

from evaluation.methods import quasi_poisson
from evaluation.methods.experience import experience_scores
from evaluation.methods.few_points import growth
from evaluation.methods.joinpoint import joinpoint
from evaluation.methods.linear import ols
from evaluation.methods.power import n_t, n_two_proportions, power_t, power_two_proportions
from evaluation.methods.proportions import adjust_p_values, independence_test, newcombe, trend_test, wilson
from evaluation.methods.rates import garwood
from evaluation.methods.structural import structural_series
from evaluation.methods.structural_breaks import structural_breaks
from evaluation.methods.time_axis import working_days
from evaluation.methods.uptake import bass, logistic

Got = dict[str, float]

AIDS = [12, 14, 33, 50, 67, 74, 123, 141, 165, 204, 253, 246, 240]
VCR = [840, 1470, 2110, 4000, 7590, 10950, 10530, 9470, 7790, 5890]
RAT42_X = [9, 14, 21, 28, 42, 57, 63, 70, 79]
RAT42_Y = [8.93, 10.8, 18.59, 22.33, 39.35, 56.11, 61.73, 64.62, 67.08]
STAGNANT_X = [-0.8, 0.01, -0.25, -0.25, -0.12, -0.12, -0.94, 0.11, 0.11, -0.63, -0.63, -1.39, -1.39, 0.7,
              0.7, 0.34, 1.19, 0.59, 0.85, 0.85, 0.99, 0.99, 0.25, -1.08, -1.08, 0.44, 0.34, 0.25,
              ]  # fmt: skip
STAGNANT_Y = [0.9, 0.51, 0.65, 0.67, 0.6, 0.59, 0.92, 0.43, 0.43, 0.81, 0.83, 1.12, 1.12, -0.13,
              -0.14, 0.25, -0.65, -0.01, -0.3, -0.33, -0.46, -0.43, 0.33, 0.99, 1.03, 0.13, 0.24, 0.3,
              ]  # fmt: skip
DYESTUFF = [1545, 1440, 1440, 1520, 1580, 1540, 1555, 1490, 1560, 1495, 1595, 1550, 1605, 1510, 1560,
            1445, 1440, 1595, 1465, 1545, 1595, 1630, 1515, 1635, 1625, 1520, 1455, 1450, 1480, 1445,
            ]  # fmt: skip
# Service and incidents of ships by type (A–E), year (60, 65, 70, 75) and period (60, 75).
SHIP_SERVICE = [127, 63, 1095, 1095, 1512, 3353, 0, 2244, 44882, 17176, 28609, 20370, 7064, 13099, 0, 7117,
                1179, 552, 781, 676, 783, 1948, 0, 274, 251, 105, 288, 192, 349, 1208, 0, 2051,
                45, 0, 789, 437, 1157, 2161, 0, 542]  # fmt: skip
SHIP_INCIDENTS = [0, 0, 3, 4, 6, 18, 0, 11, 39, 29, 58, 53, 12, 44, 0, 18, 1, 1, 0, 1, 6, 2, 0, 1,
                  0, 0, 0, 0, 2, 11, 0, 4, 0, 0, 7, 7, 5, 12, 0, 1]  # fmt: skip
BH95 = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240,
        0.4262, 0.5719, 0.6528, 0.7590, 1.0]  # fmt: skip


def nile() -> tuple[pd.Series, pd.Series]:
    d = nile_data.load_pandas().data
    return d["volume"], d["year"].astype(int)


def longley() -> Got:
    d = longley_data.load_pandas().data
    names = ["b0", "gnpdefl", "gnp", "unemp", "armed", "pop", "year"]
    design = np.column_stack([np.ones(len(d)), d.drop(columns="TOTEMP")])
    fit = ols(d["TOTEMP"], design, names)
    return {name: fit.effect(name).value for name in ("b0", "gnpdefl", "year")} | {
        f"se_{name}": fit.effect(name).se for name in ("b0", "year")
    }


def rat42() -> Got:
    r = logistic(RAT42_Y, RAT42_X)
    return {"b1": r.ceiling.value, "b2": r.offset.value, "b3": r.rate.value} | {
        "se1": r.ceiling.se,
        "se2": r.offset.se,
        "se3": r.rate.se,
    }


def bass_vcr() -> Got:
    r = bass(VCR, range(1, 11))
    parts = {"M": r.market, "P": r.innovation, "Q": r.imitation}
    return {name: e.value for name, e in parts.items()} | {f"se_{name}": e.se for name, e in parts.items()}


def aids() -> Got:
    t = np.arange(1.0, 14)
    one = np.ones(13)
    line = quasi_poisson.fit(AIDS, one, np.column_stack([one, t]), ["a", "b"])
    curve = quasi_poisson.fit(AIDS, one, np.column_stack([one, t, t**2]), ["a", "b", "c"])
    assert not growth(AIDS, one, range(1981, 1994)).single_rate, "exponential growth must be seen to fail"
    return {
        "lin_b": line.coef[1],
        "quad_b1": curve.coef[1],
        "quad_b2": curve.coef[2],
        "se_quad_b1": curve.se("b", model="poisson"),
        "dev_lin": line.deviance,
        "dev_quad": curve.deviance,
    }


def ships() -> Got:
    service, incidents = np.array(SHIP_SERVICE, dtype=float), np.array(SHIP_INCIDENTS, dtype=float)
    kind = np.repeat(np.arange(5), 8)
    year = np.tile(np.repeat([60, 65, 70, 75], 2), 5)
    period = np.tile([60, 75], 20)
    columns = (
        [np.ones(40)] + [kind == k for k in range(1, 5)] + [year == y for y in (65, 70, 75)] + [period == 75]
    )
    design = np.column_stack(columns).astype(float)
    names = ["a", "B", "C", "D", "E", "65", "70", "75", "period"]
    used = service > 0
    fit = quasi_poisson.fit(incidents[used], service[used], design[used], names)
    return {
        "disp": fit.dispersion,
        "dev": fit.deviance,
        "typeB": fit.coef[1],
        "se_typeB": fit.se("B"),
        "y65": fit.coef[5],
        "se_period": fit.se("period"),
    }


def nile_break() -> Got:
    y, year = nile()
    r = structural_breaks(y, year, shortest=15)
    (place,) = r.breaks
    return {
        "last_index": place.last_before - 1870,
        "year": place.last_before,
        "m1": r.coefficients[0]["konstant"].value,
        "m2": r.coefficients[1]["konstant"].value,
        "rss": r.rss,
        "ci_lo": place.low - 1870,
        "ci_hi": place.high - 1870,
    }


def nile_level() -> Got:
    r = structural_series(*nile())
    return {"s2_eps": r.noise, "s2_eta": r.drift}


def stagnant() -> Got:
    r = joinpoint(STAGNANT_Y, STAGNANT_X)
    return {
        "psi": r.place.value,
        "se": r.place.se,
        "s1": r.slope_before.value,
        "s2": r.slope_after.value,
        "rss": r.deviance,
    }


def wilson_newcombe() -> Got:
    a, b, c, d = wilson(81, 263), wilson(15, 148), wilson(0, 20), wilson(1, 29)
    diff = newcombe(56, 70, 48, 80)
    ends = {"a_lo": a.low, "a_hi": a.high, "b_lo": b.low, "b_hi": b.high, "c_hi": c.high}
    return ends | {"d_lo": d.low, "d_hi": d.high, "diff_lo": diff.low, "diff_hi": diff.high}


def poisson_exact() -> Got:
    many, few, none = garwood(137, 24.19893), garwood(5), garwood(0)
    return {"lo137": many.low, "hi137": many.high, "lo5": few.low, "hi5": few.high, "hi0": none.high}


def dyestuff() -> Got:
    batch = np.repeat(list("ABCDEF"), 5)
    r = experience_scores(DYESTUFF, batch, scale=None)
    units = {u.unit: u for u in r.units}
    return {
        "mu": r.coefficients["konstant"].value,
        "se": r.coefficients["konstant"].se,
        "var_b": r.var_unit,
        "var_e": r.var_person,
        "A": units["A"].deviation,
        "E": units["E"].deviation,
        "F": units["F"].deviation,
        "condvar": units["A"].adjusted.se ** 2,
        "reml": r.reml_criterion,
    }


def small_surveys() -> Got:
    table = independence_test([[762, 327, 468], [484, 239, 477]])
    line = trend_test([83, 90, 129, 70], [86, 93, 136, 82])
    return {"X2": table.statistic, "p": table.p, "trend": line.statistic, "p_trend": line.p}


def power() -> Got:
    return {
        "n": n_two_proportions(0.5, 0.75, power=0.9),
        "pw50": power_two_proportions(50, 0.5, 0.75),
        "t20": power_t(20, 1.0),
        "tn": n_t(1.0, power=0.9),
    }


def bh95() -> Got:
    bh, holm, bonferroni = (adjust_p_values(BH95, method) for method in ("fdr_bh", "holm", "bonferroni"))
    return {
        "bh_rej": sum(bh.rejected),
        "bonf_rej": sum(bonferroni.rejected),
        "bh4": bh.p[3],
        "bh5": bh.p[4],
        "holm4": holm.p[3],
    }


def days() -> Got:
    return {
        name: working_days(2026, i) for i, name in enumerate(("jan", "feb", "mar", "apr", "may", "jun"), 1)
    }


INLINE: dict[str, tuple[Callable[[], Got], Got, Got]] = {
    "ols_longley_nist": (
        longley,
        {
            "b0": -3482258.63459582,
            "gnpdefl": 15.0618722713733,
            "year": 1829.15146461355,
            "se_b0": 890420.383607373,
            "se_year": 455.478499142212,
        },
        {"*": 0.0001, "b0": 1.0, "se_b0": 1.0},
    ),
    "logistic_rat42_nist": (
        rat42,
        {
            "b1": 72.462237576,
            "b2": 2.6180768402,
            "b3": 0.067359200066,
            "se1": 1.7340283401,
            "se2": 0.088295217536,
            "se3": 0.0034465663377,
        },
        {"*": 1e-6},
    ),
    "bass_vcr": (
        bass_vcr,
        {"M": 67980.95, "P": 0.006594, "Q": 0.63809, "se_M": 3127.5, "se_P": 0.00143027, "se_Q": 0.041396},
        {"*": 2e-6, "M": 0.2, "se_M": 0.2},
    ),
    "poisson_growth_aids_be": (
        aids,
        {
            "lin_b": 0.202121,
            "quad_b1": 0.556003,
            "quad_b2": -0.0213463,
            "se_quad_b1": 0.0457797,
            "dev_lin": 80.6865,
            "dev_quad": 9.24025,
        },
        {"*": 0.0001},
    ),
    "rate_overdispersion_ships": (
        ships,
        {
            "disp": 1.69103,
            "dev": 38.69505,
            "typeB": -0.543344,
            "se_typeB": 0.230937,
            "y65": 0.69714,
            "se_period": 0.1538,
        },
        {"*": 2e-5},
    ),
    "nile_break": (
        nile_break,
        {
            "last_index": 28,
            "year": 1898,
            "m1": 1097.75,
            "m2": 849.9722,
            "rss": 1597457.19,
            "ci_lo": 25,
            "ci_hi": 32,
        },
        {"*": 0.01},
    ),
    "nile_local_level": (nile_level, {"s2_eps": 15098.58, "s2_eta": 1469.15}, {"*": 2.0}),
    "joinpoint_stagnant": (
        stagnant,
        {"psi": 0.0411058, "se": 0.0228348, "s1": -0.42208, "s2": -1.02057, "rss": 0.0091402},
        {"*": 1e-5},
    ),
    "wilson_newcombe": (
        wilson_newcombe,
        {
            "a_lo": 0.2553,
            "a_hi": 0.3662,
            "b_lo": 0.0624,
            "b_hi": 0.1605,
            "c_hi": 0.1611,
            "d_lo": 0.0061,
            "d_hi": 0.1718,
            "diff_lo": 0.0524,
            "diff_hi": 0.3339,
        },
        {"*": 6e-5},
    ),
    "poisson_exact": (
        poisson_exact,
        {"lo137": 4.753125, "hi137": 6.692709, "lo5": 1.623486, "hi5": 11.668332, "hi0": 3.688879},
        {"*": 1e-6},
    ),
    "shrinkage_dyestuff": (
        dyestuff,
        {
            "mu": 1527.5,
            "se": 19.3834,
            "var_b": 1764.05,
            "var_e": 2451.25,
            "A": -17.6069,
            "E": 56.7332,
            "F": -44.9963,
            "condvar": 383.63,
            "reml": 319.6543,
        },
        {"*": 0.01, "var_b": 0.5, "var_e": 0.5},
    ),
    "tests_small_surveys": (
        small_surveys,
        {"X2": 30.0701, "p": 2.9536e-07, "trend": 8.224922, "p_trend": 0.004131897},
        {"*": 0.0001, "p": 1e-10, "p_trend": 1e-7},
    ),
    "power": (power, {"n": 76.7069, "pw50": 0.740166, "t20": 0.868953, "tn": 22.02109}, {"*": 0.0002}),
    "multiplicity_bh95": (
        bh95,
        {"bh_rej": 4, "bonf_rej": 3, "bh4": 0.035625, "bh5": 0.0603, "holm4": 0.114},
        {"*": 1e-9},
    ),
    "no_working_days": (
        days,
        {"jan": 21, "feb": 20, "mar": 22, "apr": 19, "may": 18, "jun": 22},
        {"*": 0.0},
    ),
}
