"""I2 and I3 as documentation: forms by tariff, diagnoses, and what nurses do on delegation."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from registers.engine import Engine
from registers.indicators.digital import (
    delegering,
    delegerte_kontakter,
    digitale_diagnoser,
    digitale_former,
    nettlege,
)
from tests.registers.delivery import bills, opened, write

AUTUMN = {"dato": date(2025, 9, 1)}


def digital(folder: Path, *codes: str, **changed: Any) -> None:
    bills(folder, 2025, *({**AUTUMN, "takster": [code], **changed} for code in codes))
    numbers = range(1, len(codes) + 1)
    write(folder, "diagnose", 2025, *({"enkeltregning_lnr": number} for number in numbers))


def test_each_form_is_a_share_of_the_three(folder: Path, engine: Engine) -> None:
    digital(folder, "2as", "2as", "2at", "2akv", "2ad", "2nv")
    found = digitale_former(opened(folder, engine), by=("form",)).frame
    assert found["verdi"].to_list() == [50, 25, 25]
    assert found["nevner"].to_list() == [4, 4, 4]


def test_only_the_half_year_and_the_service_asked_for(folder: Path, engine: Engine) -> None:
    spring, night = {"dato": date(2025, 5, 1)}, {"tjenestetype": "Legevakt"}
    bills(folder, 2025, *({**AUTUMN, "takster": ["2at"], **other} for other in ({}, spring, night)))
    write(folder, "diagnose", 2025, {"enkeltregning_lnr": 1})
    assert digitale_former(opened(folder, engine), by=("form",)).frame["teller"].to_list() == [0, 1, 0]


def test_diagnoses_are_main_ones_most_frequent_first_kept(folder: Path, engine: Engine) -> None:
    digital(folder, "2as", "2as", "2as")
    lines = [
        {"enkeltregning_lnr": 1, "diagnoseKode": "P76"},
        {"enkeltregning_lnr": 2, "diagnoseKode": "P76"},
        {"enkeltregning_lnr": 2, "diagnoseKode": "A97", "kodeNr": 2, "erHoveddiagnose": 0},
    ]
    write(folder, "diagnose", 2025, *lines)
    rows = opened(folder, engine)
    every = digitale_diagnoser(rows, by=("diagnose",), form="skriftlig").frame
    assert every.set_index("diagnose")["verdi"].to_dict() == {"P76": 2, "uten diagnose": 1}
    first = digitale_diagnoser(rows, by=("form", "diagnose"), form="skriftlig", antall=1).frame
    assert first.iloc[0][["diagnose", "teller"]].to_list() == ["P76", 2]


def test_a_diagnosis_nobody_has_is_zero_and_not_an_error(folder: Path, engine: Engine) -> None:
    digital(folder, "2as")
    asked = digitale_diagnoser(opened(folder, engine), by=(), form="video", diagnose="R74")
    assert asked.frame["verdi"].to_list() == [0]


def test_the_online_doctor_is_counted_by_tariff_whatever_the_service(folder: Path, engine: Engine) -> None:
    digital(folder, "2nv", "2nv", "2nvk", tjenestetype="Annet")
    rows = opened(folder, engine)
    assert nettlege(rows, by=("takst",)).frame["verdi"].to_list() == [2, 1]
    assert nettlege(rows, by=(), takst="2nvk").frame["verdi"].to_list() == [1]
    assert nettlege(rows, by=()).frame["verdi"].to_list() == [3]


def delegated(folder: Path) -> None:
    bills(folder, 2025, {})
    nurse = {"behandler_rolle": "sykepleier", "behandler_lnr": 90, "delegert_av_lnr": 1, "kontor_lnr": 5}
    rows = [
        {**nurse, "dato": date(2026, 1, 5)},
        {**nurse, "dato": date(2026, 1, 6), "delegert_av_lnr": 2},
        {**nurse, "dato": date(2026, 3, 6), "behandler_lnr": 91, "kontor_lnr": 6},
        {"dato": date(2026, 4, 1)},
    ]
    bills(folder, 2026, *rows)


def test_who_delegates_is_counted_once_from_1_january(folder: Path, engine: Engine) -> None:
    delegated(folder)
    cells = delegering(opened(folder, engine), by=("enhet", "maaned")).frame
    table = cells.pivot(index="enhet", columns="maaned", values="verdi")
    assert table.loc["legekontor"].to_list() == [1, 1, 2, 2]
    assert table.loc["leger"].to_list() == [2, 2, 2, 2]
    assert table.loc["sykepleiere"].to_list() == [1, 1, 2, 2]


def test_delegated_contacts_a_month(folder: Path, engine: Engine) -> None:
    delegated(folder)
    rows = opened(folder, engine)
    assert delegerte_kontakter(rows, by=("maaned",)).frame["verdi"].to_list() == [2, 0, 1, 0]
    assert delegerte_kontakter(rows, by=()).frame["verdi"].to_list() == [3]
