"""The twin itself: years in order, each with the persons, lists and doctors that the year before left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import yaml

from analysis_lib.errors import ParameterFeil, nearest
from analysis_lib.indicators.edition import Edition
from registers.twin.contacts import Bills
from registers.twin.dirt import Dirt
from registers.twin.doctors import agreements
from registers.twin.effects import Effects
from registers.twin.flo import Flo
from registers.twin.margins import Margins
from registers.twin.other import Others
from registers.twin.people import Population
from registers.twin.places import read_places
from registers.twin.write import delivery

EFFECTS = "effekter.yml"


@contextmanager
def _frugal() -> Iterator[None]:
    """Let Arrow use the system's allocator, which gives back what a day's rows needed."""
    before = pa.default_memory_pool()
    pa.set_memory_pool(pa.system_memory_pool())
    try:
        yield
    finally:
        pa.set_memory_pool(before)


@_frugal()
def synth(
    years: Iterable[int],
    scale: float,
    out: Path,
    *,
    seed: int = 1,
    until: tuple[int, int] | None = None,
    effects: Effects | None = None,
    dirty: bool = False,
    edition: Edition | None = None,
) -> list[Path]:
    """Write a synthetic delivery of each year, ``OUT/YEAR/TABLE.parquet``.

    Parameters
    ----------
    years : iterable of int
    scale : float
        Above 0, at most 1. Every stratum of printed size n has ``floor(scale · n + 1/2)``.
    out : Path
    seed : int
        The same seed, scale, effects and versions give the same bytes.
    until : (year, month), optional
        The last month; the edition's last status by default.
    effects : Effects, optional
        Sizes of the planted effects, see `registers.twin.effects`.
    dirty : bool
        Add small known numbers of the faults that real deliveries have.

    Returns
    -------
    list of Path
        The folders.

    Raises
    ------
    ParameterFeil
        A year outside the edition's tables, or a scale that is none.
    DataFeil
        The disk is full; what was there before stands.
    """
    effects = effects or Effects()
    margins = Margins(edition or Edition(2025), scale)
    last = min(until or margins.last, margins.last)
    wanted = _checked(sorted(set(years)), scale, range(margins.start, last[0] + 1))
    places = read_places(seed)
    lists, targets = agreements(margins, places, seed)
    population = Population(margins, places, lists, targets, effects, seed)
    flo, others = Flo(margins, population, seed), Others(margins, population, effects, seed)
    made = []
    for year in range(margins.start, wanted[-1] + 1):
        month = last[1] if year == last[0] else 12
        if year not in wanted:
            _pass(population, margins, year)
            continue
        facts = {"aar": str(year), "syntetisk": "true", "skala": f"{scale:g}", "froe": str(seed)}
        with delivery(out / str(year), facts) as files:
            others.january(year, files)
            bills = Bills(margins, population, effects, year, month, seed, Dirt(dirty))
            for number in range(1, month + 1):
                if margins.month(year, number) > population.month:
                    population.step()
                flo.month(population.month, files)
                bills.month(number, files)
            del bills
            flo.year_end(year, files)
            others.year_end(year, files)
        population.end_year()
        _record(out, effects, scale, seed)
        made.append(out / str(year))
    return made


def _pass(population: Population, margins: Margins, year: int) -> None:
    """Let a year go by that is not asked for."""
    while population.month < margins.month(year, 12):
        population.step()
    population.end_year()


def _record(out: Path, effects: Effects, scale: float, seed: int) -> None:
    text = yaml.safe_dump(
        {"syntetisk": True, "skala": scale, "froe": seed, "effekter": effects.record()},
        allow_unicode=True,
        sort_keys=False,
    )
    aside = out / f".{EFFECTS}.ny"
    aside.write_text(
        "# Plantede effekter, som brøker; se registers/twin/effects.py.\n" + text, encoding="utf-8"
    )
    aside.replace(out / EFFECTS)


def _checked(years: list[int], scale: float, known: range) -> list[int]:
    for year in years:
        if year not in known:
            raise ParameterFeil(
                f"{year} er utenfor det som kan lages", where="--year", hint=nearest(year, known)
            )
    if not years:
        raise ParameterFeil("ingen år er valgt", where="--year")
    if not 0 < scale <= 1:
        raise ParameterFeil(
            f"skalaen {scale:g} er ikke over 0 og høyst 1", where="--scale", hint="1 er hele landet."
        )
    return years
