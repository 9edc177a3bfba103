"""Bills of a year as strata of printed size, and how they fall over the days and over age, sex and place."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from registers.twin.exact import Floats, Ints, largest_remainder
from registers.twin.margins import Margins
from registers.twin.places import Places

GROUPS = np.array([0, 6, 16, 20, 30, 50, 67, 80, 90])
PER_PLACE = 2 * len(GROUPS)
# Consultations a person by age, general practice and out-of-hours (SSB, allmennlegetjenesten 2023); by sex.
_GP = np.array([1.9, 1.4, 2.4, 2.6, 3.2, 3.5, 3.9, 4.8, 3.5])
_OUT = np.array([0.45, 0.20, 0.26, 0.26, 0.20, 0.18, 0.22, 0.34, 0.38])
_WOMEN = {"gp": np.array([1.0, 1.0, 1.5, 2.1, 1.8, 1.3, 1.1, 1.05, 1.0]), "out": np.full(9, 1.09)}
# Shapes by age of electronic consultations and home visits, relative to all; assumptions.
_ELECTRONIC = np.array([0.55, 0.8, 1.25, 1.3, 1.25, 0.95, 0.6, 0.35, 0.2])
_HOME = np.array([0.05, 0.02, 0.03, 0.05, 0.1, 0.4, 1.5, 6.0, 14.0])
# Upper bounds of the report's groups of municipalities by size.
SIZES = np.array([2000, 5000, 10_000, 50_000])
_WEEK = {
    "Fastlege": (1.2, 1.1, 1.0, 1.0, 0.95, 0.05, 0.04),
    "Legevakt": (0.9, 0.85, 0.85, 0.85, 0.95, 1.55, 1.5),
}
_YEAR = (1.05, 1.05, 1.05, 0.9, 0.95, 1.0, 0.7, 0.95, 1.05, 1.1, 1.1, 1.0)


@dataclass(frozen=True)
class Stratum:
    """Bills of one kind in a year.

    `shape` names the weights over cells; `first` is the first day of the year, from 0, that they may fall on.
    """

    name: str
    service: str
    kind: int
    shape: str
    size: int
    first: int = 0


def strata(margins: Margins, year: int) -> list[Stratum]:
    """Return the strata of a year: tables 12.2–12.5, and 16.2 where the year has it.

    Tables 12.3 and 12.5 count consultations out of hours differently. What is in the one and not in the
    other has both a consultation and a meeting tariff, and kontakttype 5. A year that is not printed has the
    last printed numbers; of them those that fall on its days.
    """
    printed = margins.edition.table("12.2").years
    source = min(year, printed[-1])

    def size(table: str, row: str) -> int:
        return margins.count(margins.number(table, row, source))

    meetings = margins.number("12.3", "total", source) - margins.number("12.5", "konsultasjoner", source)
    both = margins.count(meetings)
    found = [
        Stratum("gp_f", "Fastlege", 3, "gp", size("12.2", "fysisk")),
        Stratum("gp_e", "Fastlege", 3, "gp_e", size("12.2", "elektronisk")),
        Stratum("gp_s", "Fastlege", 4, "gp_s", size("12.2", "sykebesok")),
        Stratum("gp_enkel", "Fastlege", 2, "gp", size("12.4", "enkel")),
        Stratum("gp_andre", "Fastlege", 5, "gp", size("12.4", "andre_instanser")),
        Stratum("gp_adm", "Fastlege", 6, "gp", size("12.4", "administrativ")),
        Stratum("lv_f", "Legevakt", 3, "out", size("12.3", "fysisk") - both),
        Stratum("lv_both", "Legevakt", 5, "out", both),
        Stratum("lv_e", "Legevakt", 3, "out_e", size("12.3", "elektronisk")),
        Stratum("lv_s", "Legevakt", 4, "out_s", size("12.3", "sykebesok")),
        Stratum("lv_enkel", "Legevakt", 2, "out", size("12.5", "enkel")),
        Stratum("lv_andre", "Legevakt", 5, "out", size("12.5", "andre_instanser") - both),
        Stratum("lv_adm", "Legevakt", 6, "out", size("12.5", "administrativ")),
    ]
    return [*found, *_net_doctor(margins, year)]


def _net_doctor(margins: Margins, year: int) -> list[Stratum]:
    """Return table 16.2: from July in Kristiansand, from 3 November a little around Arendal."""
    if year != margins.edition.own_year:
        return []
    total = margins.count(margins.number("16.2", "total", "antall"))
    # «In underkant av» so many a day.
    late = margins.count(
        0.875 * margins.fact("16", "nettlege_arendal") * (dt.date(year, 12, 31) - dt.date(year, 11, 2)).days
    )
    july, november = day_of(year, 7, 1), day_of(year, 11, 3)
    return [
        Stratum("net", "Annet", 3, "net_early", total - min(late, total), july),
        Stratum("net_late", "Annet", 3, "net_late", min(late, total), november),
    ]


def day_of(year: int, month: int, day: int = 1) -> int:
    """Return a date's number in its year, from 0."""
    return (dt.date(year, month, day) - dt.date(year, 1, 1)).days


def days(year: int, last: int) -> int:
    """Return the days of a year through a month."""
    return day_of(year, last + 1) if last < 12 else (dt.date(year + 1, 1, 1) - dt.date(year, 1, 1)).days


def over_days(stratum: Stratum, year: int) -> Ints:
    """Return how many bills fall on each day of a year: largest remainder over week and season."""
    all_days = np.arange(days(year, 12)) + np.datetime64(f"{year}-01-01")
    weekday = (all_days.astype(np.int64) + 3) % 7
    month = all_days.astype("datetime64[M]").astype(np.int64) % 12
    weights = np.array(_WEEK.get(stratum.service, _WEEK["Fastlege"]))[weekday] * np.array(_YEAR)[month]
    if stratum.name == "gp_e" and year == 2020:
        weights = weights * np.array([0.12, 0.12, 0.8, *[1.0] * 9])[month]
    weights[: stratum.first] = 0
    return largest_remainder(stratum.size, weights)


def shapes(margins: Margins, places: Places, persons: Ints) -> dict[str, Floats]:
    """Return the weight of every cell (municipality × age × sex) for each kind of bill.

    Parameters
    ----------
    persons : (m · 18,) int
        Persons in each cell; sex goes fastest, then age.
    """
    group = np.tile(np.repeat(np.arange(len(GROUPS)), 2), len(places.number))
    woman = np.tile([0, 1], len(GROUPS) * len(places.number)).astype(bool)
    found = {}
    for name, rate in (("gp", _GP), ("out", _OUT)):
        ratio = np.where(
            woman, 2 * _WOMEN[name][group] / (1 + _WOMEN[name][group]), 2 / (1 + _WOMEN[name][group])
        )
        found[name] = persons * rate[group] * ratio
        found[name] *= _by_size(margins, persons, found[name], "fastlege" if name == "gp" else "legevakt")
        found[f"{name}_s"] = found[name] * _HOME[group]
        found[f"{name}_e"] = found[name] * _ELECTRONIC[group] * np.where(woman, 1.09, 0.89)
    number = np.repeat(places.number, PER_PLACE)
    net = found["gp"] * (group >= 1)
    found["net_early"], found["net_late"] = (
        net * (number == 4204),
        net * np.isin(number, (4203, 4201, 4202, 4211, 4212, 4213, 4214, 4223)),
    )
    return found


def _by_size(margins: Margins, persons: Ints, weights: Floats, service: str) -> Floats:
    """Return what makes the rate by size of municipality that of the text, whatever the age there."""
    inhabitants = persons.reshape(-1, PER_PLACE).sum(axis=1) / margins.scale
    group = np.searchsorted(SIZES, inhabitants, side="right")
    people = np.bincount(group, inhabitants, minlength=5)
    expected = np.bincount(group, weights.reshape(-1, PER_PLACE).sum(axis=1), minlength=5)
    table = "12.2" if service == "fastlege" else "12.3"
    mean = margins.number(table, "total", margins.edition.year) / margins.population[margins.edition.year]
    if service == "fastlege":
        low, high = margins.fact("12", "fastlege_minste"), margins.fact("12", "fastlege_hoeyest")
        rates = np.array([low, (low + high) / 2, (low + 2 * high) / 3, high, 0.0])
    else:
        low, high = margins.fact("12", "legevakt_minste"), margins.fact("12", "legevakt_stoerste")
        rates = np.array([low, 0.0, 0.0, 0.0, high])
    open_ = rates == 0
    left = mean * people.sum() - (rates * people).sum()
    rates[open_] = max(left / max(people[open_].sum(), 1), 0.1 * mean)
    factor = np.where(expected > 0, rates * people / np.maximum(expected, 1e-9), 1.0)
    return np.repeat(factor[group], PER_PLACE)
