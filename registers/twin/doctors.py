"""Who has which list, month by month: new lists, doctors who start and stop, lists that stand vacant."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from registers.twin.exact import Floats, Ints, largest_remainder
from registers.twin.margins import Margins
from registers.twin.places import VACANCY, Places, list_places

BEFORE = -300  # months before the first that any agreement may have begun
# Of the lists that change doctors with each other, how many have already had a new one in the year.
AGAIN = 0.75
# How long lists that doctors leave are, of their class's mean.
SHORT = 0.82
FIRST_DOCTOR = 1


@dataclass(frozen=True)
class Agreements:
    """Every list in every month, (months, lists).

    Attributes
    ----------
    place : (lists,) int
        Municipality; lists are sorted by it, and in it by when they came.
    came : (lists,) int
        First month of the list; zero and below for those that were there.
    office : (lists,) int
    doctor : (months, lists) int
        Number of the doctor, zero on a list without one.
    since, vacant_since : (months, lists) int
        Month that the agreement began; month from which the list has had no doctor.
    salaried, taken_over : (months, lists) bool
        A list is taken over in a month when its doctor is another than the one before.
    born, woman, specialist : (doctors + 1,)
        Of each doctor; `specialist` is a month, `NEVER` for none.
    """

    place: Ints
    came: Ints
    office: Ints
    doctor: np.ndarray
    since: np.ndarray
    vacant_since: np.ndarray
    salaried: np.ndarray
    taken_over: np.ndarray
    born: np.ndarray
    woman: np.ndarray
    specialist: np.ndarray

    @property
    def there(self) -> np.ndarray:
        """(months, lists) bool: the list exists."""
        return np.arange(len(self.doctor))[:, None] >= self.came[None, :]


NEVER = 10_000


@dataclass(frozen=True)
class Targets:
    """Persons by month, as printed at the scale: on a list in all, and on lists without a doctor."""

    persons: Ints
    without: Ints


class _Lists:
    """The state that one month leaves to the next."""

    def __init__(self, margins: Margins, places: Places, seed: int) -> None:
        self.margins, self.places = margins, places
        self.rng = np.random.default_rng([seed, 2])
        self._targets()
        total = int(self.lists.max())
        self.place = list_places(places, margins, total, self.vacant[0] / self.lists[0])
        self.came = _arrivals(self.lists, self.place, self.rng)
        order = np.lexsort((self.came, self.place))
        self.place, self.came = self.place[order], self.came[order]
        self.office = _offices(self.place)
        self.is_salaried = self._salaried()
        self.next_doctor = FIRST_DOCTOR
        shape = (margins.months, total)
        self.doctor = np.zeros(shape, np.int32)
        self.since = np.zeros(shape, np.int16)
        self.vacant_since = np.full(shape, NEVER, np.int16)
        self.taken = np.zeros(shape, bool)
        self.stubborn = self.rng.random(total)
        self.specialist: dict[int, int] = {}
        self.woman = np.zeros(0, bool)

    def _targets(self) -> None:
        m = self.margins
        persons = m.along(m.anchors("11.1", "innbyggere_uten"))
        have = {month: value * 1000 for month, value in m.anchors("11.1", "innbyggere_med").items()}
        total = {month: have[month] + persons[month] for month in have}
        total[0] = m.population[m.start]
        self.persons = m.counts(total)
        self.without = m.counts(m.anchors("11.1", "innbyggere_uten"))
        with_doctor = m.anchors("11.1", "lister_med")
        for month, mean in m.mean_length.items():
            if month not in with_doctor:
                with_doctor[month] = (m.along(total)[month] - persons[month]) / mean
        self.vacant = m.counts(m.anchors("11.1", "lister_uten"))
        printed = m.anchors("11.1", "lister")
        lists = {
            month: printed.get(month, with_doctor[month] + m.along(m.anchors("11.1", "lister_uten"))[month])
            for month in with_doctor
        }
        self.lists = np.maximum.accumulate(np.maximum(m.counts(lists), 1))
        # The strata are all lists and the vacant ones; those with a doctor are the rest.
        self.vacant = np.clip(self.vacant, 0, self.lists - 1)
        self.without = np.where(self.vacant > 0, self.without, 0)
        self.long_vacant = np.minimum(m.counts(m.anchors("11.1", "ubesatt_over_aar")), self.vacant)
        self.salaried = np.minimum(m.counts(m.anchors("11.1", "lister_fast")), self.lists)
        self.doctors = np.clip(m.counts(m.anchors("11.1", "fastleger")), 1, self.lists - self.vacant)
        self.women = m.along(m.anchors("11.1", "andel_kvinner")) / 100
        self.specialists = np.minimum(m.counts(m.anchors("11.1", "spesialister")), self.doctors)

    def _chosen(self) -> np.ndarray:
        """Tell which lists are salaried in the last month: by county and class as table 11.3 has it."""
        place = self.place
        share = _salaried_shares(self.margins, self.places)[
            self.places.county_of[place], self.places.klasse[place]
        ]
        cell = self.places.county_of[place] * 6 + self.places.klasse[place]
        chosen = np.zeros(len(place), bool)
        # New lists are more often salaried, and the doctors who start on them.
        key = self.rng.random(len(place)) - 0.4 * (self.came > 0)
        counts = np.bincount(cell, minlength=cell.max() + 1)
        wanted = np.minimum(largest_remainder(int(self.salaried[-1]), np.bincount(cell, share)), counts)
        for number in np.flatnonzero(wanted):
            inside = np.flatnonzero(cell == number)
            chosen[inside[np.argsort(key[inside], kind="stable")[: wanted[number]]]] = True
        return chosen

    def _salaried(self) -> np.ndarray:
        """Return which lists are salaried in each month: exactly as many as are printed."""
        chosen, draw = self._chosen(), self.rng.random(len(self.place))
        found = np.zeros((self.margins.months, len(self.place)), bool)
        for t in range(self.margins.months):
            now = found[max(t - 1, 0)].copy()
            missing = int(self.salaried[t]) - int(now.sum())
            order = np.lexsort((draw, -self.came, ~chosen))
            if missing > 0:
                now[order[(~now & (self.came <= t))[order]][:missing]] = True
            elif missing < 0:
                now[order[now[order]][missing:]] = False
            found[t] = now
        return found

    def new_doctors(self, count: int) -> Ints:
        """Return doctors who have had no list before."""
        found = np.arange(self.next_doctor, self.next_doctor + count)
        self.next_doctor += count
        return found

    def begin(self) -> None:
        there = self.came <= 0
        vacant = self._small(np.flatnonzero(there), int(self.vacant[0]))
        age = self.rng.integers(0, 12, len(vacant))
        long = int(self.long_vacant[0])
        age[:long] = self.rng.integers(12, 40, long)
        self.vacant_since[0, vacant] = -age
        with_doctor = np.flatnonzero(there & (self.vacant_since[0] == NEVER))
        self.doctor[0, with_doctor] = self.new_doctors(len(with_doctor))
        spare = len(with_doctor) - int(self.doctors[0])
        self._share(0, with_doctor, spare)
        self.since[0, with_doctor] = np.maximum(-self.rng.exponential(90, len(with_doctor)), BEFORE).astype(
            int
        )
        self._specialise(0)

    def _share(self, t: int, lists: Ints, count: int) -> None:
        """Let doctors of neighbouring lists have one more, and the other doctor go."""
        at = np.linspace(1, len(lists) - 1, count + 2)[1:-1].astype(int) if count > 0 else np.zeros(0, int)
        self.doctor[t, lists[at]] = self.doctor[t, lists[at - 1]]

    def _small(self, lists: Ints, count: int) -> Ints:
        """Draw lists, more often in the least central municipalities, where they are short."""
        klasse = self.places.klasse[self.place[lists]]
        key = self.rng.random(len(lists)) ** (1.0 / VACANCY[klasse])
        return lists[np.argsort(-key, kind="stable")[:count]]

    def step(self, t: int) -> None:
        doctor = self.doctor[t - 1].copy()
        since, vacant_since = self.since[t - 1].copy(), self.vacant_since[t - 1].copy()
        new = np.flatnonzero(self.came == t)
        multiple = np.bincount(doctor, minlength=self.next_doctor) > 1
        single = np.flatnonzero((doctor > 0) & ~multiple[doctor])
        queue = np.flatnonzero((vacant_since != NEVER) & (self.came < t))
        surplus = max(int(np.sum(t - vacant_since[queue] >= 12)) - int(self.long_vacant[t]), 0)
        stopped = self._stops(t, single, int(self.vacant[t]) - len(queue) + surplus)
        filled, left = self._turnover(t, doctor, queue, stopped, vacant_since)
        doctor[stopped], vacant_since[left], since[left] = 0, t, 0
        doctor[left] = 0
        opened = np.concatenate([new, np.setdiff1d(stopped, left), filled])
        vacant_since[filled] = NEVER
        extra = (int(self.lists[t] - self.vacant[t]) - int(self.doctors[t])) - _extras(
            doctor, self.next_doctor
        )
        doctor[opened] = self.new_doctors(len(opened))
        since[opened] = t
        self._adjust(t, doctor, since, opened, extra)
        self._swap(t, doctor, since, opened)
        self.taken[t] = (doctor != self.doctor[t - 1]) & (doctor > 0) & (self.came < t)
        self.doctor[t], self.since[t], self.vacant_since[t] = doctor, since, vacant_since
        self._specialise(t)

    def _stops(self, t: int, single: Ints, least: int) -> Ints:
        yearly = self.margins.fact("11", "sluttet_per_aar") * self.margins.scale / 12
        count = int(np.floor(yearly * (t + 1)) - np.floor(yearly * t))
        salaried = self.is_salaried[t - 1][single]
        key = self.rng.random(len(single)) ** (1.0 / np.where(salaried, 2.5, 1.0))
        return np.sort(single[np.argsort(-key, kind="stable")[: min(max(count, least), len(single))]])

    def _turnover(
        self, t: int, doctor: np.ndarray, queue: Ints, stopped: Ints, vacant_since: np.ndarray
    ) -> tuple[Ints, Ints]:
        """Return which vacant lists get a doctor, and which of those just left become vacant."""
        target = int(self.vacant[t])
        age = t - vacant_since[queue]
        old = queue[age >= 12]
        surplus = max(len(old) - int(self.long_vacant[t]), 0)
        young = queue[age < 12]
        least = max(target - len(queue), surplus + target - len(queue), 0)
        left = min(max(least, round(0.6 * len(stopped))), len(stopped))
        fill = max(len(queue) + left - target, 0)
        from_old = old[np.argsort(self.stubborn[old], kind="stable")[:surplus]]
        more = max(fill - surplus, 0)
        from_young = young[np.argsort(self.stubborn[young], kind="stable")[:more]]
        rest = np.setdiff1d(old, from_old)[: max(more - len(from_young), 0)]
        gone = self._small(stopped, left).copy()
        new = np.flatnonzero(self.came == t)
        filled = np.concatenate([from_old, from_young, rest])
        gone = self._balanced(
            t, np.union1d(np.flatnonzero(doctor > 0), np.concatenate([filled, new])), stopped, gone
        )
        self.stubborn[gone] = self.rng.random(len(gone))
        return filled, gone

    def _balanced(self, t: int, occupied: Ints, stopped: Ints, gone: Ints) -> Ints:
        """Exchange lists that become vacant, so that table 11.2's means give the country's persons."""
        mean = self.margins.class_means[t][self.places.klasse[self.place]]
        wanted = self.persons[t] - self.without[t]
        stay = np.setdiff1d(stopped, gone)
        for _ in range(8):
            surplus = mean[occupied].sum() - mean[gone].sum() - wanted
            gain = mean[stay][None, :] - mean[gone][:, None] if len(stay) and len(gone) else np.zeros((0, 0))
            if not gain.size or np.abs(surplus - gain).min() >= abs(surplus):
                break
            i, j = np.unravel_index(np.argmin(np.abs(surplus - gain)), gain.shape)
            gone[i], stay[j] = stay[j], gone[i]
        return gone

    def _adjust(self, t: int, doctor: np.ndarray, since: np.ndarray, opened: Ints, extra: int) -> None:
        """Keep the number of doctors: some open lists go to one who has a list, or the reverse."""
        if extra > 0:
            own = np.setdiff1d(np.flatnonzero(doctor > 0), opened)
            multiple = np.bincount(doctor, minlength=self.next_doctor) > 1
            own = own[~multiple[doctor[own]]]
            for target in opened[:extra]:
                if len(own):
                    doctor[target] = doctor[own[np.argmin(np.abs(own - target))]]
                    own = own[doctor[own] != doctor[target]]
        elif extra < 0:
            multiple = np.bincount(doctor, minlength=self.next_doctor) > 1
            second = np.flatnonzero((doctor > 0) & multiple[doctor])
            _, first = np.unique(doctor[second], return_index=True)
            give = np.delete(second, first)[:-extra]
            doctor[give] = self.new_doctors(len(give))
            since[give] = t

    def _swap(self, t: int, doctor: np.ndarray, since: np.ndarray, opened: Ints) -> None:
        """Let doctors exchange lists, so that as many persons get a new one as the text says."""
        rate = self.margins.along(yearly_months(self.margins, "11", "ikke_selvvalgt")) / 1000
        share = self.margins.fact("11", "listereduksjon_andel") / 100
        wanted = self.persons[t] * rate[t] * (1 - 2 * share) / 12
        mean = self.margins.class_means[t][self.places.klasse[self.place]]
        old = opened[self.came[opened] < t]
        vacant = int(np.sum(self.doctor[t - 1][old] == 0))
        have = SHORT * mean[old].sum() * (1 - vacant / max(len(old), 1))
        have += vacant * self.without[t - 1] / max(self.vacant[t - 1], 1)
        count = max(round((wanted - have) / (2 * mean.mean())), 0)
        multiple = np.bincount(doctor, minlength=self.next_doctor) > 1
        free = np.setdiff1d(np.flatnonzero((doctor > 0) & ~multiple[doctor]), opened)
        # Some lists change doctor again and again.
        new = since[free] >= t - t % 12
        pairs = [_pairs(self.rng, free[new], round(AGAIN * count))]
        pairs.append(_pairs(self.rng, free[~new], count - len(pairs[0])))
        one, other = np.concatenate(pairs).T
        doctor[one], doctor[other] = doctor[other], doctor[one].copy()
        since[one] = since[other] = t

    def _specialise(self, t: int) -> None:
        """Let as many be specialists, and as many of the new ones be women, as are printed."""
        doctors = np.unique(self.doctor[t][self.doctor[t] > 0])
        new = doctors[doctors >= len(self.woman)]
        self.woman = np.concatenate([self.woman, np.zeros(self.next_doctor - len(self.woman), bool)])
        lacking = round(self.women[t] * len(doctors)) - int(self.woman[doctors].sum())
        self.woman[self.rng.permutation(new)[: max(lacking, 0)]] = True
        has = np.array([self.specialist.get(d, NEVER) <= t for d in doctors.tolist()], dtype=bool)
        missing = int(self.specialists[t]) - int(has.sum())
        for d in doctors[~has][: max(missing, 0)].tolist():
            self.specialist[d] = t if t else -int(self.rng.integers(1, 240))


def _pairs(rng: np.random.Generator, lists: Ints, count: int) -> Ints:
    """Return pairs of neighbouring lists, (count, 2)."""
    pairs = lists[: len(lists) // 2 * 2].reshape(-1, 2)
    return rng.permutation(pairs)[:count]


def _extras(doctor: np.ndarray, most: int) -> int:
    lists = np.bincount(doctor, minlength=most)[1:]
    return int(np.maximum(lists - 1, 0).sum())


def _arrivals(lists: Ints, place: Ints, rng: np.random.Generator) -> Ints:
    """Return the month that each list came; those of a month are drawn from all places."""
    came = np.zeros(len(place), np.int64)
    order = rng.permutation(len(place))
    came[order[: len(place)]] = np.searchsorted(lists, np.arange(1, len(place) + 1), side="left")
    return came


def _offices(place: Ints) -> Ints:
    """Return each list's office: three to six neighbours in a municipality share one."""
    position = np.arange(len(place)) - np.searchsorted(place, place)
    size = 3 + place % 4
    key = place * 1000 + position // size
    return 1 + np.unique(key, return_inverse=True)[1]


def _salaried_shares(margins: Margins, places: Places) -> Floats:
    """Return table 11.3's share by (county, class); where it has none, the class's."""
    rows = {_plain(name): key for key in margins.edition.table("11.3").rows for name in [key]}
    found = np.zeros((len(places.counties), 6))
    for i, county in enumerate(places.counties):
        row = rows.get(_plain(places.county_name[county].split(" - ")[0]), "alle")
        for k in range(6):
            value = margins.cell("11.3", row, f"sentralitet_{k + 1}")
            found[i, k] = margins.number("11.3", "alle", f"sentralitet_{k + 1}") if value is None else value
    return found / 100


def _plain(name: str) -> str:
    return name.lower().replace("ø", "o").replace("å", "a").replace("æ", "a").replace(" ", "_")


def yearly_months(margins: Margins, chapter: str, prefix: str) -> dict[int, float]:
    """Return yearly facts as anchors in the first and the last month of their years."""
    told = margins.yearly(chapter, prefix)
    return {margins.month(year, month): value for year, value in told.items() for month in (1, 12)}


def agreements(margins: Margins, places: Places, seed: int) -> tuple[Agreements, Targets]:
    """Return every list in every month, and the numbers of persons that they are to hold."""
    lists = _Lists(margins, places, seed)
    lists.begin()
    for t in range(1, margins.months):
        lists.step(t)
    rng = np.random.default_rng([seed, 3])
    total = lists.next_doctor
    born = margins.start - 47 + rng.integers(-20, 21, total)
    specialist = np.array([lists.specialist.get(d, NEVER) for d in range(total)])
    made = Agreements(
        lists.place,
        lists.came,
        lists.office,
        lists.doctor,
        lists.since,
        lists.vacant_since,
        lists.is_salaried,
        lists.taken,
        born,
        lists.woman,
        specialist,
    )
    return made, Targets(lists.persons, lists.without)
