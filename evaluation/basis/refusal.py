"""Why an analysis may be refused, and the one way of doing it."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import NoReturn

import numpy as np

from analysis_lib.errors import AnalyseAvvist
from analysis_lib.indicators import breaks


class Reason(StrEnum):
    """The reasons for a refusal; the text is stable and may be stored."""

    TOO_FEW_POINTS = "for få punkter"
    TOO_FEW_EVENTS = "for få hendelser"
    TOO_FEW_UNITS = "for få enheter"
    ZERO_EXPOSURE = "null eksponering"
    CONSTANT_SERIES = "konstant serie"
    MISSING_VALUE = "manglende verdi"
    INVALID_VALUE = "ugyldig verdi"
    GAP = "hull i serien"
    DUPLICATE_PERIOD = "dobbel periode"
    START_OUTSIDE = "oppstart utenfor data"
    ALL_TREATED = "alle er eksponert"
    NONE_TREATED = "ingen er eksponert"
    NOT_ABSORBING = "eksponering som opphører"
    UNBALANCED = "ubalansert panel"
    SEPARATION = "separasjon"
    COLLINEAR = "kollineære forklaringsvariabler"
    NOT_IDENTIFIED = "ikke identifisert"
    NO_CONVERGENCE = "ingen konvergens"
    MISSING_N = "antall svar mangler"
    CAUSAL_WORDS = "årsaksord uten dekning"
    INCOMPLETE = "ufullstendig vurdering"
    SERIES_BREAK = breaks.REASON
    NOT_YET = "tallene finnes ikke ennå"


def refuse(reason: Reason, message: str, *, where: str = "", hint: str = "") -> NoReturn:
    """Raise the refusal.

    Raises
    ------
    AnalyseAvvist
        Always.

    Examples
    --------
    >>> try:
    ...     refuse(Reason.GAP, "mars 2026 mangler")
    ... except AnalyseAvvist as refusal:
    ...     print(refusal.reason, "|", refusal)
    hull i serien | mars 2026 mangler
    """
    raise AnalyseAvvist(message, reason=str(reason), where=where, hint=hint)


@contextmanager
def strictly(method: str) -> Iterator[None]:
    """Turn every warning and numerical failure inside the block into a refusal.

    A library that warns and returns a number anyway must not reach the page: the warning would be
    hidden in a log.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            yield
        except (Warning, np.linalg.LinAlgError, FloatingPointError, OverflowError) as problem:
            raise AnalyseAvvist(
                f"{method}: beregningen ga ikke et pålitelig svar ({type(problem).__name__}: {problem})",
                reason=str(Reason.NO_CONVERGENCE),
                hint="Forenkle modellen eller skaff flere punkter.",
            ) from problem
