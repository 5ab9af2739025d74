"""The line on top of every page: what the run is doing, and the buttons that steer it."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from playground.datasets import is_plane
from playground.run import Run, Snapshot, Status
from ui import state
from ui.live import along
from ui.text import as_is

DOTS = {
    Status.READY: ("○", "#808080"),
    Status.TRAINING: ("●", "#009E73"),
    Status.PAUSED: ("❙❙", "#D55E00"),
    Status.STOPPED: ("■", "#808080"),
    Status.DONE: ("✓", "#009E73"),
    Status.FAILED: ("✕", "#D55E00"),
}


def status_bar(run: Run) -> None:
    """Draw the line; its numbers move by themselves, its buttons answer at once."""
    with st.container(key="status-bar", horizontal=True, vertical_alignment="center"):
        with st.container(key="status", width="stretch"):
            place = st.empty()
            along(lambda: _line(place, run.snapshot))
        with st.container(key="buttons", horizontal=True, width="content", gap="xsmall"):
            _buttons(run)
    with st.container(key="notes"):  # always there, so that nothing below it moves or is rebuilt
        _notes(run)


def _notes(run: Run) -> None:
    for sentence in state.take_notes():
        st.warning(as_is(sentence), icon=":material/info:")
    if run.snapshot.message and not run.busy:
        st.error(run.snapshot.message, icon=":material/error:")
    if len(run.viewers) > 1:
        st.caption(
            f"This run is open in {len(run.viewers)} windows: the buttons of each act on it. "
            "Share gives others an address with a run of their own."
        )


def _buttons(run: Run) -> None:
    status = run.snapshot.status
    over = status in (Status.DONE, Status.STOPPED, Status.FAILED)
    if run.busy:
        st.button("Pause", key="pause", type="primary", icon=":material/pause:",
                  on_click=run.pause, shortcut="Space", help="Hold after this step.")  # fmt: skip
    else:
        st.button("Play", key="play", type="primary", icon=":material/play_arrow:",
                  on_click=run.play, disabled=over, shortcut="Space",
                  help="Train to the end of the run.")  # fmt: skip
    st.button("Step", key="step", on_click=run.step, disabled=over, shortcut="S",
              help="One iteration: one batch, one update.")  # fmt: skip
    st.button("Epoch", key="epoch", on_click=run.step_epoch, disabled=over,
              shortcut="E", help="Until all training examples are seen once more.")  # fmt: skip
    st.button("Stop", key="stop", on_click=run.stop, disabled=over or status is Status.READY,
              help="End the run here.")  # fmt: skip
    st.button("Reset", key="reset", on_click=run.reset, disabled=status is Status.READY,
              help="The same start again: same seed, same weights, same batches.")  # fmt: skip


def _line(place: DeltaGenerator, shown: Snapshot) -> None:
    dot, colour = DOTS[shown.status]
    first, second = _facts(shown)
    percent = f"{100 * shown.iteration / shown.iterations:.1f}%"
    place.html(
        f'<div class="status-line" data-status="{shown.status}" '
        f'data-iteration="{shown.iteration}" data-seconds="{shown.seconds:.3f}">'
        f'<span style="color:{colour}">{dot}</span> <b>{shown.status}</b> · {first}'
        f'<div class="status-more">{second}</div></div>'
        '<div class="status-progress">'
        f'<div style="width:{percent};background:{colour}"></div></div>'
    )


def _facts(shown: Snapshot) -> tuple[str, str]:
    """What matters now, and the rest for a smaller line under it."""
    epochs = f"{shown.epochs:,.0f}" if shown.epochs.is_integer() else f"{shown.epochs:,.1f}"
    done = (
        f"epoch {shown.epoch:,} of {epochs} · iteration {shown.iteration:,} of {shown.iterations:,}"
    )
    if shown.status is Status.READY:
        what = "bend the plane" if is_plane(shown.config) else "learn, draw it a digit"
        return f"Build a neural network, watch it {what}. <b>Press Play.</b>", done
    held_out = f"<b>{100 * shown.measured.held_out.accuracy:.1f} %</b> of held-out read right"
    if shown.status is Status.TRAINING and shown.iterations_per_second:
        pace = f"{shown.iterations_per_second:,.0f} iterations/s"
        return f"{held_out} · {duration(shown.seconds_left or 0)} left", f"{done} · {pace}"
    return held_out, f"{done} · {duration(shown.seconds)} of training"


def duration(seconds: float) -> str:
    """A time as one would say it.

    >>> duration(0.021), duration(4.21), duration(95), duration(4000)
    ('21 ms', '4.2 s', '1 min 35 s', '1 h 6 min')
    """
    if 0 < seconds < 0.1:
        return f"{1000 * seconds:.0f} ms"
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"
