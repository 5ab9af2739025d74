"""Text that comes from outside, an address or a file, shown as it is."""

import re


def as_is(text: str) -> str:
    """The text with every sign that Markdown would take for more than itself made plain.

    >>> as_is("[784, 10] *new*")
    '\\\\[784, 10\\\\] \\\\*new\\\\*'
    """
    return re.sub(r"([\\`*_{}\[\]<>()#+!|~$:-])", r"\\\1", text)
