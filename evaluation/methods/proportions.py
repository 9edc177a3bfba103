"""Proportions and their differences, two tests for small surveys, and several tests at once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from evaluation.basis.estimate import Estimate
from evaluation.basis.requirements import (
    Reason,
    at_least,
    choice,
    counts_matrix,
    counts_vector,
    probability,
    refuse,
    same_length,
    vector,
    whole,
)


@dataclass(frozen=True, slots=True)
class TestResult:
    """A test statistic with its degrees of freedom and p-value."""

    __test__ = False

    statistic: float
    df: float
    p: float
    rule: str


def _checked(count: int, n: int | None) -> tuple[int, int]:
    """Return a count and the number it is of, or refuse them."""
    if n is None or (np.ndim(n) == 0 and (pd.isna(n) or n == 0)):
        refuse(Reason.MISSING_N, "antall svar (n) mangler", hint="En andel uten n kan ikke vurderes.")
    answers = whole(n, "antall svar (n)", least=1)
    found = whole(count, "antallet")
    if found > answers:
        refuse(Reason.INVALID_VALUE, "antallet ligger ikke mellom 0 og n")
    return found, answers


def wilson(count: int, n: int | None, *, level: float = 0.95) -> Estimate:
    """Return a proportion with Wilson's score interval (Wilson 1927; Newcombe 1998a, method 3).

    Raises
    ------
    AnalyseAvvist
        MISSING_N without n; INVALID_VALUE if the count is outside 0 to n.

    Examples
    --------
    >>> e = wilson(81, 263)
    >>> round(e.low, 4), round(e.high, 4)
    (0.2553, 0.3662)
    """
    count, n = _checked(count, n)
    low, high = proportion_confint(count, n, alpha=1 - probability(level), method="wilson")
    return Estimate(count / n, math.nan, max(float(low), 0.0), min(float(high), 1.0), "Wilson", level=level)


def newcombe(count: int, n: int | None, other: int, other_n: int | None, *, level: float = 0.95) -> Estimate:
    """Return the difference of two independent proportions (Newcombe 1998b, method 10).

    Examples
    --------
    >>> e = newcombe(56, 70, 48, 80)
    >>> round(e.value, 4), round(e.low, 4), round(e.high, 4)
    (0.2, 0.0524, 0.3339)
    """
    count, n = _checked(count, n)
    other, other_n = _checked(other, other_n)
    low, high = confint_proportions_2indep(
        count, n, other, other_n, method="newcomb", compare="diff", alpha=1 - probability(level)
    )
    rule = "Newcombe (metode 10)"
    return Estimate(count / n - other / other_n, math.nan, float(low), float(high), rule, level=level)


def independence_test(table: Sequence[Sequence[int]]) -> TestResult:
    """Return Pearson's chi-squared test of independence, without continuity correction.

    Raises
    ------
    AnalyseAvvist
        TOO_FEW_EVENTS if an expected count is below 5 in more than a fifth of the cells or below 1
        in any (Cochran 1954): the distribution of the statistic is then unknown.

    Examples
    --------
    >>> round(independence_test([[762, 327, 468], [484, 239, 477]]).statistic, 4)
    30.0701
    """
    cells = counts_matrix(table, "antall")
    if min(cells.shape) < 2:
        refuse(Reason.INVALID_VALUE, "tabellen må ha minst to rader og to kolonner")
    if (cells.sum(0) == 0).any() or (cells.sum(1) == 0).any():
        refuse(Reason.TOO_FEW_EVENTS, "en rad eller kolonne er tom")
    result = stats.chi2_contingency(cells, correction=False)
    expected = np.asarray(result.expected_freq)
    if (expected < 1).any() or (expected < 5).mean() > 0.2:
        refuse(
            Reason.TOO_FEW_EVENTS,
            "for små forventede antall til kjikvadrattesten",
            hint="Slå sammen grupper.",
        )
    return TestResult(float(result.statistic), float(result.dof), float(result.pvalue), "Pearsons kjikvadrat")


def trend_test(counts: ArrayLike, n: ArrayLike, scores: ArrayLike | None = None) -> TestResult:
    """Return the chi-squared test for trend in proportions (Armitage 1955).

    Parameters
    ----------
    counts, n : array_like, shape (k,)
        Successes and answers in k ordered groups.
    scores : array_like, shape (k,), optional
        The groups' positions; 1 … k by default.

    Examples
    --------
    >>> round(trend_test([83, 90, 129, 70], [86, 93, 136, 82]).statistic, 6)
    8.224922
    """
    x, total = counts_vector(counts), counts_vector(n, "n")
    if (total <= 0).any():
        refuse(Reason.MISSING_N, "antall svar (n) mangler i en gruppe")
    k = same_length(counts=x, n=total)
    position = np.arange(1.0, k + 1) if scores is None else vector(scores, "skår")
    same_length(counts=x, scores=position)
    if (x > total).any():
        refuse(Reason.INVALID_VALUE, "et antall er større enn n")
    p = float(x.sum() / total.sum())
    centred = position - float(np.average(position, weights=total))
    spread = float(p * (1 - p) * (total * centred**2).sum())
    if k < 2 or spread <= 0:
        refuse(
            Reason.CONSTANT_SERIES, "andelene eller gruppene varierer ikke, så det finnes ingen trend å prøve"
        )
    statistic = float((x * centred).sum()) ** 2 / spread
    return TestResult(statistic, 1.0, float(stats.chi2.sf(statistic, 1)), "kjikvadrat for trend (Armitage)")


_METHODS = {"holm": "Holm", "fdr_bh": "Benjamini-Hochberg", "bonferroni": "Bonferroni"}


@dataclass(frozen=True, slots=True)
class Adjusted:
    """Adjusted p-values in the order they came in, and which are rejected."""

    p: tuple[float, ...]
    rejected: tuple[bool, ...]
    level: float
    rule: str


def adjust_p_values(p_values: ArrayLike, method: str = "holm", *, level: float = 0.05) -> Adjusted:
    """Return adjusted p-values.

    Parameters
    ----------
    p_values : array_like, shape (m,)
        All the p-values of the family, also those not reported.
    method : {"holm", "fdr_bh", "bonferroni"}
        Holm (1979), Benjamini and Hochberg (1995), or Bonferroni.

    Examples
    --------
    >>> adjust_p_values([0.01, 0.02, 0.30]).p
    (0.03, 0.04, 0.3)
    """
    p = vector(p_values, "p-verdier")
    at_least(p.size, 1, "p-verdier")
    if ((p < 0) | (p > 1)).any():
        refuse(Reason.INVALID_VALUE, "en p-verdi ligger ikke mellom 0 og 1")
    method = choice(method, _METHODS, "metoden")
    rejected, adjusted, _, _ = multipletests(p, alpha=probability(level, "nivået"), method=method)
    return Adjusted(
        tuple(float(x) for x in adjusted), tuple(bool(x) for x in rejected), level, _METHODS[method]
    )
