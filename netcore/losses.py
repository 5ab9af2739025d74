"""Losses, each beside its gradient.

A loss is a pair of functions of the prediction A = A[L] and the target Y, both (n, m):

    value(A, Y) -> J            a number, the mean over the m examples
    gradient(A, Y) -> dA        ∂J/∂A exactly: the factor 1/m is here and nowhere else

`canonical` names the output activation with which dZ[L] simplifies to (A − Y)/m.
`weighted` gives any loss class weights.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from netcore.array import Array


@dataclass(frozen=True)
class Loss:
    """A named pair (value, gradient), with what pages and exports need to know about it.

    formula  in LaTeX
    pytorch  the same loss in PyTorch, of Z[L] (before the output activation); {reduction} is mean,
             or none for the loss of each example
    keras    the same loss in Keras, of A[L]
    metric   the Keras name of the metric reported beside the loss
    weights  Y -> (m,), the weight of each example; None if all weigh the same
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
    """Σ P ⊙ Q. P and Q are in Fortran order: so vdot copies no transpose."""
    return float(np.vdot(P.T, Q.T))


def _positive(A: Array) -> Array:
    """A, but at least the smallest positive number: log A stays finite where A rounded to 0."""
    return np.maximum(A, np.finfo(A.dtype).tiny)


def _resolved(A: Array) -> Array:
    """A, but at least the distance from 1 to the next smaller floating-point number.

    That is the smallest nonzero value of 1 − A. So the cost of a wrong, fully saturated sigmoid is
    the same at both ends (17 in float32), instead of jumping to −log of the smallest number (87).
    """
    return np.maximum(A, np.finfo(A.dtype).epsneg)


def cross_entropy(A: Array, Y: Array) -> float:
    """Negative log-likelihood of mutually exclusive classes.

    Math:   J = −(1/m) Σ Y log A
    Shapes: A and Y are (n, m); the columns of Y are one-hot

    >>> cross_entropy(np.array([[1.0, 0.0]]), np.array([[1.0, 0.0]]))
    0.0
    """
    return 0.0 - _inner(Y, np.log(_positive(A))) / A.shape[1]  # unlike -x, 0.0 - x is never -0.0


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
    """Half the squared distance between prediction and target.

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
    """The weight of each example (m,): w[c] for an example of class c."""
    weights = w[0] + (w[1] - w[0]) * Y[0] if Y.shape[0] == 1 else w @ Y
    return weights.astype(Y.dtype, copy=False)


def weighted_mean(value: Callable[[Array, Array], float], A: Array, Y: Array, w: Array) -> float:
    """The cost with class weights w: the costs of the classes, each times w[c] and its share."""
    label, m = (Y[0] if Y.shape[0] == 1 else Y.argmax(axis=0)), Y.shape[1]
    masks = [(c, label == c) for c in range(len(w))]
    costs = (
        w[c] * mask.sum() / m * value(A[:, mask], Y[:, mask]) for c, mask in masks if mask.any()
    )
    return float(sum(costs))


def weighted(loss: Loss, class_weights: Sequence[float]) -> Loss:
    """The same loss with class weights: an example of class c counts class_weights[c] times.

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
            pytorch='nn.CrossEntropyLoss(reduction="{reduction}")',
            keras='"categorical_crossentropy"',
        ),
        Loss(
            "binary_cross_entropy",
            r"-\frac{1}{m} \sum \left[Y \log A + (1 - Y) \log (1 - A)\right]",
            binary_cross_entropy,
            binary_cross_entropy_gradient,
            canonical="sigmoid",
            pytorch='nn.BCEWithLogitsLoss(reduction="{reduction}")',
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
