"""Diagnosis: findings on what went wrong in a run, from its own numbers, each with evidence and a
fix.

A finding is a likely cause, not a proof; its fix is a changed RunConfig to compare with. Effects of
one cause are not reported twice: a rising cost is a separate finding only if no layer explains it,
and slow progress only if there is no other finding. A run that is no better than guessing has one
finding, the most serious.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from math import isfinite, log
from typing import Any

import numpy as np

from data.dataset import Splits
from netcore.activations import ACTIVATIONS
from netcore.initializers import INITIALIZERS
from playground.config import RunConfig
from playground.layer_statistics import EXAMPLES, LayerStatistics, layer_statistics, norm
from playground.measure import measure_of
from playground.outcome import is_guessing, says_guessing
from playground.run import Snapshot, Status
from playground.settings import MAX_ITERATIONS, SETTINGS

EARLY = 30  # steps before which only divergence and the like are findings
SLOW = 100  # steps before which slow progress is not a finding
DEAD = 0.4  # share of a layer's units
ALMOST_ALL = 0.8  # share of a layer's units: probably one step was too long
SATURATED = 0.8  # share of a layer's outputs
VANISHED = 1e-3  # ratio of the first layer's typical gradient to the last layer's
VANISHED_TO_GUESSING = 3e-2  # the same ratio, if the network has learned nothing
EXPLODED = 1e2  # ‖gradient‖
RISEN = 1.3  # times the lowest cost there was
RISING = 1.05  # times what it was a window ago
PULLED = 0.2  # of ‖theta‖ at the start
SHUFFLED = 0.8  # share of the labels
OVERFIT = 1.3


@dataclass(frozen=True)
class Finding:
    """One cause: its name, the evidence in this run's numbers, the explanation, and a fix."""

    name: str
    title: str
    evidence: str
    why: str
    fix: str
    config: RunConfig


class Case:
    """A run at a snapshot, with values that are computed when they are needed."""

    def __init__(self, shown: Snapshot, data: Splits) -> None:
        self.shown, self.data = shown, data
        self.config, self.network = shown.config, shown.network
        self.costs = shown.curves.step_cost
        self.window = max(10, len(self.costs) // 10)

    @cached_property
    def signs(self) -> list[LayerStatistics]:
        return layer_statistics(self.network, self.data.train.X, self.shown.gradient)

    @cached_property
    def smooth(self) -> np.ndarray:
        """Step costs as moving averages over a window."""
        sums = np.cumsum(np.concatenate([[0.0], self.costs]))
        return (sums[self.window :] - sums[: -self.window]) / self.window

    @property
    def guessing(self) -> float:
        """The cost of equal probabilities for all classes, in nats."""
        return log(max(self.data.train.n_classes, 2))

    @cached_property
    def is_guessing(self) -> bool:
        return is_guessing(self.shown)

    @cached_property
    def best(self) -> int:
        """The step around which the cost was lowest; 0 if it was never much lower than now."""
        lowest = int(self.smooth.argmin())
        return lowest + self.window if RISEN * self.smooth[lowest] < self.smooth[-1] else 0

    @cached_property
    def highest_rate(self) -> float:
        """The highest learning rate since the cost was lowest, because a person may have changed
        it.
        """
        rates, label = [self.config.learning_rate], f"{SETTINGS['learning_rate'].label}: "
        for event in self.shown.curves.events:
            if event.iteration >= self.best and event.text.startswith(label):
                rates += map(float, event.text.removeprefix(label).split(" → "))
        return max(rates)

    @property
    def slower(self) -> tuple[float, str]:
        """A learning rate to try instead of one that was too high, and its description."""
        rate, now = self.highest_rate / 10, self.config.learning_rate
        if rate < now:
            return rate, f"a tenth of the rate, α = {rate:g}"
        return now, f"α = {now:g} from the start"


def examine(shown: Snapshot, data: Splits) -> list[Finding]:
    """The findings for this run, the most serious first; empty for a healthy run."""
    case = Case(shown, data)
    if (finding := _not_finite(case)) is not None:
        return [finding]
    if len(case.costs) < EARLY:
        short = _nothing_learned(case)
        return [] if short is None else [short]
    if (finding := _symmetric(case)) is not None:
        return [finding]  # everything else follows from it
    found = [finding for find in CAUSES if (finding := find(case)) is not None]
    if not found:
        found = [finding for find in SYMPTOMS if (finding := find(case)) is not None][:1]
    return found[:1] if case.is_guessing else found


# The causes


def _not_finite(case: Case) -> Finding | None:
    bad = np.flatnonzero(~np.isfinite(case.costs))
    if not bad.size and case.shown.status is not Status.FAILED:
        return None
    at = int(bad[0]) if bad.size else len(case.costs)
    before = f"{case.costs[at - 1]:.3g}" if at else "nothing"
    return _slower(
        case,
        "not finite",
        "The run diverged: its cost is NaN or infinite",
        f"Step {at + 1:,} has a cost that is not finite; the one before it had {before}.",
        "Each step was too long for the gradient it followed, and the next gradient was larger "
        "still: the weights grew without limit.",
    )


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
        "What a network learns from labels like these it can only memorize: it holds for no other "
        "example.",
        "Learn from the true labels",
        case.config.with_values(label_noise=0.0),
    )


def _rate_too_high(case: Case) -> Finding | None:
    costs, smooth, recent = case.costs, case.smooth, float(case.smooth[-1])
    lowest = float(smooth.min())
    if recent > RISEN * lowest + 0.05 and recent > 0.2:
        evidence = (
            f"The last {case.window:,} steps cost {recent:.3g} on average; it was {lowest:.3g} "
            f"around step {int(smooth.argmin()) + case.window:,}."
        )
        earlier = float(smooth[-1 - min(case.window, len(smooth) - 1)])
        rising = recent > RISING * earlier
        title = "The cost is rising" if rising else "The cost has jumped, and stays up"
        return _too_high(case, title, evidence)
    if recent > 1.1 * case.guessing and recent > 0.9 * float(smooth[0]):
        evidence = (
            f"The last {case.window:,} steps cost {recent:.3g} on average; guessing all classes "
            f"equally costs {case.guessing:.3g}."
        )
        return _too_high(case, "The cost stays above that of guessing", evidence)
    changes = np.diff(costs[-2 * case.window :])
    swing, up = float(np.abs(changes).mean()), float(np.mean(changes > 0))
    whole = case.config.batch_size is None or case.config.batch_size >= case.data.train.m
    if whole and not case.config.dropout and up > 0.25 and swing > 0.05 * recent > 0.005:
        evidence = (
            f"All examples are in every step, so the cost should only fall; {up:.0%} of the last "
            f"steps raised it, each changed it by {swing / recent:.0%} on average."
        )
        return _too_high(case, "The cost is oscillating", evidence)
    return None


def _too_high(case: Case, title: str, evidence: str) -> Finding:
    return _slower(
        case,
        "rate too high",
        title,
        evidence,
        "A step that is too long jumps over the minimum to the other side of the valley.",
    )


def _symmetric(case: Case) -> Finding | None:
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


def _dead(case: Case) -> Finding | None:
    hidden = list(enumerate(case.signs[:-1], start=1))
    if not hidden:
        return None
    l, signs = max(hidden, key=lambda each: len(each[1].dead) / each[1].units)
    share = len(signs.dead) / signs.units
    if share < DEAD or len(signs.dead) < 2:
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
        f"{len(signs.dead)} of {signs.units} units of layer {l} are 0 for all of "
        f"{min(EXAMPLES, case.data.train.m)} examples{_which(signs, share)}.{_collapse(case)}",
        "Where such a unit is 0, its derivative is 0 as well, so no gradient can change "
        "the unit. Often one step was too long.",
        f"Use leaky ReLU{how}",
        case.config.with_values(activations=names, learning_rate=rate),
    )


def _which(signs: LayerStatistics, share: float) -> str:
    if share > ALMOST_ALL:
        return ""
    return ": " + ", ".join(map(str, signs.dead[:8])) + (" …" if len(signs.dead) > 8 else "")


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
    for l, signs in enumerate(case.signs[:-1], start=1):
        if signs.saturated >= SATURATED:
            return Finding(
                "saturated units",
                f"Layer {l} is saturated",
                f"{signs.saturated:.0%} of the outputs of layer {l} ({signs.activation}) lie "
                "within 2 % of an end of its range.",
                "There the curve is flat, so gradients are almost 0. The pre-activations "
                "are too large.",
                "Use ReLU with He weights",
                _with_relu(case.config),
            )
    return None


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


def _exploding(case: Case) -> Finding | None:
    norms = [signs.gradient or 0.0 for signs in case.signs]
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
        "The network has room to remember single examples, and what it remembers does not hold "
        "for others.",
        fix,
        config,
    )


# The symptoms


def _hardly_moving(case: Case) -> Finding | None:
    if len(case.costs) < SLOW:
        return None
    first, recent = float(case.costs[:10].mean()), float(case.smooth[-1])
    if first - recent > 0.05 * first or recent < 0.5 * case.guessing:
        return None
    labels = case.data.validation.labels
    if case.shown.measured.validation.score > 1.25 * np.bincount(labels).max() / len(labels):
        return None  # the cost has hardly changed, but the accuracy is better than guessing
    faster = min(10 * case.config.learning_rate, 100.0)
    return Finding(
        "rate too low",
        "It hardly moves",
        f"After {len(case.costs):,} steps the cost has gone from {first:.4g} to {recent:.4g}.",
        "The steps are too short for learning to progress.",
        f"Ten times the rate, α = {faster:g}",
        case.config.with_values(learning_rate=faster),
    )


def _never_predicted(case: Case) -> Finding | None:
    read, labels = case.shown.measured.validation.predicted, case.data.validation.labels
    n = case.data.train.n_classes
    if len(case.costs) < SLOW or n < 2:
        return None
    said, true = np.bincount(read, minlength=n), np.bincount(labels, minlength=n)
    never = [case.data.train.class_names[c] for c in range(n) if true[c] and not said[c]]
    if not never:
        return None
    missed = sum(int(true[c]) for c in range(n) if not said[c])
    these = "this class" if len(never) == 1 else "these classes"
    fix, values = _for_rare_classes(case)
    return Finding(
        "class never predicted",
        f"It never predicts {', '.join(never)}",
        f"Of {len(labels):,} validation examples, {missed:,} are of {these}; none is predicted so.",
        "So far another class is the safer guess: the network has not found what tells them apart.",
        fix,
        case.config.with_values(**values),
    )


def _for_rare_classes(case: Case) -> tuple[str, dict[str, Any]]:
    """A fix for a class that is never predicted: a label for the button, and settings."""
    config, counts = case.config, np.bincount(case.data.train.labels)
    if counts.max() > 2 * max(counts.min(), 1) and config.class_weights == "equal":
        return "Let every class count the same", {"class_weights": "balanced"}
    if config.optimizer != "adam":
        return "Use Adam, α = 0.001", {"optimizer": "adam", "learning_rate": 0.001}
    length = "iterations" if config.epochs is None else "epochs"
    return "Train twice as long", {length: min(2 * getattr(config, length), MAX_ITERATIONS)}


def _nothing_learned(case: Case) -> Finding | None:
    """The last finding, for a run that has ended and is no better than guessing: continue it, or
    start one with settings that are known to learn.
    """
    config, usual = case.config, RunConfig.default(case.config.dataset)
    if not case.shown.over or not case.is_guessing or not len(case.costs):
        return None
    names = ("optimizer", "learning_rate", "initializer", "schedule", "batch_size")
    values = {name: getattr(usual, name) for name in names}
    fix = "Use the default's optimizer and rate"
    if len(case.costs) < SLOW or values == {name: getattr(config, name) for name in names}:
        length = "iterations" if config.epochs is None else "epochs"
        values = {length: min(10 * getattr(config, length), MAX_ITERATIONS)}
        fix = "Train ten times as long"
    accuracy = measure_of(config).text(case.shown.measured.validation.score)
    return Finding(
        "nothing learned",
        "It has learned nothing yet",
        f"After {len(case.costs):,} steps it is right on {accuracy} of the validation set; "
        f"{says_guessing(case.shown)}. The cost went from {case.costs[0]:.3g} to "
        f"{case.costs[-1]:.3g}.",
        "Too few steps, or steps that are too short, leave a network where it began.",
        fix,
        config.with_values(**values),
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
SYMPTOMS: tuple[Callable[[Case], Finding | None], ...] = (
    _rate_too_high,
    _hardly_moving,
    _nothing_learned,
    _never_predicted,
)


def _slower(case: Case, name: str, title: str, evidence: str, why: str) -> Finding:
    rate, slower = case.slower
    return Finding(
        name,
        title,
        evidence,
        why,
        slower[0].upper() + slower[1:],
        case.config.with_values(learning_rate=rate),
    )


def _with_relu(config: RunConfig) -> RunConfig:
    return config.with_values(activations=("relu",) * len(config.activations), initializer="he")


def _typical_gradients(case: Case) -> list[float]:
    """For each layer, the root mean square of dW."""
    gradient = case.shown.gradient
    if gradient is None or not isfinite(float(np.abs(gradient).max())):
        return []
    return [norm(dW) / dW.size**0.5 for dW, _ in case.network.unpack(gradient)]
