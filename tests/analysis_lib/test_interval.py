"""A rounded number is an interval; arithmetic on intervals loses nothing and claims nothing too much."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis_lib.data.interval import Interval
from analysis_lib.indicators import arithmetic as arith
from analysis_lib.present.numbers import round_half_up

numbers = st.fractions(min_value=-1000, max_value=1000, max_denominator=1000)
positive = st.fractions(min_value=1, max_value=1000, max_denominator=1000)
decimals = st.integers(0, 3)


@given(numbers, decimals)
def test_a_number_lies_in_the_interval_of_its_rounding(number: Fraction, places: int) -> None:
    assert number in Interval.rounded(round_half_up(number, places), places)


@given(numbers, decimals)
def test_everything_in_the_interval_rounds_to_the_printed_number(number: Fraction, places: int) -> None:
    printed = round_half_up(number, places)
    interval = Interval.rounded(printed, places)
    for inside in (interval.middle, *((interval.low,) if interval.low in interval else ())):
        assert round_half_up(inside, places) == printed


@given(positive, positive, decimals)
def test_the_true_result_is_always_inside(a: Fraction, b: Fraction, places: int) -> None:
    x = Interval.rounded(round_half_up(a, places), places)
    y = Interval.rounded(round_half_up(b, places), places)
    assert a + b in arith.total(x, y)
    assert b - a in arith.difference(x, y)
    assert a * b in arith.constant_prices(x, y)
    if 0 not in x:
        assert (b / a - 1) * 100 in arith.change_pct(x, y)
        assert b / a * 100 in arith.index_number(y, x)


@pytest.mark.parametrize(
    ("a", "b", "common"),
    [
        (("5.5", 1), ("5.46", 2), "[5.455, 5.465)"),
        (("5.5", 1), ("5.55", 2), "[5.545, 5.55)"),
        (("5.5", 1), ("5.6", 1), None),  # they touch at 5.55, which belongs to 5.6 only
    ],
)
def test_what_two_roundings_have_in_common(
    a: tuple[str, int], b: tuple[str, int], common: str | None
) -> None:
    first, second = (Interval.rounded(Fraction(text), places) for text, places in (a, b))
    found = first.intersect(second)
    assert (None if found is None else str(found)) == common


def test_dividing_by_what_may_be_zero_is_refused() -> None:
    with pytest.raises(ZeroDivisionError, match="may be zero"):
        Interval.exact(1) / Interval.rounded(Fraction(0), 0)


def test_a_closed_zero_makes_a_closed_product() -> None:
    product = Interval(Fraction(0), Fraction(1)) * Interval(Fraction(0), Fraction(1), True, True)
    assert str(product) == "[0, 1)"
