"""The runs of a lesson: the learner starts each, on the real page."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import streamlit as st

from playground.config import RunConfig
from playground.learn import progress as steps
from playground.learn.lesson import Lesson
from playground.learn.progress import Progress, Result, why_no_trial
from playground.run_data import is_plane
from playground.snapshot import Snapshot
from ui import runs
from ui.head import TITLES
from ui.lesson import state
from ui.notes import draw_again
from ui.text import as_is


def run_it(lesson: Lesson, progress: Progress, shown: Snapshot, page: str) -> None:
    """Draw what was predicted, the runs that have ended, and buttons that start the others."""
    if progress.prediction is not None:
        st.markdown(f"You predicted: **{as_is(lesson.question.text(progress.prediction))}**")
    results = progress.results or (None,) * len(lesson.trials)
    if len(results) > 1:
        st.markdown(" · ".join(_so_far(lesson, results, shown)))
    if progress.complete:
        st.button(
            "Compare",
            key="lesson compare",
            type="primary",
            on_click=state.advance,
            args=(lesson, steps.forward),
        )
        return
    n = results.index(None)
    trial = lesson.trials[n]
    if not right_page(lesson.page, trial.config, shown, page):
        return
    why = why_no_trial(lesson, progress, shown)
    _go_on(lesson, progress, n, shown, why)
    left = results.count(None)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if left > 1:
            st.button(
                f"Run all {left}" if left == len(results) else f"Run the other {left}",
                key="lesson run all",
                type="primary",
                icon=":material/playlist_play:",
                disabled=shown.busy and not why,
                on_click=_start,
                args=(lesson, n),
                kwargs={"all_left": True},
                help="One after the other. Pause holds them up, and Play goes on with them.",
            )
        st.button(
            f"Run: {as_is(trial.label)}",
            key="lesson run",
            type="secondary" if left > 1 else "primary",
            icon=":material/play_arrow:",
            disabled=shown.busy and not why,
            on_click=_start,
            args=(lesson, n),
        )
        st.caption(as_is(_how_it_stands(shown, why)))


def _so_far(lesson: Lesson, results: Sequence[Result | None], shown: Snapshot) -> Iterator[str]:
    """What each trial gave, or whether it trains now."""
    main = lesson.measures[0]
    trains = lesson.trial_of(shown.config) if shown.busy else None
    for n, (trial, result) in enumerate(zip(lesson.trials, results, strict=True)):
        if result is not None:
            gave = f"**{as_is(main.text(result.numbers[main.name]))}**"
        else:
            gave = "…" if n == trains else "–"
        yield f"{as_is(trial.label)}: {gave}"


def _start(lesson: Lesson, n: int, *, all_left: bool = False) -> None:
    """Make and train the run of this trial; `all_left` also those after it, each as soon as the one
    before has ended.
    """
    before = runs.now().token
    runs.start_anew(lesson.trials[n].config, play=True)
    token = runs.now().token
    run_all = all_left and token != before  # equal: it was refused
    state.advance(lesson, lambda progress: replace(progress, run_all=run_all))


def _go_on(lesson: Lesson, progress: Progress, n: int, shown: Snapshot, why: str) -> None:
    """Start trial n if the learner wanted all and the one before has ended.

    why  the run on the page is none of the lesson's, or ""
    """
    if not progress.run_all:
        return
    if why:  # the learner does something else
        state.put(lesson, replace(progress, run_all=False))
    elif shown.over:
        _start(lesson, n, all_left=True)
        draw_again()


def _how_it_stands(shown: Snapshot, why: str) -> str:
    """Whether the run on the page is one of the lesson's.

    why  it is not, or ""
    """
    if shown.iteration and why:
        return f"The run on this page does not count: {why}."
    if shown.busy:
        return "It trains: watch the page below."
    if shown.iteration and not shown.over:
        return "The run is paused. Press Play to train it to its end."
    return "This makes a new run with the lesson's settings and trains it."


def set_up(config: RunConfig, *, disabled: bool = False) -> None:
    """A button that makes a run with the settings to begin with."""
    st.button(
        "Set it up",
        key="lesson set up",
        type="primary",
        icon=":material/tune:",
        disabled=disabled,
        on_click=runs.start_anew,
        args=(config,),
        help="A new run with the lesson's settings. It does not train yet.",
    )


def right_page(
    to: str, config: RunConfig, shown: Snapshot, page: str, why: str = "where this lesson happens"
) -> bool:
    """Whether this page is that one and shows runs of this kind; if not, draw a link to it."""
    if page == to and is_plane(shown.config) == is_plane(config):
        return True
    st.page_link(
        f"pages/{to}.py",
        label=f"Go to {TITLES[to]}, {why}",
        icon=":material/arrow_forward:",
        query_params=state.in_address()
        # Under the hood shows either kind of run: the address says which.
        | ({"dataset": config.dataset} if to == "hood" else {}),
    )
    return False
