"""Lessons in the app: the offer, the card, what it notices, and what is kept."""

from streamlit.testing.v1 import AppTest

from playground.learn.by_hand import entry
from playground.lessons import LESSONS
from tests.pages.conftest import Open, at_rest, query_of, run_of, said, shown
from tests.pages.test_train import TINY
from tests.playground.examples import wait_until


def keys(at: AppTest) -> set[str]:
    return {str(each.key) for each in at.button}


def words(at: AppTest) -> str:
    """What the page says, without Markdown's escapes."""
    parts = (*at.markdown, *at.caption, *at.success, *at.info)
    return "\n".join(each.value for each in parts).replace("\\", "")


def predicted(at: AppTest, percent: float) -> AppTest:
    at.number_input(key="lesson number zeros").set_value(percent).run()
    return at.button(key="lesson commit").click().run()


def test_a_stranger_is_offered_the_first_lesson_until_it_is_dismissed(open_app: Open) -> None:
    at = open_app(**TINY)
    assert "offer start" in keys(at)
    at.button(key="offer dismiss").click().run()
    assert "offer start" not in keys(at)
    at.switch_page("pages/data.py").run()
    assert "offer start" not in keys(at.switch_page("pages/train.py").run())


def test_nothing_is_offered_where_a_teacher_hides_controls_or_presents(open_app: Open) -> None:
    assert "offer start" not in keys(open_app(**TINY, hide="noise"))
    assert "offer start" not in keys(open_app(**TINY, present="1"))


def test_a_lesson_from_start_to_end(open_app: Open) -> None:
    at = open_app(**TINY)
    at.button(key="offer start").click().run()
    assert query_of(at, "lesson") == ["zeros"]
    at.button(key="lesson commit").click().run()
    assert said(at) == "Enter a number first."
    predicted(at, 80)
    at_rest(at.button(key="lesson run").click().run())
    assert run_of(at).config == LESSONS["zeros"].trials[0].config
    assert "You predicted **80.0 %**. The result: **10.0 %**." in words(at)
    assert "all 64 rows of W1 are still equal" in words(at)
    at.button(key="lesson on").click().run()
    assert "now 10.0 %" in words(at)
    at.selectbox(key="set initializer").select("he").run()
    at_rest(at.button(key="play").click().run())
    assert "Goal reached" in words(at)
    at.button(key="lesson next").click().run()
    assert query_of(at, "lesson") == ["learning_rate"]
    assert not at.exception
    assert said(at) == ""


def test_start_over_and_predict_right(open_app: Open) -> None:
    """The run that is still on the page answers nothing: it had ended before."""
    at = predicted(open_app(**TINY, lesson="zeros"), 80)
    at_rest(at.button(key="lesson run").click().run())
    assert any("You predicted" in each.value for each in at.info)
    for key in ("lesson skip", "lesson skip", "lesson again"):
        at.button(key=key).click().run()
    assert at.number_input(key="lesson number zeros").value is None
    predicted(at, 12)
    assert "The run on this page does not count: it had ended before you predicted." in words(at)
    at_rest(at.button(key="lesson run").click().run())
    assert "You predicted **12.0 %**. The result: **10.0 %**." in words(at)
    assert len(at.success) == 1
    assert len(at.info) == 0


def test_a_run_that_does_not_count_says_why(open_app: Open) -> None:
    at = predicted(open_app(**TINY, lesson="zeros"), 50)
    assert "does not count" not in words(at)
    at_rest(at.button(key="step").click().run())
    assert "does not count: its settings are not the lesson's: " in words(at)
    at.button(key="lesson skip").click().run()
    assert "does not count: these are to stay as they were: " in words(at)
    at.button(key="lesson set up").click().run()
    assert "does not count" not in words(at)


def test_one_press_runs_all_trials_one_after_the_other(open_app: Open) -> None:
    """The learner may pause between, or do something else: then nothing starts by itself."""
    lesson = LESSONS["vanishing_gradients"]
    at = open_app(**TINY, lesson=lesson.key)
    at.radio(key=f"lesson choice {lesson.key}").set_value(2).run()
    at.button(key="lesson commit").click().run()
    assert at.button(key="lesson run all").label == "Run all 2"
    at.button(key="lesson run all").click().run()
    assert run_of(at).config == lesson.trials[0].config
    assert "ReLU: –" in words(at)
    at_rest(at)
    assert run_of(at).config == lesson.trials[1].config
    at_rest(at)
    assert "You predicted **More than 100 times smaller**" in words(at)
    assert not at.exception


def test_a_reload_in_between_does_not_end_running_all(open_app: Open) -> None:
    lesson = LESSONS["vanishing_gradients"]
    at = open_app(**TINY, lesson=lesson.key)
    at.radio(key=f"lesson choice {lesson.key}").set_value(2).run()
    at.button(key="lesson commit").click().run()
    at.button(key="lesson run all").click().run()
    first = run_of(at)
    wait_until(lambda: not first.busy)
    again = open_app(lesson=lesson.key, run=first.token)
    assert run_of(again).config == lesson.trials[1].config
    at_rest(again)
    assert "You predicted **More than 100 times smaller**" in words(again)


def test_a_reload_keeps_what_was_entered_and_not_committed_to(open_app: Open) -> None:
    at = open_app(**TINY, lesson="zeros")
    at.number_input(key="lesson number zeros").set_value(42).run()
    again = open_app(**TINY, lesson="zeros")
    assert again.number_input(key="lesson number zeros").value == 42
    again.button(key="lesson skip").click().run()
    assert "You predicted" not in words(again)
    at = open_app(**TINY, lesson="learning_rate")
    at.radio(key="lesson choice learning_rate").set_value(3).run()
    at = open_app(**TINY, lesson="learning_rate")
    assert at.radio(key="lesson choice learning_rate").value == 3
    at = open_app(**TINY, lesson="shifted")
    assert at.button(key="lesson commit").disabled
    at.slider(key="lesson sketch shifted 2").set_value(70).run()
    at = open_app(**TINY, lesson="shifted")
    assert [each.value for each in at.slider if str(each.key).startswith("lesson")] == [
        50, 50, 70, 50, 50,
    ]  # fmt: skip
    at.button(key="lesson commit").click().run()
    assert "2 px: 70 %" in words(at)


def test_a_run_of_ones_own_ends_running_all(open_app: Open) -> None:
    lesson = LESSONS["vanishing_gradients"]
    at = open_app(**TINY, lesson=lesson.key)
    at.radio(key=f"lesson choice {lesson.key}").set_value(2).run()
    at.button(key="lesson commit").click().run()
    at.button(key="lesson run all").click().run()
    at.selectbox(key="set optimizer").select("adam").run()
    own = run_of(at).config
    at_rest(at.button(key="play").click().run())
    assert run_of(at).config == own
    assert "lesson run all" in keys(at)
    assert not at.exception


def test_the_app_is_never_locked(open_app: Open) -> None:
    """The learner does something else, by the usual controls, and the lesson waits."""
    at = predicted(open_app(**TINY, lesson="zeros"), 50)
    at_rest(at.button(key="step").click().run())
    assert "lesson run" in keys(at)
    at.switch_page("pages/draw.py").run()
    assert not at.exception
    assert "lesson run" not in keys(at)
    at.switch_page("pages/train.py").run()
    assert "lesson run" in keys(at)


def test_leaving_and_coming_back_goes_on_where_one_was(open_app: Open) -> None:
    at = predicted(open_app(**TINY, lesson="zeros"), 50)
    at.button(key="lesson leave").click().run()
    assert query_of(at, "lesson") == []
    assert not {"lesson run", "offer start"} & keys(at)
    at.switch_page("pages/lessons.py").run()
    assert at.button(key="open zeros").label == "Continue"
    assert at.button(key="open learning_rate").label == "Start"
    at.button(key="open zeros").click().run()
    assert "You predicted: **50.0 %**" in words(at)


def test_back_and_skip_lead_through_every_stage(open_app: Open) -> None:
    at = open_app(**TINY, lesson="zeros")
    for key in ("lesson run", "lesson set up", "lesson next"):
        at.button(key="lesson skip").click().run()
        assert key in keys(at)
    assert at.button(key="lesson skip").disabled
    for key in ("lesson set up", "lesson run", "lesson commit"):
        at.button(key="lesson back").click().run()
        assert key in keys(at)
    assert at.button(key="lesson back").disabled
    assert not at.exception


def test_every_lesson_opens(open_app: Open) -> None:
    at = open_app(**TINY)
    for key, lesson in LESSONS.items():
        at.query_params["lesson"] = key
        at.run()
        assert lesson.title in words(at)
        assert lesson.question.ask in words(at) or lesson.page != "train"
        at.button(key="lesson skip").click().run()
        assert ("lesson run" in keys(at)) == (lesson.page == "train")
        assert not at.exception


def test_a_gradient_by_hand_is_checked(open_app: Open) -> None:
    lesson = LESSONS["gradient_by_hand"]
    at = open_app(**TINY, lesson=lesson.key)
    at.query_params.clear()
    at.query_params["dataset"] = "xor"  # as the link says
    at.switch_page("pages/hood.py").run()
    at.button(key="lesson set up").click().run()
    config = lesson.trials[0].config
    assert run_of(at).config == config
    field = at.number_input(key=f"lesson number {lesson.key}")
    field.set_value(2 * entry(config)).run()
    at.button(key="lesson check").click().run()
    assert "The factor 1/m is missing" in words(at)
    at.number_input(key=f"lesson number {lesson.key}").set_value(entry(config)).run()
    at.button(key="lesson check").click().run()
    at_rest(at.button(key="lesson run").click().run())
    assert "they add up to" in words(at)
    at.button(key="lesson on").click().run()
    assert lesson.goal.solution is not None
    # Under the hood has no settings: the card leads to the page that has them.
    assert "lesson set up" not in keys(at)
    assert any("Go to The plane" in each.proto.label for each in at.get("page_link"))
    at.query_params.clear()
    at.switch_page("pages/plane.py").run()
    assert "lesson set up" in keys(at)
    at.number_input(key="set learning_rate").set_value(lesson.goal.solution().learning_rate).run()
    at.button(key="reset").click().run()
    at_rest(at.button(key="play").click().run())
    assert "Goal reached" in words(at)
    assert not at.exception


def test_the_overview_leads_to_the_right_kind_of_run(open_app: Open) -> None:
    at = open_app(**TINY).switch_page("pages/lessons.py").run()
    at.button(key="open gradient_by_hand").click().run()
    assert run_of(at).config.dataset == "xor"
    assert "lesson set up" in keys(at)


def test_an_address_with_an_unknown_lesson_says_which_there_are(open_app: Open) -> None:
    at = open_app(**TINY, lesson="nonsense")
    assert "'nonsense', and there are: zeros" in said(at)
    assert query_of(at, "lesson") == []


def test_the_prediction_is_a_line_in_the_chart(open_app: Open) -> None:
    at = predicted(open_app(**TINY, lesson="zeros"), 80)
    (chart,) = (each for each in at.get("bidi_component") if each.key == "accuracy")
    assert b"your prediction 80.0 %" in chart.proto.bytes
    assert "accuracy" in shown(at)


def test_progress_of_another_browser_is_not_seen(open_app: Open) -> None:
    predicted(open_app(**TINY, lesson="zeros"), 50)
    another = open_app(browser="key-of-another-browser", **TINY, lesson="zeros")
    assert "lesson commit" in keys(another)
