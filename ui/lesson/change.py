"""The learner's own change towards a measured goal, and the end of a lesson."""

import streamlit as st

from playground.learn.lesson import Lesson
from playground.learn.progress import Progress, standing, why_no_goal
from playground.lessons import after
from playground.run_data import is_plane
from playground.settings import SETTINGS
from playground.snapshot import Snapshot
from ui.lesson import state
from ui.lesson.hand_in import answer_sheet
from ui.lesson.run import right_page, set_up
from ui.text import as_is


def change(lesson: Lesson, shown: Snapshot, page: str) -> None:
    """Draw the goal, and how far the run on the page is from it."""
    goal = lesson.goal
    if goal.ask:
        st.markdown(f"**{as_is(goal.ask)}**")
    numbers = None if shown.busy else standing(lesson, shown)
    for each in goal.conditions:
        now = "" if numbers is None else f" · now {each.quantity.text(numbers[each.quantity.name])}"
        mark = _mark(None if numbers is None else each.holds(numbers[each.quantity.name]))
        st.markdown(f"{mark} {as_is(each.text + now)}")
    kept = ", ".join(SETTINGS[name].label for name in goal.kept)
    st.caption(f"These stay as they are: {as_is(kept)}.")
    if not right_page(_with_settings(lesson), goal.start, shown, page, "where its settings are"):
        return
    if shown.iteration and (why := why_no_goal(lesson, shown)):
        st.caption(f"The run on this page does not count: {as_is(why)}.")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        set_up(goal.start, disabled=shown.config == goal.start and not shown.iteration)
        if goal.solution is not None:
            with st.popover("Show one way", type="tertiary"):
                st.markdown(as_is(_way(lesson)))


def _with_settings(lesson: Lesson) -> str:
    """The page to change settings on: that of the lesson, if it has any."""
    if lesson.page == "hood":
        return "plane" if is_plane(lesson.goal.start) else "train"
    return lesson.page


def _mark(holds: bool | None) -> str:
    """Whether a limit holds; None if that is not known now."""
    names = {True: "check_circle", False: "cancel", None: "radio_button_unchecked"}
    return f":material/{names[holds]}:"


def _way(lesson: Lesson) -> str:
    """The settings by which the solution differs from the start."""
    assert lesson.goal.solution is not None
    start, solution = lesson.goal.start, lesson.goal.solution()
    changed = [
        (setting, setting.write(getattr(solution, name)))
        for name, setting in SETTINGS.items()
        if getattr(solution, name) not in (getattr(start, name), None)
    ]
    return "; ".join(
        f"{setting.label}: {setting.title(text) if text in setting.choices else text}"
        for setting, text in changed
    )


def done(lesson: Lesson, progress: Progress) -> None:
    """Draw what was reached, and what comes next."""
    if not lesson.goal.conditions:
        st.markdown("Whether you have reached the goal is for your teacher to judge.")
    elif progress.reached is None:
        st.markdown("You skipped the goal. Back leads to it.")
    else:
        numbers = progress.reached.numbers
        quantities = dict.fromkeys(each.quantity for each in lesson.goal.conditions)
        reached = ", ".join(f"{each.title} {each.text(numbers[each.name])}" for each in quantities)
        st.success(f"Goal reached: {as_is(reached)}.", icon=":material/flag:")
    following = after(lesson.key)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if following is not None:
            st.button(
                f"Next: {as_is(following.title)}",
                key="lesson next",
                type="primary",
                on_click=state.enter,
                args=(following.key,),
            )
        st.button(
            "Start over",
            key="lesson again",
            on_click=state.advance,
            args=(lesson, lambda progress: Progress()),
            help="Forget the prediction and the results of this lesson.",
        )
        st.page_link("pages/lessons.py", label="All lessons", icon=":material/school:")
    answer_sheet(lesson, progress)
