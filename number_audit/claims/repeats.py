"""One quantity or event told twice: with different numbers, for different times, in different directions.

Two tables hold one quantity where most years agree and some do not. Two sentences tell of one where their
rare words are the same.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import chain, combinations, pairwise

from number_audit.claims.candidates import library_of
from number_audit.claims.directions import read_directions
from number_audit.claims.matching import AGREED, main_year, match_statements
from number_audit.claims.statements import Statement, in_words, read_statements
from number_audit.claims.table_series import TableSeries
from number_audit.document import Document, Grid
from number_audit.findings import CheckKind, Finding, Judgement
from number_audit.language.periods import Period
from number_audit.language.quantities import MONTHS, read_quantities
from number_audit.language.words import content, covered, ends_of, kin, parts_of, sentences

_ALIKE, _SUBJECT = 0.6, 6.0
_CLOSE = Fraction(5, 4)
_TELLING = 100
# A word, or a number, that stands at more places of one kind than this does not tell them apart.
_MOST_PLACES = 100

_Print = tuple[str, Fraction, Period | None]
_Key = tuple[tuple[str, bool, int], Period | Fraction | None]


class WordWeights:
    """How much two sets of words share, rare words counting most.

    Parameters
    ----------
    paragraphs : sequence of frozenset of str
        The words of every paragraph; a word that stands in many of them says little.
    """

    def __init__(self, paragraphs: Sequence[frozenset[str]]) -> None:
        count = Counter(word for words in paragraphs for word in words)
        every = len(paragraphs) + 1
        self._unseen = math.log(every)
        self._weights = {word: math.log(every / (times + 1)) for word, times in count.items()}

    def weight(self, words: frozenset[str]) -> float:
        """Return the information of a set of words."""
        return sum(self._weights.get(word, self._unseen) for word in words)

    def telling(self, words: frozenset[str]) -> list[str]:
        """Return the rarest words of a set, which have at least three quarters of its information."""
        left, found = 3 * self.weight(words) / 4, []
        for word in sorted(words, key=lambda word: (-self.weight(frozenset({word})), word)):
            if left <= 0:
                break
            found.append(word)
            left -= self.weight(frozenset({word}))
        return found

    def shared(self, a: frozenset[str], b: frozenset[str]) -> float:
        """Return the information of the words of `a` that stand in `b` too, or in a compound there."""
        return self.weight(frozenset(word for word in a if kin(word, b)))

    def alike(self, a: frozenset[str], b: frozenset[str]) -> float:
        """Return the share of information that two sets have in common, from 0 to 1."""
        shared = frozenset(word for word in a if covered(word, b)) | frozenset(
            word for word in b if covered(word, a)
        )
        whole = self.weight(a | b)
        return self.weight(shared) / whole if whole > 0 else 0.0


def same_numbers(statements: Sequence[Statement], words: WordWeights) -> Iterator[Finding]:
    """Yield numbers of one quantity that differ; two paragraphs that share two numbers are of one topic."""
    told = [one for one in statements if one.period and one.explicit and one.quantity.upper is None]
    by_line: dict[int, set[_Print]] = defaultdict(set)
    for one in told:
        by_line[one.line].add(_print(one))

    @cache
    def common(first: int, second: int) -> tuple[set[_Print], bool]:
        # Once for two paragraphs, however many numbers they have.
        shared = by_line[first] & by_line[second]
        return shared, sum(number >= _TELLING for _, number, _ in shared) > 1

    for pair in _pairs([one for one in told if one.quantity.number > 0], words):
        a, b = sorted(pair, key=lambda one: one.line)
        if a.line != b.line:
            shared, topic = common(a.line, b.line)
            if _print(a) not in shared and _print(b) not in shared:
                yield from _compared(a, b, words, topic)


def _print(one: Statement) -> _Print:
    return one.quantity.unit, one.quantity.number, one.period


def _pairs(statements: Sequence[Statement], words: WordWeights) -> Iterator[tuple[Statement, Statement]]:
    """Yield what may be of one quantity: numbers near each other at one time, the same number at two."""
    at_once: dict[_Key, list[Statement]] = defaultdict(list)
    alike: dict[_Key, list[Statement]] = defaultdict(list)
    for one in sorted(statements, key=lambda one: one.quantity.number):
        of_kind = one.quantity.unit, one.change, one.per
        at_once[of_kind, one.period].append(one)
        if one.quantity.number >= _TELLING:
            alike[of_kind, one.quantity.number].append(one)
    for group in at_once.values():
        for i, j in _sharing([one.near for one in group], words, ends_of):
            if group[i].quantity.number < group[j].quantity.number <= _CLOSE * group[i].quantity.number:
                yield group[i], group[j]
    for group in alike.values():
        if len(group) <= _MOST_PLACES:
            yield from (pair for pair in combinations(group, 2) if pair[0].period != pair[1].period)


def _sharing(
    sets: Sequence[frozenset[str]], words: WordWeights, parts_of: Callable[[frozenset[str]], frozenset[str]]
) -> list[tuple[int, int]]:
    """Return the places of any two sets that may be alike, without comparing each with each.

    Where the telling words of neither stand in the other, whole or by their parts, less than `_ALIKE` of
    their information is shared.
    """
    holding: dict[str, list[int]] = defaultdict(list)
    within: dict[str, list[int]] = defaultdict(list)
    for place, own in enumerate(sets):
        for word in own:
            holding[word].append(place)
        for part in parts_of(own):
            within[part].append(place)
    found: set[tuple[int, int]] = set()
    for place, own in enumerate(sets):
        for word in words.telling(own):
            places = [holding[word], within.get(word, [])]
            places += [holding.get(part, []) for part in parts_of(frozenset({word}))]
            for other in chain(*(few for few in places if len(few) <= _MOST_PLACES)):
                found.add((min(place, other), max(place, other)))
    return sorted(found)


def _compared(a: Statement, b: Statement, words: WordWeights, topic: bool) -> Iterator[Finding]:
    if a.quantity.number < 1:
        return
    alike = words.alike(a.near, b.near)
    if a.period != b.period:
        if topic:
            yield _finding(a, b, "Samme tall er sagt om ulik tid", alike)
    elif (
        alike >= _ALIKE
        and words.weight(a.near) >= _SUBJECT
        and a.quantity.interval.intersect(b.quantity.interval) is None
    ):
        yield _finding(a, b, "Samme størrelse er sagt med ulike tall", alike)


def _finding(a: Statement, b: Statement, what: str, alike: float) -> Finding:
    return Finding(
        kind=CheckKind.SAME_QUANTITY,
        where=f"linje {a.line}, {in_words(a)}",
        cells=tuple(f"linje {one.line}, {in_words(one)} = {one.quantity.printed}" for one in (a, b)),
        printed=a.quantity.printed,
        verdict=Judgement.DOUBTFUL,
        explanation=f"{what}, i linje {a.line} og i linje {b.line}.",
        allowed=b.quantity.interval,
        confidence=0.4 + alike / 2,
        cause=f"linje {a.line} mot linje {b.line}",
        weight=float(abs(1 - a.quantity.number / b.quantity.number)),
    )


# Numbers of four figures are hardly alike by chance; of smaller ones it takes three.
_LARGE, _SMALL_TIMES = 1000, 3
_APART = Fraction(2, 100)


def same_in_tables(series: Sequence[TableSeries]) -> list[Finding]:
    """Return the quantities that stand in two tables with different numbers.

    Two series are one quantity where they share words and at least half of their years agree in
    numbers that are not alike by chance, and the others are nearly alike.
    """
    findings = [
        finding
        for first, second in _candidates(series)
        if (finding := _compared_series(first, second)) is not None
    ]
    # Two rows of one table often carry the same numbers: one finding for a pair of cells is enough.
    return list({(finding.printed, finding.low): finding for finding in findings}.values())


def _candidates(series: Sequence[TableSeries]) -> Iterator[tuple[TableSeries, TableSeries]]:
    """Yield pairs from different tables that share a number in the same year."""
    by_value: dict[tuple[object, ...], list[TableSeries]] = defaultdict(list)
    for one in series:
        for period, point in one.points.items():
            if period is not None and not one.change:
                by_value[one.unit, one.per, period, point.interval.middle].append(one)
    seen: set[tuple[int, int]] = set()
    for alike in by_value.values():
        for first, second in combinations(alike, 2) if len(alike) <= _MOST_PLACES else ():
            pair = (id(first), id(second))
            if first.grid is not second.grid and pair not in seen:
                seen.add(pair)
                yield first, second


def _compared_series(first: TableSeries, second: TableSeries) -> Finding | None:
    shared = [period for period in first.points if period is not None and period in second.points]
    equal = [p for p in shared if first.points[p].interval.middle == second.points[p].interval.middle]
    apart = [p for p in shared if first.points[p].interval.intersect(second.points[p].interval) is None]
    large = any(abs(first.points[period].interval.middle) >= _LARGE for period in equal)
    sure = large or len(equal) >= _SMALL_TIMES
    if not apart or not sure or 2 * len(equal) < len(shared):
        return None
    if not (first.words | first.caption) & (second.words | second.caption):
        return None
    if any(_distance(first, second, period) > _APART for period in apart):
        return None
    return _series_finding(first, second, apart, len(equal), len(shared))


def _distance(first: TableSeries, second: TableSeries, period: Period) -> Fraction:
    a, b = first.points[period].interval.middle, second.points[period].interval.middle
    return abs(a - b) / max(abs(a), abs(b))


def _series_finding(
    first: TableSeries, second: TableSeries, apart: list[Period], equal: int, shared: int
) -> Finding:
    places = [(first.grid.place(first.points[p].ref), second.grid.place(second.points[p].ref)) for p in apart]
    texts = [(first.points[p].printed, second.points[p].printed) for p in apart]
    cells = [
        f"{place} = {text}"
        for pair in zip(places, texts, strict=True)
        for place, text in zip(*pair, strict=True)
    ]
    years = ", ".join(str(period) for period in apart)
    several = equal >= 2 or first.words == second.words
    return Finding(
        kind=CheckKind.SAME_QUANTITY,
        where=places[0][0],
        cells=tuple(cells),
        printed=texts[0][0],
        verdict=Judgement.CONTRADICTION if several else Judgement.DOUBTFUL,
        explanation=(
            f"Samme størrelse står med ulike tall i tabell {first.grid.number} og {second.grid.number} "
            f"({years}). "
            f"Tallene er like for {equal} av {shared} tidspunkter som begge tabellene har, "
            f"så enten er ett av dem feil, eller tabellene er hentet ut på ulike tider."
        ),
        allowed=second.points[apart[0]].interval,
        confidence=0.9 if several else 0.6,
        cause=f"tabell {first.grid.number} mot tabell {second.grid.number}",
        weight=float(max(_distance(first, second, period) for period in apart)),
    )


# Least information in common: of two sentences on one event, two clauses on one trend, two on one topic.
_EVENT, _TREND, _TOPIC = 6.0, 4.5, 2.5
_MOST_OF = 0.6
_DATE = re.compile(rf"\bfra (?:og med )?(\d{{1,2}}\. ?(?:{MONTHS})\w*) ((?:19|20)\d\d)", re.IGNORECASE)
_MONTHLY = re.compile(r"\b(økt|gått ned|redusert)\b[^.]*\bhver måned", re.IGNORECASE)
_IN_MONTH = re.compile(rf"\bi (?:{MONTHS})\b", re.IGNORECASE)
_FEWEST_MONTHS = 3


@dataclass(frozen=True, slots=True)
class _Sentence:
    line: int
    section: str
    text: str
    words: frozenset[str]


def _read(document: Document) -> list[_Sentence]:
    return [
        _Sentence(paragraph.line, paragraph.section, sentence, content(sentence))
        for paragraph in document.paragraphs
        for sentence in sentences(paragraph.text)
    ]


def repeated_events(document: Document, words: WordWeights, main: int) -> Iterator[Finding]:
    """Yield what two sentences tell of one event, or of one trend, in different ways."""
    read = _read(document)
    yield from _dates(read, words)
    yield from _months(read, words)
    yield from _opposite_directions(document, words, main)


def _dates(read: Sequence[_Sentence], words: WordWeights) -> Iterator[Finding]:
    """Find one event that begins on the same day of two years."""
    dated = [(one, match[1].lower(), int(match[2])) for one in read for match in _DATE.finditer(one.text)]
    by_day: dict[str, list[tuple[_Sentence, int]]] = defaultdict(list)
    for one, day, year in dated:
        by_day[day].append((one, year))
    for day, told in by_day.items():
        for (a, year), (b, other) in combinations(told[:_MOST_PLACES], 2):
            if year != other and words.shared(a.words, b.words) >= _EVENT:
                what = "Samme hendelse er datert til to ulike år"
                yield _event_finding(a, b, f"{day} {year}", f"{day} {other}", what)


def _months(read: Sequence[_Sentence], words: WordWeights) -> Iterator[Finding]:
    """Find «hver måned» where the months are listed elsewhere, and one went the other way."""
    listed = [one for one in read if len(_IN_MONTH.findall(one.text)) >= _FEWEST_MONTHS]
    for one in read:
        match = _MONTHLY.search(one.text)
        for other in listed if match else []:
            numbers = [quantity.number for quantity in read_quantities(other.text)][
                : len(_IN_MONTH.findall(other.text))
            ]
            up = match is not None and match[1].lower() == "økt"
            broken = [(a, b) for a, b in pairwise(numbers) if (b <= a if up else b >= a)]
            if broken and words.shared(one.words, other.words) >= _TOPIC:
                printed = f"{match[1] if match else ''} hver måned"
                text = f"{int(broken[0][0])} og så {int(broken[0][1])}"
                yield _event_finding(one, other, printed, text, "Utviklingen gikk ikke samme vei hver måned")


def _opposite_directions(document: Document, words: WordWeights, main: int) -> Iterator[Finding]:
    """Find one quantity that goes two ways in the same two years."""
    told: dict[tuple[str, Period | None], list[tuple[str, Statement]]] = defaultdict(list)
    for word, said in read_directions(document, main):
        if said.section:
            told[said.section.partition(".")[0], said.period].append((word, said))
    for alike in told.values():
        for i, j in _sharing([said.near for _, said in alike], words, parts_of):
            (word, a), (other, b) = alike[i], alike[j]
            if a.sign == b.sign or a.line == b.line:
                continue
            smaller, larger = sorted((a.near, b.near), key=len)
            shared = words.shared(smaller, larger)
            if (a.explicit or b.explicit) and shared >= max(_TREND, _MOST_OF * words.weight(smaller)):
                one = _Sentence(a.line, a.section, "", a.near)
                yield _event_finding(
                    one,
                    _Sentence(b.line, b.section, "", b.near),
                    f"{word}, {a.period}",
                    f"{other}, {b.period}",
                    "Samme utvikling er beskrevet på to måter",
                )


def _event_finding(a: _Sentence, b: _Sentence, printed: str, other: str, what: str) -> Finding:
    return Finding(
        kind=CheckKind.SAME_QUANTITY,
        where=f"linje {a.line}, avsnitt {a.section}" if a.section else f"linje {a.line}",
        cells=(f"linje {a.line} = {printed}", f"linje {b.line} = {other}"),
        printed=printed,
        verdict=Judgement.DOUBTFUL,
        explanation=f"{what}: {printed} i linje {a.line}, men {other} i linje {b.line}.",
        confidence=0.6,
        cause=f"linje {a.line} mot linje {b.line}",
    )


def same_quantity(document: Document, grids: Sequence[Grid]) -> list[Finding]:
    """Find quantities that stand at two places of a report with different numbers.

    Prose against table is `check_claims`; this is table against table, and paragraph against
    paragraph, summary against chapter among them.

    Parameters
    ----------
    document : Document
        Its paragraphs.
    grids : sequence of Grid
        Its tables.

    Returns
    -------
    list of Finding
        Of the kind ``same_quantity``. Prose is never more than doubtful: only its words say that two
        sentences are of one thing.
    """
    words = WordWeights([content(paragraph.text) for paragraph in document.paragraphs])
    library = library_of(tuple(grids))
    statements = read_statements(document)
    # What a table gives is checked there; two such numbers are two quantities where they differ.
    untied = [
        match.statement for match in match_statements(statements, library) if match.verdict not in AGREED
    ]
    return [
        *same_in_tables(library.series),
        *same_numbers(untied, words),
        *repeated_events(document, words, main_year(statements)),
    ]
