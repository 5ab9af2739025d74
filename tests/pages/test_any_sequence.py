"""Random sequences of actions: no exception reaches the page.

Two widgets are changed before the page is drawn again in some steps: that is what a browser sends
where somebody types into a field and clicks elsewhere, or clicks fast.
"""

from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as some
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import MenuButton, NumberInput, Selectbox, TextInput, Toggle

from playground.registry import RUNS
from tests.pages.conftest import tab_of

SMALL = {"layers": "784,4,3,10", "batch_size": "64", "augmentation": "0", "epochs": "400"}
POINTS = {"dataset": "xor", "layers": "2,3,2,1", "points": "60", "epochs": "400"}
TEXTS = ("[784, 5, 10]", "784 3 3 3 10", "2,2,1", "[784, 10]", "", "nonsense", "784,10,7")
LONG = ("set epochs", "set iterations")
LEFT_ALONE = {"save", "download", "example", "wanted"}  # files, and what takes long


class Person(RuleBasedStateMachine):
    """Changes settings, presses buttons, changes pages, and reloads."""

    at: AppTest

    @initialize(address=some.sampled_from([SMALL, POINTS]))
    def comes(self, address: dict[str, str]) -> None:
        self._open(address)

    def _open(self, address: dict[str, str]) -> None:
        self.at = tab_of("k" * 32)
        self.at.default_timeout = 60
        for name, text in address.items():
            self.at.query_params[name] = text
        self._run()

    def _run(self) -> None:
        self.at.run()
        assert not self.at.exception, [each.message for each in self.at.exception]

    @rule(data=some.data(), n=some.integers(1, 2))
    def turns_settings(self, data: some.DataObject, n: int) -> None:
        at = self.at
        widgets: list[Any] = [
            *(each for each in at.number_input if str(each.key) not in LONG),
            *(each for each in at.selectbox if "dataset" not in str(each.key)),
            *at.text_input,
            *at.toggle,
            *at.get("menu_button"),
        ]
        for widget in data.draw(some.lists(some.sampled_from(widgets), min_size=1, max_size=n)):
            match widget:
                case NumberInput():
                    data.draw(some.sampled_from([widget.increment, widget.decrement]))()
                case Selectbox():
                    widget.select_index(data.draw(some.integers(0, len(widget.options) - 1)))
                case TextInput():
                    widget.set_value(data.draw(some.sampled_from(TEXTS)))
                case Toggle():
                    widget.set_value(data.draw(some.booleans()))
                case MenuButton():
                    widget.click(data.draw(some.sampled_from(widget.options)))
        self._run()

    @rule(data=some.data())
    def presses(self, data: some.DataObject) -> None:
        buttons = [
            each
            for each in self.at.button
            if not each.disabled and str(each.key).split()[0] not in LEFT_ALONE
        ]
        data.draw(some.sampled_from(buttons)).click()
        self._run()

    @rule(page=some.sampled_from(["train", "draw", "inspect", "hood", "plane", "data"]))
    def goes_to(self, page: str) -> None:
        self.at.switch_page(f"pages/{page}.py")
        self._run()

    @rule()
    @precondition(lambda self: "run" in self.at.query_params)
    def reloads(self) -> None:
        address = {
            name: text if isinstance(text, str) else text[0]
            for name, text in self.at.query_params.items()
        }
        self._open(address)

    def teardown(self) -> None:
        for token in list(RUNS._runs):
            RUNS.drop(token)


@pytest.mark.timeout(600)
def test_no_sequence_of_actions_raises() -> None:
    thorough = settings.get_current_profile_name() == "thorough"
    run_state_machine_as_test(
        Person,
        settings=settings(
            max_examples=60 if thorough else 4,
            stateful_step_count=25 if thorough else 12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_the_sequence_that_once_raised(open_app: Any) -> None:
    """Train, come back by the address, look at The plane and back, change α, then the network and
    a row of it before the page is drawn again: the row is gone."""
    at = open_app(**SMALL)
    at.button(key="play").click().run()
    address = {name: text[0] for name, text in at.query_params.items()}
    at = open_app(**address)
    at.switch_page("pages/plane.py").run()
    at.switch_page("pages/train.py").run()
    at.number_input(key="set learning_rate").set_value(0.01).run()
    at.text_input(key="set layers").set_value("[784, 32, 10]")
    at.selectbox(key="set activation 1").select("tanh")
    at.number_input(key="set units 1").set_value(7)
    at.run()
    assert not at.exception
    assert at.text_input(key="set layers").value == "[784, 32, 10]"
