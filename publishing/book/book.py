"""The book: chapters as Markdown pages that pandoc and Quarto both read.

Every page is written for its target: one HTML page a chapter with its register beside it, and one
document with everything for the PDF. Numbers of chapters, tables and figures are facts of the edition,
so references are resolved here and no renderer counts anything.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis_lib.data.editions import MODES
from analysis_lib.errors import RenderFeil
from analysis_lib.present.display import SYNTHETIC_NOTE, fragment
from analysis_lib.present.escape import fenced, json_in_html, markdown_text, metadata
from analysis_lib.present.markdown import Heading, in_code, literal, with_headings
from analysis_lib.present.payload import (
    FigurePayload,
    KeyFiguresPayload,
    MarkdownPayload,
    Payload,
    ProsePayload,
    TablePayload,
)
from analysis_lib.present.prose import SPAN
from publishing.book.assemble import ChapterPage, Target, check_numbers, homes_of, resolve
from publishing.book.ledger import Register, full_register
from publishing.book.pictures import FIGURES
from publishing.definition import Report

_NAME = re.compile(r"(?<!\s)\s*\{#([\w.-]+)(?: number=\"([^\"]*)\")?\}$")
RAW = {"html": "html", "typ": "typst"}
APPENDIX_LEAD = (
    "Registeret viser tallene i teksten: hva de er, hvordan de er regnet ut, og hvor de kommer fra. "
    "Tallene i tabellene står i regnearket som følger rapporten."
)


@dataclass(frozen=True, slots=True)
class Page:
    """One Markdown file: its name without ending, its metadata and its text."""

    name: str
    meta: dict[str, Any]
    text: str


@dataclass(frozen=True)
class Book:
    """All pages of a report, and the drawings that they show."""

    report: Report
    chapters: tuple[ChapterPage, ...]
    html: tuple[Page, ...]
    pdf: Page
    figures: Mapping[str, str | bytes]


def make_book(report: Report, chapters: tuple[ChapterPage, ...], common: dict[str, Any]) -> Book:
    """Write all pages of a report.

    Parameters
    ----------
    common : dict
        Metadata of every page: the names of the downloads.

    Raises
    ------
    RenderFeil
        For a reference to a table or figure that is not in the report, or one that is there twice,
        or two headings with one number.
    """
    homes = homes_of(chapters)
    check_numbers(chapters)
    register = full_register(chapters)
    meta = {**_report_meta(report, synthetic=register.synthetic), **common}
    html = [_front(report, chapters, register, homes, meta)]
    for position in range(len(chapters)):
        html += _chapter_pages(chapters, position, register, homes, meta)
    pdf = _pdf(chapters, register, homes, meta)
    figures: dict[str, str | bytes] = {
        f"{figure.id}.svg": figure.svg
        for chapter in chapters
        for figure in chapter.payloads(FigurePayload)
        if figure.svg
    }
    _refuse_same_name([*html, pdf])
    pictures = {name: content for chapter in chapters for name, content in chapter.pictures.items()}
    return Book(report, chapters, tuple(html), pdf, {**figures, **pictures})


def _refuse_same_name(pages: Iterable[Page]) -> None:
    """Refuse two pages of one name, of which the last would be written over the first."""
    found: set[str] = set()
    for page in pages:
        if page.name.casefold() in found:
            raise RenderFeil(
                f"to sider heter «{page.name}»",
                where=f"notebooks/{page.name}.ipynb",
                hint="Gi notatboken et annet navn.",
            )
        found.add(page.name.casefold())


def _report_meta(report: Report, *, synthetic: bool) -> dict[str, Any]:
    fields = ("title", "subtitle", "edition", "status", "date")
    told: dict[str, Any] = {field: getattr(report, field) for field in fields}
    if synthetic:
        told["synthetic"] = SYNTHETIC_NOTE
    if report.mode != next(iter(MODES)):
        told["data"] = MODES[report.mode][1]
    return {"lang": "nb", "rapport": told}


def raw(target: Target, text: str) -> str:
    """Wrap text as a raw block of the target's format."""
    return fenced(text.strip(), f"{{={RAW[target]}}}")


def cell(text: str, register: str = "") -> str:
    """Wrap a cell's Markdown, which the filter reads alone; bound numbers become links to a register."""
    typed = literal(text)
    code = in_code(typed)

    def marked(match: re.Match[str]) -> str:
        shown = match["text"]
        href = f' href="{register}#{match["ref"]}"' if register else ""
        return shown if code(match.start()) else f'<tall ref="{match["ref"]}"{href}>{shown}</tall>'

    return fenced(SPAN.sub(marked, typed), " {.celle}")


def _with_names(markdown: str) -> str:
    """Give headings the names that they were given in a way that no text of a heading can."""

    def named(heading: Heading) -> str:
        text = _NAME.sub(lambda m: f' <navn id="{m[1]}" number="{m[2] or ""}">', heading.text)
        return f"{'#' * heading.level} {text}"

    return with_headings(markdown, named)


def _block(payload: Payload, homes: Mapping[str, str], page: ChapterPage, target: Target) -> str:
    if isinstance(payload, MarkdownPayload | ProsePayload):
        text = resolve(payload.markdown, homes, page.name, target)
        return cell(_with_names(text) if isinstance(payload, MarkdownPayload) else text)
    context: dict[str, Any] = {}
    if target == "html":
        context["register_href"] = f"{page.name}-tall.html"
        if isinstance(payload, TablePayload):
            context["downloads"] = [{"label": "CSV", "href": f"../data/{payload.id}.csv"}]
    if isinstance(payload, FigurePayload) and payload.svg:
        context["figure_href"] = f"{FIGURES}/{payload.id}.svg"
    return raw(target, fragment(payload.type, target, payload, **context))


def _body(page: ChapterPage, homes: Mapping[str, str], target: Target) -> str:
    parts = [_block(block.payload, homes, page, target) for block in page.blocks]
    return "\n\n".join([*parts[:1], *_broken_rules(page), *parts[1:]])


def _broken_rules(page: ChapterPage) -> list[str]:
    """Return a draft's mark below the title: what the house rules say of the chapter."""
    said = (f"> - {markdown_text(remark)}" for remark in page.remarks)
    return [cell("\n".join(["> **Utkast.** Husreglene har funn:", ">", *said]))] if page.remarks else []


def _nav(chapters: tuple[ChapterPage, ...], current: str) -> list[dict[str, Any]]:
    return [
        {
            "href": f"{chapter.name}.html",
            "title": chapter.title,
            **({"number": chapter.number} if chapter.number else {}),
            **({"current": True} if chapter.name == current else {}),
        }
        for chapter in chapters
    ]


def _embedded(register: Register) -> str:
    # A reader does not compute with the number, so its last digit stays in the file of the register.
    text = register.model_dump_json(exclude={"numbers": {"__all__": {"exact"}}})
    return raw("html", f'<script type="application/json" id="tallregister">{json_in_html(text)}</script>')


def _chapter_pages(
    chapters: tuple[ChapterPage, ...],
    position: int,
    register: Register,
    homes: Mapping[str, str],
    meta: dict[str, Any],
) -> list[Page]:
    chapter = chapters[position]
    own_register = register.subset(chapter.refs)
    own: dict[str, Any] = {**meta, "title": chapter.title, "pages": _nav(chapters, chapter.name)}
    links: dict[str, Any] = {"register": f"{chapter.name}-tall.html"}
    if position:
        before = chapters[position - 1]
        links["prev"] = {"href": f"{before.name}.html", "title": before.title}
    if position + 1 < len(chapters):
        after = chapters[position + 1]
        links["next"] = {"href": f"{after.name}.html", "title": after.title}
    body = f"{_body(chapter, homes, 'html')}\n\n{_embedded(own_register)}"
    title = f"Tallene i {chapter.place}" if chapter.number else f"Tallene i «{chapter.title}»"
    shown = metadata(chapter.title)
    lead = f"Hvert tall på siden [{shown}]({chapter.name}.html): verdi, beregning og kilde."
    static = f"# {metadata(title)} {{#tall}}\n\n{lead}\n\n" + raw(
        "html", fragment("register", "html", own_register)
    )
    return [
        Page(chapter.name, {**own, **links}, body),
        Page(f"{chapter.name}-tall", {**own, "title": title}, static),
    ]


def _front(
    report: Report,
    chapters: tuple[ChapterPage, ...],
    register: Register,
    homes: Mapping[str, str],
    meta: dict[str, Any],
) -> Page:
    """Write the front page: the first chapter's key figures, then every chapter's first paragraph."""
    parts: list[str] = []
    refs: list[str] = []
    for position, chapter in enumerate(chapters):
        href = f"{chapter.name}-tall.html"
        number = f' number="{chapter.number}"' if chapter.number else ""
        parts.append(f"## [{metadata(chapter.title)}]({chapter.name}.html) {{#{chapter.name}{number}}}")
        for payload in chapter.payloads(KeyFiguresPayload) if position == 0 else ():
            parts.append(raw("html", fragment(payload.type, "html", payload, register_href=href)))
            refs += payload.shown_refs
        refs += [ref for _, ref in SPAN.findall(chapter.lead)]
        lead = resolve(chapter.lead, homes, "index", "html")
        parts.append(cell(lead, href))
    parts.append(_embedded(register.subset(refs)))
    own = {**meta, "title": report.title, "front": True, "pages": _nav(chapters, "")}
    return Page("index", own, "\n\n".join(parts))


def _pdf(
    chapters: tuple[ChapterPage, ...], register: Register, homes: Mapping[str, str], meta: dict[str, Any]
) -> Page:
    """Write everything as one document, with the register of the text's numbers as an appendix."""
    used = register.subset((ref for chapter in chapters for ref in chapter.refs_in_text), terms=False)
    parts = [_body(chapter, homes, "typ") for chapter in chapters]
    parts += ["# Tallregister {#tallregister}", APPENDIX_LEAD, raw("typ", fragment("register", "typ", used))]
    return Page("rapport", {**meta, "register-refs": list(used.numbers)}, "\n\n".join(parts))


def write_book(book: Book, folder: Path, theme: Path) -> None:
    """Write the book's Markdown, drawings and style where a renderer can find them."""
    assets = folder / "assets"
    assets.mkdir(parents=True)
    for page in (*book.html, book.pdf):
        front_matter = json.dumps(metadata(page.meta), ensure_ascii=False, indent=1)
        (folder / f"{page.name}.md").write_text(
            f"---\n{front_matter}\n---\n\n{page.text}\n", encoding="utf-8"
        )
    (folder / FIGURES).mkdir()
    for name, drawing in book.figures.items():
        content = drawing.encode("utf-8") if isinstance(drawing, str) else drawing
        (folder / FIGURES / name).write_bytes(content)
    _copy_assets(assets, theme)


def _copy_assets(assets: Path, theme: Path) -> None:
    import shutil

    from analysis_lib.present.display import TEMPLATES

    for path in (theme / "report.css", theme / "report.js", TEMPLATES / "fragments.css"):
        shutil.copy(path, assets / path.name)
    shutil.copytree(theme / "fonts", assets / "fonts")
