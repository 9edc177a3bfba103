"""Values as a reader sees them: formats of cells and of numbers in prose."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from analysis_lib.data.cells import SIGN_TEXT
from analysis_lib.data.norwegian import MINUS, NBSP, format_exact, format_number, format_range, round_half_up
from analysis_lib.data.units import KRONER, SHOWN_UNITS, measure
from analysis_lib.errors import NotatbokFeil, nearest
from analysis_lib.indicators.values import Value, in_one_unit

__all__ = ["MINUS", "NBSP", "format_exact", "format_number", "format_range", "round_half_up"]

_WORDS = ["null", "en", "to", "tre", "fire", "fem", "seks", "sju", "åtte", "ni", "ti", "elleve", "tolv"]


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


def _plain(value: Value) -> Fraction:
    if value.point is None:
        raise ValueError(value.kind)
    return value.point


def _in_kroner(value: Value) -> Fraction:
    if value.unit not in KRONER:
        raise NotatbokFeil(
            f"«{value.label}» er i {value.unit} og kan ikke vises i kroner", hint=nearest(value.unit, KRONER)
        )
    return _plain(value) * KRONER[value.unit]


def _no_money(value: Value) -> Fraction:
    if value.unit in KRONER:
        raise NotatbokFeil(f"«{value.label}» er i {value.unit}", hint="Bruk «:mill» for kroner.")
    return _plain(value)


def _own_unit(value: Value, unit: str) -> Fraction:
    if value.unit != unit:
        raise NotatbokFeil(f"«{value.label}» er i {value.unit}, ikke i {unit}", hint=f"Bruk «:{value.unit}».")
    return _plain(value)


# By the format's name: the number that it shows, before it is scaled to a unit of `SHOWN_UNITS`.
_FORMATS: dict[str, Callable[[Value], Fraction]] = {
    "tall": _plain,
    "prosent": lambda value: _own_unit(value, "prosent"),
    "prosentpoeng": lambda value: _own_unit(value, "prosentpoeng"),
    "millioner": _no_money,
    "mrd": _in_kroner,
    "mill": _in_kroner,
    "kroner": _in_kroner,
}
_MODIFIERS = ("abs", "fortegn", "ord")
_NEUTER = ("år", "årsverk")


@dataclass(frozen=True, slots=True)
class Format:
    """What a format asks for; where it names no `decimals`, the unit's usual ones or the value's own."""

    name: str = "tall"
    decimals: int | None = None
    modifiers: frozenset[str] = frozenset()

    def places(self, own: int) -> int:
        """Return the decimals to show, given the value's own."""
        usual = SHOWN_UNITS[self.name].decimals if self.name in SHOWN_UNITS else own
        return usual if self.decimals is None else self.decimals

    @property
    def scale(self) -> int:
        """How many ones the unit counts that the number is shown in."""
        return SHOWN_UNITS[self.name].scale if self.name in SHOWN_UNITS else 1

    @property
    def unit(self) -> str:
        """The unit in words, "" for none."""
        return SHOWN_UNITS[self.name].words if self.name in SHOWN_UNITS else self.name.removeprefix("tall")


def read_format(spec: str) -> Format:
    """Read a format such as ``prosent 1 abs``.

    Raises
    ------
    NotatbokFeil
        For an unknown word; names the nearest.
    """
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
    return Format(name, decimals, frozenset(modifiers))


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
        Or a whole change, ``endring økte|gikk ned prosent``; see `format_change`. Or a number with the
        word for what it counts, ``antall lege|leger``; see `format_count`.

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
    if is_count(spec):
        return NBSP.join(format_count(value, spec))
    if is_change(spec):
        return " med ".join(part for part in format_change(value, spec) if part)
    if "|" in spec:
        return direction(value, spec.split("|"))
    asked = read_format(spec)
    number, unit = _number(value, asked), asked.unit
    number = abs(number) if "abs" in asked.modifiers else number
    if "ord" in asked.modifiers:
        neuter = unit == "prosentpoeng" or (not unit and value.unit in _NEUTER)
        text = "ett" if neuter and number == 1 else number_word(number)
    else:
        text = format_number(number, asked.places(value.decimals), plus="fortegn" in asked.modifiers)
    return f"{text}{NBSP}{unit}" if unit else text


def _number(value: Value, asked: Format) -> Fraction:
    return _FORMATS[asked.name](value) / asked.scale


def shown_number(value: Value, spec: str) -> Fraction:
    """Return what a format shows of a value, in the value's own unit: the number that a reader sees.

    >>> from analysis_lib.indicators.edition import Edition
    >>> float(shown_number(Edition(2025).value("8.1", "totalt", 2025), "mrd"))
    18600.0
    """
    asked = read_format(number_spec(spec))
    exact, places = _number(value, asked), asked.places(value.decimals)
    # Words are written of whole numbers only; any other stands to its last digit.
    rounded = exact if "ord" in asked.modifiers else round_half_up(exact, places)
    return rounded * asked.scale / (KRONER.get(value.unit, 1) if asked.name in SHOWN_UNITS else 1)


def number_spec(spec: str) -> str:
    """Return the format of the number that a format shows; "" for the value's own decimals."""
    if is_count(spec):
        return read_count(spec)[0] or "tall"
    return read_change(spec).number if is_change(spec) else "" if "|" in spec else spec


def as_shown(values: Sequence[Value]) -> list[Fraction]:
    """Return numbers in one unit, rounded as the least precise of them is shown.

    >>> from analysis_lib.indicators.edition import Edition
    >>> totals = [Edition(2025).value("8.1", "totalt", year) for year in (2024, 2025)]
    >>> [int(level) for level in as_shown(totals)]
    [17665, 18572]
    """
    alike = in_one_unit(values)
    scales = [
        Fraction(measure(own.unit)[0], measure(one.unit)[0]) for own, one in zip(values, alike, strict=True)
    ]
    step = max(scale / 10**own.decimals for own, scale in zip(values, scales, strict=True))
    return [round_half_up((value.point or Fraction(0)) / step) for value in alike]


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


def is_count(spec: str) -> bool:
    """Tell whether a format says a number with the word for what it counts."""
    return spec.split(maxsplit=1)[:1] == ["antall"]


def read_count(spec: str) -> tuple[str, str, str]:
    """Read ``antall [FORMAT] ONE|MORE``: the format of the number, and the two words.

    >>> read_count("antall ord ny lege|nye leger")
    ('ord', 'ny lege', 'nye leger')
    """
    tokens = spec.split()[1:]
    begin = next((i for i, token in enumerate(tokens) if not _is_format_word(token)), len(tokens))
    words = [word.strip() for word in " ".join(tokens[begin:]).split("|")]
    if len(words) != 2 or not all(words):
        raise NotatbokFeil(f"«{spec}» skal ha to alternativer, for én og for flere: antall lege|leger")
    return " ".join(tokens[:begin]), words[0], words[1]


def format_count(value: Value, spec: str) -> tuple[str, str]:
    """Write a number, and the word for what it counts: singular where the number is shown as 1.

    >>> from analysis_lib.indicators.edition import Edition
    >>> doctors = Edition(2025).fact("10", "tid_til_maal")
    >>> format_count(doctors, "antall lege|leger"), format_count(doctors, "antall 1 lege|leger")
    (('1', 'lege'), ('1,0', 'leger'))
    """
    form, one, more = read_count(spec)
    number = format_value(value, form)
    return number, one if is_one(number) else more


def is_one(number: str) -> bool:
    """Tell whether a number as it is written takes the singular.

    >>> is_one("1"), is_one("ett"), is_one("1,0"), is_one("21")
    (True, True, False, False)
    """
    return number.lstrip(f"+{MINUS}") in ("1", "en", "ett")


_UNCHANGED = "var uendret"


@dataclass(frozen=True, slots=True)
class Change:
    """A change said whole: what stands for up, down and unchanged, and the format of the number."""

    up: str
    down: str
    same: str
    number: str

    def chosen(self, rounded: Fraction) -> str:
        """Return the words for a change that rounds to this."""
        return self.up if rounded > 0 else self.down if rounded < 0 else self.same


def is_change(spec: str) -> bool:
    """Tell whether a format says a whole change."""
    return spec.split(maxsplit=1)[:1] == ["endring"]


def read_change(spec: str) -> Change:
    """Read ``endring OPP|NED[|UENDRET] [«subject»] FORMAT``; see `format_change`.

    >>> read_change("endring økte|gikk ned «antallet» prosent")
    Change(up='økte antallet', down='gikk antallet ned', same='var antallet uendret', number='prosent abs')
    """
    words, subject, form = spec.removeprefix("endring").strip(), "", ""
    if "»" in words:
        words, _, rest = words.partition("«")
        subject, _, form = rest.partition("»")
    else:
        # The format begins where only its own words follow.
        tokens = words.split()
        known = [_is_format_word(token) for token in tokens]
        begin = max((i + 1 for i, is_known in enumerate(known) if not is_known), default=0)
        words, form = " ".join(tokens[:begin]), " ".join(tokens[begin:])
    said = [word.strip() for word in words.split("|")]
    if len(said) not in (2, 3) or not all(said):
        raise NotatbokFeil(f"«{spec}» skal ha to eller tre alternativer: endring økte|falt prosent")
    if not any(token in _FORMATS for token in form.split()):
        last = (form or words).split()[-1]
        raise NotatbokFeil(
            f"«{spec}» skal slutte med formatet på tallet, ikke «{last}»", hint=nearest(last, _FORMATS)
        )
    read_format(form)
    up, down, same = (_inverted(word, subject.strip()) for word in [*said, _UNCHANGED][:3])
    return Change(up, down, same, f"{form.strip()} abs")


def _is_format_word(token: str) -> bool:
    return token in _FORMATS or token in _MODIFIERS or token.isdigit()


def _inverted(words: str, subject: str) -> str:
    """Put a subject behind the finite verb, as after «I 2025»."""
    verb, _, rest = words.partition(" ")
    return " ".join(part for part in (verb, subject, rest) if part)


def format_change(value: Value, spec: str) -> tuple[str, str]:
    r"""Say a change whole: the words for its direction, and its size, "" where it rounds to zero.

    Parameters
    ----------
    spec : str
        ``endring økte|gikk ned prosent``: the words for up and down, and the format of the number, without
        sign. A third alternative says what stands where the number as shown is zero, «var uendret» where
        nothing is given. A subject in «» is put behind the verb, where it stands in Norwegian when
        something else begins the sentence: ``endring økte|gikk ned «antallet» prosent``.

    Examples
    --------
    >>> from analysis_lib.indicators.edition import Edition
    >>> down = Edition(2025).value("8.1", "tilskudd", "endring_siste")
    >>> format_value(down, "endring økte|gikk ned «tilskuddene» prosent")
    'gikk tilskuddene ned med 1,5\xa0prosent'
    >>> format_value(Edition(2025).value("8.1", "totalt", "endring_siste"), "endring økte|falt prosent 0")
    'økte med 5\xa0prosent'
    """
    change = read_change(spec)
    asked = read_format(change.number)
    rounded = round_half_up(_number(value, asked), asked.places(value.decimals))
    return change.chosen(rounded), format_value(value, change.number) if rounded else ""
