"""What lessons and assignments measure in a run, each as one number of its snapshot."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from netcore.network import n_parameters
from playground.config import RunConfig
from playground.layer_statistics import layer_statistics
from playground.output import is_regression
from playground.snapshot import Snapshot

LIMIT = 1e9  # of what has no smaller one


@dataclass(frozen=True)
class Quantity:
    """A number of a run: its name in a sentence, its unit, and how it is written.

    name    also its name in assignments
    digits  after the decimal point
    low     the smallest value that it can have
    high    the largest
    """

    name: str
    title: str
    of: Callable[[Snapshot], float]
    unit: str = ""
    digits: int = 0
    low: float = 0.0
    high: float = LIMIT

    def text(self, value: float) -> str:
        """The value with its unit.

        >>> ACCURACY.text(91.25), PARAMETERS.text(7960)
        ('91.2 %', '7,960')
        """
        return f"{value:,.{self.digits}f} {self.unit}".strip()


def dead_units(shown: Snapshot) -> float:
    """Per cent of the hidden units whose activation is 0 for all of the first training examples."""
    hidden = layer_statistics(shown.network, shown.data.train.X, None)[:-1]
    units = sum(each.units for each in hidden)
    return 100 * sum(len(each.dead) for each in hidden) / units if units else 0.0


def _validation(shown: Snapshot) -> float:
    return shown.measured.validation.score


def _training(shown: Snapshot) -> float:
    return shown.measured.training.score


def _per_cent(name: str, title: str, of: Callable[[Snapshot], float]) -> Quantity:
    return Quantity(name, title, lambda shown: 100 * of(shown), "%", 1, high=100)


ACCURACY = _per_cent("validation_accuracy", "validation accuracy", _validation)
TRAINING_ACCURACY = _per_cent("training_accuracy", "training accuracy", _training)
LEAD = Quantity(
    "lead",
    "training accuracy above validation accuracy",
    lambda shown: 100 * (_training(shown) - _validation(shown)),
    "points",
    1,
    low=-100,
    high=100,
)
R_SQUARED = Quantity("validation_r2", "validation R²", _validation, "", 3, low=-LIMIT, high=1)
TRAINING_R_SQUARED = Quantity("training_r2", "training R²", _training, "", 3, low=-LIMIT, high=1)
COST = Quantity("validation_cost", "validation cost", lambda s: s.measured.validation.cost, "", 3)
PARAMETERS = Quantity("parameters", "parameters", lambda s: n_parameters(s.config.layers))
HIDDEN = Quantity("hidden_units", "hidden units", lambda s: sum(s.config.layers[1:-1]))
STEPS = Quantity("steps", "steps", lambda s: s.iteration)
EPOCHS = Quantity("epochs", "epochs", lambda s: s.epoch)
EXAMPLES = Quantity("examples", "training examples", lambda s: s.data.train.m)
DEAD = Quantity("dead_units", "dead hidden units", dead_units, "%", high=100)


def scores_of(config: RunConfig) -> tuple[Quantity, Quantity]:
    """The score on validation examples and on training examples: accuracy, or R² for regression."""
    if is_regression(config):
        return R_SQUARED, TRAINING_R_SQUARED
    return ACCURACY, TRAINING_ACCURACY


def quantities_of(config: RunConfig) -> dict[str, Quantity]:
    """The quantities, by name, of which an assignment with these settings can make a question or a
    goal.
    """
    lead = () if is_regression(config) else (LEAD,)
    found = (
        *scores_of(config), *lead, COST, PARAMETERS, HIDDEN, STEPS, EPOCHS, EXAMPLES, DEAD,
    )  # fmt: skip
    return {quantity.name: quantity for quantity in found}


@dataclass(frozen=True)
class Condition:
    """A limit of a quantity: it is at least, or at most, this value."""

    quantity: Quantity
    value: float
    at_least: bool = True

    def holds(self, value: float) -> bool:
        """Whether this value is on the right side; NaN is on neither."""
        return bool(value >= self.value if self.at_least else value <= self.value)

    @property
    def text(self) -> str:
        """The limit in words.

        >>> Condition(ACCURACY, 95).text, Condition(PARAMETERS, 8000, at_least=False).text
        ('validation accuracy at least 95.0 %', 'parameters at most 8,000')
        """
        side = "at least" if self.at_least else "at most"
        return f"{self.quantity.title} {side} {self.quantity.text(self.value)}"


def measured(shown: Snapshot, quantities: tuple[Quantity, ...]) -> dict[str, float]:
    """The quantities of this snapshot, by name."""
    with np.errstate(over="ignore", invalid="ignore"):
        return {each.name: float(each.of(shown)) for each in quantities}
