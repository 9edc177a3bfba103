"""What is fetched is kept as it came. Another answer is a revision, and waits until somebody accepts it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from analysis_lib.data.files import read_model
from analysis_lib.data.formats import read_yaml
from analysis_lib.data.inputs import ROOT_VARIABLE
from analysis_lib.data.opendata import open_frame
from analysis_lib.data.schema import TableSpec
from analysis_lib.data.tables import read_table
from analysis_lib.errors import DataFeil, KontrollFeil, NettFeil, ParameterFeil
from registers.sources import snapshots
from registers.sources.catalogue import read_catalogue
from registers.sources.command import fetch
from registers.sources.fetching import Fetching
from registers.sources.figures import DRAWINGS
from registers.sources.http import ATTEMPTS, Client
from tests.conftest import ROOT
from tests.registers.sources.agency import Agency, Reply, reply

KILDER = """
sources:
  - id: folkemengde
    interface: ssb
    table: "07459"
    title: Folkemengde 1. januar, hele landet
    licence: CC BY 4.0
    query: {Region: ["0"], ContentsCode: [Personer1], Tid: [from(2024)]}
    feeds:
      key: ssb/07459
      dimension: Region
      rows: {"0": [folkemengde, Folkemengde 1. januar]}
      unit: personer
      exact: true
  - id: endringer
    interface: klass
    table: "131"
    title: Kommuneendringer
    licence: CC BY 4.0
    query: {what: [changes], from: ["2020-01-01"]}
    feeds: {key: klass/endringer}
figures: []
"""
SIDES = {"Region": ["0", "03"], "ContentsCode": ["Personer1"], "Tid": ["2023", "2024", "2025"]}
PEOPLE = {"2023": 5_488_984, "2024": 5_550_203, "2025": 5_594_340}
CHANGES = [{"oldCode": "1507", "oldName": "Ålesund", "newCode": "1580", "newName": "Haram"}]


class Run:
    """The command on a folder of its own."""

    def __init__(self, root: Path, agency: Agency, client: Client) -> None:
        self.root, self.agency, self.client = root, agency, client
        (root / "data" / "open").mkdir(parents=True)
        (root / "data" / "open" / "kilder.yml").write_text(KILDER, encoding="utf-8")
        self.serve()
        changes = [one | {"changeOccurred": "2024-01-01"} for one in CHANGES]
        agency.paths["/klass/classifications/131/changes.json"] = lambda _: reply({"codeChanges": changes})

    def serve(self, updated: str = "2026-02-24", **people: Any) -> None:
        known = PEOPLE | {year.removeprefix("y"): number for year, number in people.items()}
        sides = SIDES | {"Tid": [*known]}
        self.agency.table("07459", sides, lambda codes: known[codes["Tid"]], updated=updated)

    def __call__(self, *names: str, accept: bool = False, offline: bool = False) -> list[str]:
        said: list[str] = []
        base = self.agency.base
        bases = {"ssb": (f"{base}/v2", f"{base}/v1"), "klass": f"{base}/klass"}
        run = Fetching(self.root, said.append, accept, None if offline or accept else self.client, bases)
        try:
            run.run(self.root / "data" / "open" / "kilder.yml", names, 2025)
        finally:
            self.said = said
        return said

    def files(self) -> dict[str, bytes]:
        return {
            path.relative_to(self.root).as_posix(): path.read_bytes()
            for path in sorted(self.root.rglob("*"))
            if path.is_file()
        }


@pytest.fixture
def run(tmp_path: Path, agency: Agency, client: Client, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv(ROOT_VARIABLE, str(tmp_path))
    return Run(tmp_path, agency, client)


def test_a_snapshot_says_where_it_came_from_and_feeds_the_open_tables(run: Run) -> None:
    said = run()
    assert said[:2] == [
        "folkemengde: 2 celler hentet, oppdatert 2026-02-24",
        "endringer: 1 celler hentet, oppdatert ukjent",
    ]
    folder = run.root / "data" / "open" / "snapshots" / "folkemengde"
    told = read_yaml(folder / "snapshot.yml")
    (answer,) = told["answers"]
    raw = (folder / answer["file"]).read_bytes()
    assert hashlib.sha256(raw).hexdigest() == answer["sha256"]
    assert answer["address"].startswith(f"{run.agency.base}/v2/tables/07459/data?lang=no")
    assert (told["updated"], told["licence"]) == ("2026-02-24", "CC BY 4.0")
    table = read_table("ssb/07459", run.root / "data/open/ssb/07459.yml", run.root / "none.yml")
    assert table.cells["folkemengde", "2025"].number == 5_594_340
    assert table.spec.sources == ("Statistisk sentralbyrå tabell 07459",)
    frame = open_frame("klass/endringer")
    assert frame.loc[0].to_dict() == {
        "dato": "2024-01-01",
        "gammel": "1507",
        "ny": "1580",
        "gammelt_navn": "Ålesund",
        "nytt_navn": "Haram",
    }


def test_the_same_again_changes_nothing(run: Run) -> None:
    run()
    before = run.files()
    assert run("folkemengde") == ["folkemengde: uendret, oppdatert 2026-02-24"]
    run.serve(updated="2026-03-01")
    assert run("folkemengde") == ["folkemengde: uendret, oppdatert 2026-02-24"]
    assert run.files() == before


def test_a_revision_is_told_and_waits_until_it_is_accepted(run: Run) -> None:
    run("folkemengde")
    before = run.files()
    run.serve(updated="2026-06-15", y2024=5_550_000, y2025=5_594_341, y2026=5_627_400)
    with pytest.raises(KontrollFeil, match="revisjoner venter: folkemengde") as found:
        run("folkemengde")
    assert found.value.exit_code == 8
    assert run.said == [
        "folkemengde: revisjon, 2 celler endret, 1 nye, 0 borte (oppdatert 2026-06-15, før 2026-02-24); "
        "størst: 0, Personer1, 2024: «5550203» → «5550000»"
    ]
    after = run.files()
    assert before.items() <= after.items()
    asked = len(run.agency.asked)
    said = run("folkemengde", accept=True)
    assert said == ["folkemengde: revisjonen er tatt i bruk", "Skrev data/open/ssb/07459.csv"]
    assert len(run.agency.asked) == asked
    assert "5 627 400" in (run.root / "data/open/ssb/07459.csv").read_text(encoding="utf-8")
    # What is no longer in force is gone; git has it.
    names = {path.name for path in (run.root / "data/open/snapshots/folkemengde").iterdir()}
    assert len(names) == 2
    assert "revision.yml" not in names


def test_a_revision_that_the_source_takes_back_is_forgotten(run: Run) -> None:
    run("folkemengde")
    before = run.files()
    run.serve(y2025=1)
    with pytest.raises(KontrollFeil):
        run("folkemengde")
    run.serve()
    run("folkemengde")
    assert run.files() == before


def test_a_number_that_becomes_a_sign_is_the_largest_change(run: Run) -> None:
    run("folkemengde")
    run.serve(y2024=1, y2025=":")
    with pytest.raises(KontrollFeil):
        run("folkemengde")
    assert run.said[0].endswith("størst: 0, Personer1, 2025: «5594340» → «:»")


def test_a_table_that_somebody_else_has_written_waits_too(run: Run) -> None:
    path = run.root / "data" / "open" / "ssb" / "07459.csv"
    path.parent.mkdir()
    path.write_text("rad;navn;2025\nfolkemengde;Folkemengde;5 594 340\n", encoding="utf-8")
    with pytest.raises(KontrollFeil, match="revisjoner venter: ssb/07459"):
        run("folkemengde")
    assert "2024" not in path.read_text(encoding="utf-8")
    run("folkemengde", accept=True)
    assert "2024" in path.read_text(encoding="utf-8")


BAD = {
    "away": [Reply(503)] * (ATTEMPTS + 1),
    "cut": [Reply(body=b'{"class": "data', length=9000)] * (ATTEMPTS + 1),
    "page": [Reply(body=b"<html>", kind="text/html")] * 2,
    "truncated": [Reply(body=b'{"class": "dataset", "id": ["Reg')],
    "other": [reply({"class": "collection"})],
    "elsewhere": [Reply(302, headers={"Location": "https://192.0.2.1/"})] * 2,
}


@pytest.mark.parametrize("bad", BAD)
def test_whatever_goes_wrong_the_last_snapshot_is_untouched(run: Run, bad: str) -> None:
    run()
    before = run.files()
    run.agency.next = BAD[bad]
    with pytest.raises((NettFeil, DataFeil), match="folkemengde"):
        run()
    assert run.files() == before
    # And the others are fetched all the same.
    assert "endringer: uendret, oppdatert ukjent" in run.said


def test_an_answer_of_wrong_size_is_not_kept(run: Run) -> None:
    run.agency.paths["/v2/tables/07459/data"] = lambda _: reply(
        {
            "class": "dataset",
            "id": ["Tid"],
            "size": [3],
            "value": [1],
            "dimension": {"Tid": {"category": {"index": ["a"]}}},
        }
    )
    with pytest.raises(DataFeil, match="størrelsen"):
        run("folkemengde")
    assert not (run.root / "data/open/snapshots").exists()


def test_a_stop_half_way_leaves_what_was_in_force(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("folkemengde")
    before = run.files()
    run.serve(y2025=1)
    real = snapshots.write

    def full(path: Path, raw: bytes) -> None:
        if path.suffix == ".yml":
            raise OSError(28, "No space left on device", str(path))
        real(path, raw)

    monkeypatch.setattr(snapshots, "write", full)
    with pytest.raises(OSError, match="No space"):
        run("folkemengde")
    assert before.items() <= run.files().items()
    monkeypatch.setattr(snapshots, "write", real)
    assert run("folkemengde", offline=True) == []


def test_a_snapshot_that_somebody_has_changed_is_refused(run: Run) -> None:
    run("folkemengde")
    (path,) = (run.root / "data/open/snapshots/folkemengde").glob("*.json")
    path.write_bytes(path.read_bytes().replace(b"5594340", b"5594341"))
    with pytest.raises(DataFeil, match="er endret siden den ble hentet"):
        run("folkemengde", offline=True)


def test_without_the_network_tables_come_from_the_snapshots(run: Run) -> None:
    run()
    asked = len(run.agency.asked)
    (run.root / "data/open/ssb/07459.csv").unlink()
    assert run(offline=True) == ["Skrev data/open/ssb/07459.csv"]
    assert len(run.agency.asked) == asked


def test_a_source_that_is_none(run: Run) -> None:
    with pytest.raises(ParameterFeil, match=r"kilden «folkemengd» finnes ikke\. Mente du «folkemengde»"):
        run("folkemengd")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("interface: ssb", "interface: scb", "er ikke et av valgene"),
        ("licence: CC BY 4.0", "licens: CC BY 4.0", "ukjent felt"),
        ("- id: endringer", "- id: ../endringer", "er ikke et navn"),
        ("key: klass/endringer", "key: ../../endringer", "skrevet på en annen måte"),
        (
            "figures: []",
            "figures: [{id: '9.1', subtitle: t, unit: u, chart: c, sources: [leger]}]",
            "kilden «leger» finnes ikke",
        ),
        ("exact: true", "exact: true\n    marks: {k: skjult}", "gyldige betydninger"),
    ],
)
def test_a_register_of_sources_that_does_not_add_up(run: Run, old: str, new: str, said: str) -> None:
    path = run.root / "data" / "open" / "kilder.yml"
    path.write_text(KILDER.replace(old, new), encoding="utf-8")
    with pytest.raises(DataFeil, match=said):
        run()


def test_the_projects_own_register_adds_up() -> None:
    sources, figures = read_catalogue(ROOT / "data" / "open" / "kilder.yml")
    assert {*figures} == {*DRAWINGS}
    assert {one.interface for one in sources.values()} == {"ssb", "klass"}
    feeds = [one.feeds.key for one in sources.values() if one.feeds]
    assert len(feeds) == len(set(feeds))
    # What is fetched goes where the report looks for it.
    assert {
        "ssb/07459",
        yaml.safe_load((ROOT / "data/published/2025/deflator.yml").read_text())["index"],
    } <= {*feeds}
    read_model(TableSpec, read_yaml(ROOT / "data/open/ssb/07459.yml"), "07459.yml")


def test_the_command_without_the_network(make_client: Callable[..., Client], tmp_path: Path) -> None:
    # No snapshot lies in the folder yet: nothing is written, and nobody is asked.
    found = CliRunner().invoke(fetch, ["--offline", "--out", str(tmp_path)], catch_exceptions=False)
    assert (found.exit_code, found.output, [*tmp_path.iterdir()]) == (0, found.output, [])
    assert found.output.startswith("Ingen øyeblikksbilder")
