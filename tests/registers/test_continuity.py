"""I4 as documentation: who had the list on the day, and whom people see most."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis_lib.errors import ParameterFeil
from registers.engine import Engine
from registers.indicators.continuity import kontinuitet, kontinuitet_spredning
from tests.registers.delivery import BERGEN, opened, write

OWN, OTHER, THIRD = 1, 2, 3


def made(folder: Path, contacts: list[tuple[int, int, int]], spells: list[dict[str, Any]]) -> None:
    """Contacts as (person, doctor, month). List 1 is OWN's, list 2 OTHER's; list 3 has no doctor."""
    rows = [
        {"kpr_lnr": person, "behandler_lnr": doctor, "dato": date(2025, month, 15)}
        for person, doctor, month in contacts
    ]
    write(folder, "regning", 2025, *rows)
    write(folder, "tilknytning", 2025, *spells)
    lists = [
        {"maaned": date(2025, month, 1), "liste_lnr": number, "lege_lnr": doctor}
        for month in range(1, 13)
        for number, doctor in ((1, OWN), (2, OTHER), (3, None))
    ]
    write(folder, "liste", 2025, *lists)


def spell(person: int, number: int = 1, **changed: Any) -> dict[str, Any]:
    return {"kpr_lnr": person, "liste_lnr": number, "fra": date(2019, 1, 1), **changed}


def share(folder: Path, engine: Engine, maal: str) -> tuple[float, float]:
    frame = kontinuitet(opened(folder, engine), by=(), maal=maal).frame
    return (frame["teller"].iloc[0], frame["nevner"].iloc[0])


def test_own_doctor_is_the_one_who_had_the_list(folder: Path, engine: Engine) -> None:
    made(folder, [(7, OWN, 1), (7, OWN, 1), (7, OTHER, 2), (8, OTHER, 3)], [spell(7), spell(8, 2)])
    assert share(folder, engine, "egen fastlege") == (3, 4)


def test_own_doctor_changes_on_the_day_the_list_does(folder: Path, engine: Engine) -> None:
    change = date(2025, 7, 1)
    moves = [spell(7, 1, til=change), spell(7, 2, fra=change)]
    made(folder, [(7, OWN, 6), (7, OWN, 7), (7, OTHER, 6), (7, OTHER, 7)], moves)
    assert share(folder, engine, "egen fastlege") == (2, 4)


def test_a_list_without_a_doctor_counts_against(folder: Path, engine: Engine) -> None:
    made(folder, [(7, OWN, 6)], [spell(7, 3)])
    assert share(folder, engine, "egen fastlege") == (0, 1)


def test_whoever_is_on_no_list_is_left_out(folder: Path, engine: Engine) -> None:
    made(folder, [(7, OWN, 1), (7, OWN, 6), (9, OWN, 6)], [spell(7, fra=date(2025, 6, 1))])
    assert share(folder, engine, "egen fastlege") == (1, 1)
    assert share(folder, engine, "mest brukte lege") == (2, 2)


def test_most_used_need_not_be_ones_own(folder: Path, engine: Engine) -> None:
    made(folder, [(7, THIRD, 1), (7, THIRD, 2), (7, OWN, 3)], [spell(7)])
    assert share(folder, engine, "mest brukte lege") == (2, 3)
    assert share(folder, engine, "egen fastlege") == (1, 3)


def test_what_is_no_consultation_with_a_gp_is_left_out(folder: Path, engine: Engine) -> None:
    made(folder, [], [spell(7)])
    person = {"kpr_lnr": 7, "behandler_lnr": OWN}
    write(
        folder, "regning", 2025, person, {**person, "kontakttype": 2}, {**person, "tjenestetype": "Legevakt"}
    )
    assert share(folder, engine, "egen fastlege") == (1, 1)


def test_a_person_belongs_where_the_years_last_spell_is(folder: Path, engine: Engine) -> None:
    change = date(2025, 7, 1)
    moves = [spell(7, til=change), spell(7, fra=change, kommuneNr=BERGEN)]
    made(folder, [(7, OWN, 1), (7, OWN, 8)], moves)
    rows = opened(folder, engine)
    by_place = kontinuitet(rows, by=("kommune", "maal")).frame.set_index(["maal", "kommune"])["nevner"]
    assert by_place["egen fastlege"].to_dict() == {"0301": 1, "4601": 1}
    assert by_place["mest brukte lege"].to_dict() == {"4601": 2}


def test_spread_leaves_out_municipalities_with_few_doctors(folder: Path, engine: Engine) -> None:
    some = [(person, doctor, 1) for person in range(10, 16) for doctor in (OWN, OTHER, THIRD)]
    made(folder, [*some, (7, OWN, 1)], [spell(7, kommuneNr=BERGEN), *(spell(n) for n in range(10, 16))])
    rows = opened(folder, engine)
    asked = kontinuitet_spredning(rows, by=("kvantil",), maal="egen fastlege").frame.set_index("kvantil")
    assert asked["verdi"].to_dict() == pytest.approx(dict.fromkeys((10, 25, 50, 75, 90), 100 / 3))
    assert asked.loc[50, ["pasienter", "leger"]].to_list() == [6, 3]


def test_what_is_no_measure_is_told(folder: Path, engine: Engine) -> None:
    made(folder, [(7, OWN, 1)], [spell(7)])
    with pytest.raises(ParameterFeil, match="Mente du «egen fastlege»"):
        kontinuitet(opened(folder, engine), by=(), maal="egen lege")


@settings(max_examples=15)
@given(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3), st.integers(1, 12)), min_size=1, max_size=40))
def test_both_shares_are_what_counting_one_by_one_gives(
    tmp_path_factory: pytest.TempPathFactory, engine: Engine, contacts: list[tuple[int, int, int]]
) -> None:
    folder = tmp_path_factory.mktemp("eksempel") / "utlevering"
    made(folder, contacts, [spell(1), spell(2, 2), spell(3, 1)])
    own = {1: OWN, 2: OTHER, 3: OWN}
    most = sum(
        max(sum(c[:2] == (person, doctor) for c in contacts) for doctor in (1, 2, 3)) for person in (1, 2, 3)
    )
    assert share(folder, engine, "mest brukte lege") == (most, len(contacts))
    mine = sum(own[person] == doctor for person, doctor, _ in contacts)
    assert share(folder, engine, "egen fastlege") == (mine, len(contacts))
