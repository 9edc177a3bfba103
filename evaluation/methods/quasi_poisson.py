"""Log-linear regression of counts with a log-exposure offset and a free dispersion."""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats
from scipy.optimize import linprog
from statsmodels.genmod.families import Poisson
from statsmodels.genmod.generalized_linear_model import GLM
from statsmodels.tools.sm_exceptions import PerfectSeparationWarning

from evaluation.basis.estimate import Estimate, exp_wald, quantile, wald
from evaluation.basis.requirements import (
    Matrix,
    Reason,
    Vector,
    choice,
    counts_vector,
    full_rank,
    matrix,
    positive,
    refuse,
    same_length,
    strictly,
)
from evaluation.methods.proportions import TestResult


@dataclass(frozen=True, slots=True)
class CountFit:
    """A fitted log-linear model.

    Attributes
    ----------
    names : tuple of str, length p
    coef : array, shape (p,)
        On the log scale.
    cov_poisson : array, shape (p, p)
        Covariance with the dispersion fixed at 1.
    dispersion : float
        Pearson chi-squared over residual degrees of freedom, as estimated.
    deviance : float
    df : int
        Residual degrees of freedom, n - p.
    fitted, pearson : array, shape (n,)
        Expected counts, and Pearson residuals.
    counts, exposure : array, shape (n,)
    design : array, shape (n, p)
        What it was fitted to.
    """

    names: tuple[str, ...]
    coef: Vector
    cov_poisson: Matrix
    dispersion: float
    deviance: float
    df: int
    fitted: Vector
    pearson: Vector
    counts: Vector
    exposure: Vector
    design: Matrix

    def se(self, name: str, *, model: str = "quasi") -> float:
        """Return a standard error: "quasi", "poisson", or "floored" (dispersion at least 1)."""
        place = self.names.index(name)
        return math.sqrt(self.cov_poisson[place, place] * self._scale(model))

    def log_effect(
        self, name: str, *, model: str = "quasi", quantiles: str = "t", level: float = 0.95
    ) -> Estimate:
        """Return a coefficient with its interval on the log scale."""
        df = self._df(quantiles)
        return wald(
            self._value(name), self.se(name, model=model), _rule(model, quantiles), df=df, level=level
        )

    def ratio(
        self,
        name: str,
        *,
        model: str = "quasi",
        quantiles: str = "t",
        level: float = 0.95,
        times: float = 1.0,
    ) -> Estimate:
        """Return ``exp(times · coefficient)``, a rate ratio."""
        df = self._df(quantiles)
        se = abs(times) * self.se(name, model=model)
        return exp_wald(times * self._value(name), se, _rule(model, quantiles), df=df, level=level)

    def band(self, *, model: str = "floored", level: float = 0.95) -> tuple[Vector, Vector]:
        """Return the limits of the expected counts, shape (n,): of the line, not of new observations."""
        variance = np.einsum("ij,jk,ik->i", self.design, self.cov_poisson, self.design)
        factor = np.exp(quantile(level, float(self.df)) * np.sqrt(variance * self._scale(model)))
        return self.fitted / factor, self.fitted * factor

    def _scale(self, model: str) -> float:
        scales = {"quasi": self.dispersion, "poisson": 1.0, "floored": max(self.dispersion, 1.0)}
        return scales[choice(model, scales, "modellen")]

    def _df(self, quantiles: str) -> float:
        return float(self.df) if choice(quantiles, ("t", "normal"), "kvantilene") == "t" else math.inf

    def _value(self, name: str) -> float:
        return float(self.coef[self.names.index(name)])

    def goodness_of_fit(self) -> TestResult:
        """Return the deviance test of Poisson variation about the fitted line."""
        p = float(stats.chi2.sf(self.deviance, self.df))
        return TestResult(self.deviance, float(self.df), p, "avvik mot kjikvadrat")


def _rule(model: str, quantiles: str) -> str:
    name = {"quasi": "kvasi-Poisson", "poisson": "Poisson", "floored": "kvasi-Poisson, spredning minst 1"}[
        model
    ]
    return f"{name}, {'t(n−p)' if quantiles == 't' else 'normalkvantil'}"


def separated(counts: Vector, design: Matrix) -> bool:
    """Tell whether some coefficient runs off to infinity (Correia, Guimarães and Zylkin 2019).

    That is so if a combination of the columns is zero wherever something happened and never
    positive, but not always zero, where nothing happened.

    >>> step = np.array([[1.0, 0.0], [1.0, 0.0], [1.0, 1.0], [1.0, 1.0]])
    >>> separated(np.array([5.0, 6.0, 0.0, 0.0]), step), separated(np.array([5.0, 6.0, 0.0, 1.0]), step)
    (True, False)
    """
    empty = counts == 0
    if not empty.any():
        return False
    scaled = design / np.abs(design).max(axis=0)
    found = linprog(
        scaled[empty].sum(axis=0),
        A_ub=scaled[empty],
        b_ub=np.zeros(int(empty.sum())),
        A_eq=scaled[~empty] if (~empty).any() else None,
        b_eq=np.zeros(int((~empty).sum())) if (~empty).any() else None,
        bounds=(-1, 1),
        method="highs",
    )
    return bool(found.status == 0 and float(found.fun or 0.0) < -1e-7)


def fit(counts: ArrayLike, exposure: ArrayLike, design: Matrix, names: Sequence[str]) -> CountFit:
    """Fit ``log E(counts) = log(exposure) + design · coef``.

    Parameters
    ----------
    counts, exposure : array_like, shape (n,)
    design : array, shape (n, p)
        With its constant.
    names : sequence of str, length p

    Raises
    ------
    AnalyseAvvist
        TOO_FEW_EVENTS where there are none at all; SEPARATION.

    Notes
    -----
    McCullagh and Nelder (1989), chapters 6 and 9. Columns are centred and scaled before fitting, so
    the answer does not depend on the units of time or exposure; exposure is scaled by its mean.

    Examples
    --------
    >>> line = np.column_stack([np.ones(4), np.arange(4)])
    >>> f = fit([10, 20, 40, 80], [1, 1, 1, 1], line, ["konstant", "tid"])
    >>> round(float(np.exp(f.coef[1])), 6)
    2.0
    """
    y, e, design = counts_vector(counts), positive(exposure), matrix(design, "modellen")
    same_length(antall=y, eksponering=e, modell=design)
    if y.sum() == 0:
        refuse(Reason.TOO_FEW_EVENTS, "ingen hendelser i serien")
    full_rank(design, names)
    if separated(y, design):
        refuse(
            Reason.SEPARATION,
            "en gruppe eller periode er helt uten hendelser, så et forholdstall blir uendelig",
            hint="Bruk eksakte rater for de to periodene.",
        )
    # QR gives orthonormal columns: the fit is then blind to the scale and origin of time.
    q, r = np.linalg.qr(design)
    with strictly("kvasi-Poisson"):
        # Separation is ruled out exactly above; the library also warns of a mere perfect fit.
        warnings.simplefilter("ignore", PerfectSeparationWarning)
        result = GLM(y, q, family=Poisson(), offset=np.log(e / e.mean())).fit(
            maxiter=200,
            tol_criterion="deviance",
            # The deviance of large counts carries rounding of their own size.
            atol=1e-10 + 1e-14 * float(y.sum()),
            rtol=1e-11,
        )
    if not result.converged:
        refuse(Reason.NO_CONVERGENCE, "kvasi-Poisson fant ingen løsning")
    back = np.linalg.inv(r)
    coef = back @ result.params
    # The offset was divided by its mean; the constant takes that back.
    level = np.full(y.size, -math.log(e.mean()))
    shift = np.linalg.lstsq(design, level, rcond=None)[0]
    if not np.allclose(design @ shift, level):
        raise ValueError("the design needs a constant, or columns that add up to one")
    df = int(y.size - design.shape[1])
    return CountFit(
        names=tuple(names),
        coef=coef + shift,
        cov_poisson=back @ np.asarray(result.cov_params()) @ back.T,
        dispersion=float(result.pearson_chi2) / df,
        deviance=float(result.deviance),
        df=df,
        fitted=np.asarray(result.fittedvalues, dtype=float),
        pearson=np.asarray(result.resid_pearson, dtype=float),
        counts=y,
        exposure=e,
        design=design,
    )


def compare(smaller: CountFit, larger: CountFit) -> TestResult:
    """Return the quasi-likelihood F test of nested models, dispersion from the larger.

    >>> line = np.column_stack([np.ones(6), np.arange(6.0)])
    >>> y = [10, 13, 15, 22, 25, 36]
    >>> test = compare(fit(y, np.ones(6), line[:, :1], ["a"]), fit(y, np.ones(6), line, ["a", "b"]))
    >>> test.p < 0.001
    True
    """
    steps = smaller.df - larger.df
    if steps < 1:
        raise ValueError("the second model must have more parameters than the first")
    if larger.dispersion < 1e-12:
        refuse(
            Reason.CONSTANT_SERIES,
            "den største modellen treffer hvert punkt, så det er ingen spredning igjen",
        )
    statistic = (smaller.deviance - larger.deviance) / steps / larger.dispersion
    return TestResult(statistic, float(steps), float(stats.f.sf(statistic, steps, larger.df)), "kvasi-F")
