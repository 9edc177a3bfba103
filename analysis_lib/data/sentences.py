"""Where the sentences of a Norwegian text end."""

from __future__ import annotations

import re

SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
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
        if gap and not (end[0] == "." and _ABBREVIATED.search(seen[starts[-1] : end.start()])):
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
