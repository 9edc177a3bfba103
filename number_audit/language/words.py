"""Words of Norwegian text: stems of its words of substance, its clauses, and what labels say of a number."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache

from analysis_lib.data.norwegian import sentences as split
from number_audit.language.quantities import REFERENCE, mask

_WORD = re.compile(r"[a-zæøåéA-ZÆØÅÉ][a-zæøåéA-ZÆØÅÉ-]*")
_ENDING = re.compile(r"(?<=\w{3})(?:ernes|erne|ere|enes|ene|ens|ers|ets|en|er|et|es|e|(?<=al)t|(?<=ig)t)$")
_LOOSE_ENDING = re.compile(
    r"(?<=\w{3})(?:enes|erne|elser|ende|inger|ingene|ingen|else|elsen|heten|ing|ene|ens|ets|ers|ere|est"
    r"|en|et|er|es|te|ede|ert|e|a|s|r|t)$"
)
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
# Titles and the sentences that point to them have these in common, whatever they are about.
_IN_TITLES = frozenset(
    re.findall(
        r"\w+",
        """
        andel arbeid bruk dersom fordel forhold fram gir gjelder gjennomsnitt grunn her hvordan minst mye
        måned oppgave rapport samlet samtidig side store svært således tid tidligere tillegg unntak
        utviklingen videre vise
        """,
    )
)
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


def stem(word: str, *, loose: bool = False) -> str:
    """Cut a word to what its inflections share.

    Parameters
    ----------
    word : str
    loose : bool
        Whether words made of each other, «måle» and «måling», are one too: enough to tell topics apart,
        and too little to tell quantities apart.

    Examples
    --------
    >>> [stem(word) for word in ("fastlegene", "fastleger", "kommunenes", "årsverk")]
    ['fastleg', 'fastleg', 'kommun', 'årsverk']
    >>> [stem(word, loose=True) for word in ("årsverkene", "legenes", "leger", "diagnoser")]
    ['årsverk', 'leg', 'leg', 'diagnos']
    """
    return (_LOOSE_ENDING if loose else _ENDING).sub("", word.lower().strip("-"))


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
    return word in words or word in ends_of(words) or any(end in words for end in ends_of(frozenset({word})))


@cache
def ends_of(words: frozenset[str]) -> frozenset[str]:
    """Return what the words end in, of at least as many letters as tell a word."""
    return frozenset(word[i:] for word in words for i in range(1, len(word) - _SHORTEST + 1))


@cache
def parts_of(words: frozenset[str]) -> frozenset[str]:
    """Return what the words begin and end in, as far as that makes them `kin`."""
    beginnings = {word[:i] for word in words for i in range(_TELLING, len(word))}
    return ends_of(words) | beginnings


def kin(word: str, words: frozenset[str]) -> bool:
    """Tell whether a word stands among others, or is a compound with one of them at either end.

    >>> kin("sykepleierkonsultasjon", frozenset({"sykeplei"})), kin("lege", frozenset({"legevakt"}))
    (True, False)
    """
    return covered(word, words) or any(
        min(len(word), len(other)) >= _TELLING and (word.startswith(other) or other.startswith(word))
        for other in words
    )


CLAUSE = re.compile(
    r",(?!\d)|;|\b(?:mens|mot|hvorav|samtidig)\b|\bog (?:det|da|de|i|utgjør|utgjorde|var|er|har|hadde)\b",
    re.IGNORECASE,
)


def sentences(text: str) -> list[str]:
    """Split a paragraph into sentences; what follows a colon or a semicolon is a statement of its own.

    >>> sentences("Utgiftene var 1,2 mrd. kroner per 1. mai 2026. I fjor økte de: Det var nytt.")
    ['Utgiftene var 1,2 mrd. kroner per 1. mai 2026.', 'I fjor økte de:', 'Det var nytt.']
    """
    return split(text, ends=".!?…:;", hidden=mask(text))


def clauses(sentence: str) -> list[str]:
    """Split a sentence at its commas and at the words that begin a new clause."""
    return [clause for clause in CLAUSE.split(sentence) if clause and clause.strip()]


def shown_tables(text: str) -> frozenset[str]:
    """Return the numbers of the tables that a text refers to.

    >>> sorted(shown_tables("Tabell 8.1 og 8.2 og figur 8.3"))
    ['8.1', '8.2']
    """
    return frozenset(
        number
        for kind, numbers in REFERENCE.findall(text)
        if kind.lower() == "tabell"
        for number in re.findall(r"\d+\.\d+", numbers)
    )


_LONG_WORD = re.compile(r"[^\W\d_]{3,}")


def stems(text: str) -> set[str]:
    """Return the loose stems of a text's words of substance: no numbers, no words that every title has."""
    return {
        stem(word, loose=True)
        for word in _LONG_WORD.findall(text)
        if word.lower() not in _STOP and word.lower() not in _IN_TITLES
    }


# Letters of a stem that may be a part of another, and of a beginning that tells one; what marks a beginning.
_COMPOUND, _BEGINNING, _SIGN = 5, 8, "…"


def shared(some: Iterable[str], others: Iterable[str]) -> set[str]:
    """Return the stems of `some` that `others` have: whole, in a compound, or alike to the 8th letter.

    >>> sorted(shared({"årsverk", "fylk"}, {"legeårsverk", "kommun"}))
    ['årsverk']
    """
    known = set(others)
    long = [other for other in known if len(other) >= _COMPOUND]
    return {
        word
        for word in some
        if word in known or (len(word) >= _COMPOUND and any(_related(word, other) for other in long))
    }


def _related(word: str, other: str) -> bool:
    return (
        word in other
        or other in word
        or (len(word) >= _BEGINNING and word[:_BEGINNING] == other[:_BEGINNING])
    )


class Vocabulary:
    """Which stems of many texts a stem is `shared` with, found without looking at each of them.

    Those alike to the 8th letter can be as many as the texts have; one sign stands for them all.

    Parameters
    ----------
    words : iterable of str
        Every stem of the texts.

    Examples
    --------
    >>> texts = [marked({"legeårsverk", "kommun"}), marked({"kommunehelsetjenest"})]
    >>> known = Vocabulary(set().union(*texts))
    >>> [[word for word in ("årsverk", "kommunehels") if known.related(word) & text] for text in texts]
    [['årsverk', 'kommunehels'], ['kommunehels']]
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(words)
        self._holding: dict[str, list[str]] = defaultdict(list)
        for word in self._words:
            for letters in _runs(word, _COMPOUND) if not word.endswith(_SIGN) else ():
                self._holding[letters].append(word)
        self._found: dict[str, frozenset[str]] = {}

    def related(self, word: str) -> frozenset[str]:
        """Return the stems, and the sign of the beginning, that a text must have one of to share a stem."""
        if word not in self._found:
            self._found[word] = frozenset(self._search(word))
        return self._found[word]

    def _search(self, word: str) -> Iterator[str]:
        if word in self._words:
            yield word
        if len(word) < _COMPOUND:
            return
        for length in range(_COMPOUND, len(word)):
            yield from self._words.intersection(_runs(word, length))
        # All that hold the word hold its rarest letters.
        some = min((self._holding.get(letters, []) for letters in _runs(word, _COMPOUND)), key=len)
        yield from (other for other in some if word in other)
        yield from self._words.intersection(marked({word}) - {word})


def marked(words: Iterable[str]) -> frozenset[str]:
    """Return stems, with a sign for the beginning of each that is long enough to be known by it."""
    known = frozenset(words)
    return known | {f"{word[:_BEGINNING]}{_SIGN}" for word in known if len(word) >= _BEGINNING}


def _runs(word: str, length: int) -> set[str]:
    return {word[i : i + length] for i in range(len(word) - length + 1)}


TOTAL = re.compile(r"\W*(?:(?:del)?sum|totalt?|i alt|samlet|hele landet|til sammen|alle)\b", re.IGNORECASE)


PERCENT = re.compile(r"prosent|%|andel", re.IGNORECASE)


CHANGE = re.compile(r"endr|vekst|netto", re.IGNORECASE)


WHOLE = re.compile(r"unike|totalt|samlet|i alt", re.IGNORECASE)


INDEX = re.compile(r"indeks", re.IGNORECASE)


def is_total(label: str) -> bool:
    """Tell whether a label calls its number a sum.

    >>> is_total("Sum refusjoner"), is_total("Totalt"), is_total("Summer")
    (True, True, False)
    """
    return TOTAL.match(label) is not None


def plain(label: str) -> str:
    """Return a label's words, without marks, hyphens and case, so that two tables' rows can be matched.

    >>> plain("+ Utjamnings-tilskudd*")
    'utjamningstilskudd'
    """
    return re.sub(r"[\W\d_]+", "", label).lower() or label.strip()
