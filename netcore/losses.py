"""Losses, each beside its gradient.

A loss is a pair of functions of the prediction A = A[L] and the truth Y, both (n, m):

    value(A, Y) -> J            a number, the mean over the m examples
    gradient(A, Y) -> dA        ∂J/∂A exactly: the 1/m is here, and nowhere else

`canonical` names the output activation with which dZ[L] is simply (A − Y)/m.
`weighted` makes of any loss one in which the classes count differently.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from netcore.array import Array


@dataclass(frozen=True)
class Loss:
    """A named pair (value, gradient), with the formula that a page shows (LaTeX).

    pytorch, keras  the same loss there; PyTorch's takes Z[L], before the output activation
    metric   what Keras calls the measure that goes with it
    weights  Y -> (m,), how much each example counts; None where all count the same
    """

    name: str
    formula: str
    value: Callable[[Array, Array], float]
    gradient: Callable[[Array, Array], Array]
    canonical: str
    pytorch: str = ""
    keras: str = ""
    metric: str = "accuracy"
    weights: Callable[[Array], Array] | None = None


def _inner(P: Array, Q: Array) -> float:
    """Σ P ⊙ Q. The transposes of Fortran-ordered matrices are read as they lie in memory."""
    return float(np.vdot(P.T, Q.T))


def _positive(A: Array) -> Array:
    """A, kept above zero: a probability may round to 0, its logarithm must stay finite."""
    return np.maximum(A, np.finfo(A.dtype).tiny)


def _resolved(A: Array) -> Array:
    """A, kept above the spacing of numbers just below 1, the least that 1 − A can be.

    A sigmoid's output says no more than this: an A that rounds to 0 or 1 on the wrong side then
    costs what its last digit is worth (17 in float32), not a jump to the logarithm of `tiny` (87).
    """
    return np.maximum(A, np.finfo(A.dtype).epsneg)


def cross_entropy(A: Array, Y: Array) -> float:
    """Negative log-likelihood of classes that exclude each other.

    Math:   J = −(1/m) Σ Y log A
    Shapes: A and Y are (n, m); the columns of Y are one-hot

    >>> cross_entropy(np.array([[1.0, 0.0]]), np.array([[1.0, 0.0]]))
    0.0
    """
    return 0.0 - _inner(Y, np.log(_positive(A))) / A.shape[1]  # 0.0 − 0.0 is no −0.0


def cross_entropy_gradient(A: Array, Y: Array) -> Array:
    """dA = −(1/m) Y / A."""
    return -Y / (A.shape[1] * _positive(A))


def binary_cross_entropy(A: Array, Y: Array) -> float:
    """Negative log-likelihood of two classes: the cost of the second post.

    Math:   J = −(1/m) Σ [Y log A + (1 − Y) log(1 − A)]
    Shapes: A and Y are (n, m), usually (1, m); Y holds 0 and 1

    >>> binary_cross_entropy(np.array([[1.0, 0.0]]), np.array([[1.0, 0.0]]))
    0.0
    """
    likelihood = _inner(Y, np.log(_resolved(A))) + _inner(1 - Y, np.log(_resolved(1 - A)))
    return 0.0 - likelihood / A.shape[1]


def binary_cross_entropy_gradient(A: Array, Y: Array) -> Array:
    """dA = −(1/m) (Y / A − (1 − Y) / (1 − A))."""
    return -(Y / _resolved(A) - (1 - Y) / _resolved(1 - A)) / A.shape[1]


def half_squared_error(A: Array, Y: Array) -> float:
    """Half the squared distance between prediction and truth.

    Math:   J = (1/2m) Σ (A − Y)²
    Shapes: A and Y are (n, m)

    >>> half_squared_error(np.array([[3.0]]), np.array([[1.0]]))
    2.0
    """
    E = A - Y
    return _inner(E, E) / (2 * A.shape[1])


def half_squared_error_gradient(A: Array, Y: Array) -> Array:
    """dA = (1/m) (A − Y)."""
    return (A - Y) / A.shape[1]


def example_weights(Y: Array, w: Array) -> Array:
    """(m,): w[c] for an example of class c."""
    weights = w[0] + (w[1] - w[0]) * Y[0] if Y.shape[0] == 1 else w @ Y
    return weights.astype(Y.dtype, copy=False)


def weighted_mean(value: Callable[[Array, Array], float], A: Array, Y: Array, w: Array) -> float:
    """The cost in which an example of class c counts w[c] times: class by class."""
    label, m = (Y[0] if Y.shape[0] == 1 else Y.argmax(axis=0)), Y.shape[1]
    classes = [(c, label == c) for c in range(len(w))]
    parts = (
        w[c] * of_c.sum() / m * value(A[:, of_c], Y[:, of_c]) for c, of_c in classes if of_c.any()
    )
    return float(sum(parts))


def weighted(loss: Loss, class_weights: Sequence[float]) -> Loss:
    """The loss in which an example of class c counts class_weights[c] times.

    Math:   J = (1/m) Σ w[c] J(example); at the canonical output dZ = w[c] (A − Y)/m
    Shapes: Y is (n, m) and one-hot, or (1, m) for two classes
    Source: King & Zeng, "Logistic regression in rare events data" (2001), section 4.2

    >>> twice = weighted(LOSSES["half_squared_error"], [1.0, 2.0])
    >>> twice.value(np.array([[1.0, 0.0]]), np.array([[0.0, 1.0]]))
    0.75
    """
    w = np.array(class_weights, dtype=float)
    return replace(
        loss,
        value=lambda A, Y: weighted_mean(loss.value, A, Y, w),
        gradient=lambda A, Y: loss.gradient(A, Y) * example_weights(Y, w),
        weights=lambda Y: example_weights(Y, w),
    )


LOSSES = {
    loss.name: loss
    for loss in (
        Loss(
            "cross_entropy",
            r"-\frac{1}{m} \sum Y \log A",
            cross_entropy,
            cross_entropy_gradient,
            canonical="softmax",
            pytorch="nn.CrossEntropyLoss()",
            keras='"categorical_crossentropy"',
        ),
        Loss(
            "binary_cross_entropy",
            r"-\frac{1}{m} \sum \left[Y \log A + (1 - Y) \log (1 - A)\right]",
            binary_cross_entropy,
            binary_cross_entropy_gradient,
            canonical="sigmoid",
            pytorch="nn.BCEWithLogitsLoss()",
            keras='"binary_crossentropy"',
        ),
        Loss(
            "half_squared_error",
            r"\frac{1}{2m} \sum (A - Y)^2",
            half_squared_error,
            half_squared_error_gradient,
            canonical="identity",
            pytorch="lambda Z, Y: nn.functional.mse_loss(Z, Y) / 2",
            keras="lambda Y, A: keras.losses.mean_squared_error(Y, A) / 2",
            metric="R2Score",
        ),
    )
}
