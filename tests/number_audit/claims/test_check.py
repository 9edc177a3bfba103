"""A sentence, what is printed in it, and what its table says of that."""

from dataclasses import replace

import pytest

from number_audit.claims import check_claims, contradictions
from number_audit.findings import Judgement
from tests.number_audit.claims.small import grid, report

SAID = [
    # levels, within rounding and within what a vague word allows
    ("Tabell 3.1 viser 861 tusen fysiske besøk i 2025.", "861 tusen", "gjengitt"),
    ("Tabell 3.1 viser nesten 900 tusen fysiske besøk i 2025.", "900 tusen", "innenfor avrunding"),
    ("Tabell 3.1 viser 816 tusen fysiske besøk i 2025.", "816 tusen", "stemmer ikke"),
    # changes: in per cent, in number, and with the sign of the word of direction
    ("Fysiske besøk (tabell 3.1) økte med 5,0 prosent fra 2024 til 2025.", "5,0 prosent", "gjengitt"),
    ("Fysiske besøk (tabell 3.1) økte med 41 tusen fra 2024 til 2025.", "41 tusen", "gjengitt"),
    ("Digitale besøk (tabell 3.1) gikk ned med 10 prosent fra 2024 til 2025.", "10 prosent", "gjengitt"),
    ("Digitale besøk (tabell 3.1) økte med 10 prosent fra 2024 til 2025.", "10 prosent", "stemmer ikke"),
    ("Fysiske besøk (tabell 3.1) økte med 6,0 prosent fra 2024 til 2025.", "6,0 prosent", "stemmer ikke"),
    (
        "Fra 2024 til 2025 var veksten lavere for fysiske besøk (5,0 prosent, tabell 3.1).",
        "5,0 prosent",
        "gjengitt",
    ),
    # shares of the total, and points between two shares
    ("Digitale besøk utgjorde 10,3 prosent av besøkene i 2025 (tabell 3.1).", "10,3 prosent", "gjengitt"),
    (
        "Andelen bøker gikk ned med 1,5 prosentpoeng fra 2024 til 2025 (tabell 3.2).",
        "1,5 prosentpoeng",
        "gjengitt",
    ),
    ("Det var 41 tusen flere fysiske besøk i 2025 enn i 2024 (tabell 3.1).", "41 tusen", "gjengitt"),
    ("Det var 41 tusen færre fysiske besøk i 2025 enn i 2024 (tabell 3.1).", "41 tusen", "stemmer ikke"),
    # the year before, named by its distance
    (
        "Tabell 3.1 viser 861 tusen fysiske besøk i 2025, mot 820 tusen fysiske besøk ett år før.",
        "820 tusen",
        "gjengitt",
    ),
    (
        "I 2025 økte fysiske besøk (tabell 3.1) med 41 tusen på ett år, og mer enn i 2023.",
        "41 tusen",
        "gjengitt",
    ),
    # a time that only the sentence before names gives a doubt at most
    ("Tabell 3.1 er for 2025. Fysiske besøk var 816 tusen.", "816 tusen", "tvilsom"),
    # so does a sentence of which another number is not in the table either
    (
        "Tabell 3.1 viser 5 tusen fysiske besøk i 2025, mot 774 tusen fysiske besøk i 2024.",
        "774 tusen",
        "tvilsom",
    ),
    # a word that is the row of another table speaks of something else
    ("Tabell 3.1 viser 816 tusen fysiske besøk for filmer i 2025.", "816 tusen", "kan ikke kontrolleres"),
    # precision first: no year, no such row, another size
    ("Tabell 3.1 viser fysiske besøk, 816 tusen.", "816 tusen", "kan ikke kontrolleres"),
    ("Tabell 3.1 viser 816 tusen skoleklasser i 2025.", "816 tusen", "kan ikke kontrolleres"),
    ("Tabell 3.1 viser 5 tusen fysiske besøk i 2025.", "5 tusen", "kan ikke kontrolleres"),
]


@pytest.mark.parametrize(("text", "printed", "verdict"), SAID)
def test_a_number_of_the_text_is_held_against_its_cell(text, printed, verdict):
    document = report(text)
    found = {claim.printed: claim.verdict.value for claim in check_claims(document, document.grids)}
    assert found[printed] == verdict


def test_a_bare_per_cent_beside_a_change_is_the_change():
    table = grid(
        "3.3",
        "Besøk i bibliotekene",
        ["Barn: Endring", "Barn: I prosent", "Voksne: Endring", "Voksne: I prosent"],
        {"2024": ["20", "2,9", "70", "7,5"], "2025": ["21", "3,0", "90", "9,0"]},
    )
    document = report("Fra 2024 til 2025 økte besøkene av barn med 3,0 prosent (tabell 3.3).")
    (claim,) = check_claims(document, [table])
    assert (claim.verdict.value, claim.cells) == ("gjengitt", ("tabell 3.3, 2025, Barn: I prosent = 3,0",))


WITHIN_A_SENTENCE = [
    ("Av veksten på 60 kontorer kom 38 i nord og 22 i sør.", "sum", "gjengitt"),
    ("Av veksten på 62 kontorer kom 38 i nord og 22 i sør.", "sum", "stemmer ikke"),
    ("Av 164 kontorer svarte 32 (19,5 prosent).", "andel", "gjengitt"),
    ("Av 164 kontorer svarte 32 (21,5 prosent).", "andel", "stemmer ikke"),
    (
        "Prisen steg fra 210 kroner i 2024 til 252 kroner i 2025, en økning på 20 prosent.",
        "fra og til",
        "gjengitt",
    ),
    (
        "Prisen steg fra 210 kroner i 2024 til 252 kroner i 2025, en økning på 25 prosent.",
        "fra og til",
        "stemmer ikke",
    ),
    (
        "Andelen steg fra 40 prosent i 2024 til 50 prosent i 2025, en økning på 10 prosent.",
        "prosent og prosentpoeng",
        "tvilsom",
    ),
]


@pytest.mark.parametrize(("text", "kind", "verdict"), WITHIN_A_SENTENCE)
def test_the_numbers_of_a_sentence_must_fit_each_other(text, kind, verdict):
    claims = check_claims(report(text), ())
    assert [(claim.kind, claim.verdict.value) for claim in claims if claim.kind != "tall"] == [
        (kind, verdict)
    ]


def test_a_share_too_many_is_found_where_two_fill_the_whole():
    document = report(
        "48 prosent av byttene i 2025 var ønsket.",
        "52 prosent av byttene i 2025 var ikke ønsket. En liten andel (4 prosent) av byttene var noe annet.",
    )
    (claim,) = [claim for claim in check_claims(document, ()) if claim.kind == "andeler"]
    assert (claim.printed, claim.computed, claim.verdict.value) == ("4 prosent", "104 prosent", "tvilsom")


COURSES = [
    ("Andelen bøker (tabell 3.2) har ligget på 58–62 prosent i hele perioden.", "innenfor avrunding", ()),
    (
        "Andelen bøker (tabell 3.2) har ligget på 60–62 prosent i hele perioden.",
        "stemmer ikke",
        ("tabell 3.2, Bøker, 2025 = 58,5",),
    ),
]


@pytest.mark.parametrize(("text", "verdict", "outside"), COURSES)
def test_a_number_said_of_every_year_is_held_against_every_year(text, verdict, outside):
    document = report(text)
    (claim,) = check_claims(document, document.grids)
    assert (claim.kind, claim.verdict.value) == ("hvert år", verdict)
    assert not outside or claim.cells == outside


DIRECTIONS = [
    ("Fra 2024 til 2025 økte fysiske besøk, se tabell 3.1.", "opp", "gjengitt"),
    ("Fra 2024 til 2025 økte digitale besøk, se tabell 3.1.", "opp", "stemmer ikke"),
    ("Fra 2023 til 2025 var digitale besøk uendret, se tabell 3.1.", "uendret", "gjengitt"),
    ("Tabell 3.2 viser at andelen var høyest for bøker i 2025.", "høyest", "gjengitt"),
    ("Tabell 3.2 viser at andelen var høyest for spill i 2025.", "høyest", "tvilsom"),
]


@pytest.mark.parametrize(("text", "word", "verdict"), DIRECTIONS)
def test_words_of_direction_and_rank_are_held_against_the_table(text, word, verdict):
    document = report(text)
    found = [(claim.printed, claim.verdict.value) for claim in check_claims(document, document.grids)]
    assert found == [(word, verdict)]


def test_a_claim_that_does_not_hold_becomes_a_finding_in_our_own_words():
    document = report("Tabell 3.1 viser 816 tusen fysiske besøk i 2025.")
    (finding,) = contradictions(check_claims(document, document.grids))
    assert finding.verdict is Judgement.CONTRADICTION
    assert finding.where == "linje 1, tabell 3.1, Fysiske besøk: antall, 2025"
    assert finding.cells == ("tabell 3.1, Fysiske besøk, 2025 = 861",)
    assert finding.explanation == "Teksten sier 816 tusen. Tallene gir 861 tusen."


def test_a_number_that_another_sentence_owns_is_no_slip():
    # 99 is the number of the digital visits; the 110 beside it are of something that no table has.
    text = "Tabell 3.1 viser 99 tusen digitale besøk i 2025, og 110 tusen digitale besøk i 2025 på mobil."
    document = report(text)
    verdicts = {claim.printed: claim.verdict.value for claim in check_claims(document, document.grids)}
    assert verdicts == {"99 tusen": "gjengitt", "110 tusen": "kan ikke kontrolleres"}


BUT_FOR_A_SLIP = [
    # one digit, or two that changed places, where the row is named and the size is another
    ("Tabell 3.1 viser 361 tusen fysiske besøk i 2025.", "361 tusen", "tvilsom"),
    ("Tabell 3.1 viser 361 tusen besøk i 2025.", "361 tusen", "kan ikke kontrolleres"),
    # points for per cent, and the other direction
    ("Fysiske besøk økte med 5,0 prosentpoeng fra 2024 til 2025.", "5,0 prosentpoeng", "tvilsom"),
    ("Besøk telles. De fysiske økte med 5,0 prosent fra 2024 til 2025.", "5,0 prosent", "gjengitt"),
    ("Besøk telles. De fysiske gikk ned med 5,0 prosent fra 2024 til 2025.", "5,0 prosent", "tvilsom"),
    (
        "Besøk telles. De fysiske gikk ned med 6,0 prosent fra 2024 til 2025.",
        "6,0 prosent",
        "kan ikke kontrolleres",
    ),
    # two figures say too little, unless another number of the sentence is from the same row
    ("Digitale besøk utgjorde 90,3 prosent av besøkene i 2025.", "90,3 prosent", "tvilsom"),
    ("Digitale besøk var 29 tusen i 2025.", "29 tusen", "kan ikke kontrolleres"),
    ("Digitale besøk var 110 tusen i 2024 og 29 tusen i 2025.", "29 tusen", "tvilsom"),
]


@pytest.mark.parametrize(("text", "printed", "verdict"), BUT_FOR_A_SLIP)
def test_a_number_that_one_slip_keeps_from_its_cell_is_doubtful(text, printed, verdict):
    document = report(text)
    found = {claim.printed: claim.verdict.value for claim in check_claims(document, document.grids)}
    assert found[printed] == verdict


@pytest.mark.parametrize(("part", "verdict"), [("141", "tvilsom"), ("148", "gjengitt")])
def test_a_share_is_held_against_its_part_in_another_paragraph_and_the_whole_in_a_table(part, verdict):
    staff = grid("4.1", "Nøkkeltall", ["2024", "2025"], {"Vikarer": ["990", "1 060"], "Lister": ["12", "14"]})
    share, count = "I 2025 mangler 14 prosent av vikarene kurs.", f"I 2025 er det {part} vikarer uten kurs."
    document = report(share, count)
    (claim,) = [claim for claim in check_claims(document, [staff]) if claim.kind == "andel"]
    assert claim.verdict.value == verdict
    assert claim.cells == (f"linje 2, avsnitt 3: antall, 2025 = {part}", "tabell 4.1, Vikarer, 2025 = 1 060")

    # Beside each other they may be of two groups, in another section of something else.
    first, second = document.paragraphs
    for paragraphs in (report(f"{share} {count}").paragraphs, (first, replace(second, section="9"))):
        claims = check_claims(replace(document, paragraphs=paragraphs), [staff])
        assert {claim.kind for claim in claims} == {"tall"}
