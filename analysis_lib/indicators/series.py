"""A series: one quantity year by year, or quarter by quarter, every point a value with its origin."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from analysis_lib.data.cells import Kind
from analysis_lib.data.municipalities import parts, told
from analysis_lib.data.norwegian import format_number
from analysis_lib.data.periods import When, frequency_of, in_words, ordinal, step, when
from analysis_lib.data.units import countable, measure, per
from analysis_lib.errors import AnalyseAvvist, DataFeil, NotatbokFeil
from analysis_lib.indicators import arithmetic as arith
from analysis_lib.indicators.breaks import Handling, compared, refuse_breaks
from analysis_lib.indicators.values import Value, compute, in_one_unit, in_ones

REFORM = "kommunereform"


@dataclass(frozen=True)
class Series:
    """Values by year, or by other periods of one frequency, under one label.

    Attributes
    ----------
    navn : str
        For the legend and the table.
    verdier : mapping from int or Period to Value
        By year or period, in order; ``"2024K3"`` is read as a period.

    Raises
    ------
    NotatbokFeil
        For periods of several frequencies: a month's number is not compared with a year's.
    """

    navn: str
    # A method or a chart of years counts on numbers, one of quarters on periods: both are `When`.
    verdier: Mapping[Any, Value]

    def __post_init__(self) -> None:
        keyed = {when(key): value for key, value in self.verdier.items()}
        kinds = sorted({frequency_of(key).value for key in keyed})
        if len(kinds) > 1:
            raise NotatbokFeil(
                f"serien «{self.navn}» blander {' og '.join(kinds)}", hint="Velg ett slag perioder."
            )
        object.__setattr__(self, "verdier", keyed)

    def __getitem__(self, period: When | str) -> Value:
        """Return a period's value; «not available» for one that the series does not have."""
        key = when(period)
        if key in self.verdier:
            return self.verdier[key]
        nearby, words = next(iter(self.verdier.values())), in_words(key)
        return replace(nearby.untold(), identity=f"{nearby.identity}@{key}", label=f"{self.navn}, {words}")

    @property
    def enhet(self) -> str:
        """The unit of the values."""
        return next(iter(self.verdier.values())).unit

    @property
    def første(self) -> When:
        """The first year or period."""
        earliest: When = min(self.verdier, key=ordinal)
        return earliest

    @property
    def siste(self) -> When:
        """The last year or period."""
        latest: When = max(self.verdier, key=ordinal)
        return latest

    def før(self, år: When | str) -> When:
        """Return the last year of the series before another; the year before where it has none."""
        key = when(år)
        return max(
            (one for one in self.verdier if ordinal(one) < ordinal(key)), default=step(key, -1), key=ordinal
        )

    def etter(self, år: When | str) -> When:
        """Return the first year of the series after another; the year after where it has none."""
        key = when(år)
        return min(
            (one for one in self.verdier if ordinal(one) > ordinal(key)), default=step(key), key=ordinal
        )

    @property
    def årene(self) -> str:
        """The years or periods in words, whole spans together.

        >>> Series("", dict.fromkeys([2019, 2023, 2024, 2025])).årene
        '2019 og 2023–2025'
        """
        starts = [one for one in self.verdier if step(one, -1) not in self.verdier]
        ends = [one for one in self.verdier if step(one) not in self.verdier]
        spans = [in_words(f"{a}–{b}") for a, b in zip(starts, ends, strict=True)]
        return " og ".join([", ".join(spans[:-1]), spans[-1]] if spans[1:] else spans)

    @property
    def kjente(self) -> dict[Any, Value]:
        """The years that have a number."""
        return {year: value for year, value in self.verdier.items() if value.known}

    def kalt(self, navn: str) -> Series:
        """Return the series under another label."""
        return Series(navn, self.verdier)

    def map(self, function: Callable[[Any, Value], Value]) -> Series:
        """Return the series with a function applied to each year and value."""
        return Series(self.navn, {year: function(year, value) for year, value in self.verdier.items()})


def indeks(series: Series, base_year: When | str, *, brudd: Handling = "avvis") -> Series:
    """Return a series as an index with the base year = 100; over a registered break only with ``"vis"``."""
    base, words = series[base_year], in_words(base_year)
    refuse_breaks(series.verdier.values(), brudd, series.navn)
    return series.map(
        lambda year, value: compute(
            arith.index_number,
            in_one_unit((value, base)),
            how="indeks",
            formula="{0} / {1} × 100",
            unit=f"indeks, {words} = 100",
            # One decimal would promise more than small rounded amounts carry.
            decimals=0,
            label=f"Indeks ({words} = 100): {value.label}",
        )
    )


def andel(part: Value, whole: Value) -> Value:
    """Return `part` in per cent of `whole`."""
    return compute(
        arith.share_pct,
        in_one_unit((part, whole)),
        how="andel i prosent",
        formula="{0} / {1} × 100",
        unit="prosent",
        decimals=1,
    )


def forhold(part: Value, whole: Value, enhet: str, *, desimaler: int = 0) -> Value:
    """Return `part` for each of `whole`, in a unit of its own: list members for each doctor.

    Amounts are in the unit that `enhet` begins with, «mill. kroner per kommune», and for as many as it says:
    «bytter per 1000 innbyggere».

    >>> from analysis_lib.indicators.edition import Edition
    >>> cell = Edition(2025).value
    >>> vikarer, lister = cell("11.1", "vikarer", 2025), cell("11.1", "lister", 2025)
    >>> per_liste = forhold(vikarer, lister, "vikarer per liste")
    >>> per_liste.unit, f"{float(per_liste):.3f}"
    ('vikarer per liste', '0.211')
    """
    terms: tuple[Value, ...] = (part, whole)
    (scale, base), amount = measure(enhet), measure(part.unit)[1]
    if amount == measure(whole.unit)[1]:
        terms = in_one_unit(terms)
    else:
        _refuse_uncountable(part, whole)
        if amount == "kroner" and not base.startswith(amount):
            raise NotatbokFeil(
                f"«{part.label}» er i {part.unit} og «{whole.label}» i {whole.unit}, "
                f"men «{enhet}» er ikke kroner",
                hint="Skriv for eksempel «kroner per innbygger».",
            )
        terms = (in_ones(part), in_ones(whole))
    many = per(enhet)
    return compute(
        lambda some, all_: arith.ratio(some, all_) / scale * many,
        terms,
        how="forhold",
        formula="{0} / {1}" + (f" / {scale}" if scale > 1 else "") + (f" × {many}" if many > 1 else ""),
        unit=enhet,
        decimals=desimaler,
    )


def _refuse_uncountable(count: Value, population: Value, also: str = "prosent") -> None:
    for unit in (count.unit, population.unit):
        if not countable(unit) or also in f" {unit}" or measure(population.unit)[1] == "kroner":
            raise NotatbokFeil(
                f"«{count.label}» i {count.unit} kan ikke deles på «{population.label}» i {population.unit}",
                hint="Del antall eller beløp på hvor mange de gjelder.",
            )


def andeler(part: Series, whole: Series) -> Series:
    """Return a series in per cent of another, year by year."""
    return part.map(lambda year, value: andel(value, whole[year]))


def endring(old: Value, new: Value, *, brudd: Handling = "avvis") -> Value:
    """Return the change: in per cent, or in percentage points where both are percentages.

    Raises
    ------
    AnalyseAvvist
        Over a registered break of the series (``breaks.yml`` of the edition), unless `brudd` is ``"vis"``.
    """
    old, new = in_one_unit((old, new))
    points = old.unit in ("prosent", "prosentpoeng")
    change = compute(
        arith.difference if points else arith.change_pct,
        (old, new),
        how="endring i prosentpoeng" if points else "endring i prosent",
        formula="{1} − {0}" if points else "({1} / {0} − 1) × 100",
        unit="prosentpoeng" if points else "prosent",
        decimals=1,
    )
    return compared(change, (old, new), brudd)


def differanse(old: Value, new: Value, *, brudd: Handling = "avvis") -> Value:
    """Return `new` less `old`, in their own unit (percentage points for percentages); as for `endring`."""
    old, new = in_one_unit((old, new))
    unit = "prosentpoeng" if new.unit == "prosent" else new.unit
    decimals = max(old.decimals, new.decimals)
    change = compute(
        arith.difference, (old, new), how="differanse", formula="{1} − {0}", unit=unit, decimals=decimals
    )
    return compared(change, (old, new), brudd)


def rate(count: Value, population: Value, per: int = 100) -> Value:
    r"""Return `count` for every `per` of `population`.

    >>> from analysis_lib.indicators.edition import Edition
    >>> cell = Edition(2025).value
    >>> r = rate(cell("12.1", "total", 2025), cell("ssb/07459", "folkemengde", 2025))
    >>> f"{float(r):.1f}", r.unit
    ('333.5', 'per 100 innbyggere')
    """
    _refuse_uncountable(count, population, " per ")
    count, population = in_ones(count), in_ones(population)
    people = "innbyggere" if population.unit == "personer" else population.unit
    unit = f"per {format_number(per)} {people}" if per > 1 else "per innbygger"
    unit = f"kroner {unit}" if count.unit == "kroner" else unit
    return compute(
        partial(arith.rate, per=per),
        (count, population),
        how=unit,
        formula=f"{{0}} / {{1}} × {format_number(per)}" if per > 1 else "{0} / {1}",
        unit=unit,
        decimals=1,
    )


def rater(counts: Series, population: Series, per: int = 100) -> Series:
    """Return a series for every `per` inhabitants, year by year."""
    return counts.map(lambda year, value: rate(value, population[year], per))


def toppverdi(series: Series) -> Value:
    """Return the highest value of a series; the year that it belongs to is given by `toppår`.

    >>> from analysis_lib.present.chapter import Kapittel
    >>> float(toppverdi(Kapittel("14", aar=2025).tabell("14.1").serie("vurdert")))
    75.2
    """
    known = series.kjente or series.verdier
    numbers = in_one_unit(known.values())
    return max(zip(known.values(), numbers, strict=True), key=lambda pair: pair[1].point or 0)[0]


def sum_av(*values: Value) -> Value:
    """Return the sum of values in one unit; blank ones add nothing, alone they give a blank."""
    values = in_one_unit(v for v in values if v.kind not in (Kind.BLANK, Kind.IMPOSSIBLE)) or values
    formula = " + ".join(f"{{{i}}}" for i in range(len(values)))
    return compute(
        arith.total,
        values,
        how="sum",
        formula=formula,
        unit=values[0].unit,
        decimals=max(value.decimals for value in values),
    )


def områdeserie(deler: Mapping[str, Series], nummer: str) -> Series:
    """Return the series of a municipality or county of 2024, summed from what it was before a merger.

    Parameters
    ----------
    deler : mapping from number to Series
        By the municipality or county number of the time: ``0104``, ``3002``, ``3103``.
    nummer : str
        Of 2024, four digits or two.

    Raises
    ------
    AnalyseAvvist
        If it was divided from another, or merged from parts that are not all there or cannot be summed
        (shares, rates); names the reform.
    """
    found: dict[Any, Value] = {}
    for period in sorted({one for part in deler.values() for one in part.verdier}, key=ordinal):
        year = period if isinstance(period, int) else period.last.year
        try:
            numbers = parts(nummer, year)
        except DataFeil as error:
            raise AnalyseAvvist(error.message, reason=REFORM, where=error.where, hint=error.hint) from None
        reform = next(filter(None, (told(one, [nummer]) for one in numbers)), "området er endret")
        if lacking := [one for one in numbers if one not in deler or period not in deler[one].verdier]:
            raise AnalyseAvvist(
                f"{nummer} mangler {', '.join(lacking)} i {in_words(period)}: {reform}",
                reason=REFORM,
                hint="Ta med alle delene, eller begynn serien etter endringen.",
            )
        values = [deler[one][period] for one in numbers]
        if len(values) > 1 and not (countable(values[0].unit) and "per " not in values[0].unit):
            raise AnalyseAvvist(
                f"tall i {values[0].unit} kan ikke legges sammen: {reform}",
                reason=REFORM,
                hint="Legg sammen teller og nevner hver for seg, og del etterpå.",
            )
        found[period] = sum_av(*values) if len(values) > 1 else values[0]
    return Series(next(iter(deler.values())).navn if nummer not in deler else deler[nummer].navn, found)
