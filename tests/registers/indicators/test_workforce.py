"""I7, I8, I10, I15: who comes and goes, who stands in, and how much."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registers.cells import TOTAL
from registers.indicators import workforce
from registers.indicators.workdays import working_days
from tests.registers.indicators.reading import OSLO, UTSIRA, Deliver, behind, numbers


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2025, 1, 1), "første nyttårsdag"),
        (date(2025, 4, 17), "skjærtorsdag"),
        (date(2025, 4, 18), "langfredag"),
        (date(2025, 4, 21), "andre påskedag"),
        (date(2025, 5, 1), "arbeidernes dag"),
        (date(2025, 5, 29), "Kristi himmelfartsdag"),
        (date(2025, 6, 9), "andre pinsedag"),
        (date(2025, 12, 26), "andre juledag"),
        (date(2027, 5, 17), "grunnlovsdagen, i 2027 også andre pinsedag"),
    ],
)
def test_public_holidays_are_no_working_days(day: date, name: str) -> None:
    assert day not in working_days(day.year), name


@given(st.integers(1990, 2100))
def test_a_year_has_ten_holidays_at_most_on_weekdays(year: int) -> None:
    days = working_days(year)
    weekdays = sum((date(year, 1, 1) + timedelta(n)).weekday() < 5 for n in range(365))
    assert all(day.weekday() < 5 for day in days)
    assert weekdays - 10 <= len(days) <= weekdays + 1 - 5  # five of them are always on weekdays
    assert date(year, 12, 24) in days or date(year, 12, 24).weekday() >= 5  # Christmas Eve is no holiday


def test_full_time_equivalents_are_working_days_of_the_year_by_share_of_a_position(deliver: Deliver) -> None:
    deal = {"vikar_lnr": 1, "liste_lnr": 1, "stillingsprosent": 100.0, "grunn": "fravær"}
    rows = deliver(
        liste=[
            {"maaned": "2025-01", "liste_lnr": 1, "kommuneNr": OSLO},
            {"maaned": "2025-01", "liste_lnr": 2, "kommuneNr": UTSIRA},
        ],
        vikaravtale=[
            {**deal, "fra": "2024-06-01", "til": "2026-06-30"},  # of this, the year alone
            {**deal, "liste_lnr": 2, "fra": "2025-04-14", "til": "2025-04-21", "stillingsprosent": 50.0},
            {**deal, "vikar_lnr": 2, "liste_lnr": 2, "fra": "2025-12-25", "til": "2025-12-28"},  # holidays
        ],
    )
    week = 3 * 0.5 / 252  # Easter week has three working days
    found = workforce.vikaraarsverk(rows, by=("sentralitet", "aar"), totaler=("sentralitet",))
    assert numbers(found) == {("1", 2025): 1, ("6", 2025): round(week, 4), (TOTAL, 2025): round(1 + week, 4)}
    assert behind(found, "leger") == [1, 1, 1]


def test_a_substitute_with_two_agreements_is_one(deliver: Deliver) -> None:
    deal = {"fra": "2025-11-01", "til": "2025-12-31", "stillingsprosent": 40.0, "utdanningsland": "Danmark"}
    rows = deliver(
        liste=[{"maaned": "2025-12", "liste_lnr": 1}],
        vikaravtale=[
            {**deal, "vikar_lnr": 1, "liste_lnr": 1},
            {**deal, "vikar_lnr": 1, "liste_lnr": 2},
            {**deal, "vikar_lnr": 2, "liste_lnr": 3, "kompetanse": "ikke LIS1"},
            {**deal, "vikar_lnr": 3, "liste_lnr": 4, "til": "2025-11-30"},
        ],
    )
    assert numbers(workforce.vikarer(rows, by=("maaned",))) == {"2025-12": 2}
    assert numbers(workforce.vikarer(rows, by=("maaned",), maal="stillinger")) == {"2025-12": 1.2}
    share = workforce.vikarer(rows, by=("kompetanse",), andel_innen="kompetanse")
    assert numbers(share) == {"ikke LIS1": 50, "spesialist": 50}
    assert numbers(workforce.vikarer(rows, by=("utdanningsland",), kompetanse="ikke LIS1")) == {"Danmark": 1}


def test_vacant_lists_with_a_substitute(deliver: Deliver) -> None:
    rows = deliver(
        liste=[{"maaned": "2025-12", "liste_lnr": n, "lege_lnr": 9 if n == 3 else None} for n in (1, 2, 3)],
        vikaravtale=[
            {"liste_lnr": n, "vikar_lnr": v, "fra": "2025-01-01", "til": "2025-12-31"}
            for n, v in ((1, 1), (1, 2), (3, 3))
        ],
    )
    assert numbers(workforce.vikardekning(rows, by=("maaned",))) == {"2025-12": 50}


def test_started_is_this_month_and_not_the_month_before(deliver: Deliver) -> None:
    """Doctor 1 moves to another list, 2 stops in January 2026, 3 starts in March 2025, on a salary."""
    months = [f"{y}-{m:02}" for y in (2024, 2025) for m in range(1, 13)] + ["2026-01"]
    lists = [
        *({"maaned": m, "liste_lnr": 1 if m < "2025-06" else 9, "lege_lnr": 1} for m in months),
        *({"maaned": m, "liste_lnr": 2, "lege_lnr": 2} for m in months if m < "2026-01"),
        *(
            {"maaned": m, "liste_lnr": 3, "lege_lnr": 3, "driftsform": "fast ansatt"}
            for m in months
            if m >= "2025-03"
        ),
    ]
    rows = deliver(liste=[{**row, "år": int(row["maaned"][:4])} for row in lists])
    # 2024 lacks the month before its first, and 2026 is in progress.
    found = workforce.tilgang(rows, by=("retning", "aar"))
    assert numbers(found) == {("startet", 2025): 1}
    assert numbers(workforce.tilgang(rows, by=("aar",), retning="sluttet", delaar=True)) == {2026: 1}
    net = workforce.tilgang(rows, by=("aar",), retning="netto", delaar=True)
    assert numbers(net) == {2025: 1, 2026: -1}
    assert net.frame.teller.isna().all()  # a difference is no part of a sum
    salaried = workforce.tilgang(rows, by=("retning", "aar"), andel="fast ansatt", delaar=True)
    assert numbers(salaried) == {("startet", 2025): 100, ("sluttet", 2026): 0}


def test_agreements_last_to_their_end_or_to_the_end_of_the_year(deliver: Deliver) -> None:
    def agreement(
        number: int, since: str, months: list[str], until: str | None = None
    ) -> list[dict[str, Any]]:
        row = {"liste_lnr": number, "lege_lnr": number, "avtale_fra": since, "avtale_til": until}
        return [{**row, "maaned": month, "år": int(month[:4])} for month in months]

    rows = deliver(
        liste=[
            *agreement(1, "2023-07-01", ["2025-06", "2025-12", "2026-01"]),  # goes on
            *agreement(2, "2021-07-01", ["2025-06"], until="2025-07-01"),
            *agreement(3, "2020-07-01", ["2025-06"]),  # not seen since
        ]
    )
    found = workforce.avtalevarighet(rows)
    assert numbers(found) == {2025: pytest.approx(4.0, abs=0.01)}
    assert behind(found, "leger") == [3]


def test_full_time_equivalents_per_inhabitant_and_by_education(deliver: Deliver) -> None:
    people = [
        {"år": y, "aar": y, "kommuneNr": k, "kjonn": 1, "alder": 40, "antall": n}
        for y, k, n in ((2025, OSLO, 9000), (2025, UTSIRA, 1000), (2026, OSLO, 9500), (2026, UTSIRA, 1000))
    ]
    rows = deliver(
        befolkning=people,
        aarsverk=[
            {"aar": 2025, "kommuneNr": OSLO, "funksjon": "diagnose", "aarsverk": 9.0},
            {"aar": 2025, "kommuneNr": UTSIRA, "funksjon": "diagnose", "aarsverk": 2.0},
            {"aar": 2025, "kommuneNr": UTSIRA, "funksjon": "institusjon", "aarsverk": 1.0},
        ],
        yrkesaarsverk=[
            {"aar": 2025, "kommuneNr": OSLO, "utdanning": "Leger", "aarsverk": 6.0},
            {"aar": 2025, "kommuneNr": OSLO, "utdanning": "Sykepleiere", "aarsverk": 2.0},
        ],
    )
    rate = workforce.aarsverk(rows, by=("fylke", "aar"), per=10_000, totaler=("fylke",))
    assert numbers(rate) == {("Oslo", 2025): 10, ("Rogaland", 2025): 30, (TOTAL, 2025): 12}
    later = workforce.aarsverk(rows, by=("aar",), per=10_000, folketall="året etter")
    assert numbers(later) == {2025: round(12 / 10_500 * 10_000, 4)}
    by_size = workforce.aarsverk(rows, by=("storrelse",))
    assert numbers(by_size) == {"5000–9999": 9, "under 2000": 3}
    share = workforce.aarsverk(rows, by=("utdanning",), kilde="yrkesaarsverk", andel_innen="utdanning")
    assert numbers(share) == {"Leger": 75, "Sykepleiere": 25}
