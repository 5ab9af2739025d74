"""The same network in PyTorch and in Keras: scripts that load its weights and can train it."""

from collections.abc import Iterable
from dataclasses import asdict
from textwrap import fill

from data.dataset import Dataset
from netcore.activations import ACTIVATIONS
from netcore.initializers import INITIALIZERS
from netcore.optimizers import OPTIMIZERS
from netcore.schedules import SCHEDULES
from playground.config import RunConfig
from playground.export.kernels import Kernels
from playground.output import balanced_weights, loss_for, output_activation, weighs_classes

WEIGHTS = "weights.npz"


def pytorch(config: RunConfig, train: Dataset) -> str:
    """A script that builds the network with the weights of weights_file, and has everything for a
    run on these examples: loss, optimizer, schedule and initializer.
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
    initializer, (imports, factor) = INITIALIZERS[config.initializer], _schedule(config, train.m)
    optimizer = _call(OPTIMIZERS[config.optimizer].pytorch, config, repr(config.learning_rate))
    schedule = ""
    if factor:
        schedule = "schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, factor_at)\n"
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

{_pytorch_loss(config, train)}optimizer = {optimizer}
{factor}{schedule}

def start_over():
    """Initialize the weights again: {initializer.title}."""
    for layer in linear:
        {initializer.pytorch.format(W="layer.weight")}
        nn.init.zeros_(layer.bias)


def train_step(X, Y):
    """One step on X (m, n_x) with targets Y (m, n_out); returns the cost before it."""
    network.train()
    cost = loss(network(X), Y)
    optimizer.zero_grad()
    {_penalized(config)}.backward()
    optimizer.step(){_step_schedule(optimizer) if factor else ""}
    return cost.item()


def predict(X):
    """Predictions (m, n_out) for X (m, n_x): examples are rows here, columns in netcore."""
    network.eval()
    with torch.no_grad():
        return {output}(network(X))
'''


STEP_SCHEDULE = """
    schedule.step()"""
STEP_SCHEDULE_WITH_MOMENTUM = """
    rate = optimizer.param_groups[0]["lr"]
    schedule.step()
    # PyTorch's momentum sums gradients, netcore's sums steps, which a new rate leaves as they are.
    for state in optimizer.state.values():
        state["momentum_buffer"] *= rate / max(optimizer.param_groups[0]["lr"], 1e-30)"""


def _step_schedule(optimizer: str) -> str:
    return STEP_SCHEDULE_WITH_MOMENTUM if "momentum=" in optimizer else STEP_SCHEDULE


def _pytorch_loss(config: RunConfig, train: Dataset) -> str:
    """The loss as a function of Z[L] and Y. PyTorch's own class weights divide by their sum over
    the batch, netcore's by m.
    """
    loss = loss_for(config).pytorch
    if not weighs_classes(config):
        return f"loss = {loss.format(reduction='mean')}  # of Z[L], the mean over the batch\n"
    of_each = "class_weights[Y.long()]" if config.layers[-1] == 1 else "(Y @ class_weights)"
    return f'''class_weights = torch.tensor([
{_lines(map(repr, balanced_weights(train)))}
])
loss_of_each = {loss.format(reduction="none")}


def loss(Z, Y):
    """Of Z[L], the mean over the batch; an example of class c counts class_weights[c] times."""
    return ({of_each} * loss_of_each(Z, Y)).mean()


'''


def _lines(items: Iterable[str]) -> str:
    """The items of a list or a dict, indented in short lines."""
    return fill(", ".join(items) + ",", 88, initial_indent="    ", subsequent_indent="    ")


def _penalized(config: RunConfig) -> str:
    """The cost with the penalties of the weights, as PyTorch code."""
    terms = []
    if config.l2:
        terms.append(f"{config.l2!r} / 2 * sum((layer.weight**2).sum() for layer in linear)")
    if config.l1:
        terms.append(f"{config.l1!r} * sum(layer.weight.abs().sum() for layer in linear)")
    if not terms:
        return "cost"
    return "(cost\n     + " + "\n     + ".join(terms) + ")"


def keras(config: RunConfig, train: Dataset) -> str:
    """The same for Keras 3, on any of its backends."""
    initializer, (imports, factor) = INITIALIZERS[config.initializer], _schedule(config, train.m)
    lines = []
    for n_out, name in zip(config.layers[1:], config.activations, strict=False):
        lines.append(_dense(n_out, name, config))
        if config.dropout:
            lines.append(f"    keras.layers.Dropout({config.dropout!r}),")
    lines.append(_dense(config.layers[-1], output_activation(config), config))
    body, layers = "\n".join(lines), list(config.layers)
    rate, schedule = repr(config.learning_rate), ""
    if factor:
        steps = config.n_iterations(train.m)
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
{_keras_fit(config, train)}'''


def _keras_fit(config: RunConfig, train: Dataset) -> str:
    rows = "examples are rows; in netcore, they are columns.\n"
    if not weighs_classes(config):
        return f"# In network.predict(X) and network.fit(X, Y), {rows}"
    weights = (f"{c}: {weight!r}" for c, weight in enumerate(balanced_weights(train)))
    return (
        f"class_weight = {{\n{_lines(weights)}\n}}\n"
        f"# In network.predict(X) and network.fit(X, Y, class_weight=class_weight),\n# {rows}"
    )


def _dense(n_out: int, activation: str, config: RunConfig) -> str:
    penalty = ""
    if config.l1 or config.l2:
        l1, l2 = config.l1, config.l2 / 2  # netcore's penalty is (λ/2) Σ W², Keras's λ Σ W²
        penalty = (
            f"\n                       kernel_regularizer=keras.regularizers.L1L2({l1!r}, {l2!r}),"
        )
    return (
        f"    keras.layers.Dense({n_out}, activation={ACTIVATIONS[activation].keras},\n"
        f"                       kernel_initializer=start(),{penalty}),"
    ).replace(",),", "),")


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
