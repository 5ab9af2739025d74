"""A network's predictions for all examples of a set, from which a selection chooses."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from data.dataset import Dataset
from netcore.activations import softmax
from netcore.array import Array
from netcore.network import Network
from playground.inspect.kept import kept
from playground.inspect.logits import class_logits


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
        """Whether the network makes predictions: false if it diverged."""
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
        """The probabilities (n_classes, m)."""
        return softmax(self.Z)

    @cached_property
    def confidence(self) -> Array:
        """The probability (m,) of the predicted class."""
        return self.A.max(axis=0)

    @cached_property
    def of_label(self) -> Array:
        """The probability (m,) of the label (cleanlab's "self-confidence"), low if network and
        label disagree.

        Source: Northcutt, Jiang & Chuang, "Confident learning" (2021)
        """
        return self.A[self.labels, np.arange(self.m)]

    @property
    def accuracy(self) -> float:
        return 1 - float(np.mean(self.wrong))

    def confidence_at(self, temperature: float) -> Array:
        """The confidence (m,) with logits divided by a temperature."""
        return self.confidence if temperature == 1 else softmax(self.Z / temperature).max(axis=0)


def outcome(network: Network, dataset: Dataset) -> Outcome:
    """The outcome, computed once for a network and a data set."""

    def find() -> Outcome:
        with np.errstate(over="ignore", invalid="ignore"):  # a diverged network
            return Outcome(class_logits(network, dataset.X), dataset.labels)

    return kept(network, ("outcome", dataset), find)
