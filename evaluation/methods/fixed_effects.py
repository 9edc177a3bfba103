"""Unit and period effects in a balanced panel, clustered by unit; effects by imputation as a check."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from statsmodels.stats.sandwich_covariance import S_hac_simple

from evaluation.basis.estimate import Estimate, wald
from evaluation.basis.requirements import Matrix, Reason, Vector, choice, full_rank, refuse, strictly, whole
from evaluation.methods.panel import Panel, needs_cohorts


@dataclass(frozen=True, slots=True)
class PanelFit:
    """A two-way fixed-effects regression.

    Attributes
    ----------
    names : tuple of str, length p
    coef : array, shape (p,)
    cov : array, shape (p, p)
        After the small-sample factor.
    residuals : array, shape (N, T)
    clusters : int
        Groups whose sums are taken as independent: units, or periods.
    factor : float
        The small-sample factor on the covariance.
    rule : str
    """

    names: tuple[str, ...]
    coef: Vector
    cov: Matrix
    residuals: Matrix
    clusters: int
    factor: float
    rule: str

    def combination(self, weights: Vector, *, level: float = 0.95) -> Estimate:
        """Return a weighted sum of coefficients, weights of shape (p,), with t(G−1)."""
        se = math.sqrt(max(float(weights @ self.cov @ weights), 0.0))
        return wald(float(weights @ self.coef), se, self.rule, df=float(self.clusters - 1), level=level)

    def effect(self, name: str, *, level: float = 0.95) -> Estimate:
        """Return one coefficient."""
        return self.combination(np.array([float(name == each) for each in self.names]), level=level)


DK = "Driscoll-Kraay, {lags} tidssteg, T/(T−1)·(n−1)/(n−k), k uten enhetseffekter, t(T−1)"
CR1 = "CR1 klynget på enhet, G/(G−1)·(n−1)/(n−k), k uten enhetseffekter, t(G−1)"


def within(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Take unit and period means out of the last two axes (exact in a balanced panel).

    >>> within(np.array([[1.0, 2.0], [3.0, 4.0]])).tolist()
    [[0.0, 0.0], [0.0, 0.0]]
    """
    rows = values.mean(axis=-1, keepdims=True)
    columns = values.mean(axis=-2, keepdims=True)
    grand = values.mean(axis=(-1, -2), keepdims=True)
    return np.asarray(values - rows - columns + grand)


def fixed_effects(
    y: Matrix,
    columns: NDArray[np.float64],
    names: Sequence[str],
    *,
    errors: str = "cluster",
    lags: int | None = None,
) -> PanelFit:
    """Regress `y` on `columns` with unit and period effects.

    Parameters
    ----------
    y : array, shape (N, T)
    columns : array, shape (p, N, T)
    names : sequence of str, length p
    errors : {"cluster", "driscoll-kraay"}
        Clustered by unit, or robust to what units share and to autocorrelation of what they share.
    lags : int, optional
        Of Driscoll and Kraay (Bartlett weights); ⌊4(T/100)^(2/9)⌋ if not given.

    Raises
    ------
    AnalyseAvvist
        TOO_FEW_UNITS below three units; COLLINEAR; CONSTANT_SERIES where the columns explain everything.

    Notes
    -----
    Covariance CR1: ``G/(G−1) · (n−1)/(n−k)``, where k counts the coefficients and the period effects
    but not the unit effects, which are nested in the clusters (as fixest's default; Stata's areg and
    xtreg count otherwise, which is why the rule is printed). Driscoll and Kraay (1998), Review of Economics
    and Statistics 80: 549–560, with ``T/(T−1) · (n−1)/(n−k)`` and t(T−1) after Hoechle (2007). Clustered
    errors are not to be used with a handful of exposed units, nor Driscoll-Kraay with few periods.

    Examples
    --------
    >>> y = np.array([[1.0, 2.0, 6.0], [0.0, 1.2, 2.0], [3.0, 4.1, 4.9]])
    >>> d = np.array([[[0, 0, 1], [0, 0, 0], [0, 0, 0.0]]])
    >>> round(fixed_effects(y, d, ["d"]).effect("d").value, 3)
    3.125
    """
    units, periods = y.shape
    if units < 3:
        refuse(Reason.TOO_FEW_UNITS, f"{units} enheter er for få til klyngerobuste feil")
    design = within(columns).reshape(len(names), -1).T
    target = within(y).ravel()
    _varies(columns, design)
    full_rank(design, names)
    q, r = np.linalg.qr(design)
    back = np.linalg.inv(r)
    coef = back @ (q.T @ target)
    residuals = target - design @ coef
    if float(np.abs(residuals).max()) <= 1e-12 * max(float(np.abs(y).max()), 1e-300):
        refuse(Reason.CONSTANT_SERIES, "modellen går gjennom hvert punkt, så det er ingen usikkerhet å måle")
    scores = (q * residuals[:, None]).reshape(units, periods, -1)
    if choice(errors, ("cluster", "driscoll-kraay"), "feilene") == "cluster":
        groups, summed, rule = units, scores.sum(axis=1), CR1
        inner = summed.T @ summed
    else:
        steps = math.floor(4 * (periods / 100) ** (2 / 9)) if lags is None else whole(lags, "tidssteg")
        if steps >= periods:
            refuse(Reason.TOO_FEW_POINTS, f"{periods} perioder er for få til {steps} tidssteg")
        groups, rule = periods, DK.format(lags=steps)
        inner = S_hac_simple(scores.sum(axis=0), nlags=steps)
    n, k = y.size, len(names) + periods
    factor = groups / (groups - 1) * (n - 1) / (n - k)
    cov = back @ inner @ back.T * factor
    return PanelFit(tuple(names), coef, cov, residuals.reshape(y.shape), groups, factor, rule)


@dataclass(frozen=True, slots=True)
class Saturated:
    """Effects of every cohort and period against the never exposed, covariates taken out.

    Attributes
    ----------
    data : Panel
    cells : tuple of (int, int)
        Cohort, and periods since its start; −1 is the reference.
    beta : array, shape (K,)
        Coefficients of the covariates.
    moved : array, shape (N, T)
        Outcomes less covariates.
    residuals : array, shape (N, T)
    of_beta : array, shape (K, N)
        Each unit's part in the error of `beta`.
    factor : float
        The small-sample factor of the covariance.
    """

    data: Panel
    cells: tuple[tuple[int, int], ...]
    beta: Vector
    moved: Matrix
    residuals: Matrix
    of_beta: Matrix
    factor: float

    def mean(self, weights: Vector, *, level: float = 0.95) -> Estimate:
        """Return a weighted sum of the effects, weights of shape (len(cells),)."""
        rows = self._rows(weights)
        value = float(self._by_unit(rows, self.moved).sum())
        drift = np.array([self._by_unit(rows, x).sum() for x in self.data.covariates])
        return self._wald(value, self._by_unit(rows, self.residuals) - drift @ self.of_beta, level)

    def covariate(self, place: int, *, level: float = 0.95) -> Estimate:
        """Return the coefficient of one covariate."""
        return self._wald(float(self.beta[place]), self.of_beta[place], level)

    def _rows(self, weights: Vector) -> dict[int, Vector]:
        """Return what each period of each cohort weighs in a sum of effects, shape (T,)."""
        start = int(self.data.times[0])
        rows = {g: np.zeros(self.data.times.size) for g in self.data.cohorts}
        for (g, since), weight in zip(self.cells, weights, strict=True):
            rows[g][g + since - start] += weight
            rows[g][g - 1 - start] -= weight
        return rows

    def _by_unit(self, rows: dict[int, Vector], values: Matrix) -> Vector:
        """Return each unit's part in the sum of its cohort's means less those of the never exposed."""
        first, never = self.data.first, self.data.never
        parts = np.zeros(first.size)
        for g, row in rows.items():
            parts[first == g] = values[first == g] @ row / (first == g).sum()
        parts[never] = -(values[never] @ sum(rows.values())) / never.sum()
        return parts

    def _wald(self, value: float, by_unit: Vector, level: float) -> Estimate:
        se = math.sqrt(self.factor * float(by_unit @ by_unit))
        return wald(value, se, CR1, df=float(self.data.y.shape[0] - 1), level=level)


def saturated(data: Panel) -> Saturated:
    """Regress on unit effects, an effect of every cohort and period, and covariates.

    With all cohort-periods free, unit and cohort-period means take everything but the covariates out,
    exactly so in a balanced panel: nothing larger than the panel is held.
    """
    cells = tuple((g, int(t) - g) for g in data.cohorts for t in data.times if int(t) - g != -1)
    y, x = data.y.copy(), data.covariates.copy()
    for g in (*data.cohorts, math.inf):
        inside = data.first == g
        y[inside], x[:, inside] = within(y[inside]), within(x[:, inside])
    design = x.reshape(len(data.names), data.y.size).T
    beta, of_beta, residuals = np.zeros(0), np.zeros((0, data.y.shape[0])), y
    if data.names:
        _varies(data.covariates, design)
        full_rank(design, data.names)
        q, r = np.linalg.qr(design)
        back = np.linalg.inv(r)
        beta = back @ (q.T @ y.ravel())
        residuals = (y.ravel() - design @ beta).reshape(y.shape)
        of_beta = back @ (q * residuals.reshape(-1, 1)).reshape(*y.shape, -1).sum(axis=1).T
    units, n, k = y.shape[0], y.size, len(cells) + len(data.names) + y.shape[1]
    if n <= k:
        refuse(Reason.TOO_FEW_POINTS, f"{n} observasjoner kan ikke bære {k} parametere")
    factor = units / (units - 1) * (n - 1) / (n - k)
    moved = data.y - np.einsum("k,knt->nt", beta, data.covariates)
    return Saturated(data, cells, beta, moved, residuals, of_beta, factor)


def _varies(columns: NDArray[np.float64], design: Matrix) -> None:
    """Refuse a column of which the effects leave nothing."""
    sizes = np.linalg.norm(columns.reshape(columns.shape[0], -1), axis=1)
    if (np.linalg.norm(design, axis=0) <= 1e-9 * np.maximum(sizes, 1e-300)).any():
        refuse(Reason.COLLINEAR, "en forklaringsvariabel varierer bare mellom enheter eller bare over tid")


RULE = "imputasjon, konservativ varians klynget på enhet, normalkvantil"


@dataclass(frozen=True, slots=True)
class Imputation:
    """Imputed effects: the mean over all exposed unit-periods, and by periods since the start."""

    att: Estimate
    since: tuple[int, ...]
    effects: tuple[Estimate, ...]


def imputation(data: Panel, *, level: float = 0.95) -> Imputation:
    """Return effects as observed less imputed from the not yet exposed.

    Unit and period effects (and covariates) are fitted on unexposed observations only, and give each
    exposed observation what it would have been.

    Raises
    ------
    AnalyseAvvist
        ALL_TREATED if in some period nobody is unexposed; TOO_FEW_UNITS if a cohort has one unit;
        CONSTANT_SERIES, COLLINEAR.

    Notes
    -----
    Borusyak, Jaravel and Spiess (2024), Review of Economic Studies 91: 3253–3285; variance by their
    equation 7 with effects averaged within cohort and period. By the package diff-diff, without a design
    of dummies. Without covariates the mean is also that of Wooldridge's extended two-way regression. Not to
    be used alone with few units in each cohort, where its interval is too narrow, nor where units changed
    before they started: that moves every effect.

    Examples
    --------
    >>> from evaluation.methods.panel import simulated_panel
    >>> data = simulated_panel(1, effect=lambda since: 0 * since + 2.0, noise=0.1)
    >>> round(imputation(data).att.value, 1)
    2.0
    """
    _imputable(data)
    # Here and not above: the package takes a second to load, and most of the report never needs it.
    from diff_diff import ImputationDiD

    names = [f"x{k}" for k in range(len(data.names))]
    with strictly("imputasjon"):
        model = ImputationDiD().fit(
            data.tidy(), outcome="y", unit="unit", time="time", first_treat="first", covariates=names or None
        )
        study = model.aggregate("event_study")
    rows = zip(study.event_time, study.att, study.se, study.is_reference, strict=True)
    later = {
        int(s): wald(float(a), float(e), RULE, level=level) for s, a, e, ref in rows if s >= 0 and not ref
    }
    att = wald(float(model.overall_att), float(model.overall_se), RULE, level=level)
    if not all(math.isfinite(e.value) and math.isfinite(e.se) for e in (att, *later.values())):
        refuse(Reason.NOT_IDENTIFIED, "en effekt lar seg ikke anslå fra dem som ennå ikke er eksponert")
    return Imputation(att=att, since=tuple(later), effects=tuple(later.values()))


def _imputable(data: Panel) -> None:
    exposed = data.exposed.astype(bool)
    if exposed.all(axis=0).any():
        when = data.label(data.times[int(np.flatnonzero(exposed.all(axis=0))[0])])
        refuse(
            Reason.ALL_TREATED,
            f"i {when} er alle eksponert, så ingen viser hva som ellers ville ha skjedd",
            hint="Avslutt serien før.",
        )
    needs_cohorts(data)
    for k, name in enumerate(data.names):
        # A variable that the effects take out leaves nothing to impute by.
        left, whole_size = within(data.covariates[k]), float(np.abs(data.covariates[k]).max())
        if float(np.abs(left).max()) <= 1e-9 * max(whole_size, 1e-300):
            refuse(Reason.COLLINEAR, f"{name} varierer bare mellom enheter eller bare over tid")
