"""Descriptions of a run's data and of its split, the same words for every page."""

from data import catalog
from data.dataset import DataError, Splits
from data.form_images import form_counts
from playground.config import RunConfig
from playground.run import Snapshot
from playground.run_data import is_plane
from playground.settings import SETTINGS


def title_of(dataset: str) -> str:
    """The title of a data set in lists and headings."""
    try:
        return catalog.entry(dataset).title
    except DataError:  # an upload that was dropped, while a run still uses it
        return dataset


def about(config: RunConfig) -> str:
    """A sentence on what a data set of images contains; "" if it is not known any more."""
    try:
        return catalog.entry(config.dataset).about
    except DataError:
        return ""


def how_split(config: RunConfig) -> str:
    """One or two sentences on how a data set of images is split; "" if it is not known any more."""
    try:
        return catalog.entry(config.dataset).validation
    except DataError:
        return ""


def example_noun(config: RunConfig) -> str:
    """The word for the examples: "digits", "pictures", "images", "points"."""
    if is_plane(config):
        return "points"
    try:
        return catalog.entry(config.dataset).example_noun
    except DataError:
        return "images"


def has_digits(config: RunConfig) -> bool:
    """Whether the examples are known to be digits."""
    return example_noun(config) == "digits"


def learned_from(shown: Snapshot) -> str:
    """What a run learns from, in the same words on every page: "4,321 digits"; where it is
    fine-tuned: "3 of your drawings, 60 times each, among 4,000 digits"."""
    what, m = example_noun(shown.config), shown.data.train.m
    if shown.fine_tuning is None:
        return f"{m:,} {what}"
    old = min(shown.fine_tuning.old, shown.learned_from.train.m)
    drawings = shown.fine_tuning.drawings.m
    return (
        f"{drawings:,} of your drawings, {(m - old) // drawings:,} times each, among {old:,} {what}"
    )


def split_of(config: RunConfig, data: Splits) -> str:
    """How the data are split, and how the settings change the training set."""
    what = example_noun(config)
    forms = form_counts(data.train)
    m = data.train.m - sum(forms.values())
    sentences = [
        f"**{m:,} training {what}, {data.validation.m:,} validation {what}**: training never "
        "sees the validation set; it measures accuracy."
    ]
    if forms:
        sentences.append(
            f"{sum(forms.values()):,} images of {len(forms)} digit forms from other handwriting "
            f"styles are added to the training {what}. Validation is on MNIST alone."
        )
    changes = [
        f"{SETTINGS[name].label.lower()} {SETTINGS[name].write(getattr(config, name))}"
        for name in ("subset", "label_noise", "noise")
        if getattr(config, name)
    ]
    if config.corrections:
        changes.append(f"{len(config.corrections):,} corrections by hand")
    if changes:
        sentences.append(
            f"The settings change the training set ({', '.join(changes)}); the validation set "
            "is unchanged."
        )
    return " ".join(sentences)
