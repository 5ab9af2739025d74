"""Labeled drawings, fine-tuning on them, and the accuracy before and after."""

from collections.abc import Callable

import streamlit as st

from data.dataset import DataError, Dataset
from data.labeled_drawings import MAX_DRAWINGS, MAX_MB, Drawings
from data.preprocessing import SIDE
from netcore.array import Array
from netcore.metrics import predicted_labels
from playground.descriptions import example_noun
from playground.output import class_probabilities
from playground.predictions import Prediction, predict
from playground.run import Snapshot
from ui import runs, session
from ui.image_grid import image_grid
from ui.text import as_is

NBSP = "\N{NO-BREAK SPACE}"

_MINE, _LABEL, _FILE = "my drawings", "label of the drawing", "file of drawings"
_COMPLAINT, _EXAMPLES = "complaint about drawings", "drawings as examples"


def _mine() -> Drawings:
    return session.keep(_MINE, Drawings)


def labeled_drawings(class_names: tuple[str, ...]) -> Dataset:
    """This tab's drawings as examples. The object stays the same until a drawing changes, so that
    caches work.
    """
    of = (tuple(_mine()), class_names)
    kept: tuple[object, Dataset] | None = session.get(_EXAMPLES)
    if kept is None or kept[0] != of:
        kept = of, _mine().examples(class_names)
        session.put(_EXAMPLES, kept)
    return kept[1]


def fine_tune_button(
    shown: Snapshot, prediction: Prediction | None, *, changed: Callable[[], None]
) -> None:
    """The choice of the drawing's true label, and a button that fine-tunes on all labeled drawings.

    changed  redraws what shows the drawings; called at the end of a label's callback
    """
    names = shown.data.train.class_names
    if prediction is not None:
        x = prediction.prepared.column
        place = _mine().find(x)
        known = None if place is None else list(_mine())[place].name
        session.show(_LABEL, known if known in names else None)
        st.pills(
            "**True label:** choose one to keep this drawing for fine-tuning.",
            names,
            format_func=as_is,
            wrap=True,
            key=_LABEL,
            on_change=_label,
            args=(x, changed),
        )
    ready = _mine().examples(names).m
    if ready and st.button(
        f"Fine-tune on my drawings ({ready})",
        key="fine_tune",
        type="primary",
        icon=":material/school:",
        on_click=_fine_tune,
        args=(names,),
        disabled=shown.now.busy or shown.is_past,
        width="stretch",
        help="Continues training for about a second, on your drawings with augmentation, mixed "
        "with original training images so that the network does not forget those.",
    ):
        st.rerun()  # the whole page now shows another run


def _label(x: Array, changed: Callable[[], None]) -> None:
    """The drawing x (784, 1) was labeled, or its label removed."""
    name, place = session.get(_LABEL), _mine().find(x)
    if name is not None:
        _noting_refusals(lambda: _mine().add(x, name))
    elif place is not None:
        _mine().delete(place)
    changed()


def _fine_tune(names: tuple[str, ...]) -> None:
    runs.fine_tune(_mine().examples(names))


def before_and_after(shown: Snapshot, prediction: Prediction | None) -> None:
    """The effect of fine-tuning, if the network was fine-tuned, and a button to undo it."""
    if shown.fine_tuning is None:
        return
    networks = shown.fine_tuning.network, shown.network
    names = shown.data.train.class_names
    drawings = _mine().examples(names)
    rows = []
    if prediction is not None:
        earlier = predict(shown.fine_tuning.network, prediction.prepared)
        rows.append(["This drawing", *(_reading(each, names) for each in (earlier, prediction))])
        here = _mine().find(prediction.prepared.column)
        if here is not None:
            drawings = _others(here).examples(names)
    if drawings.m:
        right = ((predicted_labels(n.predict(drawings.X)) == drawings.labels) for n in networks)
        rows.append(["Your other drawings", *(f"{each.sum()} of {drawings.m}" for each in right)])
    first = shown.curves.validation_accuracy[0]
    now = shown.measured.validation.score
    rows.append(
        [
            f"Validation {example_noun(shown.config)}",
            f"{100 * first:.1f}{NBSP}%",
            f"{100 * now:.1f}{NBSP}%",
        ]
    )
    # Lines, not a table: on a tablet it would be wider than its column.
    lines = "  \n".join(f"{what}: {before} → **{after}**" for what, before, after in rows)
    st.markdown(f"**Before → fine-tuned**  \n{lines}")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            f"Fine-tuned on {shown.fine_tuning.drawings.m} of your drawings. No address contains "
            "them: to "
            "keep this network, save it on the page Train.",
            width="stretch",
        )
        if runs.shown_before() is not None and st.button(
            "Back to before", key="unteach", on_click=runs.back_to_run_before
        ):
            st.rerun()


def _reading(prediction: Prediction, names: tuple[str, ...]) -> str:
    if not prediction.is_finite:
        return "diverged"
    return f"{as_is(names[prediction.label])}, {100 * prediction.a.max():.0f}{NBSP}%"


def _others(place: int) -> Drawings:
    others = Drawings()
    for i, drawing in enumerate(_mine()):
        if i != place:
            others.add(drawing.pixels[:, None] / 255, drawing.name)
    return others


def my_drawings(shown: Snapshot, *, changed: Callable[[], None]) -> None:
    """The labeled drawings: show, delete, save to a file, and load from one.

    changed  as in fine_tune_button
    """
    mine = _mine()
    with st.expander(f"Your drawings ({len(mine)})", key="your drawings"):
        if len(mine):
            picked = _list(shown, mine)
        else:
            picked = None
            st.markdown("Draw a digit and choose its true label to add it here.")
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.button("Delete", key="delete drawing", on_click=_delete, args=(picked, changed),
                      disabled=picked is None, help="The drawing selected above.")  # fmt: skip
            st.button("Delete all", key="delete drawings", on_click=_delete_all, args=(changed,),
                      disabled=not len(mine))  # fmt: skip
            st.download_button("Download", mine.write(), "my-drawings.csv", "text/csv",
                               icon=":material/download:", on_click="ignore",
                               disabled=not len(mine), key="download drawings")  # fmt: skip
        if complaint := session.get(_COMPLAINT, ""):
            st.warning(as_is(complaint), icon=":material/info:")
        st.file_uploader(
            "Load drawings (.csv: label,pixel0,…,pixel783, whole numbers from 0 to 255)",
            type="csv",
            max_upload_size=MAX_MB,
            key=_FILE,
            on_change=_load,
            args=(changed,),
        )
        st.caption(
            f"Up to {MAX_DRAWINGS} preprocessed drawings are kept until this tab is "
            "closed. The page Data can load the file as a data set."
        )


def _list(shown: Snapshot, mine: Drawings) -> int | None:
    names = shown.data.train.class_names
    X = mine.columns()
    A = class_probabilities(shown.network.predict(X))
    guesses = [names[label] for label in predicted_labels(A)]
    labels = [each.name for each in mine]
    return image_grid(
        X.T.reshape(-1, SIDE, SIDE),
        key="my drawings grid",
        alt="Your drawings with their labels",
        tile=56,
        labels=[f"{a}, predicted {b}" for a, b in zip(labels, guesses, strict=True)],
        captions=labels,
        marks=["right" if a == b else "wrong" for a, b in zip(labels, guesses, strict=True)],
        clickable=True,
    )


def _delete(place: int, changed: Callable[[], None]) -> None:
    if place < len(_mine()):
        _mine().delete(place)
    changed()


def _delete_all(changed: Callable[[], None]) -> None:
    _mine().clear()
    changed()


def _load(changed: Callable[[], None]) -> None:
    file = session.get(_FILE)
    if file is not None:
        _noting_refusals(lambda: _mine().read(file))
    changed()


def _noting_refusals(change: Callable[[], object]) -> None:
    """Call change. If it raises an error, show its sentence until the next change."""
    session.put(_COMPLAINT, "")
    try:
        change()
    except DataError as error:
        session.put(_COMPLAINT, f"{error} Your drawings stay as they were.")
