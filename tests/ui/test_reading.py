"""What is said of a drawing: sensible words for a digit, a dot, a scribble, and for nothing."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest


def page(drawing: object, name: str) -> None:
    """Reads this drawing with a network whose probabilities are all alike."""
    import numpy as np

    from data.dataset import Dataset, Splits, as_columns
    from playground.config import RunConfig
    from playground.run import Run
    from ui.reading import answer, stages

    blank = as_columns(np.zeros((20, 784), dtype=np.float32))
    names = tuple("0123456789")
    digits = Dataset("blank", blank, np.arange(20) % 10, names, (28, 28))
    config = RunConfig(initializer="zeros").with_values(layers=(784, 10))
    run = Run(config, Splits(digits, digits))
    names = (name, *names[1:])
    prepared = answer(run.snapshot, drawing, names)  # type: ignore[arg-type]
    if prepared is not None:
        stages(prepared)


def picture() -> np.ndarray:
    """An empty canvas, as the browser sends it: opaque black."""
    drawing = np.zeros((280, 280, 4), dtype=np.uint8)
    drawing[..., 3] = 255
    return drawing


def read(drawing: np.ndarray | None, name: str = "0") -> tuple[str, str]:
    """The answer and all that is said."""
    at = AppTest.from_function(page, args=(drawing, name), default_timeout=30).run()
    assert not at.exception
    (body,) = (each.proto.body for each in at.get("html"))
    return str(body), "\n".join(each.value for each in at.markdown)


@pytest.mark.parametrize(
    "drawing",
    [None, picture(), np.full((280, 280, 4), 255, dtype=np.uint8)],
    ids=["nothing sent", "nothing drawn", "all painted over"],
)
def test_nothing_drawn_asks_for_a_digit(drawing: np.ndarray | None) -> None:
    body, words = read(drawing)
    assert 'data-answer="?"' in body
    assert words == "Draw a digit on the black square, or pick one below it."


def test_a_dot_is_called_one() -> None:
    drawing = picture()
    drawing[100:110, 100:110, :3] = 255
    assert "That is only a dot" in read(drawing)[1]


@pytest.mark.parametrize(
    ("rows", "columns"),
    [(slice(60, 220), slice(130, 150)), (slice(0, 280), slice(270, 280))],
    ids=["a stroke", "over the edge"],
)
def test_ink_gets_an_answer_and_its_stages(rows: slice, columns: slice) -> None:
    drawing = picture()
    drawing[rows, columns, :3] = 255
    body, words = read(drawing)
    assert 'data-answer="0"' in body
    assert "Not sure: 10 % for" in words
    assert "How the network saw it" in words


def test_a_scribble_gets_an_answer() -> None:
    drawing = picture()
    drawing[..., :3] = np.random.default_rng(0).choice([0, 255], size=(280, 280, 1))
    assert "Not sure" in read(drawing)[1]


def test_a_class_name_is_text() -> None:
    drawing = picture()
    drawing[60:220, 130:150, :3] = 255
    body, _ = read(drawing, name="<b>&</b>")
    assert "&lt;b&gt;&amp;&lt;/b&gt;" in body
    assert "<b>" not in body
