"""A relation between printed cells: it holds, rounding explains it, or it is contradicted."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from analysis_lib.data.cells import Cell, parse_cell
from analysis_lib.data.interval import Interval, consensus
from analysis_lib.data.norwegian import format_number
from analysis_lib.indicators.arithmetic import change_pct, difference, share_pct, total
from number_audit.document import Ref
from number_audit.findings import Judgement
from number_audit.relations.equations import (
    Equation,
    at_most,
    between,
    check,
    composed,
    contradicted,
    rest_of_100,
    solve,
    union,
)
from number_audit.relations.web import (
    DEFLATED,
    DEFLATED_GROWTH,
    Family,
    LinkedPair,
    Parameter,
    agreement,
    family_equations,
    per,
)

HOLDS, EXPLAINED, CONTRADICTION = Judgement.HOLDS, Judgement.EXPLAINED, Judgement.CONTRADICTION


def cells(*printed: str, exact: bool = False) -> dict[Ref, Cell]:
    return {Ref("t", row, 0): parse_cell(text, exact=exact) for row, text in enumerate(printed)}


def equation(function, of: int, kind: str = "sum", **more) -> Equation:
    """A relation whose result is the last of the cells."""
    return Equation(kind, Ref("t", of, 0), tuple(Ref("t", row, 0) for row in range(of)), function, "", **more)


@pytest.mark.parametrize(
    ("function", "printed", "verdict"),
    [
        (total, ("4 760", "306", "5 066"), HOLDS),
        (total, ("4 760", "306", "5 065"), EXPLAINED),
        (total, ("4 760", "306", "5 064"), CONTRADICTION),
        (change_pct, ("2 633", "5 222", "98,3"), HOLDS),
        (change_pct, ("154", "278", "80,0"), EXPLAINED),
        (change_pct, ("154", "278", "82,0"), CONTRADICTION),
        (difference, ("1 084", "959", "-126"), EXPLAINED),
        (share_pct, ("726", "5 010", "15"), EXPLAINED),
        (share_pct, ("726", "5 010", "16"), CONTRADICTION),
        (rest_of_100, ("13", "14", "2", "72"), EXPLAINED),
        (rest_of_100, ("66,2", "17,6", "1,9", "14,8"), CONTRADICTION),
        (union, ("295", "9", "291"), CONTRADICTION),
        (union, ("295", "9", "300"), HOLDS),
        (between, ("1 342", "639", "1 084"), HOLDS),
        (between, ("1 342", "639", "1 400"), CONTRADICTION),
        (at_most, ("100", "100"), HOLDS),
        (at_most, ("100", "101"), CONTRADICTION),
    ],
)
def test_verdicts(function, printed: tuple[str, ...], verdict: Judgement) -> None:
    assert check(equation(function, len(printed) - 1), cells(*printed)).verdict is verdict


def test_counts_are_not_rounded_so_one_too_many_is_a_contradiction() -> None:
    assert check(equation(total, 2), cells("5", "7", "13")).verdict is EXPLAINED
    assert check(equation(total, 2), cells("5", "7", "13", exact=True)).verdict is CONTRADICTION
    lists = cells("726", "5 010", exact=True) | {Ref("t", 2, 0): parse_cell("15")}
    assert check(equation(share_pct, 2), lists).verdict is CONTRADICTION


def test_what_is_not_a_number_or_may_be_divided_by_zero_is_not_checked() -> None:
    assert check(equation(total, 2), cells("5", "..", "13")) is None
    assert check(equation(change_pct, 2), cells("0", "7", "13")) is None


def test_a_blank_adds_nothing_to_a_sum_but_blanks_alone_are_no_sum() -> None:
    adding = equation(total, 2, blank_adds_nothing=True)
    assert check(adding, cells("5", "", "5")).verdict is HOLDS
    assert check(adding, cells("", "", "5")) is None


def test_a_relation_that_nobody_vouches_for_is_at_most_doubtful() -> None:
    assert check(equation(total, 2, firm=False), cells("5", "7", "20")).verdict is Judgement.DOUBTFUL


numbers = st.integers(1, 10**6).map(lambda n: Fraction(n, 1000))
RELATIONS = {"sum": total, "change": change_pct, "difference": difference, "share": share_pct}


@given(st.sampled_from(sorted(RELATIONS)), numbers, numbers, st.integers(0, 2), st.integers(0, 2))
def test_true_numbers_rounded_half_up_never_contradict(
    kind: str, a: Fraction, b: Fraction, terms: int, result: int
) -> None:
    exact = RELATIONS[kind](a, b)
    printed = (
        format_number(a, terms),
        format_number(b, terms),
        format_number(exact, result),
    )
    assert not contradicted(check(equation(RELATIONS[kind], 2), cells(*printed)))


@given(st.lists(st.integers(0, 10**5), min_size=2, max_size=6), st.data())
def test_any_digit_that_moves_a_sum_beyond_its_rounding_is_found(
    terms: list[int], data: st.DataObject
) -> None:
    text = str(sum(terms))
    place = data.draw(st.integers(0, len(text) - 1))
    digit = data.draw(st.sampled_from("0123456789"))
    changed = text[:place] + digit + text[place + 1 :]
    assume(2 * abs(int(changed) - sum(terms)) > len(terms) + 1)
    assert contradicted(check(equation(total, len(terms)), cells(*map(str, terms), changed)))


@given(st.sampled_from(sorted(RELATIONS)), numbers, numbers, st.integers(0, 2))
def test_solving_for_a_cell_allows_what_it_truly_is(kind: str, a: Fraction, b: Fraction, which: int) -> None:
    true = (a, b, RELATIONS[kind](a, b))
    held = cells(*(format_number(number, 3) for number in true))
    found = solve(equation(RELATIONS[kind], 2), Ref("t", which, 0), held)
    assume(found is not None)
    assert found.low <= true[which] <= found.high


def test_a_change_of_shares_is_known_better_from_the_counts() -> None:
    """62 and 66 per cent differ by 3 to 5 points; the counts behind them by 3.9."""
    held = {**cells("62", "66", "3,6"), **{Ref("t", 9, j): parse_cell(n, exact=True) for j, n in COUNTS}}
    change = equation(difference, 2, "difference")
    shares = [
        Equation("share", Ref("t", row, 0), (Ref("t", 9, 2 * row), Ref("t", 9, 2 * row + 1)), share_pct, "")
        for row in (0, 1)
    ]
    assert not contradicted(check(change, held))
    assert contradicted(check(composed(change, shares), held))


COUNTS = enumerate(("3 019", "4 858", "3 775", "5 720"))


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 6)), min_size=1, max_size=8))
def test_the_largest_group_of_intervals_is_found(spans: list[tuple[int, int]]) -> None:
    intervals = [Interval(Fraction(low), Fraction(low + width), high_open=True) for low, width in spans]
    shared, members = consensus(intervals)
    most = max(sum(Fraction(low) in interval for interval in intervals) for low, _ in spans)
    assert len(members) == most
    assert all(interval.intersect(shared) for interval in (intervals[i] for i in members))


def test_intervals_that_only_meet_at_an_open_end_have_nothing_in_common() -> None:
    below, above = Interval(Fraction(0), Fraction(1)), Interval(Fraction(1), Fraction(2), low_open=True)
    assert consensus([below, above])[1] == [0]
    assert consensus([below, Interval(Fraction(1), Fraction(2))])[1] == [0, 1]


def family(pairs: list[tuple[str, str]], link) -> tuple[Family, dict[Ref, Cell]]:
    held = {
        Ref("t", row, side): parse_cell(text)
        for row, pair in enumerate(pairs)
        for side, text in enumerate(pair)
    }
    links = tuple(LinkedPair(link, Ref("t", row, 0), Ref("t", row, 1)) for row in range(len(pairs)))
    return Family(Parameter("parameteren", ()), links), held


def test_one_deflator_a_year_and_the_pair_that_denies_it() -> None:
    deflated, held = family(
        [("10 354", "13 061"), ("189", "238"), ("933", "1 178"), ("261", "380")], DEFLATED
    )
    agreed = agreement(deflated, held)
    assert (agreed.agree, agreed.of) == (3, 4)
    verdicts = [check(item, held).verdict for item in family_equations(deflated, held)]
    assert [verdict is CONTRADICTION for verdict in verdicts] == [False, False, False, True]


def test_growth_in_current_and_constant_prices_betrays_the_same_deflator() -> None:
    """Amounts of 2 tell nothing of the deflator; their growth, −3,2 and −7,8 per cent, does."""
    deflated, held = family(
        [("4,1", "-0,8"), ("6,0", "0,9"), ("-3,2", "-7,8"), ("2,7", "-6,2")], DEFLATED_GROWTH
    )
    found = [contradicted(check(item, held)) for item in family_equations(deflated, held)]
    assert found == [False, False, False, True]


def test_two_that_disagree_are_both_doubtful() -> None:
    two, held = family([("5 324", "1,03"), ("15 189", "3,94")], per(1000))
    assert {item.firm for item in family_equations(two, held)} == {False}


def test_where_only_half_agree_nobody_is_accused() -> None:
    pairs = [("100", "126"), ("200", "252"), ("100", "131"), ("200", "266")]
    half, held = family(pairs, DEFLATED)
    assert {item.firm for item in family_equations(half, held)} == {False}
    most, held = family([*pairs, ("300", "378")], DEFLATED)
    assert {item.firm for item in family_equations(most, held)} == {True}


def test_no_pair_vouches_for_itself() -> None:
    """The narrowest pair is not narrowed by itself: it is held against what the others allow."""
    deflated, held = family([("100", "126"), ("100", "126"), ("10 000", "12 649")], DEFLATED)
    agreed = agreement(deflated, held)
    narrowest = deflated.pairs[2]
    assert agreed.without(narrowest).width > agreed.interval.width
