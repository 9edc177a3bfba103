"""Chapter 8: every derived cell is computed again and held against what is printed."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from analysis_lib.data.cells import Kind, parse_cell
from analysis_lib.data.inputs import ROOT_VARIABLE, project_root
from analysis_lib.errors import DataFeil, ParameterFeil
from analysis_lib.indicators.edition import Edition
from analysis_lib.indicators.values import reconcile

CHAPTER_8 = [f"8.{number}" for number in range(1, 14)]


@pytest.fixture(scope="module")
def edition() -> Edition:
    return Edition(2025)


@pytest.mark.parametrize("number", CHAPTER_8)
def test_every_derived_cell_is_reproduced_or_known_to_deviate(edition: Edition, number: str) -> None:
    table = edition.table(number)
    deviating = {
        (row, column): edition.value(number, row, column).computed
        for row, column in table.cells
        if edition.value(number, row, column).verdict == "avviker"
    }
    known = {("sum_tilskudd", "2025"): Fraction("988.1")} if number == "8.11" else {}
    assert deviating == known


@pytest.mark.parametrize("number", CHAPTER_8)
def test_what_is_reproduced_is_shown_as_printed(edition: Edition, number: str) -> None:
    table = edition.table(number)
    for row, column in table.cells:
        value = edition.value(number, row, column)
        if value.verdict == "gjengitt":
            assert parse_cell(value.printed).number == table.cells[row, column].number
            assert value.point in table.cells[row, column].interval


def test_a_wrong_digit_is_found(edition: Edition) -> None:
    value = edition.value("8.3", "sum_basis", "2025")
    wrong = parse_cell("5 587")
    assert reconcile(replace(value, interval=value.interval), wrong).verdict == "avviker"


def test_the_deflator_is_pinned_by_the_printed_pairs(edition: Edition) -> None:
    deflator = edition.deflator(2024)
    assert Fraction("1.05") in deflator.interval
    assert deflator.interval.width < Fraction(1, 10_000)
    assert edition.deflator(2025).interval.width == 0


def test_constant_prices_in_another_years_prices_are_not_held_against_print() -> None:
    edition = Edition(2025, price_year=2019)
    value = edition.value("8.2", "totalt", "2025")
    assert value.verdict is None
    assert float(value.point) == pytest.approx(18572 / 1.26147, rel=1e-4)
    assert edition.value("8.2", "totalt", "endring_siste").verdict == "gjengitt"


def test_an_earlier_year_moves_the_changes() -> None:
    edition = Edition(2024)
    value = edition.value("8.1", "totalt", "endring_siste")
    assert edition.header(edition.table("8.1"), "endring_siste") == "2023–2024"
    assert float(value.point) == pytest.approx((17665 / 16343 - 1) * 100, abs=0.01)
    assert value.verdict is None


def test_the_same_quantity_in_two_tables_is_one_value(edition: Edition) -> None:
    assert edition.value("8.1", "legevakt", 2025).ref == edition.value("8.8", "sum_totalt", 2025).ref


def test_a_value_leads_back_to_its_cells(edition: Edition) -> None:
    value = edition.value("8.13", "totalt", 2025)
    files = {source.file for source in value.sources()}
    assert {"data/open/ssb/07459.csv", "data/published/2025/tabeller/8.3.csv"} <= files


def test_a_sum_skips_what_is_blank_but_not_what_is_unknown(edition: Edition) -> None:
    assert edition.value("8.11", "alis", 2019).kind is Kind.BLANK
    assert edition.value("8.11", "sum_tilskudd", 2019).point == 261


def test_a_fact_from_after_the_year_shown_is_not_told() -> None:
    assert Edition(2025).fact("8", "grunn_leger").point == 59
    assert Edition(2024).fact("8", "grunn_leger").kind is Kind.NOT_AVAILABLE


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"year": 1999}, "1999 er utenfor dataene i tabell 8.1 (2019–2025). Nærmest er «2019»"),
        ({"year": 2025, "start_year": 2030}, "parameter startaar"),
        ({"year": 2020, "start_year": 2024}, "2024 er etter siste år"),
        ({"year": 2025, "deflator_source": "indks"}, "Mente du «indeks»?"),
    ],
)
def test_parameters_outside_the_data(arguments: dict[str, object], message: str) -> None:
    def years() -> tuple[int, ...]:
        edition = Edition(**arguments)
        return edition.years(edition.table("8.1"))

    with pytest.raises(ParameterFeil) as caught:
        years()
    assert message in str(caught.value)


def test_a_price_year_outside_the_data() -> None:
    with pytest.raises(ParameterFeil, match="prisaar"):
        Edition(2025, price_year=1990).value("8.2", "totalt", 2025)


def test_the_index_itself_replaces_the_printed_pairs(project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ROOT_VARIABLE, raising=False)
    monkeypatch.chdir(project)
    with pytest.raises(DataFeil, match="ssb/03013"):
        Edition(2025, deflator_source="indeks").deflator(2024)
    folder = project / "data" / "open" / "ssb"
    years = ";".join(str(year) for year in range(2019, 2026))
    (folder / "03013.csv").write_text(
        f"rad;navn;{years}\nindeks;Delindeks;100,0;103,8;108,9;112,0;115,6;120,1;126,1\n", encoding="utf-8"
    )
    descriptor = (folder / "07459.yml").read_text(encoding="utf-8")
    descriptor = (
        descriptor.replace("07459", "03013").replace("exact: true\n", "").replace("personer", "indeks")
    )
    (folder / "03013.yml").write_text(descriptor, encoding="utf-8")
    assert project_root() == project
    assert Edition(2025, deflator_source="indeks").deflator(2024).point == Fraction(1261, 1201)
