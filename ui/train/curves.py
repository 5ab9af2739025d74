"""The two curves of a run, live: cost and accuracy over iterations."""

import streamlit as st

from playground.figures import accuracy_figure, cost_figure
from playground.formatting import formatted
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
            shown.curves, shown.before, iterations=shown.iterations, log=log, revision=shown.token
        ),
        key="cost",
        height=HEIGHT,
        alt=f"Cost over iterations; now {formatted(measured.training.cost)} on training examples, "
        f"{formatted(measured.validation.cost)} on validation ones",
    )


def accuracy_curve(shown: Snapshot) -> None:
    measured = shown.measured
    live_plot(
        accuracy_figure(
            shown.curves, shown.before, iterations=shown.iterations, revision=shown.token
        ),
        key="accuracy",
        height=HEIGHT,
        alt=f"Accuracy over iterations; now {100 * measured.training.accuracy:.1f} % of training "
        f"examples, {100 * measured.validation.accuracy:.1f} % of validation ones",
    )


def log_toggle() -> None:
    """The switch that cost_curve heeds."""
    st.toggle("Logarithmic cost", key=LOG)
