"""Planted effects are in the rows with the size that is told, and where none is planted there is none."""

from __future__ import annotations

import numpy as np
import pyarrow.parquet as pq
import pytest

from registers.twin.effects import ADDICTIVE_COUNTIES, GRANT_LENGTH, Effects
from registers.twin.make import synth
from registers.twin.places import read_places

pytestmark = pytest.mark.slow
SCALE = 0.004
PLANTED = Effects(nettlege=0.5, delegering=0.4, vanedannende=0.5, grunntilskudd=0.1)
NOTHING = Effects(nettlege=0, delegering=0, vanedannende=0, grunntilskudd=0)


@pytest.fixture(scope="module")
def twins(tmp_path_factory):
    folder = tmp_path_factory.mktemp("effects")
    for name, effects in (("with", PLANTED), ("without", NOTHING)):
        synth([2023, 2025, 2026], SCALE, folder / name, effects=effects)
    return {
        name: lambda table, year, name=name: pq.read_table(
            folder / name / str(year) / f"{table}.parquet"
        ).to_pandas()
        for name in ("with", "without")
    }


def ratio(twins, count):
    return count(twins["with"]) / count(twins["without"])


def test_a_net_doctor_takes_its_fraction_of_the_out_of_hours_contacts_from_its_first_month(twins):
    def contacts(read, first, last):
        bills = read("regning", 2025)
        month = np.array([day.month for day in bills.dato])
        return (
            (bills.kommuneNr == 4204)
            & (bills.tjenestetype == "Legevakt")
            & (month >= first)
            & (month <= last)
        ).sum()

    assert ratio(twins, lambda read: contacts(read, 7, 12)) == pytest.approx(0.5, abs=0.12)
    assert ratio(twins, lambda read: contacts(read, 1, 6)) == pytest.approx(1, abs=0.12)


def test_the_country_has_its_printed_contacts_with_or_without_a_net_doctor(twins):
    assert ratio(twins, lambda read: (read("regning", 2025).tjenestetype == "Legevakt").sum()) == 1


def test_doctors_consult_less_where_nurses_have_contacts_from_the_month_they_begin(twins):
    office = twins["with"]("regning", 2026).query("behandler_rolle == 'sykepleier'").kontor_lnr
    treated = set(office)
    assert treated

    def consultations(read, inside):
        bills = read("regning", 2026)
        gp = bills[
            (bills.tjenestetype == "Fastlege")
            & bills.kontakttype.isin([3, 4])
            & (bills.behandler_rolle == "lege")
        ]
        begin = {
            o: min(
                d.month for d in bills[(bills.kontor_lnr == o) & (bills.behandler_rolle == "sykepleier")].dato
            )
            for o in treated
        }
        here = [
            bool(o in treated and d.month >= begin[o]) for o, d in zip(gp.kontor_lnr, gp.dato, strict=True)
        ]
        return (np.array(here) == inside).sum()

    assert ratio(twins, lambda read: consultations(read, True)) == pytest.approx(0.6, abs=0.03)
    assert ratio(twins, lambda read: consultations(read, False)) == pytest.approx(1, abs=0.02)


def test_fewer_get_addictive_medicines_in_two_counties_from_the_year(twins):
    def users(read, year, inside):
        rows = read("utlevering", year)
        county = (rows.kommuneNr // 100).isin([int(c) for c in ADDICTIVE_COUNTIES])
        return rows[rows.atc.str.match("N02A|N05B|N05C") & (county == inside)].kpr_lnr.nunique()

    assert ratio(twins, lambda read: users(read, 2025, True)) == pytest.approx(0.5, abs=0.02)
    assert ratio(twins, lambda read: users(read, 2025, False)) == pytest.approx(1, abs=0.005)


def test_short_lists_fall_more_slowly_where_the_grant_follows_the_patient(twins):
    places = read_places(1)
    classes = dict(zip(places.number.tolist(), places.klasse.tolist(), strict=True))

    def contrast(read):
        """Growth of short lists less that of long ones, in each class that has both."""
        before, after = read("liste", 2023), read("liste", 2025)
        start = before[before.maaned.astype(str) == "2023-05-01"].set_index("liste_lnr")
        end = after[after.maaned.astype(str) == "2025-12-01"].set_index("liste_lnr")
        both = start.index[start.lege_lnr.notna()].intersection(end.index[end.lege_lnr.notna()])
        growth = np.log(end.listelengde[both] / start.listelengde[both])
        short = start.listelengde[both] <= GRANT_LENGTH
        means = growth.groupby([end.kommuneNr[both].map(classes), short]).mean().unstack()
        return (means[True] - means[False]).dropna()

    found = contrast(twins["with"]) - contrast(twins["without"])
    assert len(found) >= 2
    assert found.to_numpy() == pytest.approx(np.log(1.1), abs=0.005)
