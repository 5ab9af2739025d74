"""Text that comes from outside, an address or a file, shown as it is: the one place that escapes.

Streamlit reads Markdown in labels, captions and messages, Plotly a little HTML in all its texts.
"""

import re
from html import escape
from typing import Any

JOINER = "\N{WORD JOINER}"  # invisible, and no line is broken at it

# What Streamlit replaces in the text that Markdown has left over, where no backslash is seen any
# more: addresses become links, :material/home: an icon, -> an arrow.
_JOINED = re.compile(
    r"(?<=:)(?=[\w/])|(?<=www)(?=\.)|(?=@)|(?<=(?<!\S)[-<>~])(?=[-=>]+(?!\S))", re.IGNORECASE
)


def as_is(text: str) -> str:
    """The text, on one line, with every sign that Markdown could take for more than itself made
    plain, and what would become a link or an icon nevertheless broken up by an invisible sign.

    >>> as_is("[784, 10] *new*")
    '\\\\[784\\\\, 10\\\\] \\\\*new\\\\*'
    """
    one_line = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", _JOINED.sub(JOINER, one_line))


def figure_as_is(part: Any, key: str = "") -> Any:
    """A figure whose texts are texts: Plotly reads tags and links in them. Hover templates are
    this app's own, and use tags; names enter them as data."""
    if isinstance(part, dict):
        return {name: figure_as_is(each, name) for name, each in part.items()}
    if isinstance(part, list | tuple):
        return [figure_as_is(each, key) for each in part]
    if isinstance(part, str) and key != "hovertemplate":
        return escape(part, quote=False)
    return part
