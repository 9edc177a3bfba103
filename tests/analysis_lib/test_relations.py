"""The tables of chapters 9 to 16: every derived cell reproduced, or a known deviation."""

from __future__ import annotations

from fractions import Fraction

import pytest

from analysis_lib.data.cells import Kind, parse_cell
from analysis_lib.data.facts import read_facts
from analysis_lib.data.schema import Relation
from analysis_lib.indicators.edition import Edition
from analysis_lib.indicators.relations import RELATIONS

# What the published report itself has wrong; a new entry here is a finding, not a repair.
KNOWN = {
    ("8.11", "sum_tilskudd", "2025"),
    ("10.2", "total", "andel_2024"),
    ("10.3", "total", "alis_2024"),
    ("11.1", "andel_fast_alle", "2019"),
    ("12.5", "konsultasjoner", "2020"),
    ("12.5", "konsultasjoner", "2021"),
    ("12.5", "konsultasjoner", "2022"),
}


@pytest.fixture(scope="module")
def edition() -> Edition:
    return Edition(2025)


def tables(edition: Edition) -> list[str]:
    return [path.stem for path in (edition.folder / "tabeller").glob("*.yml")]


def test_all_35_tables_are_there_and_only_known_cells_deviate(edition: Edition) -> None:
    found = {
        (key, row, column)
        for key in tables(edition)
        for row, column in edition.table(key).cells
        if edition.value(key, row, column).verdict == "avviker"
    }
    assert len(tables(edition)) == 35
    assert found == KNOWN


def test_every_operation_of_the_schema_has_a_function() -> None:
    assert set(Relation.model_fields["operation"].annotation.__args__) == set(RELATIONS)


@pytest.mark.parametrize(
    ("table", "row", "column", "point", "unit"),
    [
        ("9.2", "2025", "komm_endring", 62, "årsverk"),
        ("9.2", "2015-2025", "tot_endring", 6362, "årsverk"),
        ("9.2", "2015-2025", "komm_per_1000", Fraction("0.25"), "årsverk per 1000 innbyggere"),
        ("10.1", "netto_tilvekst", "2025", 156, "leger"),
        ("10.4", "total", "unike_2025", 2559, "leger"),
        ("11.1", "fastleger", "endring_siste", 203, "fastleger"),
        ("11.1", "andel_spesialist", "2025", Fraction(3775 * 100, 5720), "prosent"),
        ("11.1", "andel_spesialist", "endring_periode", None, "prosentpoeng"),
        ("12.1", "fysisk", "2019", 15_687_572, "konsultasjoner"),
    ],
)
def test_a_derived_cell(
    edition: Edition, table: str, row: str, column: str, point: Fraction | None, unit: str
) -> None:
    value = edition.value(table, row, column)
    assert value.verdict == "gjengitt"
    assert value.unit == unit
    assert point is None or abs(value.point - point) < 1


def test_a_change_with_nothing_before_it_is_blank(edition: Edition) -> None:
    assert edition.value("9.2", "2015", "komm_endring").kind is Kind.BLANK
    assert edition.value("9.2", "2015-2025", "tot").kind is Kind.BLANK


def test_two_tables_with_one_number_are_two_tables(edition: Edition) -> None:
    first, second = edition.value("16.1a", "2025", "fysisk"), edition.value("16.1b", "tekst_A97", "antall")
    assert first.label.startswith("Tabell 16.1a:")
    assert second.label.startswith("Tabell 16.1b:")
    assert first.identity.startswith("16.1a/")
    assert second.identity.startswith("16.1b/")


def test_a_note_mark_is_not_part_of_the_number() -> None:
    assert (parse_cell("100*").number, parse_cell("100*").mark) == (100, "*")
    with pytest.raises(ValueError, match="verken et tall"):
        parse_cell("*)")


def test_facts_can_be_read_and_belong_to_the_edition(edition: Edition) -> None:
    for path in (edition.folder / "fakta").glob("*.csv"):
        assert all(edition.fact(path.stem, key).known for key in read_facts(path).facts)
