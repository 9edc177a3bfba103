"""A quantitative statement: what is said of which quantity, for which time."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from analysis_lib.audit.claims.numerals import Quantity
from analysis_lib.audit.claims.periods import Period
from analysis_lib.data.interval import Interval


class Kind(StrEnum):
    """What a statement says of its quantity."""

    LEVEL = "nivå"
    CHANGE = "endring"


@dataclass(frozen=True, slots=True)
class Statement:
    """One quantity as a sentence states it.

    Attributes
    ----------
    quantity : Quantity
    kind : Kind
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
    kind: Kind
    sign: int
    period: Period | None
    explicit: bool
    behind: frozenset[str]
    near: frozenset[str]
    around: frozenset[str]
    context: frozenset[str]
    tables: frozenset[str]
    sentence: int
    line: int
    section: str
    per: int = 0
    text: str = ""


def stated(statement: Statement) -> Interval:
    """Return the numbers that a statement allows, with the sign of its direction."""
    interval = statement.quantity.interval
    if statement.kind is Kind.CHANGE and statement.sign < 0 and interval.low >= 0:
        return Interval(-interval.high, -interval.low, interval.high_open, interval.low_open)
    return interval
