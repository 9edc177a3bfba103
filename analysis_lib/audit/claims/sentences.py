"""A paragraph cut into sentences and clauses, and the tables that it refers to."""

from __future__ import annotations

import re

from analysis_lib.audit.claims.masks import REFERENCE, mask

_ABBREVIATION = re.compile(
    r"\b(?:ca|jf|bl\.a|f\.eks|dvs|mv|mill|mrd|kap|nr|st|pst|ev|inkl|gj|innb|kl|jfr|hhv|o\.l|\w)\.$",
    re.IGNORECASE,
)
_LONGEST = 10
_END = re.compile(r"[.!?:;][)»\"]?\s+(?=[A-ZÆØÅ0-9«\"·(-])")
CLAUSE = re.compile(
    r",(?!\d)|;|\b(?:mens|mot|hvorav|samtidig)\b|\bog (?:det|da|de|i|utgjør|utgjorde|var|er|har|hadde)\b",
    re.IGNORECASE,
)


def sentences(text: str) -> list[str]:
    """Split a paragraph into sentences; a point in an abbreviation or a date ends none.

    >>> sentences("Utgiftene var 1,2 mrd. kroner per 1. mai 2026. I fjor økte de.")
    ['Utgiftene var 1,2 mrd. kroner per 1. mai 2026. ', 'I fjor økte de.']
    """
    hidden = mask(text)
    cuts = [0]
    for match in _END.finditer(hidden):
        if not _ABBREVIATION.search(hidden[max(cuts[-1], match.start() - _LONGEST) : match.start() + 1]):
            cuts.append(match.end())
    return [text[a:b] for a, b in zip(cuts, [*cuts[1:], len(text)], strict=True)]


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
