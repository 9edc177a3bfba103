"""Norwegian numbers: half up, decimal comma, hard space between groups, a real minus sign."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from analysis_lib.data.cells import SIGN_TEXT
from analysis_lib.data.interval import Interval
from analysis_lib.errors import NotatbokFeil, nearest
from analysis_lib.indicators.values import Value

NBSP = "\u00a0"
MINUS = "\u2212"
_WORDS = ["null", "en", "to", "tre", "fire", "fem", "seks", "sju", "åtte", "ni", "ti", "elleve", "tolv"]
_KRONER = {"kroner": 0, "1000 kroner": 3, "mill. kroner": 6, "mrd. kroner": 9, "kroner per innbygger": 0}


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
