"""The same network for PyTorch and for Keras: listings to read, to run, and to compare."""

from dataclasses import asdict

from netcore.activations import ACTIVATIONS
from netcore.optimizers import OPTIMIZERS
from playground.config import RunConfig
from playground.output import loss_for, output_activation

WEIGHTS = "weights.npz"


def pytorch(config: RunConfig) -> str:
    """A script that builds the network with the weights of weights_file beside it, and the
    optimizer and the loss to go on with."""
    lines = []
    for n_in, n_out, name in zip(
        config.layers, config.layers[1:], config.activations, strict=False
    ):
        lines.append(f"    nn.Linear({n_in}, {n_out}), {ACTIVATIONS[name].pytorch},")
        if config.dropout:
            lines.append(f"    nn.Dropout({config.dropout!r}),")
    lines.append(f"    nn.Linear({config.layers[-2]}, {config.layers[-1]}),")
    output = ACTIVATIONS[output_activation(config)].pytorch
    body, layers = "\n".join(lines), list(config.layers)
    return f'''"""The network {layers} for PyTorch, with the trained weights of {WEIGHTS}."""

import numpy as np
import torch
from torch import nn

network = nn.Sequential(
{body}
)
linear = [layer for layer in network if isinstance(layer, nn.Linear)]
with np.load("{WEIGHTS}") as weights, torch.no_grad():
    for l, layer in enumerate(linear, start=1):
        layer.weight.copy_(torch.from_numpy(weights[f"W{{l}}"]))
        layer.bias.copy_(torch.from_numpy(weights[f"b{{l}}"][:, 0]))

loss = {loss_for(config).pytorch}  # of Z[L]; its mean is over the batch, as here
optimizer = {_call(OPTIMIZERS[config.optimizer].pytorch, config)}
network.eval()


def predict(X):
    """Probabilities (m, n_out) of examples (m, n_x): rows here, columns in netcore."""
    with torch.no_grad():
        return {output}(network(X))
'''


def keras(config: RunConfig) -> str:
    """The same for Keras 3, on any of its backends."""
    lines = []
    for n_out, name in zip(config.layers[1:], config.activations, strict=False):
        lines.append(f"    keras.layers.Dense({n_out}, activation={ACTIVATIONS[name].keras}),")
        if config.dropout:
            lines.append(f"    keras.layers.Dropout({config.dropout!r}),")
    last = ACTIVATIONS[output_activation(config)].keras
    lines.append(f"    keras.layers.Dense({config.layers[-1]}, activation={last}),")
    body, layers = "\n".join(lines), list(config.layers)
    return f'''"""The network {layers} for Keras, with the trained weights of {WEIGHTS}."""

import keras
import numpy as np

network = keras.Sequential([
    keras.Input(shape=({config.layers[0]},)),
{body}
])
dense = [layer for layer in network.layers if isinstance(layer, keras.layers.Dense)]
with np.load("{WEIGHTS}") as weights:
    for l, layer in enumerate(dense, start=1):
        layer.set_weights([weights[f"W{{l}}"].T, weights[f"b{{l}}"][:, 0]])

network.compile(
    optimizer={_call(OPTIMIZERS[config.optimizer].keras, config)},
    loss={loss_for(config).keras},
    metrics=["{loss_for(config).metric}"],
)
# network.predict(X) and network.fit(X, Y) take an example a row: rows here, columns in netcore.
'''


def _call(constructor: str, config: RunConfig) -> str:
    """A library's constructor of the optimizer, with this one's numbers."""
    numbers = {"alpha": config.learning_rate, **asdict(OPTIMIZERS[config.optimizer])}
    return constructor.format(**{name: repr(value) for name, value in numbers.items()})
