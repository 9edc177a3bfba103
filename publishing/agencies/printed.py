"""What agencies print in cells and headers: numbers, footnote marks, periods, units."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import NamedTuple

from analysis_lib.data.cells import parse_cell
from analysis_lib.data.norwegian import MINUS, NBSP
from analysis_lib.data.periods import YEAR, Period
from analysis_lib.data.units import AMOUNTS, measure

DECIMAL_SIGNS = (",", ".")
# Statistics Norway's, which the other agencies share: not available, cannot exist, confidential.
STANDARD_SIGNS = ("", "..", ".", ":")
_DASHES = "-−–—‑‐"
_SPACE = r"[ \u00a0\u2007\u2009\u200a\u202f]"
_RAISED = r"[¹²³⁰⁴-⁹ᵃ-ᵉ⁾]+"
_NUMBER_MARK = re.compile(
    rf"(?<=\d)(?:{_SPACE}*({_RAISED})|{_SPACE}+(\d{{1,2}}\)|\*{{1,3}}\)?)|{_SPACE}?([a-z]\)))$"
)
# «km²» is no mark, nor is «(0–17)»; «20242)» is a year and its mark.
_LABEL_MARK = re.compile(
    rf"(?:(?<!\bm)(?<!\bkm)\s{{0,9}}({_RAISED}|(?<!\*)\*+\)?)|\s(\d{{1,2}}\))|(?<=^(?:19|20)\d\d)(\d\)))$"
)


class Printed(NamedTuple):
    """A text without its footnote mark, and the mark."""

    text: str
    mark: str = ""
    percent: bool = False


def without_mark(text: str) -> Printed:
    """Take the footnote mark off a label or a header, and make its spaces plain.

    >>> without_mark("Menn 1)")[:2], without_mark("20242)")[:2], without_mark("Barn (0–17)")[:2]
    (('Menn', '1)'), ('2024', '2)'), ('Barn (0–17)', ''))
    """
    plain = " ".join(text.split())
    match = _LABEL_MARK.search(plain)
    if match is None or not (rest := plain[: match.start()]) or rest.count("(") > rest.count(")"):
        return Printed(plain)
    return Printed(rest, match[match.lastindex or 0])


def _pattern(decimal: str) -> re.Pattern[str]:
    group = re.escape("." if decimal == "," else ",")
    whole = rf"\d{{1,3}}(?:{_SPACE}\d{{3}})+|[1-9]\d{{0,2}}(?:{group}\d{{3}})+|\d+"
    return re.compile(rf"(?:([{_DASHES}+]){_SPACE}?)?({whole})(?:{re.escape(decimal)}(\d+))?(\*+\)?)?")


_PATTERNS = {sign: _pattern(sign) for sign in DECIMAL_SIGNS}


def _bare(text: str) -> Printed:
    stripped = text.strip()
    percent = stripped.endswith("%")
    stripped = stripped.removesuffix("%").strip()
    match = _NUMBER_MARK.search(stripped)
    if match is None:
        return Printed(stripped, "", percent)
    mark, rest = match[match.lastindex or 0], stripped[: match.start()]
    return Printed(rest + mark, "", percent) if mark[0] == "*" else Printed(rest, mark, percent)


def is_number(text: str) -> bool:
    """Tell whether a text is a number in any of the ways of printing one.

    >>> [is_number(text) for text in ("1.204,5", "– 5", "12,5 %", "120¹", "12x", "..")]
    [True, True, True, True, False, False]
    """
    bare = _bare(text).text
    return any(pattern.fullmatch(bare) for pattern in _PATTERNS.values())


def is_sign(text: str) -> bool:
    """Tell whether a text is printed, and neither digit nor letter: «..», «:», «–», «*»."""
    return bool(text.strip()) and not re.search(r"\w", text)


def decimal_sign(texts: Iterable[str]) -> str | None:
    """Return the decimal sign of a table's numbers; None where both readings are possible.

    >>> decimal_sign(["12.5", "1,204"]), decimal_sign(["1.204", "13"]), decimal_sign(["12", "13"])
    ('.', None, ',')
    """
    bare = [_bare(text).text for text in texts if is_number(text)]
    fits = {sign: sum(bool(_PATTERNS[sign].fullmatch(text)) for text in bare) for sign in DECIMAL_SIGNS}
    if fits[","] == fits["."]:
        return None if any(sign in text for text in bare for sign in DECIMAL_SIGNS) else ","
    return max(fits, key=lambda sign: fits[sign])


def one_dash(text: str) -> str:
    """Return a sign as it is asked about: one dash for all of them."""
    stripped = text.strip()
    return "-" if stripped in tuple(_DASHES) else stripped


def rewrite(text: str, decimal: str, signs: Mapping[str, str]) -> Printed | None:
    r"""Rewrite a cell as the edition's tables print it; None for what is no number and no known sign.

    One minus sign and one space between groups; digits without groups stay so.

    Examples
    --------
    >>> rewrite("–1\u2009204.5¹", ".", {})
    Printed(text='−1\xa0204,5', mark='¹', percent=False)
    >>> rewrite("–", ",", {"-": "0"}), rewrite("*", ",", {})
    (Printed(text='0', mark='', percent=False), None)
    """
    stripped = text.strip()
    if one_dash(stripped) in signs:
        return Printed(signs[one_dash(stripped)])
    if stripped in STANDARD_SIGNS:
        return Printed(stripped)
    bare = _bare(stripped)
    match = _PATTERNS[decimal].fullmatch(bare.text)
    if match is None:
        return None
    sign, whole, fraction, star = match.groups(default="")
    minus = sign if sign in ("", "+") else MINUS
    printed = minus + re.sub(r"\D", NBSP, whole) + (f",{fraction}" if fraction else "") + star
    with suppress(ValueError):
        parse_cell(printed)
        return Printed(printed, bare.mark, bare.percent)
    return None


_CHANGE = re.compile(
    rf"(?:\b(?:endring|vekst|til|fra|og|siden|før|etter|mot|per)|[{_DASHES}])$", re.IGNORECASE
)


def split_period(header: str) -> tuple[str, str]:
    """Split a header into its words and its period; one that tells of a change has none.

    >>> split_period("Personer 2024"), split_period("Antall, 3. kvartal 2024")
    (('Personer', '2024'), ('Antall', '2024K3'))
    >>> split_period("Endring fra 2019 til 2024"), split_period("Per 2024")
    (('Endring fra 2019 til 2024', ''), ('Per 2024', ''))
    """
    tokens = header.split()
    for count in range(min(3, len(tokens)), 0, -1):
        words = " ".join(tokens[:-count]).rstrip(" ,:;")
        key = str(Period.printed(" ".join(tokens[-count:])) or "")
        if key and not YEAR.search(words) and not _CHANGE.search(words):
            return words, key
    return header, ""


_UNITS = {"%": "prosent", "pst": "prosent", "pst.": "prosent"}
_UNITS |= {unit: unit for unit in ("prosent", "prosentpoeng", "personer", "årsverk")}
_AMOUNT = re.compile(r"(.*?) ?(?:kr\.?|kroner)")
_KRONER = {number: name for name, number in AMOUNTS.items()}


def unit_of(text: str) -> str:
    """Return the unit that a title or a header prints: alone, in parentheses or after «i»; else nothing.

    >>> [unit_of(text) for text in ("Utgifter (mill. kr)", "Andel i prosent", "%", "Antall")]
    ['mill. kroner', 'prosent', 'prosent', '']
    """
    plain = " ".join(text.lower().split())
    candidates = (plain, *re.findall(r"\(([^()]*)\)", plain), *re.findall(r"\bi (.*)$", plain))
    units = (_UNITS.get(candidate) or _amount(candidate) for candidate in candidates)
    return next(filter(None, units), "")


def _amount(text: str) -> str:
    """Return a unit of money as the editions name it, nothing for what is no money alone."""
    match = _AMOUNT.fullmatch(text)
    number, rest = measure(f"{match[1]} kroner".strip()) if match else (1, "")
    return _KRONER[number] if rest == "kroner" else ""
