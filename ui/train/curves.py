"""The two curves of a run, live: cost and accuracy over iterations."""

from dataclasses import replace
from typing import Any

import numpy as np
import streamlit as st

from playground.chart_marks import Baseline
from playground.figures import accuracy_figure, cost_figure
from playground.formatting import formatted
from playground.history import Curves
from playground.measure import measure_of
from playground.outcome import guessing
from playground.output import is_regression, weighs_classes
from playground.snapshot import Snapshot
from ui import session
from ui.lesson.marks import predicted_score
from ui.live_plot import live_plot

HEIGHT = 245
LOG = "log cost"


def curves(shown: Snapshot) -> None:
    """Draw both, one below the other, with those of the previous run pale behind them. Where the
    page shows an earlier step, the curves go on, and that step is marked.
    """
    cost_curve(shown)
    accuracy_curve(shown)


def cost_curve(shown: Snapshot, height: int = HEIGHT) -> None:
    measured, now = shown.measured, shown.now
    log = bool(session.get(LOG))
    live_plot(
        cost_figure(
            _to_the_moment(now),
            now.before,
            iterations=now.iterations,
            log=log,
            revision=now.token,
            unit="" if is_regression(now.config) else " (nats)",
            baseline=_cost_of_guessing(now),
            looked_at=_looked_at(shown),
        ),
        key="cost",
        height=height,
        alt=f"Cost over iterations; {_when(shown)} {formatted(measured.training.cost)} on "
        f"training examples, {formatted(measured.validation.cost)} on validation ones",
    )


def accuracy_curve(shown: Snapshot, height: int = HEIGHT) -> None:
    measured, measure, now = shown.measured, measure_of(shown.config), shown.now
    live_plot(
        accuracy_figure(
            _to_the_moment(now),
            now.before,
            iterations=now.iterations,
            revision=now.token,
            measure=measure,
            baselines=[_guessing(now), *predicted_score(now)],
            looked_at=_looked_at(shown),
        ),
        key="accuracy",
        height=height,
        alt=f"{measure.name} over iterations; {_when(shown)} "
        f"{measure.text(measured.training.score)} of training examples, "
        f"{measure.text(measured.validation.score)} of validation ones",
    )


def _looked_at(shown: Snapshot) -> int | None:
    """The earlier step that the page shows."""
    return shown.iteration if shown.is_past else None


def _when(shown: Snapshot) -> str:
    return f"at step {shown.iteration:,}" if shown.is_past else "now"


def _to_the_moment(shown: Snapshot) -> Curves:
    """The curves, and where they do not have it, what was measured last: a Step shows."""
    curves, measured = shown.curves, shown.measured
    if len(curves.iteration) and measured.iteration <= curves.iteration[-1]:
        return curves
    latest = measured.values() | {"iteration": measured.iteration}
    longer: dict[str, Any] = {
        name: np.append(getattr(curves, name), value) for name, value in latest.items()
    }
    return replace(curves, **longer)


def _cost_of_guessing(shown: Snapshot) -> Baseline | None:
    """The baseline of the cost chart. None with class weights, which change that cost."""
    cost = guessing(shown.config, shown.data).cost
    if weighs_classes(shown.config) or not cost > 0:
        return None
    return Baseline(cost, f"guessing {cost:.2f}")


def _guessing(shown: Snapshot) -> Baseline:
    guess, measure = guessing(shown.config, shown.data), measure_of(shown.config)
    return Baseline(measure.unit * guess.value, f"guessing {measure.text(guess.value)}")


def log_toggle() -> None:
    """The switch between a linear and a logarithmic cost axis."""
    st.toggle("Logarithmic cost", key=LOG)
