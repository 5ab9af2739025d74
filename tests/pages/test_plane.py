"""The plane in the whole app: its run beside that of the digits, its controls, its address."""

import json
import re
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from data.points import INPUTS
from playground.inspect.outcome import outcome
from playground.presets import PRESETS
from playground.registry import RUNS
from tests.pages.conftest import Open, at_rest, query_of, run_of, said, shown, status_line
from tests.pages.test_draw import put_example
from tests.pages.test_inspect import texts
from ui.inspect.views import VIEWS

PLANE, TRAIN = "pages/plane.py", "pages/train.py"


def on_plane(open_app: Open, **query: str) -> AppTest:
    """The app at an address of the plane: the front page sends those there."""
    return open_app(**({"dataset": "xor", "points": "60", "epochs": "3"} | query))


def header(at: AppTest) -> dict[str, Any]:
    (view,) = (each for each in at.get("bidi_component") if each.key == "view")
    blob = view.proto.bytes
    found: dict[str, Any] = json.loads(blob[4 : 4 + int.from_bytes(blob[:4], "little")])
    return found


def test_an_address_of_points_opens_on_the_plane(open_app: Open) -> None:
    at = on_plane(open_app)
    assert not at.exception
    assert run_of(at).config.dataset == "xor"
    assert {"view", "cost", "accuracy"} <= shown(at)
    assert header(at)["points"] == [42, 18]


def test_switching_pages_loses_neither_run(open_app: Open) -> None:
    at = open_app(layers="784,5,10", activations="relu")
    at.button(key="step").click().run()
    digits = run_of(at)
    at.switch_page(PLANE).run()
    assert said(at) == ""
    points = run_of(at)
    assert points.config.dataset == "spiral"
    at.button(key="epoch").click().run()
    at_rest(at)
    at.switch_page(TRAIN).run()
    assert run_of(at) is digits
    assert digits.snapshot.iteration == 1
    at.switch_page(PLANE).run()
    assert run_of(at) is points
    assert points.snapshot.epoch == 1
    assert RUNS.get(digits.token) is digits


def test_inputs_are_switched_and_the_network_follows(open_app: Open) -> None:
    at = on_plane(open_app)
    (pills,) = (each for each in at.get("button_group") if each.key == "set inputs")
    pills.set_value(["x1x2", "x1"]).run()  # type: ignore[union-attr]
    assert not at.exception
    config = run_of(at).config
    assert config.inputs == ("x1", "x1x2")
    assert header(at)["names"] == ["x₁", "x₁x₂"]


def test_more_classes_take_softmax(open_app: Open) -> None:
    at = on_plane(open_app, dataset="gaussians")
    at.number_input(key="set classes").set_value(4).run()
    assert run_of(at).config.layers == (2, 8, 8, 4)
    assert header(at)["activations"][-1] == "softmax"


def test_new_points_are_the_next_seed(open_app: Open) -> None:
    at = on_plane(open_app)
    at.button(key="new points").click().run()
    assert query_of(at, "seed") == ["2"]


def test_all_inputs_and_a_step(open_app: Open) -> None:
    at = on_plane(open_app, inputs=",".join(INPUTS), layers="7,3,1")
    at.button(key="epoch").click().run()
    at_rest(at)
    assert not at.exception
    assert run_of(at).snapshot.epoch == 1


def test_threshold_precision_recall_and_roc(open_app: Open) -> None:
    at = on_plane(open_app)
    at.toggle(key="two classes").set_value(True).run()
    assert not at.exception
    assert [metric.label for metric in at.metric] == ["Accuracy", "Precision", "Recall"]
    assert "roc" in shown(at)
    at.slider(key="threshold").set_value(1.0).run()
    assert [metric.value for metric in at.metric][1:] == ["–", "0.0 %"]


def test_what_a_teacher_hides_is_gone_and_stays_in_the_address(open_app: Open) -> None:
    at = on_plane(open_app)
    assert "set noise" in {each.key for each in at.slider}
    assert "set preset" in {each.key for each in at.selectbox}
    assert header(at)["editable"] is True
    assert header(at)["growable"] is True
    at = on_plane(open_app, hide="noise,preset,weights,layers")
    assert header(at)["growable"] is False
    (hidden,) = query_of(at, "hide")
    assert sorted(hidden.split(",")) == ["layers", "noise", "preset", "weights"]
    assert "set noise" not in {each.key for each in at.slider}
    assert "set preset" not in {each.key for each in at.selectbox}
    assert header(at)["editable"] is False
    at.switch_page(TRAIN).run()
    assert "set preset" not in {each.key for each in at.selectbox}
    at.button(key="show all").click().run()
    assert "set preset" in {each.key for each in at.selectbox}


def test_a_person_places_points(open_app: Open) -> None:
    at = on_plane(open_app, dataset="placed", placed="1_1_0~-1_-1_1~2_2_2")
    assert not at.exception
    assert header(at)["brush"] == 0
    assert header(at)["classes"] == ["0", "1", "2"]
    assert run_of(at).config.layers[-1] == 3


def test_two_digits_on_the_training_page(open_app: Open) -> None:
    at = open_app(task="3-8", activations="relu", epochs="1", augmentation="0")
    assert not at.exception
    run = run_of(at)
    assert run.config.layers == (784, 256, 128, 1)
    at.button(key="step").click().run()
    at_rest(at)
    at.toggle(key="two classes").set_value(True).run()
    assert not at.exception
    assert any("400 are 3, 400 are 8" in each.value for each in at.caption)
    at.switch_page("pages/draw.py").run()
    put_example(at, "3")


def test_a_preset_starts_a_new_run_with_the_old_curve_behind_it(open_app: Open) -> None:
    memorized = PRESETS["by-heart"].config.with_values(epochs=3).to_text()
    at = open_app(**{"dataset": "gaussians"} | memorized)
    at.button(key="epoch").click().run()
    old = run_of(at_rest(at))
    at.selectbox(key="set preset").select("by-heart-l2").run()
    assert said(at) == ""
    new = run_of(at)
    assert new is not old
    assert (new.config.l2, old.config.l2) == (0.03, 0.0)
    assert (new.snapshot.iteration, new.config) == (0, PRESETS["by-heart-l2"].config)
    assert new.snapshot.before is not None
    assert new.snapshot.before.step_cost.tolist() == old.snapshot.curves.step_cost.tolist()


def test_curves_of_other_data_stand_behind_no_preset(open_app: Open) -> None:
    at = on_plane(open_app)
    at.button(key="epoch").click().run()
    at_rest(at).selectbox(key="set preset").select("spiral").run()
    assert said(at) == ""
    assert run_of(at).config.dataset == "spiral"
    assert run_of(at).snapshot.before is None


def test_a_run_that_is_over_goes_on_for_more_epochs(open_app: Open) -> None:
    at = on_plane(open_app)
    at.button(key="play").click().run()
    at_rest(at)
    assert "done" in status_line(at)
    at.button(key="500 more epochs").click().run()
    assert not at.exception
    run = run_of(at)
    assert run.config.epochs == 503
    run.pause()


def test_the_speed_is_the_run_s_and_the_next_run_s(open_app: Open) -> None:
    at = on_plane(open_app)

    def speed() -> Any:
        (found,) = (each for each in at.get("button_group") if each.key == "set speed")
        return found

    assert speed().value == "Real time"
    at.run()
    assert not speed().proto.set_value  # or a refresh would take back a click that is on its way
    speed().set_value("1 step/s").run()
    assert not at.exception
    assert run_of(at).snapshot.speed == 1
    speed().set_value(None).run()  # as from a page that was left before its widget was drawn
    assert not at.exception
    assert run_of(at).snapshot.speed == 1
    at.button(key="new points").click().run()
    assert speed().value == "1 step/s"
    assert run_of(at).snapshot.speed == 1


@pytest.mark.parametrize("dataset", ["reg-plane", "reg-gauss"])
def test_a_regression_is_shown_and_measured_by_r_squared(open_app: Open, dataset: str) -> None:
    at = on_plane(open_app, dataset=dataset)
    assert not at.exception
    assert (header(at)["value"], header(at)["activations"][-1]) == (True, "identity")
    at.button(key="play").click().run()
    at_rest(at)
    assert not at.exception
    assert re.search(r"<b>R² −?-?\d\.\d{3}</b>", status_line(at))
    assert "threshold" not in str(at.toggle)
    assert "numbers" not in said(at)
    (chart,) = (each for each in at.get("bidi_component") if each.key == "accuracy")
    assert b"R\\u00b2" in chart.proto.bytes or "R²".encode() in chart.proto.bytes
    at.selectbox(key="set class_weights").select("balanced").run()
    at.slider(key="set label_noise").set_value(0.5).run()
    at.button(key="epoch").click().run()
    assert not at_rest(at).exception


def test_weights_set_by_hand_are_in_no_address_and_the_page_says_so(open_app: Open) -> None:
    at = on_plane(open_app)
    assert not any("by hand" in each.value for each in at.caption)
    run_of(at).set_parameter(1, 0, None, 0.5)
    at.run()
    assert any("set by hand, which an address cannot contain" in each.value for each in at.caption)
    assert not any("Settings were changed" in each.value for each in at.caption)


def test_the_plane_without_units_and_with_the_wrong_points_alone(open_app: Open) -> None:
    at = on_plane(open_app, dataset="spiral", points="200")
    at.button(key="play").click().run()
    at_rest(at)
    run = run_of(at)
    before = run.snapshot.network.theta.copy()
    out = [(2, unit) for unit in range(8)]
    at.multiselect(key="units left out of the plane").set_value(out).run()
    assert not at.exception
    (said,) = (each.value for each in at.markdown if each.value.startswith("Without 8 of its"))
    share = re.findall(r"\*\*([\d.]+) %\*\*", said)[0]
    data, bias = run.snapshot.data.validation, run.snapshot.network.layers[-1].b[0, 0]
    assert share == f"{100 * np.mean(data.labels == int(bias > 0)):.1f}"  # its bias alone answers
    np.testing.assert_array_equal(run.snapshot.network.theta, before)
    at.multiselect(key="units left out of the plane").set_value([]).run()
    at.button(key="select wrong").click().run()
    assert not at.exception
    found = outcome(run.snapshot.network, data)
    assert header(at)["points"][1] == found.wrong.sum()
    at.switch_page("pages/inspect.py").run()
    assert not at.exception
    assert f"**predicted wrongly: {found.wrong.sum():,}** of {data.m:,}" in texts(at)


@pytest.mark.parametrize("dataset", ["spiral", "reg-plane"])
def test_inspect_has_what_makes_sense_on_the_plane(open_app: Open, dataset: str) -> None:
    at = on_plane(open_app, dataset=dataset)
    at.button(key="play").click().run()
    at_rest(at)
    at.switch_page("pages/inspect.py").run()
    assert not at.exception
    if dataset == "reg-plane":
        assert "This network predicts a number" in texts(at)
        return
    for name, view in VIEWS.items():
        at.segmented_control(key="inspect view").set_value(name).run()
        assert not at.exception, name
        assert ("This view is of images." in texts(at)) == view.of_images, name
        if name == "ablation":  # what it says to see is what is there
            (median,) = re.findall(r"Median loss of one unit alone: (-?[\d.]+) points", texts(at))
            assert ("One unit matters little" in texts(at)) == (float(median) < 1)
