"""What other documents state, held against our data."""

from dataclasses import replace

import pytest

from analysis_lib import Kapittel
from analysis_lib.errors import DataFeil
from analysis_lib.indicators.edition import Edition
from number_audit.stated import Formula, Påstander, judge, nearest_share, read_stated, value_of

CELL = Edition(2025).value("12.1", "elektronisk", 2025)  # 3 038 159 e-consultations


@pytest.mark.parametrize(
    ("printed", "group", "step", "verdict"),
    [
        ("3 038 159", "", None, "stemmer"),
        ("3 000 000", "about", None, "innenfor avrunding"),
        ("3 000 000", "", None, "innenfor avrunding"),
        ("3 000 000", "", 10_000, "stemmer ikke"),
        ("2 500 000", "about", None, "stemmer ikke"),
    ],
)
def test_a_stated_number_is_held_against_ours(printed, group, step, verdict):
    number = int(printed.replace(" ", ""))
    stated = replace(CELL, point=CELL.point * 0 + number, decimals=0)
    assert judge(stated, CELL, group, step) == verdict


def test_what_is_no_number_cannot_be_checked():
    assert judge(CELL.untold(), CELL) == "kan ikke kontrolleres"


def test_eight_can_not_be_76_per_cent():
    fact = Edition(2025).fact
    share = nearest_share(
        fact("kommuneokonomi", "omgjort_andel"), fact("kommuneokonomi", "innloesning_antall")
    )
    assert float(share) == 75.0


def test_our_number_keeps_its_origin():
    terms = (Formula(path="12.1/elektronisk/2023"), Formula(path="12.1/elektronisk/2024"))
    value = value_of(Edition(2025), Formula(verb="endring", terms=terms))
    # The table's e-consultations are those of two other tables, which is where the origin ends.
    assert {source.document[:12] for source in value.sources()} == {"Tabell 12.2 ", "Tabell 12.3 "}


def test_every_document_can_be_checked_in_earlier_years_too():
    for document in ("legeforeningen_melding", "legeforeningen_nettlege", "kommuneokonomi", "levanger"):
        now, before = (Påstander(Kapittel(document, aar=year), document) for year in (2025, 2024))
        assert len(now.checked) == len(before.checked) == now.antall().point


def test_a_statement_without_a_check_must_say_why(tmp_path):
    path = tmp_path / "paastander.yml"
    path.write_text("- {dokument: x, paastander: [{paastand: a, trykt: b}]}", encoding="utf-8")
    with pytest.raises(DataFeil, match="må «hvorfor» si hvorfor"):
        read_stated(path)


def test_an_unknown_document_names_the_nearest():
    with pytest.raises(DataFeil, match="Mente du «levanger»"):
        Påstander(Kapittel("levanger", aar=2025), "levangr")
