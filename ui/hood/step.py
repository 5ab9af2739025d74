"""One step in full: slides, turned with buttons or arrow keys, and the button "Apply this step"."""

import numpy as np
import streamlit as st

from playground.formatting import formatted
from playground.run import Run, Snapshot
from playground.slides import Axis, Card, Name, Slide, names, place, slide
from playground.source_lines import Source
from playground.step_trace import (
    MAX_CHOSEN,
    NEXT,
    WHOLE,
    Batch,
    Chosen,
    Path,
    StepTrace,
    strongest_path,
    take_apart,
)
from ui import runs, session
from ui.hood.cards import View, axis_name, show_inputs, show_results, show_worked
from ui.matrix import Entry

_STEP, _AT, _PATH, _BATCH, _DONE = "hood step", "hood at", "hood path", "hood batch", "hood done"
EXAMPLE = "hood example"  # where the page Inspect leaves the one that it shows
BATCHES = {
    NEXT: "The run's next batch",
    "some": "The first examples",
    WHOLE: "The whole set",
    "one": "The example of Inspect",
}
STAGES = ("batch", "forward", "cost", "backward", "update", "after")


def one_step(shown: Snapshot) -> None:
    """The slides of the run's next step."""
    _choose_batch(shown)
    step = _step(shown)
    path = _path(step)
    every = names(step.L)
    at = min(session.get(_AT, 0), len(every) - 1)
    session.put(_AT, at)
    _when(shown, step)
    _turn(shown, step, every, at)
    page = slide(step, every[at], path)
    st.subheader(page.title, anchor=False)
    st.markdown(page.about)
    if every[at] == ("after", 0):
        _after(shown, step)
    _how(page)
    if page.worked is not None:
        with st.container(border=True):
            show_worked(page.worked)
    _pick(step, page, path)
    view = View(path, _move, shown.data.train.image_shape)
    show_results(page.results, view)
    if page.made_from:
        st.markdown("**Made from**")
        show_inputs(page.made_from, view)


# The step that is shown


def _step(shown: Snapshot) -> StepTrace:
    """The run's next step: taken anew when the run has moved and rests; while it trains, the one
    that was taken stays, so that nothing jumps."""
    batch = session.get(_BATCH, NEXT)
    kept = session.get(_STEP)
    now = (shown.token, batch, shown.iteration, shown.config)
    if kept is not None:
        (token, of, iteration, config), step = kept
        if (token, of) == now[:2] and (shown.busy or (iteration, config) == now[2:]):
            return step
    step = take_apart(runs.trainer_of(shown), batch)
    session.put(_STEP, ((shown.token, batch, step.iteration, step.config), step))
    return step


def _inspected(shown: Snapshot) -> Chosen | None:
    """The example of the page Inspect, where this run could learn from it."""
    example: Chosen | None = session.get(EXAMPLE)
    train = shown.data.train
    fits = example is not None and example.data.class_names == train.class_names
    return example if fits and example is not None and example.data.n_x == train.n_x else None


def _choose_batch(shown: Snapshot) -> None:
    example = _inspected(shown)
    if st.query_params.pop("batch", None) and example is not None:
        session.put(_BATCH, example)
    batch: Batch = session.get(_BATCH, NEXT)
    if isinstance(batch, Chosen):
        batch = example or NEXT
        session.put(_BATCH, batch)
    match batch:
        case int():
            kind = "some"
        case Chosen():
            kind = "one"
        case _:
            kind = batch
    there = [each for each in BATCHES if each != "one" or example is not None]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        session.put("hood kind", kind)
        st.segmented_control(
            "Which examples",
            there,
            format_func=BATCHES.__getitem__,
            key="hood kind",
            required=True,
            on_change=_take_kind,
            label_visibility="collapsed",
        )
        if isinstance(batch, int):
            session.put("hood size", batch)
            st.number_input(
                "How many",
                1,
                MAX_CHOSEN,
                key="hood size",
                on_change=_take_size,
                width=130,
                label_visibility="collapsed",
            )


def _take_kind() -> None:
    kind = session.get("hood kind")
    others = {"some": 64, "one": session.get(EXAMPLE)}
    session.put(_BATCH, others.get(kind, kind))


def _take_size() -> None:
    session.put(_BATCH, session.get("hood size"))


def _path(step: StepTrace) -> Path:
    path: Path | None = session.get(_PATH)
    if path is None or not path.fits(step.before.layer_dims, step.X.shape[1]):
        path = strongest_path(step)
        session.put(_PATH, path)
    return path


def _when(shown: Snapshot, step: StepTrace) -> None:
    where = f"Step {step.iteration + 1:,} of the run, [{', '.join(map(str, shown.config.layers))}]"
    if shown.busy:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(f"{where}. The run trains on; this step stays until you take another.")
            st.button("Take the one it is at now", key="hood renew", on_click=_renew)
    elif isinstance(step.batch, Chosen):
        st.caption(f"{where}, tried on one example: {step.batch.name}. Do it takes the run's own.")
    elif shown.over:
        st.caption(
            f"{where}: the one that would come next. The run is over; Reset starts it again."
        )
    elif step.batch == NEXT:
        st.caption(f"{where}: the very one that it takes when you press Apply this step.")
    else:
        st.caption(f"{where}, on these examples; Apply this step uses the run's next batch.")


def _renew() -> None:
    session.take(_STEP)


# Turning slides


def _turn(shown: Snapshot, step: StepTrace, every: list[Name], at: int) -> None:
    stage, layer = every[at]
    with st.container(horizontal=True, vertical_alignment="bottom", key="hood-turn"):
        st.button("Back", key="hood back", on_click=_go, args=(at - 1,), disabled=at == 0,
                  shortcut="Left", icon=":material/arrow_back:")  # fmt: skip
        st.button("Next", key="hood next", on_click=_go, args=(at + 1,), type="primary",
                  disabled=at == len(every) - 1, shortcut="Right",
                  icon=":material/arrow_forward:")  # fmt: skip
        session.put("hood stage", stage)
        st.segmented_control("Part of the step", STAGES, key="hood stage", required=True,
                             format_func=str.capitalize, on_change=_take_stage, args=(every,),
                             label_visibility="collapsed")  # fmt: skip
        layers = [l for other, l in every if other == stage and l]
        if len(layers) > 1:
            session.put("hood layer", layer)
            st.segmented_control("Layer", layers, key="hood layer", required=True,
                                 format_func=lambda l: f"layer {l}", on_change=_take_layer,
                                 args=(every, stage), label_visibility="collapsed")  # fmt: skip
        _do_it(shown, step)


def _go(at: int) -> None:
    session.put(_AT, at)
    session.take(_DONE)


def _take_stage(every: list[Name]) -> None:
    stage = session.get("hood stage")
    _go(next(i for i, (other, _) in enumerate(every) if other == stage))


def _take_layer(every: list[Name], stage: str) -> None:
    _go(every.index((stage, session.get("hood layer"))))  # type: ignore[arg-type]


# What is applied


def _do_it(shown: Snapshot, step: StepTrace) -> None:
    over = shown.over
    st.button(
        "Apply this step",
        key="hood do",
        icon=":material/play_arrow:",
        on_click=_do,
        args=(shown.token, step),
        disabled=over or shown.busy,
        help="Take this step in the run, for real."
        if step.batch == NEXT
        else "Take the run's next step for real: on its own next batch, not on the one shown.",
    )
    if (done := session.get(_DONE)) is not None:
        st.success(done, icon=":material/check:")


def _do(token: str, step: StepTrace) -> None:
    runs.act(token, Run.step)
    now = runs.now()
    cost = now.curves.step_cost
    if now.token != token or now.iteration != step.iteration + 1 or not len(cost):
        return
    same = ", as was shown here" if step.batch == NEXT and cost[-1] == step.cost else ""
    said = f"Step {step.iteration + 1:,} is done: its cost was {float(cost[-1])!r}{same}."
    session.put(_DONE, said)


def _after(shown: Snapshot, step: StepTrace) -> None:
    with st.container(horizontal=True):
        change = step.cost_after - step.cost
        st.metric("Cost before", formatted(step.cost, ".6f"), border=True)
        st.metric("Cost after", formatted(step.cost_after, ".6f"),
                  formatted(change, "+.6f") if np.isfinite(change) else None,
                  delta_color="inverse", border=True)  # fmt: skip


# Equations, code, and what is followed


def _how(shown: Slide) -> None:
    if not shown.sources:
        for equation in shown.equations:
            st.latex(equation)
        return
    left, right = st.columns([1, 1], gap="medium")
    with left:
        for equation in shown.equations:
            st.latex(equation)
    with right:
        st.code("\n".join(map(_listing, shown.sources)), language="python", wrap_lines=True)


def _listing(source: Source) -> str:
    return f"# {source.file}, line {source.first}\n{source.text}"


def _pick(step: StepTrace, shown: Slide, path: Path) -> None:
    """Numbers for what pictures are clicked for, too."""
    if not shown.axes:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="hood-pick"):
        st.markdown("**Follow**", width="content")
        for axis in shown.axes:
            key = f"hood pick {axis}"
            session.put(key, place(path, axis))
            most = step.X.shape[1] if axis < 0 else step.before.layer_dims[axis]
            st.number_input(
                axis_name(axis).capitalize(), 0, most - 1, key=key, on_change=_take_pick,
                args=(axis,), width=150,
            )  # fmt: skip
        st.caption("or click an entry of any picture below", width="content")


def _take_pick(axis: Axis) -> None:
    path: Path = session.get(_PATH)
    at = session.get(f"hood pick {axis}")
    session.put(_PATH, Path(at, path.units) if axis < 0 else path.with_unit(axis, at))


def _move(card: Card, entry: Entry) -> None:
    session.put(_PATH, card.moved(session.get(_PATH), entry))
