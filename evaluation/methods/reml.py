"""Least squares with AR(1) errors by restricted maximum likelihood, with errors fit for short series."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.linalg import toeplitz
from scipy.optimize import minimize_scalar

from evaluation.basis.requirements import Matrix, Reason, Vector, refuse, strictly
from evaluation.methods.linear import LinearFit, ols

_MOST = 0.98  # beyond this the errors are as good as a random walk
_NEARER = 0.999  # where a fit that ends at the bound is tried again
_SAME = 0.1  # of a standard error: what moves less than this does not hang on the bound


@dataclass(frozen=True, slots=True, kw_only=True)
class RemlFit(LinearFit):
    """A linear model with AR(1) errors.

    Attributes
    ----------
    plain : array, shape (p, p)
        Covariance as if the autocorrelation were known; `cov` adds what not knowing it costs.
    slopes : array, shape (2, p, p)
        Derivatives of `plain` by the variance and by the autocorrelation.
    uncertainty : array, shape (2, 2)
        Covariance of the two.
    beyond : tuple of arrays or None
        Coefficients and covariance nearer to a random walk, where the likelihood still rises at the bound of
        the search; None where its top lies inside.
    """

    plain: Matrix
    slopes: Matrix
    uncertainty: Matrix
    beyond: tuple[Vector, Matrix] | None = None

    def df_of(self, weights: Vector) -> float:
        """Return Satterthwaite's degrees of freedom of a weighted sum, at least 1."""
        variance = float(weights @ self.plain @ weights)
        slope = np.array([float(weights @ each @ weights) for each in self.slopes])
        return max(2 * variance**2 / float(slope @ self.uncertainty @ slope), 1.0)

    def settled(self, weights: Vector) -> bool:
        """Tell whether a weighted sum stays as it is when the bound of the autocorrelation is moved."""
        if self.beyond is None:
            return True
        coef, cov = self.beyond
        here, there = (math.sqrt(float(weights @ each @ weights)) for each in (self.cov, cov))
        moved = abs(float(weights @ (coef - self.coef)))
        return abs(there / here - 1) < _SAME and moved < _SAME * here


def reml_ar1(values: ArrayLike, design: Matrix, names: Sequence[str]) -> RemlFit:
    """Fit with AR(1) errors by restricted maximum likelihood.

    Parameters
    ----------
    values : array_like, shape (n,)
        In time order, one period apart.
    design : array, shape (n, p)

    Notes
    -----
    Cheang and Reinsel (2000), Journal of the American Statistical Association 95: 1173–1184, for the
    likelihood, which does not pull the autocorrelation towards zero in short series as residuals do;
    Turner et al. (2021), BMC Medical Research Methodology 21: 181, for its use in interrupted time
    series. The covariance is that of Harville and Jeske (1992), with Satterthwaite's degrees of freedom:
    Kenward and Roger (1997), Biometrics 53: 983–997, with first-order terms alone. The autocorrelation
    is searched on a grid and then refined, so there is no place to start from.

    Examples
    --------
    >>> from evaluation.methods.linear import prais_winsten
    >>> t = np.arange(12.0)
    >>> noise = [0.8, 0.5, 0.7, -0.2, -0.6, -0.9, -0.4, 0.1, 0.6, 0.2, -0.3, -0.5]
    >>> line = np.column_stack([np.ones(12), t])
    >>> fit, other = (f(2 * t + noise, line, ["konstant", "tid"]) for f in (reml_ar1, prais_winsten))
    >>> fit.rho > other.rho, fit.effect("tid").df < other.df, fit.effect("tid").se > other.effect("tid").se
    (True, True, True)
    """
    base = ols(values, design, names)
    scale = math.sqrt(base.rss / base.values.size)
    if base.rss <= 1e-20 * max(float(base.values @ base.values), 1e-300):
        refuse(
            Reason.CONSTANT_SERIES, "modellen treffer hvert punkt, så det er ingen tilfeldig variasjon å måle"
        )
    # Scaled residuals on orthonormal columns: the fit is then blind to units and to the origin of time.
    q, r = np.linalg.qr(base.design)
    with strictly("REML"):
        rho = _highest(base.residuals / scale, q)
        fit = _at(base.residuals / scale, q, rho)
        edge = abs(rho) > _MOST - 1e-6
        nearer = _at(base.residuals / scale, q, math.copysign(_NEARER, rho)) if edge else None
        back = np.linalg.inv(r)

    def own(cov: Matrix) -> Matrix:
        return np.asarray(back @ cov @ back.T) * scale**2

    coef = base.coef + back @ fit.coef * scale
    residuals = base.values - base.design @ coef
    return RemlFit(
        names=base.names,
        coef=coef,
        cov=own(fit.adjusted),
        residuals=residuals,
        rss=float(residuals @ residuals),
        df=base.df,
        rule="REML, AR(1), Kenward-Roger",
        values=base.values,
        design=base.design,
        rho=rho,
        plain=own(fit.plain),
        slopes=np.stack([own(each) for each in fit.slopes]),
        uncertainty=fit.uncertainty,
        beyond=None if nearer is None else (base.coef + back @ nearer.coef * scale, own(nearer.adjusted)),
    )


def planned(design: Matrix, weights: Vector, sd: float, rho: float) -> tuple[float, float]:
    """Return the standard error and degrees of freedom that a weighted sum will have on a design.

    Parameters
    ----------
    design : array, shape (n, p)
    weights : array, shape (p,)
    sd : float
        Standard deviation of the errors.
    rho : float
        Their autocorrelation.

    Examples
    --------
    >>> se, df = planned(np.ones((9, 1)), np.ones(1), 3.0, 0.0)
    >>> se > 1.0, df < 8
    (True, True)
    """
    q, r = np.linalg.qr(design)
    own = np.linalg.solve(r.T, weights)
    with strictly("REML"):
        plain, adjusted, slopes, uncertainty = _spread(q, rho, sd**2 * (1 - rho**2))
    variance, slope = float(own @ plain @ own), np.array([float(own @ each @ own) for each in slopes])
    df = max(2 * variance**2 / float(slope @ uncertainty @ slope), 1.0)
    return math.sqrt(float(own @ adjusted @ own)), df


def _whitened(columns: Matrix, rho: float) -> Matrix:
    """Return rows whose errors are independent, first point kept."""
    return np.concatenate([math.sqrt(1 - rho**2) * columns[:1], columns[1:] - rho * columns[:-1]])


def _minus_likelihood(rho: float, y: Vector, x: Matrix) -> float:
    """Return minus the restricted log-likelihood, the variance concentrated out, but for a constant."""
    n, p = x.shape
    target, design = _whitened(y, rho), _whitened(x, rho)
    gram = design.T @ design
    residuals = target - design @ np.linalg.solve(gram, design.T @ target)
    determinant = float(np.linalg.slogdet(gram)[1]) - math.log(1 - rho * rho)
    return float(0.5 * (determinant + (n - p) * math.log(float(residuals @ residuals))))


def _highest(y: Vector, x: Matrix) -> float:
    grid = np.linspace(-_MOST, _MOST, 50)
    depth = [_minus_likelihood(float(rho), y, x) for rho in grid]
    best = int(np.argmin(depth))
    ends = (float(grid[max(best - 1, 0)]), float(grid[min(best + 1, grid.size - 1)]))
    found = minimize_scalar(
        _minus_likelihood, bounds=ends, args=(y, x), method="bounded", options={"xatol": 1e-10}
    )
    return float(found.x)


@dataclass(frozen=True, slots=True)
class _Fit:
    coef: Vector
    plain: Matrix
    adjusted: Matrix
    slopes: list[Matrix]
    uncertainty: Matrix


def _at(y: Vector, x: Matrix, rho: float) -> _Fit:
    """Return the fit at an autocorrelation, and what its covariance would gain by knowing it."""
    n, p = x.shape
    precision = np.linalg.inv(toeplitz(rho ** np.arange(n) / (1 - rho**2)))
    coef = np.asarray(np.linalg.solve(x.T @ precision @ x, x.T @ precision @ y), dtype=float)
    residuals = y - x @ coef
    return _Fit(coef, *_spread(x, rho, float(residuals @ precision @ residuals) / (n - p)))


def _spread(x: Matrix, rho: float, variance: float) -> tuple[Matrix, Matrix, list[Matrix], Matrix]:
    """Return Kenward and Roger's terms of the coefficients' covariance, given that of the errors.

    The two parameters of the covariance are the variance of the shocks and the autocorrelation.
    """
    n, p = x.shape
    lags = np.arange(n)
    shape = rho**lags / (1 - rho**2)
    by_rho = lags * rho ** np.maximum(lags - 1, 0) / (1 - rho**2) + 2 * rho / (1 - rho**2) * shape
    inverse = np.linalg.inv(variance * toeplitz(shape))
    plain = np.linalg.inv(x.T @ inverse @ x)
    changes = [toeplitz(shape), variance * toeplitz(by_rho)]
    hat = inverse - inverse @ x @ plain @ x.T @ inverse
    pairs = list(product(range(2), repeat=2))
    information = np.array(
        [0.5 * float(np.sum((hat @ changes[i]) * (hat @ changes[j]).T)) for i, j in pairs]
    ).reshape(2, 2)
    uncertainty = np.asarray(np.linalg.inv(information))
    first = [x.T @ inverse @ change @ inverse @ x for change in changes]
    loss = np.zeros((p, p))
    for i, j in pairs:
        second = x.T @ inverse @ changes[i] @ inverse @ changes[j] @ inverse @ x
        loss += uncertainty[i, j] * (second - first[i] @ plain @ first[j])
    adjusted = plain + 2 * plain @ loss @ plain
    return np.asarray(plain), np.asarray(adjusted), [plain @ each @ plain for each in first], uncertainty


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
