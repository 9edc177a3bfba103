"""Words that tell one quantity from another: content words of Norwegian text, cut to a common stem."""

from __future__ import annotations

import re
from functools import cache

from analysis_lib.audit.claims.masks import mask

_WORD = re.compile(r"[a-zæøåéA-ZÆØÅÉ][a-zæøåéA-ZÆØÅÉ-]*")
_ENDING = re.compile(r"(?<=\w{3})(?:ernes|erne|ere|enes|ene|ens|ers|ets|en|er|et|es|e|(?<=al)t|(?<=ig)t)$")
_SHORTEST, _TELLING = 4, 6
# «sentralitetsklasse 5 og 6»: the number of a class is a name, and as telling as a word.
_CLASS = re.compile(
    r"(?:klasse|sentralitet)[a-zæøå]*\s*((?:\d\b(?:\s*(?:,|og|til|–|-)\s*)?)+)", re.IGNORECASE
)
_STOPWORDS = """
    alle allerede alt altså andre annen annet at av bare ble bli blir blitt både da de deg dem den denne der
    dermed derfor deres det dette disse du eller en enn er et ett etter flere for fordi fra før ha hadde han
    hans har hele hennes hun hver hvert hvilke hvilken hvis hvor hvorav hva i ifølge igjen ikke imidlertid
    inkludert inn innen ingen jo kan kun kunne likevel man med meg mellom men mens mer mest mindre mot må
    målt ned nedenfor noe noen nå når nær nærmere og også om omtrent opp oss over ovenfor per pr på samme
    samt se selv ser sett siden sin sine sist siste skal skulle slik som så til tilsvarende tross under ut
    utgjorde utgjør var ved vel vi viser vil ville være vært år året årene åpen perioden periode løpet
    prosent prosentpoeng kroner mill mrd million millioner milliard milliarder tusen antall ant tall inkl kl
    henholdsvis hhv fordelt utvikling figur tabell kapittel avsnitt nye ny nytt blant rundt ca lag
    sammenlignet økt økte øker økning økningen vekst veksten redusert reduksjon nedgang gikk går lavere
    høyere endring endr januar februar mars april mai juni juli august september oktober november desember
    kv kvartal utgangen tilvekst netto forrige årlig kilde note hittil mnd vår høst hos antallet ja nei
    gjennom tilnærmet uendret stabil stabilt svak hatt gått
"""
_STOP = frozenset(_STOPWORDS.split())
# «LIS1», «A97»: a name with a digit.
_CODE = re.compile(r"\b([A-ZÆØÅ]{1,4})\s?(\d{1,2})\b(?![,.]\d)")
TOTALS = frozenset(["totalt", "total", "sum", "samlet", "saml", "land", "hele", "hel", "alle", "all", "fylk"])
# Words of one meaning; the report's tables and its prose do not always choose the same one.
_SAME = {
    "digital": "elektronisk",
    "e-konsultasjon": "elektronisk konsultasjon",
    "e-konsultasjoner": "elektronisk konsultasjon",
    "realvekst": "fast pris",
}
_SAME |= {"kommunal": "kommun", "gjennomsnittlig": "gjennomsnitt", "innb": "innbygg"}
_SAME |= {"gj-snitt": "gjennomsnitt", "snitt": "gjennomsnitt", "refusjonstakst": "takst refusjon"}


def stem(word: str) -> str:
    """Cut a word to what its inflections share.

    >>> [stem(word) for word in ("fastlegene", "fastleger", "kommunenes", "årsverk")]
    ['fastleg', 'fastleg', 'kommun', 'årsverk']
    """
    return _ENDING.sub("", word.lower().strip("-"))


@cache
def content(text: str) -> frozenset[str]:
    """Return the stems of a text's content words; words of one meaning become the same.

    >>> sorted(content("Andelen digitale konsultasjoner hos fastlegen var 17 prosent i 2025"))
    ['andel', 'elektronisk', 'fastleg', 'konsultasjon']
    """
    found: set[str] = set()
    for numbers in _CLASS.findall(text):
        found.update(f"klasse {number}" for number in re.findall(r"\d", numbers))
    found.update(f"{letters}{digits}".lower() for letters, digits in _CODE.findall(text))
    for match in _WORD.finditer(mask(text)):
        for word in [match[0].lower()] if match[0].lower() in _SAME else match[0].lower().split("-"):
            root = stem(word)
            if word not in _STOP and len(word) > 1:
                found.update(_SAME.get(root, root).split())
    return frozenset(found)


def alike(a: str, b: str) -> bool:
    """Tell whether two stems are one word, or one a compound that ends in the other.

    >>> alike("årsverk", "legeårsverk"), alike("fastleg", "fastlegeordning"), alike("leg", "legevakt")
    (True, False, False)
    """
    return covered(a, frozenset({b}))


def covered(word: str, words: frozenset[str]) -> bool:
    """Tell whether a word, a compound that ends in it, or the end of it stands among others."""
    return word in words or word in _ends(words) or any(end in words for end in _ends(frozenset({word})))


@cache
def _ends(words: frozenset[str]) -> frozenset[str]:
    """Return what the words end in, of at least as many letters as tell a word."""
    return frozenset(word[i:] for word in words for i in range(1, len(word) - _SHORTEST + 1))


def kin(word: str, words: frozenset[str]) -> bool:
    """Tell whether a word stands among others, or is a compound with one of them at either end.

    >>> kin("sykepleierkonsultasjon", frozenset({"sykeplei"})), kin("lege", frozenset({"legevakt"}))
    (True, False)
    """
    return covered(word, words) or any(
        min(len(word), len(other)) >= _TELLING and (word.startswith(other) or other.startswith(word))
        for other in words
    )
