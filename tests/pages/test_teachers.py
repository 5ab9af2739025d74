"""What teachers have: assignments, answer sheets, and the mode for projectors."""

from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from playground.config import RunConfig
from playground.learn.answer_sheet import Sheet, as_html, read_sheet, sheet_of
from playground.learn.assignment import Assignment
from playground.learn.progress import Progress
from playground.lessons import LESSONS
from tests.pages.conftest import Open, at_rest, query_of, run_of, said, shown
from tests.pages.test_lessons import keys, words
from tests.pages.test_train import TINY
from ui.lesson import sheets

PLANE = RunConfig.default("reg-plane").with_values(layers=(2, 1), activations=(), epochs=2)
SMALL = TINY | {"epochs": "1", "activations": "relu"}


def address(at: AppTest) -> dict[str, str]:
    """The query of the address that the page shows."""
    return dict(parse_qsl(urlsplit(at.code[-1].value).query))


def chart(at: AppTest, key: str) -> bytes:
    (found,) = (each for each in at.get("bidi_component") if each.key == key)
    return bytes(found.proto.bytes)


def made(open_app: Open) -> AppTest:
    """A teacher's tab on the page Lessons, with an assignment."""
    at = open_app(**SMALL).switch_page("pages/lessons.py").run()
    at.text_input(key="assign title").set_value("Eight *units*").run()
    at.text_input(key="assign ask").set_value("How many?").run()
    at.text_area(key="assign answers").set_value("few\n\n many ").run()
    at.text_input(key="assign goal").set_value("Get above 20 %").run()
    at.selectbox(key="assign measure 0").select("validation_accuracy").run()
    at.number_input(key="assign value 0").set_value(20.0).run()
    at.multiselect(key="assign hide").set_value(["noise", "preset"]).run()
    assert not at.exception
    return at


def test_an_assignment_is_made_done_and_handed_in(open_app: Open) -> None:
    query = address(made(open_app))
    assert query["hide"] == "noise,preset"
    learner = open_app(**query)
    assert run_of(learner).config.layers == (784, 4, 10)
    assert "Assignment: Eight *units*" in words(learner)
    assert "set preset" not in {each.key for each in learner.selectbox}
    (choice,) = (each for each in learner.radio if str(each.key).startswith("lesson choice"))
    assert choice.options == ["few", "many"]
    choice.set_value(1).run()
    learner.button(key="lesson commit").click().run()
    at_rest(learner.button(key="lesson run").click().run())
    assert "You predicted: many" in words(learner).replace("**", "")
    assert "Your run: validation accuracy" in words(learner)
    learner.button(key="lesson on").click().run()
    assert "Goal reached" in words(learner)
    assert query_of(learner, "assignment") == [query["assignment"]]
    learner.switch_page("pages/data.py").run()
    assert query_of(learner, "assignment") == [query["assignment"]]
    assert any(each.proto.label == "Answer sheet" for each in learner.get("download_button"))
    learner.button(key="lesson leave").click().run()
    assert query_of(learner, "assignment") == []
    assert not learner.exception


def test_a_lesson_as_an_assignment_is_on_its_page(open_app: Open) -> None:
    at = open_app(**SMALL).switch_page("pages/lessons.py").run()
    at.selectbox(key="assign what").select("xor").run()
    assert urlsplit(at.code[-1].value).path == "/plane"
    assert address(at) == {"lesson": "xor"}


def test_a_damaged_assignment_says_so(open_app: Open) -> None:
    at = open_app(**SMALL, assignment="nonsense")
    assert "ask your teacher for the link again" in said(at)
    assert query_of(at, "assignment") == []
    assert "lesson commit" not in keys(at)


def test_sheets_become_a_table_and_what_is_none_is_named(open_app: Open) -> None:
    at = open_app(**SMALL).switch_page("pages/lessons.py").run()
    lesson = LESSONS["zeros"]
    files = [
        (f"{name}.html", as_html(sheet_of(lesson, replace(Progress(), prediction=50.0), name, "")))
        for name in ("Ada", "=Bob()")
    ]
    assert read_sheet(files[0][1]).predicted == "50.0 %"
    files[1] = (files[1][0], files[1][1].replace(b'"predicted": "50', b'"predicted": "60'))
    files.append(("holiday.html", b"<p>Sun</p>"))
    at.file_uploader(key="answer sheets").set_value(
        [(name, content, "text/html") for name, content in files]
    ).run()
    table = at.dataframe[0].value
    assert list(table["learner"]) == ["=Bob()", "Ada"]
    assert list(table["unchanged"]) == ["no", "yes"]
    assert "holiday.html is no answer sheet" in said(at)
    assert any("1 changed after download" in each.value for each in at.caption)
    assert not at.exception


def test_each_sheet_is_read_once(open_app: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[bytes] = []

    def counted(content: bytes) -> Sheet:
        read.append(content)
        return read_sheet(content)

    monkeypatch.setattr(sheets, "read_sheet", counted)
    at = open_app(**SMALL).switch_page("pages/lessons.py").run()
    content = as_html(sheet_of(LESSONS["zeros"], Progress(), "Ada", ""))
    chosen = [("a.html", content, "text/html"), ("b.html", b"none", "text/html")]
    at.file_uploader(key="answer sheets").set_value(chosen).run()
    at.text_input(key="assign title").set_value("Other").run()
    assert sorted(read) == sorted([content, b"none"])
    assert "b.html is no answer sheet" in said(at)
    assert list(at.dataframe[0].value["learner"]) == ["Ada"]


def predicting_r_squared(open_app: Open, value: float) -> AppTest:
    """A learner's tab with an assignment on a regression, after this prediction."""
    assignment = Assignment("", PLANE, "How good?", quantity="validation_r2")
    query = PLANE.to_text() | {"assignment": assignment.to_text()}
    at = open_app(**query).switch_page("pages/plane.py").run()
    at.number_input(key=f"lesson number {assignment.key}").set_value(value).run()
    return at.button(key="lesson commit").click().run()


def test_an_assignment_on_a_regression_speaks_of_r_squared(open_app: Open) -> None:
    at = predicting_r_squared(open_app, 0.5)
    assert b"your prediction 0.500" in chart(at, "accuracy")
    at_rest(at.button(key="lesson run").click().run())
    assert "Your run: validation R² " in words(at)
    assert "accuracy" not in words(at)


def test_a_prediction_outside_the_chart_is_no_line_in_it(open_app: Open) -> None:
    at = predicting_r_squared(open_app, -40)
    assert b"your prediction" not in chart(at, "accuracy")


def test_a_teacher_is_offered_what_fits_the_task(open_app: Open) -> None:
    at = open_app(**SMALL).switch_page("pages/lessons.py").run()
    at.selectbox(key="assign quantity").select("validation_accuracy").run()
    at.query_params.clear()
    for name, text in PLANE.to_text().items():
        at.query_params[name] = text
    at.run()
    options = " ".join(at.selectbox(key="assign quantity").options)
    assert "validation R²" in options
    assert "accuracy" not in options
    assert at.selectbox(key="assign quantity").value == ""
    assert not at.exception


def test_the_same_controls_can_be_hidden_by_share_and_by_an_assignment(open_app: Open) -> None:
    at = open_app(**SMALL)
    at.multiselect(key="hide in the shared address").set_value(["noise", "seed"]).run()
    assert any("hide=noise%2Cseed" in each.value for each in at.code)
    options = at.multiselect(key="hide in the shared address").options
    at.switch_page("pages/lessons.py").run()
    assert at.multiselect(key="assign hide").options == options


def test_presenting_shows_one_chart_and_no_settings(open_app: Open) -> None:
    at = open_app(**SMALL, present="1")
    assert shown(at) == {"accuracy"}
    assert "set layers" not in {each.key for each in at.text_input}
    for name, key in {"Cost": "cost", "Digits": "samples", "Weights": "weights 1"}.items():
        at.segmented_control(key="present chart").set_value(name).run()
        assert shown(at) == {key}
    for page in ("draw", "lessons", "runs", "train"):
        at.switch_page(f"pages/{page}.py").run()
        assert query_of(at, "present") == ["1"]
        assert at.button(key="present end").label == "End presenting"
    at.button(key="present end").click().run()
    assert "present end" not in keys(at)
    assert {"cost", "accuracy", "samples"} <= shown(at)
    assert query_of(at, "present") == []
    assert not at.exception
