"""Fine-tuning: a network goes on from where it is, with somebody's drawings among the old digits.

Trained on the drawings alone it would forget the rest; mixed with images that it has seen before
it keeps both. The numbers were chosen on ten writers of the pen strokes;
benchmarks/fine_tuning.py measures them on the others.
"""

from dataclasses import dataclass, replace

import numpy as np

from data.dataset import Dataset, Splits, joined
from netcore.network import Network
from netcore.optimizers import OPTIMIZERS
from netcore.training import TrainState
from playground.config import RunConfig

OLD = 6_000  # of the images it has learned from that are mixed in
SHARE = 0.6  # of all examples that are drawings, where there are many drawings
COPIES = 60  # of a drawing at most, where there are few
OPTIMIZER, RATE, SCHEDULE = "adam", 0.001, "cosine"
STEPS, BATCH = 400, 128
STRENGTH = 1.0  # of the warps: each step takes warped copies, of drawings and digits alike


@dataclass(frozen=True, eq=False)
class FineTuning:
    """Where a fine-tuned run comes from: more than an address can say.

    config    the settings of the run before it was fine-tuned, which an address can give
    network   what the fine-tuning begins with
    drawings  what it is fine-tuned on
    old       how many of the images it has learned from are mixed in, at most
    copies    how many times each drawing is in the mixture, at most
    """

    config: RunConfig
    network: Network
    drawings: Dataset
    old: int = OLD
    copies: int = COPIES

    @property
    def run_config(self) -> RunConfig:
        """The settings of the fine-tuning itself."""
        return self.config.with_values(
            optimizer=OPTIMIZER,
            learning_rate=RATE,
            schedule=SCHEDULE,
            batch_size=BATCH,
            iterations=STEPS,
            augmentation=STRENGTH,
        )

    def start(self) -> TrainState:
        """The network as it is before the fine-tuning, with an optimizer that remembers nothing."""
        network = self.network.copy()
        return TrainState.start(network, OPTIMIZERS[OPTIMIZER], seed=self.config.seed)

    def examples(self, data: Splits) -> Splits:
        """The drawings, many times over, among images of the data that the network learned from
        before; the validation set stays as it is."""
        train = data.train
        rng = np.random.default_rng(self.config.seed)
        old = train.take(rng.permutation(train.m)[: self.old])
        many = SHARE / (1 - SHARE) * old.m / self.drawings.m
        copies = max(1, round(min(self.copies, many)))
        drawn = self.drawings.take(np.tile(np.arange(self.drawings.m), copies))
        return replace(data, train=joined(old, drawn))
