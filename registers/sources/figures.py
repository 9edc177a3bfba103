"""Figures from open statistics: man-years of doctors (SSB 11996, 07459), and lists (KOSTRA 12005).

Each is a pure function of the sources' frames (`jsonstat.Cube.frame`) and the edition's year. A number of a
municipality counts in the years when it was in use, and belongs where the municipality of 2024 lies that its
area became a part of; one that was divided between classes of centrality belongs to the most central.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from analysis_lib.data.formats import read_semicolons
from analysis_lib.data.inputs import project_root
from analysis_lib.data.municipalities import successors, valid
from analysis_lib.errors import DataFeil, nearest

if TYPE_CHECKING:
    import pandas as pd

    Frames = Mapping[str, pd.DataFrame]
    Draw = Callable[[Frames, int], pd.DataFrame]

REGION, FORM, FUNCTION = "KOKkommuneregion0000", "KOKavtaleform0000", "KOKfunksjon0000"
COUNTRY, ALL_FORMS, ALL_FUNCTIONS = "EAK", "sum", "FGK10"
FORMS, LISTS, PEOPLE = "legeaarsverk", "fastlegelister", "folkemengde"
WITH, WITHOUT = "KOSantallpasient0000", "KOSantallpasient0001"
DOCTORS, VACANT = "KOSantallavtaler0001", "KOSantallavtaler0000"
SIZES = {2000: "under 2000", 5000: "2000–4999", 10_000: "5000–9999", 50_000: "10 000–49 999"}
LARGEST = "50 000 og over"
COLUMNS = ["panel", "serie", "kolonne", "verdi", "tegn"]


@cache
def _places(root: Path) -> dict[str, tuple[str, str]]:
    """Return county and class of centrality of each municipality of 2024."""
    rows = read_semicolons(root / "data" / "reference" / "kommuner_2024.csv")[1:]
    return {number: (county, f"Sentralitet {rank}") for number, _, _, county, _, rank in rows}


def county(number: str) -> str:
    """Return the county of 2024 that a municipality's area lies in.

    >>> county("1507"), county("5012"), county("EAK")
    ('Møre og Romsdal', 'Trøndelag', '')
    """
    return min(_of_2024(number, 0), default="")


def centrality(number: str) -> str:
    """Return the class of centrality, 1 to 6; of a divided municipality the most central of its parts.

    >>> centrality("0301"), centrality("1507"), centrality("EAK")
    ('Sentralitet 1', 'Sentralitet 3', '')
    """
    return min(_of_2024(number, 1), default="")


def _of_2024(number: str, side: int) -> list[str]:
    known = _places(project_root())
    return [known[one][side] for one in (successors(number) or (number,)) if one in known]


def size_of(people: float) -> str:
    """Return the group of a municipality with so many inhabitants.

    >>> size_of(1999), size_of(2000), size_of(50_000)
    ('under 2000', '2000–4999', '50 000 og over')
    """
    return next((name for most, name in SIZES.items() if people < most), LARGEST)


def summed(frame: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Return sums of `verdi`; what is hidden or missing in a part is so in the sum.

    What cannot exist («.») counts as nothing, unless nothing else is there.
    """
    ranked = frame.assign(rang=frame["tegn"].map({"": 0, ".": 1, "..": 2, ":": 3}))
    ranked.loc[frame["verdi"].isna() & (frame["tegn"] == ""), "rang"] = 2
    groups = ranked.groupby(by, sort=False)
    found = groups.agg(verdi=("verdi", "sum"), most=("rang", "max"), least=("rang", "min")).reset_index()
    hidden = found["most"].where(found["most"] > 1, found["least"])
    found["tegn"] = hidden.map({0: "", 1: ".", 2: "..", 3: ":"})
    found["verdi"] = found["verdi"].where(found["tegn"] == "")
    return found.drop(columns=["most", "least"])


def ratio(part: pd.DataFrame, whole: pd.DataFrame, by: list[str], per: float) -> pd.DataFrame:
    """Return part over whole times `per`; a sign of either stands, and a whole that is not there is «..»."""
    both = part.merge(whole, "left", on=by, suffixes=("", "_hel"), validate="one_to_one")
    zero = both["verdi_hel"] == 0
    both["tegn"] = both["tegn"].where(both["tegn"] != "", both["tegn_hel"].fillna("..")).mask(zero, ".")
    both["verdi"] = (per * both["verdi"] / both["verdi_hel"].mask(zero)).where(both["tegn"] == "")
    return both[[*by, "verdi", "tegn"]]


def _tidy(frame: pd.DataFrame, **sides: str) -> pd.DataFrame:
    """Return `COLUMNS`, each side from a column of the frame."""
    named = {side: frame[name] for side, name in sides.items()}
    return frame.assign(**({"panel": "", "serie": ""} | named))[COLUMNS].reset_index(drop=True)


def _placed(frame: pd.DataFrame, region: str, place: Callable[[str], str]) -> pd.DataFrame:
    """Return the rows that lie somewhere, with where as `sted`."""
    known = {number: place(number) for number in frame[region].unique()}
    return frame.assign(sted=frame[region].map(known)).query("sted != ''")


def _in_use(frame: pd.DataFrame, region: str) -> pd.DataFrame:
    """Return the rows of municipalities, each in the years when its number was in use."""
    pairs = frame[[region, "Tid"]].drop_duplicates()
    used = [(number, year) for number, year in pairs.itertuples(index=False) if valid(number, int(year[:4]))]
    return frame.merge(pairs.__class__(used, columns=[region, "Tid"]), on=[region, "Tid"])


def _within_scheme(frame: pd.DataFrame) -> pd.DataFrame:
    """Leave out the total, and self-employed doctors outside the scheme, whom 2020 did not count."""
    names = frame[f"{FORM}_navn"]
    outside = names.str.contains("utenfor", case=False)
    if not outside.any():
        raise DataFeil(
            "ingen avtaleform i tabell 11996 heter noe med «utenfor»",
            where=FORMS,
            hint=nearest("Næringsdrivende utenfor fastlegeordningen", names.unique()),
        )
    return frame[~outside & (frame[FORM] != ALL_FORMS)]


def _country(frames: Frames, year: int) -> pd.DataFrame:
    frame = frames[FORMS]
    return _within_scheme(frame[(frame[REGION] == COUNTRY) & (frame["Tid"] <= str(year))])


def forms(frames: Frames, year: int) -> pd.DataFrame:
    """9.1: man-years by form of contract and year."""
    frame = _country(frames, year)
    return _tidy(frame[frame[FUNCTION] == ALL_FUNCTIONS], serie=f"{FORM}_navn", kolonne="Tid")


def functions(frames: Frames, year: int) -> pd.DataFrame:
    """9.2: man-years by function and year."""
    frame = _country(frames, year)
    found = summed(frame[frame[FUNCTION] != ALL_FUNCTIONS], [f"{FUNCTION}_navn", "Tid"])
    return _tidy(found, serie=f"{FUNCTION}_navn", kolonne="Tid")


def forms_functions(frames: Frames, year: int) -> pd.DataFrame:
    """9.3: man-years by form of contract and function in the year."""
    frame = _country(frames, year)
    last = frame[(frame[FUNCTION] != ALL_FUNCTIONS) & (frame["Tid"] == str(year))]
    return _tidy(last, serie=f"{FORM}_navn", kolonne=f"{FUNCTION}_navn")


def _municipal(frames: Frames, year: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return man-years and inhabitants of each municipality at the end of the year, by `nummer`."""
    frame = frames[FORMS]
    wanted = (frame["Tid"] == str(year)) & (frame[FUNCTION] == ALL_FUNCTIONS)
    own = _in_use(_within_scheme(frame[wanted]), REGION).rename(columns={REGION: "nummer"})
    people = frames[PEOPLE][frames[PEOPLE]["Tid"] == str(year + 1)].rename(columns={"Region": "nummer"})
    if people.empty:
        raise DataFeil(f"folkemengden 1. januar {year + 1} er ikke hentet", where=PEOPLE)
    return summed(own, ["nummer"]), people[people["nummer"].str.len() == 4][["nummer", "verdi", "tegn"]]


def man_years_by_county(frames: Frames, year: int) -> pd.DataFrame:
    """9.4: man-years for 10 000 inhabitants by county, with estimates for who has not reported."""
    frame = frames[FORMS]
    codes = {f"EKA{number[:2]}": place[0] for number, place in _places(project_root()).items()}
    wanted = frame[REGION].isin([*codes]) & (frame["Tid"] == str(year)) & (frame[FUNCTION] == ALL_FUNCTIONS)
    if frame[wanted][REGION].nunique() < len(codes):
        hint = nearest("EKA03", frame[REGION].unique())
        raise DataFeil("tabell 11996 har ikke alle fylkene som EKA03, EKA11 …", where=FORMS, hint=hint)
    own = _within_scheme(frame[wanted])
    own = own.assign(sted=own[REGION].map(codes))
    people = _municipal(frames, year)[1]
    theirs = summed(_placed(people, "nummer", county), ["sted"])
    return _tidy(ratio(summed(own, ["sted"]), theirs, ["sted"], 10_000), kolonne="sted")


def man_years_by_size(frames: Frames, year: int) -> pd.DataFrame:
    """9.5: man-years for 10 000 inhabitants by size of municipality, of those that have reported."""
    own, people = _municipal(frames, year)
    own = own[own["tegn"] == ""].merge(people, on="nummer", suffixes=("", "_folk"))
    own["sted"] = own["verdi_folk"].map(size_of)
    own = own.sort_values("verdi_folk")
    theirs = own[["sted"]].assign(verdi=own["verdi_folk"], tegn=own["tegn_folk"])
    rates = ratio(summed(own, ["sted"]), summed(theirs, ["sted"]), ["sted"], 10_000)
    return _tidy(rates, kolonne="sted")


def _lists(frames: Frames, year: int, place: Callable[[str], str], *contents: str) -> pd.DataFrame:
    """Return the sum of some contents by `sted` and year from 2019."""
    frame = frames[LISTS]
    own = frame[frame["ContentsCode"].isin(contents) & frame["Tid"].between("2019", str(year))]
    own = _in_use(own, REGION)
    return summed(_placed(own, REGION, place).sort_values(["sted", "Tid"]), ["sted", "Tid"])


def _share(frames: Frames, year: int, place: Callable[[str], str]) -> pd.DataFrame:
    part, whole = _lists(frames, year, place, WITHOUT), _lists(frames, year, place, WITH, WITHOUT)
    return ratio(part, whole, ["sted", "Tid"], 100)


def _change(found: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return the difference from 2019 to the year by `sted`."""
    ends = [found[found["Tid"] == one].set_index("sted") for one in ("2019", str(year))]
    old, new = ends[0].reindex(ends[1].index), ends[1]
    tegn = new["tegn"].where(new["tegn"] != "", old["tegn"].fillna(".."))
    return new.assign(verdi=(new["verdi"] - old["verdi"]).where(tegn == ""), tegn=tegn).reset_index()


def coverage_change(frames: Frames, year: int) -> pd.DataFrame:
    """11.6: change since 2019 in doctors for 10 000 inhabitants on a list, by county."""
    rates = ratio(
        _lists(frames, year, county, DOCTORS),
        _lists(frames, year, county, WITH, WITHOUT),
        ["sted", "Tid"],
        10_000,
    )
    return _tidy(_change(rates, year), kolonne="sted")


def list_length(frames: Frames, year: int) -> pd.DataFrame:
    """11.12: inhabitants on each list in 2019 and in the year, by county."""
    people, lists = _lists(frames, year, county, WITH, WITHOUT), _lists(frames, year, county, DOCTORS, VACANT)
    lengths = ratio(people, lists, ["sted", "Tid"], 1)
    ends = lengths[lengths["Tid"].isin(["2019", str(year)])]
    return _tidy(ends.assign(serie="Desember " + ends["Tid"]), serie="serie", kolonne="sted")


def without_doctor_share(frames: Frames, year: int) -> pd.DataFrame:
    """11.24: inhabitants without a regular doctor in per cent of those on a list, by centrality."""
    return _tidy(_share(frames, year, centrality), serie="sted", kolonne="Tid")


def without_doctor(frames: Frames, year: int) -> pd.DataFrame:
    """11.25: the number of inhabitants without a regular doctor, by centrality."""
    return _tidy(_lists(frames, year, centrality, WITHOUT), serie="sted", kolonne="Tid")


def without_doctor_by_county(frames: Frames, year: int) -> pd.DataFrame:
    """11.26: inhabitants without a regular doctor in per cent of those on a list, by county."""
    found = _share(frames, year, county).assign(serie="listeinnbyggere uten fast lege")
    return _tidy(found, panel="sted", serie="serie", kolonne="Tid")


DRAWINGS: dict[str, Draw] = {
    "9.1": forms,
    "9.2": functions,
    "9.3": forms_functions,
    "9.4": man_years_by_county,
    "9.5": man_years_by_size,
    "11.6": coverage_change,
    "11.12": list_length,
    "11.24": without_doctor_share,
    "11.25": without_doctor,
    "11.26": without_doctor_by_county,
}
