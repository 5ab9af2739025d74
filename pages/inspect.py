"""Inspect: what the network gets wrong, and why; every view follows one selection of examples."""

from playground.run import Snapshot
from ui.inspect.views import views
from ui.page import show


def main(shown: Snapshot) -> None:
    views(shown)


show(main)
