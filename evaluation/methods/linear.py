"""Least squares, and the three standard errors that a time series gets: OLS, Newey-West, Prais-Winsten."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike
from statsmodels.regression.linear_model import OLS
from statsmodels.stats.sandwich_covariance import cov_hac

from evaluation.basis.estimate import Estimate, quantile, wald
from evaluation.basis.requirements import (
    Matrix,
    Reason,
    Vector,
    full_rank,
    matrix,
    refuse,
    same_length,
    strictly,
    vector,
    whole,
)


@dataclass(frozen=True, slots=True)
class LinearFit:
    """A fitted linear model.

    Attributes
    ----------
    names : tuple of str, length p
    coef : array, shape (p,)
    cov : array, shape (p, p)
        By `rule`.
    residuals : array, shape (n,)
        On the scale of the data.
    rss : float
    df : int
        n - p.
    rule : str
        The standard-error rule by name.
    values : array, shape (n,)
    design : array, shape (n, p)
        What it was fitted to.
    rho : float
        Autocorrelation that the rule removes; 0 for OLS and Newey-West.
    """

    names: tuple[str, ...]
    coef: Vector
    cov: Matrix
    residuals: Vector
    rss: float
    df: int
    rule: str
    values: Vector
    design: Matrix
    rho: float = 0.0

    @property
    def fitted(self) -> Vector:
        """The fitted values, shape (n,)."""
        return self.values - self.residuals

    def band(self, *, level: float = 0.95) -> tuple[Vector, Vector]:
        """Return the limits of the fitted values, shape (n,): of the line, not of new observations."""
        variance = np.einsum("ij,jk,ik->i", self.design, self.cov, self.design)
        half = quantile(level, float(self.df)) * np.sqrt(np.maximum(variance, 0.0))
        return self.fitted - half, self.fitted + half

    def combination(self, weights: dict[str, float], *, level: float = 0.95) -> Estimate:
        """Return a weighted sum of coefficients with its t interval, n − p degrees of freedom."""
        c = np.array([weights.get(name, 0.0) for name in self.names])
        value, se = float(c @ self.coef), math.sqrt(max(float(c @ self.cov @ c), 0.0))
        return wald(value, se, self.rule, df=self.df_of(c), level=level)

    def df_of(self, weights: Vector) -> float:
        """Return the degrees of freedom of a weighted sum of coefficients, weights of shape (p,): n − p."""
        return float(self.df)

    def settled(self, weights: Vector) -> bool:
        """Tell whether a weighted sum hangs on nothing but the data: always, but at a bound of a search."""
        return True

    def effect(self, name: str, *, level: float = 0.95) -> Estimate:
        """Return one coefficient."""
        return self.combination({name: 1.0}, level=level)


def ols(values: ArrayLike, design: Matrix, names: Sequence[str]) -> LinearFit:
    """Fit by ordinary least squares (QR on scaled columns).

    Parameters
    ----------
    values : array_like, shape (n,)
    design : array, shape (n, p)

    Examples
    --------
    >>> t = np.arange(4.0)
    >>> f = ols([1, 3, 5, 7.4], np.column_stack([np.ones(4), t]), ["konstant", "tid"])
    >>> round(f.effect("tid").value, 2)
    2.12
    """
    y, design = vector(values, "serien"), matrix(design, "modellen")
    same_length(serien=y, modell=design)
    full_rank(design, names)
    norms = np.linalg.norm(design, axis=0)
    with strictly("minste kvadrater"):
        result = OLS(y, design / norms).fit(method="qr")
        cov = np.asarray(result.cov_params()) / np.outer(norms, norms)
    df = y.size - design.shape[1]
    residuals = np.asarray(result.resid, dtype=float)
    rss = float(residuals @ residuals)
    coef = np.asarray(result.params) / norms
    return LinearFit(tuple(names), coef, cov, residuals, rss, df, "OLS, t(n−p)", y, design)


def default_lags(n: int) -> int:
    """Return Newey and West's (1994) lag truncation, at least 1.

    >>> default_lags(31), default_lags(120)
    (3, 4)
    """
    return max(1, int(4 * (n / 100) ** (2 / 9)))


def newey_west(
    values: ArrayLike, design: Matrix, names: Sequence[str], *, lags: int | None = None
) -> LinearFit:
    """Fit by OLS with Newey-West errors: Bartlett weights, times n/(n−p), with t(n−p).

    Notes
    -----
    Newey and West (1987), Econometrica 55: 703–708. In short series it rejects a true null far too
    often (22 % at 12 + 12 points), so it must never stand alone.
    """
    base = ols(values, design, names)
    n, p = base.design.shape
    used = default_lags(n) if lags is None else whole(lags, "antall tidssteg")
    norms = np.linalg.norm(base.design, axis=0)
    with strictly("Newey-West"):
        plain = OLS(base.values, base.design / norms).fit(method="qr")
        cov = np.asarray(cov_hac(plain, nlags=used, use_correction=False)) / np.outer(norms, norms)
    rule = f"Newey-West, {used} tidssteg, n/(n−p), t(n−p)"
    return replace(base, cov=cov * n / (n - p), rule=rule)


def prais_winsten(values: ArrayLike, design: Matrix, names: Sequence[str], *, most: int = 500) -> LinearFit:
    """Fit by feasible GLS for AR(1) errors that keeps the first point, iterated.

    Parameters
    ----------
    most : int
        Iterations before giving up.

    Raises
    ------
    AnalyseAvvist
        NO_CONVERGENCE if the autocorrelation does not settle or passes 0.98 (a random walk: the
        trend model itself does not hold); CONSTANT_SERIES if the line leaves no residuals.

    Notes
    -----
    Prais and Winsten (1954). Rho is the residuals' autocorrelation at lag one (Stata's ``tscorr``),
    which cannot leave the interval from −1 to 1 as the regression estimate does in short series.

    Examples
    --------
    >>> t = np.arange(8.0)
    >>> y = 2 * t + np.array([1, 0.8, 0.1, -0.6, -1, -0.5, 0.2, 0.9])
    >>> f = prais_winsten(y, np.column_stack([np.ones(8), t]), ["konstant", "tid"])
    >>> 0.4 < f.rho < 0.9
    True
    """
    base = ols(values, design, names)
    y, design = base.values, base.design
    if base.rss <= 1e-20 * max(float(y @ y), 1e-300):
        refuse(
            Reason.CONSTANT_SERIES, "modellen treffer hvert punkt, så det er ingen tilfeldig variasjon å måle"
        )
    rho, residuals = 0.0, base.residuals
    for _ in range(most):
        new = float(residuals[1:] @ residuals[:-1]) / float(residuals @ residuals)
        if new > 0.98:
            refuse(
                Reason.NO_CONVERGENCE,
                "avvikene følger hverandre så tett at trendmodellen ikke holder (autokorrelasjon over 0,98)",
            )
        first = math.sqrt(1 - new**2)
        y_star = np.concatenate([[first * y[0]], y[1:] - new * y[:-1]])
        x_star = np.vstack([first * design[:1], design[1:] - new * design[:-1]])
        fitted = ols(y_star, x_star, names)
        residuals = y - design @ fitted.coef
        if abs(new - rho) < 1e-10:
            rule = "Prais-Winsten, AR(1), t(n−p)"
            rss = float(residuals @ residuals)
            return replace(
                base, coef=fitted.coef, cov=fitted.cov, residuals=residuals, rss=rss, rule=rule, rho=new
            )
        rho = new
    return refuse(Reason.NO_CONVERGENCE, "Prais-Winsten fant ingen fast autokorrelasjon")
