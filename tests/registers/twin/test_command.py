"""What the command takes, and what it refuses before anything is written."""

from __future__ import annotations

import pytest

from analysis_lib.errors import ParameterFeil
from registers.twin.command import parse_month
from registers.twin.effects import Effects, parse_effects
from registers.twin.make import synth


def test_an_effect_replaces_its_default_and_no_other():
    assert parse_effects(["nettlege=0,2"]) == Effects(nettlege=0.2)


@pytest.mark.parametrize("text", ["2026", "2026-13", "mai 2026"])
def test_a_month_that_is_none_is_refused(text):
    with pytest.raises(ParameterFeil, match="ikke en måned"):
        parse_month(text)


@pytest.mark.parametrize("given", ["netlege=0", "nettlege=1", "nettlege=mye", "nettlege"])
def test_an_effect_that_is_none_is_refused(given):
    with pytest.raises(ParameterFeil, match=r"nett?lege"):
        parse_effects([given])


@pytest.mark.parametrize(("years", "scale"), [([2018], 0.01), ([], 0.01), ([2025], 0), ([2025], 1.5)])
def test_years_and_scales_that_are_none_are_refused(tmp_path, years, scale):
    with pytest.raises(ParameterFeil):
        synth(years, scale, tmp_path)


def test_a_year_after_the_last_month_is_refused(tmp_path):
    with pytest.raises(ParameterFeil, match="2026 er utenfor"):
        synth([2026], 0.01, tmp_path, until=(2025, 6))
