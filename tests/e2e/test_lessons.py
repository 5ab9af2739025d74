"""Lessons in a browser: one up to its goal, and an assignment from a teacher and back."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Locator, Page, expect

from playground.learn.answer_sheet import read_sheet
from playground.learn.assignment import Assignment
from tests.e2e.conftest import PHONE
from tests.e2e.steps import box_of, chart, choose
from tests.e2e.test_accessibility import violations
from tests.playground.examples import wait_until

WIDE = {"viewport": {"width": 1400, "height": 900}}


def press(page: Page, key: str) -> None:
    page.locator(f".st-key-{key}").get_by_role("button").click()


def fill(page: Page, key: str, text: str) -> None:
    field = page.locator(f".st-key-{key} :is(input, textarea)")
    field.fill(text)
    field.press("Control+Enter" if field.evaluate("e => e.tagName") == "TEXTAREA" else "Enter")


def bottom_of(element: Locator) -> float:
    box = box_of(element)
    return box["y"] + box["height"]


def test_a_lesson_up_to_the_goal_after_a_wrong_prediction(page: Page) -> None:
    page.goto("/")
    press(page, "offer-start")
    card = page.locator(".st-key-lesson")
    page.locator(".st-key-lesson-number-zeros input").fill("80")  # without Enter
    press(page, "lesson-commit")
    press(page, "lesson-run")
    expect(card).to_contain_text("You predicted 80.0 %. The result: 10.0 %.")
    expect(card).to_contain_text("all 64 rows of W1 are still equal")
    expect(chart(page, "accuracy")).to_contain_text("your prediction 80.0 %")
    # Above the page, not over it.
    assert bottom_of(card) <= box_of(chart(page, "accuracy"))["y"]
    assert violations(page) == []
    press(page, "lesson-on")
    expect(card).to_contain_text("Make the same network learn")


def test_one_press_runs_all_trials_with_their_own_settings(page: Page) -> None:
    """The timers of the page, which still shows the run before, change nothing in the next one."""
    page.goto("/?lesson=batch_size")  # five runs, most of them short
    card = page.locator(".st-key-lesson")
    card.get_by_text("Batch 1", exact=True).click()
    expect(page.locator(".st-key-lesson-commit button")).to_be_enabled()
    press(page, "lesson-commit")
    card.get_by_role("button", name="Run all").click()
    expect(card).to_contain_text("You predicted Batch 1. The result: All 500.")


def offered(code: Locator) -> Assignment:
    """What the address for learners says."""
    return Assignment.from_text(parse_qs(urlsplit(code.inner_text()).query)["assignment"][0])


def test_an_assignment_is_made_done_and_read_back(
    open_page: Callable[..., Page], tmp_path: Path
) -> None:
    teacher = open_page(**WIDE)
    teacher.goto("/lessons?layers=784,8,10&activations=relu&augmentation=0&epochs=2")
    teacher.locator(".st-key-assign summary").click()
    for key, text in {
        "assign-title": "Eight <b>units</b>",
        "assign-ask": "How far does it get?",
        "assign-answers": "Below 50 %\nAbove 50 %",
        "assign-goal": "Get above half",
    }.items():
        fill(teacher, key, text)
    code = teacher.locator(".st-key-assign code").last
    expect(code).to_contain_text("assignment=")
    wait_until(lambda: offered(code).goal == "Get above half")
    choose(teacher.locator(".st-key-assign-measure-0 input"), "validation accuracy")
    wait_until(lambda: len(offered(code).conditions) == 1)
    fill(teacher, "assign-value-0", "20")
    wait_until(lambda: offered(code).conditions[0].value == 20)

    assert violations(teacher) == []

    learner = open_page(**PHONE)
    learner.goto(code.inner_text())
    card = learner.locator(".st-key-lesson")
    expect(card).to_contain_text("Assignment: Eight <b>units</b>")
    wait_until(lambda: learner.evaluate("document.documentElement.scrollWidth <= innerWidth"))

    def has_title_above_path() -> bool:
        title, path = card.locator(".st-key-lesson-head p").all()[:2]
        return bottom_of(title) <= box_of(path)["y"]

    wait_until(has_title_above_path)  # once the page is drawn
    learner.get_by_text("Above 50 %").click()
    press(learner, "lesson-commit")
    press(learner, "lesson-run")
    expect(card).to_contain_text("You predicted: Above 50 %")
    press(learner, "lesson-on")
    expect(card).to_contain_text("Goal reached")
    fill(learner, "name-on-answer-sheets", "Ada")
    with learner.expect_download() as download:
        learner.get_by_role("button", name="Answer sheet").click()
    assert download.value.suggested_filename.endswith("-Ada.html")
    file = tmp_path / "ada.html"
    download.value.save_as(file)
    assert read_sheet(file.read_bytes()).learner == "Ada"

    teacher.locator(".st-key-sheets summary").click()
    teacher.locator(".st-key-answer-sheets input[type=file]").set_input_files(file)
    expect(teacher.locator(".st-key-sheets")).to_contain_text("1 sheet, 1 with the goal reached")
