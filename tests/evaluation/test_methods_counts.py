"""A count is a whole number: every method of counts refuses a fraction, in the same words.

Bass's curve is fitted by least squares, so it takes smoothed numbers too.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis_lib.errors import AnalyseAvvist
from evaluation.methods import few_points, funnel, its_counts, proportions, quasi_poisson, rates

ONES = [100] * 12
WHEN = list(range(12))
METHODS = {
    "garwood": lambda x: rates.garwood(x[0], 100),
    "byar": lambda x: rates.byar(x[0], 100),
    "rate_ratio": lambda x: rates.rate_ratio(x[0], 100, 10, 100),
    "standardised_rate": lambda x: rates.standardised_rate(x, ONES, ONES),
    "wilson": lambda x: proportions.wilson(x[0], 100),
    "wilson, n": lambda x: proportions.wilson(2, x[0]),
    "independence_test": lambda x: proportions.independence_test([x, ONES]),
    "trend_test": lambda x: proportions.trend_test(x, ONES),
    "trend_test, n": lambda x: proportions.trend_test([1] * 12, x),
    "funnel_proportions": lambda x: funnel.funnel_proportions(x, ONES),
    "funnel_ratios": lambda x: funnel.funnel_ratios(x, ONES),
    "growth": lambda x: few_points.growth(x, ONES, WHEN),
    "fit": lambda x: quasi_poisson.fit(x, ONES, np.ones((12, 1)), ["konstant"]),
    "its_counts": lambda x: its_counts.its_counts(x, ONES, WHEN, 6),
}


@settings(max_examples=10)
@pytest.mark.parametrize("method", METHODS)
@given(whole=st.integers(10, 90), fraction=st.floats(0.01, 0.99))
def test_a_fractional_count_is_refused(method, whole, fraction):
    with pytest.raises(AnalyseAvvist, match="må være et helt tall fra"):
        METHODS[method]([whole + fraction, *range(11, 22)])
