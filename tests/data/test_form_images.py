"""The shipped images of the digit forms, as a data set."""

import numpy as np
import pytest

from data.dataset import NO_FORM, DataError, Dataset
from data.digit_forms import FORMS
from data.form_images import N_IMAGES, load_form_images, with_forms
from data.mnist_5k import DIGITS, load_mnist_5k
from data.two_classes import asked


def test_every_form_has_its_images_under_its_digit() -> None:
    loaded = load_form_images()
    assert loaded.forms is not None
    assert loaded.m == len(FORMS) * N_IMAGES
    np.testing.assert_array_equal(np.bincount(loaded.forms), np.full(len(FORMS), N_IMAGES))
    digits = np.array([form.digit for form in FORMS])
    np.testing.assert_array_equal(loaded.labels, digits[loaded.forms])


def test_images_are_ink_on_nothing_as_mnists_are() -> None:
    X = load_form_images().X
    assert X.dtype == np.float32
    assert X.flags.f_contiguous
    assert X.min() == 0
    assert X.max() == 1
    of_mnist = load_mnist_5k().train.X
    assert 0.5 < X.mean() / of_mnist.mean() < 1.5
    assert X.sum(axis=0).min() >= of_mnist.sum(axis=0).min() / 2  # none is blank


def test_no_image_is_there_twice() -> None:
    X = load_form_images().X
    assert len(np.unique(X.T, axis=0)) == X.shape[1]


def test_they_come_after_what_mnist_has() -> None:
    mnist, forms = load_mnist_5k().train, load_form_images()
    both = with_forms(mnist)
    assert both.m == mnist.m + forms.m
    assert both.forms is not None
    np.testing.assert_array_equal(both.X[:, : mnist.m], mnist.X)
    np.testing.assert_array_equal(both.X[:, mnist.m :], forms.X)
    np.testing.assert_array_equal(both.labels[mnist.m :], forms.labels)
    np.testing.assert_array_equal(both.forms[mnist.m :], forms.forms)
    assert (both.forms[: mnist.m] == NO_FORM).all()
    assert both.name == mnist.name


def test_their_labels_follow_the_task() -> None:
    mnist, forms = load_mnist_5k().train, load_form_images()
    rest = with_forms(asked(mnist, "7-rest"), "7-rest")
    np.testing.assert_array_equal(rest.labels[mnist.m :], forms.labels == 7)
    assert rest.class_names == ("not 7", "7")
    few = asked(mnist, "7-1")
    two = with_forms(few, "7-1")
    assert two.forms is not None
    digits = [FORMS[form].digit for form in two.forms[few.m :]]
    assert set(digits) == {1, 7}
    np.testing.assert_array_equal(two.labels[few.m :], [digit == 7 for digit in digits])


@pytest.mark.parametrize(("m", "copies"), [(10, 1), (4_000, 1), (50_000, 4), (60_000, 4)])
def test_among_many_digits_each_form_image_is_there_several_times(m: int, copies: int) -> None:
    # As all of MNIST and all forms are, in a hundredth of the memory.
    few, forms = m // 10, load_form_images().take(np.arange(0, 2328, 10))
    X, labels = np.zeros((784, few), dtype=np.float32), np.zeros(few, dtype=int)
    both = with_forms(Dataset("many", X, labels, DIGITS, (28, 28)), forms=forms)
    assert both.m == few + copies * forms.m


@pytest.mark.parametrize(
    ("class_names", "shape"), [(DIGITS[:9], (28, 28)), (DIGITS, (14, 56)), (DIGITS, None)]
)
def test_what_is_not_digits_of_their_size_is_told(
    class_names: tuple[str, ...], shape: tuple[int, int] | None
) -> None:
    X = np.zeros((784, 2), dtype=np.float32)
    other = Dataset("other", X, np.array([0, 1]), class_names, shape)
    with pytest.raises(DataError, match="other: its images are not the ten digits in 28×28"):
        with_forms(other)
