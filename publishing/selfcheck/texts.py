"""Every number as it is shown, read back as a reader would read it, and held against its value.

Words of direction that somebody typed beside a bound number, held against the number's sign.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from analysis_lib.data.cells import SIGNS, parse_cell
from analysis_lib.data.interval import Interval
from analysis_lib.data.norwegian import format_exact
from analysis_lib.indicators.values import read_number
from analysis_lib.present.numbers import number_word, round_half_up
from number_audit.findings import Finding, Judgement
from publishing.book.assemble import Block, ChapterPage
from publishing.book.ledger import place
from publishing.diff.sentences import Piece, sentences_of

_NUMBER = re.compile(r"[+−-]?\d[\d\u00a0]*(?:,\d+)?")
_NUMERALS = {number_word(Fraction(n)): Fraction(n) for n in range(13)} | {"ett": Fraction(1)}
# Powers of ten: of a unit that a value is in, and of one that a text is in.
_KRONER = {"kroner": 0, "1000 kroner": 3, "mill. kroner": 6, "mrd. kroner": 9, "kroner per innbygger": 0}
_SHOWN_IN = {"mrd.\u00a0kroner": 9, "mill.\u00a0kroner": 6, "kroner": 0}
_DEFAULT_DECIMALS = {"mrd": 1, "mill": 0, "kroner": 0, "millioner": 1}


@dataclass(frozen=True, slots=True)
class Showing:
    """A number in one place: its ref, its text, the format that it was asked for in, and where it stands.

    `decimals` are the value's own there: one quantity may be shown with more of them in another chapter.
    """

    ref: str
    text: str
    format: str
    decimals: int
    chapter: str
    where: str


def showings(chapters: Iterable[ChapterPage]) -> Iterator[Showing]:
    """Yield every number that the chapters show: in text, key figures, tables and under figures."""
    for chapter in chapters:
        for block in chapter.blocks:
            for ref, text, form in _of_block(block):
                own = block.content["numbers"].get(ref)
                decimals = own["exact"]["decimals"] if own else 0
                yield Showing(ref, text, form, decimals, chapter.name, place(block))


def _of_block(block: Block) -> Iterator[tuple[str, str, str]]:
    content = block.content
    for item in content.get("items", []):
        yield item["ref"], f"{item['text']}\u00a0{item['unit']}".rstrip(), item["format"]
        if item["change_ref"]:
            yield item["change_ref"], item["change"], "endring"
    nested = [paragraph for item in content.get("items", []) for paragraph in item["paragraphs"]]
    for said in [*content.get("paragraphs", []), *content.get("assumptions", []), *nested]:
        for part in said["parts"]:
            if part["kind"] in ("number", "direction"):
                yield part["refs"][0], part["text"], part["format"]
    for row in content.get("rows") or (content.get("data") or {}).get("rows", []):
        for cell in row["cells"]:
            if cell["ref"]:
                yield cell["ref"], cell["text"], "tall"


def wrong_texts(shown: Iterable[Showing], numbers: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield the texts that are not their value, rounded half up, in the format asked for.

    Parameters
    ----------
    numbers : mapping
        The register's entries by ref; see `full_register`.
    """
    for item in shown:
        entry = numbers.get(item.ref)
        if entry is None:
            yield _finding(item, "", "Tallet står ikke i registeret.")
            continue
        there = {**entry, "exact": {**entry["exact"], "decimals": item.decimals}}
        if why := fault(item.text, item.format, there):
            yield _finding(item, entry["label"], why)


def _finding(item: Showing, label: str, why: str) -> Finding:
    return Finding(
        kind="vist_tall",
        where=f"{item.where} i {item.chapter}",
        cells=(f"{label} = {item.text}",),
        printed=item.text,
        verdict=Judgement.CONTRADICTION,
        explanation=why,
        cause=item.ref,
    )


def fault(text: str, form: str, entry: Mapping[str, Any]) -> str:
    r"""Say what is wrong with a text that shows a number; "" if it is the value, rounded half up.

    Examples
    --------
    >>> entry = {"unit": "mill. kroner", "exact": {"point": "18572", "decimals": 0}, "label": "Totalt"}
    >>> fault("18,6\u00a0mrd.\u00a0kroner", "mrd", entry)
    ''
    >>> fault("18,5\u00a0mrd.\u00a0kroner", "mrd", entry)
    '«18,5 mrd. kroner» er ikke verdien 18\xa0572 (mill. kroner) avrundet.'
    """
    point, decimals = read_number(entry["exact"]["point"]), entry["exact"]["decimals"]
    said = " ".join(text.split())
    if point is None:
        return "" if text in SIGNS else f"«{said}» vises, men tallet er ikke kjent."
    if "|" in form:
        return _wrong_direction(said, form, round_half_up(point, decimals))
    number, places = reading(text)
    if number is None:
        return f"«{said}» er ikke et tall."
    expected = point * Fraction(10) ** (_KRONER.get(entry["unit"], 0) - _power(text, entry["unit"]))
    if "abs" in form:
        expected = abs(expected)
    if expected not in Interval.rounded(number, places):
        return f"«{said}» er ikke verdien {format_exact(point)} ({entry['unit']}) avrundet."
    asked = [int(token) for token in form.split() if token.isdigit()]
    asked += [_DEFAULT_DECIMALS[token] for token in form.split() if token in _DEFAULT_DECIMALS]
    if "ord" not in form.split() and places != [*asked, decimals][0]:
        return f"«{said}» har {places} desimaler, ventet {[*asked, decimals][0]}."
    return ""


def reading(text: str) -> tuple[Fraction | None, int]:
    """Read the number that a text begins with, and its decimals; None if it begins with none.

    >>> reading("−1\u00a0254,5 prosent"), reading("tre"), reading("økte")
    ((Fraction(-2509, 2), 1), (Fraction(3, 1), 0), (None, 0))
    """
    match = _NUMBER.match(text)
    if match is None:
        return _NUMERALS.get(text.split("\u00a0")[0]), 0
    cell = parse_cell(match[0].rstrip("\u00a0"))
    return cell.number, cell.decimals


def _power(text: str, unit: str) -> int:
    """Return the power of ten of the unit that a text names; that of the value's own where it names none."""
    named = [power for name, power in _SHOWN_IN.items() if text.endswith(f"\u00a0{name}")]
    if text.endswith("\u00a0millioner"):
        return 6
    return named[0] if named else _KRONER.get(unit, 0)


def _wrong_direction(text: str, form: str, rounded: Fraction) -> str:
    words = [word.strip() for word in form.split("|")]
    right = words[0 if rounded > 0 else 1 if rounded < 0 else -1]
    return "" if text == " ".join(right.split()) else f"«{text}» står der tallet gir «{right}»."


def several_numbers(shown: Iterable[Showing], numbers: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield the quantities that stand with two different numbers in the same unit and precision."""
    first: dict[tuple[str, int, int], tuple[Fraction, Showing]] = {}
    for item in shown:
        number, places = reading(item.text)
        if number is None or item.ref not in numbers:
            continue
        key = (item.ref, places, _power(item.text, numbers[item.ref]["unit"]))
        before, other = first.setdefault(key, (abs(number), item))
        if before != abs(number):
            why = f"Det samme tallet står som «{other.text}» i {other.where} ({other.chapter})."
            yield _finding(item, numbers[item.ref]["label"], why)


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
                yield _finding_words(paragraph, text, typed[0][0], entry)


def _is_change(entry: Mapping[str, Any]) -> bool:
    return str(entry.get("how", "")).startswith(_CHANGES)


def _finding_words(paragraph: Mapping[str, Any], text: str, word: str, entry: Mapping[str, Any]) -> Finding:
    return Finding(
        kind="retning",
        where=f"{paragraph['place']} i {paragraph['chapter']}",
        cells=(f"{entry['label']} = {entry['text']}",),
        printed=text,
        verdict=Judgement.DOUBTFUL,
        explanation=f"«{word}» er skrevet inn, men tallet er {entry['text']}. Bind ordet til tallet.",
        confidence=0.5,
        cause=text,
    )
