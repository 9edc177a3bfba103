"""Key figures: the numbers that a chapter begins with."""

from __future__ import annotations

from dataclasses import dataclass

from analysis_lib.data.cells import Kind
from analysis_lib.indicators.values import Value, in_one_unit
from analysis_lib.present.display import Shown
from analysis_lib.present.numbers import format_exact, format_number, format_value
from analysis_lib.present.payload import KeyFigure, KeyFiguresPayload
from analysis_lib.present.prose import Prose, bind
from analysis_lib.present.register import entries


@dataclass(frozen=True)
class Nøkkeltall:
    """One key figure: a value, what it is, its change and what that means."""

    value: Value
    label: str
    format: str = "tall"
    change: Value | None = None
    change_text: str = ""
    meaning: Prose | str = ""


class Nøkkeltallene(Shown):
    """The key figures at the top of a chapter."""

    def __init__(self, *items: Nøkkeltall) -> None:
        self.items = [item for item in items if item.value.known]
        self.awaits = [item.label for item in items if item.value.kind is Kind.AWAITED]

    @property
    def payload(self) -> KeyFiguresPayload:
        """The key figures for the report; see `Shown`."""
        values = [value for item in self.items for value in _values(item)]
        return KeyFiguresPayload(
            items=tuple(map(_item, self.items)), awaits=tuple(self.awaits), numbers=entries(values)
        )

    @property
    def summary(self) -> str:
        """One line a key figure."""
        lines = []
        for item in map(_item, self.items):
            change = f" ({item.change})" if item.change else ""
            lines.append(f"{item.label}: {item.text} {item.unit}{change}")
        return "\n".join(lines).replace("\u00a0", " ")

    @property
    def fasit(self) -> str:
        """Every number of the key figures by its value and its cell, or the formula over cells behind it.

        For the notebook's test: another row, year or order of arguments is another line.
        """
        lines = []
        for item in self.items:
            shown = _item(item)
            said = f"{shown.label}: {shown.number}"
            lines.append("; ".join(part for part in (said, shown.change, shown.meaning) if part))
            for value in _values(item):
                assert value.point is not None
                lines.append(f"  {format_exact(value.point)} {value.unit}".rstrip() + f" = {value.identity}")
        return "\n".join(lines).replace("\u00a0", " ")


def setning(mal: str, **verdier: Value) -> Prose:
    """Bind a short text outside a ``%%prosa`` cell: ``setning("{x:prosent} mer", x=vekst)``."""
    return bind(mal, verdier)


def _values(item: Nøkkeltall) -> list[Value]:
    change = [item.change] if item.change is not None and item.change.known else []
    inside = item.meaning.values if isinstance(item.meaning, Prose) else []
    return [item.value, *change, *inside]


def _refuse_other_units(value: Value, change: Value) -> None:
    """Refuse a change that cannot be one of its value: percentage points of persons, kroner of a share."""
    points = change.unit == "prosentpoeng" and value.unit in ("prosent", "prosentpoeng")
    if not points and change.unit != "prosent":
        in_one_unit((value, change))


def _item(item: Nøkkeltall) -> KeyFigure:
    # The number stands large, its unit small beside it: everything before the first letter is number.
    shown = format_value(item.value, item.format)
    cut = next((i for i, char in enumerate(shown) if char.isalpha()), len(shown))
    change = ""
    if item.change is not None:
        _refuse_other_units(item.value, item.change)
    if item.change is not None and item.change.point is not None:
        figure = format_number(item.change.point, item.change.decimals, plus=True)
        unit = "\u00a0%" if item.change.unit == "prosent" else f"\u00a0{item.change.unit}"
        change = f"{figure}{unit} {item.change_text}".strip()
    meaning = item.meaning
    return KeyFigure(
        text=shown[:cut].strip("\u00a0 "),
        format=item.format,
        unit=shown[cut:],
        label=item.label,
        change=change,
        meaning=meaning.summary if isinstance(meaning, Prose) else meaning,
        paragraphs=tuple(meaning.paragraphs) if isinstance(meaning, Prose) else (),
        ref=item.value.ref,
        change_ref=item.change.ref if item.change is not None and item.change.known else None,
    )
