"""One paragraph bound to the data: its expressions evaluated, each piece with the values it rests on."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from html import escape
from string import Formatter
from typing import Any

from analysis_lib.data.norwegian import round_half_up
from analysis_lib.data.periods import Period
from analysis_lib.data.units import measure
from analysis_lib.errors import NotatbokFeil, RapportFeil, nearest
from analysis_lib.indicators.values import Value
from analysis_lib.present.escape import markdown_text, one_line
from analysis_lib.present.markdown import CODE, FORMULA, HTML, pieces
from analysis_lib.present.numbers import (
    direction,
    format_change,
    format_count,
    format_value,
    is_change,
    is_count,
    is_one,
    number_spec,
    read_change,
    read_count,
    read_format,
    shown_number,
)
from analysis_lib.present.pieces import Part, PieceKind


@dataclass(frozen=True, slots=True)
class Words:
    """Words that were computed, with the values that they rest on: a name, a rank, a list."""

    text: str
    values: tuple[Value, ...] = ()
    # More, less or as much: the text may then follow the numbers that stand beside it.
    choices: tuple[str, ...] = ()


def compared(number: Fraction, other: Fraction, choices: Sequence[str]) -> str:
    """Choose between more, less and as much."""
    return choices[0 if number > other else 1 if number < other else 2]


def navn(text: str) -> Words:
    """Mark digits that are a name and not a number, such as a price index «06.2»."""
    return Words(text)


class UnknownNumber(Exception):
    """A sentence needs a number that does not exist for these parameters, or that has not come yet."""

    def __init__(self, value: Value) -> None:
        super().__init__(value.label)
        self.value = value


# Text that somebody typed, also where the data chose which of it to say; it may hold Markdown.
TYPED = (PieceKind.TEXT, PieceKind.DIRECTION)
_IN_FORMULA = re.compile(r"[\w\s.,:;/()+%−–-]*")


def written(parts: Sequence[Part]) -> str:
    r"""Return the pieces of a paragraph as Markdown: what was typed as typed, what is data as text.

    >>> words = Part(text="*A* <b>", kind=PieceKind.WORDS)
    >>> print(written([Part(text="Størst er "), words, Part(text=" i `"), words, Part(text="`.")]))
    Størst er \*A\* \<b\> i `*A* <b>`.
    """
    around = _surroundings("".join(part.text if part.kind in TYPED else "x" for part in parts))
    texts, place = [], 0
    for part in parts:
        texts.append(part.text if part.kind in TYPED else _data(part, around(place)))
        place += len(part.text) if part.kind in TYPED else 1
    return "".join(texts)


def _surroundings(text: str) -> Callable[[int], str]:
    """Return what tells what a place in a text stands in: «code», «html», «formula», or "" for words."""
    found = [
        (piece.start, piece.end, "code" if piece.kind in CODE else "html")
        for piece in pieces(text)
        if piece.kind in (*CODE, *HTML)
    ]
    found += [(match.start(), match.end(), "formula") for match in FORMULA.finditer(text)]
    return lambda place: next((kind for start, end, kind in found if start <= place < end), "")


def _data(part: Part, around: str) -> str:
    """Return a piece of data as text where it stands."""
    text = one_line(part.text)
    if around == "html":
        return escape(text)
    if (around == "code" and "`" in text) or (around == "formula" and not _IN_FORMULA.fullmatch(text)):
        place = "kode" if around == "code" else "en formel"
        raise NotatbokFeil(f"«{text}» fra «{{{part.expression}}}» kan ikke stå i {place}")
    if around:
        return text
    text = markdown_text(text)
    return f'[{text}]{{.tall ref="{part.refs[0]}"}}' if part.kind is PieceKind.NUMBER else text


@dataclass
class Binder:
    """Renders one paragraph, and keeps what it met."""

    namespace: Mapping[str, object]
    values: list[Value] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    # The formats that each number of the paragraph is shown in, by its ref.
    shown: dict[str, list[str]] = field(default_factory=dict)

    def render(self, template: str) -> str:
        """Return the paragraph with its numbers bound.

        Raises
        ------
        UnknownNumber
            If it needs a number that does not exist.
        NotatbokFeil
            If an expression cannot be read or does not fit its format.
        """
        read = [
            (literal, expression, spec or "", None if expression is None else self._needed(expression))
            for literal, expression, spec, _ in _parse(template)
        ]
        for _, _, spec, result in read:
            if isinstance(result, Value) and (number_spec(spec) or "|" not in spec):
                self.shown.setdefault(result.ref, []).append(spec)
        for literal, expression, spec, result in read:
            self._refuse_plural(literal)
            self.parts.append(Part(text=literal))
            if expression is not None:
                self.parts += self._bind(result, expression, spec)
        return written(self.parts)

    @property
    def literals(self) -> str:
        """The text that somebody typed; also where the data chose which of it to say."""
        return "".join(part.text for part in self.parts if part.kind in TYPED)

    def _bind(self, result: Any, expression: str, spec: str) -> list[Part]:
        if isinstance(result, Words):
            result = self._agreeing(result)
            refs = tuple(dict.fromkeys(value.ref for value in result.values))
            return [Part(text=result.text, kind=PieceKind.WORDS, expression=expression, refs=refs)]
        if isinstance(result, Value):
            return _of_value(result, expression, self._beside(result, spec))
        if isinstance(result, float):
            raise NotatbokFeil(
                f"«{expression}» er et flyttall uten kilde",
                hint="Bruk en verdi fra en tabell, eller endring, andel, differanse eller indeks.",
            )
        text = result.words if isinstance(result, Period) else str(result)
        return [Part(text=text, kind=PieceKind.PLAIN, expression=expression)]

    def _numbers(self, value: Value) -> list[Fraction]:
        return [shown_number(value, spec) for spec in self.shown.get(value.ref, ())]

    def _agreeing(self, words: Words) -> Words:
        """Let a comparison follow the two numbers as the paragraph shows them."""
        if words.choices:
            sides = [self._numbers(value) for value in words.values]
            if all(sides):
                scales = [measure(value.unit)[0] for value in words.values]
                a, b = (side[0] * scale for side, scale in zip(sides, scales, strict=True))
                return replace(words, text=compared(a, b, words.choices))
        return words

    def _beside(self, value: Value, spec: str) -> str:
        """Return a format of direction words so that they follow the number as the paragraph shows it.

        Raises
        ------
        NotatbokFeil
            If the paragraph shows the number both as zero and not as zero.
        """
        numbers = self._numbers(value)
        if "|" not in spec or is_count(spec) or not numbers:
            return spec
        if len({number == 0 for number in numbers}) > 1:
            raise NotatbokFeil(
                f"«{value.label}» vises både som null og ikke som null, ved siden av «{spec}»",
                hint="Vis tallet med like mange desimaler i hele avsnittet.",
            )
        own = round_half_up(value.point or Fraction(0), value.decimals)
        if is_change(spec) or (own == 0) == (numbers[0] == 0):
            return spec
        words = spec.split("|")
        if numbers[0] == 0:
            direction(replace(value, point=Fraction(0)), words)
        form = read_format(number_spec(self.shown[value.ref][0]))
        places = 6 if "ord" in form.modifiers else form.places(value.decimals)
        return f"endring {spec} «» {form.name} {places}"

    def _refuse_plural(self, literal: str) -> None:
        """Refuse «1 leger», where the unit is known to be the word in the plural."""
        last = self.parts[-1] if self.parts else None
        if last is None or last.kind is not PieceKind.NUMBER or not is_one(last.text):
            return
        value = next(value for value in reversed(self.values) if value.ref in last.refs)
        word = value.unit.split()[0] if value.unit else ""
        if word.endswith("er") and re.match(rf"[ \u00a0]{re.escape(word)}\b", literal):
            raise NotatbokFeil(
                f"«{last.text} {word}» om «{value.label}»: ordet skal stå i entall",
                hint=f"Bruk «antall ENTALL|{word}» som format, for eksempel {{n:antall lege|leger}}.",
            )

    def _needed(self, expression: str) -> Any:
        """Return what an expression gives; no number of it may be unknown."""
        result = self._evaluate(expression)
        values = result.values if isinstance(result, Words) else [result]
        for value in values:
            if isinstance(value, Value):
                if not value.known:
                    raise UnknownNumber(value)
                self.values.append(value)
        return result

    def _evaluate(self, expression: str) -> Any:
        try:
            code = compile(expression.strip(), "<prosa>", "eval")
        except SyntaxError as error:
            raise NotatbokFeil(f"uttrykket «{expression}» kan ikke leses: {error.msg}") from None
        unknown = [
            name for name in _names(expression) if name not in self.namespace and not hasattr(builtins, name)
        ]
        if unknown:
            known = [key for key in self.namespace if not key.startswith("_")]
            raise NotatbokFeil(
                f"«{unknown[0]}» i «{{{expression}}}» er ikke definert", hint=nearest(unknown[0], known)
            )
        try:
            return eval(code, dict(self.namespace))
        except RapportFeil:
            raise
        except Exception as error:
            raise NotatbokFeil(f"«{{{expression}}}» gir {type(error).__name__}: {error}") from error


def _of_value(value: Value, expression: str, spec: str) -> list[Part]:
    """Return a value in its format; a change said whole is its direction, «med» and its size."""

    def piece(text: str, kind: PieceKind, form: str) -> Part:
        return Part(text=text, kind=kind, expression=expression, format=form, refs=(value.ref,))

    if is_count(spec):
        counted, word = format_count(value, spec)
        return [piece(counted, PieceKind.NUMBER, read_count(spec)[0]), Part(text=f"\u00a0{word}")]
    if is_change(spec) and "«»" in spec:
        return [piece(format_change(value, spec)[0], PieceKind.DIRECTION, spec)]
    if is_change(spec):
        words, size = format_change(value, spec)
        number = piece(size, PieceKind.NUMBER, read_change(spec).number)
        # As many pieces where nothing has changed, so that two editions can be laid side by side.
        rest = [Part(text=" med "), number] if size else [Part(text=""), Part(text="")]
        return [piece(words, PieceKind.DIRECTION, spec), *rest]
    kind = PieceKind.DIRECTION if "|" in spec else PieceKind.NUMBER
    return [piece(format_value(value, spec), kind, spec)]


def _names(expression: str) -> list[str]:
    """Return the names that an expression reads."""
    nodes = ast.walk(ast.parse(expression.strip(), mode="eval"))
    return [node.id for node in nodes if isinstance(node, ast.Name)]


def _parse(template: str) -> list[tuple[str, str | None, str | None, str | None]]:
    try:
        return list(Formatter().parse(template))
    except ValueError as error:
        raise NotatbokFeil(
            f"krøllparentesene går ikke opp: {error}", hint="Skriv {{ for en ekte «{»."
        ) from None
