"""The network: layers, the forward pass, and the backward pass.

Shapes, for layer l with n[l] units and m examples as columns:

    W[l]  (n[l], n[l-1])     b[l]  (n[l], 1)
    Z[l]  (n[l], m)          A[l]  (n[l], m)       A[0] = X  (n[0], m)

dX means ∂J/∂X throughout, and has the shape of X.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

import numpy as np
from numpy.typing import DTypeLike

from netcore.activations import ACTIVATIONS, Activation
from netcore.array import Array, lookup
from netcore.losses import Loss
from netcore.matmul import matmul

MICRO_BATCH = 512  # examples at most that go through together: their arrays stay in the cache


@dataclass(frozen=True, eq=False)
class Layer:
    """W (n_out, n_in), b (n_out, 1) and what is applied to W A_prev + b."""

    W: Array
    b: Array
    activation: Activation

    @property
    def n_out(self) -> int:
        return int(self.W.shape[0])

    @property
    def n_in(self) -> int:
        return int(self.W.shape[1])


@dataclass(frozen=True, eq=False)
class Cache:
    """What forward keeps of a layer because backward needs it.

    D (n, m) is the dropout mask, 0 for a dropped unit and 1 / (1 − rate) for the others; None
    where nothing was dropped. The next layer's A_prev is A ⊙ D.
    """

    A_prev: Array
    Z: Array
    A: Array
    D: Array | None = None


@dataclass(frozen=True, eq=False)
class Grads:
    """What backward finds at a layer. dA_prev of the first layer is dX, if it was asked for."""

    dW: Array
    db: Array
    dZ: Array
    dA_prev: Array | None


class Buffers:
    """The arrays of a training step, kept for the next one: allocating them costs more than
    the arithmetic in small steps. What was returned from them lasts until the next step.

    The network itself holds parameters only; without buffers every pass makes fresh arrays.
    """

    WIDTHS = 4  # different batch sizes kept at once: the usual one, an epoch's last, two spare

    def __init__(self) -> None:
        self._matrices: dict[tuple[str, int, int], Array] = {}
        self._widths: set[int] = set()
        self._gradient: Array | None = None

    def matrix(
        self, name: str, n: int, m: int, dtype: DTypeLike, order: Literal["C", "F"] = "C"
    ) -> Array:
        """An array (n, m). C order, a unit's row contiguous, is what b, softmax and OpenBLAS like
        (of Z = W A_prev: 116 µs, not 172, at 32 examples of 784); F is for gathering columns."""
        key = (name, n, m)
        array = self._matrices.get(key)
        if array is None or array.dtype != dtype:
            if m not in self._widths and len(self._widths) == self.WIDTHS:
                self._matrices.clear()
                self._widths.clear()
            self._widths.add(m)
            array = self._matrices[key] = np.empty((n, m), dtype, order)
        return array

    def gradient(self, like: Array) -> Array:
        """A vector with a place for the gradient of every parameter."""
        kept = self._gradient
        if kept is None or kept.size != like.size or kept.dtype != like.dtype:
            kept = self._gradient = np.empty_like(like)
        return kept


class Network:
    """A stack of layers whose parameters are one vector, `theta`: the W and b of the layers are
    views into it, so that an optimizer's step is a few passes over one array.

    >>> from netcore.initializers import he
    >>> network = Network.create([2, 3, 1], ["tanh", "sigmoid"], he, rng=np.random.default_rng(0))
    >>> [layer.W.shape for layer in network.layers], network.theta.size
    ([(3, 2), (1, 3)], 13)
    >>> network.predict(np.zeros((2, 5))).shape
    (1, 5)
    """

    def __init__(self, layer_dims: Sequence[int], activations: Sequence[str], theta: Array) -> None:
        """A network on this vector of parameters, used as it is (not copied).

        Raises ValueError where the sizes, the activations and the vector do not fit.
        """
        self.layer_dims = checked_layer_dims(layer_dims)
        if len(activations) != len(self.layer_dims) - 1:
            raise ValueError(
                f"{len(activations)} activations for {len(self.layer_dims) - 1} layers: "
                "give one for each layer after the input."
            )
        if theta.size != n_parameters(self.layer_dims):
            raise ValueError(
                f"{theta.size} parameters for the network {list(self.layer_dims)}, "
                f"which has {n_parameters(self.layer_dims)}."
            )
        self.activations = tuple(activations)
        self.theta = theta
        self.layers = [
            Layer(W, b, lookup(ACTIVATIONS, name, "activation"))
            for (W, b), name in zip(self.unpack(theta), activations, strict=True)
        ]

    @classmethod
    def create(
        cls,
        layer_dims: Sequence[int],
        activations: Sequence[str],
        initializer: Callable[..., Array],
        *,
        rng: np.random.Generator,
        dtype: DTypeLike = np.float32,
    ) -> "Network":
        """A fresh network; layer_dims is the list of the posts, [784, 256, 128, 64, 10].

        activations names one for each layer after the input, the output's last. initializer is an
        entry of INITIALIZERS, or a function like theirs.
        """
        theta = np.zeros(n_parameters(checked_layer_dims(layer_dims)), dtype=dtype)
        network = cls(layer_dims, activations, theta)
        for layer in network.layers:
            layer.W[:] = initializer(layer.n_out, layer.n_in, rng=rng)
        return network

    def copy(self) -> "Network":
        """The same network with parameters of its own."""
        return Network(self.layer_dims, self.activations, self.theta.copy())

    def unpack(self, vector: Array) -> list[tuple[Array, Array]]:
        """The (W, b) of each layer as views into a vector like theta."""
        pairs, start = [], 0
        for n_in, n_out in pairwise(self.layer_dims):
            W = vector[start : start + n_out * n_in].reshape(n_out, n_in)
            start += n_out * n_in
            b = vector[start : start + n_out].reshape(n_out, 1)
            start += n_out
            pairs.append((W, b))
        return pairs

    def forward(
        self,
        X: Array,
        buffers: Buffers | None = None,
        *,
        dropout: float = 0.0,
        rng: np.random.Generator | None = None,
    ) -> list[Cache]:
        """Run the columns of X (n_x, m) through the layers; the last cache's A is the prediction.

        dropout is the share of hidden units to leave out, with rng to choose them; it belongs
        to training alone.
        Source: Srivastava et al., "Dropout" (2014), with the scaling done at training time
        """
        self._check_X(X)
        if dropout and rng is None:
            raise ValueError("dropout draws the units to leave out: give forward an rng as well.")
        buffers = buffers or Buffers()
        m, dtype = X.shape[1], self.theta.dtype
        caches, A_prev = [], X.astype(dtype, copy=False)
        for l, layer in enumerate(self.layers, start=1):
            Z = buffers.matrix(f"Z{l}", layer.n_out, m, dtype)
            A = buffers.matrix(f"A{l}", layer.n_out, m, dtype)
            matmul(layer.W, A_prev, out=Z)
            Z += layer.b
            layer.activation.f(Z, out=A)
            D = None
            if dropout and rng is not None and l < len(self.layers):
                D = dropout_mask(layer.n_out, m, dropout, dtype, rng=rng)
            caches.append(Cache(A_prev, Z, A, D))
            A_prev = A if D is None else A * D
        return caches

    def backward(
        self,
        caches: list[Cache],
        Y: Array,
        loss: Loss,
        buffers: Buffers | None = None,
        *,
        with_dX: bool = False,
    ) -> list[Grads]:
        """The gradients of J = loss(A[L], Y) at every layer, from the caches of forward.

        All dW and db are views into one vector laid out like theta (`buffers.gradient`). dX, the
        first layer's dA_prev, is computed on request: training has no use for it.
        Source: Rumelhart, Hinton & Williams (1986); Nielsen, "Neural networks and deep
                learning", chapter 2
        """
        buffers = buffers or Buffers()
        gradients = self.unpack(buffers.gradient(self.theta))
        A_L = caches[-1].A
        m = A_L.shape[1]
        ones = np.ones(m, dtype=self.theta.dtype)
        if Y.shape != A_L.shape:
            raise ValueError(f"Y has shape {Y.shape}, the prediction {A_L.shape}: they must agree.")
        dA = None
        if self.layers[-1].activation.name != loss.canonical:
            dA = loss.gradient(A_L, Y)
        grads: list[Grads] = []
        for l in range(len(self.layers), 0, -1):
            layer, cache, (dW, db) = self.layers[l - 1], caches[l - 1], gradients[l - 1]
            dZ = buffers.matrix(f"dZ{l}", layer.n_out, m, self.theta.dtype)
            if dA is None:  # softmax with cross-entropy, and its like: the product simplifies
                np.subtract(A_L, Y, out=dZ)
                dZ /= m
                if loss.weights is not None:
                    dZ *= loss.weights(Y)
            else:
                if cache.D is not None:
                    dA = dA * cache.D  # a new array: dA itself is the dA_prev of the layer above
                layer.activation.vjp(dA, cache.Z, cache.A, out=dZ)
            # matmul has no BLAS for a column times a row, five times slower than dot.
            product = np.dot if m == 1 else np.matmul
            product(dZ, cache.A_prev.T, out=dW)
            np.matmul(dZ, ones, out=db[:, 0])
            dA_prev = None
            if l > 1 or with_dX:
                dA_prev = buffers.matrix(f"dA{l - 1}", layer.n_in, m, self.theta.dtype)
                np.matmul(layer.W.T, dZ, out=dA_prev)
            grads.append(Grads(dW, db, dZ, dA_prev))
            dA = dA_prev
        grads.reverse()
        return grads

    def predict(self, X: Array) -> Array:
        """A[L] (n_L, m): what the network makes of each column of X."""
        self._check_X(X)
        A = np.empty((X.shape[1], self.layer_dims[-1]), dtype=self.theta.dtype).T
        buffers = Buffers()
        for part in micro_batches(X.shape[1]):
            A[:, part] = self.forward(X[:, part], buffers)[-1].A
        return A

    def _check_X(self, X: Array) -> None:
        n_x = self.layer_dims[0]
        if X.ndim == 2 and X.shape[0] == n_x:
            return
        hint = ", did you mean X.T?" if X.ndim == 2 and X.shape[1] == n_x else "."
        raise ValueError(
            f"X has shape {X.shape}, the network expects ({n_x}, m); examples are columns{hint}"
        )


def micro_batches(m: int) -> list[slice]:
    """0 … m in blocks of columns that go through a network together, as even as can be.

    >>> micro_batches(2_000)
    [slice(0, 500, None), slice(500, 1000, None), slice(1000, 1500, None), slice(1500, 2000, None)]
    """
    if m <= MICRO_BATCH:
        return [slice(0, m)]
    width = -(-m // -(-m // MICRO_BATCH))
    return [slice(start, min(start + width, m)) for start in range(0, m, width)]


def n_parameters(layer_dims: Sequence[int]) -> int:
    """How many numbers a network of these sizes learns.

    >>> n_parameters([784, 10, 10])
    7960
    """
    return sum(n_out * (n_in + 1) for n_in, n_out in pairwise(layer_dims))


def step_work(layer_dims: Sequence[int], m: int) -> int:
    """Multiplications and additions in a training step over m examples, about: every parameter
    takes one of each for Z, for dW and for dA_prev.

    >>> step_work([784, 10, 10], 32)
    1528320
    """
    return 6 * n_parameters(layer_dims) * m


def checked_layer_dims(layer_dims: Sequence[Any]) -> tuple[int, ...]:
    """The sizes as a tuple; a ValueError that says what is wrong with them otherwise."""
    if len(layer_dims) < 2:
        raise ValueError(
            f"layer_dims is {list(layer_dims)}: give at least the input's and the output's size, "
            "such as [784, 10]."
        )
    for n in layer_dims:
        if isinstance(n, bool) or not isinstance(n, int | np.integer) or n < 1:
            raise ValueError(f"layer_dims has {n!r}: every size is a whole number from 1.")
    return tuple(int(n) for n in layer_dims)


def dropout_mask(
    n: int, m: int, dropout: float, dtype: DTypeLike, *, rng: np.random.Generator
) -> Array:
    """(n, m): 0 with probability `dropout`, else 1 / (1 − dropout), which keeps the mean."""
    draws = rng.random((n, m), dtype=np.float32)
    return (draws >= dropout) * np.asarray(1 / (1 - dropout), dtype=dtype)
