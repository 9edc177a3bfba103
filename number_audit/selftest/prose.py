"""Slips in prose that the tables bear out: a digit, the other direction, per cent for points."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from number_audit.claims.candidates import library_of
from number_audit.claims.claim import ClaimVerdict
from number_audit.claims.directions import check_directions, read_directions
from number_audit.claims.matching import AGREED, Anchors, Match, agrees, main_year, match_statements
from number_audit.claims.statements import Kind as Said
from number_audit.claims.statements import Statement, read_statements
from number_audit.document import Document
from number_audit.language.quantities import read_quantities
from number_audit.selftest.digits import SOME
from number_audit.selftest.plant import Kind, Plant, with_text

_TURNED = {
    "økte": "gikk ned",
    "øker": "går ned",
    "økt": "redusert",
    "økning": "reduksjon",
    "økningen": "reduksjonen",
    "vekst": "nedgang",
    "veksten": "nedgangen",
    "steg": "sank",
    "gikk opp": "gikk ned",
    "høyere": "lavere",
    "flere": "færre",
}
_TURNED |= {down: up for up, down in _TURNED.items()} | {"gått ned": "økt", "falt": "økte"}
_DIRECTION = re.compile(rf"\b(?:{'|'.join(sorted(_TURNED, key=len, reverse=True))})\b")
_POINTS = re.compile(r"prosent(?P<poeng>poeng)?\b")


class Prose:
    """What the paragraphs of a document say that its tables bear out.

    Parameters
    ----------
    document : Document
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self.library = library_of(document.grids)
        statements = read_statements(document)
        self.main = main_year(statements)
        matches = match_statements(statements, self.library)
        self.anchors = Anchors([match for match in matches if match.verdict in AGREED])
        self.hits = [match for match in matches if match.verdict is ClaimVerdict.REPRODUCED]

    def plant(self, kind: Kind, said: Statement, start: int, end: int, text: str) -> Plant:
        """Return the document with other text from `start` to `end` of a statement's sentence."""
        paragraph = next(
            one for one in self.document.paragraphs if one.line == said.line and said.text in one.text
        )
        whole, offset = paragraph.text, paragraph.text.find(said.text)
        changed = whole[: offset + start] + text + whole[offset + end :]
        return Plant(
            kind,
            (f"linje {said.line}",),
            f"{said.text[start:end]} → {text}",
            self.document,
            with_text(self.document, paragraph, changed),
        )


def numbers(prose: Prose) -> Iterator[Plant]:
    """Yield a digit changed in each number that a cell gives, beyond what rounding and cell allow."""
    for hit in prose.hits:
        said = hit.statement
        for place in range(said.quantity.start, said.quantity.end):
            for step in SOME if said.text[place].isdecimal() else ():
                digit = str((int(said.text[place]) + step) % 10)
                if _is_slip(hit, place, digit):
                    yield prose.plant(Kind.NUMBER, said, place, place + 1, digit)


def _is_slip(hit: Match, place: int, digit: str) -> bool:
    """Tell whether a digit makes another number of the same length, which the cells do not give."""
    text = hit.statement.text
    changed = text[:place] + digit + text[place + 1 :]
    read = [one for one in read_quantities(changed) if one.start == hit.statement.quantity.start]
    leading = digit == "0" and not text[place - 1].isdecimal() and text[place + 1 : place + 2] != ","
    if len(read) != 1 or leading or hit.tie is None:
        return False
    return not agrees(replace(hit.statement, quantity=read[0]), hit.tie)


def directions(prose: Prose) -> Iterator[Plant]:
    """Yield the opposite word where a word of direction was borne out, with its number or alone."""
    changes = [
        hit.statement for hit in prose.hits if hit.statement.kind is Said.CHANGE and hit.statement.sign
    ]
    for said in changes:
        found = list(_DIRECTION.finditer(said.text[: said.quantity.start]))
        yield from _turned(prose, said, found[-1:])
    for word, said in read_directions(prose.document, prose.main):
        claims = check_directions([(word, said)], prose.library, prose.anchors)
        if said.sign and any(claim.verdict is ClaimVerdict.REPRODUCED for claim in claims):
            found = list(_DIRECTION.finditer(said.text))
            yield from _turned(prose, said, found if len(found) == 1 else [])


def _turned(prose: Prose, said: Statement, found: Sequence[re.Match[str]]) -> Iterator[Plant]:
    for match in found:
        yield prose.plant(Kind.DIRECTION, said, match.start(), match.end(), _TURNED[match[0]])


def points(prose: Prose) -> Iterator[Plant]:
    """Yield per cent for points, and points for per cent, at each change that was borne out."""
    for hit in prose.hits:
        said = hit.statement
        match = _POINTS.search(said.text, said.quantity.start, said.quantity.end)
        if said.kind is Said.CHANGE and match:
            other = "prosent" if match["poeng"] else "prosentpoeng"
            yield prose.plant(Kind.POINTS, said, match.start(), match.end(), other)
