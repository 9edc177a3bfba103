"""Estimates under one another, as an analyst wants to read them."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis_lib.evaluation.estimate import Estimate
from analysis_lib.evaluation.wording import number


def side_by_side(estimates: Mapping[str, Estimate], *, decimals: int = 2) -> pd.DataFrame:
    """Return estimates as a table with one row each: value, interval, and the rule that made it.

    Examples
    --------
    >>> from analysis_lib.evaluation.rates import byar, garwood
    >>> print(side_by_side({"eksakt": garwood(4), "Byar": byar(4)}, decimals=1))
           anslag nedre  øvre             regel
    eksakt    4,0   1,1  10,2  eksakt (Garwood)
    Byar      4,0   1,1  10,2              Byar
    """
    return pd.DataFrame(
        {
            "anslag": [number(e.value, decimals) for e in estimates.values()],
            "nedre": [number(e.low, decimals) for e in estimates.values()],
            "øvre": [number(e.high, decimals) for e in estimates.values()],
            "regel": [e.rule for e in estimates.values()],
        },
        index=list(estimates),
    )
