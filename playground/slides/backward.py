"""Backward slides: the gradients of the cost, from the output layer to the first."""

from collections.abc import Callable

import numpy as np

from playground.arithmetic import Worked, number, signed, sum_of_products
from playground.formatting import counted
from playground.slides.card import (
    EXAMPLE,
    ONE,
    A_prev,
    Band,
    Card,
    Cell,
    Name,
    S,
    Slide,
    a_factor,
    a_prev,
    has_dropout,
    input_symbol,
    s,
    sized,
    target_name,
    targets,
)  # fmt: skip
from playground.source_lines import Source, body, line
from playground.step_trace import Path, StepTrace


def gradient_of_Z(step: StepTrace, l: int, path: Path) -> Slide:
    """dZ: from the loss at the output, through the activation's derivative below it."""
    dZ, equation, sources, row = _dZ(step, l, path)
    how = (
        f"the prediction minus the {target_name(step)}, divided by m"
        if l == step.L
        else f"dA from layer {l + 1}, times the derivative of the activation"
    )
    if l == step.L and step.loss.weights is not None:
        how += ", times the weight of its class"
    if has_dropout(step, l):
        how += ", times the dropout mask"
    return Slide(
        Name("backward", l, "dZ"),
        f"Backward, layer {l} of {step.L}: dZ",
        "The gradient of the cost with respect to each pre-activation is "
        f"{how}.{_of_the_first(step, l)}",
        (equation,),
        tuple(sources),
        ((*row, "=", dZ),),
    )


def gradient_of_parameters(step: StepTrace, l: int, path: Path) -> Slide:
    """dW and db: a weight's gradient sums over the examples."""
    cache, grad = step.caches[l - 1], step.grads[l - 1]
    i, m = path.units[l], cache.Z.shape[1]
    db = sum_of_products(
        s("db", l, i),
        rf"\sum_j {s('dz', l, i, 'j')}",
        ("example j", f"dz_{{{i},j}}", "1"),
        grad.dZ[i],
        np.ones(m, dtype=np.float32),
        float(grad.db[i, 0]),
    )
    return Slide(
        Name("backward", l, "dW"),
        f"Backward, layer {l} of {step.L}: dW and db",
        "The gradient of the cost with respect to each weight and bias is a sum over "
        f"{counted(m, 'example')}.{_of_the_first(step, l)}",
        (
            rf"{sized(S('dW', l), grad.dW)} = {sized(S('dZ', l), grad.dZ)} \; "
            rf"{sized(input_symbol(step, l) + '{}^T', cache.A_prev.T)}",
            rf"{sized(S('db', l), grad.db)} = \textstyle\sum_j {S('dZ', l)}",
        ),
        (line("dW"), line("db")),
        (
            (None, None, A_prev(step, l, transposed=True)),
            (
                _gradient_of_Z(step, l, "row"),
                "=",
                Card(f"dW{l}", S("dW", l), "of each weight", grad.dW, l, l - 1,
                     worked=dw_worked(step, l, path)),
                Card(f"db{l}", S("db", l), "of each bias", grad.db, l, ONE, worked=db),
            ),
        ),
    )  # fmt: skip


def gradient_of_A_prev(step: StepTrace, l: int, path: Path) -> Slide:
    """dA of the layer before: the gradient of this layer's input."""
    layer, grad = step.before.layers[l - 1], step.grads[l - 1]
    j, k = path.example, path.units[l - 1]
    dA = grad.dA_prev
    assert dA is not None
    worked = sum_of_products(
        s("da", l - 1, k, j),
        rf"\sum_i {s('w', l, 'i', k)} \, {s('dz', l, 'i', j)}",
        (f"unit i of layer {l}", f"w_{{i,{k}}}", f"dz_{{i,{j}}}"),
        layer.W[:, k],
        grad.dZ[:, j],
        float(dA[k, j]),
    )
    return Slide(
        Name("backward", l, DA),
        f"Backward, layer {l} of {step.L}: dA of layer {l - 1}",
        f"The gradient of the cost with respect to each activation of layer {l - 1} is a sum over "
        f"the weights from its unit.{_of_the_first(step, l)}",
        (
            rf"{sized(S('dA', l - 1), dA)} = {sized(S('W', l) + '{}^T', layer.W.T)} \; "
            rf"{sized(S('dZ', l), grad.dZ)}",
        ),
        (line("dA"),),
        (
            (None, None, _gradient_of_Z(step, l, "column")),
            (
                Card(f"W{l}T", S("W", l) + "{}^T", "the weights", layer.W.T, l - 1, l, band="row"),
                "=",
                Card(f"dA{l - 1}", S("dA", l - 1), f"for layer {l - 1}", dA, l - 1, EXAMPLE,
                     worked=worked),
            ),
        ),
    )  # fmt: skip


DA = "dA"
GRADIENTS: dict[str, Callable[[StepTrace, int, Path], Slide]] = {
    "dZ": gradient_of_Z,
    "dW": gradient_of_parameters,
    DA: gradient_of_A_prev,
}
"""The slides of a layer, in the order of the step."""


def _of_the_first(step: StepTrace, l: int) -> str:
    if step.parts == 1:
        return ""
    m = step.caches[l - 1].Z.shape[1]
    return (
        f" These are the first {m:,} of {step.m:,} examples; the update uses the mean of "
        f"{step.parts} micro-batches."
    )


def _gradient_of_Z(step: StepTrace, l: int, band: Band) -> Card:
    """dZ, as an operand."""
    dZ = step.grads[l - 1].dZ
    return Card(f"dZ{l}", S("dZ", l), "of each pre-activation", dZ, l, EXAMPLE, band=band)


def dw_worked(step: StepTrace, l: int, path: Path) -> Worked:
    """The gradient of one weight: the contribution of each example."""
    cache, grad = step.caches[l - 1], step.grads[l - 1]
    i, k = path.units[l], path.units[l - 1]
    return sum_of_products(
        s("dw", l, i, k),
        rf"\sum_j {s('dz', l, i, 'j')} \, {a_prev(step, l, k, 'j')}",
        ("example j", f"dz_{{{i},j}}", a_factor(step, l, k, "j")),
        grad.dZ[i],
        cache.A_prev[k],
        float(grad.dW[i, k]),
    )


def _dZ(step: StepTrace, l: int, path: Path) -> tuple[Card, str, list[Source], list[Cell]]:
    """dZ of a layer: its card, its equation, its lines of netcore, and its operands with signs."""
    layer, cache, grad = step.before.layers[l - 1], step.caches[l - 1], step.grads[l - 1]
    j, i, m = path.example, path.units[l], cache.Z.shape[1]
    dz, value = s("dz", l, i, j), float(grad.dZ[i, j])
    what = "of each pre-activation"
    if l == step.L:  # playground/output.py pairs every loss with its canonical output activation
        a, y = cache.A[i, j], step.Y[i, j]
        weights = step.loss.weights
        w = "" if weights is None else rf" \cdot {number(float(weights(step.Y[:, [j]])[0]))}"
        worked = Worked(
            dz,
            value,
            (
                rf"{dz} = \frac{{{s('a', l, i, j)} - y_{{{i},{j}}}}}{{m}}{w and r' w_j'} = "
                rf"\frac{{{number(a)} - {number(y)}}}{{{m}}}{w} = {number(value)}",
            ),
        )
        symbol = rf"\frac{{1}}{{m}} ({S('A', l)} - Y)" + (r" \odot w" if w else "")
        cells: list[Cell] = [
            "(",
            Card(f"A{l}", S("A", l), "the predictions", cache.A, l, EXAMPLE),
            "−",
            targets(step),
            f") / {m:,}",
        ]
        sources = [line("A - Y"), line("/m"), *([line("class weights")] if w else [])]
        return (
            Card(f"dZ{l}", S("dZ", l), what, grad.dZ, l, EXAMPLE, worked=worked),
            rf"{sized(S('dZ', l), grad.dZ)} = {symbol}",
            sources,
            cells,
        )
    dA = step.grads[l].dA_prev
    assert dA is not None
    activation = layer.activation
    column = (np.ones((1, 1), dtype=np.float32), cache.Z[i : i + 1, [j]], cache.A[i : i + 1, [j]])
    derivative = float(activation.vjp(*column)[0, 0])
    da, given = s("da", l, i, j), number(dA[i, j])
    dropped, mask = "", ""
    sources = []
    if cache.D is not None:
        dropped, mask = rf" \cdot {number(cache.D[i, j])}", rf" \, {s('d', l, i, j)}"
        sources.append(line("dA D"))
    worked = Worked(
        dz,
        value,
        (
            rf"{dz} = {da}{mask} \; g'({s('z', l, i, j)}) = {given}{dropped} \cdot "
            rf"{signed(derivative)} = {number(value)}",
        ),
    )
    derivative_of_g = f"g'({S('Z', l)})"
    odot_D = rf" \odot {S('D', l)}" if mask else ""
    ones = np.ones_like(cache.Z)
    cells = [
        Card(f"dA{l}", S("dA", l), f"from layer {l + 1}", dA, l, EXAMPLE),
        "⊙",
    ]
    if cache.D is not None:
        mask_card = Card(f"D{l}", S("D", l), "dropout", cache.D, l, EXAMPLE, unsigned=True)
        cells += [mask_card, "⊙"]
    cells.append(
        Card(f"g'{l}", derivative_of_g, "the derivative of the activation",
             activation.vjp(ones, cache.Z, cache.A), l, EXAMPLE)
    )  # fmt: skip
    return (
        Card(f"dZ{l}", S("dZ", l), what, grad.dZ, l, EXAMPLE, worked=worked),
        rf"{sized(S('dZ', l), grad.dZ)} = {sized(S('dA', l), dA)}{odot_D} \odot "
        rf"{sized(derivative_of_g, cache.Z)}",
        [*sources, line("dZ"), body(activation.vjp)],
        cells,
    )
