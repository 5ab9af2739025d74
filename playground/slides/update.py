"""Update: each weight's step against its slope, and what it does to the cost."""

from dataclasses import replace

from netcore.optimizers import Adam, GradientDescent, Momentum, Nesterov, RMSProp
from playground.anatomy import Anatomy, Path
from playground.arithmetic import Worked, number, update_worked
from playground.slides.backward import dw_worked
from playground.slides.card import ONE, Card, S, Slide, named, s
from playground.source_lines import body, line

UPDATES = {
    GradientDescent: r"\theta \leftarrow \theta - \alpha\, d\theta",
    Momentum: r"\begin{gathered} v \leftarrow \mu v - \alpha\, d\theta \\ "
    r"\theta \leftarrow \theta + v \end{gathered}",
    Nesterov: r"\begin{gathered} v \leftarrow \mu v - \alpha\, d\theta \\ "
    r"\theta \leftarrow \theta + \mu v - \alpha\, d\theta \end{gathered}",
    RMSProp: r"\begin{gathered} s \leftarrow \rho s + (1-\rho)\, d\theta^2 \\ "
    r"\theta \leftarrow \theta - \frac{\alpha\, d\theta}{\sqrt s + \varepsilon} \end{gathered}",
    Adam: r"\begin{gathered} m \leftarrow \beta_1 m + (1-\beta_1)\, d\theta \\ "
    r"v \leftarrow \beta_2 v + (1-\beta_2)\, d\theta^2 \\ \theta \leftarrow \theta - "
    r"\frac{\alpha\, \hat m}{\sqrt{\hat v} + \varepsilon} \end{gathered}",
}


def update(step: Anatomy, l: int, path: Path) -> Slide:
    before, after = step.before.layers[l - 1], step.after.layers[l - 1]
    gradient = step.before.unpack(step.gradient)[l - 1]
    old = {n: step.before.unpack(v)[l - 1] for n, v in step.moments_before.items()}
    new = {n: step.before.unpack(v)[l - 1] for n, v in step.moments_after.items()}
    i, k = path.units[l], path.units[l - 1]

    def worked(symbol: str, which: int, at: tuple[int, int]) -> Worked:
        pair = ((before.W, after.W), (before.b, after.b))[which]
        return update_worked(
            symbol,
            step.optimizer,
            theta=(float(pair[0][at]), float(pair[1][at])),
            g=float(gradient[which][at]),
            moments={n: (float(old[n][which][at]), float(new[n][which][at])) for n in old},
            learning_rate=step.learning_rate,
            t=step.iteration + 1,
        )

    W, b = S("W", l), S("b", l)
    results = (
        Card(f"change W{l}", rf"\Delta {W}", "after − before", after.W - before.W, l, l - 1,
             worked=_with_pushes(step, l, path, worked(s("w", l, i, k), 0, (i, k)))),
        Card(f"change b{l}", rf"\Delta {b}", "after − before", after.b - before.b, l, ONE,
             worked=worked(s("b", l, i), 1, (i, 0))),
    )  # fmt: skip
    with_terms = " and ".join(t for t, on in (("L2", step.hyper.l2), ("L1", step.hyper.l1)) if on)
    what = "its slope" + (f", with {with_terms}" if with_terms else "")
    made_from = (
        Card(f"gradient W{l}", S("dW", l), what, gradient[0], l, l - 1),
        *(
            Card(f"{n} W{l}", rf"{n} \text{{ of }} {W}", "the optimizer's memory, after",
                 vectors[0], l, l - 1)
            for n, vectors in new.items()
        ),
        Card(f"before W{l}", W, "before", before.W, l, l - 1),
        Card(f"after W{l}", W, "after", after.W, l, l - 1),
    )  # fmt: skip
    equations = [UPDATES[type(step.optimizer)]]
    sources = [body(type(step.optimizer).step)]
    terms = ""
    if step.hyper.l2:
        terms += rf" + \lambda_2 {W}"
        sources.insert(0, line("L2"))
    if step.hyper.l1:
        terms += rf" + \lambda_1 \operatorname{{sign}} {W}"
        sources.insert(0, line("L1"))
    if terms:
        equations.insert(0, rf"{S('dW', l)} \leftarrow {S('dW', l)}{terms}")
    return Slide(
        ("update", l),
        f"Update, layer {l} of {step.L}",
        f"{named(type(step.optimizer).__name__)} takes step {step.iteration + 1:,} with "
        f"α = {step.learning_rate:.4g}: every weight against its slope.",
        tuple(equations),
        tuple(sources),
        results,
        made_from,
    )


def _with_pushes(step: Anatomy, l: int, path: Path, update: Worked) -> Worked:
    """A weight's update, and under it which examples its slope comes from, where all are shown."""
    if step.parts > 1:
        return update
    i, k = path.units[l], path.units[l - 1]
    pushes = dw_worked(step, l, path)
    name = s("dw", l, i, k)
    terms = [term for term, on in (("L2", step.hyper.l2), ("L1", step.hyper.l1)) if on]
    also = rf" \text{{, to which {' and '.join(terms)} are added}}" if terms else ""
    return replace(
        update,
        heads=pushes.heads,
        terms=pushes.terms,
        others=pushes.others,
        rest=pushes.rest,
        adds_to=rf"g = {name} = {number(pushes.value)}{also}",
    )


def after(step: Anatomy) -> Slide:
    change = step.cost_after - step.cost
    return Slide(
        ("after", 0),
        "What came of it",
        f"The same examples{' with the same dropout' if step.hyper.dropout else ''}, "
        f"before and after this one update: the cost "
        f"{'falls' if change < 0 else 'rises' if change > 0 else 'stays'}.",
        (
            rf"J = {number(step.cost)} \;\to\; {number(step.cost_after)} \qquad "
            rf"({number(change)})",
        ),
    )
