"""What must not matter: units, the origin of time, the order of rows, the name of a unit."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.methods.decomposition import shapley
from evaluation.methods.did import twfe
from evaluation.methods.few_points import extrapolate, growth
from evaluation.methods.fixed_effects import imputation
from evaluation.methods.its_continuous import its_continuous
from evaluation.methods.its_counts import its_counts
from evaluation.methods.joinpoint import joinpoint
from evaluation.methods.panel import panel
from evaluation.methods.proportions import newcombe, wilson
from evaluation.methods.rates import byar, garwood, rate_ratio, standardised_rate
from evaluation.methods.staggered import callaway_santanna, sun_abraham
from evaluation.methods.structural import structural_series
from evaluation.methods.structural_breaks import structural_breaks
from evaluation.methods.synthetic_control import donor_weights
from evaluation.methods.uptake import bass, logistic

quick = settings(max_examples=10)
scales = st.floats(1e-3, 1e4)
origins = st.integers(-3000, 3000)
shuffles = st.integers(0, 2**32 - 1)

Y = np.array([812, 905, 790, 880, 1010, 960, 1150, 1090, 1260, 1180, 1340, 1290.0])
E = np.array([21, 20, 22, 19, 18, 22, 23, 21, 22, 22, 21, 21.0])


def _shuffled(seed: int, *series: np.ndarray) -> list[np.ndarray]:
    order = np.random.default_rng(seed).permutation(series[0].size)
    return [each[order] for each in series]


@quick
@given(scale=scales, origin=origins, seed=shuffles)
def test_growth(scale: float, origin: int, seed: int) -> None:
    base = growth(Y, E, np.arange(12))
    y, e, t = _shuffled(seed, Y, E * scale, np.arange(12) + origin)
    other = growth(y, e, t)
    assert other.factor.value == pytest.approx(base.factor.value, rel=1e-9)
    assert other.factor.low == pytest.approx(base.factor.low, rel=1e-8)
    assert other.dispersion == pytest.approx(base.dispersion, rel=1e-8)


@quick
@given(scale=scales, origin=origins, seed=shuffles)
def test_its_counts(scale: float, origin: int, seed: int) -> None:
    base = its_counts(Y, E, np.arange(12), 6, slope_change=True)
    y, e, t = _shuffled(seed, Y, E * scale, np.arange(12) + origin)
    other = its_counts(y, e, t, 6 + origin, slope_change=True)
    assert other.step.value == pytest.approx(base.step.value, rel=1e-8)
    assert other.slope is not None
    assert base.slope is not None
    assert other.slope.high == pytest.approx(base.slope.high, rel=1e-8)


@quick
@given(scale=scales, shift=st.floats(-1e4, 1e4), origin=origins, seed=shuffles)
def test_its_continuous(scale: float, shift: float, origin: int, seed: int) -> None:
    base = its_continuous(Y, np.arange(12), 6)
    y, t = _shuffled(seed, Y * scale + shift, np.arange(12) + origin)
    other = its_continuous(y, t, 6 + origin)
    for rule in ("reml", "ols", "newey_west", "prais_winsten"):
        ours, theirs = getattr(base, rule).step, getattr(other, rule).step
        assert theirs.value == pytest.approx(ours.value * scale, rel=1e-6)
        assert theirs.se == pytest.approx(ours.se * scale, rel=1e-6)
    assert other.mde == pytest.approx(base.mde * scale, rel=1e-6)


@quick
@given(scale=scales, shift=st.floats(-1e4, 1e4), origin=origins, seed=shuffles)
def test_breaks_and_level(scale: float, shift: float, origin: int, seed: int) -> None:
    noise = np.random.default_rng(3).normal(size=30)
    y0 = noise + np.repeat([0.0, 4.0], 15)
    y, t = _shuffled(seed, y0 * scale + shift, np.arange(30) + origin)
    base, other = structural_breaks(y0, np.arange(30)), structural_breaks(y, t)
    assert [b.last_before - origin for b in other.breaks] == [b.last_before for b in base.breaks]
    one, two = structural_series(y0, np.arange(30)), structural_series(y, t)
    assert two.noise == pytest.approx(one.noise * scale**2, rel=1e-3)


@quick
@given(scale=scales, origin=st.floats(-3000, 3000), stretch=st.floats(0.1, 100), seed=shuffles)
def test_joinpoint(scale: float, origin: float, stretch: float, seed: int) -> None:
    x0 = np.arange(20.0)
    y0 = np.where(x0 < 8.4, x0, 16.8 - x0) + np.random.default_rng(1).normal(0, 0.3, 20)
    base = joinpoint(y0, x0)
    y, x = _shuffled(seed, y0 * scale, x0 * stretch + origin)
    other = joinpoint(y, x)
    assert (other.place.value - origin) / stretch == pytest.approx(base.place.value, abs=1e-5)
    assert other.slope_after.value == pytest.approx(base.slope_after.value * scale / stretch, rel=1e-5)


@quick
@given(scale=scales, origin=origins, stretch=st.floats(0.1, 100), seed=shuffles)
def test_uptake(scale: float, origin: int, stretch: float, seed: int) -> None:
    x0 = np.arange(10.0)
    y0 = 50 / (1 + np.exp(3 - 0.8 * x0)) + np.random.default_rng(1).normal(0, 0.5, 10)
    base = logistic(y0, x0)
    y, x = _shuffled(seed, y0 * scale, x0 * stretch + origin)
    other = logistic(y, x)
    assert other.ceiling.value == pytest.approx(base.ceiling.value * scale, rel=1e-6)
    assert other.profile[1] == pytest.approx(base.profile[1] * scale, rel=1e-4)
    assert other.rate.value == pytest.approx(base.rate.value / stretch, rel=1e-6)
    sales = np.array([840, 1470, 2110, 4000, 7590, 10950, 10530, 9470, 7790, 5890.0])
    y, t = _shuffled(seed, sales * scale, np.arange(10) + origin)
    assert bass(y, t).market.value == pytest.approx(bass(sales, range(10)).market.value * scale, rel=1e-6)


def _frame() -> pd.DataFrame:
    rng = np.random.default_rng(11)
    first = np.repeat([3, 4, 0, 0], 6)
    rows = []
    for i, g in enumerate(first):
        level = rng.normal()
        for t in range(1, 7):
            effect = 1.0 + 0.5 * (t - g) if g and t >= g else 0.0
            rows.append((f"k{i}", t, g, level + 0.3 * t + effect + rng.normal(0, 0.5)))
    return pd.DataFrame(rows, columns=["k", "t", "g", "y"])


@quick
@given(scale=scales, shift=st.floats(-1e3, 1e3), origin=st.integers(1, 3000), seed=shuffles)
def test_panels(scale: float, shift: float, origin: int, seed: int) -> None:
    frame = _frame()
    moved = frame.assign(
        y=frame.y * scale + shift,
        t=frame.t + origin,
        g=frame.g.where(frame.g == 0, frame.g + origin),
        k="x" + frame.k.str[::-1],
    ).sample(frac=1, random_state=seed % 2**31)
    base, other = (panel(f, unit="k", time="t", outcome="y", first="g") for f in (frame, moved))
    pairs = [
        (callaway_santanna(base).by_group, callaway_santanna(other).by_group),
        (callaway_santanna(base).event_study.overall, callaway_santanna(other).event_study.overall),
        (sun_abraham(base).att, sun_abraham(other).att),
        (imputation(base).att, imputation(other).att),
        (twfe(base).effect, twfe(other).effect),
    ]
    for ours, theirs in pairs:
        assert theirs.value == pytest.approx(ours.value * scale, rel=1e-5)
        assert theirs.se == pytest.approx(ours.se * scale, rel=1e-5)


@quick
@given(events=st.integers(0, 2000), exposure=st.floats(0.1, 1e6), factor=scales)
def test_rates_scale_with_exposure(events: int, exposure: float, factor: float) -> None:
    for method in (garwood, byar):
        one, two = method(events, exposure), method(events, exposure * factor)
        assert two.high == pytest.approx(one.high / factor, rel=1e-9)
        assert one.low <= one.value <= one.high


@quick
@given(a=st.integers(1, 300), b=st.integers(1, 300), ratio=st.floats(0.01, 100))
def test_rate_ratio_turns_over(a: int, b: int, ratio: float) -> None:
    one, two = rate_ratio(a, ratio, b, 1.0), rate_ratio(b, 1.0, a, ratio)
    assert one.value == pytest.approx(1 / two.value)
    assert one.low == pytest.approx(1 / two.high)


@quick
@given(n=st.integers(1, 500), m=st.integers(1, 500), data=st.data())
def test_proportions_mirror(n: int, m: int, data: st.DataObject) -> None:
    a, b = data.draw(st.integers(0, n)), data.draw(st.integers(0, m))
    assert wilson(a, n).low == pytest.approx(1 - wilson(n - a, n).high, abs=1e-12)
    assert newcombe(a, n, b, m).low == pytest.approx(-newcombe(b, m, a, n).high, abs=1e-12)


@quick
@given(scale=scales, seed=shuffles)
def test_standardisation_uses_only_shares(scale: float, seed: int) -> None:
    d, n, w = np.array([12, 30, 5.0]), np.array([900, 700, 300.0]), np.array([5, 3, 2.0])
    base = standardised_rate(d, n, w)
    other = standardised_rate(*_shuffled(seed, d, n, w * scale))
    assert (other.value, other.high) == pytest.approx((base.value, base.high))
    assert standardised_rate(d, n, n).value == pytest.approx(d.sum() / n.sum()), (
        "own standard gives the crude rate"
    )


@quick
@given(st.lists(st.floats(0.1, 100), min_size=2, max_size=4), st.data())
def test_decomposition_is_exact(old: list[float], data: st.DataObject) -> None:
    new = data.draw(st.lists(st.floats(0.1, 100), min_size=len(old), max_size=len(old)))
    r = shapley(old, new)
    assert sum(r.parts) == pytest.approx(r.change, rel=1e-6, abs=1e-6)


@quick
@given(scale=scales, origin=origins, seed=shuffles)
def test_extrapolation(scale: float, origin: int, seed: int) -> None:
    y0, t0 = np.array([3.0, 5, 6, 9]), np.array([0.0, 1, 2, 4])
    base = extrapolate(y0, t0, 6, ceiling=40)
    y, t = _shuffled(seed, y0 * scale, t0 + origin)
    other = extrapolate(y, t, 6 + origin, ceiling=40 * scale)
    assert list(other.values.values()) == pytest.approx([v * scale for v in base.values.values()])


@quick
@given(scale=st.floats(1e-3, 1e3), seed=shuffles)
def test_donor_weights_ignore_scale_and_order(scale: float, seed: int) -> None:
    rng = np.random.default_rng(4)
    donors, v = rng.normal(size=(6, 5)), np.full(6, 1 / 6)
    target = donors @ np.array([0.2, 0.5, 0.3, 0, 0])
    order = np.random.default_rng(seed).permutation(5)
    w = donor_weights(target * scale, donors[:, order] * scale, v)
    assert w[np.argsort(order)] == pytest.approx([0.2, 0.5, 0.3, 0, 0], abs=1e-5)
