"""Bad input, every method: a typed refusal or a right answer; never a warning, a NaN or another error."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis_lib.errors import AnalyseAvvist, RapportFeil
from evaluation.basis.estimate import Estimate
from evaluation.methods.arima import arima_its
from evaluation.methods.decomposition import price_volume, shapley
from evaluation.methods.did import twfe, two_by_two
from evaluation.methods.experience import experience_scores, indicator
from evaluation.methods.few_points import extrapolate, growth
from evaluation.methods.fixed_effects import imputation
from evaluation.methods.funnel import funnel_proportions, funnel_ratios
from evaluation.methods.its_continuous import controlled_its, its_continuous
from evaluation.methods.its_counts import controlled_its_counts, its_counts
from evaluation.methods.joinpoint import joinpoint
from evaluation.methods.panel import Panel, panel
from evaluation.methods.placebo import Study, synthetic_effect
from evaluation.methods.power import (
    mde_clusters,
    mde_level_change,
    mde_two_proportions,
    n_t,
    n_two_proportions,
    power_t,
    power_two_proportions,
)
from evaluation.methods.proportions import adjust_p_values, independence_test, newcombe, trend_test, wilson
from evaluation.methods.rates import byar, garwood, rate, rate_ratio, rate_ratio_p, standardised_rate
from evaluation.methods.sensitivity import relative_magnitudes
from evaluation.methods.staggered import callaway_santanna, sun_abraham
from evaluation.methods.structural import structural_series
from evaluation.methods.structural_breaks import structural_breaks
from evaluation.methods.time_axis import working_days
from evaluation.methods.uptake import bass, logistic

RNG = np.random.default_rng(11)
T = np.arange(60)
COUNTS = RNG.poisson(200, 60).astype(float)
SERIES = 50 + RNG.normal(0, 3, 60)
CURVE = 50 / (1 + np.exp(3 - 0.1 * T)) + RNG.normal(0, 0.4, 60)
ADOPTED = 1e4 * np.exp(-(((T - 25) / 12.0) ** 2))
BENT = np.round(400 * np.exp(0.02 * np.minimum(T, 30)) + RNG.normal(0, 9, 60))
ONES = np.ones(60)

# Each method of a series as a function of its values, its periods and its exposure.
SERIES_METHODS: dict[str, tuple[np.ndarray, Callable[[Any, Any, Any], object]]] = {
    "growth": (COUNTS, lambda y, t, e: growth(y, e, t)),
    "its_counts": (COUNTS, lambda y, t, e: its_counts(y, e, t, 30)),
    "its_counts, slope": (COUNTS, lambda y, t, e: its_counts(y, e, t, 30, slope_change=True, season=2)),
    "controlled_its_counts": (COUNTS, lambda y, t, e: controlled_its_counts(y, e, COUNTS[::-1], ONES, t, 30)),
    "controlled_its_counts, control": (
        COUNTS, lambda y, t, e: controlled_its_counts(COUNTS[::-1], ONES, y, e, t, 30)),
    "its_continuous": (SERIES, lambda y, t, e: its_continuous(y, t, 30)),
    "controlled_its": (SERIES, lambda y, t, e: controlled_its(y, SERIES[::-1], t, 30)),
    "arima_its": (SERIES, lambda y, t, e: arima_its(y, t, 30, starts=2)),
    "structural_breaks": (SERIES, lambda y, t, e: structural_breaks(y, t)),
    "structural_series": (SERIES, lambda y, t, e: structural_series(y, t)),
    "structural_series, step": (SERIES, lambda y, t, e: structural_series(y, t, 30)),
    "joinpoint": (CURVE, lambda y, t, e: joinpoint(y, t)),
    "joinpoint, counts": (BENT, lambda y, t, e: joinpoint(y, t, exposure=e)),
    "joinpoint, proportions": (BENT, lambda y, t, e: joinpoint(y, t, n=5000 * np.asarray(e))),
    "logistic": (CURVE, lambda y, t, e: logistic(y, t)),
    "bass": (ADOPTED, lambda y, t, e: bass(y, t)),
    "extrapolate": (SERIES, lambda y, t, e: extrapolate(y, t, 70, ceiling=100.0)),
}  # fmt: skip


def put(values: Any, place: int, value: Any) -> Any:
    """Return the values with one exchanged."""
    changed = list(values)
    changed[place] = value
    return changed


Series = tuple[Any, Any, Any]
SPOILT: dict[str, Callable[[Any, Any, Any], Series]] = {
    "nothing": lambda y, t, e: ([], [], []),
    "one point": lambda y, t, e: (y[:1], t[:1], e[:1]),
    "five points": lambda y, t, e: (y[28:33], t[28:33], e[28:33]),
    "constant": lambda y, t, e: (0 * y + 7.1, t, e),
    "zero": lambda y, t, e: (0 * y, t, e),
    "one that is not zero": lambda y, t, e: (put(0 * y, 40, 5.0), t, e),
    "zero before": lambda y, t, e: (np.where(t < 30, 0, y), t, e),
    "zero after": lambda y, t, e: (np.where(t < 30, y, 0), t, e),
    "a straight line": lambda y, t, e: (3.0 * t, t, e),
    "negative": lambda y, t, e: (-y, t, e),
    "an outlier": lambda y, t, e: (put(y, 40, 1e12), t, e),
    "huge": lambda y, t, e: (y * 1e300, t, e),
    "at the end of all numbers": lambda y, t, e: (put(y, 5, 1.7e308), t, e),
    "tiny": lambda y, t, e: (y * 1e-300, t, e),
    "NaN": lambda y, t, e: (put(y, 5, math.nan), t, e),
    "infinite": lambda y, t, e: (put(y, 5, math.inf), t, e),
    "None": lambda y, t, e: (put(y, 5, None), t, e),
    "pandas NA": lambda y, t, e: (pd.array(put(y, 5, pd.NA), dtype="Float64"), t, e),
    "text": lambda y, t, e: (put(y, 5, "n/a"), t, e),
    "dates": lambda y, t, e: (pd.date_range("2020", periods=60), t, e),
    "complex": lambda y, t, e: (y + 1j, t, e),
    "a table": lambda y, t, e: (np.column_stack([y, y]), t, e),
    "a number": lambda y, t, e: (3.0, t, e),
    "too short": lambda y, t, e: (y[:-1], t, e),
    "gap": lambda y, t, e: (y, np.where(t > 40, t + 1, t), e),
    "twice": lambda y, t, e: (y, np.where(t > 40, t - 1, t), e),
    "one date": lambda y, t, e: (y, 0 * t, e),
    "start after": lambda y, t, e: (y, t - 100, e),
    "start before": lambda y, t, e: (y, t + 100, e),
    "NaN period": lambda y, t, e: (y, put(t, 5, math.nan), e),
    "infinite period": lambda y, t, e: (y, put(t, 5, math.inf), e),
    "text period": lambda y, t, e: (y, put(t, 5, "mai"), e),
    "date periods": lambda y, t, e: (y, pd.date_range("2020", periods=60), e),
    "missing month": lambda y, t, e: (y, put(pd.period_range("2020-01", periods=60, freq="M"), 5, pd.NaT), e),
    "zero exposure": lambda y, t, e: (y, t, put(e, 5, 0.0)),
    "negative exposure": lambda y, t, e: (y, t, -e),
    "NaN exposure": lambda y, t, e: (y, t, put(e, 5, math.nan)),
    "infinite exposure": lambda y, t, e: (y, t, put(e, 5, math.inf)),
    "text exposure": lambda y, t, e: (y, t, put(e, 5, "21 d")),
    "exposure of many sizes": lambda y, t, e: (y, t, 10.0 ** (t - 30)),
}


def bare_nans(value: object, path: str = "") -> Iterator[str]:
    """Yield the places of a result that hold no number (exact intervals have no standard error)."""
    if is_dataclass(value):
        for field in fields(value):
            if not (isinstance(value, Estimate) and field.name == "se"):
                yield from bare_nans(getattr(value, field.name), f"{path}.{field.name}")
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from bare_nans(each, f"{path}[{key}]")
    elif isinstance(value, tuple | list):
        for i, each in enumerate(value):
            yield from bare_nans(each, f"{path}[{i}]")
    elif isinstance(value, np.ndarray) and value.dtype.kind == "f":
        if np.isnan(value).any():
            yield path
    elif isinstance(value, float) and math.isnan(value):
        yield path


def answers_or_refuses(call: Callable[[], object]) -> None:
    try:
        result = call()
    except RapportFeil:
        return
    assert list(bare_nans(result)) == []


# The others never see an exposure.
EXPOSED = (
    "growth",
    "its_counts",
    "its_counts, slope",
    "controlled_its_counts",
    "controlled_its_counts, control",
    "joinpoint, counts",
)
SPOILT_SERIES = [
    (method, spoilt)
    for method in SERIES_METHODS
    for spoilt in SPOILT
    if method in EXPOSED or "exposure" not in spoilt
]


@pytest.mark.parametrize(("method", "spoilt"), SPOILT_SERIES)
def test_a_spoilt_series(method: str, spoilt: str) -> None:
    y, run = SERIES_METHODS[method]
    answers_or_refuses(lambda: run(*SPOILT[spoilt](y, T, ONES)))


@pytest.mark.parametrize("method", SERIES_METHODS)
def test_the_series_are_good_before_they_are_spoilt(method: str) -> None:
    y, run = SERIES_METHODS[method]
    try:
        run(y, T, ONES)
    except RapportFeil as refusal:
        pytest.fail(str(refusal))


@pytest.mark.parametrize(
    "start", [math.nan, math.inf, "2020", None, pd.NaT, 30.5, pd.Period("2020-01", freq="Y")]
)
def test_a_start_that_is_no_period(start: Any) -> None:
    for run in (
        lambda: its_continuous(SERIES, T, start),
        lambda: its_counts(COUNTS, ONES, T, start),
        lambda: arima_its(SERIES, T, start),
        lambda: its_continuous(SERIES, pd.period_range("2017-01", periods=60, freq="M"), start),
    ):
        with pytest.raises(RapportFeil):
            run()


def test_a_quarter_is_no_month_though_their_numbers_meet() -> None:
    months, quarter = pd.period_range("1990-01", periods=60, freq="M"), pd.Period("2034Q1", freq="Q")
    assert months[0].ordinal < quarter.ordinal < months[-1].ordinal
    with pytest.raises(RapportFeil, match="samme slag"):
        its_continuous(SERIES, months, quarter)


def tidy(**changes: object) -> pd.DataFrame:
    """Return a sound panel of 30 units and 6 periods with some columns exchanged."""
    rng = np.random.default_rng(3)
    first = np.repeat([3.0, 4.0, np.nan], 60)
    frame = pd.DataFrame(
        {
            "k": np.repeat(np.arange(30), 6),
            "t": np.tile(np.arange(1, 7), 30),
            "y": rng.normal(size=180),
            "g": first,
        }
    )
    return frame.assign(**changes)


PANEL_METHODS: dict[str, Callable[[Any], object]] = {
    "twfe": twfe,
    "callaway_santanna": callaway_santanna,
    "callaway_santanna, not yet": lambda data: callaway_santanna(data, not_yet=True),
    "callaway_santanna, universal": lambda data: callaway_santanna(data, base="universal"),
    "sun_abraham": sun_abraham,
    "imputation": imputation,
    "sensitivity": lambda data: relative_magnitudes(callaway_santanna(data).event_study),
}
PANELS: dict[str, Callable[[], Any]] = {
    "empty": lambda: tidy().iloc[:0],
    "one unit": lambda: tidy().iloc[:6],
    "one period": lambda: tidy().query("t == 1"),
    "two periods": lambda: tidy().query("t in (2, 3)"),
    "unbalanced": lambda: tidy().iloc[:-1],
    "twice": lambda: pd.concat([tidy(), tidy().iloc[:1]]),
    "gap": lambda: tidy().query("t != 3"),
    "all treated": lambda: tidy(g=np.repeat([3.0, 4.0, 5.0], 60)),
    "all at once": lambda: tidy(g=3.0),
    "none treated": lambda: tidy(g=np.nan),
    "from the first period": lambda: tidy(g=np.repeat([1.0, 4.0, np.nan], 60)),
    "start after the data": lambda: tidy(g=99.0),
    "cohort of one": lambda: tidy(g=np.r_[np.full(6, 3.0), np.full(54, 4.0), np.full(120, np.nan)]),
    "half a period": lambda: tidy(g=np.repeat([3.5, 4.0, np.nan], 60)),
    "text start": lambda: tidy(g=np.repeat(["mai", "4", ""], 60)),
    "constant": lambda: tidy(y=1.0),
    "no variation within": lambda: tidy(y=lambda d: d.k * 1.0),
    "exact effect": lambda: tidy(y=lambda d: (d.t >= d.g) * 1.0 + d.t),
    "NaN": lambda: tidy(y=lambda d: d.y.where(d.index != 5)),
    "infinite": lambda: tidy(y=lambda d: d.y.where(d.index != 5, np.inf)),
    "text": lambda: tidy(y="x"),
    "huge": lambda: tidy(y=lambda d: d.y * 1e300),
    "tiny": lambda: tidy(y=lambda d: d.y * 1e-300),
    "NaN unit": lambda: tidy(k=lambda d: d.k.where(d.index != 5)),
    "NaN period": lambda: tidy(t=lambda d: d.t.where(d.index != 5)),
    "text period": lambda: tidy(t="mai"),
    "no such column": lambda: tidy().drop(columns="g"),
    "a column twice": lambda: pd.concat([tidy(), tidy()[["y"]]], axis=1),
    "no table": lambda: {"k": [1], "t": [1], "y": [1.0], "g": [2]},
    "keys as index too": lambda: tidy().set_index(["k", "t"], drop=False),
}


@pytest.mark.parametrize("method", PANEL_METHODS)
@pytest.mark.parametrize("spoilt", PANELS)
def test_a_spoilt_panel(method: str, spoilt: str) -> None:
    frame = PANELS[spoilt]()
    answers_or_refuses(
        lambda: PANEL_METHODS[method](panel(frame, unit="k", time="t", outcome="y", first="g"))
    )


NUMBERS = (
    math.nan, math.inf, None, "x", 0, -1, 0.5, 3, 1e29, 10**400, 1e308, 1e-308,
    pd.NA, pd.Timestamp("2026-01-01"), Decimal("0.5"), Fraction(1, 3),
)  # fmt: skip
SCALARS: dict[str, tuple[Callable[..., object], int]] = {
    "garwood": (garwood, 2),
    "byar": (byar, 2),
    "rate": (rate, 2),
    "rate_ratio": (rate_ratio, 4),
    "rate_ratio_p": (rate_ratio_p, 4),
    "wilson": (wilson, 2),
    "newcombe": (newcombe, 4),
    "power_two_proportions": (power_two_proportions, 3),
    "n_two_proportions": (n_two_proportions, 2),
    "mde_two_proportions": (mde_two_proportions, 2),
    "power_t": (power_t, 2),
    "n_t": (n_t, 1),
    "mde_level_change": (mde_level_change, 3),
    "mde_clusters": (mde_clusters, 3),
    "price_volume": (price_volume, 4),
    "shapley": (lambda a, b: shapley((a, 2.0), (3.0, b)), 2),
    "extrapolate": (lambda at, top: extrapolate([1.0, 2.0], [2020, 2022], at, ceiling=top), 2),
}


@pytest.mark.parametrize("method", SCALARS)
def test_numbers_that_are_none(method: str) -> None:
    run, arguments = SCALARS[method]
    places = NUMBERS if arguments < 3 else (math.nan, math.inf, None, "x", 0, -1, 0.5, 3)
    for values in product(places, repeat=arguments):
        answers_or_refuses(lambda values=values: run(*values))  # type: ignore[misc]


# What each method lets its user choose, and values that no choice has.
OPTIONS: dict[str, tuple[Callable[..., object], dict[str, tuple[Any, ...]]]] = {
    "garwood": (lambda **o: garwood(5, 10.0, **o), {"level": ()}),
    "byar": (lambda **o: byar(50, 10.0, **o), {"level": ()}),
    "rate": (lambda **o: rate(5, 10.0, **o), {"level": (), "exact_below": (None, "x", math.nan)}),
    "rate_ratio": (lambda **o: rate_ratio(5, 10.0, 7, 20.0, **o), {"level": ()}),
    "wilson": (lambda **o: wilson(3, 10, **o), {"level": ()}),
    "newcombe": (lambda **o: newcombe(3, 10, 4, 12, **o), {"level": ()}),
    "standardised_rate": (
        lambda **o: standardised_rate(Y12, N12, N12, **o),
        {"level": (), "suppress_below": (None, "x")},
    ),
    "growth": (lambda **o: growth(COUNTS, ONES, T, **o), {"level": ()}),
    "its_counts": (
        lambda **o: its_counts(COUNTS, ONES, T, 30, **o),
        {"level": (), "season": (-1, 7, 2.5, "x"), "model": ("ols", None), "quantiles": ("z", None)},
    ),
    "its_counts, season": (
        lambda **o: its_counts(COUNTS, ONES, T, 30, season=2, **o), {"period": (0, 1, -3, 12.5, "x", None)}),
    "its_continuous": (
        lambda **o: its_continuous(SERIES, T, 30, **o),
        {"level": (), "lags": (-1, 2.5, "x"), "season": (-1, 7, 2.5, "x")}),
    "its_continuous, season": (
        lambda **o: its_continuous(SERIES, T, 30, season=1, **o), {"period": (0, 1, -3, 12.5, "x", None)}),
    "controlled_its": (
        lambda **o: controlled_its(SERIES, SERIES[::-1], T, 30, **o), {"level": (), "lags": (-1, 2.5, "x")}),
    "arima_its": (
        lambda **o: arima_its(SERIES, T, 30, **o),
        {"order": ((1,), "x", None, (-1, 0, 0)), "seasonal": (None, (1, 0, 0, 1)), "starts": (0, -1, 2.5)},
    ),
    "structural_breaks": (
        lambda **o: structural_breaks(SERIES, T, **o), {
            "shortest": (0, -3, 2.5, "x"), "most": (-1, 2.5, None), "count": (-1, 2.5, 40), "level": (),
            "trend": ("x", None, 2), "regressors": ("x", pd.DataFrame({"a": [1.0]}))}),
    "structural_series": (
        lambda **o: structural_series(SERIES, T, **{"start": 30} | o),
        {
            "level": (), "effect": ("x", None), "trend": ("x", None), "season": (2, None), "period": (1, "x"),
            "regressors": ("x", pd.DataFrame({"a": [1.0]}), pd.DataFrame({"trinn": SERIES})),
        },
    ),
    "joinpoint": (lambda **o: joinpoint(CURVE, T, **o), {
        "level": (), "n": (3, "x", ONES), "exposure": ("x", ONES[1:])}),
    "logistic": (lambda **o: logistic(CURVE, T, **o), {"level": ()}),
    "bass": (lambda **o: bass(ADOPTED, T, **o), {"level": ()}),
    "extrapolate": (
        lambda **o: extrapolate([1.0, 2.0], [0, 1], 2, **{"ceiling": 9.0} | o),
        {"ceiling": (math.nan, "x"), "ambition": (math.nan, "x"), "farthest": (None, "x", math.nan, 0)},
    ),
    "power_t": (lambda **o: power_t(20, 0.5, **o), {"alpha": (), "sd": (0, -1, "x")}),
    "n_t": (lambda **o: n_t(0.5, **o), {"alpha": (), "power": ()}),
    "n_two_proportions": (lambda **o: n_two_proportions(0.3, 0.5, **o), {"alpha": (), "power": ()}),
    "mde_two_proportions": (lambda **o: mde_two_proportions(50, 0.3, **o), {"alpha": (), "power": ()}),
    "mde_level_change": (
        lambda **o: mde_level_change(12, 12, 1.0, **o), {"alpha": (), "power": (), "rho": (-0.5, 1, "x")}),
    "mde_clusters": (lambda **o: mde_clusters(9, 9, 1.0, **o), {"alpha": (), "power": ()}),
    "adjust_p_values": (lambda **o: adjust_p_values([0.1, 0.2], **o), {"method": ("hom", None), "level": ()}),
    "funnel_proportions": (lambda **o: funnel_proportions(Y12, N12, **o), {
            "target": (0, 1, "x", math.nan), "overdispersion": ("x", None), "limits": ("x", None)}),
    "funnel_ratios": (
        lambda **o: funnel_ratios(Y12, N12 / 3, **o), {"overdispersion": ("x", None), "limits": ("x", None)}),
    "indicator": (lambda **o: indicator([[3, 4]], **o), {"top": (1, 2.5, "x"), "least": (-1, 2, math.nan)}),
    "experience_scores": (
        lambda **o: experience_scores(SCORES, WHO, **o), {
            "level": (), "least_answers": (-1, None), "scale": ((1,), (5, 1), "x", 3), "slope": ("x", 3)}),
    "callaway_santanna": (
        lambda **o: callaway_santanna(sound_panel(), **o), {"base": ("x", None), "fewest": (None, -1)}),
    "relative_magnitudes": (
        lambda **o: relative_magnitudes(callaway_santanna(sound_panel()).event_study, **o),
        {"magnitudes": ((-1.0,), (math.nan,), ("x",))},
    ),
    "working_days": (
        lambda **o: working_days(**{"year": 2026, "month": 5} | o),
        {"year": (0, -1, "x", None, 2026.5), "month": (0, 13, "mai", None, 1.5)},
    ),
}  # fmt: skip
CHANCES = (0, 1, -0.5, 1.5, math.nan, "x", None, True)


@pytest.mark.parametrize("method", OPTIONS)
def test_an_option_that_cannot_be_is_refused(method: str) -> None:
    run, options = OPTIONS[method]
    run()
    for option, values in options.items():
        for value in values or CHANCES:
            with pytest.raises(RapportFeil):
                run(**{option: value})


def sound_panel() -> Panel:
    return panel(tidy(), unit="k", time="t", outcome="y", first="g")


def read_only(values: np.ndarray) -> np.ndarray:
    values = values.copy()
    values.flags.writeable = False
    return values


@pytest.mark.parametrize("method", SERIES_METHODS)
def test_the_container_of_a_series_does_not_matter(method: str) -> None:
    y, run = SERIES_METHODS[method]
    expected = repr(run(y, T, ONES))
    for kind in (list, read_only, lambda x: pd.Series(x, index=[0] * 60), lambda x: pd.Categorical(x)):
        assert repr(run(kind(y), kind(T), kind(ONES))) == expected


@pytest.mark.parametrize("method", SERIES_METHODS)
def test_a_masked_value_is_missing(method: str) -> None:
    y, run = SERIES_METHODS[method]
    hidden = np.ma.masked_array(y, mask=T == 5)
    with pytest.raises(AnalyseAvvist, match="mangler en verdi"):
        run(hidden, T, ONES)
    with pytest.raises(AnalyseAvvist, match="mangler en verdi"):
        run(put(y, 5, np.ma.masked), T, ONES)


Y12, N12 = RNG.binomial(40, 0.3, 12).astype(float), np.full(12, 40.0)
WHO = np.repeat(list("abcdefghijkl"), 10)
SCORES = 50 + RNG.normal(0, 8, 120) + np.repeat(RNG.normal(0, 5, 12), 10)
LISTS: dict[str, tuple[Any, Callable[[Any], object]]] = {
    "direct, events": (Y12, lambda x: standardised_rate(x, N12, N12)),
    "direct, population": (N12, lambda x: standardised_rate(Y12, x, N12)),
    "direct, standard": (N12, lambda x: standardised_rate(Y12, N12, x)),
    "funnel_proportions": (Y12, lambda x: funnel_proportions(x, N12)),
    "funnel_proportions, n": (N12, lambda x: funnel_proportions(Y12, x)),
    "funnel_ratios": (Y12, lambda x: funnel_ratios(x, N12)),
    "funnel_ratios, expected": (N12, lambda x: funnel_ratios(Y12, x)),
    "two_by_two": (Y12, lambda x: two_by_two(x, N12 + np.arange(12))),
    "two_by_two, others": (Y12, lambda x: two_by_two(N12 + np.arange(12), x)),
    "trend_test": (Y12, lambda x: trend_test(x, N12)),
    "trend, n": (N12, lambda x: trend_test(Y12, x)),
    "trend, scores": (Y12, lambda x: trend_test(Y12, N12, x)),
    "adjust_p_values": (Y12 / 40, lambda x: adjust_p_values(x)),
    "adjust, fdr": (Y12 / 40, lambda x: adjust_p_values(x, "fdr_bh")),
    "independence_test": (Y12, lambda x: independence_test([x, N12])),
    "experience_scores": (SCORES, lambda x: experience_scores(x, WHO)),
    "experience_scores, units": (WHO, lambda x: experience_scores(SCORES, x)),
    "experience_scores, case mix": (
        SCORES, lambda x: experience_scores(SCORES, WHO, pd.DataFrame({"a": np.ravel(x)}))),
    "indicator": (np.full(12, 3.0), lambda x: indicator([x, x])),
    "synthetic, outcomes": (Y12, lambda x: synthetic(outcomes=x)),
    "synthetic, predictors": (Y12, lambda x: synthetic(predictors=x)),
}  # fmt: skip
SPOILT_LISTS: dict[str, Callable[[Any], Any]] = {
    "nothing": lambda x: [],
    "one": lambda x: x[:1],
    "two": lambda x: x[:2],
    "constant": lambda x: [x[0]] * len(x),
    "zero": lambda x: [0.0] * len(x),
    "all of n": lambda x: [40.0] * len(x),
    "NaN": lambda x: put(x, 1, math.nan),
    "infinite": lambda x: put(x, 1, math.inf),
    "minus infinite": lambda x: put(x, 1, -math.inf),
    "negative": lambda x: put(x, 1, -1.0),
    "text": lambda x: put(x, 1, "x"),
    "None": lambda x: put(x, 1, None),
    "pandas NA": lambda x: put(x, 1, pd.NA),
    "half": lambda x: put(x, 1, 0.5),
    "huge": lambda x: put(x, 1, 1e300),
    "tiny": lambda x: put(x, 1, 1e-300),
    "a table": lambda x: [x, x],
    "a number": lambda x: 3.0,
}


def synthetic(**spoilt: Any) -> object:
    """Return an effect where one period's outcomes, or one predictor, are exchanged."""
    z = np.random.default_rng(5).normal(size=(12, 12)).cumsum(axis=0)
    sound = {"outcomes": z, "predictors": z[:3]}
    parts: dict[str, Any] = sound | {
        name: np.vstack([row, sound[name][1:]]) if np.shape(row) == (12,) else row
        for name, row in spoilt.items()
    }
    study = Study(tuple("abcdefghijkl"), "a", np.arange(12), start=9, fit_from=0, fit_to=8, **parts)
    return synthetic_effect(study, starts=3, placebo_starts=2)


@pytest.mark.parametrize("method", LISTS)
@pytest.mark.parametrize("spoilt", SPOILT_LISTS)
def test_a_spoilt_list(method: str, spoilt: str) -> None:
    good, run = LISTS[method]
    answers_or_refuses(lambda: run(SPOILT_LISTS[spoilt](good)))
