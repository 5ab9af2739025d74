"""The score of guessing on a run's validation set, and whether the run is better."""

from dataclasses import dataclass

import numpy as np

from data.dataset import Dataset, Splits
from playground.config import RunConfig
from playground.measure import measure_of
from playground.output import is_regression
from playground.run import Snapshot
from playground.weak_cache import WeakCache

CHANCE = 2  # standard errors by which guessing may exceed its expected score by chance
MEAN = 0.02  # R² up to which a regression is no better than the mean


@dataclass(frozen=True)
class Guessing:
    """The best score without looking at the examples.

    value   accuracy, or R², of always giving the same answer
    answer  that answer: the largest class, or "the mean"
    margin  how far above `value` a score must be to count as better
    cost    of always predicting the shares of the classes, or the mean: the lowest cost possible
    """

    value: float
    answer: str
    margin: float
    cost: float


def guessing(config: RunConfig, data: Splits) -> Guessing:
    """Guessing the largest class of the validation set, or for regression the mean."""
    validation = data.validation
    if is_regression(config) and validation.values is not None:
        return Guessing(0.0, "the mean", MEAN, float(np.var(validation.values) / 2))
    return _LARGEST_CLASS.get(validation, lambda: _largest_class(validation))


_LARGEST_CLASS: WeakCache[Dataset, Guessing] = WeakCache("key")  # pages ask at every poll


def _largest_class(validation: Dataset) -> Guessing:
    counts = np.bincount(validation.labels, minlength=validation.n_classes)
    share = float(counts.max() / validation.m)
    error = (share * (1 - share) / validation.m) ** 0.5
    margin = min(CHANCE * error, (1 - share) / 2)  # with few examples, half of the distance to 1
    shares = counts[counts > 0] / validation.m
    cost = -float(np.sum(shares * np.log(shares)))
    return Guessing(share, validation.class_names[int(counts.argmax())], margin, cost)


def is_guessing(shown: Snapshot) -> bool:
    """Whether the network's score is no better than that of guessing."""
    guess = guessing(shown.config, shown.data)
    value = shown.measured.validation.score
    return guess.value < 1 and not value > guess.value + guess.margin


def says_guessing(shown: Snapshot) -> str:
    """The score of guessing, as the end of a sentence: "always saying 1 gives 11.3 %"."""
    guess, measure = guessing(shown.config, shown.data), measure_of(shown.config)
    value = measure.text(guess.value) if measure.unit == 100 else f"R² {guess.value:g}"
    return f"always saying {guess.answer} gives {value}"
