"""Forward slides: the batch, the pre-activations and activations of each layer, and the cost."""

from dataclasses import replace

import numpy as np

from playground.arithmetic import Term, Worked, number, signed, softmax_worked, sum_of_products
from playground.formatting import counted, formatted
from playground.output import is_regression
from playground.slides.card import (
    EXAMPLE,
    ONE,
    A_prev,
    Card,
    Name,
    S,
    Slide,
    a_factor,
    a_prev,
    input_symbol,
    never_negative,
    s,
    sized,
    target_name,
    targets,
)  # fmt: skip
from playground.source_lines import body, line
from playground.step_trace import NEXT, Path, StepTrace


def batch(step: StepTrace) -> Slide:
    how = "The run's next batch" if step.batch == NEXT else "The first examples of the training set"
    parts = (
        f" netcore computes a batch of this size in {step.parts} micro-batches. The slides show "
        f"the first {step.X.shape[1]:,} examples; the cost and the update are of all."
        if step.parts > 1
        else ""
    )
    warped = ", warped at random" if step.config.augmentation else ""
    return Slide(
        Name("batch"),
        "The batch",
        f"{how}: {counted(step.m, 'example')}{warped}. Every column of X "
        f"is an example, and the same column of Y is its {target_name(step)}.{parts}",
        (rf"A^{{[0]}} = {sized('X', step.X)} \qquad {sized('Y', step.Y)}",),
        board=(
            (
                Card(
                    "X",
                    "X = A^{[0]}",
                    "the examples",
                    step.X,
                    0,
                    EXAMPLE,
                    unsigned=never_negative(step.X),
                ),
            ),
            (targets(step),),
        ),
    )


def _in_words(step: StepTrace, l: int) -> str:
    layer, m = step.before.layers[l - 1], step.caches[l - 1].Z.shape[1]
    who = "The unit" if layer.n_out == 1 else f"Each of the {layer.n_out:,} units"
    examples = "the example" if m == 1 else f"all {m:,} examples at once"
    if l < step.L:
        to = "goes to the next layer"
    elif is_regression(step.config):
        to = "is the prediction: a number"
    else:
        which = "of label 1" if layer.n_out == 1 else "for each class"
        to = f"is the prediction: a probability {which}"
    return (
        f"{who} sums its {counted(layer.n_in, 'input')} times its weights, for {examples}. "
        f"The output {to}."
    )


def forward(step: StepTrace, l: int, path: Path) -> Slide:
    layer, cache = step.before.layers[l - 1], step.caches[l - 1]
    activation, j, i = layer.activation, path.example, path.units[l]
    z, a = s("z", l, i, j), s("a", l, i, j)
    Z_card = Card(
        f"Z{l}", S("Z", l), "pre-activations", cache.Z, l, EXAMPLE,
        worked=sum_of_products(
            z,
            rf"\sum_k {s('w', l, i, 'k')} \, {a_prev(step, l, 'k', j)} + {s('b', l, i)}",
            (
                f"unit k of layer {l - 1}" if l > 1 else "input k",
                f"w_{{{i},k}}",
                a_factor(step, l, "k", j),
            ),
            layer.W[i],
            cache.A_prev[:, j],
            float(cache.Z[i, j]),
            bias=float(layer.b[i, 0]),
        ),
    )  # fmt: skip
    if activation.name == "softmax":
        worked = softmax_worked(a, z, cache.Z[:, j], i, float(cache.A[i, j]))
    else:
        at = signed(float(cache.Z[i, j]))
        worked = Worked(
            a,
            float(cache.A[i, j]),
            (rf"{a} = g({z}) = {activation.formula.replace('Z', at)} = {number(cache.A[i, j])}",),
        )
    A_card = Card(
        f"A{l}", S("A", l), f"after {activation.title}", cache.A, l, EXAMPLE, worked=worked
    )
    kept: list[Card | None] = [A_card]
    equations = [
        rf"{sized(S('Z', l), cache.Z)} = {sized(S('W', l), layer.W)} \; "
        rf"{sized(input_symbol(step, l), cache.A_prev)} + {sized(S('b', l), layer.b)}",
        rf"{sized(S('A', l), cache.A)} = g({S('Z', l)}), \qquad g(Z) = {activation.formula}",
    ]
    sources = [line("Z"), line("+b"), line("A"), body(activation.f)]
    if cache.D is not None:
        share = number(float(cache.D.max()))
        kept.append(
            Card(f"D{l}", S("D", l), f"dropout: 0, or {share}", cache.D, l, EXAMPLE, unsigned=True,
                 worked=Worked(
                     s("d", l, i, j), float(cache.D[i, j]),
                     (rf"{a} \cdot {s('d', l, i, j)} = {number(cache.A[i, j])} \cdot "
                      rf"{number(cache.D[i, j])} = {number(cache.A[i, j] * cache.D[i, j])}",),
                 ))
        )  # fmt: skip
        sources.append(line("D"))
    return Slide(
        Name("forward", l),
        f"Forward, layer {l} of {step.L}",
        _in_words(step, l),
        tuple(equations),
        tuple(sources),
        (
            (None, None, None, None, A_prev(step, l)),
            (
                Card(f"W{l}", S("W", l), "the weights", layer.W, l, l - 1, band="row"),
                "+",
                Card(f"b{l}", S("b", l), "the biases", layer.b, l, ONE),
                "=",
                Z_card,
            ),
            (None, None, None, None, *kept),
        ),
    )


def _of_no_idea(step: StepTrace) -> str:
    """The cost of equal probabilities; "" without classes, or where class weights change it."""
    if is_regression(step.config) or step.loss.weights is not None:
        return ""
    n = max(len(step.Y), 2)
    return f" With probability 1/{n} for each class, it would be log {n} = {np.log(n):.3f}."


def cost(step: StepTrace, path: Path) -> Slide:
    A, Y, j = step.caches[-1].A, step.Y, path.example
    each = np.array([step.loss.value(A[:, [k]], Y[:, [k]]) for k in range(A.shape[1])])
    largest = np.argsort(-each, kind="stable")[:6]
    label = int(step.labels[j])
    name, formula = step.loss.name, step.loss.formula
    if name == "cross_entropy":
        a = A[label, j]
        lines = [rf"J_{{{j}}} = -\log {s('a', step.L, label, j)} = -\log {number(a)}"]
    elif name == "binary_cross_entropy":
        a = A[0, j]
        inner = number(a) if label else f"(1 - {number(a)})"
        lines = [rf"J_{{{j}}} = -\log {inner}"]
    else:
        lines = [rf"J_{{{j}}} = \tfrac12 \textstyle\sum_k (a_{{k,{j}}} - y_{{k,{j}}})^2"]
    if step.loss.weights is not None:
        w = float(step.loss.weights(Y[:, [j]])[0])
        lines[0] += rf", \text{{ times its class's weight }} {number(w)}"
        formula = formula.replace(r"\sum", r"\sum w", 1)
    lines[0] += f" = {number(each[j])}"
    lines.append(rf"J = \frac{{1}}{{{step.m}}} \sum_j J_j = {number(step.cost)}")
    worked = Worked(
        "J",
        step.cost,
        tuple(lines),
        ("example j", r"1/m", "J_j"),
        tuple(Term(str(k), 1 / step.m, float(each[k])) for k in largest),
        step.m - len(largest),
        step.cost - float(each[largest].sum()) / step.m,
    )
    l = step.L
    return Slide(
        Name("cost"),
        "The cost",
        f"The cost is the mean over {counted(step.m, 'example')}: {formatted(step.cost, '.4g')}."
        f"{_of_no_idea(step)}",
        (rf"J = {formula}",),
        (body(step.loss.value),) if step.loss.weights is None else (),
        (
            (Card(f"A{l}", S("A", l), "the predictions", A, l, EXAMPLE, band="column"),),
            (replace(targets(step), band="column"),),
            (Card("J", "J_j", "the cost of each example", each[None], ONE, EXAMPLE),),
        ),
        worked,
    )
