"""Statistics Norway's two versions, Klass and FHI: what each is asked, and how answers are put together."""

from __future__ import annotations

from typing import Any

import pytest

from analysis_lib.errors import DataFeil, NettFeil
from registers.sources import fhi, klass, ssb
from registers.sources.http import Client
from tests.registers.sources.agency import Agency, Asked, Reply, dataset, reply
from tests.registers.sources.conftest import source

REGIONS = ["EAK", *(f"{number:04}" for number in range(301, 701))]
SIDES = {"Region": REGIONS, "Tid": ["2023", "2024", "2025"]}


def number(codes: Any) -> float | str:
    if codes["Region"] == "EAK":
        return int(codes["Tid"])
    return ":" if codes["Region"] == "0302" else int(codes["Region"]) + int(codes["Tid"]) / 10


def bases(agency: Agency) -> tuple[str, str]:
    return f"{agency.base}/v2", f"{agency.base}/v1"


def fetched(agency: Agency, client: Client, **more: Any) -> dict[tuple[str, ...], str]:
    spec = source(**more)
    return ssb.parse(ssb.fetch(spec, client, bases(agency)), spec, "leger").cells()


def test_a_short_question_is_an_address(agency: Agency, client: Client) -> None:
    agency.table("11996", SIDES, number)
    cells = fetched(agency, client, query={"Region": ["EAK", "0302"], "Tid": ["from(2024)"]})
    assert cells == {
        ("EAK", "2024"): "2024",
        ("EAK", "2025"): "2025",
        ("0302", "2024"): ":",
        ("0302", "2025"): ":",
    }
    assert [asked.method for asked in agency.asked] == ["GET", "GET"]
    assert agency.asked[1].params["valueCodes[Tid]"] == "2024,2025"


def test_an_address_that_would_be_too_long_is_sent_as_a_body(agency: Agency, client: Client) -> None:
    agency.table("11996", SIDES, number)
    cells = fetched(agency, client, query={"Region": ["????"], "Tid": ["*"]})
    assert len(cells) == 400 * 3
    assert agency.asked[1].method == "POST"


def test_no_code_is_asked_for_twice(agency: Agency, client: Client) -> None:
    # Which Statistics Norway answers with a 500 and no body.
    agency.table("11996", SIDES, number)
    assert len(fetched(agency, client, query={"Region": ["EAK", "EAK", "E*"], "Tid": ["2025", "2025"]})) == 1


def test_too_many_cells_are_asked_for_in_parts(
    agency: Agency, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ssb, "MOST_CELLS", 500)
    agency.table("11996", SIDES, number, most=500)
    cells = fetched(agency, client)
    assert len(agency.asked) == 1 + 4
    whole = ssb.read(dataset(SIDES, number), "x").cells()
    assert cells == whole


def test_version_1_where_version_2_is_away(agency: Agency, client: Client) -> None:
    agency.table("11996", SIDES, number, v2=False)
    assert fetched(agency, client, query={"Region": ["EAK"], "Tid": ["2025"]}) == {("EAK", "2025"): "2025"}
    sent = agency.asked[-1].body
    assert sent["query"][0] == {"code": "Region", "selection": {"filter": "item", "values": ["EAK"]}}


def test_where_both_versions_are_away_both_are_told(agency: Agency, client: Client) -> None:
    with pytest.raises(NettFeil, match=r"leger: 127.0.0.1 svarer 404 .*; versjon 1: 127.0.0.1 svarer 404"):
        fetched(agency, client)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"Regoin": ["EAK"], "Tid": ["*"]}, "tabell 11996 har ikke «Regoin». Mente du «Region»?"),
        ({"Region": ["EKA"], "Tid": ["*"]}, "leger, Region: «EKA» finnes ikke hos kilden. Mente du «EAK»?"),
        ({"Region": ["Z*"], "Tid": ["*"]}, "«Z\\*» finnes ikke"),
        ({"Region": ["EAK"], "Tid": ["from(2030)"]}, "«from.2030.» finnes ikke"),
        ({"Region": ["EAK"]}, "Missing selection for mandantory variable Tid"),
    ],
)
def test_a_wrong_question_is_the_users_to_mend(
    agency: Agency, client: Client, query: dict[str, list[str]], said: str
) -> None:
    agency.table("11996", SIDES, number)
    with pytest.raises(DataFeil, match=said):
        fetched(agency, client, query=query)


def test_metadata_of_another_kind(agency: Agency, client: Client) -> None:
    agency.next = [reply({"id": ["Region"]})]
    with pytest.raises(DataFeil, match="metadataene er ikke json-stat2"):
        fetched(agency, client)


def test_fhi_is_asked_with_a_body_and_answers_with_a_mark_and_flags(agency: Agency, client: Client) -> None:
    spec = source(
        id="lmr",
        interface="fhi",
        table="lmr/7",
        query={"GEO": ["0", "03"], "AAR": ["*"], "MEASURE_TYPE": ["RATE"]},
        marks={"k": ":"},
    )

    def data(asked: Asked) -> Reply:
        raw = dataset({"GEO": ["0", "03"], "AAR": ["2024_2024"], "MEASURE_TYPE": ["RATE"]}, lambda _: 12.5)
        raw |= {"value": [12.5, "k"], "status": ""}
        return Reply(body=b"\xef\xbb\xbf" + reply(raw).body)

    agency.paths["/lmr/Table/7/data"] = data
    cube = fhi.parse(fhi.fetch(spec, client, agency.base), spec, "lmr")
    assert [*cube.cells().values()] == ["12.5", ":"]
    sent = agency.asked[0].body
    assert [one["filter"] for one in sent["dimensions"]] == ["item", "all", "item"]
    assert sent["response"] == {"format": "json-stat2", "maxRowCount": 50_000}


def test_an_answer_of_fhis_that_may_be_cut_is_refused(
    agency: Agency, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fhi, "MOST_ROWS", 2)
    spec = source(interface="fhi", table="nokkel/338", query={"GEO": ["*"]})
    agency.paths["/nokkel/Table/338/data"] = lambda _: reply(dataset({"GEO": ["0", "03"]}, lambda _: 1))
    with pytest.raises(DataFeil, match="svaret har 2 rader, og kan være kuttet"):
        fhi.parse(fhi.fetch(spec, client, agency.base), spec, "x")


CHANGES = {
    "codeChanges": [
        {
            "oldCode": "1507",
            "oldName": "Ålesund",
            "newCode": code,
            "newName": name,
            "changeOccurred": "2024-01-01",
        }
        for code, name in (("1508", "Ålesund"), ("1580", "Haram"))
    ]
}


@pytest.mark.parametrize(
    ("query", "path", "raw", "columns", "first"),
    [
        (
            {"what": ["changes"], "from": ["2020-01-01"], "to": ["2026-01-01"]},
            "changes.json",
            CHANGES,
            ("dato", "gammel", "ny", "gammelt_navn", "nytt_navn"),
            ("2024-01-01", "1507", "1508", "Ålesund", "Ålesund"),
        ),
        (
            {"what": ["correspondence"], "targetClassificationId": ["128"], "date": ["2024-01-01"]},
            "correspondsAt.json",
            {
                "correspondenceItems": [
                    {"sourceCode": "0301", "sourceName": "Oslo", "targetCode": "1", "targetName": "1"}
                ]
            },
            ("kode", "svarer_til", "navn", "svarer_til_navn"),
            ("0301", "1", "Oslo", "1"),
        ),
        (
            {"what": ["codes"], "date": ["2024-01-01"]},
            "codesAt.json",
            {"codes": [{"code": "0301", "name": "Oslo", "parentCode": None, "level": "1"}]},
            ("kode", "overordnet", "navn"),
            ("0301", "", "Oslo"),
        ),
    ],
)
def test_a_classification_has_dates(
    agency: Agency, client: Client, query: Any, path: str, raw: Any, columns: Any, first: Any
) -> None:
    spec = source(id="klass", interface="klass", table="131", query=query)
    agency.paths[f"/classifications/131/{path}"] = lambda _: reply(raw)
    found = klass.parse(klass.fetch(spec, client, agency.base), spec, "klass")
    assert (found.columns, found.rows[0]) == (columns, first)
    assert agency.asked[0].params == {name: words[0] for name, words in query.items() if name != "what"}


def test_the_versions_of_a_classification(agency: Agency, client: Client) -> None:
    spec = source(id="klass", interface="klass", table="128", query={"what": ["versions"]})
    versions = [{"name": "Sentralitet 2024", "validFrom": "2024-01-01"}]
    agency.paths["/classifications/128"] = lambda _: reply(
        {"versions": versions, "lastModified": "2024-05-02"}
    )
    found = klass.parse(klass.fetch(spec, client, agency.base), spec, "klass")
    assert (found.rows, found.updated) == ((("2024-01-01", "", "Sentralitet 2024"),), "2024-05-02")


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ({"codes": []}, "svaret har ingen «codes»"),
        ({"error": "no"}, "svaret har ingen «codes»"),
        ([], "svaret har ingen «codes»"),
        ({"codes": ["0301"]}, "ikke en liste av felter"),
        (
            {"codes": [{"code": "0301", "name": "Oslo"}, {"code": "0301", "name": "Bergen"}]},
            "samme kode to ganger",
        ),
        ({"codes": [{"name": "Oslo"}]}, "en uten kode"),
    ],
)
def test_a_list_that_does_not_add_up_is_refused(agency: Agency, client: Client, raw: Any, said: str) -> None:
    spec = source(
        id="klass", interface="klass", table="131", query={"what": ["codes"], "date": ["2024-01-01"]}
    )
    agency.next = [reply(raw)]
    with pytest.raises(DataFeil, match=said):
        klass.parse(klass.fetch(spec, client, agency.base), spec, "klass")


def test_a_list_that_is_none() -> None:
    with pytest.raises(DataFeil, match=r"«what: code» er ingen liste\. Mente du «codes»"):
        klass.fetch(source(interface="klass", table="131", query={"what": ["code"]}), Client())
