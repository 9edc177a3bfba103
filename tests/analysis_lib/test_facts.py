"""Facts: of a chapter, of another chapter, and of a document of its own such as a municipality's plan."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from analysis_lib.data.facts import municipalities
from analysis_lib.data.inputs import ROOT_VARIABLE
from analysis_lib.errors import DataFeil, NotatbokFeil, ParameterFeil
from analysis_lib.indicators.series import differanse, forhold
from analysis_lib.indicators.values import Source
from analysis_lib.present.chapter import Kapittel


def document(chapter: Kapittel, key: str) -> str:
    origin = chapter.fakta(key).origin
    assert isinstance(origin, Source)
    return origin.document


def test_a_chapter_may_use_another_chapters_facts() -> None:
    summary = Kapittel("sammendrag", aar=2025)
    value = summary.fakta("helsenorge_2026", kapittel="16")
    assert value.identity == "fakta/16/helsenorge_2026"
    assert value.sources()[0].document == "Teksten i kapittel 16, årsrapport 2025"
    series = summary.faktaserie("Nye spesialister", {2024: "godkjent_2024"}, kapittel="10")
    assert int(series[2024].point or 0) == 527


def test_facts_name_the_document_that_they_stand_in() -> None:
    assert document(Kapittel("8", aar=2025), "merkostnad") == "Teksten i kapittel 8, årsrapport 2025"
    assert document(Kapittel("sammendrag", aar=2025), "alis_2021") == "Hovedfunnene i årsrapport 2025"
    assert document(Kapittel("levanger", aar=2025), "alder").startswith("Levanger kommunes temaplan")


def test_an_earlier_edition_does_not_know_the_reports_later_facts_but_other_documents_stand() -> None:
    assert not Kapittel("sammendrag", aar=2024).fakta("ubesatt_antall").known
    assert Kapittel("levanger", aar=2024).fakta("pasienter_2025").known


@pytest.mark.parametrize("wrong", ["Levanger", "levangr", "8", "kommuneokonomi"])
def test_an_unknown_municipality_is_told_with_the_nearest(wrong: str) -> None:
    with pytest.raises(ParameterFeil, match=r"parameter kommune: «.*» er ikke en kommune.*levanger"):
        _ = Kapittel(wrong, aar=2025).kommune


def test_another_municipality_is_two_new_files(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ROOT_VARIABLE, str(project))
    folder = project / "data" / "published" / "2025" / "fakta"
    shutil.copy(folder / "levanger.csv", folder / "verdal.csv")
    (folder / "verdal.yml").write_text("dokument: En plan\nkommune: Verdal\n", encoding="utf-8")
    assert municipalities(folder) == {"levanger": "Levanger", "verdal": "Verdal"}
    chapter = Kapittel("verdal", aar=2025)
    assert chapter.kommune == "Verdal"
    assert document(chapter, "alder") == "En plan"


def test_a_descriptor_with_an_unknown_field_is_told(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ROOT_VARIABLE, str(project))
    descriptor = project / "data" / "published" / "2025" / "fakta" / "levanger.yml"
    descriptor.write_text("dokument: En plan\nkommun: Levanger\n", encoding="utf-8")
    with pytest.raises(DataFeil, match="kommun"):
        _ = Kapittel("levanger", aar=2025).kommune


class TestTablesOfFacts:
    plan = Kapittel("levanger", aar=2025)

    def test_cells_are_numbers_with_their_origin(self) -> None:
        before, now = self.plan.fakta("listetak_2021"), self.plan.fakta("listetak_2025")
        table = self.plan.oppstilling(
            "K1",
            "Listetak",
            {"Samlet": [before, now, differanse(before, now)], "Tom": [None, None, None]},
            kolonner=["2021", "2025", "Endring"],
            forspalte="Størrelse",
            endringer=["Endring"],
        )
        payload = table.payload
        assert [cell.text.replace("\u00a0", " ") for cell in payload.rows[0].cells] == [
            "21 100",
            "21 495",
            "+395",
        ]
        assert [cell.kind for cell in payload.rows[1].cells] == ["blank"] * 3
        assert {now.ref, before.ref} <= set(payload.numbers)
        assert payload.source.startswith("Levanger kommunes temaplan")
        assert table.summary == "Tabell K1 Listetak: 3 tall"

    def test_a_row_must_fill_the_columns(self) -> None:
        with pytest.raises(NotatbokFeil, match="raden «Samlet» har 1 verdier, ventet 2"):
            self.plan.oppstilling(
                "K1", "", {"Samlet": [None]}, kolonner=["2021", "2025"], forspalte="Størrelse"
            )

    def test_a_ratio_has_a_unit_of_its_own(self) -> None:
        per_doctor = forhold(
            self.plan.fakta("pasienter_2025"),
            self.plan.fakta("fastleger_2025"),
            "listeinnbyggere per fastlege",
        )
        assert (round(float(per_doctor)), per_doctor.unit) == (926, "listeinnbyggere per fastlege")
