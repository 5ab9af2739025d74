"""Trainer: a configuration made into a network, its data and its loop.

The app's runs, the command line and the benchmarks all train through it, so that the same
settings give the same curve everywhere.
"""

from dataclasses import dataclass
from functools import cache

from data.augmentation import Augmentation
from data.dataset import Dataset, Splits
from netcore.array import Array
from netcore.batches import Augment
from netcore.initializers import INITIALIZERS
from netcore.metrics import Evaluation, evaluate
from netcore.network import Network
from netcore.optimizers import OPTIMIZERS
from netcore.training import StepRecord, TrainState, Workspace, train_step, weights_rng
from playground.config import ConfigError, RunConfig
from playground.cpu_semaphore import CPU_SEMAPHORE, cores_for
from playground.output import activations_of, fitting_layers, loss_of, targets

TRAINING_SAMPLE = 1000  # training examples on which cost and accuracy are measured
MAX_EVALUATIONS, MIN_EVALUATIONS = 400, 20  # in one run


@dataclass(frozen=True, eq=False)
class Measured:
    """Cost and accuracy after this many iterations, on examples as they are: no warps, no
    dropout. Training: the first 1,000 training examples; validation: the whole validation set."""

    iteration: int
    epoch: int
    training: Evaluation
    validation: Evaluation

    def values(self) -> dict[str, float]:
        """Costs and scores by their names in curves and files, where a score is `accuracy` even
        if it is R²: saved files keep their keys."""
        return {
            "cost": self.training.cost,
            "accuracy": self.training.score,
            "validation_cost": self.validation.cost,
            "validation_accuracy": self.validation.score,
        }


class Trainer:
    """A run without threads: `step` it, `measure` it when `is_time_to_measure`.

    Raises ConfigError where the network does not fit the data.
    """

    def __init__(self, config: RunConfig, data: Splits, state: TrainState | None = None) -> None:
        check_fit(config, data.train)
        self.data = data
        self.sample = data.train.first(TRAINING_SAMPLE)
        self.loss = loss_of(config, data.train)
        self._Y, self._sample_Y, self._validation_Y = (
            targets(part, config.layers) for part in (data.train, self.sample, data.validation)
        )
        self.state = state or start_state(config)
        self._workspace: Workspace | None = None
        self.adjust(config)

    def adjust(self, config: RunConfig) -> None:
        """Go on with these settings; those that are not `live` must be the ones there were."""
        self.config = config
        self.hyper = config.hyperparameters(self.data.train.m)
        self.augment: Augment | None = None
        if config.augmentation and (shape := self.data.train.image_shape) is not None:
            self.augment = augmentation(shape, config.augmentation)

    @property
    def network(self) -> Network:
        return self.state.network

    @property
    def done(self) -> bool:
        return self.state.iteration >= self.hyper.iterations

    def step(self) -> StepRecord:
        """One step of training."""
        self.workspace.prefetch = CPU_SEMAPHORE.has_spare_core
        X = self.data.train.X
        return train_step(
            self.state, X, self._Y, self.loss, self.hyper, self.augment, self.workspace
        )

    @property
    def workspace(self) -> Workspace:
        """The arrays of its steps, made when the first is taken."""
        if self._workspace is None:
            self._workspace = Workspace(cores_for(self.config, self.data.train.m))
        return self._workspace

    @property
    def last_gradient(self) -> Array | None:
        """Of the last step, until the next one; None where none was taken since `release`."""
        return None if self._workspace is None else self._workspace.gradient

    def release(self) -> None:
        """Let the arrays of its steps go: a run that rests holds what it needs to go on."""
        self._workspace = None
        self.adjust(self.config)  # its augmentation anew, which keeps arrays, too

    def is_time_to_measure(self, record: StepRecord) -> bool:
        """After every epoch; more often where epochs are few, less where they are very many.

        It depends on the iteration alone, so that two runs are measured at the same moments.
        """
        total, epoch = self.hyper.iterations, self.config.batches_per_epoch(self.data.train.m)
        a_part = -(-epoch // -(-epoch // max(1, total // MIN_EVALUATIONS)))
        interval = max(a_part, total // MAX_EVALUATIONS, 1)
        return record.iteration % interval == 0 or self.done

    def measure(self) -> Measured:
        """Cost and accuracy of the network as it is now; changes nothing."""
        return Measured(
            self.state.iteration,
            self.state.epoch,
            self._evaluate(self.sample, self._sample_Y),
            self._evaluate(self.data.validation, self._validation_Y),
        )

    def _evaluate(self, dataset: Dataset, Y: Array) -> Evaluation:
        return evaluate(self.network, dataset.X, Y, dataset.labels, self.loss)


def augmentation(image_shape: tuple[int, int], strength: float) -> Augment:
    """Random warps; the arrays that they work in are made when the first are drawn."""
    warps = cache(lambda: Augmentation(image_shape, strength))
    return lambda X, rng: warps()(X, rng=rng)


def start_state(config: RunConfig) -> TrainState:
    """The network before its first step; the seed decides every number in it."""
    network = Network.create(
        config.layers,
        activations_of(config),
        INITIALIZERS[config.initializer],
        rng=weights_rng(config.seed),
    )
    return TrainState.start(network, OPTIMIZERS[config.optimizer], seed=config.seed)


def check_fit(config: RunConfig, dataset: Dataset) -> None:
    """Raise ConfigError, with the list that would fit, where the ends of the network do not."""
    fitting = fitting_layers(config.layers, dataset)
    if config.layers != fitting:
        raise ConfigError(
            f"layers: {list(config.layers)} does not fit the data, whose examples have "
            f"{dataset.n_x} numbers and {dataset.n_classes} classes; try {list(fitting)}."
        )


def first_layer_images(network: Network, vector: Array, shape: tuple[int, int]) -> Array:
    """W[1] of a vector laid out like theta, as one image for each neuron: (n, height, width)."""
    W, _ = network.unpack(vector)[0]
    return W.reshape(-1, *shape)
