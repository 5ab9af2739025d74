"""One entry of dW, by hand, from the numbers of Under the hood."""

import numpy as np

from playground.config import RunConfig
from playground.learn.by_hand import CLOSE, EXAMPLES, LAYER, SOURCE, UNIT, diagnose, entry, products
from playground.learn.lesson import Goal, Lesson, Number, Results, Trial
from playground.learn.quantities import STEPS, Condition, Quantity
from playground.snapshot import Snapshot
from playground.trainer import start_state

HAND = RunConfig.default("xor").with_values(
    points=20,
    layers=(2, 2, 1),
    activations=("tanh",),
    optimizer="gradient_descent",
    learning_rate=0.1,
    batch_size=EXAMPLES,
    iterations=1,
)
WANTED = 0.05


def _change(shown: Snapshot) -> float:
    """How much the weight has changed since the start of the run."""
    start = start_state(shown.config).network
    before, after = (net.layers[LAYER - 1].W[UNIT, SOURCE] for net in (start, shown.network))
    return float(np.float64(after) - np.float64(before))


ENTRY = Quantity("entry", "entry of dW2", lambda shown: entry(shown.config), "", 4)
FIRST, SECOND = (
    Quantity(
        f"product_{j}",
        f"the product of example {j}",
        lambda shown, j=j: products(shown.config)[j],  # type: ignore[misc]
        "",
        4,
    )
    for j in range(EXAMPLES)
)
CHANGE = Quantity("change", "change of the weight", _change, "", 4)
SIZE = Quantity("size", "size of the weight's change", lambda shown: abs(_change(shown)), "", 4)


def _because(results: Results) -> str:
    (run,) = results
    return (
        f"dW2 = dZ2 A1ᵀ sums over the examples: the products dZ2[0, j] · A1[1, j] are "
        f"{run['product_0']:.4f} and {run['product_1']:.4f}, and they add up to "
        f"{run['entry']:.4f}. The factor 1/m is already in dZ2 = (A2 − Y)/m. Gradient descent "
        f"multiplies by −α: with α = {HAND.learning_rate:g} the weight changed by "
        f"{run['change']:.4f}."
    )


def _adds_up(results: Results) -> bool:
    (run,) = results
    return abs(run["product_0"] + run["product_1"] - run["entry"]) < 1e-5


def _is_the_step(results: Results) -> bool:
    (run,) = results
    return abs(-HAND.learning_rate * run["entry"] - run["change"]) < 1e-5


LESSON = Lesson(
    key="gradient_by_hand",
    order=13,
    title="One gradient by hand",
    about=(
        "A network [2, 2, 1] is about to take its first step, on two points. Press Set it up, and "
        "look at the slides below: they show A1, A2, Y and the equations of the backward pass."
    ),
    page="hood",
    trials=(Trial("One step", HAND),),
    measures=(ENTRY, FIRST, SECOND, CHANGE),
    question=Number(
        "Without looking at the slide of dW2: what is dW2[0, 1], the gradient of the weight from "
        "hidden unit 1 to the output? Three decimals will do.",
        unit="",
        low=-1000,
        high=1000,
        true=lambda results: results[0]["entry"],
        close=CLOSE,
        digits=4,
        diagnose=lambda value: diagnose(HAND, value),
        setup=HAND,
    ),
    because=_because,
    claims={
        "they add up to": _adds_up,
        "Gradient descent multiplies by −α": _is_the_step,
    },
    goal=Goal(
        f"Choose the learning rate with which this one step changes the weight by {WANTED:g}, up "
        "or down, to within 2 %. Then take the step.",
        start=HAND,
        conditions=(
            Condition(SIZE, 0.98 * WANTED),
            Condition(SIZE, 1.02 * WANTED, at_least=False),
            Condition(STEPS, 1, at_least=False),
        ),
        keeps=("dataset", "points", "noise", "layers", "activations", "batch_size", "seed"),
        solution=lambda: HAND.with_values(learning_rate=float(f"{WANTED / abs(entry(HAND)):.4g}")),
    ),
)
