"""The same network in PyTorch and in Keras: scripts that load its weights and can train it."""

from dataclasses import asdict

from netcore.activations import ACTIVATIONS
from netcore.initializers import INITIALIZERS
from netcore.optimizers import OPTIMIZERS
from netcore.schedules import SCHEDULES
from playground.config import RunConfig
from playground.export.kernels import Kernels
from playground.output import loss_for, output_activation

WEIGHTS = "weights.npz"


def pytorch(config: RunConfig, m: int) -> str:
    """A script that builds the network with the weights of weights_file, and has everything for a
    run on m examples: loss, optimizer, schedule and initializer.
    """
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
    initializer, (imports, factor) = INITIALIZERS[config.initializer], _schedule(config, m)
    optimizer = _call(OPTIMIZERS[config.optimizer].pytorch, config, repr(config.learning_rate))
    schedule = ""
    if factor:
        schedule = """schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, factor_at)
# schedule.step() comes after every optimizer.step().
"""
    return f'''"""The network {layers} for PyTorch, with the trained weights of {WEIGHTS}."""

{imports}import numpy as np
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

loss = {loss_for(config).pytorch}  # of Z[L], the mean over the batch
optimizer = {optimizer}
{factor}{schedule}network.eval()


def start_over():
    """Initialize the weights again: {initializer.title}."""
    for layer in linear:
        {initializer.pytorch.format(W="layer.weight")}
        nn.init.zeros_(layer.bias)


def predict(X):
    """Predictions (m, n_out) for X (m, n_x): examples are rows here, columns in netcore."""
    with torch.no_grad():
        return {output}(network(X))
'''


def keras(config: RunConfig, m: int) -> str:
    """The same for Keras 3, on any of its backends."""
    initializer, (imports, factor) = INITIALIZERS[config.initializer], _schedule(config, m)
    lines = []
    for n_out, name in zip(config.layers[1:], config.activations, strict=False):
        lines.append(_dense(n_out, name))
        if config.dropout:
            lines.append(f"    keras.layers.Dropout({config.dropout!r}),")
    lines.append(_dense(config.layers[-1], output_activation(config)))
    body, layers = "\n".join(lines), list(config.layers)
    rate, schedule = repr(config.learning_rate), ""
    if factor:
        steps = config.n_iterations(m)
        schedule = f'''{factor}class Schedule(keras.optimizers.schedules.LearningRateSchedule):
    """The learning rates of all steps, computed in advance."""

    rates = np.float32([{rate} * factor_at(t) for t in range({steps + 1})])

    def __call__(self, step):
        iteration = keras.ops.cast(keras.ops.minimum(step, {steps}), "int32")
        return keras.ops.take(self.rates, iteration)


'''
        rate = "Schedule()"
    return f'''"""The network {layers} for Keras, with the trained weights of {WEIGHTS}."""

{imports}import keras
import numpy as np


def start():
    """A new initializer, {initializer.title}: one object would draw the same numbers twice."""
    return {initializer.keras}


network = keras.Sequential([
    keras.Input(shape=({config.layers[0]},)),
{body}
])
dense = [layer for layer in network.layers if isinstance(layer, keras.layers.Dense)]
with np.load("{WEIGHTS}") as weights:
    for l, layer in enumerate(dense, start=1):
        layer.set_weights([weights[f"W{{l}}"].T, weights[f"b{{l}}"][:, 0]])

{schedule}network.compile(
    optimizer={_call(OPTIMIZERS[config.optimizer].keras, config, rate)},
    loss={loss_for(config).keras},
    metrics=["{loss_for(config).metric}"],
)
# In network.predict(X) and network.fit(X, Y), examples are rows; in netcore, they are columns.
'''


def _dense(n_out: int, activation: str) -> str:
    return (
        f"    keras.layers.Dense({n_out}, activation={ACTIVATIONS[activation].keras},\n"
        "                       kernel_initializer=start()),"
    )


def _schedule(config: RunConfig, m: int) -> tuple[str, str]:
    """The imports, and factor_at(iteration) with the schedule's own source; "" for a constant
    rate.
    """
    if config.schedule == "constant":
        return "", ""
    kernels, factor = Kernels(), SCHEDULES[config.schedule].factor
    source = kernels.take(factor)
    imports = "".join(f"{line}\n" for line in kernels.imports())
    return (
        imports and imports + "\n",
        f'''
{source}

def factor_at(iteration):
    """The factor of the learning rate after this many steps."""
    return {factor.__name__}(iteration / {config.n_iterations(m)})


''',
    )


def _call(constructor: str, config: RunConfig, rate: str) -> str:
    """The library's constructor of the optimizer, with this run's hyperparameters."""
    numbers = {name: repr(value) for name, value in asdict(OPTIMIZERS[config.optimizer]).items()}
    return constructor.format(alpha=rate, **numbers)
