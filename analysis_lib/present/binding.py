"""Binding: the expressions of one paragraph evaluated, each piece of text with the values it rests on."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Mapping
from dataclasses import dataclass, field
from string import Formatter
from typing import Any, Literal

from analysis_lib.errors import NotatbokFeil, RapportFeil, nearest
from analysis_lib.indicators.values import Value
from analysis_lib.present.numbers import format_value


@dataclass(frozen=True, slots=True)
class Words:
    """Words that were computed, with the values that they rest on: a name, a rank, a list."""

    text: str
    values: tuple[Value, ...] = ()


def navn(text: str) -> Words:
    """Mark digits that are a name and not a number, such as a price index «06.2»."""
    return Words(text)


class UnknownNumber(Exception):
    """A sentence needs a number that does not exist for these parameters."""

    def __init__(self, value: Value) -> None:
        super().__init__(value.label)
        self.value = value


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a paragraph.

    `kind` is «text» where it was typed, «number» for a bound number, «direction» and «words» for words that
    the data choose (by sign; by rank or comparison), «plain» for a parameter or another text of the notebook.
    """

    text: str
    kind: Literal["text", "number", "direction", "words", "plain"] = "text"
    expression: str = ""
    format: str = ""
    refs: tuple[str, ...] = ()

    @property
    def markdown(self) -> str:
        """The piece as it stands in the text, marked where it is a number."""
        return f'[{self.text}]{{.tall ref="{self.refs[0]}"}}' if self.kind == "number" else self.text


@dataclass
class Binder:
    """Renders one paragraph, and keeps what it met."""

    namespace: Mapping[str, Any]
    values: list[Value] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)

    def render(self, template: str) -> str:
        """Return the paragraph with its numbers bound.

        Raises
        ------
        UnknownNumber
            If it needs a number that does not exist.
        NotatbokFeil
            If an expression cannot be read or does not fit its format.
        """
        for literal, expression, spec, _ in _parse(template):
            self.parts.append(Part(literal))
            if expression is not None:
                self.parts.append(self._bind(expression, spec or ""))
        return "".join(part.markdown for part in self.parts)

    @property
    def literals(self) -> str:
        """The text that somebody typed."""
        return "".join(part.text for part in self.parts if part.kind == "text")

    def _bind(self, expression: str, spec: str) -> Part:
        result = self._evaluate(expression)
        if isinstance(result, Words):
            for value in result.values:
                self._need(value)
            refs = tuple(dict.fromkeys(value.ref for value in result.values))
            return Part(result.text, "words", expression, "", refs)
        if isinstance(result, Value):
            self._need(result)
            text = format_value(result, spec)
            return Part(text, "direction" if "|" in spec else "number", expression, spec, (result.ref,))
        if isinstance(result, float):
            raise NotatbokFeil(
                f"«{expression}» er et flyttall uten kilde",
                hint="Bruk en verdi fra en tabell, eller endring, andel, differanse eller indeks.",
            )
        return Part(str(result), "plain", expression)

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
