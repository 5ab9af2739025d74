"""What people have kept under old names means the same today."""

from argparse import ArgumentParser
from pathlib import Path

import pytest

from playground import renamed
from playground.command_line.flags import add_settings, texts_of
from playground.config import RunConfig, read_address
from playground.run import Run
from playground.run_data import load_data
from playground.saved import load_run
from playground.settings import SETTINGS

KEPT = Path(__file__).parent / "kept"  # files that the app wrote before anything was renamed
TEXTS = {"validation_fraction": "0.4", "label_noise": "0.1"}


def test_the_table_leads_from_names_that_are_gone_to_names_that_are_there() -> None:
    assert set(renamed.SETTINGS.values()) == set(TEXTS) <= SETTINGS.keys()
    assert not renamed.SETTINGS.keys() & SETTINGS.keys()


@pytest.mark.parametrize(("old", "new"), renamed.SETTINGS.items())
def test_an_address_and_a_command_with_the_old_name_say_the_same(old: str, new: str) -> None:
    today, complaints = read_address({"dataset": "spiral", new: TEXTS[new]})
    assert read_address({"dataset": "spiral", old: TEXTS[new]}) == (today, complaints)
    assert not complaints
    assert getattr(today, new) == float(TEXTS[new])
    assert today.to_text() == {"dataset": "spiral", new: TEXTS[new]}
    parser = ArgumentParser()
    add_settings(parser)
    given = parser.parse_args([f"--{old.replace('_', '-')}", TEXTS[new]])
    assert texts_of(given) == {new: TEXTS[new]}


def test_the_new_name_counts_where_both_are_given() -> None:
    both = {"held_out_share": "0.9", "validation_fraction": "0.3"}
    assert RunConfig.from_text(both) == RunConfig.from_text({"validation_fraction": "0.3"})


def test_a_run_saved_before_goes_on() -> None:
    saved = load_run(KEPT / "points_run.npz")
    assert (saved.config.validation_fraction, saved.config.label_noise) == (0.3, 0.1)
    data = load_data(saved.config)
    assert saved.curves.validation_cost[-1] == pytest.approx(0.64060475)
    run = Run(saved.config, data, saved=saved)
    assert run.snapshot.measured.validation.cost == pytest.approx(0.64060475)


def test_a_run_saved_before_knows_the_drawings_it_was_fine_tuned_on() -> None:
    saved = load_run(KEPT / "taught_run.npz")
    assert saved.fine_tuning is not None
    assert saved.fine_tuning.drawings.m == 3
    run = Run(saved.config, load_data(saved.fine_tuning.config), saved=saved)
    assert run.snapshot.iteration == 55
