"""Text that comes from outside, an address or a file, shown as it is."""

import re


def as_is(text: str) -> str:
    """The text, on one line, with every sign that Markdown could take for more than itself made
    plain.

    >>> as_is("[784, 10] *new*")
    '\\\\[784\\\\, 10\\\\] \\\\*new\\\\*'
    """
    one_line = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", one_line)
