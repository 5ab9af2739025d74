"""Calibration: whether a confidence of 90 % means 90 % correct; reliability, ECE and
temperature.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netcore.array import Array
from playground.inspect.outcome import Outcome

BINS = 10
MIN_T, MAX_T = 0.2, 5.0
GOLDEN = (5**0.5 - 1) / 2


@dataclass(frozen=True, eq=False)
class Reliability:
    """For each bin of confidence: the number of predictions, their mean confidence, and their
    accuracy; nan for empty bins.
    """

    counts: NDArray[np.integer]
    confidence: Array
    accuracy: Array

    @property
    def error(self) -> float:
        """The expected calibration error (ECE): the mean gap between confidence and accuracy,
        weighted by the counts.

        Source: Naeini, Cooper & Hauskrecht, "Obtaining well calibrated probabilities" (2015)
        """
        gaps = np.nan_to_num(np.abs(self.confidence - self.accuracy))
        return float(np.sum(self.counts * gaps) / max(self.counts.sum(), 1))


def reliability(found: Outcome, temperature: float = 1.0) -> Reliability:
    """Bins of 10 %. A confidence on an edge is in the upper bin; 100 % is in the last one."""
    confidence = found.confidence_at(temperature).astype(float)
    # These are the edges that a selection by confidence has, so that both have the same examples.
    edges = np.arange(1, BINS) / BINS
    bins = np.searchsorted(edges, confidence, side="right")
    counts = np.bincount(bins, minlength=BINS)
    filled = np.where(counts > 0, counts, np.nan)
    sums = [np.bincount(bins, weights=w, minlength=BINS) for w in (confidence, ~found.wrong)]
    return Reliability(counts, sums[0] / filled, sums[1] / filled)


def cost_at(found: Outcome, temperature: float) -> float:
    """The mean negative log-likelihood of the labels, with logits divided by the temperature."""
    Z = found.Z.astype(float) / temperature
    top = Z.max(axis=0)
    log_sum = top + np.log(np.exp(Z - top).sum(axis=0))
    return float(np.mean(log_sum - Z[found.labels, np.arange(found.m)]))


def best_temperature(found: Outcome) -> float:
    """The temperature of the lowest cost, by golden-section search over its logarithm.

    Source: Guo, Pleiss, Sun & Weinberger, "On calibration of modern neural networks" (2017)
    """
    low, high = np.log(MIN_T), np.log(MAX_T)
    while high - low > 1e-3:
        left, right = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
        if cost_at(found, float(np.exp(left))) < cost_at(found, float(np.exp(right))):
            high = right
        else:
            low = left
    return float(np.exp((low + high) / 2))
