"""From executed notebook to chapter: headings numbered, outputs placed, every number collected.

Reads only what stands in the notebook. What it finds that must not be published (a stored error,
an unresolved reference, a figure without alt text) stops the build here, before any renderer.

References: where every table, figure and chapter is, and links that point to them.

Their numbers are facts of the edition, so nothing is counted; a reference that points nowhere, a
target that is there twice, or a number on two headings stops the build.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeVar

from analysis_lib.data.formats import UNPRINTABLE
from analysis_lib.errors import NotatbokFeil, RenderFeil, nearest
from analysis_lib.present.display import MIME
from analysis_lib.present.markdown import (
    Heading,
    in_code,
    note_marks,
    notes,
    said,
    with_headings,
    without_comments,
    without_headings,
)
from analysis_lib.present.payload import (
    FigurePayload,
    KeyFiguresPayload,
    MarkdownPayload,
    Payload,
    ProsePayload,
    TextPayload,
    VerdictPayload,
    from_json,
)
from analysis_lib.present.prose import REFERENCE, unbound_numerals
from publishing.book.pictures import checked, placed
from publishing.notebooks import source, tags
from publishing.visible import hidden

_CHAPTER_NUMBER = re.compile(r"(?:[A-Z0-9]+(?:\.[A-Z0-9]+)*)?")
_ATTRIBUTES = re.compile(r"\s{0,9}\{[#.-][^{}]*\}$")


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a chapter: what is shown, and the section that it stands in."""

    payload: Payload
    section: str

    @property
    def place(self) -> str:
        """Where it stands, as the reader would say it."""
        return self.payload.place(self.section)


@dataclass(frozen=True, slots=True)
class Unbound:
    """A numeral of a notebook's text that is bound to nothing."""

    place: str
    numeral: str


P = TypeVar("P", bound=Payload)


@dataclass
class ChapterPage:
    """A chapter ready to be written."""

    name: str
    number: str
    title: str
    blocks: list[Block] = field(default_factory=list)
    sections: int = 0
    unbound: list[Unbound] = field(default_factory=list)
    unpublished: list[str] = field(default_factory=list)
    remarks: tuple[str, ...] = ()
    pictures: dict[str, bytes] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """The chapter as the reader would say it; one numbered 11.6 is a section of chapter 11."""
        return f"{'avsnitt' if '.' in self.number else 'kapittel'} {self.number}"

    @property
    def numbers(self) -> list[str]:
        """The numbers that its headings have."""
        return [self.number, *(f"{self.number}.{i + 1}" for i in range(self.sections))] if self.number else []

    def payloads(self, kind: type[P]) -> list[P]:
        """Return what is shown of one kind, in order."""
        return [block.payload for block in self.blocks if isinstance(block.payload, kind)]

    @property
    def targets(self) -> list[str]:
        """The names that a reference may point to."""
        return [block.payload.target for block in self.blocks if block.payload.target]

    @property
    def refs(self) -> list[str]:
        """The refs of all numbers on its page, each once, in order."""
        return list(dict.fromkeys(ref for block in self.blocks for ref in block.payload.shown_refs))

    @property
    def refs_in_text(self) -> list[str]:
        """The refs that its key figures, prose and verdicts use, each once, in that order."""
        kinds = (KeyFiguresPayload, ProsePayload, VerdictPayload)
        told = (payload for kind in kinds for payload in self.payloads(kind))
        return list(dict.fromkeys(ref for payload in told for ref in payload.shown_refs))

    @property
    def lead(self) -> str:
        """The first paragraph, for the front page."""
        prose = self.payloads(ProsePayload)
        return prose[0].markdown.split("\n\n")[0] if prose else ""


def assemble(
    name: str, number: str, notebook: dict[str, Any], folder: Path = Path("notebooks")
) -> ChapterPage:
    """Turn one executed notebook into a chapter.

    Parameters
    ----------
    name : str
        The notebook's name.
    number : str
        The chapter's number in the report, "" for none; sections count within it.
    notebook : dict
        The executed notebook, as JSON.
    folder : Path
        Where the notebook lies, and the pictures that its text shows.

    Raises
    ------
    RenderFeil
        For a stored error output, a picture without alt text or that is not there, HTML or a formula
        that cannot be shown, a footnote that is not written, or no title.
    NotatbokFeil
        For an output that is damaged.
    """
    page = ChapterPage(name, number, title="")
    sections = _Sections(page)
    # The cell that the run puts in is none of the analyst's.
    cells = [cell for cell in notebook["cells"] if "injected-parameters" not in tags(cell)]
    for index, cell in enumerate(cells, start=1):
        where = f"notebooks/{name}.ipynb, celle {index}"
        if hidden(cell):
            _refuse_errors(cell, where)
        elif cell["cell_type"] == "markdown":
            typed = _said(cell, where)
            checked(typed, where)
            _note_unbound(page, unbound_numerals(without_headings(typed)), where)
            text = sections.number(placed(typed, cell, folder, where, page.pictures))
            if text.strip():
                page.blocks.append(Block(MarkdownPayload(markdown=text), sections.place))
        elif cell["cell_type"] == "code":
            _refuse_errors(cell, where)
            for output in cell.get("outputs", []):
                _place_output(page, output, where, sections.place, folder)
    _share_notes(page)
    if not page.title:
        raise RenderFeil(
            "notatboken har ingen tittel", where=f"notebooks/{name}.ipynb", hint="Begynn med «# Tittel»."
        )
    return page


class _Sections:
    """Numbers headings: the chapter's own number, then 8.1, 8.2 … for its sections."""

    def __init__(self, page: ChapterPage) -> None:
        self.page = page
        self.unnumbered = 0

    @property
    def place(self) -> str:
        """Where we are, as the reader would say it."""
        number = self.page.number
        if not number:
            return self.page.title
        return f"avsnitt {number}.{self.page.sections}" if self.page.sections else self.page.place

    def number(self, markdown: str) -> str:
        """Give headings their numbers as attributes; the first heading of all is the title."""
        return with_headings(markdown, self._heading)

    def _heading(self, heading: Heading) -> str:
        text, marks = heading.text, "#" * heading.level
        if heading.level == 1 and not self.page.title:
            text = _ATTRIBUTES.sub("", text)
            self.page.title = said(text)
            number = f' number="{self.page.number}"' if self.page.number else ""
            return f"# {text} {{#{self.page.name}{number}}}"
        if _ATTRIBUTES.search(text):
            return f"{marks} {text}"
        if heading.level == 2:
            # Also without a number: a name made from the words could be another chapter's.
            self.page.sections += 1
            slug = f"{self.page.name}-{self.page.sections}"
            number = f' number="{self.page.numbers[-1]}"' if self.page.number else ""
            return f"## {text} {{#{slug}{number}}}"
        self.unnumbered += 1
        return f"{marks} {text} {{#{self.page.name}-{self.page.sections}-{self.unnumbered}}}"


def _note_unbound(page: ChapterPage, numerals: Iterable[str], where: str) -> None:
    page.unbound += [Unbound(where, numeral) for numeral in numerals]


def _refuse_errors(cell: dict[str, Any], where: str) -> None:
    for output in cell.get("outputs", []):
        if output["output_type"] == "error":
            raise RenderFeil(f"cellen har en lagret feil: {output['ename']}: {output['evalue']}", where=where)


def _refuse_unprintable(raw: Any, where: str) -> None:
    """Refuse signs that neither a page nor a workbook may hold, wherever in an output they stand."""
    if isinstance(raw, str) and (found := UNPRINTABLE.search(raw)):
        raise RenderFeil(f"tegnet U+{ord(found[0]):04X} kan ikke vises", where=where, hint="Fjern det.")
    for item in raw.values() if isinstance(raw, dict) else raw if isinstance(raw, list) else ():
        _refuse_unprintable(item, where)


def _said(cell: dict[str, Any], where: str) -> str:
    """Return a cell's text without its comments."""
    _refuse_unprintable(source(cell), where)
    try:
        return without_comments(source(cell))
    except NotatbokFeil as error:
        raise RenderFeil(error.message, where=where, hint=error.hint) from None


def _share_notes(page: ChapterPage) -> None:
    """Give every text the footnotes that it points to; each is written once, in any cell of the chapter."""
    texts: list[MarkdownPayload | ProsePayload] = [
        *page.payloads(MarkdownPayload),
        *page.payloads(ProsePayload),
    ]
    written = {label: note for payload in texts for label, note in notes(payload.markdown).items()}
    for position, block in enumerate(page.blocks):
        payload = block.payload
        if isinstance(payload, MarkdownPayload | ProsePayload):
            own = notes(payload.markdown)
            missing = [label for label in dict.fromkeys(note_marks(payload.markdown)) if label not in own]
            if unknown := [label for label in missing if label not in written]:
                raise RenderFeil(
                    f"fotnoten «[^{unknown[0]}]» er ikke skrevet",
                    where=f"notebooks/{page.name}.ipynb, {block.place}",
                    hint=nearest(unknown[0], list(written)) or f"Skriv den: «[^{unknown[0]}]: …».",
                )
            if missing:
                added = "\n\n".join(written[label].strip() for label in missing)
                text = f"{payload.markdown}\n\n{added}"
                page.blocks[position] = Block(payload.model_copy(update={"markdown": text}), block.section)


def _place_output(page: ChapterPage, output: dict[str, Any], where: str, place: str, folder: Path) -> None:
    data = output.get("data", {})
    if not data:
        return
    if MIME not in data:
        if any(kind.startswith("image/") for kind in data):
            raise RenderFeil(
                "bildet har ingen alternativ tekst", where=where, hint="Vis figuren med kap.figur(nummer, …)."
            )
        page.unpublished.append(f"{where}: utdata uten opphav vises ikke i rapporten")
        return
    _refuse_unprintable(data[MIME], where)
    payload = from_json(data[MIME], where)
    if isinstance(payload, FigurePayload) and not payload.described:
        raise RenderFeil(f"figur {payload.number} har ingen alternativ tekst", where=where)
    if isinstance(payload, ProsePayload):
        checked(payload.markdown, where)
        text = placed(payload.markdown, {}, folder, where, page.pictures)
        payload = payload.model_copy(update={"markdown": text})
    if isinstance(payload, TextPayload):
        _note_unbound(page, payload.unbound, where)
    page.blocks.append(Block(payload, place))


Target = Literal["html", "typ"]


def homes_of(chapters: tuple[ChapterPage, ...]) -> dict[str, str]:
    """Return the chapter that each table and figure stands in, and that each number belongs to."""
    homes: dict[str, str] = {}
    for chapter in chapters:
        own = [f"kapittel-{chapter.number}"] if chapter.number else []
        for target in [*chapter.targets, *own]:
            if target in homes:
                raise RenderFeil(f"{target} står to ganger", where=f"{homes[target]} og {chapter.name}")
            homes[target] = chapter.name
    return homes


def check_numbers(chapters: tuple[ChapterPage, ...]) -> None:
    """Refuse what is no number, and a chapter 11.6 where chapter 11 has a sixth section of its own."""
    found: dict[str, str] = {}
    for chapter in chapters:
        if not _CHAPTER_NUMBER.fullmatch(chapter.number):
            raise RenderFeil(
                f"«{chapter.number}» er ikke nummeret på et kapittel",
                where=chapter.name,
                hint="Bruk tall, store bokstaver og punktum.",
            )
        for number in chapter.numbers:
            if number in found:
                raise RenderFeil(
                    f"nummeret {number} står på to overskrifter",
                    where=f"{found[number]} og {chapter.name}",
                    hint="Gi kapitlet et annet nummer i rapportdefinisjonen.",
                )
            found[number] = chapter.name


def resolve(markdown: str, homes: Mapping[str, str], here: str, target: Target) -> str:
    """Turn ``@tabell-8.1`` and ``@kapittel-8`` into links; a capital letter where one begins the text.

    A chapter that is not in this draft is named without a link.
    """
    code = in_code(markdown)

    def link(match: Any) -> str:
        if code(match.start()):
            return str(match[0])
        kind, number = match[1], match[2]
        name = f"{kind}-{number.replace('.', '-')}"
        before = match.string[: match.start()].rstrip(" ")
        word = kind.capitalize() if not before or before[-1] in ".\n" else kind
        text = f"{word}\u00a0{number}"
        if kind == "kapittel":
            chapter = homes.get(name)
            return (
                f"[{text}]({f'{chapter}.html' if target == 'html' else f'#{chapter}'})" if chapter else text
            )
        if name not in homes:
            known = [item.replace("-", " ", 1).replace("-", ".") for item in homes]
            raise RenderFeil(
                f"henvisningen til {kind} {number} peker ikke på noe",
                where=f"notebooks/{here}.ipynb",
                hint=nearest(f"{kind} {number}", known),
            )
        elsewhere = target == "html" and homes[name] != here
        return f"[{text}]({f'{homes[name]}.html' if elsewhere else ''}#{name})"

    return REFERENCE.sub(link, markdown)
