"""A made-up optimizer, activation, initializer and schedule, one registry entry each: every page,
the script, the listings and the command line have them.
"""

from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from netcore.activations import HIDDEN_ACTIVATIONS
from playground.command_line.main import main
from playground.export.onnx_file import onnx_file
from playground.settings import SETTINGS
from playground.trainer import start_state
from tests.made_up import CHOSEN, register
from tests.pages.conftest import Open, at_rest, run_of
from tests.playground.examples import DATA, small
from tests.playground.scripts import costs_of_run, costs_of_script

TINY = {"layers": "784,12,10", "batch_size": "8", "augmentation": "0", "iterations": "1000"}
TITLES = {"optimizer": "AdaGrad", "initializer": "LeCun", "schedule": "linear"}


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    register(monkeypatch)


def fine(at: AppTest) -> AppTest:
    assert not at.exception, at.exception[0].message
    return at


def texts(at: AppTest) -> str:
    return "\n".join(each.value for each in (*at.latex, *at.markdown, *at.caption, *at.code))


def test_all_can_be_chosen_on_train_and_train_by_their_own_rule(open_app: Open) -> None:
    at = open_app(**TINY)
    for name, title in TITLES.items():
        box = at.selectbox(key=f"set {name}")
        assert title in box.options
        fine(box.select(CHOSEN[name]).run())
    box = at.selectbox(key="set activation 0")
    assert "hard sigmoid" in box.options
    fine(box.select(CHOSEN["activations"]).run())
    run = run_of(at)
    assert {n: SETTINGS[n].write(getattr(run.config, n)) for n in CHOSEN} == CHOSEN
    assert r"\tfrac{1}{n_{in}}" in at.selectbox(key="set initializer").help
    before = run.snapshot.network.theta.copy()
    at_rest(at.button(key="step").click().run())
    shown = run.snapshot
    assert shown.gradient is not None
    moved = np.abs(shown.gradient) > 1e-4  # the first step of AdaGrad is α, whatever the gradient
    step = before[moved] - shown.network.theta[moved]
    alpha = shown.config.learning_rate
    np.testing.assert_allclose(step, alpha * np.sign(shown.gradient[moved]), rtol=2e-3)


def test_layer_statistics_count_its_dead_and_saturated_units(open_app: Open) -> None:
    at = open_app(**TINY, **CHOSEN)
    run = run_of(at)
    layer = run.snapshot.network.layers[0]
    assert layer.activation is HIDDEN_ACTIVATIONS["hard_sigmoid"]
    for i in range(3):
        run.set_parameter(1, i, None, -1e3)
    at.session_state["layer statistics"] = True
    fine(at.run())
    said = texts(at)
    assert "1 hard sigmoid" in said
    assert "3 of 12" in said


def test_under_the_hood_works_them_out(open_app: Open) -> None:
    at = open_app(**TINY, **CHOSEN)
    at.switch_page("pages/hood.py")
    fine(at.run())
    said = texts(at)
    while not at.button(key="hood next").disabled:
        fine(at.button(key="hood next").click().run())
        said += texts(at)
    assert r"s \leftarrow s + g^{2}" in said
    assert r"\min(\max(\tfrac{Z}{6} + \tfrac12, 0), 1)" in said
    assert "np.clip(SLOPE * Z + MIDDLE, 0, 1, out=out)" in said
    assert "np.multiply(SLOPE * dA, (A > 0) & (A < 1), out=out)" in said
    assert "Step 1 of AdaGrad" in said


@pytest.mark.parametrize("page", ["draw", "plane", "data"])
def test_the_other_pages_show_a_run_of_them(open_app: Open, page: str) -> None:
    at = at_rest(open_app(**TINY, **CHOSEN).button(key="step").click().run())
    token = run_of(at).token
    at.switch_page(f"pages/{page}.py")
    fine(at.run())
    if page == "plane":
        fine(at.selectbox(key="set optimizer").select("adagrad").run())
    else:
        assert run_of(at).token == token


def test_the_listings_have_them(open_app: Open) -> None:
    at = open_app(**TINY, **CHOSEN)
    at.switch_page("pages/hood.py")
    fine(at.run())
    fine(at.segmented_control(key="hood part").set_value("Export").run())
    for kind, what in {
        "NumPy": (
            "s += d", "SLOPE, MIDDLE = 1 / 6, 0.5", "lecun(n_out, n_in, rng=rng)",
            "LEARNING_RATE * linear(iteration / ITERATIONS)",
        ),
        "PyTorch": (
            "torch.optim.Adagrad(network.parameters(), lr=0.003, eps=1e-07)", "nn.Hardsigmoid()",
            "nn.init.normal_(layer.weight, std=layer.weight.shape[1] ** -0.5)",
            "return linear(iteration / 1000)",
        ),
        "Keras": (
            "keras.optimizers.Adagrad(Schedule(), 0.0, epsilon=1e-07)", '"hard_sigmoid"',
            'VarianceScaling(1.0, "fan_in", "untruncated_normal")',
            "return linear(iteration / 1000)",
        ),
    }.items():  # fmt: skip
        fine(at.segmented_control(key="home kind").set_value(kind).run())
        code = "\n".join(each.value for each in at.code)
        assert [each for each in what if each not in code] == []


def test_the_script_prints_the_costs_of_the_run_to_the_bit(tmp_path: Path) -> None:
    config = small(dataset="mnist", iterations=25).with_values(
        **{name: SETTINGS[name].read(text) for name, text in CHOSEN.items()}
    )
    costs = costs_of_run(config, DATA)
    assert costs_of_script(tmp_path, config, DATA) == costs
    assert costs != costs_of_run(config.with_values(optimizer="gradient_descent"), DATA)


def test_the_command_line_trains_saves_and_goes_on_with_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved, script = tmp_path / "run.npz", tmp_path / "run.py"
    flags = [part for name, text in CHOSEN.items() for part in (f"--{name}", text)]
    flags += ["--layers", "784,12,10", "--augmentation", "0", "--iterations", "5"]
    assert main(["train", *flags, "--save", str(saved), "--script", str(script), "--json"]) == 0
    assert '"done": true' in capsys.readouterr().out
    assert "LEARNING_RATE * linear(iteration / ITERATIONS)" in script.read_text(encoding="utf-8")
    assert main(["train", "--resume", str(saved), "--iterations", "7", "--json"]) == 0
    assert '"iteration": 7' in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main(["train", "--help"])
    told = " ".join(capsys.readouterr().out.split())
    assert [name for name in CHOSEN.values() if name not in told] == []
    assert main(["train", "--optimizer", "sixth"]) == 2
    assert "adam, adagrad" in capsys.readouterr().err


def test_the_network_as_onnx_has_its_activation(tmp_path: Path) -> None:
    pytest.importorskip("onnx", reason="needs requirements-onnx.txt")
    runtime = pytest.importorskip("onnxruntime", reason="needs onnxruntime")
    network = start_state(small(activations=("hard_sigmoid",))).network
    session = runtime.InferenceSession(onnx_file(network))
    X = DATA.validation.X
    (A,) = session.run(None, {"X": np.ascontiguousarray(X.T)})
    np.testing.assert_allclose(A.T, network.predict(X), rtol=0, atol=1e-6)
