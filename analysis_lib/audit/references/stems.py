"""The stems of a text's words of substance, to see whether a reference and its target speak of one thing.

Looser than `claims.words`, which tells one quantity from another: there a wrong match is a false alarm.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

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
