"""The same expressions on Spark give what they give on DuckDB, to the last digit."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from analysis_lib.errors import RapportFeil
from registers import aggregates
from registers.deliveries import Rows
from registers.engine import Engine, EngineOptions, open_engine, parse_conf
from registers.indicators import INDICATORS
from registers.indicators.continuity import shares
from registers.validate import broken_rules
from tests.registers.delivery import BERGEN, OSLO, bills, write

pytestmark = pytest.mark.slow
CONF = (
    "spark.ui.enabled=false",
    "spark.sql.shuffle.partitions=2",
    "spark.driver.memory=1g",
    "spark.driver.host=127.0.0.1",
    "spark.driver.bindAddress=127.0.0.1",
)
TARIFFS = (["2ad"], ["2as"], ["2at", "2ad"], ["2av"], ["2ak", "14"], ["11ad"], ["1bd"], ["2nv"], [])


@pytest.fixture(scope="module")
def spark() -> Iterator[Engine]:
    with open_engine(EngineOptions(name="spark", master="local[2]", conf=parse_conf(CONF))) as opened:
        yield opened


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A delivery of some hundred bills with all that is unusual in it."""
    chance, folder = random.Random(1), tmp_path_factory.mktemp("spark") / "utlevering"
    rows = []
    for _ in range(400):
        nurse = chance.random() < 0.05
        rows.append(
            {
                "kpr_lnr": chance.choice([None, *range(1, 60)]),
                "dato": date(2025, 1, 1) + timedelta(days=chance.randrange(365)),
                "kjonn": chance.choice([1, 2, -1]),
                "kjonnK": chance.choice([1, 2, -1]),
                "alder": chance.choice([None, *range(0, 106, 7)]),
                "kommuneNr": chance.choice([OSLO, BERGEN, 312, -1, 4242]),
                "kommunenrPB": chance.choice([OSLO, -1]),
                "tjenestetype": chance.choice(["Fastlege", "Fastlege", "Legevakt", "Annet"]),
                "kontakttype": chance.randrange(7),
                "behandler_lnr": chance.randrange(1, 9),
                "behandler_rolle": "sykepleier" if nurse else "lege",
                "delegert_av_lnr": 3 if nurse else None,
                "kontor_lnr": chance.randrange(3),
                "takster": chance.choice(TARIFFS),
            }
        )
    bills(folder, 2025, *rows)
    write(
        folder,
        "diagnose",
        2025,
        *({"enkeltregning_lnr": n, "diagnoseKode": f"A{n % 7}"} for n in range(1, 301)),
    )
    people = [
        {"kommuneNr": place, "kjonn": sex, "alder": age, "antall": 9}
        for place in (OSLO, BERGEN)
        for sex in (1, 2)
        for age in range(106)
    ]
    write(folder, "befolkning", 2025, *people)
    lists = [
        {"maaned": date(2025, m, 1), "liste_lnr": n, "lege_lnr": n or None}
        for m in range(1, 13)
        for n in range(5)
    ]
    write(folder, "liste", 2025, *lists)
    spells = []
    for person in range(1, 50):
        change = date(2025, 1 + person % 12, 1)
        spells.append({"kpr_lnr": person, "liste_lnr": person % 5, "fra": date(2019, 1, 1), "til": change})
        spells.append({"kpr_lnr": person, "liste_lnr": (person + 1) % 5, "fra": change, "kommuneNr": BERGEN})
    write(folder, "tilknytning", 2025, *spells)
    return folder


def on(engine: Engine, folder: Path) -> Rows:
    return Rows(folder, year=2025, engine=engine, cache=folder.parent / f"cache-{engine.name}")


def ordered(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[sorted(frame.columns)].sort_values(sorted(frame.columns), ignore_index=True)


@pytest.mark.parametrize(
    "of", [aggregates.cube, aggregates.pairs, aggregates.digital, aggregates.delegated, shares]
)
def test_aggregates(spark: Engine, engine: Engine, small: Path, of: object) -> None:
    found = [ordered(one.fetch(of(on(one, small), 2025))) for one in (engine, spark)]  # type: ignore[operator]
    pd.testing.assert_frame_equal(*found, check_dtype=False)
    assert len(found[0]) >= 3


ASKED = [
    ("aktivitet", {"by": ("kjonn", "alder", "form"), "per": 100}),
    ("aktivitet", {"by": ("kommune", "kontakt"), "definisjon": "mest krevende", "totaler": ("kommune",)}),
    ("definisjonsforskjell", {"by": ("tjeneste",)}),
    ("digitale_former", {"by": ("form",)}),
    ("digitale_diagnoser", {"by": ("form", "diagnose"), "antall": 5}),
    ("nettlege", {"by": ()}),
    ("delegering", {"by": ("enhet", "maaned")}),
    ("kontinuitet", {"by": ("fylke", "maal"), "totaler": ("fylke",)}),
    ("kontinuitet_spredning", {"by": ("maal", "kvantil")}),
]


@pytest.mark.parametrize(("name", "asked"), ASKED, ids=[name for name, _ in ASKED])
def test_indicators(spark: Engine, engine: Engine, small: Path, name: str, asked: dict[str, object]) -> None:
    found = [INDICATORS[name](on(one, small), **asked).frame for one in (engine, spark)]
    pd.testing.assert_frame_equal(*found, check_exact=True)
    assert len(found[0])


@pytest.mark.parametrize("table", ["regning", "tilknytning", "takst"])
def test_validation(spark: Engine, engine: Engine, small: Path, table: str) -> None:
    found = [broken_rules(on(one, small), table, 2025, date(2026, 1, 1)) for one in (engine, spark)]
    assert found[0] == found[1]
    assert bool(found[0]) == (table == "regning")


def test_what_spark_says_of_rows_is_left_out(
    spark: Engine, small: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    table = on(spark, small).table("takst", 2025)
    with pytest.raises(RapportFeil) as raised:
        spark.fetch(table.select(feil=table.takstkode.cast("int64")))
    said = capfd.readouterr()
    assert "2ad" not in f"{raised.value}{said.out}{said.err}"
