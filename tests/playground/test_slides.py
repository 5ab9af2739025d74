"""What the slides show is training's own arrays, and every written-out sum adds up to its entry."""

import re
from typing import Any

import numpy as np
import pytest

from netcore.activations import HIDDEN_ACTIVATIONS
from netcore.optimizers import OPTIMIZERS
from playground.arithmetic import Worked, number
from playground.config import RunConfig
from playground.run_data import load_data
from playground.slides import (
    ONE,
    Card,
    Name,
    how_far,
    index_on,
    largest_changes,
    names,
    predictions,
    slide,
)
from playground.step_trace import WHOLE, Path, StepTrace, strongest_path, take_apart
from playground.trainer import Trainer
from tests.playground.examples import DATA, small

TOLERANCE = 2e-4  # of numbers printed with four digits


def apart(batch: Any = "next", **values: Any) -> StepTrace:
    trainer = Trainer(small(**values), DATA)
    for _ in range(5):
        trainer.step()
    return take_apart(trainer, batch)


def results_of(text: str) -> list[float]:
    """The numbers that stand at the right of each equation of a LaTeX line."""
    numbers = []
    text = re.sub(r"\\\\ &|\\(begin|end)\{aligned\}", "", text)
    for part in text.split("=")[1:]:
        found = re.fullmatch(r"\s*(-?[\d.]+)(?: \\cdot 10\^\{(-?\d+)\})?\s*(?:\\q?quad.*)?", part)
        if found:
            numbers.append(float(found[1]) * 10.0 ** int(found[2] or 0))
    return numbers


def cards(step: StepTrace, path: Path) -> dict[str, Card]:
    slides = [slide(step, name, path) for name in names(step.L)]
    return {card.key: card for each in slides for card in each.cards}


KINDS: list[dict[str, Any]] = [
    *({"activations": (name,)} for name in HIDDEN_ACTIVATIONS),
    *({"optimizer": name} for name in OPTIMIZERS),
    {"dropout": 0.5, "augmentation": 1.0, "layers": (64, 12, 9, 4), "l2": 0.1, "l1": 0.01},
    {"batch": WHOLE},
    {"batch": 1},
    {"initializer": "zeros"},
    {"layers": (64, 4), "activations": ()},
]


@pytest.mark.parametrize("values", KINDS, ids=str)
def test_every_worked_entry_is_the_one_of_its_matrix_and_its_sum_adds_up(
    values: dict[str, Any],
) -> None:
    step = apart(**values)
    rng = np.random.default_rng(1)
    paths = [strongest_path(step)] + [
        Path(
            int(rng.integers(step.X.shape[1])),
            tuple(int(rng.integers(n)) for n in step.before.layer_dims),
        )
        for _ in range(3)
    ]
    for path in paths:
        for name in names(step.L):
            each = slide(step, name, path)
            for card in each.results:
                if card.worked is not None:
                    assert card.worked.value == card.M[card.entry(path)]
                    adds_up(card.worked)
            if each.worked is not None:
                adds_up(each.worked)


def adds_up(worked: Worked) -> None:
    assert worked.lines
    if worked.terms and not worked.adds_to:
        total = sum(term.product for term in worked.terms) + worked.rest + (worked.bias or 0.0)
        size = sum(abs(term.product) for term in worked.terms) + abs(worked.rest)
        assert total == pytest.approx(worked.value, rel=1e-5, abs=1e-6 * size)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_an_updates_arithmetic_ends_at_the_weight_after_it(optimizer: str) -> None:
    step = apart(optimizer=optimizer)
    path = strongest_path(step)
    (change, _) = slide(step, Name("update", 1), path).results
    assert change.worked is not None
    i, k = change.entry(path)
    pushes = sum(term.product for term in change.worked.terms) + change.worked.rest
    assert pushes == pytest.approx(float(step.grads[0].dW[i, k]), rel=1e-4)
    shown = results_of(change.worked.lines[-1])[-1]
    assert shown == pytest.approx(float(step.after.layers[0].W[i, k]), rel=TOLERANCE)
    numbers = re.findall(r"-?\d+\.?\d*(?: \\cdot 10\^\{-?\d+\})?", change.worked.lines[-1])
    assert number(float(step.before.layers[0].W[i, k]), 7) in numbers


def test_the_matrices_are_trainings_own() -> None:
    step = apart(layers=(64, 12, 9, 4), dropout=0.5)
    shown = cards(step, strongest_path(step))
    for l in (1, 2, 3):
        cache, grad = step.caches[l - 1], step.grads[l - 1]
        assert shown[f"Z{l}"].M is cache.Z
        assert shown[f"A{l}"].M is (cache.A if l == 3 else step.caches[l].A_prev)
        assert shown[f"dW{l}"].M is grad.dW
        assert shown[f"db{l}"].M is grad.db
        assert shown[f"dZ{l}"].M is grad.dZ
        assert np.array_equal(shown[f"after W{l}"].M, step.after.layers[l - 1].W)
        assert np.array_equal(
            shown[f"gradient W{l}"].M, step.before.unpack(step.gradient)[l - 1][0]
        )
    assert shown["X"].M is step.X


def test_every_equation_says_the_sizes_of_this_network() -> None:
    step = apart(layers=(64, 12, 9, 4))
    (first, _) = slide(step, Name("forward", 1), strongest_path(step)).equations
    sizes = re.findall(r"(\d+)\\times(\d+)", first)
    assert sizes == [("12", "16"), ("12", "64"), ("64", "16"), ("12", "1")]
    last, _ = slide(step, Name("backward", 2, "dW"), strongest_path(step)).equations
    assert "{\\scriptsize 9\\times12}" in last


@pytest.mark.parametrize(
    ("dataset", "layers", "said"),
    [
        ("xor", (2, 2, 1), "The unit sums its 2 inputs times its weights, for all 8 examples at "
                           "once. The output is the prediction: a probability of label 1."),
        ("xor", (2, 1, 1), "The unit sums its 1 input times"),
        ("reg-gauss", (2, 2, 1), "The output is the prediction: a number."),
        ("spiral", (2, 2, 3), "Each of the 3 units sums its 2 inputs times its weights, for all 8 "
                              "examples at once. The output is the prediction: a probability for "
                              "each class."),
    ],
)  # fmt: skip
def test_the_last_layers_slide_says_what_its_output_is(
    dataset: str, layers: tuple[int, ...], said: str
) -> None:
    config = RunConfig.default(dataset).with_values(
        layers=layers, activations=("tanh",), batch_size=8, classes=max(layers[-1], 2)
    )
    step = take_apart(Trainer(config, load_data(config)))
    assert said in slide(step, Name("forward", 2), strongest_path(step)).about


def test_a_regression_has_values_and_neither_labels_nor_classes() -> None:
    config = RunConfig.default("reg-gauss").with_values(layers=(2, 2, 1), batch_size=8)
    step = take_apart(Trainer(config, load_data(config)))
    path = strongest_path(step)
    slides = {name: slide(step, name, path) for name in names(step.L)}
    for each in slides.values():
        said = " ".join((each.about, *(card.what for card in each.cards)))
        assert not re.search("label|class|probabilit", said), said
    assert "its value." in slides[Name("batch")].about
    assert "the prediction minus the value" in slides[Name("backward", 2, "dZ")].about
    assert next(value for _, value, _ in predictions(step, path)) == step.Y[0, path.example]


def test_slides_of_a_run_with_class_weights_say_where_they_count() -> None:
    step = apart(class_weights="balanced", dropout=0.5, layers=(64, 9, 4))
    path = strongest_path(step)
    cost = slide(step, Name("cost"), path)
    assert r"\sum w" in cost.equations[0]
    assert "With probability" not in cost.about
    output = slide(step, Name("backward", 2, "dZ"), path).about
    assert "divided by m, times the weight of its class" in output
    hidden = slide(step, Name("backward", 1, "dZ"), path).about
    assert "derivative of the activation, times the dropout mask" in hidden
    for name in (Name("forward", 2), Name("backward", 2, "dW")):
        shown = slide(step, name, path)
        assert r"A^{[1]} \odot D^{[1]}" in shown.equations[0]
        worked = shown.results[0].worked
        assert worked is not None
        assert "d^{[1]}" in worked.lines[0]  # the input of layer 2 is A ⊙ D


@pytest.mark.parametrize(
    ("optimizer", "against"),
    [
        ("gradient_descent", "its gradient."),
        ("rmsprop", "its gradient."),
        ("momentum", "a moving average of its gradients."),
        ("adam", "a moving average of its gradients."),
    ],
)
def test_an_update_says_what_it_follows(optimizer: str, against: str) -> None:
    step = apart(optimizer=optimizer)
    assert slide(step, Name("update", 1), strongest_path(step)).about.endswith(f"against {against}")


def test_an_entry_of_a_matrix_leads_the_path_through_it() -> None:
    step = apart(layers=(64, 12, 9, 4))
    path = strongest_path(step)
    for card in cards(step, path).values():
        entry = card.M.shape[0] - 1, card.M.shape[1] - 1
        moved = card.moved(path, entry)
        assert card.entry(moved) == entry
        others = {-1, 0, 1, 2, 3} - {card.row, card.column, ONE}
        assert all(index_on(moved, axis) == index_on(path, axis) for axis in others)


def test_slides_go_forward_and_come_back() -> None:
    assert [each.stage for each in names(2)] == [
        "batch", "forward", "forward", "cost", *["backward"] * 5, "update", "update", "after",
    ]  # fmt: skip
    back = [each[1:] for each in names(3) if each.stage == "backward"]
    assert back == [(l, of) for l in (3, 2) for of in ("dZ", "dW", "dA")] + [(1, "dZ"), (1, "dW")]


def test_on_every_board_row_times_column_is_the_entry() -> None:
    """The marked row and column of a product's operands are what its entry sums up, and they meet
    at it: the one in its row of the board, the other in its column."""
    step = apart(layers=(64, 12, 9, 4), dropout=0.5)
    path = strongest_path(step)
    products = 0
    for name in names(step.L):
        each = slide(step, name, path)
        places = {
            cell.key: (r, c)
            for r, row in enumerate(each.board)
            for c, cell in enumerate(row)
            if isinstance(cell, Card)
        }
        rows = [card for card in each.cards if card.band == "row"]
        columns = [card for card in each.cards if card.band == "column"]
        if not (rows and columns):
            continue
        (left,), (above,) = rows, columns
        (i, _), (_, k) = left.entry(path), above.entry(path)
        at = places[left.key][0], places[above.key][1]
        (result,) = (card for card in each.cards if places[card.key] == at)
        assert (result.row, result.column) == (left.row, above.column)
        assert (left.M.shape[1], left.column) == (above.M.shape[0], above.row)
        bias = step.before.layers[name.layer - 1].b[i, 0] if name.stage == "forward" else 0
        total = float(left.M[i].astype(float) @ above.M[:, k].astype(float)) + bias
        assert total == pytest.approx(float(result.M[result.entry(path)]), rel=1e-4, abs=1e-6)
        products += 1
    assert products == 3 + 3 + 2


def test_after_the_step_the_examples_go_through_the_new_network() -> None:
    step = apart(layers=(64, 12, 4))
    assert np.allclose(step.A_after, step.after.predict(step.X), atol=1e-6)
    (j, label, change), *others = predictions(step, Path(3, (0, 0, 0)))
    assert (j, label) == (3, int(step.labels[3]))
    assert change.before == step.caches[-1].A[int(label), 3]
    assert change.after == step.A_after[int(label), 3]
    sizes = [abs(each.after - each.before) for _, _, each in others]
    assert sizes == sorted(sizes, reverse=True)
    moved = np.abs(step.after.theta - step.before.theta)
    first = largest_changes(step)[0]
    assert abs(first.after - first.before) == pytest.approx(
        max(float(abs(W).max()) for W, _ in step.before.unpack(moved))
    )


def test_adams_first_step_is_alpha_with_the_sign_of_the_gradient() -> None:
    first = take_apart(Trainer(small(optimizer="adam"), DATA))
    said = how_far(first)
    assert "first step is ±α almost everywhere" in said
    moved = np.abs(first.after.theta - first.before.theta)
    with_gradient = np.abs(first.gradient) > 1e-5
    assert np.allclose(moved[with_gradient], first.learning_rate, rtol=0.02)
    whole = int(re.findall(r"Here ([\d,]+) of", said)[0].replace(",", ""))
    assert with_gradient.sum() <= whole <= (first.gradient != 0).sum()
    assert "Adam's step 6 is at most about α" in how_far(apart(optimizer="adam"))
    assert how_far(apart(optimizer="momentum")) == ""
