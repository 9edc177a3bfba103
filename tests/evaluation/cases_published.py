"""Reference cases from publications, with their data typed in: numbers that others got from other code.

Each entry as in `cases_inline`: what we compute, the published numbers, and their tolerance.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from evaluation.methods.experience import experience_scores
from evaluation.methods.joinpoint import joinpoint

Got = dict[str, float]

# Reaction time (ms) on days 0–9 without sleep, a row a subject: Belenky et al. (2003), as in R's lme4.
SLEEP = [
    [249.56, 258.7047, 250.8006, 321.4398, 356.8519, 414.6901, 382.2038, 290.1486, 430.5853, 466.3535],
    [222.7339, 205.2658, 202.9778, 204.707, 207.7161, 215.9618, 213.6303, 217.7272, 224.2957, 237.3142],
    [199.0539, 194.3322, 234.32, 232.8416, 229.3074, 220.4579, 235.4208, 255.7511, 261.0125, 247.5153],
    [321.5426, 300.4002, 283.8565, 285.133, 285.7973, 297.5855, 280.2396, 318.2613, 305.3495, 354.0487],
    [287.6079, 285, 301.8206, 320.1153, 316.2773, 293.3187, 290.075, 334.8177, 293.7469, 371.5811],
    [234.8606, 242.8118, 272.9613, 309.7688, 317.4629, 309.9976, 454.1619, 346.8311, 330.3003, 253.8644],
    [283.8424, 289.555, 276.7693, 299.8097, 297.171, 338.1665, 332.0265, 348.8399, 333.36, 362.0428],
    [265.4731, 276.2012, 243.3647, 254.6723, 279.0244, 284.1912, 305.5248, 331.5229, 335.7469, 377.299],
    [241.6083, 273.9472, 254.4907, 270.8021, 251.4519, 254.6362, 245.4523, 235.311, 235.7541, 237.2466],
    [312.3666, 313.8058, 291.6112, 346.1222, 365.7324, 391.8385, 404.2601, 416.6923, 455.8643, 458.9167],
    [236.1032, 230.3167, 238.9256, 254.922, 250.7103, 269.7744, 281.5648, 308.102, 336.2806, 351.6451],
    [256.2968, 243.4543, 256.2046, 255.5271, 268.9165, 329.7247, 379.4445, 362.9184, 394.4872, 389.0527],
    [250.5265, 300.0576, 269.8939, 280.5891, 271.8274, 304.6336, 287.7466, 266.5955, 321.5418, 347.5655],
    [221.6771, 298.1939, 326.8785, 346.8555, 348.7402, 352.8287, 354.4266, 360.4326, 375.6406, 388.5417],
    [271.9235, 268.4369, 257.2424, 277.6566, 314.8222, 317.2135, 298.1353, 348.1229, 340.28, 366.5131],
    [225.264, 234.5235, 238.9008, 240.473, 267.5373, 344.1937, 281.1481, 347.5855, 365.163, 372.2288],
    [269.8804, 272.4428, 277.8989, 281.7895, 279.1705, 284.512, 259.2658, 304.6306, 350.7807, 369.4692],
    [269.4117, 273.474, 297.5968, 310.6316, 287.1726, 329.6076, 334.4818, 343.2199, 369.1417, 364.1236],
]


def sleep() -> Got:
    days = np.tile(np.arange(10.0), 18)
    who = np.repeat(np.arange(18), 10).astype(str)
    r = experience_scores(
        np.ravel(SLEEP), who, pd.DataFrame({"days": days}), slope="days", scale=None, least_answers=5
    )
    assert r.slopes is not None
    constant, slope = r.coefficients["konstant"], r.coefficients["days"]
    # Ours vary about the mean day, theirs about day 0.
    both = r.slopes.correlation * np.sqrt(r.var_unit * r.slopes.variance)
    at_zero = r.var_unit - 2 * 4.5 * both + 4.5**2 * r.slopes.variance
    together = both - 4.5 * r.slopes.variance
    return {
        "b0": constant.value,
        "se_b0": constant.se,
        "b1": slope.value,
        "se_b1": slope.se,
        "var_b0": at_zero,
        "var_b1": r.slopes.variance,
        "corr": together / np.sqrt(at_zero * r.slopes.variance),
        "var_e": r.var_person,
        "reml": r.reml_criterion,
    }


# Births and cases of Down's syndrome by the mother's age in British Columbia: Davison and Hinkley (1997).
AGE = [17, 18.5, *(19.5 + k for k in range(23)), 42.4, 43.5, 44.5, 45.5, 47]
BIRTHS = [13555, 13675, 18752, 22005, 23896, 24667, 24807, 23986, 22860, 21450, 19202, 17450, 15685, 13954,
          11987, 10983, 9825, 8483, 7448, 6628, 5780, 4834, 3961, 2952, 2276, 1589, 1018, 596, 327,
          249]  # fmt: skip
DOWN = [16, 15, 16, 22, 16, 12, 17, 22, 15, 14, 27, 14, 9, 12, 12, 18, 13, 11, 23, 13, 17, 15, 30, 31, 33, 20,
        16, 22, 11, 7]  # fmt: skip


def down() -> Got:
    r = joinpoint(DOWN, AGE, n=BIRTHS)
    before, after = np.log(r.slope_before.value), np.log(r.slope_after.value)
    # Theirs has a dispersion of 1.
    spread = np.sqrt(r.dispersion)
    return {
        "psi": r.place.value,
        "se_psi": r.place.se / spread,
        "slope": before,
        "se_slope": r.slope_before.se / spread,
        "change": after - before,
    }


PUBLISHED: dict[str, tuple[Callable[[], Got], Got, Got]] = {
    # Muggeo (2008), R News 8(1): 20–25; their search stops a little before the top of the likelihood.
    "joinpoint_down_binomial": (
        down,
        {"psi": 31.081, "se_psi": 0.7242, "slope": -0.01341, "se_slope": 0.01794, "change": 0.27422},
        {"*": 0.0006, "psi": 0.01, "slope": 2e-5, "se_slope": 2e-5, "se_psi": 0.0015},
    ),
    # Bates, Mächler, Bolker and Walker (2015), Journal of Statistical Software 67(1), section 5.2.
    "random_slopes_sleepstudy": (
        sleep,
        {
            "b0": 251.405,
            "se_b0": 6.825,
            "b1": 10.467,
            "se_b1": 1.546,
            "var_b0": 612.09,
            "var_b1": 35.07,
            "corr": 0.07,
            "var_e": 654.94,
            "reml": 1743.6,
        },
        {"*": 0.0006, "var_b0": 0.15, "var_b1": 0.02, "corr": 0.006, "var_e": 0.05, "reml": 0.06},
    ),
}
