"""A training step as slides: the batch, forward, cost, backward, update, and the cost afterwards.

A slide has equations with this network's sizes, the lines of netcore that compute them, and cards.
A card is a matrix in which one entry, the one on the selected path, is worked out.
"""

from playground.slides.backward import backward
from playground.slides.card import EXAMPLE, ONE, Axis, Card, Name, Slide, Stage, place
from playground.slides.forward import batch, cost, forward
from playground.slides.update import after, update
from playground.step_trace import Path, StepTrace

__all__ = ["EXAMPLE", "ONE", "Axis", "Card", "Name", "Slide", "Stage", "names", "place", "slide"]


def names(L: int) -> list[Name]:
    """The names of all slides for a network of L layers, in the order of the step.

    >>> names(1)
    [('batch', 0), ('forward', 1), ('cost', 0), ('backward', 1), ('update', 1), ('after', 0)]
    """
    up, down = range(1, L + 1), range(L, 0, -1)
    return [
        ("batch", 0),
        *(("forward", l) for l in up),
        ("cost", 0),
        *(("backward", l) for l in down),
        *(("update", l) for l in up),
        ("after", 0),
    ]


def slide(step: StepTrace, name: Name, path: Path) -> Slide:
    stage, l = name
    match stage:
        case "batch":
            return batch(step)
        case "forward":
            return forward(step, l, path)
        case "cost":
            return cost(step, path)
        case "backward":
            return backward(step, l, path)
        case "update":
            return update(step, l, path)
        case "after":
            return after(step)
