"""Words of direction without a number, «økte», «gikk ned», «uendret», held against the tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction

from analysis_lib.audit.claims.anchors import Anchors
from analysis_lib.audit.claims.claim import Claim, ClaimVerdict
from analysis_lib.audit.claims.hits import named
from analysis_lib.audit.claims.numerals import Quantity
from analysis_lib.audit.claims.periods import Period, mentions
from analysis_lib.audit.claims.sentences import clauses, sentences, shown_tables
from analysis_lib.audit.claims.statement import Kind, Statement
from analysis_lib.audit.claims.ties import DIRECTION, Library, Tie
from analysis_lib.audit.claims.words import content, covered
from analysis_lib.audit.document import Document
from analysis_lib.data.interval import Interval
from analysis_lib.data.norwegian import format_exact

_UP = re.compile(
    r"\b(?:øk(?:t|te|er|ende)|vokst?e?|steg|stiger|gått opp|gikk opp|i vekst|har vekst)\b", re.IGNORECASE
)
_DOWN = re.compile(
    r"\b(?:redusert|(?:gått|gikk|går) (?:\w+ ){0,8}?ned|sank|synker|falt?|avta(?:r|tt)|avtok|nedgang)\b",
    re.IGNORECASE,
)
_SAME = re.compile(r"\b(?:uendret|stabil(?:t|e)?)\b", re.IGNORECASE)
_LAST_YEAR = re.compile(r"siste år(?:et)?\b|året før|foregående år", re.IGNORECASE)
_TOLD = ((_UP, ("opp", 1)), (_DOWN, ("ned", -1)), (_SAME, ("uendret", 0)))
_OTHERS = re.compile(r"\b(?:andre|øvrige|enkelte|noen|eller)\b", re.IGNORECASE)
# «uendret» is not contradicted by a change of less than this share.
_UNCHANGED = Fraction(1, 20)
_MARGIN = 0.1
_ANY = Quantity(0, 0, "", Fraction(0), Interval.exact(0), DIRECTION)


def check_directions(
    directed: Iterable[tuple[str, Statement]], library: Library, anchors: Anchors
) -> Iterator[Claim]:
    """Yield a claim for each word of direction that can be tied to one series and two years."""
    for word, said in directed:
        yield from _checked(said, word, library, anchors)


def read_directions(document: Document, main: int) -> Iterator[tuple[str, Statement]]:
    """Yield the words of direction that stand without a percentage, each with what its clause says.

    A sentence without a time is read as the last year before `main`, and is not explicit.
    """
    titles = {heading.number: content(heading.title) for heading in document.headings}
    for paragraph in document.paragraphs:
        context = titles.get(paragraph.section, frozenset())
        tables = shown_tables(paragraph.text)
        last: Period | None = None
        for i, sentence in enumerate(sentences(paragraph.text)):
            for clause in clauses(sentence):
                word = _direction(clause)
                period = _period(clause, sentence)
                last = period or last
                if word and not re.search(r"\d+(?:,\d+)? ?(?:prosent|%)", clause):
                    yield (
                        word[0],
                        Statement(
                            _ANY,
                            Kind.CHANGE,
                            word[1],
                            period or last or Period(main, main - 1),
                            period is not None,
                            frozenset(),
                            content(clause),
                            content(sentence),
                            context,
                            tables,
                            i,
                            paragraph.line,
                            paragraph.section,
                            text=sentence,
                        ),
                    )
            context |= content(sentence)


def _direction(clause: str) -> tuple[str, int] | None:
    """Return a clause's direction and its sign; None where there is no single one, or «de andre» go there."""
    found = [told for pattern, told in _TOLD for _ in pattern.finditer(clause)]
    return found[0] if len(found) == 1 and not _OTHERS.search(clause) else None


def _period(clause: str, sentence: str) -> Period | None:
    """Return the two years of a clause: named in it, or before it in its sentence."""
    if re.search(r"\bperioden\b", clause, re.IGNORECASE) and not mentions(clause):
        return None
    for text in (clause, sentence[: sentence.find(clause)]):
        named_here = [mention.period for mention in mentions(text)]
        spans = [period for period in named_here if period.start is not None]
        if spans:
            return spans[0] if len(spans) == 1 else None
        if len(named_here) == 1 and _LAST_YEAR.search(text):
            return Period(named_here[0].end, named_here[0].end - 1)
        if named_here:
            return None
    return None


def _checked(said: Statement, word: str, library: Library, anchors: Anchors) -> Iterator[Claim]:
    found = [tie for tie in library.ties(said) if not tie.strays]
    beside = [tie for tie in found if anchors.beside(said, tie)]
    clear = [tie for tie in found if said.explicit and anchors.table(said, tie) and _in_clause(said, tie)]
    if not beside and not clear:
        return
    best = (beside or clear)[0]
    if not beside and any(_sign(tie) != _sign(best) for tie in clear if tie.score > best.score - _MARGIN):
        return
    if _agrees(said.sign, best):
        verdict = ClaimVerdict.REPRODUCED
    else:
        verdict = ClaimVerdict.CONTRADICTION if said.explicit and clear else ClaimVerdict.DOUBTFUL
    yield _claim(said, word, best, verdict)


def _in_clause(said: Statement, tie: Tie) -> bool:
    """Tell whether the clause itself names the row, or the table of a total."""
    words = tie.series.words or tie.series.caption
    return named(said, tie) and all(covered(one, said.near) for one in words)


def _sign(tie: Tie) -> int:
    return (tie.interval.low > 0) - (tie.interval.high < 0)


def _agrees(sign: int, tie: Tie) -> bool:
    if sign:
        return _sign(tie) in (0, sign)
    size = max(abs(tie.points[0].interval.low), abs(tie.points[0].interval.high))
    return abs(tie.interval.middle) <= _UNCHANGED * size


def _claim(said: Statement, word: str, tie: Tie, verdict: ClaimVerdict) -> Claim:
    base = tie.points[0].interval.middle
    share = tie.interval.middle / base * 100 if base else Fraction(0)
    right = verdict is ClaimVerdict.REPRODUCED
    return Claim(
        place=f"linje {said.line}",
        statement=f"tabell {tie.series.grid.number}, {tie.series.name}: retning, {said.period}",
        printed=word,
        computed=f"{format_exact(share, 1)} prosent",
        verdict=verdict,
        cells=tie.cells,
        why="" if right else "tabellen går en annen vei" if said.explicit else "setningen nevner ingen tid",
        kind="retning",
        weight=0.0 if right else float(abs(share) / 100),
    )
