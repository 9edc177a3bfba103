"""Words of cause about a measure in running text: they pass only where its verdict carries them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from analysis_lib.data.measures import Measure
from analysis_lib.data.sentences import sentences
from analysis_lib.evaluation.wording import causal_words

# A paragraph that has named a measure goes on to call it by one of these.
_AGAIN = re.compile(r"\b(?:tiltaket|ordningen|tilskuddet|forsøket|kravet|endringen)\b", re.IGNORECASE)
# An open question claims nothing: «tallene viser ikke om …».
_OPEN = re.compile(
    r"\b(?:viser|sier|vet|avgjør|besvarer|måler)\b[^.]{0,20}?\bikke\b[^.]{0,30}?\b(?:om|hva|hvor|hvilk\w*)\b",
    re.IGNORECASE,
)
_INSTEAD = (
    (r"før\w+\s+til|resulter|utløs|medfør|gjør\w*\s+at|gjorde\s+at", "ble fulgt av"),
    (r"effekt|virkning|konsekvens|gevinst|utslag", "utvikling"),
    (r"bid\w+\s+til|påvirk", "skjedde samtidig med"),
    (r"skyld|årsak|tilskriv|grunn|følge|takket|fordi|derfor|dermed|slik", "etter at"),
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence that says that a measure brought something about."""

    measure: Measure
    word: str
    sentence: str

    @property
    def instead(self) -> str:
        """Words that order events in time and claim no more."""
        matches = (text for pattern, text in _INSTEAD if re.search(pattern, self.word, re.IGNORECASE))
        return next(matches, "var høyere eller lavere etter at")


def claims(text: str, measures: Iterable[Measure]) -> Iterator[Claim]:
    """Yield the sentences of a text that use a word of cause about a measure, once for each measure.

    A measure is meant by a sentence that uses one of its aliases, or that says «tiltaket», «ordningen» …
    in a paragraph that does.

    Examples
    --------
    >>> m = Measure(id="x", name="Ordningen", outcome="Avtaler", data="k", aliases=("delegering",))
    >>> [claim.word for claim in claims("Delegering kom i januar. Tiltaket førte til ro.", [m])]
    ['førte til']
    >>> list(claims("Tallene viser ikke hva delegering har ført til.", [m]))
    []
    """
    known = list(measures)
    for paragraph in re.split(r"\n\s*\n|\n(?=[-*] )", text):
        meant = [measure for measure in known if _names(measure, paragraph)]
        for sentence in sentences(" ".join(paragraph.split()), ends=".!?:") if meant else ():
            words = () if _OPEN.search(sentence) else causal_words(sentence)
            for measure in meant if words else ():
                if _names(measure, sentence) or _AGAIN.search(sentence):
                    yield Claim(measure, words[0], sentence)


def _names(measure: Measure, text: str) -> bool:
    return any(re.search(rf"\b{re.escape(alias)}", text, re.IGNORECASE) for alias in measure.aliases)
