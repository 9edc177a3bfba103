"""The register of measures, and the verdicts that it gives."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from analysis_lib import (
    Kapittel,
)
from analysis_lib.data.breaks import read_breaks
from analysis_lib.data.periods import first_day
from analysis_lib.errors import AnalyseAvvist, DataFeil, ParameterFeil
from analysis_lib.indicators.edition import Edition
from analysis_lib.indicators.values import Value, found
from evaluation import vurder
from evaluation.basis.requirements import strength
from evaluation.basis.said import joined, plain
from evaluation.measures import ANALYSES, assess
from evaluation.measures.digital_services import online_doctor
from evaluation.measures.grants import basic_grant, capitation
from evaluation.measures.known_numbers import known_values
from evaluation.measures.practice import delegation, prescribing
from evaluation.page import show
from evaluation.register import Design, Measure, Start, measure, read_measures
from evaluation.verdicts.verdict import Status

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


def test_a_number_that_a_verdict_has_typed_is_unbound_and_a_period_is_a_name() -> None:
    verdict = replace(show(assess("video", EDITION)), reason="under 12 punkter, fra 2. kvartal 2020")
    typed = replace(verdict, caveats=("to frihetsgrader (p = 0,09) 1. mai 2023, i 2025",))
    assert typed.payload.unbound == ("12", "0,09")


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
    rows = assess("nettlege", EDITION).details["Konsultasjoner per åpen dag og sted"]
    # In Arendal it was open from 15 only: what was done in daytime was done in Kristiansand.
    assert [int(row["Åpne dager"].point or 0) for row in rows.values()] == [184, 243, 243]
    assert float(rows["Dagtakst"]["Rate"]) == pytest.approx(528 / 184)
    known = known_values(registered("nettlege"), EDITION)
    high = {**known["takst"], **counts(total=2000)}
    with pytest.raises(AnalyseAvvist, match="motsier summen"):
        online_doctor(registered("nettlege"), {**known, "takst": high})


def test_consultations_that_are_no_whole_number_are_refused() -> None:
    one = registered("nettlege")
    known = known_values(one, EDITION)
    half = found(Fraction(2001, 2), "Konsultasjoner", how="", formula="", terms=())
    with pytest.raises(AnalyseAvvist, match="fra 0 og opp, ikke 1000,5"):
        online_doctor(one, {**known, "takst": {**known["takst"], "total": half}})


def test_the_parts_of_the_basic_grant_sum_to_the_change() -> None:
    verdict = basic_grant(registered("basistilskudd"), known_values(registered("basistilskudd"), EDITION))
    rows = verdict.details["Endring i basisfinansieringen"]
    for row in rows.values():
        change, *parts = (value.point or Fraction(0) for value in row.values())
        assert sum(parts) == change
    *yearly, whole = (row["Endring"].point for row in rows.values())
    assert sum(point or 0 for point in yearly) == whole
    # The parts of the whole period are another calculation, and their note says how far from the sums.
    assert "priser 939 mot 937; folketall 199 mot 201" in plain(joined(verdict.caveats))


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


@pytest.mark.parametrize(("name", "series"), [("ptb", "listelengde"), ("delegering", "kontakter")])
def test_a_quarter_is_never_read_as_a_year_or_a_month(name: str, series: str) -> None:
    known = {series: {"2026K1": found(1, "x", how="", formula="", terms=())}}
    with pytest.raises(DataFeil, match="«2026K1» er av slaget kvartal"):
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
    monkeypatch.setattr("evaluation.measures.registered", lambda *_: broken)
    verdict = assess("alis", EDITION)
    assert verdict.status is Status.REFUSED
    assert verdict.reason == "brudd i serien"
    assert "ni måneder, mot tolv" in verdict.sentence


def test_a_registered_measure_without_an_analysis_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(ANALYSES, "video")
    assert "ingen analyse er skrevet" in assess("video", EDITION).sentence
