"""The cache: a new year reads one delivery, a changed one is read again, and nothing is left half-made."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from registers import aggregates
from registers.aggregates import cube, pairs
from registers.cache import aggregate
from registers.deliveries import Rows
from registers.engine import Engine
from registers.indicators.contacts import aktivitet
from tests.registers.delivery import bills, opened, write


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The years whose cubes have been computed."""
    years: list[int] = []
    real = aggregates._cube_parts

    def counted(rows: Rows, year: int) -> Iterator[object]:
        years.append(year)
        return real(rows, year)

    monkeypatch.setattr(aggregates, "_cube_parts", counted)
    return years


def test_a_new_year_reads_one_delivery(folder: Path, engine: Engine, made: list[int]) -> None:
    bills(folder, 2024, {}, {})
    assert aktivitet(opened(folder, engine, 2024), by=("aar",)).frame["verdi"].to_list() == [2]
    bills(folder, 2025, {})
    assert aktivitet(opened(folder, engine), by=("aar",)).frame["verdi"].to_list() == [2, 1]
    assert made == [2024, 2025]


def test_a_changed_delivery_is_read_again(folder: Path, engine: Engine, made: list[int]) -> None:
    bills(folder, 2025, {})
    aktivitet(opened(folder, engine), by=())
    bills(folder, 2025, {}, {})
    assert aktivitet(opened(folder, engine), by=()).frame["verdi"].to_list() == [2]
    assert made == [2025, 2025]
    assert len(list((folder.parent / "cache" / "kube").iterdir())) == 1


def test_what_is_made_of_synthetic_rows_says_so(folder: Path, engine: Engine) -> None:
    import pyarrow.parquet as pq

    bills(folder, 2025, {})
    write(folder, "lege", 2025, {}, syntetisk="true")
    aktivitet(opened(folder, engine), by=())
    for name in ("kube", "landet", "folkemengde"):
        (path,) = (folder.parent / "cache" / name).glob("*.parquet")
        assert pq.read_metadata(path).metadata[b"syntetisk"] == b"true"


@pytest.mark.parametrize(
    "numbers", [[5, 17, 900_000_000_000, 4, 6], [4, 5, 6, 17, 900_000_000_000], [3, 5, 6, 8, 10]]
)
def test_bills_in_any_order_and_with_any_numbers_give_the_same_cube(
    folder: Path, engine: Engine, numbers: list[int]
) -> None:
    odd_are_written = ({"enkeltregning_lnr": n, "takster": [["2ad"], ["2as"]][n % 2]} for n in numbers)
    bills(folder, 2025, *odd_are_written)
    assert _by_form(opened(folder, engine)) == [2, 3]


def _by_form(rows: Rows) -> list[int]:
    table = cube(rows, 2025)
    found = rows.fetch(table.group_by("form").agg(n=table.n.sum()).order_by("form"))
    return [int(n) for n in found["n"]]


def test_ranges_of_bills_are_joined_without_losing_any(
    folder: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aggregates, "BLOCKS", 1)
    every_other = ({"enkeltregning_lnr": n, "takster": ["2ad"] * (n % 2)} for n in range(3, 40))
    bills(folder, 2025, *every_other)
    assert _by_form(opened(folder, engine)) == [18, 19]


def test_many_consultations_a_month_do_not_spill_into_the_next(folder: Path, engine: Engine) -> None:
    write(folder, "regning", 2025, *({"kpr_lnr": 7} for _ in range(1000)))
    found = engine.fetch(pairs(opened(folder, engine), 2025))
    assert found[["h1", "h2"]].iloc[0].to_list() == [1000 << 20, 0]


def test_an_aggregate_that_fails_half_way_leaves_nothing(folder: Path, engine: Engine) -> None:
    bills(folder, 2025, {})
    rows = opened(folder, engine)

    def build() -> Iterator[object]:
        yield rows.table("takst", 2025)
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        aggregate(rows, "prøve", 2025, ("takst",), build)  # type: ignore[arg-type]
    assert list((folder.parent / "cache" / "prøve").iterdir()) == []


KILLED = """
import os, sys
from pathlib import Path
from registers import aggregates
from registers.deliveries import Rows
from registers.engine import EngineOptions, open_engine
folder = Path(sys.argv[1])
engine = open_engine(EngineOptions(threads=1, temp=folder.parent / "temp"))
write = engine.write
def killed(table, path, metadata):
    write(table, path, metadata)
    os.kill(os.getpid(), 9)
engine.write = killed
aggregates.cube(Rows(folder, year=2025, engine=engine, cache=folder.parent / "cache"), 2025)
"""


@pytest.mark.slow
def test_an_engine_killed_half_way_leaves_no_cache_and_the_next_run_cleans_up(
    folder: Path, engine: Engine
) -> None:
    bills(folder, 2025, {}, {})
    done = subprocess.run([sys.executable, "-c", KILLED, str(folder)], env=os.environ, check=False)
    assert done.returncode == -9
    left = [path.name for path in (folder.parent / "cache" / "kube").iterdir()]
    assert left
    assert all(name.startswith(".") for name in left)
    assert aktivitet(opened(folder, engine), by=()).frame["verdi"].to_list() == [2]
    (only,) = (folder.parent / "cache" / "kube").iterdir()
    assert only.suffix == ".parquet"
    assert not only.name.startswith(".")
