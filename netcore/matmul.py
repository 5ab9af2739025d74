"""Matrix products that two threads share if they are large."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import numpy as np

from netcore.array import Array
from netcore.column_blocks import matmul_in_blocks

Task = Callable[[], object]
Map = Callable[..., Iterable[Any]]  # like Python's map

# Waking a thread takes 0.05 to 0.1 ms. Half of a product of 25,000,000 multiplications takes 0.3.
SHARED_PRODUCT = 20_000_000  # multiplications from which two threads share it (benchmarks.shares)
ROW_BLOCK = 24  # rows that OpenBLAS's kernels finish together: such halves round as the whole does


def matmul(W: Array, X: Array, out: Array, map: Map | None = None) -> Array:
    """W X, written into `out`. The threads of `map`, if it is given, share a large product.

    Shapes: W (n, k), X (k, m), out (n, m)

    >>> matmul(np.ones((2, 3)), np.ones((3, 1)), out=np.empty((2, 1)))
    array([[3.],
           [3.]])
    """
    n, k = W.shape
    if map is None or not is_shared(n, k, X.shape[1]):
        return matmul_in_blocks(W, X, out)
    products = Products(map)
    products.add(W, X, out)
    products.compute()
    return out


def is_shared(n: int, k: int, m: int) -> bool:
    """Whether the product of (n, k) and (k, m) is so large that two threads share it.

    >>> is_shared(256, 784, 128), is_shared(10, 784, 512)
    (True, False)
    """
    return n >= 2 * ROW_BLOCK and n * k * m >= SHARED_PRODUCT


class Products:
    """Products that are computed together. If one of them is large, the threads of `map` share all
    of them: each takes the next task that is left.
    """

    def __init__(self, map: Map | None) -> None:
        self.map = map
        self._tasks: list[Task] = []
        self._shared = False

    def add(self, W: Array, X: Array, out: Array) -> None:
        """Have W X written into `out`. A large product is two tasks, for two halves of the rows.

        The first half is the larger one: the calling thread does it while another one wakes.
        """
        n, k = W.shape
        # np.matmul does not call BLAS for a column times a row; np.dot does, 5 times as fast.
        product = np.dot if k == 1 else np.matmul
        if self.map is None or not is_shared(n, k, X.shape[1]):
            self._tasks.append(partial(product, W, X, out=out))
            return
        half = -(-n // (2 * ROW_BLOCK)) * ROW_BLOCK
        for rows in slice(half), slice(half, n):
            self._tasks.append(partial(product, W[rows], X, out=out[rows]))
        self._shared = True

    def compute(self) -> None:
        """Compute them, in the order in which they were added."""
        remaining = iter(self._tasks)

        def work(_: int = 0) -> None:
            for task in remaining:
                task()

        if self.map is not None and self._shared:
            list(self.map(work, range(2)))
        else:
            work()
