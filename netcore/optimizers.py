"""Optimizers, in order of complexity. Each updates the parameters in place from their gradient.

Everything that the app knows about an optimizer is in its class: the update, the same update as
equations that a page can show and evaluate, the state vectors (moments), and the same optimizer in
PyTorch and Keras. To add an optimizer, write its class and add it to OPTIMIZERS.

θ is the vector of all parameters W and b, g = dθ is its gradient, α is the learning rate, and
t = 1, 2, … counts the steps.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from math import sqrt
from typing import ClassVar

import numpy as np

from netcore.array import Array

State = dict[str, Array]

BLOCK = 65_536  # parameters updated at a time: their vectors fit into the processor's cache


@dataclass(frozen=True)
class Optimizer(ABC):
    """The fields are its hyperparameters. The state is kept apart from it, in a dictionary.

    title      its name on the pages
    moments    the names of its state vectors; each has the shape of theta and starts at zero
    equations  the update of one parameter as Python assignments, in order
    pytorch, keras  the constructor in those libraries, with {alpha} and the hyperparameters
    """

    title: ClassVar[str] = ""
    moments: ClassVar[tuple[str, ...]] = ()
    equations: ClassVar[tuple[str, ...]] = ()
    pytorch: ClassVar[str] = ""
    keras: ClassVar[str] = ""

    def init(self, theta: Array) -> State:
        """The state before the first step: zeros, which take no memory until they are written."""
        return {name: np.zeros(theta.shape, theta.dtype) for name in self.moments}

    def step(self, theta: Array, g: Array, state: State, learning_rate: float, t: int) -> None:
        """Update theta and the state in place; t counts from 1.

        The update runs block by block, so that its operations find their numbers in the cache.
        The result does not depend on the size of the blocks.
        """
        scratch = np.empty(min(theta.size, BLOCK), dtype=theta.dtype)
        vectors = theta, g, *(state[name] for name in self.moments)
        for start in range(0, theta.size, BLOCK):
            theta_, g_, *moments = (vector[start : start + BLOCK] for vector in vectors)
            self.update(theta_, g_, learning_rate, t, scratch[: theta_.size], *moments)

    @abstractmethod
    def update(
        self, theta: Array, g: Array, alpha: float, t: int, d: Array, *moments: Array
    ) -> None:
        """Update theta and the moments in place. g is left as it is; d is scratch space."""


def drop_denormals(state: State) -> None:
    """Set denormal numbers in the state to zero, in place: those below 1.2e-38 in float32.

    Where a gradient stays 0, as at a dead unit, the moments decay until they are denormal. Many
    processors take much longer for such numbers, and they do not change a parameter.
    """
    for moment in state.values():
        moment[np.abs(moment) < np.finfo(moment.dtype).tiny] = 0


@dataclass(frozen=True)
class GradientDescent(Optimizer):
    """θ ← θ − α g

    Source: Cauchy, "Méthode générale pour la résolution des systèmes d'équations
            simultanées" (1847)
    """

    title = "gradient descent"
    equations = ("theta = theta - alpha * g",)
    pytorch = "torch.optim.SGD(network.parameters(), lr={alpha})"
    keras = "keras.optimizers.SGD({alpha})"

    def update(
        self, theta: Array, g: Array, alpha: float, t: int, d: Array, *moments: Array
    ) -> None:
        np.multiply(g, alpha, out=d)
        theta -= d


@dataclass(frozen=True)
class Momentum(Optimizer):
    """v ← μ v − α g,   θ ← θ + v

    Source: Polyak, "Some methods of speeding up the convergence of iteration methods" (1964)
    """

    mu: float = 0.9
    title = "momentum"
    moments = ("v",)
    equations = ("v = mu * v - alpha * g", "theta = theta + v")
    pytorch = "torch.optim.SGD(network.parameters(), lr={alpha}, momentum={mu})"
    keras = "keras.optimizers.SGD({alpha}, momentum={mu})"

    def update(
        self, theta: Array, g: Array, alpha: float, t: int, d: Array, *moments: Array
    ) -> None:
        (v,) = moments
        np.multiply(g, alpha, out=d)
        v *= self.mu
        v -= d
        theta += v


@dataclass(frozen=True)
class Nesterov(Optimizer):
    """v ← μ v − α g,   θ ← θ + μ v − α g

    θ is the look-ahead point φ + μ v, at which Nesterov takes the gradient (φ: the parameters in
    his notation).
    Source: Nesterov, "A method of solving a convex programming problem with convergence rate
            O(1/k²)" (1983); as momentum: Sutskever et al., "On the importance of
            initialization and momentum in deep learning" (2013); in this form: Bengio,
            Boulanger-Lewandowski & Pascanu, "Advances in optimizing recurrent networks" (2013)
    """

    mu: float = 0.9
    title = "Nesterov momentum"
    moments = ("v",)
    equations = ("v = mu * v - alpha * g", "theta = theta + mu * v - alpha * g")
    pytorch = "torch.optim.SGD(network.parameters(), lr={alpha}, momentum={mu}, nesterov=True)"
    keras = "keras.optimizers.SGD({alpha}, momentum={mu}, nesterov=True)"

    def update(
        self, theta: Array, g: Array, alpha: float, t: int, d: Array, *moments: Array
    ) -> None:
        (v,) = moments
        np.multiply(g, alpha, out=d)
        v *= self.mu
        v -= d
        theta -= d
        np.multiply(v, self.mu, out=d)
        theta += d


@dataclass(frozen=True)
class RMSProp(Optimizer):
    """s ← ρ s + (1 − ρ) g²,   θ ← θ − α g / (√s + ε)

    Source: Tieleman & Hinton, "Lecture 6.5: rmsprop", COURSERA (2012)
    """

    rho: float = 0.9
    epsilon: float = 1e-8
    title = "RMSProp"
    moments = ("s",)
    equations = (
        "s = rho * s + (1 - rho) * g**2",
        "theta = theta - alpha * g / (sqrt(s) + epsilon)",
    )
    pytorch = "torch.optim.RMSprop(network.parameters(), lr={alpha}, alpha={rho}, eps={epsilon})"
    keras = "keras.optimizers.RMSprop({alpha}, rho={rho}, epsilon={epsilon})"

    def update(
        self, theta: Array, g: Array, alpha: float, t: int, d: Array, *moments: Array
    ) -> None:
        (s,) = moments
        np.multiply(g, g, out=d)
        d *= 1 - self.rho
        s *= self.rho
        s += d
        np.sqrt(s, out=d)
        d += self.epsilon
        np.divide(g, d, out=d)
        d *= alpha
        theta -= d


@dataclass(frozen=True)
class Adam(Optimizer):
    """m ← β₁ m + (1 − β₁) g,   v ← β₂ v + (1 − β₂) g²
    θ ← θ − α m̂ / (√v̂ + ε),   m̂ = m / (1 − β₁ᵗ),  v̂ = v / (1 − β₂ᵗ)

    The code combines both bias corrections in one factor, as the paper does at the end of its
    section 2, and scales ε with it, so that the step is exactly that of the paper's algorithm 1.
    Source: Kingma & Ba, "Adam: a method for stochastic optimization" (2015)
    """

    beta_1: float = 0.9
    beta_2: float = 0.999
    epsilon: float = 1e-8
    title = "Adam"
    moments = ("m", "v")
    equations = (
        "m = beta_1 * m + (1 - beta_1) * g",
        "v = beta_2 * v + (1 - beta_2) * g**2",
        "m_hat = m / (1 - beta_1**t)",
        "v_hat = v / (1 - beta_2**t)",
        "theta = theta - alpha * m_hat / (sqrt(v_hat) + epsilon)",
    )
    pytorch = (
        "torch.optim.Adam(network.parameters(), lr={alpha}, betas=({beta_1}, {beta_2}), "
        "eps={epsilon})"
    )
    keras = "keras.optimizers.Adam({alpha}, beta_1={beta_1}, beta_2={beta_2}, epsilon={epsilon})"

    def update(
        self, theta: Array, g: Array, alpha: float, t: int, d: Array, *moments: Array
    ) -> None:
        m, v = moments
        np.multiply(g, 1 - self.beta_1, out=d)
        m *= self.beta_1
        m += d
        np.multiply(g, g, out=d)
        d *= 1 - self.beta_2
        v *= self.beta_2
        v += d
        correction = sqrt(1 - self.beta_2**t)
        np.sqrt(v, out=d)
        d += self.epsilon * correction
        np.divide(m, d, out=d)
        d *= alpha * correction / (1 - self.beta_1**t)
        theta -= d


OPTIMIZERS: dict[str, Optimizer] = {
    "gradient_descent": GradientDescent(),
    "momentum": Momentum(),
    "nesterov": Nesterov(),
    "rmsprop": RMSProp(),
    "adam": Adam(),
}
