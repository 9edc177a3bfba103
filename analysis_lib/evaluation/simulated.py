"""Made-up panels whose truth is known: for examples, tests and the simulation table."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from analysis_lib.evaluation.checks import Vector
from analysis_lib.evaluation.panel import Panel


def simulated_panel(
    seed: int | np.random.Generator,
    starts: Sequence[float] = (3.0, 4.0, np.inf),
    *,
    units: int = 20,
    periods: int = 5,
    effect: Callable[[Vector], Vector] = np.zeros_like,
    drift: float = 0.0,
    noise: float = 0.5,
) -> Panel:
    """Return a panel of units that start at different times, with an effect that is given.

    Parameters
    ----------
    seed : int or Generator
    starts : sequence of float
        First exposed period of each cohort; infinite for the never exposed.
    units, periods : int
        Units in each cohort; periods 1 to `periods`.
    effect : callable
        From periods since the start, 0 and up, to the effect there.
    drift : float
        Trend per period of those who are ever exposed, beyond that of the others: not parallel.
    noise : float
        Standard deviation of each observation, beside 1 between units.

    Examples
    --------
    >>> data = simulated_panel(1, units=2, effect=lambda since: 1.0 + since, noise=0.0)
    >>> data.y.shape, data.cohorts, (data.y[0] - data.y[0, 0]).round(1).tolist()
    ((6, 5), [3, 4], [0.0, 0.2, 1.4, 2.6, 3.8])
    """
    rng = np.random.default_rng(seed)
    first, times = np.repeat(np.asarray(starts, dtype=float), units), np.arange(1, periods + 1)
    y = rng.normal(size=(first.size, 1)) + 0.2 * times + drift * times * np.isfinite(first)[:, None]
    y = y + rng.normal(0, noise, (first.size, periods))
    data = Panel(tuple(range(first.size)), times, y, first, np.empty((0, first.size, periods)), ())
    reached = data.since >= 0
    y[reached] += effect(data.since[reached])
    return data
