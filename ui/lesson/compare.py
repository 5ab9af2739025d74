"""The gap between prediction and result, and the sentence that explains the result."""

import streamlit as st

from playground.learn import progress as steps
from playground.learn.figures import compare_figure
from playground.learn.lesson import Lesson, Sketch
from playground.learn.progress import Progress
from ui.lesson import state
from ui.live_plot import live_plot
from ui.text import as_is

HEIGHT = 210


def compare(lesson: Lesson, progress: Progress) -> None:
    """Draw both, and what follows from them."""
    figure = compare_figure(lesson, progress.prediction, progress.numbers)
    left, right = st.columns([3, 2], gap="medium") if figure else (st.container(), None)
    with left:
        gap(lesson, progress)
        st.markdown(as_is(explained(lesson, progress)))
        st.button(
            "Now change something yourself",
            key="lesson on",
            type="primary",
            on_click=state.advance,
            args=(lesson, steps.forward),
        )
    if figure and right is not None:
        with right:
            live_plot(figure, key="lesson-chart", height=HEIGHT, alt=_in_words(lesson, progress))


def gap(lesson: Lesson, progress: Progress) -> None:
    """What was predicted and what came out, side by side."""
    question, results = lesson.question, progress.numbers
    truth = question.truth(results)
    if progress.prediction is None:
        if truth is not None:
            st.markdown(f"The result: **{as_is(question.text(truth))}**")
        return
    said = as_is(question.text(progress.prediction))
    if truth is None:
        st.markdown(f"You predicted: **{said}**")
        return
    came = as_is(question.text(truth))
    both = f"You predicted **{said}**. The result: **{came}**."
    if question.agrees(progress.prediction, results):
        how = "right" if said == came else "close enough"
        st.success(f"{both} Your prediction was {how}.", icon=":material/check:")
    else:
        missed = " Look at where they differ." if isinstance(question, Sketch) else ""
        st.info(f"{both} Your prediction was wrong.{missed}", icon=":material/lightbulb:")


def explained(lesson: Lesson, progress: Progress) -> str:
    """The lesson's sentence, or what usually happens if these runs contradict it."""
    results = progress.numbers
    untrue = lesson.untrue(results)
    if not untrue:
        return lesson.because(results)
    return (
        f"Your runs differ from what usually happens ({'; '.join(untrue)}). They gave: "
        f"{_in_words(lesson, progress)}. Runs with another seed may differ as well."
    )


def _in_words(lesson: Lesson, progress: Progress) -> str:
    return "; ".join(
        f"{trial.label}: "
        + ", ".join(f"{each.title} {each.text(numbers[each.name])}" for each in lesson.measures)
        for trial, numbers in zip(lesson.trials, progress.numbers, strict=True)
    )
