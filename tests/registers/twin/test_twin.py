"""A whole small twin: every table, the printed totals by the rule, the same bytes for the same seed."""

from __future__ import annotations

import errno
import hashlib

import numpy as np
import pyarrow.parquet as pq
import pytest
import yaml

from analysis_lib.errors import DataFeil
from analysis_lib.indicators.edition import Edition
from registers.twin import make
from registers.twin.dirt import FAULTS, ROWS
from registers.twin.effects import Effects
from registers.twin.exact import scaled
from registers.twin.make import synth
from registers.twin.margins import Margins
from registers.twin.write import Writer, schemas

pytestmark = pytest.mark.slow
SCALE = 0.0005
FORMS = {"fysisk": {"2ad", "2ak"}, "sykebesok": {"11ad", "11ak"}}


def read(folder, table, year=2025):
    return pq.read_table(folder / str(year) / f"{table}.parquet").to_pandas()


@pytest.fixture(scope="module")
def margins():
    return Margins(Edition(2025), SCALE)


@pytest.fixture(scope="module")
def twin(tmp_path_factory):
    folder = tmp_path_factory.mktemp("twin")
    synth([2021, 2025], SCALE, folder, dirty=True)
    return folder


def test_every_table_of_the_schema_is_there_with_its_own_facts(twin):
    for table, schema in schemas().items():
        path = twin / "2025" / f"{table}.parquet"
        facts = pq.read_metadata(path).metadata
        assert facts[b"aar"] == b"2025"
        assert facts[b"syntetisk"] == b"true"
        assert facts[b"skala"] == b"0.0005"
        assert facts[b"froe"] == b"1"
        assert pq.read_schema(path).names == schema.names


@pytest.mark.parametrize("year", [2021, 2025])
def test_each_contact_group_has_its_printed_size_by_the_rule(twin, margins, year):
    bills = read(twin, "regning", year)
    meetings = margins.number("12.3", "total", year) - margins.number("12.5", "konsultasjoner", year)
    for service, table in (("Fastlege", "12.4"), ("Legevakt", "12.5")):
        kind = bills[bills.tjenestetype == service].kontakttype
        assert (kind == 2).sum() == scaled(margins.number(table, "enkel", year), SCALE)
        assert (kind == 5).sum() == scaled(margins.number(table, "andre_instanser", year), SCALE)
        assert (kind == 6).sum() == scaled(margins.number(table, "administrativ", year), SCALE)
        forms = {"Fastlege": "12.2", "Legevakt": "12.3"}[service]
        parts = sum(
            scaled(margins.number(forms, f, year), SCALE) for f in ("fysisk", "elektronisk", "sykebesok")
        )
        both = scaled(meetings, SCALE) if service == "Legevakt" else 0
        assert kind.isin([3, 4]).sum() == parts - both


def test_a_bill_with_two_kinds_of_tariff_is_a_consultation_in_one_table_and_a_meeting_in_the_other(
    twin, margins
):
    meetings = margins.number("12.3", "total", 2021) - margins.number("12.5", "konsultasjoner", 2021)
    bills = read(twin, "regning", 2021).merge(read(twin, "takst", 2021))
    out = bills[bills.tjenestetype == "Legevakt"].groupby("enkeltregning_lnr").takstkode.agg(set)
    assert sum({"2ak", "14"} <= codes for codes in out) == scaled(meetings, SCALE) > 0


@pytest.mark.parametrize("form", FORMS)
def test_tariffs_give_the_printed_forms(twin, margins, form):
    bills = read(twin, "regning").merge(read(twin, "takst"))
    gp = bills[(bills.tjenestetype == "Fastlege") & bills.takstkode.isin(FORMS[form])]
    assert gp.enkeltregning_lnr.nunique() == scaled(margins.number("12.2", form, 2025), SCALE)


def test_lists_in_december_are_as_printed(twin, margins):
    lists = read(twin, "liste")
    december = lists[lists.maaned.astype(str) == "2025-12-01"]
    assert len(december) == scaled(margins.number("11.1", "lister", 2025), SCALE)
    assert (december.driftsform == "fast ansatt").sum() == scaled(
        margins.number("11.1", "lister_fast", 2025), SCALE
    )
    persons = 1000 * margins.number("11.1", "innbyggere_med", 2025) + margins.number(
        "11.1", "innbyggere_uten", 2025
    )
    assert december.listelengde.sum() == scaled(persons, SCALE)


def test_each_list_is_as_long_as_it_has_persons(twin):
    lists, spells = read(twin, "liste"), read(twin, "tilknytning")
    for day in ("2025-03-01", "2025-12-01"):
        at = np.datetime64(day)
        fra, til = spells.fra.astype("datetime64[s]"), spells.til.astype("datetime64[s]")
        on = spells[(fra <= at) & ~(til <= at)]
        assert not on.kpr_lnr.duplicated().any()
        length = lists[lists.maaned.astype(str) == day].set_index("liste_lnr").listelengde
        assert on.liste_lnr.value_counts().sort_index().tolist() == length[length > 0].sort_index().tolist()


def test_a_person_keeps_year_of_birth_from_year_to_year(twin):
    born = [
        read(twin, "tilknytning", year).drop_duplicates("kpr_lnr").set_index("kpr_lnr").fodselsaar
        for year in (2021, 2025)
    ]
    both = born[0].index.intersection(born[1].index)
    assert len(both) > 2000
    assert (born[0][both] == born[1][both]).all()


def test_population_is_the_printed_one(twin):
    printed = Edition(2025).value("ssb/07459", "folkemengde", 2025).point
    assert read(twin, "befolkning").antall.sum() == scaled(float(printed), SCALE)


def test_faults_are_there_in_known_numbers(twin):
    bills = read(twin, "regning")
    named = bills[bills.kpr_lnr.notna()]
    assert ((named.kommuneNr == -1) & (named.kommunenrPB > 0)).sum() == ROWS
    assert ((bills.kjonn == -1) & (bills.kjonnK > 0)).sum() == ROWS
    assert (named.alder != 2025 - named.fodselsaar).sum() == ROWS
    for table in ("takst", "diagnose"):
        assert (~bills.enkeltregning_lnr.isin(read(twin, table).enkeltregning_lnr)).sum() == ROWS
    assert len(FAULTS) == 6
    assert (bills[bills.tjenestetype == "Legevakt"].kpr_lnr.isna()).mean() == pytest.approx(0.028, abs=0.002)


def _bytes(folder):
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted((folder / "2019").iterdir())
    }


def test_the_same_seed_gives_the_same_bytes(tmp_path):
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        synth([2019], SCALE / 5, tmp_path / name, seed=seed)
    assert _bytes(tmp_path / "a") == _bytes(tmp_path / "b")
    assert _bytes(tmp_path / "a")["regning.parquet"] != _bytes(tmp_path / "c")["regning.parquet"]


def test_planted_effects_are_written_down(twin):
    told = yaml.safe_load((twin / make.EFFECTS).read_text(encoding="utf-8"))
    assert told["effekter"] == Effects().record()
    assert told["syntetisk"] is True


def test_a_full_disk_leaves_what_was_there_and_nothing_half_written(tmp_path, monkeypatch):
    synth([2019], SCALE / 5, tmp_path)
    before = _bytes(tmp_path)
    add = Writer.add

    def full(self, columns):
        if self.table == "tilknytning":
            raise OSError(errno.ENOSPC, "No space left on device")
        add(self, columns)

    monkeypatch.setattr(Writer, "add", full)
    with pytest.raises(DataFeil, match="disken er full"):
        synth([2019], SCALE / 5, tmp_path, seed=7)
    assert _bytes(tmp_path) == before
