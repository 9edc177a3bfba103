"""From cleared answers to the lines of a file, and what a question counts."""

from __future__ import annotations

import pytest

from analysis_lib.data.files import read_model
from analysis_lib.data.inputs import project_root
from analysis_lib.errors import DataFeil
from registers.bindings import BoundCell, FigureBinding, question
from registers.clearing import answer, family, figure_lines, number, table_lines
from registers.disclosure.published import Status
from registers.disclosure.rules import read_rules

RULES = read_rules(project_root() / "data/register/personvern.yml")
LISTS = question("lister", {}, ("maaned",))


@pytest.mark.parametrize(
    ("value", "status", "text"),
    [
        (1278443.0, Status.SHOWN, "1278443"),
        (1 / 3, Status.SHOWN, "0,333333"),
        (-0.0000001, Status.SHOWN, "0"),
        (4.0, Status.PRIMARY, ":"),
        (4.0, Status.SECONDARY, ":"),
        (float("nan"), Status.MISSING, ".."),
        (0.0, Status.SHOWN, "0"),
    ],
)
def test_a_number_a_hidden_one_a_missing_one_and_zero_are_four_things(value, status, text):
    assert number(value, status) == text


def test_a_table_has_the_rows_and_columns_that_were_counted():
    cells = {
        ("lister", "2024"): BoundCell(LISTS, {"maaned": "2024-12"}),
        ("lister", "2025"): BoundCell(LISTS, {"maaned": "2025-12"}),
        ("leger", "2025"): BoundCell(question("fastleger", {}, ("maaned",)), {"maaned": "2025-12"}),
    }
    answers = {
        LISTS: {("2024-12",): (5806.0, Status.SHOWN), ("2025-12",): (5937.0, Status.SHOWN)},
        question("fastleger", {}, ("maaned",)): {("2025-12",): (2.0, Status.PRIMARY)},
    }
    assert table_lines(cells, answers) == [
        ["rad", "2024", "2025"],
        ["lister", "5806", "5937"],
        ["leger", "", ":"],
    ]


def figure(**said) -> FigureBinding:
    plain = {
        "indicator": "bytter",
        "by": ["aarsak", "aar"],
        "serie": "aarsak",
        "kolonne": "aar",
        "chart": "x",
    }
    return read_model(FigureBinding, {**plain, **said}, "prøve")


ANSWERS = {
    ("selvvalgt", "2024"): (7.0, Status.SHOWN),
    ("sluttet", "2024"): (9.0, Status.SHOWN),
    ("sluttet", "2025"): (8.0, Status.SHOWN),
}


class TestFigure:
    """Lines in the order of the names, every pair of values once."""

    def lines(self, binding, *, counts=True):
        asked = binding.asked()[""]
        return figure_lines(binding, {asked: ANSWERS}, {asked} if counts else set())[1:]

    def test_what_nobody_was_counted_in_is_zero(self):
        assert self.lines(figure()) == [
            ["", "selvvalgt", "2024", "7"],
            ["", "selvvalgt", "2025", "0"],
            ["", "sluttet", "2024", "9"],
            ["", "sluttet", "2025", "8"],
        ]

    def test_a_mean_of_nobody_is_none(self):
        assert self.lines(figure(), counts=False)[1] == ["", "selvvalgt", "2025", ".."]

    def test_names_order_and_choose(self):
        named = figure(names={"aarsak": {"sluttet": "Legen sluttet"}})
        assert self.lines(named) == [["", "Legen sluttet", "2024", "9"], ["", "Legen sluttet", "2025", "8"]]


class TestFamily:
    """Tables that show the same numerator are cleared together."""

    def test_a_rate_of_persons_shows_its_count(self):
        rate = question("bytter", {"per": 1000}, ("aar",))
        assert family(rate, RULES, 2025).name == family(question("bytter", {}, ("aar",)), RULES, 2025).name

    def test_a_part_is_fixed(self):
        part = family(question("lister", {"driftsform": "fast ansatt"}, ("maaned",)), RULES, 2025)
        assert part.fixed == {"driftsform": "fast ansatt"}

    def test_another_way_of_counting_is_another_family(self):
        assert family(question("lister", {"andel": True}, ("maaned",)), RULES, 2025).name.startswith(
            "lister andel=True"
        )

    def test_without_a_time_it_is_the_editions_year(self):
        assert family(question("alis", {}, ("fylke",)), RULES, 2025).fixed["aar"] == "2025"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (question("listr", {}, ("aar",)), "er ikke en indikator"),
        (question("lister", {"farge": 1}, ("aar",)), "kan ikke regnes ut"),
    ],
)
def test_a_question_that_cannot_be_asked(asked, said):
    with pytest.raises(DataFeil, match=said):
        answer(asked, None, {"lister": lambda rows, *, by: None})
