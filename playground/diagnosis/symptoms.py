"""Symptoms in the curves and the predictions, for a run without a known cause.

Only the first symptom that is found is reported.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from playground.config import RunConfig
from playground.diagnosis.case import RISEN, Case, Finding, with_slower_steps
from playground.measure import measure_of
from playground.outcome import says_guessing
from playground.settings import MAX_ITERATIONS

SLOW = 100  # steps before which slow progress is not a finding
RISING = 1.05  # the cost is rising if it is this many times that of a window before


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
    return with_slower_steps(
        case,
        "rate too high",
        title,
        evidence,
        "A step that is too long jumps over the minimum to the other side of the valley.",
    )


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
    predicted, labels = case.shown.measured.validation.predicted, case.data.validation.labels
    n = case.data.train.n_classes
    if len(case.costs) < SLOW or n < 2:
        return None
    counts, true = np.bincount(predicted, minlength=n), np.bincount(labels, minlength=n)
    never = [case.data.train.class_names[c] for c in range(n) if true[c] and not counts[c]]
    if not never:
        return None
    missed = sum(int(true[c]) for c in range(n) if not counts[c])
    these = "this class" if len(never) == 1 else "these classes"
    fix, values = _for_rare_classes(case)
    return Finding(
        "class never predicted",
        f"It never predicts {', '.join(never)}",
        f"Of {len(labels):,} validation examples, {missed:,} are of {these}; none is predicted "
        "as such.",
        "Guessing other classes costs less as long as the network cannot distinguish them.",
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
    return "Train twice as long", _longer(config, 2)


def _longer(config: RunConfig, times: int) -> dict[str, Any]:
    """The length of a run that trains so many times as long."""
    length = "iterations" if config.epochs is None else "epochs"
    return {length: min(times * getattr(config, length), MAX_ITERATIONS)}


def nothing_learned(case: Case) -> Finding | None:
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
        values = _longer(config, 10)
        fix = "Train ten times as long"
    accuracy = measure_of(config).text(case.shown.measured.validation.score)
    return Finding(
        "nothing learned",
        "It has learned nothing yet",
        f"After {len(case.costs):,} steps it is correct on {accuracy} of the validation set; "
        f"{says_guessing(case.shown)}. The cost went from {case.costs[0]:.3g} to "
        f"{case.costs[-1]:.3g}.",
        "Too few steps, or steps that are too short, leave a network where it began.",
        fix,
        config.with_values(**values),
    )


SYMPTOMS: tuple[Callable[[Case], Finding | None], ...] = (
    _rate_too_high,
    _hardly_moving,
    nothing_learned,
    _never_predicted,
)
