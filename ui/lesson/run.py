"""The runs of a lesson: the learner starts each, on the real page."""

import streamlit as st

from playground.config import RunConfig
from playground.learn import progress as steps
from playground.learn.lesson import Lesson
from playground.learn.progress import Progress, why_no_trial
from playground.run_data import is_plane
from playground.snapshot import Snapshot
from ui import runs
from ui.head import TITLES
from ui.lesson import state
from ui.text import as_is


def run_it(lesson: Lesson, progress: Progress, shown: Snapshot, page: str) -> None:
    """Draw what was predicted, the runs that have ended, and a button that starts the next."""
    if progress.prediction is not None:
        st.markdown(f"You predicted: **{as_is(lesson.question.text(progress.prediction))}**")
    results = progress.results or (None,) * len(lesson.trials)
    main = lesson.measures[0]
    if len(results) > 1:
        st.markdown(
            " · ".join(
                f"{as_is(trial.label)}: "
                + (f"**{as_is(main.text(result.numbers[main.name]))}**" if result else "–")
                for trial, result in zip(lesson.trials, results, strict=True)
            )
        )
    if progress.complete:
        st.button(
            "Compare",
            key="lesson compare",
            type="primary",
            on_click=state.advance,
            args=(lesson, steps.forward),
        )
        return
    trial = lesson.trials[results.index(None)]
    if not right_page(lesson, trial.config, shown, page):
        return
    why = why_no_trial(lesson, progress, shown)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            f"Run: {as_is(trial.label)}",
            key="lesson run",
            type="primary",
            icon=":material/play_arrow:",
            disabled=shown.busy and not why,
            on_click=runs.start_anew,
            args=(trial.config,),
            kwargs={"play": True},
        )
        st.caption(as_is(_how_it_stands(shown, why)))


def _how_it_stands(shown: Snapshot, why: str) -> str:
    """Whether the run on the page is one of the lesson's.

    why  it is not, or ""
    """
    if shown.iteration and why:
        return f"The run on this page does not count: {why}."
    if shown.busy:
        return "It trains: watch its curves below."
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


def right_page(lesson: Lesson, config: RunConfig, shown: Snapshot, page: str) -> bool:
    """Whether this page shows runs of this kind; if not, draw a link to one that does."""
    if page == lesson.page and is_plane(shown.config) == is_plane(config):
        return True
    st.page_link(
        f"pages/{lesson.page}.py",
        label=f"Go to {TITLES[lesson.page]}, where this lesson happens",
        icon=":material/arrow_forward:",
        query_params=state.in_address()
        # Under the hood shows either kind of run: the address says which.
        | ({"dataset": config.dataset} if lesson.page == "hood" else {}),
    )
    return False
