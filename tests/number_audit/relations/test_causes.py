"""What happened to a number: the slips that an audit knows, each planted in a small table."""

from __future__ import annotations

from fractions import Fraction

import pytest

from analysis_lib.data.interval import Interval
from analysis_lib.indicators.arithmetic import total
from number_audit.audit import Audit, audit_grids
from number_audit.document import Ref
from number_audit.findings import Judgement
from number_audit.reading.cells import dropped_decimals, read_cell
from number_audit.relations.causes import slips
from number_audit.relations.equations import Equation
from number_audit.relations.guess import guessed_web
from number_audit.relations.reasons import digit_slips, rounding_slips
from number_audit.relations.web import weave

COSTS = """
    Utgifter i mill. kroner, løpende priser
                   | 2019   | 2020   | 2021   | 2022   | Prosent: 2021-2022 | Prosent: 2019-2022
    Basis          | 2 633  | 2 930  | 3 227  | 3 522  | 9,1  | 33,8
    Utjamning      | 144    | 142    | 162    | 185    | 14,2 | 28,5
    Refusjoner     | 5 475  | 6 181  | 7 037  | 6 753  | -4,0 | 23,3
    Egenandeler    | 1 947  | 1 906  | 1 916  | 2 102  | 9,7  | 8,0
    Sum            | 10 199 | 11 159 | 12 342 | 12 562 | 1,8  | 23,2
"""


def only(audit: Audit):
    assert len(audit.findings) == 1, [(finding.where, finding.explanation) for finding in audit.findings]
    return audit.findings[0]


def test_a_table_without_slips_has_no_finding(table) -> None:
    audit = audit_grids([table(COSTS)])
    assert not audit.findings
    assert audit.counts["sum"][Judgement.HOLDS] == 4
    assert audit.cells == 30


def test_a_digit_that_fell_out_leaves_no_number(table) -> None:
    found = only(audit_grids([table(COSTS.replace("6 181", "6 81"))]))
    assert (found.kind, found.printed, found.verdict) == ("unreadable", "6 81", Judgement.CONTRADICTION)
    assert "et siffer er falt ut: 6 181" in found.explanation.replace("\u00a0", " ")


def test_a_stray_letter(table) -> None:
    found = only(audit_grids([table(COSTS.replace("6 753", "6 753d"))]))
    assert "et fremmed tegn er kommet med: 6 753" in found.explanation.replace("\u00a0", " ")


def test_digits_that_changed_places_are_found_at_the_cell_that_mends_everything(table) -> None:
    found = only(audit_grids([table(COSTS.replace("3 522", "3 252"))]))
    assert found.where == "tabell 1.1, Basis, 2022"
    assert "to sifre har byttet plass: 3 522" in found.explanation.replace("\u00a0", " ")
    assert "3 sammenhenger" in found.explanation


def test_a_lone_contradiction_names_the_cells_and_what_they_allow(table) -> None:
    found = only(audit_grids([table(COSTS.replace("11 159", "11 359"))]))
    assert found.where == "tabell 1.1, Sum, 2020"
    assert (found.low, found.high) == (11157, 11161)
    assert len(found.cells) == 5
    assert found.cells[0] == "tabell 1.1, Sum, 2020 = 11 359"
    assert found.weight == pytest.approx(197.5 / 11359, rel=0.02)


def test_a_sum_that_leaves_out_a_term(table) -> None:
    found = only(audit_grids([table(COSTS.replace("11 159", "9 253"))]))
    assert "Egenandeler, 2020 = 1 906 er ikke regnet med i summen" in found.explanation


def test_a_sum_that_counts_a_term_twice(table) -> None:
    found = only(audit_grids([table(COSTS.replace("11 159", "13 065"))]))
    assert "Egenandeler, 2020 = 1 906 er regnet med to ganger" in found.explanation


def test_growth_of_the_end_value(table) -> None:
    """3 522 is 33,8 per cent above 2 633, which is 25,2 per cent below 3 522."""
    found = only(audit_grids([table(COSTS.replace("33,8", "25,2"))]))
    assert "prosenten er regnet av sluttverdien" in found.explanation


def test_growth_since_another_year(table) -> None:
    found = only(audit_grids([table(COSTS.replace("33,8", "20,2"))]))
    assert "endringen er regnet fra 2020 til 2022" in found.explanation


def test_a_change_with_the_wrong_sign(table) -> None:
    found = only(audit_grids([table(COSTS.replace("-4,0", "4,0"))]))
    assert "fortegnet er snudd: −4,0" in found.explanation


def test_a_header_of_other_years_is_one_finding(table) -> None:
    found = only(audit_grids([table(COSTS.replace("2021-2022", "2020-2021"))]))
    assert (found.kind, found.printed) == ("header", "2020-2021")
    assert "4 av 5 rader" in found.explanation
    assert "endringen fra 2021 til 2022" in found.explanation


def moved_down(text: str, column: int) -> str:
    """Let a column begin one row too low; its last number falls off."""
    caption, header, *rows = text.strip().splitlines()
    cells = [row.split("|") for row in rows]
    for row, above in zip(reversed(cells), [*reversed([row[column] for row in cells][:-1]), ""], strict=True):
        row[column] = above
    return "\n".join([caption, header, *("|".join(row) for row in cells)])


def test_a_moved_column_is_one_finding_with_its_cells(table) -> None:
    true, moved = table(COSTS), table(moved_down(COSTS, 4))
    relations = guessed_web([true]).given
    found = [slip.finding for slip in slips(weave([moved], relations))]
    assert [(item.kind, item.where) for item in found] == [("shift", "tabell 1.1, kolonnen «2022»")]
    assert "én rad for lavt" in found[0].explanation
    assert "tabell 1.1, Utjamning, 2022 = 3 522" in found[0].cells


def test_a_row_whose_first_cell_was_lost(table) -> None:
    """What stood under 2020 to 2022 now stands under 2019 to 2021."""
    lost = COSTS.replace("| 5 475  | 6 181  | 7 037  | 6 753  |", "| 6 181  | 7 037  | 6 753  |        |")
    relations = guessed_web([table(COSTS)]).given
    found = [slip.finding for slip in slips(weave([table(lost)], relations))]
    assert [(item.kind, item.where) for item in found] == [("shift", "tabell 1.1, raden «Refusjoner»")]
    assert "én kolonne for langt til venstre fra og med «2019»" in found[0].explanation


@pytest.mark.parametrize(
    ("printed", "allowed", "slip"),
    [
        ("1 013", (1005, 1006), []),
        ("4 79", (4978, 4980), ["et siffer er falt ut: 4 979"]),
        ("47 390", (4739, 4739), ["et siffer er kommet til: 4 739"]),
        ("918", (988, 988), ["et siffer er feil: 988"]),
        ("203", (-203, -203), ["fortegnet er snudd: −203"]),
        ("55", (40, 80), []),
    ],
)
def test_slips_of_the_keyboard(printed: str, allowed: tuple[int, int], slip: list[str]) -> None:
    interval = Interval(*map(Fraction, allowed))
    assert [item.text.replace("\u00a0", " ") for item in digit_slips(read_cell(printed), interval)] == slip


def test_a_cell_that_would_have_to_be_two_numbers_is_not_the_one(table) -> None:
    """4 + 5 is printed as 19 and 4 + 6 as 30: no other number than 4 mends both."""
    grid = table("Prøve\n | Tall\nA | 4\nB | 5\nC | 6\nA og B | 19\nA og C | 30")
    first, second = (
        Equation("sum", Ref("1.1", row, 0), (Ref("1.1", 0, 0), Ref("1.1", row - 2, 0)), total, "")
        for row in (3, 4)
    )
    found = [slip.finding.where for slip in slips(weave([grid], [first, second]))]
    assert found == ["tabell 1.1, A og B, Tall", "tabell 1.1, A og C, Tall"]


@pytest.mark.parametrize(
    ("printed", "true", "slip"),
    [
        ("15", "14.491", "avrundet i to trinn"),
        ("14", "14.8", "kuttet og ikke avrundet"),
        ("15", "14.2", "rundet opp"),
    ],
)
def test_slips_of_rounding(printed: str, true: str, slip: str) -> None:
    assert slip in rounding_slips(read_cell(printed), Interval.exact(Fraction(true)))[0].text


@pytest.mark.parametrize(
    ("column", "decimals"),
    [
        (["2,6", "3", "4,3"], 1),
        (["2,6", "3,0", "4,3", "5"], None),
        (["552", "288", "72,1"], None),
        (["1", "2"], None),
    ],
)
def test_a_column_that_drops_zeros_is_as_precise_as_its_other_numbers(
    column: list[str], decimals: int | None
) -> None:
    assert dropped_decimals([read_cell(text) for text in column]) == decimals
