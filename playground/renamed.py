"""Old names of settings. Addresses, saved runs and commands that people have kept use them, so they
are still read; only the new names are written.
"""

from collections.abc import Mapping
from typing import TypeVar

T = TypeVar("T")

SETTINGS = {"held_out_share": "validation_fraction", "shuffled_labels": "label_noise"}
CURVES = {"held_out_cost": "validation_cost", "held_out_accuracy": "validation_accuracy"}
SAVED = {"lesson": "fine_tuning"}
SAVED_VECTORS = {"lesson_theta": "fine_tuning_theta"}


def with_new_names(given: Mapping[str, T], renamed: Mapping[str, str]) -> dict[str, T]:
    """The same values under the current names. If both names are given, the new one counts.

    >>> with_new_names({"held_out_share": "0.3", "seed": "1"}, SETTINGS)
    {'validation_fraction': '0.3', 'seed': '1'}
    """
    named = {renamed.get(name, name): value for name, value in given.items()}
    return named | {name: value for name, value in given.items() if name in named}
