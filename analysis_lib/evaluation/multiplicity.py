"""Several tests at once: Holm for «is anything there», Benjamini-Hochberg for «which ones»."""

from __future__ import annotations

from dataclasses import dataclass

from numpy.typing import ArrayLike
from statsmodels.stats.multitest import multipletests

from analysis_lib.evaluation.checks import at_least, choice, probability, vector
from analysis_lib.evaluation.refusal import Reason, refuse

_METHODS = {"holm": "Holm", "fdr_bh": "Benjamini-Hochberg", "bonferroni": "Bonferroni"}


@dataclass(frozen=True, slots=True)
class Adjusted:
    """Adjusted p-values in the order they came in, and which are rejected."""

    p: tuple[float, ...]
    rejected: tuple[bool, ...]
    level: float
    rule: str


def adjust(p_values: ArrayLike, method: str = "holm", *, level: float = 0.05) -> Adjusted:
    """Return adjusted p-values.

    Parameters
    ----------
    p_values : array_like, shape (m,)
        All the p-values of the family, also those not reported.
    method : {"holm", "fdr_bh", "bonferroni"}
        Holm (1979), Benjamini and Hochberg (1995), or Bonferroni.

    Raises
    ------
    AnalyseAvvist
        INVALID_VALUE if a p-value lies outside 0 to 1, or the method is unknown;
        MISSING_VALUE if one is absent.

    Examples
    --------
    >>> adjust([0.01, 0.02, 0.30]).p
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
