"""One quantity at two places."""

from number_audit.claims.repeats import same_quantity
from number_audit.findings import Judgement
from tests.number_audit.claims.small import grid, report

YEARS = ["2022", "2023", "2024", "2025"]
FIRST = grid("4.1", "Besøk hos lege etter form", YEARS, {"Totalt": ["1 200", "1 310", "1 405", "1 500"]})


def second(*cells: str):
    return grid(
        "4.2", "Kontakter med lege", YEARS, {"Besøk": list(cells), "Telefon": ["10", "20", "30", "40"]}
    )


def test_two_tables_with_mostly_the_same_numbers_hold_one_quantity():
    other = second("1 200", "1 301", "1 405", "1 500")
    (finding,) = same_quantity(report(), [FIRST, other])
    assert finding.verdict is Judgement.CONTRADICTION
    assert finding.cells == ("tabell 4.1, Totalt, 2023 = 1 310", "tabell 4.2, Besøk, 2023 = 1 301")


def test_two_tables_that_agree_or_have_little_in_common_give_no_finding():
    assert same_quantity(report(), [FIRST, second("1 200", "1 310", "1 405", "1 500")]) == []
    assert same_quantity(report(), [FIRST, second("1 200", "1 401", "1 502", "1 603")]) == []


FILLER = [
    f"Avsnitt {word} handler om helt andre ting."
    for word in ("epler", "pærer", "bananer", "plommer", "druer")
] * 12


def findings(*texts: str):
    return [(item.where, item.cells) for item in same_quantity(report(*texts, *FILLER), ())]


def test_one_event_with_two_dates_is_found():
    assert findings(
        "Fra 1. januar 2025 ble refusjonsordningen for bibliotekarkonsultasjoner innført.",
        "Fra 1. januar 2026 kan bibliotekarer få refusjon for konsultasjoner.",
    ) == [("linje 1, avsnitt 3", ("linje 1 = 1. januar 2025", "linje 2 = 1. januar 2026"))]


def test_every_month_must_be_every_month():
    assert findings(
        "Antallet bibliotekarkonsultasjoner har økt hver måned siden oppstarten.",
        "Bibliotekarkonsultasjonene var 120 i januar, 150 i februar, 190 i mars og 185 i april 2026.",
    ) == [("linje 1, avsnitt 3", ("linje 1 = økt hver måned", "linje 2 = 190 og så 185"))]


def test_one_course_that_goes_two_ways_is_found():
    found = findings(
        "Fra 2024 til 2025 gikk utlånet av lydbøker ned.",
        "Fra 2024 til 2025 var utlånet av lydbøker uendret.",
    )
    assert found == [("linje 1, avsnitt 3", ("linje 1 = ned, 2024–2025", "linje 2 = uendret, 2024–2025"))]


def test_a_zero_is_compared_with_nothing():
    texts = [f"I 2025 var det {number} nye verneverdige fyrstasjoner i Lofoten." for number in ("0", "10")]
    assert findings(*texts) == findings(*reversed(texts)) == []
