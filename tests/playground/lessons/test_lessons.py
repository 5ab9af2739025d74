"""Trains each lesson over five seeds: no lesson says what its runs do not show.

PLAYGROUND_THOROUGH=1 takes fifteen seeds, also for the goals, which normally have two.
"""

import os
from dataclasses import replace
from functools import cache

import pytest

from playground.config import RunConfig
from playground.history import History
from playground.learn.lesson import Lesson
from playground.learn.progress import meets, standing
from playground.learn.quantities import measured
from playground.lessons import LESSONS
from playground.run import Run
from playground.run_data import load_data
from playground.saved import SavedRun
from playground.snapshot import Snapshot
from playground.trainer import Trainer

THOROUGH = os.environ.get("PLAYGROUND_THOROUGH") == "1"
SEEDS = range(1, 16 if THOROUGH else 6)
SEEDS_OF_GOALS = SEEDS if THOROUGH else range(1, 3)


@cache  # lessons share runs
def trained(config: RunConfig) -> Snapshot:
    """The end of a run with these settings, measured there alone: that saves half of the time."""
    trainer = Trainer(config, load_data(config))
    while not trainer.done:
        trainer.step()
    saved = SavedRun.of(trainer, History().curves(), seconds=0.0)
    return Run(config, trainer.data, saved=saved).snapshot


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=LESSONS)
def test_its_sentence_is_true_over_five_seeds(lesson: Lesson) -> None:
    for seed in SEEDS:
        results = [
            measured(trained(replace(trial.config, seed=seed)), lesson.measures)
            for trial in lesson.trials
        ]
        sentence = lesson.because(results)
        assert lesson.untrue(results) == [], f"seed {seed}: {sentence}"
        assert all(claim in sentence for claim in lesson.claims)


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=LESSONS)
def test_its_goal_is_reached_by_its_solution_and_not_at_the_start(lesson: Lesson) -> None:
    goal = lesson.goal
    assert goal.solution is not None
    solution = goal.solution()
    for seed in SEEDS_OF_GOALS if "seed" not in goal.keeps else (goal.start.seed,):
        numbers = standing(lesson, trained(replace(solution, seed=seed)))
        assert numbers is not None, f"the solution changes {goal.changed(solution)}"
        assert meets(lesson, numbers), f"seed {seed}: {numbers}"
    numbers = standing(lesson, trained(goal.start))
    assert numbers is not None
    assert not meets(lesson, numbers), f"reached without a change: {numbers}"
