"""Fine-tuning on the page Draw: labeling drawings, fine-tuning, its effects, and undoing it."""

from streamlit.testing.v1 import AppTest

from data.labeled_drawings import Drawings
from tests.pages.conftest import Open, at_rest, query_of, run_of
from tests.pages.test_draw import TINY, draw_page, put_example, words


def trained(open_app: Open) -> AppTest:
    at = open_app(**TINY)
    at_rest(at.button(key="play").click().run())
    return draw_page(at)


def name_it(at: AppTest, example: str, name: str | None) -> AppTest:
    """Put an example on the canvas and say what it is."""
    put_example(at, example)
    (pills,) = at.button_group
    pills.set_value(name).run()
    assert not at.exception
    return at


def mine(at: AppTest) -> list[str]:
    drawings = at.session_state["my drawings"]
    assert isinstance(drawings, Drawings)
    return [each.name for each in drawings]


def test_a_drawing_is_labeled_relabeled_and_removed(open_app: Open) -> None:
    at = trained(open_app)
    assert "Teach" not in str([each.label for each in at.button])
    name_it(at, "4", "9")
    name_it(at, "7", "7")
    assert mine(at) == ["9", "7"]
    assert at.button(key="fine_tune").label == "Fine-tune on my drawings (2)"
    put_example(at, "4")
    assert at.button_group[0].value == "9"  # it is remembered
    at.button_group[0].set_value("4").run()
    assert mine(at) == ["4", "7"]
    at.button_group[0].set_value(None).run()
    assert mine(at) == ["7"]


def test_fine_tuning_changes_the_prediction_and_shows_its_effects(open_app: Open) -> None:
    at = trained(open_app)
    before = run_of(at)
    name_it(at, "4", "9")
    name_it(at, "1", "1")
    put_example(at, "4")
    at.button(key="fine_tune").click().run()
    at_rest(at)
    assert not at.exception
    fine_tuned = run_of(at)
    assert fine_tuned.fine_tuning is not None
    assert fine_tuned.fine_tuning.drawings.m == 2
    drawn = fine_tuned.fine_tuning.drawings.X[:, :1]
    before_it, after_it = (
        network.predict(drawn)[9, 0]
        for network in (fine_tuned.fine_tuning.network, fine_tuned.snapshot.network)
    )
    assert after_it > 3 * before_it
    for row in ("This drawing", "Your other drawings", "Validation digits"):
        assert f"{row}: " in words(at)
    assert "of 1" in words(at)
    assert any("No address contains" in each.value.replace("\n", " ") for each in at.caption)
    assert query_of(at, "layers") == ["784,8,10"]
    assert query_of(at, "iterations") == []  # the address has the settings from before
    at.button(key="unteach").click().run()
    assert run_of(at) is before
    assert "| before |" not in words(at)


def test_a_setting_changed_after_fine_tuning_starts_without_it(open_app: Open) -> None:
    at = name_it(trained(open_app), "4", "9")
    at_rest(at.button(key="fine_tune").click().run())
    at.switch_page("pages/train.py").run()
    at.number_input(key="set seed").set_value(5).run()
    assert not at.exception
    run = run_of(at)
    assert run.fine_tuning is None
    assert (run.config.seed, run.config.epochs, run.config.learning_rate) == (5, 2, 0.01)


def test_reset_is_the_network_before_fine_tuning(open_app: Open) -> None:
    at = name_it(trained(open_app), "4", "9")
    at_rest(at.button(key="fine_tune").click().run())
    at.button(key="reset").click().run()
    assert not at.exception
    assert "has not learned anything" not in words(at)
    run = run_of(at)
    assert run.fine_tuning is not None
    assert (run.snapshot.network.theta == run.fine_tuning.network.theta).all()


def test_drawings_are_listed_deleted_and_kept(open_app: Open) -> None:
    at = name_it(name_it(trained(open_app), "4", "9"), "7", "7")
    assert any("Your drawings (2)" in each.label for each in at.expander)
    assert at.button(key="delete drawing").disabled
    at.switch_page("pages/train.py").run()
    draw_page(at)
    assert mine(at) == ["9", "7"]
    at.button(key="delete drawings").click().run()
    assert mine(at) == []
    assert not at.exception


def test_two_classes_with_one_unit_can_be_fine_tuned(open_app: Open) -> None:
    at = open_app(**TINY | {"task": "3-8", "layers": "784,8,1"})
    at_rest(at.button(key="play").click().run())
    draw_page(at)
    put_example(at, "3")
    at.button_group[0].set_value(at.button_group[0].options[0]).run()
    at_rest(at.button(key="fine_tune").click().run())
    assert not at.exception
    assert "This drawing: " in words(at)


def test_what_a_fine_tuned_run_is_stands_on_every_page_with_the_same_counts(
    open_app: Open,
) -> None:
    at = trained(open_app)
    mine = run_of(at).config
    name_it(at, "4", "9")
    at.button(key="fine_tune").click().run()
    at_rest(at)
    fine_tuned = run_of(at)
    drawn = fine_tuned.data.train.m - fine_tuned.learned_from.train.m
    counts = f"1 of your drawings, {drawn} times each, among {fine_tuned.learned_from.train.m:,}"
    at.switch_page("pages/train.py").run()
    said = [each.value for each in at.caption]
    assert sum(counts in each for each in said) == 2  # by its settings, and by the samples
    (settings,) = (each for each in said if each.startswith("**Fine-tuned:**"))
    assert "Iterations 400, not 2 epochs" in settings
    assert "Schedule of α cosine, not " in settings
    assert "Your settings are kept" in settings
    at.button(key="reset").click().run()
    assert any("before fine-tuning: " in each.value for each in at.markdown)
    at.switch_page("pages/data.py").run()
    assert counts in "\n".join(each.value for each in at.markdown)
    at.switch_page("pages/train.py").run()
    at.number_input(key="set seed").set_value(7).run()
    assert run_of(at).config == mine.with_values(seed=7)
