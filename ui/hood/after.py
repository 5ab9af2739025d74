"""After the step: predictions and weights, before and now."""

import streamlit as st

from playground.arithmetic import number
from playground.slides import Change, how_far, largest_changes, predictions, target_name
from playground.step_trace import Path, StepTrace


def show_after(step: StepTrace, path: Path) -> None:
    """The predictions that changed most, the weights that changed most, and why."""
    rows = [
        f"| {j} | ${number(target)}$ | {_before_and_after(each)} |"
        for j, target, each in predictions(step, path)
    ]
    head = (
        f"| example | {target_name(step)} | its output | before | after |\n|--:|--:|:--|--:|--:|\n"
    )
    st.markdown(head + "\n".join(rows))
    rows = [
        f"| {_before_and_after(each)} | ${number(each.after - each.before)}$ |"
        for each in largest_changes(step)
    ]
    head = "| largest changes | before | after | change |\n|:--|--:|--:|--:|\n"
    st.markdown(head + "\n".join(rows))
    if why := how_far(step):
        st.markdown(why)


def _before_and_after(each: Change) -> str:
    return f"${each.name}$ | ${number(each.before)}$ | ${number(each.after)}$"
