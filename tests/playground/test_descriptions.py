"""The descriptions of data sets and their splits."""

import pytest

from data import catalog
from data.upload_store import UPLOADS
from playground.config import RunConfig
from playground.descriptions import about, example_noun, how_split, split_of, title_of
from playground.run_data import load_data
from tests.playground.examples import DATA, small


def test_digits_are_digits_and_uploads_have_their_file_s_name() -> None:
    name = UPLOADS.keep(DATA, "quarters.csv").name
    assert (title_of("mnist-5k"), example_noun(RunConfig())) == ("MNIST, 5,000 digits", "digits")
    assert (title_of(name), example_noun(small(dataset=name))) == ("quarters.csv", "images")
    assert about(small(dataset=name)) == "Uploaded: 190 images, 8×8 pixels, 4 classes."
    assert how_split(small(dataset=name)).startswith("One image in five")
    assert example_noun(RunConfig.default("spiral")) == "points"


def test_an_upload_that_is_gone_still_has_words() -> None:
    config = small(dataset="upload-0123456789abcdef")
    assert title_of(config.dataset) == config.dataset
    assert (example_noun(config), about(config), how_split(config)) == ("images", "", "")


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({}, "it measures accuracy."),
        ({"subset": 100}, "The settings change the training set (training examples 100)"),
        ({"noise": 0.2, "label_noise": 1.0}, "(shuffled labels 1, noise 0.2); the validation set"),
    ],
)
def test_the_changes_by_settings_are_described(values: dict[str, float], sentence: str) -> None:
    config = RunConfig().with_values(**values)
    said = split_of(config, load_data(config))
    assert said.startswith(f"**{100 if values.get('subset') else '4,000'} training digits")
    assert sentence in said
    assert ("settings change" in said) == bool(values)


def test_digit_forms_are_counted_apart_and_validation_is_said_to_be_mnist_s() -> None:
    counts = {"all": "2,328 images of 97 digit forms", "1-7": "504 images of 21 digit forms"}
    for task, count in counts.items():
        config = RunConfig(task=task)
        said = split_of(config, load_data(config))
        assert f"{count} from other handwriting styles are added to the training digits" in said
        assert "Validation is on MNIST alone." in said
    config = RunConfig(digit_forms="mnist")
    assert "forms" not in split_of(config, load_data(config))


def test_every_entry_says_how_it_is_split() -> None:
    for name in catalog.DATASETS:
        assert "validation" in how_split(RunConfig(dataset=name))
