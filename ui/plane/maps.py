"""The maps of the shown network, cached as long as the network is the same."""

from collections.abc import Sequence
from typing import Any

from netcore.network import Network
from playground.decision_maps import Maps, maps_of
from ui import session

_MAPS = "maps of the plane"


def maps(network: Network, inputs: Sequence[str], *, crisp: bool) -> Maps:
    """The maps of a snapshot's network, which never changes."""
    of: tuple[Any, ...] = (network, tuple(inputs), crisp)
    kept = session.get(_MAPS)
    if kept is None or kept[0] != of:
        kept = of, maps_of(network, inputs, crisp=crisp)
        session.put(_MAPS, kept)
    made: Maps = kept[1]
    return made
