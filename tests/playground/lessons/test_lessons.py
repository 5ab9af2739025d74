"""Trains each lesson over five seeds: no lesson says what its runs do not show.

PLAYGROUND_THOROUGH=1 takes fifteen seeds, also for the goals, which normally have that of the app.
"""

import os
from dataclasses import replace
from functools import cache

import pytest

from playground.config import RunConfig
from playground.history import History
from playground.learn.lesson import Lesson, Numbers
from playground.learn.progress import meets, standing, why_no_goal
from playground.learn.quantities import measured
from playground.lessons import LESSONS
from playground.run import Run
from playground.run_data import load_data
from playground.saved import SavedRun
from playground.snapshot import Snapshot
from playground.trainer import Trainer

THOROUGH = os.environ.get("PLAYGROUND_THOROUGH") == "1"
TIMES = range(15 if THOROUGH else 5)
TIMES_OF_GOALS = TIMES if THOROUGH else range(1)


@cache  # lessons share runs
def trained(config: RunConfig) -> Snapshot:
    """The end of a run with these settings, measured there alone: that saves half of the time."""
    trainer = Trainer(config, load_data(config))
    while not trainer.done:
        trainer.step()
    saved = SavedRun.of(trainer, History().curves(), seconds=0.0)
    return Run(config, trainer.data, saved=saved).snapshot


def results_of(lesson: Lesson, time: int) -> list[Numbers]:
    """What the lesson's runs give with other seeds each time; trials that differ in their seeds
    still do.
    """
    configs = [replace(trial.config, seed=trial.config.seed + time) for trial in lesson.trials]
    return [measured(trained(config), lesson.measures) for config in configs]


@pytest.mark.timeout(240)  # up to 25 runs
@pytest.mark.parametrize("lesson", LESSONS.values(), ids=LESSONS)
def test_its_sentence_is_true_over_five_seeds(lesson: Lesson) -> None:
    assert lesson.claims
    for time in TIMES:
        results = results_of(lesson, time)
        sentence = lesson.because(results)
        assert lesson.untrue(results) == [], f"seeds of time {time}: {sentence}"
        assert all(claim in sentence for claim in lesson.claims), sentence


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=LESSONS)
def test_its_goal_is_reached_by_its_solution_and_not_at_the_start(lesson: Lesson) -> None:
    goal = lesson.goal
    assert goal.solution is not None
    solution = goal.solution()
    for time in TIMES_OF_GOALS if "seed" not in goal.keeps else range(1):
        shown = trained(replace(solution, seed=solution.seed + time))
        assert why_no_goal(lesson, shown) == ""
        numbers = standing(lesson, shown)
        assert numbers is not None
        assert meets(lesson, numbers), f"seed {shown.config.seed}: {numbers}"
    numbers = standing(lesson, trained(goal.start))
    assert numbers is not None
    assert not meets(lesson, numbers), f"reached without a change: {numbers}"
