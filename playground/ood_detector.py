"""Doubt: whether a drawing is one of the things that the network learned, and why not.

A network has an answer to everything. A drawing is out of distribution where it is further from the
training images of the class answered, and answered with less certainty, than validation images of
the run's own data ever are; so the same rule holds for any network and any images, and needs no
examples of what is no digit. What it is worth is measured by benchmarks/ood.py.
"""

import numpy as np
from numpy.typing import NDArray

from data.dataset import Array, Dataset, Splits
from data.preprocessing import Prepared
from data.similarity import Similarity
from netcore.network import Network
from playground.fine_tuning import FineTuning
from playground.output import class_probabilities
from playground.predictions import Prediction
from playground.run import Snapshot
from playground.weak_cache import WeakCache

DOT = 0.1  # of the canvas: a drawing with no side longer than this is a dot
PART = 0.2  # of all ink: what stands alone with less is part of the drawing beside it
REFUSED_PERCENT = 2.7  # per cent of the validation images, those that are oddest of all
UNSURE = 0.4  # what a standard deviation of certainty counts beside one of ood_score
MAX_HELD_OUT = 1_000  # images with which the limit is found
SURE = 0.7
LEAST = 1e-7  # of 1 − a: float32 knows no difference below


class OODDetector:
    """Judges drawings by the images that are known; a network's own limit is found when it is
    first asked."""

    def __init__(self, validation: Dataset, similarity: Similarity) -> None:
        few = np.linspace(0, validation.m - 1, min(MAX_HELD_OUT, validation.m)).astype(int)
        self.similarity = similarity
        self._validation = validation.take(few)
        self._ood_score = self.similarity.ood_score(self._validation.X)
        self._limits: WeakCache[Network, _Limit] = WeakCache("key")

    def doubt(self, prediction: Prediction, names: tuple[str, ...]) -> str:
        """A sentence on why this drawing is none of the classes, "" where there is no doubt.

        A few thousandths of a second, and for a network not asked before a pass through the
        validation images."""
        prepared, A = prediction.prepared, prediction.A
        if doubt := _too_little(prepared) or _too_many(prepared):
            return doubt
        ood_score = self.similarity.ood_score(prepared.column)
        limit = self._limit(prediction.network)
        if not limit.exceeded(A, ood_score)[0]:
            return ""
        return limit.reason(prediction.a, float(ood_score[prediction.label, 0]), names)

    def is_ood(self, network: Network, X: Array) -> NDArray[np.bool_]:
        """(m,) Whether each of these images looks like none of the classes."""
        A = class_probabilities(network.predict(X))
        return self._limit(network).exceeded(A, self.similarity.ood_score(X))

    def _limit(self, network: Network) -> "_Limit":
        def find() -> _Limit:
            A = class_probabilities(network.predict(self._validation.X))
            return _Limit(A, self._ood_score)

        return self._limits.get(network, find)


class _Limit:
    """The scores of validation images, and the limit that all but REFUSED_PERCENT stay under."""

    def __init__(self, A: Array, ood_score: Array) -> None:
        self._ood_score, unsure = _of_answer(A, ood_score), _unsure(A)
        self._usual = [(each.mean(), max(each.std(), 1e-6)) for each in (self._ood_score, unsure)]
        self._most = np.percentile(self._score(A, ood_score), 100 - REFUSED_PERCENT)

    def _score(self, A: Array, ood_score: Array) -> Array:
        (odd, odd_spread), (unsure, unsure_spread) = self._usual
        score: Array = (_of_answer(A, ood_score) - odd) / odd_spread
        score = score + UNSURE * (_unsure(A) - unsure) / unsure_spread
        return score

    def exceeded(self, A: Array, ood_score: Array) -> NDArray[np.bool_]:
        exceeded: NDArray[np.bool_] = self._score(A, ood_score) > self._most
        return exceeded

    def reason(self, a: Array, ood_score: float, names: tuple[str, ...]) -> str:
        first, second = np.argsort(a)[::-1][:2]
        further = float(np.mean(ood_score > self._ood_score))
        if further >= 0.9:
            return (
                f"It is further from any {names[first]} it learned from than "
                f"{100 * further:.1f} % of validation images are."
            )
        return (
            f"The network wavers: {100 * a[first]:.0f} % for {names[first]}, "
            f"{100 * a[second]:.0f} % for {names[second]}; validation images are clearer."
        )


def _of_answer(A: Array, ood_score: Array) -> Array:
    """(m,) How odd each image is for the class that the network answers."""
    odd = ood_score[A.argmax(axis=0), np.arange(A.shape[1])]
    finite: Array = np.where(np.isfinite(odd), odd, np.nanmax(ood_score[np.isfinite(ood_score)]))
    return finite


def _unsure(A: Array) -> Array:
    unsure: Array = np.log10(np.maximum(1 - A.max(axis=0), LEAST))
    return unsure


def _too_little(prepared: Prepared) -> str:
    if max(prepared.cropped.shape) < DOT * max(prepared.ink.shape):
        return "That is only a dot. Draw larger: a digit fills half of the square."
    return ""


def _too_many(prepared: Prepared) -> str:
    n = side_by_side(prepared.ink)
    return f"{n} drawings stand side by side: draw one at a time." if n > 1 else ""


def side_by_side(ink: Array) -> int:
    """How many drawings have an empty column between them, those with little ink aside.

    >>> side_by_side(np.array([[1, 1, 0, 1], [1, 0, 0, 1]]))
    2
    """
    by_column = ink.sum(axis=0)
    inked = np.concatenate(([0], by_column > 0, [0])).astype(int)
    starts, stops = np.flatnonzero(np.diff(inked) > 0), np.flatnonzero(np.diff(inked) < 0)
    parts = [by_column[start:stop].sum() for start, stop in zip(starts, stops, strict=True)]
    return int(sum(part >= PART * by_column.sum() for part in parts))


_detectors: WeakCache[Splits | FineTuning, OODDetector] = WeakCache("key")


def detector_of(run: Snapshot) -> OODDetector:
    """The detector for what a run has learned from. Made once, which takes a second, and shared by
    the runs of a data set; a fine-tuned run's knows its drawings too."""
    data, fine_tuning = run.learned_from, run.fine_tuning
    detector = _detectors.get(data, lambda: OODDetector(data.validation, Similarity(data.train)))
    if fine_tuning is None:
        return detector
    more = fine_tuning.drawings
    return _detectors.get(
        fine_tuning, lambda: OODDetector(data.validation, detector.similarity.with_more(more))
    )
