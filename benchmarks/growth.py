"""Processor time as each kind of input doubles: texts in the audit, an edition's table, a chapter's cells.

Prints a Markdown table of seconds and of the ratio at each doubling: 2 where time grows with the input, 4
where it grows with its square. ``python -m benchmarks.growth [STEPS]``.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import pairwise, product
from pathlib import Path

from analysis_lib.data.tables import read_table
from analysis_lib.present.prose import bind
from number_audit.audit import audit_document
from number_audit.reading.parse import parse_document
from publishing.book.assemble import assemble
from publishing.check import check_notebook

Work = Callable[[], object]
_SYLLABLES = ("bo", "da", "fi", "ga", "ke", "lo", "mu", "na", "ro", "sa", "ti", "vu")


def distinct_sentences(count: int) -> list[str]:
    """Return sentences on things of invented names; a paragraph has four."""
    chosen = random.Random(count)
    names = ["".join(chosen.choices(_SYLLABLES, k=3)) for _ in range(4 * count)]
    lines = [
        f"I {2019 + i % 7} var {names[i]} {names[-i]} {100 + 37 * i % 90000} i {names[2 * i]}."
        for i in range(count)
    ]
    return [" ".join(lines[i : i + 4]) + "\n" for i in range(0, count, 4)]


def sentences_of_few_words(count: int) -> list[str]:
    """Return sentences of one time on things of the same few words, each with a number of its own."""
    chosen = random.Random(count)
    names = ["".join(pair) for pair in product(("lege", "avtale", "vakt", "tilskudd", "liste"), repeat=2)]
    return [
        f"I 2024 hadde {' '.join(chosen.sample(names, 4))} {1000 + i} {chosen.choice(names)}.\n"
        for i in range(count)
    ]


def cited_tables(count: int) -> list[str]:
    """Return tables with captions of two years, each cited by a sentence."""
    return [
        line
        for i in range(1, count + 1)
        for line in (
            f"Tabell 1.{i} Leger i gruppe {i}. Antall. {2019 + i % 5}–{2020 + i % 5}",
            f"\t{2019 + i % 5}\t{2020 + i % 5}",
            f"Menn\t{100 + i}\t{120 + i}",
            f"Kvinner\t{200 + i}\t{230 + i}",
            f"I alt\t{300 + 2 * i}\t{350 + 2 * i}",
            "",
            f"Andelen menn i sentrale kommuner var høyest, viser tabell 1.{i}.",
            "",
        )
    ]


def long_table(count: int) -> list[str]:
    """Return one table of many rows."""
    return ["\t2024\t2025", *(f"Rad {i}\t{100 + i}\t{130 + i}" for i in range(count))]


def one_line(count: int) -> list[str]:
    """Return all sentences on one line."""
    return [" ".join(sentence.strip() for sentence in distinct_sentences(count))]


def repeated_sentences(count: int) -> list[str]:
    """Return one sentence many times."""
    return ["I 2024 hadde legene 1000 avtaler i kommunene.\n"] * count


def numbers(count: int) -> list[str]:
    """Return numbers, twenty to a paragraph."""
    told = [f"I {2010 + i % 15} var {100 + 13 * i % 9000} leger og {i % 90} prosent." for i in range(count)]
    return [" ".join(told[i : i + 10]) + "\n" for i in range(0, count, 10)]


def one_paragraph(count: int) -> list[str]:
    """Return two paragraphs of many changes."""
    told = [f"økte fra {100 + i} i {2018 + i % 3} til {200 + i} i {2022 + i % 3}." for i in range(count // 2)]
    return [" ".join(f"Antallet {who} {what}" for what in told) + "\n" for who in ("leger", "lærere")]


def _number(place: int) -> str:
    return f"{1 + place // 50}.{1 + place % 50}"


def _table(place: int, title: str) -> list[str]:
    return [
        f"Tabell {_number(place)} {title}. Antall. {2019 + place % 5}–{2020 + place % 5}",
        f"\t{2019 + place % 5}\t{2020 + place % 5}",
        f"Menn\t{100 + place}\t{120 + place}",
        f"Kvinner\t{200 + place}\t{230 + place}",
        f"I alt\t{300 + 2 * place}\t{350 + 2 * place}",
    ]


def tables(count: int) -> list[str]:
    """Return tables with captions and notes that no text cites."""
    return [line for i in range(count) for line in (*_table(i, "Leger"), "Note: Tallene er foreløpige.", "")]


def tables_named_cited(count: int) -> list[str]:
    """Return tables of things of their own, each cited by a sentence on another of them."""
    chosen = random.Random(count)
    names = ["".join(chosen.choices(_SYLLABLES, k=4)) for _ in range(count)]
    return [
        line
        for i, (name, other) in enumerate(zip(names, names[7:] + names[:7], strict=True))
        for line in (
            *_table(i, f"Leger i {name} kommuner"),
            "",
            f"Andelen leger i {other} var høyest i {name}, viser tabell {_number(7 * i % count)}.",
            "",
        )
    ]


def chapters(count: int) -> list[str]:
    """Return headings, each over a sentence that refers to another chapter."""
    return [
        line
        for i in range(count)
        for line in (
            f"{_number(i)} Om leger i emne{i}",
            "",
            f"Legene i emne{i} hadde {100 + i} avtaler i 2024, se kapittel {_number(7 * i % count)}.",
            "",
        )
    ]


def notes(count: int) -> list[str]:
    """Return sentences, each with a footnote."""
    return [
        line
        for i in range(1, count + 1)
        for line in (
            f"Antallet leger var {100 + i} i {2000 + i % 25}.{i}",
            "",
            f"{i} Tallet gjelder leger i gruppe {i} per {2000 + i % 25}.",
            "",
        )
    ]


def _audited(text: Callable[[int], list[str]]) -> Callable[[int], Work]:
    def prepared(count: int) -> Work:
        lines = text(count)
        return lambda: audit_document(parse_document(lines, "tekst"))

    return prepared


def csv_rows(count: int) -> Work:
    """Read an edition's table of many rows."""
    folder = Path(tempfile.mkdtemp())
    descriptor = folder / "1.1.yml"
    rows = "".join(f"  r{i}: {{label: Rad {i}}}\n" for i in range(count))
    descriptor.write_text(
        "name: tabell-1-1\npath: 1.1.csv\nnumber: '1.1'\ntitle: Leger\nunit: leger\nstub: Rad\n"
        f"sources: [KUHR]\ndate: mai 2026\ncolumns:\n  - {{years: 2024-2025}}\nrows:\n{rows}",
        encoding="utf-8",
    )
    lines = "".join(f"r{i};Rad {i};{100 + i};{130 + i}\n" for i in range(count))
    (folder / "1.1.csv").write_text(f"rad;navn;2024;2025\n{lines}", encoding="utf-8")
    return lambda: read_table("1.1", descriptor, folder / "corrections.yml")


def cells(count: int) -> Work:
    """Bind the text of many cells, check their notebook and put the chapter together."""
    text = [f"Avsnitt uten tall, `kode` og [lenke](https://example.org/{i})." for i in range(count)]

    def work() -> object:
        outputs = [bind(one, {})._repr_mimebundle_() for one in text]
        title = {"id": "tittel", "cell_type": "markdown", "source": "# Tittel", "metadata": {}}
        told = [
            {
                "id": f"c{i}",
                "cell_type": "code",
                "source": "%%prosa\n" + one,
                "metadata": {},
                "execution_count": 1,
                "outputs": [{"output_type": "display_data", "data": shown, "metadata": {}}],
            }
            for i, (one, shown) in enumerate(zip(text, outputs, strict=True))
        ]
        notebook = {"cells": [title, *told], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        path = Path(tempfile.mkdtemp()) / "kapittel.ipynb"
        path.write_text(json.dumps(notebook, ensure_ascii=False), encoding="utf-8")
        check_notebook(path)
        return assemble("kapittel", "1", notebook)

    return work


GROWING: dict[str, tuple[Callable[[int], Work], int]] = {
    "distinct sentences": (_audited(distinct_sentences), 3000),
    "one sentence repeated": (_audited(repeated_sentences), 3000),
    "sentences of few words": (_audited(sentences_of_few_words), 1500),
    "all on one line": (_audited(one_line), 3000),
    "two paragraphs of changes": (_audited(one_paragraph), 1500),
    "numbers": (_audited(numbers), 1500),
    "tables": (_audited(tables), 600),
    "cited tables, alike": (_audited(cited_tables), 600),
    "cited tables, each its own": (_audited(tables_named_cited), 600),
    "rows of a table": (_audited(long_table), 3000),
    "chapters": (_audited(chapters), 1500),
    "footnotes": (_audited(notes), 1500),
    "rows of an edition's CSV": (csv_rows, 1500),
    "cells of a chapter": (cells, 400),
}


def seconds(work: Work) -> float:
    """Return the processor time of some work."""
    started = time.process_time()
    work()
    return time.process_time() - started


def main(steps: int) -> None:
    """Print the table."""
    print("| input | first | " + " | ".join(f"×{2**step} (s)" for step in range(steps)) + " | ratios |")
    print("| --- | --- |" + " --- |" * (steps + 1))
    for name, (prepare, first) in GROWING.items():
        taken = [seconds(prepare(first * 2**step)) for step in range(steps)]
        ratios = ", ".join(f"{b / a:.1f}" for a, b in pairwise(taken))
        shown = " | ".join(f"{second:.2f}" for second in taken)
        print(f"| {name} | {first} | {shown} | {ratios} |", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 4)
