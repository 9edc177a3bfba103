"""The cubes of all years as counts: what a contact is by either definition, and where its patient lives.

Two sizes: with size of municipality alone, which every figure of the country needs, and with municipality.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from registers.aggregates import KEYS, OLDEST, cube
from registers.cache import frame
from registers.deliveries import Rows
from registers.geography import SIZES, UNKNOWN, UNKNOWN_LABEL, labelled, places, size_group
from registers.indicators.counting import Axis, Counts, axis_of, collapsed
from registers.tariffs import FORMS as TARIFF_FORMS
from registers.tariffs import form_of

DEFINITIONS = ("minst én takst", "mest krevende")
FORMS = ("fysisk", "elektronisk", "sykebesøk")
CONTACTS = ("konsultasjon", "enkel", "andre instanser", "administrativ")
SERVICES = ("Fastlege", "Legevakt", "Annet")
SEXES = ("Menn", "Kvinner")
_MADE_OF = ("regning", "takst", "befolkning")
# By KPR's kontakttype, the most demanding tariff: the place in CONTACTS, -1 no contact.
_BY_TYPE = np.array([-1, -1, 1, 0, 0, 2, 3])
_CONSULTATION, _VISIT = 3, 4
_SMALL = ("tjenestetype", "kontakttype", "form", "storrelse", "kjonn", "alder")

Codes = npt.NDArray[np.int64]


@lru_cache(maxsize=4)
def contacts(rows: Rows, municipal: bool) -> Counts:
    """Return every bill of the edition's year and those before, counted.

    Parameters
    ----------
    rows : Rows
    municipal : bool
        With ``kommune``, ``fylke`` and ``sentralitet``, which makes it fifty times as long.

    Returns
    -------
    Counts
        Axes ``aar``, ``tjeneste``, ``kjonn``, ``alder`` (five-year groups), ``storrelse``, ``bosatt``, and
        ``form, D`` and ``kontakt, D`` for each definition D.
    """
    years = [year for year in rows.years_of("regning") if year <= rows.year]
    found = pd.concat(
        [(_large(rows, year) if municipal else _small(rows, year)).assign(aar=year) for year in years],
        ignore_index=True,
    )
    axes = {
        "aar": axis_of(found["aar"], years),
        "tjeneste": axis_of(found["tjenestetype"], SERVICES),
        **_people_axes(found),
        **_definitions(found["kontakttype"].to_numpy(np.int64), found["form"].to_numpy(np.int64)),
    }
    if municipal:
        axes |= _municipal_axes(rows, found, years)
    else:
        axes["storrelse"] = Axis(found["storrelse"].to_numpy(np.int64), SIZES)
    home = axes["kommune"].codes if municipal else axes["storrelse"].codes
    axes["bosatt"] = Axis(np.where(home >= 0, 0, -1), ("bosatt",))
    return Counts(axes, found["n"].to_numpy(np.int64), found["skisse"].to_numpy(np.int64))


@lru_cache(maxsize=4)
def inhabitants(rows: Rows, municipal: bool) -> Counts:
    """Return the population 1 January of each year, with the axes of `contacts` that people have."""
    years = [year for year in rows.years_of("befolkning") if year <= rows.year]
    found = pd.concat([_population(rows, year) for year in years], ignore_index=True)
    if not municipal:
        sizes = pd.concat([_sizes(rows, year) for year in years])
        found = found.merge(sizes, on=["aar", "kommuneNr"]).assign(skisse=0)
        found = collapsed(found, ("aar", "storrelse", "kjonn", "alder"))
    axes = {"aar": axis_of(found["aar"], years), **_people_axes(found)}
    if municipal:
        axes |= _municipal_axes(rows, found, years)
    else:
        axes["storrelse"] = Axis(found["storrelse"].to_numpy(np.int64), SIZES)
    n = found["n"].to_numpy(np.int64)
    return Counts(axes, n, np.zeros_like(n))


def _people_axes(found: pd.DataFrame) -> dict[str, Axis]:
    ages = found["alder"].to_numpy(np.int64)
    return {
        "kjonn": Axis(np.where(found["kjonn"] > 0, found["kjonn"].to_numpy(np.int64) - 1, -1), SEXES),
        "alder": Axis(np.where(ages < 0, -1, ages // 5), tuple(range(0, OLDEST + 1, 5))),
    }


def _municipal_axes(rows: Rows, found: pd.DataFrame, years: list[int]) -> dict[str, Axis]:
    sizes = pd.concat([_sizes(rows, year) for year in years if year in rows.years_of("befolkning")])
    named = labelled(found[["aar", "kommuneNr"]], ("kommune", "fylke", "sentralitet"))
    size = found[["aar", "kommuneNr"]].merge(sizes, on=["aar", "kommuneNr"], how="left")["storrelse"]
    axes = {"storrelse": Axis(size.fillna(-1).to_numpy(np.int64), SIZES)}
    for name in ("kommune", "fylke", "sentralitet"):
        known = sorted(set(named[name].unique()) - {UNKNOWN_LABEL})
        axes[name] = axis_of(named[name], known)
    return axes


def _definitions(kind: Codes, form: Codes) -> dict[str, Axis]:
    """Return what each bill is by either definition, from KPR's type and the form of its tariffs."""
    by_tariff = np.where(form >= 0, 0, np.where(np.isin(kind, (_CONSULTATION, _VISIT)), -1, _BY_TYPE[kind]))
    demanding = np.where(
        kind == _VISIT,
        FORMS.index("sykebesøk"),
        np.where(kind == _CONSULTATION, np.where(form == 1, 1, 0), -1),
    )
    return {
        "form, minst én takst": Axis(form, FORMS),
        "form, mest krevende": Axis(demanding, FORMS),
        "kontakt, minst én takst": Axis(by_tariff, CONTACTS),
        "kontakt, mest krevende": Axis(_BY_TYPE[kind], CONTACTS),
    }


def _large(rows: Rows, year: int) -> pd.DataFrame:
    """Return the cube of a year, with the place in `FORMS` instead of the tariffs' bits."""

    def compute() -> pd.DataFrame:
        found = rows.fetch(cube(rows, year)).sort_values(list(KEYS), ignore_index=True)
        return collapsed(found.assign(form=_PLACE[found["form"].to_numpy(np.int64)]), KEYS)

    return frame(rows, "kommuner", year, ("regning", "takst"), compute)


def _small(rows: Rows, year: int) -> pd.DataFrame:
    def compute() -> pd.DataFrame:
        sizes = _sizes(rows, year)[["kommuneNr", "storrelse"]]
        found = _large(rows, year).merge(sizes, on="kommuneNr", how="left")
        return collapsed(found.assign(storrelse=found["storrelse"].fillna(-1).astype("int8")), _SMALL)

    return frame(rows, "landet", year, _MADE_OF, compute)


def _main_form(mask: int) -> int:
    form = form_of(mask)
    if form is None:
        return UNKNOWN
    return FORMS.index(form) if form in FORMS else FORMS.index("elektronisk")


_PLACE = np.array([_main_form(mask) for mask in range(1 << len(TARIFF_FORMS))], dtype=np.int64)


def _population(rows: Rows, year: int) -> pd.DataFrame:
    """Return inhabitants 1 January by municipality, sex and five years of age; columns as the cube's."""

    def compute() -> pd.DataFrame:
        table = rows.table("befolkning", year)
        found = rows.fetch(table.filter(table.aar == year)["kommuneNr", "kjonn", "alder", "antall"])
        age = (found["alder"] // 5 * 5).clip(upper=OLDEST).astype("int16")
        found = found.assign(alder=age, n=found["antall"], skisse=0)
        return collapsed(found, ("kommuneNr", "kjonn", "alder"))

    return frame(rows, "folkemengde", year, ("befolkning",), compute).assign(aar=year)


def _sizes(rows: Rows, year: int) -> pd.DataFrame:
    """Return the size group of every code of a year: ``aar``, ``kommuneNr``, ``storrelse``."""
    people = _population(rows, year).groupby("kommuneNr")["n"].sum()
    table = places(year).assign(aar=year)
    found = table["kommune"].astype(int).map(people)
    known = table[found.notna()]
    size = [SIZES.index(size_group(int(n))) for n in found.dropna()]
    return known.assign(storrelse=size)[["aar", "kommuneNr", "storrelse"]]
