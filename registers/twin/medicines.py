"""Dispensings: persons with each group of medicines as chapter 13 has them, by county where it names one."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from registers.twin.effects import ADDICTIVE_COUNTIES, ADDICTIVE_FROM, Effects
from registers.twin.exact import Ints, chunks, stride
from registers.twin.margins import Margins
from registers.twin.people import NOWHERE, Population, first_day
from registers.twin.write import Delivery

ATC = (
    "N02AJ06",
    "N05CF01",
    "N05BA04",
    "N02AA05",
    "M01AE01",
    "N06AA09",
    "J01CE02",
    "J01FA09",
    "J01AA02",
    "J01CA04",
    "J01EA01",
    "J01CA08",
)
OPIOID, SLEEP, ANXIETY, STRONG, NSAID, CHOLINE, PENICILLIN = range(7)
AIRWAY_OTHER, URINARY = (7, 8, 9), (10, 11)
GROUP = {OPIOID: "B", SLEEP: "B", ANXIETY: "B", STRONG: "A"}
OLD = 65
# Yearly change before the years that are told, in per cent of the share: an assumption.
_DRIFT = -0.012


class _Users(NamedTuple):
    """Persons who get a medicine: how many doses in the year, and on how many prescriptions."""

    atc: int
    persons: Ints
    doses: float
    prescriptions: int


def dispensings(
    margins: Margins,
    population: Population,
    effects: Effects,
    year: int,
    rng: np.random.Generator,
    files: Delivery,
) -> None:
    """Write a year's dispensings to persons 65 and older, and of antibiotics to all."""
    people = _People(margins, population, year, rng)
    last = margins.last[1] if year == margins.last[0] else 12
    low, high = int(first_day(year, 0)), int(first_day(year, last))
    files["utlevering"]
    for users in [*_old_age(margins, people, effects, year), *_antibiotics(margins, people, year)]:
        who = np.repeat(users.persons, users.prescriptions)
        if not len(who):
            continue
        files["utlevering"].add(
            {
                "kpr_lnr": who.astype(np.int64) + 1,
                "utleveringsdato": rng.integers(low, high, len(who)),
                "atc": ATC[users.atc],
                "ddd": users.doses / users.prescriptions,
                "reseptgruppe": GROUP.get(users.atc, "C"),
                "varenr": 100_000 + users.atc,
                "rekvirent_lnr": 1 + who % 4000,
                "rekvirent_profesjon": "lege",
                "rekvirent_er_allmennlege": 1,
                "kommuneNr": people.codes[population.place[who]],
                "alder": np.clip(year - population.born[who], 0, 120),
                "kjonn": population.sex[who],
            }
        )


class _People:
    """Persons on a list, and subsets of them of an exact share."""

    def __init__(self, margins: Margins, population: Population, year: int, rng: np.random.Generator) -> None:
        self.rng, self.places, self.born = rng, population.places, population.born
        self.codes = population.places.codes(year)
        self.listed = population.list[: population.count] != NOWHERE
        self.year = year
        self.old = self.aged(OLD, 200)
        self.county = population.places.county_of[population.place[self.old]]

    def aged(self, first: int, after: int) -> Ints:
        """Return those of an age."""
        born = self.born[: len(self.listed)]
        return _where(self.listed & (born <= self.year - first) & (born > self.year - after))

    def some(self, pool: Ints, share: float) -> Ints:
        """Return exactly a share of a pool, in no order."""
        count = int(np.floor(len(pool) * share + 0.5))
        if not count:
            return pool[:0]
        start = int(self.rng.integers(len(pool)))
        return pool[(start + np.arange(count) * stride(len(pool))) % len(pool)]


def _where(inside: np.ndarray) -> Ints:
    parts = [(np.flatnonzero(inside[part]) + part.start).astype(np.int32) for part in chunks(len(inside))]
    return np.concatenate(parts)


def _share(margins: Margins, key: str, year: int) -> float:
    """Return the told share of a year; before those that are told it falls a little every year."""
    facts = margins.yearly("13", key)
    near = min(facts, key=lambda y: (abs(y - year), -y))
    drift = (1 + _DRIFT) ** (year - near) if key.startswith(("vane", "nsaid", "anti", "mye", "sove")) else 1.0
    return (facts.get(year) or facts[near] * drift) / 100


def _by_county(margins: Margins, people: _People, group: str, year: int) -> np.ndarray:
    """Return the share by county: country, highest and lowest as told, the others equal."""
    counties, facts = people.places.counties, margins.edition.facts("13").facts
    names = {"31": "ostfold", "55": "troms", "40": "telemark", "50": "trondelag"}
    country = _share(margins, group, year)
    level = country / (margins.fact("13", f"{group}_{margins.edition.year}") / 100)
    found = np.zeros(len(counties))
    for number, name in names.items():
        if f"{group}_{name}" in facts and number in counties:
            found[counties.index(number)] = margins.fact("13", f"{group}_{name}") / 100 * level
    people_in = np.bincount(people.county, minlength=len(counties))
    rest = found == 0
    left = country * people_in.sum() - (found * people_in).sum()
    found[rest] = left / max(people_in[rest].sum(), 1)
    return found


def _chosen(people: _People, shares: np.ndarray) -> Ints:
    parts = [people.some(people.old[people.county == i], float(share)) for i, share in enumerate(shares)]
    return np.concatenate(parts)


def _old_age(margins: Margins, people: _People, effects: Effects, year: int) -> list[_Users]:
    """Return what the old get of the groups of section 13.1, and how much of what is addictive."""
    shares = _by_county(margins, people, "vanedannende", year)
    if year >= ADDICTIVE_FROM:
        treated = np.isin(np.array(people.places.counties), ADDICTIVE_COUNTIES)
        shares = shares * np.where(treated, 1 - effects.vanedannende, 1.0)
    users = people.rng.permutation(_chosen(people, shares))
    old = len(people.old)
    sleepers, much = (round(_share(margins, key, year) * old) for key in ("sovemidler", "mye"))
    strong = round(margins.fact("13", "sterke_opioider") / 100 * old)
    much = min(much, sleepers)
    # Who gets much of sleeping pills, or of strong opioids, and then who gets a little of something.
    rest = users[sleepers + strong :]
    turn = np.arange(len(rest)) % 20
    found = [
        _Users(SLEEP, users[:much], 400.0, 4),
        _Users(SLEEP, users[much:sleepers], 150.0, 4),
        _Users(STRONG, users[sleepers : sleepers + strong], 60.0, 3),
        _Users(OPIOID, rest[turn < 1], 120.0, 3),
        _Users(OPIOID, rest[(turn >= 1) & (turn < 11)], 30.0, 2),
        _Users(SLEEP, rest[(turn >= 11) & (turn < 16)], 30.0, 2),
        _Users(ANXIETY, rest[turn == 16], 120.0, 3),
        _Users(ANXIETY, rest[turn > 16], 30.0, 2),
    ]
    for atc, group in ((NSAID, "nsaid"), (CHOLINE, "antikolinerg")):
        found.append(_Users(atc, _chosen(people, _by_county(margins, people, group, year)), 40.0, 2))
    return found


def _antibiotics(margins: Margins, people: _People, year: int) -> list[_Users]:
    """Return antibiotics: users as told by age, and penicillin V's share of the airway prescriptions."""
    m, found = margins, []
    left = people.listed.copy()
    for ages, key, penicillin in (
        ((0, 10), "luftvei_barn", "penicillin_barn"),
        ((10, 80), "luftvei_10_79", "penicillin_10_79"),
    ):
        persons = people.some(people.aged(*ages), _between(m, key, year))
        left[persons] = False
        first = int(np.floor(len(persons) * m.fact("13", penicillin) / 100 + 0.5))
        found.append(_Users(PENICILLIN, persons[:first], 10.0, 1))
        found += [_Users(atc, persons[first + i :: 3], 8.0, 1) for i, atc in enumerate(AIRWAY_OTHER)]
    everyone = int(people.listed.sum())
    wanted = int(np.floor(_between(m, "antibiotika", year) * everyone + 0.5)) - (everyone - int(left.sum()))
    rest = _where(left)
    more = people.some(rest, max(wanted, 0) / max(len(rest), 1))
    return [*found, *(_Users(atc, more[i::2], 5.0, 1) for i, atc in enumerate(URINARY))]


def _between(margins: Margins, key: str, year: int) -> float:
    """Return a share, straight between the years that are told; lower in the years of the pandemic."""
    facts = margins.yearly("13", key)
    known = sorted(facts)
    value = float(np.interp(year, known, [facts[y] for y in known])) / 100
    return value * (0.75 if year in (2020, 2021) else 1.0)
