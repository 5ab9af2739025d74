"""A change that nobody sees makes the network wrong."""

import numpy as np

from playground.inspect.adversarial import Attack, accuracy_under, accuracy_under_noise
from playground.learn.lesson import Goal, Lesson, Number, Results, Trial
from playground.learn.quantities import ACCURACY, Condition, Quantity
from playground.lessons._start import START
from playground.output import loss_of
from playground.snapshot import Snapshot

EPSILON = 0.1
ONE = np.array([EPSILON])


def _attacked(shown: Snapshot) -> float:
    """Accuracy after one step of the fast gradient sign method."""
    validation = shown.data.validation
    attack = Attack(shown.network, loss_of(shown.config, shown.data.train))
    return float(100 * accuracy_under(attack, validation.X, validation.labels, ONE)[0])


def _at_random(shown: Snapshot) -> float:
    """Accuracy after as large a change of each pixel, up or down at random."""
    validation = shown.data.validation
    return float(100 * accuracy_under_noise(shown.network, validation.X, validation.labels, ONE)[0])


ATTACKED = Quantity("attacked", "accuracy under attack", _attacked, "%", 1)
AT_RANDOM = Quantity("at_random", "accuracy under random change", _at_random, "%", 1)


def _because(results: Results) -> str:
    (run,) = results
    return (
        f"Accuracy was {run['validation_accuracy']:.1f} %. If each pixel changes by a tenth at "
        f"random, it is still {run['at_random']:.1f} %. If each changes by as much along the sign "
        f"of the gradient, it is {run['attacked']:.1f} %. Each pixel's small change raises the "
        "cost a little, and 784 of them add up. Inspect shows such digits."
    )


LESSON = Lesson(
    key="adversarial",
    order=12,
    title="A change that nobody sees",
    about=(
        "A network learns digits for 5 epochs. Then every pixel of the validation digits changes "
        "by at most a tenth of the way from black to white, in the direction in which the gradient "
        "says that the cost rises. A person reads the digits as before."
    ),
    trials=(Trial("Digits", START),),
    measures=(ATTACKED, AT_RANDOM, ACCURACY),
    question=Number(
        "What is the accuracy on the changed digits?",
        unit="%",
        low=0,
        high=100,
        true=lambda results: results[0]["attacked"],
        close=6,
        digits=0,
    ),
    because=_because,
    claims={
        "it is still": lambda results: (
            results[0]["at_random"] > results[0]["validation_accuracy"] - 6
        ),
        "784 of them add up": lambda results: results[0]["attacked"] < results[0]["at_random"] - 40,
    },
    goal=Goal(
        "Train a network that withstands this attack better, and still reads digits.",
        start=START,
        conditions=(Condition(ATTACKED, 40), Condition(ACCURACY, 85)),
        solution=lambda: START.with_values(l2=0.03),
    ),
)
