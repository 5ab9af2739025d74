"""What guessing is worth on a run's validation set, and whether the run is worth more."""

from dataclasses import dataclass

import numpy as np

from data.dataset import Splits
from playground.config import RunConfig
from playground.measure import measure_of
from playground.output import is_regression
from playground.run import Snapshot

CHANCE = 2  # standard errors: as far as chance alone takes a guess on this many examples
MEAN = 0.02  # R² below which a regression says no more than the mean


@dataclass(frozen=True)
class Guessing:
    """The best that can be had without looking at an example.

    value   accuracy, or R², of always giving the same answer
    answer  that answer: the largest class, or "the mean"
    margin  what a run has to be above that, to be better
    cost    of always giving the shares of the classes, or the mean: the least without a look
    """

    value: float
    answer: str
    margin: float
    cost: float


def guessing(config: RunConfig, data: Splits) -> Guessing:
    """Always the largest class of the validation set; for numbers, always their mean."""
    validation = data.validation
    if is_regression(config) and validation.values is not None:
        return Guessing(0.0, "the mean", MEAN, float(np.var(validation.values) / 2))
    counts = np.bincount(validation.labels, minlength=validation.n_classes)
    share = float(counts.max() / validation.m)
    error = (share * (1 - share) / validation.m) ** 0.5
    margin = min(CHANCE * error, (1 - share) / 2)  # of a handful of examples, half of the way up
    shares = counts[counts > 0] / validation.m
    cost = -float(np.sum(shares * np.log(shares)))
    return Guessing(share, validation.class_names[int(counts.argmax())], margin, cost)


def is_guessing(shown: Snapshot) -> bool:
    """Whether the run's network does no better than always giving the same answer."""
    guess = guessing(shown.config, shown.data)
    value = shown.measured.validation.score
    return guess.value < 1 and not value > guess.value + guess.margin


def says_guessing(shown: Snapshot) -> str:
    """What guessing would come to, as the end of a sentence: "always saying 1 gives 11.3 %"."""
    guess, measure = guessing(shown.config, shown.data), measure_of(shown.config)
    value = measure.text(guess.value) if measure.unit == 100 else f"R² {guess.value:g}"
    return f"always saying {guess.answer} gives {value}"
