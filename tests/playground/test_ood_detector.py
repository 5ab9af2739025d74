"""The OOD detector: it accepts digits, rejects other drawings, and gives the reason."""

from collections.abc import Callable

import numpy as np
import pytest

from benchmarks.not_digits import fonts, letters, scribbles
from data import catalog
from data.preprocessing import prepare
from data.similarity import Similarity
from netcore.network import Network
from playground.config import RunConfig
from playground.ood_detector import OODDetector, detector_of, side_by_side
from playground.predictions import predict
from playground.run import Run
from playground.trainer import Trainer

DATA = catalog.load("mnist-5k")
NAMES = DATA.train.class_names


@pytest.fixture(scope="module")
def network() -> Network:
    """A network that has learned for a moment."""
    config = RunConfig(augmentation=0.0, epochs=6).with_values(layers=(784, 64, 10))
    trainer = Trainer(config, DATA)
    while not trainer.done:
        trainer.step()
    return trainer.network


@pytest.fixture(scope="module")
def detector() -> OODDetector:
    return OODDetector(DATA.validation, Similarity(DATA.train))


def canvas(*boxes: tuple[slice, slice]) -> np.ndarray:
    picture = np.zeros((280, 280, 4), dtype=np.uint8)
    picture[..., 3] = 255
    for box in boxes:
        picture[(*box, slice(0, 3))] = 255
    return picture


def rejection(detector: OODDetector, network: Network, picture: np.ndarray) -> str:
    prepared = prepare(picture)
    assert prepared is not None
    return detector.rejection(predict(network, prepared), NAMES)


def test_few_digits_are_rejected(network: Network) -> None:
    """The limit is chosen on one half of the validation digits and measured on the other half."""
    order = np.random.default_rng(0).permutation(DATA.validation.m)
    half = DATA.validation.m // 2
    detector = OODDetector(DATA.validation.take(order[:half]), Similarity(DATA.train))
    is_ood = detector.is_ood(network, DATA.validation.take(order[half:]).X)
    assert 0.005 < np.mean(is_ood) < 0.08


def test_most_scribbles_and_letters_are_rejected(detector: OODDetector, network: Network) -> None:
    not_digits = [*scribbles(80, seed=5), *letters([fonts()["Aileron Regular"]], seed=5, copies=1)]
    assert np.mean([bool(rejection(detector, network, each)) for each in not_digits]) > 0.7


def test_an_untrained_network_has_its_own_limit(detector: OODDetector, network: Network) -> None:
    """With the limit of another network, six of ten digits would be rejected: it is uncertain."""
    fresh = Trainer(RunConfig().with_values(layers=(784, 10)), DATA).network
    detector.is_ood(network, DATA.validation.X)
    assert 0.01 < np.mean(detector.is_ood(fresh, DATA.train.X)) < 0.1


def test_a_diverged_network_rejects_nothing(detector: OODDetector) -> None:
    broken = Trainer(RunConfig().with_values(layers=(784, 10)), DATA).network.copy()
    broken.theta[:] = np.nan
    assert rejection(detector, broken, canvas((slice(60, 220), slice(130, 150)))) == ""


@pytest.mark.parametrize(
    ("picture", "reason"),
    [
        (canvas((slice(100, 110), slice(100, 110))), "only a dot"),
        (
            canvas((slice(60, 220), slice(60, 80)), (slice(60, 220), slice(180, 200))),
            "2 drawings side by side",
        ),
        (
            np.random.default_rng(0).choice([0, 255], size=(280, 280)).astype(np.uint8),
            "further from any|uncertain",
        ),
    ],
    ids=["dot", "two", "noise"],
)
def test_the_reason_is_told(
    detector: OODDetector, network: Network, picture: np.ndarray, reason: str
) -> None:
    import re

    assert re.search(reason, rejection(detector, network, picture))


def test_a_gap_in_a_digit_is_no_second_one() -> None:
    ink = np.zeros((10, 10))
    ink[:, 0:4] = 1
    ink[4:6, 6] = 1  # little ink, apart
    assert side_by_side(ink) == 1
    ink[:, 6:9] = 1
    assert side_by_side(ink) == 2


def test_runs_of_the_same_data_share_a_detector(new_run: Callable[..., Run]) -> None:
    first, second = new_run(), new_run(seed=2)
    assert detector_of(first.snapshot) is detector_of(second.snapshot)
