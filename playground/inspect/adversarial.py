"""Adversarial examples: changes of at most ε in every pixel that make the network wrong."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netcore.activations import softmax
from netcore.array import Array
from netcore.losses import Loss
from netcore.network import Network
from playground.inspect.logits import class_logits

PGD_STEPS = 20
PGD_RATE = 2.5  # length of all steps together, in ε: enough to go from one bound to the other
EPSILONS = 40  # values of ε that `smallest` tries


@dataclass(frozen=True, eq=False)
class Attack:
    """An attack away from the labels, or towards a target class, with the loss of training.

    target  the class that the network should predict; None: any class but the label
    """

    network: Network
    loss: Loss
    target: int | None = None

    def fgsm(self, X: Array, labels: NDArray[np.integer], epsilon: Array | float) -> Array:
        """The fast gradient sign method: one step of ε, which is a number, or one for each column.

        Source: Goodfellow, Shlens & Szegedy, "Explaining and harnessing adversarial examples"
        (2015)
        """
        return np.clip(X + epsilon * self.direction(X, labels), 0, 1)

    def pgd(
        self, X: Array, labels: NDArray[np.integer], epsilon: Array | float, steps: int = PGD_STEPS
    ) -> Array:
        """Projected gradient descent: many short steps, kept within ε of X.

        Source: Madry et al., "Towards deep learning models resistant to adversarial attacks" (2018)
        """
        changed = X
        for _ in range(steps):
            changed = changed + PGD_RATE * epsilon / steps * self.direction(changed, labels)
            changed = np.clip(np.clip(changed, X - epsilon, X + epsilon), 0, 1)
        return changed

    def direction(self, X: Array, labels: NDArray[np.integer]) -> Array:
        """The sign of the gradient: uphill for the cost of the labels, or downhill for the
        target's.
        """
        classes = labels if self.target is None else np.full(X.shape[1], self.target)
        dX = input_gradient(self.network, self.loss, X, classes)
        return np.sign(dX) if self.target is None else -np.sign(dX)

    def succeeds(self, X: Array, labels: NDArray[np.integer]) -> NDArray[np.bool_]:
        """(m,) whether the network predicts the target for these images, or is wrong."""
        predicted = class_logits(self.network, X).argmax(axis=0)
        return predicted != labels if self.target is None else predicted == self.target


def input_gradient(network: Network, loss: Loss, X: Array, labels: NDArray[np.integer]) -> Array:
    """(n_x, m): the gradient of the cost with respect to each column."""
    n = network.layer_dims[-1]
    Y = labels[np.newaxis] if n == 1 else np.eye(n)[:, labels]
    caches = network.forward(X)
    grads = network.backward(caches, Y.astype(network.theta.dtype), loss, with_dX=True)
    dX = grads[0].dA_prev
    assert dX is not None
    return dX


def smallest(
    attack: Attack, x: Array, label: int, *, pgd: bool, max_epsilon: float = 0.5
) -> float | None:
    """The smallest ε for which the attack on x (n_x, 1) succeeds; None if none does."""
    epsilons = np.linspace(max_epsilon / EPSILONS, max_epsilon, EPSILONS)
    X = np.repeat(x, EPSILONS, axis=1)
    labels = np.full(EPSILONS, label)
    changed = (attack.pgd if pgd else attack.fgsm)(X, labels, epsilons)
    found = np.flatnonzero(attack.succeeds(changed, labels))
    return float(epsilons[found[0]]) if len(found) else None


def accuracy_under(
    attack: Attack,
    X: Array,
    labels: NDArray[np.integer],
    epsilons: Array,
    *,
    pgd: bool = False,
    steps: int = PGD_STEPS,
) -> Array:
    """The accuracy for each ε. FGSM's direction is the same for all ε, so it is computed once."""
    X = np.ascontiguousarray(X)  # the memory order of gradients, so that both add quickly
    if pgd:
        changed = (attack.pgd(X, labels, epsilon, steps) for epsilon in epsilons.tolist())
    else:
        direction = attack.direction(X, labels)
        changed = (np.clip(X + epsilon * direction, 0, 1) for epsilon in epsilons.tolist())
    return _accuracies(attack.network, changed, labels)


def accuracy_under_noise(
    network: Network, X: Array, labels: NDArray[np.integer], epsilons: Array, *, seed: int = 0
) -> Array:
    """The accuracy if each pixel changes by ε up or down at random, as a comparison."""
    X = np.ascontiguousarray(X)
    signs = np.random.default_rng(seed).integers(0, 2, X.shape, np.int8).astype(X.dtype) * 2 - 1
    changed = (np.clip(X + epsilon * signs, 0, 1) for epsilon in epsilons.tolist())
    return _accuracies(network, changed, labels)


def _accuracies(network: Network, changed: Iterable[Array], labels: NDArray[np.integer]) -> Array:
    return np.array(
        [np.mean(class_logits(network, each).argmax(axis=0) == labels) for each in changed]
    )


def prediction(network: Network, x: Array) -> tuple[int, float]:
    """The prediction of a network for x (n_x, 1), and its probability."""
    a = softmax(class_logits(network, x))[:, 0]
    return int(a.argmax()), float(a.max())
