"""The page Draw: predictions, and sentences if there can be none."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import MenuButton

from netcore.network import Network
from playground.config import RunConfig
from playground.ood_detector import _detectors
from tests.pages.conftest import Open, at_rest, run_of, said, shown, status_line
from tests.playground.examples import wait_until

TINY = {"layers": "784,8,10", "augmentation": "0", "epochs": "2", "learning_rate": "0.01"}


def draw_page(at: AppTest) -> AppTest:
    at.switch_page("pages/draw.py").run()
    assert not at.exception
    return at


def answer(at: AppTest) -> str:
    (body,) = (e.proto.body for e in at.get("html") if 'class="answer"' in e.proto.body)
    return str(body).split('data-answer="')[1][0]


def put_example(at: AppTest, name: str) -> AppTest:
    """Let the page draw one; the whole of it, as a browser shows it, is drawn again."""
    menu = next(each for each in at.get("menu_button") if each.key == "example")
    assert isinstance(menu, MenuButton)
    menu.click(name).run()
    assert not at.exception
    return at.run()


def draw(at: AppTest, *strokes: list[int]) -> AppTest:
    """What the browser sends, the strokes that are on the canvas now."""
    known = at.session_state["drawing"]
    at.session_state["canvas"] = {
        "drawing": {
            "n": known.heard + 1,
            "revision": known.revision,
            "moving": False,
            "strokes": list(strokes),
        }
    }
    return at.run()


def words(at: AppTest) -> str:
    return "\n".join(each.value for each in at.markdown)


def test_the_first_drawing_need_not_wait_for_the_detector(open_app: Open) -> None:
    at = open_app(**TINY, subset="700")
    data = run_of(at).snapshot.learned_from
    assert data not in _detectors._made
    draw_page(at)
    wait_until(lambda: data in _detectors._made)


def test_untrained_it_says_so_and_trains_in_one_click(open_app: Open) -> None:
    at = draw_page(open_app(**TINY))
    assert "[784, 8, 10], is untrained: it only guesses." in words(at)
    assert answer(at) == "?"
    at_rest(at.button(key="train now").click().run())
    assert not at.exception
    assert 'data-status="done"' in status_line(at)
    assert "has not learned anything" not in words(at)


def test_the_default_is_offered_where_another_network_is_shown(open_app: Open) -> None:
    at = draw_page(open_app(**TINY))
    at.button(key="train default").click().run()
    run = run_of(at)
    assert run.config == RunConfig()
    assert run.busy
    assert not at.exception
    run.pause()


def test_the_default_itself_is_offered_once(open_app: Open) -> None:
    at = draw_page(open_app())
    assert [each.key for each in at.button if "train" in str(each.key)] == ["train now"]


def test_a_digit_is_read_with_every_stage_and_cleared_again(open_app: Open) -> None:
    at = open_app(**TINY)
    at_rest(at.button(key="play").click().run())
    draw_page(at)
    put_example(at, "1")
    assert answer(at) in "0123456789"
    assert {"stage As drawn", "stage Centered"} <= shown(at)
    assert "Preprocessing" in words(at)
    draw(at)  # Undo
    assert answer(at) == "?"
    assert "Preprocessing" not in words(at)
    draw(at, [70, 500, 200, 500, 800])
    assert answer(at) in "0123456789"
    assert not at.exception


def test_the_network_predicts_once_for_one_drawing(
    open_app: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer, the detector and the comparison with an earlier network share the outcome."""
    at = open_app(**TINY)
    at_rest(at.button(key="play").click().run())
    draw_page(at)
    for example in ("4", "7"):
        put_example(at, example)
        (pills,) = at.button_group
        pills.set_value(example).run()
    at_rest(at.button(key="fine_tune").click().run())
    asked: list[Network] = []
    really = Network.predict

    def predict(network: Network, X: np.ndarray) -> np.ndarray:
        if X.shape[1] == 1:  # the drawing; the two that were fine-tuned are read together
            asked.append(network)
        return really(network, X)

    monkeypatch.setattr(Network, "predict", predict)
    put_example(at, "1")
    assert not at.exception
    run = run_of(at)
    assert run.fine_tuning is not None
    alone = [each for each in asked if each is not run.fine_tuning.network]
    assert len(alone) == 1
    assert len(asked) == 3  # the earlier network, in each of two draws of the page


def test_the_run_is_the_same_on_both_pages(open_app: Open) -> None:
    at = open_app(**TINY | {"epochs": "1000000"})
    at.button(key="play").click().run()
    run = run_of(at)
    draw_page(at)
    assert run_of(at) is run
    assert run.busy
    at.switch_page("pages/train.py").run()
    assert not at.exception
    assert run_of(at) is run
    assert run.busy
    assert said(at) == ""
    run.pause()


def test_an_address_may_open_on_this_page(open_app: Open) -> None:
    at = draw_page(open_app(**TINY))
    assert run_of(at).config.layers == (784, 8, 10)
    assert not at.button(key="play").disabled
