"""Fine-tuning: training continues with a person's drawings mixed into the original images.

Trained on the drawings alone, the network would forget the rest; mixed with images that it has seen
before, it keeps both. The numbers were chosen on ten writers of the pen strokes;
benchmarks/fine_tuning.py measures them on the others.
"""

from dataclasses import dataclass, replace

import numpy as np

from data.dataset import Dataset, Splits, joined
from netcore.network import Network
from netcore.optimizers import OPTIMIZERS
from netcore.training import TrainState
from playground.config import RunConfig

OLD = 6_000  # original training images in the mixture, at most
SHARE = 0.6  # share of drawings in the mixture, if there are many drawings
COPIES = 60  # copies of each drawing in the mixture, at most, if there are few
OPTIMIZER, RATE, SCHEDULE = "adam", 0.001, "cosine"
STEPS, BATCH = 400, 128
STRENGTH = 1.0  # strength of augmentation, for drawings and original images


@dataclass(frozen=True, eq=False)
class FineTuning:
    """The origin of a fine-tuned run, which an address cannot hold.

    config    the settings of the run before fine-tuning, which an address can hold
    network   the network before fine-tuning
    drawings  the drawings it is fine-tuned on
    old       the largest number of original training images in the mixture
    copies    the largest number of copies of each drawing in the mixture
    """

    config: RunConfig
    network: Network
    drawings: Dataset
    old: int = OLD
    copies: int = COPIES

    @property
    def run_config(self) -> RunConfig:
        """The settings of the fine-tuning."""
        return self.config.with_values(
            optimizer=OPTIMIZER,
            learning_rate=RATE,
            schedule=SCHEDULE,
            batch_size=BATCH,
            iterations=STEPS,
            augmentation=STRENGTH,
        )

    def start(self) -> TrainState:
        """The network before fine-tuning, with a new optimizer state."""
        network = self.network.copy()
        return TrainState.start(network, OPTIMIZERS[OPTIMIZER], seed=self.config.seed)

    def examples(self, data: Splits) -> Splits:
        """The data with a mixture as training set: copies of the drawings and some original
        training images. The validation set is unchanged.
        """
        train = data.train
        rng = np.random.default_rng(self.config.seed)
        old = train.take(rng.permutation(train.m)[: self.old])
        many = SHARE / (1 - SHARE) * old.m / self.drawings.m
        copies = max(1, round(min(self.copies, many)))
        drawn = self.drawings.take(np.tile(np.arange(self.drawings.m), copies))
        return replace(data, train=joined(old, drawn))
