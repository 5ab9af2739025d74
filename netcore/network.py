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
from netcore.matmul import Map, Products, matmul

MICRO_BATCH = 512  # most examples in one pass, so that their arrays stay in the processor's cache


@dataclass(frozen=True, eq=False)
class Layer:
    """W (n_out, n_in), b (n_out, 1) and the activation: A = g(W A_prev + b)."""

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
    """The arrays of one layer that forward keeps for backward.

    D (n, m) is the dropout mask, 0 for a dropped unit and 1 / (1 − rate) for the others, or None
    without dropout. The next layer's A_prev is A ⊙ D.
    """

    A_prev: Array
    Z: Array
    A: Array
    D: Array | None = None


@dataclass(frozen=True, eq=False)
class Grads:
    """The gradients at one layer. dA_prev of the first layer is dX, computed on request."""

    dW: Array
    db: Array
    dZ: Array
    dA_prev: Array | None


class Buffers:
    """Arrays that training steps reuse: in small steps, allocating them costs more than the
    arithmetic. A result that lies in them is overwritten by the next step.

    The network itself holds only parameters. A pass without buffers allocates new arrays.
    """

    MAX_WIDTHS = 4  # batch sizes kept at once: the usual one, an epoch's last, and two more

    def __init__(self) -> None:
        self._matrices: dict[tuple[str, int, int], Array] = {}
        self._widths: set[int] = set()
        self._vectors: dict[str, Array] = {}

    def matrix(
        self, name: str, n: int, m: int, dtype: DTypeLike, order: Literal["C", "F"] = "C"
    ) -> Array:
        """The array (n, m) of this name; its contents are undefined.

        In C order a unit's row is contiguous, which is faster for adding b, for softmax and for
        OpenBLAS (benchmarks.decisions). F order is for gathering columns.
        """
        key = (name, n, m)
        array = self._matrices.get(key)
        if array is None or array.dtype != dtype:
            if m not in self._widths and len(self._widths) == self.MAX_WIDTHS:
                self._matrices.clear()
                self._widths.clear()
            self._widths.add(m)
            array = self._matrices[key] = np.empty((n, m), dtype, order)
        return array

    def vector(self, name: str, like: Array) -> Array:
        """The vector of this name, of the size and type of `like`; its contents are undefined."""
        vector = self._vectors.get(name)
        if vector is None or vector.size != like.size or vector.dtype != like.dtype:
            vector = self._vectors[name] = np.empty_like(like)
        return vector


class Network:
    """A stack of layers. All parameters are one vector, `theta`, and the W and b of the layers are
    views into it: so an optimizer updates one array.

    >>> from netcore.initializers import he
    >>> network = Network.create([2, 3, 1], ["tanh", "sigmoid"], he, rng=np.random.default_rng(0))
    >>> [layer.W.shape for layer in network.layers], network.theta.size
    ([(3, 2), (1, 3)], 13)
    >>> network.predict(np.zeros((2, 5))).shape
    (1, 5)
    """

    def __init__(self, layer_dims: Sequence[int], activations: Sequence[str], theta: Array) -> None:
        """Make a network on this vector of parameters, without copying it.

        Raises ValueError if the sizes, the activations and the vector do not fit together.
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
        """A network with initialized weights.

        layer_dims are the sizes of all layers from the input on, such as [784, 256, 128, 64, 10].
        activations has a name for each layer after the input. initializer is an entry of
        INITIALIZERS, or a function of the same arguments.
        """
        theta = np.zeros(n_parameters(checked_layer_dims(layer_dims)), dtype=dtype)
        network = cls(layer_dims, activations, theta)
        for layer in network.layers:
            layer.W[:] = initializer(layer.n_out, layer.n_in, rng=rng)
        return network

    def copy(self) -> "Network":
        """A copy of the network that shares no parameters with it."""
        return Network(self.layer_dims, self.activations, self.theta.copy())

    def unpack(self, vector: Array) -> list[tuple[Array, Array]]:
        """The (W, b) of each layer as views into a vector of theta's layout."""
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
        map: Map | None = None,
    ) -> list[Cache]:
        """Run the columns of X (n_x, m) through the layers; the last cache's A is the prediction.

        dropout is the probability that a hidden unit is dropped, and rng draws the dropped units.
        Use it for training only. The threads of `map`, if it is given, share large products.
        Source: Srivastava et al., "Dropout" (2014), with the scaling done at training time
        """
        self._check_X(X)
        if dropout and rng is None:
            raise ValueError("dropout is random: give forward an rng as well.")
        buffers = buffers or Buffers()
        m, dtype = X.shape[1], self.theta.dtype
        caches, A_prev = [], X.astype(dtype, copy=False)
        for l, layer in enumerate(self.layers, start=1):
            Z = buffers.matrix(f"Z{l}", layer.n_out, m, dtype)
            A = buffers.matrix(f"A{l}", layer.n_out, m, dtype)
            matmul(layer.W, A_prev, out=Z, map=map)
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
        gradient: Array | None = None,
        m: int | None = None,
        with_dX: bool = False,
        map: Map | None = None,
    ) -> list[Grads]:
        """The gradients of J = loss(A[L], Y) at every layer, from the caches of forward.

        All dW and db are views into one vector of theta's layout, `gradient` if it is given. If the
        columns are a part of the m examples that J is the mean over, these are its gradients due to
        this part. dX, the first layer's dA_prev, is computed on request because training does not
        need it. The threads of `map`, if it is given, share the dW if there are large ones.
        Source: Rumelhart, Hinton & Williams (1986); Nielsen, "Neural networks and deep
                learning", chapter 2
        """
        buffers = buffers or Buffers()
        gradients = self.unpack(np.empty_like(self.theta) if gradient is None else gradient)
        A_L = caches[-1].A
        columns = A_L.shape[1]
        m = m or columns
        ones = np.ones(columns, dtype=self.theta.dtype)
        if Y.shape != A_L.shape:
            raise ValueError(f"Y has shape {Y.shape}, the prediction {A_L.shape}: make them equal.")
        dA = None
        if self.layers[-1].activation.name != loss.canonical:
            dA = loss.gradient(A_L, Y) * (columns / m)  # a mean over the columns: now over m
        grads: list[Grads] = []
        products = Products(map)  # no other result needs the dW
        for l in range(len(self.layers), 0, -1):
            layer, cache, (dW, db) = self.layers[l - 1], caches[l - 1], gradients[l - 1]
            dZ = buffers.matrix(f"dZ{l}", layer.n_out, columns, self.theta.dtype)
            if dA is None:  # a canonical pair, such as softmax with cross-entropy: dZ = (A − Y)/m
                np.subtract(A_L, Y, out=dZ)
                dZ /= m
                if loss.weights is not None:
                    dZ *= loss.weights(Y)
            else:
                if cache.D is not None:
                    dA = dA * cache.D  # a new array: dA itself is the dA_prev of the layer above
                layer.activation.vjp(dA, cache.Z, cache.A, out=dZ)
            products.add(dZ, cache.A_prev.T, out=dW)
            np.matmul(dZ, ones, out=db[:, 0])
            dA_prev = None
            if l > 1 or with_dX:
                dA_prev = buffers.matrix(f"dA{l - 1}", layer.n_in, columns, self.theta.dtype)
                np.matmul(layer.W.T, dZ, out=dA_prev)
            grads.append(Grads(dW, db, dZ, dA_prev))
            dA = dA_prev
        products.compute()
        grads.reverse()
        return grads

    def predict(self, X: Array) -> Array:
        """The prediction A[L] (n_L, m) for the columns of X."""
        self._check_X(X)
        A = np.empty((X.shape[1], self.layer_dims[-1]), dtype=self.theta.dtype).T
        buffers = Buffers()
        for columns in micro_batches(X.shape[1]):
            A[:, columns] = self.forward(X[:, columns], buffers)[-1].A
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
    """m columns split into micro-batches of at most MICRO_BATCH, as evenly as possible.

    >>> micro_batches(2_000)
    [slice(0, 500, None), slice(500, 1000, None), slice(1000, 1500, None), slice(1500, 2000, None)]
    """
    n = max(1, -(-m // MICRO_BATCH))
    width = max(1, -(-m // n))
    return [slice(start, min(start + width, m)) for start in range(0, max(1, m), width)]


def n_parameters(layer_dims: Sequence[int]) -> int:
    """The number of parameters (all W and b) of a network of these sizes.

    >>> n_parameters([784, 10, 10])
    7960
    """
    return sum(n_out * (n_in + 1) for n_in, n_out in pairwise(layer_dims))


def step_work(layer_dims: Sequence[int], m: int) -> int:
    """About how many multiplications and additions a training step over m examples takes: one of
    each for every parameter and example in Z, in dW and in dA_prev.

    >>> step_work([784, 10, 10], 32)
    1528320
    """
    return 6 * n_parameters(layer_dims) * m


def checked_layer_dims(layer_dims: Sequence[Any]) -> tuple[int, ...]:
    """The sizes as a tuple. Raises ValueError if they are not those of a network."""
    if len(layer_dims) < 2:
        raise ValueError(
            f"layer_dims is {list(layer_dims)}: give at least the sizes of the input and the "
            "output, such as [784, 10]."
        )
    for n in layer_dims:
        if isinstance(n, bool) or not isinstance(n, int | np.integer) or n < 1:
            raise ValueError(f"layer_dims has {n!r}: every size must be a whole number from 1 up.")
    return tuple(int(n) for n in layer_dims)


def dropout_mask(
    n: int, m: int, dropout: float, dtype: DTypeLike, *, rng: np.random.Generator
) -> Array:
    """A mask (n, m): each entry is 0 with probability `dropout`, else 1 / (1 − dropout), so that
    the mean of A ⊙ mask is that of A."""
    draws = rng.random((n, m), dtype=np.float32)
    return (draws >= dropout) * np.asarray(1 / (1 - dropout), dtype=dtype)
