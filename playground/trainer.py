"""Trainer: a network, its data and its training steps, made from a configuration.

The app's runs, the command line and the benchmarks all train with it, so that equal settings give
equal curves everywhere.
"""

from dataclasses import dataclass
from functools import cache, partial

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
from playground.prefetch import PrefetchingWorkspace

TRAINING_SAMPLE = 1000  # training examples on which cost and score are measured
MAX_EVALUATIONS, MIN_EVALUATIONS = 400, 20  # of a run


@dataclass(frozen=True, eq=False)
class Measured:
    """Cost and score after this many iterations, measured without warps and dropout. Training: the
    first 1,000 training examples. Validation: the whole validation set.
    """

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
    """A run without threads: `step` it, and `measure` it when `is_time_to_measure` says so.

    Raises ConfigError if the network does not fit the data.
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
        """Continue with these settings. Settings that are not `live` must not have changed."""
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
        """Take one training step."""
        X = self.data.train.X
        return train_step(
            self.state, X, self._Y, self.loss, self.hyper, self.augment, self.workspace
        )

    @property
    def workspace(self) -> Workspace:
        """The workspace of the steps, made at the first one."""
        if self._workspace is None:
            cores = cores_for(self.config, self.data.train.m)
            self._workspace = PrefetchingWorkspace(partial(CPU_SEMAPHORE.workers, cores))
        return self._workspace

    def compute_alone(self, workspace: Workspace | None = None) -> None:
        """Take the following steps in one thread, in this workspace or in one of its own."""
        self._workspace = workspace or Workspace()

    @property
    def last_gradient(self) -> Array | None:
        """The gradient of the last step, valid until the next one; None if there was none since
        `release`.
        """
        return None if self._workspace is None else self._workspace.gradient

    def release(self) -> None:
        """Free the workspace: a run that rests needs only its state."""
        self._workspace = None

    def is_time_to_measure(self, record: StepRecord) -> bool:
        """Whether to measure: after every epoch; more often if there are few epochs, less often if
        there are very many.

        This depends only on the iteration, so that two runs are measured at the same iterations.
        """
        return record.iteration % self.interval == 0 or self.done

    @property
    def interval(self) -> int:
        """The number of steps from one measurement to the next."""
        total, epoch = self.hyper.iterations, self.config.batches_per_epoch(self.data.train.m)
        a_part = -(-epoch // -(-epoch // max(1, total // MIN_EVALUATIONS)))
        return max(a_part, total // MAX_EVALUATIONS, 1)

    def measure(self) -> Measured:
        """Cost and score of the current network."""
        return Measured(
            self.state.iteration,
            self.state.epoch,
            self._evaluate(self.sample, self._sample_Y),
            self._evaluate(self.data.validation, self._validation_Y),
        )

    def _evaluate(self, dataset: Dataset, Y: Array) -> Evaluation:
        return evaluate(self.network, dataset.X, Y, dataset.labels, self.loss)


def augmentation(image_shape: tuple[int, int], strength: float) -> Augment:
    """Random warps; their bank is made when the first are drawn."""
    warps = cache(lambda: Augmentation(image_shape, strength))
    return lambda X, rng: warps()(X, rng=rng)


def start_state(config: RunConfig) -> TrainState:
    """The network before its first step. The seed determines every parameter."""
    network = Network.create(
        config.layers,
        activations_of(config),
        INITIALIZERS[config.initializer],
        rng=weights_rng(config.seed),
    )
    return TrainState.start(network, OPTIMIZERS[config.optimizer], seed=config.seed)


def check_fit(config: RunConfig, dataset: Dataset) -> None:
    """Raise ConfigError, which names layers that would fit, if input or output do not fit the
    data.
    """
    fitting = fitting_layers(config.layers, dataset)
    if config.layers != fitting:
        raise ConfigError(
            f"layers: {list(config.layers)} does not fit the data, which has "
            f"{dataset.n_x} inputs and {dataset.n_classes} classes; try {list(fitting)}."
        )


def first_layer_images(network: Network, vector: Array, shape: tuple[int, int]) -> Array:
    """W[1] of a vector with theta's layout, as one image for each neuron: (n, height, width)."""
    W, _ = network.unpack(vector)[0]
    return W.reshape(-1, *shape)
