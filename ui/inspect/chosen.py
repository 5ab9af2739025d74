"""What is chosen on the page Inspect: a selection, one of its examples, and a view.

All three are in the address, so that a link shows the same; the tab remembers them between pages.
"""

from dataclasses import dataclass
from typing import Literal

import streamlit as st

from data.dataset import Dataset
from netcore.array import Array
from playground.descriptions import example_noun
from playground.inspect.selection import Part, Selection, SelectionError, read_selection
from playground.output import class_probabilities
from playground.run import Snapshot
from ui import session
from ui.draw.answer import prediction_for, reads_drawings
from ui.draw.canvas import drawn
from ui.draw.fine_tuning import labeled_drawings
from ui.notes import note
from ui.text import as_is

SELECT, EXAMPLE, VIEW = "select", "example", "view"
DRAWING: Literal["drawing"] = "drawing"
Number = int | Literal["drawing"]


def _text(key: str) -> str:
    """The text in the address, or else the one that the tab remembers."""
    text = st.query_params.get(key)
    if text is None:
        remembered: str = session.get(f"inspect {key}", "")
        return remembered
    session.put(f"inspect {key}", text)
    return text


def _put(key: str, text: str) -> None:
    session.put(f"inspect {key}", text)
    if text:
        session.set_query(key, text)
    else:
        session.set_query(key, None)


def write_address() -> None:
    """Put what the tab remembers into the address."""
    for key in (SELECT, EXAMPLE, VIEW):
        if (text := session.get(f"inspect {key}", "")) and key not in st.query_params:
            session.set_query(key, text)


def selection() -> Selection:
    text = _text(SELECT)
    try:
        return read_selection(text) if text else Selection()
    except SelectionError as error:
        note(f"The selection in the address cannot be read: {error} All examples are shown.")
        _put(SELECT, "")
        return Selection()


def select(chosen: Selection) -> None:
    """For callbacks: choose this selection, and its worst example."""
    _put(SELECT, "" if chosen == Selection() else chosen.to_text())
    _put(EXAMPLE, "")


def look_at(number: Number) -> None:
    """For callbacks: choose this example of the part, or the drawing."""
    _put(EXAMPLE, str(number))


def leave_drawing() -> None:
    """For callbacks: choose the selection's worst example again."""
    _put(EXAMPLE, "")


def view(names: tuple[str, ...]) -> str:
    text = _text(VIEW)
    return text if text in names else names[0]


def show_view(name: str) -> None:
    _put(VIEW, name)


def trace_example(number: Number) -> None:
    """For callbacks: show this example in the view Trace."""
    look_at(number)
    show_view("trace")


def examples(shown: Snapshot, part: Part) -> Dataset:
    """The examples of a part. The part "drawings" has the labeled drawings of this tab."""
    if part == "training":
        return shown.data.train
    if part == "drawings" and reads_drawings(shown.data):
        return labeled_drawings(shown.data.train.class_names)
    return shown.data.validation


def part_noun(shown: Snapshot, part: Part) -> str:
    """Such as "validation digits"."""
    return "drawings of yours" if part == "drawings" else f"{part} {example_noun(shown.config)}"


@dataclass(frozen=True, eq=False)
class Example:
    """The example that is looked at.

    x      (n_x, 1) the input
    label  None for a drawing, which has none
    a      (n_classes,) the predicted probabilities
    """

    number: Number
    x: Array
    label: int | None
    a: Array
    name: str

    @property
    def predicted(self) -> int:
        return int(self.a.argmax())

    @property
    def key(self) -> bytes:
        """Of what is computed of this input: a drawing has no number."""
        return self.x.tobytes()


def example(shown: Snapshot, chosen: Selection) -> Example | None:
    """The example that was picked, or else the worst of the selection; None if that is empty."""
    text = _text(EXAMPLE)
    names = shown.data.train.class_names
    if text == DRAWING:
        prediction = prediction_for(shown, drawn()) if reads_drawings(shown.data) else None
        if prediction is not None:
            return Example(DRAWING, prediction.prepared.column, None, prediction.a, "Your drawing")
    dataset = examples(shown, chosen.part)
    if text.isascii() and text.isdigit() and len(text) < 9 and int(text) < dataset.m:
        number = int(text)
    else:
        members = chosen.members(shown.network, dataset)
        if not len(members):
            return None
        number = int(members[0])
    label = int(dataset.labels[number])
    x = dataset.X[:, number : number + 1]
    a = class_probabilities(shown.network.predict(x))[:, 0]
    noun = "drawing of yours" if chosen.part == "drawings" else f"{chosen.part} example"
    name = f"{noun.capitalize()} {number:,}, true {as_is(names[label])}"
    return Example(number, x, label, a, name)
