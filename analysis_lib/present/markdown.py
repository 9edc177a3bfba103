"""The structure of Markdown, read from its parsed tree: CommonMark, as JupyterLab shows it.

What is asked for (headings, code, comments, paragraphs, lists, pictures) is found by the parser, with
its place in the text, so that a text can be changed there and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt
from markdown_it.rules_inline import backtick, html_inline, image

from analysis_lib.errors import NotatbokFeil

if TYPE_CHECKING:
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

CODE = ("fence", "code_block", "code_inline")
HTML = ("html_block", "html_inline")
_COMMENT = re.compile(r"<!--.*?(?:(?P<end>-->)|\Z)", re.S)
MONTHS = "januar|februar|mars|april|mai|juni|juli|august|september|oktober|november|desember"
# A date or a part of a year: its first number counts nothing.
_DATED = re.compile(rf"(?:{MONTHS}|kvartal|tertial|halvår|termin|århundre)\b", re.I)
_TILDE = re.compile(r"^~(?=[ \t])", re.M)
MARK = re.compile(r"\[\^([^\]\s]+)\](?!:)")
_NOTE = re.compile(r"^[ ]{0,3}\[\^([^\]\s]+)\]:", re.M)
FORMULA = re.compile(r"(?<![\\$])(\$\$?)(?=\S|(?<=\$\$)).+?(?<![\\\s])\1(?!\d)", re.S)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text that is no plain text: its kind, where it stands, what is in it."""

    kind: str
    start: int
    end: int
    content: str
    attributes: dict[str, str | int | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: its level and text, and the lines that it takes."""

    level: int
    text: str
    first: int
    end: int


def _placed(rule: Callable[[StateInline, bool], bool]) -> Callable[[StateInline, bool], bool]:
    """Let a rule of the parser note where in the paragraph its token stands."""

    def placed(state: StateInline, silent: bool) -> bool:
        start, before = state.pos, len(state.tokens)
        found = rule(state, silent)
        if found and len(state.tokens) > before:
            state.tokens[-1].meta["place"] = (start, state.pos)
        return found

    return placed


@cache
def _parser() -> MarkdownIt:
    # Without link definitions: they look like footnotes, and would leave no token.
    parser = MarkdownIt("commonmark").enable("table").disable("reference")
    for name, rule in (("backticks", backtick), ("html_inline", html_inline), ("image", image)):
        parser.inline.ruler.at(name, _placed(rule))
    return parser


class _Linking(MarkdownIt):
    """Finds every link that a renderer would make, whatever it leads to, and as it is typed."""

    def validateLink(self, url: str) -> bool:  # noqa: N802
        return True

    def normalizeLink(self, url: str) -> str:  # noqa: N802
        return url


def _parse(text: str) -> list[Token]:
    return _parser().parse(text)


def addresses(text: str, kind: str = "link_open") -> list[str]:
    r"""List where links lead, or with «image» what pictures show; also those that are defined elsewhere.

    >>> addresses("[a](b.html) <data:,> [c]\n\n[c]: /d 'e'")
    ['b.html', 'data:,', '/d']
    """
    blocks_ = _Linking("commonmark").enable("table").parse(text)
    inlines = [inline for block in blocks_ for inline in block.children or () if inline.type == kind]
    return [str(inline.attrs.get("href", inline.attrs.get("src"))) for inline in inlines]


def said(text: str) -> str:
    r"""Return what is read of a line of Markdown.

    >>> said(r"Bruk av *LIS1*\_a & `b`")
    'Bruk av LIS1_a & b'
    """
    inlines = _parser().parseInline(text)[0].children or ()
    return "".join(inline.content for inline in inlines if inline.type not in HTML)


def _starts(text: str) -> list[int]:
    """Return where each line begins, and where the text ends."""
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    return [min(start, len(text)) for start in starts]


def pieces(text: str) -> list[Piece]:
    """List code, raw HTML and pictures in the order that they stand.

    >>> [(piece.kind, text[piece.start : piece.end]) for text in ["Se `a` <b>"] for piece in pieces(text)]
    [('code_inline', '`a`'), ('html_inline', '<b>')]
    """
    found: list[Piece] = []
    starts = _starts(text)
    for token in _parse(text):
        if token.map and token.type in (*CODE, *HTML):
            first, end = token.map
            found.append(Piece(token.type, starts[first], starts[end], token.content))
        elif token.map and token.type == "inline":
            found += _inline(token, text, starts)
    return found


def _inline(token: Token, text: str, starts: list[int]) -> Iterator[Piece]:
    first = (token.map or [0])[0]

    def offset(position: int) -> int:
        """Return where a place of the paragraph stands in the text, whose lines may be indented or quoted."""
        before = token.content[:position]
        line = before.count("\n")
        content = token.content.split("\n")[line]
        begins = text.find(content, starts[first + line])
        return begins + len(before) - before.rfind("\n") - 1

    for child in token.children or ():
        if "place" in child.meta:
            start, end = child.meta["place"]
            yield Piece(child.type, offset(start), offset(end), child.content, dict(child.attrs))


def replace(text: str, changes: Iterable[tuple[int, int, str]]) -> str:
    """Put new text at some places.

    >>> replace("abcd", [(0, 1, "A"), (2, 3, "")])
    'Abd'
    """
    for start, end, new in sorted(changes, reverse=True):
        text = f"{text[:start]}{new}{text[end:]}"
    return text


def without_comments(text: str) -> str:
    """Leave out comments, what analysts write to each other; code keeps what looks like one.

    >>> without_comments("Ja.<!-- nei --> `<!-- kode -->`")
    'Ja. `<!-- kode -->`'
    """
    if "<!--" not in text:
        return text
    changes = []
    for piece in pieces(text):
        if piece.kind in HTML and "<!--" in piece.content:
            shown = _COMMENT.sub(
                lambda found: "" if found["end"] else found[0], text[piece.start : piece.end]
            )
            if "<!--" in shown:
                raise NotatbokFeil("en kommentar «<!--» har ingen slutt", hint="Avslutt den med «-->».")
            changes.append((piece.start, piece.end, shown))
    return replace(text, changes)


def headings(text: str) -> list[Heading]:
    r"""List the headings, also those underlined; none inside code, comments or quotations.

    >>> [(h.level, h.text) for h in headings("Metode\n---\n```\n# kode\n```")]
    [(2, 'Metode')]
    """
    tokens = _parse(text)
    return [
        Heading(int(token.tag[1]), " ".join(inline.content.split("\n")), *token.map)
        for token, inline in pairwise(tokens)
        if token.type == "heading_open" and token.map and not token.level
    ]


def with_headings(text: str, write: Callable[[Heading], str]) -> str:
    """Write every heading anew."""
    starts = _starts(text)
    changes = [(starts[h.first], starts[h.end], f"{write(h)}\n") for h in headings(text)]
    return replace(text, changes) if changes else text


def without_code(text: str) -> str:
    """Leave out code and formulas: what stands there is no statement."""
    for piece in reversed(pieces(text)):
        if piece.kind in CODE:
            text = f"{text[: piece.start]} {text[piece.end :]}"
    return FORMULA.sub(" ", text)


def without_list_numbers(text: str) -> str:
    """Leave out the numbers of lists: they count the items, and nothing else."""
    text = literal(text)
    starts, lines = _starts(text), text.split("\n")
    changes = []
    for token in _parse(text):
        if token.type == "list_item_open" and token.info and token.map:
            line = token.map[0]
            mark = starts[line] + lines[line].index(f"{token.info}{token.markup}")
            changes.append((mark, mark + len(token.info) + 1, ""))
    return replace(text, changes)


def without_headings(text: str) -> str:
    """Leave out headings."""
    return with_headings(text, lambda _: "")


def note_marks(text: str) -> list[str]:
    """List the labels of the footnotes that are pointed to."""
    return MARK.findall(without_code(text))


def note_labels(text: str) -> list[str]:
    """List the labels of the footnotes that are written."""
    return _NOTE.findall(without_code(text))


def notes(text: str) -> dict[str, str]:
    """Return the footnotes that are written, by label: each with the lines that belong to it."""
    found: dict[str, str] = {}
    label = ""
    for block in blocks(text):
        if match := _NOTE.match(block):
            label = match[1]
            found[label] = block
        elif label and block.startswith("    "):
            found[label] += block
        else:
            label = ""
    return found


def in_code(text: str) -> Callable[[int], bool]:
    """Return what tells whether a place in the text stands in code."""
    places = [(piece.start, piece.end) for piece in pieces(text) if piece.kind in CODE]
    return lambda place: any(start <= place < end for start, end in places)


def blocks(text: str) -> list[str]:
    r"""Split Markdown into its blocks and list items, keeping the white space between them.

    >>> blocks("En.\n\n- a\n- b\n")
    ['En.\n\n', '- a\n', '- b\n']
    """
    starts = _starts(text)
    tokens = [token for token in _parse(text) if token.map and not token.hidden]
    cuts = {starts[t.map[0]] for t in tokens if t.map and (not t.level or t.type == "list_item_open")}
    places = [0, *sorted(cuts - {0}), len(text)]
    return [text[a:b] for a, b in pairwise(places) if b > a]


def literal(text: str) -> str:
    r"""Return Markdown in which a date or a year that begins a paragraph stands as typed.

    A list is what counts on from its first number, with two items or more.

    >>> literal("15. juli kom svaret.\n\n2025. Slik endte året.")
    '15\\. juli kom svaret.\n\n2025\\. Slik endte året.'
    >>> literal("1. først\n2. så")
    '1. først\n2. så'
    """
    while changes := list(_not_lists(text)):
        text = replace(text, changes)
    # A tilde first in a line would make the paragraph before it a term that is explained.
    code = in_code(text) if "~ " in text else None
    return _TILDE.sub(lambda m: m[0] if code and code(m.start()) else f"\\{m[0]}", text)


def _not_lists(text: str) -> Iterator[tuple[int, int, str]]:
    starts, lines = _starts(text), text.split("\n")
    tokens = _parse(text)
    for position, token in enumerate(tokens):
        if token.type == "ordered_list_open":
            items = list(_items(tokens, position))
            if not _counts(items, lines):
                # One at a time: a list in the list's item is seen when the text is read again.
                first = items[0]
                line = (first.map or [0])[0]
                mark = starts[line] + lines[line].index(f"{first.info}{first.markup}") + len(first.info)
                yield mark, mark, "\\"
                return


def _items(tokens: list[Token], position: int) -> Iterator[Token]:
    level = tokens[position].level
    for token in tokens[position + 1 :]:
        if token.type == "ordered_list_close" and token.level == level:
            return
        if token.type == "list_item_open" and token.level == level + 1:
            yield token


def _counts(items: list[Token], lines: list[str]) -> bool:
    """Tell whether numbered items are a list that somebody wrote."""
    numbers = [int(item.info) for item in items]
    if len(numbers) < 2 or numbers[0] > 999:
        return False
    after = [lines[item.map[0]].partition(f"{item.info}{item.markup}")[2] for item in items if item.map]
    if any(_DATED.match(text.lstrip()) for text in after):
        return False
    # «1. 1. 1.» is the usual way to let Markdown count, line upon line.
    counted = [item.map[0] for item in items if item.map]
    tight = all(not any(not line.strip() for line in lines[a:b]) for a, b in pairwise(counted))
    return numbers == list(range(numbers[0], numbers[0] + len(numbers))) or (tight and set(numbers) == {1})
