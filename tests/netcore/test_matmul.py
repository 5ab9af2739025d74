"""Products that threads share equal np.matmul."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from netcore.matmul import ROW_BLOCK, SHARED_PRODUCT, Products, is_shared, matmul


@pytest.mark.parametrize("n", [2 * ROW_BLOCK - 1, 2 * ROW_BLOCK, 100, 256])
@pytest.mark.parametrize("workers", [1, 2, 3])
def test_products_that_threads_share_are_the_products(n: int, workers: int) -> None:
    rng = np.random.default_rng(0)
    pairs = [(rng.normal(size=(n, k)), rng.normal(size=(k, m))) for k, m in ((784, 600), (1, 5))]
    outs = [np.full((n, X.shape[1]), np.nan) for _, X in pairs]
    assert is_shared(n, 784, 600) == (n >= 2 * ROW_BLOCK)
    with ThreadPoolExecutor(workers) as pool:
        products = Products(pool.map)
        for (W, X), out in zip(pairs, outs, strict=True):
            products.add(W, X, out)
        products.compute()
        matmul(*pairs[0], out=np.zeros_like(outs[0]), map=pool.map)
    for (W, X), out in zip(pairs, outs, strict=True):
        np.testing.assert_allclose(out, W @ X, rtol=1e-12, atol=1e-12)


def test_no_thread_is_woken_for_small_products() -> None:
    def wakes(*_: object) -> list[object]:
        raise AssertionError("a thread was woken")

    assert not is_shared(256, 256, SHARED_PRODUCT // 256**2)
    assert is_shared(256, 256, SHARED_PRODUCT // 256**2 + 1)
    W, X, out = np.ones((48, 9)), np.ones((9, 7)), np.zeros((48, 7))
    products = Products(wakes)
    for _ in range(3):
        products.add(W, X, out)
    products.compute()
    assert (out == 9).all()


def test_an_error_in_a_thread_is_raised() -> None:
    large = np.ones((5_000, 5_000), np.float32)
    with ThreadPoolExecutor(2) as pool:
        products = Products(pool.map)
        products.add(large[:48], large, out=large[:48, 1:])
        with pytest.raises(ValueError, match="mismatch"):
            products.compute()
