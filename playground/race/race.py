"""Race: trains several settings from the same starts, one start after another, beside the page.

One thread steps all racers in turn, so that they get equally much at every moment. It computes in
time slices under the same semaphore as runs, and publishes what a page may show as an immutable
RaceShown.
"""

import logging
import math
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import fmean
from threading import Condition, Thread

from data.dataset import Dataset, Splits
from playground.config import RunConfig
from playground.cpu_semaphore import CPU_SEMAPHORE, YIELD
from playground.forecast import memory
from playground.landing import landed
from playground.memory_return import give_back_soon
from playground.race.plan import RacePlan, names_of
from playground.race.racer import Racer, RacerShown
from playground.run import PUBLISH, Checkpoint, Status
from playground.run_data import load_data
from playground.settings import MAX_ITERATIONS
from playground.trainer import check_fit

TURN = 0.02  # seconds that a racer may compute before it is the next one's turn
MAX_TURN = 25  # iterations, likewise
TRIAL = 0.4  # seconds of computing by which a racer's speed is measured

log = logging.getLogger(__name__)
Keep = Callable[[Checkpoint], None]
Scores = tuple[float | None, ...]


@dataclass(frozen=True, eq=False)
class RaceShown:
    """Everything that a page shows of a race at one moment.

    plan     with the lengths that were raced: by seconds, they are measured at the beginning
    racers   of the current start, or of the last one; none before the first
    start    the index of that start
    results  for each start that has ended, every racer's validation score; None if it diverged
    part     of the whole race that is done, from 0 to 1
    message  why the race failed, or ""
    """

    token: str
    plan: RacePlan
    status: Status
    racers: tuple[RacerShown, ...]
    start: int
    results: tuple[Scores, ...]
    part: float
    seconds_left: float | None
    message: str

    @property
    def busy(self) -> bool:
        return self.status is Status.TRAINING

    def seeds_of(self, index: int) -> list[int]:
        """The seeds of the starts of `differences`."""
        return [
            self.plan.seed(start)
            for start, scores in enumerate(self.results)
            if scores[index] is not None and scores[0] is not None
        ]

    def differences(self, index: int) -> list[float]:
        """This racer's score minus the baseline's, for each start on which both have one."""
        pairs = [(scores[index], scores[0]) for scores in self.results]
        return [its - a for its, a in pairs if its is not None and a is not None]

    def n_diverged(self, index: int) -> int:
        return sum(scores[index] is None for scores in self.results)


class Race:
    """Every method may be called from any thread and returns at once.

    `_changed` guards what a person requests and the start and end of the worker. Everything else
    belongs to the worker's thread. A race pauses while no tab shows it, and goes on when one does;
    one that no tab has shown so far is a test's.

    load  reads the examples that settings describe
    keep  is called with each trained run; it must return at once, and must not raise

    Raises ConfigError or DataError if settings and data do not fit.
    """

    def __init__(
        self,
        plan: RacePlan,
        load: Callable[[RunConfig], Splits] = load_data,
        keep: Keep | None = None,
    ) -> None:
        self.token = secrets.token_urlsafe(9)
        self.owner = ""  # whose browser may steer it
        self.last_seen = -math.inf
        self._load, self._keep = load, keep
        self._plan = plan
        self._data = load(plan.configs[0])
        for config in plan.configs:
            check_fit(config, self._data.train)
        self._names = names_of(plan.configs)
        self._changed = Condition()
        self._viewers: set[str] = set()
        self._worker: Thread | None = None
        self._wanted = False  # whether it is to go on
        self._stopped = False
        self._status, self._message = Status.READY, ""
        self._lengths_known = plan.by == "iteration"
        self._racers: list[Racer] = []
        self._start = 0
        self._results: list[Scores] = []
        self._seconds = 0.0  # of its worker so far
        self._publish()

    # Requests of a person

    def play(self) -> None:
        """Go on to the last start."""
        with self._changed:
            if self._status not in (Status.DONE, Status.STOPPED, Status.FAILED):
                self._wanted = True
                self._begin_to_work()

    def pause(self) -> None:
        """Pause where all racers have got equally much."""
        with self._changed:
            self._wanted = False

    def stop(self) -> None:
        """End the race with the starts that have ended."""
        with self._changed:
            self._wanted, self._stopped = False, True
            if self._worker is None and self._status in (Status.READY, Status.PAUSED):
                self._status = Status.STOPPED
                self._publish()

    def extend(self, starts: int) -> None:
        """Race on so many starts more, also after the end."""
        with self._changed:
            if self._status is Status.FAILED:
                return
            if self._status is Status.STOPPED and self._racers:  # its last start was broken off
                self._racers = []
            self._plan = self._plan.longer(max(0, len(self._results) + starts - self._plan.starts))
            self._wanted, self._stopped = True, False
            self._begin_to_work()

    def watch(self, viewer: str) -> None:
        """Note that a tab shows this race."""
        with self._changed:
            self._viewers.add(viewer)
            self.last_seen = time.monotonic()
            self._begin_to_work()

    def leave(self, viewer: str) -> None:
        """Note that a tab has gone."""
        with self._changed:
            self._viewers.discard(viewer)
            self.last_seen = time.monotonic()

    # For pages

    @property
    def latest(self) -> RaceShown:
        """What was published last."""
        return self._shown

    @property
    def busy(self) -> bool:
        return self._shown.busy

    @property
    def shown(self) -> bool:
        """Whether an open tab shows this race."""
        return bool(self._viewers)

    @property
    def n_bytes(self) -> int:
        m = self._data.train.m
        racers = sum(memory(config, m) for config in self._plan.configs)
        return racers + sum(racer.curves.n_bytes for racer in self._shown.racers)

    @property
    def examples(self) -> list[Dataset]:
        return [self._data.train, self._data.validation]

    # The worker

    def _begin_to_work(self) -> None:
        """Start a worker if there is none and something to do. The caller holds the lock."""
        if self._worker is None and not self._is_idle():
            self._status = Status.TRAINING
            self._publish()
            self._worker = Thread(target=self._work, name=f"race {self.token}", daemon=True)
            self._worker.start()

    def _is_idle(self) -> bool:
        gone = self.last_seen > -math.inf and not self._viewers
        return not self._wanted or gone

    def _work(self) -> None:
        with CPU_SEMAPHORE.computing():
            while not self._ended():
                began = time.perf_counter()
                try:
                    self._round()
                except Exception as error:  # any error must reach the page as a sentence
                    log.exception("race %s failed", self.token)
                    self._message = f"The race stopped: {str(error) or type(error).__name__}"
                    self._status, self._wanted = Status.FAILED, False
                self._seconds += time.perf_counter() - began
                if time.monotonic() - self._published > PUBLISH:
                    self._publish()

    def _ended(self) -> bool:
        """If there is nothing to do, let the worker go, and return True."""
        with self._changed:
            is_done = len(self._results) >= self._plan.starts
            if not self._is_idle() and not is_done:
                return False
            if self._status is Status.TRAINING:
                halted = Status.STOPPED if self._stopped else Status.PAUSED
                self._status = Status.DONE if is_done else halted
            if is_done or self._stopped:
                self._wanted = False
            self._worker = None
            for racer in self._racers:
                racer.training.trainer.release()
            give_back_soon()
            self._publish()
            return True

    def _round(self) -> None:
        """Give every racer equally much, or begin the next start if all have reached their end."""
        if not self._lengths_known:
            self._find_lengths()
        if len(self._results) > self._start or not self._racers:
            self._start = len(self._results)
            self._racers = self._line_up(self._plan.configs_of(self._start))
        mark = self._next_mark()
        for racer in self._racers:
            self._advance(racer, mark)
        if all(racer.done for racer in self._racers):
            self._end_start()

    def _line_up(self, configs: tuple[RunConfig, ...]) -> list[Racer]:
        """The racers before their first step, all on the same examples."""
        self._data = self._load(configs[0])
        with CPU_SEMAPHORE.acquire(1):
            return [
                Racer(i, self._names[i], config, configs[0], self._data)
                for i, config in enumerate(configs)
            ]

    def _clock(self, racer: Racer) -> float:
        return racer.iteration if self._plan.by == "iteration" else racer.seconds

    def _next_mark(self) -> float:
        """How far all racers go in this round, in iterations or in seconds."""
        racing = [racer for racer in self._racers if not racer.done]
        if not racing:
            return 0.0
        behind = min(map(self._clock, racing))
        if self._plan.by == "seconds":
            return max(max(map(self._clock, racing)), behind + TURN)
        slowest = max(racer.seconds / max(racer.iteration, 1) for racer in racing)
        stride = MAX_TURN if not slowest else min(MAX_TURN, max(1, int(TURN / slowest)))
        return behind + (stride if behind else 1)

    def _advance(self, racer: Racer, mark: float) -> list[float]:
        """Returns the seconds of each step."""
        took = []
        with CPU_SEMAPHORE.acquire(racer.cores):
            yielded = time.perf_counter()
            while not racer.done and self._clock(racer) < mark:
                before = racer.seconds
                racer.step()
                took.append(racer.seconds - before)
                if time.perf_counter() - yielded > YIELD:
                    time.sleep(0)  # lets a waiting thread take the interpreter
                    yielded = time.perf_counter()
        return took

    def _find_lengths(self) -> None:
        """For a race by seconds: every racer gets as many iterations as fit into the seconds that
        the baseline needs. So its schedule reaches its end, as the baseline's does.
        """
        racers = self._line_up(self._plan.configs_of(0))
        took: list[list[float]] = [[] for _ in racers]
        for turn in range(1, 9):  # in turns: other work on this computer slows all down alike
            for racer, its in zip(racers, took, strict=True):
                its += self._advance(racer, TRIAL * turn / 8)
        first, *others = map(_pace, took)
        fitting = [round(racers[0].iterations * first / each) for each in others]
        with self._changed:
            self._plan = self._plan.with_lengths(
                (None, *(min(max(1, each), MAX_ITERATIONS) for each in fitting))
            )
            self._lengths_known = True

    def _end_start(self) -> None:
        self._results.append(tuple(racer.score for racer in self._racers))
        if self._keep is not None:
            for racer in self._racers:
                status = Status.FAILED if racer.diverged else Status.DONE
                saved = racer.saved()
                self._keep(landed(saved, self._data, racer.token, status, racer.diverged))
        for racer in self._racers:
            racer.training.trainer.release()

    def _publish(self) -> None:
        part = self._part()
        self._shown = RaceShown(
            token=self.token,
            plan=self._plan,
            status=self._status,
            racers=tuple(racer.shown() for racer in self._racers),
            start=self._start,
            results=tuple(self._results),
            part=part,
            seconds_left=self._seconds * (1 - part) / part if part > 0 else None,
            message=self._message,
        )
        self._published = time.monotonic()

    def _part(self) -> float:
        """The part of all computing that is done, by the seconds that a racer's iteration takes."""
        ended, now = len(self._results), 0.0
        if ended == self._start:  # the racers are on the way
            whole = sum(r.seconds / max(r.iteration, 1) * r.iterations for r in self._racers)
            now = sum(r.seconds for r in self._racers) / whole if whole else 0.0
        return min(1.0, (ended + now) / self._plan.starts)


def _pace(took: list[float]) -> float:
    """The seconds of a usual step: the mean without the slowest fifth, in which most of what other
    work on this computer takes is. One such pause can be longer than all steps of a short run.

    >>> _pace([0.5, 0.25, 0.25, 80.0, 0.5])
    0.375
    """
    return fmean(sorted(took)[: max(1, len(took) * 4 // 5)])
