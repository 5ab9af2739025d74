"""Augmentation: equal seeds give equal bits, changes are small, and images do not affect each
other.
"""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from data import augmentation
from data.augmentation import CHUNK, Augmentation
from data.dataset import Array

SHAPES = [(28, 28), (8, 8), (2, 2), (20, 31)]


def disc(side: int = 28, radius: float = 6) -> Array:
    """A column: a disc with an edge one pixel soft, as drawings have."""
    y, x = np.indices((side, side)) - (side - 1) / 2
    image: Array = np.clip(radius + 0.5 - np.hypot(y, x), 0, 1).astype(np.float32)
    return image.reshape(-1, 1)


def many(column: Array, m: int) -> Array:
    return np.asfortranarray(np.repeat(column, m, axis=1))


def warp(X: Array, strength: float = 1.0, seed: int = 0) -> Array:
    return Augmentation((28, 28), strength)(X, rng=np.random.default_rng(seed))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("m", [1, 5, CHUNK, 2 * CHUNK + 3])
def test_gives_what_training_needs(shape: tuple[int, int], m: int) -> None:
    X = np.random.default_rng(0).random((shape[0] * shape[1], m), dtype=np.float32)
    before = X.copy()
    warped = Augmentation(shape, 1.0)(X, rng=np.random.default_rng(0))
    assert warped.shape == X.shape
    assert warped.dtype == np.float32
    assert warped.flags.f_contiguous
    assert warped.min() >= 0
    assert warped.max() <= 1
    np.testing.assert_array_equal(X, before)


def test_same_seed_same_bits_whatever_was_warped_before() -> None:
    X = many(disc(), 40)
    used = Augmentation((28, 28), 1.0)
    for m in (3, 200):
        used(many(disc(), m), rng=np.random.default_rng(9))
    np.testing.assert_array_equal(used(X, rng=np.random.default_rng(5)), warp(X, seed=5))
    assert (warp(X, seed=5) != warp(X, seed=6)).any()


def test_the_bank_is_drawn_anew_to_the_same_bits() -> None:
    X = many(disc(), 10)
    before = warp(X)
    augmentation.warp_bank.cache_clear()
    np.testing.assert_array_equal(warp(X), before)


def test_a_result_is_not_overwritten_by_the_next_batch() -> None:
    augment, rng = Augmentation((28, 28), 1.0), np.random.default_rng(0)
    first = augment(many(disc(), 4), rng=rng)
    kept = first.copy()
    augment(many(disc(radius=3), 4), rng=rng)
    np.testing.assert_array_equal(first, kept)


def test_strength_zero_is_X_itself_and_draws_nothing() -> None:
    X, rng = many(disc(), 3), np.random.default_rng(0)
    assert Augmentation((28, 28), 0.0)(X, rng=rng) is X
    assert rng.random() == np.random.default_rng(0).random()


def test_a_tiny_strength_makes_a_tiny_change() -> None:
    X = many(disc(), 50)
    np.testing.assert_allclose(warp(X, strength=1e-4), X, atol=1e-3)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_every_image_is_warped_by_itself(seed: int) -> None:
    """Blank neighbors stay blank, and a drawing among them is warped as it would be elsewhere."""
    X = np.zeros((784, 9), dtype=np.float32, order="F")
    X[:, 4:5] = disc()
    warped = warp(X, seed=seed)
    assert warped[:, 4].any()
    assert not np.delete(warped, 4, axis=1).any()
    np.testing.assert_array_equal(warped[:, 4], warp(many(disc(), 9), seed=seed)[:, 4])


def centers(X: Array) -> Array:
    return np.array([ndimage.center_of_mass(image) for image in X.T.reshape(-1, 28, 28)])


def test_changes_are_small_varied_and_unbiased() -> None:
    X = many(disc(), 400)
    warped = warp(X)
    moved = centers(warped) - centers(X)
    assert np.abs(moved.mean(axis=0)).max() < 0.2
    assert 0.3 < moved.std(axis=0).min() <= moved.std(axis=0).max() < 1.5
    ink = warped.sum(axis=0) / X.sum(axis=0)
    assert 0.9 < ink.mean() < 1.1
    assert 0.05 < ink.std() < 0.3


def test_twice_the_strength_changes_more() -> None:
    X = many(disc(), 400)
    mild, strong = (np.abs(warp(X, strength) - X).mean() for strength in (1.0, 2.0))
    assert strong > 1.3 * mild


def test_strokes_become_thicker_and_thinner(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ROTATION", "SCALE", "ASPECT", "SHEAR", "SHIFT", "ELASTIC"):
        monkeypatch.setattr(augmentation, name, 0.0)
    augmentation.warp_bank.cache_clear()
    try:
        X = many(disc(), 200)
        ink = warp(X).sum(axis=0) / X.sum(axis=0)
    finally:
        augmentation.warp_bank.cache_clear()  # of the bank without any warps
    assert ink.min() < 0.98
    assert ink.max() > 1.02
    assert ink.mean() == pytest.approx(1, abs=0.01)


def test_pixels_moved_outside_are_lost_and_black_comes_in() -> None:
    """Nothing is drawn outside: of a white image some warps must show the black around it."""
    warped = warp(np.ones((784, 300), dtype=np.float32, order="F"))
    corners = warped.T.reshape(-1, 28, 28)[:, [0, 0, -1, -1], [0, -1, 0, -1]]
    assert (corners == 0).any()


def test_rows_in_place_of_columns_get_a_hint() -> None:
    with pytest.raises(ValueError, match=r"did you mean X\.T"):
        warp(np.zeros((5, 784), dtype=np.float32))


@pytest.mark.parametrize("strength", [-0.1, np.nan, np.inf])
def test_impossible_strengths_are_refused(strength: float) -> None:
    with pytest.raises(ValueError, match="give a number from 0 upwards"):
        Augmentation((28, 28), strength)


def test_threads_that_warp_at_once_do_not_affect_each_other() -> None:
    augment, X = Augmentation((28, 28), 1.0), many(disc(), CHUNK)

    def one(seed: int) -> Array:
        return augment(X, rng=np.random.default_rng(seed))

    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(one, range(32)))
    for seed, warped in enumerate(together):
        np.testing.assert_array_equal(warped, one(seed))
