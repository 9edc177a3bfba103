"""One reader of periods: what is written comes back, in the order of the calendar."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis_lib.data.periods import Frequency, Period, first_day, in_words, last_day

STARTS = {Frequency.YEAR: [1], Frequency.SCHOOL_YEAR: [8], Frequency.HALF_YEAR: [1, 7]}
STARTS |= {Frequency.QUARTER: [1, 4, 7, 10], Frequency.MONTH: [*range(1, 13)]}
periods = st.one_of(
    st.builds(Period, st.dates(date(1900, 1, 1), date(2199, 12, 31)), st.just(Frequency.DAY)),
    *(
        st.builds(
            lambda year, month, frequency=frequency: Period(date(year, month, 1), frequency),
            st.integers(1900, 2199),
            st.sampled_from(months),
        )
        for frequency, months in STARTS.items()
    ),
)


@given(periods)
def test_what_is_written_is_read_again(period: Period) -> None:
    assert Period.read(str(period)) == period


@given(periods, st.integers(-40, 40))
def test_periods_follow_each_other_without_gap_or_overlap(period: Period, steps: int) -> None:
    assert period.after().first == period.last + timedelta(days=1)
    assert period.after(steps).after(-steps) == period


@pytest.mark.parametrize(
    ("written", "words", "first", "last"),
    [
        ("2024", "2024", "2024-01-01", "2024-12-31"),
        ("2024H2", "andre halvår 2024", "2024-07-01", "2024-12-31"),
        ("2024Q1", "1. kvartal 2024", "2024-01-01", "2024-03-31"),
        ("2025M05", "mai 2025", "2025-05-01", "2025-05-31"),
        ("2024/25", "skoleåret 2024/2025", "2024-08-01", "2025-07-31"),
        ("2025-07–2026-01", "juli 2025–januar 2026", "2025-07-01", "2026-01-31"),
    ],
)
def test_each_form_has_its_words_and_its_days(written: str, words: str, first: str, last: str) -> None:
    assert in_words(written) == words
    assert (str(first_day(written)), str(last_day(written))) == (first, last)


@pytest.mark.parametrize(
    "text", ["2024K5", "2024-13", "2025-02-30", "2024/2026", "24", "i fjor", "2024-2025", ""]
)
def test_what_is_no_period_is_refused_with_what_was_expected(text: str) -> None:
    with pytest.raises(ValueError, match=r"2024K3|ugyldig dato"):
        Period.read(text)
