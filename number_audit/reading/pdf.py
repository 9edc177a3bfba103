"""The text of a PDF's page as it is set out, where what is raised is a mark and no digit of a number."""

from __future__ import annotations

from unittest.mock import patch

from pypdf import PageObject
from pypdf._text_extraction._layout_mode import _fixed_width_page as layout
from pypdf._text_extraction._layout_mode._text_state_manager import TextStateManager
from pypdf._text_extraction._layout_mode._text_state_params import TextStateParams

from number_audit.reading.columns import GAP
from number_audit.reading.lines import DIGITS, raised

# Shares of the height of the text beside it: a mark is smaller, its line is another, and it stands close.
SMALLER, OFF_LINE, CLOSE = 0.85, 0.1, 0.4
# The raised digit of a font, as wide as this share of the plain one.
LEAST_WIDE, MOST_WIDE = 0.56, 0.8
LONGEST = 5
# Wide enough that a bold number does not run into the next column.
SCALE = 2.0


class _Marking(TextStateManager):
    """The state of a page's text, where a mark behind a number is written as one.

    A mark is small and off the line, or is set with the raised signs of its font: these are narrower
    than the others that stand for the same sign. Behind a word it stays as it is.
    """

    line: TextStateParams | None = None
    edge = 0.0
    behind = ""

    def text_state_params(self, value: bytes | str = "") -> TextStateParams:
        shown = super().text_state_params(value)
        if not shown.text.strip():
            return shown
        height = self.line.font_height if self.line else 0.0
        rise = self._rise(shown)
        beside = abs(shown.tx - self.edge) < CLOSE * height and len(shown.text) <= LONGEST
        small = shown.font_height < SMALLER * height and OFF_LINE * height < abs(rise) < height
        if beside and self.behind.isdigit() and (small or (abs(rise) < OFF_LINE and _is_narrow(shown))):
            shown.text = raised(shown.text, lowered=rise < -OFF_LINE)
        else:
            self.line = shown
        self.edge, self.behind = shown.displaced_tx, shown.text[-1]
        return shown

    def _rise(self, shown: TextStateParams) -> float:
        """Return how far above the line a text stands."""
        return 0.0 if self.line is None else (shown.ty - self.line.ty) * (-1 if shown.flip_vertical else 1)


def _is_narrow(shown: TextStateParams) -> bool:
    """Tell whether each letter and digit is narrower than another of its font that stands for the same."""
    font = shown.font
    told = {code: font.character_map.get(code, code) for code in shown._raw_chars}
    twins = {
        code: [font.get_text_width(other) for other, same in font.character_map.items() if same == text]
        for code, text in told.items()
        if text.isalnum()
    }
    return bool(twins) and all(
        any(LEAST_WIDE * wide < font.get_text_width(code) < MOST_WIDE * wide for wide in widths)
        for code, widths in twins.items()
    )


def page_text(page: PageObject) -> str:
    """Return the text of a page as it is set out, with its marks as marks."""
    with patch.object(layout, "TextStateManager", _Marking):
        text = page.extract_text(extraction_mode="layout", layout_mode_scale_weight=SCALE)
    # Running text has no wide gaps; the footnotes of a PDF are known there by their plain digits.
    return "\n".join(line if GAP.search(line) else line.translate(DIGITS) for line in text.splitlines())
