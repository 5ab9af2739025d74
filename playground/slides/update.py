"""Update slides: the change of each weight, and the cost after it."""

from dataclasses import asdict, replace

from netcore.optimizers import Optimizer
from playground.arithmetic import Worked, number
from playground.equations import Equation, symbol
from playground.slides.backward import dw_worked
from playground.slides.card import ONE, Card, Cell, Name, S, Slide, s
from playground.source_lines import body, line
from playground.step_trace import Path, StepTrace


def formula(optimizer: Optimizer) -> str:
    """The optimizer's equations in LaTeX, one below the other."""
    lines = r" \\ ".join(
        rf"{symbol(each.target)} \leftarrow {each.latex()}"
        for each in map(Equation.parse, optimizer.equations)
    )
    return rf"\begin{{gathered}} g = d\theta \\ {lines} \end{{gathered}}"


def update_worked(
    name: str,
    optimizer: Optimizer,
    *,
    theta: tuple[float, float],
    g: float,
    moments: dict[str, tuple[float, float]],
    learning_rate: float,
    t: int,
) -> Worked:
    """The update of one parameter, `name` in LaTeX: the optimizer's equations with their numbers.
    theta and each moment are given as (before, after) of the training step.
    """
    values = {
        **asdict(optimizer),
        "alpha": learning_rate,
        "g": g,
        "t": t,
        "theta": theta[0],
        **{moment: before for moment, (before, _) in moments.items()},
    }
    lines = []
    for equation in map(Equation.parse, optimizer.equations):
        target = equation.target
        after = {**moments, "theta": theta}.get(target, (0.0, equation.value(values)))[1]
        numbers = equation.with_numbers(values, {"theta": 7})
        left = name if target == "theta" else symbol(target)
        right = equation.latex({"theta": name})
        # A lone fraction has room for its numbers beside it; anything else would be cut off.
        to_numbers = "=" if right.startswith(r"\frac") else r"\\ &="
        lines.append(
            rf"\begin{{aligned}} {left} &\leftarrow {right} {to_numbers} {numbers} "
            rf"\\ &= {number(after, 7 if target == 'theta' else 4)} \end{{aligned}}"
        )
        values[target] = after
    return Worked(rf"\Delta {name}", theta[1] - theta[0], tuple(lines))


def update(step: StepTrace, l: int, path: Path) -> Slide:
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
    with_terms = " and ".join(t for t, on in (("L2", step.hyper.l2), ("L1", step.hyper.l1)) if on)
    what = "its gradient" + (f", with {with_terms}" if with_terms else "")

    def row(name: str, which: int, columns: int, work: Worked) -> tuple[Cell, ...]:
        old_M, new_M = ((before.W, after.W), (before.b, after.b))[which]
        letter = "Wb"[which]
        return (
            Card(f"gradient {letter}{l}", S("d" + letter, l), what, gradient[which], l, columns),
            *(
                Card(f"{n} {letter}{l}", symbol(n), memory_of(step.optimizer, n), vectors[which],
                     l, columns)
                for n, vectors in new.items()
            ),
            "→",
            Card(f"before {letter}{l}", name, "before", old_M, l, columns),
            "+",
            Card(f"change {letter}{l}", rf"\Delta {name}", "the step", new_M - old_M, l, columns,
                 worked=work),
            "=",
            Card(f"after {letter}{l}", name, "after", new_M, l, columns),
        )  # fmt: skip

    of_W = _with_gradient(step, l, path, worked(s("w", l, i, k), 0, (i, k)))
    board = (row(W, 0, l - 1, of_W), row(b, 1, ONE, worked(s("b", l, i), 1, (i, 0))))
    equations = [formula(step.optimizer)]
    sources = [body(type(step.optimizer).update)]
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
        Name("update", l),
        f"Update, layer {l} of {step.L}",
        f"Step {step.iteration + 1:,} of {step.optimizer.title}, with α = "
        f"{step.learning_rate:.4g}: every weight moves against {_against(step)}.",
        tuple(equations),
        tuple(sources),
        board,
    )


def _with_gradient(step: StepTrace, l: int, path: Path, update: Worked) -> Worked:
    """The update of a weight, with its gradient as a sum over the examples, if all are shown."""
    if step.parts > 1:
        return update
    i, k = path.units[l], path.units[l - 1]
    gradient = dw_worked(step, l, path)
    name = s("dw", l, i, k)
    terms = [term for term, on in (("L2", step.hyper.l2), ("L1", step.hyper.l1)) if on]
    also = rf" \text{{, to which {' and '.join(terms)} are added}}" if terms else ""
    return replace(
        update,
        heads=gradient.heads,
        terms=gradient.terms,
        others=gradient.others,
        rest=gradient.rest,
        adds_to=rf"g = {name} = {number(gradient.value)}{also}",
    )


def _against(step: StepTrace) -> str:
    """What an update follows: with a first moment or a velocity, not this step's gradient alone."""
    averages = any(memory_of(step.optimizer, n) != "second moment" for n in step.moments_after)
    return "a moving average of its gradients" if averages and step.iteration else "its gradient"


def memory_of(optimizer: Optimizer, moment: str) -> str:
    """The usual name of a vector of the optimizer's state."""
    (text,) = (each for each in optimizer.equations if each.startswith(f"{moment} = "))
    if "g**2" in text:
        return "second moment"
    return "velocity" if "alpha" in text else "first moment"
