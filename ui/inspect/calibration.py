"""View 9: calibration, whether a probability of 90 % is correct for 90 % of the examples."""

from functools import partial

import streamlit as st

from playground.inspect.calibration import (
    BINS,
    MAX_T,
    MIN_T,
    best_temperature,
    cost_at,
    reliability,
)
from playground.inspect.figures import reliability_figure
from playground.inspect.kept import kept
from playground.inspect.outcome import outcome
from playground.inspect.selection import Selection
from playground.run import Snapshot
from ui import session
from ui.inspect.chosen import examples, select
from ui.inspect.reading import how_to_read
from ui.live_plot import Point, live_plot

_T = "temperature of calibration"


def calibration(shown: Snapshot, chosen: Selection) -> None:
    """The reliability diagram of the whole part. A click on a bin selects its examples."""
    dataset = examples(shown, chosen.part)
    found = outcome(shown.network, dataset)
    best = kept(shown.network, ("temperature", dataset), lambda: best_temperature(found))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        T = st.slider("Temperature T: softmax of Z / T", MIN_T, MAX_T, 1.0, 0.05, key=_T,
                      width=320)  # fmt: skip
        st.button(f"Best: {best:.2f}", key="best temperature", on_click=_set, args=(best,),
                  help="The temperature with the lowest cost on these examples.")  # fmt: skip
        st.button("T = 1", key="temperature 1", on_click=_set, args=(1.0,), disabled=T == 1)
    now, was = reliability(found, T), reliability(found)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        live_plot(
            reliability_figure(now),
            key="reliability",
            height=380,
            alt=f"Reliability diagram, expected calibration error {now.error:.3f}",
            on_pick=partial(_take_bin, chosen, round(100 * T)),
        )
    with right:
        with st.container(horizontal=True):
            st.metric("Expected calibration error", f"{100 * now.error:.1f} %",
                      f"{100 * (now.error - was.error):+.1f} points" if T != 1 else None,
                      delta_color="inverse")  # fmt: skip
            st.metric("Cost (nats)", f"{cost_at(found, T):.3f}",
                      f"{cost_at(found, T) - cost_at(found, 1):+.3f}" if T != 1 else None,
                      delta_color="inverse")  # fmt: skip
        _bins(chosen, round(100 * T))
        how_to_read(
            "A bar below the line is a bin of overconfident predictions. T above 1 lowers all "
            "confidences and changes no prediction.",
            '"A calibrated network knows what it does not know." Calibration holds on average, for '
            "examples like these. A bin with few examples says little.",
        )


def _set(T: float) -> None:
    session.put(_T, round(T / 0.05) * 0.05)


def _bins(chosen: Selection, temperature: int) -> None:
    """The same choice as a widget, for the keyboard. Its options stay the same while the network
    trains: of an option that it does not have any more, Streamlit would give the text.
    """
    now = None if chosen.percent is None else chosen.percent[0] // 10
    session.show("confidence bin", now)
    st.selectbox(
        "Select by confidence",
        range(BINS),
        key="confidence bin",
        index=None,
        placeholder="any",
        format_func=lambda i: f"{10 * i} to {10 * i + 10} %",
        on_change=lambda: _select(chosen, temperature, session.get("confidence bin")),
        width=240,
    )


def _take_bin(chosen: Selection, temperature: int, points: list[Point]) -> None:
    trace, at, *_ = points[0]
    if trace == 0 and at < BINS:
        _select(chosen, temperature, at)


def _select(chosen: Selection, temperature: int, at: int | None) -> None:
    select(
        Selection(chosen.part)
        if at is None
        else Selection(chosen.part, percent=(10 * at, 10 * at + 10), temperature=temperature)
    )
