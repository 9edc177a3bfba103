"""Experience scores 0–100: from answers to indicators, adjusted for case mix and shrunken by unit."""

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
    """A unit's score: respondents, raw mean, deviation from the mean unit, and the adjusted score."""

    unit: str
    n: int
    raw: float
    deviation: float
    adjusted: Estimate
    shown: bool


@dataclass(frozen=True, slots=True)
class ExperienceScores:
    """Case-mix adjusted scores.

    Attributes
    ----------
    coefficients : dict of str to Estimate
        «konstant» and one for each covariate.
    var_unit, var_person : float
        Between units and within.
    reml_criterion : float
        Minus twice the restricted log-likelihood.
    units : tuple of UnitScore
        In the order of their names. Units below the least number of answers are estimated with the
        others but not to be shown.
    icc : float
        Share of the variance that lies between units.
    """

    coefficients: dict[str, Estimate]
    var_unit: float
    var_person: float
    reml_criterion: float
    units: tuple[UnitScore, ...]
    icc: float


def experience_scores(
    scores: ArrayLike,
    units: ArrayLike,
    covariates: pd.DataFrame | None = None,
    *,
    least_answers: int = 30,
    level: float = 0.95,
) -> ExperienceScores:
    """Return unit scores adjusted for case mix, shrunken towards the mean by a random intercept.

    Parameters
    ----------
    scores : array_like, shape (n,)
        One respondent each, 0–100.
    units : array_like, shape (n,)
    covariates : DataFrame, shape (n, k), optional
        Numeric case mix.
    least_answers : int
        Fewer answers and the unit is not to be shown.

    Raises
    ------
    AnalyseAvvist
        INVALID_VALUE for a score outside 0–100; TOO_FEW_UNITS below five units; NOT_IDENTIFIED where no
        variance between units is found, so that a ranking would be noise.

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
    if ((y < 0) | (y > 100)).any():
        refuse(Reason.INVALID_VALUE, "en skår ligger utenfor 0–100")
    return random_intercept(y, names, extra, least_answers=least_answers, level=level)


def random_intercept(
    y: Vector, names: NDArray[Any], extra: pd.DataFrame, *, least_answers: int = 0, level: float = 0.95
) -> ExperienceScores:
    """Return the same for an outcome on any scale; see `experience_scores`."""
    not_constant(y, "skåren")
    found, counts = np.unique(names, return_counts=True)
    if found.size < 5:
        refuse(Reason.TOO_FEW_UNITS, f"{found.size} enheter er for få til å måle forskjellen mellom dem")
    if (counts < 2).all():
        refuse(Reason.NOT_IDENTIFIED, "med ett svar per enhet kan enhet og person ikke skilles")
    columns = [vector(extra[name].to_numpy(), str(name)) for name in extra.columns]
    labels = ["konstant", *map(str, extra.columns)]
    design = np.column_stack([np.ones(y.size), *columns])
    full_rank(design, labels)
    # Centred and scaled: the optimiser sees variances near one, whatever the score's unit.
    scale, centre = float(y.std()), float(y.mean())
    means, spreads = design.mean(axis=0), design.std(axis=0)
    means[0], spreads[0] = 0.0, 1.0
    model = MixedLM((y - centre) / scale, (design - means) / spreads, names)
    fit = agreeing(
        (partial(model.fit, reml=True, method=[method]) for method in ("bfgs", "powell", "cg", "nm")),
        "modellen for enhetene ga ulike svar med ulike søkemetoder",
    )[0]
    var_person = float(fit.scale) * scale**2
    var_unit = float(np.asarray(fit.cov_re)[0, 0]) * scale**2
    if var_unit < 1e-5 * var_person:
        refuse(
            Reason.NOT_IDENTIFIED,
            "forskjellen mellom enhetene er ikke større enn tilfeldigheten mellom personer alene gir",
            hint="Vis det samlede snittet.",
        )
    back = np.diag(1 / spreads)
    back[0, 1:] = -means[1:] / spreads[1:]
    coef = back @ np.asarray(fit.fe_params) * scale
    between, within = float(np.asarray(fit.cov_re)[0, 0]), float(fit.scale)
    cov = back @ _generalised(model.exog, names, between, within) @ back.T * scale**2
    coef[0] += centre
    rule = "REML, normalkvantil"
    coefficients = {
        label: wald(value, se, rule, level=level)
        for label, value, se in zip(labels, coef, np.sqrt(np.diag(cov)), strict=True)
    }
    mean_case = float(coef @ design.mean(axis=0))
    return ExperienceScores(
        coefficients=coefficients,
        var_unit=var_unit,
        var_person=var_person,
        reml_criterion=_criterion(fit, y.size - coef.size, scale, spreads),
        units=tuple(
            _unit(fit, str(name), y[names == name], mean_case, scale, least_answers, level) for name in found
        ),
        icc=var_unit / (var_unit + var_person),
    )


def _generalised(design: Matrix, names: NDArray[Any], between: float, within: float) -> Matrix:
    """Return the covariance of generalised least squares, given the variances.

    The library's own comes from a numerical Hessian, and is some tenths of a per cent off.
    """
    gram = design.T @ design
    for unit in np.unique(names):
        total = design[names == unit].sum(axis=0)
        gram = gram - np.outer(total, total) * between / (within + (names == unit).sum() * between)
    return np.asarray(np.linalg.inv(gram) * within)


def _criterion(fit: Any, df: int, scale: float, spreads: Vector) -> float:
    # Back to the user's units: the density of y, and the determinant of the covariates in REML.
    return -2 * float(fit.llf) + 2 * df * math.log(scale) + 2 * float(np.log(spreads).sum())


def _unit(
    fit: Any, name: str, own: Vector, mean_case: float, scale: float, least: int, level: float
) -> UnitScore:
    deviation = float(np.asarray(fit.random_effects[name])[0]) * scale
    se = math.sqrt(float(np.asarray(fit.random_effects_cov[name])[0, 0])) * scale
    value = mean_case + deviation
    adjusted = wald(value, se, _SHRUNKEN, level=level)
    return UnitScore(name, int(own.size), float(own.mean()), deviation, adjusted, own.size >= least)
