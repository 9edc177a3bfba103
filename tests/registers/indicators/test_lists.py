"""I5, I6, I9, I11: what is counted on the first of a month."""

from __future__ import annotations

import pytest

from analysis_lib.errors import ParameterFeil
from registers.cells import TOTAL
from registers.indicators import lists
from tests.registers.indicators.reading import FLESBERG, OSLO, ROLLAG, UTSIRA, Deliver, behind, numbers

JAN, DEC = {"maaned": "2025-01"}, {"maaned": "2025-12"}


def test_a_doctor_with_two_lists_is_one_doctor_and_two_lists(deliver: Deliver) -> None:
    rows = deliver(
        liste=[
            {**DEC, "liste_lnr": 1, "lege_lnr": 7, "listelengde": 400},
            {**DEC, "liste_lnr": 2, "lege_lnr": 7, "listelengde": 600},
            {**DEC, "liste_lnr": 3, "lege_lnr": 8, "listelengde": 1000},
            {**DEC, "liste_lnr": 4, "lege_lnr": None, "listelengde": 500},
        ]
    )
    assert numbers(lists.lister(rows, by=("maaned",))) == {"2025-12": 4}
    assert numbers(lists.lister(rows, by=("maaned",), fast_lege=True)) == {"2025-12": 3}
    doctors = lists.fastleger(rows, by=("maaned",))
    assert numbers(doctors) == {"2025-12": 2}
    assert behind(doctors, "leger") == [2]
    # 2 doctors to 2500 persons, those on the list without a doctor among them
    assert numbers(lists.fastleger(rows, by=("maaned",), per=10_000)) == {"2025-12": 8.0}


def test_length_is_of_lists_with_a_doctor_unless_all_are_asked_for(deliver: Deliver) -> None:
    rows = deliver(
        liste=[
            {**DEC, "liste_lnr": 1, "lege_lnr": 1, "listelengde": 900, "listetak": 1000},
            {**DEC, "liste_lnr": 2, "lege_lnr": 2, "listelengde": 1000, "listetak": 1000},
            {**DEC, "liste_lnr": 3, "lege_lnr": 3, "listelengde": 1400, "listetak": 1300},
            {**DEC, "liste_lnr": 4, "lege_lnr": None, "listelengde": 300, "listetak": 500},
        ]
    )
    assert numbers(lists.listelengde(rows, by=("maaned",))) == {"2025-12": 1100}
    assert numbers(lists.listelengde(rows, by=("maaned",), fast_lege=None)) == {"2025-12": 900}
    median = lists.listelengde(rows, by=("maaned",), maal="median")
    assert numbers(median) == {"2025-12": 1000}
    assert (behind(median, "pasienter"), behind(median, "leger")) == ([3300], [3])
    assert numbers(lists.listelengde(rows, by=("maaned",), av="listetak", maal="sum")) == {"2025-12": 3300}
    thousands = lists.listelengde(rows, by=("maaned",), maal="sum", delt_paa=1000)
    assert numbers(thousands) == {"2025-12": 3.3}


def test_the_share_of_salaried_is_of_the_lists_of_the_cell(deliver: Deliver) -> None:
    fast = {**DEC, "driftsform": "fast ansatt"}
    rows = deliver(
        liste=[
            {**fast, "liste_lnr": 1, "lege_lnr": 1, "kommuneNr": UTSIRA},
            {**fast, "liste_lnr": 2, "lege_lnr": None, "kommuneNr": UTSIRA},
            {**DEC, "liste_lnr": 3, "lege_lnr": 3, "kommuneNr": UTSIRA},
            {**DEC, "liste_lnr": 4, "lege_lnr": 4, "kommuneNr": OSLO},
        ]
    )
    found = lists.lister(
        rows,
        by=("fylke", "sentralitet"),
        driftsform="fast ansatt",
        andel=True,
        fast_lege=True,
        totaler=("fylke",),
    )
    assert numbers(found) == {("Oslo", "1"): 0, ("Rogaland", "6"): 50, (TOTAL, "1"): 0, (TOTAL, "6"): 50}


def test_specialists_and_women_are_those_of_the_day(deliver: Deliver) -> None:
    rows = deliver(
        liste=[{**when, "liste_lnr": n, "lege_lnr": n} for when in (JAN, DEC) for n in (1, 2)],
        lege=[
            {"lege_lnr": 1, "kjonn": 2, "spesialist_fra": "2025-06-01"},
            {"lege_lnr": 2, "kjonn": 1, "spesialist_fra": None},
        ],
    )
    by = {"by": ("maaned",), "naar": "måned"}
    assert numbers(lists.fastleger(rows, kjennetegn="spesialist", **by)) == {"2025-01": 0, "2025-12": 1}
    women = lists.fastleger(rows, kjennetegn="kvinne", andel=True, **by)
    assert numbers(women) == {"2025-01": 50, "2025-12": 50}


def test_change_from_a_month_or_from_the_point_before(deliver: Deliver) -> None:
    lengths = {"2023-12": 1100, "2024-12": 1080, "2025-12": 1060, "2026-05": 1055}
    rows = deliver(
        liste=[
            {"år": int(m[:4]), "maaned": m, "liste_lnr": 1, "lege_lnr": 1, "listelengde": n}
            for m, n in lengths.items()
        ]
    )
    since = lists.listelengde(rows, by=("maaned",), endring="2023-12")
    assert numbers(since) == {"2023-12": 0, "2024-12": -20, "2025-12": -40, "2026-05": -45}
    yearly = lists.listelengde(rows, by=("maaned",), endring="forrige")
    assert numbers(yearly) == {"2024-12": -20, "2025-12": -20, "2026-05": -5}
    # Without the month in `by` the last one is shown, never a sum over months.
    assert numbers(lists.listelengde(rows, by=("driftsform",))) == {"næringsdrivende": 1055}


def test_persons_without_a_doctor_for_more_than_a_year_and_without_substitute(deliver: Deliver) -> None:
    rows = deliver(
        liste=[
            {**DEC, "liste_lnr": 1, "lege_lnr": 1, "listelengde": 9000},
            {**DEC, "liste_lnr": 2, "listelengde": 600, "ubesatt_fra": "2024-11-30"},
            {**DEC, "liste_lnr": 3, "listelengde": 400, "ubesatt_fra": "2024-12-01"},  # a year, not more
        ],
        vikaravtale=[
            {"liste_lnr": 2, "fra": "2025-10-01", "til": "2025-12-01"},  # the last day counts
            {"liste_lnr": 3, "fra": "2025-10-01", "til": "2025-11-30"},
        ],
    )
    assert numbers(lists.ubesatt(rows, by=("maaned",))) == {"2025-12": 1000}
    assert numbers(lists.ubesatt(rows, by=("maaned",), andel=True)) == {"2025-12": 10}
    assert numbers(lists.ubesatt(rows, by=("maaned",), over_aar=True)) == {"2025-12": 600}
    unaided = lists.ubesatt(rows, by=("maaned",), uten_vikar=True)
    assert numbers(unaided) == {"2025-12": 400}
    assert behind(unaided, "pasienter") == [400]
    assert numbers(lists.lister(rows, by=("maaned",), ubesatt_over_aar=True)) == {"2025-12": 1}


def test_free_places_count_below_zero_but_for_those_that_can_be_chosen(deliver: Deliver) -> None:
    full = {**DEC, "status": "lukket", "liste_lnr": 1, "lege_lnr": 1, "listetak": 1000, "listelengde": 1100}
    rows = deliver(
        liste=[
            full,
            {**full, "status": "åpen", "liste_lnr": 2, "lege_lnr": 2},  # above its cap, and yet open
            {**full, "status": "åpen", "liste_lnr": 3, "lege_lnr": 3, "listelengde": 800},
            {**full, "status": "åpen", "liste_lnr": 4, "lege_lnr": None, "listelengde": 500},
        ]
    )
    found = {kind: lists.ledige_plasser(rows, by=("maaned",), lister=kind) for kind in ("alle", "åpne")}
    assert numbers(found["alle"]) == {"2025-12": 500}
    assert numbers(found["åpne"]) == {"2025-12": 200}
    rate = lists.ledige_plasser(rows, by=("maaned",), lister="med fast lege", per=1000)
    assert numbers(rate) == {"2025-12": 0}
    by_status = lists.ledige_plasser(rows, by=("listestatus", "maaned"))
    assert numbers(by_status) == {("lukket", "2025-12"): 0, ("åpen", "2025-12"): 700}


def test_persons_by_age_belong_where_their_list_is(deliver: Deliver) -> None:
    """Rollag has no lists of its own: its people are on those of Flesberg, and no class 5 appears."""
    spell = {"liste_lnr": 1, "fra": "2020-01", "kommuneNr": ROLLAG}
    rows = deliver(
        liste=[{**DEC, "liste_lnr": 1, "kommuneNr": FLESBERG}],
        tilknytning=[
            {**spell, "kpr_lnr": 1, "fodselsaar": 1958},  # 67 in 2025
            {**spell, "kpr_lnr": 2, "fodselsaar": 1959},
            {**spell, "kpr_lnr": 3, "fodselsaar": 1990},
            {**spell, "kpr_lnr": 4, "fodselsaar": 1990, "til": "2025-12"},  # the first day that is not
        ],
    )
    found = lists.listeinnbyggere(
        rows, by=("sentralitet", "alder"), aldersgrupper=(0, 67), andel_innen="alder"
    )
    assert numbers(found) == {("4", "0–66"): 66.6667, ("4", "67+"): 33.3333}
    assert behind(found, "pasienter") == [2, 1]


def test_growth_is_from_december_the_year_before(deliver: Deliver) -> None:
    lengths = {"2024-01": 90, "2024-12": 100, "2025-01": 103, "2025-12": 112}
    rows = deliver(
        liste=[{"år": int(m[:4]), "maaned": m, "liste_lnr": 1, "listelengde": n} for m, n in lengths.items()]
    )
    # 2024 has no December before it, and grows from its January.
    found = numbers(lists.listevekst(rows))
    assert found == {(2024, 1): 0, (2024, 12): 10, (2025, 1): 3, (2025, 12): 12}


@pytest.mark.parametrize(
    ("options", "message"), [({"naar": "desmber"}, "desember"), ({"endring": "2018-12"}, "ikke levert")]
)
def test_a_point_in_time_that_is_none_is_told(
    deliver: Deliver, options: dict[str, str], message: str
) -> None:
    rows = deliver(liste=[{**DEC, "liste_lnr": 1}])
    with pytest.raises(ParameterFeil, match=message):
        lists.lister(rows, by=("maaned",), **options)
