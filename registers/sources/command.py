"""The command ``rapport fetch``, the only one that uses the network."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click


@click.command("fetch")
@click.argument("kilder", nargs=-1)
@click.option("--accept", is_flag=True, help="Ta i bruk revisjonene som venter, slik de ble meldt.")
@click.option("--offline", is_flag=True, help="Lag tabeller og figurer av øyeblikksbildene, uten nettet.")
@click.option("--edition", help="Utgave i data/published/ som figurene lages for; ellers den nyeste.")
@click.option(
    "--out", type=click.Path(path_type=Path), help="Mappe i stedet for prosjektet, med samme oppbygning."
)
def fetch(
    kilder: tuple[str, ...], accept: bool, offline: bool, edition: str | None, out: Path | None
) -> None:
    """Hent åpne KILDER fra SSB, Klass og FHI, eller alle i data/open/kilder.yml.

    Svaret bevares byte for byte. Svarer en kilde noe annet enn før, er det en revisjon: den meldes, gir
    sluttkode 8, og tas i bruk, slik den ble meldt, når du svarer med --accept (uten nettet).
    """
    from analysis_lib.data.editions import chosen_edition, edition_year
    from analysis_lib.data.inputs import project_root
    from registers.sources.fetching import Fetching
    from registers.sources.http import Client

    root = project_root()
    year = edition_year(chosen_edition(edition, root))
    with closing(Client()) as client:
        run = Fetching(out or root, click.echo, accept, None if offline or accept else client)
        run.run(root / "data" / "open" / "kilder.yml", kilder, year)
