"""What the numbers that tables bear out say of the others beside them."""

from __future__ import annotations

from collections.abc import Sequence

from analysis_lib.audit.claims.hits import Match, row_in
from analysis_lib.audit.claims.statement import Statement
from analysis_lib.audit.claims.ties import Tie


class Anchors:
    """What the reproduced numbers of a paragraph and of a sentence say of its other numbers."""

    def __init__(self, hits: Sequence[Match]) -> None:
        ties = [(hit.statement, hit.tie.series) for hit in hits if hit.tie]
        self._tables = {(said.line, series.grid.key) for said, series in ties}
        self._series = {(said.line, id(series)) for said, series in ties}
        self._beside = {(said.line, said.sentence, id(series)) for said, series in ties}
        self._given = {(hit.statement.line, hit.tie.points, hit.tie.how) for hit in hits if hit.tie}

    def beside(self, statement: Statement, tie: Tie) -> bool:
        """Another number of the sentence is from the same series."""
        return (statement.line, statement.sentence, id(tie.series)) in self._beside

    def given(self, statement: Statement, tie: Tie) -> bool:
        """Another number of the paragraph is what these cells give, so this one is about something else."""
        return (statement.line, tie.points, tie.how) in self._given

    def near(self, statement: Statement, tie: Tie) -> bool:
        """Another number of the paragraph is from the same series."""
        return (statement.line, id(tie.series)) in self._series

    def table(self, statement: Statement, tie: Tie) -> bool:
        """Refer to the table in the paragraph, or take another number from it."""
        number = tie.series.grid.number
        return number in statement.tables or (statement.line, tie.series.grid.key) in self._tables

    def taken_up(self, statement: Statement, tie: Tie) -> bool:
        """Another number of the paragraph is from the series, and this one's clause names its row."""
        return bool(tie.series.words) and self.near(statement, tie) and row_in(statement.near, tie)
