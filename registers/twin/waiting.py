"""The waiting lists: who waits for whose list, and who gets a place."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from registers.twin.exact import Ints


class Places(NamedTuple):
    """Who waits or waited: person, list wanted, day signed up, day of the place (-1: none), old list."""

    person: Ints
    wanted: Ints
    signed: Ints
    given: Ints
    had: Ints


NOBODY = Places(*(np.zeros(0, np.int64) for _ in Places._fields))


class Queue:
    """Who waits, and what the year has given."""

    def __init__(self) -> None:
        self.waiting, self.given = NOBODY, [NOBODY]

    def __len__(self) -> int:
        return len(self.waiting.person)

    def keep(self, inside: np.ndarray) -> None:
        """Let only these wait on."""
        self.waiting = Places(*(values[inside] for values in self.waiting))

    def give(self, turn: Ints, day: int) -> None:
        """Give places of the queue."""
        person, wanted, signed, _, had = (values[turn] for values in self.waiting)
        self.given.append(Places(person, wanted, signed, np.full(len(turn), day), had))
        left = np.ones(len(self), bool)
        left[turn] = False
        self.keep(left)

    def pass_by(self, person: Ints, wanted: Ints, had: Ints, days: Ints, day: int) -> None:
        """Remember those who got a place before the month was over."""
        self.given.append(Places(person, wanted, day - days, np.full(len(person), day), had))

    def join(self, person: Ints, wanted: Ints, had: Ints, signed: Ints) -> None:
        """Let persons sign up."""
        new = (person, wanted, signed, np.full(len(person), -1), had)
        self.waiting = Places(*(np.concatenate(pair) for pair in zip(self.waiting, new, strict=True)))

    def year(self) -> Places:
        """Return what the year's delivery holds: places given in it, and who still waits."""
        found = Places(*(np.concatenate(parts) for parts in zip(*self.given, self.waiting, strict=True)))
        # One who wants the same list again on the same day is one.
        _, first = np.unique(
            found.person * 100_003 + found.wanted * 7 + found.signed * 1_000_003, return_index=True
        )
        return Places(*(values[np.sort(first)] for values in found))
