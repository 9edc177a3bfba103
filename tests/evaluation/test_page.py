"""A verdict on the page: every number can be opened, and a refusal says what is needed."""

from __future__ import annotations

import pytest

from analysis_lib import Kapittel
from analysis_lib.indicators.edition import Edition
from evaluation import vurder
from evaluation.register import read_measures
from evaluation.verdicts.verdict import Status

REGISTER = read_measures(Edition(2025).folder)


@pytest.mark.parametrize("year", [2025, 2024])
@pytest.mark.parametrize("name", REGISTER)
def test_every_number_of_a_sentence_can_be_opened(name: str, year: int) -> None:
    shown = vurder(name, Kapittel("17", aar=year))
    payload = shown.payload
    assert payload.unbound == ()
    assert set(payload.shown_refs) <= set(payload.numbers)
    assert "".join(part.text for part in payload.sentence) == shown.sentence
    assert len([part for part in payload.sentence if part.refs]) == len(shown.numbers)
    for value in shown.numbers:
        assert value.sources(), f"{value.label} leads to no printed cell"


@pytest.mark.parametrize("name", REGISTER)
def test_a_refusal_says_which_data_and_since_when(name: str) -> None:
    early = vurder(name, Kapittel("17", aar=2024))
    if early.status is Status.REFUSED:
        need = REGISTER[name].needs[0]
        assert f"det trengs {need.data}, {need.since}." in early.sentence
