"""What stops an audit and a build, in words."""

from __future__ import annotations

from number_audit.claims import CheckedClaim, ClaimVerdict, contradictions
from number_audit.findings import (
    UNHANDLED,
    CheckKind,
    Finding,
    Handled,
    Judgement,
    Treatment,
    at_line,
    of_edition,
    of_text,
)


def finding(where: str, handled: Handled = UNHANDLED) -> Finding:
    return Finding("sum", where, (), "1", Judgement.CONTRADICTION, "Delene gir 2.", handled=handled)


def test_five_are_named_and_the_rest_counted() -> None:
    (paragraph,) = of_text([finding(f"tabell 1.{n}") for n in range(1, 8)], "Rett teksten:")
    head, *named, more = paragraph.splitlines()
    assert (head, len(named), more) == ("7 motsigelser. Rett teksten:", 5, "  … og 2 til")
    assert named[0].endswith(": tabell 1.1: Delene gir 2.")


def test_a_reason_that_fits_nothing_is_offered_a_finding_without_one() -> None:
    known, new = finding("tabell 1.1", Handled(Treatment.ACCEPTED, "Kjent.")), finding("tabell 1.2")
    almost_known = f"{known.id[:-1]}_"
    _, paragraph = of_edition([known, new], [almost_known])
    assert (new.id in paragraph, known.id in paragraph) == (True, False)
    (paragraph,) = of_edition([known], [almost_known])
    assert f"Mente du «{known.id}»?" in paragraph


def test_ids_are_those_that_audit_yml_names() -> None:
    """An id hashes kind, place and print: where any of these strings changes, reasons lose their finding."""
    at_text = at_line(CheckKind.MISSING_TARGET, 1224, "figur 2.7", "")
    said = "tabell 12.2, Total: endring i prosent, 2019–2025"
    claim = CheckedClaim(1976, said, "13,7 prosent", "", ClaimVerdict.CONTRADICTION)
    in_table = Finding("sum", "tabell 8.11, Sum tilskudd, 2025", (), "918", Judgement.CONTRADICTION, "")
    assert [found.id for found in (at_text, *contradictions([claim]), in_table)] == [
        "missing_target-3ff202",
        "claim-a47fb5",
        "sum-ab3bb0",
    ]
