"""Municipalities and the lists in them: sizes are invented, from centrality; names and classes are real."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from analysis_lib.data.formats import read_semicolons
from analysis_lib.data.inputs import project_root
from registers.twin.exact import Floats, Ints, largest_remainder
from registers.twin.margins import Margins

# Shares of the population by class of centrality before they are tilted, and cities much larger than
# others of their class: assumptions of the twin, not statistics.
SHARES = np.array([0.20, 0.25, 0.26, 0.155, 0.10, 0.04])
CITIES = {"0301": 3.5, "4601": 9.0, "5001": 6.5, "1103": 5.0, "4204": 3.0}
# How much more often a list of each class becomes vacant: an assumption.
VACANCY = 0.4 + np.arange(6) ** 1.5
DISTRICTS = {301: (30101, 15), 4601: (460101, 8), 5001: (500101, 4), 1103: (110301, 9)}


@dataclass(frozen=True)
class Places:
    """Municipalities of 2024, sorted by number.

    Attributes
    ----------
    number : (m,) int
    klasse : (m,) int
        Class of centrality, 0 (most central) to 5.
    county : (m,) str
        County number.
    weight : (m,) float
        Share of the inhabitants of its class.
    """

    number: Ints
    klasse: Ints
    county: np.ndarray
    county_name: dict[str, str]
    weight: Floats
    _old: dict[int, list[tuple[int, int, int]]]

    def codes(self, year: int) -> np.ndarray:
        """Return each municipality's number in a year; one that was merged from many has one of theirs."""
        found = self.number.copy()
        for place, number in enumerate(self.number.tolist()):
            valid = [old for old, first, last in self._old.get(number, []) if first <= year <= last]
            found[place] = valid[0] if valid else number
        return found.astype(np.int16)

    @cached_property
    def counties(self) -> tuple[str, ...]:
        """County numbers, sorted."""
        return tuple(sorted(set(self.county.tolist())))

    @cached_property
    def county_of(self) -> Ints:
        """Number of each municipality's county in `counties`."""
        return np.searchsorted(np.array(self.counties), self.county).astype(np.int64)


def read_places(seed: int) -> Places:
    """Read the municipalities and draw how large each is in its class."""
    folder = project_root() / "data" / "reference"
    rows = sorted(read_semicolons(folder / "kommuner_2024.csv")[1:])
    klasse = np.array([int(row[5]) - 1 for row in rows])
    index = np.array([float(row[4]) for row in rows])
    draw = np.random.default_rng([seed, 1]).lognormal(0, 0.45, len(rows))
    city = np.array([CITIES.get(row[0], 1.0) for row in rows])
    mean = np.array([index[klasse == k].mean() for k in range(6)])
    size = np.where(city > 1, 1.0, draw) * np.exp((index - mean[klasse]) / 60) * city
    total = np.bincount(klasse, size, minlength=6)
    return Places(
        np.array([int(row[0]) for row in rows]),
        klasse,
        np.array([row[2] for row in rows]),
        {row[2]: row[3] for row in rows},
        size / total[klasse],
        _predecessors(folder / "kommuner.csv"),
    )


def _predecessors(path: Path) -> dict[int, list[tuple[int, int, int]]]:
    """Return the numbers that became part of each municipality of 2024, with first and last year."""
    found: dict[int, list[tuple[int, int, int]]] = {}
    for number, _, first, last, successors in read_semicolons(path)[1:]:
        for successor in successors.replace(",", " ").split():
            span = (int(number), int(first or 0), int(last or 9999))
            found.setdefault(int(successor), []).append(span)
    return found


def tilted(shares: Floats, values: Floats, mean: float) -> Floats:
    """Return ``shares · exp(λ · values)``, summing to one, λ such that the mean of `values` is `mean`."""
    low, high, found = -0.05, 0.05, shares
    for _ in range(80):
        middle = (low + high) / 2
        found = shares * np.exp(middle * (values - values.mean()))
        found /= found.sum()
        low, high = (middle, high) if found @ values < mean else (low, middle)
    return found


def class_shares(margins: Margins, vacant: float = 0.0) -> Floats:
    """Return the share of the lists in each class, such that table 11.2's means give the country's.

    The table is of the lists with a doctor; `vacant` is the share of the lists that have none.
    """
    first = min(margins.mean_length)
    means, mean = margins.class_means[first], margins.mean_length[first]
    found = tilted(SHARES / means, means, mean)
    short = (found * VACANCY) @ means / (found @ VACANCY)
    return tilted(found, means, mean - vacant * (mean - short))


def list_places(places: Places, margins: Margins, total: int, vacant: float) -> Ints:
    """Return each list's municipality, sorted: shares by class, largest remainder in each."""
    by_class = largest_remainder(total, class_shares(margins, vacant))
    per_place = np.zeros(len(places.number), dtype=np.int64)
    for k in range(6):
        inside = places.klasse == k
        per_place[inside] = largest_remainder(int(by_class[k]), places.weight[inside])
    return np.repeat(np.arange(len(per_place)), per_place)
