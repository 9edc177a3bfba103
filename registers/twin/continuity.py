"""Whom a person sees: the own doctor as often as is printed, another doctor, a substitute.

Who has consulted their own doctor is flagged, not drawn: each municipality's share is kept from day to day,
and the municipalities' shares give the country's and the two counties' that are printed.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from registers.twin.exact import Floats, Ints, flagged
from registers.twin.margins import Margins
from registers.twin.people import NOWHERE, Population
from registers.twin.places import Places

SUBSTITUTE = 50_000
# How most-used doctor reaches its printed share: how many persons seldom see the own doctor, and how much
# seldomer; how often another doctor is the same other; own doctor's share of other contacts. Fitted.
AWAY, AWAY_WEIGHT, WEIGHT, SAME_OTHER, OWN_OTHERWISE = 0.22, 2, 8, 0.9, 0.8
# How far a municipality lies from the country's share by class of centrality, and the spread: assumptions.
BY_CLASS, SPREAD = np.array([2.0, 3, 2, 0, -4, -10]) / 100, np.array([2.0, 3, 4, 5, 6, 7]) / 100
HIGHEST, LOWEST = "31", "56"


def own_shares(margins: Margins, places: Places, use: Floats, year: int, seed: int) -> Floats:
    """Return each municipality's share of consultations with the own doctor.

    Parameters
    ----------
    use : (m,) float
        Expected consultations, up to a constant.
    """
    rng = np.random.default_rng([seed, 5])
    share = BY_CLASS[places.klasse] + rng.normal(0, 1, len(use)) * SPREAD[places.klasse]
    status = min(margins.month(year, 12), margins.months - 1)
    country = float(margins.along(margins.anchors("11.1", "konsultasjoner_egen"))[status]) / 100
    level = country - margins.number("11.1", "konsultasjoner_egen", margins.edition.year) / 100
    told = {HIGHEST: margins.fact("11", "egen_ostfold"), LOWEST: margins.fact("11", "egen_finnmark")}
    rest = ~np.isin(places.county, list(told))
    for county, value in told.items():
        inside = places.county == county
        share[inside] = _centred(share[inside], use[inside], value / 100 + level)
    left = (country * use.sum() - (share * use)[~rest].sum()) / max(use[rest].sum(), 1e-9)
    share[rest] = _centred(share[rest], use[rest], left)
    return share


def _centred(values: Floats, weights: Floats, mean: float) -> Floats:
    """Move values so that their weighted mean is `mean`, those that would be extreme less than the others."""
    found = values
    for _ in range(20):
        found = np.clip(found + mean - (found @ weights) / max(weights.sum(), 1e-9), 0.25, 0.86)
    return found


class Standing:
    """The lists in one month: their doctors, and which others there are in the municipality."""

    def __init__(self, population: Population, t: int) -> None:
        lists, index = population.lists, np.arange(len(population.places.number))
        number = np.bincount(lists.place[lists.came <= t], minlength=len(index))
        start = np.searchsorted(lists.place, index)
        served = np.flatnonzero(number)
        self.doctor, self.salaried = lists.doctor[t], lists.salaried[t]
        self.number = np.maximum(number[lists.place], 1).astype(np.int32)
        self.start = start[lists.place].astype(np.int32)
        # Where a municipality has no list of its own: the nearest that has.
        self.host = start[served[np.abs(index[:, None] - served).argmin(axis=1)]].astype(np.int32)


class Continuity:
    """Who saw their own doctor, kept for each municipality through a year."""

    def __init__(self, population: Population, shares: Floats, use: Floats) -> None:
        self.population, self.county = population, population.places.county_of.astype(np.int16)
        whole = np.bincount(self.county, shares * use) / np.maximum(np.bincount(self.county, use), 1e-9)
        self.shares = shares, whole
        self.known = [np.zeros(len(s), np.int64) for s in self.shares]
        self.own = [np.zeros(len(s), np.int64) for s in self.shares]

    def month(self, t: int) -> Standing:
        """Let a month begin."""
        self.standing = Standing(self.population, t)
        return self.standing

    def practitioners(
        self, person: Ints, place: Ints, chance: Ints, named: np.ndarray, bounds: Ints, gp: int
    ) -> tuple[Ints, Ints]:
        """Return the list whose doctor each bill is of, and the practitioner.

        Parameters
        ----------
        person, place, chance : (n,) int
            The patient, where the patient lives, and a number from 0 to 65 535.
        named : (n,) bool
            The patient is known.
        bounds : (4,) int
            Where the three kinds of consultation with a general practitioner begin, and the last ends.
        gp : int
            Where general practice ends.
        """
        s = self.standing
        listed = self.population.list[person]
        on = listed != NOWHERE
        at = np.where(on, listed, s.host[place]).astype(np.int32)
        mixed = (person.astype(np.uint32) * np.uint32(2246822519)) >> np.uint32(12)
        own = np.zeros(len(person), bool)
        own[:gp] = on[:gp] & named[:gp] & (s.doctor[at[:gp]] > 0) & (chance[:gp] < OWN_OTHERWISE * 65_536)
        for first, last in pairwise(bounds.tolist()):
            part = slice(first, last)
            known = on[part] & named[part]
            own[part] = self._flag(place[part], known, known & (s.doctor[at[part]] > 0), mixed[part])
        start, number = s.start[at], s.number[at]
        same = chance % 100 < SAME_OTHER * 100
        same[gp:] = False
        pick = np.where(same, mixed % np.uint32(9973), chance).astype(np.int32) % number
        pick = np.where(start + pick == at, (pick + 1) % number, pick)
        seen = np.where(own, at, start + pick)
        doctor = s.doctor[seen]
        # Who did not see the own doctor saw another, also where that one has two lists.
        other = (doctor == 0) | (~own & on & (doctor == s.doctor[at]))
        return seen, np.where(other, SUBSTITUTE + seen, doctor)

    def _flag(self, place: Ints, known: np.ndarray, eligible: np.ndarray, mixed: Ints) -> np.ndarray:
        """Flag a municipality's share, and where it has not enough who can, others of the county."""
        found = np.zeros(len(place), bool)
        weights = np.where(mixed % np.uint32(1000) < AWAY * 1000, AWAY_WEIGHT, WEIGHT)
        for level, block in enumerate((place, self.county[place])):
            size = len(self.shares[level])
            self.known[level] += np.bincount(block[known], minlength=size)
            wanted = np.floor(self.known[level] * self.shares[level] + 0.5).astype(np.int64) - self.own[level]
            wanted -= np.bincount(block[found], minlength=size)
            for weight in (weights, 1):
                able = eligible & ~found
                most = np.bincount(block[able], minlength=size)
                more = flagged(weight * able, block, np.clip(wanted, 0, most))
                wanted = wanted - np.bincount(block[more], minlength=size)
                found |= more
        for level, block in enumerate((place, self.county[place])):
            self.own[level] += np.bincount(block[found], minlength=len(self.own[level]))
        return found
