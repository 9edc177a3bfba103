"""Prose in a text: headings, paragraphs cut by a page, lists, footnotes, contents."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import example, given
from hypothesis import strategies as st

from analysis_lib.errors import DataFeil
from number_audit.document import Document
from number_audit.language.words import shared, stems
from number_audit.reading.parse import parse_document
from tests.number_audit.text_chain import TEXTS, audited

LONG = (
    "Dette er et langt avsnitt om katter som står på én linje, slik at teksten ikke er brutt for hånd. " * 3
)


def read(text: str) -> Document:
    return parse_document(text.splitlines(), "tekst.txt")


def paragraphs(document: Document) -> list[str]:
    return [part.text for part in document.paragraphs]


def test_headings_give_paragraphs_their_section() -> None:
    document = read(f"2 Katter\n\n{LONG}\n\n2.1 Tamme katter\n\n{LONG}\n\nVEDLEGG\n\nOrdliste over dyr.")
    assert [(heading.number, heading.title) for heading in document.headings] == [
        ("2", "Katter"),
        ("2.1", "Tamme katter"),
        ("", "VEDLEGG"),
    ]
    assert [part.section for part in document.paragraphs] == ["2", "2.1", ""]


def test_a_page_break_does_not_cut_a_paragraph() -> None:
    document = read(f"{LONG}Kattene er\n\n³ Et dyr.\n\nflest i byen.\n\nHundene er færre.")
    assert paragraphs(document)[0].endswith("Kattene er flest i byen.")
    assert paragraphs(document)[1] == "Hundene er færre."
    assert [(note.mark, note.text, note.line) for note in document.footnotes] == [("3", "Et dyr.", 3)]


def test_a_sentence_that_ends_is_not_gone_on_with() -> None:
    assert len(read(f"{LONG}\n\ne-halsbånd er vanlige for katter.").paragraphs) == 2


def test_wrapped_lines_are_joined_and_hyphens_taken_out_where_the_word_is_known() -> None:
    text = (
        "Kattepasserne i byen møtes hver uke og snakker om hus-\n"
        "dyrene. De har sørge-for-ansvar, og det gjelder også helse- \n"
        "og omsorgsdyr. Husdyrene i byen er glade, og de som sørge-\n"
        "for-ansvaret gjelder, er flest.\n"
    )
    (whole,) = paragraphs(read(text + "Husdyrene\n"))[:1]
    assert "om husdyrene." in whole
    assert "helse- og omsorgsdyr" in whole
    assert "sørge-for-ansvaret" in whole


def test_a_heading_right_above_its_text() -> None:
    text = (
        "Katter i byen\n"
        "Det er flest katter i byen, og de fleste av dem er ute om natten når det er\n"
        "mørkt. Om dagen sover de.\n\n"
        "Dersom kattene ønsker å komme inn igjen om morgenen etter en lang natt ute, sier\n"
        "de fra ved døren.\n"
    )
    document = read(text)
    assert [heading.title for heading in document.headings] == ["Katter i byen"]
    assert len(document.paragraphs) == 2


def test_bullets_are_paragraphs_and_numbers_alone_are_left_out() -> None:
    document = read(f"{LONG}\n\n- Katter\n- Hunder\n\n16\n\n25 %\n\nhttps://example.org/katter")
    assert paragraphs(document)[1:] == ["Katter", "Hunder"]
    assert [(item.line, item.what) for item in document.skipped if item.what != "tabeller"] == [
        (6, "16"),
        (8, "25 %"),
        (10, "https://example.org/katter"),
    ]


def test_a_list_that_looks_like_headings() -> None:
    document = read(f"7 Katter\n\n{LONG}\n\n1 Ja Nord\n\n2 Nei Sør\n\n3 Ja Vest\n\n8 Hunder\n\n{LONG}")
    assert [heading.number for heading in document.headings] == ["7", "8"]


def test_footnotes_in_plain_digits() -> None:
    text = (
        "Kattene er flest i byen, viser en undersøkelse.1 De fleste er ute om natten, og de\n"
        "kommer hjem.2 Hundene er inne hele natten.\n\n"
        "1 Undersøkelsen av dyr i byen, utført av registeret.\n"
        "2 Samme undersøkelse, side 14, der det står om natten.\n"
    )
    document = read(text)
    assert [note.mark for note in document.footnotes] == ["1", "2"]
    assert len(document.paragraphs) == 1


def test_the_contents_are_neither_prose_nor_tables() -> None:
    contents = "Innhold\n\n1 Katter ____\t5\n\nRapport om dyr\n\n1.1\tTamme katter\t6\n2 Hunder ........ 9\n"
    document = read(f"{contents}\n1 Katter\n\n{LONG}")
    assert [(entry.number, entry.title) for entry in document.contents] == [
        ("1", "Katter"),
        ("1.1", "Tamme katter"),
        ("2", "Hunder"),
    ]
    assert document.grids == ()
    assert len(document.paragraphs) == 1


def test_text_in_two_columns_is_read_one_after_the_other() -> None:
    lines = [
        "Kattene er ute om natten,     Hundene er inne om natten,",
        "og de kommer hjem igjen       og de sover som regel helt",
        "tidlig neste morgen.          til det blir lyst igjen.",
    ]
    assert paragraphs(read("\n".join(lines))) == [
        "Kattene er ute om natten, og de kommer hjem igjen tidlig neste morgen.",
        "Hundene er inne om natten, og de sover som regel helt til det blir lyst igjen.",
    ]


def test_one_line_may_hold_two_captions() -> None:
    document = read(f"{LONG}\n\nFigur 1.8 Antall katter og Figur 1.9 antall hunder.\n\nKilde: Registeret")
    assert [(caption.number, caption.text) for caption in document.captions] == [
        ("1.8", "Antall katter"),
        ("1.9", "antall hunder."),
    ]


def test_a_text_without_tables_says_so() -> None:
    document = read(LONG)
    assert [item.why for item in document.skipped] == ["teksten har ingen tabell som kan leses"]
    assert (document.grids, len(document.paragraphs)) == ((), 1)


def test_words_of_one_stem_and_compounds_are_shared() -> None:
    assert shared(stems("Legenes årsverk"), stems("Avtalte legeårsverk for leger")) == {"leg", "årsverk"}
    assert shared(stems("Katter"), stems("Hunder")) == set()


@given(TEXTS | st.text(max_size=300))
@example("1A A")
@example("1/0 katter")
@example("Dyrene-\nⓐbc")
def test_no_text_makes_the_audit_fail(text: str) -> None:
    with TemporaryDirectory() as folder, suppress(DataFeil):  # nothing to read
        audited(Path(folder), text)
    assert read(text).lines == len(text.splitlines())


@given(
    st.lists(
        st.sampled_from(["Katter", "1 234", "", "   ", "Tabell 1.1 Katter", "12   34", "a\tb", "1.2 Hunder"])
    )
)
def test_every_line_is_read_or_told_once_at_most(lines: list[str]) -> None:
    document = parse_document(lines, "tekst.txt")
    assert all(1 <= row.line <= len(lines) for grid in document.grids for row in grid.rows)
    rows = [row.line for grid in document.grids for row in grid.rows]
    assert len(rows) == len(set(rows))
