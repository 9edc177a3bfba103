"""Tables of which nothing is known: what they confirm of themselves may accuse, a guess may not."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis_lib.data.norwegian import format_number
from analysis_lib.indicators.arithmetic import change_pct
from number_audit.audit import audit_grids
from number_audit.document import Grid
from number_audit.findings import Finding, Judgement
from number_audit.relations.guess import guessed_web

Table = Callable[..., Grid]


def kinds(*grids: Grid) -> set[str]:
    return {item.kind for item in guessed_web(grids).equations}


def findings(*grids: Grid) -> list[tuple[str, str, Judgement]]:
    return [(item.kind, item.where, item.verdict) for item in audit_grids(grids).findings]


def only(*grids: Grid) -> Finding:
    (found,) = audit_grids(grids).findings
    return found


BLOCKS = """
    Basisfinansiering 2025. Tall i 1000 kroner
                        | Med lege | Uten lege | Sum
    Ansatte             |        |       |
    Grunntilskudd       | 21 096 | 6 347 | 27 443
    Delsum sentralitet  | 37 954 | 3 250 | 41 204
    Sum ansatte         | 59 050 | 9 597 | 68 647
    Næringsdrivende     |        |       |
    Grunntilskudd       | 25 072 | 3 847 | 28 919
    Delsum sentralitet  | 41 391 | 2 360 | 43 751
    Sum næringsdrivende | 66 463 | 6 207 | 72 670
    Alle lister         |        |       |
    Grunntilskudd       | 46 168 | 10 194 | 56 362
    Delsum sentralitet  | 79 345 | 5 610 | 84 955
    Sum alle lister     | 125 513 | 15 804 | 141 317
"""


def test_sums_of_blocks_of_subtotals_and_across(table: Table) -> None:
    assert findings(table(BLOCKS)) == []
    wrong = only(table(BLOCKS.replace("72 670", "72 760")))
    assert (wrong.where, wrong.verdict) == ("tabell 1.1, Sum næringsdrivende, Sum", Judgement.CONTRADICTION)


WITHOUT_A_ROW = """
    Utlån
          | 2021  | 2022  | 2023  | 2024
    Bøker | 1 200 | 1 312 | 1 350 | 1 400
    Filmer| 310   | 331   | 345   | 362
    Sum   | 1 615 | 1 741 | 1 815 | 1 893
"""


def test_a_sum_that_its_terms_always_fall_short_of_has_lost_one(table: Table) -> None:
    finding = only(table(WITHOUT_A_ROW))
    assert (finding.where, finding.verdict) == ("tabell 1.1, Sum, 2024", Judgement.DOUBTFUL)
    assert "Delene er for små 4 steder" in finding.explanation
    assert "et ledd utelatt" in finding.explanation


@pytest.mark.parametrize("other", ["1 215", "9 615"])
def test_terms_that_exceed_a_sum_once_or_are_little_of_it_are_not_its_terms(table: Table, other: str) -> None:
    assert findings(table(WITHOUT_A_ROW.replace("1 615", other))) == []


@pytest.mark.parametrize(("total", "found"), [("22", []), ("52", [("sum", "tabell 1.1, Sum, 2024")])])
def test_a_sum_that_the_column_beside_it_confirms(table: Table, total: str, found: list[object]) -> None:
    two = f"""
        Leger
                | 2024    | 2025
        Kvinner | 12      | 14
        Menn    | 10      | 11
        Sum     | {total} | 25
    """
    assert findings(table(two)) == [(*item, Judgement.DOUBTFUL) for item in found]


def test_shares_of_a_row_are_not_summed_down_the_rows(table: Table) -> None:
    text = """
        Utgifter til legevakt, mill. kroner
                   | Kroner: Fast | Kroner: Næring | Kroner: Totalt | Andel: Fast | Andel: Næring
        Refusjoner | 424 | 483 | 907   | 46,7 | 53,3
        Betaling   | 140 | 135 | 275   | 50,9 | 49,1
        Totalt     | 564 | 618 | 1 182 | 47,7 | 52,3
    """
    assert {"sum", "share"} <= kinds(table(text))
    assert findings(table(text)) == []
    assert only(table(text.replace("907", "970"))).where == "tabell 1.1, Refusjoner, Totalt"


YEARS = """
    Avtalte årsverk
         | Kommunene: Årsverk | Kommunene: Endr. siste år | Kommunene: % endr. | Totalt: Årsverk
    2015 | 5 324 |     |     | 20 513
    2016 | 5 464 | 141 | 2,6 | 21 106
    2017 | 5 698 | 234 | 4,3 | 21 881
    2018 | 5 840 | 142 | 2,5 | 22 551
    2019 | 5 972 | 132 | 2,3 | 23 178
    2015-2019 |  | 648 | 12,2 |
"""


@pytest.mark.parametrize(
    ("old", "new", "kind", "where"),
    [
        ("234", "243", "difference", "tabell 1.1, 2017, Endr. siste år"),
        ("2,5", "3,5", "change", "tabell 1.1, 2018, % endr."),
        ("648", "684", "difference", "tabell 1.1, 2015-2019, Endr. siste år"),
    ],
)
def test_changes_down_the_years(table: Table, old: str, new: str, kind: str, where: str) -> None:
    assert findings(table(YEARS)) == []
    assert findings(table(YEARS.replace(old, new))) == [(kind, where, Judgement.CONTRADICTION)]


CURRENT = """
    Utgifter, løpende priser
          | 2023   | 2024   | 2025   | Prosent: 2024-2025
    Lege  | 14 192 | 15 353 | 16 205 | 5,5
    LIS   | 232    | 244    | 267    | 9,1
    Vakt  | 1 082  | 1 135  | 1 183  | 4,1
    Annet | 836    | 931    | 918    | -1,5
"""
CONSTANT = """
    Utgifter, faste priser
          | 2023   | 2024   | 2025   | Prosent: 2024-2025
    Lege  | 15 482 | 16 121 | 16 205 | 0,5
    LIS   | 254    | 257    | 267    | 3,9
    Vakt  | 1 181  | 1 192  | 1 183  | -0,8
    Annet | 913    | 978    | 918    | -6,2
"""


def test_current_and_constant_prices_share_a_deflator(table: Table) -> None:
    current, constant = table(CURRENT, "1.1"), table(CONSTANT, "1.2")
    assert "constant_prices" in kinds(current, constant)
    assert findings(current, constant) == []
    wrong = only(current, table(CONSTANT.replace("913", "931"), "1.2"))
    assert (wrong.kind, wrong.where) == ("constant_prices", "tabell 1.2, Annet, 2023")
    assert "to sifre har byttet plass: 913" in wrong.explanation


def test_per_inhabitant_through_one_population(table: Table) -> None:
    each = """
        Utgifter per innbygger, løpende priser
              | 2023 | 2024 | 2025
        Lege  | 2585 | 2766 | 2897
        LIS   | 42   | 44   | 48
        Vakt  | 197  | 205  | 211
        Annet | 152  | 168  | 164
    """
    amounts = table(CURRENT, "1.1")
    assert findings(amounts, table(each, "1.2")) == []
    wrong = only(amounts, table(each.replace("2766", "2866"), "1.2"))
    assert (wrong.kind, wrong.where) == ("population", "tabell 1.2, Lege, 2024")


SHARES = """
    Leger etter stilling
             | Andel 2025 | Antall 2025
    Fastlege | 59,6  | 1 603
    Vikar    | 21,0  | 564
    Kommunal | 17,1  | 461
    Intro    | 2,3   | 61
    Totalt   | 100,0 | 2 689
"""


def test_shares_of_the_column_beside(table: Table) -> None:
    assert "share_of_column" in kinds(table(SHARES))
    assert findings(table(SHARES)) == []
    found = audit_grids([table(SHARES.replace("21,0", "12,0"))]).findings
    assert {item.where for item in found} == {"tabell 1.1, Vikar, Andel 2025"}


def test_answers_in_per_cent_sum_to_100(table: Table) -> None:
    text = """
        Svar i prosent
             | Ja | Nei | Vet ikke
        2023 | 74 | 23  | 3
        2024 | 72 | 26  | 2
        2025 | 71 | 25  | 3
        2026 | 70 | 27  | 3
    """
    assert "parts" in kinds(table(text))
    assert findings(table(text)) == []
    assert findings(table(text.replace("26  | 2", "62  | 2")))[0][2] is Judgement.CONTRADICTION


def test_an_index_row(table: Table) -> None:
    text = """
        Konsultasjoner
               | 2021  | 2022  | 2023  | 2024  | 2025
        Antall | 1 250 | 1 300 | 1 375 | 1 500 | 1 450
        Indeks | 100   | 104   | 110   | 120   | 116
    """
    assert "index" in kinds(table(text))
    assert findings(table(text)) == []
    assert findings(table(text.replace("| 120", "| 102"))) == [
        ("index", "tabell 1.1, Indeks, 2024", Judgement.CONTRADICTION)
    ]


def test_a_part_that_exceeds_its_whole_is_doubtful_however_sure_it_looks(table: Table) -> None:
    text = """
        Leger med tilskudd
              | Med avtale 2024 | Antall unike 2024
        Agder | 145 | 146
        Oslo  | 295 | 291
        Troms | 100 | 100
        Viken | 304 | 309
    """
    assert findings(table(text)) == [("at_most", "tabell 1.1, Oslo, Med avtale 2024", Judgement.DOUBTFUL)]


def test_a_denominator_is_never_guessed_into_an_error(table: Table) -> None:
    text = """
        Lister
                               | 2022  | 2023  | 2024  | 2025
        Antall lister          | 5 010 | 5 614 | 5 806 | 5 937
        Lister med ansatte     | 726   | 1 233 | 1 311 | 1 349
        Andel ansatt (prosent) | 14,5  | 22,0  | 22,6  | 27,2
    """
    assert findings(table(text)) == [
        ("share", "tabell 1.1, Andel ansatt (prosent), 2025", Judgement.DOUBTFUL)
    ]


def test_a_percentage_that_so_few_cannot_give(table: Table) -> None:
    """Of 7 answers none, one, two … are 0, 14, 29 … per cent; 30 is not among them."""
    text = """
        Fornøyde pasienter
               | N  | Andel
        Alta   | 7  | 29
        Bodø   | 12 | 42
        Moss   | 9  | 67
        Narvik | 11 | 55
    """
    assert "possible" in kinds(table(text))
    assert findings(table(text)) == []
    assert findings(table(text.replace("29", "30"))) == [
        ("possible", "tabell 1.1, Alta, Andel", Judgement.DOUBTFUL)
    ]


def test_a_change_taken_from_another_table(table: Table) -> None:
    wrong = only(table(CURRENT.replace("| 4,1", "| -0,8"), "1.1"), table(CONSTANT, "1.2"))
    assert wrong.where == "tabell 1.1, Vakt, 2024-2025"
    assert "tallet er det som står i tabell 1.2, Vakt, 2024-2025" in wrong.explanation


def test_the_same_row_in_two_tables(table: Table) -> None:
    first = "A\n | 2022 | 2023 | 2024 | 2025\nTotalt | 1 420 848 | 1 358 165 | 1 432 145 | 1 438 131"
    second = first.replace("Totalt", "Konsultasjoner")
    assert kinds(table(first, "1.1"), table(second, "1.2")) == {"same"}
    wrong = only(table(first, "1.1"), table(second.replace("1 358 165", "1 354 087"), "1.2"))
    assert (wrong.kind, wrong.verdict) == ("same", Judgement.CONTRADICTION)


def test_a_total_that_is_no_sum_of_what_stands_above_is_left_in_peace(table: Table) -> None:
    text = """
        De vanligste diagnosene
               | 2023  | 2024  | 2025
        R74    | 545   | 560   | 571
        P02    | 439   | 420   | 433
        Totalt | 9 545 | 9 302 | 9 411
    """
    assert kinds(table(text)) == set()


def test_a_sum_that_holds_in_half_of_the_years_makes_the_others_doubtful(table: Table) -> None:
    text = """
        Utgifter
               | 2020  | 2021  | 2022  | 2023  | 2024  | 2025
        Lege   | 1 000 | 1 100 | 1 200 | 1 300 | 1 400 | 1 500
        Vakt   | 500   | 510   | 520   | 530   | 540   | 550
        Totalt | 1 500 | 1 610 | 1 720 | 1 980 | 2 090 | 2 200
    """
    found = {(where, verdict) for _, where, verdict in findings(table(text))}
    assert found == {(f"tabell 1.1, Totalt, {year}", Judgement.DOUBTFUL) for year in (2023, 2024, 2025)}


def test_counts_are_exact_where_every_sum_says_so(table: Table) -> None:
    """Rounded terms leave room for 1 and 2 in a sum of two; counts leave none."""
    rows = [(1_253_618 + 97 * n, 47_811 + 13 * n) for n in range(6)]
    lines = [
        " | ".join([name, *texts]) for name, texts in zip(("A", "B", "Totalt"), _columns(rows), strict=True)
    ]
    text = "\n".join(["Antall konsultasjoner", " | " + " | ".join(str(2019 + n) for n in range(6)), *lines])
    assert findings(table(text)) == []
    total = str(sum(rows[2]))
    assert len(findings(table(text.replace(total, str(int(total) + 1))))) == 1


def test_a_sum_off_by_one_is_rounding_where_nothing_is_counted(table: Table) -> None:
    text = """
        Utgifter i mill. kroner
               | 2023 | 2024 | 2025
        Lege   | 101  | 202  | 303
        Vakt   | 50   | 61   | 72
        Totalt | 151  | 264  | 375
    """
    assert findings(table(text)) == []


def test_relations_that_could_not_have_failed_confirm_nothing(table: Table) -> None:
    """A rounded 1 of a rounded 4 is anything from 10 to 50 per cent: three such do not vouch for a fourth."""
    text = """
        Saker
             | Andel | Antall
        Alta | 20    | 1
        Bodø | 30    | 1
        Moss | 25    | 1
        Oslo | 90    | 1
    """
    assert findings(table(text)) == []


def _columns(rows: list[tuple[int, int]]) -> list[list[str]]:
    return [[str(a) for a, _ in rows], [str(b) for _, b in rows], [str(a + b) for a, b in rows]]


cell = st.integers(0, 10**6)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.lists(st.lists(cell, min_size=4, max_size=4), min_size=2, max_size=5), st.integers(0, 3))
def test_no_table_of_true_numbers_is_accused(table: Table, rows: list[list[int]], places: int) -> None:
    """Numbers in thousandths, summed and then rounded, with the change in per cent from true numbers."""
    sums = [*rows, [sum(column) for column in zip(*rows, strict=True)]]
    lines = []
    for name, numbers in zip([*"ABCDE"[: len(rows)], "Totalt"], sums, strict=True):
        printed = [format_number(Fraction(number, 1000), places) for number in numbers]
        change = (
            ""
            if numbers[0] == 0
            else format_number(change_pct(Fraction(numbers[0]), Fraction(numbers[3])), 1)
        )
        lines.append(" | ".join([name, *printed, change]))
    text = "\n".join(["Utgifter", " | 2022 | 2023 | 2024 | 2025 | Endring i prosent: 2022-2025", *lines])
    contradictions = [item for item in audit_grids([table(text)]).findings if item.kind != "unreadable"]
    assert [item.explanation for item in contradictions if item.verdict is Judgement.CONTRADICTION] == []


def test_a_total_that_stands_first_is_the_sum_of_what_follows(table) -> None:
    audit = audit_grids(
        [
            table(
                """Leger. Antall
                Gruppe | 2023 | 2024 | 2025
                I alt | 660 | 690 | 725
                Sum menn | 330 | 340 | 356
                Yngre menn | 120 | 130 | 131
                Eldre menn | 210 | 210 | 225
                Sum kvinner | 330 | 350 | 369
                Yngre kvinner | 200 | 210 | 219
                Eldre kvinner | 130 | 140 | 158"""
            )
        ]
    )
    assert [item.where for item in audit.findings] == ["tabell 1.1, Sum kvinner, 2025"]
