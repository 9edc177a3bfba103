"""Tariffs and diagnoses of a bill, exact where table 16.1b, 16.2 or 16.3 prints a number."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np

from registers.twin.exact import Ints, alternate, every, largest_remainder, spread
from registers.twin.margins import Margins
from registers.twin.strata import day_of

NEVER = 1000

_CONSULTATIONS = "2ad 2ak 2ae 2aek 2as 2at 2av 2sf 2ss 2akt 2nv 2nvk 11ad 11ak"
TARIFFS = tuple(re.findall(r"\w+", f"{_CONSULTATIONS} 1ad 1ak 1bd 1bk 1f 14 H1 L1 2cd 2ck 701"))
_NUMBER = {code: number for number, code in enumerate(TARIFFS)}
# Codes of ICPC-2 that a general practitioner uses often; how often is an assumption.
DIAGNOSES = tuple(
    re.findall(
        r"\w+",
        """A01 A03 A04 A29 A77 A85 A97 A98 A99 B80 B82 D01 D02 D06 D10 D11 D12 D70 D73 D84 D87 F70 F72 H01
        H71 H72 H81 K02 K06 K74 K75 K77 K78 K86 K90 L01 L02 L03 L08 L15 L17 L18 L20 L72 L84 L86
        L88 L89 L90 L92 N01 N17 N79 N89 P01 P02 P03 P06 P24 P29 P70 P74 P76 P78 P81 P82 R05 R21
        R74 R75 R76 R78 R80 R81 R83 R95 R96 R97 R99 S03 S06 S10 S18 S74 S77 S87 S88 S96 T82 T86
        T89 T90 T92 T93 U01 U02 U70 U71 U99 W11 W78 X11 X72 Y85 Z01 Z05""",
    )
)
_CODE = {code: number for number, code in enumerate(DIAGNOSES)}
FORMS = ("tekst", "telefon", "video")


def tariff(code: str) -> int:
    """Return a tariff's number in `TARIFFS`."""
    return _NUMBER[code]


# Shares of each kind of bill by the tariff that makes it what it is: assumptions.
_MAIN = {
    "gp_f": {"2ad": 0.96, "2ak": 0.04},
    "gp_e": {"2ae": 1.0},
    "gp_s": {"11ad": 1.0},
    "gp_enkel": {"1bd": 0.7, "1ad": 0.3},
    "gp_andre": {"14": 0.4, "1f": 0.6},
    "gp_adm": {"H1": 0.5, "L1": 0.5},
    "lv_f": {"2ak": 0.62, "2ad": 0.38},
    "lv_both": {"2ak": 1.0},
    "lv_e": {"2aek": 1.0},
    "lv_e_ny": {"2akt": 0.7, "2at": 0.3},
    "lv_s": {"11ak": 0.6, "11ad": 0.4},
    "lv_enkel": {"1bk": 0.7, "1ak": 0.3},
    "lv_andre": {"14": 0.6, "1f": 0.4},
    "lv_adm": {"L1": 1.0},
}
_LONG = {"gp_f": "2cd", "lv_f": "2ck"}


class Tariffs:
    """Tariffs and diagnoses of a year's bills, stratum by stratum as they come.

    From July of the edition's year the general practitioners' electronic consultations are written,
    by telephone or by video, as section 16.2 says; in later years in the same shares.
    """

    def __init__(self, margins: Margins, year: int, sizes: Mapping[str, Ints]) -> None:
        edition = margins.edition.year
        self.july = day_of(year, 7) if year == edition else 0 if year > edition else NEVER
        self.done = dict.fromkeys(sizes, 0)
        late = int(sizes["gp_e"][self.july :].sum())
        self.digital, self.diagnoses = digital_forms(margins, late, year == edition), []
        self.digital_done, self.form_done = 0, [0, 0, 0]
        if year == edition:
            forms = zip(FORMS, self.digital.tolist(), strict=False)
            self.diagnoses = [digital_diagnoses(margins, form, total) for form, total in forms]
        net = sum(int(size.sum()) for name, size in sizes.items() if name.startswith("net"))
        evening = min(margins.count(margins.number("16.2", "kveld", "antall")), net)
        self.net, self.net_diagnoses = np.array([net - evening, evening]), net_diagnoses(margins, net)
        self.net_done = 0

    def of(self, name: str, day: int, count: int, rng: np.random.Generator) -> tuple[Ints, Ints, Ints]:
        """Return main tariff, second tariff (-1 for none) and main diagnosis of a day's bills of one kind."""
        done = self.done[name]
        self.done[name] += count
        extra, diagnosis = np.full(count, -1, np.int16), usual_diagnoses(rng, count)
        if name.startswith("net"):
            which, diagnosis = (
                spread(self.net_done, count, self.net),
                spread(self.net_done, count, self.net_diagnoses),
            )
            self.net_done += count
            return _coded(("2nv", "2nvk"), which), extra, diagnosis
        if name == "gp_e" and day >= self.july:
            form = spread(self.digital_done, count, self.digital)
            self.digital_done += count
            self._digital(form, diagnosis)
            return _coded(("2as", "2at", "2av", "2sf", "2ss"), form), extra, diagnosis
        shares = _MAIN["lv_e_ny" if name == "lv_e" and day >= self.july else name]
        if name in _LONG:
            extra[every(done, count, 0.45)] = tariff(_LONG[name])
        elif name == "lv_both":
            extra[:] = tariff("14")
        return _coded(tuple(shares), alternate(done, count, tuple(shares.values()))), extra, diagnosis

    def _digital(self, form: Ints, diagnosis: Ints) -> None:
        for number, counts in enumerate(self.diagnoses):
            at = np.flatnonzero(form == number)
            diagnosis[at] = spread(self.form_done[number], len(at), counts)
            self.form_done[number] += len(at)


def _coded(names: tuple[str, ...], which: Ints) -> Ints:
    return np.array([tariff(name) for name in names], np.int16)[which]


def digital_forms(margins: Margins, total: int, told: bool) -> Ints:
    """Return electronic consultations by form, then, where told, the two with hospitals."""
    numbers = [
        margins.count(margins.fact("16", f"samhandling_{code}")) if told else 0 for code in ("2sf", "2ss")
    ]
    together = np.minimum(numbers, total // 2)
    shares = np.array([margins.fact("16", f"form_{form}") for form in FORMS])
    return np.concatenate([largest_remainder(total - int(together.sum()), shares), together])


def digital_diagnoses(margins: Margins, form: str, total: int) -> Ints:
    """Return a form's consultations by diagnosis: the five of table 16.1b, the rest below them."""
    prefix = f"{form}_"
    rows = [row for row in margins.edition.table("16.1b").rows if row.startswith(prefix)]
    return _most_frequent(
        {row.removeprefix(prefix): margins.number("16.1b", row, "antall") for row in rows}, margins, total
    )


def net_diagnoses(margins: Margins, total: int) -> Ints:
    """Return how many of the net doctor's consultations have each diagnosis (table 16.3)."""
    rows = [row for row in margins.edition.table("16.3").rows if re.fullmatch(r"[A-Z]\d\d", row)]
    return _most_frequent({row: margins.number("16.3", row, "antall") for row in rows}, margins, total)


def _most_frequent(printed: dict[str, float], margins: Margins, total: int) -> Ints:
    """Return counts by diagnosis: those printed, the rest alike; all less where the total is small."""
    found = np.zeros(len(DIAGNOSES), dtype=np.int64)
    for code, number in printed.items():
        found[_CODE[code]] = margins.count(number)
    if found.sum() > total:
        return largest_remainder(total, found)
    others = np.array([code not in printed for code in DIAGNOSES])
    found[others] = largest_remainder(total - int(found.sum()), np.ones(int(others.sum())))
    return found


def usual_diagnoses(rng: np.random.Generator, count: int) -> Ints:
    """Draw diagnoses, the first of a shuffled list more often than the last."""
    return _USUAL[rng.integers(0, len(_USUAL), count, dtype=np.int16)]


_USUAL = np.repeat(
    np.arange(len(DIAGNOSES), dtype=np.int16),
    largest_remainder(4096, 1 / (6 + np.random.default_rng(2).permutation(len(DIAGNOSES)))),
)
