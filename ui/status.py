"""The status line of every page: the state of the run, and the buttons that control it."""

from collections.abc import Callable
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from playground.formatting import duration
from playground.measure import measure_of
from playground.next_steps import how_it_goes_on, more_epochs
from playground.outcome import is_guessing
from playground.run import Run, Snapshot, Status
from ui import notes, runs
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
GUESSED = ("!", "#B87A00")
GUESSING = {
    Status.DONE: "finished, no better than guessing",
    Status.STOPPED: "stopped, no better than guessing",
}


def status_bar(place: DeltaGenerator, shown: Snapshot, *, windows: int, says_why: bool) -> None:
    """Draw the status line and the buttons into their place. The numbers refresh themselves.

    says_why  whether to show why a run failed; the page Train shows that elsewhere
    """
    with place:
        with st.container(key="status", horizontal=True, vertical_alignment="center", wrap=False):
            line = st.empty()
            along(shown, lambda now: _line(line, now.now))
            _play(shown.now)
        with st.container(key="steps", horizontal=True, width="content", gap="xsmall"):
            _steps(shown.now)
    with st.container(key="notes"):  # always exists, over the page: nothing moves or is rebuilt
        _notes(shown.now if says_why else None)
    with st.container(key="windows"):
        _windows(windows)


def _notes(shown: Snapshot | None) -> None:
    for sentence in notes.take_notes():
        st.warning(as_is(sentence), icon=":material/info:")
    if shown is not None and shown.message and not shown.busy:
        st.error(as_is(shown.message), icon=":material/error:")


def _windows(windows: int) -> None:
    if windows > 1:
        st.caption(
            f"This run is open in {windows} windows, and the buttons of each control it. "
            "The address in Share gives others their own run."
        )


def _play(shown: Snapshot) -> None:
    """The primary button."""
    if shown.busy:
        _button(shown, "Pause", Run.pause, shortcut="Space", help="Pause after this step.",
                type="primary", icon=":material/pause:")  # fmt: skip
    elif shown.over and shown.status is not Status.FAILED:
        more = more_epochs(shown)
        _button(shown, f"{more} more epochs", lambda run: run.extend(more), shortcut="Space",
                help=f"Make the run longer, and continue training. {how_it_goes_on(shown, more)}",
                type="primary", icon=":material/play_arrow:")  # fmt: skip
    else:
        _button(shown, "Play", Run.play, shortcut="Space", help="Train to the end of the run.",
                type="primary", icon=":material/play_arrow:", disabled=shown.over)  # fmt: skip


def _steps(shown: Snapshot) -> None:
    ready = shown.status is Status.READY
    _button(shown, "Step", Run.step, shortcut="S", help="One iteration: one batch, one update.",
            disabled=shown.over)  # fmt: skip
    _button(shown, "Epoch", Run.step_epoch, shortcut="E", disabled=shown.over,
            help="One pass through all training examples.")  # fmt: skip
    _button(shown, "Stop", Run.stop, help="End the run here.", disabled=shown.over or ready)
    _button(shown, "Reset", Run.reset, disabled=ready,
            help="Start again with the same seed, initial weights and batches.")  # fmt: skip


def _button(shown: Snapshot, label: str, action: Callable[[Run], None], **how: Any) -> None:
    """A button that acts on the shown run."""
    st.button(label, key=label.lower(), on_click=runs.act, args=(shown.token, action), **how)


def _line(place: DeltaGenerator, shown: Snapshot) -> None:
    (dot, color), word = DOTS[shown.status], str(shown.status)
    if _ended_guessing(shown):
        (dot, color), word = GUESSED, GUESSING[shown.status]
    first, second = _facts(shown)
    percent = f"{100 * shown.iteration / shown.iterations:.1f}%"
    place.html(
        f'<div class="status-line" data-status="{shown.status}" '
        f'data-iteration="{shown.iteration}" data-seconds="{shown.seconds:.3f}">'
        f'<span style="color:{color}">{dot}</span> <b>{word}</b> · {first}'
        f'<div class="status-more">{second}</div></div>'
        '<div class="status-progress">'
        f'<div style="width:{percent};background:{color}"></div></div>'
    )


def _ended_guessing(shown: Snapshot) -> bool:
    return shown.status in GUESSING and is_guessing(shown)


def _facts(shown: Snapshot) -> tuple[str, str]:
    """The most important facts, and the others for a smaller line below."""
    epochs = f"{shown.epochs:,.0f}" if shown.epochs.is_integer() else f"{shown.epochs:,.1f}"
    done = (
        f"epoch {shown.epoch:,} of {epochs} · iteration {shown.iteration:,} of {shown.iterations:,}"
    )
    if shown.status is Status.READY:
        return "<b>Press Play</b> to train the network", done
    value, words = measure_of(shown.config).on_validation(shown.measured.validation)
    validation = f"<b>{value}</b>"
    if not _ended_guessing(shown):  # whose own words take the room
        validation += f" {words}"
    if shown.status is Status.FAILED:
        return "the reason is below", done
    if shown.status is Status.TRAINING and shown.iterations_per_second:
        pace = f"{shown.iterations_per_second:,.0f} iterations/s"
        return f"{validation} · {duration(shown.seconds_left or 0)} left", f"{done} · {pace}"
    return validation, f"{done} · {duration(shown.seconds)} of training"
