"""What teachers have: assignments, answer sheets, and the mode for projectors."""

from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

from streamlit.testing.v1 import AppTest

from playground.learn.answer_sheet import as_html, read_sheet, sheet_of
from playground.learn.progress import Progress
from playground.lessons import LESSONS
from tests.pages.conftest import Open, at_rest, query_of, run_of, said, shown
from tests.pages.test_lessons import keys, words
from tests.pages.test_train import TINY

SMALL = TINY | {"epochs": "1", "activations": "relu"}


def address(at: AppTest) -> dict[str, str]:
    """The query of the address that the page shows."""
    return dict(parse_qsl(urlsplit(at.code[-1].value).query))


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
    assert any("1 changed since" in each.value for each in at.caption)
    assert not at.exception


def test_presenting_shows_one_chart_and_no_settings(open_app: Open) -> None:
    at = open_app(**SMALL, present="1")
    assert shown(at) == {"accuracy"}
    assert "set layers" not in {each.key for each in at.text_input}
    for name, key in {"Cost": "cost", "Digits": "samples", "Weights": "weights 1"}.items():
        at.segmented_control(key="present chart").set_value(name).run()
        assert shown(at) == {key}
    at.switch_page("pages/draw.py").run()
    at.switch_page("pages/train.py").run()
    assert query_of(at, "present") == ["1"]
    at.button(key="present end").click().run()
    assert {"cost", "accuracy", "samples"} <= shown(at)
    assert query_of(at, "present") == []
    assert not at.exception
