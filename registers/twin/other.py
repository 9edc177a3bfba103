"""What is not bills or lists: population, work, approvals, grants, dispensings, survey answers."""

from __future__ import annotations

import datetime as dt

import numpy as np

from registers.twin.effects import Effects
from registers.twin.exact import Floats, Ints, chunks, largest_remainder
from registers.twin.margins import CLASSES, Margins
from registers.twin.medicines import dispensings
from registers.twin.people import NOWHERE, Population
from registers.twin.places import Places
from registers.twin.write import Delivery, labels, nullable

_EPOCH = dt.date(1970, 1, 1)


def number_of(date: dt.date) -> int:
    """Return a date as days since 1970."""
    return (date - _EPOCH).days


class Others:
    """Writes the year's other tables from the persons and lists as they stand."""

    def __init__(self, margins: Margins, population: Population, effects: Effects, seed: int) -> None:
        self.margins, self.population, self.effects, self.seed = margins, population, effects, seed
        self.places = population.places

    def january(self, year: int, files: Delivery) -> None:
        """Write the population of 1 January: persons on the lists by cell, scaled to the printed number."""
        p, m = self.population, self.margins
        size = len(self.places.number)
        counts = np.zeros(size * 2 * 106, np.int64)
        for part in chunks(p.count):
            on = p.list[part] != NOWHERE
            age = np.clip(year - 1 - p.born[part][on], 0, 105)
            cell = (p.place[part][on].astype(np.int32) * 2 + (p.sex[part][on] - 1)) * 106 + age
            counts += np.bincount(cell, minlength=len(counts))
        total = m.count(m.population[year]) if year in m.population else int(p.size.sum())
        counts = largest_remainder(total, counts)
        codes = self.places.codes(year)
        place, sex, ages = np.unravel_index(np.arange(len(counts)), (size, 2, 106))
        # Two municipalities of today may have been one.
        key = (codes[place].astype(np.int64) * 2 + sex) * 106 + ages
        keys, inverse = np.unique(key, return_inverse=True)
        number = np.bincount(inverse, counts).astype(np.int64)
        files["befolkning"].add(
            {
                "aar": year,
                "kommuneNr": keys // 212,
                "kjonn": keys // 106 % 2 + 1,
                "alder": keys % 106,
                "antall": number,
            }
        )
        self.inhabitants = counts.reshape(size, -1).sum(axis=1)

    def year_end(self, year: int, files: Delivery) -> None:
        """Write the tables that are made once a year."""
        rng = np.random.default_rng([self.seed, year, 9])
        for write in (
            self._work,
            self._occupations,
            self._approvals,
            self._alis,
            self._rounds,
            self._homes,
            self._grants,
            self._dispensings,
            self._answers,
        ):
            write(year, rng, files)

    def _work(self, year: int, rng: np.random.Generator, files: Delivery) -> None:
        """Write SSB 11996: the country's work is table 9.2's, Oslo's and Finnmark's the text's."""
        m, places = self.margins, self.places
        printed = m.cell("9.2", str(year), "komm")
        if printed is None:
            files["aarsverk"]
            return
        people = self.inhabitants / m.scale
        rate = np.array([9.0, 9.6, 11.0, 13.5, 16.5, 21.0])[places.klasse]
        work = people * rate / 10_000
        fixed = {"03": m.fact("9", "oslo_per_10000"), "56": m.fact("9", "finnmark_per_10000")}
        rest = ~np.isin(places.county, list(fixed))
        for county, value in fixed.items():
            inside = places.county == county
            work[inside] *= value / 10_000 * people[inside].sum() / max(work[inside].sum(), 1e-9)
        work[rest] *= (printed - work[~rest].sum()) / work[rest].sum()
        forms = ("næringsdrivende", "kommunalt ansatt", "LIS1")
        tasks = (
            "diagnose, behandling og rehabilitering",
            "helsestasjons- og skolehelsetjeneste",
            "institusjon",
            "annet",
        )
        own = (
            m.fact("9", "naering_endring")
            / m.fact("9", "naering_vekst")
            * 100
            / m.number("9.2", "2025", "komm")
        )
        first = (
            m.fact("9", "lis1_endring") / m.fact("9", "lis1_vekst") * 100 / m.number("9.2", "2025", "komm")
        )
        by_form = np.array([own, 1 - own - first, first])
        home = (
            np.interp(year, [2019, 2025], [m.fact("14", "aarsverk_2019"), m.fact("14", "aarsverk_2025")])
            / printed
        )
        main = m.fact("9", "diagnose_andel") / 100
        by_task = np.array([main, 1 - main - home - 0.02, home, 0.02])
        share = np.outer(by_form, by_task).ravel()
        value = (work[:, None] * share).ravel() * m.scale
        frame = np.arange(len(value))
        codes = places.codes(year)[frame // 12]
        # One row a key, also where two municipalities of today were one.
        key = codes.astype(np.int64) * 12 + frame % 12
        keys, inverse = np.unique(key, return_inverse=True)
        files["aarsverk"].add(
            {
                "aar": year,
                "kommuneNr": keys // 12,
                "funksjon": labels(keys % 4, tasks),
                "avtaleform": labels(keys % 12 // 4, forms),
                "aarsverk": np.bincount(inverse, value),
            }
        )

    def _occupations(self, year: int, rng: np.random.Generator, files: Delivery) -> None:
        m, places = self.margins, self.places
        rows = list(m.edition.table("9.3").rows)
        if m.cell("9.3", rows[0], year) is None:
            files["yrkesaarsverk"]
            return
        shares = np.array([m.number("9.3", row, year) for row in rows]) / 100
        names = tuple(m.edition.table("9.3").rows[row].label for row in rows)
        # The occupations that have a number of their own; the scale of the industry is an assumption.
        total = 10_500.0 * (1 + 0.02 * (year - 2018))
        small = [m.fact("9", key) / total for key in ("fysioterapeuter", "bioingenioerer")]
        shares = np.append(shares, [*small, 1 - shares.sum() - sum(small)])
        names = (*names, "Fysioterapeut", "Bioingeniør", "Annet")
        part = self.inhabitants / self.inhabitants.sum()
        value = (part[:, None] * shares * total * m.scale).ravel()
        count = len(names)
        key = (
            places.codes(year).astype(np.int64)[np.arange(len(value)) // count] * count
            + np.arange(len(value)) % count
        )
        keys, inverse = np.unique(key, return_inverse=True)
        files["yrkesaarsverk"].add(
            {
                "aar": year,
                "kommuneNr": keys // count,
                "utdanning": labels(keys % count, names),
                "aarsverk": np.bincount(inverse, value),
            }
        )

    def _approvals(self, year: int, rng: np.random.Generator, files: Delivery) -> None:
        """Write approvals as in section 10.3 and completed LIS1 (10.6); years not told are between."""
        m = self.margins
        rng = np.random.default_rng([self.seed, 10])
        told = {y: m.fact("10", "godkjent_foer") for y in range(2012, 2023)} | m.yearly("10", "godkjent")
        parts: list[tuple[np.ndarray, ...]] = []
        for y in range(2012, year + 1):
            last = number_of(dt.date(y, 5, 19) if y > max(m.edition.own_year, 2000) else dt.date(y, 12, 31))
            count = m.count(told.get(y, np.interp(y, sorted(told), [told[k] for k in sorted(told)])))
            given = np.sort(rng.integers(number_of(dt.date(y, 1, 1)), last + 1, count))
            new = 0.8 if y > m.edition.own_year else np.clip((y - 2019) * 0.13, 0, 0.8)
            scheme = np.searchsorted([new, 0.95], rng.random(count))
            parts.append((np.zeros(count, int), scheme, given - rng.integers(30, 200, count), given))
            done = m.count(
                m.fact("10", "lis1_fullfoert")
                * (1 - 0.03 * (2025 - min(y, 2025)) / 2)
                * (0.4 if y > m.edition.own_year else 1)
            )
            day = np.sort(rng.integers(number_of(dt.date(y, 1, 1)), last + 1, done))
            parts.append((np.ones(done, int), np.full(done, -1), day - 20, day))
        kind, scheme, applied, given = (np.concatenate([part[i] for part in parts]) for i in range(4))
        files["godkjenning"].add(
            {
                "lege_lnr": 200_000 + np.arange(len(kind)),
                "slag": labels(kind, ("spesialist", "LIS1")),
                "ordning": labels(np.maximum(scheme, 0), ("ny", "gammel", "utland"), scheme < 0),
                "soknadsdato": applied,
                "vedtaksdato": given,
            }
        )

    def _alis(self, year: int, rng: np.random.Generator, files: Delivery) -> None:
        """Write tables 10.3 and 10.4: agreements by class and by county."""
        m = self.margins
        if m.cell("10.1", "alis", year) is None:
            files["alis"]
            return
        parts = [
            self._alis_of(year, kind, printed) for kind, printed in (("ALIS", "alis"), ("veiledning", "kun"))
        ]
        place = np.concatenate(parts)
        number = np.arange(len(place))
        kind_number = np.repeat([0, 1], [len(part) for part in parts])
        unique = m.count(m.number("10.1", "unike", year))
        amount = m.count((m.cell("10.1", "soeknadsbeloep", year) or m.number("10.1", "budsjett", year)) * 1e8)
        if not len(place):
            files["alis"]
            return
        files["alis"].add(
            {
                "avtale_lnr": number + year * 10_000,
                "kommuneNr": self.places.codes(year)[place],
                # Some have both kinds in a year; the printed doctors are fewer than the agreements.
                "lege_lnr": 300_000 + number % max(min(unique, len(place)), 1),
                "fra": number_of(dt.date(year, 1, 1)),
                "til": number_of(dt.date(year, 12, 31)),
                "type": labels(kind_number, ("ALIS", "veiledning", "spesialist")),
                "belop": largest_remainder(amount, np.where(kind_number == 0, 3.0, 1.0)),
            }
        )

    def _alis_of(self, year: int, kind: str, printed: str) -> Ints:
        """Return the municipality of each agreement: counties and classes by raking, totals by rounding."""
        m, places = self.margins, self.places
        total = m.count(m.number("10.1", "alis" if printed == "alis" else "kun_veiledning", year))
        column = f"{printed}_{year}"
        weights = self.inhabitants.astype(float) + 1e-6
        if column in m.edition.table("10.3").columns:
            by_class = np.array([m.number("10.3", row, column) for row in CLASSES])
            rows = list(m.edition.table("10.4").rows)
            names = [_plain(places.county_name[c].split(" - ")[0]) for c in places.counties]
            by_county = np.array([m.cell("10.4", _like(name, rows), column) or 0.0 for name in names])
            return _two_way(places, weights, by_class, by_county, total)
        return np.repeat(np.arange(len(weights)), largest_remainder(total, weights))

    def _rounds(self, year: int, rng: np.random.Generator, files: Delivery) -> None:
        m = self.margins
        spring, autumn = m.fact("10", "lis1_ansatt_vaar") / 100, m.fact("10", "lis1_ansatt_hoest") / 100
        total = (m.fact("10", "lis1_mars"), m.fact("10", "lis1_september"))
        rows = []
        for y in range(2013, min(year, m.edition.own_year) + 1):
            for half, (share, posts) in enumerate(zip((spring, autumn), total, strict=True)):
                number = posts - m.fact("10", "lis1_oekning") / 2 * max(m.edition.own_year - y, 0) / 6 * (
                    y >= 2019 or 1
                )
                hired = m.count(max(number, 0.6 * posts))
                rows.append(
                    (
                        number_of(dt.date(y, 1 + 6 * half, 1)),
                        hired,
                        round(hired / (share + 0.01 * (m.edition.own_year - y))),
                    )
                )
        first, hired_, applicants = np.array(rows).T
        files["soeknadsrunde"].add({"runde": first, "ansatte": hired_, "soekere": applicants})

    def _homes(self, year: int, rng: np.random.Generator, files: Delivery) -> None:
        """Write antibiotics in nursing homes, May and November, by county (chapter 14)."""
        m, counties = self.margins, self.places.counties
        beds = m.fact("14", "plasser") * m.fact("14", "deltakelse") / 100
        people = np.bincount(self.places.county_of, self.inhabitants)
        residents = largest_remainder(m.count(beds), people)
        share = np.full(len(counties), m.fact("14", "antibiotika"))
        for county, key in (("15", "antibiotika_more"), ("50", "antibiotika_trondelag")):
            share[counties.index(county)] = m.fact("14", key)
        rest = ~np.isin(np.array(counties), ("15", "50"))
        total = residents.sum() * m.fact("14", "antibiotika")
        share[rest] = (total - (share * residents)[~rest].sum()) / max(residents[rest].sum(), 1)
        months = [(5, 12), (11, 12)] if year <= m.edition.own_year else [(5, 12)]
        level = (
            m.fact("14", "antibiotika_niva") / m.fact("14", "antibiotika")
            if year < m.edition.own_year
            else 1.0
        )
        days = np.repeat([number_of(dt.date(year, month, day)) for month, day in months], len(counties))
        treated = np.floor(residents * share * level / 100 + 0.5).astype(np.int64)
        tile = len(months)
        files["prevalens"].add(
            {
                "maaledag": days,
                "fylke": labels(np.tile(np.arange(len(counties)), tile), counties),
                "beboere": np.tile(residents, tile),
                "med_antibiotika": np.tile(treated, tile),
            }
        )

    def _grants(self, year: int, rng: np.random.Generator, files: Delivery) -> None:
        """Write basic grants by month: self-employed with a list below the limit of section 8.3."""
        m = self.margins
        last = m.last[1] if year == m.last[0] else 12
        target = m.fact("8", "grunn_leger")
        number = [
            m.count(target * np.clip((year - 2020 + month / 12) / 6, 0, 1)) for month in range(1, last + 1)
        ]
        days = [number_of(dt.date(year, month, 1)) for month in range(1, last + 1)]
        files["grunntilskudd"].add({"maaned": np.array(days), "antall": np.array(number)})

    def _dispensings(self, year: int, rng: np.random.Generator, files: Delivery) -> None:
        dispensings(self.margins, self.population, self.effects, year, rng, files)

    def _answers(self, year: int, rng: np.random.Generator, files: Delivery) -> None:
        """Write the out-of-hours survey of the edition's year (15.1): persons, items and scores."""
        m = self.margins
        if year != m.edition.own_year:
            files["svar"]
            return
        count = m.count(m.fact("15", "svar"))
        items = m.edition.table("15.1")
        questions = [
            (c, row) for c in items.columns for row in items.rows if row != "sum" and m.cell("15.1", row, c)
        ]
        low, high = m.fact("15", "skaar_lavest"), m.fact("15", "skaar_video")
        columns = list(items.columns)
        score = {columns[-1]: low, columns[1]: high} | dict.fromkeys(
            (columns[0], columns[2], columns[3]), (low + 2 * high) / 3
        )
        person, question, answer = [], [], []
        unit_effect = rng.normal(0, 5, 170)
        unit = rng.integers(0, 170, count)
        taste = rng.normal(0, 14, count)
        asked = {
            columns[0]: m.fact("15", "telefon_andel") / 100,
            columns[1]: m.fact("15", "video_samtykke") / m.fact("15", "svar"),
        }
        for number, (column, _) in enumerate(questions):
            who = np.flatnonzero(rng.random(count) < asked.get(column, m.fact("15", "oppmoete_andel") / 100))
            if column == columns[1]:
                who = np.arange(min(m.count(m.fact("15", "video_samtykke")), count))
            got = np.clip(
                np.round(
                    (score[column] + unit_effect[unit[who]] + taste[who] + rng.normal(0, 18, len(who))) / 25
                )
                + 1,
                1,
                5,
            )
            got = _nudged(got.astype(np.int64), score[column], rng)
            person.append(who)
            question.append(np.full(len(who), number))
            answer.append(got)
        if not count:
            files["svar"]
            return
        who, which, value = np.concatenate(person), np.concatenate(question), np.concatenate(answer)
        names = tuple(f"{column}_{row}" for column, row in questions)
        age = np.clip(
            rng.normal(m.fact("15", "alder_snitt"), 18, count),
            m.fact("15", "alder_yngst"),
            m.fact("15", "alder_eldst"),
        ).astype(int)
        silent = rng.random(len(who)) < 0.03
        files["svar"].add(
            {
                "svar_lnr": who + 1,
                "legevakt_lnr": unit[who] + 1,
                "sporsmaal": labels(which, names),
                "svar": nullable(value, silent, "int8"),
                "vekt": 1.0,
                "alder": age[who],
                "kjonn": 1 + (who % 9 < 5),
            }
        )


def _nudged(values: Ints, score: float, rng: np.random.Generator) -> Ints:
    """Move answers one step, so that the mean on 0–100 is the printed one."""
    wanted = round(score / 25 * len(values)) + len(values)
    for _ in range(8):
        short = wanted - int(values.sum())
        able = np.flatnonzero(values < 5 if short > 0 else values > 1)
        moved = rng.permutation(able)[: abs(short)]
        values[moved] += np.sign(short)
    return values


def _two_way(places: Places, weights: Floats, by_class: Floats, by_county: Floats, total: int) -> Ints:
    """Return municipalities so that class and county are as printed, as near as whole numbers allow."""
    table = np.zeros((len(by_county), 6))
    np.add.at(table, (places.county_of, places.klasse), weights)
    for _ in range(200):
        table *= (by_county / np.maximum(table.sum(axis=1), 1e-12))[:, None]
        table *= by_class / np.maximum(table.sum(axis=0), 1e-12)
    cells = largest_remainder(total, table.ravel()).reshape(table.shape)
    found = []
    for (county, k), number in np.ndenumerate(cells):
        inside = np.flatnonzero((places.county_of == county) & (places.klasse == k))
        if number:
            found.append(np.repeat(inside, largest_remainder(int(number), weights[inside])))
    return np.concatenate(found) if found else np.zeros(0, np.int64)


def _plain(name: str) -> str:
    return name.lower().replace("ø", "o").replace("å", "a").replace("æ", "a").replace(" ", "_")


def _like(name: str, rows: list[str]) -> str:
    return next((row for row in rows if row == name or _plain(row) == name), name)
