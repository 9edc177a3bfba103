"""A share whose part stands in another paragraph and whose whole in a table: 141 of 1 070 is 13 per cent."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from analysis_lib.audit.claims.claim import Claim, ClaimVerdict, in_words, shown
from analysis_lib.audit.claims.series import Point, Series
from analysis_lib.audit.claims.statement import Kind, Statement
from analysis_lib.audit.claims.ties import Library
from analysis_lib.audit.claims.words import covered, stem

_OF = re.compile(r"^\s*av\s+(?:alle\s+|de\s+)?(\w+)", re.IGNORECASE)
# A part and a share of one thing are nearly right; what is further off is of something else.
_NEAR, _SMALLEST_WHOLE = Fraction(1, 5), 100


def check_wholes(statements: Sequence[Statement], library: Library) -> Iterator[Claim]:
    """Yield a claim for each share of a whole that a table has, where its section gives the part in number.

    Part and share must have their time and, beyond what names the whole, a word in common.
    """
    parts = [one for one in statements if one.kind is Kind.LEVEL and not one.quantity.unit and not one.per]
    for share in statements:
        noun = _OF.match(share.text[share.quantity.end :])
        if share.kind is Kind.LEVEL and share.quantity.unit == "prosent" and noun:
            wholes = list(_wholes(share, stem(noun[1]), library))
            found = [
                _claim(share, part, *whole)
                for whole in wholes
                for part in parts
                if _same_subject(share, part, whole[0]) and _near(share, part, whole[1])
            ]
            yield from found if len(found) == 1 else ()


def _wholes(share: Statement, noun: str, library: Library) -> Iterator[tuple[Series, Point]]:
    """Yield the counts that are named by what a share is said to be of."""
    for series in library.series:
        named = covered(noun, series.words) and all(covered(word, share.near) for word in series.words)
        point = series.points.get(share.period)
        count = not series.unit and not series.change and not series.per
        if named and count and point and point.interval.low >= _SMALLEST_WHOLE:
            yield series, point


def _same_subject(share: Statement, part: Statement, whole: Series) -> bool:
    beyond = share.near - whole.words - whole.caption
    topic = bool(share.section) and (part.section, part.period) == (share.section, share.period)
    return topic and part.line != share.line and any(word in part.near for word in beyond)


def _near(share: Statement, part: Statement, whole: Point) -> bool:
    if part.quantity.number >= whole.interval.low:
        return False
    computed = (part.quantity.interval * 100 / whole.interval).middle
    return abs(computed - share.quantity.number) <= _NEAR * share.quantity.number


def _claim(share: Statement, part: Statement, whole: Series, point: Point) -> Claim:
    computed = part.quantity.interval * 100 / point.interval
    right = share.quantity.interval.intersect(computed) is not None
    return Claim(
        place=f"linje {share.line}",
        statement=f"{in_words(share)} (andel)",
        printed=share.quantity.printed,
        computed=shown(computed, share.quantity),
        verdict=ClaimVerdict.REPRODUCED if right else ClaimVerdict.DOUBTFUL,
        cells=(
            f"linje {part.line}, {in_words(part)} = {part.quantity.printed}",
            f"{whole.grid.place(point.ref)} = {point.printed}",
        ),
        why="" if right else "antallet og tabellens helhet gir en annen andel",
        kind="andel",
        weight=0.0 if right else float(abs(1 - computed.middle / share.quantity.number)),
    )
