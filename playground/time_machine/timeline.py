"""Timeline: all that it takes to rebuild a run as it was after any of its steps."""

import secrets
import time
from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import dataclass, replace

import numpy as np

from netcore.array import Array
from netcore.training import TrainState
from playground.cpu_semaphore import CPU_SEMAPHORE, YIELD, cores_for
from playground.step_trace import copy_of_state
from playground.time_machine.changes import Change, Changes
from playground.time_machine.keyframes import Keyframe, Keyframes
from playground.trainer import Trainer

Stored = Callable[[str, int, int], Keyframe | None]
"""(history, after, before) -> the last stored keyframe of this history between the two iterations.
"""


class TimelineError(Exception):
    """There is no such step to go back to. The message is a sentence for a person."""


@dataclass(frozen=True, eq=False)
class Rebuilt:
    """A run as it was after some step: a trainer that nobody steps, and what that step did."""

    trainer: Trainer
    gradient: Array | None
    update: Array | None
    seconds: float


class Timeline:
    """The keyframes of a run and the changes made to it. `rebuild` replays from a keyframe by the
    same steps, so it cannot disagree with what was trained.

    start    makes the state at iteration changes.since
    frames   keyframes so far
    reached  the iterations done so far
    seconds  of training so far
    """

    def __init__(
        self,
        changes: Changes,
        start: Callable[[], TrainState],
        frames: Iterable[Keyframe] = (),
        reached: int = 0,
        seconds: float = 0.0,
    ) -> None:
        self.changes = changes
        self.keyframes = Keyframes(frames, reached, seconds)
        # Finds keyframes of the run in the library, which may be less far from a step.
        self.stored: Stored | None = None
        self._first_seconds = seconds if changes.since else 0.0  # at iteration changes.since
        self._start = start
        self._rebuilt: TrainState | None = None  # the last that was rebuilt: the next may be near

    @property
    def n_bytes(self) -> int:
        return self.keyframes.n_bytes

    @property
    def from_the_start(self) -> tuple[Keyframe, ...]:
        """The keyframes, if all changes since the first step are known."""
        return () if self.changes.since else self.keyframes.frames

    def add(self, change: Change) -> None:
        """Note a change. Called between two steps."""
        self.changes = self.changes.with_change(change)

    def seconds_at(self, iteration: int) -> float:
        """About how many seconds of training it took to this iteration."""
        last, seconds = self.keyframes.reached
        known = {last: seconds} | {self.changes.since: self._first_seconds}
        known |= {frame.iteration: frame.seconds for frame in self.keyframes.frames}
        at = sorted(known)
        return float(np.interp(iteration, at, [known[each] for each in at]))

    def rebuild(
        self, like: Trainer, iteration: int, is_wanted: Callable[[], bool] = lambda: True
    ) -> Rebuilt | None:
        """The run after this many iterations, with all changes that were made there.

        like       a trainer on the run's data; it is not changed, and may train meanwhile
        is_wanted  asked between two steps; if it says no, rebuilding ends, with None
        Raises TimelineError if nothing is known of that time.
        """
        changes = self.changes
        if iteration > like.state.iteration:
            raise TimelineError(
                f"Step {iteration:,} cannot be shown: the run is at step {like.state.iteration:,}."
            )
        if iteration < changes.since:
            raise TimelineError(
                f"Step {iteration:,} cannot be shown: this run was loaded at step "
                f"{changes.since:,}, without what was before."
            )
        trainer = copy(like)
        base = self._keyframe_before(iteration)
        trainer.state = self._start() if base is None else copy_of_state(base.state)
        trainer.adjust(changes.config_at(trainer.state.iteration))
        trainer.release()
        replay = _Replay(trainer, is_wanted, self._fill)
        with CPU_SEMAPHORE.computing():
            for change in changes.until(iteration).made:
                if change.iteration >= trainer.state.iteration:
                    if not replay.step_to(change.iteration):
                        return None
                    change.make(trainer)
            if not replay.step_to(iteration):
                return None
        self._rebuilt = trainer.state
        gradient = trainer.last_gradient
        rebuilt = Rebuilt(
            trainer,
            None if gradient is None else gradient.copy(),
            replay.update,
            self.seconds_at(iteration),
        )
        trainer.release()
        return rebuilt

    def _keyframe_before(self, iteration: int) -> Keyframe | None:
        """The last one before this iteration: its step is taken again, because its gradient and its
        update are shown, too. None for the start.
        """
        since = self.changes.since
        frames = [*self.keyframes.frames]
        if self._rebuilt is not None:
            frames.append(Keyframe(self._rebuilt, 0.0))
        here = [each for each in frames if since <= each.iteration < iteration]
        last = max(here, key=lambda frame: frame.iteration, default=None)
        if self.stored is None or since:
            return last
        after = 0 if last is None else last.iteration
        return self.stored(self.changes.history, after, iteration) or last

    def _fill(self, trainer: Trainer) -> None:
        state = trainer.state
        self.keyframes.fill(state, trainer.hyper.iterations, self.seconds_at(state.iteration))

    def branch(self, iteration: int) -> "Timeline":
        """The timeline of a run that goes on from after this many iterations."""
        frames = [frame for frame in self.keyframes.frames if frame.iteration <= iteration]
        changes = replace(self.changes.until(iteration), history=secrets.token_hex(8))
        return Timeline(changes, self._start, frames, iteration, self.seconds_at(iteration))


class _Replay:
    """Steps that were taken before, taken again."""

    def __init__(
        self,
        trainer: Trainer,
        is_wanted: Callable[[], bool],
        fill: Callable[[Trainer], None],
    ) -> None:
        self._trainer, self._is_wanted, self._fill = trainer, is_wanted, fill
        self.update: Array | None = None  # of the last step of all

    def step_to(self, iteration: int) -> bool:
        """Train to this iteration, and return True; False if it is not wanted any more."""
        trainer = self._trainer
        while trainer.state.iteration < iteration:
            if not self._is_wanted():
                return False
            cores = cores_for(trainer.config, trainer.data.train.m)
            with CPU_SEMAPHORE.acquire(cores, has_priority=lambda: True):
                self._take_time_slice(iteration)
            self._fill(trainer)
        return True

    def _take_time_slice(self, iteration: int) -> None:
        trainer = self._trainer
        began = yielded = time.perf_counter()
        while trainer.state.iteration < iteration and self._is_wanted():
            before = (
                trainer.network.theta.copy() if trainer.state.iteration + 1 == iteration else None
            )
            trainer.step()
            self.update = None if before is None else np.subtract(trainer.network.theta, before)
            now = time.perf_counter()
            if now - began > CPU_SEMAPHORE.time_slice:
                break
            if now - yielded > YIELD:
                time.sleep(0)
                yielded = now
