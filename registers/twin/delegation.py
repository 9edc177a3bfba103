"""Contacts that nurses have for a doctor, from January 2026: offices that begin in different months."""

from __future__ import annotations

import re

import numpy as np

from registers.twin.codes import tariff
from registers.twin.doctors import Agreements
from registers.twin.exact import Ints, every, largest_remainder, spread
from registers.twin.margins import Margins

NURSE = 80_000
# Which share of the offices begins in each month: an assumption.
_BEGIN = (0.35, 0.15, 0.25, 0.20, 0.05)


class Delegation:
    """The offices that delegate in a year, their doctors and nurses, as many as section 12.5 says."""

    def __init__(self, margins: Margins, lists: Agreements, year: int, seed: int) -> None:
        found = (re.fullmatch(rf"delegert_{year}_(\d\d)", key) for key in margins.edition.facts("12").facts)
        months = sorted(int(match[1]) for match in found if match)
        self.counts = {
            month: margins.count(margins.fact("12", f"delegert_{year}_{month:02}")) for month in months
        }
        self.begins: dict[int, int] = {}
        self.done = self.thinned = 0
        if not self.counts:
            return
        self.rng = np.random.default_rng([seed, year, 6])
        first, last = margins.month(year, months[0]), margins.month(year, months[-1])
        same = (lists.doctor[first : last + 1] == lists.doctor[first]).all(axis=0) & (lists.doctor[first] > 0)
        self._choose(margins, lists, lists.doctor[first], same, months)
        self._forms(margins)

    def _choose(
        self, margins: Margins, lists: Agreements, doctor: np.ndarray, same: np.ndarray, months: list[int]
    ) -> None:
        wanted = {
            key: margins.count(margins.fact("12", f"delegert_{key}"))
            for key in ("kontor", "leger", "sykepleiere")
        }
        _, single = np.unique(doctor, return_index=True)
        usable = np.intersect1d(np.flatnonzero(same), single)
        size = np.bincount(lists.office[usable], minlength=lists.office.max() + 1)
        mean = wanted["leger"] / max(wanted["kontor"], 1)
        offices = np.argsort(
            -(np.minimum(size, np.ceil(mean)) + self.rng.random(len(size)) * 0.9), kind="stable"
        )
        offices = self.rng.permutation(offices[: max(wanted["kontor"], 1)])
        per = largest_remainder(
            max(wanted["leger"], len(offices)), np.minimum(size[offices], np.ceil(mean)) + 1e-9
        )
        nurses = largest_remainder(max(wanted["sykepleiere"], len(offices)), np.ones(len(offices)))
        begin = np.repeat(months, largest_remainder(len(offices), np.array(_BEGIN[: len(months)])))
        self.begins = {int(office): int(month) for office, month in zip(offices, begin, strict=True)}
        self.lists = [
            usable[lists.office[usable] == office][:n] for office, n in zip(offices, per, strict=True)
        ]
        ends = np.cumsum(nurses)
        self.nurses = [NURSE + np.arange(end - n, end) for end, n in zip(ends, nurses, strict=True)]

    def _forms(self, margins: Margins) -> None:
        """Divide the bills by form, so that the tariffs have the shares of the text."""
        share = {key: margins.fact("12", f"takst_{key}") / 100 for key in ("fysisk", "tillegg", "proever")}
        tariffs = 1 / (1 - share["tillegg"] - share["proever"])
        visits = margins.fact("12", "sykebesok_sykepleier") / 100
        physical = share["fysisk"] * tariffs
        total = sum(self.counts.values())
        self.forms = largest_remainder(total, np.array([physical, visits, 1 - physical - visits]))
        self.longer = share["tillegg"] * tariffs / physical
        self.samples = share["proever"] * tariffs / (1 - physical - visits)

    def month(self, month: int) -> dict[str, Ints]:
        """Return a month's delegated bills: list, nurse, kontakttype, tariff and second tariff."""
        count = self.counts.get(month, 0)
        if not count:
            return {}
        active = [i for i, begin in enumerate(self.begins.values()) if begin <= month]
        pairs = np.array([(one, i) for i in active for one in self.lists[i]])
        turn = np.arange(count)
        at, office = pairs[turn % len(pairs)].T
        # Each round of the doctors is the next nurse of each office, and doctors of an office share them.
        order = turn + turn // len(pairs)
        nurse = np.array(
            [self.nurses[i][k % len(self.nurses[i])] for i, k in zip(office, order, strict=True)]
        )
        form = spread(self.done, count, self.forms)
        extra = np.where(
            (form == 0) & _part(form == 0, self.longer),
            tariff("2cd"),
            np.where((form == 2) & _part(form == 2, self.samples), tariff("701"), -1),
        )
        self.done += count
        kind, main = np.array([3, 4, 2])[form], np.array([tariff("2ad"), tariff("11ad"), tariff("1bd")])[form]
        return {"at": at, "nurse": nurse, "kind": kind, "main": main, "extra": extra}

    def kept(
        self, kind: Ints, role: Ints, office: Ints, gp: np.ndarray, month: int, size: float
    ) -> np.ndarray:
        """Tell which bills are left at offices that delegate: of the doctors' consultations ``1 - size``."""
        treated = [one for one, begin in self.begins.items() if begin <= month]
        left = np.ones(len(kind), bool)
        if treated and size:
            here = np.flatnonzero(gp & np.isin(kind, (3, 4)) & (role == 0) & np.isin(office, treated))
            # By turn along each office, which a day's rows are not sorted by.
            here = here[np.argsort(office[here], kind="stable")]
            left[here] = ~every(self.thinned, len(here), size)
            self.thinned += len(here)
        return left


def _part(inside: np.ndarray, share: float) -> np.ndarray:
    """Flag a share of the rows inside, systematically."""
    return np.diff(np.floor(np.concatenate([[0], np.cumsum(inside)]) * share)) > 0
