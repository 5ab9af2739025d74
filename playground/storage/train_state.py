"""Reads and writes a complete TrainState as one `.npz` file; training continues bit for bit.

    header           JSON: format, version, layers, optimizer, both random states, about
    theta            all W and b
    optimizer/NAME   the optimizer's vectors
    order            the order of the examples in the current epoch, if there is one
    curves/NAME      vectors that the caller adds, such as costs

`save` rejects whatever `load` would reject, so that every saved file can be loaded. Equal states
give equal bytes.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from data.atomic_file import write_atomically
from netcore.activations import ACTIVATIONS
from netcore.network import Network, n_parameters
from netcore.optimizers import OPTIMIZERS, Optimizer
from netcore.training import TrainState
from playground.storage.npz import MAX_BYTES, StorageError, Vectors, read_vectors, write_vectors

__all__ = ["Saved", "StorageError", "load", "save"]

FORMAT, VERSION = "netcore run", 1
MAX_HEADER_BYTES = 2**22  # parsed JSON takes up to about twenty times its length in memory

T = TypeVar("T")


class Saved(NamedTuple):
    """The content of a file: the state, and what was saved with it."""

    state: TrainState
    about: dict[str, Any]
    curves: dict[str, NDArray[Any]]


def save(
    file: str | os.PathLike[str] | BinaryIO,
    state: TrainState,
    *,
    about: Mapping[str, Any],
    curves: Vectors | None = None,
) -> None:
    """Write the complete state to a path, or into a binary file.

    If writing to a path fails, an existing file stays as it was. about is anything that JSON can
    represent (settings, the name of the data set); curves are vectors by name, which may contain
    NaN and infinity. Raises StorageError for whatever load would reject, OSError if writing fails.
    """
    content = _content(state, about, curves or {})
    if isinstance(file, str | os.PathLike):
        write_atomically(Path(file), content)
    else:
        file.write(content)


def load(file: str | os.PathLike[str] | BinaryIO) -> Saved:
    """Load the run from a path, or from a binary file.

    Raises StorageError if the content is anything but a saved run, OSError if it cannot be read.
    """
    if isinstance(file, str | os.PathLike):
        with open(file, "rb") as opened:
            return load(opened)
    vectors = read_vectors(file.read(MAX_BYTES + 1))
    header = _header(vectors.pop("header", np.empty(0)))
    moments, curves = _group(vectors, "optimizer/"), _group(vectors, "curves/")
    theta, order = vectors.pop("theta", np.empty(0)), vectors.pop("order", None)
    if vectors:
        raise StorageError(
            f"The file contains {next(iter(vectors))!r}, which a saved run does not."
        )
    state = TrainState(
        _network(header, theta),
        _optimizer(header),
        moments,
        _rng(header, "order_rng"),
        _rng(header, "noise_rng"),
        _field(header, "iteration", int),
        _field(header, "epoch", int),
        order,
        _field(header, "position", int),
    )
    _check(state)
    return Saved(state, _field(header, "about", dict), curves)


def _content(state: TrainState, about: Mapping[str, Any], curves: Vectors) -> bytes:
    _check(state)
    names = {type(optimizer): name for name, optimizer in OPTIMIZERS.items()}
    header = {
        "format": FORMAT,
        "version": VERSION,
        "layer_dims": state.network.layer_dims,
        "activations": state.network.activations,
        "optimizer": {"name": names[type(state.optimizer)], **asdict(state.optimizer)},
        "order_rng": state.order_rng.bit_generator.state,
        "noise_rng": state.noise_rng.bit_generator.state,
        "iteration": state.iteration,
        "epoch": state.epoch,
        "position": state.position,
    }
    try:
        text = json.dumps(header | {"about": dict(about)}, allow_nan=False).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise StorageError(f"about cannot be written as JSON: {error}.") from error
    if len(text) > MAX_HEADER_BYTES:
        raise StorageError(
            f"about takes {len(text):,} bytes; at most {MAX_HEADER_BYTES:,} are allowed: "
            "save long histories as curves."
        )
    vectors: dict[str, NDArray[Any]] = {
        "header": np.frombuffer(text, dtype=np.uint8),
        "theta": state.network.theta,
        **{f"optimizer/{name}": moment for name, moment in state.optimizer_state.items()},
        **{f"curves/{name}": curve for name, curve in curves.items()},
    }
    if state.order is not None:
        vectors["order"] = state.order.astype(np.int64)
    return write_vectors(vectors)


def _header(text: NDArray[Any]) -> dict[str, Any]:
    header: Any = None
    if text.dtype == np.uint8 and text.size <= MAX_HEADER_BYTES:
        try:
            header = json.loads(text.tobytes())
        except (ValueError, RecursionError) as error:
            raise StorageError("The file is damaged: its header cannot be read.") from error
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        raise StorageError("The file is not a saved run: another program wrote this .npz.")
    if (version := _field(header, "version", int)) > VERSION:
        raise StorageError(
            f"The file was saved by a newer version of this program (format {version}, "
            f"this one reads up to {VERSION}): update the program."
        )
    return header


def _field(header: Mapping[str, Any], key: str, kind: type[T]) -> T:
    value = header.get(key)
    if not isinstance(value, kind) or isinstance(value, bool):
        raise StorageError(f"The saved run has no valid {key}.")
    return value


def _group(vectors: dict[str, NDArray[Any]], prefix: str) -> dict[str, NDArray[Any]]:
    """Remove and return the vectors whose names have this prefix, by the rest of their names."""
    names = [name for name in vectors if name.startswith(prefix)]
    return {name.removeprefix(prefix): vectors.pop(name) for name in names}


def _network(header: Mapping[str, Any], theta: NDArray[Any]) -> Network:
    layer_dims: list[Any] = _field(header, "layer_dims", list)
    activations = [_known(ACTIVATIONS, name) for name in _field(header, "activations", list)]
    fits = (
        len(layer_dims) == len(activations) + 1 > 1
        and all(type(n) is int and n > 0 for n in layer_dims)
        and n_parameters(layer_dims) == theta.size
    )
    if not fits:
        raise StorageError(
            f"The saved run's layers do not fit its {theta.size:,} weights and biases."
        )
    return Network(layer_dims, activations, theta)


def _optimizer(header: Mapping[str, Any]) -> Optimizer:
    settings = dict(_field(header, "optimizer", dict))
    kind = type(OPTIMIZERS[_known(OPTIMIZERS, settings.pop("name", None))])
    if settings.keys() != {field.name for field in fields(kind)}:
        raise StorageError("The saved run's optimizer does not have the expected settings.")
    return kind(**settings)


def _known(registry: Mapping[str, Any], name: Any) -> str:
    if name not in list(registry):  # a list, because name may be unhashable
        raise StorageError(
            f"The saved run uses {str(name)[:40]!r}, which is unknown; "
            f"known are {', '.join(registry)}."
        )
    return str(name)


def _rng(header: Mapping[str, Any], key: str) -> np.random.Generator:
    given: Any = _field(header, key, dict)
    bits = np.random.PCG64(0)
    try:
        bits.state = given
    except (TypeError, ValueError, KeyError, OverflowError) as error:
        raise StorageError(f"The saved run's {key} is not a random state.") from error
    if bits.state != given:
        raise StorageError(f"The saved run's {key} is not a random state.")
    return np.random.Generator(bits)


def _check(state: TrainState) -> None:
    """Check what holds for every state from which training can continue."""
    theta, optimizer = state.network.theta, state.optimizer
    if theta.dtype.str not in ("<f4", "<f8"):
        raise StorageError(f"theta has type {theta.dtype}; networks have float32 or float64.")
    if type(optimizer) not in {type(known) for known in OPTIMIZERS.values()}:
        raise StorageError(f"{type(optimizer).__name__} is not an optimizer that can be saved.")
    for name, value in asdict(optimizer).items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1:
            raise StorageError(f"The optimizer's {name} must be at least 0 and less than 1.")
    if set(state.optimizer_state) != set(optimizer.moments):
        raise StorageError("The optimizer's vectors are not those that it uses.")
    for name, vector in {"theta": theta, **state.optimizer_state}.items():
        if vector.shape != theta.shape or vector.dtype != theta.dtype:
            raise StorageError(f"The optimizer's {name} does not have theta's length and type.")
        if not np.isfinite(vector).all():
            raise StorageError(
                f"{name} has numbers that are not finite: that run diverged, and cannot continue."
            )
    for rng in (state.order_rng, state.noise_rng):
        if not isinstance(rng.bit_generator, np.random.PCG64):
            raise StorageError("Only random states of PCG64, NumPy's default, can be saved.")
    for name in ("iteration", "epoch", "position"):
        if type(count := getattr(state, name)) is not int or not 0 <= count < 2**63:
            raise StorageError(f"{name} is not a count.")
    _check_order(state)


def _check_order(state: TrainState) -> None:
    order, n = state.order, 1 if state.order is None else state.order.size
    if order is not None and not (
        order.dtype.kind == "i"
        and order.shape == (n,)
        and n > 0
        and order.min() >= 0
        and order.max() < n
        and (np.bincount(order, minlength=n) == 1).all()
    ):
        raise StorageError("The order of the examples is not a permutation of them.")
    if state.position >= n:
        raise StorageError(f"position is {state.position}, but the epoch has {n} examples.")
