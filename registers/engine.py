"""The engine that runs indicators on rows: DuckDB inside the process, or Spark on a cluster.

An indicator is an Ibis expression and knows neither. Whatever an engine says of an error may quote a row,
so nothing of it is passed on but what kind of error it was.
"""

from __future__ import annotations

import itertools
import re
import tempfile
import warnings
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from analysis_lib.errors import DataFeil, ParameterFeil, RapportFeil, machine_error, nearest
from registers.folders import replacing

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pandas as pd

Name = Literal["duckdb", "spark"]


@dataclass(frozen=True)
class EngineOptions:
    """How an engine is to be started.

    Attributes
    ----------
    name : {"duckdb", "spark"}
    memory_mb : int
        DuckDB's limit in megabytes; beyond it, it spills to `temp`.
    threads : int, optional
        Of DuckDB; as many as the machine has processors where none is given.
    temp : Path, optional
        Where rows are spilled to; a folder of its own, removed afterwards, where none is given.
    master : str
        Spark's master: ``local[2]``, ``spark://host:7077``, ``yarn``.
    conf : mapping of str to str
        Spark's configuration, as ``--conf key=value`` of `spark-submit`.
    """

    name: Name = "duckdb"
    memory_mb: int = 300
    threads: int | None = None
    temp: Path | None = None
    master: str = "local[*]"
    conf: Mapping[str, str] = field(default_factory=dict)


def parse_conf(pairs: tuple[str, ...]) -> dict[str, str]:
    """Read configuration as Spark's users write it.

    Raises
    ------
    ParameterFeil
        If one is no ``key=value``.

    Examples
    --------
    >>> parse_conf(("spark.executor.memory=8g",))
    {'spark.executor.memory': '8g'}
    """
    for pair in pairs:
        if not re.fullmatch(r"[^=\s]+=.*", pair):
            raise ParameterFeil(f"«{pair}» er ikke nøkkel=verdi", where="--conf")
    return dict(pair.split("=", 1) for pair in pairs)


class Engine(ABC):
    """An engine, opened by `open_engine` and closed by `close` or a ``with``.

    Attributes
    ----------
    name : str
    version : str
    con : ibis.BaseBackend
    """

    name: Name
    version: str
    con: Any

    def read(self, path: Path, name: str) -> ir.Table:
        """Return a Parquet file, or a folder of them, as a table; nothing is read yet."""
        with self.quiet(path):
            table: ir.Table = self.con.read_parquet(_parts(path), table_name=name)
        return table

    def fetch(self, expression: ir.Table, where: str | Path = "") -> pd.DataFrame:
        """Run an expression and return its rows, which must be few.

        Raises
        ------
        RapportFeil
            If the engine fails; what it says of rows is left out.
        """
        with self.quiet(where):
            frame: pd.DataFrame = self.con.to_pandas(expression)
        return frame

    @abstractmethod
    def write(self, expression: ir.Table, path: Path, metadata: Mapping[str, str]) -> None:
        """Write an expression's rows as Parquet, aside first, so that `path` is whole or not there."""

    @contextmanager
    def held(self, expression: ir.Table) -> Iterator[ir.Table]:
        """Keep an expression's rows while they are used more than once, or for what the engine then knows."""
        yield expression

    @abstractmethod
    def close(self) -> None:
        """Let go of memory, temporary files and connections."""

    @contextmanager
    def quiet(self, where: str | Path = "") -> Iterator[None]:
        """Tell the kind of an engine's error, and nothing that it quotes."""
        try:
            with _tolerated():
                yield
        except RapportFeil:
            raise
        except OSError as error:
            raise machine_error(error) or told(error, where) from None
        except Exception as error:
            raise told(error, where) from None

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


# What Ibis 12 and PySpark 4.3 do that DuckDB 2 and pandas 3 warn of; nobody here can mend it.
_WARNINGS = (
    r"fetch_arrow_table\(\) is deprecated",
    "The 'future.infer_string' option is deprecated",
    "PySpark does not yet fully support pandas",
    "The copy keyword is deprecated",
)


@contextmanager
def _tolerated() -> Iterator[None]:
    with warnings.catch_warnings():
        for message in _WARNINGS:
            warnings.filterwarnings("ignore", message=message)
        yield


# What an engine's error is, by a part of its class's name or of its text.
_KINDS = {
    "No space left": ("disken er full", "Gi motoren en annen mappe for midlertidige filer."),
    "OutOfMemory": ("motoren har ikke nok minne", "Gi den mer, eller en mappe for midlertidige filer."),
    "Conversion": ("en verdi passer ikke i kolonnens type", ""),
    "OutOfRange": ("et tall er større enn kolonnens type rommer", ""),
    "ArithmeticException": ("et tall er større enn kolonnens type rommer", ""),
    "InvalidInput": ("filen kan ikke leses; den er skadet eller ikke ferdig skrevet", ""),
    "IOException": ("filen kan ikke leses; den er skadet eller ikke ferdig skrevet", ""),
    "Interrupt": ("motoren ble avbrutt", ""),
}


def told(error: Exception, where: str | Path) -> DataFeil:
    """Return what may be told of an engine's error: its kind, and nothing that it quotes."""
    text = f"{type(error).__name__} {error}"
    for sign, (message, hint) in _KINDS.items():
        if sign in text:
            return DataFeil(message, where=where, hint=hint)
    return DataFeil(f"motoren stanset ({type(error).__name__})", where=where)


def _parts(path: Path) -> str:
    return f"{path}/*.parquet" if path.is_dir() else str(path)


_numbers = itertools.count()


class DuckDB(Engine):
    """The embedded engine: one process, within a limit of memory."""

    name = "duckdb"

    def __init__(self, options: EngineOptions) -> None:
        import duckdb
        import ibis

        self.version = duckdb.__version__
        self._own = None if options.temp else tempfile.TemporaryDirectory(prefix="rapport-motor-")
        temp = options.temp or Path(self._own.name if self._own else "")
        temp.mkdir(parents=True, exist_ok=True)
        config: dict[str, Any] = {
            "memory_limit": f"{options.memory_mb}MB",
            "temp_directory": str(temp),
            "preserve_insertion_order": False,
            # Rows and the network never meet.
            "autoinstall_known_extensions": False,
        }
        if options.threads:
            config["threads"] = options.threads
        self.con = ibis.duckdb.connect(**config)

    def write(self, expression: ir.Table, path: Path, metadata: Mapping[str, str]) -> None:
        """Write an expression's rows as one Parquet file."""
        with self.quiet(path.name), replacing(path) as aside:
            self.con.to_parquet(expression, aside, compression="zstd", kv_metadata=dict(metadata))

    @contextmanager
    def held(self, expression: ir.Table) -> Iterator[ir.Table]:
        """Keep an expression's rows in memory: their least and greatest values are known then."""
        name = f"holdt_{next(_numbers)}"
        with self.quiet():
            table = self.con.create_table(name, expression, temp=True)
        try:
            yield table
        finally:
            # Not `drop_table`: ibis 12 and sqlglot 30 do not agree on where its name stands.
            self.con.raw_sql(f"DROP TABLE {name}")

    def close(self) -> None:
        """Close the connection, and remove what was spilled."""
        self.con.disconnect()
        if self._own:
            self._own.cleanup()


class Spark(Engine):
    """A cluster, or Spark in this machine; files must lie where every node sees them."""

    name = "spark"

    def __init__(self, options: EngineOptions) -> None:
        with _tolerated():
            import ibis
            import pyspark
            from pyspark.errors import PySparkException
            from pyspark.sql import SparkSession

            self.version = pyspark.__version__
            builder = SparkSession.builder.appName("rapport register").master(options.master)
            for key, text in {"spark.ui.showConsoleProgress": "false", **options.conf}.items():
                builder = builder.config(key, text)
            try:
                self.session = builder.getOrCreate()
            except (PySparkException, OSError) as error:
                raise ParameterFeil(
                    f"Spark kan ikke startes ({type(error).__name__})",
                    where="--master",
                    hint="Spark trenger Java 17 eller nyere, og en klynge som svarer.",
                ) from None
            # Spark's log quotes the rows of a task that fails.
            self.session.sparkContext.setLogLevel("OFF")
            self.con = ibis.pyspark.connect(self.session)

    def write(self, expression: ir.Table, path: Path, metadata: Mapping[str, str]) -> None:
        """Write an expression's rows as a folder of Parquet files; they carry no metadata."""
        with self.quiet(path.name), replacing(path) as aside:
            name = f"til_skriving_{next(_numbers)}"
            self.con.create_view(name, expression, overwrite=True)
            try:
                self.session.table(name).write.parquet(str(aside))
            finally:
                self.session.catalog.dropTempView(name)

    def close(self) -> None:
        """Stop the session."""
        self.session.stop()


_KNOWN: dict[str, type[DuckDB] | type[Spark]] = {"duckdb": DuckDB, "spark": Spark}
_EXTRA = {"duckdb": "register", "spark": "spark"}


def open_engine(options: EngineOptions | None = None) -> Engine:
    """Start an engine.

    Raises
    ------
    ParameterFeil
        If there is none of that name, its extra is not installed, or a cluster does not answer.
    """
    options = options or EngineOptions()
    if options.name not in _KNOWN:
        raise ParameterFeil(f"«{options.name}» er ingen motor", hint=nearest(options.name, _KNOWN))
    try:
        return _KNOWN[options.name](options)
    except ImportError as error:
        raise ParameterFeil(
            f"motoren {options.name} er ikke installert ({error.name} mangler)",
            hint=f"pip install 'rapport-allmennlegetjenesten[{_EXTRA[options.name]}]'",
        ) from None
