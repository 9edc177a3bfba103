"""I10–I12: how long, who waits, who changes."""

from __future__ import annotations

import pytest

from registers.cells import TOTAL
from registers.indicators import changes
from tests.registers.indicators.reading import BOTH, FLESBERG, OSLO, ROLLAG, UTSIRA, Deliver, behind, numbers

pytestmark = BOTH

LISTS = [
    {"maaned": "2025-12", "liste_lnr": 1, "kommuneNr": OSLO, "listelengde": 40},
    {"maaned": "2025-12", "liste_lnr": 2, "kommuneNr": UTSIRA, "listelengde": 10},
]
CHOSEN, QUIT, NEW = "selvvalgt direkte", "lege sluttet", "ny i ordningen"


def test_a_change_is_a_spell_that_begins_on_the_first_of_a_month_of_the_year(deliver: Deliver) -> None:
    spell = {"liste_lnr": 1, "inn_aarsak": CHOSEN}
    rows = deliver(
        liste=LISTS,
        tilknytning=[
            {**spell, "kpr_lnr": 1, "fra": "2024-12", "til": "2025-01"},  # of the year before
            {**spell, "kpr_lnr": 1, "fra": "2025-01"},  # 1 January is of the year that begins
            {**spell, "kpr_lnr": 2, "fra": "2025-03", "til": "2025-06"},
            {**spell, "kpr_lnr": 2, "fra": "2025-06", "liste_lnr": 2, "inn_aarsak": QUIT},
            {**spell, "kpr_lnr": 3, "fra": "2025-05", "inn_aarsak": NEW},  # new to the scheme: no change
            {**spell, "kpr_lnr": 4, "fra": "2026-01", "år": 2026},
        ],
    )
    found = changes.bytter(rows, by=("aarsak", "aar"))
    assert numbers(found) == {(QUIT, 2025): 1, (CHOSEN, 2025): 2}
    assert behind(found, "pasienter") == [1, 2]
    assert numbers(changes.bytter(rows, by=("aar",), per=1000)) == {2025: 60}
    assert numbers(changes.bytter(rows, by=("valg",), andel_innen="valg"))["selvvalgt"] == pytest.approx(
        66.6667
    )
    # Person 2 changed twice, in two classes: once in each, and once in the country.
    once = changes.byttet(rows, by=("sentralitet", "aar"), totaler=("sentralitet",))
    assert numbers(once) == {("1", 2025): 5, ("6", 2025): 10, (TOTAL, 2025): 4}
    assert numbers(changes.byttet(rows, by=("aar",), antall=True)) == {2025: 2}


def test_without_the_year_in_the_breakdown_both_numbers_are_of_the_editions(deliver: Deliver) -> None:
    year = {y: {"år": y, "maaned": f"{y}-12", "liste_lnr": 1, "kommuneNr": OSLO} for y in (2024, 2025)}
    rows = deliver(
        liste=[{**year[2024], "listelengde": 100}, {**year[2025], "listelengde": 200}],
        tilknytning=[
            {"år": y, "kpr_lnr": 1, "liste_lnr": 1, "fra": f"{y}-03", "inn_aarsak": CHOSEN} for y in year
        ],
    )
    assert numbers(changes.bytter(rows, by=("sentralitet",), per=1000)) == {"1": 5}
    assert numbers(changes.byttet(rows, by=("sentralitet",))) == {"1": 0.5}


def test_who_waits_is_put_up_and_not_yet_allotted(deliver: Deliver) -> None:
    wish = {"liste_lnr": 1, "kommuneNr": FLESBERG, "fra_kommune": FLESBERG, "bostedskommune": ROLLAG}
    rows = deliver(
        liste=[{"maaned": "2025-12", "liste_lnr": 1, "kommuneNr": FLESBERG, "listelengde": 500}],
        venteliste=[
            {**wish, "kpr_lnr": 1, "satt_opp": "2025-12-01"},
            {**wish, "kpr_lnr": 1, "satt_opp": "2025-06-01", "liste_lnr": 2},  # on two waiting lists
            {**wish, "kpr_lnr": 2, "satt_opp": "2024-02-10", "fra_kommune": OSLO},
            {**wish, "kpr_lnr": 3, "satt_opp": "2025-12-02"},
            {**wish, "kpr_lnr": 4, "satt_opp": "2025-03-01", "tildelt": "2025-12-01"},
        ],
    )
    assert numbers(changes.venteliste(rows, by=("maaned",))) == {"2025-12": 2}
    # Rollag's people are counted where the lists are, in class 4.
    found = changes.venteliste(rows, by=("legens_kommune", "sentralitet"), per=1000)
    assert numbers(found) == {(changes.ELSEWHERE, "4"): 2, (changes.HERE, "4"): 2}


def test_allotted_places_and_days_waited(deliver: Deliver) -> None:
    days = {"2025-12-02": 30, "2025-12-01": 31, "2023-12-02": 761, "2025-11-02": 60}
    rows = deliver(
        liste=LISTS,
        venteliste=[
            *(
                {"kpr_lnr": n, "satt_opp": when, "tildelt": "2026-01-01", "år": 2026}
                for n, when in enumerate(days)
            ),
            {"kpr_lnr": 9, "satt_opp": "2025-01-01", "tildelt": "2025-02-01"},
        ],
    )
    by = {"by": ("aar",), "delaar": True}
    assert numbers(changes.tildelinger(rows, **by)) == {2025: 1, 2026: 4}
    assert numbers(changes.tildelinger(rows, maal="gjennomsnitt", **by)) == {2025: 31, 2026: 220.5}
    assert numbers(changes.tildelinger(rows, maal="median", **by)) == {2025: 31, 2026: 45.5}
    share = changes.tildelinger(rows, by=("ventetid", "aar"), maal="andel", delaar=True)
    assert numbers(share) == {
        ("0–30 dager", 2026): 25,
        ("31–90 dager", 2025): 100,
        ("31–90 dager", 2026): 50,
        ("over 730 dager", 2026): 25,
    }


def test_doctor_and_person_have_each_other_while_both_are_there(deliver: Deliver) -> None:
    """Person 1 has been on the list for longer than the doctor; person 2 left before the year."""
    rows = deliver(
        liste=[
            {"maaned": "2025-12", "liste_lnr": 1, "lege_lnr": 5, "avtale_fra": "2023-12-31"},
            {"maaned": "2026-01", "år": 2026, "liste_lnr": 1, "lege_lnr": 5, "avtale_fra": "2023-12-31"},
            {"maaned": "2025-12", "liste_lnr": 2, "lege_lnr": None},
        ],
        tilknytning=[
            {"kpr_lnr": 1, "liste_lnr": 1, "fra": "2015-01"},
            {"kpr_lnr": 2, "liste_lnr": 1, "fra": "2024-01", "til": "2024-12"},
            {"kpr_lnr": 3, "liste_lnr": 2, "fra": "2015-01"},  # no doctor, no relation
        ],
    )
    found = changes.relasjonsvarighet(rows)
    assert numbers(found) == {2025: pytest.approx(2.0, abs=0.01)}
    assert (behind(found, "pasienter"), behind(found, "leger")) == ([1], [1])
