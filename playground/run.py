"""Run: a training run that can play, pause, step and reset, independently of the page.

A thread computes while the run plays, and ends when it pauses; it does not call Streamlit. Between
time slices it publishes what a page may show as an immutable Snapshot: pages never wait for a step.
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
from functools import partial
from threading import Condition, Thread
from typing import TypeVar
from weakref import proxy

import numpy as np

from data.dataset import Dataset, Splits
from netcore.array import Array
from netcore.network import Network
from netcore.optimizers import OPTIMIZERS
from netcore.training import TrainState, workspace_size
from playground.config import RunConfig
from playground.cpu_semaphore import CPU_SEMAPHORE, YIELD, cores_for
from playground.fine_tuning import FineTuning
from playground.history import Curves, Event
from playground.memory_return import give_back_soon
from playground.saved import SavedRun, write_run
from playground.settings import MAX_ITERATIONS, SETTINGS
from playground.snapshot import Snapshot as Snapshot
from playground.snapshot import Status as Status
from playground.step_trace import copy_of, copy_of_state
from playground.time_machine.changes import Change, Changes, Parameter
from playground.time_machine.keyframes import KEYFRAME_BYTES, Keyframe
from playground.time_machine.moment import Moment, moment
from playground.time_machine.rebuilding import Past
from playground.time_machine.timeline import Stored, Timeline
from playground.trainer import Trainer, start_state
from playground.training import DivergedError, Training

PUBLISH = 0.1  # seconds between two snapshots while training
ACKNOWLEDGE = 0.15  # seconds a click waits for its effect, so that the next draw shows it
UPDATES_LEASE = 3.0  # seconds for which updates are published after a page asked for them
# Seconds between two checkpoints during training; with writing, less than 2. In a crowd, where a
# run gets a small part of the cores, they are further apart; no more training is lost.
CHECKPOINT = 1.5
LEASE = 150.0  # seconds without a poll of any page; browsers throttle hidden tabs to 1 per minute

log = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(frozen=True)
class Branching:
    """Where a run has left another: after this many iterations of the run with this token."""

    token: str
    iteration: int


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """A run at one moment: a state of its own to continue from, what pages showed, where it
    branched from another run, and its keyframes from the first step on.
    """

    shown: Snapshot
    saved: SavedRun
    branching: Branching | None = None
    keyframes: tuple[Keyframe, ...] = ()


class Run:
    """A network, its data and its training, for one person or for a class of students.

    Every method may be called from any thread and returns at once, or within ACKNOWLEDGE seconds;
    only reset and save wait for the current step. A saved run continues where it was; with a
    fine_tuning, the run starts from that network. A run read from the library has its old token.
    Raises ConfigError if the network does not fit the data.

    `_changed` guards what a person requests (config, the target, how to halt) and the start and end
    of the worker. It is not held during a step. While there is a worker, everything else belongs to
    the worker's thread.
    """

    def __init__(
        self,
        config: RunConfig,
        data: Splits,
        before: Curves | None = None,
        saved: SavedRun | None = None,
        fine_tuning: FineTuning | None = None,
        token: str = "",
        timeline: Timeline | None = None,
        branching: Branching | None = None,
    ) -> None:
        self.token = token or secrets.token_urlsafe(9)
        self.owner = ""  # whose browser may steer it
        self.branching = branching
        # The origin of a fine-tuned network.
        self.fine_tuning = saved.fine_tuning if saved else fine_tuning
        self.learned_from = data  # without the drawings that it was fine-tuned on
        self._before = before
        self._snapshot: Snapshot
        self._changed = Condition()
        self._viewers: dict[str, float] = {}
        self.last_seen = -math.inf  # time.monotonic() of the last poll by any page
        self._updates_wanted_until = -math.inf  # time.monotonic()
        self._worker: Thread | None = None
        self._questions: deque[Callable[[], None]] = deque()  # functions for the worker to call
        self._keep: Callable[[Checkpoint], None] | None = None
        self._kept_at = -math.inf  # time.monotonic() of the last checkpoint
        self._keyframe_bytes = KEYFRAME_BYTES  # at most, of all keyframes
        self._stored: Stored | None = None  # finds keyframes in the library
        self._speed: float | None = None  # steps per second in slow motion
        self._next_step_at = -math.inf  # time.monotonic() of the next step in slow motion
        self._begin(config, saved, timeline)

    def _begin(
        self,
        config: RunConfig,
        saved: SavedRun | None = None,
        timeline: Timeline | None = None,
    ) -> None:
        self.config = config  # as the person set it; the worker applies it before its next step
        self._target = 0.0  # the iteration to train to: 0 to pause, infinity for the run's end
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
        self._timeline = timeline or self._known(saved)
        self._timeline.keyframes.limit(self._keyframe_bytes)
        self._timeline.stored = self._stored
        # A cycle would keep a dropped run in memory until Python looks for cycles.
        self._past: Past[Moment] = Past(partial(Run._moment, proxy(self), self._timeline))
        self._pace: float | None = None  # iterations per second, recently
        self._gradient: Array | None = None  # of the last published step
        self._update: Array | None = None  # of that step, if it was recorded
        if saved:
            start = self.fine_tuning.network if self.fine_tuning else start_state(config).network
            self.start_theta = start.theta
        else:
            self.start_theta = self._trainer.network.theta
        self._publish()

    def _known(self, saved: SavedRun | None) -> Timeline:
        """The timeline of a run that begins, or goes on from a file."""
        config, state = self._trainer.config, self._trainer.state
        if saved is not None and saved.changes is None and state.iteration:
            there = copy_of_state(state)
            since = Changes(there.iteration, config)
            return Timeline(since, lambda: copy_of_state(there), (), there.iteration, saved.seconds)
        changes = saved.changes if saved is not None and saved.changes is not None else None
        fine_tuning = self.fine_tuning
        return Timeline(
            changes or Changes(0, config),
            (lambda: start_state(config)) if fine_tuning is None else fine_tuning.start,
            reached=state.iteration,
            seconds=self._seconds,
        )

    def _moment(
        self, timeline: Timeline, iteration: int, is_wanted: Callable[[], bool]
    ) -> Moment | None:
        rebuilt = timeline.rebuild(self._trainer, iteration, is_wanted)
        return None if rebuilt is None else moment(self._snapshot, rebuilt)

    @classmethod
    def fine_tuned(cls, before: "Run", drawings: Dataset) -> "Run":
        """A run that fine-tunes the current network of another run on these drawings. Reset returns
        to that network.
        """
        shown = before.snapshot
        fine_tuning = FineTuning(shown.shared_config, shown.network, drawings)
        return cls(fine_tuning.run_config, before.learned_from, fine_tuning=fine_tuning)

    @classmethod
    def branched(cls, parent: "Run", moment: Moment) -> "Run":
        """A run that goes on from a moment of another run, which does not change. The settings that
        may change while a run trains may be changed there. Reset begins with the first step.
        """
        shown, trainer = moment.shown, copy_of(moment.trainer)
        at = Event(shown.iteration, "branched here")
        curves = replace(shown.curves, events=(*shown.curves.events, at))
        timeline = parent._timeline.branch(shown.iteration)
        saved = SavedRun.of(trainer, curves, shown.seconds, shown.fine_tuning, timeline.changes)
        return cls(
            trainer.config,
            parent.learned_from,
            before=shown.now.curves,
            saved=saved,
            timeline=timeline,
            branching=Branching(parent.token, shown.iteration),
        )

    # Requests of a person

    def play(self) -> None:
        """Train to the end of the run."""
        self._train_to(math.inf)

    def step(self, iterations: int = 1) -> None:
        """Train for that many iterations, then pause."""
        with self._changed:
            self._train_to(self._trainer.state.iteration + iterations)

    def step_epoch(self) -> None:
        """Train to the end of the epoch, then pause."""
        per_epoch = self.config.batches_per_epoch(self.data.train.m)
        with self._changed:
            self._train_to((self._trainer.state.iteration // per_epoch + 1) * per_epoch)

    def pause(self) -> None:
        """Pause after the current step."""
        self._halt(Status.PAUSED)

    def stop(self) -> None:
        """End the run here, as if this were its full length."""
        self._halt(Status.STOPPED)

    def reset(self) -> None:
        """Start again with the same seed, weights and batches. The curves so far are shown as those
        of the previous run.
        """
        with self._changed:
            while self._worker is not None:  # another click may have started a worker meanwhile
                self._target, self._halt_as = 0, Status.PAUSED
                self._changed.notify_all()
                self._changed.wait()
            curves = self._training.history.curves()
            if len(curves.step_cost):
                self._before = curves
            self.branching = None
            self._past.close()
            self._begin(self.config)

    def adjust(self, config: RunConfig) -> None:
        """Change `live` settings from the next step on. The change is marked on the curves."""
        with self._changed:
            self.config = config
            if self._worker is None:
                self._take_settings()
                if self._trainer.state.iteration and self._status is not Status.FAILED:
                    self._status = Status.DONE if self._trainer.done else Status.PAUSED
                self._publish()
            else:  # show the new settings even if the worker has not applied them yet
                self._snapshot = replace(self._snapshot, config=config)
                self._changed.notify_all()

    def extend(self, epochs: int) -> None:
        """Train for that many epochs more, even if the run has ended. The change is marked on the
        curves. Does nothing if the run failed.
        """
        with self._changed:
            if self._status is Status.FAILED:
                return
            m, iterations = self.data.train.m, self._trainer.state.iteration
            self.adjust(self.longer(self.config, iterations, epochs, m))
            self.play()

    @staticmethod
    def longer(config: RunConfig, iterations: int, epochs: int, m: int) -> RunConfig:
        """The settings of a run that goes on for so many epochs of m examples from here."""
        per_epoch = config.batches_per_epoch(m)
        if config.epochs is None:
            return config.with_values(
                iterations=min(iterations + epochs * per_epoch, MAX_ITERATIONS)
            )
        return config.with_values(epochs=min(-(-iterations // per_epoch) + epochs, MAX_ITERATIONS))

    def set_speed(self, speed: float | None) -> None:
        """Take that many steps per second from now on (slow motion); None for full speed."""
        with self._changed:
            self._speed, self._next_step_at = speed, -math.inf
            self._snapshot = replace(self._snapshot, speed=speed)
            self._changed.notify_all()

    def follow(self, before: Curves | None) -> None:
        """Show these curves, of a previous run, behind this run's own."""
        with self._changed:
            self._before = before
            self._snapshot = replace(self._snapshot, before=before)

    def set_parameter(self, layer: int, unit: int, source: int | None, value: float) -> None:
        """Set one parameter of the network, marked on the curves: W[layer][unit, source], or
        b[layer][unit] if source is None. Layers count from 1, units from 0.

        Raises IndexError if there is no such parameter.
        """

        parameter = Parameter(layer, unit, source)

        def change(trainer: Trainer) -> None:
            text = f"{parameter}: {parameter.get(trainer):.3g} → {value:.3g}"
            self._copy_before_change()
            made = Change(trainer.state.iteration, parameter=parameter, value=value)
            made.make(trainer)
            self._timeline.add(made)
            self._training.measured = trainer.measure()
            self._training.history.add_event(Event(trainer.state.iteration, text))
            self._publish()

        self.between_steps(change)

    def save(self) -> bytes:
        """The run as a file from which training continues bit for bit. Waits for the current step.

        Raises StorageError if parameters of the network are not finite.
        """

        def write(trainer: Trainer) -> bytes:
            file = io.BytesIO()
            write_run(file, self._saved(trainer.state, self._training.history.curves()))
            return file.getvalue()

        return self.between_steps(write)

    def keep_with(self, keep: Callable[[Checkpoint], None]) -> None:
        """Call this with a checkpoint whenever the run rests, and every CHECKPOINT seconds during
        training. It is called between two steps: it must return at once, and must not raise.
        """

        def begin(trainer: Trainer) -> None:
            self._keep = keep
            self._checkpoint(self._snapshot)

        self.between_steps(begin)

    # For pages

    @property
    def past(self) -> Past[Moment]:
        """The run as it was after earlier steps, since it was reset."""
        return self._past

    @property
    def snapshot(self) -> Snapshot:
        """The latest published snapshot. It is current if nothing is being computed."""
        return self._snapshot

    @property
    def busy(self) -> bool:
        """Whether the run is training, by the snapshot: so both always agree on a page."""
        return self._snapshot.status is Status.TRAINING

    def watch(self, viewer: str) -> None:
        """Note that a page shows this run. A run that paused because no page showed it
        continues.
        """
        with self._changed:
            self._viewers[viewer] = self.last_seen = time.monotonic()
            self._start()

    def publish_updates(self) -> None:
        """Note that a page shows updates: the snapshots of the next seconds have the last step's
        update.
        """
        self._updates_wanted_until = time.monotonic() + UPDATES_LEASE

    def leave(self, viewer: str) -> None:
        """Note that a page was closed. If it was the last one, the worker pauses. Returns at
        once.
        """
        self._past.leave(viewer)
        if self._viewers.pop(viewer, None) is not None:
            self.last_seen = time.monotonic()

    @property
    def shown(self) -> bool:
        """Whether an open tab shows this run, however long ago it polled."""
        return bool(self._viewers)

    def look_back_with(self, stored: Stored) -> None:
        """Find keyframes that are stored with this, where those in memory are too far away."""
        self._stored = self._timeline.stored = stored

    def limit_keyframes(self, n_bytes: int) -> None:
        """Keyframes may take no more than this many bytes from now on."""
        self._keyframe_bytes = n_bytes
        self._timeline.keyframes.limit(n_bytes)

    @property
    def n_bytes(self) -> int:
        """About how many bytes the run's own arrays take: vectors of theta's size, curves,
        confusion matrices, keyframes, and workspace.
        """
        shown = self.snapshot
        theta = shown.network.theta.nbytes
        # One while it is as it started; then the start, the worker's and the snapshot's.
        copies = 1 if shown.network.theta is shown.start_theta else 3
        vectors = copies + (shown.gradient is not None) + (shown.update is not None)
        if shown.iteration:
            vectors += len(OPTIMIZERS[shown.config.optimizer].moments)
        scratch = 0
        if shown.busy:
            batch = shown.config.examples_a_step(shown.data.train.m)
            scratch = workspace_size(shown.config.layers, batch) * theta // shown.network.theta.size
        confusions = sum(each.matrix.nbytes for each in shown.confusions)
        rest = shown.curves.n_bytes + confusions + scratch + self._timeline.n_bytes
        rest += sum(each.n_bytes for each in self._past.kept)
        return vectors * theta + rest

    @property
    def examples(self) -> list[Dataset]:
        """The sets of examples that it holds in memory, which other runs may share."""
        shown = self.snapshot
        splits = (shown.data, shown.learned_from)
        return [part for each in splits for part in (each.train, each.validation)]

    @property
    def watched(self) -> bool:
        """Whether a page has polled recently."""
        return bool(self.viewers)

    @property
    def viewers(self) -> tuple[str, ...]:
        now = time.monotonic()
        return tuple(viewer for viewer, seen in list(self._viewers.items()) if now - seen < LEASE)

    def between_steps(self, read: Callable[[Trainer], T]) -> T:
        """Return read(trainer), called between two steps. `read` must be quick, such as a copy, and
        must not change the trainer. Waits for the current step.
        """
        answer: Future[T] = Future()

        def question() -> None:
            try:
                answer.set_result(read(self._trainer))
            except Exception as error:  # passed on to the caller
                answer.set_exception(error)

        with self._changed:
            if self._worker is None:
                question()
            else:
                self._questions.append(question)
                self._changed.notify_all()
        return answer.result()

    def _answer(self) -> None:
        """Call the waiting functions. The trainer is between two steps."""
        while self._questions:
            self._questions.popleft()()

    # The worker

    def _train_to(self, target: float) -> None:
        """Train up to this iteration. Waits up to ACKNOWLEDGE seconds for it, unless it is the
        run's end.
        """
        with self._changed:
            if self._trainer.done or self._status in (Status.FAILED, Status.STOPPED):
                return
            self._target, self._halt_as = target, Status.PAUSED
            self._next_step_at = -math.inf
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
        """Start a worker if there is none and something to do. The caller holds the lock."""
        if self._worker is None and not self._target_reached():
            self._status, self._message = Status.TRAINING, ""
            self._publish()
            self._worker = Thread(target=self._work, name=f"run {self.token}", daemon=True)
            self._worker.start()

    def _target_reached(self) -> bool:
        """Whether everything requested is done."""
        return (
            self._trainer.done
            or self._status is Status.FAILED
            or self._trainer.state.iteration >= self._target
        )

    def _is_idle(self) -> bool:
        """Whether there is nothing to compute now: all requests are done, or all pages have gone.

        A run without any page so far is not idle: it is the command line's, or a test's.
        """
        return self._target_reached() or (self.last_seen > -math.inf and not self.watched)

    def _work(self) -> None:
        """The thread: computes, time slice by time slice, until there is nothing left to do."""
        with CPU_SEMAPHORE.computing():
            while not self._ended():
                try:
                    self._wait_for_next_step()
                    self._run_time_slice()
                except Exception as error:  # any error must reach the page as a sentence
                    log.exception("run %s failed", self.token)
                    reason = str(error).rstrip(".") or type(error).__name__
                    self._fail(f"The training stopped: {reason}. Reset starts it again.")

    def _wait_for_next_step(self) -> None:
        """In slow motion, wait for the time of the next step, or for a request."""
        with self._changed:
            if (seconds := self._next_step_at - time.monotonic()) > 0:
                self._changed.wait_for(self._is_interrupted, seconds)

    def _is_interrupted(self) -> bool:
        return self._is_due() or self._has_priority() or self.config is not self._trainer.config

    def _is_due(self) -> bool:
        """Whether it is time for the next step in slow motion. Steps that were requested do not
        wait.
        """
        speed = self._speed  # read once: another thread may change it
        return speed is None or self._target < math.inf or time.monotonic() >= self._next_step_at

    def _has_priority(self) -> bool:
        """Whether a person is waiting: for a step, a pause, or a function between steps."""
        return self._target < math.inf or bool(self._questions)

    def _ended(self) -> bool:
        """If there is nothing left to do, publish a last snapshot, let the worker go, and return
        True.

        This is decided while holding the lock. So a request made before is carried out by this
        worker, and a later one finds no worker and starts another.
        """
        with self._changed:
            settled = (
                self.config is self._trainer.config
                and self._training.measured.iteration == self._trainer.state.iteration
            )
            if not self._is_idle() or not (settled or self._status is Status.FAILED):
                return False
            if self._status is Status.TRAINING:
                self._status = Status.DONE if self._trainer.done else self._halt_as
            if self._target_reached():
                self._target = 0  # else a page that comes back continues to the target
            self._answer()
            self._worker = None
            self._changed.notify_all()
            self._publish()
            self._trainer.release()
            give_back_soon()
            return True

    def _run_time_slice(self) -> None:
        """Compute until the time slice is over or nothing is left to compute; then measure."""
        with CPU_SEMAPHORE.acquire(self._cores, self._has_priority):
            began = yielded = time.perf_counter()
            first = self._trainer.state.iteration
            while True:
                self._take_settings()
                self._answer()
                now = time.perf_counter()
                if self._is_idle() or now - began > CPU_SEMAPHORE.time_slice or not self._is_due():
                    break
                if now - yielded > YIELD:
                    time.sleep(0)  # lets a waiting thread take the interpreter
                    yielded = time.perf_counter()
                self._step(keep_update=self._is_last_step(now - began))
            if self._lacks_update(first):
                self._step(keep_update=True)
            if self._is_idle() or self._speed is not None:  # slow motion shows every step
                self._fail_if_diverged(self._training.measure)
            self._update_pace(self._trainer.state.iteration - first, time.perf_counter() - began)
        stepped = self._trainer.state.iteration > first
        if (stepped and self._speed) or time.monotonic() - self._published > PUBLISH:
            self._publish()

    def _take_settings(self) -> None:
        """Apply the settings that the person set, and mark the changes on the curves."""
        old, new = self._trainer.config, self.config
        if new is old:
            return
        iteration = self._trainer.state.iteration
        made = Change(iteration, config=new)
        made.make(self._trainer)
        self._timeline.add(made)
        for name, setting in SETTINGS.items():
            was, now = getattr(old, name), getattr(new, name)
            if was != now and was is not None and now is not None and 0 < iteration:
                text = f"{setting.label}: {setting.write(was)} → {setting.write(now)}"
                self._training.history.add_event(Event(iteration, text))

    def _step(self, *, keep_update: bool) -> None:
        self._copy_before_change()
        if (speed := self._speed) is not None:
            self._next_step_at = time.monotonic() + 1 / speed
        theta = self._trainer.network.theta
        before = theta.copy() if keep_update else None
        seconds = self._training.seconds
        self._fail_if_diverged(self._training.step)
        self._timeline.keyframes.after_step(
            self._trainer.state, self._trainer.hyper.iterations, self._training.seconds - seconds
        )
        self._update = None if before is None else np.subtract(theta, before, out=before)

    def _fail_if_diverged(self, act: Callable[[], object]) -> None:
        """Call act. If it raises DivergedError, the run has failed."""
        try:
            act()
        except DivergedError as error:
            self._fail(f"{error} Then press Reset and Play.")

    def _is_last_step(self, elapsed: float) -> bool:
        """Whether the next step is probably the last before a snapshot that shows its update.

        Copying theta before every step would slow training down (benchmarks.decisions).
        """
        following = self._trainer.state.iteration + 1
        if following >= self._target or following >= self._trainer.hyper.iterations:
            return True
        if self._speed is not None:
            return self._updates_are_wanted
        seconds = CPU_SEMAPHORE.time_slice if self._pace is None else 1 / self._pace
        return self._updates_are_wanted and elapsed + seconds > CPU_SEMAPHORE.time_slice

    def _lacks_update(self, first: int) -> bool:
        """Whether the snapshot after this time slice would lack an update that a page shows,
        because the slice ended earlier than predicted. Then one more step is taken, and recorded.
        """
        return (
            self._updates_are_wanted
            and self._update is None
            and self._trainer.state.iteration > first
            and not self._trainer.done
            and self._status is not Status.FAILED
        )

    @property
    def _updates_are_wanted(self) -> bool:
        return time.monotonic() < self._updates_wanted_until

    def _fail(self, message: str) -> None:
        self._status, self._message = Status.FAILED, message

    def _update_pace(self, iterations: int, seconds: float) -> None:
        """The pace is an exponential mean over about the last twenty time slices."""
        self._seconds += seconds
        if iterations:
            pace = iterations / seconds
            self._pace = pace if self._pace is None else 0.95 * self._pace + 0.05 * pace

    def _publish(self) -> None:
        trainer, state = self._trainer, self._trainer.state
        if (gradient := trainer.last_gradient) is not None:
            self._gradient = gradient.copy()
        per_epoch = trainer.config.batches_per_epoch(self.data.train.m)
        # Stop may have shortened the run.
        iterations = max(trainer.hyper.iterations, state.iteration)
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
            confusions=tuple(self._training.confusions),
        )
        self._checkpoint(snapshot)  # first: a run that is seen at rest has been handed over
        with self._changed:  # with the latest settings, which may have changed meanwhile
            self._snapshot = replace(
                snapshot, config=self.config, before=self._before, speed=self._speed
            )
        self._published = time.monotonic()

    def _checkpoint(self, shown: Snapshot) -> None:
        """Hand a checkpoint over if it is time. An untouched run is not kept."""
        if self._keep is None or not (shown.iteration or shown.curves.events):
            return
        now = time.monotonic()
        if shown.busy and now - self._kept_at < CHECKPOINT * CPU_SEMAPHORE.crowding:
            return
        self._kept_at = now
        saved = self._saved(copy_of_state(self._trainer.state), shown.curves)
        frames = self._timeline.from_the_start
        self._keep(Checkpoint(shown, saved, self.branching, frames))

    def _saved(self, state: TrainState, curves: Curves) -> SavedRun:
        """What a file of the run contains now."""
        saved = SavedRun.of(
            self._trainer, curves, self._seconds, self.fine_tuning, self._timeline.changes
        )
        return replace(saved, state=state)

    def _network_to_show(self) -> Network:
        """A network that does not change any more: a copy, or the initial one before the first
        step.
        """
        network = self._trainer.network
        return network if network.theta is self.start_theta else network.copy()

    def _copy_before_change(self) -> None:
        """Replace the network by a copy before its first change, because start_theta is kept."""
        state = self._trainer.state
        if state.network.theta is self.start_theta:
            state.network = state.network.copy()
