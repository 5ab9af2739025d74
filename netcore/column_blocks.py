"""The product W X for a W of few rows, on Intel processors about twice as fast as np.matmul."""

import numpy as np

from netcore.array import Array

# On Intel processors, OpenBLAS multiplies small matrices in place. Larger ones are copied into
# blocks first, for its fastest kernel. If W has few rows, copying X takes longer than the product.
# Measured: OpenBLAS copies from about 1,000,000 multiplications on (benchmarks.decisions).
SMALL_MATMUL = 900_000  # multiplications: a product up to this size is not copied
FEW_ROWS = 16  # rows of W up to which splitting pays


def matmul_in_blocks(W: Array, X: Array, out: Array) -> Array:
    """W X, written into `out`: np.matmul on column blocks so small that OpenBLAS copies nothing.

    Shapes: W (n, k), X (k, m), out (n, m)

    >>> matmul_in_blocks(np.ones((2, 3)), np.ones((3, 1)), out=np.empty((2, 1)))
    array([[3.],
           [3.]])
    """
    m = X.shape[1]
    width = block_width(W.shape, m) if X.flags.f_contiguous else m
    if width == m:
        return np.matmul(W, X, out=out)
    for start in range(0, m, width):
        columns = slice(start, start + width)
        np.matmul(W, X[:, columns], out=out[:, columns])
    return out


def block_width(shape: tuple[int, ...], m: int) -> int:
    """The width of the column blocks that m columns are split into, as evenly as possible.

    shape is that of W.

    >>> block_width((10, 784), 128), block_width((256, 784), 128)
    (64, 128)
    """
    n, k = shape
    if n > FEW_ROWS or n * k * m <= SMALL_MATMUL:
        return m
    return -(-m // -(-n * k * m // SMALL_MATMUL))
