"""The outcome of a run: its result, a finding or an error. Its box is on the page from the start,
so that nothing moves when it is filled.
"""

import streamlit as st

from playground.config import RunConfig
from playground.descriptions import example_noun
from playground.diagnosis import Finding, examine
from playground.measure import measure_of
from playground.next_steps import how_it_goes_on, more_epochs, next_to_try
from playground.outcome import is_guessing, says_guessing
from playground.run import Snapshot, Status
from ui import runs, session
from ui.draw.answer import reads_drawings
from ui.text import as_is

_FOUND = "findings"
HEIGHT = 232  # pixels: an error or a result, and a finding with its fix


def outcome(shown: Snapshot) -> None:
    """The error or the result of a run that is over, and the most serious finding."""
    found = _found(shown)
    with st.container(key="outcome", gap="xsmall", height=HEIGHT, border=False):
        if shown.status is Status.FAILED:
            st.error(as_is(shown.message), icon=":material/error:")
            _fix(found[0])
            return
        if shown.over:
            _result(shown)
        if found:
            _finding(found[0])
        elif shown.over:
            _next(shown)


def _result(shown: Snapshot) -> None:
    validation, m = shown.measured.validation, shown.data.validation.m
    measure, what = measure_of(shown.config), example_noun(shown.config)
    result = f"**{round(validation.score * m):,} of {m:,}** validation {what} correct"
    if measure.unit != 100:
        result = f"**{measure.name} {measure.text(validation.score)}** on validation {what}"
    if is_guessing(shown):
        st.warning(f"No better than guessing: {result}; {as_is(says_guessing(shown))}.")
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"{result}.", width="stretch")
        if reads_drawings(shown.data):
            st.page_link("pages/draw.py", label="Draw one yourself", icon=":material/draw:")


def _finding(finding: Finding) -> None:
    """The evidence, the explanation, and a button with the fix."""
    st.markdown(f"**{as_is(finding.title)}.** {as_is(finding.evidence)}")
    st.caption(finding.why)
    _fix(finding)


def _fix(finding: Finding) -> None:
    _start_button(finding.fix, "fix", finding.config)


def _start_button(label: str, key: str, config: RunConfig) -> None:
    st.button(
        label,
        key=key,
        on_click=runs.start_beside,
        args=(config,),
        help="Starts a run with this change. The curves of this run stay behind its curves.",
    )


def _next(shown: Snapshot) -> None:
    """What more epochs would do, and another run to try."""
    more = more_epochs(shown)
    st.caption(f"**{more} more epochs:** {how_it_goes_on(shown, more)}")
    if (proposal := next_to_try(shown)) is not None:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(f"**Try next:** {proposal.why}", width="content")
            _start_button(proposal.label, "try next", proposal.config)


def _found(shown: Snapshot) -> list[Finding]:
    """The findings, computed again after each measurement of the run."""
    now = (shown.token, shown.measured.iteration, shown.status, shown.config)
    kept = session.get(_FOUND)
    if kept is None or kept[0] != now:
        kept = (now, examine(shown, shown.data))
        session.put(_FOUND, kept)
    found: list[Finding] = kept[1]
    return found
