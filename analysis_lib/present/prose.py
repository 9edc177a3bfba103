"""Prose with bound numbers: Markdown in which ``{expression:format}`` follows the data.

``Utgiftene {vekst:økte|gikk ned} med {vekst:prosent abs}`` is evaluated in the notebook, so the
number and the word that depends on it change together. ``@tabell-8.1``, ``@figur-8.2`` and ``@kapittel-8``
become links. A figure typed into the text is found by `unbound_numerals`, and listed by the build.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from string import Formatter
from typing import Any

from analysis_lib.errors import NotatbokFeil, RapportFeil, nearest
from analysis_lib.indicators.values import Value
from analysis_lib.present.display import MIME, Shown, tips
from analysis_lib.present.numbers import format_value
from analysis_lib.present.register import entries

REFERENCE = re.compile(r"@(tabell|figur|kapittel)-([A-Z]?\d+(?:\.(?:\d+|[A-Z]\b))*[a-z]?)")
SPAN = re.compile(r"\[(?P<text>[^\]]*)\]\{\.tall ref=\"(?P<ref>[^\"]*)\"\}")
_FOOTNOTE = re.compile(r"\[\^[^\]]+\]:?")
_LINK_TARGET = re.compile(r"\]\([^)]*\)|<https?://[^>]*>")
_ATTRIBUTES = re.compile(r"\{[^}]*\}")
_NUMERAL = re.compile(r"(?<![\w.,])[+\-−]?\d[\d\s\u00a0.,]*\d|(?<!\w)\d")


@dataclass(frozen=True, slots=True)
class Words:
    """Words that were computed, with the values that they rest on: a name, a rank, a list."""

    text: str
    values: tuple[Value, ...] = ()


def navn(text: str) -> Words:
    """Mark digits that are a name and not a number, such as a price index «06.2»."""
    return Words(text)


def unbound_numerals(markdown: str) -> list[str]:
    """List the numerals in Markdown text that are bound to nothing.

    References, footnote marks, link targets and digits inside a word (LIS1) are no numerals.

    >>> unbound_numerals("I 2025 var det 59 fastleger, se @tabell-8.1 [^1] om LIS1.")
    ['2025', '59']
    """
    for noise in (REFERENCE, _FOOTNOTE, _LINK_TARGET, _ATTRIBUTES):
        markdown = noise.sub(" ", markdown)
    return [match.group().strip(" .,\u00a0") for match in _NUMERAL.finditer(markdown)]


class UnknownNumber(Exception):
    """A sentence needs a number that does not exist for these parameters."""

    def __init__(self, value: Value) -> None:
        super().__init__(value.label)
        self.value = value


@dataclass
class _Binder:
    """Renders one template, and keeps what it met."""

    namespace: Mapping[str, Any]
    values: list[Value] = field(default_factory=list)
    literals: list[str] = field(default_factory=list)

    def render(self, template: str) -> str:
        parts = []
        for literal, expression, spec, _ in _parse(template):
            self.literals.append(literal)
            parts.append(literal)
            if expression is not None:
                parts.append(self._bind(expression, spec or ""))
        return "".join(parts)

    def _bind(self, expression: str, spec: str) -> str:
        result = self._evaluate(expression)
        if isinstance(result, Words):
            for value in result.values:
                self._need(value)
            return result.text
        if isinstance(result, Value):
            self._need(result)
            text = format_value(result, spec)
            return text if "|" in spec else f'[{text}]{{.tall ref="{result.ref}"}}'
        if isinstance(result, float):
            raise NotatbokFeil(
                f"«{expression}» er et flyttall uten kilde",
                hint="Bruk en verdi fra en tabell, eller endring, andel, differanse eller indeks.",
            )
        return str(result)

    def _need(self, value: Value) -> None:
        if not value.known:
            raise UnknownNumber(value)
        self.values.append(value)

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


class Prose(Shown):
    """Text with its numbers bound; made by `bind`."""

    def __init__(self, markdown: str, values: list[Value], unbound: list[str], unsaid: list[str]) -> None:
        self.markdown = markdown
        self.values = values
        self.unbound = unbound
        self.unsaid = unsaid

    @property
    def payload(self) -> dict[str, Any]:
        """The text for the report; see `Shown`."""
        return {
            "type": "prose",
            "markdown": self.markdown,
            "numbers": entries(self.values),
            "used": [value.ref for value in self.values],
            "unbound": self.unbound,
            "unsaid": self.unsaid,
        }

    @property
    def summary(self) -> str:
        """The text as a reader sees it, without marks."""
        return SPAN.sub(lambda match: match["text"], self.markdown)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        titles = tips(self.payload)
        marked = SPAN.sub(
            lambda m: (
                f'<span title="{escape(titles.get(m["ref"], ""))}" '
                f'style="border-bottom:1px dotted currentColor">{m["text"]}</span>'
            ),
            self.markdown,
        )
        named = REFERENCE.sub(r"\1 \2", marked)
        return {MIME: self.payload, "text/markdown": named, "text/plain": self.summary}


def bind(template: str, namespace: Mapping[str, Any]) -> Prose:
    """Evaluate a template against a notebook's names.

    A paragraph (or list item) that needs a number which does not exist for these parameters is
    replaced by a sentence that says so: the text never claims what the data cannot carry.

    Parameters
    ----------
    template : str
        Markdown with ``{expression:format}``; ``{{`` and ``}}`` for real braces.
    namespace : mapping
        The notebook's names.

    Raises
    ------
    NotatbokFeil
        For an expression that cannot be read, an unknown name, a format that does not fit.
    """
    paragraphs, values, literals, unsaid = [], [], [], []
    for paragraph in split_paragraphs(template):
        binder = _Binder(namespace)
        try:
            paragraphs.append(binder.render(paragraph))
            values += binder.values
        except UnknownNumber as unknown:
            unsaid.append(unknown.value.label)
            paragraphs.append(f"*Tall for dette finnes ikke i kildene: {unknown.value.label}.*\n\n")
        literals += binder.literals
    return Prose(
        drop_unused_notes("".join(paragraphs)).strip(), values, unbound_numerals("".join(literals)), unsaid
    )


def drop_unused_notes(markdown: str) -> str:
    r"""Leave out footnotes whose paragraph was not said.

    >>> drop_unused_notes("Ja.[^a]\n\n[^a]: A.\n\n[^b]: B.\n")
    'Ja.[^a]\n\n[^a]: A.\n\n'
    """
    used = set(re.findall(r"\[\^([^\]]+)\](?!:)", markdown))
    parts = split_paragraphs(markdown)
    note = re.compile(r"\s*\[\^([^\]]+)\]:")
    return "".join(part for part in parts if (m := note.match(part)) is None or m[1] in used)


def split_paragraphs(text: str) -> list[str]:
    r"""Split Markdown into paragraphs and list items, keeping the white space between them.

    >>> split_paragraphs("En.\n\n- a\n- b\n")
    ['En.\n\n', '- a\n', '- b\n']
    """
    return [part for part in re.split(r"(?<=\n)(?=[ \t]*[-*] )|(?<=\n\n)", text) if part]
