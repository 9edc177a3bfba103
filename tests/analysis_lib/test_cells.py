"""What can stand in a cell, and what it means."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis_lib.data.cells import Kind, parse_cell
from analysis_lib.present.numbers import format_number


@pytest.mark.parametrize(
    ("printed", "number", "interval"),
    [
        ("18,6", "18.6", "[18.55, 18.65)"),
        ("10 354", "10354", "[10353.5, 10354.5)"),
        ("10\u00a0354", "10354", "[10353.5, 10354.5)"),
        ("1943", "1943", "[1942.5, 1943.5)"),
        ("-1,5", "-1.5", "(-1.55, -1.45]"),
        ("−1,5", "-1.5", "(-1.55, -1.45]"),
        ("0", "0", "(-0.5, 0.5)"),
        ("3,0", "3", "[2.95, 3.05)"),
    ],
)
def test_numbers(printed: str, number: str, interval: str) -> None:
    cell = parse_cell(printed)
    assert (cell.kind, cell.number, str(cell.interval)) == (Kind.NUMBER, Fraction(number), interval)


@pytest.mark.parametrize(
    ("printed", "kind"),
    [
        ("", Kind.BLANK),
        ("..", Kind.NOT_AVAILABLE),
        (".", Kind.IMPOSSIBLE),
        (":", Kind.CONFIDENTIAL),
        ("0", Kind.NUMBER),
    ],
)
def test_five_things_that_are_told_apart(printed: str, kind: Kind) -> None:
    assert parse_cell(printed).kind is kind


@pytest.mark.parametrize("printed", ["4 79", "86 429d", "1.943", "18.6", "12 34 567", "n/a", "5,", "1 0000"])
def test_what_is_no_number(printed: str) -> None:
    with pytest.raises(ValueError, match="verken et tall"):
        parse_cell(printed)


@given(st.integers(-(10**9), 10**9), st.integers(0, 3))
def test_a_number_survives_printing(scaled: int, decimals: int) -> None:
    number = Fraction(scaled, 10**decimals)
    assert parse_cell(format_number(number, decimals)).number == number
