"""One entry of dW2, computed by hand: the correct value, and what common mistakes would give."""

from functools import lru_cache

import numpy as np

from playground.config import RunConfig
from playground.run_data import load_data
from playground.step_trace import StepTrace, take_apart
from playground.trainer import Trainer

LAYER, UNIT, SOURCE = 2, 0, 1  # dW2[0, 1]
EXAMPLES = 2
CLOSE = 0.002  # numbers on the slides are rounded


@lru_cache(maxsize=16)
def first_step(config: RunConfig) -> StepTrace:
    """The first step of a run with these settings."""
    return take_apart(Trainer(config, load_data(config)))


def products(config: RunConfig) -> list[float]:
    """What each example adds to the entry: dZ2[0, j] · A1[1, j]."""
    step = first_step(config)
    dZ, A_prev = step.grads[LAYER - 1].dZ, step.caches[LAYER - 1].A_prev
    return [float(each) for each in dZ[UNIT].astype(np.float64) * A_prev[SOURCE]]


def entry(config: RunConfig) -> float:
    """The entry, as training has it."""
    return float(first_step(config).grads[LAYER - 1].dW[UNIT, SOURCE])


def diagnose(config: RunConfig, value: float) -> str:
    """Where a value went wrong, as a sentence; "" if it is correct."""
    right = entry(config)
    if abs(value - right) <= CLOSE:
        return ""
    for wrong, sentence in _mistakes(config).items():
        if abs(value - wrong) <= CLOSE:
            return sentence
    if abs(value - right) <= 10 * CLOSE:
        return "Close: rounded too early? Carry four decimals through both products."
    return (
        "This is none of the common mistakes. dZ2[0, j] is (A2[0, j] − Y[0, j]) / 2 for each of "
        "the two examples j. Multiply it by A1[1, j], and add the two products."
    )


def _mistakes(config: RunConfig) -> dict[float, str]:
    """The value that each usual slip gives, the likeliest first."""
    step = first_step(config)
    A2, Y, A1 = step.caches[LAYER - 1].A[UNIT], step.Y[UNIT], step.caches[LAYER - 1].A_prev
    Z1 = step.caches[LAYER - 2].Z
    dZ, right, m = step.grads[LAYER - 1].dZ[UNIT], entry(config), step.m
    first, second = products(config)
    found = {
        m * right: "The factor 1/m is missing: dZ2 is (A2 − Y)/m, here with m = 2.",
        right / m: "That is divided by m once more: the factor 1/m is in dZ2 already.",
        -right: "The sign is the other way: dZ2 is A2 − Y, not Y − A2.",
        first: "That is example 0 alone. The gradient sums over both examples.",
        second: "That is example 1 alone. The gradient sums over both examples.",
        float(dZ @ A1[1 - SOURCE]): "That is dW2[0, 0]: you took A1 of hidden unit 0, not 1.",
        float(dZ @ Z1[SOURCE]): "You used Z1 where the equation has A1: apply tanh first.",
        float(A2 @ A1[SOURCE]) / m: "You multiplied by A2 itself: dZ2 is A2 less the target Y.",
        float(dZ.sum()): "That is db2, the sum of dZ2: multiply each dZ2[0, j] by A1[1, j] first.",
        float((A2 - Y) @ (A1[SOURCE] * A2 * (1 - A2))) / m: (
            "You multiplied by the sigmoid's derivative. With the cross-entropy it cancels: dZ2 is "
            "just (A2 − Y)/m."
        ),
        -config.learning_rate * right: "That is the change of the weight, −α dW2. Leave out −α.",
    }
    return {wrong: sentence for wrong, sentence in found.items() if abs(wrong - right) > CLOSE}
