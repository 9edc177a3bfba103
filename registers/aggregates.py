"""What indicators ask instead of rows: the cube, patient × doctor, digital and delegated bills.

A bill's tariffs lie in a file of their own. They are not joined bill by bill: the bits of `BILLS` neighbours
are put together in one number, so that what is joined is eight times as short and lies in order.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.datatypes as dt
import pyarrow as pa

from registers.cache import aggregate
from registers.deliveries import Rows
from registers.tariffs import DIGITAL, bit, tariffs

if TYPE_CHECKING:
    import ibis.expr.types as ir

# Eight bills, seven bits each. DuckDB joins up to a million whole numbers without hashing.
SHIFT, BITS, BLOCKS = 3, 7, 990_000
BILLS = 1 << SHIFT
# A sketch is one bit for each remainder: patients in the low bits, doctors in the high.
PATIENTS, DOCTORS = 41, 21
# The oldest five-year group.
OLDEST = 90
CONSULTATION = (3, 4)
KEYS = ("tjenestetype", "kontakttype", "form", "kommuneNr", "kjonn", "alder")


@ibis.udf.agg.builtin(name="bit_or")  # type: ignore[untyped-decorator]
def bit_or(numbers: dt.int64) -> dt.int64:
    """Put numbers together bit by bit; DuckDB's and Spark's own, for Ibis knows only the first."""
    raise NotImplementedError


def shifted(number: Any, places: Any) -> Any:
    """Return whole numbers moved to the left, 64 bits wide in every engine."""
    return number.cast("int64") << places.cast("int32")


def sketch(patient: Any, doctor: Any) -> Any:
    """Return a bit for a patient and one for a doctor, to be put together with ``or``.

    How many bits are set is at most how many distinct persons there are: a lower bound that merges.
    """
    patients = shifted(ibis.literal(1), patient % PATIENTS)
    doctors = shifted(ibis.literal(1), doctor % DOCTORS + PATIENTS)
    return patients.fill_null(0) | doctors.fill_null(0)


def added(numbers: Any) -> Any:
    """Return a sum of whole numbers as one: DuckDB's is wider than any file's, and written inexactly.

    Through a decimal, for Ibis takes the sum for an int64 already and leaves a cast to it out.
    """
    return numbers.sum().cast("decimal(38, 0)").cast("int64")


def cube(rows: Rows, year: int) -> ir.Table:
    """Return how many bills there are of each kind, with a sketch of their patients and doctors.

    Columns `KEYS`, ``n`` (int64) and ``skisse`` (int64). ``form`` is the bits of `registers.tariffs.bit`,
    ``kommuneNr`` -1 where identity or residence is unknown, ``alder`` the first year of five, -1 unknown.
    """

    def merge(parts: ir.Table) -> ir.Table:
        return parts.group_by(list(KEYS)).agg(n=added(parts.n), skisse=bit_or(parts.skisse))

    return aggregate(rows, "kube", year, ("regning", "takst"), lambda: _cube_parts(rows, year), merge)


def _cube_parts(rows: Rows, year: int) -> Iterator[ir.Table]:
    bills, lines = rows.table("regning", year), rows.table("takst", year)
    for lo, hi in _ranges(rows, year):
        if lo is None or hi is None:
            yield _cube(bills, _forms(_bits(lines, year)), year, "left")
            continue
        found = _bits(lines.filter(lines.enkeltregning_lnr.between(lo, hi)), year)
        # Held in memory, so that the engine knows its least and greatest block and need not hash.
        with rows.engine.held(_forms(found.union(_empty_blocks(lo, hi)))) as forms:
            within = bills.filter(bills.enkeltregning_lnr.between(lo, hi))
            yield _cube(within, forms, year, "inner")


def _ranges(rows: Rows, year: int) -> list[tuple[int | None, int | None]]:
    """Return ranges of bills to be joined one by one; one without ends where the files are in no order."""
    span = rows.delivery("regning", year).footer.spans["enkeltregning_lnr"]
    other = rows.delivery("takst", year).footer.spans["enkeltregning_lnr"]
    count = rows.delivery("regning", year).rows
    if rows.engine.name != "duckdb" or span.lo is None or not (span.ordered and other.ordered):
        return [(None, None)]
    if span.lo < 0 or span.hi - span.lo > 4 * count + 1000:
        return [(None, None)]
    step = BLOCKS * BILLS
    return [(lo, min(lo + step, span.hi + 1) - 1) for lo in range(span.lo & -BILLS, span.hi + 1, step)]


def _bits(lines: ir.Table, year: int) -> ir.Table:
    """Return the bits of each consultation's tariff, moved to its bill's place in the block."""
    known = tariffs(year)
    codes = ibis.memtable(pa.table({"takstkode": list(known), "bit": [bit(form) for form in known.values()]}))
    joined = lines.inner_join(codes, "takstkode")
    place = joined.enkeltregning_lnr & (BILLS - 1)
    return joined.select(blokk=joined.enkeltregning_lnr >> SHIFT, former=shifted(joined.bit, place * BITS))


def _empty_blocks(lo: int, hi: int) -> ir.Table:
    blocks = ibis.range(lo >> SHIFT, (hi >> SHIFT) + 1).unnest().name("blokk").as_table()
    return blocks.select(blokk=blocks.blokk.cast("int64"), former=ibis.literal(0).cast("int64"))


def _forms(bits: ir.Table) -> ir.Table:
    return bits.group_by("blokk").agg(former=bit_or(bits.former))


def _cube(bills: ir.Table, forms: ir.Table, year: int, how: Any) -> ir.Table:
    bills = bills.mutate(blokk=bills.enkeltregning_lnr >> SHIFT)
    joined = bills.join(forms, "blokk", how=how)
    place = (joined.enkeltregning_lnr & (BILLS - 1)) * BITS
    known = ibis.ifelse(joined.kommuneNr == -1, joined.kommunenrPB, joined.kommuneNr)
    age = joined.alder.coalesce((ibis.literal(year, "int16") - joined.fodselsaar).cast("int16"))
    keyed = joined.select(
        "tjenestetype",
        "kontakttype",
        form=((joined.former.fill_null(0) >> place.cast("int32")) & ((1 << BITS) - 1)).cast("int16"),
        kommuneNr=ibis.ifelse(joined.kpr_lnr.isnull(), -1, known).cast("int16"),
        kjonn=ibis.ifelse(joined.kjonn == -1, joined.kjonnK, joined.kjonn),
        alder=ibis.least(age - age % 5, OLDEST).fill_null(-1).cast("int16"),
        skisse=sketch(joined.kpr_lnr, joined.behandler_lnr),
    )
    return keyed.group_by(list(KEYS)).agg(n=keyed.count(), skisse=bit_or(keyed.skisse))


def pairs(rows: Rows, year: int) -> ir.Table:
    """Return how many consultations each patient had with each GP, month by month.

    Columns ``kpr_lnr``, ``behandler_lnr``, ``h1`` and ``h2`` (int64): six months in each, ten bits a month.
    In the order of patients, so that a range of them is read alone.
    """

    def build() -> Iterator[ir.Table]:
        bills = rows.table("regning", year)
        chosen = bills.filter(
            bills.tjenestetype == "Fastlege", bills.kontakttype.isin(CONSULTATION), bills.kpr_lnr.notnull()
        )
        yield (
            chosen.group_by("kpr_lnr", "behandler_lnr")
            .agg(h1=_half(chosen.dato.month(), 1), h2=_half(chosen.dato.month(), 7))
            .order_by("kpr_lnr")
        )

    return aggregate(rows, "par", year, ("regning",), build)


def _half(month: Any, first: int) -> Any:
    fields = [(month == first + number, 1 << (10 * number)) for number in range(6)]
    return added(ibis.cases(*fields, else_=0))


def digital(rows: Rows, year: int) -> ir.Table:
    """Return digital consultations by tariff and main diagnosis.

    Columns ``halvaar`` (1 or 2), ``tjenestetype``, ``takstkode``, ``diagnose`` (null where there is none),
    ``n`` and ``skisse``. Only tariffs of a digital form; a bill with two of them is counted under each.
    """

    def build() -> Iterator[ir.Table]:
        codes = [code for code, form in tariffs(year).items() if form in DIGITAL]
        lines, bills = rows.table("takst", year), rows.table("regning", year)
        chosen = lines.filter(lines.takstkode.isin(codes))["enkeltregning_lnr", "takstkode"]
        places = bills["enkeltregning_lnr", "dato", "tjenestetype", "kpr_lnr", "behandler_lnr"]
        with rows.engine.held(chosen.inner_join(places, "enkeltregning_lnr")) as found:
            said = rows.table("diagnose", year)
            said = said.filter(said.erHoveddiagnose == 1).semi_join(found, "enkeltregning_lnr")
            main = said.group_by("enkeltregning_lnr").agg(diagnose=said.diagnoseKode.min())
            joined = found.left_join(main, "enkeltregning_lnr").select(
                "tjenestetype",
                "takstkode",
                "diagnose",
                halvaar=ibis.ifelse(found.dato.month() <= 6, 1, 2).cast("int8"),
                skisse=sketch(found.kpr_lnr, found.behandler_lnr),
            )
            keys = ["halvaar", "tjenestetype", "takstkode", "diagnose"]
            yield joined.group_by(keys).agg(n=joined.count(), skisse=bit_or(joined.skisse))

    return aggregate(rows, "digital", year, ("regning", "takst", "diagnose"), build)


def delegated(rows: Rows, year: int) -> ir.Table:
    """Return what nurses did on delegation, by month, office, doctor and nurse.

    Columns ``maaned`` (1–12), ``kontor``, ``lege``, ``sykepleier``, ``n`` and ``skisse``, where the doctor is
    the one who delegated.
    """

    def build() -> Iterator[ir.Table]:
        bills = rows.table("regning", year)
        chosen = bills.filter(bills.behandler_rolle == "sykepleier").select(
            maaned=bills.dato.month().cast("int8"),
            kontor=bills.kontor_lnr,
            lege=bills.delegert_av_lnr,
            sykepleier=bills.behandler_lnr,
            skisse=sketch(bills.kpr_lnr, bills.delegert_av_lnr),
        )
        keys = ["maaned", "kontor", "lege", "sykepleier"]
        yield chosen.group_by(keys).agg(n=chosen.count(), skisse=bit_or(chosen.skisse))

    return aggregate(rows, "delegert", year, ("regning",), build)


def monthly(rows: Rows, year: int, what: str) -> ir.Table:
    """Return bills by month and unit, for panels: `what` is «kontor» or «kommune».

    Columns ``maaned`` (1–12), ``enhet`` (an office or a municipality's code), ``n`` and ``skisse``. Of
    offices, consultations and home visits of doctors themselves; of municipalities, every out-of-hours bill
    of a person whose identity and residence are known.
    """

    def build() -> Iterator[ir.Table]:
        bills = rows.table("regning", year)
        home = ibis.ifelse(bills.kommuneNr == -1, bills.kommunenrPB, bills.kommuneNr)
        unit, chosen = {
            "kontor": (
                bills.kontor_lnr,
                (bills.tjenestetype == "Fastlege")
                & bills.kontakttype.isin(CONSULTATION)
                & (bills.behandler_rolle == "lege"),
            ),
            "kommune": (home.cast("int32"), (bills.tjenestetype == "Legevakt") & bills.kpr_lnr.notnull()),
        }[what]
        found = bills.filter(chosen, unit.notnull(), unit != -1).select(
            maaned=bills.dato.month().cast("int8"),
            enhet=unit,
            skisse=sketch(bills.kpr_lnr, bills.behandler_lnr),
        )
        yield found.group_by(["maaned", "enhet"]).agg(n=found.count(), skisse=bit_or(found.skisse))

    return aggregate(rows, f"maaned_{what}", year, ("regning",), build)
