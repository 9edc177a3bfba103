"""What breaks a rule is counted, and stops or is reported; no message holds anything of a row."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from analysis_lib.errors import DataFeil
from registers.engine import Engine
from registers.validate import broken_rules, checked, validate
from tests.registers.delivery import bills, opened, write

TODAY = date(2026, 5, 31)
SECRET = 4242


def broken(folder: Path, engine: Engine, table: str = "regning", today: date = TODAY) -> dict[str, int]:
    return broken_rules(opened(folder, engine), table, 2025, today)


BILLS: list[tuple[dict[str, Any], str]] = [
    ({"tjenestetype": None}, "tomt felt: tjenestetype"),
    ({"tjenestetype": "Fastlegen"}, "ukjent verdi: tjenestetype"),
    ({"kjonn": 0}, "ukjent verdi: kjonn"),
    ({"klokkeslett": 1440}, "utenfor grensene: klokkeslett"),
    ({"alder": -1}, "utenfor grensene: alder"),
    ({"kommuneNr": SECRET}, "ukjent kommune: kommuneNr"),
    ({"kommuneNr": 1507}, "ukjent kommune: kommuneNr"),
    ({"aar": 2024}, "annet år: aar"),
    ({"dato": date(2024, 12, 31)}, "dato utenfor året: dato"),
    ({"alder": 40, "fodselsaar": 1990}, "alder og fødselsår avviker"),
    ({"enkeltregning_lnr": 2}, "dobbel nøkkel"),
    ({"takster": []}, "regning uten takst"),
]


@pytest.mark.parametrize(("bill", "rule"), BILLS, ids=[rule for _, rule in BILLS])
def test_each_rule_counts_the_rows_that_break_it(
    folder: Path, engine: Engine, bill: dict[str, Any], rule: str
) -> None:
    bills(folder, 2025, bill, {}, {})
    assert broken(folder, engine)[rule] == 1


def test_what_is_ordinary_breaks_nothing(folder: Path, engine: Engine) -> None:
    unknown = {"kommuneNr": -1, "kommunenrPB": -1, "kjonn": -1, "kjonnK": -1, "kpr_lnr": None}
    nobody = {"alder": None, "fodselsaar": None}
    birthday_to_come = {"alder": 40, "fodselsaar": 1984}
    bills(folder, 2025, {**unknown, **nobody}, birthday_to_come, {"kommuneNr": 312})
    assert broken(folder, engine) == {}


def test_a_date_can_be_in_the_year_and_still_to_come(folder: Path, engine: Engine) -> None:
    bills(folder, 2025, {"dato": date(2025, 6, 2)}, {})
    assert broken(folder, engine, today=date(2025, 6, 1)) == {"dato i framtiden: dato": 1}


def test_lines_and_bills_without_each_other(folder: Path, engine: Engine) -> None:
    bills(folder, 2025, {}, {"takster": []}, {"takster": ["2ad", "14"]})
    write(folder, "diagnose", 2025, {"enkeltregning_lnr": 1}, {"enkeltregning_lnr": 99})
    found = broken(folder, engine)
    assert found == {"regning uten takst": 1, "regning uten diagnose": 2, "diagnose uten regning": 1}


@pytest.mark.parametrize(
    ("spells", "rule"),
    [
        ([{"fra": date(2020, 1, 1)}, {"fra": date(2025, 3, 1)}], "på to lister samme dag"),
        ([{"fra": date(2025, 3, 2)}], "listebytte midt i måneden"),
        ([{"fra": date(2025, 3, 1), "til": date(2025, 2, 1)}], "slutter før det begynner: til"),
        ([{"fra": date(2025, 3, 1), "til": date(2025, 4, 1)}] * 2, "dobbel nøkkel"),
    ],
)
def test_spells(folder: Path, engine: Engine, spells: list[dict[str, Any]], rule: str) -> None:
    write(folder, "tilknytning", 2025, *({"kpr_lnr": 7, "liste_lnr": 1, **spell} for spell in spells))
    assert broken(folder, engine, "tilknytning")[rule] == 1


def test_spells_one_after_the_other_are_no_two_lists(folder: Path, engine: Engine) -> None:
    change = date(2025, 3, 1)
    spells = [{"fra": date(2020, 1, 1), "til": change}, {"fra": change, "liste_lnr": 2}]
    write(folder, "tilknytning", 2025, *({"kpr_lnr": 7, "liste_lnr": 1, **spell} for spell in spells))
    assert broken(folder, engine, "tilknytning") == {}


def test_a_rule_that_stops_names_file_rule_and_count_alone(
    folder: Path, engine: Engine, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    row = {"kpr_lnr": SECRET, "behandler_lnr": SECRET, "enkeltregning_lnr": SECRET}
    bills(folder, 2025, row, {**row, "dato": date(2024, 2, 3)})
    with pytest.raises(DataFeil) as raised:
        validate(opened(folder, engine), today=TODAY)
    assert raised.value.where == "2025/regning.parquet"
    assert "dato utenfor året: dato (1 av 2 rader)" in str(raised.value)
    assert "dobbel nøkkel (1 av 2 rader)" in str(raised.value)
    # The tariff file has the same line twice, and is told in the same breath.
    assert "2025/takst.parquet: dobbel nøkkel (1 av 2 rader)" in str(raised.value)
    everything = f"{raised.value}{capfd.readouterr()}{caplog.text}"
    for part in (str(SECRET), "2024-02-03", "2ad"):
        assert part not in everything


def test_a_little_is_reported_and_much_stops(folder: Path, engine: Engine) -> None:
    wrong = {"kommuneNr": SECRET}
    bills(folder, 2025, wrong, *({} for _ in range(150)))
    found = checked(opened(folder, engine), "regning", 2025, today=TODAY)
    assert (found.broken, found.stopping) == ({"ukjent kommune: kommuneNr": 1}, ())
    assert (found.rows, found.file) == (151, "2025/regning.parquet")
    bills(folder, 2025, wrong, wrong, *({} for _ in range(98)))
    with pytest.raises(DataFeil, match="ukjent kommune: kommuneNr \\(2 av 100 rader\\)"):
        checked(opened(folder, engine), "regning", 2025, today=TODAY)


def test_what_was_checked_is_not_checked_again(
    folder: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    bills(folder, 2025, {})
    first = validate(opened(folder, engine), today=TODAY)
    monkeypatch.setattr("registers.validate.broken_rules", lambda *_: pytest.fail("checked again"))
    assert validate(opened(folder, engine), today=TODAY) == first
