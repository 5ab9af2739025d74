"""Out-of-distribution (OOD) detector: recognizes drawings that are none of the classes, and why.

A network predicts a class for any drawing. The detector scores a drawing by its distance from
training images of the predicted class, and by how uncertain the prediction is. It rejects a
drawing whose score is higher than almost all validation images have. So the same rule works for
any network and any images, and needs no examples of other things than the classes.
benchmarks/ood.py measures it.
"""

from threading import Thread

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

DOT = 0.1  # a drawing with both sides shorter than this share of the canvas is a dot
PART = 0.2  # a separate part with less than this share of the ink is not a drawing by itself
REJECTED_PERCENT = 2.7  # percent of validation images whose score is above the limit
UNCERTAINTY_WEIGHT = 0.4  # of a standard deviation of uncertainty, against one of distance
MAX_VALIDATION = 1_000  # validation images from which the limit is found
CONFIDENT = 0.7
EPSILON = 1e-7  # smallest 1 − a: float32 cannot represent smaller differences


class OODDetector:
    """Compares drawings with known images. The limit of the score is found for each network when it
    is first used.
    """

    def __init__(self, validation: Dataset, similarity: Similarity) -> None:
        few = np.linspace(0, validation.m - 1, min(MAX_VALIDATION, validation.m)).astype(int)
        self.similarity = similarity
        self._validation = validation.take(few)
        self._ood_score = self.similarity.ood_score(self._validation.X)
        self._limits: WeakCache[Network, _Limit] = WeakCache("key")

    def rejection(self, prediction: Prediction, names: tuple[str, ...]) -> str:
        """A sentence on why this drawing is none of the classes, or "" if it is not rejected.

        This takes a few milliseconds, and for a new network one pass through the validation images.
        """
        prepared, A = prediction.prepared, prediction.A
        if reason := _too_little(prepared) or _too_many(prepared):
            return reason
        ood_score = self.similarity.ood_score(prepared.column)
        limit = self._limit(prediction.network)
        if not limit.exceeded(A, ood_score)[0]:
            return ""
        return limit.reason(prediction.a, float(ood_score[prediction.label, 0]), names)

    def is_ood(self, network: Network, X: Array) -> NDArray[np.bool_]:
        """Whether each of these images (m,) is out of distribution."""
        A = class_probabilities(network.predict(X))
        return self._limit(network).exceeded(A, self.similarity.ood_score(X))

    def _limit(self, network: Network) -> "_Limit":
        def find() -> _Limit:
            A = class_probabilities(network.predict(self._validation.X))
            return _Limit(A, self._ood_score)

        return self._limits.get(network, find)


class _Limit:
    """The score of one network, and the limit that all but REJECTED_PERCENT of validation images
    stay below.
    """

    def __init__(self, A: Array, ood_score: Array) -> None:
        self._ood_score, uncertainty = _of_prediction(A, ood_score), _uncertainty(A)
        self._mean_and_spread = [
            (each.mean(), max(each.std(), 1e-6)) for each in (self._ood_score, uncertainty)
        ]
        self._limit = np.percentile(self._score(A, ood_score), 100 - REJECTED_PERCENT)

    def _score(self, A: Array, ood_score: Array) -> Array:
        (distance, distance_spread), (uncertainty, uncertainty_spread) = self._mean_and_spread
        score: Array = (_of_prediction(A, ood_score) - distance) / distance_spread
        score = score + UNCERTAINTY_WEIGHT * (_uncertainty(A) - uncertainty) / uncertainty_spread
        return score

    def exceeded(self, A: Array, ood_score: Array) -> NDArray[np.bool_]:
        exceeded: NDArray[np.bool_] = self._score(A, ood_score) > self._limit
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
            f"The network is uncertain: {100 * a[first]:.0f} % for {names[first]}, "
            f"{100 * a[second]:.0f} % for {names[second]}."
        )


def _of_prediction(A: Array, ood_score: Array) -> Array:
    """The OOD score (m,) of each image for its predicted class."""
    score = ood_score[A.argmax(axis=0), np.arange(A.shape[1])]
    finite: Array = np.where(
        np.isfinite(score), score, np.nanmax(ood_score[np.isfinite(ood_score)])
    )
    return finite


def _uncertainty(A: Array) -> Array:
    uncertainty: Array = np.log10(np.maximum(1 - A.max(axis=0), EPSILON))
    return uncertainty


def _too_little(prepared: Prepared) -> str:
    if max(prepared.cropped.shape) < DOT * max(prepared.ink.shape):
        return "That is only a dot. Draw larger: a drawing should fill half of the square."
    return ""


def _too_many(prepared: Prepared) -> str:
    n = side_by_side(prepared.ink)
    return f"There are {n} drawings side by side: draw one at a time." if n > 1 else ""


def side_by_side(ink: Array) -> int:
    """The number of drawings separated by empty columns, without small parts.

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
    """The detector for a run's training data. Making it takes a second; the runs of a data set
    share one. The detector of a fine-tuned run also knows its drawings.
    """
    return _detector(run.learned_from, run.fine_tuning)


def _detector(data: Splits, fine_tuning: FineTuning | None) -> OODDetector:
    detector = _detectors.get(data, lambda: OODDetector(data.validation, Similarity(data.train)))
    if fine_tuning is None:
        return detector
    more = fine_tuning.drawings
    return _detectors.get(
        fine_tuning, lambda: OODDetector(data.validation, detector.similarity.with_more(more))
    )


def prepare_detector(run: Snapshot) -> None:
    """Make the detector in a thread of its own, so that the first drawing need not wait for it. The
    thread does not hold the snapshot, which has all weights.
    """
    needs = run.learned_from, run.fine_tuning
    Thread(target=_detector, args=needs, name="OOD detector", daemon=True).start()
