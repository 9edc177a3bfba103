"""Sentences of a paragraph, and the stems of their words of substance."""

from __future__ import annotations

import re
from collections.abc import Iterable

from analysis_lib.audit.text.forms import SUPERSCRIPTS

_END = re.compile(rf"(?<=[.!?…])([)»”\"]?[{SUPERSCRIPTS}]*)\s+(?=[A-ZÆØÅ«“\"(\d])")
_ABBREVIATED = re.compile(
    r"(?:\b(?:kap|jf|ca|nr|pr|kl|mill|mrd|fig|tab|evt|inkl|ev|st|nov|des|jan|feb|mars|okt|aug|sept?|s|bl\.a|f\.eks"
    r"|d\.v\.s|m\.m|mv|dvs|osv|o\.l))\.$",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]{3,}")
_ENDINGS = re.findall(
    r"\w+",
    "enes erne elser ende inger ingene ingen else elsen heten ing ene ens ets ers ere est "
    "en et er es te ede ert e a s r t",
)
_COMMON = frozenset(
    re.findall(
        r"\w+",
        """
        alle andel andre antall arbeid bare blant ble blir bruk både dem den denne der dersom det
        dette disse eller enn etter figur flere for forhold fordel fordelt fra fram før gir gjelder
        gjennom gjennomsnitt grunn ha hadde han har hele her hos hun hva hvert hvilke hvor hvordan
        høyere ikke imidlertid inkl innen kan kapittel kroner lavere mellom men mer mest mill mindre
        minst mot mye må nedenfor noe noen nær når ned nye opp oppgave over ovenfor per perioden
        prosent rapport samlet samme samt samtidig sett ser side siden siste skal slik som store
        svært således tabell tall tid tidligere tillegg tilsvarende under unntak utgjør utgjorde
        utvikling utviklingen vært ved vekst videre vil vise viser være økning økte året årene måned
        prosentpoeng
        """,
    )
)


def sentences(text: str) -> list[str]:
    """Split a paragraph into sentences.

    Examples
    --------
    >>> sentences("Utgiftene økte (jf. Tabell 8.1). I 2025 var de 18,6 mrd. kroner.²⁵ Slutt.")
    ['Utgiftene økte (jf. Tabell 8.1).', 'I 2025 var de 18,6 mrd. kroner.²⁵', 'Slutt.']
    """
    found, start = [], 0
    for match in _END.finditer(text):
        if not _ABBREVIATED.search(text[max(start, match.start() - 8) : match.start()]):
            found.append(text[start : match.end()].strip())
            start = match.end()
    return [*found, text[start:].strip()] if text[start:].strip() else found


def stem(word: str) -> str:
    """Return a word without its ending, as far as four letters are left.

    >>> [stem(word) for word in ("årsverkene", "årsverk", "legenes", "leger", "diagnosene", "diagnoser")]
    ['årsverk', 'årsverk', 'leg', 'leg', 'diagnos', 'diagnos']
    """
    lowered = word.lower()
    for ending in _ENDINGS:
        if lowered.endswith(ending) and len(lowered) - len(ending) >= 3:
            return lowered.removesuffix(ending)
    return lowered


def stems(text: str) -> set[str]:
    """Return the stems of a text's words of substance: no numbers, no words that every sentence has."""
    return {stem(word) for word in _WORD.findall(text) if word.lower() not in _COMMON}


def shared(some: Iterable[str], others: Iterable[str]) -> set[str]:
    """Return the stems of `some` that `others` have: whole, in a compound, or alike to the 8th letter.

    >>> sorted(shared({"årsverk", "fylk"}, {"legeårsverk", "kommun"}))
    ['årsverk']
    """
    known = set(others)
    long = [other for other in known if len(other) >= 5]
    return {
        word
        for word in some
        if word in known or (len(word) >= 5 and any(_related(word, other) for other in long))
    }


def _related(word: str, other: str) -> bool:
    return word in other or other in word or (len(word) >= 8 and word[:8] == other[:8])
