"""t-SNE and UMAP: points in two dimensions that keep neighbors together, computed in a thread.

A page watches an Embedding and may cancel it. It is computed in stages, each from the positions
that the last one found: after every stage the page can show the map as it is, and the thread can
end.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from threading import Lock, Thread
from typing import Any, Literal

import numpy as np
from threadpoolctl import ThreadpoolController

from netcore.array import Array
from playground.inspect.neighbors import closest
from playground.inspect.pca import principal_axes
from playground.optional_packages import OPTIONAL, missing

# Of t-SNE. 250 iterations are the fewest that scikit-learn takes, and two stages of them keep
# neighbors as well as its default of 1,000 in one.
TSNE_STAGES, TSNE_ITERATIONS, PERPLEXITY = 2, 250, 30
EXAGGERATION = 12.0  # of the first stage, scikit-learn's default
UMAP_STAGES, UMAP_EPOCHS, UMAP_NEIGHBORS = 2, 100, 15  # epochs of each stage
MIN_EXAMPLES = 5  # examples of which a map of neighbors says anything

Stages = Callable[[Array, Array, int], Iterator[Array]]
"""(rows (m, n), the first positions (m, 2), seed) -> the positions after each stage."""


def _tsne(rows: Array, positions: Array, seed: int) -> Iterator[Array]:
    from sklearn.manifold import TSNE

    for stage in range(TSNE_STAGES):
        found: Array = TSNE(
            init=positions,
            perplexity=min(PERPLEXITY, (len(rows) - 1) / 3),
            max_iter=TSNE_ITERATIONS,
            early_exaggeration=EXAGGERATION if stage == 0 else 1.0,
            random_state=seed,
        ).fit_transform(rows)
        positions = found
        yield positions


def _umap(rows: Array, positions: Array, seed: int) -> Iterator[Array]:
    from umap import UMAP

    for _ in range(UMAP_STAGES):
        found: Array = UMAP(
            init=positions
            * 10
            / max(float(np.abs(positions).max()), 1e-12),  # the size that it starts with
            n_neighbors=min(UMAP_NEIGHBORS, len(rows) - 1),
            n_epochs=UMAP_EPOCHS,
            random_state=seed,
            n_jobs=1,
        ).fit_transform(rows)
        positions = found
        yield positions


@dataclass(frozen=True)
class Method:
    """A way to embed.

    module  the package that it needs
    settings  what a map should say of how it was made
    note    what to tell somebody who waits for the first stage
    """

    title: str
    stages: int
    run: Stages
    module: str
    settings: str = ""
    note: str = ""

    @property
    def lacking(self) -> str:
        """A sentence on how to install the package if it is not there; else ""."""
        return missing(self.module, self.title) if self.module in OPTIONAL else ""


METHODS = {
    # van der Maaten & Hinton, "Visualizing data using t-SNE" (2008)
    "tsne": Method(
        "t-SNE",
        TSNE_STAGES,
        _tsne,
        "sklearn.manifold",
        f"perplexity {PERPLEXITY}, {TSNE_STAGES * TSNE_ITERATIONS} iterations",
    ),
    # McInnes, Healy & Melville, "UMAP: uniform manifold approximation and projection" (2018)
    "umap": Method(
        "UMAP",
        UMAP_STAGES,
        _umap,
        "umap",
        f"{UMAP_NEIGHBORS} neighbors, {UMAP_STAGES * UMAP_EPOCHS} epochs",
        " (the first on a server is compiled, which takes half a minute)",
    ),
}
State = Literal["running", "done", "cancelled", "failed"]
# One at a time on this server, with one thread, so that training runs keep their cores.
_one_at_a_time = Lock()


@dataclass(frozen=True, eq=False)
class Progress:
    """positions (2, m): the map after the last stage that is done; None before the first."""

    state: State
    stages_done: int = 0
    positions: Array | None = None
    error: str = ""


class Embedding:
    """Columns M (n, m) embedded by a method, in a thread of its own, from the principal axes
    (seed 0) or from random positions. The same M, method and seed give the same map.

    first  the positions (2, m) that it starts from
    waits  whether another one on this server is computed before it
    """

    def __init__(self, method: Method, M: Array, seed: int = 0) -> None:
        self.method = method
        self._M, self._seed = M, seed
        self.first = start(M, seed).T
        self.waits = True
        self._lock = Lock()
        self._progress = Progress("running")
        self._thread = Thread(target=self._run, name=f"map by {method.title}", daemon=True)
        self._thread.start()

    @property
    def progress(self) -> Progress:
        with self._lock:
            return self._progress

    def cancel(self) -> None:
        """Keep what is found so far. The thread ends with its stage."""
        self._now("cancelled")

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for the thread for at most so many seconds. Returns whether it has ended."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            with _one_at_a_time:
                self.waits = False
                if self.progress.state != "running":  # cancelled while it waited
                    return
                import_module(self.method.module)  # first: only loaded libraries can be limited
                with ThreadpoolController().limit(limits=1):
                    self._embed()
            self._now("done")
        except (ImportError, ValueError, MemoryError) as error:
            self._now("failed", error=f"{self.method.title} found no map: {error}")
        finally:  # after any error, the page must not watch a thread that no longer runs
            self._now("failed", error=f"{self.method.title} stopped because of an error.")
            del self._M

    def _embed(self) -> None:
        rows = np.ascontiguousarray(self._M.T, dtype=np.float32)
        found = self.method.run(rows, self.first.T, self._seed)
        for number, positions in enumerate(found, start=1):
            self._now("running", stages_done=number, positions=positions.T.astype(float))
            if self.progress.state != "running":
                return

    def _now(self, state: State, **changes: Any) -> None:
        """Set the progress, unless it has already ended."""
        with self._lock:
            if self._progress.state == "running":
                values = vars(self._progress) | changes | {"state": state}
                self._progress = Progress(**values)


def start(M: Array, seed: int) -> Array:
    """The first positions (m, 2), close together: on the principal axes, or random for a seed."""
    if seed == 0:
        positions = principal_axes(M).project(M).T
        positions = 1e-4 * positions / max(float(positions[:, 0].std()), 1e-12)
    else:
        positions = 1e-4 * np.random.default_rng(seed).standard_normal((M.shape[1], 2))
    return np.ascontiguousarray(positions, dtype=np.float32)


def beside_neighbors(positions: Array, M: Array, x: Array, k: int = 5) -> Array:
    """A position (2, 1) for x (n, 1), which was not embedded: the median of those of the k examples
    closest to it.
    """
    return np.median(positions[:, closest(M, x, k)], axis=1, keepdims=True)
