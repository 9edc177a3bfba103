"""Whatever stands in a file: the audit ends with a result, or with what is wrong and where."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from analysis_lib.data.cells import MOST_DIGITS, parse_cell
from analysis_lib.data.inputs import file_hash
from analysis_lib.errors import DataFeil
from number_audit.audit import audit_edition, audit_text, read_reasons
from number_audit.language.quantities import read_quantities
from number_audit.reading.source import html_lines
from publishing.diff.diff import compare_folders
from tests.conftest import ROOT
from tests.number_audit.text_chain import audited

TABLE = "Tabell 1.1 Dyr i byen\n\n\t2024\t2025\nKatter\t1 300\t{}\nHunder\t780\t790\nSum\t2 080\t2 100\n"


@pytest.mark.parametrize(
    "text",
    [
        "1A Om katter\n\n2 Om hunder\n\nDyrene er vist i kapittel 9.",
        "Figur 1.1 Katter\n\nFigur 1.2z Hunder\n\nSe figur ٣.",
        "Katter sover.²⁰⁰ Hunder.⁰⁰ Fisk.⁰⁰\n\n⁰⁰ Registeret.",
        "I 2024 var 1/0 av kattene ute, 0/5 av hundene og 3/0 av fiskene.",
        "I 2024 var andelen katter i byen 1,0 prosent.\n\nI 2024 var andelen katter i byen 0 prosent.",
        f"I 2024 var det {'9' * 5000} katter, og {'1' + '0' * 400} mrd. kroner.",
        "Kattene er flest blant hus-\nⓐdyrene.\n\nDe er ute om natten-\n\u0345og dagen.",
        TABLE.format("9" * 5000),
        TABLE.format("1,²"),
        TABLE.format("①2O"),
        TABLE.format("٣٤"),
        TABLE.format("−0"),
        TABLE.format("0," + "0" * 400 + "1"),
        TABLE.format("\t" * 5000),
    ],
)
def test_odd_numbers_and_signs(tmp_path: Path, text: str) -> None:
    audited(tmp_path, text)


def test_a_number_has_at_most_thirty_digits() -> None:
    assert parse_cell("9" * MOST_DIGITS).number == 10**MOST_DIGITS - 1
    with pytest.raises(ValueError, match="flere enn 30 sifre"):
        parse_cell("9" * (MOST_DIGITS + 1))
    assert [found.printed for found in read_quantities(f"{'9' * 31} katter og 12 hunder")] == ["12"]


@pytest.mark.parametrize(
    ("cell", "columns"), [('colspan="abc"', 2), ('colspan="-2"', 2), ('colspan="²"', 2), ("colspan=3", 4)]
)
def test_a_cell_spans_what_makes_sense(cell: str, columns: int) -> None:
    (line, *_) = html_lines(f"<table><tr><td {cell} rowspan='x'>Katter<td>12</table>")
    assert len(line.split("\t")) == columns


# What takes minutes, or never ends, where time grows as the square of a text or faster.
ENDLESS = {
    "digits": "1" * 200_000,
    "blanks": "a" + " " * 200_000 + "b",
    "points": "1." * 100_000,
    "dots": "Innhold\n" + "A" + "." * 200_000 + "x",
    "letters": "a" * 200_000,
    "addresses": "a@" * 100_000,
    "brackets": "tabell 1 (" * 20_000,
    "references": "Figur 1.1 A\n\nFigur 1.2 B\n\n" + "Se figur 1–999 og tabell 1–999.\n\n" * 300,
    "hyphens": "hus-\n" * 5000,
    "fragments": "a\n\n" * 5000,
    "sentences": "A. " * 60_000,
    "headers": "Tabell 1 Dyr\n\n"
    + " " * 20
    + "".join(f"G{i}".ljust(20) for i in range(20))
    + "\n"
    + ("Dyr".ljust(20) + "".join(f"{i}".ljust(10) for i in range(40)) + "\n") * 4,
    "percentages": "Tabell 1 Dyr\n\nNavn\t2024\t2025\n"
    + "".join(f"{('Antall', 'Prosent')[i % 2]} {i}\t{i * 7 % 90}\t{i * 5 % 80}\n" for i in range(300)),
    "rows": "Tabell 1 Dyr\n\nNavn\t2024\n" + "".join(f"Katt x{i}\t{i * 7 % 900}\n" for i in range(2000)),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", ENDLESS)
def test_the_audit_of_an_endless_text_ends(tmp_path: Path, name: str) -> None:
    audited(tmp_path, ENDLESS[name])


@pytest.mark.parametrize(
    "page",
    [
        "<table>" + "<tr><td colspan=100000000 rowspan=65534>x" * 500,
        "<!--" * 50_000,
        "<p" * 50_000,
        "<table><tr><td>" * 5000 + "x",
        "<script>" + "a" * 100_000,
    ],
)
def test_the_audit_of_an_endless_web_page_ends(tmp_path: Path, page: str) -> None:
    with suppress(DataFeil):  # nothing to read
        audited(tmp_path, page, "side.html")


def test_what_was_not_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "tekst.txt"
    path.write_text("Katter " + "a" * 500 + "\n\n" + ENDLESS["rows"], encoding="utf-8")
    told = [(item.line, item.why) for item in audit_text(path).skipped]
    assert told == [
        (1, "linjen er på 507 tegn; 207 er lest"),
        (3, "2000 rader; sammenhenger søkes i tabeller med inntil 500"),
    ]


def edition(folder: Path) -> Path:
    """A copy of the edition, with the open data beside it."""
    for part in (Path("published") / "2025", Path("open") / "ssb"):
        shutil.copytree(ROOT / "data" / part, folder / part)
    return folder / "published" / "2025"


def replaced(old: str, new: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return change


@pytest.mark.parametrize(
    ("file", "change", "message"),
    [
        ("audit.yml", lambda _: "42", "audit.yml: ventet en liste, der hver vurdering begynner med «- »"),
        ("audit.yml", lambda _: "- x", "audit.yml, vurdering 1: «x» er ikke felter med navn"),
        ("audit.yml", lambda _: "[" * 50_000, "audit.yml, linje 1: ugyldig YAML: for mange nivåer"),
        ("audit.yml", lambda _: "- {[a]: b}", "audit.yml, linje 1: ugyldig YAML: et feltnavn må være tekst"),
        ("audit.yml", lambda text: f"{text}\0", "kan ikke vises"),
        ("audit.yml", lambda text: text + text, "står to ganger"),
        ("corrections.yml", lambda text: text + text, "er rettet to ganger"),
        ("corrections.yml", replaced('table: "8.4"', 'table: "8.44"'), "tabell «8.44» finnes ikke. Mente du"),
        (
            "corrections.yml",
            replaced('table: "8.4"', "table: [1]"),
            "«[1]» er ikke en tekst (sett den i anførselstegn) (felt «table»)",
        ),
        (
            "sammenhenger.yml",
            replaced("difference: [", "difference: [x, "),
            "«difference» har 3 ledd",
        ),
        ("sammenhenger.yml", replaced("growth: [", "growth: {a: ["), "ugyldig YAML"),
        ("tabeller/8.3.yml", replaced("2019-2025", "0-99999999"), "«years» er «0-99999999», ventet første"),
        (
            "tabeller/8.3.yml",
            replaced("change: siste", "change: alltid"),
            "ventet «siste», «forrige» eller «periode»",
        ),
        ("tabeller/8.3.yml", replaced("change: siste", "change: []"), "«change» har 0 ledd, ventet 1"),
        ("tabeller/8.3.yml", replaced("decimals: 1", "decimals: 99999"), "er ikke så lite som det må være"),
        ("tabeller/8.3.csv", lambda text: f'{text}"x', "linjen kan ikke deles i felter"),
        ("tabeller/8.3.csv", lambda text: text.replace("\n", ";\n", 1), "felter, overskriften"),
        ("fakta/8.csv", replaced(";2025;", ";årlig;"), "perioden «årlig» er ikke et år"),
    ],
)
def test_an_edition_that_is_damaged(
    tmp_path: Path, file: str, change: Callable[[str], str], message: str
) -> None:
    home = edition(tmp_path)
    path = home / file
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(DataFeil) as refused:
        read_reasons(home) if file == "audit.yml" else audit_edition(home)
    assert message in str(refused.value)
    assert path.name in str(refused.value)


def test_a_cell_that_follows_from_itself(tmp_path: Path) -> None:
    home = edition(tmp_path)
    path = home / "tabeller" / "8.1.yml"
    text = replaced("8.3/sum_totalt", "8.1/fastlegeordningen")(path.read_text(encoding="utf-8"))
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataFeil, match=r"cellen «8.1/fastlegeordningen/2019» følger av seg selv"):
        compare_folders(str(home), str(home), ROOT)


LEDGER: dict[str, object] = {
    "definition": "arsrapport",
    "parameters": {"aar": 2025},
    "sources": [],
    "numbers": {},
    "tables": {},
    "figures": {},
    "sentences": [],
    "corrections": {},
    "revisions": {},
}
FIGURE = {"label": "Figur 1", "place": "a", "status": "drawn", "title": "Dyr", "note": "", "refs": ["borte"]}


def build(folder: Path, ledger: bytes, manifest: str = "") -> str:
    (folder / "html").mkdir(parents=True)
    (folder / "tallregister.json").write_bytes(ledger)
    kept = {
        "path": "tallregister.json",
        "bytes": len(ledger),
        "sha256": file_hash(folder / "tallregister.json"),
    }
    (folder / "manifest.json").write_text(manifest or json.dumps({"outputs": [kept]}), encoding="utf-8")
    return str(folder)


def test_a_build_is_like_itself(tmp_path: Path) -> None:
    name = build(tmp_path / "bygg", json.dumps(LEDGER).encode())
    assert compare_folders(name, name, ROOT).differences == []


@pytest.mark.parametrize(
    ("ledger", "message"),
    [
        (b"", "ugyldig JSON"),
        (b"\xff\xfe{", "filen er ikke UTF-8"),
        (b"[]", "«[]» er ikke felter med navn"),
        (json.dumps({**LEDGER, "sentences": None}).encode(), "«None» er ikke en liste (felt «sentences»)"),
        (json.dumps({"definition": "arsrapport"}).encode(), "feltet mangler (felt «sources»)"),
        (json.dumps({**LEDGER, "figures": {"f": FIGURE}}).encode(), "henger ikke sammen ('borte')"),
    ],
)
def test_a_build_whose_register_is_damaged_or_older(tmp_path: Path, ledger: bytes, message: str) -> None:
    whole = build(tmp_path / "helt", json.dumps(LEDGER).encode())
    with pytest.raises(DataFeil) as refused:
        compare_folders(whole, build(tmp_path / "skadet", ledger), ROOT)
    assert message in str(refused.value)
    assert str(refused.value).endswith("Bygg rapporten på nytt: rapport build.")


@pytest.mark.parametrize(
    "manifest", ["{", "[]", '{"outputs": 1}', '{"outputs": [{"path": 1}]}', '{"outputs": ["x"]}']
)
def test_a_build_whose_manifest_is_damaged(tmp_path: Path, manifest: str) -> None:
    name = build(tmp_path / "skadet", json.dumps(LEDGER).encode(), manifest)
    with pytest.raises(DataFeil, match="bygget er ikke helt"):
        compare_folders(name, name, ROOT)
