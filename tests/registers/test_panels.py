"""Panels of few rows: who is put together, what is shown, and that nobody stands alone."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis_lib.data.inputs import project_root
from registers.cells import Cells, Measure
from registers.clearing import number, panel_files
from registers.disclosure.gate import gate
from registers.disclosure.published import Family
from registers.disclosure.rules import Rules, read_rules
from registers.disclosure.structure import Geography
from registers.indicators.counting import distinct
from registers.panels import Panel, panels
from registers.units import grouped, indexed
from tests.registers.delivery import opened, write

ROOT = project_root()
RULES = read_rules(ROOT / "data/register/personvern.yml")


def sketch(patients: int, doctors: int, at: int = 0) -> int:
    """Return a sketch of so many patients and doctors, the first of them number `at`."""
    of_patients = sum(1 << (at + i) % 41 for i in range(patients))
    return of_patients | sum(1 << 41 + (at + i) % 21 for i in range(doctors))


def units(*rows: tuple[int, str, int, int], fra: str = "") -> pd.DataFrame:
    """Return rows of unit, period, patients and doctors; no two units have any of them in common."""
    return pd.DataFrame(
        [
            {
                "enhet": unit,
                "periode": period,
                "n": p,
                "utsatt": 1,
                "skisse": sketch(p, d, 7 * unit),
                "fra": fra,
            }
            for unit, period, p, d in rows
        ]
    )


def groups(frame: pd.DataFrame, least: float = 1) -> dict[int, int]:
    return dict(grouped(frame, ["fra"], least, Rules()).itertuples(index=False))


class TestGroups:
    """In the order of their numbers, until five patients and three doctors stand behind every month."""

    def test_a_unit_that_is_large_enough_stands_alone(self):
        assert groups(units((1, "2025-01", 5, 3), (2, "2025-01", 6, 3))) == {1: 1, 2: 2}

    def test_a_small_one_waits_for_the_next(self):
        assert groups(units((1, "2025-01", 5, 2), (2, "2025-01", 6, 3))) == {1: 1, 2: 1}

    def test_one_month_with_too_few_is_enough(self):
        rows = [(1, "2025-01", 9, 3), (1, "2025-02", 4, 3), (2, "2025-01", 9, 3), (2, "2025-02", 9, 3)]
        assert groups(units(*rows)) == {1: 1, 2: 1}

    def test_one_that_is_not_there_every_month_does_not_make_a_group(self):
        rows = [(1, "2025-01", 9, 3), (2, "2025-01", 9, 3), (2, "2025-02", 9, 3)]
        assert groups(units(*rows)) == {1: 1, 2: 1}
        assert groups(units(*rows[::2])) == {}

    def test_the_last_join_those_before_or_are_left_out(self):
        assert groups(units((1, "2025-01", 6, 3), (2, "2025-01", 1, 1))) == {1: 1, 2: 1}
        assert groups(units((1, "2025-01", 1, 1))) == {}

    def test_no_group_has_two_starts(self):
        early, late = units((1, "2025-01", 5, 2), fra="2026-01"), units((2, "2025-01", 9, 9), fra="2026-02")
        assert groups(pd.concat([early, late])) == {2: 2}

    def test_a_least_number_of_offices(self):
        frame = units(*((unit, "2025-01", 6, 3) for unit in range(1, 6)))
        assert groups(frame, 2) == {1: 1, 2: 1, 3: 3, 4: 3, 5: 3}

    @settings(max_examples=30)
    @given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 4)), min_size=2, max_size=12), st.randoms())
    def test_never_below_the_thresholds_and_blind_to_order_and_outcome(self, sizes, random):
        frame = units(*((i // 2, f"2025-0{i % 2 + 1}", p, d) for i, (p, d) in enumerate(sizes)))
        found = groups(frame)
        order = [*range(len(frame))]
        random.shuffle(order)
        assert groups(frame.iloc[order].assign(n=1)) == found
        held = frame.assign(gruppe=frame["enhet"].map(found)).dropna(subset="gruppe")
        for _, cell in held.groupby(["gruppe", "periode"]):
            merged = 0
            for one in cell["skisse"]:
                merged |= one
            patients, doctors = distinct(pd.Series([merged]).to_numpy())
            assert patients[0] >= 5
            assert doctors[0] >= 3


def test_a_group_is_shown_beside_its_own_level_before():
    frame = units((1, "2025-01", 10, 3), (1, "2025-02", 30, 3), (1, "2025-03", 10, 3), (2, "2025-03", 8, 3))
    made = indexed(frame, pd.DataFrame({"enhet": [1, 2], "gruppe": ["a", "a"]}), ["2025-01", "2025-02"])
    # 20 a month before, of one unit; in March two units have 18, where 40 were to be expected.
    assert made.frame["verdi"].tolist() == [50.0, 150.0, 45.0]
    assert made.frame["leger"].tolist()[:2] == [3, 3]


def cleared(*cells: tuple[str, str, float, int], first: dict[str, str]) -> list[list[str]]:
    table = pd.DataFrame(cells, columns=["enhet", "periode", "verdi", "leger"])
    table = table.assign(teller=table["verdi"], nevner=100.0, pasienter=50)
    panel = Panel(
        Cells(
            table[["enhet", "periode", "verdi", "teller", "nevner", "pasienter", "leger"]],
            ("enhet", "periode"),
            Measure.RATE,
            "prosent",
        ),
        Family("panel prøve"),
        first,
        {"unit": "prosent"},
    )
    places = Geography(pd.read_csv(ROOT / "data/reference/kommuner_2024.csv", sep=";", dtype=str))
    passed = gate({"p": panel.cells}, RULES, families={"p": panel.family}, geography=places)
    files = panel_files({"prøve": (panel, passed.tables["p"])})
    assert bool(files) == any(line[2] for line in panel.lines(passed.tables["p"], number)[1:])
    return panel.lines(passed.tables["p"], number)[1:]


class TestBoundary:
    """What leaves has passed the gate, and a unit leaves whole or not at all."""

    def test_lines(self):
        assert cleared(("b", "2025-01", 90, 3), ("a", "2025-01", 110.5, 4), first={"b": "2025-02"}) == [
            ["a", "2025-01", "", "110,5"],
            ["b", "2025-01", "2025-02", "90"],
        ]

    def test_a_unit_with_a_cell_of_two_doctors_is_left_out_whole(self):
        rows = (("a", "2025-01", 90, 2), ("a", "2025-02", 90, 3), ("b", "2025-01", 90, 3))
        assert cleared(*rows, first={"b": "2025-01"}) == [["b", "2025-01", "2025-01", "90"]]


@pytest.fixture
def delivered(folder):
    """Two offices of three doctors with ten consultations a month; the first delegates from February 2026."""
    for year, months in ((2025, range(1, 13)), (2026, range(1, 4))):
        write(
            folder,
            "regning",
            year,
            *(
                {
                    "dato": date(year, month, 5),
                    "kontor_lnr": 700 + office,
                    "behandler_lnr": 10 * office + i % 3,
                    "kpr_lnr": i,
                }
                for month in months
                for office in (1, 2)
                for i in range(10 - (office == 1 and year == 2026 and month > 1))
            ),
            *(
                {
                    "dato": date(year, month, 6),
                    "kontor_lnr": 701,
                    "behandler_rolle": "sykepleier",
                    "behandler_lnr": 99,
                    "delegert_av_lnr": 10,
                    "kpr_lnr": 1,
                }
                for month in months
                if (year, month) > (2026, 1)
            ),
        )
    return folder


def test_offices_that_delegate_from_the_rows(delivered, engine):
    made = panels(opened(delivered, engine), ROOT, RULES, offices=1)
    assert set(made) == {"delegering"}
    found = made["delegering"]
    assert found.first == {"kontorgruppe 0001": "2026-02"}
    table = found.cells.frame.pivot(index="enhet", columns="periode", values="verdi")
    assert table.loc["kontorgruppe 0001", ["2025-01", "2026-01", "2026-02", "2026-03"]].tolist() == [
        100,
        100,
        90,
        90,
    ]
    assert (table.loc["kontorgruppe 0002"] == 100).all()
    assert "701" not in found.cells.frame.to_csv(index=False)


def test_a_sketch_keeps_its_last_bit_where_another_unit_lacks_the_month():
    rows = [(1, "2025-01", 5, 3), (2, "2025-01", 5, 3), (2, "2025-02", 5, 3)]
    frame = units(*rows)
    assert groups(frame) == {1: 1, 2: 1}
    # Forty-one patients and two doctors are one bit short, however large the number is.
    frame["skisse"] = sketch(41, 2)
    assert groups(frame) == {}


ARENDAL, RISOER, GRIMSTAD, TVEDESTRAND, BERGEN = 4203, 4201, 4202, 4213, 4601


@pytest.fixture
def out_of_hours(folder):
    """Five municipalities with ten contacts a month, fewer in Arendal from November; Bergen doubles."""
    people = {ARENDAL: 40_000, RISOER: 9_000, GRIMSTAD: 15_000, TVEDESTRAND: 6_000, BERGEN: 90_000}
    for year in (2024, 2025):
        write(
            folder,
            "regning",
            year,
            *(
                {
                    "tjenestetype": "Legevakt",
                    "dato": date(year, month, 5),
                    "kommuneNr": code,
                    "kommunenrPB": code,
                    "behandler_lnr": i % 3,
                    "kpr_lnr": i,
                }
                for month in range(1, 13)
                for code in people
                for i in range(10 - 2 * (code == ARENDAL and (year, month) >= (2025, 11)))
            ),
        )
        grown = people if year == 2024 else people | {BERGEN: 180_000}
        write(folder, "befolkning", year, *({"kommuneNr": c, "antall": n} for c, n in grown.items()))
    return folder


def test_municipalities_by_inhabitants(out_of_hours, engine):
    found = panels(opened(out_of_hours, engine), ROOT, RULES)["nettlege"]
    assert found.first == {"4201 med flere": "2025-11", "4203 med flere": "2025-11"}
    table = found.cells.frame.pivot(index="enhet", columns="periode", values="verdi")
    assert sorted(table.index) == ["4201 med flere", "4203 med flere", "4601"]
    assert table.loc["4203 med flere", ["2025-10", "2025-11"]].tolist() == [100, 90]
    # Bergen has as many contacts, of twice as many people.
    before = table.loc["4601"].filter(regex="2024")
    assert (table.loc["4601"].filter(regex="2025") * 2 - before.iloc[0]).abs().max() < 1e-9
