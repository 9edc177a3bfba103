"""Words of cause about a measure in running text: they pass only where its verdict carries them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from analysis_lib.data.norwegian import sentences
from evaluation.basis.wording import causes
from evaluation.register import Measure

# A paragraph that has named a measure goes on to call it by one of these.
_AGAIN = r"(?:tiltaket|ordning(?:en|a)|tilskuddet|tilskotet|forsøket|kravet|endring(?:en|a))"
# What a measure does to something: a verb with an object, not «økte fra … til» or «gikk ned».
_ACTS = (
    r"(?:øk(?:te|t|er)|auka|reduser(?:te|t|er)|minsk(?:et|er|a)|senk(?:et|er|a)|hev(?:et|er|a)|kutt(?:et|er|a)"
    r"|(?:for)?bedr(?:et|er|a)|forverr(?:et|er|a)|styrk(?:et|er|te|a)|svekk(?:et|er|te|a)|avlast(?:et|er|a)"
    r"|frigj(?:orde|ør|ort)|(?:for)?hindr(?:et|er|a)|forebyg(?:get|ger|de)|skap(?:te|er|t)|sikr(?:et|er|a)"
    r"|lett(?:et|er|a)|demp(?:et|er|a)|(?:for)?kort(?:et|er|a)|endr(?:et|er|a)|bremse(?:t|r)|stans(?:et|er|a))"
)
_NO_OBJECT = (
    r"(?!(?:fra|til|med|i|på|per|om|av|og|men|da|når|mens|etter|siden|over|under|mye|mest|noe|litt|lite|kraftig"
    r"|sterkt|svakt|jevnt|raskt|igjen|både|hvert|hver|mer|mindre|ikke|også|først|særlig|for|enn|seg)\b|\d)"
)
_ACTED_ON = rf"(?:{_ACTS})\s+(?:av|gjennom|med)\s+"
# An open question claims nothing: «tallene viser ikke om …», «effekten er ikke kjent», «skal måle effekten».
_OPEN = re.compile(
    r"\b(?:viser|sier|vet|veit|avgjør|besvarer|måler|kjenner)\b[^.]{0,20}?\bikk?j?e\b[^.]{0,30}?\b(?:om|hva|hvor|hvilk\w*)\b"
    r"|\bikk?j?e\s+(?:kjent|mulig\s+å|grunnlag|godt\s+nok)|\b(?:ukjent|uvisst|usikkert\s+om)\b"
    r"|\bkan\s+(?:\w+\s+)?ikk?j?e\s+(?:sies|si|tilskrives|påvises|måles|skilles|avgjøres|vurderes|tallfestes|se)\b"
    r"|\bingen\s+\w+\s+(?:\w+\s+){0,4}?kan\s+påvises|\bfor\s+tidlig\s+å\s+si\b"
    r"|\b(?:skal|for\s+å)\s+(?:måle|vurdere|evaluere|undersøke|beregne)\b",
    re.IGNORECASE,
)
_INSTEAD = (
    (r"(?:før|led)\w*\s+til|resulter|utløs|medfør|gj[øo]r\w*\s+(?:at|det)|sørg", "ble fulgt av"),
    (r"effekt|virkning|verknad|konsekvens|gevinst|utslag", "utvikling"),
    (r"bid\w+\s+til|virk|betydning", "skjedde samtidig med"),
    (r"skyld|årsak|tilskriv|grunn|følg|takk|fordi|derfor|dermed|slik|hjelp|av$|med$", "etter at"),
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
            for measure in () if _OPEN.search(sentence) else meant:
                if word := _blamed(measure, sentence):
                    yield Claim(measure, word, sentence)


def _blamed(measure: Measure, sentence: str) -> str:
    """Return the first word that makes the measure a cause, or nothing."""
    for word, part in causes(sentence):
        if re.search(rf"\b{_called(measure)}|^\s+(?:dette|det|denne)\b", part, re.IGNORECASE):
            return word
    acts = re.search(
        rf"\b{_called(measure)}\s+(?:har\s+|hadde\s+)?(?:ikk?j?e\s+)?({_ACTS})\s+{_NO_OBJECT}\w"
        rf"|({_ACTED_ON})(?:\w+\s+){{0,2}}{_called(measure)}",
        sentence,
        re.IGNORECASE,
    )
    return next(filter(None, acts.groups())).strip() if acts else ""


def _called(measure: Measure) -> str:
    """Return a pattern for the words that the measure goes by."""
    aliases = "|".join(re.escape(alias) for alias in measure.aliases)
    return rf"(?:(?:{aliases})[\w-]*|{_AGAIN}\b)" if aliases else rf"{_AGAIN}\b"


def _names(measure: Measure, text: str) -> bool:
    return any(re.search(rf"\b{re.escape(alias)}", text, re.IGNORECASE) for alias in measure.aliases)
