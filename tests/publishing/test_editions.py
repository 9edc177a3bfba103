"""Two editions with one planted change of every cause, and what must not be compared."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis_lib.data.inputs import file_hash
from analysis_lib.data.interval import Interval
from analysis_lib.errors import DataFeil, KontrollFeil, ParameterFeil
from analysis_lib.present.pieces import Part, PieceKind
from publishing.book.ledger import SentenceEntry
from publishing.diff.causes import compare
from publishing.diff.diff import compare_folders, read_edition, refuse, summary, write
from publishing.diff.records import Bound, Cause, Difference, Record, Snapshot
from publishing.diff.sentences import flips
from publishing.revisions import FILE, Revision, RevisionEntry

Run = Callable[..., "subprocess.CompletedProcess[str]"]

COSTS = """\
name: tabell-1-1
path: 1.1.csv
number: "1.1"
title: Utgifter
unit: mill. kroner
stub: Post
sources: [KUHR]
columns:
  - {years: 2023-YEAR}
  - {key: endring, header: endring, unit: prosent, decimals: 1, relation: {change: siste}}
rows:
  bilag: {label: Bilag, unit: UNIT}
  sum: {kind: total, relation: {sum: [grunn, tilskudd]}}
  alt: {kind: total, relation: {sum: [sum, takst]}}
"""
PLACES = """\
name: tabell-1-2
path: 1.2.csv
number: "1.2"
title: TITLE
unit: plasser
stub: Fylke
sources: [NAV]
columns:
  - {key: antall, year: 2023, header: Antall}
"""
SLIP = """\
- table: "1.1"
  row: takst
  column: "2023"
  expect: "7"
  use: "70"
  why: Et siffer mangler.
  evidence: Summen.
"""
REVISION = """\
- table: "1.1"
  row: grunn
  column: "2024"
  expect: {old: "110", new: "112"}
  cause: Registeret er revidert
  why: Sene oppgjør er kommet med.
  evidence: Brev fra registeret.
"""
#            2023  2024  [2025]
OLD_COSTS = """\
rad;navn;2023;2024;endring
grunn;Grunntilskudd;100;110;10,0
tilskudd;Tilskudd;20;25;25,0
sum;Sum;120;135;12,5
takst;Takst;7;71;1,4
alt;Alt;190;206;8,4
andel;Pasienter;18,6;19,1;2,7
bilag;Bilag;5;6;20,0
reise;Reise;3;4;33,3
"""
NEW_COSTS = """\
rad;navn;2023;2024;2025;endring
grunn;Grunntilskudd;100;112;120;7,1
tilskudd;Tilskudd;20;25;30;20,0
sum;Sum;120;137;150;9,5
takst;Takst;70;71;72;1,4
alt;Alt;190;208;222;6,7
andel;Pasienter;18,57;19,1;20,2;5,8
bilag;Bilag;5000;6000;7000;16,7
kurs;Kurs;1;1;2;100,0
"""
FACTS = "id;verdi;enhet;periode;hva;register;sted\nleger;59;leger;2023;Leger;FLO;avsnitt 1.1\n"


@pytest.fixture
def editions(tmp_path: Path) -> tuple[Path, Path]:
    """2024 and 2025 of the same small report; only what a cause explains is changed."""
    pair = tmp_path / "2024", tmp_path / "2025"
    costs = (("2024", "mill. kroner", OLD_COSTS), ("2025", "1000 kroner", NEW_COSTS))
    for folder, (year, unit, cells) in zip(pair, costs, strict=True):
        (folder / "tabeller").mkdir(parents=True)
        (folder / "fakta").mkdir()
        spec = COSTS.replace("YEAR", year).replace("UNIT", unit)
        put(folder / "tabeller/1.1.yml", spec)
        put(folder / "tabeller/1.1.csv", cells)
        put(folder / "tabeller/1.2.csv", "rad;navn;Antall\noslo;Oslo;40\n")
        put(folder / "tabeller/1.2.yml", PLACES.replace("TITLE", "Plasser"))
        put(folder / "fakta/1.csv", FACTS)
    put(pair[0] / "corrections.yml", SLIP)
    put(pair[1] / FILE, REVISION)
    return pair


def put(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    put(path, text.replace(old, new))


def found(editions: tuple[Path, Path]) -> dict[str, Difference]:
    return {item.identity: item for item in compare(*map(read_edition, editions))}


@pytest.mark.parametrize(
    ("identity", "cause", "explanation"),
    [
        ("1.1/tilskudd/2025", Cause.PERIOD, "etter 2024"),
        ("1.1/tilskudd/endring", Cause.PERIOD, "2023–2024 → 2024–2025"),
        ("1.1/grunn/2024", Cause.REVISED, "Registeret er revidert: Sene oppgjør er kommet med."),
        ("1.1/takst/2023", Cause.CORRECTED, "rettelse i 2024: Et siffer mangler."),
        ("1.1/bilag/2024", Cause.DEFINITION, "enhet: mill. kroner → 1000 kroner"),
        ("1.1/andel/2023", Cause.ROUNDING, "en annen nøyaktighet"),
        ("1.1/reise/2024", Cause.REMOVED, "finnes ikke i 2025"),
        ("1.1/kurs/2024", Cause.ADDED, "finnes ikke i 2024"),
        ("1.1/sum/2024", Cause.DERIVED, "beregnet av tall som er endret"),
    ],
)
def test_every_planted_change_is_explained_by_its_cause(
    editions: tuple[Path, Path], identity: str, cause: Cause, explanation: str
) -> None:
    difference = found(editions)[identity]
    assert difference.cause is cause
    assert explanation in difference.explanation


def test_nothing_else_is_found(editions: tuple[Path, Path]) -> None:
    differences = found(editions)
    assert Cause.UNEXPLAINED not in {item.cause for item in differences.values()}
    untouched = ["1.1/grunn/2023", "1.1/tilskudd/2024", "1.1/sum/2023", "1.2/oslo/antall", "fakta/1/leger"]
    assert not differences.keys() & set(untouched)


def test_sums_and_sums_of_sums_point_to_the_cell_that_changed_them(editions: tuple[Path, Path]) -> None:
    differences = found(editions)
    assert differences["1.1/sum/2024"].roots == differences["1.1/alt/2024"].roots == ("1.1/grunn/2024",)
    assert differences["1.1/grunn/2024"].dependants == 2
    order = list(differences)
    assert order.index("1.1/grunn/2024") < order.index("1.1/sum/2024")


@pytest.mark.parametrize(
    ("file", "old", "new", "identity", "why"),
    [
        (
            "tabeller/1.1.csv",
            "20;25;30",
            "20;26;30",
            "1.1/tilskudd/2024",
            "revisjoner.yml nevner ikke cellen",
        ),
        ("tabeller/1.1.csv", "120;137", "120;173", "1.1/sum/2024", "leddene gir det ikke"),
        ("tabeller/1.1.csv", "70;71", "7;71", "1.1/takst/2023", "rettelsen i 2024 mangler i 2025"),
        ("tabeller/1.2.csv", "Oslo;40", "Oslo;41", "1.2/oslo/antall", "revisjoner.yml nevner ikke cellen"),
        ("fakta/1.csv", "leger;59", "leger;58", "fakta/1/leger", "revisjoner.yml nevner ikke cellen"),
    ],
)
def test_a_revision_without_a_reason_stops_the_release(
    editions: tuple[Path, Path], file: str, old: str, new: str, identity: str, why: str
) -> None:
    change(editions[1] / file, old, new)
    comparison = compare_folders(*map(str, editions), Path())
    assert [item.identity for item in comparison.unexplained] == [identity]
    assert why in comparison.unexplained[0].explanation
    assert comparison.differences[0] == comparison.unexplained[0]
    with pytest.raises(KontrollFeil, match="kontrollen fant en uforklart revisjon"):
        refuse(comparison)


def test_a_new_correction_explains_a_number_whose_print_stands(editions: tuple[Path, Path]) -> None:
    change(editions[1] / "tabeller/1.1.csv", "20;25;30", "20;25;3")
    change(editions[0] / "tabeller/1.1.csv", "tilskudd;Tilskudd;20;25", "tilskudd;Tilskudd;2;25")
    change(editions[1] / "tabeller/1.1.csv", "tilskudd;Tilskudd;20", "tilskudd;Tilskudd;2")
    put(
        editions[1] / "corrections.yml",
        SLIP.replace("takst", "tilskudd").replace('"7"', '"2"').replace("70", "20"),
    )
    difference = found(editions)["1.1/tilskudd/2023"]
    assert (difference.cause, difference.explanation) == (
        Cause.CORRECTED,
        "rettelse i 2025: Et siffer mangler.",
    )


def test_a_correction_that_both_have_explains_nothing(editions: tuple[Path, Path]) -> None:
    change(editions[1] / "tabeller/1.1.csv", "70;71", "7;71")
    put(editions[1] / "corrections.yml", SLIP)
    change(editions[1] / "tabeller/1.1.yml", "  bilag:", "  takst: {exact: true}\n  bilag:")
    difference = found(editions)["1.1/takst/2023"]
    assert (difference.cause, difference.explanation) == (Cause.DEFINITION, "eksakt: nei → ja")


def test_a_print_that_now_agrees_with_its_parts_was_a_slip(editions: tuple[Path, Path]) -> None:
    change(editions[0] / "tabeller/1.1.csv", "Sum;120", "Sum;210")
    difference = found(editions)["1.1/sum/2023"]
    assert difference.cause is Cause.CORRECTED
    assert (difference.old, difference.new) == ("210", "120")


def test_a_change_over_other_years_is_another_quantity() -> None:
    def edition(first: int) -> Snapshot:
        years = (first, 2025)
        return Snapshot("A", 2025, {"x": Record("x", "X", str(first), years=years, terms=(f"x/{first}",))})

    (difference,) = compare(edition(2023), edition(2024))
    assert difference.explanation == "periode: 2023–2025 → 2024–2025"
    assert difference.cause is Cause.DEFINITION


def test_a_number_of_a_later_year_is_new_where_the_older_build_only_names_it() -> None:
    unknown = Record("fakta/12/delegert", "Delegert, 2026", "..", years=(2026, 2026))
    known = Record("fakta/12/delegert", "Delegert, 2026", "16", Fraction(16), years=(2026, 2026))
    (found,) = compare(
        Snapshot("a", 2025, {known.identity: unknown}), Snapshot("b", 2026, {known.identity: known})
    )
    assert (found.cause, found.explanation) == (Cause.PERIOD, "etter 2025, det siste året i a")


def test_a_year_that_rolls_forward_in_a_title_changes_nothing(editions: tuple[Path, Path]) -> None:
    for folder in editions:
        change(folder / "tabeller/1.2.yml", "Plasser", f"Plasser {folder.name}")
    assert "1.2" not in found(editions)


def test_a_title_explains_only_what_nothing_else_does(editions: tuple[Path, Path]) -> None:
    change(editions[1] / "tabeller/1.2.yml", "Plasser", "Plasser og hjemler")
    assert found(editions)["1.2"].explanation == "tittel: Plasser → Plasser og hjemler"
    change(editions[1] / "tabeller/1.2.csv", "Oslo;40", "Oslo;47")
    difference = found(editions)["1.2/oslo/antall"]
    assert (difference.cause, difference.roots) == (Cause.DEFINITION, ("1.2",))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('new: "112"', 'new: "113"', "venter «113», men der står «112»"),
        ('old: "110"', 'old: "111"', "venter «111», men der står «110»"),
        ("row: grunn", "row: grun", "Mente du «1.1/grunn/2024»"),
        ("cause:", "aarsak:", "ukjent felt (felt «aarsak»)"),
        ("  row: grunn\n", "", "cellen er ikke nevnt"),
        (
            'expect: {old: "110", new: "112"}',
            'expect: {old: "110", new: {grunn: "112"}}',
            "nevner ulike celler",
        ),
    ],
)
def test_a_revision_that_does_not_fit(editions: tuple[Path, Path], old: str, new: str, message: str) -> None:
    change(editions[1] / FILE, old, new)
    with pytest.raises(DataFeil) as caught:
        compare_folders(*map(str, editions), Path())
    assert message in str(caught.value)
    assert FILE in str(caught.value)


def test_a_whole_column_may_be_revised_at_once(editions: tuple[Path, Path]) -> None:
    change(editions[1] / "tabeller/1.1.csv", "20;25;30", "20;26;30")
    change(editions[1] / "tabeller/1.1.csv", "120;137", "120;138")
    change(editions[1] / FILE, "  row: grunn\n", "")
    change(
        editions[1] / FILE,
        '{old: "110", new: "112"}',
        '{old: {grunn: "110", tilskudd: "25"}, new: {grunn: "112", tilskudd: "26"}}',
    )
    differences = found(editions)
    assert {differences[f"1.1/{row}/2024"].cause for row in ("grunn", "tilskudd")} == {Cause.REVISED}
    assert set(differences["1.1/sum/2024"].roots) == {"1.1/grunn/2024", "1.1/tilskudd/2024"}


def test_a_number_that_stands_in_no_table_is_accounted_for_by_its_identity() -> None:
    def build(text: str, **more: Any) -> Snapshot:
        return Snapshot("A", 2025, {"telling: tiltak()": Record("telling: tiltak()", "Tiltak", text)}, **more)

    (difference,) = compare(build("7"), build("8"))
    assert (difference.cause, "telt i rapporten" in difference.explanation) == (Cause.UNEXPLAINED, True)
    expected = {"number": "telling: tiltak()", "expect": {"old": "7", "new": "8"}}
    entry = RevisionEntry(**expected, cause="Nytt tiltak", why="Registeret har ett til.", evidence="PTB")
    revisions = {i: Revision(old, new, entry.why) for i, (old, new) in entry.texts().items()}
    (difference,) = compare(build("7"), build("8", revisions=revisions))
    assert difference.cause is Cause.REVISED


def test_an_edition_against_itself(editions: tuple[Path, Path]) -> None:
    comparison = compare_folders(str(editions[1]), str(editions[1]), Path())
    assert next(summary(comparison)).endswith("ingen forskjeller")
    refuse(comparison)


def test_the_result_is_written_and_summed_up(editions: tuple[Path, Path], tmp_path: Path) -> None:
    change(editions[1] / "tabeller/1.2.csv", "Oslo;40", "Oslo;50")
    comparison = compare_folders(*map(str, editions), Path())
    write(comparison, tmp_path / "ut")
    with (tmp_path / "ut/diff.csv").open(encoding="utf-8", newline="") as file:
        first = next(csv.DictReader(file))
    assert (first["cause"], first["old"], first["new"], first["relative"]) == (
        "uforklart",
        "40",
        "50",
        "0.25",
    )
    counts = json.loads((tmp_path / "ut/diff.json").read_text(encoding="utf-8"))["counts"]
    assert counts.keys() == {cause.value for cause in Cause}
    assert any("40 → 50 (25,0 %)" in line and "linje 2" in line for line in summary(comparison))


def test_a_folder_without_tables_and_a_file_for_a_folder(editions: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "tom/tabeller").mkdir(parents=True)
    with pytest.raises(DataFeil, match="utgaven har ingen tabeller"):
        compare_folders(str(tmp_path / "tom"), str(editions[1]), Path())
    comparison = compare_folders(*map(str, editions), Path())
    with pytest.raises(ParameterFeil, match="er en fil"):
        write(comparison, editions[0] / "corrections.yml")


def test_what_is_no_edition_names_the_nearest(project: Path) -> None:
    with pytest.raises(ParameterFeil, match=r"«2024» er verken en utgave eller et bygg\. Mente du «2025»"):
        compare_folders("2024", "2025", project)


def test_two_builds_and_what_is_no_build(built: Path, rapport: Run) -> None:
    """The same edition a year earlier, then the same report after a cell that nobody has accounted for."""
    project, builds = built, built / "reports/_build"
    assert rapport("build", "--renderer", "pandoc", "-p", "aar=2024").returncode == 0
    rolled = rapport("diff", "arsrapport-2024", "arsrapport-2025", "--out", "ut")
    assert rolled.returncode == 0, rolled.stderr
    assert "prisgrunnlag: faste 2024-priser → faste 2025-priser" in rolled.stdout.lower()
    assert "fortegn: «økte" in rolled.stdout
    assert "avsnitt kan nå sies" in rolled.stdout
    assert (project / "ut/diff.csv").exists()

    shutil.copytree(builds / "arsrapport-2025", builds / "i-gaar")
    change(project / "data/published/2025/fakta/8.csv", "grunn_leger;59", "grunn_leger;61")
    assert rapport("build", "--renderer", "pandoc").returncode == 0
    stopped = rapport("diff", "i-gaar", "arsrapport-2025")
    assert stopped.returncode == 8
    assert "kontrollen fant en uforklart revisjon" in stopped.stderr
    assert "Fastleger som kunne motta grunntilskudd, 2026-04: 59 → 61 (3,4 %)" in stopped.stdout
    assert "1 tall følger av det" in stopped.stdout

    register = builds / "i-gaar/tallregister.json"
    text = register.read_text(encoding="utf-8")
    manifest, hashed = builds / "i-gaar/manifest.json", file_hash(register)
    put(register, text.replace('"definition":"arsrapport"', '"definition":"kommuner"'))
    put(manifest, manifest.read_text(encoding="utf-8").replace(hashed, file_hash(register)))
    (builds / "halvt/html").mkdir(parents=True)
    for other, code, message in [
        ("halvt", 3, "bygget er ikke helt"),
        ("i-gaar", 4, "er bygd av reports/kommuner.yml"),
        ("2025", 4, "«2025» er en utgave, men «arsrapport-2025» er et bygg"),
    ]:
        refused = rapport("diff", other, "arsrapport-2025")
        assert (refused.returncode, "Traceback" in refused.stderr) == (code, False), refused.stderr
        assert message in refused.stderr


numbers = st.integers(-500, 500).map(lambda n: Fraction(n, 10))


@given(numbers, numbers)
def test_only_overlapping_intervals_are_rounding(a: Fraction, b: Fraction) -> None:
    def edition(name: str, number: Fraction) -> Snapshot:
        interval = Interval.rounded(number, 0)
        return Snapshot(
            name, 2024, {"x": Record("x", "X", str(number), number, interval, printed=str(number))}
        )

    causes = {item.cause for item in compare(edition("A", a), edition("B", b))}
    if a == b:
        assert causes == set()
    else:
        assert causes == {Cause.ROUNDING if abs(a - b) < 1 else Cause.UNEXPLAINED}


def told(*pieces: tuple[str, PieceKind], lacks: str = "") -> SentenceEntry:
    parts = tuple(Part(text=text, kind=kind) for text, kind in pieces)
    return SentenceEntry(chapter="utgifter", place="avsnitt 8.1", template="mal", parts=parts, lacks=lacks)


@pytest.mark.parametrize(
    ("old", "new", "kind", "words"),
    [
        (("økte", "direction"), ("falt", "direction"), "fortegn", ("økte", "falt")),
        (("Oslo", "words"), ("Agder", "words"), "rang", ("Oslo", "Agder")),
        (("for første gang", "plain"), ("igjen", "plain"), "ord", ("for første gang", "igjen")),
    ],
)
def test_a_word_that_turns(
    old: tuple[str, str], new: tuple[str, str], kind: str, words: tuple[str, str]
) -> None:
    before, after = (told(("Ja. De ", "text"), word, (" i fjor. Nei.", "text")) for word in (old, new))
    (flip,) = flips([before], [after])
    assert (flip.kind, (flip.old, flip.new), flip.sentence) == (kind, words, f"De {words[1]} i fjor.")


def test_a_year_that_rolls_forward_is_no_turn() -> None:
    assert flips([told(("2024", "plain"))], [told(("2025", "plain"))]) == []


def test_a_paragraph_that_falls_silent() -> None:
    (flip,) = flips([told(("Leger i tall.", "text"))], [told(lacks="Leger, 2026")])
    assert (flip.kind, flip.new, flip.sentence) == ("kan ikke lenger sies", "Leger, 2026", "Leger i tall.")


def grid(rows: dict[str, tuple[str, list[int]]], table: str = "9.9", first: int = 2024) -> dict[str, Record]:
    """A small table: label and numbers of each row by key, one column a year."""
    years = [str(first + i) for i in range(len(next(iter(rows.values()))[1]))]
    labels = {key: label for key, (label, _) in rows.items()}
    title = {"tittel": "Leger i fylkene", "enhet": "leger"}
    columns = {year: year for year in years}
    found = {table: Record(table, f"Tabell {table}", "", definition=title, rows=labels, columns=columns)}
    for key, (label, numbers) in rows.items():
        for year, number in zip(years, numbers, strict=True):
            identity = f"{table}/{key}/{year}"
            cell = {"definition": {"enhet": "leger"}, "parent": table, "at": (key, year)}
            own = (int(year), int(year))
            text = str(number)
            found[identity] = Record(
                identity, f"{label}, {year}", text, Fraction(number), Interval.exact(number), own, **cell
            )
    return found


def differs(old: dict[str, Record], new: dict[str, Record]) -> list[tuple[Cause, str]]:
    differences = compare(Snapshot("A", 2031, old), Snapshot("B", 2032, new))
    return [(item.cause, item.explanation) for item in differences]


cells = st.lists(st.integers(0, 99), min_size=2, max_size=2)


@given(cells, cells, st.sampled_from(["nøkkel", "etikett", "år", "nummer", "enhet", "tall og nøkkel"]))
def test_a_change_of_one_kind_is_told_as_that_and_nothing_else(a: list[int], b: list[int], kind: str) -> None:
    old = grid({"a": ("Oslo", a), "b": ("Ålesund", b)})
    expected, words, count = Cause.DEFINITION, "", 1
    if kind == "nøkkel":
        new, words = grid({"oslo": ("Oslo", a), "b": ("Ålesund", b)}), "har fått ny nøkkel: a → oslo"
    elif kind == "etikett":
        new, words = grid({"a": ("Landet", a), "b": ("Ålesund", b)}), "raden a heter nå «Landet»"
    elif kind == "nummer":
        new = grid({"a": ("Oslo", a), "b": ("Ålesund", b)}, table="9.10")
        words = "nytt nummer: Tabell 9.9 → Tabell 9.10"
    elif kind == "enhet":
        new, words, count = dict(old), "enhet: leger → årsverk", 2
        for key in ("9.9/a/2024", "9.9/a/2025"):
            new[key] = replace(new[key], definition={"enhet": "årsverk"})
    elif kind == "år":
        new = grid({"a": ("Oslo", a[1:]), "b": ("Ålesund", b[1:])}, first=2025)
        expected, words, count = Cause.REMOVED, "finnes ikke i B", 2
    else:
        new = grid({"oslo": ("Oslo", [a[0] + 1, a[1]]), "b": ("Ålesund", b)})
        assert sorted(cause for cause, _ in differs(old, new)) == [Cause.DEFINITION, Cause.UNEXPLAINED]
        return
    found = differs(old, new)
    assert len(found) == count
    assert all(cause is expected and words in why for cause, why in found)


def test_a_row_that_moves_to_another_table_is_told_once() -> None:
    rows = {"a": ("Oslo", [10, 20]), "b": ("Ålesund", [5, 6])}
    other = {"c": ("Bergen", [7, 8])}
    old = grid(rows) | grid(other, "9.8")
    new = grid({"b": rows["b"]}) | grid(other | {"a": rows["a"]}, "9.8")
    assert differs(old, new) == [(Cause.DEFINITION, "raden «Oslo» er flyttet fra Tabell 9.9 til Tabell 9.8")]


def test_merged_and_divided_municipalities() -> None:
    merged = differs(
        grid({"0104": ("Moss", [1, 2]), "0136": ("Rygge", [3, 4])}), grid({"3103": ("Moss", [4, 6])})
    )
    words = "kommunen er slått sammen: 0104 Moss og 0136 Rygge → 3103 Moss"
    assert set(merged) == {(Cause.DEFINITION, words)}
    renumbered = differs(grid({"3001": ("Halden", [1, 2])}), grid({"3101": ("Halden", [1, 2])}))
    assert [why for _, why in renumbered] == ["raden «Halden» har fått ny nøkkel: 3001 → 3101"]
    divided = differs(grid({"1507": ("Ålesund", [9, 9])}), grid({"1580": ("Haram", [1, 1])}))
    assert set(divided) == {(Cause.DEFINITION, "kommunen er delt: 1507 Ålesund → 1508 Ålesund og 1580 Haram")}


CHANGED = Bound("f(8.1/a/2024, 8.1/a/2025)", "f", ("8.1/a/2024", "8.1/a/2025"), "prosent", "prosent")


@pytest.mark.parametrize(
    ("bound", "why"),
    [
        (replace(CHANGED, quantity="g(8.1/a/2024, 8.1/a/2025)", formula="g"), "formel: f → g"),
        (replace(CHANGED, unit="prosentpoeng"), "enhet: prosent → prosentpoeng"),
        (replace(CHANGED, format="prosent abs"), "format: prosent → prosent abs"),
    ],
)
def test_a_sentence_bound_otherwise_is_unexplained(bound: Bound, why: str) -> None:
    def build(bound: Bound) -> Snapshot:
        return Snapshot("A", 2025, {"tekst/x/0": Record("tekst/x/0", "«Prisene»", "5,0", bound=bound)})

    (difference,) = compare(build(CHANGED), build(bound))
    assert difference.cause is Cause.UNEXPLAINED
    assert why in difference.explanation


@given(st.floats(0.001, 1000), st.floats(-1e-11, 1e-11))
def test_noise_of_a_model_is_no_difference(estimate: float, noise: float) -> None:
    def build(number: float) -> Snapshot:
        return Snapshot("A", 2025, {"x": Record("x", "X", f"{estimate:.1f}", Fraction(number))})

    assert compare(build(estimate), build(estimate * (1 + noise))) == []
