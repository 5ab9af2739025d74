"""Successive halving: at each rung all runs are compared, and only the best third goes on.

The runs of a group wait for each other at a rung. So which runs are stopped depends on their scores
alone, not on how fast the workers are: the same sweep stops the same runs.
"""

import math
from collections.abc import Mapping

KEEP = 3  # one of so many goes on
RUNGS = 2
GROUP = KEEP**RUNGS  # runs that a search that learns has compared at a time


def rungs(iterations: int) -> tuple[int, ...]:
    """The iterations at which a run of this length is compared: at a ninth and a third.

    >>> rungs(900), rungs(2)
    ((100, 300), (1,))
    """
    at = [math.ceil(iterations / KEEP**k) for k in range(RUNGS, 0, -1)]
    return tuple(dict.fromkeys(each for each in at if each < iterations))


def survivors(scores: Mapping[int, tuple[float, float]]) -> set[int]:
    """The runs that go on, of those with these scores and costs. At least one does.

    >>> survivors({1: (0.9, 0.3), 2: (0.8, 0.4), 3: (0.9, 0.2), 4: (math.nan, math.nan)})
    {1, 3}
    """

    def rank(number: int) -> tuple[float, float, int]:
        score, cost = scores[number]
        return (
            -score if math.isfinite(score) else math.inf,
            cost if math.isfinite(cost) else math.inf,
            number,
        )

    ordered = sorted(scores, key=rank)
    return set(ordered[: math.ceil(len(ordered) / KEEP)])


def stages(runs: int) -> list[tuple[int, float]]:
    """From one rung to the next: how many of these runs train, and for which part of their length.

    >>> [(alive, round(part, 2)) for alive, part in stages(27)]
    [(27, 0.11), (9, 0.22), (3, 0.67)]
    """
    found, before = list[tuple[int, float]](), 0.0
    for k in range(RUNGS, -1, -1):
        found.append((runs, 1 / KEEP**k - before))
        runs, before = math.ceil(runs / KEEP), 1 / KEEP**k
    return found
