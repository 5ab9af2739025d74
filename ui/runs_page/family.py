"""The families of the chosen runs: which branched from which, and after which step."""

from collections.abc import Sequence

import streamlit as st

from playground.library.entry import Entry
from playground.library.family import Member, family_of
from ui.text import as_is

MAX_LISTED = 40  # runs of a family that are listed


def families(ids: Sequence[str], entries: Sequence[Entry]) -> None:
    """A tree for each family in which a run has branched; the chosen runs are bold."""
    listed = set[str]()
    for id in ids:
        if id in listed:
            continue
        members = family_of(id, entries)
        listed |= {member.entry.id for member in members}
        if len(members) > 1:
            st.markdown("**Family tree**")
            st.markdown(
                "\n".join(_line(each, chosen=each.entry.id in ids) for each in members[:MAX_LISTED])
            )
            if len(members) > MAX_LISTED:
                st.caption(f"And {len(members) - MAX_LISTED:,} more.")


def _line(member: Member, *, chosen: bool) -> str:
    entry = member.entry
    name = as_is(entry.name)
    where = f"from step {entry.parent_iteration:,}: " if member.generation else ""
    accuracy = "" if entry.accuracy is None else f", {100 * entry.accuracy:.1f} %"
    text = f"**{name}**" if chosen else name
    return f"{'    ' * member.generation}- {where}{text} · step {entry.iteration:,}{accuracy}"
