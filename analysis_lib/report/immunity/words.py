"""Words of direction that somebody typed beside a bound number, held against the number's sign."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from analysis_lib.audit.editions.sentences import Piece, sentences_of
from analysis_lib.audit.findings import Finding, Verdict
from analysis_lib.indicators.exact import read_number

_UP = r"økte|økt|økning(?:en)?|vokste|vokst|steg|steget|oppgang(?:en)?|vekst(?:en)?"
_DOWN = r"falt|sank|sunket|gikk ned|gått ned|nedgang(?:en)?|reduksjon(?:en)?|redusert|minket"
_WORDS = re.compile(rf"\b(?:(?P<up>{_UP})|(?P<down>{_DOWN}))\b", re.I)
# What a change is called by the functions that compute one.
_CHANGES = ("endring", "differanse")


def contradicting_words(
    sentences: Iterable[Mapping[str, Any]], numbers: Mapping[str, Any]
) -> Iterator[Finding]:
    """Yield the sentences whose typed direction and bound change have opposite signs.

    Only a sentence with one change and words of one direction can be judged; the others say more than one
    thing. The finding is doubtful: a sentence may speak of a fall that grew smaller.

    Parameters
    ----------
    sentences : iterable of mapping
        As the number register of a build holds them.
    numbers : mapping
        The register's entries by ref.
    """
    for paragraph in sentences:
        pieces = tuple(Piece(p["text"], p["kind"], refs=tuple(p["refs"])) for p in paragraph["parts"])
        for text, inside in sentences_of(pieces):
            typed = [
                match for piece in inside if piece.kind == "text" for match in _WORDS.finditer(piece.text)
            ]
            changes = {
                ref for p in inside if p.kind == "number" for ref in p.refs if _is_change(numbers[ref])
            }
            directions = {match.lastgroup for match in typed}
            if len(changes) != 1 or len(directions) != 1:
                continue
            entry = numbers[changes.pop()]
            point = read_number(entry["exact"]["point"])
            if point is not None and point != 0 and directions != {"up" if point > 0 else "down"}:
                yield _finding(paragraph, text, typed[0][0], entry)


def _is_change(entry: Mapping[str, Any]) -> bool:
    return str(entry.get("how", "")).startswith(_CHANGES)


def _finding(paragraph: Mapping[str, Any], text: str, word: str, entry: Mapping[str, Any]) -> Finding:
    return Finding(
        kind="retning",
        where=f"{paragraph['place']} i {paragraph['chapter']}",
        cells=(f"{entry['label']} = {entry['text']}",),
        printed=text,
        verdict=Verdict.DOUBTFUL,
        explanation=f"«{word}» er skrevet inn, men tallet er {entry['text']}. Bind ordet til tallet.",
        confidence=0.5,
        cause=text,
    )
