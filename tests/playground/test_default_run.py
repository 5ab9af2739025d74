"""The accuracy of the default run, on digits that were used neither for training nor for tuning."""

import pytest

from data.dataset import DataError
from data.folders import data_folder
from data.mnist import MNIST, load_images
from data.preprocessing import prepare
from data.strokes import draw_strokes
from netcore.metrics import evaluate
from playground.config import RunConfig
from playground.predictions import predict
from playground.run import Run
from playground.run_data import load_data
from tests.playground.examples import wait_until
from ui.draw.example_strokes import EXAMPLES


@pytest.mark.timeout(240)
def test_the_default_run_has_97_percent_accuracy_on_mnists_test_images() -> None:
    if data_folder() is None:
        pytest.skip("PLAYGROUND_DATA names no folder with MNIST's test images")
    try:
        mnist = load_images(MNIST, data_folder()).validation
    except DataError as error:
        pytest.skip(str(error))
    run = Run(RunConfig(), load_data(RunConfig()))
    run.play()
    wait_until(lambda: not run.busy, 200)
    assert run.snapshot.status == "done"
    measured = evaluate(run.snapshot.network, mnist.X, mnist.Y, mnist.labels, run._trainer.loss)
    assert mnist.m == 10_000
    assert measured.score >= 0.97
    for name, strokes in EXAMPLES.items():
        paths = [280 * path for path in strokes]
        for pen_width in (8, 20, 40):
            prepared = prepare(draw_strokes(paths, pen_width=pen_width))
            assert prepared is not None
            assert predict(run.snapshot.network, prepared).label == int(name)
