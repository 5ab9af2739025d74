"""Numbers as text: those that are not finite are said in words, never as nan or inf."""

import math


def formatted(x: float, form: str = ".3g") -> str:
    """A number in this format, or that it is none.

    >>> formatted(0.12345), formatted(float("nan")), formatted(float("-inf"), "+.2f")
    ('0.123', 'not finite', 'not finite')
    """
    return f"{x:{form}}" if math.isfinite(x) else "not finite"
