"""Adding and removing units and layers, with the buttons of the diagram."""

from playground.config import RunConfig
from playground.settings import MAX_LAYERS, MAX_UNITS, NETWORK_LIMIT
from ui import notes
from ui.plane.view import Grow
from ui.train.controls import add_layer, same_network, take_hidden


def grow(drawn: RunConfig, change: Grow) -> None:
    """Start a new run with the changed network, unless the tab shows another run by now."""
    if not same_network(drawn):
        return
    hidden, activations = list(drawn.layers[1:-1]), list(drawn.activations)
    if change.layer is not None:
        n = hidden[change.layer - 1] + change.by
        if not 1 <= n <= MAX_UNITS:
            less = " Remove the layer instead." if n < 1 else ""
            notes.note(f"{NETWORK_LIMIT}{less}")
            return
        hidden[change.layer - 1] = n
        take_hidden(hidden, activations)
    elif change.by < 0 and hidden:
        take_hidden(hidden[:-1], activations[:-1])
    elif change.by > 0 and len(hidden) < MAX_LAYERS:
        add_layer()
    elif change.by > 0:
        notes.note(NETWORK_LIMIT)
