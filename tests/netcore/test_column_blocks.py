"""matmul_in_blocks equals np.matmul."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcore.column_blocks import FEW_ROWS, SMALL_MATMUL, block_width, matmul_in_blocks


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize(
    ("n", "k", "m"), [(1, 1, 1), (3, 4, 0), (10, 784, 128), (10, 784, 1017), (40, 784, 99)]
)
def test_it_is_the_product(n: int, k: int, m: int, order: str) -> None:
    rng = np.random.default_rng(0)
    W, X = rng.normal(size=(n, k)), np.asarray(rng.normal(size=(k, m)), order=order)  # type: ignore[call-overload]
    out = np.full((n, m), np.nan)
    assert matmul_in_blocks(W, X, out=out) is out
    np.testing.assert_allclose(out, W @ X, rtol=1e-12, atol=1e-12)


@given(st.integers(1, 2 * FEW_ROWS), st.integers(1, 3_000), st.integers(1, 5_000))
def test_blocks_are_small_and_even(n: int, k: int, m: int) -> None:
    width = block_width((n, k), m)
    assert 1 <= width <= m
    if width < m:
        assert n <= FEW_ROWS
        assert n * k * (width - 1) < SMALL_MATMUL
        assert width * -(-m // width) - m < -(-m // width)  # the last is nearly as wide


def test_a_large_product_of_few_rows_is_split() -> None:
    assert block_width((10, 784), 1024) < 1024
    assert block_width((256, 784), 1024) == 1024
