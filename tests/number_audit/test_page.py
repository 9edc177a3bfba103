"""The audit on a page."""

from number_audit.findings import UNHANDLED, Finding, Handled, Judgement, Treatment
from number_audit.page import ShownFindings


def finding(where: str, cause: str, explanation: str = "x", handled: Handled = UNHANDLED) -> Finding:
    return Finding("sum", where, (), "7", Judgement.DOUBTFUL, explanation, cause=cause, handled=handled)


def test_findings_of_one_cause_are_one_entry_with_the_others_below() -> None:
    years = [finding(f"tabell 1.1, Sum, {year}", "raden «Sum»") for year in (2024, 2025)]
    other = finding("tabell 1.2, Sum, 2025", "", "1 000 av 9", Handled(Treatment.MENDED, "ja"))
    first, second = ShownFindings("funn", (*years, other)).payload.findings
    assert (first.where, first.others) == ("Tabell 1.1, Sum, 2024", ("Tabell 1.1, Sum, 2025: x",))
    assert (second.explanation, second.handled, second.others) == (
        "1\u00a0000 av 9",
        "Rettet: ja",
        (),
    )
