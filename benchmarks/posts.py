"""The first post's two experiments on all of MNIST, and other methods in the same training time.

    python -m benchmarks.posts            some twenty minutes; writes docs/posts.svg
    python -m benchmarks.posts --quick    a twenty-fifth of it; writes nothing

The post trains by plain gradient descent on all examples at once. It gives neither the learning
rate nor the initialization (here: He). Then momentum, minibatches, Adam and augmentation, each
added to the previous ones, get as many seconds of training as the post's method took. The last row
is the app's default network with all of them, for a fixed number of epochs.
"""

import argparse
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from data import catalog
from data.augmentation import Augmentation
from data.dataset import DataError, Splits
from netcore import (
    INITIALIZERS,
    LOSSES,
    OPTIMIZERS,
    Hyperparameters,
    Network,
    StepRecord,
    TrainState,
    train,
)
from netcore.array import Array
from netcore.batches import Augment
from netcore.metrics import Evaluation, evaluate
from netcore.training import weights_rng
from playground.colors import ACCENT, PREVIOUS, THIS_RUN, TRAINING, VALIDATION
from playground.cpu_semaphore import n_cores
from playground.prefetch import PrefetchingWorkspace

LOSS = LOSSES["cross_entropy"]
SEED = 1
POINTS = 30  # measurements of a curve
TRIAL = 3.0  # seconds to measure the time of a step
COLORS = (TRAINING, VALIDATION, THIS_RUN, ACCENT, "#E69F00")  # the last is Okabe and Ito's orange
FIGURE = Path(__file__).parent.parent / "docs" / "posts.svg"


@dataclass(frozen=True)
class Recipe:
    """A training method; the field names are those of RunConfig."""

    name: str
    optimizer: str
    learning_rate: float
    schedule: str = "constant"
    batch_size: int | None = None
    augmentation: float = 0.0


@dataclass(frozen=True)
class Experiment:
    """A network, the post's method and result, and the later methods."""

    layer_dims: tuple[int, ...]
    iterations: int
    accuracy: float
    recipes: tuple[Recipe, ...]


def _recipes(learning_rate: float, with_momentum: float) -> tuple[Recipe, ...]:
    adam = Recipe("… and Adam, its rate decaying", "adam", 0.002, "cosine", 128)
    return (
        Recipe("as in the post", "gradient_descent", learning_rate),
        Recipe("with momentum", "momentum", with_momentum),
        Recipe("in minibatches of 128", "momentum", 0.01, batch_size=128),
        adam,
        replace(adam, name="… and augmentation", augmentation=1.0),
    )


EXPERIMENTS = (
    Experiment((784, 10, 10), 1000, 0.88, _recipes(0.1, with_momentum=0.1)),
    Experiment((784, 256, 128, 64, 10), 500, 0.97, _recipes(0.5, with_momentum=0.1)),
)
DEFAULT_LAYERS = (784, 256, 128, 10)
DEFAULT_EPOCHS = 17  # 99 % accuracy in 45 s, which a person may wait


@dataclass(frozen=True, eq=False)
class Outcome:
    """A trained network: its training time, its score, and its curve.

    seconds  of training alone
    curve    (seconds, accuracy on the test images), from the first point to the end
    """

    iterations: int
    epochs: float
    seconds: float
    trained_on: Evaluation
    validation: Evaluation
    curve: list[tuple[float, float]]


def start(
    layer_dims: Sequence[int], recipe: Recipe, splits: Splits, iterations: int
) -> tuple[TrainState, Iterator[StepRecord]]:
    """A new network of this recipe, and its training state."""
    activations = ["relu"] * (len(layer_dims) - 2) + ["softmax"]
    network = Network.create(layer_dims, activations, INITIALIZERS["he"], rng=weights_rng(SEED))
    state = TrainState.start(network, OPTIMIZERS[recipe.optimizer], seed=SEED)
    hyper = Hyperparameters(
        recipe.learning_rate, iterations, schedule=recipe.schedule, batch_size=recipe.batch_size
    )
    return state, train(
        state,
        splits.train.X,
        splits.train.Y,
        LOSS,
        hyper,
        _augment(recipe.augmentation),
        PrefetchingWorkspace(n_cores),  # all cores, as in the app
    )


def _augment(strength: float) -> Augment | None:
    if not strength:
        return None
    augmentation = Augmentation((28, 28), strength)

    def augment(X: Array, rng: np.random.Generator) -> Array:
        return augmentation(X, rng=rng)

    return augment


def run(layer_dims: Sequence[int], recipe: Recipe, splits: Splits, iterations: int) -> Outcome:
    """Train a new network for so many iterations, and measure it meanwhile."""
    state, records = start(layer_dims, recipe, splits, iterations)
    seconds, curve = 0.0, []
    between = max(1, iterations // POINTS)
    before = time.perf_counter()
    for record in records:
        if record.iteration % between == 0 or record.iteration == iterations:
            seconds += time.perf_counter() - before
            validation = _evaluate(state.network, splits, validation=True)
            curve.append((seconds, validation.score))
            before = time.perf_counter()
    trained_on = _evaluate(state.network, splits, validation=False)
    epochs = iterations * (recipe.batch_size or splits.train.m) / splits.train.m
    return Outcome(iterations, epochs, seconds, trained_on, validation, curve)


def _evaluate(network: Network, splits: Splits, *, validation: bool) -> Evaluation:
    dataset = splits.validation if validation else splits.train
    return evaluate(network, dataset.X, dataset.Y, dataset.labels, LOSS)


def steps_in(seconds: float, layer_dims: Sequence[int], recipe: Recipe, splits: Splits) -> int:
    """The number of steps of this recipe in so many seconds, from the time of the first few."""
    _, records = start(layer_dims, recipe, splits, 1_000_000)
    next(records)
    before, steps = time.perf_counter(), 0
    while (took := time.perf_counter() - before) < TRIAL:
        next(records)
        steps += 1
    return max(1, round(seconds * steps / took))


HEADER = """\
| network | trained | epochs | seconds | cost, training | test | accuracy, training | test | post |
| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"""


def as_line(layer_dims: Sequence[int], recipe: Recipe, outcome: Outcome, post: str) -> str:
    """A row of the table in the README."""
    trained_on, validation = outcome.trained_on, outcome.validation
    cells = [
        str(list(layer_dims)),
        recipe.name,
        f"{outcome.epochs:,.0f}" if outcome.epochs >= 10 else f"{outcome.epochs:.1f}",
        f"{outcome.seconds:.1f}",
        f"{trained_on.cost:.3f}",
        f"{validation.cost:.3f}",
        f"{trained_on.score:.2%}",
        f"{validation.score:.2%}",
        post,
    ]
    return "| " + " | ".join(cells) + " |"


def figure(results: list[tuple[Experiment, list[tuple[Recipe, Outcome]]]], file: Path) -> None:
    """Accuracy on the test images over seconds of training, with a panel for each network."""
    from matplotlib.figure import Figure

    drawing = Figure(figsize=(11, 4.5), layout="constrained")
    panels = drawing.subplots(1, len(results), sharey=True, squeeze=False)[0]
    for panel, (experiment, outcomes) in zip(panels, results, strict=True):
        for color, (recipe, outcome) in zip(COLORS, outcomes, strict=True):
            seconds, accuracy = zip(*outcome.curve, strict=True)
            panel.plot(seconds, accuracy, label=recipe.name, color=color)
        panel.axhline(experiment.accuracy, color=PREVIOUS, linestyle=":", label="the post's result")
        panel.set_title(str(list(experiment.layer_dims)))
        panel.set_xlabel("seconds of training")
        panel.set_ylim(0.8, 1)
        panel.set_yticks((0.8, 0.85, 0.9, 0.95, 1))
        panel.yaxis.set_major_formatter("{x:.0%}")
        panel.grid(alpha=0.3)
    panels[0].set_ylabel("accuracy on the 10,000 test images")
    panels[-1].legend(loc="lower right")
    drawing.savefig(file, metadata={"Date": None})


def compare(
    experiment: Experiment, splits: Splits, iterations: int
) -> Iterator[tuple[Recipe, Outcome]]:
    """Train the post's method for so many iterations and the other methods for the same time, and
    print the results.
    """
    layer_dims, (as_in_post, *others) = experiment.layer_dims, experiment.recipes
    first = run(layer_dims, as_in_post, splits, iterations)
    print(as_line(layer_dims, as_in_post, first, f"{experiment.accuracy:.0%}"), flush=True)
    yield as_in_post, first
    for recipe in others:
        steps = steps_in(first.seconds, layer_dims, recipe, splits)
        outcome = run(layer_dims, recipe, splits, steps)
        print(as_line(layer_dims, recipe, outcome, ""), flush=True)
        yield recipe, outcome


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.posts", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--quick", action="store_true", help="a twenty-fifth of the iterations")
    options = parser.parse_args(arguments)
    share = 25 if options.quick else 1
    try:
        splits = catalog.load("mnist")
    except DataError as error:
        parser.error(str(error))

    print(HEADER, flush=True)
    results = [
        (experiment, list(compare(experiment, splits, experiment.iterations // share)))
        for experiment in EXPERIMENTS
    ]
    recipe = replace(EXPERIMENTS[0].recipes[-1], name="the app's default, all of the above")
    batches = -(-splits.train.m // (recipe.batch_size or splits.train.m))
    outcome = run(DEFAULT_LAYERS, recipe, splits, max(1, DEFAULT_EPOCHS * batches // share))
    print(as_line(DEFAULT_LAYERS, recipe, outcome, ""))
    if not options.quick:
        figure(results, FIGURE)
        print(f"\nCurves: {FIGURE}")


if __name__ == "__main__":
    main()
