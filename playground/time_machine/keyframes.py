"""Keyframes: complete states of a run to replay from, within a budget of bytes."""

import math
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock

from netcore.training import TrainState
from playground.step_trace import copy_of_state

KEYFRAME_BYTES = 240 * 10**6  # of one run; of all runs together: playground/registry.py
MAX_FRAMES = 200  # of one run
GAP = 0.05  # seconds of training between two keyframes, at least
COPYING = 0.015  # share of training that copying a state may take
OVERHEAD = 4_000  # bytes of a keyframe besides its arrays: two random streams, mostly


@dataclass(frozen=True, eq=False)
class Keyframe:
    """The state after some step, as nobody changes it, and the seconds of training until then."""

    state: TrainState
    seconds: float

    @property
    def iteration(self) -> int:
        return self.state.iteration

    @property
    def n_bytes(self) -> int:
        return size_of(self.state)


def size_of(state: TrainState) -> int:
    """The bytes that a keyframe of this state takes."""
    order = 0 if state.order is None else state.order.nbytes
    vectors = (state.network.theta, *state.optimizer_state.values())
    return OVERHEAD + order + sum(vector.nbytes for vector in vectors)


class Keyframes:
    """Keyframes in the order of their iterations, spread evenly over the whole run. If the run gets
    longer than planned, they are thinned.

    The run's worker adds to them between two steps; any thread may read them.

    reached  the iterations done so far
    seconds  of training so far
    """

    def __init__(
        self,
        frames: Iterable[Keyframe] = (),
        reached: int = 0,
        seconds: float = 0.0,
        budget: int = KEYFRAME_BYTES,
    ) -> None:
        self._frames = tuple(sorted(frames, key=lambda frame: frame.iteration))
        self._budget = budget
        self._lock = Lock()  # for changes; whoever reads takes the tuple as it is
        self._reached, self._seconds = reached, seconds
        self._since_last = 0.0  # seconds of training since the last keyframe
        self._copying = math.inf  # seconds that a copy takes, at least; infinite if not measured
        self._thin()

    @property
    def frames(self) -> tuple[Keyframe, ...]:
        return self._frames

    @property
    def reached(self) -> tuple[int, float]:
        """The iterations done so far, and the seconds of training that they took."""
        return self._reached, self._seconds

    @property
    def n_bytes(self) -> int:
        return sum(frame.n_bytes for frame in self._frames)

    def limit(self, budget: int) -> None:
        """Take no more than this many bytes from now on."""
        with self._lock:
            self._budget = min(budget, KEYFRAME_BYTES)
            self._thin()

    def after_step(self, state: TrainState, planned: int, seconds: float) -> None:
        """Add a keyframe if it is time to. Called between two steps, before any change.

        planned  steps in the whole run
        seconds  that this step took
        """
        self._reached, self._seconds = state.iteration, self._seconds + seconds
        self._since_last += seconds
        if self._is_time(state, planned):
            began = time.thread_time()
            with suppress(MemoryError):  # the run goes on; its next keyframe may fit again
                self.add(Keyframe(copy_of_state(state), self._seconds))
            self._copying = min(self._copying, time.thread_time() - began)
            self._since_last = 0.0

    def _is_time(self, state: TrainState, planned: int) -> bool:
        if self._since_last < GAP:
            return False
        room = self._room_for(state)
        last = self._frames[-1].iteration if self._frames else 0
        if not room or state.iteration - last < planned / room:
            return False
        return self._copying == math.inf or self._copying <= COPYING * self._since_last

    def fill(self, state: TrainState, planned: int, seconds: float) -> None:
        """Add a keyframe of a replay where there is none near, if there is room for it."""
        room = self._room_for(state)
        there = [0, *(frame.iteration for frame in self._frames)]
        nearest = min(abs(state.iteration - iteration) for iteration in there)
        full = self.n_bytes + size_of(state) > self._budget or len(self._frames) >= room
        if not full and nearest >= planned / room:
            self.add(Keyframe(copy_of_state(state), seconds))

    def _room_for(self, state: TrainState) -> int:
        """The number of keyframes of this size that the budget allows."""
        return min(self._budget // size_of(state), MAX_FRAMES)

    def add(self, frame: Keyframe) -> None:
        with self._lock:
            others = (each for each in self._frames if each.iteration != frame.iteration)
            self._frames = tuple(sorted((*others, frame), key=lambda each: each.iteration))
            self._thin()

    def _thin(self) -> None:
        sizes = {frame.iteration: frame.n_bytes for frame in self._frames}
        gone = too_many(sizes, self._budget)
        self._frames = tuple(each for each in self._frames if each.iteration not in gone)


def too_many(sizes: Mapping[int, int], budget: int) -> set[int]:
    """Which keyframes, of these bytes by iteration, to drop so that the rest fits into the budget:
    always the one without which the longest replay stays shortest.
    """
    left, size, gone = sorted(sizes), sum(sizes.values()), set[int]()
    while left and (size > budget or len(left) > MAX_FRAMES):
        ends = [0, *left]
        gaps = [after - before for before, after in zip(ends, ends[2:], strict=False)]
        # The last one is dropped only if it is alone: training goes on from there.
        dropped = left.pop(gaps.index(min(gaps)) if gaps else 0)
        gone.add(dropped)
        size -= sizes[dropped]
    return gone
