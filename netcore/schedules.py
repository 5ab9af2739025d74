"""How the learning rate changes in a run: functions of progress (0 … 1) giving a factor.

An entry of SCHEDULES says all that the app knows of one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import cos, pi


@dataclass(frozen=True)
class Schedule:
    """A named function of progress, and what pages say of it.

    title    what pages call it
    formula  the factor at progress p, in LaTeX
    """

    name: str
    title: str
    formula: str
    factor: Callable[[float], float]

    def __call__(self, progress: float) -> float:
        return self.factor(progress)


def constant(progress: float) -> float:
    """The same rate all the time."""
    return 1.0


def step(progress: float) -> float:
    """A tenth after half of the run, a hundredth after three quarters.

    >>> step(0.4), step(0.6)
    (1.0, 0.1)
    """
    if progress < 0.5:
        return 1.0
    return 0.1 if progress < 0.75 else 0.01


def cosine(progress: float) -> float:
    """Down along half a cosine, from 1 to 0.

    Source: Loshchilov & Hutter, "SGDR" (2017), equation 5

    >>> round(cosine(0.5), 9)
    0.5
    """
    return 0.5 * (1 + cos(pi * min(progress, 1.0)))


WARM_UP, START = 0.3, 0.04


def one_cycle(progress: float) -> float:
    """Up from 1/25 in the first 30 %, then down to 0.

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
