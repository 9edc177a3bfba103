"""Text as text: one function for each kind of file that a text is written into.

Labels, titles, notes and parameters come from files and may hold any sign. What is written by these
functions shows as it stands; nothing in it is markup, a formula or a program.
"""

from __future__ import annotations

import re
from typing import Any

from analysis_lib.errors import RenderFeil

_BREAKS = re.compile("[\n\r\v\f\x85\u2028\u2029]+")
# Every mark that typst markup gives a meaning anywhere: a full stop after digits starts a list,
# two hyphens make a dash, two slashes a comment, a colon after "http" a link, a parenthesis after a
# function its arguments.
_TYPST = re.compile(r"""([\\#$*_`<>@\[\]{}~"'\-/=+.:^|?(;])""")
_MARKDOWN = re.compile(r"[\\`*_{}\[\]<>$~^|@&#]")
# What begins a list, a term, a rule or an underlined heading where it begins a line.
_FIRST = re.compile(r"^( ?)(?:([-+:](?= |$)|-(?=-)|=)|(\d+)([.)](?= |$)))")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_ADDRESS = re.compile(r"(?:https?://|mailto:)[^\s\\]+|(?![a-z][a-z0-9+.-]*:)[^\s/\\][^\s\\]*", re.I)
# Control and format characters, which a browser may pass over when it reads an address.
_UNSEEN = re.compile("[\x00-\x20\x7f-\xa0\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u2064\ufeff]")
_FORMULA = re.compile(r"[=@\t\r]|[+-](?![\d ]*\d(?:[.,]\d+)?$)")


def one_line(text: object) -> str:
    """Return text with its line breaks as spaces."""
    return _BREAKS.sub(" ", str(text))


def markdown_text(text: object) -> str:
    r"""Return text for Markdown, as CommonMark and pandoc read it.

    >>> print(markdown_text("- [A_1](b) & <c>"), markdown_text("2025. {d}"))
    \- \[A\_1\](b) \& \<c\> 2025\. \{d\}
    """
    escaped = _MARKDOWN.sub(r"\\\g<0>", re.sub("[ \t]+", " ", one_line(text)))
    return _FIRST.sub(lambda m: f"{m[1]}\\{m[2]}" if m[2] else f"{m[1]}{m[3]}\\{m[4]}", escaped)


def without_escapes(markdown: str) -> str:
    r"""Return Markdown as it is read, where a mark stands for itself.

    >>> without_escapes(markdown_text("A_1"))
    'A_1'
    """
    return _ESCAPED.sub(r"\1", markdown)


def typst_text(text: object) -> str:
    r"""Return text for typst markup.

    >>> typst_text("A_1 #2")
    'A\\_1 \\#2'
    """
    return _TYPST.sub(r"\\\1", one_line(text))


def typst_string(text: object) -> str:
    r"""Return text as a string of typst code.

    >>> print(typst_string('a"b\\'))
    "a\"b\\"
    """
    return '"' + one_line(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def json_in_html(text: str) -> str:
    r"""Return JSON for a ``script`` element, which nothing in it can end or make a comment of.

    >>> json_in_html('"</script><!--"')
    '"\\u003c/script>\\u003c!--"'
    """
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def csv_text(text: str) -> str:
    """Return text for a CSV file that somebody may open as a workbook: an apostrophe before a formula.

    >>> csv_text("=1+1"), csv_text("-20"), csv_text("- herav")
    ("'=1+1", '-20', "'- herav")
    """
    return f"'{text}" if _FORMULA.match(text) else text


def fenced(text: str, mark: str) -> str:
    """Return text as a block of Markdown that nothing in it can end.

    >>> fenced("a", "{=html}").splitlines()
    ['````{=html}', 'a', '````']
    """
    fence = "`" * max([4, *(len(run) + 1 for run in re.findall("`+", text))])
    return f"{fence}{mark}\n{text}\n{fence}"


def metadata(value: Any) -> Any:
    """Return metadata of a page with every text as text, where pandoc would read Markdown."""
    if isinstance(value, dict):
        return {key: metadata(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [metadata(item) for item in value]
    return re.sub(r"[!-/:-@\[-`{-~]", r"\\\g<0>", one_line(value)) if isinstance(value, str) else value


def anchor(key: str, kind: str = "tabell") -> str:
    """Return the name that links use for a table or a figure, and its file.

    >>> anchor("8.1"), anchor("ssb/07459"), anchor("../A: 1", "figur")
    ('tabell-8-1', 'tabell-ssb-07459', 'figur----A--1')
    """
    return f"{kind}-" + re.sub(r"[^\w-]", "-", key)


def safe_address(address: str, where: str) -> str:
    """Return the address of a link, or refuse it.

    Raises
    ------
    RenderFeil
        If it is neither on the web, nor mail, nor a place in the report.

    Examples
    --------
    >>> safe_address("https://www.ssb.no/a?b=1#c", ""), safe_address("utgifter.html#tabell-8-1", "")
    ('https://www.ssb.no/a?b=1#c', 'utgifter.html#tabell-8-1')
    >>> safe_address("javascript:alert(1)", "celle 2")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    analysis_lib.errors.RenderFeil: celle 2: lenken «javascript:alert(1)» går verken til nettet, ...
    """
    if _UNSEEN.search(address) or not _ADDRESS.fullmatch(address):
        raise RenderFeil(
            f"lenken «{one_line(address)}» går verken til nettet, til en e-postadresse eller til rapporten",
            where=where,
            hint="En lenke begynner med https://, http:// eller mailto:, eller er navnet på en side.",
        )
    return address
