"""Numbers of a sentence against each other: parts and whole, count and share, from, to and change."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import groupby

from analysis_lib.audit.claims.claim import Claim, ClaimVerdict, in_words, shown
from analysis_lib.audit.claims.periods import Period
from analysis_lib.audit.claims.statement import Kind, Statement, stated
from analysis_lib.audit.claims.words import alike, stem
from analysis_lib.data.interval import Interval
from analysis_lib.data.norwegian import format_exact

_PARTS = re.compile(
    r"\bhvorav\b|\btil sammen\b|\bav disse\b|\bresten\b|^av \w+ på\b|\btotalt\b", re.IGNORECASE
)
_WHOLE_BEFORE = re.compile(
    r"^\s*av \w+ på\s*$|\b(?:totalt|i alt|til sammen)\s+(?:\w+\s+){0,2}$", re.IGNORECASE
)
_WHOLE_AFTER = re.compile(r"^[^,.;(]{0,30}(?:til sammen|i alt|totalt|hvorav)\b", re.IGNORECASE)
_FROM = re.compile(r"\bfra\s+(?:\w+\.?\s){0,2}$", re.IGNORECASE)
_OF = re.compile(r"^\)?\s*av\s+(?:alle\s+|de\s+)?(\w+)", re.IGNORECASE)
_CLOSE = Fraction(1, 20)


def check_sentences(statements: Sequence[Statement]) -> Iterator[Claim]:
    """Yield what the numbers of each sentence say of each other."""
    for _, group in groupby(statements, key=lambda one: (one.line, one.sentence)):
        said = [one for one in group if one.quantity.printed[0].isdigit() or one.quantity.unit]
        for check in (parts_and_whole, count_and_share, from_and_to):
            yield from check(said) if said else ()
    for _, group in groupby(statements, key=lambda one: one.section):
        yield from shares_of_hundred(list(group))


def parts_and_whole(said: Sequence[Statement]) -> Iterator[Claim]:
    """Check «av veksten på 30 kom 20 i A og 10 i B»: the parts must give the whole."""
    counts = [one for one in said if not one.quantity.unit and not one.quantity.upper]
    text = said[0].text
    if len(counts) <= 2 or not _PARTS.search(text):
        return
    wholes = [
        one
        for one in counts
        if _WHOLE_BEFORE.search(text[: one.quantity.start]) or _WHOLE_AFTER.search(text[one.quantity.end :])
    ]
    if len(wholes) != 1:
        return
    parts = [one for one in counts if one is not wholes[0]]
    total = sum((one.quantity.interval for one in parts), Interval.exact(0))
    formula = " + ".join(one.quantity.printed for one in parts)
    yield from _judged(wholes[0], total, "sum", formula, "delene gir ikke summen")


def count_and_share(said: Sequence[Statement]) -> Iterator[Claim]:
    """Check «av 164 oppga 32 (19,5 prosent)»: the count of the whole must give the share."""
    text = said[0].text
    for whole, count, share in zip(said, said[1:], said[2:], strict=False):
        between = text[count.quantity.end : share.quantity.start]
        is_whole = re.search(r"\bav\s+$", text[: whole.quantity.start], re.IGNORECASE)
        if is_whole and share.quantity.unit == "prosent" and between.strip() == "(":
            if whole.quantity.unit or count.quantity.unit or whole.quantity.number <= count.quantity.number:
                continue
            computed = Interval.exact(100 * count.quantity.number / whole.quantity.number)
            formula = f"{count.quantity.printed} av {whole.quantity.printed}"
            yield from _judged(share, computed, "andel", formula, "antallet gir en annen andel")


def from_and_to(said: Sequence[Statement]) -> Iterator[Claim]:
    """Check «fra A i fjor til B i år, en økning på C»: two of them give the third."""
    levels = [one for one in said if one.kind is Kind.LEVEL and one.period]
    changes = [one for one in said if one.kind is Kind.CHANGE]
    if len(levels) != 2 or len(changes) != 1 or levels[0].quantity.unit != levels[1].quantity.unit:
        return
    first, last = sorted(levels, key=lambda one: one.period or (0, 0))
    change = changes[0]
    spans = (None, Period(last.period.end, first.period.end)) if first.period and last.period else ()
    if first.period == last.period or change.period not in spans or first.quantity.interval.low <= 0:
        return
    a, b = first.quantity.interval, last.quantity.interval
    points, relative = b - a, (b / a - 1) * 100
    formula = f"fra {first.quantity.printed} til {last.quantity.printed}"
    both_percent = first.quantity.unit == "prosent" and change.quantity.unit == "prosent"
    if both_percent and not _FROM.search(first.text[: first.quantity.start]):
        return
    if both_percent and not stated(change).intersect(relative) and stated(change).intersect(points):
        yield _claim(
            change,
            points,
            ClaimVerdict.DOUBTFUL,
            "prosent og prosentpoeng",
            formula,
            "endringen er i prosentpoeng, men kalles prosent",
        )
    elif change.quantity.unit == "prosent":
        yield from _judged(change, relative, "fra og til", formula, "endringen følger ikke av nivåene")
    elif change.quantity.unit in ("prosentpoeng", first.quantity.unit):
        yield from _judged(change, points, "fra og til", formula, "endringen følger ikke av nivåene")


def shares_of_hundred(said: Sequence[Statement]) -> Iterator[Claim]:
    """Find a share too many: where two shares of one whole are 100 per cent, a third has no room."""
    shares = [
        (one, stem(match[1]))
        for one in said
        if one.kind is Kind.LEVEL and one.quantity.unit == "prosent" and not one.quantity.vague
        if (match := _OF.match(one.text[one.quantity.end :]))
    ]
    for i, (first, noun) in enumerate(shares):
        for second, other in shares[i + 1 :]:
            full = first.quantity.number + second.quantity.number == 100
            if not full or not alike(noun, other) or first.period != second.period:
                continue
            for extra, third in shares:
                unplaced = not extra.explicit or extra.period == first.period
                if (
                    extra not in (first, second)
                    and unplaced
                    and alike(noun, third)
                    and extra.line >= second.line
                ):
                    total = first.quantity.interval + second.quantity.interval + extra.quantity.interval
                    formula = f"{first.quantity.printed} og {second.quantity.printed} er alt"
                    why = "andelene av det samme hele blir mer enn 100 prosent"
                    yield _claim(extra, total, ClaimVerdict.DOUBTFUL, "andeler", formula, why)
            return


def _judged(one: Statement, computed: Interval, kind: str, formula: str, why: str) -> Iterator[Claim]:
    """Yield a claim where the computed number agrees, or is near enough to be meant."""
    said = stated(one)
    if not one.sign and computed.high < 0:
        computed = 0 - computed
    if said.intersect(computed) is not None:
        yield _claim(one, computed, ClaimVerdict.REPRODUCED, kind, formula, "")
    elif abs(computed.middle - said.middle) <= (_CLOSE if kind == "sum" else 1) * abs(said.middle):
        yield _claim(one, computed, ClaimVerdict.CONTRADICTION, kind, formula, why)


def _claim(
    one: Statement, computed: Interval, verdict: ClaimVerdict, kind: str, formula: str, why: str
) -> Claim:
    middle = one.quantity.interval.middle
    error = abs((computed.middle - middle) / middle) if middle else Fraction(0)
    return Claim(
        place=f"linje {one.line}",
        statement=f"{in_words(one)} ({kind})",
        printed=one.quantity.printed,
        computed=shown(computed, one.quantity),
        verdict=verdict,
        cells=(f"{formula} = {format_exact(computed.middle / 10**one.quantity.power, 2)}",),
        why=why,
        kind=kind,
        weight=float(error),
    )
