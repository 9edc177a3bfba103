"""The register of measures, the verdicts that it gives, and breaks that no comparison crosses in silence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from analysis_lib import (
    Kapittel,
    Series,
    differanse,
    endring,
    indeks,
    linjer,
    små_multipler,
    stablede_søyler,
    stigning,
    søyler,
)
from analysis_lib.data.breaks import read_breaks
from analysis_lib.data.periods import first_day, in_words, last_day
from analysis_lib.errors import AnalyseAvvist, DataFeil, ParameterFeil
from analysis_lib.indicators.edition import Edition
from analysis_lib.indicators.values import Value, found
from analysis_lib.present.figures import FigureSpec, ShownFigure
from evaluation import vurder
from evaluation.basis.checks import strength
from evaluation.basis.estimate import wald
from evaluation.measures import ANALYSES, assess
from evaluation.measures.awaiting_data import capitation, prescribing
from evaluation.measures.basic_grant import basic_grant
from evaluation.measures.delegation import delegation
from evaluation.measures.online_doctor import online_doctor
from evaluation.measures.values import known_values
from evaluation.page import show
from evaluation.register import Design, Measure, Start, measure, read_measures
from evaluation.verdicts.verdict import Status
from publishing.check import check_notebook
from publishing.new import write_notebook

EDITION = Edition(2025)
REGISTER = read_measures(EDITION.folder)


def registered(name: str) -> Measure:
    return measure(name, EDITION.folder)


# The register


def register(tmp_path: Path, text: str) -> Path:
    (tmp_path / "measures.yml").write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("measures: [{id: a, name: A, outcom: X, data: k}]", "«outcome»"),
        ("measures: [{id: a, name: A, outcome: X}]", "feltet mangler (felt «data»)"),
        ("measures: [{id: a, name: A, outcome: X, data: k, start: i fjor}]", "«i fjor» er ikke et år"),
        ("measures: [{id: a, name: A, outcome: X, data: k, start: 2025-02-30}]", "ugyldig dato"),
        ("measures: [{id: a, name: A, outcome: X, data: k, start: [{whn: 2025}]}]", "Mente du «when»?"),
        ("measures: [{id: a, name: A, outcome: X, data: k, design: DiD}]", "«DiD» er ikke et av valgene"),
        ("measures: [{id: a, name: A, outcome: X, data: k}, {id: a}]", "«a» står to ganger"),
        (
            "measures: [{id: a, name: A, outcome: X, data: [{what: k, values: {2026-01: x, 2026-01: y}}]}]",
            "linje 1: ugyldig YAML: «2026-01» står to ganger",
        ),
        ("tiltak: []", "filen skal ha en liste «measures»"),
        ("measures: [{id: '', name: A, outcome: X, data: k}]", "feltet er tomt (felt «id»)"),
        (
            "measures: [{id: a, name: 3, outcome: X, data: k}]",
            "«3» er ikke en tekst (sett den i anførselstegn) (felt «name»)",
        ),
        ("measures: [{id: a, name: A, outcome: X, data: k, aliases: x}]", "«x» er ikke en liste"),
        ("measures: [{id: a, name: A, outcome: X, data: k, aliases: ['']}]", "feltet er tomt"),
        ("measures: [{id: a, name: A, outcome: X, data: k, start: 2026–2025}]", "slutter før det begynner"),
        (
            "measures: [{id: a, name: A, outcome: X, data: [{what: k, values: 8.3/sum_basis/2025-2019}]}]",
            "er ikke på formen tabell/rad/2019-2025",
        ),
        ("measures: [x]", "«x» er ikke felter med navn"),
    ],
)
def test_a_fault_in_the_register_names_file_field_and_choice(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(DataFeil) as caught:
        read_measures(register(tmp_path, text))
    assert message in str(caught.value)
    assert "measures.yml" in str(caught.value)


def test_a_measure_that_is_not_registered_names_the_nearest() -> None:
    with pytest.raises(ParameterFeil, match="Mente du «delegering»"):
        vurder("delegring", Kapittel("17", aar=2025))
    with pytest.raises(ParameterFeil, match="finnes ikke"):
        vurder(["delegering"], Kapittel("17", aar=2025))  # type: ignore[arg-type]


def test_plain_entries_of_a_measure_may_be_plain_text(tmp_path: Path) -> None:
    text = (
        "measures: [{id: a, name: A, outcome: X, data: KUHR, start: 2026-01-01, co_interventions: [takst]}]"
    )
    one = read_measures(register(tmp_path, text))["a"]
    assert (one.started, str(one.data[0]), str(one.co_interventions[0])) == (
        "1. januar 2026",
        "KUHR",
        "takst",
    )


def test_every_measure_says_what_the_register_asks() -> None:
    assert set(REGISTER) == set(ANALYSES)
    for one in REGISTER.values():
        assert one.needs, one.id
        assert one.change, one.id
        assert one.aliases, one.id
        assert all(event.source for event in one.co_interventions), one.id


def test_every_place_that_the_registers_name_is_there() -> None:
    for one in REGISTER.values():
        known_values(one, EDITION)
    places = [place for one in REGISTER.values() for data in one.data for place in data.values.values()]
    cells = [f"{key}/{row}/{column}" for key in ("8.11", "10.1") for row, column in EDITION.table(key).cells]
    facts = ["fakta/sammendrag/alis_2021", "fakta/16/form_video"]
    for at in read_breaks(EDITION.folder):
        assert any(at.hits(place) for place in [*places, *cells, *facts]), at.id


def test_periods_have_a_first_and_a_last_day() -> None:
    assert (first_day("2025-11-03"), last_day("2025-11")) == (date(2025, 11, 3), date(2025, 11, 30))
    assert in_words("2024-12–2025-01") == "desember 2024–januar 2025"
    with pytest.raises(ValueError, match="er ikke et år"):
        first_day("2025-7")


# What the verdicts say, and why that and no more


@pytest.mark.parametrize(
    ("name", "status", "reason"),
    [
        ("delegering", Status.DESCRIPTIVE, "vekst etter oppstart har ingen sammenligning"),
        ("nettlege", Status.DESCRIPTIVE, "ingen tall fra før"),
        ("basistilskudd", Status.DESCRIPTIVE, "ikke hvorfor det endret seg"),
        ("ptb", Status.REFUSED, "hull i serien"),
        ("alis", Status.DESCRIPTIVE, "ingen runder fra før ordningen"),
        ("video", Status.DESCRIPTIVE, "bare et utgangspunkt"),
        ("digitale_verktøy", Status.DESCRIPTIVE, "to punkter og en framskriving"),
        ("legemidler", Status.REFUSED, "for få enheter"),
    ],
)
def test_no_measure_is_said_to_have_had_an_effect(name: str, status: Status, reason: str) -> None:
    verdict = assess(name, EDITION)
    assert verdict.status is status
    assert reason in verdict.reason
    assert not verdict.carries_cause
    assert verdict.basis or name == "legemidler"


@pytest.mark.parametrize("year", [2025, 2024])
@pytest.mark.parametrize("name", list(REGISTER))
def test_every_number_of_a_sentence_can_be_opened(name: str, year: int) -> None:
    shown = vurder(name, Kapittel("17", aar=year))
    payload = shown.payload
    assert payload["unbound"] == []
    assert set(payload["used"]) <= set(payload["numbers"])
    assert "".join(part["text"] for part in payload["sentence"]) == shown.sentence
    assert len([part for part in payload["sentence"] if part["refs"]]) == len(shown.numbers)
    for value in shown.numbers:
        assert value.sources(), f"{value.label} leads to no printed cell"


@pytest.mark.parametrize("name", list(REGISTER))
def test_a_refusal_says_which_data_and_since_when(name: str) -> None:
    early = vurder(name, Kapittel("17", aar=2024))
    if early.status is Status.REFUSED:
        need = registered(name).needs[0]
        assert f"det trengs {need.data}, {need.since}." in early.sentence


def test_the_year_decides_what_is_known() -> None:
    assert {
        name for name in REGISTER if assess(name, Edition(2024)).reason == "tallene finnes ikke ennå"
    } == {
        "delegering",
        "nettlege",
        "video",
        "digitale_verktøy",
    }
    assert "fra 2019 til 2024" in assess("basistilskudd", Edition(2024)).sentence
    assert assess("alis", Edition(2024)).reason == "for få punkter"


def counts(**numbers: int) -> dict[str, Value]:
    return {
        key.removeprefix("m").replace("_", "-"): found(n, key, how="", formula="", terms=(), decimals=0)
        for key, n in numbers.items()
    }


def monthly(*numbers: int) -> dict[str, dict[str, Value]]:
    return {"kontakter": counts(**{f"m2026_{month:02d}": n for month, n in enumerate(numbers, start=1)})}


def test_delegation_counts_working_days_and_never_gives_a_doubling_time() -> None:
    verdict = assess("delegering", EDITION)
    assert verdict.exposure == 21 + 20 + 22 + 19 + 18
    assert "74,6 i januar til 235,1 i mai 2026" in verdict.sentence
    assert "men med 1,8 prosent den siste måneden" in verdict.sentence
    assert "dobl" not in verdict.sentence
    assert verdict.se_rule.endswith("spredning minst 1, t(n−p)")


@pytest.mark.parametrize(
    ("contacts", "words"),
    [
        ((2100, 2200, 2662, 2529, 2635), "i snitt med 10,0 prosent per måned"),
        (
            (2100, 4000, 6600, 7410, 8100, 10560),
            "med en vekst som avtok underveis og var 6,7 prosent den siste måneden",
        ),
        ((2100, 1900, 2000, 1600, 1500), "gikk ned fra"),
        ((2100, 4000, 8800, 15200, 12000), "men gikk ned med 16,7 prosent den siste måneden"),
    ],
)
def test_delegation_says_what_its_months_say(contacts: tuple[int, ...], words: str) -> None:
    assert words in show(delegation(registered("delegering"), monthly(*contacts))).sentence


def test_the_two_places_of_the_net_doctor_bound_each_other() -> None:
    numbers = assess("nettlege", EDITION).details["Grenser for de to stedene"]
    k, a = ({key: int(value.point or 0) for key, value in row.items()} for row in numbers.values())
    assert (k["Åpne dager"], a["Åpne dager"]) == (184, 59)
    assert (a["Færrest"], a["Flest"]) == (60, 117), "between one and two a day"
    assert (k["Færrest"], k["Flest"]) == (894 - 117, 894 - 60)
    known = known_values(registered("nettlege"), EDITION)
    high = {**known["takst"], **counts(total=2000)}
    with pytest.raises(AnalyseAvvist, match="motsier summen"):
        online_doctor(registered("nettlege"), {**known, "takst": high})


def test_the_parts_of_the_basic_grant_sum_to_the_change() -> None:
    verdict = basic_grant(registered("basistilskudd"), known_values(registered("basistilskudd"), EDITION))
    rows = verdict.details["Endring i basisfinansieringen"]
    for row in rows.values():
        change, *parts = (value.point or Fraction(0) for value in row.values())
        assert sum(parts) == change
    *yearly, whole = (row["Endring"].point for row in rows.values())
    assert sum(point or 0 for point in yearly) == whole


@pytest.mark.parametrize(
    ("current", "constant", "people", "parts"),
    [
        ((100, 200), (200, 200), (10, 10), (100, 0, 0)),
        ((100, 200), (100, 200), (10, 20), (0, 100, 0)),
        ((100, 200), (100, 200), (10, 10), (0, 0, 100)),
    ],
)
def test_a_change_that_is_all_price_people_or_rate_is_called_that(
    current: tuple[int, int], constant: tuple[int, int], people: tuple[int, int], parts: tuple[int, ...]
) -> None:
    known = {
        name: dict(zip(("2019", "2025"), counts(**{f"{name}19": a, f"{name}25": b}).values(), strict=True))
        for name, (a, b) in (("basis", current), ("basis_fast", constant), ("folketall", people))
    }
    row = basic_grant(registered("basistilskudd"), known).details["Endring i basisfinansieringen"][
        "2019–2025"
    ]
    assert tuple(int(value.point or 0) for value in row.values()) == (100, *parts)


def test_video_can_never_have_twelve_months_before() -> None:
    split, required = first_day("2025-07-01"), first_day(registered("video").start[0].when)
    months = (required.year - split.year) * 12 + required.month - split.month
    assert months == 9
    assert strength(months, 100).value == "ingen konklusjon"


def test_extrapolation_names_the_curve_that_passes_the_ceiling() -> None:
    verdict = assess("digitale_verktøy", EDITION)
    assert "Helsenorge, fast prosentvis vekst: går over det kjente taket" in verdict.caveats
    assert "ingen prognose" in verdict.sentence


# Bad input through the same functions


@pytest.mark.parametrize(
    ("contacts", "reason"),
    [
        (monthly(10, 20, 30), "for få punkter"),
        (monthly(0, 0, 0, 0, 0), "konstant serie"),
        (monthly(2100, 2000, 2200, 1900, 1800), "konstant serie"),
        ({"kontakter": counts(m2026_01=10, m2026_02=20, m2026_04=30, m2026_05=40)}, "hull i serien"),
        (monthly(-1, 20, 30, 40), "ugyldig verdi"),
    ],
)
def test_months_that_carry_no_growth_are_refused(contacts: dict[str, dict[str, Value]], reason: str) -> None:
    with pytest.raises(AnalyseAvvist) as caught:
        delegation(registered("delegering"), contacts)
    assert caught.value.reason == reason


def started(name: str, *starts: Start) -> Measure:
    return registered(name).model_copy(update={"start": starts})


@pytest.mark.parametrize(
    ("name", "starts", "why"),
    [
        ("delegering", [Start(when="2026-03-01")], "januar 2026 ligger før oppstarten"),
        ("nettlege", [Start(when="2025-07", place="Kristiansand"), Start(when="2026", place="Arendal")],
         "Arendal åpnet etter perioden"),
        ("video", [Start(when="2025-10-01")], "ikke hele før kravet"),
    ],
)  # fmt: skip
def test_a_start_on_the_wrong_side_of_the_numbers_is_refused(
    name: str, starts: list[Start], why: str
) -> None:
    one = started(name, *starts)
    with pytest.raises(AnalyseAvvist, match=why) as caught:
        ANALYSES[name](one, known_values(one, EDITION))
    assert caught.value.reason == "oppstart utenfor data"


@pytest.mark.parametrize("name", ["ptb", "basistilskudd", "delegering", "video"])
def test_a_measure_without_a_start_is_a_fault_in_the_register(name: str) -> None:
    with pytest.raises(DataFeil, match="ingen oppstart"):
        ANALYSES[name](started(name), known_values(registered(name), EDITION))


def test_a_key_that_is_no_period_is_a_fault_in_the_register() -> None:
    for name, series in (
        ("ptb", "listelengde"),
        ("delegering", "kontakter"),
        ("digitale_verktøy", "helsenorge"),
    ):
        known = dict(known_values(registered(name), EDITION))
        known[series] = {"i fjor": found(1, "x", how="", formula="", terms=())}
        with pytest.raises(DataFeil, match="«i fjor» er ikke et år"):
            ANALYSES[name](registered(name), known)


def yearly(*years: int) -> dict[str, dict[str, Value]]:
    return {"listelengde": counts(**{f"m{year}": 1000 + year % 7 for year in years})}


@pytest.mark.parametrize(
    ("lists", "start", "reason"),
    [
        (yearly(*range(2012, 2026)), "2030", "oppstart utenfor data"),
        (yearly(2019, 2020, 2021, 2022, 2023), "2023", "for få punkter"),
        (yearly(2019, 2023, 2024, 2025), "2023", "hull i serien"),
        (
            {"listelengde": counts(**{f"m{year}": 1000 for year in range(2012, 2026)})},
            "2019",
            "konstant serie",
        ),
    ],
)
def test_lists_that_carry_no_step_are_refused(
    lists: dict[str, dict[str, Value]], start: str, reason: str
) -> None:
    one = registered("ptb").model_copy(update={"start": (Start(when=start),)})
    with pytest.raises(AnalyseAvvist) as caught:
        capitation(one, lists)
    assert caught.value.reason == reason


def test_a_long_enough_series_of_lists_is_exploratory_and_says_so() -> None:
    lists = {"listelengde": counts(**{f"m{year}": 1100 - year % 5 for year in range(2000, 2026)})}
    one = registered("ptb").model_copy(update={"start": (Start(when="2013"),)})
    verdict = capitation(one, lists)
    assert verdict.status is Status.ESTIMATED
    assert verdict.sentence.startswith("Utforskende: ")
    assert not verdict.carries_cause


@pytest.mark.parametrize(
    ("exposed", "others", "reason"),
    [({"a": 1}, {"b": 2}, "for få enheter"), ({"a": 1, "b": 2}, {}, "for få enheter")],
)
def test_counties_that_carry_no_difference_are_refused(
    exposed: dict[str, int], others: dict[str, int], reason: str
) -> None:
    known = {"med_tiltaket": counts(**exposed), "uten_tiltaket": counts(**others)}
    with pytest.raises(AnalyseAvvist) as caught:
        prescribing(registered("legemidler"), known)
    assert caught.value.reason == reason


def test_a_design_that_compares_over_time_refuses_a_break(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = registered("alis").model_copy(update={"design": Design.GROWTH})
    one = broken.data[0].model_copy(update={"values": {"2024": "10.1/alis/2024", "2025": "10.1/alis/2025"}})
    broken = broken.model_copy(update={"data": (one,)})
    monkeypatch.setattr("evaluation.measures.registered", lambda _: broken)
    verdict = assess("alis", EDITION)
    assert verdict.status is Status.REFUSED
    assert verdict.reason == "brudd i serien"
    assert "ni måneder, mot tolv" in verdict.sentence


def test_a_registered_measure_without_an_analysis_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(ANALYSES, "video")
    assert "ingen analyse er skrevet" in assess("video", EDITION).sentence


# Breaks


def test_a_comparison_over_a_break_is_refused_or_says_so() -> None:
    old, new = (EDITION.value("10.1", "alis", year) for year in (2024, 2025))
    for compare in (endring, differanse):
        with pytest.raises(AnalyseAvvist, match="ni måneder, mot tolv") as caught:
            compare(old, new)
        assert caught.value.reason == "brudd i serien"
        shown = compare(old, new, brudd="vis")
        assert "ni måneder" in shown.note
        assert "alis_runde_2025" not in {side.at.id for side in shown.sides}, "said once, not carried along"
    with pytest.raises(AnalyseAvvist):
        indeks(Series("ALIS", {2024: old, 2025: new}), 2024)


def test_a_break_follows_what_is_computed_from_the_series() -> None:
    budget, doctors = (
        {year: EDITION.value("10.1", row, year) for year in (2024, 2025)} for row in ("budsjett", "alis")
    )
    each = {year: differanse(doctors[year], budget[year]) for year in budget}
    with pytest.raises(AnalyseAvvist):
        endring(each[2024], each[2025])


def test_other_series_and_one_side_of_a_break_are_compared_as_before() -> None:
    assert endring(EDITION.value("8.1", "totalt", 2024), EDITION.value("8.1", "totalt", 2025)).note == ""
    assert endring(EDITION.fact("16", "form_tekst"), EDITION.fact("16", "form_telefon")).note == ""
    with pytest.raises(AnalyseAvvist, match="nasjonal ordning"):
        endring(EDITION.fact("sammendrag", "alis_2021"), EDITION.fact("sammendrag", "alis_2025"))


def test_a_line_over_a_break_is_refused_or_ends_there_with_the_break_named() -> None:
    doctors = Series("Leger", {year: EDITION.value("10.1", "alis", year) for year in range(2022, 2026)})
    for draw in (linjer, små_multipler, stablede_søyler, stigning):
        with pytest.raises(AnalyseAvvist, match="tolv måneder, mot ti"):
            draw([doctors, doctors.named("Igjen")])
    with pytest.raises(AnalyseAvvist, match="tolv måneder, mot ti"):
        søyler(doctors)
    chart = linjer([doctors], brudd="vis")
    years = [
        [x for x, y in zip(*line.get_data(), strict=True) if y == y] for line in chart.figure.axes[0].lines
    ]
    assert [found for found in years if len(found) in (1, 2)][:3] == [[2022, 2023], [2024], [2025]]
    assert "Markert: Brudd (2024) og Brudd (2025)" in chart.alt
    shown = ShownFigure("10.A", FigureSpec(title="Leger", sources=("Helsedirektoratet",)), chart)
    assert shown.payload["note"].startswith("Brudd i serien, 2024: avtaleperioden")


# The language guard


SUPPORTED = replace(
    assess("video", EDITION),
    status=Status.ESTIMATED,
    design=Design.STAGGERED_DID,
    measure=registered("video").model_copy(update={"co_interventions": ()}),
    estimate=wald(2.0, 0.5, "klynget"),
    mde=1.0,
    mde_unit="prosentpoeng",
)


def guarded(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "a.ipynb"
    cell = {"cell_type": "code", "source": f"%%prosa\n{text}", "metadata": {}, "outputs": []}
    write_notebook(path, {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    return [str(finding) for finding in check_notebook(path)]


@pytest.mark.parametrize(
    ("text", "word", "name"),
    [
        ("Kravet om video førte til flere konsultasjoner.", "førte til", "Krav om videokonsultasjon"),
        ("Økningen skyldes ALIS-tilskuddet.", "skyldes", "ALIS-tilskuddet"),
        ("Nettlegen kom i juli. Tilbudet er lite. Forsøket ga færre besøk.", "ga færre", "Kommunal nettlege"),
        ("- Delegering har\n  bidratt til kapasitet.", "bidratt til", "Delegering til sykepleier"),
    ],
)
def test_a_cause_that_no_verdict_carries_is_listed(tmp_path: Path, text: str, word: str, name: str) -> None:
    (finding,) = guarded(tmp_path, text)
    assert finding.startswith(f"notebooks/a.ipynb, celle 1: «{word}» sier at noe kom av tiltaket «{name}»")
    assert "i stedet for" in finding


@pytest.mark.parametrize(
    "text",
    [
        "Etter at kravet om video kom, var andelen {v:prosent}.",
        "Prisveksten førte til høyere utgifter.",
        "Tallene viser ikke hva delegering har ført til.",
        "Nettlegen startet i juli.\n\nTiltaket førte til uro, men det er et annet avsnitt.",
    ],
)
def test_what_happened_and_when_may_be_said(tmp_path: Path, text: str) -> None:
    assert guarded(tmp_path, text) == []


def test_a_verdict_that_carries_a_cause_lets_it_be_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert SUPPORTED.carries_cause
    text = "Kravet om video førte til flere konsultasjoner."
    assert guarded(tmp_path, text)
    monkeypatch.setattr("evaluation.page.assess", lambda *_: SUPPORTED)
    assert guarded(tmp_path, text) == []


def test_the_committed_chapters_claim_no_more_than_the_verdicts() -> None:
    notebooks = Path(__file__).resolve().parents[2] / "notebooks"
    findings = [str(item) for path in notebooks.glob("*.ipynb") for item in check_notebook(path)]
    assert [finding for finding in findings if "sier at noe kom av" in finding] == []
