"""Where sentences end: the one rule of the audit, the editions and the house rules."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis_lib.data.norwegian import sentence_starts, sentences
from analysis_lib.present.pieces import Part
from number_audit.language.words import sentences as statements
from publishing.diff.sentences import sentences_of


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Det var 2,2 mill. katter. De er ute.", 2),
        ("Det var 2,2 mrd. Kroner er de ikke.", 1),
        ("Se kap. 12 om katter. Slutt.", 2),
        ("Kattene er flest i tabell 3. Hundene er færre.", 2),
        ("De fikk penicillin V. Målet er færre.", 2),
        ("Hansen, K. L. og Olsen, B. (2024). Katter.", 2),
        ("Er det så? «Ja», sa de.¹ 3 av 4 var enige.", 3),
        ("Den 1. mai kom de.", 1),
        ("", 0),
    ],
)
def test_sentences(text: str, count: int) -> None:
    assert len(sentences(text)) == count


def test_a_date_ends_no_statement_and_a_colon_does() -> None:
    assert statements("Per 5. Mai 2026 var det så: De økte.") == ["Per 5. Mai 2026 var det så:", "De økte."]
    assert sentences("Det var så: De økte.") == ["Det var så: De økte."]


@given(st.text("aA1 .:!?)«·²"))
def test_nothing_but_space_between_sentences_is_lost(text: str) -> None:
    starts = sentence_starts(text)
    assert starts == sorted(set(starts))
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


def test_a_bound_piece_is_never_cut_and_an_empty_one_stays_with_what_is_before() -> None:
    pieces = (
        Part(text="De var ca. "),
        Part(text="8. Mai", kind="number"),
        Part(text=". "),
        Part(text="", kind="words"),
        Part(text="Nå er de få."),
    )
    found = sentences_of(pieces)
    assert [text for text, _ in found] == ["De var ca. 8. Mai.", "Nå er de få."]
    assert found[0][1] == list(pieces[:4])
