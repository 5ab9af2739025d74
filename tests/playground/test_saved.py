"""A saved run comes back whole, goes on bit for bit, and is believed in nothing."""

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from data.dataset import Dataset, Splits
from playground.config import ConfigError, RunConfig
from playground.history import Curves, Event
from playground.saved import SavedRun, load_run, save_run
from playground.storage import train_state
from playground.storage.train_state import StorageError
from playground.trainer import Trainer

CONFIG = RunConfig(
    layers=(16, 5, 3),
    activations=("tanh",),
    batch_size=7,
    epochs=6,
    augmentation=0.5,
    dropout=0.1,
    learning_rate=0.013,
)
NAMES = ("cat", "dog", "T-shirt/top")


def examples(m: int = 30, names: tuple[str, ...] = NAMES) -> Splits:
    rng = np.random.default_rng(0)
    X = np.asfortranarray(rng.random((16, m), dtype=np.float32))
    whole = Dataset("mnist-5k", X, rng.integers(0, 3, m), names, (4, 4))
    return Splits(whole, whole.take(np.arange(9)))


def trained(steps: int) -> tuple[Trainer, Curves]:
    trainer = Trainer(CONFIG, examples())
    costs = np.array([trainer.step().cost for _ in range(steps)])
    two = np.array([0.0, steps])
    return trainer, Curves(costs, two, two, two, two, two, events=(Event(1, "α: 1 → 2"),))


def written(steps: int = 8) -> bytes:
    file = io.BytesIO()
    trainer, curves = trained(steps)
    save_run(file, trainer, curves, seconds=1.5)
    return file.getvalue()


def loaded(content: bytes) -> SavedRun:
    return load_run(io.BytesIO(content))


def test_all_of_it_comes_back() -> None:
    trainer, curves = trained(8)
    run = loaded(written())
    assert run.config == CONFIG
    assert (run.class_names, run.image_shape, run.examples, run.seconds) == (NAMES, (4, 4), 30, 1.5)
    assert run.curves.events == curves.events
    np.testing.assert_array_equal(run.curves.step_cost, curves.step_cost)
    np.testing.assert_array_equal(run.curves.validation_accuracy, curves.validation_accuracy)
    np.testing.assert_array_equal(run.state.network.theta, trainer.network.theta)


def test_it_goes_on_to_the_same_bits() -> None:
    whole, _ = trained(20)
    resumed = loaded(written(8)).trainer(examples())
    for _ in range(12):
        resumed.step()
    np.testing.assert_array_equal(resumed.network.theta, whole.network.theta)


def test_settings_that_are_live_may_change() -> None:
    run = loaded(written())
    longer = CONFIG.with_values(epochs=9, learning_rate=0.5)
    assert run.trainer(examples(), longer).hyper.iterations == 45
    with pytest.raises(ConfigError, match=r"^optimizer: .*keeps its own value \(optimizer adam\)"):
        run.trainer(examples(), CONFIG.with_values(optimizer="momentum"))


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (examples(29), "was trained on 30 examples, mnist-5k has 29 here"),
        (examples(names=("a", "b", "c")), "different classes"),
    ],
    ids=["fewer", "others"],
)
def test_other_data_is_refused(data: Splits, sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence):
        loaded(written()).trainer(data)


def test_the_text_names_every_setting() -> None:
    config = train_state.load(io.BytesIO(written())).about["config"]
    assert config["learning_rate"] == "0.013"
    assert config["seed"] == "1"  # a default of the app, which may be another one day
    assert "iterations" not in config


def tampered(change: Callable[[dict[str, Any], dict[str, Any]], object]) -> bytes:
    saved = train_state.load(io.BytesIO(written()))
    curves: dict[str, Any] = dict(saved.curves)
    change(saved.about, curves)
    file = io.BytesIO()
    train_state.save(file, saved.state, about=saved.about, curves=curves)
    return file.getvalue()


HOSTILE: dict[str, tuple[Callable[[dict[str, Any], dict[str, Any]], object], str]] = {
    "no app": (lambda about, curves: about.clear(), "not a run of this app"),
    "numbers": (lambda about, _: about["config"].update(seed=1), "not a run of this app"),
    "unknown": (lambda about, _: about["config"].update(sead="1"), "unknown setting 'sead'"),
    "long": (lambda about, _: about["config"].update({"x" * 10**5: ""}), "unknown setting 'xx"),
    "cannot be": (lambda about, _: about["config"].update(l2="-1"), "l2: '-1' is not a number"),
    "layers": (lambda about, _: about["config"].update(layers="16,6,3"), "not those of its netwo"),
    "optimizer": (lambda about, _: about["config"].update(optimizer="momentum"), "not those of"),
    "few names": (lambda about, _: about.update(class_names=["a", "b"]), "name its 3 classes"),
    "twins": (lambda about, _: about.update(class_names=["a", "b", "b"]), "name its 3 classes"),
    "numbers as names": (lambda about, _: about.update(class_names=[1, 2, 3]), "its 3 classes"),
    "lists as names": (lambda about, _: about.update(class_names=[[], [], []]), "its 3 classes"),
    "control": (lambda about, _: about.update(class_names=["a", "b", "\x1b[2J"]), "its 3 classes"),
    "long name": (lambda about, _: about.update(class_names=["a", "b", "c" * 101]), "its 3 cla"),
    "shape": (lambda about, _: about.update(image_shape=[4, 5]), "images are not of 16 pixels"),
    "negative": (lambda about, _: about.update(image_shape=[-4, -4]), "are not of 16 pixels"),
    "no examples": (lambda about, _: about.update(examples=0), "how many examples"),
    "true examples": (lambda about, _: about.update(examples=True), "how many examples"),
    "order": (lambda about, _: about.update(examples=31), "order of examples"),
    "seconds": (lambda about, _: about.update(seconds=-1), "how long it trained"),
    "endless": (lambda about, _: about.update(seconds=10**400), "how long it trained"),
    "no events": (lambda about, _: about.pop("events"), "marks on its curves"),
    "event": (lambda about, _: about.update(events=[["1", "x"]]), "marks on its curves"),
    "event of the future": (lambda about, _: about.update(events=[[99, "x"]]), "marks on its"),
    "long curve": (lambda _, c: c.update(step_cost=np.zeros(9)), "curves are not those"),
    "short curve": (lambda _, c: c.update(accuracy=np.zeros(1)), "curves are not those"),
    "no curves": (lambda _, curves: curves.clear(), "curves are not those"),
}


@pytest.mark.parametrize(("change", "sentence"), HOSTILE.values(), ids=HOSTILE)
def test_what_does_not_fit_together_is_refused(
    change: Callable[[dict[str, Any], dict[str, Any]], object], sentence: str
) -> None:
    with pytest.raises(StorageError, match=sentence) as refusal:
        loaded(tampered(change))
    assert str(refusal.value).endswith((".", " …"))  # whole, or seen to be cut
    assert len(str(refusal.value)) < 300


def test_a_file_from_before_digit_forms_has_none() -> None:
    old = loaded(tampered(lambda about, _: about["config"].pop("digit_forms")))
    assert not old.config.has_forms
    assert old.config == CONFIG.with_values(digit_forms="mnist")
    assert CONFIG.has_forms


def test_untampered_it_loads() -> None:
    assert loaded(tampered(lambda about, curves: None)).config == CONFIG
