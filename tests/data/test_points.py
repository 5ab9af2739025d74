"""Points on the plane: generated sets, placed points, points from a file, and their inputs."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from data.corruption import shuffle_labels
from data.dataset import DataError, Splits
from data.points import (
    HALF,
    INPUTS,
    MAX_PLACED,
    PLACED,
    POINT_SETS,
    Point,
    inputs_of,
    make_points,
    placed_points,
    read_points,
    with_inputs,
)

DRAWN = [name for name, each in POINT_SETS.items() if each.sampler is not None]


def points(name: str, **values: float) -> Splits:
    settings = {"points": 300, "classes": 2, "noise": 0.0, "validation_fraction": 0.3, "seed": 1}
    return make_points(name, **(settings | values))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", DRAWN)
def test_every_set_lies_on_the_plane_but_for_noise_in_equal_classes(name: str) -> None:
    for noise in (0.0, 1.0):
        parts = points(name, noise=noise)
        assert (parts.train.m, parts.validation.m) == (210, 90)
        for part in (parts.train, parts.validation):
            assert part.X.shape[0] == 2
            assert (abs(part.X).max() <= HALF) == (noise == 0.0)  # noise moves no point back
            assert not (abs(part.X) == HALF).any()
            assert part.X.dtype == np.float32
        assert np.bincount(parts.train.labels).tolist() == [105, 105]


@pytest.mark.parametrize("name", DRAWN)
def test_the_seed_decides_every_point(name: str) -> None:
    first, again, other = (points(name, seed=seed, noise=0.1) for seed in (1, 1, 2))
    assert np.array_equal(first.train.X, again.train.X)
    assert not np.array_equal(first.train.X, other.train.X)


@pytest.mark.parametrize("name", ["circles", "gaussians", "spiral"])
@pytest.mark.parametrize("classes", [3, 4, 5])
def test_some_sets_have_up_to_five_classes(name: str, classes: int) -> None:
    train = points(name, classes=classes).train
    assert train.n_classes == classes
    assert set(train.labels) == set(range(classes))


@pytest.mark.parametrize("name", ["xor", "moons"])
def test_sets_of_two_classes_reject_three(name: str) -> None:
    with pytest.raises(DataError, match=f"{name} has 2 classes, not 3; take circles or gaussians"):
        points(name, classes=3)


def test_a_circles_class_is_its_distance_from_the_middle() -> None:
    train = points("circles").train
    r = np.hypot(*train.X)
    assert r[train.labels == 0].max() < r[train.labels == 1].min()


def test_xor_is_the_sign_of_the_product() -> None:
    train = points("xor").train
    assert np.array_equal(train.X[0] * train.X[1] < 0, train.labels == 1)


def test_an_arm_of_the_spiral_turned_by_half_is_the_other() -> None:
    parts = points("spiral")
    both = np.hstack([parts.train.X, parts.validation.X])
    labels = np.hstack([parts.train.labels, parts.validation.labels])
    one, other = (both[:, labels == label] for label in (0, 1))
    one, other = (arm[:, np.argsort(np.hypot(*arm))] for arm in (one, other))
    np.testing.assert_allclose(one, -other, atol=1e-5)


def test_noise_moves_points_by_its_share_of_half_the_plane() -> None:
    still, moved = (points("circles", noise=noise, points=2000).train.X for noise in (0.0, 0.1))
    assert abs((moved - still).std() - 0.3) < 0.02


def test_at_least_one_point_is_for_validation_and_one_for_training() -> None:
    assert points("xor", points=10, validation_fraction=0.01).validation.m == 1
    assert points("xor", points=10, validation_fraction=0.99).train.m == 1


# The inputs of the network


def test_inputs_by_hand() -> None:
    X = inputs_of(np.array([[2.0], [-3.0]]), tuple(INPUTS))
    np.testing.assert_allclose(X[:, 0], [2, -3, 4, 9, -6, np.sin(2), np.sin(-3)], rtol=1e-6)
    assert X.dtype == np.float32
    assert X.flags.f_contiguous


def test_coordinates_stay_beside_the_inputs() -> None:
    plane = with_inputs(points("moons"), ("x1x2",))
    assert plane.train.n_x == 1
    np.testing.assert_allclose(
        plane.train.X[0], plane.train_points[0] * plane.train_points[1], rtol=1e-6
    )
    assert plane.validation_points.shape == (2, 90)


# Points that a person placed


def test_another_point_does_not_change_the_split_of_earlier_ones() -> None:
    few = placed_points(PLACED, validation_fraction=0.3)
    more = placed_points((*PLACED, (0.5, 0.5, 1)), validation_fraction=0.3)
    for part, longer in ((few.train, more.train), (few.validation, more.validation)):
        assert np.array_equal(longer.X[:, : part.m], part.X)


@given(
    share=some.floats(0.1, 0.9),
    labels=some.lists(some.integers(0, 4), min_size=2, max_size=60),
)
def test_about_the_share_of_each_class_is_for_validation(share: float, labels: list[int]) -> None:
    placed = [(0.0, 0.0, label) for label in labels]
    parts = placed_points(placed, validation_fraction=share)
    assert parts.train.m >= 1
    assert parts.validation.m >= 1
    assert parts.train.m + parts.validation.m == len(placed)
    for label in set(labels):
        expected = share * labels.count(label)
        assert abs(np.sum(parts.validation.labels == label) - expected) <= 1.5


def test_one_point_is_too_few() -> None:
    with pytest.raises(DataError, match="at least two"):
        placed_points([(0.0, 0.0, 0)], validation_fraction=0.5)


# Points from a file


def points_in(text: str | bytes) -> tuple[Point, ...]:
    return read_points(io.BytesIO(text if isinstance(text, bytes) else text.encode()))


def test_a_file_with_names_of_columns_and_of_classes() -> None:
    text = "\ufeffx, y, label\n1.5, -2, cat\n3,4,dog\n\n-3,0.123,cat\n"
    assert points_in(text) == ((1.5, -2.0, 0), (3.0, 4.0, 1), (-3.0, 0.12, 0))


def test_labels_that_are_numbers_keep_their_order() -> None:
    assert [label for *_, label in points_in("3,3,10\n3,3,9\n-3,3,9\n")] == [1, 0, 0]


@pytest.mark.parametrize("scale", [0.001, 1.0, 1e6])
def test_points_of_any_size_fill_the_plane(scale: float) -> None:
    at = np.array([[0, 1], [2, 1], [1, 3.0]]) * 4 * scale + 100 * scale
    points = points_in("".join(f"{x},{y},a\n" for x, y in at))
    assert max(max(abs(x1), abs(x2)) for x1, x2, _ in points) == pytest.approx(0.9 * HALF)
    assert len(set(points)) == 3


@pytest.mark.parametrize("x", ["1e308", "1.7e308", "1e-320"])
def test_the_largest_and_the_smallest_numbers_are_points_too(x: str) -> None:
    assert points_in(f"{x},0,a\n-{x},0,b\n") == ((5.4, 0.0, 0), (-5.4, 0.0, 1))


def test_points_all_in_one_place_are_read_too() -> None:
    assert points_in("100,100,0\n100,100,1\n") == ((0.0, 0.0, 0), (0.0, 0.0, 1))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "is empty"),
        ("x,y,label\n", "The file has 0 points; give from 2 to 500"),
        ("1,2,0\n", "The file has 1 points"),
        ("1,2,0\n" * (MAX_PLACED + 1), f"more than {MAX_PLACED} points"),
        ("1,2,0\n1,2\n", "Line 2 of the file is '1,2': a line is x, y, label"),
        ("1,2,0\n1,nan,0\n", "Line 2 of the file is '1,nan,0'"),
        ("".join(f"1,2,{i}\n" for i in range(6)), "The file has 6 labels"),
        ("1,2,0\n1,2," + "a" * 300 + "\n", "Line 2 of the file has more than 200 characters"),
        ("1,2,0\n" + "\n" * 2000, "more than 500 points"),
        (b"1,2,0\n\xff\xfe,2,1\n", "Line 2 of the file is not text in UTF-8"),
        ("1,2,0\n\x00,2,1\n", "Line 2 of the file"),
    ],
)
def test_a_file_that_is_not_of_points(text: str | bytes, sentence: str) -> None:
    with pytest.raises(DataError, match=sentence):
        points_in(text)


def test_reading_a_file_of_points_is_bounded() -> None:
    class Endless(io.BytesIO):
        asked = 0

        def readline(self, n: int | None = -1) -> bytes:
            self.asked += 1
            assert self.asked <= 2 * MAX_PLACED + 1
            return b"1,2,0\n"

    with pytest.raises(DataError, match="more than 500 points"):
        read_points(Endless(b"x" * 10**6))


@pytest.mark.parametrize(
    ("name", "at", "value"),
    [
        ("reg-plane", (3.0, 2.0), 0.5),
        ("reg-plane", (-6.0, -6.0), -1.0),
        ("reg-gauss", (-4.0, 2.5), 1.0),
        ("reg-gauss", (0.0, 2.5), -1.0),
        ("reg-gauss", (0.0, -2.5), 1.0),
        ("reg-gauss", (4.0, -1.5), -0.5),
        ("reg-gauss", (2.0, 0.0), 0.0),
    ],
)
def test_a_regression_s_values_are_those_of_tensorflow_playground(
    name: str, at: tuple[float, float], value: float
) -> None:
    entry = POINT_SETS[name]
    assert entry.value is not None
    assert entry.value(*np.array(at).reshape(2, 1)).tolist() == [value]


@pytest.mark.parametrize("name", ["reg-plane", "reg-gauss"])
def test_a_regression_s_points_lie_anywhere_and_keep_their_values(name: str) -> None:
    parts = points(name)
    value = POINT_SETS[name].value
    assert value is not None
    mixed = shuffle_labels(parts.train, 1.0, seed=1)
    for part in (parts.train, parts.validation, parts.train.first(20), mixed):
        assert part.values is not None
        assert part.values.shape == part.labels.shape
        assert part.values.dtype == np.float32
    assert parts.train.values is not None
    assert mixed.values is not None
    np.testing.assert_allclose(value(*parts.train.X.astype(float)), parts.train.values, atol=1e-6)
    assert sorted(mixed.values) == sorted(parts.train.values)
    assert not np.array_equal(mixed.values, parts.train.values)
    noisy = points(name, noise=0.3).train
    assert noisy.values is not None
    assert not np.array_equal(noisy.values, parts.train.values)
