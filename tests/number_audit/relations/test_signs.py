"""Signs in an edition: what the parts contradict, and what the neighbours give away."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from number_audit.audit import audit_edition
from number_audit.findings import Finding, Judgement

HEAD = 'path: "{0}.csv"\nname: t\nnumber: "{0}"\ntitle: T\nunit: personer\nstub: Gruppe\nsources: [KUHR]\n'
YEARS = "columns: [{years: 2024-2025}]\nexact: true\n"
TOTAL = YEARS + "rows: {tot: {kind: total, relation: {sum: [a, b, c]}}}\n"


@pytest.fixture
def found(tmp_path: Path) -> Callable[..., list[Finding]]:
    """What an edition of some tables, printed and described, is found to have wrong."""

    def made(*tables: tuple[str, str]) -> list[Finding]:
        folder = tmp_path / "published" / "2025"
        (folder / "tabeller").mkdir(parents=True, exist_ok=True)
        for number, (printed, descriptor) in enumerate(tables, start=1):
            key = folder / "tabeller" / f"9.{number}"
            columns = "2024;2025" if "share" not in descriptor else "2024;2025;andel"
            Path(f"{key}.csv").write_text(f"rad;navn;{columns}\n{printed}", encoding="utf-8")
            Path(f"{key}.yml").write_text(HEAD.format(f"9.{number}") + descriptor, encoding="utf-8")
        return list(audit_edition(folder).findings)

    return made


def places(findings: list[Finding]) -> set[tuple[str, str]]:
    return {(item.kind, item.where.removeprefix("tabell ")) for item in findings}


@pytest.mark.parametrize("sign", ["..", "."])
def test_a_sign_where_the_parts_give_a_number_is_doubtful_and_says_the_number(found, sign: str) -> None:
    (finding,) = found((f"a;A;10;1\nb;B;2;3\nc;C;20;21\ntot;I alt;{sign};25\n", TOTAL))
    assert (finding.kind, finding.verdict) == ("sign", Judgement.DOUBTFUL)
    assert finding.explanation == f"«{sign}» er trykt, men delene gir 32."


def test_a_hidden_total_of_shown_parts_is_given_away_and_not_told(found) -> None:
    (finding,) = found(("a;A;10;1\nb;B;2;3\nc;C;20;21\ntot;I alt;:;25\n", TOTAL))
    assert (finding.kind, finding.low, finding.high) == ("given_away", None, None)
    assert "32" not in f"{finding.explanation}{finding.cells}"


@pytest.mark.parametrize(
    ("parts", "given_away"),
    [
        ((":", "2", "20"), {"A"}),  # 32 − 2 − 20
        ((":", ":", "20"), set()),  # each from 0 to 12
        ((":", ":", "29"), {"A", "B"}),  # each from 0 to 3: less is left than the sign leaves
        ((":", ":", "27"), set()),  # each from 0 to 5
    ],
)
def test_a_hidden_part_is_given_away_by_what_is_left_of_the_total(found, parts, given_away) -> None:
    rows = "".join(f"{key};{key.upper()};{cell};8\n" for key, cell in zip("abc", parts, strict=True))
    findings = found((f"{rows}tot;I alt;32;24\n", TOTAL))
    assert places(findings) == {("given_away", f"9.1, {row}, 2024") for row in given_away}


def test_shown_parts_above_the_total_leave_nothing_for_the_hidden_one(found) -> None:
    (finding,) = found(("a;A;:;1\nb;B;2;3\nc;C;40;21\ntot;I alt;32;25\n", TOTAL))
    assert "ikke noe tall som det kan være" in finding.explanation


def test_a_number_hidden_in_one_table_and_shown_in_another_is_given_away(found) -> None:
    other = YEARS + "rows: {x: {relation: {same: 9.1/a}}}\n"
    findings = found((("a;A;:;1\nb;B;7;3\n"), YEARS), ("x;A;6;1\n", other))
    assert places(findings) == {("given_away", "9.1, A, 2024")}
    assert all("6" not in text for item in findings for text in (item.explanation, *item.cells))


def test_a_share_gives_away_its_part(found) -> None:
    share = (
        "columns: [{years: 2024-2025}, {key: andel, header: andel, unit: prosent, decimals: 1, "
        "relation: {share: ['2024', '2025']}}]\nexact: true\n"
    )
    assert places(found(("a;A;:;200;11,5\nb;B;50;200;25,0\n", share))) == {("given_away", "9.1, A, 2024")}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 60), min_size=3, max_size=3), st.integers(0, 2))
def test_one_hidden_part_is_always_given_away_and_never_told(found, numbers: list[int], place: int) -> None:
    shown = [":" if i == place else str(number) for i, number in enumerate(numbers)]
    rows = "".join(f"{key};{key};{cell};1\n" for key, cell in zip("abc", shown, strict=True))
    findings = found((f"{rows}tot;I alt;{sum(numbers)};3\n", TOTAL))
    assert places(findings) == {("given_away", f"9.1, {'abc'[place]}, 2024")}
    assert not any(char.isdigit() for char in findings[0].explanation)
