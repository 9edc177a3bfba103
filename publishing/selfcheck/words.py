"""Words beside a bound number, held against what it is: its direction, its period, its unit, its row.

Only what is typed close to a number is judged, for a sentence may speak of several things. A word that can
mean nothing else stops the report; one that may is listed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from analysis_lib.data.periods import MONTHS, YEAR
from analysis_lib.present.escape import anchor
from analysis_lib.present.pieces import Part, PieceKind
from number_audit.findings import Finding, Judgement
from number_audit.language.words import alike, content
from publishing.book.ledger import Ledger, Registered, SentenceEntry
from publishing.diff.sentences import sentences_of

_UP = r"økte|økt|økning(?:en)?|vokste|vokst|steg|steget|oppgang(?:en)?|[a-zæøå]*vekst(?:en)?"
_DOWN = r"falt|sank|sunket|gikk ned|gått ned|nedgang(?:en)?|reduksjon(?:en)?|redusert|minket"
_DIRECTION = rf"(?P<up>{_UP})|(?P<down>{_DOWN})"
_WORDS = re.compile(rf"\b(?:{_DIRECTION})\b", re.I)
# A number in a sentence, by its place among the bound ones.
_N = r"⟦(?P<n>\d+)⟧"
_NEAR = re.compile(rf"\b(?:{_DIRECTION})(?: (?:var|på|er|ble|med|i prosent))* {_N}", re.I)
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_WHEN = rf"(?:i|ved utgangen av|ved inngangen til|per)(?: (?:\d+\. )?(?:{'|'.join(MONTHS)}))?"
_AFTER = re.compile(rf"{_N}(?: [^\W\d]+){{0,2}} {_WHEN} {_YEAR}(?! (?:til|og)|[–/-])", re.I)
_BEFORE = re.compile(rf"^{_WHEN} {_YEAR} [^⟦\d,:;]*{_N}(?!(?: [^\W\d]+){{0,4}} (?:{_WHEN}|fra) )", re.I)
_SINCE = re.compile(
    rf"\b(?P<word>fra|siden|fra og med) {_YEAR}(?: til {_YEAR.replace('year', 'end')})?", re.I
)
_LOOSE = re.compile(r"\[\^|\b(?:ett|hvert|første|eneste) år", re.I)
_BEFORE_THAT = re.compile(
    rf"⟦(?P<later>\d+)⟧[^⟦]*, mot {_N}(?: [^\W\d]+){{0,2}} (?:året|ett år) (?:før|tidligere)\b"
)
_UNIT = re.compile(rf"{_N} (?P<unit>prosentpoeng|prosent|kroner|mill\. kroner|mrd\. kroner)(?!\w)")
_NOUN = re.compile(rf"{_N}(?: (?:prosent|av|nye|flere|færre|de|avtalte))* (?P<noun>[^\W\d]{{4,}})")
_UNITS = {"prosentpoeng": "prosentpoeng", "prosent": "prosent"}
# What a change is called by the functions that compute one.
_CHANGES = ("endring", "differanse")


def wrong_words(ledger: Ledger) -> Iterator[Finding]:
    """Yield the sentences whose words name another direction, period, unit or row than their number has.

    Parameters
    ----------
    ledger : Ledger
        The number register of a build.
    """
    known = _Numbers(ledger)
    for paragraph in ledger.sentences:
        for text, pieces in sentences_of(paragraph.parts):
            sentence = _Sentence(paragraph, " ".join(text.split()), pieces, known)
            for check in (directions, periods, units, rows):
                yield from check(sentence)


class _Numbers:
    """The register, and what a number's words are about."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger, self.entries = ledger, ledger.numbers

    def years(self, ref: str) -> tuple[int, ...]:
        """Return the years of the cells at the bottom of a number; the base of its prices is none of them."""
        entry = self.entries[ref]
        cells = [term.ref for term in entry.terms or () if not term.label.startswith("Deflator")]
        own = YEAR.findall(entry.label.rpartition(",")[2] or entry.label)
        if entry.how and entry.how.startswith("faste priser"):
            return tuple(map(int, own))
        below = {year for cell in cells for year in self.years(cell)}
        return tuple(sorted(below or map(int, own)))

    def is_change(self, ref: str) -> bool:
        """Tell whether a number is a change from one year to another."""
        return (self.entries[ref].how or "").startswith(_CHANGES) and len(self.years(ref)) == 2


@dataclass(frozen=True)
class _Sentence:
    """A sentence whose bound numbers are ⟦0⟧, ⟦1⟧ and so on in `text`."""

    paragraph: SentenceEntry
    said: str
    pieces: list[Part]
    known: _Numbers

    @cached_property
    def refs(self) -> list[str]:
        return [piece.refs[0] for piece in self.pieces if piece.kind is PieceKind.NUMBER]

    @cached_property
    def text(self) -> str:
        numbers = iter(range(len(self.pieces)))
        said = (f"⟦{next(numbers)}⟧" if p.kind is PieceKind.NUMBER else p.text for p in self.pieces)
        return " ".join("".join(said).split())

    def entry(self, match: re.Match[str]) -> tuple[str, Registered]:
        ref = self.refs[int(match["n"])]
        return ref, self.known.entries[ref]

    def finding(self, kind: str, ref: str, why: str, *, sure: bool = True) -> Finding:
        entry = self.known.entries[ref]
        return Finding(
            kind=kind,
            where=f"{self.paragraph.place} i {self.paragraph.chapter}",
            cells=(f"{entry.label} = {entry.text}",),
            printed=self.said,
            verdict=Judgement.CONTRADICTION if sure else Judgement.DOUBTFUL,
            explanation=why,
            confidence=1.0 if sure else 0.5,
            cause=self.said,
        )


def directions(sentence: _Sentence) -> Iterator[Finding]:
    """Yield typed words of direction whose number has the other sign.

    Beside its number the word is wrong; elsewhere in a sentence with one change it is doubtful, for the
    sentence may speak of a fall that grew smaller.
    """
    numbers = sentence.known
    near = {ref: match for match in _NEAR.finditer(_typed(sentence)) for ref in [sentence.entry(match)[0]]}
    wrong = {
        ref: match for ref, match in near.items() if numbers.is_change(ref) and _opposed(numbers, ref, match)
    }
    for ref, match in wrong.items():
        yield _turned(sentence, ref, match, sure=True)
    typed = [
        match
        for piece in sentence.pieces
        if piece.kind is PieceKind.TEXT
        for match in _WORDS.finditer(piece.text)
    ]
    changes = {ref for ref in sentence.refs if numbers.is_change(ref)} - near.keys()
    if len(changes) == 1 and len({match.lastgroup for match in typed}) == 1 and not wrong:
        ref = changes.pop()
        if _opposed(numbers, ref, typed[0]):
            yield _turned(sentence, ref, typed[0], sure=False)


def _typed(sentence: _Sentence) -> str:
    """Return the sentence with the words that the data choose blanked: they are right by themselves."""
    numbers = iter(range(len(sentence.pieces)))
    said = (
        f"⟦{next(numbers)}⟧" if p.kind is PieceKind.NUMBER else p.text if p.kind is PieceKind.TEXT else "…"
        for p in sentence.pieces
    )
    return " ".join("".join(said).split())


def _opposed(numbers: _Numbers, ref: str, match: re.Match[str]) -> bool:
    point = numbers.entries[ref].exact.point
    return point is not None and point != 0 and match["up" if point < 0 else "down"] is not None


def _turned(sentence: _Sentence, ref: str, match: re.Match[str], *, sure: bool) -> Finding:
    word, text = match["up"] or match["down"], sentence.known.entries[ref].text
    why = f"«{word}» er skrevet inn, men tallet er {text}. Bind ordet til tallet."
    return sentence.finding("retning", ref, why, sure=sure)


def periods(sentence: _Sentence) -> Iterator[Finding]:
    """Yield years beside a number that its cells are not of: «i 2024», «fra 2019», «mot … året før»."""
    numbers, judged = sentence.known, set()
    for pattern in (_AFTER, _BEFORE):
        for match in pattern.finditer(sentence.text):
            ref, year = sentence.entry(match)[0], int(match["year"])
            years = numbers.years(ref)
            if years and ref not in judged and year not in {years[-1], years[0] if len(years) == 2 else 0}:
                yield sentence.finding("periode", ref, f"«{year}» står ved et tall for {_said(years)}.")
            judged.add(ref)
    yield from _spans(sentence)
    for match in _BEFORE_THAT.finditer(sentence.text):
        ref, later = sentence.entry(match)[0], sentence.refs[int(match["later"])]
        before, after = numbers.years(ref), numbers.years(later)
        if len(before) == len(after) == 1 and before[0] != after[0] - 1:
            yield sentence.finding("periode", ref, f"«året før» {after[0]} står ved et tall for {before[0]}.")


def _spans(sentence: _Sentence) -> Iterator[Finding]:
    """Hold «fra 2019», «siden 2019» and «fra 2019 til 2025» against the sentence's changes."""
    # A footnote hides where a sentence ends, and the largest change of a year is said of many.
    named = [] if _LOOSE.search(sentence.text) else list(_SINCE.finditer(sentence.text))
    changes = [ref for ref in sentence.refs if sentence.known.is_change(ref)]
    if len(named) != 1 or not changes:
        return
    start, end = int(named[0]["year"]), int(named[0]["end"] or 0)
    spans = [sentence.known.years(ref) for ref in changes]
    if not any(years[0] == start and end in (0, years[-1]) for years in spans):
        why = f"«{named[0][0]}» står ved en endring over {_said(spans[0])}."
        yield sentence.finding("periode", changes[0], why)


def _said(years: tuple[int, ...]) -> str:
    return "–".join(map(str, dict.fromkeys((years[0], years[-1]))))


def units(sentence: _Sentence) -> Iterator[Finding]:
    """Yield units typed after a number that has another one."""
    for match in _UNIT.finditer(sentence.text):
        ref, entry = sentence.entry(match)
        known = entry.unit
        right = known == _UNITS[match["unit"]] if match["unit"] in _UNITS else "kroner" in known
        if known and not right:
            # A printed share may be a margin in points.
            sure = entry.how is not None or known not in _UNITS or match["unit"] != "prosentpoeng"
            yield sentence.finding("enhet", ref, f"«{match['unit']}» står ved et tall i {known}.", sure=sure)


def rows(sentence: _Sentence) -> Iterator[Finding]:
    """Yield nouns right after a number that are the whole name of another row of its table.

    The finding is doubtful where the sentence has a word of the number's own row too.
    """
    for match in _NOUN.finditer(sentence.text):
        ref, entry = sentence.entry(match)
        noun = content(match["noun"])
        table, row = _row(sentence.known.ledger, entry)
        own, others = (
            content(table.get(row, "")),
            {content(label) for key, label in table.items() if key != row},
        )
        if row and noun and noun in others - {own} and not _kin(noun, own):
            sure = not _kin(own, content(sentence.said))
            why = f"«{match['noun']}» er en annen rad enn tallets: «{table[row]}»."
            yield sentence.finding("rad", ref, why, sure=sure)


def _row(ledger: Ledger, entry: Registered) -> tuple[dict[str, str], str]:
    rest, _, _ = entry.exact.identity.rpartition("/")
    key, _, row = rest.rpartition("/")
    table = ledger.tables.get(anchor(key))
    return (dict(table.rows), row) if table and row in table.rows else ({}, "")


def _kin(some: Iterable[str], others: Iterable[str]) -> bool:
    known = list(others)
    return any(alike(a, b) for a in some for b in known)
