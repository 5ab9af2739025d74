"""The family tree of runs: which branched from which, and after which step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from playground.library.entry import Entry


@dataclass(frozen=True)
class Member:
    """A run in its family. generation counts from the run that branched from none."""

    entry: Entry
    generation: int


def family_of(id: str, entries: Sequence[Entry]) -> list[Member]:
    """The run of this id with all that it has branched from and that has branched from those, each
    behind its parent, in the order of the steps where they branched. If a parent is not among the
    entries, its branches are the first of their families.
    """
    by_id = {entry.id: entry for entry in entries}
    if id not in by_id:
        return []
    first, above = by_id[id], set[str]()
    while first.parent in by_id and first.id not in above:
        above.add(first.id)
        first = by_id[first.parent]
    children: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.parent is not None:
            children.setdefault(entry.parent, []).append(entry)
    found, left = dict[str, Member](), [Member(first, 0)]
    while left:
        member = left.pop()
        if member.entry.id in found:
            continue
        found[member.entry.id] = member
        branches = sorted(
            children.get(member.entry.id, []),
            key=lambda each: (each.parent_iteration or 0, each.created),
        )
        left += [Member(each, member.generation + 1) for each in reversed(branches)]
    return list(found.values())


def branch_of(entry: Entry, names: Mapping[str, str]) -> str:
    """Where the run branched, and from which run of these names by id; "" if from none.

    A run whose parent was deleted is still a branch.
    """
    if entry.parent is None or entry.parent_iteration is None:
        return ""
    return f"step {entry.parent_iteration:,} of {names.get(entry.parent, 'a deleted run')}"
