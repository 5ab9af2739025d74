"""Which of two settings is better, by the differences of their scores from the same starts.

The differences of pairs have much less spread than the scores, because both share what a start
decides: the initial weights and the order of the examples. Their mean has a confidence interval by
Student's t ("paired t-test"). Where the interval holds zero, nothing is claimed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, inf, log10, sqrt
from statistics import fmean, stdev

from playground.race.student_t import two_sided_quantile

CONFIDENCE = 0.95
POWER = 0.8  # the probability with which so many more starts would tell
MAX_NEEDED = 1000  # starts; for more, there is no practical difference


@dataclass(frozen=True)
class Verdict:
    """The mean of the differences, as mean ± half.

    better, worse  starts on which the difference is above, and below, zero
    half           half of the confidence interval; infinite for fewer than two starts
    needed         about so many starts would tell, if the difference is as it seems; None if the
                   verdict is clear, or if more than MAX_NEEDED would be needed
    """

    starts: int
    better: int
    worse: int
    mean: float
    half: float
    confidence: float
    needed: int | None

    @property
    def low(self) -> float:
        return self.mean - self.half

    @property
    def high(self) -> float:
        return self.mean + self.half

    @property
    def is_clear(self) -> bool:
        """Whether the interval excludes zero."""
        return self.low > 0 or self.high < 0


def verdict(differences: Sequence[float], confidence: float = CONFIDENCE) -> Verdict:
    """The verdict on these differences of scores, one for each start, all finite.

    confidence  of the interval
    """
    n = len(differences)
    mean = fmean(differences) if n else 0.0
    spread = stdev(differences) if n > 1 else inf
    half = two_sided_quantile(confidence, n - 1) * spread / sqrt(n) if n > 1 else inf
    is_clear = abs(mean) > half
    return Verdict(
        starts=n,
        better=sum(each > 0 for each in differences),
        worse=sum(each < 0 for each in differences),
        mean=mean,
        half=half,
        confidence=confidence,
        needed=None if is_clear or n < 2 else starts_needed(mean, spread, confidence),
    )


def confidence_for(rivals: int) -> float:
    """The confidence of each interval if so many are compared with one baseline: all of them hold
    together with CONFIDENCE (Bonferroni).

    >>> confidence_for(1), round(confidence_for(2), 4)
    (0.95, 0.975)
    """
    return 1 - (1 - CONFIDENCE) / rivals


def starts_needed(mean: float, spread: float, confidence: float) -> int | None:
    """The smallest number of starts that would give a clear verdict with probability POWER, if mean
    and standard deviation of the differences are these; None if it is above MAX_NEEDED.
    """

    def suffices(n: int) -> bool:
        # One-sided, POWER is the quantile of |T| at 2 POWER - 1.
        t = two_sided_quantile(confidence, n - 1) + two_sided_quantile(2 * POWER - 1, n - 1)
        return t * spread / sqrt(n) <= abs(mean)

    low, high = 1, MAX_NEEDED
    if not suffices(high):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if suffices(middle) else (middle, high)
    return high


def sentence(of: Verdict, rival: str, baseline: str, *, in_points: bool) -> str:
    """The verdict in words.

    in_points  the scores are accuracies, told in percentage points; else they are R²

    >>> sentence(verdict([0.007, 0.009, 0.008]), "B", "A", in_points=True)
    'B is better than A by 0.8 ± 0.2 points, on 3 of 3 starts.'
    """
    if of.starts == 0:
        return f"No start has ended yet on which {rival} and {baseline} can be compared."
    starts = "1 start" if of.starts == 1 else f"{of.starts} starts"
    if of.is_clear:
        word, count = ("better", of.better) if of.mean > 0 else ("worse", of.worse)
        size = _size(abs(of.mean), of.half, in_points=in_points)
        return f"{rival} is {word} than {baseline} by {size}, on {count} of {starts}."
    if of.starts == 1:
        size = _size(of.mean, 0.0, in_points=in_points, sign=True)
        return (
            f"One start cannot tell: {rival} differs from {baseline} by {size}. "
            "Two starts or more are needed."
        )
    if of.better == of.worse == 0:
        return f"{rival} and {baseline} have equal scores on all {starts}."
    size = _size(of.mean, of.half, in_points=in_points, sign=True)
    text = (
        f"Cannot tell whether {rival} is better than {baseline}: the difference is {size}, and "
        f"{rival} is better on {of.better} of {starts}."
    )
    if of.needed is None:
        return f"{text} Even {MAX_NEEDED:,} starts would hardly tell so small a difference."
    more = max(of.needed, of.starts + 1)
    return (
        f"{text} More starts are needed: about {more:,} in all, if the difference is what it seems."
    )


def _size(mean: float, half: float, *, in_points: bool, sign: bool = False) -> str:
    """The mean with its interval, with as many digits as the interval gives sense to."""
    if in_points:
        mean, half = 100 * mean, 100 * half
    least = 1 if in_points else 3
    digits = max(least, min(4, -floor(log10(half)))) if half > 0 else least + 1
    form = f"+.{digits}f" if sign else f".{digits}f"
    size = f"{mean:{form}}" + (f" ± {half:.{digits}f}" if half else "")
    return f"{size} points" if in_points else f"{size} in R²"
