"""A build held against the published one: a number bound otherwise stops it until somebody has said why."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from analysis_lib.indicators.edition import Edition
from analysis_lib.indicators.series import endring
from analysis_lib.indicators.values import Value
from analysis_lib.present.prose import bind
from analysis_lib.present.tables import ShownTable
from publishing.book.assemble import Block, ChapterPage
from publishing.book.ledger import RevisionEntry, make_ledger
from publishing.definition import Report
from publishing.diff.built import Build, hold_against, snapshot, unaccounted
from publishing.run.plan import Plan

EDITION = Edition(2025)
TABLE = ShownTable(EDITION, "8.1")
OLD, NEW, FIRST = (TABLE["totalt", year] for year in (2024, 2025, 2019))
FILE = "data/published/2025/tabeller/8.1.csv"
GROWTH = "Utgiftene til ordningen endret seg {x:prosent} fra året før."


def build(template: str, x: Value, *, notebook: str = "a", data: str = "1", aar: int = 2025) -> Build:
    """A build of one sentence, made from a notebook and a table with these hashes."""
    page = ChapterPage("utgifter", "8", "Utgifter", [Block(bind(template, {"x": x}).payload, "avsnitt 8.1")])
    report = Report("prøve", "Prøve", "", "2025", "utkast", "", ())
    ledger = make_ledger(Plan(report, (), ""), (page,), {"aar": aar}, EDITION.folder)
    made = ledger.model_copy(update={"notebooks": {"utgifter": notebook}, "inputs": {FILE: data}})
    return Build(made, snapshot("prøve", made))


PUBLISHED = build(GROWTH, endring(OLD, NEW))


@pytest.mark.parametrize(
    ("x", "why"),
    [
        (
            endring(NEW, OLD),
            "argumentene har byttet plass: 8.1/totalt/2024, 8.1/totalt/2025 → 8.1/totalt/2025",
        ),
        (endring(FIRST, NEW), "celle: 8.1/totalt/2024 → 8.1/totalt/2019"),
        (TABLE["totalt", "endring_siste"], "formel: "),
    ],
)
def test_another_binding_is_named_by_sentence_old_and_new(x: Value, why: str) -> None:
    (item,) = unaccounted(PUBLISHED, build(GROWTH, x, notebook="b"))
    assert item.place == "utgifter, avsnitt 8.1"
    assert item.label.startswith("«Utgiftene til ordningen endret seg")
    assert why in item.explanation
    # An edit of the table at the same time does not hide it.
    assert unaccounted(PUBLISHED, build(GROWTH, x, notebook="b", data="2"))


@pytest.mark.parametrize(
    "new",
    [
        build(GROWTH, endring(OLD, NEW)),
        build(GROWTH.replace("året før", "fjoråret"), endring(OLD, NEW), notebook="b"),
        build(GROWTH.replace("prosent}", "prosent 0}"), endring(OLD, NEW), notebook="b"),
        build("Noe ganske annet er skrevet her, nemlig {x:mrd}.", NEW, notebook="b"),
        build(GROWTH, endring(NEW, OLD), data="2"),
        build(GROWTH, endring(NEW, OLD), aar=2026),
    ],
    ids=["unchanged", "edited", "another format", "rewritten", "the data choose another", "another year"],
)
def test_what_explains_itself(new: Build) -> None:
    assert unaccounted(PUBLISHED, new) == []


def test_a_number_that_the_same_cells_no_longer_give() -> None:
    numbers = dict(PUBLISHED.ledger.numbers)
    ref = next(ref for ref, entry in numbers.items() if entry.unit == "prosent")
    exact = numbers[ref].exact.model_copy(update={"point": Fraction(99, 10), "interval": None})
    numbers[ref] = numbers[ref].model_copy(update={"text": "9,9", "exact": exact})
    made = PUBLISHED.ledger.model_copy(update={"numbers": numbers})
    (item,) = unaccounted(PUBLISHED, Build(made, snapshot("prøve", made)))
    assert (item.new, item.explanation) == ("9,9", "ingen av leddene er endret")


def test_a_reason_lets_it_through() -> None:
    swapped = build(GROWTH, endring(NEW, OLD), notebook="b")
    (item,) = unaccounted(PUBLISHED, swapped)
    reason = RevisionEntry(old=item.old, new=item.new, why="Rettet: endringen er regnet riktig vei.")
    told = swapped.ledger.model_copy(update={"revisions": {item.identity: reason}})
    assert unaccounted(PUBLISHED, Build(told, snapshot("prøve", told))) == []


def test_nothing_published_and_what_cannot_be_read(tmp_path: Path) -> None:
    ledger = build(GROWTH, endring(OLD, NEW)).ledger
    assert hold_against(tmp_path / "ingen", ledger) == ""
    assert "bygget er ikke helt" in hold_against(tmp_path, ledger)


def test_a_swap_stops_the_build_and_the_published_report_stands(
    project: Path, rapport: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    notebook, built = project / "notebooks/utgifter.ipynb", project / "reports/_build/arsrapport-2025"
    whole = json.loads(notebook.read_text(encoding="utf-8"))
    sentence = "%%prosa\nFolketallet endret seg {befolkningsvekst:prosent} fra året før."
    few = json.dumps({**whole, "cells": [*whole["cells"][:4], {**whole["cells"][3], "source": sentence}]})
    notebook.write_text(few, encoding="utf-8")
    assert rapport("build", "--renderer", "pandoc").returncode == 0
    before = {path: path.read_bytes() for path in built.rglob("*") if path.is_file()}

    right, wrong = "folketall[aar - 1], folketall[aar]", "folketall[aar], folketall[aar - 1]"
    notebook.write_text(few.replace(right, wrong), encoding="utf-8")
    stopped = rapport("build", "--renderer", "pandoc")
    assert (stopped.returncode, "Traceback" in stopped.stderr) == (8, False)
    assert "«Folketallet endret seg −0,8 prosent fra året før.»" in stopped.stderr
    assert "argumentene har byttet plass" in stopped.stderr
    assert {path: path.read_bytes() for path in built.rglob("*") if path.is_file()} == before
    assert "Publisert" in rapport("build", "--renderer", "pandoc", "--draft").stdout
