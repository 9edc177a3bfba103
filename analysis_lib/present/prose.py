"""Prose with bound numbers: Markdown in which ``{expression:format}`` follows the data.

``Utgiftene {vekst:endring økte|gikk ned prosent}`` is evaluated in the notebook, so the number and the
word that depends on it change together. ``@tabell-8.1``, ``@figur-8.2`` and ``@kapittel-8``
become links. A figure typed into the text is found by `unbound_numerals`, and listed by the build.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from analysis_lib.data.cells import Kind
from analysis_lib.indicators.values import Value
from analysis_lib.present.binding import Binder, UnknownNumber
from analysis_lib.present.display import MIME, Shown, tips
from analysis_lib.present.escape import markdown_text, without_escapes
from analysis_lib.present.markdown import (
    MARK,
    MONTHS,
    blocks,
    note_labels,
    note_marks,
    without_code,
    without_comments,
    without_list_numbers,
)
from analysis_lib.present.markdown import literal as as_typed
from analysis_lib.present.payload import ProsePayload, to_json
from analysis_lib.present.pieces import Paragraph
from analysis_lib.present.register import entries

REFERENCE = re.compile(r"(?<!\\)@(tabell|figur|kapittel)-([A-Z]?\d+(?:\.(?:\d+|[A-Z]\b))*[a-z]?)")
SPAN = re.compile(r"\[(?P<text>(?:\\.|[^\[\]\\])*)\]\{\.tall ref=\"(?P<ref>[^\"]*)\"\}")
_FOOTNOTE = re.compile(r"\[\^[^\]]+\]:?")
_LINK_TARGET = re.compile(r"\]\([^)\]]*\)|<https?://[^>]*>")
_ATTRIBUTES = re.compile(r"\{[^{}]*\}")
_DATE = re.compile(rf"(?<!\w)(?:\d{{1,2}}\\?\.\s*)?(?:{MONTHS}|kvartal)(?:\s+\d{{4}})?(?!\w)", re.I)
_OPTIONS = re.compile(r"\A(?:\s*#\|.*\n)+")
_NUMERAL = re.compile(r"(?<![\w.,])[+\-−]?\d(?:[\d.,]|[^\S\n])*\d|(?<!\w)\d")


def unbound_numerals(markdown: str) -> list[str]:
    """List the numerals in Markdown text that are bound to nothing.

    References, footnote marks, link targets, code, formulas, dates and digits inside a word (LIS1) are none.

    >>> unbound_numerals("I 2025 var det 59 fastleger, se @tabell-8.1 [^1] om LIS1.")
    ['2025', '59']
    """
    markdown = without_code(without_list_numbers(without_comments(markdown)))
    for noise in (REFERENCE, _FOOTNOTE, _LINK_TARGET, _ATTRIBUTES, _DATE):
        markdown = noise.sub(" ", markdown)
    return [match.group().strip(" .,\u00a0") for match in _NUMERAL.finditer(markdown)]


@dataclass(repr=False, eq=False)
class Prose(Shown):
    """Text with its numbers bound; made by `bind`."""

    markdown: str
    values: list[Value]
    unbound: list[str]
    paragraphs: Sequence[Paragraph]
    awaits: Sequence[str] = ()

    @property
    def payload(self) -> ProsePayload:
        """The text for the report; see `Shown`."""
        return ProsePayload(
            markdown=self.markdown,
            numbers=entries(self.values),
            unbound=tuple(self.unbound),
            awaits=tuple(self.awaits),
            paragraphs=tuple(self.paragraphs),
        )

    @property
    def summary(self) -> str:
        """The text as a reader sees it, without marks."""
        return without_escapes(SPAN.sub(lambda match: match["text"], self.markdown))

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        payload = self.payload
        titles = tips(payload)
        marked = SPAN.sub(
            lambda m: (
                f'<span title="{escape(titles.get(m["ref"], ""))}" '
                f'style="border-bottom:1px dotted currentColor">{m["text"]}</span>'
            ),
            as_typed(self.markdown),
        )
        named = REFERENCE.sub(r"\1 \2", marked)
        return {MIME: to_json(payload), "text/markdown": named, "text/plain": self.summary}


def bind(template: str, namespace: Mapping[str, object]) -> Prose:
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
    waiting: list[Value] = []
    awaits: list[str] = []
    template = without_comments(_OPTIONS.sub("", template))
    for template_part in blocks(template):
        binder = Binder(namespace)
        try:
            text = binder.render(template_part)
        except UnknownNumber as unknown:
            waiting.append(unknown.value)
            awaits += [unknown.value.label] if unknown.value.kind is Kind.AWAITED else []
            paragraphs.append(Paragraph(template=template_part.strip(), lacks=unknown.value.label))
        else:
            if text.strip():
                texts += [_not_said(waiting), text]
                waiting = []
                paragraphs.append(Paragraph(template=template_part.strip(), parts=tuple(binder.parts)))
            values += binder.values
        literals.append(binder.literals)
    markdown = drop_unused_notes("".join([*texts, _not_said(waiting)]), template).strip()
    return Prose(markdown, values, unbound_numerals("".join(literals)), paragraphs, awaits)


def _not_said(lacking: Sequence[Value]) -> str:
    """Say once, for paragraphs that follow each other, which numbers do not exist and which have not come."""
    said = ""
    for why, waits in (("Tall for dette finnes ikke i kildene", False), ("Venter på tall", True)):
        labels = dict.fromkeys(value.label for value in lacking if (value.kind is Kind.AWAITED) is waits)
        said += f"\n\n*{why}: {markdown_text('; '.join(labels))}.*\n\n" if labels else ""
    return said


def drop_unused_notes(markdown: str, template: str) -> str:
    r"""Leave out footnotes whose paragraph was not said, and marks whose footnote was not.

    A mark whose footnote stands in another cell is kept.

    >>> drop_unused_notes("Ja.[^a] Nei.[^c]\n\n[^a]: A.\n\n[^b]: B.\n", "[^a]: A.\n[^b]: B.\n[^c]: {x}.")
    'Ja.[^a] Nei.\n\n[^a]: A.\n\n'
    """
    lost = set(note_labels(template)) - set(note_labels(markdown))
    used = {label for label in note_marks(markdown) if label not in lost}
    note = re.compile(r"\s*\[\^([^\]]+)\]:")
    parts = blocks(markdown)
    kept = "".join(part for part in parts if (m := note.match(part)) is None or m[1] in used)
    return MARK.sub(lambda m: "" if m[1] in lost else m[0], kept)
