"""A paragraph cut into sentences and clauses, and the tables that it refers to."""

from __future__ import annotations

import re

from analysis_lib.audit.claims.masks import REFERENCE, mask
from analysis_lib.data.sentences import sentences as split

CLAUSE = re.compile(
    r",(?!\d)|;|\b(?:mens|mot|hvorav|samtidig)\b|\bog (?:det|da|de|i|utgjør|utgjorde|var|er|har|hadde)\b",
    re.IGNORECASE,
)


def sentences(text: str) -> list[str]:
    """Split a paragraph into sentences; what follows a colon or a semicolon is a statement of its own.

    >>> sentences("Utgiftene var 1,2 mrd. kroner per 1. mai 2026. I fjor økte de: Det var nytt.")
    ['Utgiftene var 1,2 mrd. kroner per 1. mai 2026.', 'I fjor økte de:', 'Det var nytt.']
    """
    return split(text, ends=".!?…:;", hidden=mask(text))


def clauses(sentence: str) -> list[str]:
    """Split a sentence at its commas and at the words that begin a new clause."""
    return [clause for clause in CLAUSE.split(sentence) if clause and clause.strip()]


def shown_tables(text: str) -> frozenset[str]:
    """Return the numbers of the tables that a text refers to.

    >>> sorted(shown_tables("Tabell 8.1 og 8.2 og figur 8.3"))
    ['8.1', '8.2']
    """
    return frozenset(
        number
        for kind, numbers in REFERENCE.findall(text)
        if kind.lower() == "tabell"
        for number in re.findall(r"\d+\.\d+", numbers)
    )
