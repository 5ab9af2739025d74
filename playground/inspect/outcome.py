"""What a network predicts for every example of a set: what a selection chooses among."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from data.dataset import Dataset
from netcore.array import Array
from netcore.network import Network
from playground.inspect.kept import kept
from playground.inspect.logits import class_logits, softmax


@dataclass(frozen=True, eq=False)
class Outcome:
    """Z (n_classes, m), the classes' logits, and labels (m,)."""

    Z: Array
    labels: NDArray[np.integer]

    @property
    def m(self) -> int:
        return len(self.labels)

    @cached_property
    def is_finite(self) -> bool:
        """Whether the network predicts anything: not where it diverged."""
        return bool(np.isfinite(self.Z).all())

    @cached_property
    def predicted(self) -> NDArray[np.integer]:
        predicted: NDArray[np.integer] = self.Z.argmax(axis=0)
        return predicted

    @cached_property
    def wrong(self) -> NDArray[np.bool_]:
        wrong: NDArray[np.bool_] = self.predicted != self.labels
        return wrong

    @cached_property
    def A(self) -> Array:
        """Probabilities (n_classes, m)."""
        return softmax(self.Z)

    @cached_property
    def confidence(self) -> Array:
        """(m,) The probability of the class that is predicted."""
        return self.A.max(axis=0)

    @cached_property
    def of_label(self) -> Array:
        """(m,) The probability of the label: cleanlab's "self-confidence", low where network and
        label disagree.

        Source: Northcutt, Jiang & Chuang, "Confident learning" (2021)
        """
        return self.A[self.labels, np.arange(self.m)]

    @property
    def accuracy(self) -> float:
        return 1 - float(np.mean(self.wrong))

    def confidence_at(self, temperature: float) -> Array:
        """(m,) The same with logits divided by a temperature."""
        return self.confidence if temperature == 1 else softmax(self.Z / temperature).max(axis=0)


def outcome(network: Network, dataset: Dataset) -> Outcome:
    """Worked out once for a network and a data set."""

    def find() -> Outcome:
        with np.errstate(over="ignore", invalid="ignore"):  # a network that diverged
            return Outcome(class_logits(network, dataset.X), dataset.labels)

    return kept(network, ("outcome", dataset), find)
