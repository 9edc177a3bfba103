"""Reading a table: what is accepted, and the message for what is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis_lib.data.inputs import ROOT_VARIABLE
from analysis_lib.data.tables import read_table
from analysis_lib.errors import DataFeil

DESCRIPTOR = """
name: prøve
path: prøve.csv
number: "1.1"
title: Prøve
unit: kroner
stub: Post
sources: [Test]
columns:
  - {years: 2020-2021}
  - {key: endring, header: 2020-2021, unit: prosent, decimals: 1, relation: {change: siste}}
rows:
  b: {kind: total, relation: {sum: [a]}}
"""
CSV = "rad;navn;2020;2021;2020-2021\na;A;1;2;100\nb;B;1;2;100,0\n"
CORRECTION = """
- {table: "1.1", row: a, column: "2021", expect: "2", use: "3", why: trykkfeil, evidence: summen}
"""


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(ROOT_VARIABLE, str(tmp_path))

    def read(csv: str = CSV, descriptor: str = DESCRIPTOR, corrections: str = ""):
        (tmp_path / "prøve.csv").write_text(csv, encoding="utf-8")
        (tmp_path / "prøve.yml").write_text(descriptor, encoding="utf-8")
        (tmp_path / "corrections.yml").write_text(corrections, encoding="utf-8")
        return read_table("1.1", tmp_path / "prøve.yml", tmp_path / "corrections.yml")

    return read


def test_a_table_knows_its_cells_and_which_are_derived(write) -> None:
    table = write()
    assert table.years == (2020, 2021)
    assert table.cells["a", "2020"].printed == "1"
    assert table.relation("a", "2020") is None
    assert table.relation("b", "2020").operation == "sum"
    assert table.relation("b", "endring").operation == "change"


def test_a_column_may_belong_to_a_year_and_print_more_than_it(write) -> None:
    columns = '  - {key: "2020", year: 2020, header: 2020 kv4}\n  - {years: 2021-2021}'
    table = write(CSV.replace(";2020;", ";2020 kv4;"), DESCRIPTOR.replace("  - {years: 2020-2021}", columns))
    assert table.years == (2020, 2021)
    assert table.columns["2020"].header == "2020 kv4"


def test_a_column_may_print_fewer_decimals_than_it_has(write) -> None:
    assert str(write().cells["a", "endring"].interval) == "[99.95, 100.05)"


def test_a_correction_keeps_what_was_printed(write) -> None:
    cell = write(corrections=CORRECTION).cells["a", "2021"]
    assert (cell.printed, cell.text, cell.number) == ("2", "3", 3)


def test_a_table_cannot_be_changed(write) -> None:
    table = write()
    with pytest.raises(TypeError):
        table.cells["a", "2020"] = table.cells["b", "2020"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"csv": CSV.replace("a;A;1;2", "a;A;1;2x")}, "prøve.csv, linje 2: «2x» er verken et tall"),
        (
            {"csv": CSV.replace("a;A;1;2;100", "a;A;1;2")},
            "prøve.csv, linje 2: linjen har 4 felter, overskriften 5",
        ),
        ({"csv": CSV.replace("2021;", "2031;")}, "linje 1: kolonneoverskriften er «2031», ventet «2021»"),
        ({"csv": CSV.replace("b;B", "a;B")}, "linje 3: raden «a» står to ganger"),
        ({"csv": CSV.replace("b;B", "c;B")}, "beskrivelsen nevner raden «b»"),
        ({"csv": ""}, "prøve.csv: filen er tom"),
        ({"csv": "navn,2020\n"}, "ventet «rad;navn»"),
        (
            {"descriptor": DESCRIPTOR.replace("unit:", "unti:", 1)},
            "ukjent felt (felt «unti»). Mente du «unit»?",
        ),
        ({"descriptor": DESCRIPTOR + "  c: [\n"}, "prøve.yml, linje 15: ugyldig YAML"),
        ({"descriptor": DESCRIPTOR.replace("prøve.csv", "prove.csv")}, "finnes ikke. Mente du «prøve.csv»?"),
        ({"descriptor": DESCRIPTOR.replace("sum:", "summ:")}, "relation"),
        ({"corrections": CORRECTION.replace('"2", use', '"9", use')}, "venter «9», men der står «2»"),
        ({"corrections": CORRECTION.replace("row: a", "row: aa")}, "peker på «aa», som tabellen ikke har"),
        ({"corrections": CORRECTION.replace("why", "wy")}, "corrections.yml, rettelse 1: ukjent felt"),
    ],
)
def test_bad_input_is_named_with_file_and_line(write, change: dict[str, str], message: str) -> None:
    with pytest.raises(DataFeil) as caught:
        write(**change)
    assert message in str(caught.value)
