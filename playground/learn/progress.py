"""How far a learner is in a lesson: immutable, and stored as JSON."""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

import numpy as np

from playground.config import ConfigError, RunConfig
from playground.inspect.kept import kept
from playground.learn.from_outside import DAMAGED
from playground.learn.lesson import Lesson, Prediction
from playground.learn.quantities import measured
from playground.measure import measure_of
from playground.settings import SETTINGS
from playground.snapshot import Snapshot, Status

MAX_CURVE = 60  # points of a curve that are kept
Change = Callable[["Progress"], "Progress"]


class Stage(StrEnum):
    """Where in a lesson a learner is; in this order."""

    PREDICT = "Predict"
    RUN = "Run"
    COMPARE = "Compare"
    CHANGE = "Change"
    DONE = "Done"


STAGES = tuple(Stage)


@dataclass(frozen=True)
class Result:
    """What one run gave.

    numbers   the measured quantities, by name
    settings  all that differ from the data set's default, as in an address
    curve     pairs of iteration and score on validation examples, as the chart of a run shows it
    """

    numbers: Mapping[str, float]
    settings: Mapping[str, str]
    curve: tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class Progress:
    """A learner's progress. Nothing is lost by going back: only an uncommitted prediction changes.

    results  of the trials so far, each None until its run has ended
    reached  the run that met the goal
    ended    the token of a run that had ended when the prediction was committed: it answers nothing
    draft    a prediction that was entered and not committed to
    run_all  whether the trials that are left follow each other by themselves
    """

    stage: Stage = Stage.PREDICT
    prediction: Prediction | None = None
    results: tuple[Result | None, ...] = ()
    reached: Result | None = None
    ended: str = ""
    draft: Prediction | None = None
    run_all: bool = False

    @property
    def complete(self) -> bool:
        """Whether every trial has a result."""
        return bool(self.results) and None not in self.results

    @property
    def numbers(self) -> list[Mapping[str, float]]:
        """What was measured in each trial, if all have ended."""
        return [each.numbers for each in self.results if each is not None]

    def to_json(self) -> str:
        return json.dumps(asdict(self), allow_nan=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str, lesson: Lesson) -> "Progress":
        """The progress in a text; what does not fit the lesson (any more) is left out."""
        try:
            return cls._read(json.loads(text), lesson)
        except DAMAGED:
            return cls()

    @classmethod
    def _read(cls, said: dict[str, Any], lesson: Lesson) -> "Progress":
        results = tuple(None if each is None else read_result(each) for each in said["results"])
        names = {quantity.name for quantity in lesson.measures}
        if len(results) != len(lesson.trials) or any(
            each is not None and each.numbers.keys() != names for each in results
        ):
            results = ()
        reached = None if said["reached"] is None else read_result(said["reached"])
        wanted = {each.quantity.name for each in lesson.goal.conditions}
        if reached is not None and not wanted <= reached.numbers.keys():
            reached = None
        progress = cls(
            Stage(said["stage"]),
            _prediction(said["prediction"], lesson),
            results,
            reached,
            str(said["ended"]),
            _prediction(said.get("draft"), lesson),
            said.get("run_all") is True,
        )
        if progress.stage is Stage.COMPARE and not progress.complete:
            progress = replace(progress, stage=Stage.RUN)
        return progress


def _prediction(said: Any, lesson: Lesson) -> Prediction | None:
    """The prediction, if it is one that the lesson's question takes."""
    prediction = tuple(float(value) for value in said) if isinstance(said, list) else said
    return prediction if said is not None and lesson.question.takes(prediction) else None


def read_result(said: dict[str, Any]) -> Result:
    """Raises an error of DAMAGED for what is no result."""
    numbers = {str(name): float(value) for name, value in said["numbers"].items()}
    settings = {str(name): str(value) for name, value in said["settings"].items()}
    curve = tuple((int(at), float(value)) for at, value in said["curve"])
    finite = (*numbers.values(), *(value for _, value in curve))
    if not all(map(math.isfinite, finite)):
        raise ValueError("not finite")
    try:
        RunConfig.from_text(settings)
    except ConfigError as error:
        raise ValueError(str(error)) from error
    return Result(numbers, settings, curve)


def result_of(shown: Snapshot, numbers: Mapping[str, float]) -> Result:
    """The result of a run that has ended. A number that is not finite, as of a run that diverged,
    counts as 0: no lesson asks for one.
    """
    curves = shown.curves
    at = np.linspace(0, len(curves.iteration) - 1, min(MAX_CURVE, len(curves.iteration)))
    unit = measure_of(shown.config).unit
    curve = tuple(
        (int(curves.iteration[i]), round(unit * float(curves.validation_accuracy[i]), 3))
        for i in at.round().astype(int)
        if math.isfinite(curves.validation_accuracy[i])
    )
    finite = {name: value if math.isfinite(value) else 0.0 for name, value in numbers.items()}
    return Result(finite, shown.config.to_text(), curve)


def notice(lesson: Lesson, progress: Progress, shown: Snapshot) -> Progress:
    """The progress after what this snapshot shows: a trial that has ended, or the goal reached. The
    learner is never forced: whatever else they do changes nothing.
    """
    if shown.token == progress.ended and not shown.over:  # it was reset, and begins anew
        progress = replace(progress, ended="")
    if shown.busy or not shown.iteration:
        return progress
    if progress.stage is Stage.RUN and shown.over and not why_no_trial(lesson, progress, shown):
        n = lesson.trial_of(shown.config)
        assert n is not None
        results = list(progress.results or (None,) * len(lesson.trials))
        if results[n] is None:
            results[n] = result_of(shown, measured(shown, lesson.measures))
            progress = replace(progress, results=tuple(results))
            if progress.complete:
                progress = replace(progress, stage=Stage.COMPARE)
    if progress.stage is Stage.CHANGE and progress.reached is None:
        numbers = standing(lesson, shown)
        if numbers is not None and meets(lesson, numbers):
            progress = replace(progress, reached=result_of(shown, numbers), stage=Stage.DONE)
    return progress


def why_no_trial(lesson: Lesson, progress: Progress, shown: Snapshot) -> str:
    """Why this run answers no question of the lesson, however it goes on, as the end of a sentence;
    "" if it does.
    """
    if foreign := _not_own_training(shown):
        return foreign
    if lesson.trial_of(shown.config) is None:
        return f"its settings are not the lesson's: {_differences(lesson, shown.config)}"
    if shown.curves.events:
        return f"it was changed on its way: {shown.curves.events[0].text}"
    if shown.status is Status.STOPPED:
        return "it was stopped before its end"
    if shown.token == progress.ended:
        return "it had ended before you predicted"
    return ""


def why_no_goal(lesson: Lesson, shown: Snapshot) -> str:
    """Why this run cannot reach the lesson's goal, as the end of a sentence; "" if it can."""
    if foreign := _not_own_training(shown):
        return foreign
    goal = lesson.goal
    if changed := goal.changed(shown.config):
        return f"these are to stay as they were: {_labels(changed)}"
    for name in goal.kept:  # changed on its way, and changed back
        for event in shown.curves.events:
            if event.text.startswith(f"{SETTINGS[name].label}: "):
                return f"it was changed on its way: {event.text}"
    return ""


def _not_own_training(shown: Snapshot) -> str:
    """Where the run has not trained all of its network itself: by what; else ""."""
    if shown.fine_tuning is not None:
        return "it began with a trained network"
    if shown.curves.n_by_hand:
        return "a weight or bias was set by hand"
    return ""


def _differences(lesson: Lesson, config: RunConfig) -> str:
    """The settings by which a run differs from the trial that it is most like."""
    names = [
        [name for name in SETTINGS if getattr(config, name) != getattr(trial.config, name)]
        for trial in lesson.trials
    ]
    return _labels(min(names, key=len))


def _labels(names: Sequence[str]) -> str:
    return ", ".join(SETTINGS[name].label for name in names)


def standing(lesson: Lesson, shown: Snapshot) -> dict[str, float] | None:
    """The quantities of the goal in this run; None if it is not on the goal's terms."""
    if not shown.iteration or why_no_goal(lesson, shown):
        return None
    # A page asks at each draw, and more than once.
    quantities = tuple(each.quantity for each in lesson.goal.conditions)
    key = ("goal", lesson.key, shown.iteration, shown.config)
    return kept(shown.network, key, lambda: measured(shown, quantities))


def meets(lesson: Lesson, numbers: Mapping[str, float]) -> bool:
    """Whether all conditions hold. A goal without any is for a teacher to judge."""
    conditions = lesson.goal.conditions
    return bool(conditions) and all(each.holds(numbers[each.quantity.name]) for each in conditions)


def commit(progress: Progress, prediction: Prediction, ended: str = "") -> Progress:
    """Commit to a prediction. Once a run has answered it, it cannot be changed.

    ended  the token of the run on the page, if it has ended already
    """
    if any(progress.results):
        prediction = progress.prediction if progress.prediction is not None else prediction
        ended = progress.ended
    return replace(progress, prediction=prediction, stage=Stage.RUN, ended=ended, draft=None)


def forward(progress: Progress) -> Progress:
    """The next stage; the comparison is left out while there is nothing to compare."""
    n = STAGES.index(progress.stage) + 1
    if STAGES[n] is Stage.COMPARE and not progress.complete:
        n += 1
    return replace(progress, stage=STAGES[n])


def back(progress: Progress) -> Progress:
    """The stage before."""
    n = max(STAGES.index(progress.stage) - 1, 0)
    if STAGES[n] is Stage.COMPARE and not progress.complete:
        n -= 1
    return replace(progress, stage=STAGES[n])
