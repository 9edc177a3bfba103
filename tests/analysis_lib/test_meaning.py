"""Arithmetic that has a meaning: one unit, no growth from below zero, ties, words that follow numbers."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from analysis_lib.data.cells import Kind
from analysis_lib.data.interval import Interval
from analysis_lib.data.units import AMOUNTS, HEADCOUNTS, measure
from analysis_lib.errors import NotatbokFeil, RapportFeil
from analysis_lib.indicators import arithmetic as arith
from analysis_lib.indicators.series import (
    Series,
    andel,
    andeler,
    differanse,
    endring,
    forhold,
    indeks,
    rate,
    sum_av,
    toppverdi,
)
from analysis_lib.indicators.values import Computation, Value, in_ones
from analysis_lib.present.charts import linjer
from analysis_lib.present.keyfigures import Nøkkeltall, Nøkkeltallene
from analysis_lib.present.prose import bind
from analysis_lib.present.words import VOCABULARY, Words, minst, rangert, sammenlign, størst, toppår
from publishing.selfcheck.texts import fault


def value(
    amount: str | int | Fraction, unit: str = "leger", label: str = "A", decimals: int | None = None
) -> Value:
    number = Fraction(amount)
    places = len(str(amount).partition(".")[2]) if decimals is None else decimals
    origin = Computation("prøve", "", ())
    return Value(
        f"{label}/{amount}/{unit}", label, Kind.NUMBER, number, Interval.exact(number), unit, places, origin
    )


def said(template: str, **names: object) -> str:
    return bind(template, {**VOCABULARY, **names}).summary.replace("\u00a0", " ")


def series(*values: Value) -> Series:
    return Series("s", dict(enumerate(values, 2020)))


PAIRS = {
    "andel": andel,
    "andeler": lambda a, b: andeler(series(a), series(b))[2020],
    "differanse": differanse,
    "endring": endring,
    "forhold": lambda a, b: forhold(a, b, "ganger"),
    "indeks": lambda a, b: indeks(series(a, b), 2020)[2021],
    "sum_av": sum_av,
    "sammenlign": lambda a, b: sammenlign(a, b, "over|under|lik"),
    "størst": lambda a, b: størst({"a": a, "b": b}),
    "minst": lambda a, b: minst({"a": a, "b": b}),
    "rangert": lambda a, b: rangert({"a": a, "b": b}),
    "toppår": lambda a, b: toppår(series(a, b)),
    "toppverdi": lambda a, b: toppverdi(series(a, b)),
}
AMOUNT = st.integers(1, 10**6)
OTHERS = ["prosent", "prosentpoeng", "timer", "årsverk", "indeks, 2019 = 100"]


def in_unit(ones: int, unit: str) -> Value:
    scale = measure(unit)[0]
    return value(Fraction(ones, scale), unit, unit, decimals=len(str(scale)) - 1)


def plain(result: Value | Words) -> object:
    return result.text if isinstance(result, Words) else in_ones(result).point


@pytest.mark.parametrize("verb", PAIRS)
@given(a=AMOUNT, b=AMOUNT, family=st.sampled_from([AMOUNTS, HEADCOUNTS]), data=st.data())
def test_a_result_does_not_depend_on_the_units_of_one_kind(verb, a, b, family, data):
    one, other = (data.draw(st.sampled_from(sorted(family))) for _ in "ab")
    ones = next(unit for unit, scale in family.items() if scale == 1)
    result = PAIRS[verb](in_unit(a, one), in_unit(b, other))
    assert plain(result) == plain(PAIRS[verb](in_unit(a, ones), in_unit(b, ones)))
    if isinstance(result, Value) and verb != "toppverdi":
        terms = [term.point for term in result.origin.terms]
        assert arith.evaluate(result.origin.formula, terms) == result.point


@settings(max_examples=20)
@pytest.mark.parametrize("verb", [*PAIRS, "rate", "linjer", "nøkkeltall"])
@given(units=st.lists(st.sampled_from([*AMOUNTS, *HEADCOUNTS, *OTHERS]), min_size=2, max_size=2))
def test_units_of_two_kinds_are_refused_with_both_named(verb, units):
    assume(measure(units[0])[1] != measure(units[1])[1])
    a, b = (value(n, unit, unit) for n, unit in enumerate(units, 4))
    more = {
        "rate": rate,
        "linjer": lambda a, b: linjer([series(a, a), series(b, b).kalt("t")]),
        "nøkkeltall": lambda a, b: Nøkkeltallene(Nøkkeltall(a, "a", change=b)).payload,
    }
    # A rate is of two kinds; persons or amounts for each of something counted have a meaning.
    shares = {"prosent", "prosentpoeng", "indeks, 2019 = 100"}
    assume(verb not in ("rate", "forhold") or shares & set(units))
    assume(verb != "nøkkeltall" or units[1] != "prosent")
    assume(verb != "nøkkeltall" or units != ["prosent", "prosentpoeng"])
    with pytest.raises(RapportFeil) as refused:
        (PAIRS | more)[verb](a, b)
    assert all(unit in str(refused.value) for unit in units)


def test_an_amount_for_each_is_in_the_unit_that_is_asked_for():
    budget, people = value(6, "mill. kroner"), value(2, "1000 personer")
    for heads in (value(5, "1000 personer"), value(5000, "personer")):
        assert forhold(value(770, "bytter"), heads, "bytter per 1000 listeinnbyggere").point == 154
    assert forhold(budget, people, "kroner per innbygger").point == 3000
    assert forhold(budget, people, "1000 kroner per innbygger").point == 3
    assert (rate(budget, people).point, rate(budget, people).unit) == (300_000, "kroner per 100 innbyggere")
    with pytest.raises(NotatbokFeil, match="ikke kroner"):
        forhold(budget, people, "per innbygger")


@given(old=st.integers(-50, 0), new=st.integers(-50, 50))
def test_there_is_no_growth_from_zero_or_below(old, new):
    a, b = value(old, "mill. kroner"), value(new, "mill. kroner")
    for grown in (endring(a, b), andel(b, a), indeks(series(a, b), 2020)[2021]):
        assert grown.kind is Kind.IMPOSSIBLE
    assert arith.change_pct(pd.Series([float(old)]), pd.Series([float(new)])).isna().all()


@given(st.decimals(-3, 3, places=3), st.integers(0, 2), st.integers(0, 3))
def test_a_word_of_direction_follows_the_number_beside_it(amount, own, shown):
    change = value(Fraction(amount), "prosent", decimals=own)
    words = "{x:økte|falt|var uendret}"
    word, number = said(f"{words};{{x:prosent {shown} abs}}", x=change).split(";")
    assert (word == "var uendret") == (not set(number) & set("123456789"))
    part = bind(f"{words} {{x:prosent {shown}}}", {"x": change}).paragraphs[0].parts[1]
    assert fault(part.text, part.format, change.point, "prosent", own) == ""


def test_a_number_shown_both_as_zero_and_not_is_refused():
    with pytest.raises(NotatbokFeil, match="både som null"):
        said("{x:økte|falt|var uendret} med {x:prosent 0}, {x:prosent 1}", x=value("0.3", "prosent"))


@given(st.decimals(0, 3, places=2), st.decimals(0, 3, places=2), st.integers(0, 2))
def test_a_comparison_is_of_the_numbers_as_shown(a, b, places):
    one, other = value(Fraction(a), "prosent", "A", 2), value(Fraction(b), "prosent", "B", 2)
    text = said(
        f"{{a:prosent {places}}};{{sammenlign(a, b, 'over|under|lik')}};{{b:prosent {places}}}",
        a=one,
        b=other,
    )
    left, word, right = text.split(";")
    assert (word == "lik") == (left == right)


def test_all_that_tie_as_shown_are_named():
    tied = series(value("10.04", decimals=1), value(9), value("9.96", decimals=1))
    assert said("{toppår(s)}", s=tied) == "2020 og 2022"
    assert "høyest i 2021 og 2022 med 5" in linjer([series(*map(value, (1, 5, 5, 2)))]).alt
    assert rangert({"a": value(1), "b": value(3), "c": value(2)}).text == "b, c og a"


def test_a_tie_is_decided_by_the_coarser_precision_of_the_two_that_are_compared():
    # 10,4 and 10 are as large; 10,4 and 10,3 are not, though a third number is printed without decimals.
    assert toppår(series(value("10.4"), value(10), value("10.3"), value(2))).text == "2020 og 2021"
    assert toppår(series(value("10.4"), value("10.3"), value(2))).text == "2020"
    near = {"a": value("4.6"), "b": value(5), "c": value("5.4")}
    assert (størst(near).text, minst(near).text) == ("b og c", "a og b")
    assert "høyest i 2021 og 2022 med 5." in linjer([series(value(1), value("5.4"), value(5), value(2))]).alt


@pytest.mark.parametrize(
    ("number", "form", "text"),
    [
        (1, "antall lege|leger", "1 lege"),
        (2, "antall lege|leger", "2 leger"),
        (0, "antall ord lege|leger", "null leger"),
        ("1.4", "antall 0 lege|leger", "1 lege"),
        ("1.4", "antall 1 lege|leger", "1,4 leger"),
    ],
)
def test_the_word_follows_the_number(number, form, text):
    assert said(f"{{n:{form}}}", n=value(number)) == text


def test_one_in_the_plural_is_refused():
    assert (
        said("{n:tall} leger og {m:tall} årsverk", n=value(2), m=value(1, "årsverk"))
        == "2 leger og 1 årsverk"
    )
    with pytest.raises(NotatbokFeil, match="entall"):
        said("{n:tall} leger", n=value(1))
