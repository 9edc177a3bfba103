"""References: where every table, figure and chapter is, and links that point to them.

Their numbers are facts of the edition, so nothing is counted; a reference that points nowhere, a
target that is there twice, or a number on two headings stops the build.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from analysis_lib.errors import RenderFeil, nearest
from analysis_lib.present.prose import REFERENCE
from analysis_lib.report.assemble import ChapterPage

Target = Literal["html", "typ"]


def homes_of(chapters: tuple[ChapterPage, ...]) -> dict[str, str]:
    """Return the chapter that each table and figure stands in, and that each number belongs to."""
    homes: dict[str, str] = {}
    for chapter in chapters:
        own = [f"kapittel-{chapter.number}"] if chapter.number else []
        for target in [*chapter.targets, *own]:
            if target in homes:
                raise RenderFeil(f"{target} står to ganger", where=f"{homes[target]} og {chapter.name}")
            homes[target] = chapter.name
    return homes


def check_numbers(chapters: tuple[ChapterPage, ...]) -> None:
    """Refuse a chapter numbered 11.6 where chapter 11 has a sixth section of its own."""
    found: dict[str, str] = {}
    for chapter in chapters:
        for number in chapter.numbers:
            if number in found:
                raise RenderFeil(
                    f"nummeret {number} står på to overskrifter",
                    where=f"{found[number]} og {chapter.name}",
                    hint="Gi kapitlet et annet nummer i rapportdefinisjonen.",
                )
            found[number] = chapter.name


def resolve(markdown: str, homes: Mapping[str, str], here: str, target: Target) -> str:
    """Turn ``@tabell-8.1`` and ``@kapittel-8`` into links; a capital letter where one begins the text.

    A chapter that is not in this draft is named without a link.
    """

    def link(match: Any) -> str:
        kind, number = match[1], match[2]
        name = f"{kind}-{number.replace('.', '-')}"
        before = match.string[: match.start()].rstrip(" ")
        word = kind.capitalize() if not before or before[-1] in ".\n" else kind
        text = f"{word}\u00a0{number}"
        if kind == "kapittel":
            chapter = homes.get(name)
            return (
                f"[{text}]({f'{chapter}.html' if target == 'html' else f'#{chapter}'})" if chapter else text
            )
        if name not in homes:
            known = [item.replace("-", " ", 1).replace("-", ".") for item in homes]
            raise RenderFeil(
                f"henvisningen til {kind} {number} peker ikke på noe",
                where=f"notebooks/{here}.ipynb",
                hint=nearest(f"{kind} {number}", known),
            )
        elsewhere = target == "html" and homes[name] != here
        return f"[{text}]({f'{homes[name]}.html' if elsewhere else ''}#{name})"

    return REFERENCE.sub(link, markdown)
