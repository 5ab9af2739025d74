"""What a lesson notices, and how progress is kept."""

from dataclasses import replace

import pytest

from playground.config import RunConfig
from playground.learn import progress as steps
from playground.learn.lesson import Choices, Goal, Lesson, Number, Sketch, Trial
from playground.learn.progress import Progress, Stage, notice, why_no_goal, why_no_trial
from playground.learn.quantities import ACCURACY, PARAMETERS, Condition
from playground.run import Run
from tests.playground.examples import DATA, small, wait_until

ONE, TWO = small(epochs=1), small(epochs=2)
LESSON = Lesson(
    key="test",
    order=0,
    title="Longer",
    about="Two runs.",
    trials=(Trial("one", ONE), Trial("two", TWO)),
    question=Choices("Which?", ("one", "two"), lambda results: 1),
    because=lambda results: f"{results[0]['validation_accuracy']:.0f} less",
    claims={"less": lambda results: True},
    goal=Goal("Smaller.", ONE, (Condition(PARAMETERS, 400, at_least=False),), keeps=("epochs",)),
)
NARROW = ONE.with_values(layers=(ONE.layers[0], 2, ONE.layers[-1]))
AT_RUN = steps.commit(Progress(), 1)


def ended(config: RunConfig) -> Run:
    run = Run(config, DATA)
    run.play()
    wait_until(lambda: not run.busy)
    return run


def test_trials_are_noticed_in_any_order_and_lead_to_the_comparison() -> None:
    progress = notice(LESSON, AT_RUN, ended(TWO).snapshot)
    assert progress.stage is Stage.RUN
    assert not progress.complete
    progress = notice(LESSON, progress, ended(replace(ONE, seed=7)).snapshot)
    assert progress.stage is Stage.COMPARE
    assert [each and each.settings.get("seed") for each in progress.results] == ["7", None]
    assert progress.results[0] is not None
    assert progress.results[0].curve[-1][0] == ended(ONE).snapshot.iteration


def test_other_runs_change_nothing() -> None:
    ready = Run(ONE, DATA)
    paused = Run(ONE, DATA)
    paused.step(2)
    wait_until(lambda: not paused.busy)
    by_hand = Run(ONE, DATA)
    by_hand.set_parameter(1, 0, 0, 0.5)
    by_hand.play()
    wait_until(lambda: not by_hand.busy)
    changed = Run(TWO, DATA)
    changed.step(2)
    wait_until(lambda: not changed.busy)
    changed.adjust(ONE)
    changed.play()
    wait_until(lambda: not changed.busy)
    assert changed.snapshot.over
    for run in (ready, paused, by_hand, changed, ended(small(epochs=3))):
        assert notice(LESSON, AT_RUN, run.snapshot) == AT_RUN


def why(run: Run) -> str:
    return why_no_trial(LESSON, AT_RUN, run.snapshot)


def test_why_a_run_does_not_count_is_said() -> None:
    assert why(ended(ONE)) == why(ended(replace(TWO, seed=5))) == ""
    other = small(epochs=1, learning_rate=0.5)
    assert why(ended(other)) == "its settings are not the lesson's: Learning rate α"
    by_hand = Run(ONE, DATA)
    by_hand.set_parameter(1, 0, 0, 0.5)
    assert why(by_hand) == "a weight or bias was set by hand"
    changed = Run(small(epochs=1, learning_rate=0.5), DATA)
    changed.step(2)
    wait_until(lambda: not changed.busy)
    changed.adjust(ONE)
    assert why(changed).startswith("it was changed on its way: Learning rate α: 0.5 → ")
    run = ended(ONE)
    late = steps.commit(Progress(), 1, run.token)
    assert why_no_trial(LESSON, late, run.snapshot) == "it had ended before you predicted"


def test_a_run_that_was_stopped_early_answers_nothing() -> None:
    """Its numbers are not those of the lesson's run."""
    run = Run(ONE, DATA)
    run.step(2)
    wait_until(lambda: not run.busy)
    run.stop()
    wait_until(lambda: run.snapshot.over)
    assert notice(LESSON, AT_RUN, run.snapshot) == AT_RUN
    assert why(run) == "it was stopped before its end"


def test_what_the_goal_keeps_stays_all_the_way() -> None:
    """A setting that was changed while the run trained, and changed back, was not kept."""
    goal = replace(LESSON.goal, keeps=("learning_rate",))
    lesson, at_goal = replace(LESSON, goal=goal), replace(AT_RUN, stage=Stage.CHANGE)
    assert goal.start.learning_rate == NARROW.learning_rate
    honest = ended(NARROW)
    assert why_no_goal(lesson, honest.snapshot) == ""
    run = Run(NARROW, DATA)
    for rate in (0.5, NARROW.learning_rate):
        run.step(2)
        wait_until(lambda: not run.busy)
        run.adjust(NARROW.with_values(learning_rate=rate))
    assert why_no_goal(lesson, run.snapshot).startswith("it was changed on its way: Learning rate")
    assert notice(lesson, at_goal, run.snapshot) == at_goal
    assert notice(lesson, at_goal, honest.snapshot).stage is Stage.DONE


def test_another_data_set_does_not_reach_a_goal() -> None:
    """Its scores cannot be compared, whatever else the goal keeps."""
    assert "dataset" not in LESSON.goal.keeps
    assert LESSON.goal.changed(ONE.with_values(dataset="fashion-mnist")) == ["dataset"]


def test_the_goal_is_noticed_on_its_terms_alone() -> None:
    at_goal = replace(AT_RUN, stage=Stage.CHANGE)
    assert notice(LESSON, at_goal, ended(ONE).snapshot) == at_goal
    assert notice(LESSON, at_goal, ended(NARROW.with_values(epochs=2)).snapshot) == at_goal
    done = notice(LESSON, at_goal, ended(NARROW).snapshot)
    assert done.stage is Stage.DONE
    assert done.reached is not None
    assert done.reached.numbers["parameters"] <= 400


def test_a_prediction_is_fixed_once_a_run_has_answered() -> None:
    assert steps.commit(AT_RUN, 0).prediction == 0
    answered = notice(LESSON, AT_RUN, ended(ONE).snapshot)
    again = steps.commit(steps.back(answered), 0)
    assert again.prediction == 1
    assert again.results == answered.results


def test_a_run_that_had_ended_before_answers_nothing() -> None:
    run = ended(ONE)
    committed = steps.commit(Progress(), 1, run.token)
    assert notice(LESSON, committed, run.snapshot) == committed
    run.reset()
    begun = notice(LESSON, committed, run.snapshot)
    run.play()
    wait_until(lambda: not run.busy)
    assert notice(LESSON, begun, run.snapshot).results[0] is not None


def test_skipping_leads_through_and_back() -> None:
    progress = Progress()
    stages = [progress.stage]
    for _ in range(3):
        progress = steps.forward(progress)
        stages.append(progress.stage)
    assert stages == [Stage.PREDICT, Stage.RUN, Stage.CHANGE, Stage.DONE]
    for stage in stages[-2::-1]:
        progress = steps.back(progress)
        assert progress.stage is stage
    assert steps.back(progress) == progress


def test_progress_survives_as_json() -> None:
    progress = notice(LESSON, AT_RUN, ended(TWO).snapshot)
    assert Progress.from_json(progress.to_json(), LESSON) == progress
    begun = Progress(draft=1)
    assert Progress.from_json(begun.to_json(), LESSON) == begun


def test_a_draft_is_no_prediction_until_it_is_committed_to() -> None:
    begun = Progress(draft=1)
    assert steps.forward(begun).prediction is None
    committed = steps.commit(begun, 1)
    assert (committed.prediction, committed.draft) == (1, None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{}",
        '{"stage":"Nowhere","prediction":null,"results":[],"reached":null,"ended":""}',
        '{"stage":"Run","prediction":1,"results":[{"numbers":{"a":NaN}}],"reached":null}',
        "[" * 100_000,
    ],
)
def test_what_is_no_progress_begins_anew(text: str) -> None:
    assert Progress.from_json(text, LESSON) == Progress()


def test_what_does_not_fit_the_lesson_any_more_is_left_out() -> None:
    progress = notice(LESSON, AT_RUN, ended(TWO).snapshot)
    other = replace(LESSON, trials=LESSON.trials[:1], question=Choices("?", ("a",), None))
    read = Progress.from_json(progress.to_json(), other)
    assert (read.prediction, read.results) == (None, ())
    assert Progress.from_json(Progress(draft=1).to_json(), other) == Progress()


def test_a_goal_that_asks_for_something_else_now_was_not_reached() -> None:
    done = notice(LESSON, replace(AT_RUN, stage=Stage.CHANGE), ended(NARROW).snapshot)
    assert Progress.from_json(done.to_json(), LESSON).reached == done.reached
    other = replace(LESSON, goal=replace(LESSON.goal, conditions=(Condition(ACCURACY, 5),)))
    assert Progress.from_json(done.to_json(), other).reached is None


def test_a_goal_without_limits_is_never_reached_by_itself() -> None:
    open_goal = replace(LESSON, goal=replace(LESSON.goal, conditions=()))
    at_goal = replace(AT_RUN, stage=Stage.CHANGE)
    assert notice(open_goal, at_goal, ended(NARROW).snapshot) == at_goal


def test_a_question_takes_what_it_asks_for() -> None:
    choices = Choices("?", ("a", "b"), None)
    number = Number("?", "%", 0, 100, lambda results: 50.0, close=5)
    sketch = Sketch("?", "%", ("a", "b"), "%", 0, 100, lambda results: (10.0, 90.0), close=5)
    assert [choices.takes(n) for n in (0, 1, 2, -1, 0.5)] == [True, True, False, False, False]
    assert [number.takes(x) for x in (0, 100, 101.0, (1.0,))] == [True, True, False, False]
    assert [sketch.takes(x) for x in ((1.0, 2.0), (1.0,), (1.0, 101.0), 1)] == [
        True, False, False, False,
    ]  # fmt: skip
    assert number.agrees(46, [])
    assert not number.agrees(44, [])
    assert sketch.agrees((5.0, 85.0), [])
    assert not sketch.agrees((90.0, 10.0), [])
    assert not choices.agrees(0, [])  # nobody but a teacher knows


def test_limits_hold_on_their_side() -> None:
    at_least = Condition(ACCURACY, 90)
    assert [at_least.holds(value) for value in (89.9, 90.0, float("nan"))] == [False, True, False]
