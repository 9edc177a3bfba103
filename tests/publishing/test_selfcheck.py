"""What the report checks of itself: texts, formulas, words and files; every check sees its planted fault."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from analysis_lib.data.interval import Interval
from analysis_lib.errors import KontrollFeil
from analysis_lib.indicators import arithmetic as arith
from analysis_lib.indicators.arithmetic import evaluate
from analysis_lib.indicators.edition import Edition
from analysis_lib.indicators.series import andel, differanse, endring
from analysis_lib.indicators.values import PrintVerdict, Value
from analysis_lib.present.numbers import format_number, format_value
from analysis_lib.present.payload import Payload, from_json, to_json
from analysis_lib.present.prose import bind
from analysis_lib.present.register import Entry, entry
from analysis_lib.present.tables import ShownTable
from number_audit.audit import Audit
from number_audit.findings import UNHANDLED, Finding, Handled, Judgement, Treatment, of_edition
from publishing.book.assemble import Block, ChapterPage
from publishing.book.ledger import Registered, full_register, make_ledger
from publishing.book.outputs import write_datapackage
from publishing.book.workbook import write_workbook
from publishing.definition import Report
from publishing.run.plan import Plan
from publishing.selfcheck.files import wrong_package, wrong_pages, wrong_workbook
from publishing.selfcheck.formulas import two_values, wrong_numbers
from publishing.selfcheck.inspect import Inspection
from publishing.selfcheck.texts import fault, several_numbers, showings, wrong_texts
from publishing.selfcheck.words import wrong_words

EDITION = Edition(2025)
T81 = ShownTable(EDITION, "8.1")
M = TypeVar("M", bound=BaseModel)
REPORT = Report("prøve", "Prøve", "", "2025", "utkast", "", ())


def page(template: str) -> ChapterPage:
    """A chapter with a sentence about the growth, and table 8.1."""
    vekst = endring(T81["totalt", 2024], T81["totalt", 2025])
    nedgang = endring(T81["tilskudd", 2024], T81["tilskudd", 2025])
    prose = bind(template, {"t": T81, "vekst": vekst, "nedgang": nedgang}).payload
    return chapter_of(prose, T81.payload)


def chapter_of(*payloads: Payload) -> ChapterPage:
    """A chapter as it comes from the executed notebook."""
    copies = [from_json(json.loads(json.dumps(to_json(payload))), "") for payload in payloads]
    return ChapterPage("utgifter", "8", "Utgifter", [Block(copy, "avsnitt 8.1") for copy in copies])


def altered(model: M, change: Callable[[dict[str, Any]], object]) -> M:
    """The same with something changed, as a program that writes the file would."""
    raw = model.model_dump(mode="json")
    change(raw)
    return type(model).model_validate(raw)


def with_table(chapter: ChapterPage, change: Callable[[dict[str, Any]], object]) -> ChapterPage:
    """The same chapter with something changed in its table."""
    text, table = chapter.blocks
    return replace(chapter, blocks=[text, Block(altered(table.payload, change), table.section)])


def test_a_fact_is_told_its_own_register_and_not_those_of_its_file() -> None:
    facts = {name: EDITION.fact("13", name) for name in ("vanedannende_2025", "strategimaal")}
    register = full_register([chapter_of(bind("{vanedannende_2025} {strategimaal}", facts).payload)])
    told = [
        [register.sources[i].register for i in register.numbers[fact.ref].sources] for fact in facts.values()
    ]
    assert told == [["Legemiddelregisteret"], ["Nasjonal strategi"]]


@pytest.fixture
def chapter() -> ChapterPage:
    return page("Utgiftene {vekst:økte|falt} {vekst:prosent}, til {t['totalt', 2025]:mrd}.")


def numbers(chapter: ChapterPage) -> dict[str, Registered]:
    return dict(full_register((chapter,)).numbers)


def test_an_untouched_chapter_has_no_fault(chapter: ChapterPage) -> None:
    shown, known = list(showings([chapter])), numbers(chapter)
    assert len(shown) > 40
    assert list(wrong_texts(shown, known)) == []
    assert list(several_numbers(shown, known)) == []
    assert list(wrong_numbers(known)) == []
    assert list(two_values([chapter])) == []


@pytest.mark.parametrize(
    ("text", "form", "why"),
    [
        ("18,6\u00a0mrd.\u00a0kroner", "mrd", ""),
        ("18\u00a0572\u00a0mill.\u00a0kroner", "mill", ""),
        ("18\u00a0572", "tall", ""),
        ("18,5\u00a0mrd.\u00a0kroner", "mrd", "avrundet"),
        ("18,57\u00a0mrd.\u00a0kroner", "mrd", "2 desimaler, ventet 1"),
        ("18,6\u00a0mill.\u00a0kroner", "mill 1", "avrundet"),
        ("−18\u00a0572", "tall", "avrundet"),
        ("økte", "falt|økte", "tallet gir «falt»"),
        ("økte", "endring økte|falt mrd 1", ""),
        ("falt", "endring økte|falt mrd 1", "tallet gir «økte»"),
        ("økte utgiften", "endring økte|falt «utgiftene» mrd", "tallet gir «økte utgiftene»"),
        ("mye", "tall", "er ikke et tall"),
    ],
)
def test_a_text_is_read_back_as_a_reader_would(text: str, form: str, why: str) -> None:
    found = fault(text, form, Fraction(18572), "mill. kroner", 0)
    assert (why in found) if why else found == ""


def test_a_number_that_is_not_known_is_not_shown() -> None:
    assert fault("..", "tall", None, "mill. kroner", 0) == ""
    assert "tallet er ikke kjent" in fault("18\u00a0572", "tall", None, "mill. kroner", 0)


def test_what_rounds_to_zero_as_it_is_shown_has_no_direction() -> None:
    small = Fraction(2, 5)
    assert fault("var uendret", "endring økte|falt prosent 0", small, "prosent", 1) == ""
    assert "tallet gir «var uendret»" in fault("økte", "endring økte|falt prosent 0", small, "prosent", 1)
    assert fault("økte", "endring økte|falt prosent", small, "prosent", 1) == ""


@given(
    st.fractions(-(10**7), 10**7, max_denominator=1000),
    st.integers(0, 3),
    st.sampled_from(["", "abs", "fortegn"]),
)
def test_only_the_rounded_number_passes(point: Fraction, decimals: int, modifier: str) -> None:
    form = f"tall {decimals} {modifier}"
    text = format_value(given_value(point), form)
    assert fault(text, form, point, "leger", 0) == ""
    off = abs(point) if modifier == "abs" else point
    wrong = format_number(off + Fraction(2, 10**decimals), decimals)
    assert fault(wrong, form, point, "leger", 0) != ""


def given_value(point: Fraction) -> Value:
    origin = T81["totalt", 2025].origin
    return Value("x", "X", T81["totalt", 2025].kind, point, Interval.exact(point), "leger", 0, origin)


@given(*[st.fractions(1, 1000, max_denominator=10)] * 2)
def test_a_formula_gives_what_the_function_gave(old: Fraction, new: Fraction) -> None:
    formula = "({1} / {0} − 1) × 100"
    assert evaluate(formula, [old, new]) == arith.change_pct(old, new)
    ends = Interval.exact(old), Interval.exact(new)
    assert evaluate(formula, ends) == arith.change_pct(*ends)


@pytest.mark.parametrize("formula", ["{0} ** 2", "open('x')", "{2} + 1", "{0} +"])
def test_what_is_no_formula(formula: str) -> None:
    with pytest.raises(ValueError, match="«"):
        evaluate(formula, [Fraction(1)])


@pytest.mark.parametrize("cell", [("totalt", 2025), ("tilskudd", 2025), ("totalt", "endring_siste")])
def test_exact_numbers_survive_the_journey(cell: tuple[str, str | int]) -> None:
    value = T81[cell]
    there = Entry.model_validate_json(entry(value).model_dump_json())
    assert there == entry(value)
    assert (there.exact.point, there.exact.interval) == (value.point, value.interval)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda e: e["exact"].update(point="51359/10000"), "formelen gir 5,135935, men tallet er 5,1359"),
        (lambda e: e["exact"].update(point="99"), "utenfor det som avrundingen tillater"),
        (lambda e: e["exact"].update(interval=["5", "6", False, False]), "formelen gir"),
        (lambda e: e["exact"].update(formula="({0} / {1} − 1) × 100"), "formelen gir −4,885042"),
        (lambda e: e["exact"].update(formula="({9} / {0} − 1) × 100"), "kan ikke regnes ut"),
        (lambda e: e.update(terms=e["terms"][:1]), "kan ikke regnes ut"),
    ],
)
def test_a_number_that_its_formula_does_not_give(
    chapter: ChapterPage, change: Callable[[dict[str, Any]], None], why: str
) -> None:
    known = numbers(chapter)
    ref = endring(T81["totalt", 2024], T81["totalt", 2025]).ref
    known[ref] = altered(known[ref], change)
    (found,) = wrong_numbers(known)
    assert why in found.explanation


def test_a_number_held_against_print_is_allowed_by_its_parts(chapter: ChapterPage) -> None:
    known = numbers(chapter)
    ref = T81["totalt", 2025].ref
    assert known[ref].verdict is PrintVerdict.REPRODUCED
    known[ref] = altered(known[ref], lambda e: e["exact"].update(formula="{0} + {1}"))
    assert T81["totalt", 2025].label in {found.cells[0].split(" = ")[0] for found in wrong_numbers(known)}


def first_cell(table: dict[str, Any]) -> dict[str, Any]:
    return table["rows"][0]["cells"][0]


def test_a_chapter_may_show_more_decimals_than_another(chapter: ChapterPage) -> None:
    def finer(table: dict[str, Any]) -> None:
        first_cell(table)["text"] = "10\u00a0354,0"

    def finer_by_its_own_decimals(table: dict[str, Any]) -> None:
        finer(table)
        table["numbers"][first_cell(table)["ref"]]["exact"]["decimals"] = 1

    known = numbers(chapter)
    assert len(list(wrong_texts(showings([chapter, with_table(chapter, finer)]), known))) == 1
    other = with_table(chapter, finer_by_its_own_decimals)
    assert list(wrong_texts(showings([chapter, other]), known)) == []


def of_table(key: str) -> dict[str, Registered]:
    return numbers(chapter_of(ShownTable(EDITION, key).payload))


EXACTLY_TWO = {"point": "2", "interval": ["2", "2", False, False]}


@pytest.mark.parametrize(
    ("table", "label", "fault"),
    [
        ("8.11", "Tabell 8.11: Sum tilskudd, 2025", {"contradicted": "918"}),
        ("11.1", "Tabell 11.1: Fast ansatt, av alle lister (prosent), Des. 2019", {"contradicted": "15"}),
        ("8.2", "Deflator 2019–2025, SSBs delindeks 06.2 Helsetjenester utenom institusjon", EXACTLY_TWO),
    ],
    ids=["kept as printed", "shown as computed", "bound by two pairs"],
)
def test_numbers_with_rules_of_their_own(table: str, label: str, fault: dict[str, Any]) -> None:
    known = of_table(table)
    assert list(wrong_numbers(known)) == []
    ref = next(ref for ref, item in known.items() if item.label == label)
    known[ref] = altered(known[ref], lambda e: e["exact"].update(fault))
    assert label in {found.cells[0].split(" = ")[0] for found in wrong_numbers(known)}


def test_the_same_number_is_the_same_everywhere(chapter: ChapterPage) -> None:
    def other_text(table: dict[str, Any]) -> None:
        first_cell(table)["text"] = "10\u00a0355"

    def other_value(table: dict[str, Any]) -> None:
        table["numbers"][first_cell(table)["ref"]]["exact"]["point"] = "10355"

    other = replace(with_table(chapter, other_text), name="hovedfunn")
    (finding,) = several_numbers(showings([chapter, other]), numbers(chapter))
    assert "står som «10\u00a0354»" in finding.explanation
    assert [f.cause for f in two_values([chapter, with_table(chapter, other_value)])] == [finding.cause]


T83 = ShownTable(EDITION, "8.3")
T102 = ShownTable(EDITION, "10.2")


@pytest.mark.parametrize(
    ("template", "said", "verdict"),
    [
        ("Tilskuddene økte med {nedgang:prosent abs}.", "«økte» er skrevet inn", Judgement.CONTRADICTION),
        ("Prisveksten var {nedgang:prosent}.", "«Prisveksten» er skrevet inn", Judgement.CONTRADICTION),
        ("Nedgangen var {vekst:prosent}.", "«Nedgangen» er skrevet inn", Judgement.CONTRADICTION),
        ("Det falt, nemlig {vekst:prosent} siste år.", "«falt» er skrevet inn", Judgement.DOUBTFUL),
        ("Fra 2019 var endringen {vekst:prosent}.", "«Fra 2019» står ved en endring over 2024–2025", None),
        ("Fra {2019} til {2024} var det {vekst:prosent}.", "«Fra 2019 til 2024» står ved", None),
        ("Utgiften var {t['totalt', 2023]:mrd} i {aar}.", "«2025» står ved et tall for 2023", None),
        ("I {aar} var utgiften {t['totalt', 2023]:mrd}.", "«2025» står ved et tall for 2023", None),
        (
            "Den var {t['totalt', 2025]:mrd}, mot {t['totalt', 2023]:mrd} året før.",
            "«året før» 2025 står ved et tall for 2023",
            None,
        ),
        ("Andelen falt {poeng:tall abs} prosent.", "«prosent» står ved et tall i prosentpoeng", None),
        ("De fikk {t['totalt', 2025]:tall} prosent.", "«prosent» står ved et tall i mill. kroner", None),
        (
            "Av dem var {s['vikar', 'andel_2024']:prosent} fastleger.",
            "er en annen rad enn tallets",
            None,
        ),
        ("Tilskuddene {nedgang:økte|falt} med {nedgang:prosent abs}.", "", None),
        ("Tilskuddene falt med {nedgang:prosent abs}.", "", None),
        ("Nedgangen er mindre enn da prisene økte, {nedgang:prosent}.", "", None),
        ("Prisene økte. Tilskuddene endret seg {nedgang:prosent}.", "", None),
        ("Fra 2024 til 2025 var veksten {vekst:prosent}, til {t['totalt', 2025]:mrd} i 2025.", "", None),
        ("Det ligger {lang:prosent} over nivået i 2019.", "", None),
        ("Den største veksten på ett år siden 2019 var {vekst:prosent}.", "", None),
        ("Det var {t['totalt', 2025]:mrd} i 2025, mot {t['totalt', 2024]:mrd} året før.", "", None),
    ],
)
def test_words_beside_a_number_that_name_something_else(
    template: str, said: str, verdict: Judgement | None
) -> None:
    shares = [andel(T83["sum_basis", year], T83["sum_totalt", year]) for year in (2025, 2019)]
    names = {
        "t": T81,
        "s": T102,
        "aar": 2025,
        "vekst": endring(T81["totalt", 2024], T81["totalt", 2025]),
        "lang": endring(T81["totalt", 2019], T81["totalt", 2025]),
        "nedgang": endring(T81["tilskudd", 2024], T81["tilskudd", 2025]),
        "poeng": differanse(*shares),
    }
    chapter = chapter_of(bind(template, names).payload, T81.payload, T102.payload)
    ledger = make_ledger(Plan(REPORT, (), ""), (chapter,), {"aar": 2025}, EDITION.folder)
    found = list(wrong_words(ledger))
    assert [said in finding.explanation for finding in found] == [True] * bool(said)
    assert {finding.verdict for finding in found} <= {verdict or Judgement.CONTRADICTION}


def test_the_workbook_and_the_package_are_read_back(chapter: ChapterPage, tmp_path: Path) -> None:
    workbook, package = tmp_path / "a.xlsx", tmp_path / "data"
    write_workbook(REPORT, (chapter,), workbook)
    write_datapackage(REPORT, (chapter,), package)
    assert list(wrong_workbook((chapter,), workbook)) == list(wrong_package((chapter,), package)) == []

    book = openpyxl.load_workbook(workbook)
    book["Tabell 8.1"]["C7"] = 1
    book.save(workbook)
    (finding,) = wrong_workbook((chapter,), workbook)
    assert finding.printed == "1"
    assert "Tabell 8.1" in finding.where

    path = package / "tabell-8-1.csv"
    lines = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    lines[3][8] = "1"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(lines)
    assert [finding.where for finding in wrong_package((chapter,), package)] == ["tabell-8-1.csv, linje 4"]
    lines[3][1:4] = lines[2][1:4]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(lines)
    assert "Nøkkelen skiller ikke radene." in [
        item.explanation for item in wrong_package((chapter,), package)
    ]


def test_the_page_is_read_back(chapter: ChapterPage, tmp_path: Path) -> None:
    shown = list(showings([chapter]))
    links = [f'<p><a class="tall" href="utgifter-tall.html#{s.ref}">{s.text}</a></p>' for s in shown]
    html = tmp_path / "utgifter.html"
    html.write_text("".join(links), encoding="utf-8")
    assert list(wrong_pages([chapter], shown, tmp_path)) == []
    html.write_text("".join(links).replace("10\u00a0354", "10\u00a0345"), encoding="utf-8")
    changed, missing = wrong_pages([chapter], shown, tmp_path)
    assert (changed.printed, changed.explanation) == ("10 345", "Kapitlet har 10 354.")
    assert missing.explanation == "«10 354» mangler på siden."


def finding(verdict: Judgement, handled: Handled = UNHANDLED) -> Finding:
    return Finding("sum", "tabell 8.3", (), "1", verdict, "Delene gir 2.", handled=handled)


@pytest.mark.parametrize(
    ("own", "tables", "unused", "stops"),
    [
        (
            [finding(Judgement.DOUBTFUL)],
            [finding(Judgement.CONTRADICTION, Handled(Treatment.MENDED, "…"))],
            (),
            [],
        ),
        ([finding(Judgement.CONTRADICTION)], [], (), ["1 motsigelse. Rett notatboken"]),
        ([], [finding(Judgement.CONTRADICTION)] * 2, (), ["2 motsigelser. Rett tallet"]),
        ([], [finding(Judgement.DOUBTFUL)], (), ["1 tvilsomt funn. Rett tallet"]),
        ([], [], ("sum-123456",), ["1 grunn i audit.yml passer ikke"]),
    ],
)
def test_what_stops_a_report(
    own: list[Finding], tables: list[Finding], unused: tuple[str, ...], stops: list[str]
) -> None:
    """A doubtful word of its own is listed; a doubtful number of the edition needs a reason."""
    inspection = Inspection(1, 1, own, Audit("", stopping=tuple(of_edition(tables, unused))))
    if not stops:
        inspection.refuse()
        return
    with pytest.raises(KontrollFeil) as caught:
        inspection.refuse()
    found = [line for line in caught.value.message.splitlines()[1:] if not line.startswith(" ")]
    assert [line[: len(start)] for line, start in zip(found, stops, strict=True)] == stops
