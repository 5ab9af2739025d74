"""The page Train: settings, buttons and address always agree on the run."""

import base64
import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import ButtonGroup, MenuButton, Pagination

from playground.config import RunConfig, read_address
from playground.presets import PRESETS, presets_for
from playground.registry import RUNS
from playground.settings import NETWORK_LIMIT, SETTINGS
from tests.pages.conftest import Open, at_rest, query_of, run_of, said, shown, status_line

TINY = {"layers": "784,4,10", "batch_size": "8", "augmentation": "0"}


def rows(at: AppTest) -> list[tuple[Any, Any]]:
    """Units and activation of each hidden layer, as the rows have them."""
    units = [each.value for each in at.number_input if str(each.key).startswith("set units")]
    names = [each.value for each in at.selectbox if str(each.key).startswith("set activation")]
    return list(zip(units, names, strict=True))


def row(at: AppTest, i: int, what: str) -> None:
    """Choose this from the menu of a hidden layer."""
    menu = at.get("menu_button")[i]
    assert isinstance(menu, MenuButton)
    menu.click(what).run()


def network(at: AppTest) -> str:
    """The network as text, once it is sure that all views of it agree."""
    assert not at.exception
    config, text = run_of(at).config, at.text_input(key="set layers").value
    assert text == str(list(config.layers))
    assert rows(at) == list(zip(config.layers[1:-1], config.activations, strict=True))
    assert query_of(at, "layers") in ([], [",".join(map(str, config.layers))])
    assert read_address({k: v[0] for k in SETTINGS if (v := query_of(at, k))}) == (config, [])
    return str(text)


def test_it_greets_ready_to_train(open_app: Open) -> None:
    at = open_app()
    assert not at.exception
    assert said(at) == ""
    pictures = {"network", "small canvas", "cost", "accuracy", "samples", "weights 1"}
    assert shown(at) == pictures | {"time slider"}
    assert 'data-status="ready"' in status_line(at)
    assert "Press Play" in status_line(at)
    assert not at.button(key="play").disabled
    assert run_of(at).config == RunConfig()
    assert network(at) == "[784, 256, 128, 10]"
    assert any("235,146 parameters" in each.value for each in at.caption)


@pytest.mark.parametrize("name", [name for name in presets_for(RunConfig()) if name != "default"])
def test_every_preset_shows_its_network(open_app: Open, name: str) -> None:
    at = open_app(**TINY)
    at.selectbox(key="set preset").select(name).run()
    assert run_of(at).config == PRESETS[name].config
    assert at.selectbox(key="set preset").value == name
    assert network(at) == str(list(PRESETS[name].config.layers))
    assert {"network", "cost", "accuracy", "samples"} <= shown(at)
    assert {"weights 1", "neuron"} & shown(at)


def test_a_step_is_one_iteration_and_an_epoch_all_digits(open_app: Open) -> None:
    at = open_app(**TINY | {"batch_size": "2000"})
    at_rest(at.button(key="step").click().run())
    assert 'data-status="paused" data-iteration="1"' in status_line(at)
    at_rest(at.button(key="epoch").click().run())
    assert 'data-iteration="2"' in status_line(at)
    assert run_of(at).snapshot.epoch == 1
    assert not at.exception


def test_play_pause_stop_reset(open_app: Open) -> None:
    at = open_app(**TINY, epochs="1000000")
    at.button(key="play").click().run()
    assert 'data-status="training"' in status_line(at)
    at_rest(at.button(key="step").click().run())  # one more, then it holds
    assert 'data-status="paused"' in status_line(at)
    at.button(key="play").click().run()
    at_rest(at.button(key="pause").click().run())
    assert 'data-status="paused"' in status_line(at)
    at.button(key="stop").click().run()
    assert 'data-status="stopped"' in status_line(at)
    assert not [each for each in at.button if each.key == "play"]  # it offers to go on instead
    assert any(each.label.endswith("more epochs") for each in at.button)
    assert any("correct" in each.value for each in at.markdown)
    at.button(key="reset").click().run()
    assert 'data-status="ready" data-iteration="0"' in status_line(at)
    assert not at.exception


def test_a_bad_network_is_kept_for_correction_with_its_sentence(open_app: Open) -> None:
    at = open_app()
    before = run_of(at)
    for text, sentence in (
        ("lots of neurons", "'lots of neurons' is not a list of layer sizes"),
        ("[784, 2000, 10]", "'2000' is not a whole number from 1 to 1,024"),
        ("100, 20, 3", "try [784, 20, 10]"),  # its ends do not fit the data
    ):
        at.text_input(key="set layers").set_value(text).run()
        assert sentence in said(at)
        assert "stays as it was." in said(at)
        assert at.text_input(key="set layers").value == text
        assert run_of(at) is before
        assert said(at.run()) == ""  # once is enough
        assert at.text_input(key="set layers").value == text
    assert rows(at) == [(256, "relu"), (128, "relu")]
    at.text_input(key="set layers").set_value("784, 20, 10").run()
    assert network(at) == "[784, 20, 10]"


def test_one_limit_of_networks_is_said_the_same_everywhere(open_app: Open) -> None:
    at = open_app()
    assert NETWORK_LIMIT in at.text_input(key="set layers").help
    for text in ("784, 2000, 10", "784," + "8," * 11 + "10", "784," + "1024," * 10 + "10"):
        at.text_input(key="set layers").set_value(text).run()
        assert NETWORK_LIMIT in said(at) or run_of(at).config.layers[1] == 1024
    at = open_app(layers="784," + "8," * 10 + "10")
    assert at.button(key="add layer").disabled
    assert at.button(key="add layer").help == NETWORK_LIMIT


def test_text_and_rows_are_one_network(open_app: Open) -> None:
    at = open_app()
    at.text_input(key="set layers").set_value("784 30 20 10").run()
    assert network(at) == "[784, 30, 20, 10]"
    at.selectbox(key="set activation 1").select("tanh").run()
    at.number_input(key="set units 0").set_value(31).run()
    assert network(at) == "[784, 31, 20, 10]"
    at.button(key="add layer").click().run()
    assert network(at) == "[784, 31, 20, 20, 10]"
    assert rows(at) == [(31, "relu"), (20, "tanh"), (20, "tanh")]
    row(at, 0, "Move down")
    assert rows(at) == [(20, "tanh"), (31, "relu"), (20, "tanh")]
    row(at, 0, "Move up")  # it is the first already
    row(at, 2, "Move up")
    assert rows(at) == [(20, "tanh"), (20, "tanh"), (31, "relu")]
    for left in ("[784, 20, 31, 10]", "[784, 31, 10]", "[784, 10]"):
        row(at, 0, "Remove")
        assert network(at) == left
    at.button(key="add layer").click().run()
    assert rows(at) == [(64, "relu")]
    assert network(at) == "[784, 64, 10]"


def test_a_live_setting_stays_with_the_run_and_any_other_starts_one(open_app: Open) -> None:
    at = open_app(**TINY)
    run = run_of(at)
    at_rest(at.button(key="step").click().run())
    at.number_input(key="set learning_rate").set_value(0.01).run()
    assert run_of(at) is run
    assert run.snapshot.curves.events[0].text == "Learning rate α: 0.003 → 0.01"
    at.number_input(key="set seed").set_value(7).run()
    new = run_of(at)
    assert new is not run
    assert (new.config.seed, new.config.learning_rate) == (7, 0.01)
    assert new.snapshot.before is not None
    assert new.snapshot.before.step_cost.tolist() == run.snapshot.curves.step_cost.tolist()
    at.button(key="back").click().run()
    assert run_of(at) is run
    assert not at.exception


def test_every_other_setting_has_a_widget_that_holds(open_app: Open) -> None:
    at = open_app(**TINY)
    at.selectbox(key="set optimizer").select("momentum").run()
    at.selectbox(key="set batch_size").select("full").run()
    at.selectbox(key="set initializer").select("glorot").run()
    at.selectbox(key="set schedule").select("one_cycle").run()
    at.slider(key="set augmentation").set_value(0.5).run()
    at.slider(key="set dropout").set_value(0.25).run()
    at.number_input(key="set l2").set_value(0.001).run()
    (unit,) = (each for each in at.get("button_group") if each.key == "set unit")
    assert isinstance(unit, ButtonGroup)
    unit.set_value("iterations").run()
    at.number_input(key="set iterations").set_value(33).run()
    assert not at.exception
    assert run_of(at).config == RunConfig(
        digit_forms="mnist",
        layers=(784, 4, 10),
        activations=("relu",),
        optimizer="momentum",
        batch_size=None,
        initializer="glorot",
        schedule="one_cycle",
        augmentation=0.5,
        dropout=0.25,
        l2=0.001,
        epochs=None,
        iterations=33,
    )


# The address


def test_the_address_holds_the_settings(open_app: Open) -> None:
    query = {
        "digit_forms": "world",
        "layers": "784,10",
        "activations": "",
        "optimizer": "gradient_descent",
        "learning_rate": "1e-09",
        "batch_size": "77",
        "iterations": "5",
        "l2": "9",
        "dropout": "0.33",
        "augmentation": "2.7",
        "seed": "4294967295",
    }
    at = open_app(**query, utm_source="mail")
    assert not at.exception
    assert said(at) == ""
    assert run_of(at).config == RunConfig.from_text(query)
    assert at.selectbox(key="set digit_forms").value == "world"
    assert network(at) == "[784, 10]"
    assert query_of(at, "utm_source") == ["mail"]


def test_bad_values_in_the_address_get_sentences_and_the_default(open_app: Open) -> None:
    at = open_app(optimizer="sgd", epochs="many", seed="5")
    assert run_of(at).config == RunConfig(seed=5, digit_forms="mnist", epochs=60)
    assert "unknown optimizer 'sgd'" in said(at)
    assert "'many' is not a whole number" in said(at)
    assert said(at).count("The default is used.") == 2
    assert query_of(at, "optimizer") == []
    assert query_of(at, "epochs") == ["60"]  # the default when addresses had no digit forms


def test_an_address_that_does_not_fit_the_data_gets_a_sentence(open_app: Open) -> None:
    at = open_app(layers="700,10")
    assert "The address does not fit: layers: [700, 10] does not fit the data" in said(at)
    assert run_of(at).config == RunConfig()


def test_a_shared_address_has_the_settings_without_the_run(open_app: Open) -> None:
    at = open_app(**TINY)
    (code,) = at.code
    query = dict(parse_qsl(urlsplit(code.value).query, keep_blank_values=True))
    assert query.keys() == TINY.keys() | {"activations", "digit_forms", "epochs"}
    elsewhere = open_app(**query)
    assert run_of(elsewhere) is not run_of(at)
    assert run_of(elsewhere).config == run_of(at).config


def test_a_reload_finds_the_run(open_app: Open) -> None:
    at = open_app(**TINY)
    at_rest(at.button(key="step").click().run())
    again = open_app(run=run_of(at).token)
    assert run_of(again) is run_of(at)
    assert 'data-iteration="1"' in status_line(again)
    assert network(again) == "[784, 4, 10]"
    assert any("open in 2 windows" in each.value for each in again.caption)


def test_a_run_that_is_gone_is_started_anew_with_a_word(open_app: Open) -> None:
    at = open_app(**TINY, run="gone")
    assert "not on this server any more" in said(at)
    assert network(at) == "[784, 4, 10]"


def test_a_change_in_one_window_leaves_the_other_its_run(open_app: Open) -> None:
    one = open_app(**TINY, epochs="1000000")
    run = run_of(one)
    two = open_app(run=run.token)
    two.button(key="play").click().run()
    one.number_input(key="set seed").set_value(2).run()
    assert run_of(one) is not run
    assert run.busy
    assert run_of(two.run()) is run
    assert said(two) == ""
    run.pause()


def test_errors_are_shown(open_app: Open) -> None:
    at = open_app(**TINY, optimizer="gradient_descent", learning_rate="100", l2="10")
    at_rest(at.button(key="play").click().run())
    assert 'data-status="failed"' in status_line(at)
    assert "The run diverged at iteration" in said(at)
    assert at.button(key="play").disabled
    assert not at.exception
    at.button(key="reset").click().run()
    assert said(at) == ""


def test_runs_replaced_before_they_trained_are_not_kept(open_app: Open) -> None:
    at = open_app(**TINY)
    n = len(RUNS)
    for seed in (2, 3, 4):
        at.number_input(key="set seed").set_value(seed).run()
    assert len(RUNS) == n


def test_neurons_page_by_page(open_app: Open) -> None:
    at = open_app()
    (pages,) = at.get("pagination")
    assert isinstance(pages, Pagination)
    pages.set_value(2).run()
    assert not at.exception
    assert "weights 2" in shown(at)


def test_logarithmic_cost_on_demand(open_app: Open) -> None:
    at = open_app(**TINY)
    at.toggle(key="log cost").set_value(True).run()
    (cost,) = (each.proto.bytes for each in at.get("bidi_component") if each.key == "cost")
    assert b'"type": "log"' in cost or b'"type":"log"' in cost


def test_a_run_that_ends_guessing_is_not_celebrated(open_app: Open) -> None:
    at = open_app(**TINY, initializer="zeros", epochs="2", learning_rate="1e-7")
    at_rest(at.button(key="play").click().run())
    assert "finished, no better than guessing" in status_line(at)
    assert any("No better than guessing" in each.value for each in at.warning)
    assert [each.label for each in at.button if each.key == "fix"] == ["Start with He weights"]
    assert not any("Draw one yourself" in str(each.proto) for each in at.get("page_link"))


def test_what_a_run_comes_to_says_how_it_goes_on_and_what_to_try(open_app: Open) -> None:
    at = open_app(layers="784,16,10", augmentation="0", epochs="12", digit_forms="mnist")
    at_rest(at.button(key="play").click().run())
    assert any("44 more epochs:" in each.value and "one cycle" in each.value for each in at.caption)
    (button,) = (each for each in at.button if each.label.endswith("more epochs"))
    assert "then covers the longer run" in button.proto.help
    at.button(key="try next").click().run()
    assert run_of(at).config.layers == (784, 8, 10) or run_of(at).config.dropout


def test_samples_of_one_digit_against_the_rest_have_that_digit(open_app: Open) -> None:
    at = open_app(task="3-rest", layers="784,1")
    (content,) = (each.proto.bytes for each in at.get("bidi_component") if each.key == "samples")
    header = json.loads(content[4 : 4 + int.from_bytes(content[:4], "little")])
    assert sum(label.startswith("3,") for label in header["labels"]) == 7
    assert "weights 1" not in shown(at)  # of one neuron: large at once, not small as well
    assert "neuron" in shown(at)


def test_a_step_shows_in_both_charts_beside_what_guessing_is_worth(open_app: Open) -> None:
    at = open_app(task="3-rest", layers="784,1")
    at_rest(at.button(key="step").click().run())
    charts = {
        each.key: json.loads(each.proto.bytes)["figure"]
        for each in at.get("bidi_component")
        if each.key in ("cost", "accuracy")
    }
    for figure in charts.values():
        (validation,) = (line for line in figure["data"] if line["name"] == "validation")
        assert validation["mode"] == "lines+markers"
        assert len(base64.b64decode(validation["x"]["bdata"])) == 16  # two points
    (note,) = charts["accuracy"]["layout"]["annotations"]
    assert note["text"] == "guessing 90.0 %"


def test_why_did_a_weight_change_opens_at_the_update_of_the_neuron_shown(open_app: Open) -> None:
    at = open_app(task="3-rest", layers="784,1")
    links = {each.proto.label: each.proto.query_string for each in at.get("page_link")}
    assert links["Why did a weight change by that much?"] == "slide=update"
    at.query_params["slide"] = "update"
    at.switch_page("pages/hood.py").run()
    assert not at.exception
    assert at.segmented_control(key="hood stage").value == "update"
    assert not query_of(at, "slide")
    at.segmented_control(key="hood stage").set_value("forward").run()
    assert at.segmented_control(key="hood stage").value == "forward"  # the link acts once


def test_a_widget_of_another_page_is_set_whatever_the_one_before_showed(open_app: Open) -> None:
    at = open_app(layers="784,5,10", activations="relu", epochs="7", dataset="mnist-5k")
    at.selectbox(key="set dataset").set_value("mnist-5k").run()
    for page in ("pages/data.py", "pages/train.py", "pages/plane.py", "pages/train.py"):
        at.switch_page(page).run()
        at.run()
    assert at.number_input(key="set epochs").value == 7
    assert at.text_input(key="set layers").value == "[784, 5, 10]"
