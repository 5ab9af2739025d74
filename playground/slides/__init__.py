"""A training step as slides: the batch, forward, cost, backward, update, and the cost afterwards.

A slide has equations with this network's sizes, the lines of netcore that compute them, and cards.
A card is a matrix, with the calculation of its entry on the chosen path.
"""

from playground.slides.after import Change, after, how_far, largest_changes, predictions
from playground.slides.backward import DA, GRADIENTS
from playground.slides.card import (
    EXAMPLE,
    ONE,
    Axis,
    Card,
    Cell,
    Name,
    Slide,
    Stage,
    index_on,
    target_name,
)  # fmt: skip
from playground.slides.forward import batch, cost, forward
from playground.slides.update import update
from playground.step_trace import Path, StepTrace

__all__ = [
    "EXAMPLE", "ONE", "Axis", "Card", "Cell", "Change", "Name", "Slide", "Stage", "how_far",
    "index_on", "largest_changes", "names", "predictions", "slide", "target_name",
]  # fmt: skip


def names(L: int) -> list[Name]:
    """The names of all slides for a network of L layers, in the order of the step.

    >>> [each.stage for each in names(1)]
    ['batch', 'forward', 'cost', 'backward', 'backward', 'update', 'after']
    """
    up, down = range(1, L + 1), range(L, 0, -1)
    return [
        Name("batch"),
        *(Name("forward", l) for l in up),
        Name("cost"),
        *(
            Name("backward", l, of)
            for l in down
            for of in GRADIENTS
            if of != DA or l > 1  # no layer is below the first
        ),
        *(Name("update", l) for l in up),
        Name("after"),
    ]


def slide(step: StepTrace, name: Name, path: Path) -> Slide:
    l = name.layer
    match name.stage:
        case "batch":
            return batch(step)
        case "forward":
            return forward(step, l, path)
        case "cost":
            return cost(step, path)
        case "backward":
            return GRADIENTS[name.of](step, l, path)
        case "update":
            return update(step, l, path)
        case "after":
            return after(step)
