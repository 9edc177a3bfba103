"""A likelihood's top is believed when it is reached from more than one side."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from analysis_lib.evaluation.refusal import Reason, refuse


def agreeing(attempts: Iterable[Callable[[], Any]], message: str, *, hint: str = "") -> list[Any]:
    """Return the fits that reached the highest log-likelihood, best first.

    Parameters
    ----------
    attempts : iterable of callable
        Each fits the same model from its own start or by its own search, and returns a result with `llf`.

    Raises
    ------
    AnalyseAvvist
        NO_CONVERGENCE with `message` if fewer than two attempts come within 0.001 of the highest.
    """
    found = []
    for attempt in attempts:
        with warnings.catch_warnings():
            # One attempt may fail or complain; what counts is that several agree on the top.
            warnings.simplefilter("ignore")
            try:
                fit = attempt()
            except (np.linalg.LinAlgError, ValueError):
                continue
        if math.isfinite(fit.llf):
            found.append(fit)
    found.sort(key=lambda fit: -fit.llf)
    top = [fit for fit in found if found[0].llf - fit.llf < 1e-3]
    if len(top) < 2:
        refuse(Reason.NO_CONVERGENCE, message, hint=hint)
    return top
