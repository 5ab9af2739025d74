"""Learning rate schedules: functions from the progress of a run (0 to 1) to a factor of α.

Everything that the app knows about a schedule is in its entry of SCHEDULES.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import cos, pi


@dataclass(frozen=True)
class Schedule:
    """A named function of progress, with what pages need to know about it.

    title    its name on the pages
    formula  the factor at progress p, in LaTeX
    """

    name: str
    title: str
    formula: str
    factor: Callable[[float], float]

    def __call__(self, progress: float) -> float:
        return self.factor(progress)


def constant(progress: float) -> float:
    """The same rate throughout."""
    return 1.0


def step(progress: float) -> float:
    """1 at first, 0.1 from half of the run on, 0.01 from three quarters on.

    >>> step(0.4), step(0.6)
    (1.0, 0.1)
    """
    if progress < 0.5:
        return 1.0
    return 0.1 if progress < 0.75 else 0.01


def cosine(progress: float) -> float:
    """Falls from 1 to 0 along half a period of a cosine.

    Source: Loshchilov & Hutter, "SGDR" (2017), equation 5

    >>> round(cosine(0.5), 9)
    0.5
    """
    return 0.5 * (1 + cos(pi * min(progress, 1.0)))


WARM_UP, START = 0.3, 0.04


def one_cycle(progress: float) -> float:
    """Rises from 1/25 to 1 in the first 30 % of the run, then falls to 0 along a cosine.

    Source: Smith & Topin, "Super-convergence" (2018)

    >>> one_cycle(0.3)
    1.0
    """
    if progress < WARM_UP:
        return START + (1 - START) * progress / WARM_UP
    return cosine((progress - WARM_UP) / (1 - WARM_UP))


SCHEDULES = {
    schedule.name: schedule
    for schedule in (
        Schedule("constant", "constant", "1", constant),
        Schedule(
            "step",
            "steps",
            r"1,\ 0.1 \text{ from } p = \tfrac12,\ 0.01 \text{ from } p = \tfrac34",
            step,
        ),
        Schedule("cosine", "cosine", r"\tfrac12 (1 + \cos \pi p)", cosine),
        Schedule(
            "one_cycle",
            "one cycle",
            r"0.04 + 0.96\,\tfrac{p}{0.3} \text{ up to } p = 0.3, \text{ then }"
            r" \tfrac12 \left(1 + \cos \pi \tfrac{p - 0.3}{0.7}\right)",
            one_cycle,
        ),
    )
}
