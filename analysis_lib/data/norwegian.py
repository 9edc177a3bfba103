"""Norwegian numbers: half up, decimal comma, hard space between groups, a real minus sign.

Where the sentences of a Norwegian text end.
"""

from __future__ import annotations

import re
from fractions import Fraction

from analysis_lib.data.interval import Interval

NBSP = "\u00a0"
MINUS = "\u2212"


def round_half_up(number: Fraction, decimals: int = 0) -> Fraction:
    """Round with ties away from zero, as Norwegian official statistics do.

    >>> float(round_half_up(Fraction("2.5"))), float(round_half_up(Fraction("-0.25"), 1))
    (3.0, -0.3)
    """
    scaled = abs(number) * 10**decimals
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Fraction(whole if number >= 0 else -whole, 10**decimals)


def format_number(number: Fraction | int, decimals: int = 0, *, plus: bool = False) -> str:
    r"""Write a number the Norwegian way; what rounds to zero has no sign.

    Examples
    --------
    >>> format_number(Fraction("-18572.46"), 1).replace("\u00a0", "_")
    '−18_572,5'
    >>> format_number(Fraction("-0.04"), 1), format_number(3, plus=True)
    ('0,0', '+3')
    """
    rounded = round_half_up(Fraction(number), decimals)
    scaled = abs(int(rounded * 10**decimals))
    whole, fraction = divmod(scaled, 10**decimals)
    sign = MINUS if rounded < 0 else "+" if plus and rounded > 0 else ""
    text = f"{whole:,}".replace(",", NBSP)
    return f"{sign}{text},{fraction:0{decimals}d}" if decimals else f"{sign}{text}"


def format_exact(number: Fraction, decimals: int = 6) -> str:
    """Write a number with up to `decimals` decimals, without trailing zeros.

    >>> format_exact(Fraction("1.261470")), format_exact(Fraction(5))
    ('1,26147', '5')
    """
    text = format_number(number, decimals)
    return text.rstrip("0").rstrip(",") if decimals else text


def format_range(interval: Interval) -> str:
    """Write an interval's ends with as many decimals as tell them apart.

    >>> format_range(Interval(Fraction("18.55"), Fraction("18.65"), high_open=True))
    '18,55–18,65'
    """
    decimals = 0
    # Two figures of the width are enough to see how much is known.
    while decimals < 6 and 0 < interval.width * 10**decimals < 10 and not _whole(interval, decimals):
        decimals += 1
    return "–".join(format_exact(end, decimals) for end in (interval.low, interval.high))


def _whole(interval: Interval, decimals: int) -> bool:
    return all((end * 10**decimals).denominator == 1 for end in (interval.low, interval.high))


SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
# As far back as an abbreviation, or a name with initials, is looked for.
_LONGEST = 40
# What a sentence begins with; «·» stands for what is hidden, «@» for a reference to a table.
_GAP = re.compile(rf"[)»”\"]?[{SUPERSCRIPTS}]*\s+(?=[A-ZÆØÅ0-9«“\"(@·-])")
_ABBREVIATED = re.compile(
    r"\b(?:apr|aug|bl\.a|ca|des|d\.v\.s|dvs|ev|evt|feb|f\.eks|fig|gj|hhv|inkl|innb|jan|jf|jfr|jul|jun|kap|kl"
    r"|mill|m\.m|mrd|mv|nov|nr|okt|o\.l|osv|pr|pst|s|sept?|st|tab)$"
    # The initials of an author; «penicillin V» is none.
    r"|(?-i:(?:[,.&]|\b[A-ZÆØÅ]\w+)\s+[A-ZÆØÅ])$",
    re.IGNORECASE,
)


def sentence_starts(text: str, *, ends: str = ".!?…", hidden: str = "") -> list[int]:
    """Return where each sentence begins; the point of an abbreviation ends none.

    Parameters
    ----------
    text : str
    ends : str
        The signs that end a sentence.
    hidden : str
        The same text, at its length, with what is no prose blanked out: no point in a date ends a sentence.

    Examples
    --------
    >>> sentence_starts("De økte jf. Tabell 8.1. I fjor falt de.")
    [0, 24]
    >>> text = "Før 1. mars. 2 av 3 økte."
    >>> sentence_starts(text), sentence_starts(text, hidden="Før ·······. 2 av 3 økte.")
    ([0, 13], [0, 13])
    """
    seen = hidden or text
    starts = [0]
    for end in re.finditer(f"[{re.escape(ends)}]", seen):
        gap = _GAP.match(seen, end.end())
        before = seen[max(starts[-1], end.start() - _LONGEST) : end.start()]
        if gap and not (end[0] == "." and _ABBREVIATED.search(before)):
            starts.append(gap.end())
    return starts


def sentences(text: str, *, ends: str = ".!?…", hidden: str = "") -> list[str]:
    """Split a text into sentences; see `sentence_starts`.

    Examples
    --------
    >>> sentences("Utgiftene økte (jf. Tabell 8.1). I 2025 var de 18,6 mrd. kroner.²⁵ Slutt.")
    ['Utgiftene økte (jf. Tabell 8.1).', 'I 2025 var de 18,6 mrd. kroner.²⁵', 'Slutt.']
    """
    starts = sentence_starts(text, ends=ends, hidden=hidden)
    cut = (text[a:b].strip() for a, b in zip(starts, [*starts[1:], len(text)], strict=True))
    return [sentence for sentence in cut if sentence]
