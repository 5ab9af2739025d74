"""Sweep: many runs whose settings vary, trained by several processes at once."""

from playground.run import Snapshot
from playground.sweep.by_owner import sweep_of
from ui.browser_key import owner
from ui.page import show
from ui.runs_page.library_state import library_state
from ui.sweep.progress import progress
from ui.sweep.setup import setup


def main(shown: Snapshot) -> None:
    library_state()
    sweep = sweep_of(owner())
    if sweep is None:
        setup(shown)
    else:
        progress(sweep)


show(main)
