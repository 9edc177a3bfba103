"""What a tagged PDF says, read in order through its structure: headings, captions, cells, links, pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_OPERATORS = "Tf Tj TJ ' BDC BMC EMC"
# Of a font's table of Unicode: a glyph, and what it means. Typst writes no ranges.
_MAPPED = re.compile(rb"^<([0-9A-Fa-f]{4})> <((?:[0-9A-Fa-f]{4})+)>$", re.M)
# What holds a place in a line and is not read: spaces, soft hyphens, word joiners.
_UNREAD = re.compile(r"[\s\u00ad\u200b-\u200d\u2060\ufeff]+")


@dataclass(frozen=True, slots=True)
class Element:
    """A piece of the structure: its tag, such as ``H1`` or ``TD``, and what it says without blanks.

    A picture, ``Figure``, says its alternative text.
    """

    tag: str
    text: str


@dataclass(frozen=True, slots=True)
class TaggedPdf:
    """A PDF as it is read: its pages, bookmarks, elements in order, and whether each font follows with it."""

    pages: int
    bookmarks: tuple[str, ...]
    elements: tuple[Element, ...]
    fonts: dict[str, bool]


def squeezed(text: str) -> str:
    r"""Return a text without what a line break may add or take away.

    >>> squeezed("18\u00a0572 mill.\u00ad\n kroner")
    '18572mill.kroner'
    """
    return _UNREAD.sub("", text)


def read_tagged(path: Path) -> TaggedPdf:
    """Read a tagged PDF.

    Raises
    ------
    pikepdf.PdfError
        If it is damaged.
    """
    import pikepdf

    with pikepdf.open(path) as pdf:
        texts: dict[tuple[int, int], dict[int, str]] = {}
        fonts: dict[tuple[int, int], dict[int, str]] = {}
        for page in pdf.pages:
            texts[page.obj.objgen] = _marked(page, fonts)
        with pdf.open_outline() as outline:
            bookmarks = tuple(_titles(outline.root))
        embedded = {
            str(item.FontName).rpartition("+")[2].lstrip("/"): any(
                f"/FontFile{n}" in item for n in ("", 2, 3)
            )
            for item in pdf.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor"
        }
        return TaggedPdf(len(pdf.pages), bookmarks, tuple(_elements(pdf, texts)), embedded)


def _titles(items: Any) -> Iterator[str]:
    for item in items:
        yield item.title
        yield from _titles(item.children)


def _marked(page: Any, fonts: dict[tuple[int, int], dict[int, str]]) -> dict[int, str]:
    """Return what each marked content of a page says, by its number; drawings inside it are passed over."""
    import pikepdf

    own = {name: _characters(font, fonts) for name, font in (page.Resources.get("/Font") or {}).items()}
    characters: dict[int, str] = {}
    said: dict[int, list[str]] = {}
    open_: list[tuple[int | None, bool]] = [(None, False)]
    instructions: Any = pikepdf.parse_content_stream(page, _OPERATORS)
    for operands, operator in instructions:
        name = str(operator)
        number, replaced = open_[-1]
        if name == "Tf":
            characters = own.get(str(operands[0]), {})
        elif name in ("BDC", "BMC"):
            marks: Any = (
                operands[1] if len(operands) > 1 and isinstance(operands[1], pikepdf.Dictionary) else {}
            )
            number = int(marks["/MCID"]) if "/MCID" in marks else number
            if "/ActualText" in marks and not replaced and number is not None:
                said.setdefault(number, []).append(str(marks["/ActualText"]))
            open_.append((number, replaced or "/ActualText" in marks))
        elif name == "EMC":
            open_.pop()
        elif number is not None and not replaced:
            said.setdefault(number, []).append(_shown(operands[-1], characters))
    return {number: "".join(parts) for number, parts in said.items()}


def _shown(operand: Any, characters: dict[int, str]) -> str:
    """Return the characters of a string, or of the strings between the shifts of an array."""
    import pikepdf

    pieces = operand if isinstance(operand, pikepdf.Array) else [operand]
    raw = b"".join(bytes(piece) for piece in pieces if isinstance(piece, pikepdf.String))
    return raw.decode("utf-16-be", "replace").translate(characters)


def _characters(font: Any, known: dict[tuple[int, int], dict[int, str]]) -> dict[int, str]:
    """Return what the glyphs of a font mean: its table of Unicode, glyphs of two bytes."""
    if font.objgen not in known:
        table = font.ToUnicode.read_bytes() if "/ToUnicode" in font else b""
        known[font.objgen] = {
            int(glyph, 16): bytes.fromhex(text.decode()).decode("utf-16-be", "replace")
            for glyph, text in _MAPPED.findall(table)
        }
    return known[font.objgen]


def _elements(pdf: Any, texts: dict[tuple[int, int], dict[int, str]]) -> Iterator[Element]:
    """Yield the elements of the structure in reading order, each before those inside it."""
    import pikepdf

    found: list[tuple[str, list[str]]] = []

    # Depth first, with what is open above: text belongs to every element around it.
    def walk(node: Any, page: Any, above: tuple[list[str], ...]) -> None:
        if isinstance(node, pikepdf.Dictionary):
            page = node.get("/Pg", page)
            if node.get("/Type") == "/MCR":
                take(node.MCID, page, above)
            elif "/S" in node:
                own: list[str] = [str(node.Alt)] if node.S == "/Figure" and "/Alt" in node else []
                found.append((str(node.S).lstrip("/"), own))
                inside = above if node.S == "/Figure" else (*above, own)
                for kid in kids(node):
                    walk(kid, page, inside)
            elif "/K" in node:
                for kid in kids(node):
                    walk(kid, page, above)
        elif page is not None:
            take(node, page, above)

    def take(number: Any, page: Any, above: tuple[list[str], ...]) -> None:
        text = texts.get(page.objgen, {}).get(int(number), "")
        for parts in above:
            parts.append(text)

    def kids(node: Any) -> list[Any]:
        kids = node.get("/K")
        return [] if kids is None else list(kids) if isinstance(kids, pikepdf.Array) else [kids]

    walk(pdf.Root.get("/StructTreeRoot"), None, ())
    for tag, parts in found:
        yield Element(tag, squeezed("".join(parts)))
