"""What is said of a drawing: sensible words for a digit, a dot, a scribble, and for nothing."""

import re
from html import unescape

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from data.digit_forms import FORMS
from data.handwriting import pen_path
from data.mnist_5k import load_mnist_5k
from data.strokes import draw_strokes


def page(
    drawing: object, name: str, *, with_forms: bool = False, dataset: str = "mnist-5k"
) -> None:
    """Reads this drawing with a network whose probabilities are all alike."""
    from dataclasses import replace

    from data import catalog, form_images
    from data.dataset import Splits
    from playground.config import RunConfig
    from playground.run import Run
    from ui.draw.answer import answer, nearest, prediction_for, stages

    digits = catalog.load("mnist-5k")
    names = (name, *digits.train.class_names[1:])
    few, validation = digits.train.take(range(300)), digits.validation.take(range(200))
    if with_forms:
        few = form_images.with_forms(few)
    data = Splits(replace(few, class_names=names), replace(validation, class_names=names))
    config = RunConfig(dataset=dataset, initializer="zeros").with_values(layers=(784, 10))
    run = Run(config, data)
    prediction = prediction_for(run.snapshot, drawing)  # type: ignore[arg-type]
    answer(run.snapshot, prediction)
    if prediction is not None:
        nearest(run.snapshot, prediction)
        stages(prediction.prepared, changed=lambda: None)


def picture() -> np.ndarray:
    """An empty canvas, as the browser sends it: opaque black."""
    drawing = np.zeros((280, 280, 4), dtype=np.uint8)
    drawing[..., 3] = 255
    return drawing


def seven() -> np.ndarray:
    """A bar on top, and a stroke down from its right end."""
    drawing = picture()
    drawing[60:80, 80:200, :3] = 255
    for row in range(80, 230):
        left = 180 - (row - 80) // 3
        drawing[row, left : left + 20, :3] = 255
    return drawing


def shown(drawing: np.ndarray | None, name: str = "0", *, with_forms: bool = False) -> AppTest:
    how = {"with_forms": with_forms}
    at = AppTest.from_function(page, args=(drawing, name), kwargs=how, default_timeout=30).run()
    assert not at.exception
    return at


def read(drawing: np.ndarray | None, name: str = "0") -> tuple[str, str]:
    """The answer and all that is said."""
    at = shown(drawing, name)
    (body,) = (each.proto.body for each in at.get("html"))
    return str(body), "\n".join((unescape(str(body)), *(each.value for each in at.markdown)))


@pytest.mark.parametrize(
    "drawing",
    [None, picture(), np.full((280, 280, 4), 255, dtype=np.uint8)],
    ids=["nothing sent", "nothing drawn", "all painted over"],
)
def test_nothing_drawn_asks_for_a_digit(drawing: np.ndarray | None) -> None:
    body, words = read(drawing)
    assert 'data-answer="?"' in body
    assert "Draw a digit on the black square." in words
    assert "Preprocessing" not in words


def test_a_digit_gets_an_answer_and_its_stages() -> None:
    body, words = read(seven())
    assert 'data-answer="0"' in body
    assert "is_ood" not in body
    assert "Uncertain: 10 % for" in words
    assert "Preprocessing" in words
    assert "Most similar training images" in words


def test_a_drawing_like_no_digit_of_mnist_has_its_form_named() -> None:
    """A one with a flag and a base: MNIST has none."""
    (form,) = (form for form in FORMS if form.title == "1, flag and base")
    paths = [50 + 180 * pen_path(stroke.points, stroke.corners) for stroke in form.strokes]
    drawing = draw_strokes(paths, pen_width=20)
    for with_forms in (True, False):
        at = shown(drawing, with_forms=with_forms)
        said = "\n".join(each.value for each in at.caption)
        named = re.search(r"The most similar one is of the digit form \*\*(.+)\*\* \((.+)\)", said)
        assert (named is not None) == with_forms
        if named is not None:  # there are three of this kind, much alike
            titles = {
                f"{form.title}|{form.where}" for form in FORMS if "flag and base" in form.name
            }
            assert "|".join(named.groups()) in titles


def test_a_digit_as_mnist_has_them_has_no_form_named() -> None:
    digit = load_mnist_5k().train.X[:, 0].reshape(28, 28)  # known to the run, as it is
    drawing = picture()
    drawing[..., :3] = np.kron(255 * digit, np.ones((10, 10)))[..., None]
    at = shown(drawing, with_forms=True)
    assert "the form" not in "\n".join(each.value for each in at.caption)


def test_a_dot_is_called_one() -> None:
    drawing = picture()
    drawing[100:110, 100:110, :3] = 255
    body, words = read(drawing)
    assert 'data-ood="yes"' in body
    assert ">0?<" in body
    assert "<b>This does not look like a digit.</b> That is only a dot" in words


@pytest.mark.parametrize(
    ("dataset", "what"),
    [
        ("fashion-mnist", "any of the pictures it learned from"),
        ("upload-0123456789abcdef", "any of the images it"),
    ],
)
def test_what_learned_from_no_digits_asks_for_none(dataset: str, what: str) -> None:
    drawing = picture()
    drawing[100:110, 100:110, :3] = 255
    for ink in (drawing, None):
        at = AppTest.from_function(
            page, args=(ink, "Bag"), kwargs={"dataset": dataset}, default_timeout=30
        ).run()
        assert not at.exception
        (body,) = (str(each.proto.body) for each in at.get("html"))
        assert "digit" not in body
        assert (f"This does not look like {what}" in body) == (ink is not None)


def test_noise_is_rejected() -> None:
    drawing = picture()
    drawing[..., :3] = np.random.default_rng(0).choice([0, 255], size=(280, 280, 1))
    body, words = read(drawing)
    assert 'data-ood="yes"' in body
    assert "it learned from than 100.0 % of validation images are." in words.replace("\\", "")


def test_ink_over_the_edge_is_read() -> None:
    drawing = picture()
    drawing[:, 270:, :3] = 255
    assert "Preprocessing" in read(drawing)[1]


def test_a_class_name_is_text() -> None:
    body, _ = read(seven(), name="<b>&</b>")
    assert "&lt;b&gt;&amp;&lt;/b&gt;" in body
    assert "<b>" not in body


def test_a_stage_switched_off_is_left_out_until_it_is_on_again() -> None:
    at = shown(seven())
    assert [each.value for each in at.toggle] == [True] * 5
    at.run()
    assert not any(each.proto.set_value for each in at.toggle)  # a click on its way counts
    at.toggle(key="set stage crop").set_value(False).run()
    said = [each.value for each in at.caption]
    assert "**Without** crop" in said
    assert not at.exception
    at.toggle(key="set stage margin").set_value(False).run()
    assert "**Without** add a margin" in [each.value for each in at.caption]
    at.button(key="stages reset").click().run()
    assert [each.value for each in at.toggle] == [True] * 5
    assert not any("Without" in each.value for each in at.caption)
    assert not [each for each in at.button if each.key == "stages reset"]
