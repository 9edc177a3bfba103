"""What a reader sees: Norwegian numbers, words that follow the data, prose that never overclaims."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis_lib.errors import NotatbokFeil, RapportFeil
from analysis_lib.indicators.edition import Edition
from analysis_lib.indicators.series import andel, andeler, differanse, endring, indeks
from analysis_lib.indicators.values import Value
from analysis_lib.present.chapter import Kapittel
from analysis_lib.present.charts import linjer, stablede_søyler
from analysis_lib.present.figures import FigureSpec, ShownFigure
from analysis_lib.present.keyfigures import Nøkkeltall, Nøkkeltallene
from analysis_lib.present.numbers import format_number, format_value, round_half_up
from analysis_lib.present.payload import FigureStatus, from_json, to_json
from analysis_lib.present.pieces import Flag, PieceKind
from analysis_lib.present.prose import bind, unbound_numerals
from analysis_lib.present.register import entry, heading
from analysis_lib.present.tables import ShownTable
from analysis_lib.present.words import VOCABULARY

EDITION = Edition(2025)
T81, T83 = ShownTable(EDITION, "8.1"), ShownTable(EDITION, "8.3")


@given(st.decimals(-(10**6), 10**6, places=4), st.integers(0, 3))
def test_rounding_is_half_up(number: Decimal, places: int) -> None:
    expected = number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    assert round_half_up(Fraction(number), places) == Fraction(expected)


@pytest.mark.parametrize(
    ("number", "decimals", "text"),
    [
        ("2.5", 0, "3"),
        ("0.25", 1, "0,3"),
        ("-0.04", 1, "0,0"),
        ("18572.4", 0, "18\u00a0572"),
        ("-6.25", 1, "−6,3"),
        ("1000000", 0, "1\u00a0000\u00a0000"),
    ],
)
def test_numbers_are_written_the_norwegian_way(number: str, decimals: int, text: str) -> None:
    assert format_number(Fraction(number), decimals) == text


@pytest.mark.parametrize(
    ("cell", "spec", "text"),
    [
        (("totalt", 2025), "mrd", "18,6\u00a0mrd.\u00a0kroner"),
        (("totalt", 2025), "mill", "18\u00a0572\u00a0mill.\u00a0kroner"),
        (("totalt", "endring_siste"), "prosent", "5,1\u00a0prosent"),
        (("tilskudd", "endring_siste"), "prosent abs", "1,5\u00a0prosent"),
        (("totalt", "endring_siste"), "prosent fortegn 0", "+5\u00a0prosent"),
        (("tilskudd", "endring_siste"), "økte|gikk ned|var uendret", "gikk ned"),
    ],
)
def test_formats(cell: tuple[str, str | int], spec: str, text: str) -> None:
    assert format_value(T81[cell], spec) == text


def test_counts_are_written_in_millions() -> None:
    consultations = Edition(2025).value("12.1", "total", 2025)
    assert format_value(consultations, "millioner") == "18,7\u00a0millioner"
    assert format_value(consultations, "millioner 2") == "18,65\u00a0millioner"


def test_facts_that_are_all_from_later_years_are_unknown() -> None:
    share = Kapittel("13", aar=2023).faktaserie("Andel", {2024: "mye_2024", 2025: "mye_2025"})
    assert not share[2023].known


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{vekst:prosentpoeng}", "er i prosent, ikke i prosentpoeng"),
        ("{poeng:prosent}", "er i prosentpoeng, ikke i prosent"),
        ("{vekst:mrd}", "kan ikke vises i kroner"),
        ("{t['totalt', 2025]:millioner}", "er i mill. kroner. Bruk «:mill» for kroner."),
        ("{vekst:prosnt}", "ukjent format «prosnt». Mente du «prosent»?"),
        ("{vkst:prosent}", "«vkst» i «{vkst}» er ikke definert. Mente du «vekst»?"),
        ("{vekst", "krøllparentesene går ikke opp"),
        ("{t['totlt', 2025]}", "Mente du «totalt»?"),
        ("{1 +}", "kan ikke leses"),
        ("{3.14}", "flyttall uten kilde"),
        ("{vekst:endring økte|falt}", "skal slutte med formatet på tallet"),
        ("{vekst:endring økte|falt prosnt}", "ikke «prosnt». Mente du «prosent»?"),
        ("{vekst:endring økte prosent}", "skal ha to eller tre alternativer"),
        ("{vekst:endring økte|falt «antallet» mrd}", "kan ikke vises i kroner"),
    ],
)
def test_what_prose_refuses(template: str, message: str) -> None:
    share = andeler(T83.serie("sum_basis"), T83.serie("sum_totalt"))
    names = {"vekst": T81["totalt", "endring_siste"], "poeng": differanse(share[2024], share[2025]), "t": T81}
    with pytest.raises(RapportFeil) as caught:
        bind(template, names)
    assert message in str(caught.value)


def test_a_sentence_follows_the_data() -> None:
    template = "Utgiftene {v:økte|gikk ned|var uendret} med {v:prosent abs}."
    up = bind(template, {"v": T81["totalt", "endring_siste"]})
    down = bind(template, {"v": T81["tilskudd", "endring_siste"]})
    assert up.summary == "Utgiftene økte med 5,1\u00a0prosent."
    assert down.summary == "Utgiftene gikk ned med 1,5\u00a0prosent."
    assert up.payload.numbers[up.values[0].ref].formula == "(18\u00a0572 / 17\u00a0665 − 1) × 100"


@pytest.mark.parametrize(
    ("row", "spec", "text"),
    [
        ("totalt", "endring økte|falt prosent", "økte med 5,1\u00a0prosent"),
        ("tilskudd", "endring økte|gikk ned prosent", "gikk ned med 1,5\u00a0prosent"),
        (
            "tilskudd",
            "endring økte|gikk ned «tilskuddene» prosent",
            "gikk tilskuddene ned med 1,5\u00a0prosent",
        ),
        (
            "totalt",
            "endring økte|falt «de samlede utgiftene» prosent 0",
            "økte de samlede utgiftene med 5\u00a0prosent",
        ),
        ("likt", "endring økte|falt prosent", "var uendret"),
        ("likt", "endring økte|falt «andelen» prosent", "var andelen uendret"),
        ("likt", "endring har økt|har falt|er uendret «andelen» prosent 1", "er andelen uendret"),
    ],
)
def test_a_change_is_said_whole(row: str, spec: str, text: str) -> None:
    """What rounds to zero as it is shown has not changed: never «økte med 0 prosent»."""
    up = T81["totalt", "endring_siste"]
    likt = replace(up, point=Fraction(1, 25), interval=None)
    assert format_value(likt if row == "likt" else T81[row, "endring_siste"], spec) == text


def test_a_change_said_whole_is_a_direction_and_a_number() -> None:
    template = "Da {v:endring økte|gikk ned «utgiftene» prosent}."
    up, down, same = (
        bind(template, {"v": value}).payload
        for value in (
            T81["totalt", "endring_siste"],
            T81["tilskudd", "endring_siste"],
            replace(T81["totalt", "endring_siste"], point=Fraction(0), interval=None),
        )
    )
    assert [(item.text, item.format) for item in up.shown()] == [
        ("økte utgiftene", "endring økte|gikk ned «utgiftene» prosent"),
        ("5,1\u00a0prosent", "prosent abs"),
    ]
    assert down.markdown.startswith("Da gikk utgiftene ned med [1,5")
    assert same.markdown == "Da var utgiftene uendret."
    (pieces,) = ([part.kind for part in paragraph.parts] for paragraph in same.said())
    assert pieces.count(PieceKind.NUMBER) == 0
    assert len({len(payload.paragraphs[0].parts) for payload in (up, down, same)}) == 1


def test_a_numeral_in_the_words_of_a_change_is_unbound() -> None:
    prose = bind("{v:endring økte de 59|falt prosent}", {"v": T81["totalt", "endring_siste"]})
    assert prose.unbound == ["59"]


@pytest.mark.parametrize("key", ["8.1", "8.11"])
def test_a_table_survives_the_journey_through_the_notebook(key: str) -> None:
    payload = ShownTable(EDITION, key).payload
    assert from_json(json.loads(json.dumps(to_json(payload))), "") == payload


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ({"type": "tabel"}, "«tabel» er ikke noe som et kapittel viser. Mente du «table»?"),
        ({"type": "prose", "markdown": 1}, "(felt «markdown»)"),
        ({"type": "prose", "markdwn": "Ja."}, "ukjent felt (felt «markdwn»)"),
        (None, "«None» er ikke noe"),
    ],
)
def test_a_damaged_output_names_notebook_and_cell(raw: object, message: str) -> None:
    with pytest.raises(NotatbokFeil, match=r"^notebooks/a\.ipynb, celle 3: ") as caught:
        from_json(raw, "notebooks/a.ipynb, celle 3")
    assert message in str(caught.value)


def test_a_paragraph_without_its_number_says_so_and_the_next_still_stands() -> None:
    early = Edition(2024)
    names = {"nå": early.fact("8", "grunn_leger"), "v": T81["totalt", "endring_siste"]}
    prose = bind("Det var {nå:tall} leger.\n\nVeksten var {v:prosent}.", names)
    assert "leger" not in prose.summary.split("\n\n")[0].replace("fastleger", "").replace("Fastleger", "")
    assert "finnes ikke i kildene" in prose.summary
    assert prose.summary.endswith("Veksten var 5,1\u00a0prosent.")
    assert prose.payload.unsaid


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("I 2025 var det 59 fastleger.", ["2025", "59"]),
        ("Veksten var 5,1 prosent (om lag 18 572 kroner).", ["5,1", "18 572"]),
        ("LIS1 og @tabell-8.1, se [^1] og [lenke](https://a.no/2025).", []),
        ("[^1]: Note nummer to.", []),
    ],
)
def test_numerals_that_are_bound_to_nothing(text: str, found: list[str]) -> None:
    assert unbound_numerals(text) == found


def test_names_and_ranks_come_from_the_data() -> None:
    real = {name: T81[name, "endring_periode"] for name in ("legevakt", "tilskudd", "lis1")}
    prose = bind("Størst for {størst(real)}, minst for {minst(real)}.", {**VOCABULARY, "real": real})
    assert prose.summary == "Størst for tilskudd, minst for legevakt."
    assert len(prose.values) == 6


def test_changes_of_percentages_are_points() -> None:
    share = andeler(T83.serie("sum_basis"), T83.serie("sum_totalt"))
    change = endring(share[2019], share[2025])
    assert (change.unit, format_value(change, "prosentpoeng")) == ("prosentpoeng", "7,6\u00a0prosentpoeng")


def test_a_table_of_one_year_is_shown_for_the_earlier_years_that_it_has() -> None:
    now, before, long_ago = (ShownTable(Edition(year), "11.1") for year in (2025, 2024, 2022))
    assert list(before.columns) == ["2019", "2023", "2024"]
    assert before["fastleger", 2024].point == now["fastleger", 2024].point == 5517
    assert not before["fastleger", "mai_2026"].known
    assert before.available
    assert not long_ago.available
    assert not long_ago["fastleger", 2022].known
    assert "Kildene har ikke tall for 2022." in long_ago.html()


def test_a_change_is_as_printed_where_it_is_printed() -> None:
    now, before = ShownTable(Edition(2025), "11.1"), ShownTable(Edition(2024), "11.1")
    assert (
        format_value(now.differanse("listelengde", 2024, 2025)) == "−20"
    )  # 959 − 978 = −19: both are rounded
    assert before.differanse("fastleger", 2023, 2024).point == 249
    assert not before.differanse("fastleger", 2022, 2023).known


def test_shares_of_a_whole_sum_to_a_hundred() -> None:
    parts = [
        andel(T83[row, 2025], T83["sum_totalt", 2025])
        for row in ("sum_basis", "sum_refusjoner", "sum_pasient")
    ]
    assert 100 in sum((part.interval for part in parts[1:]), start=parts[0].interval)


def test_a_figure_describes_itself() -> None:
    chart = linjer([indeks(T81.serie("totalt"), 2019).kalt("Totalt")], grunnlinje=100)
    figure = ShownFigure("8.2", FigureSpec(title="Indeks", sources=("KUHR",)), chart)
    assert figure.payload.status is FigureStatus.DRAWN
    assert "Totalt: 100 i 2019, 158 i 2025" in figure.payload.alt
    assert figure.payload.data.rows[0].cells[-1].text == "158"
    assert "<metadata>" not in figure.payload.svg
    assert (
        ShownFigure("8.5", FigureSpec(title="Uten tall", sources=("FLO",)), None).status
        is FigureStatus.MISSING
    )


def test_charts_refuse_what_cannot_be_read() -> None:
    series = [
        T83.serie(row) for row in ("takst", "frikort", "ovrige", "l_takst", "egenandeler", "egenbetaling")
    ]
    with pytest.raises(NotatbokFeil, match="flere enn 5"):
        linjer(series)
    with pytest.raises(NotatbokFeil, match="ulike enheter"):
        stablede_søyler([T81.serie("totalt"), indeks(T81.serie("totalt"), 2019)])


def test_a_corrected_cell_and_a_deviating_cell_are_marked_and_explained() -> None:
    corrected = ShownTable(EDITION, "8.4").payload
    row = next(row for row in corrected.rows if row.key == "takst")
    assert row.cells[0].flag is Flag.CORRECTED
    assert "Rettet, 2019: Et siffer mangler." in corrected.notes
    deviating = ShownTable(EDITION, "8.11").payload
    assert deviating.rows[-1].cells[-1].flag is Flag.DEVIATES
    assert any("trykt 918, beregnet 988,1" in note for note in deviating.notes)


def test_a_number_card_says_why_its_formula_does_not_give_the_number() -> None:
    table = ShownTable(EDITION, "11.1")
    waiting = entry(table.differanse("venteliste", 2024, 2025))
    assert (waiting.text, waiting.formula) == ("−7,3", "56 − 63")
    assert "gir −7. Kilden har trykt −7,3, regnet av tall med flere desimaler" in waiting.because
    # Where more decimals are known, the figures of the formula give the number.
    specialists = entry(table.differanse("andel_spesialist", 2024, 2025))
    assert (specialists.text, specialists.formula, specialists.because) == ("1,5", "66,0 − 64,5", "")
    assert [term.value for term in specialists.terms or ()] == ["64,5", "66,0"]


def test_an_amount_in_thousands_is_headed_in_millions() -> None:
    assert heading(ShownTable(EDITION, "8.5")["naering_utjamning", "med"]) == "78,3\u00a0mill.\u00a0kroner"


def test_key_figures_are_pinned_by_value_and_cell() -> None:
    def fasit(old: Value, new: Value) -> str:
        return Nøkkeltallene(Nøkkeltall(new, "utgifter", "mrd", endring(old, new), "fra i fjor")).fasit

    old, new = T81["totalt", 2024], T81["totalt", 2025]
    assert fasit(old, new).splitlines()[1] == "  18 572 mill. kroner = 8.1/totalt/2025"
    assert len({fasit(old, new), fasit(new, old), fasit(T81["totalt", 2023], new)}) == 3
