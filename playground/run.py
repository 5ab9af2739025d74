"""Run: a training run that plays, pauses, steps and starts again, beside the page.

A thread computes while the run plays and ends when it pauses; it calls no Streamlit. Between
turns it publishes what a page may see, as one immutable Snapshot: pages never wait for a step.
"""

import logging
import math
import secrets
import time
from dataclasses import dataclass
from enum import StrEnum
from threading import Condition, Thread

from data.dataset import Splits
from netcore.array import Array
from netcore.network import Network
from playground.config import RunConfig
from playground.history import Curves, Event, History
from playground.settings import SETTINGS
from playground.slots import SLOTS, TURN, cores_for
from playground.trainer import Measured, Trainer

PUBLISH = 0.1  # seconds between two snapshots while training
YIELD = 0.005  # seconds after which other threads of this process get their turn
ACKNOWLEDGE = 0.15  # seconds a click waits for its effect, so that the page shows it at once
LEASE = 150.0  # seconds without a sign of a page; browsers throttle hidden tabs to one a minute

log = logging.getLogger(__name__)


class Status(StrEnum):
    """What a run is doing, in the word the page shows."""

    READY = "ready"
    TRAINING = "training"
    PAUSED = "paused"
    STOPPED = "stopped"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, eq=False)
class Snapshot:
    """All that a page shows of a run, of one moment.

    network   a copy: nobody changes it any more
    gradient  of the last step's cost, laid out like network.theta; None before the first step
    message   a sentence where something has to be said, else ""
    """

    config: RunConfig
    status: Status
    message: str
    network: Network
    gradient: Array | None
    measured: Measured
    curves: Curves
    iteration: int
    iterations: int
    epoch: int
    epochs: float
    seconds: float
    iterations_per_second: float | None
    seconds_left: float | None


class Run:
    """A network, its data and its training, as one person's (or a class's) to play with.

    Every method may be called from any thread and returns at once, or within ACKNOWLEDGE.
    Raises ConfigError where the network does not fit the data.
    """

    def __init__(self, config: RunConfig, data: Splits, before: Curves | None = None) -> None:
        self.token = secrets.token_urlsafe(9)
        self.data = data
        self.before = before  # the curves of the run before this one: shown pale
        self._changed = (
            Condition()
        )  # guards what the person wants, and the worker's coming and going
        self._viewers: dict[str, float] = {}
        self._worker: Thread | None = None
        self._target: int | None = None  # the iteration to pause at; None is the run's end
        self._halt_as = Status.PAUSED
        self._left_alone = False
        self._begin(config)

    def _begin(self, config: RunConfig) -> None:
        self._trainer = Trainer(config, self.data)
        self._cores = cores_for(config, self.data.train.m)
        self._history = History()
        self._status, self._message = Status.READY, ""
        self._seconds = 0.0
        self._pace: float | None = None  # iterations a second, lately
        self.start_theta = self._trainer.network.theta.copy()
        self._measured = self._trainer.measure()
        self._record(self._measured)
        self._publish()

    # What a person does

    def play(self) -> None:
        """Train to the end of the run."""
        self._go(None)

    def step(self, iterations: int = 1) -> None:
        """Train for that many iterations, then pause."""
        self._go(iterations)

    def step_epoch(self) -> None:
        """Train to the end of the epoch, then pause."""
        per_epoch = self.config.batches_per_epoch(self.data.train.m)
        self._go(per_epoch - self._trainer.state.iteration % per_epoch)

    def pause(self) -> None:
        """Hold after the step in progress."""
        self._halt(Status.PAUSED)

    def stop(self) -> None:
        """End the run here, as if it had been meant to be this long."""
        self._halt(Status.STOPPED)

    def reset(self) -> None:
        """The same start again: same seed, same weights, same batches. The curves so far stay
        visible as those of the run before."""
        self._halt(Status.PAUSED, wait=None)
        with self._changed:
            curves = self._history.curves()
            if len(curves.step_cost):
                self.before = curves
            self._begin(self.config)

    def adjust(self, config: RunConfig) -> None:
        """Change settings that are `live` from the next step on, marked on the curves."""
        with self._changed:
            old, iteration = self.config, self._trainer.state.iteration
            self._trainer.adjust(config)
            for name, setting in SETTINGS.items():
                was, now = getattr(old, name), getattr(config, name)
                if was != now and was is not None and now is not None and 0 < iteration:
                    text = f"{setting.label}: {setting.write(was)} → {setting.write(now)}"
                    self._history.add_event(Event(iteration, text))
            if self._worker is None:
                if iteration and self._status is not Status.FAILED:
                    self._status = Status.DONE if self._trainer.done else Status.PAUSED
                self._publish()

    # What a page reads

    @property
    def config(self) -> RunConfig:
        return self._trainer.config

    @property
    def snapshot(self) -> Snapshot:
        """The latest that the worker has published; of this moment while nothing is computed."""
        return self._snapshot

    @property
    def busy(self) -> bool:
        """Whether it computes, as of the snapshot: a page that reads both is never out of step."""
        return self._snapshot.status is Status.TRAINING

    def watch(self, viewer: str) -> None:
        """A page is looking. A run that paused because nobody was goes on."""
        self._viewers[viewer] = time.monotonic()
        if self._left_alone:
            self._left_alone = False
            self.play()

    def leave(self, viewer: str) -> None:
        """A page is closed; the last one pauses the run. Returns at once."""
        self._viewers.pop(viewer, None)
        if not self.watched and self._worker is not None:
            self._halt(Status.PAUSED, wait=0)
            self._left_alone = True

    @property
    def watched(self) -> bool:
        """Whether a page has shown a sign of life lately."""
        return bool(self.viewers)

    @property
    def viewers(self) -> tuple[str, ...]:
        now = time.monotonic()
        return tuple(viewer for viewer, seen in list(self._viewers.items()) if now - seen < LEASE)

    @property
    def last_seen(self) -> float:
        """When a page last looked, in time.monotonic() seconds; 0 where none ever did."""
        return max(list(self._viewers.values()), default=0.0)

    # The worker

    def _go(self, iterations: int | None) -> None:
        with self._changed:
            if self._trainer.done or self._status in (Status.FAILED, Status.STOPPED):
                return
            iteration = self._trainer.state.iteration
            self._target = None if iterations is None else iteration + iterations
            self._halt_as = Status.PAUSED
            self._left_alone = False
            if self._worker is None:
                self._status, self._message = Status.TRAINING, ""
                self._publish()
                self._worker = Thread(target=self._work, name=f"run {self.token}", daemon=True)
                self._worker.start()
            if iterations is not None:
                self._changed.wait_for(lambda: self._worker is None, ACKNOWLEDGE)

    def _halt(self, status: Status, wait: float | None = ACKNOWLEDGE) -> None:
        with self._changed:
            self._left_alone = False
            if self._worker is None:
                if status is Status.STOPPED and self._status is Status.PAUSED:
                    self._status = status
                    self._publish()
                return
            self._target, self._halt_as = 0, status
            if wait != 0:
                self._changed.wait_for(lambda: self._worker is None, wait)

    def _work(self) -> None:
        """Compute, a turn at a time, until the target; then say so. This is the thread."""
        try:
            while not self._turn():
                pass
        except Exception as error:  # whatever it is, it must reach the page as a sentence
            log.exception("run %s failed", self.token)
            self._fail(f"The training stopped: {error}. Reset starts it again.")
        with self._changed:
            self._worker = None
            if self._status is Status.TRAINING:
                self._status = Status.DONE if self._trainer.done else self._halt_as
            self._publish()
            self._changed.notify_all()

    def _turn(self) -> bool:
        """Compute for TURN seconds, or until the target is reached: then True."""
        with SLOTS.turn(self._cores):
            began = yielded = time.monotonic()
            first = self._trainer.state.iteration
            while not (finished := self._reached()):
                self._step()
                now = time.monotonic()
                if now - began > TURN:
                    break
                if now - yielded > YIELD:
                    time.sleep(0)  # hands the interpreter to a waiting page
                    yielded = time.monotonic()
            if finished and self._measured.iteration != self._trainer.state.iteration:
                self._measured = self._trainer.measure()
            self._keep_time(self._trainer.state.iteration - first, time.monotonic() - began)
        if self._viewers and not self.watched:
            self._target, self._left_alone = 0, True
        if time.monotonic() - self._published > PUBLISH:
            self._publish()
        return finished

    def _reached(self) -> bool:
        target, iteration = self._target, self._trainer.state.iteration
        return (
            self._trainer.done
            or self._status is Status.FAILED
            or (target is not None and iteration >= target)
        )

    def _step(self) -> None:
        record = self._trainer.step()
        self._history.add_step(record.cost)
        if not math.isfinite(record.cost):
            self._fail(
                f"The cost is no longer a finite number at iteration {record.iteration:,}: the "
                "steps were too long, the weights ran away. Try a learning rate ten times "
                f"smaller than {self.config.learning_rate:g}, then Reset and Play."
            )
        elif self._trainer.is_time_to_measure(record):
            self._measured = self._trainer.measure()
            self._record(self._measured)

    def _fail(self, message: str) -> None:
        self._status, self._message = Status.FAILED, message

    def _record(self, measured: Measured) -> None:
        self._history.add_measured(
            iteration=measured.iteration,
            cost=measured.training.cost,
            accuracy=measured.training.accuracy,
            held_out_cost=measured.held_out.cost,
            held_out_accuracy=measured.held_out.accuracy,
        )

    def _keep_time(self, iterations: int, seconds: float) -> None:
        """The pace is a mean that forgets: about the last twenty turns count."""
        self._seconds += seconds
        if iterations:
            pace = iterations / seconds
            self._pace = pace if self._pace is None else 0.95 * self._pace + 0.05 * pace

    def _publish(self) -> None:
        trainer, state = self._trainer, self._trainer.state
        per_epoch = self.config.batches_per_epoch(self.data.train.m)
        left = trainer.hyper.iterations - state.iteration
        self._snapshot = Snapshot(
            config=self.config,
            status=self._status,
            message=self._message,
            network=state.network.copy(),
            gradient=state.buffers.gradient(state.network.theta).copy()
            if state.iteration
            else None,
            measured=self._measured,
            curves=self._history.curves(),
            iteration=state.iteration,
            iterations=trainer.hyper.iterations,
            epoch=state.epoch,
            epochs=trainer.hyper.iterations / per_epoch,
            seconds=self._seconds,
            iterations_per_second=self._pace,
            seconds_left=None if self._pace is None else left / self._pace,
        )
        self._published = time.monotonic()
