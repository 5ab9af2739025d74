"""A run diverged: its cost is NaN or infinite. What is said of it, on the page and elsewhere."""

import math

import numpy as np

from netcore.network import Network
from playground.trainer import Measured, Trainer


def has_diverged(cost: float, measured: Measured) -> bool:
    """Whether a step's cost, or one that was measured, is no finite number."""
    return not math.isfinite(cost + measured.training.cost + measured.held_out.cost)


def sentence(trainer: Trainer) -> str:
    """When it happened, where it shows first, and what to try."""
    place = first_not_finite(trainer.network)
    where = f", and so are numbers of {place}" if place else ""
    return (
        f"The run diverged at iteration {trainer.state.iteration:,}: its cost is NaN or "
        f"infinite{where}. The steps were too long. Try a learning rate ten times smaller than "
        f"{trainer.config.learning_rate:g}."
    )


def first_not_finite(network: Network) -> str:
    """The first matrix with a number that is NaN or infinite, such as "W2"; "" for none."""
    for l, layer in enumerate(network.layers, start=1):
        for name, M in (("W", layer.W), ("b", layer.b)):
            if not np.isfinite(M).all():
                return f"{name}{l}"
    return ""
