"""I1 as documentation: a few bills in, the number out, and every trap seen in real code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from analysis_lib.errors import ParameterFeil
from registers.cells import TOTAL, Cells, Measure
from registers.engine import Engine
from registers.indicators.contacts import aktivitet, definisjonsforskjell
from tests.registers.delivery import BERGEN, OSLO, bills, opened, write


def shown(cells: Cells) -> dict[Any, float]:
    """What a cell shows, by its dimensions."""
    index = cells.frame.set_index(list(cells.by))["verdi"] if cells.by else cells.frame["verdi"]
    return dict(index)


def test_a_bill_is_counted_by_the_form_its_tariff_gives(folder: Path, engine: Engine) -> None:
    bills(folder, 2025, {}, {"takster": ["2as"]}, {"takster": ["11ad"], "kontakttype": 4})
    cells = aktivitet(opened(folder, engine), by=("form",))
    assert shown(cells) == {"fysisk": 1, "elektronisk": 1, "sykebesøk": 1}
    assert (cells.measure, cells.unit) == (Measure.COUNT, "konsultasjoner")


def test_a_bill_with_two_forms_has_one(folder: Path, engine: Engine) -> None:
    bills(folder, 2025, {"takster": ["2as", "2ad"]}, {"takster": ["2ad", "11ad"], "kontakttype": 4})
    assert shown(aktivitet(opened(folder, engine), by=("form",))) == {
        "fysisk": 1,
        "elektronisk": 0,
        "sykebesøk": 1,
    }


def test_the_two_definitions_differ_where_a_dearer_tariff_stands_beside(folder: Path, engine: Engine) -> None:
    bills(
        folder,
        2025,
        {"tjenestetype": "Legevakt"},
        {"tjenestetype": "Legevakt", "takster": ["2ak", "14"], "kontakttype": 5},
    )
    rows = opened(folder, engine)
    by_tariff = aktivitet(rows, by=("kontakt",), tjeneste="Legevakt")
    by_type = aktivitet(rows, by=("kontakt",), tjeneste="Legevakt", definisjon="mest krevende")
    assert (shown(by_tariff)["konsultasjon"], shown(by_type)["konsultasjon"]) == (2, 1)
    assert (shown(by_tariff)["andre instanser"], shown(by_type)["andre instanser"]) == (0, 1)
    difference = definisjonsforskjell(rows, by=("aar",), tjeneste="Legevakt").frame.iloc[0]
    assert (difference["verdi"], difference["pasienter"], difference["leger"]) == (1, 1, 1)


def test_a_bill_without_tariffs_is_a_consultation_by_type_alone(folder: Path, engine: Engine) -> None:
    bills(folder, 2025, {}, {"takster": []})
    rows = opened(folder, engine)
    assert shown(aktivitet(rows, by=(), kontakt="konsultasjon")) == {0: 1}
    assert shown(aktivitet(rows, by=(), kontakt="konsultasjon", definisjon="mest krevende")) == {0: 2}


def test_a_tariff_counts_only_in_years_in_which_it_could_be_used(folder: Path, engine: Engine) -> None:
    for year in (2024, 2025):
        bills(folder, year, {"takster": ["2as"]}, {"takster": ["2ae"]})
    found = shown(aktivitet(opened(folder, engine), by=("aar",), form="elektronisk"))
    assert found == {2024: 1, 2025: 2}


def test_a_rate_is_per_inhabitant_1_january_the_same_year(folder: Path, engine: Engine) -> None:
    bills(folder, 2025, {}, {}, {})
    write(folder, "befolkning", 2025, {"antall": 60}, {"antall": 140, "kommuneNr": BERGEN})
    cells = aktivitet(opened(folder, engine), by=(), per=100)
    assert shown(cells) == {0: 1.5}
    assert cells.frame[["teller", "nevner"]].iloc[0].to_list() == [3, 200]
    assert cells.unit == "kontakter per 100 innbyggere"


def test_without_a_person_or_a_residence_it_is_counted_but_not_in_rates(folder: Path, engine: Engine) -> None:
    nowhere = {"kommuneNr": -1, "kommunenrPB": -1}
    bills(folder, 2025, {}, {"kpr_lnr": None}, nowhere, {"kpr_lnr": None, **nowhere})
    rows = opened(folder, engine)
    assert shown(aktivitet(rows, by=())) == {0: 4}
    assert shown(aktivitet(rows, by=(), per=100)) == {0: 1}


def test_what_is_unknown_is_repaired_by_the_second_column(folder: Path, engine: Engine) -> None:
    bills(
        folder,
        2025,
        {"kommuneNr": -1, "kommunenrPB": BERGEN, "kjonn": -1, "kjonnK": 1, "alder": None, "fodselsaar": 1990},
    )
    found = shown(aktivitet(opened(folder, engine), by=("kommune", "kjonn", "alder")))
    assert {cell: n for cell, n in found.items() if n} == {("4601", "Menn", "20–39"): 1}


def test_a_person_who_moves_is_counted_where_each_contact_was(folder: Path, engine: Engine) -> None:
    bills(folder, 2025, {"kpr_lnr": 7}, {"kpr_lnr": 7, "kommuneNr": BERGEN})
    found = aktivitet(opened(folder, engine), by=("kommune",), totaler=("kommune",))
    assert shown(found) == {"0301": 1, "4601": 1, TOTAL: 2}
    assert found.frame["pasienter"].to_list() == [1, 1, 1]


def test_districts_of_nav_belong_to_their_municipality(folder: Path, engine: Engine) -> None:
    bills(folder, 2025, {"kommuneNr": 312}, {"kommuneNr": 1164}, {"kommuneNr": 1603})
    write(folder, "befolkning", 2025, {"antall": 100})
    found = shown(aktivitet(opened(folder, engine), by=("kommune",)))
    assert found == {"0301": 1, "1103": 1, "5001": 1}


def test_a_divided_municipality_keeps_its_own_line(folder: Path, engine: Engine) -> None:
    bills(folder, 2023, {"kommuneNr": 1507})
    bills(folder, 2025, {"kommuneNr": 1508}, {"kommuneNr": 1580}, {"kommuneNr": 1507})
    found = shown(aktivitet(opened(folder, engine), by=("aar", "kommune")))
    assert {cell: n for cell, n in found.items() if n} == {
        (2023, "1507"): 1,
        (2025, "1508"): 1,
        (2025, "1580"): 1,
    }


def test_size_is_that_of_the_municipality_in_the_year(folder: Path, engine: Engine) -> None:
    for year, people in ((2024, 1999), (2025, 2000)):
        bills(folder, year, {})
        write(folder, "befolkning", year, {"antall": people})
    found = shown(aktivitet(opened(folder, engine), by=("storrelse", "aar"), per=2000))
    assert found[("under 2000", 2024)] == pytest.approx(2000 / 1999)
    assert found[("2000–4999", 2025)] == 1


def test_cells_tell_how_many_persons_and_doctors_at_least(folder: Path, engine: Engine) -> None:
    bills(folder, 2025, *({"kpr_lnr": person, "behandler_lnr": person % 2} for person in (1, 1, 2, 3)))
    cell = aktivitet(opened(folder, engine), by=()).frame.iloc[0]
    assert (cell["teller"], cell["pasienter"], cell["leger"]) == (4, 3, 2)


def test_margins_are_sums_of_their_cells(folder: Path, engine: Engine) -> None:
    bills(folder, 2025, {}, {"kjonn": 1}, {"takster": ["2at"], "kommuneNr": OSLO})
    cells = aktivitet(opened(folder, engine), by=("kjonn", "form"), totaler=("kjonn", "form"))
    found = shown(cells)
    assert found[TOTAL, TOTAL] == 3
    assert found[TOTAL, "fysisk"] == found["Menn", "fysisk"] + found["Kvinner", "fysisk"] == 2


@pytest.mark.parametrize(
    ("asked", "nearest"),
    [
        ({"by": ("kjønn",)}, "kjonn"),
        ({"by": (), "form": "fysiske"}, "fysisk"),
        ({"by": (), "definisjon": "minst en takst"}, "minst én takst"),
        ({"by": ("alder",), "aldersgrupper": (0, 7)}, "hele fem år"),
    ],
)
def test_what_cannot_be_asked_is_told_with_what_can(
    folder: Path, engine: Engine, asked: dict[str, Any], nearest: str
) -> None:
    bills(folder, 2025, {})
    with pytest.raises(ParameterFeil, match=nearest):
        aktivitet(opened(folder, engine), **asked)
