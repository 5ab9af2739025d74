"""Backward slides: the gradients of the cost, from the output layer to the first."""

import numpy as np

from playground.arithmetic import Worked, number, signed, sum_of_products
from playground.slides.card import EXAMPLE, ONE, A_prev, Card, S, Slide, s, sized
from playground.source_lines import Source, body, line
from playground.step_trace import Path, StepTrace


def backward(step: StepTrace, l: int, path: Path) -> Slide:
    layer, cache, grad = step.before.layers[l - 1], step.caches[l - 1], step.grads[l - 1]
    j, i, k = path.example, path.units[l], path.units[l - 1]
    m = cache.Z.shape[1]
    columns = f"{m:,} examples"
    dZ_card, equation, sources, above = _dZ(step, l, path)
    dW = dw_worked(step, l, path)
    db = sum_of_products(
        s("db", l, i),
        rf"\sum_j {s('dz', l, i, 'j')}",
        ("example j", f"dz_{{{i},j}}", "1"),
        grad.dZ[i],
        np.ones(m, dtype=np.float32),
        float(grad.db[i, 0]),
    )
    results = [
        dZ_card,
        Card(
            f"dW{l}",
            S("dW", l),
            "gradient of J with respect to each weight",
            grad.dW,
            l,
            l - 1,
            worked=dW,
        ),
        Card(
            f"db{l}",
            S("db", l),
            "gradient of J with respect to each bias",
            grad.db,
            l,
            ONE,
            worked=db,
        ),
    ]
    equations = [
        equation,
        rf"{sized(S('dW', l), grad.dW)} = {sized(S('dZ', l), grad.dZ)} \; "
        rf"{sized(S('A', l - 1) + '{}^T', cache.A_prev.T)} \qquad "
        rf"{sized(S('db', l), grad.db)} = \textstyle\sum_j {S('dZ', l)}",
    ]
    sources += [line("dW"), line("db")]
    if grad.dA_prev is not None:
        equations.append(
            rf"{sized(S('dA', l - 1), grad.dA_prev)} = {sized(S('W', l) + '{}^T', layer.W.T)} \; "
            rf"{sized(S('dZ', l), grad.dZ)}"
        )
        sources.append(line("dA"))
        worked = sum_of_products(
            s("da", l - 1, k, j),
            rf"\sum_i {s('w', l, 'i', k)} \, {s('dz', l, 'i', j)}",
            (f"unit i of layer {l}", f"w_{{i,{k}}}", f"dz_{{i,{j}}}"),
            layer.W[:, k],
            grad.dZ[:, j],
            float(grad.dA_prev[k, j]),
        )
        results.append(
            Card(f"dA{l - 1}", S("dA", l - 1), "passed on to the layer before", grad.dA_prev,
                 l - 1, EXAMPLE, worked=worked)
        )  # fmt: skip
    slices = (
        f" Here for the first {m:,} of {step.m:,}; the update uses all {step.parts} micro-batches."
        if step.parts > 1
        else ""
    )
    return Slide(
        ("backward", l),
        f"Backward, layer {l} of {step.L}",
        f"How the cost would change if each number were slightly larger. A weight's gradient sums "
        f"over the {columns}.{slices}",
        tuple(equations),
        tuple(sources),
        tuple(results),
        (*above, A_prev(step, l, "from the cache of forward")),
    )


def dw_worked(step: StepTrace, l: int, path: Path) -> Worked:
    """The gradient of one weight: the contribution of each example."""
    cache, grad = step.caches[l - 1], step.grads[l - 1]
    i, k = path.units[l], path.units[l - 1]
    return sum_of_products(
        s("dw", l, i, k),
        rf"\sum_j {s('dz', l, i, 'j')} \, {s('a', l - 1, k, 'j')}",
        ("example j", f"dz_{{{i},j}}", f"a_{{{k},j}}"),
        grad.dZ[i],
        cache.A_prev[k],
        float(grad.dW[i, k]),
    )


def _dZ(step: StepTrace, l: int, path: Path) -> tuple[Card, str, list[Source], list[Card]]:
    """dZ of a layer: its card, its equation, its lines of code, and the matrices it is made
    from.
    """
    layer, cache, grad = step.before.layers[l - 1], step.caches[l - 1], step.grads[l - 1]
    j, i, m = path.example, path.units[l], cache.Z.shape[1]
    dz, value = s("dz", l, i, j), float(grad.dZ[i, j])
    what = "gradient of J with respect to each pre-activation"
    if l == step.L:  # playground/output.py always uses the loss's canonical output activation
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
        cards = [
            Card(f"A{l}", S("A", l), "the prediction, from the cache", cache.A, l, EXAMPLE),
            Card("Y", "Y", "the truth", step.Y, l, EXAMPLE, unsigned=True),
        ]
        sources = [line("A - Y"), line("/m"), *([line("class weights")] if w else [])]
        return (
            Card(f"dZ{l}", S("dZ", l), what, grad.dZ, l, EXAMPLE, worked=worked),
            rf"{sized(S('dZ', l), grad.dZ)} = {symbol}",
            sources,
            cards,
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
    cards = [
        Card(f"dA{l}", S("dA", l), f"from layer {l + 1}", dA, l, EXAMPLE),
        Card(f"Z{l}", S("Z", l), "from the cache of forward", cache.Z, l, EXAMPLE),
    ]
    if cache.D is not None:
        cards.append(
            Card(f"D{l}", S("D", l), "dropout, from the cache", cache.D, l, EXAMPLE, unsigned=True)
        )
    return (
        Card(f"dZ{l}", S("dZ", l), what, grad.dZ, l, EXAMPLE, worked=worked),
        rf"{sized(S('dZ', l), grad.dZ)} = {sized(S('dA', l), dA)}{odot_D} \odot "
        rf"{sized(derivative_of_g, cache.Z)}",
        [*sources, line("dZ"), body(activation.vjp)],
        cards,
    )
