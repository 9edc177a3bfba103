"""Every quantity of a Norwegian text: what is printed, its unit, and the numbers that it allows.

What looks like a quantity and is none is masked first: dates, references, paragraphs of law, codes,
telephone numbers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction

from analysis_lib.data.cells import MOST_DIGITS
from analysis_lib.data.interval import Interval
from analysis_lib.data.quantities import AFTER, allowed_by, group_before, step_of
from analysis_lib.data.units import SCALES

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


_SPACES = " \u00a0\u202f\u2009"
_NUMBER = (
    rf"\d{{1,3}}(?:[{_SPACES}]\d{{3}}(?!\d))+(?:,\d+)?|\d{{1,3}}(?:\.\d{{3}})+(?![\d,.]\d)|\d+(?:[.,]\d+)?"
)
_SCALE = rf"(?:(?:mill|mrd)\b\.?|(?:{'|'.join(SCALES)})\b)"
_UNITS = {
    "prosentpoeng": r"prosentpoeng(?:ene)?|prosent-poeng|%-poeng",
    "prosent": r"prosent(?!poeng)|pst\b\.?|%(?!-poeng)",
    "kroner": r"(?:svenske |norske )?kroner|kr\b",
    "år": r"år\b",
    "måneder": r"måned(?:er)?\b",
    "dager": r"dag(?:er)?\b|døgn\b",
    "timer": r"time(?:r)?\b",
    "minutter": r"minutt(?:er)?\b",
}
_UNIT = "|".join(
    f"(?P<{'poeng' if name == 'prosentpoeng' else name}>{words})" for name, words in _UNITS.items()
)
_TAIL = rf"(?:\s*(?P<scale>{_SCALE}))?(?:\s*(?:{_UNIT}))?"
_WORDS = {"én": 1, "to": 2, "tre": 3, "fire": 4, "fem": 5, "seks": 6, "sju": 7, "syv": 7, "åtte": 8}
_WORDS |= {"ni": 9, "ti": 10, "elleve": 11, "tolv": 12}
_PARTS = {
    "halvparten": 2,
    "halvdelen": 2,
    "tredjedel": 3,
    "tredel": 3,
    "fjerdedel": 4,
    "femtedel": 5,
    "tidel": 10,
}
_TIMES = {"halver": Fraction(1, 2), "dobl": Fraction(2), "dobbel": Fraction(2), "tredobl": Fraction(3)}

_DIGITS = re.compile(
    r"(?P<between>\bmellom\s+(?=[\d, ]+og\s+\d))?(?P<sign>(?<![\w/])[+−-])?"
    rf"(?<![\d,.\w])(?P<number>{_NUMBER})"
    rf"(?:(?(between)\s+og\s+|\s*[–-]\s*)(?P<upper>{_NUMBER}))?{_TAIL}",
    re.IGNORECASE,
)
# «ett» is an article, unless a unit follows.
_IN_WORDS = re.compile(
    rf"(?<![\w-])(?P<word>{'|'.join(_WORDS)}|ett(?=\s+(?:prosent|år)))(?![\w-]){_TAIL}", re.IGNORECASE
)
_OF_TEN = re.compile(
    r"\b(?P<part>\d{1,2}|" + "|".join(_WORDS) + r")\s+av\s+(?:de\s+)?(?P<whole>10|5|ti|fem|100)\b", re.I
)
_FRACTION = re.compile(
    r"(?<![\w-])(?:(?P<count>en|én|to|tre|fire)\s+)?(?P<part>halvparten|halvdelen|(?:tredje|fjerde|femte|ti)del(?:er)?"
    r"|tredel(?:er)?)\b|(?<![\d/])(?P<over>\d)/(?P<under>[1-9])(?![\d/])",
    re.IGNORECASE,
)
_MULTIPLE = re.compile(
    r"(?<![\w-])(?:for)?(?P<stem>halver|tredobl|dobl|dobbel)(?:t|te|et|ing|ling|le|er)?\b", re.I
)
_PER = re.compile(r"\b(?:per|pr\.?)\s*(1\s?000|10\s?000|100\s?000|100)\b(?!\s*kr)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Quantity:
    """One quantity of a text.

    Attributes
    ----------
    start, end : int
        Where it stands in the text, vague word and unit included.
    printed : str
        As it stands there, without the vague word.
    number : Fraction
        In the unit, scale words multiplied in: «18,6 mrd. kroner» is 18 600 000 000.
    interval : Interval
        What rounding and the vague word allow.
    unit : str
        ``prosent``, ``prosentpoeng``, ``kroner``, ``år``, ``måneder``, ``dager``, ``timer``, ``minutter``,
        ``ganger`` for «dobbelt»; empty for a count.
    step : Fraction
        The step that it may be rounded to.
    power : int
        Power of ten of its scale word: 9 for «mrd.».
    vague : str
        Group of its vague word, see `vagueness`.
    upper : Fraction or None
        The end of a range, «10–12».
    """

    start: int
    end: int
    printed: str
    number: Fraction
    interval: Interval
    unit: str = ""
    step: Fraction = Fraction(1)
    power: int = 0
    vague: str = ""
    upper: Fraction | None = None


def read_quantities(text: str) -> list[Quantity]:
    """Read every quantity of a text, in order; years, dates, references and codes are none.

    Examples
    --------
    >>> for found in read_quantities("I 2025 fikk tre av ti nesten 17prosent (1,2 mill. kroner)"):
    ...     print(found.printed, "=", found.unit, found.interval)
    tre av ti = prosent [25, 35)
    17prosent = prosent [15.3, 17]
    1,2 mill. kroner = kroner [1150000, 1250000)
    """
    masked = mask(text)
    found: list[Quantity] = []
    for pattern, read in (
        (_OF_TEN, _share),
        (_FRACTION, _part),
        (_MULTIPLE, _times),
        (_DIGITS, _digits),
        (_IN_WORDS, _word),
    ):
        for match in pattern.finditer(masked):
            quantity = read(match)
            if quantity is not None:
                found.append(_finish(text, masked, quantity))
                masked = (
                    masked[: match.start()] + BLANK * (match.end() - match.start()) + masked[match.end() :]
                )
    return _share_units(text, sorted(found, key=lambda quantity: quantity.start))


def parse_number(text: str) -> tuple[Fraction, int]:
    """Return a printed number and its decimals; a stray point is a decimal sign unless three digits follow.

    >>> [str(parse_number(text)[0]) for text in ("73.000", "34.4", "1 566", "0,317")]
    ['73000', '172/5', '1566', '317/1000']
    """
    plain = re.sub(rf"[{_SPACES}]", "", text)
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+", plain):
        return Fraction(plain.replace(".", "")), 0
    plain = plain.replace(",", ".")
    return Fraction(plain), len(plain.partition(".")[2])


def rate_base(text: str) -> int:
    """Return the base of the rate that a text names, 0 where it names none.

    >>> rate_base("10,3 årsverk per 10 000 innbyggere"), rate_base("én per kommune")
    (10000, 0)
    """
    match = _PER.search(text)
    return int(re.sub(r"\D", "", match[1])) if match else 0


def _digits(match: re.Match[str]) -> Quantity | None:
    if any(sum(map(str.isdecimal, match[part] or "")) > MOST_DIGITS for part in ("number", "upper")):
        return None
    number, decimals = parse_number(match["number"])
    power = SCALES.get((match["scale"] or "").lower().removesuffix("."), 0)
    scale = Fraction(10) ** power
    sign = -1 if match["sign"] in ("-", "−") else 1
    upper = None
    if match["upper"]:
        upper, places = parse_number(match["upper"])
        if upper <= number:
            return None
        decimals = max(decimals, places)
    step = step_of(number * scale, 0) if not decimals and scale > 1 else step_of(number, decimals) * scale
    quantity = _quantity(match, sign * number * scale, step, _unit(match))
    return replace(quantity, power=power, upper=upper * scale if upper else None)


def _word(match: re.Match[str]) -> Quantity | None:
    return _quantity(match, Fraction(_WORDS.get(match["word"].lower(), 1)), Fraction(1), _unit(match))


def _share(match: re.Match[str]) -> Quantity | None:
    part, whole = (
        Fraction(_WORDS.get(text.lower()) or int(text)) for text in (match["part"], match["whole"])
    )
    return _quantity(match, 100 * part / whole, 100 / whole, "prosent")


def _part(match: re.Match[str]) -> Quantity | None:
    if match["over"]:
        share = Fraction(int(match["over"]), int(match["under"]))
    else:
        name = match["part"].lower().removesuffix("er")
        share = Fraction(_WORDS.get((match["count"] or "").lower(), 1), _PARTS[name])
    return _quantity(match, 100 * share, Fraction(10), "prosent") if share < 1 else None


def _times(match: re.Match[str]) -> Quantity | None:
    factor = _TIMES[match["stem"].lower()]
    return _quantity(match, factor, factor / 5, "ganger")


def _unit(match: re.Match[str]) -> str:
    name = next((name for name in ("poeng", *_UNITS) if match.groupdict().get(name)), "")
    return "prosentpoeng" if name == "poeng" else name


def _quantity(match: re.Match[str], number: Fraction, step: Fraction, unit: str) -> Quantity:
    return Quantity(match.start(), match.end(), match[0].strip(), number, Interval.exact(number), unit, step)


def _share_units(text: str, found: list[Quantity]) -> list[Quantity]:
    """Give a bare number the unit of the next, where only «og», «til» or «mot» stands between them."""
    for i in range(len(found) - 2, -1, -1):
        this, following = found[i], found[i + 1]
        between = text[this.end : following.start].strip().lower()
        if not this.unit and following.unit and between in ("og", "til", "mot", "versus", "til over", ","):
            found[i] = replace(this, unit=following.unit)
    return found


def _finish(text: str, masked: str, quantity: Quantity) -> Quantity:
    """Add what stands around a number: the vague word, «eller flere», and the base of a rate."""
    before = masked[max(0, quantity.start - 25) : quantity.start]
    after = AFTER.match(masked[quantity.end : quantity.end + 30])
    group = group_before(before) or ((after.lastgroup or "") if after else "")
    interval = allowed_by(quantity.number, quantity.step, group)
    if quantity.upper is not None:
        end = allowed_by(quantity.upper, quantity.step, group)
        interval = Interval(interval.low, end.high, interval.low_open, end.high_open)
    return replace(
        quantity,
        printed=text[quantity.start : quantity.end].strip(),
        interval=interval,
        vague=group,
    )
