"""Processor time and peak memory of the methods of units over time, at a register's sizes: a Markdown table.

Run ``python benchmarks/scale.py``: each measurement is a process of its own. About five minutes on one core.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from evaluation.methods.did import twfe
from evaluation.methods.dose import dose_effect
from evaluation.methods.fixed_effects import imputation
from evaluation.methods.panel import Panel, simulated_panel
from evaluation.methods.panel_its import panel_its
from evaluation.methods.register_panel import register_effect
from evaluation.methods.sensitivity import relative_magnitudes, smoothness
from evaluation.methods.staggered import callaway_santanna, sun_abraham
from evaluation.methods.synthetic_did import synthetic_did
from evaluation.methods.synthetic_panel import synthetic_panel

PERIODS = 60
SIZES = (357, 3000, 10_000)


def staggered(units: int, starts: int = 12) -> Panel:
    """Return a panel whose units start in so many different months, a few never."""
    when = [*np.linspace(13, 48, starts).round(), np.inf]
    made = simulated_panel(
        1, when, units=units // len(when) + 1, periods=PERIODS, effect=lambda s: 1 + 0.1 * s
    )
    return replace(made, units=made.units[-units:], y=made.y[-units:], first=made.first[-units:],
                   covariates=np.empty((0, units, PERIODS)))  # fmt: skip


def one_start(units: int, exposed: int) -> Panel:
    """Return a panel of which the first units start in month 49."""
    made = simulated_panel(1, [np.inf], units=units, periods=PERIODS)
    return replace(made, first=np.r_[np.full(exposed, 49.0), np.full(units - exposed, np.inf)])


def with_covariate(data: Panel) -> Panel:
    """Return the panel with something that varies between units and periods."""
    x = np.random.default_rng(2).normal(size=(1, *data.y.shape))
    return replace(data, covariates=x, names=("x",))


def dosed(units: int) -> object:
    """Return the effect of a dose that came in month 31."""
    data = one_start(units, 0)
    return dose_effect(data.y, np.outer(np.arange(float(units)), data.times > 30))


def bounds(data: Panel) -> object:
    """Return both kinds of sensitivity."""
    study = callaway_santanna(data).event_study
    return relative_magnitudes(study), smoothness(study, (0.0, 0.1))


def rows(units: int) -> object:
    """Return the effect from tidy rows, which are made before the clock starts."""
    names = {"unit": "enhet", "time": "periode", "y": "verdi", "first": "fra"}
    return register_effect(staggered(units).tidy().rename(columns=names))


METHODS: dict[str, tuple[Callable[[int], object], int]] = {
    "callaway_santanna, 12 starts": (lambda n: callaway_santanna(staggered(n)), 10_000),
    "callaway_santanna, 36 starts": (lambda n: callaway_santanna(staggered(n, 36)), 10_000),
    "callaway_santanna, covariate": (lambda n: callaway_santanna(with_covariate(staggered(n))), 10_000),
    "sun_abraham": (lambda n: sun_abraham(staggered(n)), 10_000),
    "imputation": (lambda n: imputation(staggered(n)), 10_000),
    "twfe": (lambda n: twfe(staggered(n)), 10_000),
    "panel_its, cluster": (lambda n: panel_its(one_start(n, n // 10)), 10_000),
    "panel_its, permutation": (lambda n: panel_its(one_start(n, 2), errors="permutation"), 10_000),
    "dose_effect": (dosed, 10_000),
    "both sensitivities": (lambda n: bounds(staggered(n)), 10_000),
    "register_effect": (rows, 10_000),
    "synthetic_did, 200 placebos": (lambda n: synthetic_did(one_start(n, 1)), 3000),
    "synthetic_panel, all placebos": (lambda n: synthetic_panel(one_start(n, 1)), 357),
}


def measure(method: str, units: int) -> str:
    """Run in this process and return processor seconds and megabytes."""
    began = time.process_time()
    METHODS[method][0](units)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return f"{time.process_time() - began:.1f} s, {peak:.0f} MB"


def main() -> None:
    """Print the table."""
    print(f"| method | {' | '.join(f'{n} × {PERIODS}' for n in SIZES)} |")
    print(f"|---|{'---|' * len(SIZES)}")
    for method, (_, most) in METHODS.items():
        cells = []
        for units in SIZES:
            call = [sys.executable, __file__, method, str(units)]
            done = (
                subprocess.run(call, capture_output=True, text=True, check=False) if units <= most else None
            )
            cells.append("–" if done is None else done.stdout.strip() or done.stderr.strip()[-80:])
        print(f"| {method} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    if len(sys.argv) > 2:
        print(measure(sys.argv[1], int(sys.argv[2])))
    else:
        main()
