"""Any value of a parameter comes out in the notebook as it went in, whatever YAML would have made of it."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from analysis_lib.data.formats import parse_yaml
from analysis_lib.errors import NotatbokFeil, ParameterFeil, RapportFeil
from publishing.build import Options, folder_name, open_report
from publishing.new import tidy
from publishing.notebooks import Chapter, declared_parameters
from publishing.parameters import assign, parse_override, safe_name
from publishing.run.execute import Limits, run_chapters
from publishing.run.plan import Step
from publishing.typed import annotation_of, convert, fits, literal

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), max_size=30).filter(
    lambda text: not set(text) & set("\x85\u2028\u2029")
)  # YAML folds these line breaks
GUESSED = ["0301", "no", "on", "12:30", "2025-01-01", "1e3", "null", "1_000", "~", "0x1F", "=", "a=b"]
SCALARS: list[tuple[str, st.SearchStrategy[Any]]] = [
    ("int", st.integers(-(10**20), 10**20)),
    ("float", st.floats(allow_nan=False, allow_infinity=False)),
    ("bool", st.booleans()),
    ("str", TEXT | st.sampled_from(GUESSED)),
    ("date", st.dates()),
    ("Literal['a', '2025', 'no']", st.sampled_from(["a", "2025", "no"])),
]


def _collections(inner: tuple[str, st.SearchStrategy[Any]]) -> list[tuple[str, st.SearchStrategy[Any]]]:
    name, values = inner
    return [
        (f"list[{name}]", st.lists(values, max_size=4)),
        (f"dict[str, {name}]", st.dictionaries(TEXT, values, max_size=3)),
        (f"tuple[{name}, ...]", st.lists(values, max_size=4).map(tuple)),
        (f"Optional[{name}]", st.none() | values),
        (f"{name} | None" if "'" in name else f"'{name} | None'", st.none() | values),
    ]


ONE_LEVEL = [pair for scalar in SCALARS for pair in _collections(scalar)]
TWO_LEVELS = [pair for one in ONE_LEVEL if one[0][0] in "ldt" for pair in _collections(one)]
TYPES = [*SCALARS, *ONE_LEVEL, *TWO_LEVELS]
TYPED = st.sampled_from(TYPES).flatmap(lambda pair: st.tuples(st.just(pair[0]), pair[1]))


def plain(value: Any) -> Any:
    """What YAML can write of a value."""
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    return {name: plain(item) for name, item in value.items()} if isinstance(value, dict) else value


def argument(annotation: str, value: Any) -> str:
    """What somebody types after ``-p verdi=``: text as it is, anything else as YAML on a line."""
    if annotation == "str" and value[:1] not in ("'", '"'):
        return str(value)
    written = yaml.safe_dump(
        plain(value), allow_unicode=True, default_flow_style=True, width=10**6, sort_keys=False
    )
    return written.removesuffix("\n").removesuffix("\n...")


def arrives(read: Any, annotation: str, value: Any) -> bool:
    return repr(eval(literal(convert(read, annotation)))) == repr(value)


@given(TYPED)
@example(("str | None", "null"))
@example(("Optional[float]", 1e16))
def test_a_value_comes_out_as_it_went_in(typed: tuple[str, Any]) -> None:
    annotation, value = typed
    file = parse_yaml(
        yaml.safe_dump({"verdi": plain(value)}, allow_unicode=True, sort_keys=False), typed=False
    )
    assert arrives(file["verdi"], annotation, value)
    assert arrives(parse_override(f"verdi={argument(annotation, value)}")[1], annotation, value)


@pytest.mark.parametrize("text", GUESSED)
def test_text_is_what_was_typed(text: str) -> None:
    assert convert(parse_override(f"verdi={text}")[1], "str") == text
    assert convert(parse_yaml(f"verdi: {text}", typed=False)["verdi"], "str") == text


@pytest.mark.parametrize(
    ("typed", "annotation", "message"),
    [
        ("0301", "int", "begynner med 0"),
        ("1_000", "int", "ikke et heltall"),
        ("12:30", "int", "ikke et heltall"),
        ("'2025'", "int", "er tekst"),
        ("12,5", "float", "skriv 12.5"),
        ("1e999", "float", "for stort"),
        ("nan", "float", "ikke et tall"),
        ("on", "bool", "verken true, false, ja eller nei"),
        ("30.6.2025", "date", "på formen 2025-01-31"),
        ("2025-02-30", "date", "finnes ikke i kalenderen"),
        ("fats", "Literal['fast', 'løpende']", "Mente du «fast»?"),
        ("[1, a]", "list[int]", "har leddet «a», som er ikke et heltall"),
        ("[1]", "tuple[int, int]", "har 1 ledd, ventet 2"),
        ("[1]", "list", "skriv for eksempel list"),
    ],
)
def test_what_does_not_fit_is_refused(typed: str, annotation: str, message: str) -> None:
    with pytest.raises(ValueError, match=r".*") as refused:
        convert(parse_override(f"p={typed}")[1], annotation)
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("value", "annotation"),
    [
        ("abc", "Optional[int]"),
        ("abc", "Union[int, None]"),
        (3, "dict[str, int]"),
        ({"a": "b"}, "dict[str, int]"),
        (["a"], "list[int]"),
        (3, "tuple"),
        ("abc", "'int'"),
        (True, "int"),
        (1, "Literal[True]"),
    ],
)
def test_values_that_do_not_fit(value: object, annotation: str) -> None:
    assert not fits(value, annotation)


@pytest.mark.parametrize(
    "annotation", ["Path", "list[bytes]", "int | Decimal", "dict[date, int]", "f()", "int |"]
)
def test_an_annotation_that_is_not_understood_is_named(annotation: str) -> None:
    with pytest.raises(NotatbokFeil) as refused:
        fits("x", annotation)
    assert "annotasjonen «" in str(refused.value)


@pytest.fixture
def chapter(tmp_path: Path) -> Callable[..., Chapter]:
    def write(source: str, tags: tuple[str, ...] = ("parameters",)) -> Chapter:
        path = tmp_path / "prøve.ipynb"
        cell = {"cell_type": "code", "source": source, "metadata": {"tags": list(tags)}}
        path.write_text(json.dumps({"cells": [cell]}), encoding="utf-8")
        return Chapter("prøve", "1", path)

    return write


def run(folder: Path, cells: list[dict[str, Any]], given: dict[str, Any], **metadata: Any) -> tuple[Any, Any]:
    """Run a notebook of one parameters cell and some more; return how it went, and the executed notebook."""
    notebook, work = folder / "prøve.ipynb", folder / "{arbeid}" / "prøve"
    notebook.write_text(
        json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})
    )
    step = Step(Chapter("prøve", "1", notebook), given, "2025", "", work, "ny")
    options: dict[str, Any] = {"jobs": 1, "limits": Limits(), "keep_going": False, "done": lambda _: None}
    (result,) = run_chapters([step], root=folder, scratch=folder, **options)
    return result.failure, json.loads(step.notebook.read_text()) if result.failure is None else None


def code(source: str, *tags: str) -> dict[str, Any]:
    return {"cell_type": "code", "source": source, "metadata": {"tags": list(tags)}}


def test_all_values_at_once_and_nothing_but_our_own_words(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """A notebook without ids and kernel, in a folder with braces; defaults with «=» and brackets."""
    given = {
        "filter": "a=b",
        "kode": "0301",
        "liste": ["no", "'"],
        "fra": date(2025, 1, 1),
        "vekt": {"a": (1.5, None)},
        "mengde": {"b", "a"},
    }
    others = {name: value for name, value in given.items() if name != "fra"}
    declared = [f"{name}: {annotation_of(value)!r} = {value!r}" for name, value in others.items()]
    shown = code(f"print(repr([{', '.join(given)}]))")
    cells = [code("\n".join([*declared, "fra: 'date | None' = None"]), "parameters"), shown]
    failure, executed = run(tmp_path, cells, given)
    assert failure is None
    assert "".join(capfd.readouterr()) == ""
    assert len(executed["cells"]) == 2
    came = "".join(executed["cells"][1]["outputs"][0]["text"])
    assert eval(came, {"datetime": datetime}) == list(given.values())


@pytest.mark.parametrize(
    ("cell", "metadata", "number", "message"),
    [
        ("1/0", {}, 2, "ZeroDivisionError: division by zero"),
        ("%%prossa\nTekst.", {}, 2, "«%%prossa» er ingen kjent magi. Mente du «prosa»?"),
        ("1", {"kernelspec": {"name": "pyton3"}}, None, "kjernen «pyton3» finnes ikke"),
        ("1", {"kernelspec": {"name": "ir", "language": "R"}}, None, "kjernen «ir» er for R"),
    ],
)
def test_a_failure_names_the_cell_that_the_analyst_sees(
    tmp_path: Path, cell: str, metadata: dict[str, Any], number: int | None, message: str
) -> None:
    failure, _ = run(tmp_path, [code("aar: int = 2025", "parameters"), code(cell)], {"aar": 2024}, **metadata)
    assert (failure.cell + 1 if failure.cell is not None else None) == number
    assert message in failure.message


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("x", "celle 2: cellen er ikke felter med verdier"),
        ({"cell_type": "kode"}, "celle 2: cellens type er «kode»"),
        ({"cell_type": "code", "source": 1}, "celle 2: cellens «source» er ikke tekst"),
        ({"cell_type": "code", "metadata": {"tags": "a"}}, "celle 2: cellens «metadata»"),
        ({"cell_type": "code", "outputs": {}}, "celle 2: cellens «outputs»"),
    ],
)
def test_a_malformed_cell_is_named_and_nothing_is_written(tmp_path: Path, cell: Any, message: str) -> None:
    path = tmp_path / "a.ipynb"
    path.write_text(text := json.dumps({"cells": [code("1"), cell]}))
    with pytest.raises(NotatbokFeil) as refused:
        tidy(path)
    assert message in str(refused.value)
    assert path.read_text() == text


def test_tidy_strips_what_a_run_left_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    paired = {"jupytext": {"formats": "ipynb,py:percent"}, "widgets": {"state": {}}}
    left: dict[str, Any] = {"cell_type": "code", "id": "a", "source": "1", "outputs": [{}]}
    left["metadata"] = {"slideshow": {"slide_type": "skip"}, "execution": {}}
    path.write_text(json.dumps({"cells": [left, {"cell_type": "markdown", "id": "a"}], "metadata": paired}))
    assert (tidy(path), tidy(path)) == (True, False)
    written = json.loads(path.read_text())
    assert written["metadata"]["jupytext"] == paired["jupytext"]
    assert "widgets" not in written["metadata"]
    assert written["cells"][0]["metadata"] == {"slideshow": {"slide_type": "skip"}}
    assert written["cells"][0]["outputs"] == []
    assert [cell["id"] for cell in written["cells"]] == ["a", "a-2"]


class TestDeclared:
    def test_types_and_defaults_are_read(self, chapter: Callable[..., Chapter]) -> None:
        code = "from datetime import date\naar: int = 2025\npris: int | None = None  # år\n"
        found = declared_parameters(chapter(f"{code}fra = date(2024, 1, 1)\nl = ['a']").notebook)
        assert [(p.name, p.annotation, p.default) for p in found.values()] == [
            ("aar", "int", 2025),
            ("pris", "int | None", None),
            ("fra", "date", date(2024, 1, 1)),
            ("l", "list[str]", ["a"]),
        ]

    @pytest.mark.parametrize(
        ("given", "message"),
        [
            ({"aarr": "2025"}, "Mente du «aar»?"),
            ({"aar": "2025"}, "«2025» er tekst, ventet int"),
            ({"aar": True}, "«True» er bool, ventet int"),
            ({"basis": "fats"}, "Mente du «fast»?"),
        ],
    )
    def test_a_parameter_that_does_not_fit(
        self, chapter: Callable[..., Chapter], given: dict[str, Any], message: str
    ) -> None:
        declared = chapter("aar: int = 2025\nbasis: Literal['fast', 'løpende'] = 'fast'")
        with pytest.raises(ParameterFeil) as caught:
            assign([declared], given)
        assert message in str(caught.value)

    def test_a_default_that_is_not_of_the_type(self, chapter: Callable[..., Chapter]) -> None:
        with pytest.raises(NotatbokFeil, match="standardverdien '2025' er ikke int"):
            assign([chapter("aar: int = '2025'")], {})

    def test_a_notebook_without_a_parameters_cell(self, chapter: Callable[..., Chapter]) -> None:
        with pytest.raises(NotatbokFeil, match="0 celler merket «parameters»"):
            declared_parameters(chapter("aar = 1", tags=()).notebook)

    def test_a_parameter_that_is_computed(self, chapter: Callable[..., Chapter]) -> None:
        with pytest.raises(NotatbokFeil, match="parametercellen linje 2"):
            declared_parameters(chapter("aar: int = 2025\nfør = aar - 1").notebook)


@given(st.text(), st.text())
@example("Oslo", "oslo")
@example("../../../ute", "ute")
@example("Kåfjord/Gáivuotna", "Kåfjord-Gáivuotna")
def test_the_name_of_a_folder_is_safe_and_its_own(one: str, other: str) -> None:
    names = [safe_name(one), safe_name(other)]
    for name in names:
        assert set(name) <= set("abcdefghijklmnopqrstuvwxyzæøå0123456789_.,-~")
        assert name.strip(".") == name != ""
        assert len(name) <= 53
    assert (names[0] == names[1]) == (one == other)


@pytest.fixture
def report(tmp_path: Path) -> Callable[..., str]:
    """Return the folder of a small report with some arguments."""
    for folder in ("data/published/2025", "notebooks", "params", "reports"):
        (tmp_path / folder).mkdir(parents=True)
    for name in ("a", "b", "index", "a-tall"):
        (tmp_path / "notebooks" / f"{name}.ipynb").touch()
    (tmp_path / "params" / "2025.yml").write_text("aar: 2025\nfylke: oslo\n")

    def folder(
        *overrides: str, chapters: tuple[str, ...] = (), listed: str = "[a, b]", name: str = "r-{aar}"
    ) -> str:
        definition = f"id: '{name}'\ntitle: T\ndata: 2025\nparams: 2025\nchapters: {listed}\n"
        (tmp_path / "reports" / "arsrapport.yml").write_text(definition)
        options = Options(tmp_path, chapters, overrides=overrides)
        return folder_name(open_report(options)[1], options)

    return folder


def test_a_folder_is_named_by_what_is_not_as_usual(report: Callable[..., str]) -> None:
    assert report() == report("fylke=oslo") == "r-2025"
    assert report("aar=2024") == "r-2024"
    assert report("fylke=troms") == "r-2025+fylke-troms"
    assert report("fylke=../../ute").startswith("r-2025+fylke-ute~")
    assert report(name="r-{fylke}").startswith("r-oslo")
    assert report(chapters=("a",)) == "utkast-r-2025-a"
    assert len(report(*(f"p{i}={'x' * 30}" for i in range(20)))) < 120


def test_values_never_share_a_folder(report: Callable[..., str]) -> None:
    given = ["fylke=a-b", "fylke=a+b", "fylke=A-b", "fylke=a", "fylke=", "fylke={aar}"]
    names = [report(one, chapters=chapters) for one in given for chapters in ((), ("b",), ("a", "b"))]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("definition", "message"),
    [
        ({"name": "../r"}, "feltet «id» er «../r», som ikke kan være navnet på en fil"),
        ({"name": "r{0}"}, "som ikke er satt"),
        ({"listed": "[index]"}, "kapitlet «index» har samme navn som en annen side"),
        ({"listed": "[a, a-tall]"}, "kapitlet «a-tall» har samme navn"),
        ({"listed": "[../a]"}, "navnet på et kapittel er «../a»"),
        ({"listed": "[a, a]"}, "kapitlet «a» står to ganger"),
        ({"listed": "a"}, "«chapters» er ikke en liste"),
    ],
)
def test_names_that_would_leave_the_folder_or_meet(
    report: Callable[..., str], definition: dict[str, str], message: str
) -> None:
    with pytest.raises(RapportFeil) as refused:
        report(**definition)
    assert message in str(refused.value)
