"""An estimate is never a bare number: it carries its interval and the rule that made it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy import stats

from evaluation.basis.requirements import Reason, probability, refuse


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its uncertainty.

    Attributes
    ----------
    value : float
        The point estimate, in the unit of the method.
    se : float
        Standard error on the scale of estimation (log for ratios); NaN for exact intervals.
    low, high : float
        Ends of the interval.
    rule : str
        How the interval was made, by name.
    df : float
        Degrees of freedom of the t quantile; infinite for normal quantiles and exact intervals.
    level : float
        Coverage that the interval aims at.
    ratio : bool
        True for a ratio, estimated on the log scale: no effect is then 1.
    """

    value: float
    se: float
    low: float
    high: float
    rule: str
    df: float = math.inf
    level: float = 0.95
    ratio: bool = False

    @property
    def sure(self) -> bool:
        """True where the interval leaves no effect out: 0, or 1 for a ratio."""
        return not self.low <= float(self.ratio) <= self.high

    @property
    def p(self) -> float:
        """Two-sided p-value of no effect by the rule's own t or normal distribution (NaN if exact)."""
        if math.isnan(self.se) or self.se == 0:
            return math.nan
        centre = math.log(self.value) if self.ratio else self.value
        return float(2 * stats.t.sf(abs(centre / self.se), self.df))


def quantile(level: float, df: float = math.inf) -> float:
    """Return the two-sided t (or normal) quantile; INVALID_VALUE for a level outside 0 to 1.

    >>> round(quantile(0.95), 3), round(quantile(0.95, 3), 3)
    (1.96, 3.182)
    """
    return float(stats.t.ppf((1 + probability(level)) / 2, df))


def wald(value: float, se: float, rule: str, *, df: float = math.inf, level: float = 0.95) -> Estimate:
    """Return ``value ± quantile · se``.

    >>> e = wald(2.0, 1.0, "OLS")
    >>> round(e.low, 2), round(e.high, 2)
    (0.04, 3.96)
    """
    half = quantile(level, df) * se
    return Estimate(float(value), float(se), float(value - half), float(value + half), rule, df, level)


def ratio_of(log_value: float) -> float:
    """Return the ratio, or refuse one beyond all numbers (NOT_IDENTIFIED).

    >>> ratio_of(0.0)
    1.0
    """
    if not abs(log_value) <= 700:
        refuse(Reason.NOT_IDENTIFIED, "forholdstallet er så usikkert at det ikke har noen ende")
    return math.exp(log_value)


def exp_wald(
    log_value: float, se: float, rule: str, *, df: float = math.inf, level: float = 0.95
) -> Estimate:
    """Return the ratio ``exp(log_value)`` with its interval made on the log scale.

    Raises
    ------
    AnalyseAvvist
        NOT_IDENTIFIED if an end of the interval is beyond all numbers.

    Examples
    --------
    >>> e = exp_wald(0.0, 0.1, "kvasi-Poisson")
    >>> e.value, round(e.high, 3), e.rule
    (1.0, 1.217, 'log: kvasi-Poisson')
    """
    half = quantile(level, df) * se
    return Estimate(
        ratio_of(log_value),
        float(se),
        ratio_of(log_value - half),
        ratio_of(log_value + half),
        f"log: {rule}",
        df,
        level,
        ratio=True,
    )
