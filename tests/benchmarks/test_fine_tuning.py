"""The benchmark of fine-tuning: no drawing is both trained on and measured, and its rows are
comparable.
"""

import numpy as np
import pytest

from benchmarks.digit_forms import Readable
from benchmarks.drawing import Start
from benchmarks.fine_tuning import N_DRAWINGS, curve_table, tune
from data.dataset import Splits
from data.mnist_5k import load_mnist_5k
from netcore.network import Network
from playground import fine_tuning
from playground.config import RunConfig
from playground.trainer import Trainer

DATA = load_mnist_5k()
MNIST = Readable("MNIST", DATA.validation.X, DATA.validation.labels)


def start() -> Start:
    config = RunConfig(epochs=2).with_values(layers=(784, 16, 10))
    trainer = Trainer(config, DATA)
    while not trainer.done:
        trainer.step()
    return Start(trainer.network, config, DATA)


def test_no_drawing_is_both_trained_on_and_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the number: the same drawings, those after the first five of each digit."""
    drawn = DATA.validation.take(np.arange(300))
    read: list[int] = []
    learned: list[int] = []
    really, begin = Network.predict, fine_tuning.FineTuning.examples

    def predict(network: Network, X: np.ndarray) -> np.ndarray:
        read.append(X.shape[1])
        return really(network, X)

    def examples(self: fine_tuning.FineTuning, data: Splits) -> Splits:
        learned.append(self.drawings.m)
        return begin(self, data)

    monkeypatch.setattr(fine_tuning, "STEPS", 2)
    begun = start()
    monkeypatch.setattr(Network, "predict", predict)
    monkeypatch.setattr(fine_tuning.FineTuning, "examples", examples)
    for n in N_DRAWINGS:
        tune(begun, drawn, MNIST, n)
    assert learned == [10 * n for n in N_DRAWINGS]
    others = drawn.m - 10 * max(N_DRAWINGS)
    assert read == len(N_DRAWINGS) * [others, others, MNIST.X.shape[1], MNIST.X.shape[1]]


def test_the_curve_begins_with_the_network_before_fine_tuning(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    X, labels = DATA.validation.X[:, :600], DATA.validation.labels[:600]
    people = Readable("two writers", X, labels, np.repeat([3, 6], 300))
    monkeypatch.setattr(fine_tuning, "STEPS", 2)
    lines = curve_table([start()], people, MNIST).splitlines()
    assert "two writers" in lines[0]
    assert [line.split("|")[1].strip() for line in lines[2:]] == ["0", "1", "2", "3", "5"]
    assert lines[2].split("|")[-2].strip() == ""  # it took no time
