"""Every lesson from its address to its end, at four looks, with right and with wrong predictions.

That takes most of an hour, so only PLAYGROUND_THOROUGH=1 does it; -k "zeros and phone and dark and
wrong" is one of them. `--basetemp=FOLDER` keeps a picture of each stage.

Training is the same to the bit wherever it happens. So the lesson's runs are trained here as well,
which tells what is right to predict, and the page must show the very numbers.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from data.points import INPUTS
from netcore.activations import HIDDEN_ACTIVATIONS
from playground.config import RunConfig
from playground.learn.figures import PREDICTED, compare_figure
from playground.learn.lesson import Choices, Lesson, Number, Prediction, Question, Results, Sketch
from playground.learn.progress import standing
from playground.lessons import LESSONS, after
from playground.settings import SETTINGS
from tests.e2e.conftest import PHONE, ColorScheme
from tests.e2e.steps import box_of, chart, choose, expect_page_drawn, press
from tests.e2e.test_lessons import WIDE, fill
from tests.e2e.test_lessons import press as press_key
from tests.playground.examples import wait_until
from tests.playground.lessons.test_lessons import THOROUGH, results_of, trained
from ui.lesson.state import address_of

PATIENCE = 120_000  # milliseconds for all runs of a lesson, beside other work


@pytest.mark.skipif(not THOROUGH, reason="takes most of an hour: PLAYGROUND_THOROUGH=1 does it")
@pytest.mark.timeout(400)
@pytest.mark.parametrize("lesson", LESSONS.values(), ids=LESSONS)
@pytest.mark.parametrize("right", [True, False], ids=["right", "wrong"])
@pytest.mark.parametrize("color_scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_a_lesson_from_start_to_end(
    lesson: Lesson,
    right: bool,
    color_scheme: ColorScheme,
    size: dict[str, Any],
    open_page: Callable[..., Page],
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    name = request.node.callspec.id
    walk = Walk(open_page(**size), lesson, tmp_path_factory.mktemp(name, numbered=False))
    prediction = walk.predict(right=right)
    walk.run(all_at_once=right)
    walk.compare(prediction)
    walk.change()
    walk.done()


class Walk:
    """A learner's way through a lesson on this page; pictures go into the folder."""

    def __init__(self, page: Page, lesson: Lesson, pictures: Path) -> None:
        self.page, self.lesson, self._pictures = page, lesson, pictures
        self.card = page.locator(".st-key-lesson")
        self.results = results_of(lesson, 0)

    def predict(self, *, right: bool) -> Prediction:
        path = "" if self.lesson.page == "train" else self.lesson.page
        self.page.goto(f"/{path}?{urlencode(address_of(self.lesson))}")
        question = self.lesson.question
        expect(self.card).to_contain_text(question.ask)
        prediction = _right(question, self.results)
        if isinstance(question, Number) and question.diagnose is not None:
            # To be computed: what is wrong is told at once, and goes no further.
            press_key(self.page, "lesson-set-up")
            if not right:
                self._answer(-prediction)
                press_key(self.page, "lesson-check")
                expect(self.card).to_contain_text(question.diagnose(-prediction))
                self._see("predict, told")
            self._answer(prediction)
            self._see("predict")
            press_key(self.page, "lesson-check")
            return prediction
        if not right:
            prediction = _wrong(question, self.results)
        self._answer(prediction)
        expect(self.card.locator(".st-key-lesson-commit button")).to_be_enabled()
        self._see("predict")
        press_key(self.page, "lesson-commit")
        return prediction

    def _answer(self, prediction: Prediction) -> None:
        match self.lesson.question, prediction:
            case Choices() as question, int(n):
                self.card.get_by_text(question.answers[n], exact=True).click()
            case Number() as question, int() | float():
                text = f"{prediction:.{question.digits}f}"
                fill(self.page, f"lesson-number-{self.lesson.key}", text)
            case Sketch(), tuple():
                sliders = self.card.get_by_role("slider")
                for n, value in enumerate(prediction):
                    _slide(sliders.nth(n), value)
            case other:
                raise TypeError(other)

    def run(self, *, all_at_once: bool) -> None:
        """Start the runs with one press, or each with a press of its own."""
        trials, main = self.lesson.trials, self.lesson.measures[0]
        self._see("run")
        if len(trials) > 1 and all_at_once:
            press_key(self.page, "lesson-run-all")
            return
        for trial, numbers in zip(trials, self.results, strict=True):
            press_key(self.page, "lesson-run")
            if trial is not trials[-1]:  # the last one leads on
                result = f"{trial.label}: {main.text(numbers[main.name])}"
                expect(self.card).to_contain_text(result, timeout=PATIENCE)

    def compare(self, prediction: Prediction) -> None:
        question, results = self.lesson.question, self.results
        truth = question.truth(results)
        assert truth is not None
        said, came = question.text(prediction), question.text(truth)
        gap = f"You predicted {said}. The result: {came}. Your prediction was "
        if not question.agrees(prediction, results):
            gap += "wrong."
        else:
            gap += "right." if said == came else "close enough."
        expect(self.card).to_contain_text(gap, timeout=PATIENCE)
        expect(self.card).to_contain_text(self.lesson.because(results))
        drawn = chart(self.page, "lesson-chart")
        if compare_figure(self.lesson, prediction, results) is None:
            expect(drawn).to_have_count(0)
        else:
            expect(drawn).to_contain_text(PREDICTED)
            expect(drawn).not_to_contain_text("<")
            assert drawn.evaluate(CUT_OFF) == []
        self._see("compare")
        press_key(self.page, "lesson-on")

    def change(self) -> None:
        """Go the lesson's way to its goal: its settings, one after the other, and then Play."""
        goal = self.lesson.goal
        assert goal.solution is not None
        expect(self.card).to_contain_text(goal.ask)
        self._see("change")
        if self.lesson.page == "hood":  # it has no settings
            self.card.get_by_role("link").click()
        press_key(self.page, "lesson-set-up")
        self._wait_for(goal.start)
        for name in SETTINGS:
            self._set(name, goal.solution())
        self._wait_for(goal.solution())
        _close_settings(self.page)
        self._see("change, set")
        press(self.page, "Play")

    def _set(self, name: str, solution: RunConfig) -> None:
        value = getattr(solution, name)
        now = _config_in(self.page.evaluate("location.search"))
        if value in (getattr(now, name), None):
            return
        settings = _settings(self.page)
        match name:
            case "layers":
                fill(self.page, "set-layers", str(list(value)))
            case "activations":
                for n, each in enumerate(value):
                    _put(settings, f"activation-{n}", HIDDEN_ACTIVATIONS[each].title)
            case "inputs":
                for each in sorted({*now.inputs} ^ {*value}, key=now.inputs.__contains__):
                    title = INPUTS[each][0]  # the new ones first: one has to stay
                    settings.get_by_role("button", name=title, exact=True).click()
            case _:
                _put(settings, name, SETTINGS[name].title(SETTINGS[name].write(value)))
        self._wait_for(solution, name)

    def _wait_for(self, config: RunConfig, *names: str) -> None:
        """The run on the page has these settings; all of them, if none is named."""

        def has(url: str) -> bool:
            now = _config_in(urlsplit(url).query)
            return all(getattr(now, name) == getattr(config, name) for name in names or SETTINGS)

        self.page.wait_for_url(has, wait_until="commit")

    def done(self) -> None:
        goal, following = self.lesson.goal, after(self.lesson.key)
        assert goal.solution is not None
        numbers = standing(self.lesson, trained(goal.solution()))
        assert numbers is not None
        quantities = dict.fromkeys(each.quantity for each in goal.conditions)
        reached = ", ".join(f"{each.title} {each.text(numbers[each.name])}" for each in quantities)
        expect(self.card).to_contain_text(f"Goal reached: {reached}.", timeout=PATIENCE)
        expect(self.card.get_by_role("button", name="Start over")).to_be_enabled()
        if following is not None:
            expect(self.card).to_contain_text(f"Next: {following.title}")
        self._see("done")

    def _see(self, stage: str) -> None:
        """Nothing is wrong with the page, and a picture of its top, where the card is."""
        expect_page_drawn(self.page)
        assert self.page.evaluate(TOO_WIDE) == []
        expect(self.page.get_by_test_id("stException")).to_have_count(0)
        self.page.get_by_test_id("stMain").evaluate("main => main.scrollTo(0, 0)")
        self.page.screenshot(path=self._pictures / f"{stage}.png", scale="css")


TOO_WIDE = """() => [document.documentElement, document.querySelector('[data-testid="stMain"]')]
    .filter(each => each.scrollWidth > each.clientWidth).map(each => each.outerHTML.slice(0, 80))"""
"""What scrolls sideways."""


CUT_OFF = """chart => {
    const { left, right, top, bottom } = chart.getBoundingClientRect()
    return [...chart.querySelectorAll("svg text")].filter(text => {
        const box = text.getBoundingClientRect()
        return box.width && (
            box.left < left - 1 || box.right > right + 1 || box.top < top - 1 ||
            box.bottom > bottom + 1)
    }).map(text => text.textContent)
}"""
"""What a chart has no room for."""


def _right(question: Question, results: Results) -> Any:
    """The prediction that the results bear out, as exactly as its widget takes it."""
    truth = question.truth(results)
    match question, truth:
        case Number(), float():
            return round(truth, question.digits)
        case Sketch(), tuple():
            return tuple(float(round(value)) for value in truth)
        case _:
            return truth


def _wrong(question: Question, results: Results) -> Prediction:
    """One that is wrong by far."""
    truth = question.truth(results)
    match question, truth:
        case Choices(), int():
            return (truth + 1) % len(question.answers)
        case Number(), float():
            return max(question.low, question.high, key=lambda end: abs(end - truth))
        case Sketch(), tuple():
            return tuple(question.low + question.high - float(round(value)) for value in truth)
        case other:
            raise TypeError(other)


def _config_in(query: str) -> RunConfig:
    """The settings in an address."""
    texts = dict(parse_qsl(query.removeprefix("?")))
    return RunConfig.from_text({name: texts[name] for name in SETTINGS if name in texts})


def _settings(page: Page) -> Locator:
    """The sidebar, which a phone shows when asked."""
    expand, settings = (
        page.get_by_test_id("stExpandSidebarButton"),
        page.get_by_test_id("stSidebar"),
    )
    if expand.is_visible():
        expand.click()
    wait_until(lambda: box_of(settings)["x"] == 0)  # it slides in
    return settings


def _close_settings(page: Page) -> None:
    """Where they cover the page."""
    collapse = page.get_by_role("button", name="Collapse sidebar")
    if page.viewport_size == PHONE["viewport"] and collapse.is_visible():
        collapse.click()


def _put(settings: Locator, name: str, title: str) -> None:
    """Give a setting's widget, of whatever kind, this value."""
    expect_page_drawn(settings.page)
    place = settings.locator(f".st-key-set-{name}")
    if not place.is_visible():
        settings.locator(".st-key-more summary").click()
    expect(place).to_be_visible()
    slider, choice = place.get_by_role("slider"), place.get_by_role("combobox")
    if slider.count():
        _slide(slider, float(title))
    elif choice.count():
        choose(choice, title)
    else:
        fill(settings.page, f"set-{name}", title)


def _slide(slider: Locator, value: float) -> None:
    """By keyboard: a page at a time, which is a tenth of its length or a step, then by steps."""
    page = slider.evaluate("each => Math.max((each.max - each.min) / 10, each.step)")
    while way := value - float(slider.input_value()):
        keys = ("PageUp", "PageDown") if abs(way) >= page else ("ArrowRight", "ArrowLeft")
        slider.press(keys[way < 0])
