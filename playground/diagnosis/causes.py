"""Causes in the network, its data or its settings that keep a run from learning."""

from collections.abc import Callable
from math import isfinite

import numpy as np

from netcore.activations import ACTIVATIONS
from netcore.initializers import INITIALIZERS
from playground.config import RunConfig
from playground.diagnosis.case import Case, Finding, with_slower_steps
from playground.layer_statistics import EXAMPLES, LayerStatistics, norm
from playground.run import Status

DEAD = 0.4  # share of a layer's units
ALMOST_ALL = 0.8  # share of a layer's units: probably one step was too long
SATURATED = 0.8  # share of a layer's outputs
VANISHED = 1e-3  # ratio of the first layer's typical gradient to the last layer's
VANISHED_TO_GUESSING = 3e-2  # the limit of this ratio if the network has learned nothing
EXPLODED = 1e2  # ‖gradient‖
PULLED = 0.2  # ratio of ‖theta‖ to that at the start
SHUFFLED = 0.8  # share of the labels
OVERFIT = 1.3  # ratio of the validation cost to its lowest value


def not_finite(case: Case) -> Finding | None:
    bad = np.flatnonzero(~np.isfinite(case.costs))
    if not bad.size and case.shown.status is not Status.FAILED:
        return None
    at = int(bad[0]) if bad.size else len(case.costs)
    before = f"{case.costs[at - 1]:.3g}" if at else "nothing"
    return with_slower_steps(
        case,
        "not finite",
        "The run diverged: its cost is NaN or infinite",
        f"Step {at + 1:,} has a cost that is not finite; the one before it had {before}.",
        "Each step was too long for the gradient it followed, and the next gradient was larger "
        "still: the weights grew without limit.",
    )


def symmetric(case: Case) -> Finding | None:
    for l, layer in enumerate(case.network.layers[:-1], start=1):
        rows = np.hstack([layer.W, layer.b])
        spread, size = float(np.ptp(rows, axis=0).max()), float(np.abs(rows).max())
        if layer.n_out > 1 and spread <= 1e-6 * max(size, 1e-12):
            start = INITIALIZERS[layer.activation.initializer]
            return Finding(
                "symmetric units",
                "All units of a layer are equal",
                f"The {layer.n_out} units of layer {l} have the same weights "
                f"{'to the last digit' if not spread else f'to {spread:.1g}'} after "
                f"{case.shown.iteration:,} steps.",
                "Units with equal weights get equal gradients, and always stay equal: the layer "
                "works like a single unit.",
                f"Start with {start.title} weights",
                case.config.with_values(initializer=start.name),
            )
    return None


def _pulled_to_zero(case: Case) -> Finding | None:
    """An L2 or L1 penalty that outweighs the gradient of the cost."""
    config = case.config
    if not (config.l2 or config.l1) or not case.is_guessing:
        return None
    size, start = norm(case.network.theta), norm(case.shown.start_theta)
    if size > PULLED * start:
        return None
    name, symbol = ("l1", "L1") if config.l1 else ("l2", "L2")
    less = getattr(config, name) / 1000
    return Finding(
        "weights pulled to zero",
        f"{symbol} pulls all weights to zero",
        f"The norm of all parameters is {size:.2g}; initially it was {start:.2g}. "
        f"λ is {getattr(config, name):g}.",
        f"In each step, {symbol} shrinks the weights by more than the examples change them.",
        f"A thousandth of λ, {less:g}",
        config.with_values(**{name: less}),
    )


def _shuffled(case: Case) -> Finding | None:
    if case.config.label_noise < SHUFFLED or not case.is_guessing:
        return None
    return Finding(
        "shuffled labels",
        "The labels say nothing",
        f"The labels of {case.config.label_noise:.0%} of the training examples are shuffled.",
        "A network can only memorize labels like these: what it learns holds for no other example.",
        "Learn from the true labels",
        case.config.with_values(label_noise=0.0),
    )


def _dead(case: Case) -> Finding | None:
    hidden = list(enumerate(case.layers[:-1], start=1))
    if not hidden:
        return None
    l, layer = max(hidden, key=lambda each: len(each[1].dead) / each[1].units)
    share = len(layer.dead) / layer.units
    if share < DEAD or len(layer.dead) < 2:
        return None
    rate, how = case.config.learning_rate, ""
    if share > ALMOST_ALL or case.is_guessing:
        rate, slower = case.slower
        how = f", at {slower}"
    names = tuple(
        "leaky_relu" if ACTIVATIONS[name].can_die else name for name in case.config.activations
    )
    return Finding(
        "dead units",
        f"{share:.0%} of layer {l} are dead",
        f"{len(layer.dead)} of {layer.units} units of layer {l} are 0 for all of "
        f"{min(EXAMPLES, case.data.train.m)} examples{_which(layer, share)}.{_collapse(case)}",
        "Where such a unit is 0, its derivative is 0 as well, so no gradient can change "
        "the unit. Often one step was too long.",
        f"Use leaky ReLU{how}",
        case.config.with_values(activations=names, learning_rate=rate),
    )


def _which(layer: LayerStatistics, share: float) -> str:
    if share > ALMOST_ALL:
        return ""
    return ": " + ", ".join(map(str, layer.dead[:8])) + (" …" if len(layer.dead) > 8 else "")


def _collapse(case: Case) -> str:
    """A sentence on the cost before it collapsed and the learning rate since; "" if it did not."""
    if not case.best or not case.is_guessing:
        return ""
    return (
        f" The cost was {case.smooth.min():.3g} around step {case.best:,} and is "
        f"{case.smooth[-1]:.3g} now; α was up to {case.highest_rate:g} between."
    )


def _saturated(case: Case) -> Finding | None:
    if float(case.smooth[-1]) < 0.3 * case.guessing:
        return None  # it has learned the task: saturated because it is confident
    for l, layer in enumerate(case.layers[:-1], start=1):
        if layer.saturated >= SATURATED:
            return Finding(
                "saturated units",
                f"Layer {l} is saturated",
                f"{layer.saturated:.0%} of the outputs of layer {l} ({layer.activation}) lie "
                "within 2 % of an end of its range.",
                "There the curve is flat, so gradients are almost 0. The pre-activations "
                "are too large.",
                "Use ReLU with He weights",
                _with_relu(case.config),
            )
    return None


def _exploding(case: Case) -> Finding | None:
    norms = [layer.gradient or 0.0 for layer in case.layers]
    if not any(norm > EXPLODED for norm in norms):
        return None
    rate, slower = case.slower
    config = case.config.with_values(learning_rate=rate, initializer="glorot")
    return Finding(
        "exploding gradients",
        "Gradients explode on their way back",
        "Norms of the gradients by layer: " + ", ".join(f"{norm:.2g}" for norm in norms) + ".",
        "Every layer multiplies the gradient by its weights. If they are large, it grows from "
        "layer to layer, and so do the steps.",
        f"Start with Glorot weights, at {slower}",
        config,
    )


def _vanishing(case: Case) -> Finding | None:
    gradients = _typical_gradients(case)
    if len(gradients) < 3 or not gradients[-1]:
        return None
    ratio = gradients[0] / gradients[-1]
    if not 0 < ratio < (VANISHED_TO_GUESSING if case.is_guessing else VANISHED):
        return None
    return Finding(
        "vanishing gradients",
        "Gradients vanish on their way back",
        f"A typical gradient of a weight is {gradients[0]:.1g} in the first layer and "
        f"{gradients[-1]:.1g} in the last, {1 / ratio:,.0f} times as much. By layer: "
        + ", ".join(f"{gradient:.1g}" for gradient in gradients)
        + ".",
        "Every layer multiplies the gradient by its activation's derivative, a sigmoid's by at "
        "most ¼, so the first layers learn almost nothing.",
        "Use ReLU with He weights",
        _with_relu(case.config),
    )


def _typical_gradients(case: Case) -> list[float]:
    """For each layer, the root mean square of dW."""
    gradient = case.shown.gradient
    if gradient is None or not isfinite(float(np.abs(gradient).max())):
        return []
    return [norm(dW) / dW.size**0.5 for dW, _ in case.network.unpack(gradient)]


def _with_relu(config: RunConfig) -> RunConfig:
    return config.with_values(activations=("relu",) * len(config.activations), initializer="he")


def _overfitting(case: Case) -> Finding | None:
    curves = case.shown.curves
    validation, trained = curves.validation_cost, curves.cost
    if len(validation) < 4 or not np.isfinite(validation).all():
        return None
    lowest, now = float(validation.min()), float(validation[-1])
    if now < OVERFIT * lowest + 0.02 or trained[-1] > 0.5 * now:
        return None
    config = case.config
    if case.data.train.image_shape is not None and not config.augmentation:
        fix, config = "Warp the images at random", config.with_values(augmentation=1.0)
    elif not config.l2:
        fix, config = "Add L2, λ = 0.001", config.with_values(l2=0.001)
    else:
        fix, config = "Ten times the L2", config.with_values(l2=min(10 * config.l2, 10.0))
    at = int(curves.iteration[int(validation.argmin())])
    return Finding(
        "overfitting",
        "It overfits: it memorizes the training examples",
        f"Validation cost was {lowest:.3g} at iteration {at:,} and is {now:.3g} now; training "
        f"cost is {trained[-1]:.3g}.",
        "The network has enough parameters to memorize single examples, which does not help with "
        "others.",
        fix,
        config,
    )


CAUSES: tuple[Callable[[Case], Finding | None], ...] = (
    _pulled_to_zero,
    _shuffled,
    _dead,
    _saturated,
    _exploding,
    _vanishing,
    _overfitting,
)
