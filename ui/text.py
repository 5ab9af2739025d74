"""Escapes text from outside, such as an address or a file. No other module escapes.

Streamlit interprets Markdown in labels, captions and messages, and Plotly some HTML in all texts.
"""

import re
from html import escape
from typing import Any

JOINER = "\N{WORD JOINER}"  # invisible, and lines do not break at it

# Patterns that Streamlit replaces after Markdown, when backslashes are already gone:
# addresses become links, :material/home: an icon, -> an arrow.
_JOINED = re.compile(
    r"(?<=:)(?=[\w/])|(?<=www)(?=\.)|(?=@)|(?<=(?<!\S)[-<>~])(?=[-=>]+(?!\S))", re.IGNORECASE
)


def as_is(text: str) -> str:
    r"""The text on one line, with every character escaped that Markdown may interpret, and with an
    invisible character in what would still become a link or an icon.

    >>> as_is("[784, 10] *new*")
    '\\[784\\, 10\\] \\*new\\*'
    """
    one_line = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", _JOINED.sub(JOINER, one_line))


def figure_as_is(part: Any, key: str = "") -> Any:
    """A figure whose texts are shown literally, because Plotly interprets tags and links. Only the
    end of a line is one. Hover templates are written by this app and use tags; names enter them as
    data.
    """
    if isinstance(part, dict):
        return {name: figure_as_is(each, name) for name, each in part.items()}
    if isinstance(part, list | tuple):
        return [figure_as_is(each, key) for each in part]
    if isinstance(part, str) and key != "hovertemplate":
        return escape(part, quote=False).replace("\n", "<br>")
    return part
