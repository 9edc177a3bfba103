"""Numbers of the text against the tables that they come from."""

from pathlib import Path

import pytest

from analysis_lib.data.cells import parse_cell
from analysis_lib.data.facts import Fact
from analysis_lib.errors import DataFeil
from number_audit.audit import audit_edition
from number_audit.relations.printed import Printed, Texts, fact_equations, spoken

EDITION = Path(__file__).parents[3] / "data" / "published" / "2025"


def fact(printed: str, label: str, unit: str = "personer") -> Fact:
    return Fact("x", parse_cell(printed), unit, "2025", label, "FLO", "avsnitt 1.1")


@pytest.mark.parametrize(
    ("printed", "unit", "label", "allows"),
    [
        ("18,6", "mrd. kroner", "Utgifter", "[18.55, 18.65)"),
        ("45 000", "personer", "Nedgang, avrundet", "[44500, 45500)"),
        ("250", "1000 personer", "Vekst", "[245, 255)"),
        ("16 000", "pasientkontakter", "Kontakter (over)", "(16000, 20000]"),
        ("87", "prosent", "Andel (om lag)", "[82.65, 91.35]"),
    ],
)
def test_what_a_number_in_text_allows(printed: str, unit: str, label: str, allows: str) -> None:
    assert str(spoken(fact(printed, label, unit)).interval) == allows


@pytest.mark.slow
def test_the_text_that_its_own_tables_contradict() -> None:
    found = {
        finding.where.partition(", ")[2]: (finding.printed, float(finding.low or 0))
        for finding in audit_edition(EDITION).findings
        if finding.kind == "text" and finding.verdict == "contradiction"
    }
    assert found["Vekst i konsultasjoner hos fastlege, 2019–2025"] == (
        "13,7",
        pytest.approx(15.84, abs=0.001),
    )
    assert found["Tilskudd til ALIS-avtaler, 2025"] == ("582", 551.5)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{fact: 12/finnes_ikke, relation: {same: [12.1/total/2025]}}", "faktumet «finnes_ikke» finnes ikke"),
        ("{fact: 12/mill_2025, relation: {same: [12.1/totl/2025]}}", "Mente du «total»?"),
        ("{fact: 12/mill_2025, relation: {lik: [12.1/total/2025]}}", "operation"),
        ("{fact: 12/mill_2025, relation: {same: [total]}}", "Ventet tabell/rad/kolonne."),
        ("{fact: 12/mill_2025, relation: {same: total}}", "Ventet tabell/rad/kolonne."),
        ("12/mill_2025", "oppføring 1: «12/mill_2025» er ikke felter med navn"),
    ],
)
def test_a_line_that_names_nothing(line: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "sammenhenger.yml"
    path.write_text(f"- {line}\n", encoding="utf-8")
    with pytest.raises(DataFeil, match=message.replace("?", r"\?")):
        fact_equations(Printed(EDITION), Texts(EDITION), path)
