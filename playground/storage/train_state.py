"""A whole TrainState to and from one `.npz` file, exactly: training goes on to the same bits.

    header           JSON: format, version, layers, optimizer, both random states, about
    theta            every W and b
    optimizer/NAME   the optimizer's vectors
    order            the order of the examples in the epoch in progress, if there is one
    curves/NAME      what the caller wants kept besides, such as costs

`save` refuses what `load` would, so that what was saved can be loaded. The same state gives the
same bytes.
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
MAX_HEADER_BYTES = 2**22  # JSON, once read, takes up to some twenty times its length

T = TypeVar("T")


class Saved(NamedTuple):
    """What a file holds: the state, and what was saved beside it."""

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
    """Write the whole state to a path, or into a file opened for bytes.

    A path gets the new file entire or keeps the old one, whatever happens. about is anything that
    JSON can hold (settings, the data set's name) and comes back as JSON has it; curves are
    vectors by name, which may hold what is not finite.
    Raises StorageError for what load would refuse, OSError where writing fails.
    """
    content = _content(state, about, curves or {})
    if isinstance(file, str | os.PathLike):
        write_atomically(Path(file), content)
    else:
        file.write(content)


def load(file: str | os.PathLike[str] | BinaryIO) -> Saved:
    """The run in a path, or in a file opened for bytes.

    Raises StorageError where the content is anything but a saved run, OSError where there is
    nothing to read.
    """
    if isinstance(file, str | os.PathLike):
        with open(file, "rb") as opened:
            return load(opened)
    vectors = read_vectors(file.read(MAX_BYTES + 1))
    header = _header(vectors.pop("header", np.empty(0)))
    moments, curves = _group(vectors, "optimizer/"), _group(vectors, "curves/")
    theta, order = vectors.pop("theta", np.empty(0)), vectors.pop("order", None)
    if vectors:
        raise StorageError(f"The file holds {next(iter(vectors))!r}, which no saved run has.")
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
        raise StorageError(f"about holds what JSON cannot: {error}.") from error
    if len(text) > MAX_HEADER_BYTES:
        raise StorageError(
            f"about takes {len(text):,} bytes of at most {MAX_HEADER_BYTES:,}: "
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
        raise StorageError(f"The saved run has no {key} that makes sense.")
    return value


def _group(vectors: dict[str, NDArray[Any]], prefix: str) -> dict[str, NDArray[Any]]:
    """The vectors whose names begin so, taken out, by the rest of their names."""
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
        raise StorageError("The saved run's optimizer has other settings than it ought to.")
    return kind(**settings)


def _known(registry: Mapping[str, Any], name: Any) -> str:
    if name not in list(registry):  # a list, since name may be anything
        raise StorageError(
            f"The saved run uses {str(name)[:40]!r}, unknown here; known are {', '.join(registry)}."
        )
    return str(name)


def _rng(header: Mapping[str, Any], key: str) -> np.random.Generator:
    given: Any = _field(header, key, dict)
    bits = np.random.PCG64(0)
    try:
        bits.state = given
    except (TypeError, ValueError, KeyError, OverflowError) as error:
        raise StorageError(f"The saved run's {key} is no random state.") from error
    if bits.state != given:
        raise StorageError(f"The saved run's {key} is no random state.")
    return np.random.Generator(bits)


def _check(state: TrainState) -> None:
    """What holds for every state that training can go on from."""
    theta, optimizer = state.network.theta, state.optimizer
    if theta.dtype.str not in ("<f4", "<f8"):
        raise StorageError(f"theta is of type {theta.dtype}: networks are of float32 or float64.")
    if type(optimizer) not in {type(known) for known in OPTIMIZERS.values()}:
        raise StorageError(f"{type(optimizer).__name__} is none of the optimizers that are saved.")
    for name, value in asdict(optimizer).items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1:
            raise StorageError(f"The optimizer's {name} has to be from 0 to below 1.")
    if set(state.optimizer_state) != set(optimizer.moments):
        raise StorageError("The optimizer's vectors are not those that it works with.")
    for name, vector in {"theta": theta, **state.optimizer_state}.items():
        if vector.shape != theta.shape or vector.dtype != theta.dtype:
            raise StorageError(f"The optimizer's {name} is not of theta's length and type.")
        if not np.isfinite(vector).all():
            raise StorageError(
                f"{name} has numbers that are not finite: that run diverged, nothing can go on "
                "from there."
            )
    for rng in (state.order_rng, state.noise_rng):
        if not isinstance(rng.bit_generator, np.random.PCG64):
            raise StorageError("Only the random states of PCG64 are saved, NumPy's default.")
    for name in ("iteration", "epoch", "position"):
        if type(count := getattr(state, name)) is not int or not 0 <= count < 2**63:
            raise StorageError(f"{name} is no count.")
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
        raise StorageError("The order of the examples does not name each of them once.")
    if state.position >= n:
        raise StorageError(f"position is {state.position}, the epoch has {n} examples.")
