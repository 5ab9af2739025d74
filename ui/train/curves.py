"""The two curves of a run, live: cost and accuracy over iterations."""

import streamlit as st

from playground.figures import accuracy_figure, cost_figure
from playground.formatting import formatted
from playground.measure import measure_of
from playground.output import is_regression
from playground.run import Snapshot
from ui import session
from ui.live_plot import live_plot

HEIGHT = 245
LOG = "log cost"


def curves(shown: Snapshot) -> None:
    """Draw both, one above the other; the run before stays pale behind them."""
    cost_curve(shown)
    accuracy_curve(shown)
    log_toggle()


def cost_curve(shown: Snapshot) -> None:
    measured = shown.measured
    log = bool(session.get(LOG))
    live_plot(
        cost_figure(
            shown.curves,
            shown.before,
            iterations=shown.iterations,
            log=log,
            revision=shown.token,
            unit="" if is_regression(shown.config) else " (nats)",
        ),
        key="cost",
        height=HEIGHT,
        alt=f"Cost over iterations; now {formatted(measured.training.cost)} on training examples, "
        f"{formatted(measured.validation.cost)} on validation ones",
    )


def accuracy_curve(shown: Snapshot) -> None:
    measured, measure = shown.measured, measure_of(shown.config)
    live_plot(
        accuracy_figure(
            shown.curves,
            shown.before,
            iterations=shown.iterations,
            revision=shown.token,
            measure=measure,
        ),
        key="accuracy",
        height=HEIGHT,
        alt=f"{measure.name} over iterations; now {measure.text(measured.training.score)} of "
        f"training examples, {measure.text(measured.validation.score)} of validation ones",
    )


def log_toggle() -> None:
    """The switch that cost_curve heeds."""
    st.toggle("Logarithmic cost", key=LOG)
