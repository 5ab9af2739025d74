"""Optimizers, in order of complexity. Each turns a gradient into a step, in place.

θ is one vector that holds every W and b, g = dθ its gradient, α the learning rate, t = 1, 2, …
the number of the step. The state (velocities, moments) is a dict of vectors like θ.

A step goes through the vectors in blocks that fit the processor's cache, so that its several
operations read memory once; the result is the same number for number.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt
from typing import ClassVar

import numpy as np

from netcore.array import Array

State = dict[str, Array]

BLOCK = 65_536


def _blocks(*vectors: Array) -> Iterator[tuple[Array, ...]]:
    """The same stretch of each vector, stretch after stretch, and room for a result."""
    size = vectors[0].size
    scratch = np.empty(min(size, BLOCK), dtype=vectors[0].dtype)
    for start in range(0, size, BLOCK):
        stop = min(start + BLOCK, size)
        yield *(vector[start:stop] for vector in vectors), scratch[: stop - start]


@dataclass(frozen=True)
class Optimizer:
    """Hyper-parameters only; what changes from step to step is in the state."""

    moments: ClassVar[tuple[str, ...]] = ()

    def init(self, theta: Array) -> State:
        """The state before the first step: zeros."""
        return {name: np.zeros_like(theta) for name in self.moments}

    def step(self, theta: Array, g: Array, state: State, learning_rate: float, t: int) -> None:
        """Change theta and the state in place; t counts from 1."""
        raise NotImplementedError


def drop_denormals(state: State) -> None:
    """Zero, in place, what is too small for all its digits: below 1.2e-38 in float32.

    Where a gradient stays 0, as at a dead unit, moments shrink to such numbers, and no further;
    processors take a hundred times as long for each, and no parameter feels them.
    """
    for moment in state.values():
        moment[np.abs(moment) < np.finfo(moment.dtype).tiny] = 0


@dataclass(frozen=True)
class GradientDescent(Optimizer):
    """θ ← θ − α g

    Source: Cauchy, "Méthode générale pour la résolution des systèmes d'équations
            simultanées" (1847)
    """

    def step(self, theta: Array, g: Array, state: State, learning_rate: float, t: int) -> None:
        for theta_, g_, d in _blocks(theta, g):
            np.multiply(g_, learning_rate, out=d)
            theta_ -= d


@dataclass(frozen=True)
class Momentum(Optimizer):
    """v ← μ v − α g,   θ ← θ + v

    Source: Polyak, "Some methods of speeding up the convergence of iteration methods" (1964)
    """

    mu: float = 0.9
    moments: ClassVar[tuple[str, ...]] = ("v",)

    def step(self, theta: Array, g: Array, state: State, learning_rate: float, t: int) -> None:
        for theta_, g_, v, d in _blocks(theta, g, state["v"]):
            np.multiply(g_, learning_rate, out=d)
            v *= self.mu
            v -= d
            theta_ += v


@dataclass(frozen=True)
class Nesterov(Optimizer):
    """v ← μ v − α g,   θ ← θ + μ v − α g

    θ here is the point looked ahead to, φ + μ v, where Nesterov takes the gradient.
    Source: Nesterov, "A method of solving a convex programming problem with convergence rate
            O(1/k²)" (1983); as momentum: Sutskever et al., "On the importance of
            initialization and momentum in deep learning" (2013); in this form: Bengio,
            Boulanger-Lewandowski & Pascanu, "Advances in optimizing recurrent networks" (2013)
    """

    mu: float = 0.9
    moments: ClassVar[tuple[str, ...]] = ("v",)

    def step(self, theta: Array, g: Array, state: State, learning_rate: float, t: int) -> None:
        for theta_, g_, v, d in _blocks(theta, g, state["v"]):
            np.multiply(g_, learning_rate, out=d)
            v *= self.mu
            v -= d
            theta_ -= d
            np.multiply(v, self.mu, out=d)
            theta_ += d


@dataclass(frozen=True)
class RMSProp(Optimizer):
    """s ← ρ s + (1 − ρ) g²,   θ ← θ − α g / (√s + ε)

    Source: Tieleman & Hinton, "Lecture 6.5: rmsprop", COURSERA (2012)
    """

    rho: float = 0.9
    epsilon: float = 1e-8
    moments: ClassVar[tuple[str, ...]] = ("s",)

    def step(self, theta: Array, g: Array, state: State, learning_rate: float, t: int) -> None:
        for theta_, g_, s, d in _blocks(theta, g, state["s"]):
            np.multiply(g_, g_, out=d)
            d *= 1 - self.rho
            s *= self.rho
            s += d
            np.sqrt(s, out=d)
            d += self.epsilon
            np.divide(g_, d, out=d)
            d *= learning_rate
            theta_ -= d


@dataclass(frozen=True)
class Adam(Optimizer):
    """m ← β₁ m + (1 − β₁) g,   v ← β₂ v + (1 − β₂) g²
    θ ← θ − α m̂ / (√v̂ + ε),   m̂ = m / (1 − β₁ᵗ),  v̂ = v / (1 − β₂ᵗ)

    The two corrections are pulled together into one factor, as the paper does at the end of
    its section 2; ε is scaled along, so that the step is that of its algorithm 1 exactly.
    Source: Kingma & Ba, "Adam: a method for stochastic optimization" (2015)
    """

    beta_1: float = 0.9
    beta_2: float = 0.999
    epsilon: float = 1e-8
    moments: ClassVar[tuple[str, ...]] = ("m", "v")

    def step(self, theta: Array, g: Array, state: State, learning_rate: float, t: int) -> None:
        correction = sqrt(1 - self.beta_2**t)
        rate = learning_rate * correction / (1 - self.beta_1**t)
        epsilon = self.epsilon * correction
        for theta_, g_, m, v, d in _blocks(theta, g, state["m"], state["v"]):
            np.multiply(g_, 1 - self.beta_1, out=d)
            m *= self.beta_1
            m += d
            np.multiply(g_, g_, out=d)
            d *= 1 - self.beta_2
            v *= self.beta_2
            v += d
            np.sqrt(v, out=d)
            d += epsilon
            np.divide(m, d, out=d)
            d *= rate
            theta_ -= d


OPTIMIZERS: dict[str, Optimizer] = {
    "gradient_descent": GradientDescent(),
    "momentum": Momentum(),
    "nesterov": Nesterov(),
    "rmsprop": RMSProp(),
    "adam": Adam(),
}
