"""Student's t distribution for whole degrees of freedom, in closed form.

Source: Abramowitz & Stegun, "Handbook of Mathematical Functions" (1964), 26.7.3 and 26.7.4
"""

from functools import cache
from math import atan, cos, pi, sin, sqrt, tan


def probability_within(t: float, df: int) -> float:
    """P(|T| ≤ t), for t ≥ 0 and df degrees of freedom.

    >>> round(probability_within(2.776445, 4), 6)
    0.95
    """
    return _within(atan(t / sqrt(df)), df)


@cache
def two_sided_quantile(probability: float, df: int) -> float:
    """The t for which P(|T| ≤ t) is this probability, 0 ≤ probability < 1.

    >>> round(two_sided_quantile(0.95, 4), 6)
    2.776445
    """
    low, high = 0.0, pi / 2
    while low < (middle := (low + high) / 2) < high:  # until the two are neighboring numbers
        if _within(middle, df) < probability:
            low = middle
        else:
            high = middle
    return sqrt(df) * tan(low)


def _within(angle: float, df: int) -> float:
    """P(|T| ≤ √df · tan(angle))."""
    is_odd = df % 2 == 1
    term = cos(angle) if is_odd else 1.0
    total = 0.0 if df == 1 else term
    for k in range(2 if is_odd else 1, df - 2, 2):
        term *= k / (k + 1) * cos(angle) ** 2
        total += term
    total *= sin(angle)
    return 2 / pi * (angle + total) if is_odd else total
