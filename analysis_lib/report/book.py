"""The book: chapters as Markdown pages that pandoc and Quarto both read.

Every page is written for its target: one HTML page a chapter with its register beside it, and one
document with everything for the PDF. Numbers of chapters, tables and figures are facts of the edition,
so references are resolved here and no renderer counts anything.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis_lib.present.display import fragment
from analysis_lib.present.prose import SPAN
from analysis_lib.report.assemble import Block, ChapterPage
from analysis_lib.report.definition import Report
from analysis_lib.report.references import Target, check_numbers, homes_of, resolve
from analysis_lib.report.register import chapter_register, prose_refs

RAW = {"html": "html", "typ": "typst"}
FIGURES = "figurer"
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
    figures: Mapping[str, str]


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
    registers = {chapter.name: chapter_register(chapter) for chapter in chapters}
    meta = {**_report_meta(report), **common}
    html = [_front(report, chapters, registers, homes, meta)]
    for position, chapter in enumerate(chapters):
        html += _chapter_pages(chapters, position, registers[chapter.name], homes, meta)
    figures = {
        f"{payload['id']}.svg": payload["svg"]
        for chapter in chapters
        for payload in chapter.payloads("figure")
        if payload["svg"]
    }
    return Book(report, chapters, tuple(html), _pdf(chapters, registers, homes, meta), figures)


def _report_meta(report: Report) -> dict[str, Any]:
    fields = ("title", "subtitle", "edition", "status", "date")
    return {"lang": "nb", "rapport": {field: getattr(report, field) for field in fields}}


def raw(target: Target, text: str) -> str:
    """Wrap text as a raw block of the target's format."""
    return f"````{{={RAW[target]}}}\n{text.strip()}\n````"


def _block(block: Block, homes: Mapping[str, str], page: ChapterPage, target: Target) -> str:
    content = block.content
    if "markdown" in content:
        return resolve(content["markdown"], homes, page.name, target)
    template = "figure" if block.kind == "missing" else block.kind
    context: dict[str, Any] = {}
    if target == "html":
        context["register_href"] = f"{page.name}-tall.html"
        if block.kind == "table":
            context["downloads"] = [{"label": "CSV", "href": f"../data/{content['id']}.csv"}]
    if content.get("svg"):
        context["figure_href"] = f"{FIGURES}/{content['id']}.svg"
    if block.kind == "missing":
        return _missing_table(content, target)
    return raw(target, fragment(template, target, content, **context))


def _missing_table(content: dict[str, Any], target: Target) -> str:
    if target == "typ":
        label = f"#strong[Tabell {content['number']}] {content['title']}".replace(".", "\\.")
        return raw(target, f"#rapport-mangler(caption: [{label}], [{content['note']}]) <{content['id']}>")
    text = f"**Tabell {content['number']}** {content['title']}. {content['note']}"
    return f"::: {{#{content['id']} .mangler}}\n{text}\n:::"


def _body(page: ChapterPage, homes: Mapping[str, str], target: Target) -> str:
    return "\n\n".join(_block(block, homes, page, target) for block in page.blocks)


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


def _embedded(register: dict[str, Any]) -> str:
    text = json.dumps(register, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    return raw("html", f'<script type="application/json" id="tallregister">{text}</script>')


def _chapter_pages(
    chapters: tuple[ChapterPage, ...],
    position: int,
    register: dict[str, Any],
    homes: Mapping[str, str],
    meta: dict[str, Any],
) -> list[Page]:
    chapter = chapters[position]
    own: dict[str, Any] = {**meta, "title": chapter.title, "pages": _nav(chapters, chapter.name)}
    links: dict[str, Any] = {"register": f"{chapter.name}-tall.html"}
    if position:
        before = chapters[position - 1]
        links["prev"] = {"href": f"{before.name}.html", "title": before.title}
    if position + 1 < len(chapters):
        after = chapters[position + 1]
        links["next"] = {"href": f"{after.name}.html", "title": after.title}
    body = f"{_body(chapter, homes, 'html')}\n\n{_embedded(register)}"
    title = f"Tallene i {chapter.place}" if chapter.number else f"Tallene i «{chapter.title}»"
    lead = f"Hvert tall på siden [{chapter.title}]({chapter.name}.html): verdi, beregning og kilde."
    static = f"# {title} {{#tall}}\n\n{lead}\n\n" + raw("html", fragment("register", "html", register))
    return [
        Page(chapter.name, {**own, **links}, body),
        Page(f"{chapter.name}-tall", {**own, "title": title}, static),
    ]


def _front(
    report: Report,
    chapters: tuple[ChapterPage, ...],
    registers: Mapping[str, dict[str, Any]],
    homes: Mapping[str, str],
    meta: dict[str, Any],
) -> Page:
    """Write the front page: the first chapter's key figures, then every chapter's first paragraph."""
    parts: list[str] = []
    numbers: dict[str, Any] = {}
    sources: list[Any] = []
    for position, chapter in enumerate(chapters):
        href = f"{chapter.name}-tall.html"
        number = f' number="{chapter.number}"' if chapter.number else ""
        parts.append(f"## [{chapter.title}]({chapter.name}.html) {{#{chapter.name}{number}}}")
        refs = SPAN.findall(chapter.lead)
        for payload in chapter.payloads("keyfigures") if position == 0 else ():
            parts.append(raw("html", fragment("keyfigures", "html", payload, register_href=href)))
            refs += [("", ref) for ref in payload["used"]]
        lead = SPAN.sub(rf"[\1]({href}#\2){{.tall}}", chapter.lead)
        parts.append(resolve(lead, homes, "index", "html"))
        shift = len(sources)
        register = registers[chapter.name]
        sources += [{**source, "id": source["id"] + shift} for source in register["sources"]]
        for _, ref in refs:
            _add_entry(numbers, register["numbers"], ref, shift)
    parts.append(_embedded({"sources": sources, "numbers": numbers}))
    own = {**meta, "title": report.title, "front": True, "pages": _nav(chapters, "")}
    return Page("index", own, "\n\n".join(parts))


def _add_entry(numbers: dict[str, Any], known: Mapping[str, Any], ref: str, shift: int) -> None:
    """Copy an entry and those of its terms, with source numbers shifted to the front page's list."""
    if ref in numbers or ref not in known:
        return
    entry = known[ref]
    numbers[ref] = {**entry, "sources": [source + shift for source in entry["sources"]]}
    for term in entry.get("terms", []):
        _add_entry(numbers, known, term["ref"], shift)


def _pdf(
    chapters: tuple[ChapterPage, ...],
    registers: Mapping[str, dict[str, Any]],
    homes: Mapping[str, str],
    meta: dict[str, Any],
) -> Page:
    parts = [_body(chapter, homes, "typ") for chapter in chapters]
    used: dict[str, Any] = {}
    sources: list[Any] = []
    for chapter in chapters:
        register = registers[chapter.name]
        shift = len(sources)
        sources += [{**source, "id": source["id"] + shift} for source in register["sources"]]
        for ref in prose_refs(chapter):
            if ref not in used:
                entry = register["numbers"][ref]
                used[ref] = {**entry, "sources": [source + shift for source in entry["sources"]]}
    parts.append("# Tallregister {#tallregister}")
    parts.append(APPENDIX_LEAD)
    parts.append(raw("typ", fragment("register", "typ", {"sources": sources, "numbers": used})))
    return Page("rapport", {**meta, "register-refs": list(used)}, "\n\n".join(parts))


def write_book(book: Book, folder: Path, theme: Path) -> None:
    """Write the book's Markdown, drawings and style where a renderer can find them."""
    assets = folder / "assets"
    assets.mkdir(parents=True)
    for page in (*book.html, book.pdf):
        front_matter = json.dumps(page.meta, ensure_ascii=False, indent=1)
        (folder / f"{page.name}.md").write_text(
            f"---\n{front_matter}\n---\n\n{page.text}\n", encoding="utf-8"
        )
    (folder / FIGURES).mkdir()
    for name, drawing in book.figures.items():
        (folder / FIGURES / name).write_text(drawing, encoding="utf-8")
    _copy_assets(assets, theme)


def _copy_assets(assets: Path, theme: Path) -> None:
    import shutil

    from analysis_lib.present.display import TEMPLATES

    for path in (theme / "report.css", theme / "report.js", TEMPLATES / "fragments.css"):
        shutil.copy(path, assets / path.name)
    shutil.copytree(theme / "fonts", assets / "fonts")
