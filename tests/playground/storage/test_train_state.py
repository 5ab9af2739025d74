"""A saved and loaded run continues as if it had not been interrupted; other files are rejected."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import DTypeLike, NDArray

from netcore.activations import HIDDEN_ACTIVATIONS
from netcore.array import Array
from netcore.optimizers import OPTIMIZERS, Adam, Optimizer
from netcore.training import TrainState
from playground.storage.npz import read_vectors, write_vectors
from playground.storage.train_state import Saved, StorageError, load, save
from tests.netcore.examples import network
from tests.playground.storage.resuming import go_on, keep, start
from tests.server import ROOT


def written(state: TrainState, about: dict[str, Any] | None = None, **curves: Any) -> bytes:
    file = io.BytesIO()
    save(file, state, about=about or {}, curves=curves)
    return file.getvalue()


def loaded(content: bytes) -> Saved:
    return load(io.BytesIO(content))


@cache
def a_saved_run() -> bytes:
    """Amid its second epoch, with Adam."""
    state = start("adam")
    records = go_on(state, 6)
    assert state.order is not None
    return written(state, {"dataset": "mnist-5k"}, cost=np.array([r.cost for r in records]))


# Loaded equal, resumed equal


def test_resumed_in_a_new_process_is_uninterrupted_to_the_bit(tmp_path: Path) -> None:
    for name in OPTIMIZERS:
        state = start(name)
        go_on(state, 6)
        assert state.position == 14  # amid the second epoch
        keep(tmp_path / f"{name}.npz", state, [])
    command = [sys.executable, "-m", "tests.playground.storage.resuming", "6", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, timeout=50)
    for name in OPTIMIZERS:
        state = start(name)
        records = go_on(state, 12)
        keep(tmp_path / f"{name}.whole", state, records[6:])
        resumed = (tmp_path / f"{name}.resumed").read_bytes()
        assert resumed == (tmp_path / f"{name}.whole").read_bytes(), name


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # JSON, on a busy machine
@given(
    data=st.data(),
    layer_dims=st.lists(st.integers(1, 6), min_size=2, max_size=5),
    optimizer=st.sampled_from(list(OPTIMIZERS.values())),
    seed=st.integers(0, 2**64),
    dtype=st.sampled_from([np.float32, np.float64]),
    m=st.none() | st.integers(1, 9),
    counts=st.tuples(st.integers(0, 2**40), st.integers(0, 2**40)),
    about=st.dictionaries(st.text(), json_values, max_size=3),
)
def test_any_saved_run_loads_equal(
    data: st.DataObject,
    layer_dims: list[int],
    optimizer: Optimizer,
    seed: int,
    dtype: DTypeLike,
    m: int | None,
    counts: tuple[int, int],
    about: dict[str, Any],
) -> None:
    hidden = st.sampled_from(list(HIDDEN_ACTIVATIONS))
    net = network(layer_dims, [data.draw(hidden) for _ in layer_dims[1:]], dtype=dtype)
    state = TrainState.start(net, optimizer, seed=seed)
    for vector in state.optimizer_state.values():
        vector[:] = state.noise_rng.standard_normal(vector.size)
    state.iteration, state.epoch = counts
    if m is not None:
        state.order = state.order_rng.permutation(m)
        state.position = data.draw(st.integers(0, m - 1))
    cost = np.array(data.draw(st.lists(st.floats())), dtype=np.float64)

    again, about_again, curves = loaded(written(state, about, cost=cost))
    assert again.network.layer_dims == net.layer_dims
    assert again.network.activations == net.activations
    assert again.network.theta.dtype == dtype
    assert again.network.theta.tobytes() == net.theta.tobytes()
    assert again.optimizer == optimizer
    assert again.optimizer_state.keys() == state.optimizer_state.keys()
    for name, vector in state.optimizer_state.items():
        assert again.optimizer_state[name].tobytes() == vector.tobytes()
    assert (again.iteration, again.epoch, again.position) == (*counts, state.position)
    assert (again.order is None) == (state.order is None)
    if state.order is not None:
        np.testing.assert_array_equal(again.order, state.order)
    for one, two in ((again.order_rng, state.order_rng), (again.noise_rng, state.noise_rng)):
        assert one.bit_generator.state == two.bit_generator.state
    assert about_again == about
    assert curves["cost"].tobytes() == cost.tobytes()


def test_settings_of_an_optimizer_are_kept() -> None:
    state = TrainState.start(network([2, 1], ["tanh"]), Adam(0.5, 0.75, 0.125), seed=0)
    assert loaded(written(state)).state.optimizer == Adam(0.5, 0.75, 0.125)


def test_the_same_state_gives_the_same_bytes_and_a_loaded_one_too() -> None:
    run = loaded(a_saved_run())
    assert written(run.state, run.about, **run.curves) == a_saved_run()


# Files


def test_a_path_and_an_open_file_hold_the_same(tmp_path: Path) -> None:
    state, path = start("adam"), tmp_path / "run.npz"
    save(path, state, about={})
    assert path.read_bytes() == written(state)
    assert os.listdir(tmp_path) == ["run.npz"]
    save(str(path), start("momentum"), about={})
    assert load(str(path)).state.optimizer == OPTIMIZERS["momentum"]
    with path.open("rb") as file:
        assert load(file).state.optimizer == OPTIMIZERS["momentum"]


def test_what_cannot_be_saved_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "run.npz"
    path.write_bytes(a_saved_run())
    state = start("adam")
    state.network.theta[3] = np.nan
    with pytest.raises(StorageError, match="theta has numbers that are not finite"):
        save(path, state, about={})
    assert path.read_bytes() == a_saved_run()
    assert os.listdir(tmp_path) == ["run.npz"]


def test_a_full_disk_leaves_the_old_file_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "run.npz"
    path.write_bytes(a_saved_run())

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        save(path, start("momentum"), about={})
    assert path.read_bytes() == a_saved_run()
    assert os.listdir(tmp_path) == ["run.npz"]


def test_no_file_and_no_folder_are_the_systems_own_errors(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "none.npz")
    with pytest.raises(FileNotFoundError):
        save(tmp_path / "none" / "run.npz", start("adam"), about={})


# States that cannot be saved


@pytest.mark.parametrize(
    "about", [{"cost": float("nan")}, {"rng": np.random}, {"W": np.zeros(2)}, {(1, 2): 3}]
)
def test_about_has_to_be_json(about: dict[Any, Any]) -> None:
    with pytest.raises(StorageError, match="about cannot be written as JSON"):
        save(io.BytesIO(), start("adam"), about=about)


def test_about_that_contains_itself() -> None:
    about: dict[str, Any] = {}
    about["about"] = about
    with pytest.raises(StorageError, match="about cannot be written as JSON"):
        save(io.BytesIO(), start("adam"), about=about)


def test_about_is_short() -> None:
    with pytest.raises(StorageError, match="save long histories as curves"):
        save(io.BytesIO(), start("adam"), about={"history": "x" * 2**22})


class Mine(Optimizer):
    """An optimizer from somewhere else."""

    def update(
        self, theta: Array, g: Array, alpha: float, t: int, d: Array, *moments: Array
    ) -> None:
        theta -= alpha * g


def spoil(name: str, value: Any) -> Callable[[TrainState], None]:
    return lambda state: setattr(state, name, value)


UNFIT = {
    "an optimizer of one's own": (spoil("optimizer", Mine()), "Mine is not an optimizer"),
    "no vectors": (spoil("optimizer_state", {}), "vectors are not those that it uses"),
    "a rate of 1": (
        spoil("optimizer", Adam(beta_1=1.0)),
        "beta_1 must be at least 0 and less than 1",
    ),
    "another generator": (
        spoil("order_rng", np.random.Generator(np.random.MT19937(0))),
        "Only random states of PCG64",
    ),
    "half a step": (spoil("iteration", 0.5), "iteration is not a count"),
    "an order": (spoil("order", np.array([0, 0, 2])), "is not a permutation"),
    "a position": (spoil("position", 3), "position is 3, but the epoch has 1 examples"),
}


@pytest.mark.parametrize(("change", "sentence"), UNFIT.values(), ids=UNFIT)
def test_a_state_that_could_not_go_on_is_not_saved(
    change: Callable[[TrainState], None], sentence: str
) -> None:
    state = start("adam")
    change(state)
    with pytest.raises(StorageError, match=sentence):
        save(io.BytesIO(), state, about={})


# Files that cannot be loaded

SAVED = read_vectors(a_saved_run())


def tampered(
    header: Mapping[str, Any] | None = None,
    vectors: Mapping[str, NDArray[Any] | None] | None = None,
) -> bytes:
    """A saved run with other fields in its header, other vectors, or (None) without them."""
    content: dict[str, NDArray[Any] | None] = {**SAVED}
    fields = json.loads(SAVED["header"].tobytes()) | (header or {})
    text = json.dumps({key: value for key, value in fields.items() if value is not None})
    changed = content | {"header": np.frombuffer(text.encode(), dtype=np.uint8)}
    changed |= vectors or {}
    return write_vectors({name: vector for name, vector in changed.items() if vector is not None})


def header_of(text: bytes) -> dict[str, NDArray[Any]]:
    return {"header": np.frombuffer(text, dtype=np.uint8)}


THETA, ORDER = SAVED["theta"], SAVED["order"]
N = THETA.size
ADAM = {"name": "adam", "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-8}
RNG = np.random.PCG64(0).state


def with_(vector: NDArray[Any], place: int, value: float) -> NDArray[Any]:
    changed = vector.copy()
    changed[place] = value
    return changed


HOSTILE: dict[str, tuple[bytes, str]] = {
    "foreign": (write_vectors({"arr_0": THETA}), "another program wrote this .npz"),
    "no header": (tampered({}, {"header": None}), "another program"),
    "header of floats": (tampered({}, {"header": THETA}), "another program"),
    "header no JSON": (tampered({}, header_of(b"{'format'")), "its header cannot be read"),
    "header no text": (tampered({}, header_of(b"\xff\xfe\xfd")), "its header cannot be read"),
    "header deep": (tampered({}, header_of(b"[" * 10**6)), "its header cannot be read"),
    "header long": (tampered({}, header_of(b" " * (2**22 + 1))), "another program"),
    "header a list": (tampered({}, header_of(b"[]")), "another program"),
    "number too long": (tampered({}, header_of(b"9" * 10**6)), "its header cannot be read"),
    "format": (tampered({"format": "keras"}), "another program"),
    "newer": (tampered({"version": 2}), r"newer version .*\(format 2, .* up to 1\): update"),
    "version": (tampered({"version": "1"}), "no valid version"),
    "no version": (tampered({"version": None}), "no valid version"),
    "10⁹ units": (tampered({"layer_dims": [10**9, 10**9, 10**9, 3]}), f"do not fit its {N} wei"),
    "more units": (tampered({"layer_dims": [3, 9, 7, 3]}), "do not fit"),
    "10¹⁰⁰⁰ units": (tampered({"layer_dims": [10**1000, 9, 6, 3]}), "do not fit"),
    "no units": (tampered({"layer_dims": [0, 9, 6, 3]}), "do not fit"),
    "halves": (tampered({"layer_dims": [1.5, 9, 6, 3]}), "do not fit"),
    "words": (tampered({"layer_dims": ["3", 9, 6, 3]}), "do not fit"),
    "no layers": (
        tampered({"layer_dims": [3], "activations": []}, {"theta": THETA[:0]}),
        "do not fit",
    ),
    "dims a word": (tampered({"layer_dims": "3963"}), "no valid layer_dims"),
    "fewer weights": (tampered({}, {"theta": THETA[:-1]}), f"do not fit its {N - 1} wei"),
    "no weights": (tampered({}, {"theta": None}), "do not fit its 0 wei"),
    "few activations": (tampered({"activations": ["relu", "tanh"]}), "do not fit"),
    "unknown activation": (
        tampered({"activations": ["relu", "rellu", "softmax"]}),
        "uses 'rellu', which is unknown; known are relu, leaky_relu",
    ),
    "long activation": (
        tampered({"activations": ["x" * 10**6] * 3}),
        "uses 'x{40}', which is unknown",
    ),
    "a list as activation": (tampered({"activations": [[], "tanh", "softmax"]}), r"uses '\[\]'"),
    "unknown optimizer": (
        tampered({"optimizer": {"name": "adamw"}}),
        "uses 'adamw', which is unknown",
    ),
    "no optimizer": (tampered({"optimizer": None}), "no valid optimizer"),
    "optimizer without settings": (
        tampered({"optimizer": {"name": "adam"}}),
        "does not have the expected settings",
    ),
    "optimizer with more": (
        tampered({"optimizer": ADAM | {"x": 1}}),
        "does not have the expected settings",
    ),
    "optimizer of words": (tampered({"optimizer": ADAM | {"beta_1": "0.9"}}), "beta_1 must be"),
    "optimizer without bounds": (
        tampered({"optimizer": ADAM | {"epsilon": -1}}),
        "epsilon must be",
    ),
    "another's vectors": (tampered({}, {"optimizer/m": None}), "vectors are not those"),
    "short vector": (
        tampered({}, {"optimizer/m": THETA[1:]}),
        "optimizer's m does not have theta's",
    ),
    "vector's type": (
        tampered({}, {"optimizer/m": THETA.astype(np.float64)}),
        "optimizer's m does not have theta's length and type",
    ),
    "whole numbers": (tampered({}, {"theta": np.arange(N)}), "theta has type int64"),
    "NaN in theta": (
        tampered({}, {"theta": with_(THETA, 4, np.nan)}),
        "theta has numbers .* not finite",
    ),
    "inf in theta": (
        tampered({}, {"theta": with_(THETA, 4, np.inf)}),
        "theta has numbers .* not finite",
    ),
    "NaN in a moment": (
        tampered({}, {"optimizer/v": with_(THETA, 4, np.nan)}),
        "v has numbers that are not finite",
    ),
    "order with a double": (
        tampered({}, {"order": with_(ORDER, 0, ORDER[1])}),
        "is not a permutation",
    ),
    "order from 1": (tampered({}, {"order": ORDER + 1}), "is not a permutation"),
    "order from -1": (tampered({}, {"order": ORDER - 1}), "is not a permutation"),
    "order far away": (tampered({}, {"order": with_(ORDER, 0, 2**62)}), "is not a permutation"),
    "order of nothing": (tampered({}, {"order": ORDER[:0]}), "is not a permutation"),
    "order of fractions": (
        tampered({}, {"order": ORDER.astype(np.float64)}),
        "is not a permutation",
    ),
    "position after the end": (tampered({"position": 24}), "position is 24, but the epoch has 24"),
    "position before": (tampered({"position": -1}), "position is not a count"),
    "position without order": (tampered({}, {"order": None}), "position is 14"),
    "position true": (tampered({"position": True}), "no valid position"),
    "iteration": (tampered({"iteration": 1e3}), "no valid iteration"),
    "iteration too far": (tampered({"iteration": 2**63}), "iteration is not a count"),
    "random state of another": (
        tampered({"order_rng": dict(RNG) | {"bit_generator": "MT19937"}}),
        "order_rng is not a random state",
    ),
    "random state too large": (
        tampered({"noise_rng": dict(RNG) | {"state": {"state": 2**128, "inc": 1}}}),
        "noise_rng is not a random state",
    ),
    "random state of words": (
        tampered({"noise_rng": dict(RNG) | {"state": "abc"}}),
        "noise_rng is not a random state",
    ),
    "random state of fractions": (
        tampered({"noise_rng": dict(RNG) | {"state": {"state": 1.5, "inc": 1}}}),
        "noise_rng is not a random state",
    ),
    "random state with more": (
        tampered({"noise_rng": dict(RNG) | {"more": 1}}),
        "noise_rng is not a random state",
    ),
    "random state without": (tampered({"noise_rng": {}}), "noise_rng is not a random state"),
    "no about": (tampered({"about": None}), "no valid about"),
    "a stowaway": (tampered({}, {"extra": THETA}), "contains 'extra', which a saved run does not"),
}


@pytest.mark.parametrize(("content", "sentence"), HOSTILE.values(), ids=HOSTILE)
def test_what_is_refused_in_a_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(StorageError, match=sentence) as refusal:
        loaded(content)
    assert str(refusal.value).endswith(".")
    assert len(str(refusal.value)) < 200


def test_untampered_it_loads() -> None:
    assert loaded(tampered()).about == {"dataset": "mnist-5k"}


def same_or_refused(content: bytes) -> None:
    try:
        run = loaded(content)
    except StorageError:
        return
    assert written(run.state, run.about, **run.curves) == a_saved_run()


@settings(deadline=None, max_examples=200)
@given(st.lists(st.tuples(st.integers(0), st.integers(1, 255)), min_size=1, max_size=3))
def test_flipped_bytes_never_do_harm(flips: list[tuple[int, int]]) -> None:
    content = bytearray(a_saved_run())
    for place, bits in flips:
        content[place % len(content)] ^= bits
    same_or_refused(bytes(content))


@settings(deadline=None)
@given(st.integers(0, len(a_saved_run()) - 1), st.integers(0, 2000))
def test_missing_bytes_never_do_harm(start: int, length: int) -> None:
    content = a_saved_run()
    with pytest.raises(StorageError):
        loaded(content[:start])
    same_or_refused(content[:start] + content[start + length :])


def test_every_byte_of_the_container_flipped() -> None:
    """Names, lengths and places in the file: all that is not a number covered by a checksum."""
    content = a_saved_run()
    table = content.index(b"PK\x01\x02")
    for place in [*range(200), *range(table, len(content))]:
        for bits in (0x01, 0x80, 0xFF):
            changed = bytearray(content)
            changed[place] ^= bits
            same_or_refused(bytes(changed))


def test_a_loaded_state_is_free_to_change() -> None:
    state = loaded(a_saved_run()).state
    other = replace(state)
    go_on(state, 3)
    assert state.iteration == other.iteration + 3
