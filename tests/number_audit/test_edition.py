"""The edition's own tables, as printed: every slip that is known, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis_lib.data.inputs import ROOT_VARIABLE
from number_audit.audit import Audit, audit_edition, audit_grids
from number_audit.findings import Finding, Handled, Judgement, Treatment
from number_audit.reading.cells import read_cell
from number_audit.relations.printed import Printed, grid_of
from number_audit.selftest.measure import mutations, selftest

# It audits the whole edition, and changes every digit of it.
pytestmark = pytest.mark.slow
FOLDER = Path(__file__).resolve().parents[2] / "data" / "published" / "2025"


def printed_label(table: str, row: str) -> str:
    lines = (FOLDER / "tabeller" / f"{table}.csv").read_text(encoding="utf-8").splitlines()
    return next(line.split(";")[1] for line in lines if line.startswith(f"{row};"))


# Kind and place of what is wrong in print; each has been worked out by hand.
CONTRADICTIONS = {
    ("unreadable", "tabell 8.4, Takstrefusjoner, 2019"),
    ("unreadable", "tabell 8.5, Lister med næringsdrivende leger: Utjamningstilskudd, Sum"),
    ("shift", "tabell 8.6, kolonnen «2024»"),
    ("shift", "tabell 8.6, kolonnen «2025»"),
    ("header", "tabell 8.8, overskriften «2023-2024»"),
    ("header", "tabell 8.8, overskriften «2019-2024»"),
    ("header", "tabell 8.9, overskriften «2023-2024»"),
    ("header", "tabell 8.9, overskriften «2019-2024»"),
    ("sum", "tabell 8.11, Sum tilskudd, 2025"),
    ("same", "tabell 10.1, Antall leger med ALIS-avtale, 2024"),
    ("sum", "tabell 10.2, Total, Prosentvis andel 2024"),
    ("union", "tabell 10.4, Oslo, Antall unike leger 2024"),
    ("difference", "tabell 11.1, Gjenn.snitt listelengde- kun faste leger, 2023 kv4"),
    ("same", "tabell 11.1, Gjenn.snitt listelengde- kun faste leger, Tall per Mai 2026"),
    ("share", f"tabell 11.1, {printed_label('11.1', 'andel_fast_alle')}, 2019 Kv4"),
    ("same", "tabell 12.5, Konsultasjoner, 2020"),
    ("same", "tabell 12.5, Konsultasjoner, 2021"),
    ("same", "tabell 12.5, Konsultasjoner, 2022"),
}


@pytest.fixture(scope="module")
def audit() -> Audit:
    return audit_edition(FOLDER)


def of_tables(audit: Audit, verdict: Judgement) -> set[tuple[str, str]]:
    return {
        (item.kind, item.where) for item in audit.findings if item.verdict is verdict and item.kind != "text"
    }


def one(audit: Audit, where: str) -> Finding:
    return next(item for item in audit.findings if item.where.startswith(where))


def test_every_slip_is_found_and_nothing_else_is_called_one(audit: Audit) -> None:
    assert of_tables(audit, Judgement.CONTRADICTION) == CONTRADICTIONS


def test_what_the_source_leaves_open_is_doubtful(audit: Audit) -> None:
    """9.1 and 9.2 have populations of different dates; 11.1 does not say what its mean is the mean of."""
    assert {(kind, where[:11]) for kind, where in of_tables(audit, Judgement.DOUBTFUL)} == {
        ("population", "tabell 9.1,"),
        ("mean", "tabell 11.1"),
    }


@pytest.mark.parametrize(
    ("where", "explained"),
    [
        ("tabell 8.4, Takstrefusjoner", "et siffer er falt ut: 4 979"),
        ("tabell 8.5", "et fremmed tegn er kommet med: 86 429"),
        ("tabell 8.6, kolonnen «2025»", "én rad for høyt fra og med «Refusjoner»"),
        ("tabell 8.9, overskriften «2019-2024»", "I alle rader er de endringen fra 2019 til 2025"),
        ("tabell 8.11", "Styrking av legevaktjenesten i distriktskommuner, 2025 = 72,1 er ikke regnet med"),
        ("tabell 10.1", "2 328"),
        ("tabell 11.1, Gjenn.snitt listelengde- kun faste leger, 2023", "er skrevet av fra"),
        ("tabell 11.1, Andel fast ansatt av alle", "avrundet i to trinn: 14,49 til 14,5 til 15"),
        ("tabell 12.5", "begge tallene stemmer med resten av sin egen tabell"),
        (
            f"tabell 9.1, {printed_label('9.1', 'legeaarsverk')}, 2022",
            "regnet med folkemengden 2023 stemmer",
        ),
    ],
)
def test_each_is_explained(audit: Audit, where: str, explained: str) -> None:
    assert explained in one(audit, where).explanation.replace("\u00a0", " ")


def test_the_corrections_of_the_edition_are_recognised(audit: Audit) -> None:
    assert one(audit, "tabell 8.6, kolonnen «2024»").handled == Handled(
        Treatment.MENDED, "Kolonnen er forskjøvet."
    )
    assert one(audit, "tabell 8.11").behandling is Treatment.KEPT
    assert one(audit, "tabell 10.4").behandling is Treatment.ACCEPTED


def test_one_cause_for_what_one_slip_did(audit: Audit) -> None:
    headers = {item.cause for item in audit.findings if item.kind == "header"}
    assert headers == {f"overskriftene over endringer i tabell 8.{n}" for n in (8, 9)}


def test_the_same_tables_with_nothing_declared_give_no_false_alarm() -> None:
    edition = Printed(FOLDER)
    audit = audit_grids([grid_of(edition.table(key)) for key in edition.keys])
    found = of_tables(audit, Judgement.CONTRADICTION)
    root = {("difference", "tabell 11.1, Differanse gj.snitt. listetak-listelengde, 2023 kv4")}
    assert found - root <= CONTRADICTIONS
    assert len(found) >= 10


def edit(project: Path, name: str, old: str, new: str) -> Path:
    path = project / "data" / "published" / "2025" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path.parent if "/" not in name else path.parents[1]


def unhandled(folder: Path, where: str) -> list[Finding]:
    found = audit_edition(folder).findings
    return [item for item in found if not item.handled and item.where.startswith(where)]


def test_a_wrong_correction_is_a_finding(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ROOT_VARIABLE, str(project))
    folder = edit(project, "corrections.yml", 'use: "4 979"', 'use: "4 997"')
    errors = [item.kind for item in unhandled(folder, "tabell 8.4")]
    # What stood in print is not mended, and what stands in its place is wrong too.
    assert "unreadable" in errors
    assert len(errors) == 2


def test_at_least_95_of_100_changed_digits_are_found() -> None:
    result = selftest(FOLDER)
    assert result.share >= 95
    assert result.by_hold.percent("bestemt") >= 98
    assert result.by_table.percent("8.3") == 100
    related = result.cells["bestemt"] + result.cells["avgrenset"]
    assert related / result.cells.total() > 0.9
    assert len(result.missed) == result.by_table.tried.total() - result.by_table.found.total()
    assert all(miss.reason for miss in result.missed)


def test_a_change_within_the_numbers_own_rounding_is_not_tried() -> None:
    every = range(1, 10)
    assert {cell.text for cell in mutations(read_cell("18"), every)} >= {"28", "98", "16"}
    assert not {"17", "19", "08"} & {cell.text for cell in mutations(read_cell("18"), every)}
    assert "19" in {cell.text for cell in mutations(read_cell("18", exact=True), every)}
