"""The maps of the network shown, worked out anew only when there is another network."""

from collections.abc import Sequence
from typing import Any

from netcore.network import Network
from playground.decision_maps import Maps, maps_of
from ui import session

_MAPS = "maps of the plane"


def maps(network: Network, inputs: Sequence[str], *, crisp: bool) -> Maps:
    """A snapshot's network is never changed: the same one has the same maps."""
    of: tuple[Any, ...] = (network, tuple(inputs), crisp)
    kept = session.get(_MAPS)
    if kept is None or kept[0] != of:
        kept = of, maps_of(network, inputs, crisp=crisp)
        session.put(_MAPS, kept)
    made: Maps = kept[1]
    return made
