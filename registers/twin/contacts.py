"""Bills, tariffs and diagnoses, day by day: each day is a row group, and only one is in memory.

Persons of a cell lie together, and one is drawn at ``n · u²`` of a fixed order, so that some use much.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from registers.twin import codes
from registers.twin.continuity import Continuity, own_shares
from registers.twin.delegation import Delegation
from registers.twin.dirt import Dirt
from registers.twin.effects import NET_DOCTOR, Effects
from registers.twin.exact import (
    Floats,
    Ints,
    chunks,
    cumulative,
    every,
    grouped,
    largest_remainder,
    rounded_along,
    stride,
)
from registers.twin.margins import Margins
from registers.twin.people import NOWHERE, Population
from registers.twin.places import DISTRICTS
from registers.twin.strata import GROUPS, PER_PLACE, day_of, days, over_days, shapes, strata
from registers.twin.write import Delivery, labels, nullable

SERVICES, PRACTICES, ROLES = (
    ("Fastlege", "Legevakt", "Annet"),
    ("FALE", "FALØ", "LEVA", "KOLE"),
    ("lege", "sykepleier"),
)
EXEMPT = ("B", "F", "S")
GP, CONSULTATIONS = 6, 3  # strata of general practice, and those of them that are consultations, stand first
# Without identity (samhandlingsbarometeret 2015); of these, this share has no known residence either.
NO_IDENTITY, NO_RESIDENCE = {"Fastlege": 0.002, "Legevakt": 0.028, "Annet": 0.0}, 0.7
# Øre from the patient, and from the state besides: of consultations, home visits, others; assumptions.
_FEES = np.array([(0, 8_000), (18_100, 17_500), (27_200, 35_000)])


class Bills:
    """The bills of one year; `month` writes those of a month, as the lists are then."""

    def __init__(
        self,
        margins: Margins,
        population: Population,
        effects: Effects,
        year: int,
        last: int,
        seed: int,
        dirt: Dirt,
    ) -> None:
        self.margins, self.population, self.effects, self.dirt = margins, population, effects, dirt
        self.places, self.lists = population.places, population.lists
        self.year, self.seed, self.days = year, seed, days(year, last)
        self.strata = strata(margins, year)
        self.counts = np.array([over_days(stratum, year) for stratum in self.strata])
        self.kind = np.array([*(stratum.kind for stratum in self.strata), 0], np.int8)
        self.service = np.array([*(SERVICES.index(stratum.service) for stratum in self.strata), 0], np.int8)
        self._cells()
        self.plain = shapes(margins, self.places, self.persons)
        self.cum = {(0, name): cumulative(weights) for name, weights in self.plain.items()}
        use = self.plain["gp"].reshape(-1, PER_PLACE).sum(axis=1)
        self.continuity = Continuity(population, own_shares(margins, self.places, use, year, seed), use)
        self.tariffs = codes.Tariffs(
            margins, year, dict(zip((s.name for s in self.strata), self.counts, strict=True))
        )
        self.delegation = Delegation(margins, population.lists, year, seed)
        self.number = year * 100_000_000
        self.unnamed = dict.fromkeys(SERVICES, 0)

    def _cells(self) -> None:
        """Lay the persons by municipality, age and sex."""
        p, places = self.population, self.places
        size = PER_PLACE * len(places.number)

        def cell(part: slice) -> Ints:
            age = np.maximum(self.year - p.born[part], 0)
            group = np.searchsorted(GROUPS, age, side="right").astype(np.int16) - 1
            found = p.place[part] * PER_PLACE + group * 2 + (p.sex[part] - 1)
            return np.where(p.list[part] == NOWHERE, size, found).astype(np.int16)

        parts = list(chunks(p.count))
        self.persons = np.zeros(size, np.int64)
        for part in parts:
            self.persons += np.bincount(cell(part), minlength=size + 1)[:size]
        self.order = grouped(((part.start, cell(part)) for part in parts), self.persons)
        self.first = np.cumsum(self.persons) - self.persons
        self.stride = np.array([stride(int(n)) if n > 1 else 1 for n in self.persons])
        self.cell_place = np.repeat(np.arange(len(places.number), dtype=np.int16), PER_PLACE)
        self.codes = places.codes(self.year)
        base = np.array([DISTRICTS.get(int(n), (0, 1)) for n in places.number], np.int32)
        self.district = base[self.cell_place]

    def _shares(self, month: int, shape: str) -> Floats:
        """Return the cumulative shares of a kind of bill, less where a net doctor takes some of them."""
        began = [number for number, begins in NET_DOCTOR.items() if (self.year, month) >= begins]
        key = (len(began) if shape.startswith("out") and self.effects.nettlege else 0, shape)
        if key not in self.cum:
            inside = np.isin(self.places.number, began)[self.cell_place]
            self.cum[key] = cumulative(np.where(inside, 1 - self.effects.nettlege, 1.0) * self.plain[shape])
        return self.cum[key]

    def month(self, month: int, files: Delivery) -> None:
        """Write the bills of a month, one row group a day."""
        self.now = self.continuity.month(self.margins.month(self.year, month))
        start, end = day_of(self.year, month), min(days(self.year, month), self.days)
        nurses = self.delegation.month(month)
        many = largest_remainder(len(nurses.get("at", ())), self.counts[:GP, start:end].sum(axis=0) + 1e-9)
        ends = np.concatenate([[0], np.cumsum(many)])
        for day in range(start, end):
            part = slice(int(ends[day - start]), int(ends[day - start + 1]))
            rng = np.random.default_rng([self.seed, self.year, day])
            self._day(day, month, rng, files, {name: values[part] for name, values in nurses.items()})

    def _day(
        self, day: int, month: int, rng: np.random.Generator, files: Delivery, nurses: dict[str, Ints]
    ) -> None:
        stratum, cell, person, starts = self._draw(day, month, rng, nurses)
        if not len(cell):
            return
        chance = rng.integers(0, 65_536, len(cell), dtype=np.uint16).astype(np.int32)
        named = self._named(starts, len(cell))
        place = self.cell_place[cell]
        seen, doctor = self.continuity.practitioners(
            person, place, chance, named, starts[: CONSULTATIONS + 1], int(starts[GP])
        )
        kind, (main, extra, diagnosis) = self.kind[stratum], self._tariffs(starts, len(cell), day, rng)
        role, delegating, tail = np.zeros(len(cell), np.int8), None, slice(int(starts[-1]), None)
        if len(nurses.get("at", ())):
            seen[tail], kind[tail], main[tail], extra[tail] = (
                nurses[n] for n in ("at", "kind", "main", "extra")
            )
            role[tail] = 1
            delegating = nullable(self.now.doctor[seen], role == 0, "int32")
            doctor[tail] = nurses["nurse"]
        numbers = self.number + np.arange(len(cell))
        self.number += len(cell)
        columns = self._patient(person, cell, named, chance) | {
            "aar": self.year,
            "enkeltregning_lnr": numbers,
            "dato": (np.datetime64(f"{self.year}-01-01") + day).astype(object),
            "kontakttype": kind,
            "behandler_lnr": doctor,
            "behandler_rolle": labels(role, ROLES),
            "delegert_av_lnr": delegating,
        }
        columns |= self._practice(self.service[stratum], seen, chance) | _paid(
            kind, columns.pop("barn"), chance
        )
        keep = self.delegation.kept(
            kind, role, self.lists.office[seen], stratum < GP, month, self.effects.delegering
        )
        with_tariff, with_diagnosis = self.dirt.soil(
            day, columns, np.flatnonzero(named & (stratum == CONSULTATIONS)), self.codes
        )
        files["regning"].add({name: _take(value, keep) for name, value in columns.items()})
        _write_tariffs(files, self.year, numbers, main, extra, keep & with_tariff)
        _write_diagnoses(files, self.year, numbers, diagnosis, keep & with_diagnosis)

    def _draw(
        self, day: int, month: int, rng: np.random.Generator, nurses: dict[str, Ints]
    ) -> tuple[Ints, Ints, Ints, Ints]:
        """Return stratum, cell and person of a day's bills, nurses' last, and where each stratum begins."""
        shifts = rng.random(len(self.strata))
        parts = [
            rounded_along(int(self.counts[i, day]), self._shares(month, one.shape), shifts[i])
            for i, one in enumerate(self.strata)
        ]
        starts = np.concatenate([[0], np.cumsum([part.sum() for part in parts])])
        cell = np.repeat(
            np.tile(np.arange(len(self.persons), dtype=np.int16), len(parts)), np.concatenate(parts)
        )
        stratum = np.repeat(np.arange(len(parts), dtype=np.int8), np.diff(starts))
        if len(at := nurses.get("at", np.zeros(0, np.int64))):
            # The patient of a nurse lives where the office is.
            of = self.lists.place[at] * PER_PLACE
            living = self.persons.reshape(-1, PER_PLACE)[self.lists.place[at]]
            which = (living.cumsum(axis=1) <= (rng.random(len(at)) * living.sum(axis=1))[:, None]).sum(axis=1)
            cell = np.concatenate([cell, (of + np.minimum(which, PER_PLACE - 1)).astype(np.int16)])
            stratum = np.concatenate([stratum, np.full(len(at), len(parts), np.int8)])
        number = self.persons[cell]
        u = rng.random(len(cell), dtype=np.float32)
        within = np.minimum((number * u * u).astype(np.int64), number - 1)
        person = self.order[self.first[cell] + within * self.stride[cell] % number]
        return stratum, cell, person, starts

    def _named(self, starts: Ints, count: int) -> np.ndarray:
        """Tell whose identity is known: all but an exact share of each service."""
        found = np.ones(count, bool)
        for i, one in enumerate(self.strata):
            size = int(starts[i + 1] - starts[i])
            unknown = every(self.unnamed[one.service], size, NO_IDENTITY[one.service])
            found[starts[i] : starts[i + 1]] = ~unknown
            self.unnamed[one.service] += size
        return found

    def _tariffs(
        self, starts: Ints, count: int, day: int, rng: np.random.Generator
    ) -> tuple[Ints, Ints, Ints]:
        parts = [
            self.tariffs.of(one.name, day, int(starts[i + 1] - starts[i]), rng)
            for i, one in enumerate(self.strata)
        ]
        rest = count - int(starts[-1])
        parts.append(
            (np.zeros(rest, np.int16), np.full(rest, -1, np.int16), codes.usual_diagnoses(rng, rest))
        )
        main, extra, diagnosis = (np.concatenate(columns) for columns in zip(*parts, strict=True))
        return main, extra, diagnosis

    def _patient(self, person: Ints, cell: Ints, named: np.ndarray, chance: Ints) -> dict[str, Any]:
        born = self.population.born[person]
        age = np.clip(self.year - born, 0, 120)
        away = ~named & (chance < NO_RESIDENCE * 65_536)
        code = np.where(away, np.int16(-1), self.codes[self.cell_place[cell]])
        district, many = self.district[cell].T
        sex = (cell % 2 + 1).astype(np.int8)
        return {
            "kpr_lnr": nullable(person.astype(np.int64) + 1, ~named, "int64"),
            "kjonn": sex,
            "kjonnK": sex,
            "alder": nullable(age, ~named, "int16"),
            "fodselsaar": nullable(born, ~named, "int16"),
            "kommuneNr": code,
            "kommunenrPB": code,
            "bydel": nullable(district + person % many, (district == 0) | away, "int32"),
            "barn": age < 16,
        }

    def _practice(self, service: Ints, seen: Ints, chance: Ints) -> dict[str, Any]:
        practice = np.where(service == 0, self.now.salaried[seen], service + 1)
        return {
            "klokkeslett": np.where(service == 0, 480 + chance % 480, chance % 1440),
            "tjenestetype": labels(service, SERVICES),
            "praksiskommune": self.codes[self.lists.place[seen]],
            "praksistype": labels(practice, PRACTICES),
            "kontor_lnr": nullable(self.lists.office[seen], service > 0, "int32"),
        }


def _paid(kind: Ints, child: np.ndarray, chance: Ints) -> dict[str, Any]:
    """Return exemption, what the patient pays and what the state pays."""
    exempt = np.where(child, 0, np.where(chance % 7 < 2, 1, np.where(chance % 97 == 0, 2, 3))).astype(np.int8)
    patient, state = _FEES[np.where(kind == 3, 1, np.where(kind == 4, 2, 0))].T
    pays = exempt == 3
    return {
        "fritakskode": labels(np.minimum(exempt, 2), EXEMPT, ~pays),
        "egenandelPasient": np.where(pays, patient, 0),
        "refusjonutbetaltbelop": np.where(pays, state, patient + state),
    }


def _take(value: Any, keep: np.ndarray) -> Any:
    if keep.all():
        return value
    if isinstance(value, np.ndarray):
        return value[keep]
    return value.filter(pa.array(keep)) if isinstance(value, pa.Array) else value


def _write_tariffs(
    files: Delivery, year: int, numbers: Ints, main: Ints, extra: Ints, keep: np.ndarray
) -> None:
    times = keep * (1 + (extra >= 0))
    which = np.repeat(np.arange(len(main)), times)
    code = main[which]
    second = times == 2
    code[np.cumsum(times)[second] - 1] = extra[second]
    files["takst"].add(
        {
            "aar": year,
            "enkeltregning_lnr": numbers[which],
            "takstkode": labels(code, codes.TARIFFS),
            "antall": 1,
        }
    )


def _write_diagnoses(files: Delivery, year: int, numbers: Ints, diagnosis: Ints, keep: np.ndarray) -> None:
    # One bill in eight has a second.
    times = keep * (1 + (numbers % 8 == 0))
    which = np.repeat(np.arange(len(numbers)), times)
    second = np.cumsum(times)[times == 2] - 1
    code, place = diagnosis[which], np.ones(len(which), np.int8)
    code[second], place[second] = (code[second] + 7) % len(codes.DIAGNOSES), 2
    files["diagnose"].add(
        {
            "aar": year,
            "enkeltregning_lnr": numbers[which],
            "kodeNr": place,
            "diagnoseKode": labels(code, codes.DIAGNOSES),
            "diagnoseTabell": "ICPC-2",
            "erHoveddiagnose": 2 - place,
        }
    )
