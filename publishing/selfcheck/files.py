"""The files that readers get, read back and held against what the chapters hold."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from analysis_lib.data.formats import read_json
from analysis_lib.present.payload import KeyFiguresPayload, TextPayload
from number_audit.findings import Finding, Judgement
from publishing.book.assemble import ChapterPage
from publishing.book.outputs import cells, tables
from publishing.book.workbook import contents
from publishing.selfcheck.texts import Showing


def wrong_workbook(chapters: tuple[ChapterPage, ...], path: Path) -> Iterator[Finding]:
    """Yield the cells of the workbook that are not those of the page, text and numbers alike."""
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True)
    for sheet in contents(book.properties.title, chapters):
        if sheet.name not in book.sheetnames:
            yield _finding(path, sheet.name, "", "Arket mangler.")
            continue
        found = {
            (cell.row, cell.column): cell.value
            for line in book[sheet.name].iter_rows()
            for cell in line
            if cell.value is not None and cell.data_type != "f"
        }
        expected = {
            (line, column): cell.held
            for line, cells in enumerate(sheet.lines, start=1)
            for column, cell in enumerate(cells, start=1)
            if cell.held != ""
        }
        for place in sorted(found.keys() | expected.keys()):
            if not _same(found.get(place), expected.get(place)):
                where = f"{sheet.name}, linje {place[0]}, kolonne {place[1]}"
                yield _finding(path, where, str(found.get(place)), f"Siden har {expected.get(place)}.")
    book.close()


def _same(content: Any, expected: Any) -> bool:
    # A workbook keeps sixteen digits, one fewer than a float may have.
    numbers = isinstance(content, int | float) and isinstance(expected, int | float)
    return math.isclose(content, expected, rel_tol=1e-14) if numbers else content == expected


def wrong_package(chapters: tuple[ChapterPage, ...], folder: Path) -> Iterator[Finding]:
    """Yield the lines of the data package that are not those of the page, or break its own primary key."""
    described = read_json(folder / "datapackage.json")["resources"]
    keys = {resource["path"]: resource["schema"]["primaryKey"] for resource in described}
    for table in tables(chapters):
        path = folder / f"{table.id}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            header, *written = csv.reader(file)
        expected = [
            ["" if content is None else str(content) for content in record] for record in cells(table)
        ]
        seen: set[tuple[str, ...]] = set()
        for line, (found, right) in enumerate(zip(written, expected, strict=False), start=2):
            if found != right:
                yield _finding(path, f"linje {line}", "; ".join(found), f"Siden har {'; '.join(right)}.")
            key = tuple(dict(zip(header, found, strict=False)).get(name, "") for name in keys[path.name])
            if key in seen or "" in key:
                yield _finding(path, f"linje {line}", "; ".join(key), "Nøkkelen skiller ikke radene.")
            seen.add(key)
        if len(written) != len(expected):
            yield _finding(path, f"{len(written)} linjer", "", f"Siden har {len(expected)} celler.")


def wrong_pages(chapters: Iterable[ChapterPage], shown: Iterable[Showing], folder: Path) -> Iterator[Finding]:
    """Yield the numbers of a page that no chapter shows, and those of tables and sentences that it lacks."""
    by_chapter: dict[str, set[tuple[str, str]]] = {}
    for item in shown:
        by_chapter.setdefault(item.chapter, set()).add((item.ref, _plain(item.text)))
    for chapter in chapters:
        path = folder / f"{chapter.name}.html"
        reader = _Links()
        reader.feed(path.read_text(encoding="utf-8"))
        expected = by_chapter.get(chapter.name, set()) | _key_figures(chapter)
        for ref, text in dict.fromkeys(reader.found):
            if (ref, text) not in expected:
                right = ", ".join(sorted(t for r, t in expected if r == ref)) or "ikke noe slikt tall"
                yield _finding(path, ref, text, f"Kapitlet har {right}.")
        for ref, text in sorted((_in_tables(chapter) | _in_sentences(chapter)) - set(reader.found)):
            yield _finding(path, ref, "", f"«{text}» mangler på siden.")


def _key_figures(chapter: ChapterPage) -> set[tuple[str, str]]:
    """Return the key figures as the page marks them: the number without its unit."""
    items = (item for payload in chapter.payloads(KeyFiguresPayload) for item in payload.items)
    return {(item.ref, _plain(item.text)) for item in items}


def _in_tables(chapter: ChapterPage) -> set[tuple[str, str]]:
    return {(item.ref, _plain(item.text)) for table in tables([chapter]) for item in table.shown()}


def _in_sentences(chapter: ChapterPage) -> set[tuple[str, str]]:
    """Return the numbers that are linked in the text; words of direction are not."""
    told = (item for payload in chapter.payloads(TextPayload) for item in payload.shown())
    return {(item.ref, _plain(item.text)) for item in told if "|" not in item.format}


class _Links(HTMLParser):
    """Collects the bound numbers of a page: the ref that each links to, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.ref = ""
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a" and "tall" in (given.get("class") or "").split():
            self.ref, self.text = (given.get("href") or "").partition("#")[2], ""

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self.ref:
            self.found.append((self.ref, _plain(self.text)))
            self.ref = ""


def _plain(text: str) -> str:
    return " ".join(text.split())


def _finding(path: Path, where: str, printed: str, why: str) -> Finding:
    return Finding(
        "filer", f"{path.name}, {where}", (), printed, Judgement.CONTRADICTION, why, cause=path.name
    )


def missing_in(path: Path, where: str, why: str) -> Finding:
    """Return the finding that a published file lacks something."""
    return _finding(path, where, "", why)
