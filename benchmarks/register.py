"""Processor seconds and memory from rows to numbers: ``benchmarks/register.py FOLDER [ROUNDS YEARS]``.

FOLDER holds one year of deliveries, the twin's at scale 1 for the figures of docs. Every step runs in a
process of its own, on two threads; what is measured is user and system time after the engine has started, and
the process's peak. Ratios are to the decoding of nine columns in the same round; their median is given.
"""

from __future__ import annotations

import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import yaml

from registers import deliveries
from registers.aggregates import BITS, SHIFT, _ranges, cube, pairs
from registers.deliveries import Rows
from registers.engine import EngineOptions, open_engine
from registers.indicators import INDICATORS
from registers.indicators.continuity import shares
from registers.tariffs import bit, tariffs
from registers.validate import checked

ROUNDS, YEARS = 3, 7
NINE = ["enkeltregning_lnr", "kpr_lnr", "dato", "kjonn", "alder", "kommuneNr", "tjenestetype"]
NINE += ["kontakttype", "behandler_lnr"]
CUBE = [name for name in NINE if name != "dato"] + ["kjonnK", "fodselsaar", "kommunenrPB"]
BINDINGS = Path(__file__).resolve().parents[1] / "data" / "register" / "bindinger" / "12.yml"

Step = Callable[[Rows, int], object]


def decoded(columns: list[str], table: str = "regning") -> Step:
    """Return a step that reads columns whole: sums, so that no footer can answer for them."""
    summed = {"dato": "sum(dato - DATE '2000-01-01')"}
    texts = ("tjenestetype", "takstkode")
    asked = [
        summed.get(name, f"sum(strlen({name}))" if name in texts else f"sum({name})") for name in columns
    ]
    return lambda rows, year: _sql(rows, year, f"SELECT {', '.join(asked)} FROM {table}")


def _sql(rows: Rows, year: int, *statements: str) -> object:
    for table in ("regning", "takst"):
        path = rows.delivery(table, year).path
        rows.engine.con.raw_sql(
            f"CREATE OR REPLACE TEMP VIEW {table} AS SELECT * FROM read_parquet('{path}')"
        )
    return [rows.engine.con.raw_sql(statement).fetchall() for statement in statements]


def hand_cube(rows: Rows, year: int) -> object:
    """Make the cube in hand-written SQL, in the same ranges and to the same files."""
    codes = ", ".join(f"('{code}', {bit(form)})" for code, form in tariffs(year).items())
    mask = (1 << BITS) - 1
    folder = rows.cache / "hand"
    folder.mkdir(parents=True, exist_ok=True)
    statements = []
    for number, (lo, hi) in enumerate(_ranges(rows, year)):
        assert lo is not None
        assert hi is not None
        within = f"enkeltregning_lnr BETWEEN {lo} AND {hi}"
        statements += [
            f"""CREATE OR REPLACE TEMP TABLE former AS SELECT b, bit_or(f) AS f FROM (
                SELECT enkeltregning_lnr >> {SHIFT} AS b, c << ({BITS} * (enkeltregning_lnr & 7)) AS f
                FROM takst JOIN (SELECT k, c::BIGINT AS c FROM (VALUES {codes}) m(k, c)) ON takstkode = k
                WHERE {within} UNION ALL SELECT unnest(range({lo >> SHIFT}, {(hi >> SHIFT) + 1})), 0)
                GROUP BY b""",
            f"""COPY (SELECT tjenestetype, kontakttype,
                ((f >> ({BITS} * (enkeltregning_lnr & 7))) & {mask})::SMALLINT AS form,
                CASE WHEN kpr_lnr IS NULL THEN -1 WHEN kommuneNr = -1 THEN kommunenrPB
                    ELSE kommuneNr END AS k,
                CASE WHEN kjonn = -1 THEN kjonnK ELSE kjonn END AS s,
                coalesce(least(coalesce(alder, {year} - fodselsaar)
                    - coalesce(alder, {year} - fodselsaar) % 5, 90), -1)::SMALLINT AS a,
                count(*) AS n, bit_or(coalesce(1::BIGINT << (kpr_lnr % 41), 0)
                    | coalesce(1::BIGINT << (behandler_lnr % 21 + 41), 0)) AS skisse
                FROM (SELECT *, enkeltregning_lnr >> {SHIFT} AS b FROM regning WHERE {within})
                JOIN former USING (b)
                GROUP BY ALL) TO '{folder}/{number}.parquet' (FORMAT parquet, COMPRESSION zstd)""",
        ]
    last = f"""COPY (SELECT tjenestetype, kontakttype, form, k, s, a, sum(n)::BIGINT AS n, bit_or(skisse)
        FROM read_parquet('{folder}/*.parquet') GROUP BY ALL) TO '{rows.cache}/hand.parquet'
        (FORMAT parquet, COMPRESSION zstd)"""
    return _sql(rows, year, *statements, last)


def hand_pairs(rows: Rows, year: int) -> object:
    """Make patient × doctor in hand-written SQL."""
    half = (
        "sum(CASE month(dato) "
        + " ".join(f"WHEN {{first}} + {n} THEN {1 << (10 * n)}" for n in range(6))
        + " ELSE 0 END)::BIGINT"
    )
    return _sql(
        rows,
        year,
        f"""COPY (SELECT kpr_lnr, behandler_lnr, {half.format(first=1)} AS h1, {half.format(first=7)} AS h2
            FROM regning WHERE tjenestetype = 'Fastlege' AND kontakttype IN (3, 4) AND kpr_lnr IS NOT NULL
            GROUP BY ALL ORDER BY kpr_lnr) TO '{rows.cache}/par.parquet'
            (FORMAT parquet, COMPRESSION zstd)""",
    )


def chapter(rows: Rows, year: int) -> object:
    """Ask for every table and figure of chapter 12."""
    bound = yaml.safe_load(BINDINGS.read_text(encoding="utf-8"))
    asked = [{"by": ("aar",), **row} for table in bound["tabeller"].values() for row in table.values()] + [
        {**one.get("with", {}), "by": tuple(one["by"]), "indicator": one["indicator"]}
        for one in bound["figurer"].values()
    ]
    return [INDICATORS[str(one.pop("indicator"))](rows, **one) for one in asked]


def both(rows: Rows, year: int) -> object:
    """Make the two aggregates."""
    return cube(rows, year), pairs(rows, year)


STEPS: dict[str, Step] = {
    "dekoding av ni kolonner": decoded(NINE),
    "dekoding av kubens kolonner": decoded(CUBE),
    "dekoding av takstenes": decoded(["enkeltregning_lnr", "takstkode"], "takst"),
    "kube": cube,
    "kube, skrevet for hånd": hand_cube,
    "par": pairs,
    "par, skrevet for hånd": hand_pairs,
    "begge": both,
    "andel hos egen og mest brukte, av par": shares,
    "kontroll av regningene": lambda rows, year: checked(rows, "regning", year),
    "kapittel 12 av hurtiglageret": chapter,
}
# What must be there before a step begins.
BEFORE: dict[str, Step] = {
    "andel hos egen og mest brukte, av par": pairs,
    "kapittel 12 av hurtiglageret": chapter,
}


def spent() -> float:
    """Return this process's user and system time."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def one(step: str, folder: str, cache: str, *years: str) -> None:
    """Run a step for each year, and print the time of each and the peak in MB."""
    deliveries._hold_year = lambda *_: None  # the same file may stand for several years
    with open_engine(EngineOptions(threads=2)) as engine:
        rows = Rows(Path(folder), year=int(years[-1]), engine=engine, cache=Path(cache))
        for year in map(int, years):
            for table in ("regning", "takst"):
                rows.delivery(table, year)
            before = spent()
            STEPS[step](rows, year)
            print(f"{spent() - before:.3f}")
    print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f}")


def run(step: str, folder: Path, cache: Path, *years: int) -> list[float]:
    """Run a step in a process of its own; the last number is its peak in MB."""
    command = [sys.executable, __file__, "--step", step, str(folder), str(cache), *map(str, years)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return [float(line) for line in done.stdout.split()]


def table(folder: Path, year: int, rounds: int) -> None:
    """Print each step's time, ratio and peak."""
    found: dict[str, list[list[float]]] = {step: [] for step in STEPS}
    for _ in range(rounds):
        for step in STEPS:
            with tempfile.TemporaryDirectory() as cache:
                if step in BEFORE:
                    prepare = next(name for name, made in STEPS.items() if made is BEFORE[step])
                    run(prepare, folder, Path(cache), year)
                found[step].append(run(step, folder, Path(cache), year))
    print("| steg | CPU s | × dekoding av ni kolonner | topp MB |\n|---|---|---|---|")
    base = [seconds for seconds, _ in found["dekoding av ni kolonner"]]
    for step, measured in found.items():
        ratios = [seconds / nine for (seconds, _), nine in zip(measured, base, strict=True)]
        times, peak = statistics.median(m[0] for m in measured), max(m[1] for m in measured)
        print(f"| {step} | {times:.2f} | {statistics.median(ratios):.2f} | {peak:.0f} |")
    for name in ("kube", "par"):
        hand = found[f"{name}, skrevet for hånd"]
        ratios = [ibis[0] / sql[0] for ibis, sql in zip(found[name], hand, strict=True)]
        print(f"\nIbis mot håndskrevet SQL, {name}: × {statistics.median(ratios):.2f}")


def growth(folder: Path, year: int, count: int) -> None:
    """Print the time of each further year, the same file under other years."""
    with tempfile.TemporaryDirectory() as place:
        years = range(year - count + 1, year + 1)
        for one_year in years:
            (Path(place) / "inn").mkdir(exist_ok=True)
            shutil.copytree(folder / str(year), Path(place) / "inn" / str(one_year), copy_function=_linked)
        *times, peak = run("begge", Path(place) / "inn", Path(place) / "cache", *years)
    print(f"\n| år | {' | '.join(map(str, range(1, count + 1)))} |\n|---{'|---' * count}|")
    print(f"| CPU s | {' | '.join(f'{seconds:.1f}' for seconds in times)} |")
    print(f"\nTopp {peak:.0f} MB; høyeste senere år × {max(times[1:]) / times[0]:.2f} av det første")


def _linked(source: str, target: str) -> None:
    Path(target).symlink_to(Path(source).resolve())


if __name__ == "__main__":
    if sys.argv[1] == "--step":
        one(*sys.argv[2:])
    else:
        chosen, rounds, years = Path(sys.argv[1]), *map(int, sys.argv[2:] or (ROUNDS, YEARS))
        latest = max(int(place.name) for place in chosen.iterdir() if place.name.isdigit())
        table(chosen, latest, rounds)
        growth(chosen, latest, years)
