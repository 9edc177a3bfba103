"""The quantitative statements of a text: what is said of which quantity and when, and what became of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache

from analysis_lib.data.interval import Interval
from analysis_lib.data.norwegian import format_number
from number_audit.document import Document, Passage
from number_audit.findings import CheckKind, Finding, Judgement
from number_audit.language.periods import NamedPeriod, Period, named_periods
from number_audit.language.quantities import Quantity, rate_base, read_quantities
from number_audit.language.words import CLAUSE, content, sentences, shown_tables


@dataclass(frozen=True, slots=True)
class Statement:
    """One quantity as a sentence states it.

    Attributes
    ----------
    quantity : Quantity
    change : bool
        Whether it is said of a change, and not of a level.
    sign : int
        Direction of a change: +1, −1, or 0 where no word tells.
    period : Period or None
        None where no time is named, there or before it.
    explicit : bool
        Whether its own sentence names the time.
    behind, near, around, context : frozenset of str
        Stems of the words behind the quantity in its clause, on both sides of it, in its sentence,
        and in what goes before: the paragraph so far and its heading.
    tables : frozenset of str
        Numbers of the tables that the paragraph refers to.
    sentence : int
        Position of the sentence in its paragraph.
    line : int
    section : str
    per : int
        Base of a rate that the sentence names, 0 for none.
    text : str
        The sentence, in which the quantity has its place; never shown.
    """

    quantity: Quantity
    change: bool
    sign: int
    period: Period | None
    explicit: bool
    behind: frozenset[str] = frozenset()
    near: frozenset[str] = frozenset()
    around: frozenset[str] = frozenset()
    context: frozenset[str] = frozenset()
    tables: frozenset[str] = frozenset()
    sentence: int = 0
    line: int = 0
    section: str = ""
    per: int = 0
    text: str = ""


def stated(statement: Statement) -> Interval:
    """Return the numbers that a statement allows, with the sign of its direction."""
    interval = statement.quantity.interval
    if statement.change and statement.sign < 0 and interval.low >= 0:
        return Interval(-interval.high, -interval.low, interval.high_open, interval.low_open)
    return interval


UP = re.compile(
    r"\b(?:øk(?:t|te|er|et|ende)?|\w*(?:vekst|økning)\w*|vokst?e?|steg|stiger|steget|opp|flere|høyere|større)\b",
    re.I,
)
DOWN = re.compile(
    r"\b(?:reduser\w*|\w*(?:reduksjon|nedgang)\w*|ned|sank|synk\w+|falt?|færre|lavere|mindre|avta(?:r|tt|kende)?|avtok|kortere)\b",
    re.I,
)
# «veksten var lavere»: less of it, and still up.
_DEGREE = re.compile(
    r"(?<=vekst|kning|ksjon|dgang)(?:en|a)?(?:\s+(?:er|var|ble|blir|har vært))?"
    r"(?:\s+(?:klart|langt|litt|noe))?\s+(?:høyere|lavere|større|mindre)\b",
    re.I,
)
_BY = re.compile(r"(?:\b(?:med|på|tilsvarende|tilsvarer|er|var|utgjorde)\b|\()\s*(?:\w+\.? ){0,2}$", re.I)
_NEW_CLAUSE = re.compile(r",|\b(?:ligger|lå|utgjør|andel\w*|hvor|der|fra \d)\b", re.I)
_LEVEL = re.compile(r"\b(?:var|er|utgjør|utgjorde|lå|ligger|hadde|fikk|ble|andel(?:en)? på)\b", re.I)
_MORE = re.compile(
    r"^\s*(?:avtalte |prosent )?(?:(?P<up>flere|høyere|mer)|(?P<down>færre|lavere|mindre))\b", re.I
)
_FROM = re.compile(r"\bfra\s+(?:\w+\.?\s){0,2}$", re.I)
_TO = re.compile(r"\btil\s+(?:(?!på|med|i\b)\w+\.?\s){0,2}$", re.I)
_YEAR_BEFORE = re.compile(r"[^.,;]{0,30}?\b(?:ett år|året) (?:før|tidligere)\b", re.I)
_ONE_YEAR = re.compile(r"[^.,;]{0,20}?\b(?:på ett år|fra året før|siste året)\b", re.I)
_OTHER_YEARS = re.compile(r"(?:foregående|forrige|tidligere|siste \w+) år", re.I)


def read_statements(document: Document) -> list[Statement]:
    """Return the statements of all paragraphs of a document."""
    titles = {heading.number: content(heading.title) for heading in document.headings}
    return [
        statement
        for paragraph in document.paragraphs
        for statement in statements_of(paragraph, titles.get(paragraph.section, frozenset()))
    ]


@cache
def statements_of(paragraph: Passage, title: frozenset[str] = frozenset()) -> tuple[Statement, ...]:
    """Return the statements of one paragraph; `title` holds the words of its heading.

    >>> text = "Utgiftene var 1,4 mrd. kroner i 2023. Det er en økning på 3,5 prosent fra 2022."
    >>> for found in statements_of(Passage(text, line=1)):
    ...     print(found.change, found.quantity.printed, found.period, found.sign)
    False 1,4 mrd. kroner 2023 0
    True 3,5 prosent 2022–2023 1
    """
    tables = shown_tables(paragraph.text)
    found: list[Statement] = []
    context = title
    year: Period | None = None
    for i, sentence in enumerate(sentences(paragraph.text)):
        for statement in _of_sentence(sentence, year):
            found.append(
                replace(
                    statement,
                    context=context,
                    tables=tables,
                    sentence=i,
                    line=paragraph.line,
                    section=paragraph.section,
                )
            )
        context |= content(sentence)
        named = [mention.period for mention in named_periods(sentence)]
        year = found[-1].period if found and found[-1].sentence == i else named[-1] if named else year
    return tuple(found)


def _of_sentence(sentence: str, inherited: Period | None) -> Iterator[Statement]:
    quantities = read_quantities(sentence)
    named = named_periods(sentence)
    around = content(sentence)
    per = rate_base(sentence)
    before: Statement | None = None
    for i, quantity in enumerate(quantities):
        start = quantities[i - 1].end if i else 0
        end = quantities[i + 1].start if i + 1 < len(quantities) else len(sentence)
        lead, tail = sentence[start : quantity.start], sentence[quantity.end : end]
        change, sign = _change(lead, tail, quantity, before)
        period = _period(quantity, change, lead, tail, named, before, inherited)
        lead, tail = _own_clause(lead, tail)
        before = Statement(
            quantity,
            change,
            sign,
            period,
            bool(named),
            behind=content(tail),
            near=content(lead) | content(tail),
            around=around,
            per=per,
            text=sentence,
        )
        yield before


def _own_clause(lead: str, tail: str) -> tuple[str, str]:
    """Cut what stands around a quantity to its clause; one without content words keeps what goes before."""
    last = max((match.end() for match in CLAUSE.finditer(lead)), default=0)
    cut = CLAUSE.search(tail)
    return lead[last:] if content(lead[last:]) else lead, tail[: cut.start()] if cut else tail


def _change(lead: str, tail: str, quantity: Quantity, before: Statement | None) -> tuple[bool, int]:
    """Tell a change from a level, by the words on both sides of the quantity."""
    more = _MORE.match(tail)
    if more and quantity.unit != "ganger":
        return True, 1 if more["up"] else -1
    if quantity.printed.startswith(("+", "−", "-")):
        return True, -1 if quantity.number < 0 else 1
    if (_TO.search(lead) and not re.search(r"med\s+\S*\s*$", lead)) or _FROM.search(lead):
        return False, 0
    sign, after = _direction(lead)
    if sign and _BY.search(after) and not _NEW_CLAUSE.search(after):
        return True, sign
    if quantity.unit == "prosentpoeng":
        return True, sign
    if before and before.change:
        same = before.quantity.unit == quantity.unit and not _LEVEL.search(lead)
        if same or re.search(r"tilsvar\w+|det vil si|noe som\b", lead):
            return True, sign or before.sign
    return False, 0


def _direction(text: str) -> tuple[int, str]:
    """Return +1 or −1 by the last word of direction, 0 where there is none, and the text behind it."""
    plain = _DEGREE.sub(lambda match: " " * len(match[0]), text)
    found = [
        (match.end(), sign) for pattern, sign in ((UP, 1), (DOWN, -1)) for match in pattern.finditer(plain)
    ]
    end, sign = max(found, default=(0, 0))
    return sign, text[end:]


def _period(
    quantity: Quantity,
    change: bool,
    lead: str,
    tail: str,
    named: list[NamedPeriod],
    before: Statement | None,
    inherited: Period | None,
) -> Period | None:
    """Choose the time of a quantity: named behind it in its clause, before it, or taken over."""
    cut = CLAUSE.search(tail)
    reach = quantity.end + (cut.start() if cut else len(tail))
    behind = [mention for mention in named if quantity.end <= mention.position < reach]
    ahead = [mention for mention in named if mention.position < quantity.start][::-1]
    later = [mention for mention in named if mention.position >= reach]
    told = [mention.period for mention in ahead] + [before.period if before else inherited]
    now = next((period for period in told if period and period.start is None), None)
    if now and not behind and (_ONE_YEAR if change else _YEAR_BEFORE).match(tail):
        return Period(now.end, now.end - 1) if change else Period(now.end - 1)
    if change:
        return _span(
            [*behind, *ahead, *later], lead + tail, before.period if before else inherited, inherited
        )
    spans = [mention.period for mention in [*behind, *ahead, *later] if mention.period.start is not None]
    points = [mention.period for mention in [*behind, *ahead] if mention.period.start is None]
    if spans and not (behind and points) and (_FROM.search(lead) or _TO.search(lead)):
        return Period(spans[0].start or spans[0].end) if _FROM.search(lead) else Period(spans[0].end)
    if not behind and _OTHER_YEARS.search(tail):
        return None
    if points:
        return points[0]
    if before and before.period and not before.change:
        return before.period
    if later and later[0].period.start is None and not later[0].base:
        return later[0].period
    if spans:
        return Period(spans[0].end)
    taken = (before.period if before else None) or inherited
    return Period(taken.end) if taken else None


def _span(
    found: list[NamedPeriod], text: str, before: Period | None, inherited: Period | None
) -> Period | None:
    """Return the two years of a change."""
    for mention in found:
        if mention.period.start is not None:
            return mention.period
    base = next((mention.period.end for mention in found if mention.base), None)
    current = next((mention.period.end for mention in found if not mention.base), None)
    if base is None and current is not None:
        return Period(current, current - 1)
    current = current or (before.end if before else inherited.end if inherited else None)
    if base is not None:
        return Period(current if current and current > base else base + 1, base)
    if before is not None:
        return before if before.start is not None else Period(before.end, before.end - 1)
    return None


_NUMERAL = re.compile(r"[+−-]?\d[\d \u00a0\u202f.,–-]*\d|[+−-]?\d")


class ClaimVerdict(StrEnum):
    """What the check of a claim came to."""

    REPRODUCED = "gjengitt"
    WITHIN = "innenfor avrunding"
    CONTRADICTION = "stemmer ikke"
    DOUBTFUL = "tvilsom"
    UNCHECKABLE = "kan ikke kontrolleres"


@dataclass(frozen=True, slots=True)
class CheckedClaim:
    """One claim of a text and what the tables, or its own numbers, say of it.

    Attributes
    ----------
    line : int
        Where it stands.
    statement : str
        What is claimed, never in the words of the text: the row's name, the kind and the time.
    printed : str
        The number or the word of the text.
    computed : str
        What the cells give; empty where none is matched to the claim.
    verdict : ClaimVerdict
    cells : tuple of str
        «tabell 8.1, Totalt, 2025 = 18 572».
    why : str
        In Norwegian; why it cannot be checked, or what is wrong.
    kind : str
        «tall», «sum», «andeler», «fra og til», «hvert år», «retning», «rang», «prosent og prosentpoeng».
    weight : float
        The relative error of a claim that does not hold.
    """

    line: int
    statement: str
    printed: str
    computed: str
    verdict: ClaimVerdict
    cells: tuple[str, ...] = ()
    why: str = ""
    kind: str = "tall"
    weight: float = 0.0

    @property
    def place(self) -> str:
        """For the reader: «linje 1156»."""
        return f"linje {self.line}"


def contradictions(claims: Iterable[CheckedClaim]) -> list[Finding]:
    """Return the claims that do not hold, or are in doubt, as findings."""
    judged = {
        ClaimVerdict.CONTRADICTION: (Judgement.CONTRADICTION, 0.9),
        ClaimVerdict.DOUBTFUL: (Judgement.DOUBTFUL, 0.5),
    }
    return [
        Finding(
            kind=CheckKind.CLAIM,
            where=f"{claim.place}, {claim.statement}",
            cells=claim.cells,
            printed=claim.printed,
            verdict=judged[claim.verdict][0],
            explanation=_explained(claim),
            confidence=judged[claim.verdict][1],
            cause=f"{claim.place}: {claim.statement}",
            weight=claim.weight,
        )
        for claim in claims
        if claim.verdict in judged
    ]


def _explained(claim: CheckedClaim) -> str:
    computed = f" Tallene gir {claim.computed}." if claim.computed else ""
    why = f" {claim.why[0].upper()}{claim.why[1:]}." if claim.why else ""
    return f"Teksten sier {claim.printed}.{computed}{why}"


def in_words(statement: Statement, subject: str = "") -> str:
    """Say what a statement claims: «Totalt: endring i prosent, 2024–2025».

    Without a name for the subject, the section stands for it.
    """
    name = subject or (f"avsnitt {statement.section}" if statement.section else "teksten")
    unit = statement.quantity.unit or "antall"
    kind = f"endring i {unit}" if statement.change else unit
    time = f", {statement.period}" if statement.period else ""
    return f"{name}: {kind}{time}"


def shown(interval: Interval, quantity: Quantity, *, more: int = 1) -> str:
    """Write a computed number in the scale and unit of a printed one, with one decimal more.

    >>> from number_audit.language.quantities import read_quantities
    >>> shown(Interval.exact(18_572_000_000), read_quantities("18,6 mrd. kroner")[0])
    '18,57 mrd. kroner'
    """
    match = _NUMERAL.match(quantity.printed)
    numeral, unit = (match[0], quantity.printed[match.end() :].strip()) if match else ("", quantity.unit)
    number = interval.middle / 10**quantity.power
    decimals = len(numeral.partition(",")[2])
    whole = number.denominator == 1 and not decimals
    text = format_number(number, 0 if whole else min(decimals + more, 4))
    return f"{text} {unit}".rstrip()
