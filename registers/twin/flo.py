"""Lists, doctors, spells, substitutes and waiting lists, as FLO delivers them."""

from __future__ import annotations

import numpy as np

from registers.twin.doctors import NEVER
from registers.twin.exact import Ints, largest_remainder
from registers.twin.margins import Margins
from registers.twin.people import CAUSES, NOWHERE, Population, first_day
from registers.twin.places import Places
from registers.twin.substitutes import substitutes
from registers.twin.write import Delivery, labels, nullable

FORMS, STATUS = ("næringsdrivende", "fast ansatt"), ("åpen", "lukket", "midlertidig lukket")
GROUNDS, SKILLS = ("fravær", "ubesatt"), ("spesialist", "overgang", "LIS1", "ikke LIS1")
COUNTRIES = ("Norge", "Polen", "Danmark", "Ungarn", "Slovakia", "Sverige", "Tyskland", "andre land")
_COUNTRY = (0.55, 0.12, 0.06, 0.06, 0.05, 0.05, 0.05, 0.06)
CHUNK = 500_000


class Flo:
    """Writes the list register of one year, month by month."""

    def __init__(self, margins: Margins, population: Population, seed: int) -> None:
        self.margins, self.population, self.lists = margins, population, population.lists
        self.seed = seed
        rng = np.random.default_rng([seed, 7])
        count = len(self.lists.place)
        self.turn, self.room = rng.random(count), rng.exponential(1, count)
        self.open_share = _open_shares(margins, population.places)[
            population.places.county_of[self.lists.place]
        ]
        self.country = np.searchsorted(np.cumsum(_COUNTRY), rng.random(200_000))

    def caps(self, t: int) -> tuple[Ints, Ints]:
        """Return each list's cap, and whether it is open (0), closed or closed for a time.

        Places free are as printed: on all lists, on those with a doctor, and on the open ones.
        """
        size, doctor = self.population.size, self.lists.doctor[t] > 0
        there = self.lists.came <= t
        m = self.margins
        rate = {
            row: float(m.along(m.anchors("11.1", row))[t]) / 1000
            for row in ("ledige_alle", "ledige_med", "ledige_aapne")
        }
        held = int(size[doctor].sum())
        free_with = round(rate["ledige_med"] * held)
        open_ = doctor & (self.turn < self.open_share)
        free_open = max(round(rate["ledige_aapne"] * held), 0)
        free = np.zeros(len(size), np.int64)
        if open_.any():
            free[open_] = 10 + largest_remainder(max(free_open - 10 * int(open_.sum()), 0), self.room[open_])
        rest = doctor & ~open_
        missing = free_with - int(free[doctor].sum())
        # The open lists may have less room than all with a doctor: then closed lists have some too.
        fill = rest & (self.turn > 0.6) if (rest & (self.turn > 0.6)).any() else rest
        if fill.any():
            free[fill] += np.sign(missing) * largest_remainder(abs(missing), (self.room * size)[fill])
        vacant = there & ~doctor
        if vacant.any():
            free[vacant] = largest_remainder(
                max(round(rate["ledige_alle"] * int(size.sum())) - free_with, 0), self.room[vacant]
            )
        status = np.where(open_, 0, np.where(self.turn > 0.97, 2, 1))
        return np.maximum(size + free, 0), status

    def month(self, t: int, files: Delivery) -> None:
        """Write a month's lists."""
        lists, at = self.lists, np.flatnonzero(self.lists.came <= t)
        cap, status = self.caps(t)
        year = self.margins.start + t // 12
        doctor, since, vacant = lists.doctor[t, at], lists.since[t, at], lists.vacant_since[t, at]
        start = self.margins.start
        files["liste"].add(
            {
                "maaned": np.full(len(at), first_day(start, t)),
                "liste_lnr": at + 1,
                "kommuneNr": self.population.places.codes(year)[lists.place[at]],
                "kontor_lnr": lists.office[at],
                "lege_lnr": nullable(doctor, doctor == 0, "int32"),
                "driftsform": labels(lists.salaried[t, at].astype(np.int16), FORMS),
                "listetak": cap[at],
                "listelengde": self.population.size[at],
                "status": labels(status[at], STATUS),
                # A list that is vacant on the first has been so since the middle of the month before.
                "ubesatt_fra": nullable(first_day(start, vacant) - 16, vacant == NEVER, "date"),
                "fellesliste": 0,
                "avtale_fra": nullable(first_day(start, since), doctor == 0, "date"),
                "avtale_til": None,
            }
        )

    def year_end(self, year: int, files: Delivery) -> None:
        """Write what the year leaves: spells, waiting lists, substitutes and doctors."""
        self._spells(year, files)
        self._waiting(year, files)
        self._substitutes(year, files)
        self._doctors(year, files)

    def _spells(self, year: int, files: Delivery) -> None:
        p = self.population
        codes = p.places.codes(year)

        def add(person: Ints, listed: Ints, since: Ints, until: Ints | None, cause: Ints) -> None:
            files["tilknytning"].add(
                {
                    "kpr_lnr": person.astype(np.int64) + 1,
                    "liste_lnr": listed.astype(np.int32) + 1,
                    "fra": first_day(self.margins.start, since),
                    "til": None if until is None else first_day(self.margins.start, until),
                    "inn_aarsak": labels(cause, CAUSES),
                    "fodselsaar": p.born[person],
                    "kommuneNr": codes[p.place[person]],
                }
            )

        for spell in p.ended:
            if len(spell[0]):
                add(*spell)
        for first in range(0, p.count, CHUNK):
            person = first + np.flatnonzero(p.list[first : min(first + CHUNK, p.count)] != NOWHERE)
            if len(person):
                add(person, p.list[person], p.since[person], None, p.cause[person])

    def _waiting(self, year: int, files: Delivery) -> None:
        p = self.population
        codes = p.places.codes(year)
        person, wanted, signed, given, had = p.queue.year()
        if len(person):
            files["venteliste"].add(
                {
                    "kpr_lnr": person + 1,
                    "liste_lnr": wanted + 1,
                    "kommuneNr": codes[self.lists.place[wanted]],
                    "bostedskommune": codes[p.place[person]],
                    "fra_kommune": codes[self.lists.place[had]],
                    "satt_opp": signed,
                    "tildelt": nullable(np.maximum(given, 0), given < 0, "date"),
                }
            )
        else:
            files["venteliste"]

    def _substitutes(self, year: int, files: Delivery) -> None:
        rows = substitutes(self.margins, self.lists, year, self.seed)
        if not len(rows["liste_lnr"]):
            files["vikaravtale"]
            return
        rows["utdanningsland"] = labels(self.country[rows["vikar_lnr"] % len(self.country)], COUNTRIES)
        rows["grunn"], rows["kompetanse"] = labels(rows["grunn"], GROUNDS), labels(rows["kompetanse"], SKILLS)
        files["vikaravtale"].add(rows)

    def _doctors(self, year: int, files: Delivery) -> None:
        lists, last = self.lists, min(self.margins.month(year, 12), self.margins.months - 1)
        doctor = np.unique(lists.doctor[: last + 1])
        doctor = doctor[doctor > 0]
        special, born = lists.specialist[doctor], lists.born[doctor]
        licensed = (born + 27 - 1970) * 365 + 180
        files["lege"].add(
            {
                "lege_lnr": doctor,
                "fodselsaar": born,
                "kjonn": 1 + lists.woman[doctor].astype(np.int8),
                "spesialist_fra": nullable(
                    first_day(self.margins.start, np.where(special > last, 0, special)),
                    special > last,
                    "date",
                ),
                "autorisasjon": licensed,
                "utdanningsland": labels(self.country[doctor % len(self.country)], COUNTRIES),
                "lis1_fullfort": licensed + 540,
            }
        )


def _open_shares(margins: Margins, places: Places) -> np.ndarray:
    """Return the share of open lists by county: country, highest and lowest as the text has them."""
    country, low, high = (
        margins.fact("11", key) / 100 for key in ("aapne_lister", "aapne_vestland", "aapne_oslo")
    )
    found = np.full(len(places.counties), country)
    found[list(places.counties).index("03")], found[list(places.counties).index("46")] = high, low
    return found
