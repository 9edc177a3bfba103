"""The command ``rapport register``: from rows to a cleared folder, where the rows are."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from analysis_lib.data.inputs import project_root

FOLDER = click.Path(path_type=Path)


@click.command()
@click.option(
    "--rows", "folder", required=True, type=click.Path(path_type=Path), help="MAPPE/ÅR/TABELL.parquet."
)
@click.option("--edition", help="Utgave i data/published/; ellers den nyeste.")
@click.option("--out", type=FOLDER, help="Mappe; ellers data/register/UTGAVE.")
@click.option("--cache", type=FOLDER, help="Mellomtall; ellers MAPPE/.mellomtall.")
@click.option("--engine", default="duckdb", show_default=True, type=click.Choice(["duckdb", "spark"]))
@click.option("--master", default="local[*]", show_default=True, help="Adressen til Sparks master.")
@click.option("--conf", multiple=True, metavar="NØKKEL=VERDI", help="Innstilling av Spark.")
@click.option("--memory", default=1000, show_default=True, type=click.IntRange(100), help="MB minne.")
@click.option("--check", is_flag=True, help="Kontroller utleveringene, og stans der.")
def register(
    folder: Path,
    edition: str | None,
    out: Path | None,
    cache: Path | None,
    engine: Literal["duckdb", "spark"],
    master: str,
    conf: tuple[str, ...],
    memory: int,
    check: bool,
) -> None:
    """Regn ut tabeller og figurer av utleveringer, og skriv dem når personvernet er ivaretatt.

    Ingenting skrives om en utlevering bryter en regel, en tabell ikke kan klareres, eller et skjult tall lar
    seg regne ut. Rapporten leser mappen: rapport build --data register.
    """
    from analysis_lib.data.editions import chosen_edition, edition_year
    from registers.deliveries import Rows
    from registers.engine import EngineOptions, open_engine, parse_conf
    from registers.run import run, told

    root = project_root()
    printed = chosen_edition(edition, root)
    options = EngineOptions(name=engine, memory_mb=memory, master=master, conf=parse_conf(conf))
    with open_engine(options) as opened:
        rows = Rows(folder, year=edition_year(printed), engine=opened, cache=cache or folder / ".mellomtall")
        target = out or root / "data" / "register" / printed.name
        for line in told(run(rows, root, printed, target, only_check=check)):
            click.echo(line)
