"""The same start for racers: one seed, and the same initial weights wherever shapes agree.

A seed alone gives different weights to layers that come after one of another size, because all
layers are drawn from one stream. So these take the baseline's.
"""

from netcore.training import TrainState
from playground.config import RunConfig
from playground.trainer import start_state


def same_start(config: RunConfig, baseline: RunConfig) -> tuple[TrainState, tuple[str, ...]]:
    """The state before the first step, and a sentence for each layer that has the weights of
    another layer of the baseline, or that its seed alone would have drawn otherwise.

    Layers are paired by their index from the front, then from the back. With another initializer
    no weights are shared: it is what is raced.
    """
    state = start_state(config)
    if config.initializer != baseline.initializer:
        return state, ()
    its, given = start_state(baseline).network.layers, list[str]()
    for l, k in pairs(config.layers, baseline.layers):
        W = state.network.layers[l].W
        if (W != its[k].W).any():
            W[:] = its[k].W
            given.append(f"W{l + 1} starts as W{k + 1} of A")
    return state, tuple(given)


def pairs(layers: tuple[int, ...], baseline: tuple[int, ...]) -> list[tuple[int, int]]:
    """Which layer starts with the weights of which layer of the baseline; each gives once.

    >>> pairs((784, 64, 64, 10), (784, 64, 10))
    [(0, 0), (2, 1)]
    """
    mine, its = (
        list(zip(layers[1:], layers, strict=False)),
        list(zip(baseline[1:], baseline, strict=False)),
    )
    found = [(l, l) for l in range(min(len(mine), len(its))) if mine[l] == its[l]]
    for back in range(1, min(len(mine), len(its)) + 1):
        l, k = len(mine) - back, len(its) - back
        taken = any(l == a or k == b for a, b in found)
        if mine[l] == its[k] and not taken:
            found.append((l, k))
    return sorted(found)
