"""Every number as it is shown, read back as a reader would read it, and held against its value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from analysis_lib.data.cells import SIGNS, parse_cell
from analysis_lib.data.interval import Interval
from analysis_lib.data.norwegian import format_exact
from analysis_lib.data.units import KRONER, SHOWN_UNITS, scale_shown
from analysis_lib.present.numbers import (
    is_change,
    is_count,
    number_spec,
    number_word,
    read_change,
    read_format,
    round_half_up,
)
from number_audit.findings import Finding, Judgement
from publishing.book.assemble import ChapterPage
from publishing.book.ledger import Registered

_NUMBER = re.compile(r"[+−-]?\d[\d\u00a0]*(?:,\d+)?")
_NUMERALS = {number_word(Fraction(n)): Fraction(n) for n in range(13)} | {"ett": Fraction(1)}


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
            for ref, text, form in block.payload.shown():
                own = block.payload.numbers.get(ref)
                yield Showing(ref, text, form, own.exact.decimals if own else 0, chapter.name, block.place)


def wrong_texts(shown: Iterable[Showing], numbers: Mapping[str, Registered]) -> Iterator[Finding]:
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
        elif why := fault(item.text, item.format, entry.exact.point, entry.unit, item.decimals):
            yield _finding(item, entry.label, why)


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


def fault(text: str, form: str, point: Fraction | None, unit: str, decimals: int) -> str:
    r"""Say what is wrong with a text that shows a number; "" if it is the value, rounded half up.

    Parameters
    ----------
    form : str
        The format that the text was asked for in.
    point, unit, decimals
        The value, its unit, and its own decimals.

    Examples
    --------
    >>> fault("18,6\u00a0mrd.\u00a0kroner", "mrd", Fraction(18572), "mill. kroner", 0)
    ''
    >>> fault("18,5\u00a0mrd.\u00a0kroner", "mrd", Fraction(18572), "mill. kroner", 0)
    '«18,5 mrd. kroner» er ikke verdien 18\xa0572 (mill. kroner) avrundet.'
    """
    said = " ".join(text.split())
    if point is None:
        return "" if text in SIGNS else f"«{said}» vises, men tallet er ikke kjent."
    if is_count(form):
        form = number_spec(form)
    if "|" in form:
        return _wrong_direction(said, form, point, unit, decimals)
    asked = read_format(form)
    number, places = reading(text)
    if number is None:
        return f"«{said}» er ikke et tall."
    expected = point * KRONER.get(unit, 1) / scale_shown(text, unit)
    if "abs" in asked.modifiers:
        expected = abs(expected)
    if expected not in Interval.rounded(number, places):
        return f"«{said}» er ikke verdien {format_exact(point)} ({unit}) avrundet."
    if "ord" not in asked.modifiers and places != asked.places(decimals):
        return f"«{said}» har {places} desimaler, ventet {asked.places(decimals)}."
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


def _wrong_direction(text: str, form: str, point: Fraction, unit: str, decimals: int) -> str:
    """Hold words against the sign of their number: as its own decimals show it, or those of its change."""
    if is_change(form):
        change = read_change(form)
        asked = read_format(change.number)
        shown = point * KRONER.get(unit, 1) / asked.scale if asked.name in SHOWN_UNITS else point
        right = change.chosen(round_half_up(shown, asked.places(decimals)))
    else:
        words = [word.strip() for word in form.split("|")]
        rounded = round_half_up(point, decimals)
        right = words[0 if rounded > 0 else 1 if rounded < 0 else -1]
    return "" if text == " ".join(right.split()) else f"«{text}» står der tallet gir «{right}»."


def several_numbers(shown: Iterable[Showing], numbers: Mapping[str, Registered]) -> Iterator[Finding]:
    """Yield the quantities that stand with two different numbers in the same unit and precision."""
    first: dict[tuple[str, int, int], tuple[Fraction, Showing]] = {}
    for item in shown:
        number, places = reading(item.text)
        if number is None or item.ref not in numbers:
            continue
        key = (item.ref, places, scale_shown(item.text, numbers[item.ref].unit))
        before, other = first.setdefault(key, (abs(number), item))
        if before != abs(number):
            why = f"Det samme tallet står som «{other.text}» i {other.where} ({other.chapter})."
            yield _finding(item, numbers[item.ref].label, why)
