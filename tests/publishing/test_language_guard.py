"""The language guard: prose may say no more of a measure than its verdict carries."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from analysis_lib.indicators.edition import Edition
from evaluation.basis.estimate import wald
from evaluation.measures import assess
from evaluation.register import Design, Measure, measure
from evaluation.verdicts.verdict import Status
from publishing.check import check_notebook
from publishing.new import write_notebook

EDITION = Edition(2025)


def registered(name: str) -> Measure:
    return measure(name, EDITION.folder)


SUPPORTED = replace(
    assess("video", EDITION),
    status=Status.ESTIMATED,
    design=Design.STAGGERED_DID,
    measure=registered("video").model_copy(update={"co_interventions": ()}),
    estimate=wald(2.0, 0.5, "klynget"),
    mde=1.0,
    mde_unit="prosentpoeng",
)


def guarded(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "a.ipynb"
    cell = {"cell_type": "code", "source": f"%%prosa\n{text}", "metadata": {}, "outputs": []}
    write_notebook(path, {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    return [str(finding) for finding in check_notebook(path)]


@pytest.mark.parametrize(
    ("text", "word", "name"),
    [
        ("Kravet om video førte til flere konsultasjoner.", "førte til", "Krav om videokonsultasjon"),
        ("Økningen skyldes ALIS-tilskuddet.", "skyldes", "ALIS-tilskuddet"),
        ("Nettlegen kom i juli. Tilbudet er lite. Forsøket ga færre besøk.", "ga færre", "Kommunal nettlege"),
        ("- Delegering har\n  bidratt til kapasitet.", "bidratt til", "Delegering til sykepleier"),
    ],
)
def test_a_cause_that_no_verdict_carries_is_listed(tmp_path: Path, text: str, word: str, name: str) -> None:
    (finding,) = guarded(tmp_path, text)
    assert finding.startswith(f"notebooks/a.ipynb, celle 1: «{word}» sier at noe kom av tiltaket «{name}»")
    assert "i stedet for" in finding


@pytest.mark.parametrize(
    "text",
    [
        "Etter at kravet om video kom, var andelen {v:prosent}.",
        "Prisveksten førte til høyere utgifter.",
        "Tallene viser ikke hva delegering har ført til.",
        "Nettlegen startet i juli.\n\nTiltaket førte til uro, men det er et annet avsnitt.",
    ],
)
def test_what_happened_and_when_may_be_said(tmp_path: Path, text: str) -> None:
    assert guarded(tmp_path, text) == []


def test_a_verdict_that_carries_a_cause_lets_it_be_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert SUPPORTED.carries_cause
    text = "Kravet om video førte til flere konsultasjoner."
    assert guarded(tmp_path, text)
    monkeypatch.setattr("evaluation.measures.assess", lambda *_: SUPPORTED)
    assert guarded(tmp_path, text) == []


def test_the_committed_chapters_claim_no_more_than_the_verdicts() -> None:
    notebooks = Path(__file__).resolve().parents[2] / "notebooks"
    findings = [str(item) for path in notebooks.glob("*.ipynb") for item in check_notebook(path)]
    assert [finding for finding in findings if "sier at noe kom av" in finding] == []
