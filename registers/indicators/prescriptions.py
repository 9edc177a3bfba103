"""I13: persons with medicines of a group, and which antibiotics are chosen.

Source: Legemiddelregisteret. What a group is stands in ``data/register/atc.yml``, with where each list comes
from: the report gives the thresholds only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, reduce
from itertools import pairwise
from pathlib import Path
from typing import Literal

import ibis
from ibis import _

from analysis_lib.data.files import Model, read_model
from analysis_lib.data.formats import read_yaml
from analysis_lib.data.inputs import project_root, relative
from registers.cells import Cells, Measure
from registers.deliveries import Rows
from registers.indicators.basis import cells, choose, divided, exact_sum, place, whole, with_margins

SEXES = {"mann": 1, "kvinne": 2}


class Group(Model):
    """A group of medicines, and of whom they are counted.

    Attributes
    ----------
    navn : str
    atc, unntatt : tuple of str
        Beginnings of codes that belong, and of those among them that do not.
    reseptgruppe : tuple of str
        Or the groups of prescription that belong.
    fra_alder, til_alder : int
        Both inclusive.
    kjonn : {"mann", "kvinne"}, optional
    bare_allmennlege : bool
        Whether only what GPs have prescribed counts.
    minst_ddd : float
        Least defined daily doses in the year; 0 is at least one dispensing.
    kilde, antatt : str
        Where the definition is from, and what of it is assumed.
    """

    navn: str
    atc: tuple[str, ...] = ()
    unntatt: tuple[str, ...] = ()
    reseptgruppe: tuple[str, ...] = ()
    fra_alder: int = 0
    til_alder: int = 150
    kjonn: Literal["mann", "kvinne"] | None = None
    bare_allmennlege: bool = False
    minst_ddd: float = 0
    kilde: str
    antatt: str = ""

    def holds(self, table: ibis.Table) -> ibis.BooleanValue:
        """Return whether each dispensing belongs to the group."""
        hit = _begins(table.atc, self.atc) if self.atc else table.reseptgruppe.isin(self.reseptgruppe)
        if self.unntatt:
            hit &= ~_begins(table.atc, self.unntatt)
        return hit & (table.rekvirent_er_allmennlege == 1) if self.bare_allmennlege else hit

    def concerns(self, table: ibis.Table) -> ibis.BooleanValue:
        """Return whether each person (`alder`, `kjonn`) is of those that are counted."""
        hit = table.alder.between(self.fra_alder, self.til_alder)
        return hit & (table.kjonn == SEXES[self.kjonn]) if self.kjonn else hit


def _begins(code: ibis.StringValue, starts: Sequence[str]) -> ibis.BooleanValue:
    return reduce(lambda one, other: one | other, (code.startswith(start) for start in starts))


def groups() -> Mapping[str, Group]:
    """Return the groups of medicines by id.

    Raises
    ------
    DataFeil
        If the file is malformed.

    Examples
    --------
    >>> groups()["sterke_opioider"].minst_ddd
    36.0
    """
    return _read(project_root() / "data" / "register" / "atc.yml")


@cache
def _read(path: Path) -> Mapping[str, Group]:
    where = relative(path)
    return {key: read_model(Group, raw, f"{where}, {key}") for key, raw in read_yaml(path).items()}


def legemidler(
    rows: Rows,
    *,
    by: tuple[str, ...],
    gruppe: str | Sequence[str],
    delaar: bool = False,
    totaler: Sequence[str] = (),
) -> Cells:
    """Return the share of the population with medicines of a group (`gruppe`, also a dimension).

    Numerator: distinct persons of the group's age and sex with at least one dispensing, or at least its
    defined daily doses, in the year; each in one municipality, that of the last dispensing. Denominator: the
    population of that age and sex on 1 January the same year. Exclusions: dispensings not prescribed by a GP,
    for groups that say so. Source: Legemiddelregisteret and Statistics Norway 07459; report figures 13.1,
    13.2 and 13.4.
    """
    names = [gruppe] if isinstance(gruppe, str) else list(gruppe)
    chosen = [choose(name, groups(), "gruppe") for name in names]
    parts = [_persons(rows, group, by, delaar, totaler) for group in chosen]
    return cells(rows, reduce(lambda a, b: a.union(b), parts), by, Measure.SHARE, "prosent", per=100)


def _persons(
    rows: Rows, group: Group, by: tuple[str, ...], delaar: bool, totaler: Sequence[str]
) -> ibis.Table:
    dims = [name for name in by if name != "gruppe"]
    table = whole(rows, rows.all("utlevering"), dims, delaar)
    table = table.filter(group.holds(table), group.concerns(table))
    # The last municipality as arithmetic, so that every engine picks the same where two are of one day.
    day = table.utleveringsdato.delta(ibis.date(2000, 1, 1), unit="day").cast("int64")
    table = table.mutate(sist=day * 10_000 + table.kommuneNr)
    persons = table.group_by("aar", "kpr_lnr").agg(ddd=exact_sum(_.ddd), sist=_.sist.max())
    persons = persons.filter(_.ddd >= group.minst_ddd).mutate(kommuneNr=(_.sist % 10_000).cast("int16"))
    persons = with_margins(place(rows, persons, dims), totaler)
    everyone = whole(rows, rows.all("befolkning"), dims, delaar)
    everyone = with_margins(place(rows, everyone.filter(group.concerns(everyone)), dims), totaler)
    expr = divided(persons, dims).agg(teller=_.count(), pasienter=_.count())
    expr = expr.inner_join(divided(everyone, dims).agg(nevner=_.antall.sum()), dims)
    return expr.mutate(gruppe=ibis.literal(group.navn)) if "gruppe" in by else expr


def antibiotikavalg(
    rows: Rows,
    *,
    by: tuple[str, ...],
    blant: str = "luftvei",
    foretrukket: str = "penicillin_v",
    aldersgrupper: Sequence[int] = (0, 10, 80),
    delaar: bool = False,
) -> Cells:
    """Return how airway antibiotics divide between the preferred and the others (`middel`), by `alder`.

    Numerator: dispensings of the one or the other. Denominator: all dispensings of the group `blant` at that
    age. Exclusions: ages from the last limit on. Source: Legemiddelregisteret; report figure 13.3.
    """
    every, best = (choose(name, groups(), "blant") for name in (blant, foretrukket))
    table = whole(rows, rows.all("utlevering"), by, delaar)
    table = table.filter(every.holds(table), table.alder < aldersgrupper[-1])
    pairs = pairwise(aldersgrupper)
    labels = [(table.alder.between(low, high - 1), f"{low}–{high - 1}") for low, high in pairs]
    other = ibis.ifelse(best.holds(table), best.navn, "andre midler")
    table = (
        table.mutate(aldersgruppe=ibis.cases(*labels), middel=other)
        .drop("alder")
        .rename(alder="aldersgruppe")
    )
    expr = divided(table, by).agg(teller=_.count(), pasienter=_.kpr_lnr.nunique())
    return cells(rows, expr, by, Measure.SHARE, "prosent", per=100, within="middel")


INDICATORS: dict[str, Callable[..., Cells]] = {one.__name__: one for one in (legemidler, antibiotikavalg)}
