"""The drawing as Python keeps it: what the browser says, what it is told, what is no drawing."""

import json
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

ONE, TWO = [70, 500, 200, 500, 800], [100, 100, 500, 900, 500]


def page() -> None:
    import numpy as np
    import streamlit as st

    from ui.draw.canvas import canvas, drawn, put

    other = st.toggle("Another page")
    image = canvas(key="small" if other else "pad", pen=80, parts=())
    assert image is drawn()
    strokes = [np.array([[0.2, 0.5], [0.8, 0.5]]), np.array([[0.5, 0.5]])]
    st.button("Put", on_click=put, args=("pad", strokes), kwargs={"pen": 100})
    st.session_state.image = image


def opened() -> AppTest:
    at = AppTest.from_function(page).run()
    assert not at.exception
    return at


def say(at: AppTest, *strokes: Any, n: Any = None, revision: int | None = None) -> None:
    """What the browser sends; the page has not seen it yet."""
    kept = at.session_state["drawing"]
    at.session_state["pad"] = {
        "drawing": {
            "n": kept.heard + 1 if n is None else n,
            "revision": kept.revision if revision is None else revision,
            "moving": False,
            "strokes": list(strokes),
        }
    }


def draw(at: AppTest, *strokes: Any, **how: Any) -> None:
    say(at, *strokes, **how)
    at.run()
    assert not at.exception


def told(at: AppTest) -> dict[str, Any]:
    """What the browser is told."""
    return dict(json.loads(at.get("bidi_component")[0].proto.json))


def press_put(at: AppTest) -> None:
    next(each for each in at.button if each.label == "Put").click().run()
    assert not at.exception


def test_nothing_is_drawn_at_first() -> None:
    at = opened()
    assert at.session_state.image is None
    assert told(at)["strokes"] == []
    assert told(at)["pen"] == 80


def test_strokes_become_a_picture_and_the_browser_is_told_that_they_came() -> None:
    at = opened()
    draw(at, ONE)
    assert (told(at)["heard"], told(at)["strokes"]) == (1, [ONE])
    ink = at.session_state.image[..., 0]
    assert ink.shape == (280, 280)
    # From y = 56 to 224, 0.07 · 280 wide around x = 140, round at both ends.
    assert ink[60:220, 132:148].min() == 255
    assert ink[:, :129].max() == ink[:, 151:].max() == 0
    assert abs(ink.mean() / 255 * 280**2 - (168 * 19.6 + np.pi * 9.8**2)) < 60
    draw(at, ONE, TWO)
    assert at.session_state.image[140, 40, 0] == 255
    draw(at)
    assert at.session_state.image is None


def test_what_python_puts_there_is_a_new_revision_and_what_was_said_before_it_is_passed_over() -> (
    None
):
    at = opened()
    draw(at, ONE)
    press_put(at)
    assert told(at)["revision"] == 1
    assert told(at)["strokes"] == [[100, 200, 500, 800, 500], [100, 500, 500]]
    assert at.session_state.image[140, 70, 0] == 255
    draw(at, ONE, revision=0)  # it did not know yet
    assert told(at)["strokes"][0][0] == 100
    draw(at, ONE)
    assert told(at)["strokes"] == [ONE]


def test_a_click_knows_the_stroke_that_came_in_the_same_breath() -> None:
    at = opened()
    say(at, ONE)
    press_put(at)
    assert told(at)["heard"] == 1  # so the browser keeps only what was begun after it


def test_the_drawing_is_the_same_on_every_canvas() -> None:
    at = opened()
    draw(at, ONE, TWO)
    at.toggle[0].set_value(True).run()
    assert not at.exception
    assert told(at)["strokes"] == [ONE, TWO]
    assert at.session_state.image is not None


@pytest.mark.parametrize(
    "strokes",
    [
        "nonsense",
        [ONE, "x"],
        [[70]],
        [[70, 1]],
        [[70, 1, 2, 3]],
        [[0, 1, 2]],
        [[70, 1e9, 2]],
        [[70, 1, 99999]],
        [[70, True, 2]],
        [[70, None, 2]],
        [[70, *[1] * 40_000]],
    ],
    ids=lambda strokes: str(strokes)[:24],
)
def test_what_is_no_drawing_changes_nothing(strokes: Any) -> None:
    at = opened()
    draw(at, ONE)
    at.session_state["pad"] = {"drawing": {"n": 9, "revision": 0, "strokes": strokes}}
    at.run()
    assert not at.exception
    assert told(at)["strokes"] == [ONE]


@pytest.mark.parametrize("said", [None, 3, [], {}, {"n": "x", "revision": 0, "strokes": [TWO]}])
def test_nor_does_what_is_no_message(said: Any) -> None:
    at = opened()
    draw(at, ONE)
    at.session_state["pad"] = {"drawing": said}
    at.run()
    assert not at.exception
    assert told(at)["strokes"] == [ONE]
