"""The pages as a browser finds them: every link has its target, and every page its style and its headings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from html import unescape
from pathlib import Path
from urllib.parse import unquote

from analysis_lib.data.cleared import SYNTHETIC
from analysis_lib.present.display import SYNTHETIC_NOTE
from number_audit.findings import Finding
from publishing.book.assemble import ChapterPage
from publishing.selfcheck.files import missing_in
from publishing.selfcheck.headings import letters, said_captions, said_headings

_ATTRIBUTE = re.compile(r'\s(id|href|src)="([^"]*)"')
_HEADING = re.compile(r"<h([1-6])\b[^>]*>(.*?)</h\1>", re.S)
_SCRIPT = re.compile(r"(<script\b[^>]*>).*?</script>", re.S)
_TAG = re.compile(r"<[^<>]*>")
_OUTSIDE = re.compile(r"(?:https?|mailto|data):", re.I)
_STYLE = ("assets/report.css", "assets/fragments.css", "assets/report.js")


def dead_links(folder: Path) -> Iterator[Finding]:
    """Yield the links and pictures that lead nowhere, and the pages that are cut off or unstyled."""
    found: dict[Path, tuple[set[str], set[str]]] = {}
    for path in sorted(folder.glob("*.html")):
        text = path.read_text(encoding="utf-8")
        pairs = _ATTRIBUTE.findall(_SCRIPT.sub(r"\1", text))
        ids = {unescape(value) for name, value in pairs if name == "id"}
        found[path.resolve()] = ids, {unescape(value) for name, value in pairs if name != "id"}
        if not text.rstrip().endswith("</html>") or "<main" not in text:
            yield missing_in(path, "siden", "Siden er avkortet.")
        yield from (missing_in(path, name, "Temaet mangler.") for name in _STYLE if f'"{name}"' not in text)
    for path, (_, links) in found.items():
        for link in sorted(links):
            if not _OUTSIDE.match(link) and not _leads(link, path, found):
                yield missing_in(path, link, "Lenken fører ingen steder.")


def unmarked(folder: Path) -> Iterator[Finding]:
    """Yield the pages of a report on made-up rows that do not say so."""
    for path in sorted(folder.glob("*.html")):
        if SYNTHETIC_NOTE not in unescape(_TAG.sub("", path.read_text(encoding="utf-8"))):
            yield missing_in(path, SYNTHETIC, "Siden sier ikke at dataene er syntetiske.")


def _leads(link: str, page: Path, found: dict[Path, tuple[set[str], set[str]]]) -> bool:
    name, _, place = link.partition("#")
    target = (page.parent / unquote(name)).resolve() if name else page
    if target in found:
        return not place or unquote(place) in found[target][0]
    return target.is_file() and not place


def lost_on_pages(chapters: Sequence[ChapterPage], folder: Path) -> Iterator[Finding]:
    """Yield the headings and captions that the chapters have and their pages lack."""
    for chapter in chapters:
        path = folder / f"{chapter.name}.html"
        text = path.read_text(encoding="utf-8")
        heads = Counter(letters(_said(content)) for _, content in _HEADING.findall(text))
        for _, heading in said_headings(chapter):
            if not heads[letters(heading)]:
                yield missing_in(path, chapter.name, f"Overskriften «{heading}» mangler.")
        whole = letters(_said(_SCRIPT.sub("", text)))
        for caption in said_captions(chapter):
            if letters(caption) not in whole:
                yield missing_in(path, chapter.name, f"«{caption}» mangler.")


def _said(markup: str) -> str:
    return unescape(_TAG.sub("", markup))
