"""What the doctor finds, on the training page: a small card with evidence, and the fix to press."""

import streamlit as st

from playground.diagnosis import Finding, examine
from playground.run import Snapshot
from ui import runs, session
from ui.text import as_is

_FOUND = "findings"
MOST = 2  # shown at once: the gravest


def findings(shown: Snapshot) -> None:
    """Nothing where all is well. Looked for anew when the run was measured anew."""
    place = st.container(key="findings")  # always there: nothing below it is built anew
    for number, finding in enumerate(_found(shown)[:MOST]):
        with place.container(border=True, key=f"finding-{number}"):
            st.markdown(f"**{as_is(finding.title)}.** {as_is(finding.evidence)}")
            with st.container(horizontal=True, vertical_alignment="center"):
                st.caption(finding.why, width="stretch")
                st.button(
                    finding.fix,
                    key=f"fix {number}",
                    on_click=runs.start_beside,
                    args=(finding.config,),
                    help="Starts a run with this changed; the curves of this one stay behind it.",
                )


def _found(shown: Snapshot) -> list[Finding]:
    now = (shown.token, shown.measured.iteration, shown.status, shown.config)
    kept = session.get(_FOUND)
    if kept is None or kept[0] != now:
        kept = (now, examine(shown, shown.data))
        session.put(_FOUND, kept)
    found: list[Finding] = kept[1]
    return found
