"""The families of the chosen runs: which branched from which, and after which step."""

from collections.abc import Sequence

import streamlit as st

from playground.library.family import Member, family_of
from playground.library.opened import library
from ui.browser_key import owner
from ui.text import as_is

MOST = 40  # runs of a family that are listed


def families(ids: Sequence[str]) -> None:
    """A tree for each family in which a run has branched; the chosen runs are bold."""
    entries, told = library().entries(owner()), set[str]()
    for id in ids:
        if id in told:
            continue
        members = family_of(id, entries)
        told |= {member.entry.id for member in members}
        if len(members) > 1:
            st.markdown("**Family tree**")
            st.markdown(
                "\n".join(_line(each, chosen=each.entry.id in ids) for each in members[:MOST])
            )
            if len(members) > MOST:
                st.caption(f"And {len(members) - MOST:,} more.")


def _line(member: Member, *, chosen: bool) -> str:
    entry = member.entry
    name = as_is(entry.name)
    where = f"from step {entry.parent_iteration:,}: " if member.generation else ""
    accuracy = "" if entry.accuracy is None else f", {100 * entry.accuracy:.1f} %"
    text = f"**{name}**" if chosen else name
    return f"{'    ' * member.generation}- {where}{text} · step {entry.iteration:,}{accuracy}"
