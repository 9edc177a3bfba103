"""Slips in prose that the tables bear out: a digit, the other direction, per cent for points."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from number_audit.claims.candidates import library_of
from number_audit.claims.claim import ClaimVerdict
from number_audit.claims.directions import check_directions, read_directions
from number_audit.claims.matching import AGREED, Match, Reproduced, agrees, main_year, match_statements
from number_audit.claims.statements import Statement, StatementKind, read_statements
from number_audit.document import Document
from number_audit.language.quantities import read_quantities
from number_audit.selftest.digits import SOME
from number_audit.selftest.plant import Plant, SlipKind, with_text

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


class ReproducedProse:
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
        self.reproduced = Reproduced([match for match in matches if match.verdict in AGREED])
        self.matches = [match for match in matches if match.verdict is ClaimVerdict.REPRODUCED]

    def plant(self, kind: SlipKind, said: Statement, start: int, end: int, text: str) -> Plant:
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


def numbers(prose: ReproducedProse) -> Iterator[Plant]:
    """Yield a digit changed in each number that a cell gives, beyond what rounding and cell allow."""
    for match in prose.matches:
        said = match.statement
        for place in range(said.quantity.start, said.quantity.end):
            for step in SOME if said.text[place].isdecimal() else ():
                digit = str((int(said.text[place]) + step) % 10)
                if _is_slip(match, place, digit):
                    yield prose.plant(SlipKind.NUMBER, said, place, place + 1, digit)


def _is_slip(match: Match, place: int, digit: str) -> bool:
    """Tell whether a digit makes another number of the same length, which the cells do not give."""
    text = match.statement.text
    changed = text[:place] + digit + text[place + 1 :]
    read = [one for one in read_quantities(changed) if one.start == match.statement.quantity.start]
    leading = digit == "0" and not text[place - 1].isdecimal() and text[place + 1 : place + 2] != ","
    if len(read) != 1 or leading or match.candidate is None:
        return False
    return not agrees(replace(match.statement, quantity=read[0]), match.candidate)


def directions(prose: ReproducedProse) -> Iterator[Plant]:
    """Yield the opposite word where a word of direction was borne out, with its number or alone."""
    changes = [
        match.statement
        for match in prose.matches
        if match.statement.kind is StatementKind.CHANGE and match.statement.sign
    ]
    for said in changes:
        found = list(_DIRECTION.finditer(said.text[: said.quantity.start]))
        yield from _turned(prose, said, found[-1:])
    for word, said in read_directions(prose.document, prose.main):
        claims = check_directions([(word, said)], prose.library, prose.reproduced)
        if said.sign and any(claim.verdict is ClaimVerdict.REPRODUCED for claim in claims):
            found = list(_DIRECTION.finditer(said.text))
            yield from _turned(prose, said, found if len(found) == 1 else [])


def _turned(prose: ReproducedProse, said: Statement, found: Sequence[re.Match[str]]) -> Iterator[Plant]:
    for match in found:
        yield prose.plant(SlipKind.DIRECTION, said, match.start(), match.end(), _TURNED[match[0]])


def points(prose: ReproducedProse) -> Iterator[Plant]:
    """Yield per cent for points, and points for per cent, at each change that was borne out."""
    for match in prose.matches:
        said = match.statement
        points = _POINTS.search(said.text, said.quantity.start, said.quantity.end)
        if said.kind is StatementKind.CHANGE and points:
            other = "prosent" if points["poeng"] else "prosentpoeng"
            yield prose.plant(SlipKind.POINTS, said, points.start(), points.end(), other)
