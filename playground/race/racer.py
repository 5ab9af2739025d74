"""Racer: one of the settings in a race, trained from one start."""

import secrets
from dataclasses import dataclass

from data.dataset import Splits
from netcore.network import Network
from playground.colors import RUN_COLORS
from playground.comparison import LETTERS
from playground.config import RunConfig
from playground.cpu_semaphore import cores_for
from playground.history import Curves, Event
from playground.race.same_start import same_start
from playground.saved import SavedRun
from playground.trainer import Measured, Trainer
from playground.training import DivergedError, Training

Clock = tuple[tuple[int, float], ...]


@dataclass(frozen=True, eq=False)
class RacerShown:
    """A racer at one moment, as pages show it.

    token       of the run in the library that it becomes at its end
    network     a copy that does not change any more
    clock       (iteration, seconds of computing) at each measurement
    seconds     of computing: of its steps alone
    diverged    why it has ended early, or ""
    """

    token: str
    index: int
    name: str
    config: RunConfig
    network: Network
    image_shape: tuple[int, int] | None
    measured: Measured
    curves: Curves
    clock: Clock
    iteration: int
    iterations: int
    per_epoch: int
    seconds: float
    diverged: str

    @property
    def key(self) -> str:
        return f"{self.letter} {self.config.seed}"

    @property
    def letter(self) -> str:
        return LETTERS[self.index]

    @property
    def color(self) -> str:
        return RUN_COLORS[self.index]


class Racer:
    """Trains one of the settings. Raises ConfigError if they do not fit the data."""

    def __init__(
        self, index: int, name: str, config: RunConfig, baseline: RunConfig, data: Splits
    ) -> None:
        self.token = secrets.token_urlsafe(9)
        self.index, self.name, self.config = index, name, config
        state, given = same_start(config, baseline)
        self.training = Training(Trainer(config, data, state))
        for sentence in given:
            self.training.history.add_event(Event(0, sentence))
        self.cores = cores_for(config, data.train.m)
        self.diverged = ""
        self._clock = [(0, 0.0)]
        self._network: Network | None = None  # a copy of the latest one

    @property
    def iteration(self) -> int:
        return self.training.trainer.state.iteration

    @property
    def iterations(self) -> int:
        return self.training.trainer.hyper.iterations

    @property
    def seconds(self) -> float:
        return self.training.seconds

    @property
    def done(self) -> bool:
        return bool(self.diverged) or self.training.trainer.done

    @property
    def score(self) -> float | None:
        """The validation score after the last step; None if it diverged."""
        return None if self.diverged else self.training.measured.validation.score

    def step(self) -> None:
        """Take one step of the one training loop."""
        self._network = None
        try:
            self.training.step()
        except DivergedError as error:
            self.diverged = str(error)
            return
        measured = self.training.measured.iteration
        if measured > self._clock[-1][0]:
            self._clock.append((measured, self.seconds))

    def saved(self) -> SavedRun:
        """It shares the racer's state, so it must not be stepped any more."""
        training = self.training
        return SavedRun.of(training.trainer, training.history.curves(), self.seconds)

    def shown(self) -> RacerShown:
        trainer = self.training.trainer
        self._network = self._network or trainer.network.copy()
        return RacerShown(
            token=self.token,
            index=self.index,
            name=self.name,
            config=self.config,
            network=self._network,
            image_shape=trainer.data.train.image_shape,
            measured=self.training.measured,
            curves=self.training.history.curves(),
            clock=tuple(self._clock),
            iteration=self.iteration,
            iterations=self.iterations,
            per_epoch=self.config.batches_per_epoch(trainer.data.train.m),
            seconds=self.seconds,
            diverged=self.diverged,
        )
