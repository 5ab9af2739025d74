"""Calibration and principal components as scikit-learn and SciPy have them."""

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from sklearn.calibration import calibration_curve
from sklearn.decomposition import PCA
from sklearn.metrics import log_loss

from netcore.activations import softmax
from playground.inspect.calibration import BINS, best_temperature, cost_at, reliability
from playground.inspect.outcome import Outcome
from playground.inspect.pca import principal_axes
from playground.inspect.selection import Selection
from tests.playground.inspect.trained import VALIDATION, trained


def made_up(m: int, sharpness: float, seed: int) -> Outcome:
    """Logits whose softmax is right as often as it says, then sharpened."""
    rng = np.random.default_rng(seed)
    Z = rng.normal(0, 2, (5, m))
    labels = np.array([rng.choice(5, p=a) for a in softmax(Z).T])
    return Outcome(sharpness * Z, labels)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0])
def test_reliability_is_scikit_learns_calibration_curve(temperature: float) -> None:
    found = made_up(3_000, 1.7, 1)
    right, confidence = calibration_curve(
        ~found.wrong, softmax(found.Z / temperature).max(axis=0), n_bins=BINS
    )
    ours = reliability(found, temperature)
    filled = ours.counts > 0
    np.testing.assert_allclose(ours.accuracy[filled], right)
    np.testing.assert_allclose(ours.confidence[filled], confidence)
    weights = ours.counts[filled] / 3_000
    assert ours.error == pytest.approx(np.sum(weights * np.abs(right - confidence)))


def test_cost_is_scikit_learns_log_loss() -> None:
    found = made_up(500, 1.7, 2)
    expected = log_loss(found.labels, softmax(found.Z / 1.3).T, labels=range(5))
    assert cost_at(found, 1.3) == pytest.approx(expected)


@pytest.mark.parametrize("sharpness", [0.6, 1.0, 2.5])
def test_the_best_temperature_is_scipys_and_undoes_the_sharpening(sharpness: float) -> None:
    found = made_up(4_000, sharpness, 3)
    ours = best_temperature(found)
    scipys = minimize_scalar(lambda T: cost_at(found, T), bounds=(0.2, 5), method="bounded").x
    assert ours == pytest.approx(scipys, rel=2e-3)
    assert ours == pytest.approx(sharpness, rel=0.1)
    assert reliability(found, ours).error < 0.02


def test_a_bin_selects_the_examples_that_it_counts() -> None:
    found = made_up(1_000, 1.5, 4)
    for temperature in (1.0, 1.7):
        counts = reliability(found, temperature).counts
        for i in range(BINS):
            rule = Selection(percent=(10 * i, 10 * i + 10), temperature=round(100 * temperature))
            assert rule._mask(found).sum() == counts[i]


@pytest.mark.parametrize("shape", [(64, 40), (12, 40), (30, 30)])
def test_principal_axes_are_scikit_learns(shape: tuple[int, int]) -> None:
    M = np.random.default_rng(5).normal(size=shape) * np.arange(1, shape[0] + 1)[:, None]
    ours, theirs = principal_axes(M), PCA(2, svd_solver="full").fit(M.T)
    np.testing.assert_allclose(ours.components, theirs.components_, atol=1e-8)
    np.testing.assert_allclose(ours.explained, theirs.explained_variance_ratio_)
    np.testing.assert_allclose(ours.project(M), theirs.transform(M.T).T, atol=1e-8)


def test_what_has_no_two_directions_lies_on_a_line_or_a_point() -> None:
    line = principal_axes(np.array([[1.0, 2.0, 4.0]]))
    assert line.project(np.array([[1.0, 4.0]]))[1].tolist() == [0, 0]
    same = principal_axes(np.ones((5, 7)))
    assert np.isfinite(same.project(np.ones((5, 2)))).all()
    assert np.isfinite(principal_axes(np.ones((5, 1))).project(np.ones((5, 1)))).all()


def test_activations_have_axes_too() -> None:
    A = trained(12).forward(VALIDATION.X)[0].A
    assert 0 < principal_axes(A).explained.sum() <= 1
