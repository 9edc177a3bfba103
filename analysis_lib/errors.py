"""Errors that the user can mend: what is wrong, where, and the nearest valid choice."""

from __future__ import annotations

import difflib
import errno
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

MOST_SHOWN = 12


class RapportFeil(Exception):
    """Base class of everything the user can mend; shown without a traceback.

    Parameters
    ----------
    message : str
        What is wrong, in Norwegian: what stands there and what was expected.
    where : str or Path, optional
        File, line, cell or parameter, named as the user would look for it.
    hint : str, optional
        What to do about it.

    Examples
    --------
    >>> print(RapportFeil("«4 7x» er ikke et tall", where="tabell 8.1, linje 3", hint="Rett cellen."))
    tabell 8.1, linje 3: «4 7x» er ikke et tall. Rett cellen.
    """

    exit_code = 1

    def __init__(self, message: str, *, where: str | Path = "", hint: str = "") -> None:
        self.message = message.rstrip(".")
        self.where = str(where)
        self.hint = hint
        super().__init__(str(self))

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        hint = f". {self.hint}" if self.hint else ""
        return f"{place}{self.message}{hint}"

    def _render_traceback_(self) -> list[str]:
        # IPython asks for this: a notebook shows the message, not fifty frames of library code.
        return [f"{type(self).__name__}: {self}"]


class DataFeil(RapportFeil):
    """A data file, descriptor or correction is missing, malformed or contradicts itself."""

    exit_code = 3


@contextmanager
def raised_as(kind: type[RapportFeil]) -> Iterator[None]:
    """Give what is wrong with a file the class of what it should have been: a notebook, parameters."""
    try:
        yield
    except DataFeil as error:
        raise kind(error.message, where=error.where, hint=error.hint) from None


class ParameterFeil(RapportFeil):
    """A parameter is unknown, of the wrong type or outside the data."""

    exit_code = 4


class NotatbokFeil(RapportFeil):
    """A notebook is malformed, or one of its cells failed."""

    exit_code = 5


class RenderFeil(RapportFeil):
    """The book cannot be rendered: unresolved reference, missing alt text, renderer failed."""

    exit_code = 6


class AnalyseAvvist(RapportFeil):
    """The data cannot carry the method that was asked for: a refusal, not a failure.

    Parameters
    ----------
    message : str
        What is missing, in Norwegian.
    reason : str
        A value of `evaluation.basis.requirements.Reason`: why, in one word that code can test.
    where, hint : str, optional
        As for `RapportFeil`.
    """

    exit_code = 7

    def __init__(self, message: str, *, reason: str, where: str | Path = "", hint: str = "") -> None:
        self.reason = reason
        super().__init__(message, where=where, hint=hint)


class KontrollFeil(RapportFeil):
    """A check has found what must not be published: a contradiction, or a revision without a reason."""

    exit_code = 8


class OpptattFeil(RapportFeil):
    """Another command works in the project; nothing is wrong, and it can be tried again."""

    exit_code = 9


class NettFeil(RapportFeil):
    """A source of open statistics cannot be reached, breaks off, or answers with something else than data."""


# What a machine refuses, and the user can mend.
_REFUSED = {
    errno.ENOSPC: "disken er full",
    errno.EDQUOT: "kvoten på disken er brukt opp",
    errno.EROFS: "disken kan bare leses",
    errno.EACCES: "du har ikke tilgang",
    errno.EPERM: "du har ikke tilgang",
    errno.EMFILE: "for mange åpne filer",
    errno.ENFILE: "for mange åpne filer",
    errno.ENOMEM: "maskinen har ikke mer minne",
    errno.EIO: "disken svarer ikke",
    errno.ENOTDIR: "en fil ligger der det skal være en mappe",
    errno.EISDIR: "en mappe ligger der det skal være en fil",
    errno.ELOOP: "en lenke viser til seg selv",
    errno.ENAMETOOLONG: "navnet er for langt",
    errno.EADDRINUSE: "porten er i bruk; velg en annen med --port",
}


def machine_error(error: OSError) -> RapportFeil | None:
    """Return what to tell the user of an error of the machine; None if it is a fault of ours."""
    said = _REFUSED.get(error.errno or 0)
    if said is None and "temporary directory" in str(error):
        said = "ingen mappe for midlertidige filer kan brukes (TMPDIR)"
    return RapportFeil(said, where=str(error.filename or "")) if said else None


def nearest(word: object, choices: Iterable[object]) -> str:
    """Return a hint that names the nearest valid choice, and the choices when they are few.

    Examples
    --------
    >>> nearest("aarr", ["aar", "prisaar"])
    'Mente du «aar»? Gyldige: aar, prisaar.'
    >>> nearest(1999, [2019, 2020])
    'Nærmest er «2019». Gyldige: 2019, 2020.'
    """
    known = list(choices)
    valid = [str(choice) for choice in known]
    if isinstance(word, int) and known and all(isinstance(choice, int) for choice in known):
        closest = min((choice for choice in known if isinstance(choice, int)), key=lambda c: abs(c - word))
        lead = f"Nærmest er «{closest}». "
    else:
        match = difflib.get_close_matches(str(word), valid, n=1, cutoff=0.5)
        lead = f"Mente du «{match[0]}»? " if match else ""
    if not valid or (lead and len(valid) > MOST_SHOWN):
        return lead.strip()
    shown = valid if len(valid) <= MOST_SHOWN else [*sorted(valid)[:MOST_SHOWN], "…"]
    return f"{lead}Gyldige: {', '.join(shown)}."
