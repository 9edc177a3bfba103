"""What a vague word allows: «om lag 5 prosent» and «nesten dobbelt» as exact intervals.

The bounds are conventions of this audit, wide enough that only a clear breach is called one.
For a number x that may be rounded to steps of s (0,1 for «5,5»; 1000 for «45 000»):

=========  ==========================================  ===================================
group      words                                       allows
=========  ==========================================  ===================================
about      om lag, omtrent, rundt, ca., anslagsvis …   x ± the larger of s/2 and 5 per cent
almost     nesten, nær, snaut, i underkant av …        from 10 per cent below x up to x
just over  vel, drøyt, litt over, i overkant av …      above x, up to 10 per cent more
over       over, mer enn, fler enn                     above x, up to 25 per cent more
least      minst                                       from x up to 25 per cent more
under      under, mindre enn, færre enn                from 25 per cent below x, x excluded
most       inntil, opptil, høyst                       from 25 per cent below x up to x
=========  ==========================================  ===================================

A number without such a word allows what rounds to it. A whole number that ends in two zeros or
more may be rounded to them: «45 000» is [44 500; 45 500).
"""

from __future__ import annotations

import re
from fractions import Fraction

from analysis_lib.data.interval import Interval

GROUPS = {
    "about": r"om lag|omlag|omtrentlig|omtrent|omkring|rundt regnet|rundt|ca\.?|cirka|anslagsvis|tilnærmet",
    "almost": r"nesten|nærmere|nær|snaut|knapt|i underkant av|like under|litt under|noe under|opp mot",
    "just_over": r"vel|drøyt|drøye|i overkant av|litt over|like over|noe over|rett over",
    "over": r"over|(?:mer|fler|flere|høyere|større) enn",
    "least": r"minst|fra og med|≥",
    "under": r"under|(?:mindre|færre|lavere) enn|<",
    "most": r"inntil|opptil|høyst|maksimalt|≤",
}
# «litt over» must be tried before «over», so the narrow groups come first.
_ORDER = ["almost", "just_over", "about", "least", "most", "over", "under"]
BEFORE = re.compile(
    r"(?<![\w-])(?:" + "|".join(f"(?P<{group}>{GROUPS[group]})" for group in _ORDER) + r")\s*$", re.IGNORECASE
)
AFTER = re.compile(
    r"\s{0,9}eller\s+(?:(?P<least>flere|mer|eldre)|(?P<most>færre|mindre|yngre))\b", re.IGNORECASE
)


def group_before(text: str) -> str:
    """Return the group of the vague word that `text` ends with, or nothing.

    >>> group_before("andelen var litt over "), group_before("andelen var ")
    ('just_over', '')
    """
    match = BEFORE.search(text)
    return (match.lastgroup or "") if match else ""


def step_of(number: Fraction, decimals: int) -> Fraction:
    """Return the step that a number may be rounded to, by its decimals or its trailing zeros.

    >>> [str(step_of(Fraction(text), places)) for text, places in (("5.5", 1), ("45000", 0), ("20", 0))]
    ['1/10', '1000', '1']
    """
    if decimals or number == 0 or number % 100:
        return Fraction(1, 10**decimals)
    digits = str(abs(int(number)))
    return Fraction(10 ** (len(digits) - len(digits.rstrip("0"))))


def allowed_by(number: Fraction, step: Fraction, group: str = "") -> Interval:
    """Return the numbers that a printed one allows under a group of vague words.

    Parameters
    ----------
    number, step : Fraction
        The number and the step that it may be rounded to, in the unit that the text names.
    group : str
        A key of `GROUPS`, or nothing for a number that stands alone.

    Examples
    --------
    >>> str(allowed_by(Fraction(16_000), Fraction(1000), "over"))
    '(16000, 20000]'
    >>> str(allowed_by(Fraction("18.6"), Fraction(1, 10)))
    '[18.55, 18.65)'
    """
    if number < 0:
        # «nesten −5» is said of the size.
        size = allowed_by(-number, step, group)
        return Interval(-size.high, -size.low, size.high_open, size.low_open)
    slack = max(step / 2, number / 20)
    bounds = {
        "about": (number - slack, number + slack),
        "almost": (number * Fraction(9, 10), number),
        "just_over": (number, number * Fraction(11, 10)),
        "over": (number, number * Fraction(5, 4)),
        "least": (number, number * Fraction(5, 4)),
        "under": (number * Fraction(3, 4), number),
        "most": (number * Fraction(3, 4), number),
        "": (number - step / 2, number + step / 2),
    }
    low, high = bounds[group]
    return Interval(
        low,
        high,
        low_open=low < high and group in ("just_over", "over"),
        high_open=low < high and group in ("", "under"),
    )
