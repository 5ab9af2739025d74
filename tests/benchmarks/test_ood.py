"""The benchmark of the detector: it rejects a blank; letters are named as drawn."""

import numpy as np

from benchmarks.not_digits import LETTERS, fonts, letters
from benchmarks.ood import LIKE_FORMS, Pictures, rejected
from data.mnist_5k import load_mnist_5k
from data.similarity import Similarity
from netcore.network import Network
from playground.ood_detector import OODDetector


def test_blanks_and_dots_are_rejected() -> None:
    digits = load_mnist_5k()
    few = digits.train.take(np.arange(200))
    detector = OODDetector(digits.validation, Similarity(few))
    network = Network((784, 10), ("softmax",), np.zeros(7850, dtype=np.float32))
    blank, dot = np.zeros((2, 280, 280, 4), dtype=np.uint8)
    dot[140:143, 140:143] = 255
    assert rejected(detector, network, Pictures.of("none", [blank, dot])).tolist() == [True, True]


def test_letters_come_font_by_font_and_copies_side_by_side() -> None:
    assert set(LIKE_FORMS) < set(LETTERS)
    (font, *_) = fonts().values()
    both = list(letters([font, font], seed=0, copies=2))
    assert len(both) == 2 * 2 * len(LETTERS)
    # Two copies of a letter have the same shape at different sizes: their proportions agree.
    proportions = []
    for picture in both:
        rows, columns = (np.flatnonzero(picture[..., 0].any(axis=axis)) for axis in (1, 0))
        proportions.append(np.log(np.ptp(rows) / np.ptp(columns)))
    by_letter = np.reshape(proportions, (2, len(LETTERS), 2))
    assert np.abs(by_letter - by_letter.mean(axis=(0, 2), keepdims=True)).max() < 0.08
