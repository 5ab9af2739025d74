"""t-SNE and UMAP on the page: an embedding starts when it is first looked at, runs beside the page,
and can be cancelled."""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass

import streamlit as st

from netcore.array import Array
from playground.inspect.embedding import METHODS, MIN_EXAMPLES, Embedding, Progress
from playground.run import Snapshot
from ui import notes, session
from ui.text import as_is

POLL = 0.3  # seconds
MAX_EMBEDDINGS = 8  # embeddings that a tab remembers
SEEDS = 4
_EMBEDDINGS = "embeddings"


@dataclass(frozen=True, eq=False)
class Embedded:
    """An embedding, and the network's step of which it is."""

    embedding: Embedding
    iteration: int


def embedded(shown: Snapshot, method: str, M: Array, *, of: Hashable) -> tuple[Array, bool] | None:
    """The latest positions (2, m) of columns M (n, m) by this method, and whether others will
    follow; with controls: cancel, compute it again. None, and a sentence, if there are none.

    of  what M is, at any step: the map of an earlier step stays until a person asks for a new one
    """
    how = METHODS[method]
    if lacking := how.lacking:
        st.info(lacking)
        return None
    if M.shape[1] < MIN_EXAMPLES:
        st.info(f"A map of neighbors needs at least {MIN_EXAMPLES} examples.")
        return None
    seed = session.get("map seed", 0)
    known = session.keep(_EMBEDDINGS, OrderedDict[Hashable, Embedded])
    key = (shown.token, method, of, M.shape, seed)
    if key not in known:
        known[key] = Embedded(Embedding(how, M, seed), shown.iteration)
        while len(known) > MAX_EMBEDDINGS:
            known.popitem(last=False)[1].embedding.cancel()
    known.move_to_end(key)
    found = known[key]
    progress = found.embedding.progress
    with st.container(key="map-status"):  # of one height, so that the map does not move
        if progress.state == "running":
            _under_way(found.embedding, progress.stages_done)
        else:
            _ended(found, progress, shown.iteration, key)
    positions = found.embedding.first if progress.positions is None else progress.positions
    return positions, progress.state == "running"


def _ended(found: Embedded, progress: Progress, iteration: int, key: Hashable) -> None:
    """Of which step the map is, and a button for another one if that is not this iteration."""
    if progress.state == "failed":
        st.error(as_is(progress.error), icon=":material/error:")
    with st.container(horizontal=True, vertical_alignment="center"):
        if progress.state == "cancelled":
            st.caption(f"Cancelled after {progress.stages_done} of {found.embedding.method.stages} "
                       "stages.", width="content")  # fmt: skip
        of = f"The positions are those of step {found.iteration:,}"
        if found.iteration != iteration:
            of += f", the colors those of step {iteration:,}"
        st.caption(f"{of}.", width="content")
        if progress.state != "done" or found.iteration != iteration:
            st.button("Compute it again", key="map again", on_click=_forget, args=(key,))


def _forget(key: Hashable) -> None:
    session.get(_EMBEDDINGS).pop(key, None)


def seed_widget() -> None:
    """The initial positions: other ones give another map, which is worth seeing."""
    st.selectbox(
        "Start", range(SEEDS), key="map seed", width=180,
        format_func=lambda seed: f"random, seed {seed}" if seed else "principal axes",
        help="The initial positions of the points. The same start gives the same map.",
    )  # fmt: skip


def _under_way(embedding: Embedding, drawn: int) -> None:
    """The progress. After each stage the view is drawn once more, with the positions found.

    drawn  stages done when the view was drawn
    """
    how = embedding.method

    def part() -> None:
        progress = embedding.progress
        note = " (after another map on this server)" if embedding.waits else how.note
        with st.container(horizontal=True, vertical_alignment="center"):
            st.progress(
                progress.stages_done / how.stages,
                text=f"{how.title}: {progress.stages_done} of {how.stages} stages"
                + note * (progress.stages_done == 0),
            )
            st.button("Cancel", key="cancel map", on_click=embedding.cancel)
        if progress.state != "running" or progress.stages_done != drawn:
            notes.draw_again()

    st.fragment(part, run_every=POLL, key="map under way")()
