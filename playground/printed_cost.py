"""The cost after every 100 iterations, printed as in the second post."""

from playground.formatting import formatted
from playground.history import Floats

EVERY = 100


def cost_lines(step_cost: Floats) -> str:
    """A line for the first iteration and for every hundredth after it.

    >>> import numpy as np
    >>> print(cost_lines(np.linspace(0.7, 0.5, 201)))
    Cost after iteration 0: 0.700000
    Cost after iteration 100: 0.600000
    Cost after iteration 200: 0.500000
    """
    return "\n".join(
        f"Cost after iteration {i * EVERY}: " + formatted(cost, ".6f")
        for i, cost in enumerate(step_cost[::EVERY])
    )
