"""What every verdict says its numbers with."""

from __future__ import annotations

import pytest

from analysis_lib.errors import AnalyseAvvist
from analysis_lib.indicators.values import Value, found
from evaluation.basis.said import between, number, plain, say


def value(amount: float, decimals: int = 1) -> Value:
    return found(amount, "Andel", how="", formula="", terms=(), unit="prosent", decimals=decimals)


def test_numbers_round_half_up_with_norwegian_signs() -> None:
    assert [number(x) for x in (0.25, -0.25, 1234.5, 0.04)] == ["0,3", "−0,3", "1\u00a0234,5", "0,0"]
    with pytest.raises(AnalyseAvvist):
        number(float("nan"))


@pytest.mark.parametrize(
    ("template", "amount", "text"),
    [
        ("{n} prosent.", 2.25, "2,3 prosent."),
        ("Fra 2010 var den {n}.", -10.04, "Fra 2010 var den −10,0."),
        ("Den var {n}.", -0.04, "Den var 0,0."),
    ],
)
def test_a_sentence_holds_its_numbers_where_they_stand(template: str, amount: float, text: str) -> None:
    given = value(amount)
    said = say(template, n=given)
    assert [piece for piece in said if isinstance(piece, Value)] == [given]
    assert plain(said) == text


def test_what_is_said_goes_into_what_is_said_next() -> None:
    ends = between(value(3.0), value(5.5))
    assert plain(say("Økte ({ki} {ends}).", ki="KI", ends=ends)) == "Økte (KI 3,0–5,5)."
    assert plain(between(value(-3.0), value(5.5))) == "fra −3,0 til 5,5"


def test_a_number_that_is_not_there_cannot_be_said() -> None:
    with pytest.raises(AnalyseAvvist, match="ikke endelig"):
        say("{n}", n=value(float("nan")))
