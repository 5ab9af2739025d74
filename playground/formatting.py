"""Numbers and times as text. Numbers that are not finite are written as words, not as nan or
inf.
"""

import math

_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def formatted(x: float, form: str = ".3g") -> str:
    """The number in this format, or "not finite".

    >>> formatted(0.12345), formatted(float("nan")), formatted(float("-inf"), "+.2f")
    ('0.123', 'not finite', 'not finite')
    """
    return f"{x:{form}}" if math.isfinite(x) else "not finite"


def counted(n: int, noun: str) -> str:
    """So many of something.

    >>> counted(1, "epoch"), counted(2200, "iteration")
    ('1 epoch', '2,200 iterations')
    """
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


def times(ratio: float) -> str:
    """A ratio with three digits, and a large one as a power of ten; or "not finite".

    >>> times(1.234), times(30_031.0), times(4.2e17), times(math.nan)
    ('1.23', '30,000', '10¹⁷', 'not finite')
    """
    if not math.isfinite(ratio):
        return formatted(ratio)
    if ratio < 1e6:
        return f"{float(f'{ratio:.3g}'):,.0f}" if ratio >= 100 else f"{ratio:.3g}"
    return "10" + str(math.floor(math.log10(ratio))).translate(_SUPERSCRIPTS)


def duration(seconds: float) -> str:
    """A time in the units that a person would use.

    >>> duration(0.021), duration(4.21), duration(95), duration(4000)
    ('21 ms', '4.2 s', '1 min 35 s', '1 h 6 min')
    """
    if 0 < seconds < 0.1:
        return f"{1000 * seconds:.0f} ms"
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"
