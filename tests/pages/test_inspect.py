"""The page Inspect: one selection, in the address, that every view follows."""

import json
import re
from collections import Counter
from collections.abc import Callable
from threading import Event
from typing import Any

import numpy as np
import pytest
from streamlit.proto.Metric_pb2 import Metric as MetricProto
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import MenuButton

from data.dataset import Dataset, Splits, as_columns
from data.upload_store import UPLOADS
from playground.inspect.embedding import _one_at_a_time
from playground.inspect.outcome import Outcome, outcome
from playground.inspect.selection import Selection
from tests.pages.conftest import Open, at_rest, query_of, run_of, said, shown
from tests.playground.examples import wait_until
from ui import session
from ui.inspect import (
    ablation,
    adversarial,
    attribution,
    beside,
    errors,
    map,
    marked,
    maximization,
    trace,
)
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


NAMES_OF_SHOES = ("Ankle boot", "T-shirt/top", "a*b")


def other_images(m: int, seed: int) -> Dataset:
    """Images of 9×5 pixels, of three classes with long names."""
    rng = np.random.default_rng(seed)
    labels = np.arange(m) % 3
    rows = rng.uniform(0, 0.5, (m, 45))
    rows[np.arange(m), labels * 20] += 0.5
    return Dataset("shoes", as_columns(rows), labels, NAMES_OF_SHOES, (9, 5))


def shoes() -> str:
    """The name under which a server has these as an upload."""
    return UPLOADS.keep(Splits(other_images(150, 1), other_images(40, 2)), "shoes").name


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
    assert f"Logit of {found.predicted[number]} minus logit of " in texts(at)
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


def test_a_mistake_has_both_names_however_long_they_are() -> None:
    """Below each other where they do not fit beside each other."""
    found = Outcome(np.array([[0.0], [1.0]]), np.array([0]))
    assert errors.mistake(found, 0, ("7", "2")) == "7 → 2"
    assert errors.mistake(found, 0, ("7", "not 7")) == "7 → not 7"
    assert errors.mistake(found, 0, ("T-shirt/top", "Dress")) == "T-shirt/top →\nDress"


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
    assert at.metric[0].proto.direction == MetricProto.DOWN
    fine(at.slider(key="cut 16").set_value(0).run())
    assert at.metric[0].delta == "+0.0 points"
    assert at.metric[0].proto.direction == MetricProto.NONE
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


def figure_of(at: AppTest, key: str) -> dict[str, Any]:
    """The figure that a chart was sent."""
    (element,) = (each for each in at.get("bidi_component") if str(each.key) == key)
    figure: dict[str, Any] = json.loads(element.proto.bytes)["figure"]
    return figure


def test_a_map_of_neighbors_is_computed_beside_the_page_and_cancelled(open_app: Open) -> None:
    at = inspect(trained(open_app, dataset=shoes(), layers="45,6,3"), "map")
    on_axes = figure_of(at, "map")["data"][0]["x"]
    assert "of the variance" in texts(at)
    with _one_at_a_time:  # so it waits, and can be cancelled
        fine(at.segmented_control(key="map method").set_value("tsne").run())
        (found,) = at.session_state["embeddings"].values()
        (bar,) = at.get("progress")
        assert bar.proto.text == "t-SNE: 0 of 2 stages (after another map on this server)"
        fine(at.button(key="cancel map").click().run())
        assert found.embedding.progress.state == "cancelled"
        assert "Cancelled after 0 of 2 stages." in texts(at)
    assert found.embedding.wait(60)
    fine(at.button(key="map again").click().run())
    (again,) = at.session_state["embeddings"].values()
    assert again.embedding.wait(120)
    assert again.embedding.progress.state == "done"
    fine(at.run())
    data = figure_of(at, "map")["data"]
    assert [trace["name"] for trace in data] == list(NAMES_OF_SHOES)
    assert data[0]["x"] != on_axes
    assert "keep neighbors together" in texts(at)
    assert "map under way" not in shown(at)


def test_a_map_of_an_earlier_step_says_so(open_app: Open) -> None:
    at = inspect(open_app(**(SMALL | {"dataset": shoes(), "layers": "45,6,3"})), "map")
    fine(at.segmented_control(key="map method").set_value("tsne").run())
    (found,) = at.session_state["embeddings"].values()
    assert found.embedding.wait(120)
    at.button(key="step").click().run()
    fine(at.run())
    assert "The positions are those of step 0, the colors those of step 1." in texts(at)


def test_a_class_hidden_in_the_legend_is_hidden_among_the_images() -> None:
    from ui.inspect.map import hidden_after
    from ui.live_plot import Restyle

    names = ["3", "5", "8"]
    hidden = hidden_after(set(), names, Restyle({"visible": ["legendonly"]}, (1,)))
    assert hidden == {"5"}
    alone = Restyle({"visible": [True, "legendonly", "legendonly", True]}, (0, 1, 2, 3))
    assert hidden_after(hidden, names, alone) == {"5", "8"}
    assert hidden_after(hidden, names, Restyle({"visible": [True]}, (1,))) == set()
    nonsense: dict[str, Any]
    for nonsense in ({}, {"visible": []}, {"visible": None}, {"opacity": 3}):
        assert hidden_after(hidden, names, Restyle(nonsense, (0, 99))) <= {"5"}


def test_a_dead_unit_is_said_to_be_dead(open_app: Open) -> None:
    """No examples are shown that would activate it most."""
    at = inspect(trained(open_app), "unit")
    assert "have in common" in texts(at)
    assert "unit most" in shown(at)
    run_of(at).set_parameter(1, 0, None, -1000.0)
    fine(at_rest(at))
    assert "The unit is dead" in texts(at)
    assert "unit most" not in shown(at)


def test_marked_examples_are_left_out_relabeled_and_come_back(open_app: Open) -> None:
    at = inspect(trained(open_app, label_noise="0.1"), "errors")
    assert "choose Training above" in texts(at)
    fine(at.segmented_control(key="inspect part").set_value("training").run())
    fine(at.segmented_control(key="errors order").set_value("Labels that cleanlab doubts").run())
    wait_until(lambda: "Computing" not in texts(fine(at.run())))
    doubted = int(re.findall(r"cleanlab doubts ([\d,]+) labels", texts(at))[0].replace(",", ""))
    shuffled = int(re.findall(r"label noise shuffled ([\d,]+)", texts(at))[0].replace(",", ""))
    assert shuffled / 2 < doubted < 2 * shuffled
    first = [int(re.findall(r"number ([\d,]+):", each)[0].replace(",", ""))
             for each in sent(at, "errors")["labels"][:3]]  # fmt: skip
    fine(at.multiselect(key="marked examples").set_value(first[:2]).run())
    train = run_of(at).snapshot.data.train
    images = train.X[:, first]
    fine(at.button(key="leave out").click().run())
    at_rest(at)
    run = run_of(at)
    assert run.config.corrections == tuple((number, None) for number in sorted(first[:2]))
    assert run.snapshot.data.train.m == 3998
    assert "2 examples left out and 0 relabeled" in texts(at)
    # The numbers of those that are left have moved; the third is relabeled where it is now.
    now = run.snapshot.data.train
    (third,) = np.flatnonzero((now.X == images[:, 2:]).all(axis=0))
    at.session_state["marked examples"] = [int(third)]
    at.selectbox(key="right label").set_value(4)
    fine(at.run())
    fine(at.button(key="relabel").click().run())
    at_rest(at)
    last = run_of(at).config.corrections
    assert dict(last)[first[2]] == 4
    assert len(last) == 3
    assert run_of(at).snapshot.data.train.labels[third] == 4
    fine(at.button(key="undo corrections").click().run())
    at_rest(at)
    assert run_of(at).snapshot.data.train.m == 4000


def test_marks_are_of_one_training_set_and_outlast_a_refusal(
    open_app: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = inspect(open_app(**QUICK), "errors")
    fine(at.segmented_control(key="inspect part").set_value("training").run())
    first = [int(re.findall(r"number ([\d,]+):", each)[0].replace(",", ""))
             for each in sent(at, "errors")["labels"][:2]]  # fmt: skip
    fine(at.multiselect(key="marked examples").set_value(first).run())
    monkeypatch.setattr("playground.settings.MAX_CORRECTIONS", 1)
    fine(at.button(key="leave out").click().run())
    assert "2 corrections are too many" in said(at)
    assert not run_of(at).config.corrections
    assert at.multiselect(key="marked examples").value == first
    at.switch_page("pages/train.py")
    fine(at.run())
    fine(at.number_input(key="set seed").set_value(2).run())
    at = inspect(at, "errors")
    assert run_of(at).config.seed == 2
    assert at.multiselect(key="marked examples").value == []


def test_an_option_of_an_earlier_draw_is_taken_by_its_number(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Streamlit gives the text of an option that the latest draw does not have."""
    given: dict[str, Any] = {marked.MARKED: [7, "1,234: T-shirt/top", "other"]}
    monkeypatch.setattr(session, "get", given.get)
    monkeypatch.setattr(session, "put", given.__setitem__)
    marked.toggle(3)
    assert given[marked.MARKED] == [7, 1234, 3]


@pytest.mark.parametrize("layers", ["45,6,3", "45,1024,3"])
def test_images_of_another_size_have_every_view(open_app: Open, layers: str) -> None:
    at = inspect(trained(open_app, dataset=shoes(), layers=layers))
    assert "My drawings" not in at.segmented_control(key="inspect part").options
    for view in NAMES:
        look(at, view)
        assert sent(at, "selected")["shape"][1:] == [9, 5]
    look(at, "map")
    fine(at.segmented_control(key="map method").set_value("tsne").run())
    (found,) = at.session_state["embeddings"].values()
    assert found.embedding.wait(120)
    assert found.embedding.progress.state == "done"


def test_the_training_digits_most_like_an_example_lead_to_their_own_trace(open_app: Open) -> None:
    at = inspect(trained(open_app), "trace")
    wait_until(lambda: "neighbors" in shown(fine(at.run())))
    labels = sent(at, "neighbors")["labels"]
    assert len(labels) == 12
    snapshot = run_of(at).snapshot
    number = int(re.findall(r"training example ([\d,]+)", labels[0])[0].replace(",", ""))
    assert labels[0].split("labeled ")[1][0] == str(snapshot.data.train.labels[number])
    assert "Nearest training digits" in texts(at)


def test_what_views_need_is_computed_while_another_is_looked_at(
    open_app: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: Counter[str] = Counter()
    for module, name in (
        (trace, "last_hidden"),
        (ablation, "cut_curve"),
        (attribution, "integrated_gradients"),
        (maximization, "maximizing_inputs"),
        (adversarial, "smallest"),
        (adversarial, "_fgsm_and_noise"),
        (map, "sheet"),
    ):
        monkeypatch.setattr(module, name, counted(calls, name, getattr(module, name)))
    at = inspect(trained(open_app), "errors")
    wait_until(lambda: len(calls) == 7)
    beside._ahead_thread.submit(lambda: None).result(40)
    calls.clear()
    for view in ("ablation", "attribution", "maximization", "adversarial", "map"):
        look(at, view)
    assert not calls


def test_what_was_begun_for_another_example_is_not_computed_any_more(open_app: Open) -> None:
    at = trained(open_app)
    released = Event()
    beside._ahead_thread.submit(released.wait, 40)
    inspect(at, "errors")
    before = list(at.session_state[beside._AHEAD])
    assert len(before) == 7
    at.query_params["example"] = "3"
    fine(at.run())
    assert all(each.cancelled() for each in before)
    released.set()
    for each in at.session_state[beside._AHEAD]:
        each.result(40)


def counted(calls: Counter[str], name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def counting(*given: Any, **named: Any) -> Any:
        calls[name] += 1
        return function(*given, **named)

    return counting


def test_what_takes_long_is_computed_beside_the_page(
    open_app: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adversarial, "AT_ONCE", 100)
    at = trained(open_app)
    released = Event()
    beside._thread.submit(released.wait, 40)
    inspect(at, "adversarial")
    assert "Computing the accuracy of all 1,000 examples" in texts(at)
    assert "100 validation" in figure_of(at, "accuracy under attack")["layout"]["title"]["text"]
    released.set()
    wait_until(lambda: "Computing" not in texts(fine(at.run())))
    assert "1,000 validation" in figure_of(at, "accuracy under attack")["layout"]["title"]["text"]

    def fails(*given: object) -> None:
        raise MemoryError("not enough memory")

    monkeypatch.setattr(errors, "label_issues", fails)
    look(at, "errors")
    fine(at.segmented_control(key="errors order").set_value("Labels that cleanlab doubts").run())
    assert "the labels that cleanlab doubts cannot be computed: not enough memory" in said(at)
