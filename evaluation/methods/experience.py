"""Experience scores: from answers to indicators, adjusted for case mix and shrunken by unit."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from statsmodels.regression.mixed_linear_model import MixedLM

from evaluation.basis.estimate import Estimate, wald
from evaluation.basis.requirements import (
    Matrix,
    Reason,
    Vector,
    at_least,
    choice,
    full_rank,
    matrix,
    not_constant,
    number,
    refuse,
    same_length,
    vector,
    whole,
)
from evaluation.methods.reml import agreeing

_SHARED = "La enhetene ha felles helning."
_SHRUNKEN = "REML, krympet mot snittet, betinget standardfeil"


def indicator(answers: ArrayLike, *, top: int = 5, least: float = 0.5) -> Vector:
    """Return each respondent's score 0–100 from items answered 1 … `top`; NaN where too few are answered.

    Parameters
    ----------
    answers : array_like, shape (n, items)
        NaN where unanswered; `top` is best.
    least : float
        Share of the items that must be answered. A convention of this report, not a law.

    Raises
    ------
    AnalyseAvvist
        INVALID_VALUE for an answer outside the scale.

    Examples
    --------
    >>> indicator([[1, 5], [4, np.nan]]).tolist()
    [50.0, 75.0]
    """
    items, top = matrix(answers, "svarene", blanks=True), whole(top, "det beste svaret", least=2)
    if not 0 <= number(least, "andelen besvarte") <= 1:
        refuse(Reason.INVALID_VALUE, "andelen besvarte må ligge fra 0 til 1")
    at_least(items.shape[1], 1, "spørsmål")
    answered = ~np.isnan(items)
    if ((items < 1) | (items > top)).any():
        refuse(Reason.INVALID_VALUE, f"et svar ligger utenfor skalaen 1–{top}")
    count = answered.sum(axis=1)
    total = np.where(answered, (items - 1) / (top - 1) * 100, 0.0).sum(axis=1)
    enough = count >= max(least * items.shape[1], 1)
    return np.where(enough, total / np.maximum(count, 1), np.nan)


@dataclass(frozen=True, slots=True)
class UnitScore:
    """A unit's score: respondents, raw mean, deviation from the mean unit, adjusted score, own slope."""

    unit: str
    n: int
    raw: float
    deviation: float
    adjusted: Estimate
    shown: bool
    slope: Estimate | None = None


@dataclass(frozen=True, slots=True)
class Slopes:
    """How a covariate's slope varies between units: its variance, and its correlation with their scores."""

    name: str
    variance: float
    correlation: float


@dataclass(frozen=True, slots=True)
class ExperienceScores:
    """Case-mix adjusted scores.

    Attributes
    ----------
    coefficients : dict of str to Estimate
        «konstant» and one for each covariate.
    var_unit, var_person : float
        Between units, for the mean respondent, and within.
    reml_criterion : float
        Minus twice the restricted log-likelihood.
    units : tuple of UnitScore
        In the order of their names. Units below the least number of answers are estimated with the
        others but not to be shown.
    icc : float
        Share of the variance that lies between units.
    slopes : Slopes or None
        None where units share the slopes of all covariates.
    """

    coefficients: dict[str, Estimate]
    var_unit: float
    var_person: float
    reml_criterion: float
    units: tuple[UnitScore, ...]
    icc: float
    slopes: Slopes | None = None


def experience_scores(
    scores: ArrayLike,
    units: ArrayLike,
    covariates: pd.DataFrame | None = None,
    *,
    slope: str | None = None,
    scale: tuple[float, float] | None = (0.0, 100.0),
    least_answers: int = 30,
    level: float = 0.95,
) -> ExperienceScores:
    """Return unit scores adjusted for case mix, shrunken towards the mean by random effects.

    Parameters
    ----------
    scores : array_like, shape (n,)
        One respondent each.
    units : array_like, shape (n,)
    covariates : DataFrame, shape (n, k), optional
        Numeric case mix.
    slope : str, optional
        The covariate whose slope varies between units, beside their intercepts.
    scale : tuple of float, or None
        The ends that scores keep within; None for an outcome without any.
    least_answers : int
        Fewer answers and the unit is not to be shown.

    Raises
    ------
    AnalyseAvvist
        INVALID_VALUE for a score outside the scale, or a slope of no covariate; TOO_FEW_UNITS below five
        units; NOT_IDENTIFIED where no variance between units is found, in scores or in slopes, so that a
        ranking would be noise.

    Notes
    -----
    Laird and Ware (1982); the adjusted score is that of the mean respondent plus the unit's
    best linear unbiased prediction, with the conditional standard error of the latter alone.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> who = np.repeat(list("abcdef"), 40)
    >>> y = 60 + np.repeat([-10, -5, 0, 0, 5, 10], 40) + rng.normal(0, 9, 240)
    >>> result = experience_scores(y, who)
    >>> [u.unit for u in result.units if u.adjusted.low > 60]
    ['e', 'f']
    """
    y = vector(scores, "skår")
    names = np.asarray(pd.Series(list(units) if isinstance(units, Iterable) else [units], dtype=object))
    if not all(np.ndim(name) == 0 for name in names):
        refuse(Reason.INVALID_VALUE, "enhetene må være én rekke navn")
    if pd.isna(names).any():
        refuse(Reason.MISSING_VALUE, "enheten mangler for et svar")
    names = names.astype(str)
    extra = pd.DataFrame(index=range(y.size)) if covariates is None else covariates
    if not isinstance(extra, pd.DataFrame):
        refuse(Reason.INVALID_VALUE, "kovariatene må være en tabell (DataFrame)")
    least_answers = whole(least_answers, "minste antall svar")
    same_length(skår=y, enheter=names, kovariater=extra.index.to_numpy())
    _within(y, scale)
    columns = {str(name): vector(extra[name].to_numpy(), str(name)) for name in extra.columns}
    if slope is not None:
        choice(slope, columns, "helningen")
    return _fitted(y, names, columns, slope, least_answers, level)


def _within(y: Vector, scale: tuple[float, float] | None) -> None:
    if scale is None:
        return
    low, high = matrix([scale], "skalaen")[0] if np.shape(scale) == (2,) else (math.nan, math.nan)
    if not low < high:
        refuse(Reason.INVALID_VALUE, "skalaen må være to tall, det laveste først")
    if ((y < low) | (y > high)).any():
        refuse(
            Reason.INVALID_VALUE,
            f"en skår ligger utenfor skalaen {low:g}–{high:g}".replace(".", ","),
            hint="Oppgi skalaen, eller None for et utfall uten ender.",
        )


def _fitted(
    y: Vector, names: NDArray[Any], columns: dict[str, Vector], slope: str | None, least: int, level: float
) -> ExperienceScores:
    not_constant(y, "skåren")
    found, counts = np.unique(names, return_counts=True)
    if found.size < 5:
        refuse(Reason.TOO_FEW_UNITS, f"{found.size} enheter er for få til å måle forskjellen mellom dem")
    if (counts < (2 if slope is None else 3)).all():
        refuse(Reason.NOT_IDENTIFIED, "med så få svar per enhet kan enhet og person ikke skilles")
    labels = ["konstant", *columns]
    design = np.column_stack([np.ones(y.size), *columns.values()])
    full_rank(design, labels)
    # Centred and scaled: the optimiser sees variances near one, whatever the score's unit.
    scale, centre = float(y.std()), float(y.mean())
    means, spreads = design.mean(axis=0), design.std(axis=0)
    means[0], spreads[0] = 0.0, 1.0
    x = (design - means) / spreads
    varying = [0] if slope is None else [0, labels.index(slope)]
    model = MixedLM((y - centre) / scale, x, names, exog_re=x[:, varying])
    fit = agreeing(
        (partial(model.fit, reml=True, method=[method]) for method in ("bfgs", "powell", "cg", "nm")),
        "modellen for enhetene ga ulike svar med ulike søkemetoder",
        hint="" if slope is None else _SHARED,
    )[0]
    between, within = np.asarray(fit.cov_re), float(fit.scale)
    _identified(between, within)
    back = np.diag(1 / spreads)
    back[0, 1:] = -means[1:] / spreads[1:]
    coef = back @ np.asarray(fit.fe_params) * scale
    cov = back @ _generalised(x, varying, names, between, within) @ back.T * scale**2
    coef[0] += centre
    rule = "REML, normalkvantil"
    coefficients = {
        label: wald(value, se, rule, level=level)
        for label, value, se in zip(labels, coef, np.sqrt(np.diag(cov)), strict=True)
    }
    mean_case = float(coef @ design.mean(axis=0))
    # Back to the units of score and covariate: those of the score, and score over covariate.
    units = scale / spreads[varying]
    common = np.array([mean_case, *coef[varying[1:]]])
    var_unit, var_person = float(between[0, 0]) * scale**2, within * scale**2
    return ExperienceScores(
        coefficients=coefficients,
        var_unit=var_unit,
        var_person=var_person,
        reml_criterion=_criterion(fit, y.size - coef.size, scale, spreads),
        units=tuple(_unit(fit, str(name), y[names == name], common, units, least, level) for name in found),
        icc=var_unit / (var_unit + var_person),
        slopes=None if slope is None else _slopes(slope, between, units),
    )


def _identified(between: Matrix, within: float) -> None:
    """Refuse variances between units that are no larger than chance makes them, or that are one."""
    spread = np.diag(between)
    if spread[0] < 1e-5 * within:
        refuse(
            Reason.NOT_IDENTIFIED,
            "forskjellen mellom enhetene er ikke større enn tilfeldigheten mellom personer alene gir",
            hint="Vis det samlede snittet.",
        )
    if spread.size > 1 and (
        spread[1] < 1e-5 * within or abs(between[0, 1]) > 0.999 * math.sqrt(float(spread.prod()))
    ):
        refuse(
            Reason.NOT_IDENTIFIED,
            "helningen varierer ikke mellom enhetene utover det tilfeldighet gir",
            hint=_SHARED,
        )


def _slopes(name: str, between: Matrix, units: Vector) -> Slopes:
    spread = np.sqrt(np.diag(between))
    correlation = float(between[0, 1] / spread.prod())
    return Slopes(name, float((spread[1] * units[1]) ** 2), correlation)


def _generalised(
    design: Matrix, varying: list[int], names: NDArray[Any], between: Matrix, within: float
) -> Matrix:
    """Return the covariance of generalised least squares, given the variances.

    The library's own comes from a numerical Hessian, and is some tenths of a per cent off.
    """
    gram, apart = design.T @ design, np.linalg.inv(between) * within
    for unit in np.unique(names):
        own = design[names == unit]
        some = own[:, varying]
        shared = own.T @ some
        gram = gram - shared @ np.linalg.solve(apart + some.T @ some, shared.T)
    return np.asarray(np.linalg.inv(gram) * within)


def _criterion(fit: Any, df: int, scale: float, spreads: Vector) -> float:
    # Back to the user's units: the density of y, and the determinant of the covariates in REML.
    return -2 * float(fit.llf) + 2 * df * math.log(scale) + 2 * float(np.log(spreads).sum())


def _unit(
    fit: Any, name: str, own: Vector, common: Vector, units: Vector, least: int, level: float
) -> UnitScore:
    effects = np.asarray(fit.random_effects[name]) * units
    errors = np.sqrt(np.diag(np.asarray(fit.random_effects_cov[name]))) * units
    adjusted, *slope = (
        wald(at + moved, se, _SHRUNKEN, level=level)
        for at, moved, se in zip(common, effects, errors, strict=True)
    )
    shown = own.size >= least
    return UnitScore(name, int(own.size), float(own.mean()), float(effects[0]), adjusted, shown, *slope)
