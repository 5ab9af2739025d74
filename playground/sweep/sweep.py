"""Sweep: trains the runs of a plan on a cluster, stint by stint, and puts them into the library."""

import logging
import queue
import secrets
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from math import ceil
from threading import Event, RLock, Thread
from typing import Any

from data.dataset import DataError
from netcore.network import step_work
from playground.config import ConfigError
from playground.history import points_of
from playground.landing import landed
from playground.library.library import Library
from playground.sweep import halving
from playground.sweep.clusters import CLUSTERS, GONE, Cluster, Clusters
from playground.sweep.errors import SweepError
from playground.sweep.examples import Examples
from playground.sweep.plan import Plan
from playground.sweep.shared_batches import fitting
from playground.sweep.stint import SECONDS
from playground.sweep.trial import AS_RUN, ShownTrial, Trial, TrialStatus, rungs_of

FETCHING = 5.0  # seconds for which a result may take from its worker
TENDING = 0.2  # seconds between two looks at the workers
PATIENCE = 1.2  # seconds that a cancelled sweep waits for its stints, if the workers are its own
RETRIES = 5  # of a stint that the cluster lost

log = logging.getLogger(__name__)


class SweepStatus(StrEnum):
    """The state of a sweep, as the word that the page shows."""

    STARTING = "starting"
    TRAINING = "training"
    PAUSING = "pausing"
    PAUSED = "paused"
    CANCELLING = "cancelling"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"

    @property
    def busy(self) -> bool:
        """Whether something is being trained, or will be without another click."""
        return self not in ENDED and self is not SweepStatus.PAUSED


ENDED = {SweepStatus.DONE, SweepStatus.CANCELLED, SweepStatus.FAILED}


@dataclass(frozen=True, eq=False)
class ShownSweep:
    """A sweep at one moment.

    count         how many runs it will have
    share         of the work that is done, from 0 to 1
    seconds_left  None while unknown
    landed        whether the sweep is over, and its runs are in the library
    """

    plan: Plan
    tag: str
    status: SweepStatus
    message: str
    count: int
    trials: tuple[ShownTrial, ...]
    seconds: float
    share: float
    seconds_left: float | None
    landed: bool

    @property
    def over(self) -> bool:
        return self.status in ENDED

    @property
    def busy(self) -> bool:
        return self.status.busy


class Sweep:
    """The runs of a plan. Every method may be called from any thread, and returns at once. Resume
    and cancel change the status at once, so that a page knows after the click that more will come.

    A thread decides which run trains next, and is told when a stint has ended; the points of the
    curves come meanwhile. Another thread puts runs that have ended into the library.

    landed   is called with each run that has ended, when it is in the library
    seconds  of a stint
    """

    def __init__(
        self,
        plan: Plan,
        library: Library,
        owner: str,
        *,
        clusters: Clusters = CLUSTERS,
        landed: Callable[[ShownTrial], None] = lambda trial: None,
        seconds: float = SECONDS,
    ) -> None:
        self.plan = plan
        self._stint_seconds = seconds
        self._examples = Examples()
        self.tag = f"sweep {time.strftime('%m-%d %H:%M')}"
        self._search = plan.search()
        self._library, self._owner, self._landed = library, owner, landed
        self._clusters = clusters
        self._topic = f"sweep-{secrets.token_hex(8)}"
        self._lock = RLock()
        self._messages: queue.SimpleQueue[tuple[list[Trial], Any] | None] = queue.SimpleQueue()
        self._trials: list[Trial] = []
        self._coming: Trial | None = None  # the next one
        self._shown: dict[int, tuple[object, ShownTrial]] = {}
        self._status, self._message = SweepStatus.STARTING, ""
        self._groups = 0
        self._asked_all = False
        self._wants_pause = self._wants_cancel = False
        self._ending: set[str] = set()  # names of stints that were told to end
        self._cancelled_at = 0.0
        self._began = time.monotonic()
        self._seconds = 0.0  # of training before the last pause
        self._over = Event()
        self._lander = ThreadPoolExecutor(1, thread_name_prefix="sweep lands")
        self._thread = Thread(target=self._run, name="sweep", daemon=True)

    # Requests of a person

    def start(self) -> None:
        self._thread.start()

    def pause(self) -> None:
        """Start no stint any more; those that train end after their step."""
        self._want(pause=True)

    def resume(self) -> None:
        self._want(pause=False)

    def cancel(self) -> None:
        """End the sweep. Runs that have begun are in the library, where they can continue."""
        with self._lock:
            if not self._wants_cancel and self._status not in ENDED:
                self._wants_cancel, self._cancelled_at = True, time.monotonic()
                self._set_status(SweepStatus.CANCELLING)
        self._messages.put(None)

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until the sweep is over and its runs are in the library."""
        return self._over.wait(seconds)

    def _want(self, *, pause: bool) -> None:
        with self._lock:
            self._wants_pause = pause
            if self._status in (SweepStatus.PAUSING, SweepStatus.PAUSED) and not pause:
                self._set_status(SweepStatus.TRAINING)
        self._messages.put(None)

    # For pages

    def shown(self) -> ShownSweep:
        with self._lock:
            share = self._share()
            seconds = self._elapsed()
            left = seconds * (1 - share) / share if share > 0.02 and self._status.busy else None
            return ShownSweep(
                self.plan,
                self.tag,
                self._status,
                self._message,
                self._search.count,
                tuple(map(self._show, self._trials)),
                seconds,
                share,
                left,
                self._over.is_set(),
            )

    def _show(self, trial: Trial) -> ShownTrial:
        """What is shown of a run is made anew only if it has changed."""
        key = (len(trial.points), trial.status, trial.iteration, trial.run_id)
        known = self._shown.get(trial.number)
        if known is None or known[0] != key:
            known = self._shown[trial.number] = key, trial.shown()
        return known[1]

    def _elapsed(self) -> float:
        return self._seconds + (time.monotonic() - self._began if self._status.busy else 0.0)

    def _share(self) -> float:
        done = whole = 0.0
        for trial in self._trials:
            work = step_work(trial.config.layers, 1) * trial.iterations
            reached = trial.points[-1][0] if trial.points else 0
            part = max(trial.iteration, reached) / trial.iterations
            done += work * part
            whole += work * (part if trial.over else 1.0)
        if not whole:
            return 1.0 if self._status in ENDED else 0.0
        if not self._asked_all:
            whole *= self._search.count / len(self._trials)
        return min(done / whole, 1.0)

    # The thread

    def _run(self) -> None:
        lent = False
        try:
            cluster = self._clusters.lend(self.plan.workers)
            lent = True
            self._train(cluster)
        except (SweepError, ConfigError, DataError) as error:
            self._end(SweepStatus.FAILED, str(error))
        except Exception as error:  # any error must reach the page as a sentence
            if lent and cluster.is_gone:
                self._end(SweepStatus.FAILED, GONE)
            else:
                log.exception("a sweep failed")
                self._end(SweepStatus.FAILED, f"The sweep stopped: {str(error) or type(error)}.")
        finally:
            if lent:
                self._clusters.give_back()
            self._cancel_unfinished()
            self._lander.shutdown(wait=True)
            self._over.set()

    def _train(self, cluster: Cluster) -> None:
        workers = self.plan.workers or max(1, cluster.n_workers)
        client = cluster.client
        client.subscribe_topic(self._topic, self._take_points)
        try:
            while True:
                with self._lock:
                    self._advance()
                    stints = {each.future.key for each in self._trials if each.future is not None}
                    if self._is_over(len(stints), cluster):
                        break
                if self._wants_pause or self._wants_cancel:
                    self._end_stints(stints, client)
                else:
                    for together in self._next(workers - len(stints), workers):
                        if not self._submit(together, client):
                            cluster.tend()
                            break
                self._wait(cluster)
        finally:
            client.unsubscribe_topic(self._topic)
            for trial in self._trials:
                if trial.future is not None:
                    trial.future.cancel()
        self._end(SweepStatus.CANCELLED if self._wants_cancel else SweepStatus.DONE, "")

    def _is_over(self, stints: int, cluster: Cluster) -> bool:
        """Whether nothing is left to do. Also sets the status meanwhile."""
        if self._wants_cancel:
            if stints and time.monotonic() - self._cancelled_at > PATIENCE:
                cluster.abandon()  # a step of theirs takes long
                return True
            return not stints
        if self._wants_pause:
            self._set_status(SweepStatus.PAUSING if stints else SweepStatus.PAUSED)
        elif self._trials:
            self._set_status(SweepStatus.TRAINING)
        return self._asked_all and all(trial.over for trial in self._trials)

    def _wait(self, cluster: Cluster) -> None:
        """Wait for the end of a stint or for a click, and look at the workers now and then."""
        try:
            message = self._messages.get(timeout=TENDING)
        except queue.Empty:
            cluster.tend()
            with self._lock:
                self._message = cluster.trouble
            return
        if message is not None:
            self._take(*message)

    def _advance(self) -> None:
        """Compare the groups whose runs have all reached their rung."""
        for group in {trial.group for trial in self._trials if not trial.over}:
            members = [trial for trial in self._trials if trial.group == group and not trial.over]
            compared = [trial for trial in members if trial.status is TrialStatus.COMPARED]
            if len(compared) < len(members) or not self._is_complete(group):
                continue
            best = halving.survivors({each.number: (each.score, each.cost) for each in compared})
            for trial in compared:
                if trial.number in best:
                    trial.go_on()
                else:
                    trial.stop(len(best))
                    self._over_now(trial)

    def _is_complete(self, group: int) -> bool:
        return group < self._groups or self._asked_all

    def _next(self, n: int, workers: int) -> list[list[Trial]]:
        """The runs of the next n stints: earlier ones first, then new ones. Runs that take the same
        minibatches train together, as long as each worker has some.
        """
        found: list[list[Trial]] = []
        while len(found) < n:
            taken = [trial for together in found for trial in together]
            ready = [trial for trial in self._trials if trial.ready and trial not in taken]
            most = ceil((self._search.count - sum(each.over for each in self._trials)) / workers)
            if not ready:
                if self._asked_all:
                    break
                ready = self._ask(most)
            same = [trial for trial in ready if trial.trains_with(ready[0])][:most]
            if same:
                found.append(same[: fitting([trial.config for trial in same])])
        return found

    def _ask(self, most: int) -> list[Trial]:
        """Ask for new runs: for a group of runs that are compared, or for as many as train
        together. Their data may have to be read, and pages do not wait for that: only this thread
        adds runs.
        """
        new: list[Trial] = []
        if self.plan.halving:
            size = halving.GROUP if self._search.learns else self._search.count
        else:  # a search that learns proposes each run when it begins
            size = 1 if self._search.learns else most
        while len(new) < size and (trial := self._coming or self._new(len(new))) is not None:
            self._coming = trial
            if not self.plan.halving and new and not trial.trains_with(new[0]):
                break
            self._coming = None
            new.append(trial)
        with self._lock:
            self._trials += new
            self._groups += 1
            self._asked_all = len(self._trials) >= self._search.count
        return [trial for trial in new if trial.ready]

    def _new(self, others: int) -> Trial | None:
        """The next run that the search proposes, beside so many others; None after the last."""
        if (values := self._search.ask()) is None:
            return None
        return self._trial(len(self._trials) + others + 1, dict(values))

    def _trial(self, number: int, values: dict[str, str]) -> Trial:
        try:
            config = self.plan.config(values, self._examples)
        except (ConfigError, DataError) as error:
            trial = Trial(number, values, self.plan.space.base, 1, self._groups)
            trial.status, trial.message = TrialStatus.FAILED, str(error)
            self._search.tell(number - 1, None, stopped=False)
            return trial
        iterations = config.n_iterations(self._examples.of(config).train.m)
        rungs = rungs_of(iterations, halve=self.plan.halving)
        return Trial(number, values, config, iterations, self._groups, rungs)

    def _submit(self, together: list[Trial], client: Any) -> bool:
        """Begin the next stint of these runs. Returns False if there are no workers now."""
        from playground.sweep import shipping
        from playground.sweep.dask_settings import ByValue

        first = together[0]
        examples = self._examples.on_workers(first.config, client)
        if examples is None:
            return False
        name = f"{self._topic}-{first.number}-{first.iteration}-{secrets.token_hex(4)}"
        future = client.submit(
            ByValue(shipping.call),
            "playground.sweep.stint",
            "stint_on_dask",
            name,
            self._topic,
            [(trial.number, trial.settings, trial.content) for trial in together],
            examples,
            first.until,
            self._stint_seconds,
            key=name,
            pure=False,
        )
        with self._lock:
            for trial in together:
                trial.future, trial.status = future, TrialStatus.TRAINING
        future.add_done_callback(lambda done: self._messages.put((together, done)))
        return True

    def _end_stints(self, names: set[str], client: Any) -> None:
        """Tell the workers to end these stints, once. This thread does not wait for them."""
        from playground.sweep import shipping

        new = sorted(names - self._ending)
        self._ending = names

        def tell() -> None:
            with suppress(Exception):  # a worker has ended, and its stint with it
                client.run(shipping.call, "playground.sweep.stint", "end", new, on_error="ignore")

        if new:
            Thread(target=tell, name="ends stints of a sweep", daemon=True).start()

    def _take_points(self, event: Any) -> None:
        """Points of curves, from a worker; called in Dask's thread."""
        _, points = event
        with self._lock:
            for number, point in points:
                trial = self._trials[number - 1]
                if not trial.over:
                    trial.add(tuple(point))

    def _take(self, together: list[Trial], future: Any) -> None:
        """The end of a stint."""
        together = [trial for trial in together if trial.future is future]
        results, error = None, None
        if future.status == "finished":
            with suppress(Exception):  # its worker has ended meanwhile
                results = future.result(timeout=FETCHING)
        elif future.status == "error":
            error = future.exception()
        with self._lock:
            for i, trial in enumerate(together):
                trial.future = None
                if results is not None:
                    trial.take(results[i])
                elif error is not None and len(together) > 1:
                    trial.alone = True  # the others do not end with it
                elif error is not None:
                    trial.fail(_reason(error))
                else:  # lost with its worker
                    trial.lost += 1
                    if trial.lost > RETRIES:
                        trial.fail(f"The cluster lost this run {trial.lost} times.")
                if trial.over:
                    self._over_now(trial)

    def _over_now(self, trial: Trial) -> None:
        """A run has ended: the search is told, and the library keeps it."""
        failed = trial.status is TrialStatus.FAILED
        stopped = trial.status is TrialStatus.STOPPED
        self._search.tell(trial.number - 1, None if failed else trial.score, stopped=stopped)
        self._land(trial)

    def _land(self, trial: Trial) -> None:
        """Keep a run that has begun in the library."""
        if trial.content is None and trial.status is not TrialStatus.FAILED:
            return
        self._lander.submit(self._keep, trial)

    def _keep(self, trial: Trial) -> None:
        try:
            data = self._examples.of(trial.config)
            saved, status = trial.saved(data), AS_RUN[trial.status]
            with self._lock:  # events may come later than the result of their stint
                trial.points = points_of(saved.curves)
            checkpoint = landed(saved, data, trial.token, status, trial.message)
            self._library.keep(checkpoint, self._owner, tags=[self.tag])
            self._library.flush()
            entry = self._library.entry(trial.token)
        except Exception:  # a bug; the others must still be kept
            log.exception("a run of a sweep could not be kept")
            entry = None
        with self._lock:
            trial.run_id = entry.id if entry is not None else ""
            trial.content = None  # the library has it now
            shown = self._show(trial)
        self._landed(shown)

    def _cancel_unfinished(self) -> None:
        """Runs that have begun are kept as they are after their last stint."""
        with self._lock:
            for trial in [trial for trial in self._trials if not trial.over]:
                trial.future, trial.status = None, TrialStatus.CANCELLED
                self._land(trial)

    def _set_status(self, status: SweepStatus) -> None:
        if status is self._status:
            return
        was_busy, elapsed = self._status.busy, self._elapsed()
        self._status = status
        if was_busy and not status.busy:
            self._seconds = elapsed
        elif not was_busy and status.busy:
            self._began = time.monotonic()

    def _end(self, status: SweepStatus, message: str) -> None:
        with self._lock:
            self._set_status(status)
            self._message = message


def _reason(error: BaseException) -> str:
    """Why a run cannot be trained, as a sentence."""
    if type(error).__name__ == "KilledWorker":
        return (
            "The worker processes that trained it ended again and again; perhaps it needs more "
            "memory than there is."
        )
    return str(error).rstrip(".")[:300] or type(error).__name__
