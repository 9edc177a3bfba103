"""Every way that a quantity is written, and what is none."""

from fractions import Fraction

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from analysis_lib.data.norwegian import format_number, round_half_up
from number_audit.language.quantities import read_quantities

READ = [
    ("18,6 mrd. kroner", "kroner", "[1.855e+10, 1.865e+10)"),
    ("18.6 mrd. kroner", "kroner", "[1.855e+10, 1.865e+10)"),
    ("73.000 innbyggere", "", "[72500, 73500)"),
    ("1 234 leger", "", "[1233.5, 1234.5)"),
    ("45 000 personer", "", "[44500, 45500)"),
    ("33 tusen personer", "", "[32500, 33500)"),
    ("17prosent", "prosent", "[16.5, 17.5)"),
    ("7 %", "prosent", "[6.5, 7.5)"),
    ("fem prosentpoeng", "prosentpoeng", "[4.5, 5.5)"),
    ("−2,5 prosent", "prosent", "(-2.55, -2.45]"),
    ("10–12 prosent", "prosent", "[9.5, 12.5)"),
    ("mellom 1 og 2 prosent", "prosent", "[0.5, 2.5)"),
    ("4 av 10 leger", "prosent", "[35, 45)"),
    ("halvparten", "prosent", "[45, 55)"),
    ("to tredjedeler", "prosent", "[61.66666667, 71.66666667)"),
    ("1/3 av legene", "prosent", "[28.33333333, 38.33333333)"),
    ("om lag 87 prosent", "prosent", "[82.65, 91.35]"),
    ("nesten 900 000", "", "[810000, 900000]"),
    ("over 16 000 kontakter", "", "(16000, 20000]"),
    ("vel 20 prosent", "prosent", "(20, 22]"),
    ("under 500 innbyggere", "", "[375, 500)"),
    ("nær dobbelt så mange", "ganger", "[1.8, 2]"),
    ("200 eller flere", "", "[200, 250]"),
]


@pytest.mark.parametrize(("text", "unit", "allowed"), READ)
def test_a_quantity_has_a_unit_and_allows_what_rounds_to_it(text, unit, allowed):
    (quantity,) = read_quantities(f"Det gjaldt {text}.")
    assert (quantity.unit, str(quantity.interval)) == (unit, allowed)


NO_QUANTITY = [
    "Fra 1. januar 2026 og i perioden 2019–2025",
    "Se tabell 8.1 og 8.2, figur 11.3, kapittel 12 og avsnitt 4.1",
    "jf. folketrygdloven § 21-4 og Meld. St. 23 (2024–2025)",
    "legevakttelefon 116 117",
    "klokken 12.00 til 22.00",
    "kommuner i sentralitetsklasse 5 og 6",
    "kode A97 og takst 2nvk",
    "diabetes type 2 og LIS1",
    "som nevnt²⁵ i rapporten",
    "40-åringer",
    "de siste tre årene",
    "per 1000 innbyggere",
]


@pytest.mark.parametrize("text", NO_QUANTITY)
def test_what_only_looks_like_a_quantity_is_none(text):
    assert read_quantities(text) == []


def test_a_bare_number_takes_the_unit_of_the_next():
    found = read_quantities("Andelen gikk fra 14 til 22 prosent")
    assert [(str(one.number), one.unit) for one in found] == [("14", "prosent"), ("22", "prosent")]


@example(Fraction(116_000), 0, "")
@given(
    st.fractions(min_value=0, max_value=10**9),
    st.integers(min_value=0, max_value=3),
    st.sampled_from(["", " prosent", " kroner", " mill. kroner"]),
)
def test_a_number_that_is_written_is_read_back(number, decimals, unit):
    shown = round_half_up(number, decimals)
    text = f"{format_number(shown, decimals)}{unit}"
    assume(shown != 116_117)  # written so, it is a telephone number
    (quantity,) = read_quantities(f"= {text}" if unit else f"= {text} personer")
    assert quantity.number == shown * (10**6 if "mill" in unit else 1)
    assert Fraction(quantity.number) in quantity.interval
