"""The page Inspect: one selection, in the address, that every view follows."""

import json
import re
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import MenuButton

from playground.inspect.outcome import outcome
from playground.inspect.selection import Selection
from tests.pages.conftest import Open, at_rest, query_of, run_of, said, shown
from ui.inspect.views import NAMES

SMALL = {"layers": "784,16,10", "activations": "relu", "batch_size": "32", "augmentation": "0"}
QUICK = SMALL | {"epochs": "1"}


def fine(at: AppTest) -> AppTest:
    assert not at.exception, at.exception[0].message
    return at


def trained(open_app: Open, **query: str) -> AppTest:
    at = open_app(**(QUICK | query))
    at.button(key="play").click().run()
    return at_rest(at)


def inspect(at: AppTest, view: str = "") -> AppTest:
    at.switch_page("pages/inspect.py")
    fine(at.run())
    return look(at, view) if view else at


def look(at: AppTest, view: str) -> AppTest:
    return fine(at.segmented_control(key="inspect view").set_value(view).run())


def sent(at: AppTest, key: str) -> dict[str, Any]:
    """What an element of images was sent: its header."""
    (element,) = (each for each in at.get("bidi_component") if str(each.key) == key)
    blob = element.proto.bytes
    length = int.from_bytes(blob[:4], "little")
    header: dict[str, Any] = json.loads(blob[4 : 4 + length])
    return header


def texts(at: AppTest) -> str:
    """As a person reads them, without Markdown's escapes."""
    every = "\n".join(each.value for each in (*at.markdown, *at.caption, *at.info))
    return re.sub(r"\\(.)", r"\1", every)


def test_a_cell_that_is_chosen_selects_its_images_for_every_view(open_app: Open) -> None:
    at = inspect(trained(open_app))
    snapshot = run_of(at).snapshot
    found = outcome(snapshot.network, snapshot.data.validation)
    i = int(np.flatnonzero(found.wrong)[0])
    true, predicted = int(found.labels[i]), int(found.predicted[i])
    at.selectbox(key="confusion true").set_value(true)
    fine(at.selectbox(key="confusion predicted").set_value(predicted).run())
    selection = Selection(true=true, predicted=predicted)
    assert query_of(at, "select") == [selection.to_text()]
    members = selection.members(snapshot.network, snapshot.data.validation)
    assert f"**true {true}, predicted {predicted}: {len(members):,}** of 1,000" in texts(at)
    header = sent(at, "selected")
    assert header["shape"][0] == min(len(members), 16)
    assert header["labels"][0].startswith(f"number {members[0]:,}, true {true}: {predicted} ")
    for view in NAMES:
        look(at, view)
        assert sent(at, "selected")["labels"] == header["labels"]
        assert view == NAMES[0] or query_of(at, "view") == [view]
    fine(at.button(key="select all").click().run())
    assert query_of(at, "select") == []


def test_an_address_opens_what_it_says_and_the_tab_remembers_it(open_app: Open) -> None:
    at = trained(open_app)
    at.query_params["select"] = "training.true-3.predicted-5"
    at.query_params["view"] = NAMES[-1]
    inspect(at)
    assert "**true 3, predicted 5: " in texts(at)
    assert "training digits" in texts(at)
    assert at.segmented_control(key="inspect view").value == NAMES[-1]
    at.switch_page("pages/train.py").run()
    for name in ("select", "view"):
        at.query_params.pop(name, None)
    inspect(at)
    assert "**true 3, predicted 5: " in texts(at)
    assert query_of(at, "select") == ["training.true-3.predicted-5"]


def test_an_address_that_cannot_be_read_is_told_in_a_sentence(open_app: Open) -> None:
    at = trained(open_app)
    at.query_params["select"] = "validation.color-3"
    at.query_params["example"] = "99999999999999"
    at.query_params["view"] = "xyz"
    inspect(at)
    fine(at.run())
    assert "unknown rule 'color-3'" in said(at)
    assert "**all: 1,000** of 1,000 validation digits" in texts(at)


def test_a_rule_goes_along_to_another_part(open_app: Open) -> None:
    at = inspect(trained(open_app))
    fine(at.selectbox(key="confusion true").set_value(3).run())
    fine(at.segmented_control(key="inspect part").set_value("training").run())
    assert "**true 3: 400** of 4,000 training digits" in texts(at)
    fine(at.segmented_control(key="inspect part").set_value("drawings").run())
    assert "**true 3: 0** of 0 drawings of yours" in texts(at)
    assert "Label a drawing on the page Draw" in texts(at)


def test_an_untrained_and_a_diverged_network_are_no_trouble(open_app: Open) -> None:
    at = inspect(open_app(**SMALL, optimizer="gradient_descent", learning_rate="100", l2="10"))
    assert "The network is untrained: press Play" in texts(at)
    for view in NAMES:
        look(at, view)
    at.button(key="play").click().run()
    at_rest(at)
    assert "The run diverged: this network predicts nothing" in texts(at)
    assert "selected" not in shown(at)


@pytest.mark.parametrize("task", ["7-rest", "3-8"])
def test_two_classes_have_every_view(open_app: Open, task: str) -> None:
    at = inspect(trained(open_app, layers="784,16,1", task=task))
    for view in NAMES:
        look(at, view)
        assert "selected" in shown(at)


def test_a_mistake_is_traced_and_its_step_taken_apart_under_the_hood(open_app: Open) -> None:
    at = inspect(trained(open_app), "errors")
    snapshot = run_of(at).snapshot
    found = outcome(snapshot.network, snapshot.data.validation)
    wrong = np.flatnonzero(found.wrong)
    number = int(wrong[np.argmax(found.confidence[wrong])])
    assert sent(at, "errors")["labels"][0].startswith(f"number {number:,}: labeled ")
    at.query_params["example"] = str(number)
    look(at, "trace")
    label = found.labels[number]
    assert f"Validation example {number:,}, true {label}** · predicted " in texts(at)
    assert f"Why {found.predicted[number]} and not " in texts(at)
    at.switch_page("pages/hood.py")
    at.query_params["batch"] = "inspect"
    fine(at.run())
    assert "on one example: Validation example" in texts(at)
    assert sent(at, "tiles X")["shape"] == [1, 28, 28]
    other = open_app(**SMALL)
    other.switch_page("pages/hood.py")
    other.query_params["batch"] = "inspect"
    assert "on one example" not in texts(fine(other.run()))


def test_a_drawing_is_traced_like_any_digit(open_app: Open) -> None:
    at = trained(open_app)
    at.switch_page("pages/draw.py")
    at.run()
    (menu,) = at.get("menu_button")
    assert isinstance(menu, MenuButton)
    fine(menu.click(menu.options[0]).run())
    inspect(at)
    at.query_params["example"] = "drawing"
    look(at, "trace")
    assert "**Your drawing** · predicted " in texts(at)
    fine(at.button(key="leave drawing").click().run())
    assert "Your drawing" not in texts(at)


def test_shuffled_labels_are_found_among_the_least_probable(open_app: Open) -> None:
    at = inspect(trained(open_app, label_noise="0.2"), "errors")
    fine(at.segmented_control(key="inspect part").set_value("training").run())
    fine(at.segmented_control(key="errors order").set_value("Least probable labels").run())
    (counted,) = re.findall(r"Of the 20 examples here, \*\*(\d+)\*\*", texts(at))
    assert int(counted) > 10  # a fifth of all are


def test_the_training_page_leads_to_the_mistakes(open_app: Open) -> None:
    at = trained(open_app)
    links = {each.proto.label for each in at.get("page_link") if "inspect" in each.proto.page}
    assert "Inspect its mistakes\\, or select an image to trace" in links
    inspect(at)
    assert "confusion curve" in shown(at)
    fine(at.segmented_control(key="inspect part").set_value("training").run())
    assert "confusion curve" not in shown(at)


def test_units_left_out_take_accuracy_along(open_app: Open) -> None:
    at = inspect(trained(open_app), "ablation")
    fine(at.slider(key="cut 16").set_value(16).run())
    assert at.metric[0].value == "10.0 %"  # one class for everything
    fine(at.slider(key="cut 16").set_value(0).run())
    fine(at.multiselect(key="units left out 1 16").set_value([3]).run())
    assert "Median loss of one unit alone" in texts(at)
    fine(at.segmented_control(key="ablation kind").set_value("Smallest weights").run())
    assert "pruned" in shown(at)


def test_a_bin_of_confidence_selects_its_examples_at_its_temperature(open_app: Open) -> None:
    at = inspect(trained(open_app), "calibration")
    fine(at.slider(key="temperature of calibration").set_value(2.0).run())
    fine(at.selectbox(key="confidence bin").set_value(3).run())
    assert query_of(at, "select") == ["validation.percent-30-40.temperature-200"]
    assert "confidence 30 to 40 % at temperature 2.00: " in texts(at)
    at = fine(at.button(key="best temperature").click().run())
    assert at.slider(key="temperature of calibration").value != 2.0


def test_a_network_without_hidden_layers_has_no_units(open_app: Open) -> None:
    at = inspect(trained(open_app, layers="784,10"))
    for view in NAMES:
        look(at, view)
        assert ("has no hidden layer" in texts(at)) == (view in ("unit", "ablation"))
