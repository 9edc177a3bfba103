"""Words of cause: in a verdict's sentence, and about a measure in running text; only verdicts carry them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from analysis_lib.data.norwegian import sentences
from evaluation.register import Measure

# Words that say that one thing brought about another, in bokmål and nynorsk. Words that merely order
# events in time («etter», «siden», «samtidig») are free.
_TURNED = r"(?:fikk|slapp|økte|gikk|falt|sank|steg|ble)\b"
_BROUGHT_ABOUT = (
    r"(?:før(?:te|er|t)|led(?:et|er|de|a|d))\s+(?:ikk?j?e\s+)?til",
    r"bid(?:ro|rog|rar|reg|ratt|rege)\s+(?:ikk?j?e\s+)?til|bidrag\w*\s+til",
    r"resulter\w*|medfør\w*|påvirk\w*|innvirk\w*|utslag",
    # A contact may trigger a tariff: that is what tariffs are for.
    r"utløs(?:te|er|t)(?!\s+(?:\w+\s+)?takst)",
    r"effekt(?!iv)\w*|virkning\w*(?!\s+fra)|verknad\w*|virk(?:et|er|ede)\b|verk(?:a|ar)\b|konsekvens\w*|gevinst\w*",
    r"(?:for)?årsak\w*|(?<!ikke )tilskriv\w*|(?:hatt|har|hadde|fikk)\s+(?:\w+\s+)?betydning\s+for",
    r"(?:gjorde|gjør|gjort)\s+(?:at|det\s+(?:mulig|lettere|enklere|vanskeligere))|sørg(?:et|er|a)\s+for\s+at",
    r"(?:ga|gav|gir|gjev|gitt|gjeve)\s+(?:økt|auka|redusert|færre|fleire|flere|høyere|lavere|lågare|mer|meir"
    r"|mindre|bedre|betre|dårligere|kortere|kortare|lengre|raskere|rom\s+for|mulighet)",
    r"tiltaket\s+(?:økte|reduserte|senket|hevet|endret|bedret|forverret|styrket|svekket)",
    # «Derfor anbefales» and «slik at det gis» reason and regulate; «dermed økte» says what came of it.
    rf"(?:dermed|derfor)\s+{_TURNED}|{_TURNED}\s+(?:\w+\s+){{0,2}}(?:dermed|derfor)|slik\s+at\s+(?:\w+\s+){{1,4}}?{_TURNED}",
    r"ly(?:ktes|kkes)\s+med",
)
# The same, where the cause comes after the word.
_CAME_OF = (
    r"fordi|på\s+grunn\s+av|som\s+følgj?e\s+av|takk(?:et)?\s+v(?:æ|e)re|ved\s+hjelp\s+av|resultat(?:et)?\s+av",
    r"skyld(?:es|tes|ast)|(?:kommer|kjem|kom)\s+av|forklar(?:es|ast|t)\s+(?:med|av)|forklares",
    r"(?:henger|heng|hang)\s+sam(?:men|an)\s+med",
)
_CAUSAL = re.compile(rf"\b(?:{'|'.join((*_BROUGHT_ABOUT, *_CAME_OF))})", re.IGNORECASE)
_BACKWARD = re.compile(rf"\b(?:{'|'.join(_CAME_OF)})", re.IGNORECASE)


def causal_words(sentence: str) -> tuple[str, ...]:
    """Return the words of cause in a Norwegian sentence.

    >>> causal_words("Tilskuddet førte til flere avtaler, og effekten var stor.")
    ('førte til', 'effekten')
    >>> causal_words("Antallet avtaler økte etter at tilskuddet kom.")
    ()
    """
    return tuple(match.group(0) for match in _CAUSAL.finditer(sentence))


def causes(sentence: str) -> tuple[tuple[str, str], ...]:
    """Return each word of cause with the part of the sentence where the cause may stand.

    >>> causes("Beløpet økte på grunn av prisene.")
    (('på grunn av', ' prisene.'),)
    """
    return tuple(
        (match.group(0), sentence[match.end() :] if _BACKWARD.match(match.group(0)) else sentence)
        for match in _CAUSAL.finditer(sentence)
    )


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
class CausalClaim:
    """A sentence that says that a measure brought something about."""

    measure: Measure
    word: str
    sentence: str

    @property
    def instead(self) -> str:
        """Words that order events in time and claim no more."""
        matches = (text for pattern, text in _INSTEAD if re.search(pattern, self.word, re.IGNORECASE))
        return next(matches, "var høyere eller lavere etter at")


def causal_claims(text: str, measures: Iterable[Measure]) -> Iterator[CausalClaim]:
    """Yield the sentences of a text that use a word of cause about a measure, once for each measure.

    A measure is meant by a sentence that uses one of its aliases, or that says «tiltaket», «ordningen» …
    in a paragraph that does.

    Examples
    --------
    >>> m = Measure(id="x", name="Ordningen", outcome="Avtaler", data="k", aliases=("delegering",))
    >>> [claim.word for claim in causal_claims("Delegering kom i januar. Tiltaket førte til ro.", [m])]
    ['førte til']
    >>> list(causal_claims("Tallene viser ikke hva delegering har ført til.", [m]))
    []
    """
    known = list(measures)
    for paragraph in re.split(r"\n\s*\n|\n(?=[-*] )", text):
        meant = [measure for measure in known if _names(measure, paragraph)]
        for sentence in sentences(" ".join(paragraph.split()), ends=".!?:") if meant else ():
            for measure in () if _OPEN.search(sentence) else meant:
                if word := _blamed(measure, sentence):
                    yield CausalClaim(measure, word, sentence)


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
