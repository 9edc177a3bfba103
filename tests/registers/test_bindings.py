"""The bindings: which indicator gives which cell and figure, and that all they name exists."""

from __future__ import annotations

import inspect
import re

import pytest

from analysis_lib.data.files import read_model
from analysis_lib.data.formats import read_yaml
from analysis_lib.data.inputs import project_root
from analysis_lib.errors import DataFeil
from analysis_lib.indicators.edition import Edition
from analysis_lib.present.figures import read_figures
from registers.bindings import TableBinding, bound_cell, bound_cells, question, read_bindings
from registers.disclosure.rules import read_rules
from registers.indicators import INDICATORS

ROOT = project_root()
BOUND = read_bindings(ROOT)
PRINTED = Edition(2025, data="trykt")
DIMENSIONS = read_rules(ROOT / "data/register/personvern.yml").dimensions

TABLE = read_model(
    TableBinding,
    {
        "indicator": "lister",
        "kolonner": {
            "mai_{neste}": {"der": {"maaned": "{neste}-05"}},
            "{år}": {"der": {"maaned": "{år}-12"}},
        },
        "rader": {
            "total": {"der": {"fylke": "i alt"}},
            "arsverk": {"indicator": "aarsverk", "der": {"maaned": None, "aar": "{år}"}},
            "{rad}": {"with": {"andel": True}, "der": {"fylke": "{navn}"}},
        },
    },
    "prøve",
)


class TestCell:
    """Table, column and row are laid over each other."""

    def test_what_was_found_stands_in_the_place(self):
        cell = bound_cell(TABLE, "oslo", "2024", label="Oslo", year=2025)
        assert cell.question == question("lister", {"andel": True}, ("maaned", "fylke"))
        assert cell.where == {"maaned": "2024-12", "fylke": "Oslo"}

    def test_the_first_pattern_that_fits(self):
        assert bound_cell(TABLE, "total", "2024", year=2025).where["fylke"] == "i alt"

    def test_the_year_after_the_editions(self):
        assert bound_cell(TABLE, "total", "mai_2026", year=2025).where["maaned"] == "2026-05"
        assert bound_cell(TABLE, "total", "mai_2026", year=2024) is None

    def test_a_row_takes_away(self):
        cell = bound_cell(TABLE, "arsverk", "2025", year=2025)
        assert (cell.question.indicator, cell.where) == ("aarsverk", {"aar": "2025"})

    def test_a_word_that_nothing_was_found_for(self):
        assert bound_cell(TABLE, "arsverk", "mai_2026", year=2025) is None

    def test_no_column_that_fits(self):
        assert bound_cell(TABLE, "total", "endring", year=2025) is None


def test_arguments_in_any_order_make_the_same_question():
    one, other = ({"a": 1, "b": 2}, {"b": 2, "a": 1})
    assert question("lister", one, ("aar",)) == question("lister", other, ("aar",))


def test_a_table_that_is_bound_twice(tmp_path):
    folder = tmp_path / "data/register/bindinger"
    folder.mkdir(parents=True)
    for name in ("8", "9"):
        (folder / f"{name}.yml").write_text('figurer: {"8.5": {by: [aar], kolonne: aar, chart: linjer}}')
    with pytest.raises(DataFeil, match="står i to filer"):
        read_bindings(tmp_path)


def asked():
    """Every question of every table and figure, with who asks."""
    for key, binding in BOUND.tables.items():
        for place, cell in bound_cells(binding, PRINTED.table(key), 2025).items():
            yield f"tabell {key}, {'/'.join(place)}", cell.question
    for number, (_, figure) in BOUND.figures.items():
        for name, one in figure.asked().items():
            yield f"figur {number} {name}", one


class TestTheReports:
    """All that the bindings name exists."""

    def test_indicators_arguments_and_dimensions(self):
        for place, one in asked():
            assert one.indicator in INDICATORS, place
            inspect.signature(INDICATORS[one.indicator]).bind(None, by=one.by, **one.given)
            assert set(one.by) <= set(DIMENSIONS), place

    def test_every_figure_that_print_lacks_is_bound(self):
        folder = PRINTED.folder / "figurer"
        printed = {n: figure for path in folder.glob("*.yml") for n, figure in read_figures(path).items()}
        own = {number for number in printed if number.startswith("17.")}
        lacking = {number for number, figure in printed.items() if figure.missing} - own
        assert lacking <= set(BOUND.figures) <= set(printed)

    def test_each_dimension_has_its_place(self):
        for number, (_, figure) in BOUND.figures.items():
            dimensions = {*figure.by, *(["serie"] if figure.serier else [])}
            assert {figure.panel, figure.serie, figure.kolonne} - {""} == dimensions, number

    @pytest.mark.parametrize("key", sorted(BOUND.tables))
    def test_no_pattern_is_idle(self, key):
        binding, table = BOUND.tables[key], PRINTED.table(key)
        for patterns, keys in ((binding.kolonner, table.columns), (binding.rader, table.rows)):
            for pattern in patterns:
                expression = re.sub(r"\{\w+\}", ".+", pattern)
                assert any(re.fullmatch(expression, one) for one in keys), pattern


def test_every_file_of_bindings_is_read():
    names = {path.stem for path in (ROOT / "data/register/bindinger").glob("*.yml")}
    assert names == {"8", "9", "10", "11", "12", "13", "14", "15", "16"}
    assert all(read_yaml(path) for path in (ROOT / "data/register/bindinger").glob("*.yml"))
