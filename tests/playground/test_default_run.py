"""What the default run promises, on digits that neither it nor its tuning was trained on."""

import pytest

from data.dataset import DataError
from data.folders import data_folder
from data.mnist import MNIST, load_images
from data.mnist_5k import load_mnist_5k
from netcore.metrics import evaluate
from playground.config import RunConfig
from playground.run import Run
from tests.playground.examples import wait_until


@pytest.mark.timeout(240)
def test_the_default_run_reads_97_of_100_of_mnists_own_test_images() -> None:
    if data_folder() is None:
        pytest.skip("PLAYGROUND_DATA names no folder with MNIST's test images")
    try:
        mnist = load_images(MNIST, data_folder()).validation
    except DataError as error:
        pytest.skip(str(error))
    run = Run(RunConfig(), load_mnist_5k())
    run.play()
    wait_until(lambda: not run.busy, 200)
    assert run.snapshot.status == "done"
    measured = evaluate(run.snapshot.network, mnist.X, mnist.Y, mnist.labels, run._trainer.loss)
    assert mnist.m == 10_000
    assert measured.accuracy >= 0.97
