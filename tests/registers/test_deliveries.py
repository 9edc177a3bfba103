"""Deliveries that can be read, and those that are refused: the file and the rule are told, never a row."""

from __future__ import annotations

import builtins
import errno
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analysis_lib.errors import DataFeil, ParameterFeil, RapportFeil
from registers import engine as engines
from registers.deliveries import Rows, hashed
from registers.engine import Engine, EngineOptions, open_engine, parse_conf
from registers.folders import replacing
from registers.schema import schema_of
from tests.registers.delivery import opened, write

SECRET = 987654321


def test_a_year_is_opened_where_it_lies(folder: Path, engine: Engine) -> None:
    write(folder, "liste", 2024, {"liste_lnr": 4})
    write(folder, "liste", 2025, {"liste_lnr": 5}, {"liste_lnr": 6})
    rows = opened(folder, engine)
    assert rows.years == rows.years_of("liste") == (2024, 2025)
    assert rows.fetch(rows.table("liste", 2025))["liste_lnr"].to_list() == [5, 6]
    every = rows.fetch(rows.all("liste").order_by("liste_lnr"))
    assert every[["liste_lnr", "aar"]].to_numpy().tolist() == [[4, 2024], [5, 2025], [6, 2025]]
    assert (rows.delivery("liste", 2025).rows, rows.delivery("liste", 2025).where) == (
        2,
        "2025/liste.parquet",
    )


def test_one_synthetic_file_makes_all_of_it_synthetic(folder: Path, engine: Engine) -> None:
    write(folder, "liste", 2025, {})
    assert not opened(folder, engine).synthetic
    write(folder, "liste", 2024, {}, syntetisk="true")
    assert opened(folder, engine).synthetic


@pytest.mark.parametrize(("sign", "share"), [(";", "12,5"), (",", "12.5")])
def test_csv_is_converted_once(folder: Path, engine: Engine, sign: str, share: str) -> None:
    names = list(schema_of("vikaravtale").columns)
    line = ["1", "2", "2025-01-01", "2025-02-01", share, "fravær", "LIS1", "Norge"]
    (folder / "2025").mkdir(parents=True)
    source = folder / "2025" / "vikaravtale.csv"
    source.write_text(f"\ufeff{sign.join(names)}\n{sign.join(line)}\n", encoding="utf-8")
    rows = opened(folder, engine)
    assert rows.fetch(rows.table("vikaravtale", 2025))["stillingsprosent"].to_list() == [12.5]
    converted = rows.delivery("vikaravtale", 2025).path
    written = converted.stat().st_mtime_ns
    assert opened(folder, engine).delivery("vikaravtale", 2025).path.stat().st_mtime_ns == written


def test_the_hash_is_read_again_only_when_the_file_is_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, kept = tmp_path / "fil", tmp_path / "sha256.json"
    file.write_text("a")
    first = hashed(file, kept)
    with monkeypatch.context() as patched:
        patched.setattr("hashlib.file_digest", lambda *_: pytest.fail("read again"))
        assert hashed(file, kept) == first
    file.write_text("ab")
    assert hashed(file, kept) != first


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def other_year(path: Path) -> None:
    pq.write_table(pq.read_table(path).replace_schema_metadata({"aar": "2019"}), path)


def wrong_type(path: Path) -> None:
    table = pq.read_table(path)
    place = table.column_names.index("liste_lnr")
    pq.write_table(table.set_column(place, "liste_lnr", pa.array([str(SECRET)])), path)


def missing(path: Path) -> None:
    table = pq.read_table(path)
    pq.write_table(
        table.rename_columns([name.replace("listetak", "liste_tak") for name in table.column_names]), path
    )


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (truncated, "skadet eller ikke ferdig skrevet"),
        (other_year, "gjelder 2019, men ligger under 2025"),
        (wrong_type, "kolonnen «liste_lnr» er tekst, ikke heltall"),
        (missing, "kolonnen «listetak» mangler. Mente du «liste_tak»"),
    ],
)
def test_a_broken_file_is_refused_by_name(
    folder: Path, engine: Engine, spoil: Callable[[Path], None], told: str
) -> None:
    spoil(write(folder, "liste", 2025, {"liste_lnr": SECRET}))
    with pytest.raises(DataFeil, match=told) as raised:
        opened(folder, engine).table("liste", 2025)
    assert raised.value.where == "2025/liste.parquet"
    assert str(SECRET) not in str(raised.value)


def test_csv_errors_name_line_and_column_and_quote_nothing(folder: Path, engine: Engine) -> None:
    path = folder / "2025" / "soeknadsrunde.csv"
    path.parent.mkdir(parents=True)
    path.write_text(f"runde;ansatte;soekere\n2025-01-01;1;2\n2025-07-01;1;hemmelig{SECRET}\n")
    with pytest.raises(DataFeil, match="en verdi i «soekere» har feil type \\(linje 3\\)") as raised:
        opened(folder, engine).table("soeknadsrunde", 2025)
    assert str(SECRET) not in str(raised.value)
    assert not list((folder.parent / "cache" / "csv").glob("*"))


def test_a_missing_file_or_table_is_told_with_the_nearest(folder: Path, engine: Engine) -> None:
    write(folder, "liste", 2025, {})
    (folder / "2025" / "takster.parquet").touch()
    rows = opened(folder, engine)
    with pytest.raises(DataFeil, match="Mente du «takster»"):
        rows.table("takst", 2025)
    with pytest.raises(DataFeil, match="Mente du «liste»"):
        rows.table("lister", 2025)
    with pytest.raises(DataFeil, match="ingen år har tabellen «takst»"):
        rows.all("takst")


def test_a_folder_without_years_is_refused(tmp_path: Path, engine: Engine) -> None:
    with pytest.raises(DataFeil, match="ingen utleveringer"):
        Rows(tmp_path, year=2025, engine=engine, cache=tmp_path / "cache")


@pytest.mark.parametrize("fails", ["cast", "pages"])
def test_what_an_engine_says_of_rows_is_left_out(
    folder: Path, engine: Engine, fails: str, capfd: pytest.CaptureFixture[str]
) -> None:
    path = write(folder, "svar", 2025, *({"sporsmaal": f"hemmelig{SECRET}"} for _ in range(100)))
    rows = opened(folder, engine)
    table = rows.table("svar", 2025)
    asked = table.select(feil=table.sporsmaal.cast("int64"))
    if fails == "pages":
        path.write_bytes(path.read_bytes()[:4] + b"\0" * 200 + path.read_bytes()[204:])
        asked = table
    with pytest.raises(RapportFeil) as raised:
        rows.fetch(asked)
    told = f"{raised.value}{raised.value.__cause__}{raised.value.__suppress_context__}{capfd.readouterr()}"
    assert str(SECRET) not in told
    assert raised.value.__suppress_context__


def test_a_full_disk_leaves_nothing_half_written(tmp_path: Path) -> None:
    def fill() -> None:
        with replacing(tmp_path / "kube.parquet") as aside:
            aside.write_bytes(b"halv")
            raise OSError(errno.ENOSPC, "No space left on device")

    (tmp_path / "kube.parquet").write_bytes(b"hel")
    with pytest.raises(OSError, match="No space left"):
        fill()
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"hel"]


def test_a_full_disk_is_told_as_one(engine: Engine) -> None:
    with pytest.raises(RapportFeil, match="disken er full"), engine.quiet("kube"):
        raise OSError(errno.ENOSPC, "No space left on device", "kube.parquet")


def test_an_engine_that_is_not_installed_tells_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name == "duckdb":
            raise ImportError("No module named 'duckdb'", name="duckdb")
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ParameterFeil, match=r"duckdb mangler.*\[register\]"):
        open_engine()


def test_an_engine_is_one_of_two() -> None:
    with pytest.raises(ParameterFeil, match="Mente du «duckdb»"):
        open_engine(EngineOptions(name="duckb"))  # type: ignore[arg-type]
    with pytest.raises(ParameterFeil, match=r"--conf: «spark\.memory» er ikke"):
        parse_conf(("spark.memory",))


def test_rows_spilled_to_disk_are_removed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(engines.tempfile, "tempdir", str(tmp_path))
    with open_engine(EngineOptions(threads=1)):
        assert list(tmp_path.iterdir())
    assert not list(tmp_path.iterdir())
