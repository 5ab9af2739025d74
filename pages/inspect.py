"""Inspect: what the network gets wrong, and why; every view follows one selection of examples."""

from playground.run import Snapshot
from ui import tab
from ui.inspect.views import views
from ui.page import show
from ui.run_kind import run_kind


def main(shown: Snapshot) -> None:
    if tab.token(plane=True) and tab.token(plane=False):
        run_kind(shown)
    views(shown)


show(main)
