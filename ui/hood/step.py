"""One step in full: slides with buttons and arrow keys, and the button "Apply this step"."""

from dataclasses import replace

import streamlit as st

from playground.run import Run, Snapshot, Status
from playground.slides import Axis, Card, Name, Slide, Stage, index_on, names, slide
from playground.source_lines import listing
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
from ui import past, runs, session
from ui.hood.after import show_after
from ui.hood.board import show_board
from ui.hood.followed import led_through_it
from ui.hood.images import show_batch, show_strip
from ui.hood.network_map import network_map
from ui.hood.worked import axis_name, show_each, show_entries, show_worked

_STEP, _AT, _PATH, _BATCH, _DONE = "hood step", "hood at", "hood path", "hood batch", "hood done"
EXAMPLE = "hood example"  # the session key under which the page Inspect stores its example
BATCHES = {
    NEXT: "Its next batch",
    "some": "The first examples",
    WHOLE: "The whole training set",
    "one": "The example of Inspect",
}
STAGES = ("batch", "forward", "cost", "backward", "update", "after")


def one_step(shown: Snapshot) -> None:
    """The slides of the run's next step."""
    step = _step(shown)
    path = _path(shown, step)
    every = names(step.L)
    _follow_address(every)
    at = min(session.get(_AT, 0), len(every) - 1)
    session.put(_AT, at)
    page = slide(step, every[at], path)
    _turn(shown, step, every, at)
    with st.container(key="hood-head"):
        left, middle, right = st.columns([6, 5, 3], gap="medium", vertical_alignment="center")
        with left:
            st.header(page.title, anchor=False)
            st.markdown(page.about)
            _when(shown, step)
        with middle:
            _pick(step, page, path)
        with right:
            network_map(step.before.layer_dims, page.name, path)
    with st.container(key="hood-slide"):
        left, right = st.columns([7, 5], gap="medium")
        with left:
            _drawn(shown, step, page, path)
        with right:
            _worked_out(step, page, path)
            _code(page)


def _drawn(shown: Snapshot, step: StepTrace, page: Slide, path: Path) -> None:
    """The equations and the board of matrices."""
    shape = shown.data.train.image_shape
    if page.name.stage != "update":  # an update has them with numbers, on the right
        with st.container(horizontal=True, horizontal_alignment="center", gap="medium"):
            for equation in page.equations:
                st.latex(equation, width="content")
    if page.name.stage == "batch" and shape is not None:
        (X,), (Y,) = page.board
        assert isinstance(X, Card)
        show_batch(X, path, shape, _move)
        page = replace(page, board=((Y,),))
        show_board(page, path, _move)
    else:
        show_board(page, path, _move)
        if shape is not None:
            show_strip(page, path, shape, _move)


def _worked_out(step: StepTrace, page: Slide, path: Path) -> None:
    with st.container(border=True, key="hood-worked"):
        if page.worked is not None:
            show_worked(page.worked)
        elif page.results:
            show_each(page.results)
        elif page.name.stage == "after":
            show_after(step, path)
        else:
            show_entries(page.cards, path)


def _code(page: Slide) -> None:
    """The lines of netcore that compute this."""
    if not page.sources:
        return
    if page.name.stage != "update":
        st.code(listing(page.sources), language="python", wrap_lines=True)
        return
    with st.expander("The rule, and the lines of netcore that do this"):
        for equation in page.equations:
            st.latex(equation)
        st.code(listing(page.sources), language="python", wrap_lines=True)


# The step that is shown


def _step(shown: Snapshot) -> StepTrace:
    """The run's next step. It is computed anew if the run is paused at another iteration. While the
    run trains, the same step stays on the page.
    """
    batch = session.get(_BATCH, NEXT)
    kept = session.get(_STEP)
    now = (shown.token, batch, shown.iteration, shown.config)
    if kept is not None:
        (token, of, iteration, config), step = kept
        if (token, of) == now[:2] and (shown.busy or (iteration, config) == now[2:]):
            return step
    step = take_apart(past.trainer_of(shown), batch)
    session.put(_STEP, ((shown.token, batch, step.iteration, step.config), step))
    return step


def _follow_address(every: list[Name]) -> None:
    """Go to the slide that a link names, and remove its name from the address."""
    part = st.query_params.pop("slide", "")
    if part in STAGES:
        session.put(_AT, next(i for i, name in enumerate(every) if name.stage == part))


def _inspected(shown: Snapshot) -> Chosen | None:
    """The example of the page Inspect, if it fits this run's data."""
    example: Chosen | None = session.get(EXAMPLE)
    train = shown.data.train
    fits = example is not None and example.data.class_names == train.class_names
    return example if fits and example is not None and example.data.n_x == train.n_x else None


def choose_batch(shown: Snapshot) -> None:
    """A choice of the examples for the step."""
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
    session.show("hood kind", kind)
    st.segmented_control(
        "Which examples",
        [each for each in BATCHES if each != "one" or example is not None],
        format_func=BATCHES.__getitem__,
        key="hood kind",
        required=True,
        on_change=_take_kind,
        label_visibility="collapsed",
    )
    if isinstance(batch, int):
        session.show("hood size", batch)
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


def _path(shown: Snapshot, step: StepTrace) -> Path:
    path: Path | None = session.get(_PATH)
    if path is None or not path.fits(step.before.layer_dims, step.X.shape[1]):
        path = strongest_path(step)
    path = led_through_it(shown, path)
    session.put(_PATH, path)
    return path


def _when(shown: Snapshot, step: StepTrace) -> None:
    where = f"Step {step.iteration + 1:,} of the run, [{', '.join(map(str, shown.config.layers))}]"
    if shown.busy:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(f"{where}. The run trains on; this page stays at this step.")
            st.button("Show its current step", key="hood renew", on_click=_renew)
    elif isinstance(step.batch, Chosen):
        st.caption(
            f"{where}, on one example: {step.batch.name}. Apply this step uses the run's next "
            "batch."
        )
    elif shown.is_past:
        st.caption(f"{where}: the one that it took then. Branch here, to go on from it.")
    elif shown.over:
        longer = "" if shown.status is Status.FAILED else "more epochs continue it, and "
        st.caption(f"{where}, if it continued. The run is over: {longer}Reset starts it again.")
    elif step.batch == NEXT:
        st.caption(f"{where}. Apply this step takes exactly this one.")
    else:
        st.caption(f"{where}, on these examples; Apply this step uses the run's next batch.")


def _renew() -> None:
    session.take(_STEP)


# Turning slides


def _turn(shown: Snapshot, step: StepTrace, every: list[Name], at: int) -> None:
    stage, layer, of = every[at]
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.container(horizontal=True, width="content", key="hood-turn"):
            st.button("Back", key="hood back", on_click=_go, args=(at - 1,), disabled=at == 0,
                      shortcut="Left", icon=":material/arrow_back:")  # fmt: skip
            st.button("Next", key="hood next", on_click=_go, args=(at + 1,), type="primary",
                      disabled=at == len(every) - 1, shortcut="Right",
                      icon=":material/arrow_forward:")  # fmt: skip
        session.show("hood stage", stage)
        st.segmented_control("Part of the step", STAGES, key="hood stage", required=True,
                             format_func=str.capitalize, on_change=_take_stage, args=(every,),
                             label_visibility="collapsed")  # fmt: skip
        layers = list(dict.fromkeys(each.layer for each in every if each.stage == stage))
        if len(layers) > 1:
            session.show("hood layer", layer)
            st.segmented_control("Layer", layers, key="hood layer", required=True,
                                 format_func=lambda l: f"layer {l}", on_change=_take_layer,
                                 args=(every, stage), label_visibility="collapsed")  # fmt: skip
        gradients = [each.of for each in every if each[:2] == (stage, layer)]
        if len(gradients) > 1:
            session.show("hood of", of)
            st.segmented_control("Gradients", gradients, key="hood of", required=True,
                                 on_change=_take_of, args=(every, stage, layer),
                                 label_visibility="collapsed")  # fmt: skip
        _do_it(shown, step)


def _go(at: int) -> None:
    session.put(_AT, at)
    session.take(_DONE)


def _take_stage(every: list[Name]) -> None:
    stage = session.get("hood stage")
    _go(next(i for i, each in enumerate(every) if each.stage == stage))


def _take_layer(every: list[Name], stage: str) -> None:
    to = (stage, session.get("hood layer"))
    _go(next(i for i, each in enumerate(every) if each[:2] == to))


def _take_of(every: list[Name], stage: Stage, layer: int) -> None:
    _go(every.index(Name(stage, layer, session.get("hood of"))))


# What is applied


def _do_it(shown: Snapshot, step: StepTrace) -> None:
    over = shown.over
    st.button(
        "Apply this step",
        key="hood do",
        icon=":material/play_arrow:",
        on_click=_do,
        args=(shown.token, step),
        disabled=over or shown.busy or shown.is_past,
        help="The run takes this step."
        if step.batch == NEXT
        else "The run takes its next step, on its own next batch, not on the examples shown here.",
    )
    if sentence := _sentence_on_applied(shown):
        st.success(sentence, icon=":material/check:")


def _do(token: str, step: StepTrace) -> None:
    runs.act(token, Run.step)
    session.put(_DONE, (token, step.iteration, step.cost if step.batch == NEXT else None))


def _sentence_on_applied(shown: Snapshot) -> str:
    """A sentence about the step, after the run has taken it."""
    token, before, expected = session.get(_DONE) or ("", -1, None)
    cost = shown.curves.step_cost
    if shown.token != token or shown.iteration != before + 1 or not len(cost):
        return ""
    same = ", as shown here" if cost[-1] == expected else ""
    return f"Step {shown.iteration:,} is done: its cost was {float(cost[-1])!r}{same}."


# Code, and what is followed


def _pick(step: StepTrace, shown: Slide, path: Path) -> None:
    """Number fields for the path, as an alternative to clicks on the matrices."""
    if not shown.axes:
        return
    with st.container(horizontal=True, vertical_alignment="bottom", key="hood-pick"):
        for axis in shown.axes:
            key = f"hood pick {axis}"
            session.show(key, index_on(path, axis))
            n = step.X.shape[1] if axis < 0 else step.before.layer_dims[axis]
            st.number_input(
                axis_name(axis).capitalize(), 0, n - 1, key=key, on_change=_take_pick,
                args=(axis,), width=136,
                help="You can also click an entry of a matrix.",
            )  # fmt: skip


def _take_pick(axis: Axis) -> None:
    path: Path = session.get(_PATH)
    at = session.get(f"hood pick {axis}")
    session.put(_PATH, Path(at, path.units) if axis < 0 else path.with_unit(axis, at))


def _move(card: Card, entry: tuple[int, int]) -> None:
    session.put(_PATH, card.moved(session.get(_PATH), entry))
