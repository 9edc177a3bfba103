"""The attack catches what was planted, from the published tables alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array

from analysis_lib.errors import KontrollFeil
from registers.cells import TOTAL, Cells, Measure
from registers.disclosure.attack import Attack, attack
from registers.disclosure.bounds import Wanted, exposed
from registers.disclosure.gate import gate
from registers.disclosure.published import HIDDEN, Family, Published, Status
from tests.registers.disclosure.small import GEOGRAPHY, RULES, cells
from tests.registers.disclosure.test_gate import ONE, TWO_BY_THREE, cleared

Tables = dict[str, Published]


def attacked(tables: Tables, **known: object) -> Attack:
    return attack(tables, RULES, geography=GEOGRAPHY, **known)  # type: ignore[arg-type]


def planted(table: Published, source: Cells, *keys: str) -> Published:
    """Show hidden cells of a cleared table after all."""
    frame = table.frame.copy()
    names = frame[list(table.by)].agg(" ".join, axis=1).str.replace(TOTAL, "alt")
    chosen = names.isin(keys)
    assert frame.loc[chosen, "status"].isin(HIDDEN).all()
    frame.loc[chosen, "verdi"] = source.frame.loc[chosen.to_numpy(), "verdi"].to_numpy()
    frame.loc[chosen, "status"] = Status.SHOWN
    return replace(table, frame=frame)


COUNT = cells("kjonn form", TWO_BY_THREE)


def test_a_clean_table_holds() -> None:
    result = attacked(dict(cleared(t=COUNT).tables))
    assert (len(result.exposed), result.hidden) == (0, 4)


def test_a_planted_leak_of_three_partners_is_caught() -> None:
    table = cleared(t=COUNT).tables["t"]
    leak = planted(table, COUNT, "1 video", "2 fysisk", "2 video")
    (found,) = attacked({"t": leak}).exposed
    assert set(found.key) == {"1", "fysisk"}


def test_one_partner_is_enough_to_leak_the_square() -> None:
    table = cleared(t=COUNT).tables["t"]
    assert len(attacked({"t": planted(table, COUNT, "2 video")}).exposed) == 3


def test_a_planted_difference_from_the_last_edition_is_caught() -> None:
    rows = {f"2024 {key}": n for key, n in TWO_BY_THREE.items()}
    source = cells("aar kjonn form", rows)
    table = cleared(t=source).tables["t"]
    assert not attacked({"t": table}, previous={"t": table}).exposed
    older = planted(table, source, "2024 1 video")
    result = attacked({"t": table}, previous={"t": older})
    assert len(result.exposed) == 4
    assert not result.revised


def test_the_last_edition_of_another_division_is_caught() -> None:
    """Last year 0–15 was a group: 0–17 less that is what few 16–17-year-olds had."""
    now = cleared(t=cells("aar alder", {"2024 0–17": 100, "2024 18–66": 60, "2024 alt": 160})).tables
    before = cleared(t=cells("aar alder", {"2024 0–15": 97, "2024 16–66": 63, "2024 alt": 160})).tables
    assert attacked(dict(now), previous=dict(before)).exposed


def test_a_revised_number_tells_nothing_of_today() -> None:
    source = cells("aar form", {"2024 fysisk": 3, "2024 video": 20, "2024 telefon": 30, "2024 alt": 53})
    table = cleared(t=source).tables["t"]
    older = replace(table, frame=table.frame.assign(verdi=[np.nan, np.nan, 30.0, 70.0]))
    result = attacked({"t": table}, previous={"t": older})
    assert (len(result.exposed), result.revised) == (0, 1)
    # 40 by video does not go into 53 less 30: it was counted otherwise then.
    shown = [Status.PRIMARY, Status.SHOWN, Status.PRIMARY, Status.PRIMARY]
    older = replace(table, frame=table.frame.assign(verdi=[np.nan, 40.0, np.nan, np.nan], status=shown))
    result = attacked({"t": table}, previous={"t": older})
    assert (len(result.exposed), result.revised) == (0, 1)


@pytest.mark.parametrize(("decimals", "caught"), [(None, True), (1, True), (0, False)])
def test_a_planted_rate_times_population_is_caught(decimals: int | None, caught: bool) -> None:
    """Per 100 of 1000 inhabitants, one decimal tells the count within one; none, within ten."""
    rate = cells("kjonn form", {key: (n, n, 1000) for key, n in TWO_BY_THREE.items()}, Measure.RATE)
    tables = dict(cleared(count=COUNT, rate=rate).tables)
    tables["rate"] = replace(planted(tables["rate"], rate, "1 fysisk"), decimals=decimals)
    population = rate.frame[["kjonn", "form", "nevner"]]
    assert bool(attacked(tables, populations={"rate": population}).exposed) is caught
    assert not attacked(tables).exposed, "without a denominator nothing follows"


def test_a_planted_municipality_of_a_merged_group_is_caught() -> None:
    """«Øvrige kommuner» less one of its two is the other."""
    rows = {"1101": 3, "1103": 40, "1106": 50, "11": 93, "4201": 60, "0301": 90}
    table = cleared(t=cells("kommune", rows)).tables["t"]
    one = cells("kommune", {"1103": 40})
    other = replace(table, frame=one.frame[["kommune", "verdi"]].assign(status=Status.SHOWN), merged={})
    assert not attacked({"t": table}).exposed
    assert attacked({"t": table, "kart": other}).exposed


def test_two_numbers_for_one_cell_stop_the_build() -> None:
    table = cleared(t=COUNT).tables["t"]
    other = replace(table, frame=table.frame.assign(verdi=table.frame["verdi"] + 1))
    with pytest.raises(KontrollFeil, match="ulike tall"):
        attacked({"t": table, "u": other})


def test_a_table_of_another_family_tells_nothing() -> None:
    table = cleared(t=COUNT).tables["t"]
    leak = planted(table, COUNT, "2 video")
    leak = replace(leak, frame=leak.frame[leak.frame["status"] == Status.SHOWN])
    assert attacked({"t": table, "u": leak}).exposed
    assert not attacked({"t": table, "u": replace(leak, family=Family("noe annet"))}).exposed


def test_a_finding_names_the_place_and_no_value() -> None:
    table = cleared(t=COUNT).tables["t"]
    found = attacked({"t": planted(table, COUNT, "2 video")}).exposed
    assert {item.key for item in found} == {("fysisk", "1"), ("video", "1"), ("fysisk", "2")}


def test_a_cell_known_only_by_programmes_is_found() -> None:
    """x+y = 10, y+z = 10, x+z = 10: no single sum bounds anything below 10, together all three are 5."""
    equations = csr_array(np.array([[1.0, -1, -1, 0], [1, 0, -1, -1], [1, -1, 0, -1]]))
    low, high = np.array([10.0, 0, 0, 0]), np.array([10.0, np.inf, np.inf, np.inf])
    hidden = np.array([False, True, True, True])
    bad, programmes = exposed(equations, low, high, Wanted(hidden, ~hidden & hidden, 5, 5))
    assert bad.tolist() == [False, True, True, True]
    assert programmes > 0


def test_a_cell_of_millions_is_kept_as_closely_as_a_small_one() -> None:
    """x + y = 9 000 002 and y + z = 2: x is known within two, however large it is."""
    equations = csr_array(np.array([[1.0, 0, -1, -1, 0], [0, 1, 0, -1, -1]]))
    low = np.array([9_000_002.0, 2, 0, 0, 0])
    high = np.array([9_000_002.0, 2, np.inf, np.inf, np.inf])
    hidden = np.array([False, False, True, True, True])
    bad, _ = exposed(equations, low, high, Wanted(hidden, ~hidden & hidden, 5, 5))
    assert bad.tolist() == hidden.tolist()


@pytest.mark.slow
def test_a_leak_in_the_largest_table_is_caught() -> None:
    from benchmarks.disclosure import ROOT, table
    from registers.disclosure.structure import Geography

    municipalities = pd.read_csv(ROOT / "data/reference/kommuner_2024.csv", sep=";", dtype=str)
    geography, source = Geography(municipalities), table(municipalities, 1)
    done = gate({"t": source}, RULES, families={"t": ONE}, geography=geography)
    assert done.report.seconds < 15
    frame = done.tables["t"].frame
    few = frame.index[frame["status"] == Status.PRIMARY][0]
    # Its whole row of ages is shown but for itself.
    row = (frame[["kommune", "form"]] == frame.loc[few, ["kommune", "form"]]).all(axis=1)
    row &= frame.index != few
    values = frame.merge(source.frame, on=list(source.by), how="left", suffixes=("", "_"))["verdi_"]
    frame = frame.assign(
        verdi=frame["verdi"].where(~row, values), status=frame["status"].where(~row, Status.SHOWN)
    )
    found = attack({"t": replace(done.tables["t"], frame=frame)}, RULES, geography=geography)
    assert found.exposed
