"""Save and load on the Train page: the run comes back as it was left, whatever was shown."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from data.upload_store import UPLOADS
from playground.run import Run
from tests.pages.conftest import Open, at_rest, query_of, run_of, said
from tests.playground.examples import DATA, numbers, small, wait_until


def trained(iterations: int) -> Run:
    """A run on data that were uploaded, paused."""
    run = Run(small(dataset=UPLOADS.keep(DATA, "quarters.csv").name), DATA)
    run.step(iterations)
    wait_until(lambda: not run.busy)
    return run


def load(at: AppTest, content: bytes) -> AppTest:
    at.file_uploader(key="saved run").upload("run.npz", content)
    at.run()
    assert not at.exception
    return at


def test_a_saved_run_is_shown_as_it_was_left_and_goes_on(open_app: Open) -> None:
    there = trained(7)
    at = open_app(layers="784,4,10")
    first = run_of(at)
    load(at, there.save())
    here = run_of(at)
    assert (here.snapshot.status, here.snapshot.iteration) == ("paused", 7)
    assert here.config == there.config
    assert query_of(at, "dataset") == [there.config.dataset]
    assert at.text_input(key="set layers").value == str(list(there.config.layers))
    at.button(key="play").click().run()
    at_rest(at)
    there.play()
    wait_until(lambda: not there.busy)
    assert numbers(here.snapshot.curves) == numbers(there.snapshot.curves)
    np.testing.assert_array_equal(here.snapshot.network.theta, there.snapshot.network.theta)
    assert run_of(at) is not first


def test_the_run_that_it_replaces_can_be_gone_back_to(open_app: Open) -> None:
    at = open_app(layers="784,4,10", augmentation="0")
    first = run_of(at)
    at.button(key="step").click().run()
    at_rest(at)
    load(at, trained(3).save())
    at.button(key="back").click().run()
    assert run_of(at) is first


@pytest.mark.parametrize("content", [b"", b"hello", bytes(1000), b"PK\x03\x04" + bytes(200)])
def test_a_file_that_is_not_a_run_gets_a_sentence_and_changes_nothing(
    open_app: Open, content: bytes
) -> None:
    at = open_app(layers="784,4,10")
    first = run_of(at)
    load(at, content)
    assert run_of(at) is first
    assert "Everything stays as it was." in said(at)


def test_a_file_cut_short_gets_a_sentence(open_app: Open) -> None:
    content = trained(3).save()
    at = open_app(layers="784,4,10")
    first = run_of(at)
    load(at, content[: len(content) // 2])
    assert run_of(at) is first
    assert "Everything stays as it was." in said(at)


def test_a_run_whose_upload_is_not_here_says_so(open_app: Open) -> None:
    run = Run(small(dataset="upload-0123456789abcdef"), DATA)
    at = open_app(layers="784,4,10")
    load(at, run.save())
    assert "upload the same files again" in said(at)
    assert run_of(at).config.dataset == "mnist-5k"


def test_the_page_offers_to_save_what_it_shows(open_app: Open) -> None:
    at = open_app(layers="784,4,10", seed="7")
    (offer,) = (each for each in at.get("download_button") if each.proto.label == "Save this run")
    assert not offer.proto.disabled
