"""Who lives where and stands on which list, month by month: entries, exits and changes of list.

Every list has exactly its target of persons every month. Those that a list has too many of are matched
with those that others lack, along the municipalities; all other changes are exchanges.
"""

from __future__ import annotations

import numpy as np

from registers.twin.doctors import Agreements, Targets, yearly_months
from registers.twin.effects import GRANT_FROM, GRANT_LENGTH, GRANT_RISE, Effects
from registers.twin.exact import Ints, chunks, every, grouped, largest_remainder, stride
from registers.twin.margins import Margins
from registers.twin.places import Places, class_shares
from registers.twin.waiting import Queue

CAUSES = ("selvvalgt direkte", "selvvalgt venteliste", "lege sluttet", "listereduksjon", "ny i ordningen")
DIRECT, WAITED, STOPPED, REDUCED, NEW = range(5)
NOWHERE = 65_535
OLDEST = 105
# The scheme began in June 2001.
SCHEME = (2001 - 2019) * 12 + 5
# Assumptions: exits in a year per person; share of entries at birth; how far off, in places along the
# municipalities, those who exchange lists stand; spread of list lengths and of their slopes.
EXITS, NEWBORN, NEAR, LENGTHS, SLOPES = 0.0135, 0.45, (150, 4000), 0.22, 0.012
# Exchanges that come to nothing, since one of the two changes list already.
LOST = 0.02


class Population:
    """All persons and their lists in one month; `step` makes the next.

    Attributes
    ----------
    place, born, sex : (n,) int
        Municipality, year of birth and 1 (man) or 2 of every person there ever is; the first `count` are.
    list : (n,) uint16
        `NOWHERE` for who is on none.
    since, cause : (n,) int
        When and why the person came to the list.
    ended : list of (person, list, since, until, cause)
        Spells that ended in the year.
    """

    def __init__(
        self,
        margins: Margins,
        places: Places,
        lists: Agreements,
        targets: Targets,
        effects: Effects,
        seed: int,
    ) -> None:
        self.margins, self.places, self.lists, self.targets = margins, places, lists, targets
        self.grant = effects.grunntilskudd
        self.rng = np.random.default_rng([seed, 4])
        self.month = 0
        self.ended: list[tuple[Ints, ...]] = []
        self.queue = Queue()
        self._series()
        self._shape()
        self.size = self.sizes(0)
        self._settle()
        self._sort()
        self._sign_up(0)

    def _series(self) -> None:
        """Say how many come, go, change and wait each month."""
        m, total = self.margins, self.targets.persons
        growth = np.diff(total, prepend=total[0])
        exits = np.where(np.arange(len(total)) > 0, np.floor(total * EXITS / 12), 0).astype(np.int64)
        self.exits = np.maximum(exits, -growth)
        self.entries = growth + self.exits
        chosen = m.along(yearly_months(m, "11", "selvvalgt"))
        other = m.along(yearly_months(m, "11", "ikke_selvvalgt"))
        share = m.fact("11", "listereduksjon_andel") / 100
        self.chosen = np.floor(total * chosen * (1 + LOST) / 12_000).astype(np.int64)
        self.reduced = np.floor(total * (chosen + other) * share / 12_000).astype(np.int64)
        self.waiting = np.floor(total * m.along(m.anchors("11.1", "venteliste")) / 1000 + 0.5).astype(
            np.int64
        )
        self.quick = m.fact("11", "tildelt_30_dager") / 100

    def _shape(self) -> None:
        lists = len(self.lists.place)
        self.base = self.rng.lognormal(0, LENGTHS, lists)
        self.slope = self.rng.normal(0, SLOPES, lists)
        self.granted = np.zeros(lists)
        first = self.margins.month(*GRANT_FROM)
        if first < self.margins.months:
            self.granted = (self.sizes(first) <= GRANT_LENGTH).astype(float)

    def sizes(self, t: int) -> Ints:
        """Return each list's length in a month: sums as printed, by class and by whether it has a doctor."""
        lists, klasse = self.lists, self.places.klasse[self.lists.place]
        there, mean = lists.came <= t, self.margins.class_means[t]
        with_doctor = there & (lists.doctor[t] > 0)
        # A new list fills up in a year.
        filled = np.where(lists.came > 0, np.clip((t - lists.came + 1) / 12, 0.1, 1), 1.0)
        rise = np.clip((t - self.margins.month(*GRANT_FROM)) / GRANT_RISE, 0, 1)
        shape = mean[klasse] * self.base * (1 + self.slope * t / 12) * filled
        shape *= 1 + self.grant * rise * self.granted
        found = np.zeros(len(there), np.int64)
        vacant = there & ~with_doctor
        without = int(self.targets.without[t]) if vacant.any() else 0
        found[vacant] = largest_remainder(without, shape[vacant])
        counts = np.bincount(klasse[with_doctor], minlength=6)
        by_class = largest_remainder(int(self.targets.persons[t]) - without, counts * mean)
        for k in np.flatnonzero(counts):
            inside = with_doctor & (klasse == k)
            found[inside] = largest_remainder(int(by_class[k]), shape[inside])
        return found

    def _settle(self) -> None:
        first = int(self.targets.persons[0])
        total = first + int(self.entries.sum())
        self.count = first
        self.place, self.born = np.zeros(total, np.int16), np.zeros(total, np.int16)
        self.place[:first] = self._residences()
        self.sex = (1 + (self.rng.random(total, dtype=np.float32) < 0.496)).astype(np.int8)
        self.born[:first] = self.margins.start - 1 - self._ages(self.place[:first])
        self.list = np.full(total, NOWHERE, np.uint16)
        self.list[:first] = np.repeat(np.arange(len(self.size), dtype=np.uint16), self.size)
        started = -self.rng.standard_exponential(first, dtype=np.float32)
        started = (75 * started).astype(np.int16)
        agreement = self.lists.since[0][self.list[:first]]
        oldest = np.maximum((self.born[:first] - self.margins.start) * 12, SCHEME)
        self.since, self.cause = np.zeros(total, np.int16), np.full(total, NEW, np.int8)
        self.since[:first] = np.maximum(np.maximum(started, agreement), oldest)
        self.cause[:first] = np.where(started < agreement, np.int8(STOPPED), np.int8(DIRECT))

    def _residences(self) -> Ints:
        """Return residences along the lists; a municipality without lists is served by its neighbour's."""
        places, index = self.places, np.arange(len(self.places.number))
        expected = (class_shares(self.margins) * self.margins.class_means[0])[places.klasse] * places.weight
        own = np.bincount(self.lists.place, self.size, minlength=len(expected)).astype(np.int64)
        hosts = np.flatnonzero(own)
        far = 1000 * (places.county_of[:, None] != places.county_of[hosts])
        host = np.where(own > 0, index, hosts[np.argmin(np.abs(index[:, None] - hosts) + far, axis=1)])
        guests = [np.flatnonzero(host == h) for h in hosts]
        parts = [largest_remainder(int(own[h]), expected[g]) for h, g in zip(hosts, guests, strict=True)]
        return np.repeat(np.concatenate(guests).astype(np.int16), np.concatenate(parts))

    def _ages(self, place: Ints) -> Ints:
        """Draw ages: the share of the old rises from the most to the least central class, as in the text."""
        age = np.arange(OLDEST + 1)
        young = age < 67
        pyramid = np.exp(-((age / 87.0) ** 8)) * (1 + 0.25 * np.exp(-(((age - 30) / 12) ** 2)))
        low, high = (self.margins.fact("11", f"over_67_klasse_{k}") / 100 for k in (1, 6))
        # The text is of the last year, and persons grow older until then.
        old = np.linspace(0.87 * low, 1.04 * high, 6)
        tables = [
            pyramid * np.where(young, (1 - k) / pyramid[young].sum(), k / pyramid[~young].sum()) for k in old
        ]
        cum = np.cumsum(np.array(tables) / np.sum(tables, axis=1, keepdims=True), axis=1)
        found = np.zeros(len(place), np.int16)
        for part in chunks(len(place)):
            # One table of six, each a step above the one before.
            klasse = self.places.klasse[place[part]]
            draw = self.rng.random(len(klasse)) + klasse
            found[part] = np.searchsorted((cum + np.arange(6)[:, None]).ravel(), draw) - klasse * len(age)
        return np.clip(found, 0, OLDEST)

    def _sort(self) -> None:
        """Order the persons by list, so that those on a list are a run."""
        parts = list(chunks(self.count))
        self.run = np.zeros(len(self.size), np.int64)
        for part in parts:
            self.run += np.bincount(self.list[part], minlength=NOWHERE + 1)[: len(self.run)]
        self.order = grouped(((part.start, self.list[part]) for part in parts), self.run)
        self.first = np.cumsum(self.run) - self.run
        self.present = int(self.run.sum())

    def _some(self, lists: Ints, wanted: Ints) -> Ints:
        """Return `wanted` different persons of each list."""
        offset = self.rng.integers(0, 1 << 30, len(lists))
        number = np.repeat(np.arange(len(lists)), wanted)
        within = np.arange(len(number)) - np.repeat(np.cumsum(wanted) - wanted, wanted)
        chosen = lists[number]
        spot = self.first[chosen] + (offset[number] + within) % self.run[chosen]
        return np.asarray(self.order[spot], dtype=np.int64)

    def _pairs(self, count: int) -> tuple[Ints, Ints]:
        """Return different persons, and for each another who stands near on the lists."""
        if self.present < 2 or not count:
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        first = int(self.rng.integers(0, self.present))
        spot = (first + np.arange(min(count, self.present)) * stride(self.present)) % self.present
        off = self.rng.integers(*NEAR, len(spot)) * self.rng.choice([-1, 1], len(spot))
        near = self.order[(spot + off) % self.present]
        return self.order[spot].astype(np.int64), near.astype(np.int64)

    def step(self) -> None:
        """Go on to the first of the next month."""
        self.month += 1
        t = self.month
        self._exit(t)
        self._sort()
        taken = np.flatnonzero(self.lists.taken_over[t])
        persons = self._some(taken, self.run[taken])
        self._move(t, persons, self.list[persons], STOPPED)
        self.size = self.sizes(t)
        lack = self.size - self.run
        donors, takers = np.flatnonzero(lack < 0), np.flatnonzero(lack > 0)
        leaving = self._some(donors, -lack[donors])
        slots = np.repeat(takers, lack[takers])
        arriving = every(0, len(slots), self.entries[t] / max(len(slots), 1) + 1e-12)
        self._enter(t, slots[arriving])
        self._change(t, leaving, slots[~arriving])
        self._sign_up(t)
        self.order = self.order[:0].copy()  # the next month makes its own

    def _exit(self, t: int) -> None:
        """Take away so many, more often the old."""
        wanted = int(self.exits[t])
        draws = self.rng.integers(0, self.count, 14 * wanted + 200)
        age = self.margins.start + t // 12 - self.born[draws]
        risk = 0.06 + np.exp((age - 88.0) / 9)
        kept = draws[(self.rng.random(len(draws)) < risk) & (self.list[draws] != NOWHERE)]
        gone = self.rng.permutation(np.unique(kept))[:wanted]
        if len(gone) < wanted:
            rest = np.setdiff1d(np.flatnonzero(self.list[: self.count] != NOWHERE), gone)
            gone = np.concatenate([gone, rest[: wanted - len(gone)]])
        self._log(t, gone)
        self.list[gone] = NOWHERE

    def _enter(self, t: int, lists: Ints) -> None:
        """Let new persons come to lists; they live where the first on the list does."""
        new = np.arange(self.count, self.count + len(lists))
        self.count += len(lists)
        like = self.order[np.minimum(self.first[lists], self.present - 1)]
        self.place[new] = np.where(self.run[lists] > 0, self.place[like], self.lists.place[lists])
        grown = np.clip(self.rng.normal(30, 11, len(lists)), 1, 80).astype(np.int64)
        age = np.where(self.rng.random(len(lists)) < NEWBORN, 0, grown)
        self.born[new] = self.margins.start + t // 12 - age
        self.list[new], self.since[new], self.cause[new] = lists, t, NEW

    def _change(self, t: int, leaving: Ints, to: Ints) -> None:
        """Make the changes that the lists' lengths ask for, and the exchanges beside them."""
        count = len(leaving)
        reduced = min(int(self.reduced[t]), count)
        cause = np.where(every(0, count, reduced / max(count, 1) + 1e-12), REDUCED, DIRECT)
        fast = np.flatnonzero(cause == DIRECT)[::2]
        cause[fast] = WAITED
        pairs = max(int(self.chosen[t]) - (count - reduced), 0) // 2
        self._pass_by(t, leaving[fast], to[fast])
        one, other = self._exchanges(t, pairs, len(fast), leaving)
        self._move(t, leaving, to, cause)
        lists = self.list[one].copy(), self.list[other].copy()
        self._move(t, one, lists[1], WAITED)
        self._move(t, other, lists[0], DIRECT)

    def _exchanges(self, t: int, pairs: int, fast: int, taken: Ints) -> tuple[Ints, Ints]:
        """Return pairs who exchange lists; most of the first have waited for the other's."""
        count = min(round((pairs + fast) * (1 - self.quick)), pairs, len(self.queue))
        turn = np.sort(self.rng.permutation(len(self.queue))[:count])
        turn = turn[self.run[self.queue.waiting.wanted[turn]] > 0]
        wanted = self.queue.waiting.wanted[turn]
        near = self._pairs(pairs - len(turn))
        one = np.concatenate([self.queue.waiting.person[turn], near[0]])
        other = np.concatenate([self._some(wanted, np.ones(len(turn), np.int64)), near[1]])
        ok = self._once(one, other, taken)
        quick = ok & (np.arange(len(one)) >= len(turn))
        self._pass_by(t, one[quick], self.list[other[quick]])
        self.queue.give(turn[ok[: len(turn)]], self._day(t))
        return one[ok], other[ok]

    def _once(self, one: Ints, other: Ints, taken: Ints) -> np.ndarray:
        """Tell which pairs are of persons on two lists who change nothing else this month."""
        _, which, times = np.unique(
            np.concatenate([taken, one, other]), return_inverse=True, return_counts=True
        )
        single = (times[which] == 1)[len(taken) :]
        lists = self.list[one], self.list[other]
        listed = (lists[0] != lists[1]) & (lists[0] != NOWHERE) & (lists[1] != NOWHERE)
        return np.asarray(single[: len(one)] & single[len(one) :] & listed)

    def _move(self, t: int, persons: Ints, to: Ints, cause: int | Ints) -> None:
        self._log(t, persons)
        self.list[persons], self.since[persons], self.cause[persons] = to, t, cause

    def _log(self, t: int, persons: Ints) -> None:
        """Remember spells that end; one that begins and ends on the same day never was."""
        ended = persons[(self.since[persons] < t) & (self.list[persons] != NOWHERE)]
        until = np.full(len(ended), t, np.int16)
        self.ended.append(
            (ended.astype(np.int32), self.list[ended], self.since[ended], until, self.cause[ended])
        )

    def _pass_by(self, t: int, persons: Ints, to: Ints) -> None:
        days = self.rng.integers(1, 29, len(persons))
        had = self.list[persons].astype(np.int64)
        self.queue.pass_by(persons, to.astype(np.int64), had, days, self._day(t))

    def _sign_up(self, t: int) -> None:
        """Let so many sign up that as many wait as is printed."""
        queue = self.queue
        on = self.list[queue.waiting.person]
        queue.keep((on != NOWHERE) & (on != queue.waiting.wanted))
        missing = int(self.waiting[t]) - len(queue)
        queue.keep(np.arange(len(queue)) < int(self.waiting[t]))
        waits = np.zeros(self.count, bool)
        waits[queue.waiting.person] = True
        persons, near = self._pairs(2 * missing + 20 if missing > 0 else 0)
        had, goal = self.list[persons].astype(np.int64), self.list[near].astype(np.int64)
        fit = np.flatnonzero((goal != had) & (goal != NOWHERE) & (had != NOWHERE) & ~waits[persons])[
            : max(missing, 0)
        ]
        days = self.rng.integers(1, 28 if t else 500, len(fit))
        queue.join(persons[fit], goal[fit], had[fit], self._day(t) - days)

    def _day(self, t: int) -> int:
        return int(first_day(self.margins.start, t))

    def end_year(self) -> None:
        """Forget what a year's delivery has told."""
        self.ended = []
        self.queue.given = self.queue.given[:1]


def first_day(start: int, t: int | Ints) -> Ints:
    """Return the first day of months counted from January of a year, in days since 1970.

    >>> int(first_day(1970, 1))
    31
    """
    month = np.asarray(t, dtype=np.int64) + (start - 1970) * 12
    days: Ints = month.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return days
