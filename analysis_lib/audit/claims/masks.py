"""What looks like a quantity and is none: dates, references, paragraphs of law, codes, telephone numbers."""

from __future__ import annotations

import re

MONTHS = (
    "januar|februar|mars|april|mai|juni|juli|august|september|oktober|november|desember"
    "|jan|feb|apr|jun|jul|aug|sept|sep|okt|nov|des"
)
_UNIT_AHEAD = r"(?!\s*(?:prosent|%|kroner|mill|mrd|tusen|årsverk|fastleger|leger|kommuner))"
_LIST = (
    r"\d+(?:\.\d+)*[a-z]?"
    rf"(?:(?:\s*(?:,|–|-)\s*|\s+(?:og|til|eller|samt)\s+)\d+(?:\.\d+)*[a-z]?\b{_UNIT_AHEAD})*"
)
_NAMED = (
    r"tabell(?:en|ene)?|figur(?:en|ene)?|kapit(?:tel|let|lene|ler)|kap\.?|del-?kapit(?:tel|let)|underkapit(?:tel|let)"
    r"|avsnitt(?:et)?|boks|del|punkt|vedlegg|side|note|merknad|nr\.?|meld\.?(?: st\.?)?|nou|prop\.?(?: \d+)?"
    r"|stortingsmelding(?:en)?|sentralitets\w*|klasse\w*|trinn|nivå|fase|type|spørsmål|funksjon|takst|kode|lis"
    r"|kv\.?|kvartal|versjon|bilag|q"
)
YEAR = r"(?<![\d.,§-])(?:19|20)\d\d(?![\d.,]\d|\d)"
_UNTIL = r"(?:\s*(?:-|–|/)\s*(?:(?:19|20)\d\d|\d\d)\b)?"
YEARS = re.compile(YEAR + _UNTIL)
REFERENCE = re.compile(r"\b(tabell|figur)(?:en|ene|er)?\s+(" + _LIST + ")", re.IGNORECASE)
# A year is a count where a unit follows it: «2000 kroner».
_COUNTABLE = "kroner|kr\\b|prosent|%|mill|mrd|leger|fastleger|kommuner|innbyggere|personer|pasienter|plasser"
_COUNTED = rf"(?!\s*(?:{_COUNTABLE}))"

_PATTERNS = [
    r"https?://\S+|www\.\S+|\bdoi\S+|\S{1,64}@\S+",
    r"[⁰¹²³⁴-⁹]+",
    rf"\b\d{{1,2}}\.?\s*(?:{MONTHS})\b(?:\.?[\s-]*(?:\d{{4}}|\d\d)\b)?",
    rf"\b(?:{MONTHS})\b\.?-\d\d\b",
    r"\b\d{1,2}\.\s?\d{1,2}\.\s?(?:\d{4}|\d\d)\b",
    r"\b(?:kl\.?|klokken)\s*\d\d?[.:]?\d{0,2}(?:\s*(?:til|og|–|-)\s*\d\d?[.:]?\d{0,2})?",
    r"§+\s*\d+(?:\s*-\s*\d+)?(?:\s+[a-z]\s?\d?\b)?",
    rf"\b(?:{_NAMED})\s*:?\s*{_LIST}",
    rf"{YEAR}{_COUNTED}{_UNTIL}",
    r"\b\d+\.\s*kvartal\w*",
    r"\b116(?:\s?117|\s+og\s+117)\b(?!\s?\d)",
    r"(?<![\d,])\d\d(?: \d\d){3}\b",
    # A municipality's number stands before its name.
    r"(?<!\d )\b\d{4} (?-i:(?=[A-ZÆØÅ][a-zæøå]))",
    r"\b[A-Za-zÆØÅæøå]+-?\d[\w-]*",
    r"\b\d+(?:\.\d+){0,3}-?års?\w+|\b\d+-[^\W\d]\w*",
    r"\b\d[a-z]{1,3}\b(?<!kr)",
    r"(?:per|pr\.?)\s*(?:1\s?000|10\s?000|100\s?000|100)\b(?!\s*kr)",
    r"\b(?:på ett år|ett år (?:før|tidligere|siden))\b",
    # «de to foregående årene», «de siste ti årene» are times.
    r"\b(?:\w+\s+)?(?:foregående|forutgående|siste|første|neste|påfølgende)\s+(?:\w+\s+)?år(?:ene|a)?\b",
    r"\(\d\)|^\s*\d+[.)]\s",
]
_MASK = re.compile("|".join(f"(?:{pattern})" for pattern in _PATTERNS), re.IGNORECASE)
BLANK = "·"


def mask(text: str) -> str:
    """Return the text with everything that is no quantity blanked out, at its old length.

    >>> mask("Tabell 8.1 viser 16 mrd. per 1. mai 2026, jf. § 21-4.")
    '·········· viser 16 mrd. per ···········, jf. ······.'
    """
    return _MASK.sub(lambda match: BLANK * len(match[0]), text)
