"""Every refusal is typed: what the data cannot carry never becomes a number."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from analysis_lib.errors import AnalyseAvvist, RapportFeil
from analysis_lib.indicators.breaks import refuse_breaks
from analysis_lib.indicators.edition import Edition
from evaluation.basis.requirements import Reason, strictly
from evaluation.measures.known_numbers import need
from evaluation.methods.arima import arima_its
from evaluation.methods.decomposition import price_volume, shapley
from evaluation.methods.did import twfe, two_by_two
from evaluation.methods.experience import experience_scores, indicator
from evaluation.methods.few_points import doubling_time, extrapolate, growth
from evaluation.methods.fixed_effects import imputation
from evaluation.methods.funnel import funnel_proportions, funnel_ratios
from evaluation.methods.its_continuous import controlled_its, its_continuous
from evaluation.methods.its_counts import its_counts
from evaluation.methods.joinpoint import joinpoint
from evaluation.methods.linear import ols, prais_winsten
from evaluation.methods.panel import Panel, panel
from evaluation.methods.placebo import Study, synthetic_effect
from evaluation.methods.power import (
    mde_clusters,
    mde_level_change,
    mde_two_proportions,
    n_t,
    n_two_proportions,
    power_two_proportions,
)
from evaluation.methods.proportions import adjust_p_values, independence_test, newcombe, trend_test, wilson
from evaluation.methods.quasi_poisson import fit
from evaluation.methods.rates import rate, rate_ratio, rate_ratio_p, standardised_rate
from evaluation.methods.reml import reml_ar1
from evaluation.methods.sensitivity import relative_magnitudes
from evaluation.methods.staggered import EventStudy, callaway_santanna, sun_abraham
from evaluation.methods.structural import structural_series
from evaluation.methods.structural_breaks import structural_breaks
from evaluation.methods.synthetic_control import synthetic_control
from evaluation.methods.uptake import bass, fit_curve, logistic
from evaluation.verdicts.verdict import Design, Measure, Status, refused

RNG = np.random.default_rng(5)
NOISE = RNG.normal(size=60)
Y8 = [10, 12, 11, 14, 9, 13, 12, 10]
ONES8 = [1.0] * 8
R = Reason


def _panel(first: list[float], *, noise: float = 1.0, times: int = 6) -> Panel:
    n = len(first)
    y = np.random.default_rng(2).normal(0, noise, (n, times)) if noise else np.zeros((n, times))
    return Panel(tuple(range(n)), np.arange(1, times + 1), y, np.array(first), np.empty((0, n, times)), ())


def _tidy(**columns: object) -> pd.DataFrame:
    base = {"k": list("aabbcc"), "t": [1, 2] * 3, "y": [1.0, 2, 3, 4, 5, 7], "d": [0, 1, 0, 0, 0, 0]}
    return pd.DataFrame(base | columns)


def _as_panel(frame: pd.DataFrame) -> Panel:
    return panel(frame, unit="k", time="t", outcome="y", exposed="d")


def _synthetic(**changes: object) -> object:
    z = RNG.normal(size=(8, 12)).cumsum(axis=0)
    names = tuple("abcdefghijkl")
    base = {"units": names, "exposed": "a", "times": np.arange(8), "outcomes": z, "predictors": z[:5],
            "start": 6, "fit_from": 0, "fit_to": 5}  # fmt: skip
    return synthetic_effect(Study(**(base | changes)), starts=3, placebo_starts=2)  # type: ignore[arg-type]


def _study(since: tuple[int, ...]) -> EventStudy:
    from evaluation.basis.estimate import wald

    effects = tuple(wald(1.0, 0.1, "") for _ in since)
    return EventStudy(since, effects, np.eye(len(since)) / 100, 2.0, wald(1.0, 0.1, ""), "varying")


def _across_a_break() -> object:
    cell = Edition(2025).value
    return refuse_breaks([cell("10.1", "alis", year) for year in (2023, 2024)], "avvis", "leger")


CASES: list[tuple[str, Reason, Callable[[], object]]] = [
    ("trend over a registered break", R.SERIES_BREAK, _across_a_break),
    ("a number that is not known yet", R.NOT_YET, lambda: need({}, ["2026"], "kontakter")),
    ("rate, zero exposure", R.ZERO_EXPOSURE, lambda: rate(3, 0.0)),
    ("rate, missing", R.MISSING_VALUE, lambda: rate(3, float("nan"))),
    ("rate, half an event", R.INVALID_VALUE, lambda: rate(2.5, 10.0)),  # type: ignore[arg-type]
    ("rate, negative", R.INVALID_VALUE, lambda: rate(-1, 10.0)),
    ("ratio, no reference events", R.TOO_FEW_EVENTS, lambda: rate_ratio(3, 10.0, 0, 10.0)),
    ("ratio test, no events", R.TOO_FEW_EVENTS, lambda: rate_ratio_p(0, 10.0, 0, 10.0)),
    ("proportion without n", R.MISSING_N, lambda: wilson(3, None)),
    ("proportion, n = 0", R.MISSING_N, lambda: wilson(0, 0)),
    ("proportion, count above n", R.INVALID_VALUE, lambda: wilson(4, 3)),
    ("difference without n", R.MISSING_N, lambda: newcombe(3, 10, 4, None)),
    ("chi-squared, empty row", R.TOO_FEW_EVENTS, lambda: independence_test([[0, 0], [3, 4]])),
    ("chi-squared, small", R.TOO_FEW_EVENTS, lambda: independence_test([[1, 2], [3, 4]])),
    ("chi-squared, one row", R.INVALID_VALUE, lambda: independence_test([[1, 2]])),
    ("trend, no variation", R.CONSTANT_SERIES, lambda: trend_test([5, 5], [5, 5])),
    ("trend, no n", R.MISSING_N, lambda: trend_test([5, 5], [10, 0])),
    ("standardised, nine events", R.TOO_FEW_EVENTS, lambda: standardised_rate([4, 5], [10, 10], [1, 1])),
    ("standardised, empty stratum", R.ZERO_EXPOSURE, lambda: standardised_rate([9, 5], [10, 0], [1, 1])),
    ("standardised, no standard", R.ZERO_EXPOSURE, lambda: standardised_rate([9, 5], [10, 10], [0, 0])),
    ("p-value above 1", R.INVALID_VALUE, lambda: adjust_p_values([0.1, 1.2])),
    ("no p-values", R.TOO_FEW_POINTS, lambda: adjust_p_values([])),
    ("growth, three points", R.TOO_FEW_POINTS, lambda: growth([1, 2, 3], [1, 1, 1], [1, 2, 3])),
    ("growth, constant", R.CONSTANT_SERIES, lambda: growth([20, 40, 20, 40], [1, 2, 1, 2], [1, 2, 3, 4])),
    ("growth, no exposure", R.ZERO_EXPOSURE, lambda: growth(Y8, [1.0] * 7 + [0.0], range(8))),
    ("growth, gap", R.GAP, lambda: growth(Y8, ONES8, [1, 2, 3, 4, 6, 7, 8, 9])),
    ("growth, twice", R.DUPLICATE_PERIOD, lambda: growth(Y8, ONES8, [1, 2, 3, 4, 4, 5, 6, 7])),
    ("growth, missing month", R.MISSING_VALUE, lambda: growth([*Y8[:7], float("nan")], ONES8, range(8))),
    ("growth, lengths differ", R.INVALID_VALUE, lambda: growth(Y8, ONES8[:7], range(8))),
    ("growth, half months", R.INVALID_VALUE, lambda: growth(Y8, ONES8, np.arange(8) + 0.5)),
    ("growth, text", R.INVALID_VALUE, lambda: growth(["a"] * 8, ONES8, range(8))),
    ("growth, negative", R.INVALID_VALUE, lambda: growth([-1, *Y8[1:]], ONES8, range(8))),
    ("growth, nothing at all", R.CONSTANT_SERIES, lambda: growth([0] * 8, ONES8, range(8))),
    ("growth, starts from nothing", R.SEPARATION, lambda: growth([0, 0, 0, 0, 5], [1] * 5, range(5))),
    ("doubling time, slowing", R.NOT_IDENTIFIED,
     lambda: doubling_time(growth([100, 200, 300, 390, 450, 480], [1] * 6, range(6)))),
    ("doubling time, unsure", R.NOT_IDENTIFIED, lambda: doubling_time(growth(Y8, ONES8, range(8)))),
    ("regression without events", R.TOO_FEW_EVENTS,
     lambda: fit([0, 0, 0], [1, 1, 1], np.ones((3, 1)), ["a"])),
    ("regression, collinear", R.COLLINEAR, lambda: fit(Y8, ONES8, np.ones((8, 2)), ["a", "b"])),
    ("counts ITS, start outside", R.START_OUTSIDE, lambda: its_counts(Y8, ONES8, range(8), 9)),
    ("counts ITS, start first", R.START_OUTSIDE, lambda: its_counts(Y8, ONES8, range(8), 0)),
    ("counts ITS, two after", R.TOO_FEW_POINTS, lambda: its_counts(Y8, ONES8, range(8), 6)),
    ("counts ITS, half a year of season", R.TOO_FEW_POINTS,
     lambda: its_counts(Y8, ONES8, range(8), 4, season=1)),
    ("counts ITS, none after", R.SEPARATION,
     lambda: its_counts([9, 8, 7, 9, 0, 0, 0, 0], ONES8, range(8), 4)),
    ("counts ITS, constant", R.CONSTANT_SERIES, lambda: its_counts([7] * 8, ONES8, range(8), 4)),
    ("ITS, constant", R.CONSTANT_SERIES, lambda: its_continuous([7.0] * 8, range(8), 4)),
    ("ITS, two before", R.TOO_FEW_POINTS, lambda: its_continuous(Y8, range(8), 2)),
    ("ITS, gap", R.GAP, lambda: its_continuous(Y8, [0, 1, 2, 3, 4, 5, 6, 8], 4)),
    ("ITS, perfect line", R.CONSTANT_SERIES, lambda: its_continuous(np.arange(8.0), range(8), 4)),
    ("REML, perfect line", R.CONSTANT_SERIES,
     lambda: reml_ar1(np.arange(8.0), np.column_stack([np.ones(8), np.arange(8)]), ["a", "b"])),
    ("Prais-Winsten, random walk", R.NO_CONVERGENCE,
     lambda: prais_winsten(np.cumsum(np.ones(400)) ** 2, np.ones((400, 1)), ["a"])),
    ("controlled ITS, lengths", R.INVALID_VALUE, lambda: controlled_its(Y8, Y8[:7], range(8), 4)),
    ("controlled ITS, copy of itself", R.CONSTANT_SERIES, lambda: controlled_its(Y8, Y8, range(8), 4)),
    ("OLS, more terms than points", R.TOO_FEW_POINTS, lambda: ols([1, 2], np.eye(2), ["a", "b"])),
    ("ARIMA, 47 points", R.TOO_FEW_POINTS, lambda: arima_its(NOISE[:47], range(47), 24)),
    ("ARIMA, constant", R.CONSTANT_SERIES, lambda: arima_its(np.ones(60), range(60), 30)),
    ("ARIMA, one start proves nothing", R.NO_CONVERGENCE,
     lambda: arima_its(NOISE, range(60), 30, starts=1)),
    ("curve, one start proves nothing", R.NO_CONVERGENCE,
     lambda: fit_curve(lambda t, b: b[0] * t, lambda t, b: t[:, None], NOISE, NOISE**2, [[1.0]], "kurven")),
    ("curve, two names for one slope", R.NOT_IDENTIFIED,
     lambda: fit_curve(lambda t, b: (b[0] + b[1]) * t, lambda t, b: np.column_stack([t, t]), NOISE, NOISE**2,
                       [[1.0, 0.0], [0.0, 1.0]], "kurven")),
    ("level, short", R.TOO_FEW_POINTS, lambda: structural_series(Y8, range(8))),
    ("level, random walk", R.NOT_IDENTIFIED, lambda: structural_series(np.arange(20.0) ** 2, range(20))),
    ("structural, one season", R.TOO_FEW_POINTS,
     lambda: structural_series(NOISE[:20], range(20), season=True)),
    ("structural, more terms than points", R.TOO_FEW_POINTS,
     lambda: structural_series(NOISE[:12], range(12), season=True, period=6, trend="drifting",
                               regressors=pd.DataFrame(NOISE[12:48].reshape(12, 3)))),
    ("structural, two of the same", R.COLLINEAR,
     lambda: structural_series(NOISE, range(60), regressors=pd.DataFrame({"a": NOISE, "b": NOISE}))),
    ("structural, start outside", R.START_OUTSIDE, lambda: structural_series(NOISE, range(60), 60)),
    ("structural, a regressor that never moves", R.CONSTANT_SERIES,
     lambda: structural_series(NOISE, range(60), regressors=pd.DataFrame({"a": np.ones(60)}))),
    ("breaks, short", R.TOO_FEW_POINTS, lambda: structural_breaks(Y8, range(8))),
    ("breaks, wide segments", R.TOO_FEW_POINTS, lambda: structural_breaks(NOISE, range(60), shortest=40)),
    ("breaks, constant", R.CONSTANT_SERIES, lambda: structural_breaks(np.ones(20), range(20))),
    ("breaks, two of the same", R.COLLINEAR, lambda: structural_breaks(
        NOISE, range(60), trend=True, regressors=pd.DataFrame({"tid": np.arange(60.0)}))),
    ("joinpoint, short", R.TOO_FEW_POINTS, lambda: joinpoint(Y8[:7], range(7))),
    ("joinpoint, few x", R.TOO_FEW_POINTS, lambda: joinpoint(Y8, [1, 1, 2, 2, 3, 3, 4, 4])),
    ("joinpoint, exactly straight", R.NOT_IDENTIFIED, lambda: joinpoint(2 * np.arange(15.0), range(15))),
    ("joinpoint, through every point", R.CONSTANT_SERIES,
     lambda: joinpoint(np.abs(np.arange(15.0) - 7), range(15))),
    ("joinpoint, straight", R.NOT_IDENTIFIED,
     lambda: joinpoint(np.arange(60) + np.tile([0.3, -0.3], 30), range(60))),
    ("joinpoint, counts of nothing but one side", R.SEPARATION,
     lambda: joinpoint([0] * 8 + [90, 80, 95, 85, 99, 91, 88, 97], range(16), exposure=[1.0] * 16)),
    ("joinpoint, exposure and n", R.INVALID_VALUE,
     lambda: joinpoint(Y8, range(8), exposure=ONES8, n=[99] * 8)),
    ("joinpoint, more than n", R.INVALID_VALUE, lambda: joinpoint(Y8, range(8), n=[11] * 8)),
    ("logistic, short", R.TOO_FEW_POINTS, lambda: logistic([1, 2, 3, 4, 5], range(5))),
    ("logistic, still exponential", R.NOT_IDENTIFIED,
     lambda: logistic([1, 1.5, 2.2, 3.4, 5.1, 7.4], range(6))),
    ("logistic, through every point", R.CONSTANT_SERIES,
     lambda: logistic(50 / (1 + np.exp(3 - np.arange(10.0))), range(10))),
    ("logistic, constant", R.CONSTANT_SERIES, lambda: logistic([2.0] * 8, range(8))),
    ("Bass, short", R.TOO_FEW_POINTS, lambda: bass([1, 2, 3, 4], range(4))),
    ("Bass, before the peak", R.NOT_IDENTIFIED, lambda: bass([1, 1.6, 2.2, 3.4, 5.1, 7.4, 11], range(7))),
    ("Bass, gap", R.GAP, lambda: bass(Y8, [0, 1, 2, 3, 4, 5, 6, 8])),
    ("panel, no such column", R.MISSING_VALUE, lambda: _as_panel(_tidy().drop(columns="d"))),
    ("panel, twice", R.DUPLICATE_PERIOD, lambda: _as_panel(_tidy(t=[1, 1] * 3))),
    ("panel, gap", R.GAP, lambda: _as_panel(_tidy(t=[1, 3] * 3))),
    ("panel, unbalanced", R.UNBALANCED, lambda: _as_panel(_tidy().iloc[:5])),
    ("panel, missing", R.MISSING_VALUE, lambda: _as_panel(_tidy(y=[1.0, 2, 3, 4, 5, np.nan]))),
    ("panel, constant", R.CONSTANT_SERIES, lambda: _as_panel(_tidy(y=1.0))),
    ("panel, exposure ends", R.NOT_ABSORBING, lambda: _as_panel(_tidy(d=[1, 0, 0, 0, 0, 0]))),
    ("panel, half exposed", R.INVALID_VALUE, lambda: _as_panel(_tidy(d=[0, 0.5, 0, 0, 0, 0]))),
    ("panel, nobody", R.NONE_TREATED, lambda: _as_panel(_tidy(d=0))),
    ("panel, from the first", R.START_OUTSIDE, lambda: _as_panel(_tidy(d=[1, 1, 0, 0, 0, 0]))),
    ("panel, a start that may mean never", R.INVALID_VALUE,
     lambda: panel(_tidy(t=[-1, 0] * 3, g=[0, 0, 9, 9, 9, 9]), unit="k", time="t", outcome="y", first="g")),
    ("panel, two starts", R.NOT_ABSORBING,
     lambda: panel(_tidy(g=[2, 1, 0, 0, 0, 0]), unit="k", time="t", outcome="y", first="g")),
    ("2 × 2, one exposed", R.TOO_FEW_UNITS, lambda: two_by_two([1.0], [2.0, 3.0])),
    ("2 × 2, all exposed", R.ALL_TREATED, lambda: two_by_two([1.0, 2.0], [])),
    ("2 × 2, none exposed", R.NONE_TREATED, lambda: two_by_two([], [1.0, 2.0])),
    ("2 × 2, no variation", R.CONSTANT_SERIES, lambda: two_by_two([1.0, 1.0], [1.0, 1.0])),
    ("2 × 2, none within", R.CONSTANT_SERIES, lambda: two_by_two([1.0, 1.0], [2.0, 2.0])),
    ("TWFE, all start at once", R.ALL_TREATED, lambda: twfe(_panel([3.0] * 6))),
    ("TWFE, two units", R.TOO_FEW_UNITS, lambda: twfe(_panel([3.0, 4.0]))),
    ("CS, all exposed", R.ALL_TREATED, lambda: callaway_santanna(_panel([3.0] * 5 + [4.0] * 5))),
    ("CS, not yet, all at once", R.ALL_TREATED,
     lambda: callaway_santanna(_panel([3.0] * 6), not_yet=True)),
    ("CS, four controls", R.TOO_FEW_UNITS, lambda: callaway_santanna(_panel([3.0] * 5 + [np.inf] * 4))),
    ("CS, two exposed", R.TOO_FEW_UNITS, lambda: callaway_santanna(_panel([3.0] * 2 + [np.inf] * 8))),
    ("CS, cohort of one", R.TOO_FEW_UNITS,
     lambda: callaway_santanna(_panel([3.0] * 5 + [4.0] + [np.inf] * 8))),
    ("CS, no variance", R.CONSTANT_SERIES,
     lambda: callaway_santanna(_panel([3.0] * 5 + [np.inf] * 8, noise=0.0))),
    ("Sun-Abraham, all exposed", R.ALL_TREATED, lambda: sun_abraham(_panel([3.0] * 5 + [4.0] * 5))),
    ("imputation, all exposed in the end", R.ALL_TREATED, lambda: imputation(_panel([3.0] * 5 + [4.0] * 5))),
    ("imputation, cohort of one", R.TOO_FEW_UNITS, lambda: imputation(_panel([3.0] + [np.inf] * 5))),
    ("sensitivity without a past", R.TOO_FEW_POINTS, lambda: relative_magnitudes(_study((0, 1)))),
    ("synthetic, start inside the fit", R.START_OUTSIDE, lambda: _synthetic(fit_to=6)),
    ("synthetic, unknown unit", R.MISSING_VALUE, lambda: _synthetic(exposed="x")),
    ("synthetic, missing", R.MISSING_VALUE, lambda: _synthetic(predictors=np.full((5, 12), np.nan))),
    ("synthetic, same everywhere", R.CONSTANT_SERIES, lambda: _synthetic(predictors=np.ones((2, 12)))),
    ("synthetic, two periods", R.TOO_FEW_POINTS, lambda: _synthetic(fit_to=1)),
    ("synthetic, few donors", R.TOO_FEW_UNITS,
     lambda: _synthetic(units=tuple("abcde"), outcomes=NOISE[:40].reshape(8, 5),
                        predictors=NOISE[:25].reshape(5, 5))),
    ("synthetic, fitted exactly", R.NOT_IDENTIFIED,
     lambda: _synthetic(outcomes=np.tile(NOISE[:8, None], 12), predictors=NOISE[:60].reshape(5, 12))),
    ("synthetic, a unit twice", R.INVALID_VALUE, lambda: _synthetic(units=tuple("aacdefghijkl"))),
    ("synthetic, one donor", R.TOO_FEW_UNITS,
     lambda: synthetic_control(np.ones(2), np.ones((2, 1)), np.ones(4), np.ones((4, 1)), ["a"])),
    ("score, off the scale", R.INVALID_VALUE, lambda: indicator([[0, 3]])),
    ("score, above 100", R.INVALID_VALUE, lambda: experience_scores([101.0] * 10, list("aabbccddee"))),
    ("score, below its own scale", R.INVALID_VALUE,
     lambda: experience_scores([0.5] + [3.0] * 9, list("aabbccddee"), scale=(1, 5))),
    ("score, a slope of nothing", R.INVALID_VALUE,
     lambda: experience_scores(50 + NOISE[:60], np.repeat(list("abcdef"), 10), slope="alder")),
    ("score, one slope for all", R.NO_CONVERGENCE, lambda: experience_scores(
        50 + np.repeat(np.arange(6) * 3.0, 10) + np.tile(np.arange(10.0), 6) + 0.1 * NOISE,
        np.repeat(list("abcdef"), 10), pd.DataFrame({"a": np.tile(np.arange(10.0), 6)}), slope="a")),
    ("score, four units", R.TOO_FEW_UNITS, lambda: experience_scores(50 + NOISE[:8], list("aabbccdd"))),
    ("score, one each", R.NOT_IDENTIFIED, lambda: experience_scores(50 + NOISE[:6], list("abcdef"))),
    ("score, constant", R.CONSTANT_SERIES, lambda: experience_scores([50.0] * 10, list("aabbccddee"))),
    ("score, units alike", R.NOT_IDENTIFIED,
     lambda: experience_scores(np.tile([40.0, 50, 60, 70], 6), np.repeat(list("abcdef"), 4))),
    ("funnel, nine units", R.TOO_FEW_POINTS, lambda: funnel_proportions([1] * 9, [10] * 9)),
    ("funnel, empty unit", R.ZERO_EXPOSURE, lambda: funnel_proportions([1] * 10, [10] * 9 + [0])),
    ("funnel, nothing happens", R.CONSTANT_SERIES, lambda: funnel_proportions([0] * 10, [10] * 10)),
    ("funnel, nothing expected", R.ZERO_EXPOSURE, lambda: funnel_ratios([1] * 10, [1.0] * 9 + [0.0])),
    ("power, proportion of one", R.INVALID_VALUE, lambda: power_two_proportions(10, 0.5, 1.0)),
    ("power, without n", R.MISSING_N, lambda: power_two_proportions(0, 0.5, 0.6)),
    ("power, no difference", R.INVALID_VALUE, lambda: n_two_proportions(0.5, 0.5)),
    ("power, no difference (t)", R.INVALID_VALUE, lambda: n_t(0.0)),
    ("MDE, three answers", R.NOT_IDENTIFIED, lambda: mde_two_proportions(3, 0.9)),
    ("MDE, two points", R.TOO_FEW_POINTS, lambda: mde_level_change(2, 8, 1.0)),
    ("MDE, autocorrelation 1", R.INVALID_VALUE, lambda: mde_level_change(8, 8, 1.0, rho=1.0)),
    ("MDE, one cluster", R.TOO_FEW_UNITS, lambda: mde_clusters(1, 9, 1.0)),
    ("extrapolation, one point", R.TOO_FEW_POINTS, lambda: extrapolate([1.0], [2020], 2022)),
    ("extrapolation, far away", R.NOT_IDENTIFIED,
     lambda: extrapolate([1.0, 2.0], [2020, 2021], 2030, ceiling=9.0)),
    ("extrapolation, backwards", R.INVALID_VALUE,
     lambda: extrapolate([1.0, 2.0], [2020, 2022], 2021, ceiling=9.0)),
    ("extrapolation, above the ceiling", R.INVALID_VALUE,
     lambda: extrapolate([1.0, 2.0], [2020, 2022], 2023, ceiling=2.0)),
    ("extrapolation, five points and no ceiling", R.TOO_FEW_POINTS,
     lambda: extrapolate([1.0, 2, 3, 4, 5], range(5), 6)),
    ("doubling time, five points", R.TOO_FEW_POINTS,
     lambda: doubling_time(growth([100, 200, 400, 801, 1600], [1] * 5, range(5)))),
    ("extrapolation, constant", R.CONSTANT_SERIES, lambda: extrapolate([2.0, 2.0], [2020, 2022], 2023)),
    ("extrapolation, same date", R.DUPLICATE_PERIOD, lambda: extrapolate([1.0, 2.0], [2020, 2020], 2023)),
    ("decomposition, missing", R.MISSING_VALUE, lambda: price_volume(1.0, float("nan"), 1.0, 2.0)),
    ("decomposition, one factor", R.INVALID_VALUE, lambda: shapley((1,), (2,))),
]  # fmt: skip


@pytest.mark.parametrize(("name", "reason", "call"), CASES, ids=[case[0] for case in CASES])
def test_refuses_and_says_so_in_one_sentence(name: str, reason: Reason, call: Callable[[], object]) -> None:
    with pytest.raises(AnalyseAvvist) as caught:
        call()
    assert caught.value.reason == str(reason)
    assert isinstance(caught.value, RapportFeil)
    assert caught.value.message, "a refusal says what is missing"
    measure = Measure(id="x", name="Ordningen", outcome="Antall", start="2026-01-01", data="kilde")
    verdict = refused(measure, Design.DESCRIPTION, caught.value)
    assert verdict.status is Status.REFUSED
    assert verdict.reason == str(reason)
    assert verdict.sentence.count(".") == 1, "one sentence, and no decimal points"


def test_every_reason_is_tried() -> None:
    of_the_author = {R.CAUSAL_WORDS, R.INCOMPLETE}
    assert {reason for _, reason, _ in CASES} == set(Reason) - of_the_author


def test_periods_are_named_as_the_user_knows_them() -> None:
    months = pd.PeriodIndex(["2026-01", "2026-02", "2026-04", "2026-05"], freq="M")
    with pytest.raises(AnalyseAvvist, match="mellom 2026-02 og 2026-04"):
        growth([1, 2, 3, 4], [1, 1, 1, 1], months)
    months = pd.period_range("2025-01", periods=8, freq="M")
    r = its_continuous(Y8, months, pd.Period("2025-05", freq="M"))
    assert r.ols == its_continuous(Y8, range(8), 4).ols


def test_a_design_without_a_constant_is_a_bug() -> None:
    with pytest.raises(ValueError, match="constant"):
        fit(Y8, [2.0] * 8, np.arange(1.0, 9)[:, None], ["t"])


def test_a_library_warning_is_a_refusal() -> None:
    import warnings

    with pytest.raises(AnalyseAvvist, match="pålitelig svar"), strictly("metoden"):
        warnings.warn("did not converge", RuntimeWarning, stacklevel=1)
