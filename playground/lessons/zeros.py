"""From zeros, all units of a layer stay equal."""

import numpy as np

from playground.learn.lesson import Goal, Lesson, Number, Results, Trial
from playground.learn.quantities import ACCURACY, Condition, Quantity
from playground.lessons._start import START
from playground.snapshot import Snapshot


def _spread(shown: Snapshot) -> float:
    """The largest difference between the weights of two hidden units."""
    return float(np.ptp(shown.network.layers[0].W, axis=0).max())


SPREAD = Quantity("spread", "largest difference between two rows of W1", _spread, "", 6)
ZEROS = START.with_values(initializer="zeros")


def _because(results: Results) -> str:
    (run,) = results
    return (
        f"Validation accuracy is {run['validation_accuracy']:.1f} %, no better than guessing. All "
        "64 hidden units began equal, so every step gave all of them the same gradient: all 64 "
        "rows of W1 are still equal, and the largest difference between two of them is "
        f"{run['spread']:g}. Random initial weights exist to break this symmetry."
    )


LESSON = Lesson(
    key="zeros",
    order=1,
    title="Start from zeros",
    about=(
        "A network with 64 hidden units gets 4,000 digits to learn from. All of its weights start "
        "at zero. It trains for 5 epochs."
    ),
    trials=(Trial("From zeros", ZEROS),),
    measures=(ACCURACY, SPREAD),
    question=Number(
        "What will its validation accuracy be after 5 epochs?",
        unit="%",
        low=0,
        high=100,
        true=lambda results: results[0]["validation_accuracy"],
        close=5,
        digits=1,
        of=ACCURACY,
    ),
    because=_because,
    claims={
        "no better than guessing": lambda results: results[0]["validation_accuracy"] <= 12,
        "all 64 rows of W1 are still equal": lambda results: results[0]["spread"] == 0,
    },
    goal=Goal(
        "Make the same network learn: change how its weights start.",
        start=ZEROS,
        conditions=(Condition(ACCURACY, 88),),
        keeps=("layers", "epochs", "subset"),
        solution=lambda: START,
    ),
)
