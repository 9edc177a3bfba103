"""Numbers and causal words in the sentences of a verdict."""

from __future__ import annotations

import math
import re
from fractions import Fraction

from analysis_lib.data.norwegian import NBSP, format_number
from analysis_lib.evaluation.estimate import Estimate
from analysis_lib.evaluation.refusal import Reason, refuse

DASH = "\u2013"
KI = f"95{NBSP}% KI"

# Words that say that one thing brought about another. Words that merely order events in time
# («etter», «siden», «samtidig») are free.
_CAUSAL = re.compile(
    r"\b(?:før(?:te|er|t)\s+til|(?:for)?årsak\w*|effekt\w*|virkning\w*|virk(?:et|er|ede)|skyld(?:es|tes)"
    r"|på\s+grunn\s+av|som\s+følge\s+av|takket\s+være|medfør\w*|bid(?:ro|rar|ratt)\s+til|bidrag\w*\s+til"
    r"|resulter\w*|utløs\w*|påvirk\w*|konsekvens\w*|gjorde\s+at|gjør\s+at|fordi|derfor|dermed|slik\s+at"
    r"|(?<!ikke )tilskriv\w*|gevinst\w*|utslag"
    r"|(?:ga|gir|gitt)\s+(?:økt|redusert|færre|flere|høyere|lavere|mer|mindre)"
    r"|tiltaket\s+(?:økte|reduserte|senket|hevet|endret|bedret|forverret|styrket|svekket))",
    re.IGNORECASE,
)


def causal_words(sentence: str) -> tuple[str, ...]:
    """Return the words of cause in a Norwegian sentence.

    >>> causal_words("Tilskuddet førte til flere avtaler, og effekten var stor.")
    ('førte til', 'effekten')
    >>> causal_words("Antallet avtaler økte etter at tilskuddet kom.")
    ()
    """
    return tuple(match.group(0) for match in _CAUSAL.finditer(sentence))


def number(value: float, decimals: int = 1) -> str:
    r"""Return a number as Norwegian prose prints it, rounded half up.

    >>> number(2.25), number(-0.04), number(1234567.0, 0)
    ('2,3', '0,0', '1\xa0234\xa0567')
    """
    if not math.isfinite(value):
        refuse(Reason.MISSING_VALUE, "et tall i setningen er ikke endelig")
    # By its shortest decimals: 2.25 is meant as 2,25 and rounds to 2,3.
    return format_number(Fraction(repr(float(value))), decimals)


def interval(low: float, high: float, decimals: int = 1) -> str:
    """Return an interval; with a negative end in words, since dash and minus look alike.

    >>> interval(5.2, 14.8), interval(-2.0, 3.0)
    ('5,2–14,8', 'fra −2,0 til 3,0')
    """
    a, b = number(low, decimals), number(high, decimals)
    return f"fra {a} til {b}" if low < 0 or high < 0 else f"{a}{DASH}{b}"


def amount(estimate: Estimate, unit: str, decimals: int = 1) -> str:
    r"""Return an estimate with its unit and interval.

    >>> amount(Estimate(2.0, 0.5, 1.0, 3.0, "OLS"), "poeng")
    '2,0 poeng (95\xa0% KI 1,0–3,0)'
    """
    shown = f"{number(estimate.value, decimals)} {unit}".strip()
    return f"{shown} ({KI} {interval(estimate.low, estimate.high, decimals)})"


def percent(ratio: float) -> float:
    """Return a ratio as a change in per cent.

    >>> round(percent(1.099), 1)
    9.9
    """
    return (ratio - 1) * 100


def moved(change: float) -> str:
    """Return the verb for a change.

    >>> moved(1.0), moved(-1.0)
    ('økte', 'gikk ned')
    """
    return "økte" if change > 0 else "gikk ned" if change < 0 else "var uendret"
