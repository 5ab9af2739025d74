"""The page Under the hood, and what the diagnosis says on the page Train."""

import json
import time
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from playground.presets import PRESETS
from playground.slides import names
from playground.step_trace import Path, copy_of, take_apart
from tests.pages.conftest import Open, another_tab, at_rest, run_of, said, shown
from tests.playground.examples import wait_until

SMALL = {"layers": "784,16,12,10", "batch_size": "8", "augmentation": "0"}
DEEP = {"layers": "784,256,128,64,10", "activations": "relu", "batch_size": "64"}
MOST = 0.5  # seconds of the processor for a page change: no clock, the machine may be busy


def hood(at: AppTest) -> AppTest:
    at.switch_page("pages/hood.py")
    return fine(at.run())


def fine(at: AppTest) -> AppTest:
    assert not at.exception, at.exception[0].message
    return at


def press(at: AppTest, key: str) -> AppTest:
    return fine(at.button(key=key).click().run())


def title(at: AppTest) -> str:
    return str(at.header[0].value)


def picture(at: AppTest, key: str) -> tuple[dict[str, Any], np.ndarray]:
    """What a matrix's element was sent: its header and its pixels."""
    (element,) = (each for each in at.get("bidi_component") if str(each.key) == key)
    blob = element.proto.bytes
    length = int.from_bytes(blob[:4], "little")
    return json.loads(blob[4 : 4 + length]), np.frombuffer(blob[4 + length :], dtype=np.uint8)


def board(at: AppTest) -> dict[str, Any]:
    return picture(at, "board")[0]


def card(at: AppTest, key: str) -> dict[str, Any]:
    """What the board was sent of one matrix."""
    (found,) = (each for each in board(at)["cards"] if each["key"] == key)
    return dict(found)


def texts(at: AppTest) -> str:
    return "\n".join(each.value for each in (*at.latex, *at.markdown, *at.caption))


def test_every_slide_can_be_turned_to_and_back(open_app: Open) -> None:
    at = hood(open_app(**SMALL, dropout="0.2", l2="0.01"))
    seen = [title(at)]
    assert at.button(key="hood back").disabled
    while not at.button(key="hood next").disabled:
        seen.append(title(press(at, "hood next")))
    assert len(seen) == len(set(seen)) == len(names(3))
    press(at, "hood back")
    assert title(at) == seen[-2]


@pytest.mark.parametrize("optimizer", ["gradient_descent", "adam"])
def test_the_entry_that_is_shown_is_the_one_that_training_then_has(
    open_app: Open, optimizer: str
) -> None:
    at = hood(open_app(**SMALL, optimizer=optimizer))
    run = run_of(at)
    fine(at.segmented_control(key="hood stage").set_value("update").run())
    at.number_input(key="hood pick 1").set_value(5).run()
    fine(at.number_input(key="hood pick 0").set_value(400).run())
    before = run.snapshot.network.layers[0].W[5, 400]
    press(at, "hood do")
    change = run.snapshot.network.layers[0].W[5, 400] - before
    at = press(at, "reset")
    assert f"exactly: `{np.float32(change)!s}`" in texts(at)


def test_of_a_run_that_is_over_it_says_how_it_goes_on(open_app: Open) -> None:
    at = open_app(**SMALL, iterations="2")
    run = run_of(at)
    run.play()
    wait_until(lambda: run.snapshot.over)
    at = hood(at)
    assert "The run is over: more epochs continue it, and Reset starts it again." in texts(at)
    assert at.button(key="hood do").disabled


def test_do_it_takes_the_very_step(open_app: Open) -> None:
    at = hood(open_app(**SMALL, dropout="0.2"))
    run = run_of(at)
    step = take_apart(run.between_steps(copy_of))
    press(at, "hood do")
    wait_until(lambda: run.snapshot.iteration == 1 and not run.snapshot.busy)
    at.run()
    assert run.snapshot.curves.step_cost[-1] == step.cost
    assert np.array_equal(run.snapshot.network.theta, step.after.theta)
    assert f"its cost was {step.cost!r}, as shown here." in at.success[0].value


def test_a_chosen_batch_stays_while_the_run_goes_on(open_app: Open) -> None:
    at = hood(open_app(**SMALL))
    fine(at.segmented_control(key="hood kind").set_value("some").run())
    fine(at.number_input(key="hood size").set_value(5).run())
    header, pixels = picture(at, "tiles X")
    assert header["shape"] == [5, 28, 28]
    press(at, "step")
    again = picture(at, "tiles X")
    assert again[0] == header
    assert np.array_equal(again[1], pixels)
    fine(at.segmented_control(key="hood kind").set_value("whole").run())
    assert "4,000 examples" in texts(at)


def test_while_it_trains_the_step_stays_until_another_is_taken(open_app: Open) -> None:
    at = hood(open_app(**SMALL, epochs="1000"))
    run = run_of(at)
    press(at, "play")
    first = picture(at, "tiles X")[1]
    fine(at.run())
    assert np.array_equal(picture(at, "tiles X")[1], first)
    press(at, "hood renew")
    assert not np.array_equal(picture(at, "tiles X")[1], first)
    run.pause()


def test_a_picked_entry_is_followed_on_the_next_slides(open_app: Open) -> None:
    at = hood(open_app(**SMALL))
    fine(at.number_input(key="hood pick -1").set_value(3).run())
    press(at, "hood next")
    assert at.number_input(key="hood pick -1").value == 3
    assert card(at, "Z1")["picked"][1] == 3
    at.session_state["hood path"] = Path(3, (0, 7, 11, 2))
    fine(at.run())
    assert card(at, "W1")["picked"] == [7, 0]
    assert card(at, "A0")["picked"] == [0, 3]


@pytest.mark.parametrize("config", [SMALL, DEEP], ids=["small", "deep"])
def test_every_page_change_is_quick(open_app: Open, config: dict[str, str]) -> None:
    at = hood(open_app(**config))
    times = []
    while not at.button(key="hood next").disabled:
        began = time.process_time()
        press(at, "hood next")
        times.append(time.process_time() - began)
    assert np.median(times) < MOST


@pytest.mark.parametrize("name", ["zeros", "deep-sigmoid", "second-post", "one-digit"])
def test_it_opens_with_every_kind_of_network(open_app: Open, name: str) -> None:
    at = hood(open_app(**PRESETS[name].config.to_text()))
    for stage in ("forward", "cost", "backward", "update", "after"):
        fine(at.segmented_control(key="hood stage").set_value(stage).run())
    for part in ("Gradient check", "Export"):
        fine(at.segmented_control(key="hood part").set_value(part).run())


def test_a_diverged_run_can_be_inspected(open_app: Open) -> None:
    at = open_app(**SMALL, optimizer="gradient_descent", learning_rate="100", l2="10")
    press(at, "play")
    at_rest(at)
    assert "its cost is NaN or infinite" in said(at).replace("\\", "")
    hood(at)
    assert at.button(key="hood do").disabled
    while not at.button(key="hood next").disabled:
        press(at, "hood next")
    for part in ("Gradient check", "Export"):
        fine(at.segmented_control(key="hood part").set_value(part).run())


def test_the_check_passes_and_catches(open_app: Open) -> None:
    at = hood(open_app(**SMALL))
    fine(at.segmented_control(key="hood part").set_value("Gradient check").run())
    assert "All agree" in at.success[0].value
    fine(at.selectbox(key="check mistake").set_value("mean").run())
    assert "Caught: dW[1]" in at.error[0].value
    fine(at.selectbox(key="check layer").set_value("layer 3").run())
    assert "Caught: dW[3], db[3] differ" in at.error[0].value
    assert "planted in its place\npass  # dZ /= m is left out" in at.code[1].value
    assert all(code.proto.wrap_lines for code in at.code[:2])  # whole on a phone too
    fine(at.selectbox(key="check mistake").set_value("Z for A").run())
    fine(at.selectbox(key="check layer").set_value("layer 2").run())
    assert at.error[0].value.startswith("Caught: dW[2] differs from")
    press(at, "check again")
    fine(at.selectbox(key="check mistake").set_value("none").run())
    assert "All agree" in at.success[0].value


def test_the_script_and_the_listings_are_shown(open_app: Open) -> None:
    at = hood(open_app(**SMALL, seed="77"))
    fine(at.segmented_control(key="hood part").set_value("Export").run())
    assert "SEED = 77" in at.code[0].value
    assert "def gradient_descent" in at.code[0].value
    fine(at.segmented_control(key="home kind").set_value("PyTorch").run())
    assert "nn.Linear(784, 16)" in at.code[0].value
    assert "One NumPy script" not in texts(at)  # only what is said of this listing
    first, second = at.get("download_button")[:2]
    assert [first.proto.label, second.proto.label] == [
        "Download network_torch.py",
        "… and weights.npz",  # without which it does not run
    ]


def test_export_claims_the_same_curve_only_of_a_run_that_nobody_changed(open_app: Open) -> None:
    at = hood(open_app(**XOR))
    fine(at.segmented_control(key="hood part").set_value("Export").run())
    assert "computes the same curve again" in texts(at)
    run_of(at).set_parameter(1, 0, None, 0.5)
    fine(at.run())
    assert "set by hand. The script does not do that, so its costs differ" in texts(at)
    assert "Settings were changed" not in texts(at)
    assert "computes the same curve again" not in texts(at)


def test_a_finding_starts_a_corrected_run_beside_the_old_one(open_app: Open) -> None:
    at = open_app(**SMALL, initializer="zeros", activations="sigmoid", epochs="2")
    assert "are equal" not in texts(at)
    press(at, "play")
    at_rest(at)
    old = run_of(at)
    assert "All units of a layer are equal" in texts(at)
    press(at, "fix")
    new = run_of(at)
    assert new is not old
    assert new.config == old.config.with_values(initializer="glorot")
    assert new.snapshot.before is not None
    at_rest(at)
    assert new.snapshot.iteration > 0
    assert said(at) == ""


def test_layer_statistics_are_closed_until_opened(open_app: Open) -> None:
    at = open_app(**SMALL)
    charts = {"gradients", "updates", "dead", "activations"}
    assert not charts & shown(at)


XOR = {"dataset": "xor", "layers": "2,2,1", "points": "60", "batch_size": "8"}


def test_the_planes_run_is_taken_apart_and_a_reload_finds_it(open_app: Open) -> None:
    at = open_app(**XOR)
    points = run_of(at)
    hood(at)
    assert run_of(at) is points
    assert "[2, 2, 1]" in texts(at)
    press(at, "hood do")
    assert points.snapshot.iteration == 1
    address = dict(at.query_params)
    for kept in (address, {"run": address["run"]}):
        at = another_tab(at)
        at.query_params.update(kept)
        hood(at)
        assert run_of(at) is points


def test_either_run_of_the_tab_is_one_click_away(open_app: Open) -> None:
    at = hood(open_app(**SMALL))
    digits = run_of(at)
    fine(at.segmented_control(key="set run kind").set_value("The run on The plane").run())
    assert run_of(at).config.dataset == "spiral"
    for part in ("Gradient check", "Export", "One step"):
        fine(at.segmented_control(key="hood part").set_value(part).run())
        assert run_of(at).config.dataset == "spiral"
    fine(at.segmented_control(key="set run kind").set_value("The run on Train").run())
    assert run_of(at) is digits
    assert at.segmented_control(key="set run kind").value == "The run on Train"


def test_of_a_small_network_every_number_is_printed(open_app: Open) -> None:
    at = hood(open_app(**XOR))
    run = run_of(at)
    step = take_apart(run.between_steps(copy_of))
    seen: set[str] = set()
    while True:
        for each in board(at)["cards"]:
            rows, columns = each["shape"]
            assert [len(row) for row in each["texts"]] == [columns] * rows
            assert each["dims"] == f"{rows}×{columns}"
            seen.add(each["key"])
        if at.button(key="hood next").disabled:
            break
        press(at, "hood next")
    assert {"X", "W1", "b1", "Z1", "A1", "W2", "Z2", "A2", "Y", "J", "dZ2", "dW2", "dA1"} <= seen
    fine(at.segmented_control(key="hood stage").set_value("forward").run())
    printed = [[float(text) for text in row] for row in card(at, "W1")["texts"]]
    np.testing.assert_allclose(printed, step.before.layers[0].W, rtol=6e-3)


def test_of_many_examples_those_around_the_followed_one_are_printed(open_app: Open) -> None:
    at = hood(open_app(**XOR | {"batch_size": "40"}))
    press(at, "hood next")
    assert card(at, "Z1")["shape"] == [2, 8]
    fine(at.number_input(key="hood pick -1").set_value(39).run())
    assert card(at, "Z1")["start"] == [0, 32]
    assert "Examples 32 to 39 of 40, around the example on the path" in texts(at)


@pytest.mark.parametrize(
    ("layers", "stage", "layer", "rows"),
    [
        ("2,2,1", "backward", 2, [["(", "A2"], ["−", "Y"], [") / 8 =", "dZ2"]]),
        ("2,2,1", "backward", 1, [[None, "dA1"], ["⊙", "g'1"], ["=", "dZ1"]]),
        ("2,2,1", "forward", 1, [[None, None, None, None, "A0"], ["W1", "+", "b1", "=", "Z1"],
                                 [None, None, None, None, "A1"]]),
        ("2,4,1", "update", 2, [[None, "gradient W2", "gradient b2"], [None, "m W2", "m b2"],
                                [None, "v W2", "v b2"], ["→", "before W2", "before b2"],
                                ["+", "change W2", "change b2"], ["=", "after W2", "after b2"]]),
    ],
)  # fmt: skip
def test_printed_numbers_too_wide_for_a_row_stand_one_below_the_other(
    open_app: Open, layers: str, stage: str, layer: int, rows: list[list[str | None]]
) -> None:
    at = hood(open_app(**XOR | {"layers": layers, "optimizer": "adam"}))
    fine(at.segmented_control(key="hood stage").set_value(stage).run())
    if at.segmented_control(key="hood layer").value != layer:
        fine(at.segmented_control(key="hood layer").set_value(layer).run())
    sent = board(at)
    keys = [each["key"] for each in sent["cards"]]
    cells = [[keys[c] if isinstance(c, int) else c for c in row] for row in sent["cells"]]
    assert cells == rows


def test_the_batch_says_an_entry_as_exactly_as_the_network_has_it(open_app: Open) -> None:
    at = hood(open_app(**XOR))
    X = take_apart(run_of(at).between_steps(copy_of)).X
    i, j = card(at, "X")["picked"]
    assert f"input {i}, example {j}: **{X[i, j]!s}**" in texts(at)


def test_tall_boards_of_numbers_are_lower_line_by_line_to_fit_one_screen(open_app: Open) -> None:
    at = hood(open_app(**XOR | {"layers": "2,8,8,1"}))
    for stage in ("forward", "backward"):
        fine(at.segmented_control(key="hood stage").set_value(stage).run())
        fine(at.segmented_control(key="hood layer").set_value(2).run())
        sent = board(at)
        heights = [
            max(sent["cards"][cell]["size"][1] for cell in row if isinstance(cell, int))
            for row in sent["cells"]
        ]
        assert heights == [8 * 16] * 3, stage
        assert all(each["texts"] for each in sent["cards"]), stage


def test_beside_wide_weights_so_many_examples_are_printed_as_fit(open_app: Open) -> None:
    at = hood(open_app(**XOR | {"layers": "2,8,8,1", "batch_size": "32"}))
    fine(at.segmented_control(key="hood stage").set_value("forward").run())
    fine(at.segmented_control(key="hood layer").set_value(2).run())
    widths = {key: card(at, key)["size"][0] for key in ("W2", "b2", "Z2")}
    assert sum(widths.values()) <= 700
    assert card(at, "W2")["shape"] == [8, 8]
    assert 2 <= card(at, "Z2")["shape"][1] < 8
    assert card(at, "A1")["shape"] == card(at, "Z2")["shape"]


def test_after_the_step_says_what_became_of_examples_and_weights(open_app: Open) -> None:
    at = hood(open_app(**SMALL, optimizer="adam"))
    fine(at.segmented_control(key="hood stage").set_value("after").run())
    said = texts(at)
    assert "largest changes" in said
    assert "its output | before | after" in said
    assert "first step is ±α almost everywhere" in said


def test_the_map_says_the_layer_and_the_path(open_app: Open) -> None:
    at = hood(open_app(**SMALL))
    press(at, "hood next")
    (drawn,) = (each for each in at.get("bidi_component") if str(each.key) == "network map")
    assert "This slide is about layer 1 of 3" in str(drawn.proto)


def test_where_the_mistake_hides_the_check_offers_a_network_that_shows_it(open_app: Open) -> None:
    at = hood(open_app(**SMALL))
    fine(at.segmented_control(key="hood part").set_value("Gradient check").run())
    fine(at.selectbox(key="check mistake").set_value("A for Z").run())
    assert "This network hides the mistake" in at.warning[0].value
    press(at, "check elsewhere")
    assert "Caught: dW[1]" in at.error[0].value
    assert "[784, 4, 3, 10]" in texts(at)
    fine(at.selectbox(key="check mistake").set_value("none").run())
    assert "All agree" in at.success[0].value
    press(at, "check own")
    assert "dW[3]" in texts(at)
    assert "[784, 4, 3, 10]" not in texts(at)


def test_the_path_goes_through_the_weight_that_was_set_on_the_plane(open_app: Open) -> None:
    """The lecture's path: build [2, 2, 1], set the nine numbers by hand, take a step apart, check
    its gradient."""
    at = open_app(**XOR)
    solution = {(1, 0): (8.0, 8.0, -4.0), (1, 1): (8.0, 8.0, 4.0), (2, 0): (4.0, -4.0, -2.0)}
    run = run_of(at)
    for (layer, unit), (*weights, bias) in solution.items():
        for source, value in enumerate(weights):
            run.set_parameter(layer, unit, source, value)
        run.set_parameter(layer, unit, None, bias)
    assert run.snapshot.curves.n_by_hand == 9
    at.session_state["hood followed"] = (run.token, 2, 0, 1)  # as the page leaves it
    hood(at)
    fine(at.segmented_control(key="hood stage").set_value("forward").run())
    fine(at.segmented_control(key="hood layer").set_value(2).run())
    assert card(at, "W2")["texts"] == [["4", "-4"]]
    assert card(at, "W2")["picked"] == [0, 1]
    fine(at.segmented_control(key="hood part").set_value("Gradient check").run())
    assert "All agree" in at.success[0].value
    fine(at.selectbox(key="check mistake").set_value("derivative").run())
    assert "Caught: dW[1]" in at.error[0].value
