"""After: what the update did to the predictions, to the weights, and to the cost."""

from dataclasses import dataclass

import numpy as np

from netcore.optimizers import Adam
from playground.arithmetic import number
from playground.output import is_regression
from playground.slides.card import EXAMPLE, Card, Name, S, Slide, s
from playground.step_trace import Path, StepTrace

MAX_ROWS = 6  # of a table
TOLERANCE = 0.01  # of α: a step counts as ±α if it differs by less


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


def predictions(step: StepTrace, path: Path) -> list[tuple[int, float, Change]]:
    """The example on the path, then those whose prediction changed most: the index, the label or
    value, and the output before and after. With several outputs, it is the output of the example's
    class.
    """
    A = step.caches[-1].A
    rows = step.labels if len(A) > 1 else np.zeros(A.shape[1], dtype=np.intp)
    columns = np.arange(A.shape[1])
    targets = step.Y[0] if is_regression(step.config) else step.labels
    before, now = A[rows, columns], step.A_after[rows, columns]
    order = np.argsort(-np.abs(now - before), kind="stable")
    shown = [path.example, *(int(j) for j in order if j != path.example)][:MAX_ROWS]
    return [
        (
            j,
            float(targets[j]),
            Change(s("a", step.L, int(rows[j]), j), float(before[j]), float(now[j])),
        )
        for j in shown
    ]


def largest_changes(step: StepTrace) -> list[Change]:
    """The weights that changed most."""
    change = np.abs(step.after.theta - step.before.theta)
    found: list[tuple[float, Change]] = []
    pairs = zip(step.before.layers, step.after.layers, step.before.unpack(change), strict=True)
    for l, (old, new, (size, _)) in enumerate(pairs, start=1):
        for at in np.argsort(-size, axis=None, kind="stable")[:MAX_ROWS]:
            i, k = (int(each) for each in np.unravel_index(at, size.shape))
            named = Change(s("w", l, i, k), float(old.W[i, k]), float(new.W[i, k]))
            found.append((float(size[i, k]), named))
    found.sort(key=lambda each: -each[0])
    return [each for _, each in found[:MAX_ROWS]]


def how_far(step: StepTrace) -> str:
    """How large the steps of Adam are, with this step's numbers; "" for other optimizers."""
    if not isinstance(step.optimizer, Adam) or not np.isfinite(step.after.theta).all():
        return ""
    alpha, epsilon, n = step.learning_rate, step.optimizer.epsilon, step.before.theta.size
    # θ is rounded to float32, so the difference of two θ is exact only to this rounding.
    rounding = np.spacing(np.abs(step.before.theta))
    moved = np.abs(step.after.theta - step.before.theta)
    whole = int((np.abs(moved - alpha) <= TOLERANCE * alpha + rounding).sum())
    still = int((step.gradient == 0).sum())
    numbers = (
        f"Here {whole:,} of {n:,} parameters ({whole / n:.1%}) changed by α = {alpha:.4g} (within "
        f"{TOLERANCE:.0%}); {still:,} have gradient 0."
    )
    if step.iteration == 0:
        return (
            "**Adam's first step is ±α almost everywhere.** Its moments were 0, and the bias "
            "corrections give m̂ = g and v̂ = g². So θ changes by α · g / (|g| + ε): if |g| is much "
            f"larger than ε = {epsilon:.0e}, this is α with the sign of g. {numbers}"
        )
    return (
        f"**Adam's step {step.iteration + 1:,} is at most about α.** It changes θ by α · m̂ / √v̂: "
        "the mean of the last gradients, divided by their usual size. If they have the same sign, "
        f"this is about ±α; if their signs alternate, it is near 0. {numbers}"
    )
