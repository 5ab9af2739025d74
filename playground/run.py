"""Run: a training run that plays, pauses, steps and starts again, beside the page.

A thread computes while the run plays and ends when it pauses; it calls no Streamlit. Between
turns it publishes what a page may see, as one immutable Snapshot: pages never wait for a step.
"""

import io
import logging
import math
import secrets
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from enum import StrEnum
from threading import Condition, Thread
from typing import TypeVar

import numpy as np

from data.dataset import Dataset, Splits
from netcore.array import Array
from netcore.network import Network
from netcore.optimizers import OPTIMIZERS
from netcore.training import workspace_size
from playground.config import RunConfig
from playground.cpu_semaphore import CPU_SEMAPHORE, cores_for
from playground.fine_tuning import FineTuning
from playground.history import Curves, Event
from playground.memory_return import give_back_soon
from playground.saved import SavedRun, save_run
from playground.settings import MAX_ITERATIONS, SETTINGS
from playground.trainer import Measured, Trainer, start_state
from playground.training import DivergedError, Training

PUBLISH = 0.1  # seconds between two snapshots while training
YIELD = 0.005  # seconds after which other threads of this process get their turn
ACKNOWLEDGE = 0.15  # seconds a click waits for its effect, so that the page shows it at once
UPDATES_LEASE = 3.0  # seconds that updates are published for after a page has shown one
LEASE = 150.0  # seconds without a sign of a page; browsers throttle hidden tabs to one a minute

log = logging.getLogger(__name__)
T = TypeVar("T")


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
    """All that a page shows of a run, of one moment. A page is drawn from one of these.

    token         names the run
    data          what it learns from, with the drawings that it was fine-tuned on, and what it is
                  tested on
    learned_from  the same without those drawings
    fine_tuning   where a fine-tuned network comes from
    before        the curves of the run before this one: shown pale
    start_theta   the network's parameters before the first step
    config        as the person set it
    network       a copy: nobody changes it any more
    gradient      of the last step's cost, laid out like network.theta; None where no step was
                  taken since the run began or was loaded
    update        what that step added to theta, as it was taken; None where it was not kept
    message       a sentence where something has to be said, else ""
    speed         steps a second in slow motion; None where it trains as fast as it can
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

    @property
    def busy(self) -> bool:
        """Whether the run computes."""
        return self.status is Status.TRAINING

    @property
    def over(self) -> bool:
        """Whether it has ended: it can begin again, or be made longer unless it failed."""
        return self.status in (Status.DONE, Status.STOPPED, Status.FAILED)

    @property
    def shared_config(self) -> RunConfig:
        """The settings that an address can give: a fine-tuned run's are those from before it was
        fine-tuned, since no address has the drawings."""
        return self.fine_tuning.config if self.fine_tuning else self.config


class Run:
    """A network, its data and its training, as one person's (or a class's) to play with.

    Every method may be called from any thread and returns at once, or within ACKNOWLEDGE; reset
    and save alone wait for the step in progress. A run that was saved goes on where it was; one
    with a fine_tuning begins with the network of that.
    Raises ConfigError where the network does not fit the data.

    What a person wants (config, the target, how to halt) and the worker's coming and going are
    guarded by `_changed`. Nobody holds it during a step. While there is a worker, all else
    belongs to it.
    """

    def __init__(
        self,
        config: RunConfig,
        data: Splits,
        before: Curves | None = None,
        saved: SavedRun | None = None,
        fine_tuning: FineTuning | None = None,
    ) -> None:
        self.token = secrets.token_urlsafe(9)
        self.fine_tuning = (
            saved.fine_tuning if saved else fine_tuning
        )  # where a fine-tuned network comes from
        self.learned_from = data  # without the drawings that it was fine-tuned on
        self._before = before
        self._snapshot: Snapshot
        self._changed = Condition()
        self._viewers: dict[str, float] = {}
        self.last_seen = -math.inf  # by anybody, in time.monotonic() seconds; never so far
        self._updates_wanted = -math.inf  # until then, in time.monotonic() seconds
        self._worker: Thread | None = None
        self._questions: deque[Callable[[], None]] = deque()  # to the worker, about its trainer
        self._speed: float | None = None  # steps a second in slow motion
        self._due = -math.inf  # when its next step is, in time.monotonic() seconds
        self._begin(config, saved)

    def _begin(self, config: RunConfig, saved: SavedRun | None = None) -> None:
        self.config = config  # as the person set it; the worker takes it before its next step
        self._target = 0.0  # the iteration to train to; 0 is to pause, infinity the run's end
        self._halt_as = Status.PAUSED
        if saved:
            self._trainer = saved.trainer(self.learned_from)
        elif self.fine_tuning:
            data = self.fine_tuning.examples(self.learned_from)
            self._trainer = Trainer(config, data, self.fine_tuning.start())
        else:
            self._trainer = Trainer(config, self.learned_from)
        self.data = self._trainer.data
        self._cores = cores_for(config, self.data.train.m)
        self._training = Training(self._trainer, saved.curves if saved else None)
        self._status, self._message = Status.READY, ""
        if self._trainer.state.iteration:
            self._status = Status.DONE if self._trainer.done else Status.PAUSED
        self._seconds = saved.seconds if saved else 0.0
        self._pace: float | None = None  # iterations a second, lately
        self._gradient: Array | None = None  # of the last step that was published
        self._update: Array | None = None  # that step's, where it was kept
        if saved:
            start = self.fine_tuning.network if self.fine_tuning else start_state(config).network
            self.start_theta = start.theta
        else:
            self.start_theta = self._trainer.network.theta
        self._publish()

    @classmethod
    def fine_tuned(cls, before: "Run", drawings: Dataset) -> "Run":
        """A run that goes on from another's network as it is now, with these drawings among its
        old examples. Reset goes back to that network."""
        shown = before.snapshot
        fine_tuning = FineTuning(shown.shared_config, shown.network, drawings)
        return cls(fine_tuning.run_config, before.learned_from, fine_tuning=fine_tuning)

    # What a person does

    def play(self) -> None:
        """Train to the end of the run."""
        self._go(math.inf)

    def step(self, iterations: int = 1) -> None:
        """Train for that many iterations, then pause."""
        with self._changed:
            self._go(self._trainer.state.iteration + iterations)

    def step_epoch(self) -> None:
        """Train to the end of the epoch, then pause."""
        per_epoch = self.config.batches_per_epoch(self.data.train.m)
        with self._changed:
            self._go((self._trainer.state.iteration // per_epoch + 1) * per_epoch)

    def pause(self) -> None:
        """Hold after the step in progress."""
        self._halt(Status.PAUSED)

    def stop(self) -> None:
        """End the run here, as if it had been meant to be this long."""
        self._halt(Status.STOPPED)

    def reset(self) -> None:
        """The same start again: same seed, same weights, same batches. The curves so far stay
        visible as those of the run before."""
        with self._changed:
            while self._worker is not None:  # a click may start another before this one wakes
                self._target, self._halt_as = 0, Status.PAUSED
                self._changed.notify_all()
                self._changed.wait()
            curves = self._training.history.curves()
            if len(curves.step_cost):
                self._before = curves
            self._begin(self.config)

    def adjust(self, config: RunConfig) -> None:
        """Change settings that are `live` from the next step on, marked on the curves."""
        with self._changed:
            self.config = config
            if self._worker is None:
                self._take_settings()
                if self._trainer.state.iteration and self._status is not Status.FAILED:
                    self._status = Status.DONE if self._trainer.done else Status.PAUSED
                self._publish()
            else:  # the page that comes next shows what was set, taken by the worker or not
                self._snapshot = replace(self._snapshot, config=config)
                self._changed.notify_all()

    def extend(self, epochs: int) -> None:
        """Train for that many epochs beyond where the run is now, marked on the curves: a run
        that has ended goes on. Nothing where it failed."""
        with self._changed:
            if self._status is Status.FAILED:
                return
            per_epoch = self.config.batches_per_epoch(self.data.train.m)
            iterations = self._trainer.state.iteration
            if self.config.epochs is None:
                longer = {"iterations": min(iterations + epochs * per_epoch, MAX_ITERATIONS)}
            else:
                longer = {"epochs": min(-(-iterations // per_epoch) + epochs, MAX_ITERATIONS)}
            self.adjust(self.config.with_values(**longer))
            self.play()

    def set_speed(self, speed: float | None) -> None:
        """Take that many steps a second from now on, in slow motion; None: as fast as it can."""
        with self._changed:
            self._speed, self._due = speed, -math.inf
            self._snapshot = replace(self._snapshot, speed=speed)
            self._changed.notify_all()

    def follow(self, before: Curves | None) -> None:
        """Show these curves, of a run before this one, behind its own."""
        with self._changed:
            self._before = before
            self._snapshot = replace(self._snapshot, before=before)

    def set_parameter(self, layer: int, unit: int, source: int | None, value: float) -> None:
        """Set a number of the network by hand, marked on the curves: W[layer][unit, source], or
        b[layer][unit] where source is None. Layers count from 1, units from 0.

        Raises IndexError where there is no such number.
        """

        def change(trainer: Trainer) -> None:
            self._leave_start()
            chosen = trainer.network.layers[layer - 1]
            M, column = (chosen.b, 0) if source is None else (chosen.W, source)
            where = f"b{layer}[{unit}]" if source is None else f"W{layer}[{unit},{source}]"
            text = f"{where}: {M[unit, column]:.3g} → {value:.3g}"
            M[unit, column] = value
            self._training.measured = trainer.measure()
            self._training.history.add_event(Event(trainer.state.iteration, text))
            self._publish()

        self.between_steps(change)

    def save(self) -> bytes:
        """The run as a file that goes on bit for bit, as of a moment between two steps.

        Raises StorageError for a network whose numbers are not finite.
        """

        def write(trainer: Trainer) -> bytes:
            file = io.BytesIO()
            save_run(
                file, trainer, self._training.history.curves(), self._seconds, self.fine_tuning
            )
            return file.getvalue()

        return self.between_steps(write)

    # What a page reads

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
        with self._changed:
            self._viewers[viewer] = self.last_seen = time.monotonic()
            self._start()

    def publish_updates(self) -> None:
        """A page shows what a step changes: snapshots of the next seconds have their step's."""
        self._updates_wanted = time.monotonic() + UPDATES_LEASE

    def leave(self, viewer: str) -> None:
        """A page is closed; the worker holds where it was the last. Returns at once: no lock."""
        if self._viewers.pop(viewer, None) is not None:
            self.last_seen = time.monotonic()

    @property
    def shown(self) -> bool:
        """Whether a tab that is open shows it, however long it was silent."""
        return bool(self._viewers)

    @property
    def n_bytes(self) -> int:
        """Bytes of its own arrays, about: vectors like theta, curves, and those of its steps."""
        shown = self.snapshot
        theta = shown.network.theta.nbytes
        copies = 1 if shown.network.theta is shown.start_theta else 3  # with the worker's own
        vectors = copies + (shown.gradient is not None) + (shown.update is not None)
        if shown.iteration:
            vectors += len(OPTIMIZERS[shown.config.optimizer].moments)
        scratch = 0
        if shown.busy:
            batch = shown.config.examples_a_step(shown.data.train.m)
            scratch = workspace_size(shown.config.layers, batch) * theta // shown.network.theta.size
        return vectors * theta + shown.curves.n_bytes + scratch

    @property
    def watched(self) -> bool:
        """Whether a page has shown a sign of life lately."""
        return bool(self.viewers)

    @property
    def viewers(self) -> tuple[str, ...]:
        now = time.monotonic()
        return tuple(viewer for viewer, seen in list(self._viewers.items()) if now - seen < LEASE)

    def between_steps(self, read: Callable[[Trainer], T]) -> T:
        """What `read` makes of the trainer, while no step is in progress; it changes nothing and
        is quick, such as a copy. Waits for the step in progress, no longer."""
        answer: Future[T] = Future()

        def question() -> None:
            try:
                answer.set_result(read(self._trainer))
            except Exception as error:  # it belongs to the one who asked
                answer.set_exception(error)

        with self._changed:
            if self._worker is None:
                question()
            else:
                self._questions.append(question)
                self._changed.notify_all()
        return answer.result()

    def _answer(self) -> None:
        """Answer what was asked; the trainer is at rest."""
        while self._questions:
            self._questions.popleft()()

    # The worker

    def _go(self, target: float) -> None:
        """Train up to this iteration; wait a moment for it where it may be close."""
        with self._changed:
            if self._trainer.done or self._status in (Status.FAILED, Status.STOPPED):
                return
            self._target, self._halt_as = target, Status.PAUSED
            self._due = -math.inf
            self._changed.notify_all()
            self._start()
            if target < math.inf:
                self._changed.wait_for(lambda: self._worker is None, ACKNOWLEDGE)

    def _halt(self, status: Status) -> None:
        with self._changed:
            self._target, self._halt_as = 0, status
            self._changed.notify_all()
            if self._worker is not None:
                self._changed.wait_for(lambda: self._worker is None, ACKNOWLEDGE)
            elif status is Status.STOPPED and self._status is Status.PAUSED:
                self._status = status
                self._publish()

    def _start(self) -> None:
        """Set a worker to what is wanted, where there is none. The caller holds the lock."""
        if self._worker is None and not self._reached():
            self._status, self._message = Status.TRAINING, ""
            self._publish()
            self._worker = Thread(target=self._work, name=f"run {self.token}", daemon=True)
            self._worker.start()

    def _reached(self) -> bool:
        """Whether all is done that a person wants."""
        return (
            self._trainer.done
            or self._status is Status.FAILED
            or self._trainer.state.iteration >= self._target
        )

    def _held(self) -> bool:
        """Whether there is nothing to compute now: all is done, or those who watched are gone.

        A run that nobody ever watched needs no page: the command line's, or a test's."""
        return self._reached() or (self.last_seen > -math.inf and not self.watched)

    def _work(self) -> None:
        """Compute, a turn at a time, until nothing is left to do. This is the thread."""
        with CPU_SEMAPHORE.computing():
            while not self._ended():
                try:
                    self._rest()
                    self._turn()
                except Exception as error:  # whatever it is, it must reach the page as a sentence
                    log.exception("run %s failed", self.token)
                    reason = str(error).rstrip(".") or type(error).__name__
                    self._fail(f"The training stopped: {reason}. Reset starts it again.")

    def _rest(self) -> None:
        """In slow motion, wait for the next step, or until a person does something."""
        with self._changed:
            if (seconds := self._due - time.monotonic()) > 0:
                self._changed.wait_for(self._is_disturbed, seconds)

    def _is_disturbed(self) -> bool:
        return self._is_due() or self._hurried() or self.config is not self._trainer.config

    def _is_due(self) -> bool:
        """Whether slow motion has come to the next step. Whoever asks for steps waits for none."""
        speed = self._speed  # which a person may change meanwhile
        return speed is None or self._target < math.inf or time.monotonic() >= self._due

    def _hurried(self) -> bool:
        """Whether a person waits: for a step or a halt, or for an answer."""
        return self._target < math.inf or bool(self._questions)

    def _ended(self) -> bool:
        """Whether the worker may go; then it has gone, and the last snapshot says so.

        Decided with the lock held: what a person does until then is heeded, what comes after
        finds no worker and starts one.
        """
        with self._changed:
            settled = (
                self.config is self._trainer.config
                and self._training.measured.iteration == self._trainer.state.iteration
            )
            if not self._held() or not (settled or self._status is Status.FAILED):
                return False
            if self._status is Status.TRAINING:
                self._status = Status.DONE if self._trainer.done else self._halt_as
            if self._reached():
                self._target = 0  # else it is for a page to come back and go on
            self._answer()
            self._worker = None
            self._changed.notify_all()
            self._publish()
            self._trainer.release()
            give_back_soon()
            return True

    def _turn(self) -> None:
        """Compute until the turn is over, or there is nothing to compute; then measure."""
        with CPU_SEMAPHORE.turn(self._cores, self._hurried):
            began = yielded = time.perf_counter()
            first = self._trainer.state.iteration
            while True:
                self._take_settings()
                self._answer()
                now = time.perf_counter()
                if self._held() or now - began > CPU_SEMAPHORE.turn_length or not self._is_due():
                    break
                if now - yielded > YIELD:
                    time.sleep(0)  # hands the interpreter to a waiting page
                    yielded = time.perf_counter()
                self._step(keep_update=self._is_last_step(now - began))
            if self._lacks_update(first):
                self._step(keep_update=True)
            if self._held() or self._speed is not None:  # in slow motion each step is seen
                self._heed(self._training.measure)
            self._keep_time(self._trainer.state.iteration - first, time.perf_counter() - began)
        stepped = self._trainer.state.iteration > first
        if (stepped and self._speed) or time.monotonic() - self._published > PUBLISH:
            self._publish()

    def _take_settings(self) -> None:
        """Go on with the settings as the person has set them; mark on the curves what changed."""
        old, new = self._trainer.config, self.config
        if new is old:
            return
        self._trainer.adjust(new)
        iteration = self._trainer.state.iteration
        for name, setting in SETTINGS.items():
            was, now = getattr(old, name), getattr(new, name)
            if was != now and was is not None and now is not None and 0 < iteration:
                text = f"{setting.label}: {setting.write(was)} → {setting.write(now)}"
                self._training.history.add_event(Event(iteration, text))

    def _step(self, *, keep_update: bool) -> None:
        self._leave_start()
        if (speed := self._speed) is not None:
            self._due = time.monotonic() + 1 / speed
        theta = self._trainer.network.theta
        before = theta.copy() if keep_update else None
        self._heed(self._training.step)
        self._update = None if before is None else np.subtract(theta, before, out=before)

    def _heed(self, act: Callable[[], object]) -> None:
        """A run that diverges in this has failed."""
        try:
            act()
        except DivergedError as error:
            self._fail(f"{error} Then press Reset and Play.")

    def _is_last_step(self, elapsed: float) -> bool:
        """Whether the next step is probably the last before a snapshot that shows its update.

        Copying theta at every step would slow training down by 6 to 8 %."""
        following = self._trainer.state.iteration + 1
        if following >= self._target or following >= self._trainer.hyper.iterations:
            return True
        if self._speed is not None:
            return self._updates_are_wanted
        seconds = CPU_SEMAPHORE.turn_length if self._pace is None else 1 / self._pace
        return self._updates_are_wanted and elapsed + seconds > CPU_SEMAPHORE.turn_length

    def _lacks_update(self, first: int) -> bool:
        """Whether a snapshot after this turn would lack an update that a page shows: a step took
        less or more time than the others, or a click on Pause came. One more step has it."""
        return (
            self._updates_are_wanted
            and self._update is None
            and self._trainer.state.iteration > first
            and not self._trainer.done
            and self._status is not Status.FAILED
        )

    @property
    def _updates_are_wanted(self) -> bool:
        return time.monotonic() < self._updates_wanted

    def _fail(self, message: str) -> None:
        self._status, self._message = Status.FAILED, message

    def _keep_time(self, iterations: int, seconds: float) -> None:
        """The pace is a mean that forgets: about the last twenty turns count."""
        self._seconds += seconds
        if iterations:
            pace = iterations / seconds
            self._pace = pace if self._pace is None else 0.95 * self._pace + 0.05 * pace

    def _publish(self) -> None:
        trainer, state = self._trainer, self._trainer.state
        if (gradient := trainer.last_gradient) is not None:
            self._gradient = gradient.copy()
        per_epoch = trainer.config.batches_per_epoch(self.data.train.m)
        iterations = max(trainer.hyper.iterations, state.iteration)  # it may have been shortened
        pace, speed = self._pace, self._speed
        if speed is not None:
            pace = speed if pace is None else min(pace, speed)
        snapshot = Snapshot(
            token=self.token,
            data=self.data,
            learned_from=self.learned_from,
            fine_tuning=self.fine_tuning,
            before=self._before,
            start_theta=self.start_theta,
            config=trainer.config,
            status=self._status,
            message=self._message,
            network=self._network_to_show(),
            gradient=self._gradient,
            update=self._update,
            measured=self._training.measured,
            curves=self._training.history.curves(),
            iteration=state.iteration,
            iterations=iterations,
            epoch=state.epoch,
            epochs=iterations / per_epoch,
            seconds=self._seconds,
            iterations_per_second=pace,
            seconds_left=None if pace is None else (iterations - state.iteration) / pace,
        )
        with self._changed:  # what a person has set meanwhile is not lost
            self._snapshot = replace(
                snapshot, config=self.config, before=self._before, speed=self._speed
            )
        self._published = time.monotonic()

    def _network_to_show(self) -> Network:
        """One that nobody changes any more: a copy, or the start itself until the first step."""
        network = self._trainer.network
        return network if network.theta is self.start_theta else network.copy()

    def _leave_start(self) -> None:
        """From here on the network is changed: in a copy, for the start is kept and shown."""
        state = self._trainer.state
        if state.network.theta is self.start_theta:
            state.network = state.network.copy()
