"""Addresses and saved runs made to do harm: each gets its sentence or a run that trains; never
another error, endless work or memory without end.

Damaged bytes are the readers' own tests' business; a saved run here is whole, checksums and all,
and what it says is not true.
"""

import io
import json
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from data.catalog import load
from data.dataset import DataError, Splits
from netcore.network import n_parameters
from playground.config import ConfigError, read_address
from playground.run import Run
from playground.run_data import fitted, load_data
from playground.saved import load_run
from playground.settings import SETTINGS
from playground.storage.npz import StorageError, read_vectors, write_vectors
from playground.trainer import Trainer
from tests.bounded import bounded
from tests.playground.test_saved import examples, written

Path = tuple[str | int, ...]

# What a reader of JSON or of numbers may trip over, besides anything at all.
NASTY: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, 0, -1, 1, 2**31, 2**63, 2**64, 10**30, 0.5, -0.0, 1e308, "", "0", "-1", "nan",
     "full", "784,10", [], [[]], {}, {"name": "adam"}, [0] * 99, "x" * 5000, "\0", "\u202e", "'"]
)  # fmt: skip
VALUES = NASTY | st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=6,
)


@cache
def saved_run() -> dict[str, NDArray[Any]]:
    return read_vectors(written())


def places(value: Any, so_far: Path = ()) -> Iterator[Path]:
    """The way to each value in some JSON."""
    yield so_far
    if isinstance(value, dict | list):
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(each, (*so_far, key))


def header() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(saved_run()["header"].tobytes())
    return found


PLACES = [place for place in places(header()) if place]


def with_value(header: dict[str, Any], place: Path, value: Any) -> None:
    """Put it there, if the place is still there."""
    inner: Any = header
    with suppress(KeyError, IndexError, TypeError):
        for key in place[:-1]:
            inner = inner[key]
        inner[place[-1]] = value


@given(st.lists(st.tuples(st.sampled_from(PLACES), VALUES), min_size=1, max_size=3))
def test_a_saved_run_that_lies_about_itself(changes: list[tuple[Path, Any]]) -> None:
    lying = header()
    for place, value in changes:
        with_value(lying, place, value)
    take(saved_run() | {"header": np.frombuffer(json.dumps(lying).encode(), np.uint8)})


VECTORS = st.sampled_from(sorted(set(saved_run()) - {"header"}))
NUMBERS = st.sampled_from([0.0, -1.0, 2.0**63, 1e30, np.nan, np.inf])


@given(VECTORS, NUMBERS, st.integers(0, 400), st.sampled_from(["put", "cut", "type", "drop"]))
def test_a_saved_run_of_other_numbers(name: str, number: float, at: int, how: str) -> None:
    vectors = dict(saved_run())
    vector = vectors[name].copy()
    at = min(at, len(vector) - 1)
    with np.errstate(invalid="ignore", over="ignore"):
        match how:
            case "put":
                vector[at : at + 1] = np.array([number]).astype(vector.dtype)
            case "cut":
                vector = vector[:at]
            case "type":
                vector = vector.astype(np.float64 if vector.dtype != np.float64 else np.float32)
    vectors[name] = vector
    if how == "drop":
        del vectors[name]
    take(vectors)


def take(vectors: dict[str, NDArray[Any]]) -> None:
    content = write_vectors(vectors)
    with bounded(), suppress(StorageError, ConfigError, DataError):
        saved = load_run(io.BytesIO(content))
        run = Run(saved.config, examples(), saved=saved)
        run.save()
        if not (trainer := saved.trainer(examples())).done:
            trainer.step()


@cache
def digits() -> Splits:
    """Read before anything is measured: all runs share them."""
    return load("mnist-5k")


TEXTS = st.sampled_from(
    ["full", "2,8,8,1", "784,9,10", "relu", "tanh", "1", "0", "-1", "0.5", "1e999", "nan",
     "9" * 400, "1e-400", "2,9,1", "x1,x2,x1x2", "circles",
     "placed", "mnist-5k", "3-8", "1,1,0;2,2,1",
     "٣", "1_0", " 1", "2,1024,1024,1", "upload-0123456789abcdef"]
)  # fmt: skip


@given(
    st.sampled_from(["spiral", "circles", "xor", "placed", "gaussians"]),
    st.dictionaries(st.sampled_from(list(SETTINGS)), TEXTS | st.text(max_size=20), max_size=6),
)
def test_an_address_gives_a_run_that_trains_or_a_sentence(
    dataset: str, query: dict[str, str]
) -> None:
    config, complaints = read_address({"dataset": dataset} | query)
    assert all(sentence.startswith("The address has ") for sentence in complaints)
    digits()
    with bounded(), suppress(ConfigError, DataError):
        data = load_data(config)
        config = fitted(config, data)
        if n_parameters(config.layers) < 20_000:
            Trainer(config, data).step()
