"""Values as a reader sees them: formats of cells and of numbers in prose."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from analysis_lib.data.cells import SIGN_TEXT
from analysis_lib.data.norwegian import MINUS, NBSP, format_exact, format_number, format_range, round_half_up
from analysis_lib.errors import NotatbokFeil, nearest
from analysis_lib.indicators.values import Value

__all__ = ["MINUS", "NBSP", "format_exact", "format_number", "format_range", "round_half_up"]

_WORDS = ["null", "en", "to", "tre", "fire", "fem", "seks", "sju", "åtte", "ni", "ti", "elleve", "tolv"]
_KRONER = {"kroner": 0, "1000 kroner": 3, "mill. kroner": 6, "mrd. kroner": 9, "kroner per innbygger": 0}


def format_cell(value: Value, *, decimals: int | None = None, plus: bool = False) -> str:
    """Write a value as it stands in a table: the number alone, or its sign."""
    if value.point is None:
        return SIGN_TEXT[value.kind]
    return format_number(value.point, value.decimals if decimals is None else decimals, plus=plus)


def number_word(number: Fraction) -> str:
    """Write whole numbers up to twelve in words, others in figures.

    >>> number_word(Fraction(3)), number_word(Fraction(59))
    ('tre', '59')
    """
    if number.denominator == 1 and 0 <= number < len(_WORDS):
        return _WORDS[int(number)]
    return format_exact(number)


def _in_kroner(value: Value, power: int) -> Fraction:
    if value.point is None:
        raise ValueError(value.kind)
    if value.unit not in _KRONER:
        raise NotatbokFeil(
            f"«{value.label}» er i {value.unit} og kan ikke vises i kroner", hint=nearest(value.unit, _KRONER)
        )
    return value.point * Fraction(10) ** (_KRONER[value.unit] - power)


def _percent(value: Value, unit: str) -> Fraction:
    if value.unit != unit or value.point is None:
        raise NotatbokFeil(f"«{value.label}» er i {value.unit}, ikke i {unit}", hint=f"Bruk «:{value.unit}».")
    return value.point


def _millions(value: Value) -> Fraction:
    if value.unit in _KRONER:
        raise NotatbokFeil(f"«{value.label}» er i {value.unit}", hint="Bruk «:mill» for kroner.")
    return _plain(value) / 10**6


def _plain(value: Value) -> Fraction:
    if value.point is None:
        raise ValueError(value.kind)
    return value.point


# format name -> (number in that unit, default decimals or None for the value's own, unit in words)
_FORMATS: dict[str, tuple[Callable[[Value], Fraction], int | None, str]] = {
    "tall": (_plain, None, ""),
    "prosent": (lambda value: _percent(value, "prosent"), None, "prosent"),
    "prosentpoeng": (lambda value: _percent(value, "prosentpoeng"), None, "prosentpoeng"),
    "millioner": (_millions, 1, "millioner"),
    "mrd": (lambda value: _in_kroner(value, 9), 1, f"mrd.{NBSP}kroner"),
    "mill": (lambda value: _in_kroner(value, 6), 0, f"mill.{NBSP}kroner"),
    "kroner": (lambda value: _in_kroner(value, 0), 0, "kroner"),
}
_MODIFIERS = ("abs", "fortegn", "ord")
_NEUTER = ("år", "årsverk")


def format_value(value: Value, spec: str = "") -> str:
    """Write a value as it stands in prose.

    Parameters
    ----------
    value : Value
        Must be a known number.
    spec : str
        Words separated by spaces: a format (``tall``, ``prosent``, ``prosentpoeng``, ``mrd``,
        ``mill``, ``kroner``, or ``millioner`` of what is no money), a number of decimals, and
        ``abs`` (no sign), ``fortegn`` (plus sign too) or ``ord`` (up to twelve in words). Or
        alternatives ``økte|gikk ned|var uendret``, chosen by the sign of the value as it is rounded.

    Raises
    ------
    NotatbokFeil
        For an unknown word, or a format that does not fit the unit: per cent and percentage
        points are never mixed up.

    Examples
    --------
    >>> from analysis_lib.indicators.edition import Edition
    >>> format_value(Edition(2025).fact("10", "tid_til_maal"), "tall ord") + " år"
    'ett år'
    """
    if "|" in spec:
        return direction(value, spec.split("|"))
    name, decimals, modifiers = "tall", None, set()
    for token in spec.split():
        if token in _FORMATS:
            name = token
        elif token.isdigit():
            decimals = int(token)
        elif token in _MODIFIERS:
            modifiers.add(token)
        else:
            raise NotatbokFeil(f"ukjent format «{token}»", hint=nearest(token, [*_FORMATS, *_MODIFIERS]))
    convert, default, unit = _FORMATS[name]
    number = convert(value)
    number = abs(number) if "abs" in modifiers else number
    places = next(d for d in (decimals, default, value.decimals) if d is not None)
    if "ord" in modifiers:
        neuter = unit == "prosentpoeng" or (not unit and value.unit in _NEUTER)
        text = "ett" if neuter and number == 1 else number_word(number)
    else:
        text = format_number(number, places, plus="fortegn" in modifiers)
    return f"{text}{NBSP}{unit}" if unit else text


def direction(value: Value, words: list[str]) -> str:
    """Choose a word by the sign of the value as it is rounded: up, down, unchanged."""
    if len(words) not in (2, 3):
        raise NotatbokFeil(f"«{'|'.join(words)}» skal ha to eller tre alternativer: opp|ned|uendret")
    rounded = round_half_up(value.point or Fraction(0), value.decimals)
    if rounded == 0:
        if len(words) == 2:
            raise NotatbokFeil(
                f"«{value.label}» er uendret, men «{'|'.join(words)}» har ikke noe ord for det",
                hint="Legg til et tredje alternativ.",
            )
        return words[2].strip()
    return words[0 if rounded > 0 else 1].strip()
