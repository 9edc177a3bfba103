"""Prose with bound numbers: Markdown in which ``{expression:format}`` follows the data.

``Utgiftene {vekst:økte|gikk ned} med {vekst:prosent abs}`` is evaluated in the notebook, so the
number and the word that depends on it change together. ``@tabell-8.1``, ``@figur-8.2`` and ``@kapittel-8``
become links. A figure typed into the text is found by `unbound_numerals`, and listed by the build.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from html import escape
from typing import Any

from analysis_lib.indicators.values import Value
from analysis_lib.present.binding import Binder, Part, UnknownNumber
from analysis_lib.present.display import MIME, Shown, tips
from analysis_lib.present.register import entries

REFERENCE = re.compile(r"@(tabell|figur|kapittel)-([A-Z]?\d+(?:\.(?:\d+|[A-Z]\b))*[a-z]?)")
SPAN = re.compile(r"\[(?P<text>[^\]]*)\]\{\.tall ref=\"(?P<ref>[^\"]*)\"\}")
_FOOTNOTE = re.compile(r"\[\^[^\]]+\]:?")
_LINK_TARGET = re.compile(r"\]\([^)]*\)|<https?://[^>]*>")
_ATTRIBUTES = re.compile(r"\{[^}]*\}")
_NUMERAL = re.compile(r"(?<![\w.,])[+\-−]?\d[\d\s\u00a0.,]*\d|(?<!\w)\d")


def unbound_numerals(markdown: str) -> list[str]:
    """List the numerals in Markdown text that are bound to nothing.

    References, footnote marks, link targets and digits inside a word (LIS1) are no numerals.

    >>> unbound_numerals("I 2025 var det 59 fastleger, se @tabell-8.1 [^1] om LIS1.")
    ['2025', '59']
    """
    for noise in (REFERENCE, _FOOTNOTE, _LINK_TARGET, _ATTRIBUTES):
        markdown = noise.sub(" ", markdown)
    return [match.group().strip(" .,\u00a0") for match in _NUMERAL.finditer(markdown)]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph or list item: its template, and its pieces, or the number that it lacks."""

    template: str
    parts: tuple[Part, ...] = ()
    lacks: str = ""


class Prose(Shown):
    """Text with its numbers bound; made by `bind`."""

    def __init__(
        self, markdown: str, values: list[Value], unbound: list[str], paragraphs: Sequence[Paragraph]
    ) -> None:
        self.markdown = markdown
        self.values = values
        self.unbound = unbound
        self.paragraphs = paragraphs

    @property
    def unsaid(self) -> list[str]:
        """The numbers whose paragraphs could not be said."""
        return [paragraph.lacks for paragraph in self.paragraphs if paragraph.lacks]

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
            "paragraphs": [asdict(paragraph) for paragraph in self.paragraphs],
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
    texts: list[str] = []
    values: list[Value] = []
    literals: list[str] = []
    paragraphs: list[Paragraph] = []
    waiting: list[str] = []
    for template_part in split_paragraphs(template):
        binder = Binder(namespace)
        try:
            text = binder.render(template_part)
        except UnknownNumber as unknown:
            waiting.append(unknown.value.label)
            paragraphs.append(Paragraph(template_part.strip(), lacks=unknown.value.label))
        else:
            if text.strip():
                texts += [_not_said(waiting), text]
                waiting = []
                paragraphs.append(Paragraph(template_part.strip(), tuple(binder.parts)))
            values += binder.values
        literals.append(binder.literals)
    markdown = drop_unused_notes("".join([*texts, _not_said(waiting)])).strip()
    return Prose(markdown, values, unbound_numerals("".join(literals)), paragraphs)


def _not_said(labels: Sequence[str]) -> str:
    """Say once, for paragraphs that follow each other, which numbers do not exist."""
    if not labels:
        return ""
    return f"\n\n*Tall for dette finnes ikke i kildene: {'; '.join(dict.fromkeys(labels))}.*\n\n"


def drop_unused_notes(markdown: str) -> str:
    r"""Leave out footnotes whose paragraph was not said, and marks whose footnote was not.

    >>> drop_unused_notes("Ja.[^a] Nei.[^c]\n\n[^a]: A.\n\n[^b]: B.\n")
    'Ja.[^a] Nei.\n\n[^a]: A.\n\n'
    """
    used = set(re.findall(r"\[\^([^\]]+)\](?!:)", markdown))
    defined = set(re.findall(r"^\[\^([^\]]+)\]:", markdown, re.M))
    note = re.compile(r"\s*\[\^([^\]]+)\]:")
    parts = split_paragraphs(markdown)
    kept = "".join(part for part in parts if (m := note.match(part)) is None or m[1] in used)
    return re.sub(r"\[\^([^\]]+)\](?!:)", lambda m: m[0] if m[1] in defined else "", kept)


def split_paragraphs(text: str) -> list[str]:
    r"""Split Markdown into paragraphs and list items, keeping the white space between them.

    >>> split_paragraphs("En.\n\n- a\n- b\n")
    ['En.\n\n', '- a\n', '- b\n']
    """
    return [part for part in re.split(r"(?<=\n)(?=[ \t]*[-*] )|(?<=\n\n)", text) if part]
