"""Figures of the open edition, from tables made by hand in the shape of Statistics Norway's answers."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from analysis_lib.data.editions import EDITION_VARIABLE, MODE_VARIABLE
from analysis_lib.data.formats import read_semicolons
from analysis_lib.data.inputs import ROOT_VARIABLE
from analysis_lib.errors import DataFeil
from analysis_lib.indicators.edition import Edition
from analysis_lib.present.chapter import Kapittel
from registers.sources.catalogue import read_catalogue
from registers.sources.fetching import Fetching
from registers.sources.figures import DRAWINGS, FORM, FUNCTION, REGION
from registers.sources.http import Answer
from registers.sources.jsonstat import read
from registers.sources.snapshots import save
from tests.conftest import ROOT
from tests.registers.sources.agency import dataset, reply

COUNTIES = ["03", "11", "15", "18", "31", "32", "33", "34", "39", "40", "42", "46", "50", "55", "56"]
LABELS = {
    "sum": "I alt",
    "1": "Næringsdrivende fastleger",
    "2": "Kommunalt ansatte leger",
    "3": "Næringsdrivende leger utenfor fastlegeordningen",
    "FGK10": "Funksjoner i alt",
    "241": "Diagnose, behandling og rehabilitering",
    "256": "Øyeblikkelig hjelp døgntilbud",
}
# 0301 Oslo, 1508 Ålesund (one of two that 1507 became), 5612 Kautokeino, which has not reported.
MUNICIPALITIES = ["0301", "1507", "1508", "5612"]
FIRST = ["1101", "1804", "3101", "3201", "3301", "3401", "3901", "4001", "4201", "4601", "5001", "5501"]
YEARS = ["2019", "2023", "2025"]
MAN_YEARS = {"EAK": 1000, "0301": 60, "1507": 40, "1508": 20, "5612": ".."}


def man_years(codes: Mapping[str, str]) -> float | str:
    if codes[FUNCTION] == "256" and codes["Tid"] == "2019":
        return "."
    region = MAN_YEARS.get(codes[REGION], 100)
    if isinstance(region, str):
        return region
    share = {"FGK10": 1.0, "241": 0.75, "256": 0.25}[codes[FUNCTION]]
    return region * share * {"sum": 1.0, "1": 0.5, "2": 0.25, "3": 0.25}[codes[FORM]]


def lists(codes: Mapping[str, str]) -> float | str:
    if codes[REGION] == "1508" and codes["Tid"] < "2024":
        return ".."  # not yet a municipality
    if codes[REGION] == "1507" and (codes["Tid"] < "2020" or codes["Tid"] > "2023"):
        return "."
    if codes[REGION] == "5612":
        return ":"
    late = codes["Tid"] == "2025"
    return {
        "KOSantallpasient0000": 9000 if late else 9500,
        "KOSantallpasient0001": 1000 if late else 500,
        "KOSantallavtaler0001": 12 if late else 10,
        "KOSantallavtaler0000": 1,
    }[codes["ContentsCode"]]


def frame(raw: Any) -> pd.DataFrame:
    return read(raw, "x").frame()


TABLES = {
    "legeaarsverk": dataset(
        {
            REGION: ["EAK", *(f"EKA{number}" for number in COUNTIES), *MUNICIPALITIES],
            FORM: ["sum", "1", "2", "3"],
            FUNCTION: ["FGK10", "241", "256"],
            "ContentsCode": ["KOSlegeaarsverk0000"],
            "Tid": YEARS,
        },
        man_years,
        labels=LABELS,
        decimals=1,
    ),
    "folkemengde": dataset(
        {"Region": ["0", "03", *MUNICIPALITIES], "ContentsCode": ["Personer1"], "Tid": ["2025", "2026"]},
        lambda codes: {"0301": 700_000, "1508": 40_000, "5612": 3000}.get(codes["Region"], 0),
    ),
    "fastlegelister": dataset(
        {
            # And the first of each county.
            REGION: [*MUNICIPALITIES, *FIRST],
            "ContentsCode": [
                "KOSantallavtaler0001",
                "KOSantallavtaler0000",
                "KOSantallpasient0000",
                "KOSantallpasient0001",
            ],
            "Tid": YEARS,
        },
        lists,
    ),
}


def drawn(figure: str) -> dict[tuple[str, str, str], float | str]:
    found = DRAWINGS[figure]({name: frame(raw) for name, raw in TABLES.items()}, 2025)
    rows = found.itertuples(index=False)
    return {(one.panel, one.serie, one.kolonne): one.tegn or round(one.verdi, 4) for one in rows}


def test_9_1_leaves_out_the_total_and_those_outside_the_scheme() -> None:
    assert drawn("9.1") == {
        ("", name, year): value
        for name, value in (("Næringsdrivende fastleger", 500), ("Kommunalt ansatte leger", 250))
        for year in YEARS
    }


def test_9_2_sums_the_forms_and_keeps_that_a_function_did_not_exist() -> None:
    found = drawn("9.2")
    assert found["", LABELS["241"], "2025"] == 562.5
    assert (found["", LABELS["256"], "2019"], found["", LABELS["256"], "2023"]) == (".", 187.5)


def test_9_3_is_of_the_editions_year() -> None:
    assert drawn("9.3") == {
        ("", LABELS["1"], LABELS["241"]): 375,
        ("", LABELS["1"], LABELS["256"]): 125,
        ("", LABELS["2"], LABELS["241"]): 187.5,
        ("", LABELS["2"], LABELS["256"]): 62.5,
    }


def test_9_4_divides_by_the_people_of_the_end_of_the_year() -> None:
    found = drawn("9.4")
    assert found["", "", "Oslo"] == round(75 / 70, 4)
    # Of the others no inhabitants are known here.
    assert (len(found), found["", "", "Vestland"]) == (15, "..")


def test_9_5_leaves_out_who_has_not_reported_above_and_below_the_line() -> None:
    assert drawn("9.5") == {
        ("", "", "10 000–49 999"): 3.75,
        ("", "", "50 000 og over"): round(45 / 70, 4),
    }


def test_11_6_and_11_12_compare_two_decembers() -> None:
    coverage = drawn("11.6")
    # Oslo has 12 for 10 000, and had 10. Møre og Romsdal has nothing for 2019 here, and Finnmark is hidden.
    assert coverage["", "", "Oslo"] == 2
    assert (coverage["", "", "Møre og Romsdal"], coverage["", "", "Finnmark"]) == ("..", ":")
    length = drawn("11.12")
    assert length["", "Desember 2025", "Oslo"] == round(10_000 / 13, 4)
    assert length["", "Desember 2019", "Oslo"] == round(10_000 / 11, 4)


def test_11_24_to_11_26_follow_the_areas_and_keep_what_is_hidden() -> None:
    share, count, counties = drawn("11.24"), drawn("11.25"), drawn("11.26")
    assert [share["", "Sentralitet 1", year] for year in YEARS] == [5, 5, 10]
    # Bodø; then 1507 Ålesund and Kongsvinger too; then 1508 for 1507, and what was renumbered in 2024.
    # None is counted in a year when its number was not in use.
    assert {key[2]: value for key, value in count.items() if key[1] == "Sentralitet 3"} == {
        "2019": 500,
        "2023": 3 * 500,
        "2025": 6 * 1000,
    }
    assert {key: value for key, value in counties.items() if key[0] == "Møre og Romsdal"} == {
        ("Møre og Romsdal", "listeinnbyggere uten fast lege", "2023"): 5,
        ("Møre og Romsdal", "listeinnbyggere uten fast lege", "2025"): 10,
    }
    assert {value for key, value in counties.items() if key[0] == "Finnmark"} == {":"}


def test_a_table_without_what_a_figure_leaves_out_is_told() -> None:
    table = frame(TABLES["legeaarsverk"])
    with pytest.raises(DataFeil, match=r"ingen avtaleform .* heter noe med «utenfor»"):
        DRAWINGS["9.1"]({"legeaarsverk": table[table[FORM] != "3"]}, 2025)
    with pytest.raises(DataFeil, match="har ikke alle fylkene som EKA03"):
        DRAWINGS["9.4"]({"legeaarsverk": table[table[REGION] != "EKA03"]}, 2025)
    people = frame(TABLES["folkemengde"])
    with pytest.raises(DataFeil, match=r"folkemengden 1\. januar 2026 er ikke hentet"):
        DRAWINGS["9.5"]({"legeaarsverk": table, "folkemengde": people[people["Tid"] < "2026"]}, 2025)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with the tables above as snapshots."""
    monkeypatch.setenv(ROOT_VARIABLE, str(tmp_path))
    for part in ("reference", "published"):
        (tmp_path / "data").mkdir(exist_ok=True)
        (tmp_path / "data" / part).symlink_to(ROOT / "data" / part)
    for name, raw in TABLES.items():
        snapshot(tmp_path, name, raw)
    return tmp_path


CATALOGUE = ROOT / "data" / "open" / "kilder.yml"


def snapshot(root: Path, name: str, raw: Any) -> None:
    source = read_catalogue(CATALOGUE)[0][name]
    answer = Answer("https://x", None, reply(raw).body)
    save(root / "data" / "open" / "snapshots" / name, source, [answer], raw["updated"])


def offline(root: Path) -> list[str]:
    said: list[str] = []
    Fetching(root, said.append, accept=True).run(CATALOGUE, [], 2025)
    return said


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_open_edition_is_read_by_a_build(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert offline(root)[-1] == "Skrev data/open_edition/2025: 10 figurer"
    folder = root / "data" / "open_edition" / "2025"
    rows = read_semicolons(folder / "figurer" / "9.2.csv")
    assert rows[:3] == [
        ["panel", "serie", "kolonne", "verdi"],
        ["", "Diagnose, behandling og rehabilitering", "2019", "563"],
        ["", "Diagnose, behandling og rehabilitering", "2023", "563"],
    ]
    assert [row[3] for row in rows if row[1].startswith("Øye")] == [".", "188", "188"]
    told = yaml.safe_load((folder / "levering.yml").read_text(encoding="utf-8"))
    assert [one["tabell"] for one in told["utleveringer"]] == ["11996", "07459", "12005"]
    assert told["utleveringer"][1]["adresse"] == "https://www.ssb.no/statbank/table/07459"
    assert [len(one) for one in told["utleveringer"][0]["sha256"]] == [64]
    # Nothing of it is synthetic, and a build reads it as it reads a register's.
    monkeypatch.setenv(MODE_VARIABLE, "open")
    edition = Edition(2025, folder=ROOT / "data" / "published" / "2025")
    value = dict(edition.figure("11.24"))["", "Sentralitet 1", "2025"]
    assert (value.point, value.unit) == (10, "prosent")
    assert value.sources()[0].register == "Statistisk sentralbyrå tabell 12005, oppdatert 2026-03-16"
    assert edition.figure_data("9.4").spec.subtitle == "Avtalte årsverk per 10 000 innbyggere, 2025"


def test_the_same_snapshots_give_the_same_bytes_and_write_nothing_again(root: Path) -> None:
    offline(root)
    before = files(root / "data" / "open_edition")
    assert offline(root) == []
    assert files(root / "data" / "open_edition") == before


def test_a_figure_that_can_no_longer_be_drawn_stays_as_it_was(root: Path) -> None:
    offline(root)
    before = files(root / "data" / "open_edition")
    raw = TABLES["legeaarsverk"]
    snapshot(root, "legeaarsverk", json.loads(json.dumps(raw).replace("utenfor", "udenfor")))
    with pytest.raises(DataFeil, match="ingen avtaleform"):
        offline(root)
    assert {
        name: raw for name, raw in files(root / "data" / "open_edition").items() if name != "levering.yml"
    } == {name: raw for name, raw in before.items() if name != "levering.yml"}


def test_without_its_snapshots_a_figure_is_not_there(root: Path) -> None:
    shutil.rmtree(root / "data" / "open" / "snapshots" / "folkemengde")
    assert offline(root)[-1] == "Skrev data/open_edition/2025: 8 figurer"


@pytest.mark.slow
@pytest.mark.parametrize("number", DRAWINGS)
def test_each_is_drawn(root: Path, number: str, monkeypatch: pytest.MonkeyPatch) -> None:
    offline(root)
    monkeypatch.setenv(MODE_VARIABLE, "open")
    monkeypatch.setenv(EDITION_VARIABLE, "2025")
    figure = Kapittel(number.partition(".")[0], aar=2025).figur(number)
    assert figure.chart is not None
    assert len(figure.chart.alt) > 40
