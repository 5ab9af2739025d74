"""After: what the update did to the predictions, to the weights, and to the cost."""

from dataclasses import dataclass

import numpy as np

from netcore.optimizers import Adam
from playground.arithmetic import number
from playground.slides.card import EXAMPLE, Card, Name, S, Slide, s
from playground.step_trace import Path, StepTrace

MOST = 6  # rows of a table
NEAR = 0.01  # of α: a step that is ±α


@dataclass(frozen=True)
class Change:
    """A number before and after the update; its name in LaTeX."""

    name: str
    before: float
    after: float


def after(step: StepTrace) -> Slide:
    l, change = step.L, step.cost_after - step.cost
    same = " with the same dropout" if step.hyper.dropout else ""
    verb = "falls" if change < 0 else "rises" if change > 0 else "stays"
    return Slide(
        Name("after"),
        "After the step",
        f"The same examples{same}, before and after this one update: the cost {verb}.",
        (
            rf"J = {number(step.cost)} \;\to\; {number(step.cost_after)} \qquad "
            rf"({number(change)})",
        ),
        board=(
            (Card("A before", S("A", l), "before", step.caches[-1].A, l, EXAMPLE, band="column"),),
            (Card("A after", S("A", l), "after", step.A_after, l, EXAMPLE, band="column"),),
        ),
    )


def predictions(step: StepTrace, path: Path) -> list[tuple[int, int, Change]]:
    """The followed example, then those whose prediction changed most: which, its label, and the
    output before and after: that of its own class where there are several."""
    A = step.caches[-1].A
    rows = step.labels if len(A) > 1 else np.zeros(A.shape[1], dtype=np.intp)
    columns = np.arange(A.shape[1])
    before, now = A[rows, columns], step.A_after[rows, columns]
    order = np.argsort(-np.abs(now - before), kind="stable")
    shown = [path.example, *(int(j) for j in order if j != path.example)][:MOST]
    return [
        (
            j,
            int(step.labels[j]),
            Change(s("a", step.L, int(rows[j]), j), float(before[j]), float(now[j])),
        )
        for j in shown
    ]


def largest_changes(step: StepTrace) -> list[Change]:
    """The weights that the step moved furthest."""
    change = np.abs(step.after.theta - step.before.theta)
    found: list[tuple[float, Change]] = []
    pairs = zip(step.before.layers, step.after.layers, step.before.unpack(change), strict=True)
    for l, (old, new, (size, _)) in enumerate(pairs, start=1):
        for at in np.argsort(-size, axis=None, kind="stable")[:MOST]:
            i, k = (int(each) for each in np.unravel_index(at, size.shape))
            named = Change(s("w", l, i, k), float(old.W[i, k]), float(new.W[i, k]))
            found.append((float(size[i, k]), named))
    found.sort(key=lambda each: -each[0])
    return [each for _, each in found[:MOST]]


def how_far(step: StepTrace) -> str:
    """Why Adam's first step is ±α almost everywhere, with this step's numbers; "" where another
    optimizer took it."""
    if not isinstance(step.optimizer, Adam) or not np.isfinite(step.after.theta).all():
        return ""
    alpha, epsilon, n = step.learning_rate, step.optimizer.epsilon, step.before.theta.size
    # θ is rounded to float32: a step that is α can only be read off θ to so much.
    rounding = np.spacing(np.abs(step.before.theta))
    moved = np.abs(step.after.theta - step.before.theta)
    whole = int((np.abs(moved - alpha) <= NEAR * alpha + rounding).sum())
    still = int((step.gradient == 0).sum())
    numbers = (
        f"Here {whole:,} of {n:,} parameters ({whole / n:.1%}) moved by α = {alpha:.4g} to within "
        f"{NEAR:.0%}; {still:,} have the gradient 0."
    )
    if step.iteration == 0:
        return (
            "**Adam's first step is ±α almost everywhere.** Its moments were 0, and the "
            "corrections undo just that: m̂ = g and v̂ = g². So θ moves by α · g / (|g| + ε): "
            f"by α, with the sign of g, where |g| is much larger than ε = {epsilon:.0e}. {numbers}"
        )
    return (
        f"**Adam's step {step.iteration + 1:,} is at most about α.** It moves θ by α · m̂ / √v̂: the "
        "mean of the last gradients over their usual size. Where they agree in sign, that is ±α; "
        f"where they take turns, it is near 0. {numbers}"
    )
