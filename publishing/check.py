"""House rules for notebooks and data, each finding with what to do about it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import Any

from analysis_lib.data.inputs import relative
from analysis_lib.errors import RapportFeil
from publishing.new import CHECKED
from publishing.notebooks import chapters, examples, read_code, read_notebook, shown, source, tags
from publishing.visible import HIDES, hidden, unknown_hiding

MAGIC = "%%prosa"
# What reshapes or computes belongs in the library, where it has a name and a test.
_FRAME_METHODS = {"groupby", "merge", "pivot", "pivot_table", "apply", "agg", "assign", "mean", "rolling"}
_READERS = {"open", "read_csv", "read_excel", "read_parquet", "read_json"}


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to mend."""

    where: str
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}. {self.remedy}"


def check_notebook(path: Path, edition: Path | None = None) -> list[Remark]:
    """Check a chapter: bound numerals, no arithmetic, no file paths, no stored outputs, known tags.

    Parameters
    ----------
    edition : Path, optional
        What its measures are assessed in; the newest if none is given.
    """
    findings = check_outputs(path)
    for where, cell in _cells(path):
        text = source(cell)
        findings += _check_hiding(cell, where)
        if hidden(cell) and (cell["cell_type"] == "markdown" or text.startswith(MAGIC)):
            continue
        if cell["cell_type"] == "markdown":
            findings += _check_text(text, where, edition)
        elif text.startswith(MAGIC):
            findings += _check_prose(text.removeprefix(MAGIC), where, edition)
        elif cell["cell_type"] == "code" and "parameters" not in tags(cell):
            findings += _check_code(text, where)
    return findings


def check_outputs(path: Path) -> list[Remark]:
    """Check any notebook: no stored outputs but the text that the tests compare."""
    return [finding for where, cell in _cells(path) for finding in _check_outputs(cell, where)]


def _cells(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, cell in enumerate(read_notebook(path)["cells"], start=1):
        yield f"{shown(path)}, celle {number}", cell


def _check_outputs(cell: dict[str, Any], where: str) -> list[Remark]:
    kept = CHECKED in source(cell)
    outputs = cell.get("outputs", [])
    heavy = any(set(output.get("data", {})) - {"text/plain"} for output in outputs)
    if heavy or (outputs and not kept):
        return [Remark(where, "lagrede utdata", "Kjør «rapport tidy» før du legger inn notatboken.")]
    return []


def _check_hiding(cell: dict[str, Any], where: str) -> list[Remark]:
    return [
        Remark(
            where,
            f"merkelappen «{tag}» skjuler ingenting",
            f"Kjente merkelapper: {', '.join(sorted(HIDES))}.",
        )
        for tag in unknown_hiding(cell)
    ]


def _check_text(text: str, where: str, edition: Path | None) -> list[Remark]:
    from analysis_lib.present.markdown import without_comments, without_headings
    from analysis_lib.present.prose import unbound_numerals

    try:
        text = without_headings(without_comments(text))
    except RapportFeil as error:
        return [Remark(where, error.message, error.hint)]
    unbound = [
        Remark(where, f"tallet «{numeral}» er ikke bundet", "Hent det fra en tabell eller fra kap.fakta(…).")
        for numeral in unbound_numerals(text)
    ]
    return [*unbound, *_check_causes(text, where, edition)]


def _check_causes(text: str, where: str, edition: Path | None) -> Iterator[Remark]:
    """Find what is said to have come of a measure whose verdict does not carry it."""
    from analysis_lib.data.editions import chosen_edition, edition_year
    from evaluation.register import read_measures
    from evaluation.verdicts.causal_language import causal_claims

    newest = edition or chosen_edition(None)
    for claim in causal_claims(text, read_measures(newest).values()):
        from analysis_lib.indicators.edition import Edition
        from evaluation.measures import assess

        verdict = assess(claim.measure.id, Edition(edition_year(newest), folder=newest))
        if not verdict.carries_cause:
            yield Remark(
                where,
                f"«{claim.word}» sier at noe kom av tiltaket «{claim.measure.name}»: «{claim.sentence}»",
                f"Vurderingen er «{verdict.status}» og bærer det ikke. Si hva som skjedde og når, for "
                f"eksempel «{claim.instead}» i stedet for «{claim.word}», eller bruk vurderingens setning.",
            )


def _check_prose(text: str, where: str, edition: Path | None) -> list[Remark]:
    from analysis_lib.present.markdown import without_comments

    try:
        parts = list(Formatter().parse(without_comments(text)))
    except RapportFeil as error:
        return [Remark(where, error.message, error.hint)]
    except ValueError as error:
        return [Remark(where, f"krøllparentesene går ikke opp: {error}", "Hver { må ha sin }.")]
    findings = _check_text(" … ".join(literal for literal, *_ in parts), where, edition)
    for _, expression, _, _ in parts:
        if expression:
            findings += _check_code(expression.strip(), where)
    return findings


def _check_code(text: str, where: str) -> list[Remark]:
    try:
        tree = read_code(text)
    except SyntaxError as error:
        return [Remark(where, f"koden kan ikke leses: {error.msg}", f"Se linje {error.lineno}.")]
    return list(_walk(tree, where))


def _walk(tree: ast.AST, where: str) -> Iterator[Remark]:
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp) and _is_data(node.left, node.right):
            yield Remark(
                where,
                f"regning i notatboken: «{ast.unparse(node)}»",
                "Bruk endring, andel, differanse, indeks eller sum_av.",
            )
        elif isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in _READERS:
                yield Remark(
                    where, f"leser en fil selv: «{name}»", "Legg dataene i data/ og bruk kap.tabell(…)."
                )
            elif name in _FRAME_METHODS:
                yield Remark(where, f"omformer data: «{name}»", "Gi det et navn i analysis_lib/indicators.")


def _is_data(*operands: ast.expr) -> bool:
    """Tell whether an operation is on data and not on years or texts: it involves a cell or a call."""
    return any(isinstance(node, ast.Subscript | ast.Call) for node in operands)


def check_data(root: Path) -> list[Remark]:
    """Read every edition's tables, facts, figures, measures and revisions, and evaluate every cell."""
    from analysis_lib.data.editions import edition_year, editions
    from analysis_lib.data.facts import read_facts
    from analysis_lib.indicators.edition import Edition
    from analysis_lib.present.figures import read_figures
    from evaluation.register import read_measures
    from publishing.revisions import FILE, read_revisions

    findings: list[Remark] = []

    def attempt(action: Any, *arguments: Any) -> Any:
        try:
            return action(*arguments)
        except RapportFeil as error:
            findings.append(Remark(error.where, error.message, error.hint))
            return None

    for place in editions(root).values():
        edition = attempt(lambda folder: Edition(edition_year(folder), folder=folder), place)
        descriptors = sorted((place / "tabeller").glob("*.yml"))
        if not descriptors:
            findings.append(
                Remark(relative(place), "utgaven har ingen tabeller", "Lag den med «rapport roll».")
            )
        for descriptor in descriptors if edition else ():
            table = attempt(edition.table, descriptor.stem)
            for row, column in table.cells if table else ():
                if attempt(edition.value, descriptor.stem, row, column) is None:
                    break
        for path in sorted((place / "fakta").glob("*.csv")):
            attempt(read_facts, path)
        for path in sorted((place / "figurer").glob("*.yml")):
            attempt(read_figures, path)
        attempt(read_measures, place)
        attempt(read_revisions, place / FILE)
    return findings


def check(root: Path) -> list[Remark]:
    """Check all notebooks and all data of a project."""
    findings = [finding for path in chapters(root) for finding in check_notebook(path)]
    findings += [finding for path in examples(root) for finding in check_outputs(path)]
    return findings + check_data(root)
