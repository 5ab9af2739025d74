"""Diagnosis: findings on what went wrong in a run, from its own numbers, each with evidence and a
fix.

A finding is a likely cause, not a proof; its fix is a changed RunConfig to compare with. Effects of
one cause are not reported twice: a rising cost is a separate finding only if no layer explains it,
and slow progress only if there is no other finding. A run that is no better than guessing has one
finding, the most serious.
"""

from data.dataset import Splits
from playground.diagnosis.case import Case, Finding
from playground.diagnosis.causes import CAUSES, not_finite, symmetric
from playground.diagnosis.symptoms import SYMPTOMS, nothing_learned
from playground.run import Snapshot

EARLY = 30  # steps before which only divergence and the like are findings

__all__ = ["Finding", "examine"]


def examine(shown: Snapshot, data: Splits) -> list[Finding]:
    """The findings for this run, the most serious first; empty for a healthy run."""
    case = Case(shown, data)
    if (finding := not_finite(case)) is not None:
        return [finding]
    if len(case.costs) < EARLY:
        short = nothing_learned(case)
        return [] if short is None else [short]
    if (finding := symmetric(case)) is not None:
        return [finding]  # everything else follows from it
    found = [finding for find in CAUSES if (finding := find(case)) is not None]
    if not found:
        found = [finding for find in SYMPTOMS if (finding := find(case)) is not None][:1]
    return found[:1] if case.is_guessing else found
