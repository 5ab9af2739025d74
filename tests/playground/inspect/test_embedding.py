"""Embeddings: in stages in a thread, the same each time, cancelled between two stages."""

import os
import subprocess
import sys
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import settings
from scipy.spatial import cKDTree
from sklearn.manifold import TSNE, trustworthiness
from threadpoolctl import ThreadpoolController

from data import catalog
from netcore.array import Array
from playground import optional_packages
from playground.inspect.embedding import (
    METHODS,
    Embedding,
    Method,
    _one_at_a_time,
    beside_neighbors,
    start,
)
from tests.server import ROOT

WAIT = 120.0


def digits(m: int) -> Array:
    return catalog.load("mnist-5k").validation.X[:, :m]


def embed(method: Method, M: Array, seed: int = 0) -> Array:
    embedding = Embedding(method, M, seed)
    assert embedding.wait(WAIT)
    progress = embedding.progress
    assert progress.state == "done", progress.error
    assert progress.stages_done == method.stages
    assert progress.positions is not None
    return progress.positions


def keeps_neighbors(name: str, m: int) -> None:
    """Neighbors of m digits are together on the map, and the same start gives the same map."""
    M = digits(m)
    first = embed(METHODS[name], M)
    assert first.shape == (2, m)
    on_axes = trustworthiness(M.T, start(M, 0), n_neighbors=5)
    assert trustworthiness(M.T, first.T, n_neighbors=5) > max(0.9, on_axes + 0.1)
    np.testing.assert_array_equal(embed(METHODS[name], M), first)
    assert not np.allclose(embed(METHODS[name], M, seed=1), first)


def test_tsne_keeps_neighbors_together_and_the_same_start_gives_the_same_map() -> None:
    keeps_neighbors("tsne", 200)


def finds_neighbors(name: str, m: int) -> None:
    """From random positions: fewer maps of fewer digits, for what is slow."""
    M = digits(m)
    found = embed(METHODS[name], M, seed=1)
    at_random = trustworthiness(M.T, start(M, 1), n_neighbors=5)
    assert trustworthiness(M.T, found.T, n_neighbors=5) > at_random + 0.2
    np.testing.assert_array_equal(embed(METHODS[name], M, seed=1), found)


@pytest.mark.timeout(240)
def test_umap_keeps_neighbors_together_and_the_same_start_gives_the_same_map() -> None:
    """umap-learn is compiled when it first runs, which takes longer than the rest of this file. So
    only a thorough run compiles it. A normal one runs the same source without the compiler, in a
    process of its own, because that is decided when the compiler is imported.
    """
    if settings.get_current_profile_name() == "thorough":
        keeps_neighbors("umap", 200)
        return
    check = f"from {__name__} import finds_neighbors; finds_neighbors('umap', 40)"
    uncompiled = os.environ | {"NUMBA_DISABLE_JIT": "1"}
    subprocess.run([sys.executable, "-c", check], env=uncompiled, cwd=ROOT, check=True)


def test_tsne_in_stages_is_as_good_as_scikit_learns_in_one() -> None:
    M = digits(300)
    with ThreadpoolController().limit(limits=1):
        whole = TSNE(init="pca", random_state=0).fit_transform(M.T)
    scores = [
        trustworthiness(M.T, each, n_neighbors=10) for each in (whole, embed(METHODS["tsne"], M).T)
    ]
    assert scores[1] > scores[0] - 0.01


def test_it_ends_between_two_stages_when_cancelled_and_keeps_what_it_found() -> None:
    embeddings: list[Embedding] = []

    def stages(rows: Array, positions: Array, seed: int) -> Iterator[Array]:
        yield positions + 1
        embeddings[0].cancel()
        yield positions + 2

    held = Method("made up", 5, stages, "sklearn.manifold")
    with _one_at_a_time:  # it starts when it is known here
        embeddings.append(Embedding(held, digits(20)))
    assert embeddings[0].wait(WAIT)
    progress = embeddings[0].progress
    assert (progress.state, progress.stages_done) == ("cancelled", 1)
    assert progress.positions is not None
    np.testing.assert_allclose(progress.positions.T, start(digits(20), 0) + 1, rtol=1e-6)


def test_a_failure_is_told_in_a_sentence() -> None:
    def stages(rows: Array, positions: Array, seed: int) -> Iterator[Array]:
        raise ValueError("too few samples.")

    embedding = Embedding(Method("made up", 1, stages, "sklearn.manifold"), digits(20))
    assert embedding.wait(WAIT)
    assert embedding.progress.state == "failed"
    assert embedding.progress.error == "made up found no map: too few samples."


def test_a_missing_package_is_told_before_anything_is_computed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(optional_packages, "find_spec", lambda name: None)
    assert "pip install -r requirements-inspect.txt" in METHODS["umap"].lacking
    assert METHODS["tsne"].lacking == ""  # the app itself needs scikit-learn


def test_examples_that_are_all_alike_and_very_few_examples_have_a_map() -> None:
    for M in (np.zeros((4, 40), np.float32), digits(5)):
        assert np.isfinite(embed(METHODS["tsne"], M)).all()


def test_a_new_example_stands_among_those_nearest_to_it() -> None:
    M, rng = digits(100), np.random.default_rng(0)
    positions = rng.standard_normal((2, 100))
    _, near = cKDTree(M.T).query(M[:, 7], k=5)
    found = beside_neighbors(positions, M, M[:, 7:8])
    np.testing.assert_allclose(found[:, 0], np.median(positions[:, near], axis=1))
