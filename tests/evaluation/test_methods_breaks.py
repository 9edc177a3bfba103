"""Breaks in a mean and in a regression: published dates and intervals, and a place found as often as said."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from evaluation.methods.structural_breaks import BreakDate, structural_breaks


def test_british_drivers(cases_folder: Path) -> None:
    """The oil crisis and the seat belt law: Zeileis, Kleiber, Krämer and Hornik (2003)."""
    deaths = np.log10(pd.read_csv(cases_folder / "data/seatbelts.csv").drivers.to_numpy(dtype=float))
    lags = pd.DataFrame({"måneden før": deaths[11:-1], "året før": deaths[:-12]})
    tried, two = (
        structural_breaks(deaths[12:], range(1, 181), regressors=lags, shortest=18, **choice)
        for choice in ({"most": 2}, {"count": 2})
    )
    assert tried.bic == pytest.approx((-602.9, -601.1, -598.9), abs=0.05)
    assert tried.breaks == ()
    assert two.breaks == (BreakDate(46, 33, 56), BreakDate(157, 144, 171))
    assert set(two.coefficients[0]) == {"konstant", "måneden før", "året før"}


def test_the_search_finds_the_least_of_all_segmentations() -> None:
    rng = np.random.default_rng(1)
    y = rng.normal(size=24) + np.repeat([0.0, 1.0, -1.0], 8)
    r = structural_breaks(y, range(24), shortest=4, count=2)

    def left_over(ends: tuple[int, ...]) -> float:
        parts = np.split(y, ends)
        short = min(map(len, parts)) < 4
        return 1e9 if short else sum(float(((part - part.mean()) ** 2).sum()) for part in parts)

    assert r.rss == pytest.approx(min(left_over(ends) for ends in combinations(range(24), 2)))


def test_a_trend_in_each_segment_is_no_staircase() -> None:
    rng = np.random.default_rng(2)
    t = np.arange(60)
    y = 0.5 * t + rng.normal(size=60)
    assert len(structural_breaks(y, t).breaks) >= 3
    assert structural_breaks(y, t, trend=True).breaks == ()
    broken = structural_breaks(y + np.where(t >= 30, 6 - 0.4 * (t - 30), 0), t, trend=True)
    (place,) = broken.breaks
    assert place.low <= 29 <= place.high
    before, after = broken.coefficients
    assert before["trend"].low < 0.5 < before["trend"].high
    assert after["trend"].low < 0.1 < after["trend"].high


@pytest.mark.slow
@pytest.mark.parametrize("trend", [False, True])
def test_the_interval_holds_the_place_as_often_as_it_says(trend: bool) -> None:
    rng, series, held = np.random.default_rng(3), 80, 0
    t = np.arange(60)
    for _ in range(series):
        y = rng.normal(size=60) + 1.5 * (t >= 33) + (0.1 * t if trend else 0)
        (place,) = structural_breaks(y, t, trend=trend, count=1).breaks
        held += place.low <= 32 <= place.high
    assert held / series >= 0.9


def test_a_unit_and_an_origin_do_not_matter() -> None:
    rng = np.random.default_rng(4)
    t, age = np.arange(50), rng.normal(size=50)
    y = 0.3 * rng.normal(size=50) + (2 + 2 * (t >= 20)) * age
    x = pd.DataFrame({"alder": age})
    one, two = (
        structural_breaks(y, t, regressors=x, count=1),
        structural_breaks(1e5 * y + 3, t + 1970, regressors=1e-3 * x + 0, count=1),
    )
    assert two.breaks[0].last_before - 1970 == one.breaks[0].last_before == 20
    assert two.breaks[0].low - 1970 == pytest.approx(one.breaks[0].low, abs=1)
    assert two.coefficients[1]["alder"].value == pytest.approx(1e8 * one.coefficients[1]["alder"].value)
