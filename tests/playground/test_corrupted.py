"""The data of a run: its data set with corruption and digit forms."""

import gc
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import catalog
from data.corruption import correct
from data.dataset import NO_FORM, DataError
from data.digit_forms import FORMS
from data.form_images import load_form_images
from data.upload_store import UPLOADS
from playground.config import RunConfig, read_address
from playground.run_data import load_data
from tests.playground.examples import DATA, small

NAME = UPLOADS.keep(DATA, "quarters").name


def test_uncorrupted_data_is_the_data_set_itself() -> None:
    assert load_data(RunConfig(digit_forms="mnist")) is catalog.load("mnist-5k")


def test_forms_are_added_to_training_and_validation_stays_mnist() -> None:
    mnist, data = catalog.load("mnist-5k"), load_data(RunConfig())
    assert data.validation is mnist.validation
    np.testing.assert_array_equal(data.train.X[:, :4000], mnist.train.X)
    np.testing.assert_array_equal(data.train.X[:, 4000:], load_form_images().X)
    np.testing.assert_array_equal(data.train.labels[4000:], load_form_images().labels)


def test_a_subset_is_one_of_mnist_and_the_forms_join_it() -> None:
    both, alone = (load_data(RunConfig(subset=50, digit_forms=x)) for x in ("world", "mnist"))
    np.testing.assert_array_equal(both.train.X[:, :50], alone.train.X)
    assert both.train.m == 50 + load_form_images().m


@given(
    task=st.sampled_from(["all", "3-rest", "7-1"]),
    subset=st.sampled_from([None, 40]),
    share=st.sampled_from([0.0, 0.5]),
    noise=st.sampled_from([0.0, 0.1]),
)
def test_each_image_of_a_form_is_known_as_one_whatever_is_done_to_it(
    task: str, subset: int | None, share: float, noise: float
) -> None:
    config = RunConfig(task=task, subset=subset, label_noise=share, noise=noise)
    train = load_data(config).train
    plain = load_data(config.with_values(digit_forms="mnist")).train
    assert plain.forms is None
    assert train.forms is not None
    assert (train.forms[: plain.m] == NO_FORM).all()
    true = train.labels if train.true_labels is None else train.true_labels
    digits = [FORMS[form].digit for form in train.forms[plain.m :]]
    looked_for = digits if task == "all" else [digit == int(task[0]) for digit in digits]
    np.testing.assert_array_equal(true[plain.m :], looked_for)
    assert (train.labels != true).any() == bool(share)


def test_all_seeds_share_one_copy_with_forms() -> None:
    data = load_data(RunConfig(seed=1))
    assert load_data(RunConfig(seed=2)) is data
    shuffled = load_data(RunConfig(label_noise=0.5))
    assert shuffled.train.X is data.train.X


@pytest.mark.parametrize(
    "values",
    [{"subset": 50}, {"label_noise": 0.5}, {"noise": 0.2}],
    ids=["subset", "shuffled", "noise"],
)
def test_only_the_training_set_is_corrupted(values: dict[str, float]) -> None:
    data = load_data(small(dataset=NAME, **values))
    assert data.validation is DATA.validation
    same = np.array_equal(data.train.X, DATA.train.X)
    assert not (same and np.array_equal(data.train.labels, DATA.train.labels))


def test_all_three_go_together_and_labels_can_be_told_from_the_true_ones() -> None:
    config = small(dataset=NAME, subset=100, label_noise=1.0, noise=0.1)
    corrupted, true = load_data(config), load_data(config.with_values(label_noise=0.0, noise=0.0))
    assert corrupted.train.m == true.train.m == 100
    assert np.abs(corrupted.train.X - true.train.X).mean() < 0.1
    assert 0.6 < np.mean(corrupted.train.labels != true.train.labels) < 0.9


def test_runs_of_the_same_settings_share_a_copy_while_they_live() -> None:
    config = small(dataset=NAME, noise=0.3)
    data = load_data(config)
    assert load_data(config.with_values(learning_rate=0.1)) is data
    assert load_data(config.with_values(seed=9)) is not data
    X = data.train.X.copy()
    del data
    gc.collect()
    np.testing.assert_array_equal(load_data(config).train.X, X)


def test_an_address_has_the_corruption_and_the_upload() -> None:
    config = small(dataset=NAME, subset=50, label_noise=0.25, noise=0.1)
    text = config.to_text()
    assert (text["dataset"], text["subset"], text["label_noise"]) == (NAME, "50", "0.25")
    assert read_address(text) == (config, [])
    wrong, complaints = read_address(text | {"subset": "0", "noise": "2"})
    assert (wrong.subset, wrong.noise) == (None, 0.0)
    assert "'0' is not a whole number from 1 to 1,000,000, or 'all'" in complaints[0]
    assert "'2' is not a number from 0 to 1" in complaints[1]


def test_corrections_leave_out_and_relabel_what_the_page_showed() -> None:
    config = RunConfig(digit_forms="mnist", subset=50, label_noise=0.5)
    before = load_data(config).train
    label = int(before.labels[7] + 1) % 10
    after = load_data(config.with_values(corrections=((3, None), (7, label)))).train
    assert after.m == 49
    assert after.labels[6] == label
    np.testing.assert_array_equal(after.X, np.delete(before.X, 3, axis=1))
    assert after.true_labels is not None
    assert before.true_labels is not None
    np.testing.assert_array_equal(after.true_labels, np.delete(before.true_labels, 3))


@pytest.mark.parametrize(
    ("corrections", "sentence"),
    [
        (((4_000, None),), "There is no training example 4,000 to correct: "),
        (((1, 10),), "There is no class 10 to relabel an example of "),
    ],
)
def test_a_correction_of_nothing_is_told(corrections: Any, sentence: str) -> None:
    with pytest.raises(DataError, match=sentence):
        load_data(RunConfig(digit_forms="mnist", corrections=corrections))


def test_something_is_left() -> None:
    few = load_data(RunConfig(digit_forms="mnist")).train.first(2)
    with pytest.raises(DataError, match="All 2 training examples are left out"):
        correct(few, {0: None, 1: None})
