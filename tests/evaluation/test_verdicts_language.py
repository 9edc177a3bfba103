"""The language guard: what says that a measure brought something about, and what only says what happened."""

from __future__ import annotations

import pytest

from analysis_lib.data.editions import edition_of
from evaluation.register import read_measures
from evaluation.verdicts.causal_language import causal_claims

MEASURES = tuple(read_measures(edition_of(2025)).values())


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Delegeringen førte til kortere ventetid.", "førte til"),
        ("Delegering fører\ntil at flere får time.", "fører til"),
        ("Innføringen av delegering ledet til flere konsultasjoner.", "ledet til"),
        ("Delegering bidro til økt kapasitet.", "bidro til"),
        ("Delegeringa har bidrege til kortare ventetid.", "bidrege til"),
        ("ALIS-tilskuddet har gitt flere leger i distriktene.", "gitt flere"),
        ("Delegeringa gav fleire konsultasjonar.", "gav fleire"),
        ("Delegering gir rom for flere pasienter.", "gir rom for"),
        ("Nedgangen kom som følge av nettlegen.", "som følge av"),
        ("Som følgje av nettlegen gjekk besøka ned.", "Som følgje av"),
        ("På grunn av\ndelegeringen økte antallet kontakter.", "På grunn av"),
        ("Takket være nettlegen slapp mange å vente.", "Takket være"),
        ("Auken kjem av delegering.", "kjem av"),
        ("Veksten skyldes delegering.", "skyldes"),
        ("Veksten kan forklares med delegering.", "forklares med"),
        ("Økningen henger sammen med delegeringen.", "henger sammen med"),
        ("Nedgangen i besøk er et resultat av nettlegen.", "resultat av"),
        ("Effekten av delegeringen er tydelig.", "Effekten"),
        ("Delegeringens virkning på kapasiteten er stor.", "virkning"),
        ("Delegering har vært en viktig årsak til veksten.", "årsak"),
        ("Nettlegen har hatt betydning for bruken av legevakt.", "har hatt betydning for"),
        ("Kravet om video resulterte i flere videotimer.", "resulterte"),
        ("Kravet om video utløste en vekst i videokonsultasjoner.", "utløste"),
        ("Nettlegen medførte færre reiser.", "medførte"),
        ("Basistilskuddet har redusert presset på fastlegene.", "redusert"),
        ("Ordninga med ALIS har auka talet på legar.", "auka"),
        ("ALIS-tilskuddet styrket rekrutteringen i distriktene.", "styrket"),
        ("Nettlegen avlastet legevakten.", "avlastet"),
        ("Ventetiden ble redusert av delegeringen.", "redusert av"),
        ("Bruken av legevakt ble kraftig redusert ved hjelp av nettlegen.", "ved hjelp av"),
        ("Delegering sørget for at flere fikk time.", "sørget for at"),
        ("Delegering har gjort det mulig å ta imot flere.", "gjort det mulig"),
        ("Delegering kom i januar, og dermed økte kapasiteten.", "dermed økte"),
        ("Delegering kom i januar. Økningen i kontakter skyldes dette.", "skyldes"),
        ("Delegering førte ikke til kortere ventetid.", "førte ikke til"),
        ("Nettlegen har ikke redusert bruken av legevakt.", "redusert"),
    ],
)
def test_a_word_of_cause_about_a_measure_is_found(text: str, word: str) -> None:
    (found,) = causal_claims(text, MEASURES)
    assert found.word == word
    assert found.instead


@pytest.mark.parametrize(
    "text",
    [
        "Nettlegen startet i juli 2025.",
        "Delegering økte fra 1 500 kontakter i januar til 4 200 i mai.",
        "Delegering har økt hver måned siden oppstarten.",
        "Etter at kravet om video kom, økte andelen.",
        "Kravet om video gir fastlegene plikt til å tilby video.",
        "Sykepleierens kontakter på delegering utløser egne takster.",
        "ALIS-tilskuddet økte fra 100 til 120 millioner kroner.",
        "Ordningen med ALIS ga tilskudd til flere enn to tusen leger.",
        "Basistilskuddet økte på grunn av prisvekst og flere innbyggere.",
        "Basistilskuddet ble innført med virkning fra mai 2020.",
        "Det som varierer, er hvor mye basistilskuddet endret seg.",
        "Basistilskuddet er fra samme år; derfor vises de sammen.",
        "Nettlegen skal avlaste legevakten.",
        "Målet med ALIS-tilskuddet er å styrke rekrutteringen.",
        "Delegering er en effektiv måte å bruke navnet på.",
        "Tallene viser ikke om delegering har ført til kortere ventetid.",
        "Delegering kan ikke sies å ha ført til vekst.",
        "Det er for tidlig å si om nettlegen har redusert bruken av legevakt.",
        "Vi vet ikke hva effekten av delegeringen er.",
        "Effekten av basistilskuddet er ikke kjent.",
        "Ingen virkning av nettlegen kan påvises med disse tallene.",
        "Evalueringen skal måle effekten av nettlegen.",
        "Prisveksten førte til høyere utgifter.",
    ],
)
def test_what_happened_what_is_meant_and_what_is_not_known_are_free(text: str) -> None:
    assert [found.word for found in causal_claims(text, MEASURES)] == []
