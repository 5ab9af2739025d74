"""Snapshot: what pages show of a run at one moment."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from data.dataset import Splits
from netcore.array import Array
from netcore.network import Network
from playground.config import RunConfig
from playground.fine_tuning import FineTuning
from playground.history import Curves
from playground.trainer import Measured
from playground.training import Confusion


class Status(StrEnum):
    """The state of a run, as the word that the page shows."""

    READY = "ready"
    TRAINING = "training"
    PAUSED = "paused"
    STOPPED = "stopped"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, eq=False)
class Snapshot:
    """Everything that a page shows of a run at one moment. A page is drawn from one snapshot.

    token         identifies the run
    data          its training set, with the drawings it was fine-tuned on, and its validation set
    learned_from  the same without those drawings
    fine_tuning   the origin of a fine-tuned network
    before        the curves of the previous run, shown pale
    start_theta   the network's parameters before the first step
    config        as the person set it
    network       a copy that does not change any more
    gradient      the last step's gradient, in the layout of network.theta; None before the first
                  step since the run began or was loaded
    update        the change of theta in that step; None if it was not recorded
    message       a sentence for the page, or ""
    speed         steps per second in slow motion; None for full speed
    confusions    of the validation set, each time it was measured since the run was made or loaded
    latest        of a snapshot of the past: the run's latest snapshot when the page was drawn
    coming        the earlier step that is being rebuilt, to be shown instead of this one
    """

    token: str
    data: Splits
    learned_from: Splits
    fine_tuning: FineTuning | None
    before: Curves | None
    start_theta: Array
    config: RunConfig
    status: Status
    message: str
    network: Network
    gradient: Array | None
    update: Array | None
    measured: Measured
    curves: Curves
    iteration: int
    iterations: int
    epoch: int
    epochs: float
    seconds: float
    iterations_per_second: float | None
    seconds_left: float | None
    speed: float | None = None
    confusions: tuple[Confusion, ...] = ()
    latest: "Snapshot | None" = None
    coming: int | None = None

    @property
    def now(self) -> "Snapshot":
        """The run's latest snapshot: this one, unless it is of the past."""
        return self.latest or self

    @property
    def is_past(self) -> bool:
        return self.latest is not None

    @property
    def is_finite(self) -> bool:
        """Whether all parameters are finite, so that the network predicts: not if it diverged."""
        return bool(np.isfinite(self.network.theta).all())

    @property
    def busy(self) -> bool:
        """Whether the run is training."""
        return self.status is Status.TRAINING

    @property
    def over(self) -> bool:
        """Whether the run has ended. It can be reset, or extended unless it failed."""
        return self.status in (Status.DONE, Status.STOPPED, Status.FAILED)

    @property
    def shared_config(self) -> RunConfig:
        """The settings for an address. For a fine-tuned run they are those before fine-tuning,
        because an address cannot hold the drawings.
        """
        return self.fine_tuning.config if self.fine_tuning else self.config
