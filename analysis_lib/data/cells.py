"""A printed cell: the six things that can stand in a table, told apart.

A number keeps its precision. Blank, «not available» (``..``), «cannot exist» (``.``) and
«confidential» (``:``) follow Statistics Norway's signs and are never the number zero. A new edition's
cell that waits for its number is ``?``: nobody has looked yet, so it is none of the other signs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from analysis_lib.data.interval import Interval


class Kind(StrEnum):
    """What stands in a cell."""

    NUMBER = "number"
    BLANK = "blank"
    NOT_AVAILABLE = "na"
    IMPOSSIBLE = "impossible"
    CONFIDENTIAL = "confidential"
    AWAITED = "awaited"
    TEXT = "text"  # words in a cell of a text that someone else set; never in the edition's own tables


SIGNS = {
    "": Kind.BLANK,
    "..": Kind.NOT_AVAILABLE,
    ".": Kind.IMPOSSIBLE,
    ":": Kind.CONFIDENTIAL,
    "?": Kind.AWAITED,
}
SIGN_TEXT = {kind: text for text, kind in SIGNS.items()}


@dataclass(frozen=True, slots=True)
class Rounding:
    """The base that whole numbers are rounded to: the nearest, or at random the one below or above."""

    base: int
    at_random: bool = False

    @property
    def words(self) -> str:
        """How they are rounded, for the reader."""
        way = "tilfeldig, opp eller ned, til et multiplum av" if self.at_random else "til nærmeste"
        return f"avrundet {way} {self.base}"

    def interval(self, number: Fraction) -> Interval:
        """Return all that a printed number may stand for.

        >>> str(Rounding(5).interval(Fraction(15))), str(Rounding(3, at_random=True).interval(Fraction(9)))
        ('[12.5, 17.5)', '[7, 11]')

        Raises
        ------
        ValueError
            If it is no multiple of the base.
        """
        if number % self.base:
            raise ValueError(
                f"«{float(number):.10g}» går ikke opp i {self.base}, som tallene er avrundet til"
            )
        if self.at_random:
            return Interval(number - self.base + 1, number + self.base - 1)
        return Interval.nearest(number, Fraction(self.base))


_MARK = re.compile(r"(?<=\d)\*+\)?$")
# No quantity has so many; longer ones are codes, and cost time and memory to compute with.
MOST_DIGITS = 30
# A hyphen, figure dash, en dash or minus before a number is its minus; spaces of any width group digits.
_MINUS = "\\-‐‑‒–−"
_SPACE = " \u00a0\u2007\u2009\u200a\u202f"
_GROUPED = re.compile(rf"[+{_MINUS}]?(\d{{1,3}}(?:[{_SPACE}]\d{{3}})+|\d+)(?:,(\d+))?")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as printed, after any correction.

    Parameters
    ----------
    kind : Kind
        Number, or which of the five signs.
    printed : str
        The text as it stands in the published table.
    number : Fraction or None
        The number, exactly as printed; None unless `kind` is NUMBER.
    decimals : int
        Decimals printed.
    interval : Interval or None
        All numbers that would be printed like this.
    line : int
        Line in the CSV file, 1 for the header.
    corrected : str or None
        The text used in place of `printed`, when a correction applies.
    mark : str
        The asterisks that point to a note, where the number has any.
    """

    kind: Kind
    printed: str
    number: Fraction | None = None
    decimals: int = 0
    interval: Interval | None = None
    line: int = 0
    corrected: str | None = None
    mark: str = ""

    @property
    def text(self) -> str:
        """The text that counts: the correction where there is one, else what is printed."""
        return self.printed if self.corrected is None else self.corrected


def parse_cell(
    text: str, *, decimals: int | None = None, exact: bool = False, rounding: Rounding | None = None
) -> Cell:
    """Read one printed cell.

    Parameters
    ----------
    text : str
        As printed: Norwegian decimal comma, space between groups of three, and perhaps the
        asterisks of a note behind the number.
    decimals : int, optional
        Declared precision of the column, where printing drops trailing zeros.
    exact : bool
        True for counts, which are not rounded at all.
    rounding : Rounding, optional
        The base that the source rounded to.

    Raises
    ------
    ValueError
        If the text is neither a number of at most `MOST_DIGITS` digits nor one of the signs, or the number
        is no multiple of its base.

    Examples
    --------
    >>> cell = parse_cell("10 354")
    >>> cell.number, str(cell.interval)
    (Fraction(10354, 1), '[10353.5, 10354.5)')
    >>> parse_cell("..").kind, parse_cell("0").kind
    (<Kind.NOT_AVAILABLE: 'na'>, <Kind.NUMBER: 'number'>)
    >>> parse_cell("?").kind
    <Kind.AWAITED: 'awaited'>
    >>> starred = parse_cell("2559*)")
    >>> starred.number, starred.mark
    (Fraction(2559, 1), '*)')
    >>> parse_cell("86 429d")
    Traceback (most recent call last):
    ValueError: «86 429d» er verken et tall eller et av tegnene «.», «..», «:» og «?»
    """
    stripped = text.strip()
    if stripped in SIGNS:
        return Cell(SIGNS[stripped], text)
    mark = found[0] if (found := _MARK.search(stripped)) else ""
    match = _GROUPED.fullmatch(stripped.removesuffix(mark))
    if match is None:
        raise ValueError(f"«{stripped[:60]}» er verken et tall eller et av tegnene «.», «..», «:» og «?»")
    whole, fraction = re.sub(r"\D", "", match[1]), match[2] or ""
    if len(whole + fraction) > MOST_DIGITS:
        raise ValueError(f"«{stripped[:MOST_DIGITS]}…» har flere enn {MOST_DIGITS} sifre")
    number = Fraction(f"{whole}.{fraction or 0}") * (-1 if stripped[0] in _MINUS else 1)
    places = max(len(fraction), decimals or 0)
    if rounding is not None and rounding.base > 1:
        interval = rounding.interval(number)
    else:
        interval = Interval.exact(number) if exact else Interval.rounded(number, places)
    return Cell(Kind.NUMBER, text, number, places, interval, mark=mark)
