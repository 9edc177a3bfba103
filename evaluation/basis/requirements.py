"""What the data must carry before a method sees them, and the one way of refusing those that do not."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from typing import Any, NoReturn

import numpy as np
from numpy.typing import ArrayLike, NDArray
from statsmodels.tsa.stattools import acf

from analysis_lib.errors import AnalyseAvvist, nearest
from analysis_lib.indicators import breaks


class Reason(StrEnum):
    """The reasons for a refusal; the text is stable and may be stored."""

    TOO_FEW_POINTS = "for få punkter"
    TOO_FEW_EVENTS = "for få hendelser"
    TOO_FEW_UNITS = "for få enheter"
    ZERO_EXPOSURE = "null eksponering"
    CONSTANT_SERIES = "konstant serie"
    MISSING_VALUE = "manglende verdi"
    INVALID_VALUE = "ugyldig verdi"
    GAP = "hull i serien"
    DUPLICATE_PERIOD = "dobbel periode"
    START_OUTSIDE = "oppstart utenfor data"
    ALL_TREATED = "alle er eksponert"
    NONE_TREATED = "ingen er eksponert"
    NOT_ABSORBING = "eksponering som opphører"
    UNBALANCED = "ubalansert panel"
    SEPARATION = "separasjon"
    COLLINEAR = "kollineære forklaringsvariabler"
    NOT_IDENTIFIED = "ikke identifisert"
    NO_CONVERGENCE = "ingen konvergens"
    MISSING_N = "antall svar mangler"
    CAUSAL_WORDS = "årsaksord uten dekning"
    INCOMPLETE = "ufullstendig vurdering"
    SERIES_BREAK = breaks.REASON
    NOT_YET = "tallene finnes ikke ennå"


def refuse(reason: Reason, message: str, *, where: str = "", hint: str = "") -> NoReturn:
    """Raise the refusal.

    Examples
    --------
    >>> try:
    ...     refuse(Reason.GAP, "mars 2026 mangler")
    ... except AnalyseAvvist as refusal:
    ...     print(refusal.reason, "|", refusal)
    hull i serien | mars 2026 mangler
    """
    raise AnalyseAvvist(message, reason=str(reason), where=where, hint=hint)


@contextmanager
def strictly(method: str) -> Iterator[None]:
    """Turn every warning and numerical failure inside the block into a refusal.

    A library that warns and returns a number anyway must not reach the page: the warning would be
    hidden in a log.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            yield
        except (Warning, np.linalg.LinAlgError, FloatingPointError, OverflowError) as problem:
            raise AnalyseAvvist(
                f"{method}: beregningen ga ikke et pålitelig svar ({type(problem).__name__}: {problem})",
                reason=str(Reason.NO_CONVERGENCE),
                hint="Forenkle modellen eller skaff flere punkter.",
            ) from problem


Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Integers = NDArray[np.int64]
_LEAST = 1e-30


class Strength(StrEnum):
    """What an interrupted time series of this length may say (simulated size of the tests)."""

    NO_VERDICT = "ingen konklusjon"
    EXPLORATORY = "utforskende"
    SUPPORTED = "bærende"


def vector(values: ArrayLike, name: str) -> Vector:
    """Return `values` as a finite one-dimensional array, shape (n,).

    Text and dates are no numbers, nor is what is so large or small that arithmetic on it loses its digits.
    """
    array = _numbers(values, name)
    if array.ndim != 1:
        refuse(Reason.INVALID_VALUE, f"{name} må være én rekke tall")
    if not np.isfinite(array).all():
        place = int(np.flatnonzero(~np.isfinite(array))[0]) + 1
        refuse(
            Reason.MISSING_VALUE,
            f"{name} mangler en verdi (nummer {place} av {array.size})",
            hint="Et hull kan ikke fylles stille.",
        )
    return array


def counts_matrix(values: ArrayLike, name: str) -> Matrix:
    """Return a table of counts: whole numbers, none negative."""
    return _counts(matrix(values, name), name)


def matrix(values: ArrayLike, name: str, *, blanks: bool = False) -> Matrix:
    """Return `values` as a two-dimensional array, finite, or with NaN where `blanks` are allowed."""
    array = _numbers(values, name)
    if array.ndim != 2:
        refuse(Reason.INVALID_VALUE, f"{name} må være en tabell av tall")
    if np.isinf(array).any() or (np.isnan(array).any() and not blanks):
        refuse(Reason.MISSING_VALUE, f"{name} mangler en verdi")
    return array


def number(value: Any, name: str) -> float:
    """Return one finite number.

    >>> number(3, "antall")
    3.0
    """
    array = _numbers(value, name)
    if array.ndim != 0:
        refuse(Reason.INVALID_VALUE, f"{name} må være ett tall")
    if not np.isfinite(array):
        refuse(Reason.MISSING_VALUE, f"{name} mangler")
    return float(array)


def probability(value: Any, name: str = "dekningen") -> float:
    """Return a number strictly between 0 and 1: a level, a power, a significance.

    >>> probability(0.95)
    0.95
    """
    if not 0 < number(value, name) < 1:
        refuse(Reason.INVALID_VALUE, f"{name} må ligge mellom 0 og 1")
    return float(value)


def whole(value: Any, name: str, *, least: int = 0) -> int:
    """Return a whole number of at least `least`.

    >>> whole(12.0, "tidssteg")
    12
    """
    return int(_counts(np.array(number(value, name)), name, least))


def choice(value: Any, known: Collection[str], name: str) -> str:
    """Return one of the known names, or refuse and name the nearest.

    >>> choice("holm", ["holm", "bonferroni"], "metoden")
    'holm'
    """
    if not isinstance(value, str) or value not in known:
        refuse(Reason.INVALID_VALUE, f"{name} kan ikke være «{value}»", hint=nearest(str(value), known))
    return value


def _numbers(values: Any, name: str) -> NDArray[np.float64]:
    if np.ma.is_masked(values):
        refuse(Reason.MISSING_VALUE, f"{name} mangler en verdi (maskert)")
    try:
        with warnings.catch_warnings():
            # A masked value in a list becomes NaN with a warning; NaN is refused by whoever calls.
            warnings.simplefilter("ignore", UserWarning)
            raw = np.asarray(values)
            text = raw.dtype.kind == "O" and any(isinstance(value, str) for value in raw.flat)
            if text or raw.dtype.kind not in "biufO":
                raise TypeError
            array = raw.astype(np.float64)
    except (TypeError, ValueError, OverflowError):
        refuse(Reason.INVALID_VALUE, f"{name} har verdier som ikke er tall")
    # Fourth powers of the largest are still numbers.
    largest = float(np.abs(array[np.isfinite(array)]).max(initial=0.0))
    if largest > 1e30 or 0 < largest < _LEAST:
        refuse(Reason.INVALID_VALUE, f"{name} har tall som er for store eller små til å regne med")
    return array


def same_length(**series: Sequence[Any] | NDArray[Any]) -> int:
    """Return the common length of the series, or refuse."""
    lengths = {name: len(values) for name, values in series.items()}
    if len(set(lengths.values())) != 1:
        text = ", ".join(f"{name}: {length}" for name, length in lengths.items())
        refuse(Reason.INVALID_VALUE, f"seriene er ikke like lange ({text})")
    return next(iter(lengths.values()))


def counts_vector(values: ArrayLike, name: str = "antall", *, smoothed: bool = False) -> Vector:
    """Return event counts: whole numbers, none negative; of a curve, `smoothed` ones may have decimals."""
    array = vector(values, name)
    if smoothed and (array >= 0).all():
        return array
    return _counts(array, name)


def _counts(array: NDArray[np.float64], name: str, least: int = 0) -> NDArray[np.float64]:
    wrong = (array != np.floor(array)) | (array < least) | (array > 1e15)
    if wrong.any():
        refuse(
            Reason.INVALID_VALUE,
            f"{name} må være et helt tall fra {least} og opp, ikke {array[wrong].flat[0]:g}".replace(
                ".", ","
            ),
            hint="Et antall som er justert eller vektet, er ikke et antall hendelser.",
        )
    return array


def positive(values: ArrayLike, name: str = "eksponering") -> Vector:
    """Return an exposure, refusing zero and below."""
    array = vector(values, name)
    if (array < _LEAST).any():
        place = int(np.flatnonzero(array < _LEAST)[0]) + 1
        refuse(
            Reason.ZERO_EXPOSURE,
            f"{name} er null eller negativ (nummer {place} av {array.size})",
            hint="Uten eksponering finnes ingen rate.",
        )
    return array


def at_least(n: int, needed: int, what: str = "punkter") -> None:
    """Refuse when there are fewer than `needed` points."""
    if n < needed:
        refuse(Reason.TOO_FEW_POINTS, f"{n} {what} er for få; metoden trenger minst {needed}")


def not_constant(values: Vector, name: str) -> None:
    """Refuse a series without variation, up to floating-point noise.

    >>> not_constant(np.array([1.0, 2.0]), "serien")
    """
    if values.size == 0 or np.ptp(values) <= 1e-12 * max(float(np.abs(values).max()), 1e-300):
        refuse(Reason.CONSTANT_SERIES, f"{name} er konstant", hint="Det finnes ingen variasjon å forklare.")


def strength(n_before: int, n_after: int) -> Strength:
    """Return what a series with these points on each side may carry.

    The limits come from simulation with AR(1) errors: at 12 + 12 points the usual tests at nominal 5 %
    reject a true null in 15–22 % of series, at 24 + 24 in 11–20 %. Where the test holds its size (REML),
    a change of less than two or three standard deviations is still missed.

    >>> strength(8, 40).value, strength(12, 40).value, strength(24, 24).value
    ('ingen konklusjon', 'utforskende', 'bærende')
    """
    shortest = min(n_before, n_after)
    if shortest < 12:
        return Strength.NO_VERDICT
    return Strength.EXPLORATORY if shortest < 24 else Strength.SUPPORTED


def unless_correlated(found: Strength, autocorrelation: float, n: int) -> Strength:
    """Return at most EXPLORATORY where neighbours of `n` residuals are more alike than chance makes them.

    For methods that take the errors as independent: their intervals are then too narrow. The limit, one
    standard error, is where few false alarms pass for supported (``docs/evaluation.md``).

    >>> [unless_correlated(Strength.SUPPORTED, rho, 48).value for rho in (0.1, 0.4)]
    ['bærende', 'utforskende']
    """
    alike = found is Strength.SUPPORTED and autocorrelation > 1 / np.sqrt(n)
    return Strength.EXPLORATORY if alike else found


def lag_one(residuals: Vector) -> float:
    """Return the autocorrelation of residuals at lag one; zero where nothing varies.

    >>> lag_one(np.array([1.0, -1.0, 1.0, -1.0]))
    -0.75
    """
    return float(autocorrelations(residuals, 1)[0])


def autocorrelations(residuals: Vector, lags: int) -> Vector:
    """Return the autocorrelation of residuals, shape (n,), at lags 1, 2 …; zeros where nothing varies.

    >>> autocorrelations(np.array([1.0, -1.0, 1.0, -1.0]), 2).tolist()
    [-0.75, 0.5]
    """
    if np.ptp(residuals) == 0:
        return np.zeros(lags)
    return np.asarray(acf(residuals, nlags=lags, fft=False)[1:], dtype=float)


def full_rank(design: Matrix, names: Sequence[str]) -> None:
    """Refuse a design matrix, shape (n, p), whose columns do not carry p separate effects."""
    n, p = design.shape
    if n <= p:
        refuse(Reason.TOO_FEW_POINTS, f"{n} punkter kan ikke bære {p} parametere ({', '.join(names)})")
    norms = np.linalg.norm(design, axis=0)
    if (norms == 0).any() or np.linalg.matrix_rank(design / np.where(norms == 0, 1.0, norms)) < p:
        refuse(Reason.COLLINEAR, f"forklaringsvariablene kan ikke skilles fra hverandre: {', '.join(names)}")
