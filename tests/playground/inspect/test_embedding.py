"""Embeddings: in stages in a thread, the same each time, cancelled between two stages."""

import numpy as np
import pytest
from scipy.spatial import cKDTree
from sklearn.manifold import TSNE, trustworthiness
from threadpoolctl import ThreadpoolController

from data import catalog
from netcore.array import Array
from playground.inspect.embedding import (
    METHODS,
    Embedding,
    Method,
    _one_at_a_time,
    beside_neighbors,
    start,
)

WAIT = 120.0


def digits(m: int) -> Array:
    return catalog.load("mnist-5k").validation.X[:, :m]


def embed(method: Method, M: Array, seed: int = 0) -> Array:
    embedding = Embedding(method, M, seed)
    assert embedding.wait(WAIT)
    progress = embedding.progress
    assert progress.state == "done", progress.error
    assert progress.stages_done == method.stages
    assert progress.places is not None
    return progress.places


@pytest.mark.timeout(240)  # UMAP is compiled when it first runs
@pytest.mark.parametrize("name", METHODS)
def test_neighbors_stay_together_and_the_same_start_gives_the_same_map(name: str) -> None:
    M = digits(200)
    first = embed(METHODS[name], M)
    assert first.shape == (2, 200)
    on_axes = trustworthiness(M.T, start(M, 0), n_neighbors=5)
    assert trustworthiness(M.T, first.T, n_neighbors=5) > max(0.9, on_axes + 0.1)
    np.testing.assert_array_equal(embed(METHODS[name], M), first)
    assert not np.allclose(embed(METHODS[name], M, seed=1), first)


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

    def stage(rows: Array, places: Array, number: int, seed: int) -> Array:
        if number == 1:
            embeddings[0].cancel()
        return places + 1

    held = Method("made up", 5, stage, "sklearn.manifold")
    with _one_at_a_time:  # it starts when it is known here
        embeddings.append(Embedding(held, digits(20)))
    assert embeddings[0].wait(WAIT)
    progress = embeddings[0].progress
    assert (progress.state, progress.stages_done) == ("cancelled", 1)
    assert progress.places is not None
    np.testing.assert_allclose(progress.places.T, start(digits(20), 0) + 1, rtol=1e-6)


def test_a_failure_is_told_in_a_sentence() -> None:
    def stage(rows: Array, places: Array, number: int, seed: int) -> Array:
        raise ValueError("too few samples.")

    embedding = Embedding(Method("made up", 1, stage, "sklearn.manifold"), digits(20))
    assert embedding.wait(WAIT)
    assert embedding.progress.state == "failed"
    assert embedding.progress.error == "made up found no map: too few samples."


def test_a_missing_package_is_told_before_anything_is_computed() -> None:
    lacking = Method("made up", 1, METHODS["umap"].stage, "no_such_package.part").lacking
    assert lacking == "made up needs an extra package: pip install -r requirements-inspect.txt"
    assert METHODS["tsne"].lacking == ""


def test_examples_that_are_all_alike_and_very_few_examples_have_a_map() -> None:
    for M in (np.zeros((4, 40), np.float32), digits(5)):
        assert np.isfinite(embed(METHODS["tsne"], M)).all()


def test_a_new_example_stands_among_those_nearest_to_it() -> None:
    M, rng = digits(100), np.random.default_rng(0)
    places = rng.standard_normal((2, 100))
    _, near = cKDTree(M.T).query(M[:, 7], k=5)
    found = beside_neighbors(places, M, M[:, 7:8])
    np.testing.assert_allclose(found[:, 0], np.median(places[:, near], axis=1))
