"""What the data of a run are called, and how they are split, in words for every page."""

from data import catalog
from data.dataset import DataError, Splits
from data.form_images import form_counts
from playground.config import RunConfig
from playground.run_data import is_plane
from playground.settings import SETTINGS


def title_of(dataset: str) -> str:
    """What lists and headings call a data set of images."""
    try:
        return catalog.entry(dataset).title
    except DataError:  # an upload that had to make room, while a run still has it
        return dataset


def about(config: RunConfig) -> str:
    """What a data set of images holds, in a sentence; "" where nothing is known of it any more."""
    try:
        return catalog.entry(config.dataset).about
    except DataError:
        return ""


def how_split(config: RunConfig) -> str:
    """How a data set of images is split as it comes, in a sentence or two; "" as above."""
    try:
        return catalog.entry(config.dataset).validation
    except DataError:
        return ""


def example_noun(config: RunConfig) -> str:
    """What one calls the examples: "digits", "pictures", "images", "points"."""
    if is_plane(config):
        return "points"
    try:
        return catalog.entry(config.dataset).example_noun
    except DataError:
        return "images"


def split_of(config: RunConfig, data: Splits) -> str:
    """How the data are split, and what the settings make of the training part."""
    what = example_noun(config)
    forms = form_counts(data.train)
    m = data.train.m - sum(forms.values())
    sentences = [
        f"**{m:,} training {what}, {data.validation.m:,} validation {what}**: training never "
        "sees the validation set; it measures accuracy."
    ]
    if forms:
        sentences.append(
            f"{sum(forms.values()):,} images of {len(forms)} digit forms, which other handwriting "
            f"styles have, join the training {what}. Validation is on MNIST alone."
        )
    changes = [
        f"{SETTINGS[name].label.lower()} {SETTINGS[name].write(getattr(config, name))}"
        for name in ("subset", "label_noise", "noise")
        if getattr(config, name)
    ]
    if changes:
        sentences.append(
            f"The settings change the training set ({', '.join(changes)}); the validation set "
            "stays as it came."
        )
    return " ".join(sentences)
