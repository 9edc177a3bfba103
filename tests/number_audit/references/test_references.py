"""References: each slip that a report may have, and that a report without slips has none."""

from __future__ import annotations

import pytest

from number_audit.document import Document
from number_audit.findings import Finding, Judgement
from number_audit.language.periods import moments, span
from number_audit.reading.parse import parse_document
from number_audit.references import check_references
from number_audit.references.mentions import cross_references

REPORT = """\
Innhold

1 Katter ____ 3
1.1 Katter i byen ____ 3
1.2 Katter på landet ____ 5
2 Digitale halsbånd ____ 7

1 Katter

Kapitlet handler om katter. Kapittel 2 om digitale halsbånd viser hvordan halsbånd brukes.

1.1 Katter i byen

Tabell 1.1 viser antall katter i byen fra 2023 til 2025.¹ Figur 1.1 viser andelen som er ute om natten.

Tabell 1.1 Antall katter i byen, 2023-2025.

\t2023\t2024\t2025*
Tamme katter\t10\t12\t14
Ville katter\t3\t2\t1

Kilde: Registeret. *Anslag

Figur 1.1 Andel katter ute om natten i byen, 2025.

Kilde: Registeret.

¹ Tall per desember.

1.2 Katter på landet

Det er færre katter på landet, se tabell 1.2.²

Tabell 1.2 Katter på landet, 2023-2025.

\t2023\t2024\t2025
Katter\t4\t5\t6

² Bare tamme katter er med.

2 Digitale halsbånd

Halsbånd er omtalt i kapittel 1.1. Tabell 2.1 viser hvem som har digitale halsbånd med sender.

Tabell 2.1 Digitale halsbånd med sender, 2025.

\tAntall
Med sender\t7
Uten sender\t8
"""


def read(text: str) -> Document:
    return parse_document(text.splitlines(), "rapport.txt")


def slips(old: str = "", new: str = "") -> list[Finding]:
    assert old in REPORT
    return check_references(read(REPORT.replace(old, new, 1) if old else REPORT))


def only(kind: str, old: str, new: str) -> Finding:
    (finding,) = slips(old, new)
    assert finding.kind == kind
    return finding


def test_a_report_without_slips_has_no_finding() -> None:
    assert slips() == []


def test_a_reference_to_nothing_names_what_was_meant() -> None:
    finding = only("missing_target", "Kapittel 2 om digitale", "Kapittel 9 om digitale")
    assert (finding.where, finding.printed, finding.verdict) == (
        "linje 10",
        "kapittel 9",
        Judgement.CONTRADICTION,
    )
    assert "kapittel 2: Digitale halsbånd" in finding.explanation
    assert finding.cause == "henvisninger til kapitler etter 2"


def test_the_same_sentence_elsewhere_tells_the_number() -> None:
    note = "Kilde: Registeret. Se tekst under figur 1.1."
    changed = REPORT.replace("Kilde: Registeret.\n", f"{note}\n", 1) + f"\n{note.replace('1.1', '7.1')}\n"
    changed = changed.replace("Figur 1.1 Andel", "Figur 1.1 Andel", 1).replace(
        "¹ Tall", "Figur 1.2 Andel katter inne om natten i byen, 2025.\n\nFigur 1.2 viser resten.\n\n¹ Tall"
    )
    (finding,) = [item for item in check_references(read(changed)) if item.kind == "missing_target"]
    assert "viser til figur 1.1" in finding.explanation


@pytest.mark.parametrize(
    "sentence",
    [
        "Dette følger av folketrygdloven kapittel 5.",
        "Se kapittel 7 i årsrapporten for 2019 om katter.",
        "Tallene er fra Temaplan, kapittel 8.",
        "Kilden er SSB, tabell 11996.",
        "Boks 3 og side 9 er ikke med.",
    ],
)
def test_references_to_other_works_are_left_alone(sentence: str) -> None:
    assert slips("Kapitlet handler om katter.", f"Kapitlet handler om katter. {sentence}") == []


def test_a_document_without_figures_may_cite_those_of_others() -> None:
    assert (
        check_references(read("Ifølge undersøkelsen, figur 3.13, er kattene flest.\n\nTabell 2 er god."))
        == []
    )


def test_a_single_chapter_may_point_to_the_others_and_to_itself() -> None:
    chapter = REPORT[REPORT.index("1 Katter\n\nKapitlet") : REPORT.index("2 Digitale halsbånd\n\nHalsbånd")]
    assert [item for item in check_references(read(chapter)) if item.kind == "missing_target"] == []
    section = chapter.replace("1 Katter\n\n", "").replace("Kapittel 2 om", "Kapittel 1.7 om")
    (finding,) = [item for item in check_references(read(section)) if item.kind == "missing_target"]
    assert finding.printed == "kapittel 1.7"
    whole = section.replace("Kapittel 1.7 om", "Kapittel 1 om")
    assert [item for item in check_references(read(whole)) if item.kind == "missing_target"] == []


def test_a_part_with_tables_of_its_own_letter_may_point_to_the_chapters() -> None:
    part = "Tabell P1 og tabell P2 er holdt mot tabell 8.3.\n\n" + "\n\n".join(
        f"Tabell P{number} Katter\n\n\t2024\t2025\nTamme\t10\t12\nVille\t3\t2" for number in (1, 2)
    )
    assert check_references(read(part)) == []
    found = check_references(read(part.replace("tabell P2 er", "tabell P7 er")))
    assert [item.printed for item in found if item.kind == "missing_target"] == ["tabell P7"]


def test_a_number_on_two_tables() -> None:
    finding = only("duplicate_number", "se tabell 1.2.²\n\nTabell 1.2", "se tabell 1.1.²\n\nTabell 1.1")
    assert "linje 16 og 34" in finding.explanation
    assert "Henvisningen på linje 14 gjelder trolig den på linje 16" in finding.explanation


def test_a_number_on_two_chapters() -> None:
    found = slips("1.2 Katter på landet\n\nDet er", "1.1 Katter på landet\n\nDet er")
    assert "duplicate_number" in {finding.kind for finding in found}


def test_a_sentence_about_something_else() -> None:
    finding = only(
        "wrong_topic",
        "Det er færre katter på landet, se tabell 1.2.²",
        "Det er færre katter på landet, se tabell 1.2.² "
        "Mange har halsbånd med digital sender (se kapittel 1.1).",
    )
    assert (finding.printed, finding.verdict) == ("kapittel 1.1", Judgement.DOUBTFUL)
    assert "Kapittel 2 ligger nærmere" in finding.explanation


def test_a_vague_caption_beside_its_sentence_is_not_doubted() -> None:
    figures = """\
        1 Katter og hunder

        Dyr i byen er glade. Figur 1.1 viser hvem som bærer digitale halsbånd med sender om natten.

        Figur 1.1 Fordeling etter type.

        Figur 1.2 viser vekten.

        Figur 1.2 Vekt.

        2 Utstyr

        Figur 2.1 viser utstyret.

        Figur 2.1 Digitale halsbånd med sender.
        """
    lines = [line.strip() for line in figures.splitlines()]
    assert check_references(parse_document(lines, "rapport.txt")) == []


def test_a_text_that_has_words_of_both_is_not_doubted() -> None:
    chapters = """\
        1 Generelt om dyr

        Digitale halsbånd med sender brukes av mange på landet. Se også kapittel 3 om dette.

        2 Digitale halsbånd med sender

        De er dyre.

        3 Livet på landet

        Det er stille.
        """
    lines = [line.strip() for line in chapters.splitlines()]
    assert check_references(parse_document(lines, "rapport.txt")) == []


def test_the_table_below_counts_as_mentioned() -> None:
    assert slips(", se tabell 1.2.²", ", som tabellen nedenfor viser.²") == []


def test_what_no_text_mentions() -> None:
    finding = only("never_mentioned", ", se tabell 1.2.²", ".²")
    assert finding.explanation == "1 av 3 tabeller er ikke nevnt med nummer i teksten: 1.2."


@pytest.mark.parametrize(
    ("old", "new", "explanation"),
    [
        ("landet, 2023-2025.", "landet, 2023-2026.", "dekker 2023–2026, tabellen 2023–2025"),
        ("Katter på landet, 2023-2025.", "Katter på landet, per mai 2024.", ""),
        ("Figur 1.1 viser andelen", "Figur 1.1 viser fra 2019 til 2025 andelen", ""),
        ("i byen fra 2023 til 2025", "i byen fra 2022 til 2025", "Teksten sier 2022–2025 om tabell 1.1"),
    ],
)
def test_a_caption_of_another_period(old: str, new: str, explanation: str) -> None:
    found = slips(old, new)
    assert [finding.kind for finding in found] == (["caption_period"] if explanation else [])
    assert not explanation or explanation in found[0].explanation


def test_a_month_of_another_year_than_the_column() -> None:
    changed = REPORT.replace("på landet, 2023-2025.", "på landet, per mai 2025.").replace("5\t6", "5\t6")
    changed = changed.replace("\t2023\t2024\t2025\nKatter", "\tDes. 2024\tDes. 2025\tMai 2026\nKatter")
    (finding,) = check_references(read(changed))
    assert (finding.kind, finding.printed) == ("caption_period", "mai 2025")
    assert "kolonnen mai 2026" in finding.explanation


@pytest.mark.parametrize(
    ("headers", "twice"),
    [
        ("2021\t2022\t2022\t2023", ["2022"]),
        ("2021\t2022\t2022\t2023\t2023", []),  # two groups of columns whose names were not read
        ("2024\t2025\t2025", []),
        ("2021\t2022\t2023\t2022", []),
    ],
)
def test_a_year_that_heads_two_columns(headers: str, twice: list[str]) -> None:
    cells = "\t".join("1234"[i % 4] for i in range(headers.count("\t") + 1))
    text = f"Tabell 1.1 Hunder\n\n\t{headers}\nSmå\t{cells}\nStore\t{cells}\n"
    found = [finding for finding in check_references(read(text)) if finding.kind == "header"]
    assert [finding.printed for finding in found] == twice


def test_a_caption_left_from_the_last_edition() -> None:
    twin = "Figur 1.2 Andel katter inne om natten i byen, 2024.\n\nFigur 1.2 viser resten.\n\n¹ Tall"
    finding = only("caption_period", "¹ Tall", twin)
    assert "slutter i 2024, mens figur 1.1 slutter i 2025" in finding.explanation


def test_prices_that_caption_and_columns_do_not_agree_on() -> None:
    finding = only(
        "caption_unit",
        "landet, 2023-2025.\n\n\t2023",
        "landet, 2023-2025. Løpende priser.\n\n\tFaste priser\t\t\n\t2023",
    )
    assert "ikke enige om prisene" in finding.explanation


@pytest.mark.parametrize(
    ("old", "new", "explanation"),
    [
        ("² Bare tamme katter er med.", "", "Fotnote 2 er vist til, men har ingen tekst."),
        ("tabell 1.2.²", "tabell 1.2.", "Fotnote 2 har en tekst, men ingen viser til den."),
        ("kapittel 1.1. Tabell", "kapittel 1.1.¹ Tabell", "Fotnote 1 er brukt på nytt etter fotnote 2."),
        ("Kilde: Registeret. *Anslag", "Kilde: Registeret.", "Merket * i tabell 1.1 har ingen forklaring"),
        ("*Anslag", "*Anslag **Telt", "Forklaringen til ** under tabell 1.1 har ikke noe merke"),
        ("*Anslag", "*Anslag\n*Telt", "Merket * er forklart 2 ganger under tabell 1.1."),
        ("*Anslag", "*2023: mai, 2024: juni, 2024: juli", "Noten forklarer 2024 to ganger"),
    ],
)
def test_footnotes_and_notes(old: str, new: str, explanation: str) -> None:
    assert only("footnote", old, new).explanation.startswith(explanation)


def test_square_metres_are_no_footnote() -> None:
    assert slips("Kapitlet handler om katter.", "Kapitlet handler om katter på 12 m² i byen.") == []


@pytest.mark.parametrize(
    ("left_in", "kind"),
    [
        ("Tallet øker, se.", "empty_reference"),
        ("Det er nærmere omtalt i avsnitt.", "empty_reference"),
        ("Se Error! Reference source not found for mer.", "empty_reference"),
        ("Feil! Fant ikke referansekilden her.", "empty_reference"),
        ("Tallet er XX prosent.", "editors_remark"),
        ("Her kommer mer [sett inn tall].", "editors_remark"),
        ("Kattene er 12 (sjekk med registeret) i alt.", "editors_remark"),
        ("TBD etter møtet.", "editors_remark"),
        ("Det er behov for å for å telle dem.", "typography"),
        ("Kattene kattene er og og blir flere.", "typography"),
        ("De har en budsjetttramme for fôr.", "typography"),
        ("De kommer hjem..", "typography"),
        ("De kommer hjem (om natten.", "typography"),
    ],
)
def test_what_an_editor_left_in(left_in: str, kind: str) -> None:
    finding = only(kind, "Kapitlet handler om katter.", f"Kapitlet handler om katter. {left_in}")
    assert finding.where == "linje 10"


@pytest.mark.parametrize(
    "sentence",
    [
        "Det er lett å se.",
        "Det det gjelder, er at vi bor i i dag.",
        "Slik er det i eget avsnitt.",
        "Valgene er a) katt og b) hund.",
        "Adressen er https://www.example.org/aaa…",
    ],
)
def test_what_only_looks_like_a_remark(sentence: str) -> None:
    assert slips("Kapitlet handler om katter.", f"Kapitlet handler om katter. {sentence}") == []


def test_a_remark_in_a_column_header() -> None:
    assert only("editors_remark", "\tAntall", "\tAntall skal slettes").printed == "skal slettes"


def test_a_long_sentence_that_stands_twice_in_a_chapter() -> None:
    sentence = (
        "Kattene som er ute om natten, kommer som regel hjem igjen tidlig neste morgen når det blir lyst."
    )
    finding = only("repeated_text", "Kapitlet handler om katter.", f"{sentence} Slik er det. {sentence}")
    assert finding.explanation == "Setningen står også på linje 10."


@pytest.mark.parametrize(
    ("old", "new", "explanation"),
    [
        (
            "1.2 Katter på landet ____ 5",
            "1.2 Kater på landet ____ 5",
            "Overskriften er «Katter på landet» i teksten",
        ),
        (
            "1.2 Katter på landet ____ 5",
            "1.2 Katter på landet ____ 5\n1.3 Ulver ____ 6",
            "Innholdsfortegnelsen har 1.3",
        ),
        ("1.2 Katter på landet ____ 5\n", "", "Kapittel 1.2 mangler i innholdsfortegnelsen."),
    ],
)
def test_the_contents_against_the_headings(old: str, new: str, explanation: str) -> None:
    assert only("contents", old, new).explanation.startswith(explanation)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Se tabell 8.4 og 8.5.", ["tabell 8.4", "tabell 8.5"]),
        ("Figur 11.1–11.3 viser det.", ["figur 11.1", "figur 11.2", "figur 11.3"]),
        ("I tabellene 8.1, 8.2 og figur 3.", ["tabell 8.1", "tabell 8.2", "figur 3"]),
        ("Se kap. 12 og avsnitt 4.1.", ["kapittel 12", "kapittel 4.1"]),
        ("Det er beskrevet i 6.2.3 over.", ["kapittel 6.2.3"]),
        ("Tabell 12,5 prosent og figur 2,3.", []),
        ("Tabell 8.1 og 12 andre kilder.", ["tabell 8.1"]),
        ("Figur 10.A og 10.B viser det.", ["figur 10.A", "figur 10.B"]),
    ],
)
def test_how_a_reference_is_written(text: str, expected: list[str]) -> None:
    assert [
        mention.name for mention in cross_references(read(f"{text} Slutt på avsnittet om dette."))
    ] == expected


def test_periods() -> None:
    assert [str(moment) for moment in moments("Per 1.5.2026, KV4 2019 og 2 000 innbyggere; 2019 = 100")] == [
        "mai 2026",
        "2019",
    ]
    assert span("fra mai 2020 til og med april 2026") == tuple(moments("mai 2020 og april 2026"))
    assert span("i 2025") is None
