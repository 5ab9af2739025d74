"""The shipped images of the digit forms, as a data set."""

import numpy as np

from data.dataset import joined
from data.digit_forms import FORMS
from data.form_images import N_IMAGES, load_form_images
from data.mnist_5k import load_mnist_5k


def test_every_form_has_its_images_under_its_digit() -> None:
    loaded = load_form_images()
    assert loaded.images.m == len(FORMS) * N_IMAGES
    np.testing.assert_array_equal(np.bincount(loaded.forms), np.full(len(FORMS), N_IMAGES))
    digits = np.array([form.digit for form in FORMS])
    np.testing.assert_array_equal(loaded.images.labels, digits[loaded.forms])


def test_images_are_ink_on_nothing_as_mnists_are() -> None:
    X = load_form_images().images.X
    assert X.dtype == np.float32
    assert X.flags.f_contiguous
    assert X.min() == 0
    assert X.max() == 1
    of_mnist = load_mnist_5k().train.X
    assert 0.5 < X.mean() / of_mnist.mean() < 1.5
    assert X.sum(axis=0).min() >= of_mnist.sum(axis=0).min() / 2  # none is blank


def test_no_image_is_there_twice() -> None:
    X = load_form_images().images.X
    assert len(np.unique(X.T, axis=0)) == X.shape[1]


def test_one_form_can_be_left_out() -> None:
    loaded = load_form_images()
    left = loaded.without(3)
    assert left.m == loaded.images.m - N_IMAGES
    missing = loaded.images.X[:, loaded.forms == 3].T
    kept = {row.tobytes() for row in np.ascontiguousarray(left.X.T)}
    assert not any(row.tobytes() in kept for row in np.ascontiguousarray(missing))


def test_they_join_what_mnist_has() -> None:
    mnist, forms = load_mnist_5k().train, load_form_images().images
    assert joined(mnist, forms).m == mnist.m + forms.m
    assert forms.class_names == mnist.class_names
    assert forms.image_shape == mnist.image_shape
