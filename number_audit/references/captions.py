"""Captions and numbers: against their table, their neighbours, the text, and the table of contents."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise

from analysis_lib.data.periods import YEAR
from number_audit.document import Caption, Document, Grid, Heading, TargetKind
from number_audit.findings import CheckKind, Finding, at_line
from number_audit.language.periods import Moment, moments, span
from number_audit.language.words import shared, stems
from number_audit.references.mentions import CrossReference
from number_audit.references.targets import MOST_TARGETS, Targets, words_of

_OPPOSITES = (
    ("prisene", r"løpende priser", r"faste priser|\d{4}-priser"),
    ("enheten", r"\bmill\b\.?", r"\bmrd\b\.?|\b(?:i )?1000 kroner|\bhele kroner"),
)
_ALIKE = 0.6
_REACH = 50


def check_captions(document: Document, found: Sequence[CrossReference]) -> list[Finding]:
    """Return the captions that say another period or unit than their table, a twin, or the text."""
    grids = {grid.line: grid for grid in document.grids}
    findings = []
    for caption in document.captions:
        grid = grids.get(caption.line)
        if grid is not None and grid.caption == caption.text:
            findings += [*_against_columns(caption, grid), *_against_unit(caption, grid)]
    return [*findings, *_left_behind(document), *_against_text(document, found)]


def _against_columns(caption: Caption, grid: Grid) -> list[Finding]:
    """Compare the years and the months of a caption with those of the columns, or of the rows."""
    name = f"tabell {caption.number}"
    told = moments(caption.text)
    headers = [moments(column.header) for column in grid.columns]
    shown = [found[0] for found in headers if len(found) == 1]
    if not shown:
        shown = [
            found[0] for row in grid.rows if len(found := moments(row.label)) == 1 and len(row.label) <= 9
        ]
    if not told or not shown:
        return []
    months = {moment for moment in told if moment.month}
    for moment in months - set(shown):
        others = {other for other in shown if other.month == moment.month}
        if others and moment.year not in {other.year for other in others}:
            text = f"Overskriften til {name} sier {moment}, kolonnen {min(others)}."
            return [_period(caption, str(moment), text, grid)]
    first, last = min(shown).year, max(shown).year
    years = {moment.year for moment in told}
    if len(years) > 1 and len(set(shown)) > 2 and (min(years), max(years)) != (first, last):
        text = f"Overskriften til {name} dekker {min(years)}–{max(years)}, tabellen {first}–{last}."
        return [_period(caption, f"{min(years)}–{max(years)}", text, grid)]
    return []


def _period(caption: Caption, printed: str, text: str, grid: Grid) -> Finding:
    shown = ", ".join(column.header for column in grid.columns)
    cells = (f"linje {caption.line} = {caption.text}", f"kolonnene = {shown}")
    return at_line(CheckKind.CAPTION_PERIOD, caption.line, printed, text, cells=cells)


def _against_unit(caption: Caption, grid: Grid) -> list[Finding]:
    shown = " ".join(f"{column.group} {column.header}" for column in grid.columns)
    return [
        at_line(
            CheckKind.CAPTION_UNIT,
            caption.line,
            f"tabell {caption.number}",
            f"Overskriften til tabell {caption.number} og kolonnene er ikke enige om {what}.",
            cells=(f"linje {caption.line} = {caption.text}", f"kolonnene = {shown}"),
        )
        for what, one, other in _OPPOSITES
        if _only(caption.text, one, other) and _only(caption.text, one, other) + _only(shown, one, other) == 3
    ]


def _only(text: str, one: str, other: str) -> int:
    """Return 1 or 2 for the one of two expressions that a text has; 0 for both and for none."""
    has = [bool(re.search(pattern, text, re.IGNORECASE)) for pattern in (one, other)]
    return 0 if has[0] == has[1] else 1 if has[0] else 2


def _left_behind(document: Document) -> list[Finding]:
    """Return captions that end a year before a twin in their chapter, and are the same in all else."""
    findings = []
    dated = [(caption, period) for caption in document.captions if (period := _years(caption))]
    alike: dict[tuple[str, str, tuple[int, int]], list[Caption]] = defaultdict(list)
    for caption, period in dated:
        alike[caption.kind, _chapter(caption), period].append(caption)
    for caption, period in dated:
        later = alike.get((caption.kind, _chapter(caption), _a_year_later(period)), [])
        twins = [other for other in _nearest(later, caption) if _likeness(caption, other) >= _ALIKE]
        if twins:
            twin = min(twins, key=lambda other: abs(other.line - caption.line))
            name = f"{caption.kind} {caption.number}"
            text = (
                f"Overskriften til {name} slutter i {period[1]}, mens {twin.kind} {twin.number} slutter i "
                f"{period[1] + 1}. Den kan være fra forrige utgave."
            )
            cells = tuple(f"linje {each.line} = {each.text}" for each in (caption, twin))
            findings.append(
                at_line(CheckKind.CAPTION_PERIOD, caption.line, str(period[1]), text, sure=0.7, cells=cells)
            )
    return findings


def _nearest(captions: Sequence[Caption], to: Caption) -> Sequence[Caption]:
    """Return the captions around a line, so that thousands of one period are not all compared."""
    place = bisect_left(captions, to.line, key=lambda caption: caption.line)
    return captions[max(0, place - _REACH) : place + _REACH]


def _years(caption: Caption) -> tuple[int, int] | None:
    """Return first and last year of a caption that names one period, in whole years."""
    told = moments(caption.text)
    if not 1 <= len(told) <= 2 or any(moment.month for moment in told):
        return None
    return told[0].year, told[-1].year


def _a_year_later(period: tuple[int, int]) -> tuple[int, int]:
    """Return what a period becomes in the next edition: a year alone moves, a series grows.

    >>> _a_year_later((2024, 2024)), _a_year_later((2019, 2024))
    ((2025, 2025), (2019, 2025))
    """
    first, last = period
    return (first if first != last else last + 1), last + 1


def _chapter(caption: Caption) -> str:
    return caption.number.partition(".")[0] if "." in caption.number else ""


def _likeness(caption: Caption, other: Caption) -> float:
    words, others = stems(caption.text), stems(other.text)
    return len(shared(words, others)) / max(1, len(words))


def _against_text(document: Document, found: Sequence[CrossReference]) -> list[Finding]:
    """Compare a caption with a sentence that cites it alone: another period, other prices."""
    captions = {f"{caption.kind} {caption.number}": caption for caption in document.captions}
    findings = []
    for mention in found:
        caption = captions.get(mention.name)
        if caption is None or not mention.alone:
            continue
        cells = (f"linje {mention.line} = {mention.sentence[:200]}", f"linje {caption.line} = {caption.text}")
        told, said = span(caption.text), span(mention.sentence)
        if told and said and _differ(said, told):
            printed = f"{said[0]}–{said[1]}"
            text = f"Teksten sier {printed} om {mention.name}, overskriften {told[0]}–{told[1]}."
            findings.append(
                at_line(CheckKind.CAPTION_PERIOD, mention.line, printed, text, sure=0.6, cells=cells)
            )
        _, one, other = _OPPOSITES[0]
        if (
            _only(caption.text, one, other)
            and _only(caption.text, one, other) + _only(mention.sentence, one, other) == 3
        ):
            text = f"Teksten og overskriften til {mention.name} er ikke enige om prisene."
            findings.append(
                at_line(CheckKind.CAPTION_UNIT, mention.line, mention.name, text, sure=0.7, cells=cells)
            )
    return findings


def _differ(said: tuple[Moment, Moment], told: tuple[Moment, Moment]) -> bool:
    """Return whether a sentence goes beyond a caption's years, or ends in another month of the same."""
    beyond = said[0].year < told[0].year or said[1].year > told[1].year
    months = said[0] == told[0] and said[1].year == told[1].year and said[1].month and told[1].month
    return beyond or bool(months and said[1] != told[1])


_FEWEST = 3


def check_headers(document: Document) -> list[Finding]:
    """Return the tables in which two neighbours bear the same year, and all other columns are told apart."""
    return [finding for grid in document.grids for finding in _twice(grid)]


def _twice(grid: Grid) -> list[Finding]:
    heads = [(column.group, column.header) for column in grid.columns]
    dated = [head for head in heads if YEAR.search(head[1])]
    repeated = [head for head, count in Counter(dated).items() if count > 1]
    neighbours = [head for head, following in pairwise(heads) if head == following]
    # Where several are repeated, or nearly all, the columns stand in groups whose names were not read.
    if len(set(dated)) < _FEWEST or len(repeated) != 1 or repeated != neighbours:
        return []
    header = repeated[0][1]
    shown = ", ".join(column.header for column in grid.columns)
    name = f"tabell {grid.number}"
    text = (
        f"To kolonner ved siden av hverandre i {name} heter «{header}»; den ene gjelder trolig et annet år."
    )
    return [
        at_line(
            CheckKind.HEADER, grid.line, header, text, sure=0.7, cells=(f"{name}, overskriftene = {shown}",)
        )
    ]


def check_numbering(document: Document, found: Sequence[CrossReference], targets: Targets) -> list[Finding]:
    """Return numbers that stand on two targets, and what no text mentions."""
    return [*_duplicates(document, found, targets), *_unmentioned(document, found)]


def _duplicates(document: Document, found: Sequence[CrossReference], targets: Targets) -> list[Finding]:
    places: dict[str, list[Caption]] = defaultdict(list)
    for caption in document.captions:
        places[f"{caption.kind} {caption.number}"].append(caption)
    mentions: dict[str, list[CrossReference]] = defaultdict(list)
    for mention in found:
        mentions[mention.name].append(mention)
    findings = [
        at_line(
            CheckKind.DUPLICATE_NUMBER,
            captions[1].line,
            name,
            f"{name.capitalize()} står {len(captions)} ganger: linje {_lines(captions)}. "
            f"{_meant(mentions[name][:MOST_TARGETS], targets)}".strip(),
            sure=0.95,
            cells=tuple(f"linje {caption.line} = {caption.text}" for caption in captions),
            cause=f"nummeret {name} er brukt to ganger",
        )
        for name, captions in places.items()
        if len(captions) > 1
    ]
    chapters: dict[str, list[Heading]] = defaultdict(list)
    for heading in document.headings:
        if heading.number:
            chapters[heading.number].append(heading)
    return findings + [
        at_line(
            CheckKind.DUPLICATE_NUMBER,
            headings[1].line,
            f"kapittel {number}",
            f"Kapittel {number} står {len(headings)} ganger: "
            + " og ".join(f"«{heading.title}» (linje {heading.line})" for heading in headings)
            + ".",
            cells=tuple(f"linje {heading.line} = {heading.title}" for heading in headings),
        )
        for number, headings in chapters.items()
        if len(headings) > 1
    ]


def _lines(captions: Sequence[Caption]) -> str:
    return " og ".join(str(caption.line) for caption in captions)


def _meant(mentions: Sequence[CrossReference], targets: Targets) -> str:
    """Return which of two targets each reference is about, where its words tell."""
    told = []
    for mention in mentions:
        words = words_of(mention.paragraph)
        ranked = sorted(
            targets.of(mention.kind, mention.number), key=lambda target: targets.fit(words, target)
        )
        if targets.titled(words, ranked[-1]) and targets.fit(words, ranked[-1]) > targets.fit(
            words, ranked[0]
        ):
            told.append(
                f"Henvisningen på linje {mention.line} gjelder trolig den på linje {ranked[-1].line}."
            )
        if len(told) == 3:
            break
    return " ".join(told)


def _unmentioned(document: Document, found: Sequence[CrossReference]) -> list[Finding]:
    """Return a finding a kind, with all that no text mentions; «tabellen» counts for those of its section."""
    named = {mention.name for mention in found}
    findings = []
    for kind in (TargetKind.TABLE, TargetKind.FIGURE):
        spoken = {
            part.section
            for part in document.paragraphs
            if re.search(rf"\b{kind}(?:en|ene)\b|\b{kind}\s+med\b", part.text, re.IGNORECASE)
        }
        captions = [caption for caption in document.captions if caption.kind == kind]
        headings = [heading for heading in document.headings if heading.number]
        silent = [
            caption
            for caption in captions
            if f"{kind} {caption.number}" not in named and _section(headings, caption.line) not in spoken
        ]
        if silent and len(silent) < len(captions):
            plural = {TargetKind.TABLE: "tabeller", TargetKind.FIGURE: "figurer"}[kind]
            names = ", ".join(caption.number for caption in silent)
            text = f"{len(silent)} av {len(captions)} {plural} er ikke nevnt med nummer i teksten: {names}."
            cells = tuple(f"linje {caption.line} = {kind} {caption.number}" for caption in silent)
            findings.append(
                at_line(
                    CheckKind.NEVER_MENTIONED,
                    silent[0].line,
                    f"{kind} {silent[0].number}",
                    text,
                    sure=0.5,
                    cells=cells,
                )
            )
    return findings


def _section(headings: Sequence[Heading], line: int) -> str:
    """Return the number of the numbered heading that a line stands under."""
    place = bisect_right(headings, line, key=lambda heading: heading.line)
    return headings[place - 1].number if place else ""


def check_contents(document: Document) -> list[Finding]:
    """Return what the table of contents promises and the headings do not hold."""
    entries = [entry for entry in document.contents if entry.number]
    headings = {heading.number: heading for heading in document.headings if heading.number}
    if len(entries) < 3 or not headings:
        return []
    findings = []
    for entry in entries:
        heading = headings.get(entry.number)
        if heading is None:
            text = f"Innholdsfortegnelsen har {entry.number} «{entry.title}», som ikke finnes i teksten."
            findings.append(at_line(CheckKind.CONTENTS, entry.line, entry.number, text, sure=0.6))
        elif _letters(entry.title) != _letters(heading.title):
            text = f"Overskriften er «{heading.title}» i teksten og «{entry.title}» i innholdsfortegnelsen."
            cells = (f"linje {entry.line} = {entry.title}", f"linje {heading.line} = {heading.title}")
            findings.append(
                at_line(CheckKind.CONTENTS, heading.line, heading.title, text, sure=0.85, cells=cells)
            )
    depth = max(entry.number.count(".") for entry in entries)
    listed = {entry.number for entry in entries}
    return findings + [
        at_line(
            CheckKind.CONTENTS,
            heading.line,
            number,
            f"Kapittel {number} mangler i innholdsfortegnelsen.",
            sure=0.7,
        )
        for number, heading in headings.items()
        if number not in listed and number.count(".") <= depth
    ]


def _letters(title: str) -> str:
    return re.sub(r"[\W_]+", "", title).lower()
