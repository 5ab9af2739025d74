"""The drawing as Python keeps it: clear, undo, put, and back from another page."""

import base64
import io
import json
from typing import Any

import numpy as np
from PIL import Image
from streamlit.testing.v1 import AppTest


def page() -> None:
    import numpy as np
    import streamlit as st

    from ui.canvas import canvas, clear, put, undo

    if st.toggle("Another page"):
        return
    image = canvas(key="pad", pen_width=20)
    st.button("Clear", on_click=clear, args=("pad",))
    st.button("Undo", on_click=undo, args=("pad",))
    strokes = [np.array([[0.2, 0.5], [0.8, 0.5]]), np.array([[0.5, 0.5]])]
    st.button("Put", on_click=put, args=("pad", strokes), kwargs={"pen_width": 28})
    st.session_state.image = image


def draw(at: AppTest, *strokes: str) -> np.ndarray:
    """What the browser sends: strokes, and their picture."""
    picture = send(at, *strokes)
    at.run()
    assert not at.exception
    return picture


def send(at: AppTest, *strokes: str) -> np.ndarray:
    """The same, not yet seen by the page."""
    picture = np.full((280, 280, 4), 10 * len(strokes), dtype=np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "PNG")
    url = "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()
    raw = {"objects": [{"type": "Path", "path": stroke} for stroke in strokes]}
    at.session_state["pad"] = {"drawing": {"raw": raw, "data": url}}
    return picture


def press(at: AppTest, label: str) -> None:
    next(button for button in at.button if button.label == label).click().run()
    assert not at.exception


def given(at: AppTest) -> dict[str, Any]:
    """The drawing that the browser is told to show."""
    proto = at.get("bidi_component")[0].proto
    return json.loads(proto.json)["initialDrawing"]


def test_nothing_is_drawn_at_first() -> None:
    at = AppTest.from_function(page).run()
    assert not at.exception
    assert at.session_state.image is None


def test_the_picture_is_the_browsers_and_what_it_is_told_to_show_does_not_change() -> None:
    at = AppTest.from_function(page).run()
    before = given(at)
    picture = draw(at, "one")
    np.testing.assert_array_equal(at.session_state.image, picture)
    assert given(at) == before


def test_clear_empties_at_once_and_again_until_the_browser_draws_anew() -> None:
    at = AppTest.from_function(page).run()
    draw(at, "one")
    before = given(at)
    press(at, "Clear")
    assert at.session_state.image is None
    assert given(at)["objects"] == []
    assert given(at) != before
    assert at.run().session_state.image is None
    picture = draw(at, "new")
    np.testing.assert_array_equal(at.session_state.image, picture)


def test_undo_takes_one_stroke_a_press_even_before_the_browser_answers() -> None:
    at = AppTest.from_function(page).run()
    draw(at, "one", "two", "three")
    press(at, "Undo")
    assert [item["path"] for item in given(at)["objects"]] == ["one", "two"]
    press(at, "Undo")
    assert [item["path"] for item in given(at)["objects"]] == ["one"]
    press(at, "Undo")
    assert at.session_state.image is None
    press(at, "Undo")
    assert given(at)["objects"] == []


def test_undo_knows_the_stroke_that_came_in_the_same_breath() -> None:
    at = AppTest.from_function(page).run()
    draw(at, "one")
    send(at, "one", "two")
    press(at, "Undo")
    assert [item["path"] for item in given(at)["objects"]] == ["one"]


def test_put_shows_strokes_and_their_picture_without_a_browser() -> None:
    at = AppTest.from_function(page).run()
    press(at, "Put")
    image = at.session_state.image
    assert image.shape == (280, 280, 4)
    assert image.dtype == np.uint8
    ink = image[..., 0]
    # A line from x = 56 to 224, 28 wide around y = 140, round at both ends.
    assert ink[140, 60:220].min() == 255
    assert ink[127:153, 140].min() == 255
    assert ink[:125].max() == ink[155:].max() == 0
    assert ink[140, :40].max() == ink[140, 240:].max() == 0
    assert abs(ink.mean() / 255 * 280**2 - (168 * 28 + np.pi * 14**2)) < 60
    assert [item["strokeWidth"] for item in given(at)["objects"]] == [28, 28]


def test_the_drawing_is_there_again_after_another_page() -> None:
    at = AppTest.from_function(page).run()
    picture = draw(at, "one", "two")
    at.toggle[0].set_value(True).run()
    at.toggle[0].set_value(False).run()
    assert not at.exception
    np.testing.assert_array_equal(at.session_state.image, picture)
    assert [item["path"] for item in given(at)["objects"]] == ["one", "two"]
