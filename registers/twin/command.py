"""``rapport synth``: the synthetic twin of the registers' deliveries."""

from __future__ import annotations

import re
from pathlib import Path

import click

from analysis_lib.errors import ParameterFeil


def parse_month(text: str) -> tuple[int, int]:
    """Return year and month of ``2026-05``.

    >>> parse_month("2026-05")
    (2026, 5)
    """
    match = re.fullmatch(r"(\d{4})-(\d\d)", text)
    if match is None or not 1 <= int(match[2]) <= 12:
        raise ParameterFeil(f"«{text}» er ikke en måned", where="--until", hint="Skriv for eksempel 2026-05.")
    return int(match[1]), int(match[2])


@click.command("synth")
@click.option("--year", "years", type=int, multiple=True, required=True, help="År; kan gis flere ganger.")
@click.option("--scale", type=float, default=0.01, show_default=True, help="Andel av landet; 1 er hele.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Mappen det skrives til.")
@click.option(
    "--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Frø; samme frø gir samme filer."
)
@click.option("--until", help="Siste måned, som 2026-05; ellers rapportens siste.")
@click.option("--effect", "effects", multiple=True, help="Plantet effekt, NAVN=STØRRELSE; 0 er ingen.")
@click.option("--dirty", is_flag=True, help="Legg til feil som ekte utleveringer har.")
def synth_command(
    years: tuple[int, ...],
    scale: float,
    out: Path,
    seed: int,
    until: str | None,
    effects: tuple[str, ...],
    dirty: bool,
) -> None:
    """Lag en syntetisk tvilling av registrenes utleveringer: rapportens tall, og ingen virkelige personer."""
    from registers.twin.effects import parse_effects
    from registers.twin.make import synth

    month = parse_month(until) if until else None
    for folder in synth(
        years, scale, out, seed=seed, until=month, effects=parse_effects(effects), dirty=dirty
    ):
        click.echo(f"Skrevet: {folder}")
