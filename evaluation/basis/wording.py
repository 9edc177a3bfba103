"""Numbers and causal words in the sentences of a verdict.

Estimates under one another, as an analyst wants to read them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from fractions import Fraction

import pandas as pd

from analysis_lib.data.norwegian import NBSP, format_number
from evaluation.basis.estimate import Estimate
from evaluation.basis.refusal import Reason, refuse

DASH = "\u2013"
KI = f"95{NBSP}% KI"

# Words that say that one thing brought about another, in bokmål and nynorsk. Words that merely order
# events in time («etter», «siden», «samtidig») are free.
_TURNED = r"(?:fikk|slapp|økte|gikk|falt|sank|steg|ble)\b"
_BROUGHT_ABOUT = (
    r"(?:før(?:te|er|t)|led(?:et|er|de|a|d))\s+(?:ikk?j?e\s+)?til",
    r"bid(?:ro|rog|rar|reg|ratt|rege)\s+(?:ikk?j?e\s+)?til|bidrag\w*\s+til",
    r"resulter\w*|medfør\w*|påvirk\w*|innvirk\w*|utslag",
    # A contact may trigger a tariff: that is what tariffs are for.
    r"utløs(?:te|er|t)(?!\s+(?:\w+\s+)?takst)",
    r"effekt(?!iv)\w*|virkning\w*(?!\s+fra)|verknad\w*|virk(?:et|er|ede)\b|verk(?:a|ar)\b|konsekvens\w*|gevinst\w*",
    r"(?:for)?årsak\w*|(?<!ikke )tilskriv\w*|(?:hatt|har|hadde|fikk)\s+(?:\w+\s+)?betydning\s+for",
    r"(?:gjorde|gjør|gjort)\s+(?:at|det\s+(?:mulig|lettere|enklere|vanskeligere))|sørg(?:et|er|a)\s+for\s+at",
    r"(?:ga|gav|gir|gjev|gitt|gjeve)\s+(?:økt|auka|redusert|færre|fleire|flere|høyere|lavere|lågare|mer|meir"
    r"|mindre|bedre|betre|dårligere|kortere|kortare|lengre|raskere|rom\s+for|mulighet)",
    r"tiltaket\s+(?:økte|reduserte|senket|hevet|endret|bedret|forverret|styrket|svekket)",
    # «Derfor anbefales» and «slik at det gis» reason and regulate; «dermed økte» says what came of it.
    rf"(?:dermed|derfor)\s+{_TURNED}|{_TURNED}\s+(?:\w+\s+){{0,2}}(?:dermed|derfor)|slik\s+at\s+(?:\w+\s+){{1,4}}?{_TURNED}",
    r"ly(?:ktes|kkes)\s+med",
)
# The same, where the cause comes after the word.
_CAME_OF = (
    r"fordi|på\s+grunn\s+av|som\s+følgj?e\s+av|takk(?:et)?\s+v(?:æ|e)re|ved\s+hjelp\s+av|resultat(?:et)?\s+av",
    r"skyld(?:es|tes|ast)|(?:kommer|kjem|kom)\s+av|forklar(?:es|ast|t)\s+(?:med|av)|forklares",
    r"(?:henger|heng|hang)\s+sam(?:men|an)\s+med",
)
_CAUSAL = re.compile(rf"\b(?:{'|'.join((*_BROUGHT_ABOUT, *_CAME_OF))})", re.IGNORECASE)
_BACKWARD = re.compile(rf"\b(?:{'|'.join(_CAME_OF)})", re.IGNORECASE)


def causal_words(sentence: str) -> tuple[str, ...]:
    """Return the words of cause in a Norwegian sentence.

    >>> causal_words("Tilskuddet førte til flere avtaler, og effekten var stor.")
    ('førte til', 'effekten')
    >>> causal_words("Antallet avtaler økte etter at tilskuddet kom.")
    ()
    """
    return tuple(match.group(0) for match in _CAUSAL.finditer(sentence))


def causes(sentence: str) -> tuple[tuple[str, str], ...]:
    """Return each word of cause with the part of the sentence where the cause may stand.

    >>> causes("Beløpet økte på grunn av prisene.")
    (('på grunn av', ' prisene.'),)
    """
    return tuple(
        (match.group(0), sentence[match.end() :] if _BACKWARD.match(match.group(0)) else sentence)
        for match in _CAUSAL.finditer(sentence)
    )


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


def side_by_side(estimates: Mapping[str, Estimate], *, decimals: int = 2) -> pd.DataFrame:
    """Return estimates as a table with one row each: value, interval, and the rule that made it.

    Examples
    --------
    >>> from evaluation.methods.rates import byar, garwood
    >>> print(side_by_side({"eksakt": garwood(4), "Byar": byar(4)}, decimals=1))
           anslag nedre  øvre             regel
    eksakt    4,0   1,1  10,2  eksakt (Garwood)
    Byar      4,0   1,1  10,2              Byar
    """
    return pd.DataFrame(
        {
            "anslag": [number(e.value, decimals) for e in estimates.values()],
            "nedre": [number(e.low, decimals) for e in estimates.values()],
            "øvre": [number(e.high, decimals) for e in estimates.values()],
            "regel": [e.rule for e in estimates.values()],
        },
        index=list(estimates),
    )
