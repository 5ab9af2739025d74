"""What a sweep is to do: what varies, how runs are found, and how long it takes."""

from math import isfinite

import streamlit as st

from data.dataset import DataError
from playground.config import ConfigError, RunConfig
from playground.cpu_semaphore import n_cores
from playground.formatting import counted, duration
from playground.library.opened import library
from playground.run import Snapshot
from playground.run_data import is_plane
from playground.settings import SETTINGS
from playground.sweep import by_owner
from playground.sweep.clusters import CLUSTERS, existing_address
from playground.sweep.errors import SweepError
from playground.sweep.estimate import Estimate, estimate_of
from playground.sweep.plan import Plan
from playground.sweep.ranges import DEPTH, WIDTH, label, read_space
from playground.sweep.search import MAX_RUNS, METHODS, no_optuna
from ui import session
from ui.browser_key import owner
from ui.notes import draw_again, note
from ui.text import as_is

# What can vary on the page, with values to begin with. On the command line every setting can.
OFFERED = {
    WIDTH: "16..128",
    DEPTH: "1,2,3",
    "activations": "relu;tanh",
    "learning_rate": "0.0003..0.03",
    "batch_size": "32,128",
    "optimizer": "",
    "initializer": "",
    "schedule": "",
    "dropout": "0,0.2",
    "l2": "0,0.0001",
    "augmentation": "0,1",
    "seed": "1,2,3",
}
_VARIES, _METHOD, _RUNS, _EPOCHS = "sweep varies", "sweep method", "sweep runs", "sweep epochs"
_HALVING, _WORKERS = "sweep halving", "sweep workers"
TITLES = {"grid": "Grid", "random": "Random", "optuna": "Optuna"}
TIMING = 0.4  # seconds between two looks at the estimate
MAX_EPOCHS = 1000
HOW_TO_WRITE = (
    "Values with commas between (lists of names with semicolons), or a range LOW..HIGH: a grid "
    "takes five values of it, and LOW..HIGH:9 takes nine."
)


def setup(shown: Snapshot) -> None:
    """The form, the estimate, and Start."""
    CLUSTERS.warm(int(session.get(_WORKERS) or n_cores()))
    st.caption(
        "A sweep trains many runs whose settings vary. All other settings, and the data, are those "
        f"of the run on {'The plane' if is_plane(shown.shared_config) else 'Train'}."
    )
    names = st.multiselect(
        "What varies",
        list(OFFERED),
        default=[WIDTH, "learning_rate"],
        format_func=label,
        key=_VARIES,
        persist_state="session",
    )
    _values(names)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        method = _method()
        if method != "grid":
            st.number_input("Runs", 1, MAX_RUNS, 20, key=_RUNS, width=110, persist_state="session")
        st.number_input(
            "Epochs of each run",
            1,
            MAX_EPOCHS,
            min(shown.shared_config.epochs or 10, 10),
            key=_EPOCHS,
            persist_state="session",
            width=170,
        )
        if not existing_address():
            st.number_input(
                "Workers",
                1,
                n_cores(),
                n_cores(),
                key=_WORKERS,
                persist_state="session",
                width=110,
                help="Processes that train at once, on this computer's cores.",
            )
        st.toggle(
            "Stop losers early",
            True,
            key=_HALVING,
            persist_state="session",
            help="Successive halving: at a ninth and at a third of its length, only the best third "
            "of the runs goes on. Switch it off to train every run to its end.",
        )
    _estimate(shown.shared_config, names)


def _values(names: list[str]) -> None:
    """The values of each: typed, or chosen from the names that there are."""
    with st.container(horizontal=True, gap="medium"):
        for name in names:
            key = f"sweep values {name}"
            if name in SETTINGS and SETTINGS[name].allowed:
                choices = SETTINGS[name].choices
                st.multiselect(
                    label(name),
                    choices,
                    default=choices[:3],
                    format_func=SETTINGS[name].title,
                    key=key,
                    width=330,
                    persist_state="session",
                )
            else:
                st.text_input(
                    label(name),
                    OFFERED[name],
                    key=key,
                    width=220,
                    help=HOW_TO_WRITE,
                    persist_state="session",
                )


def _method() -> str:
    lacking = no_optuna()
    methods = [name for name in METHODS if name != "optuna" or not lacking]
    method = st.segmented_control(
        "Search",
        methods,
        default="grid",
        format_func=lambda name: TITLES[name],
        key=_METHOD,
        persist_state="session",
        required=True,
        help="Optuna's sampler looks where results so far are good."
        + (f" {lacking}" if lacking else ""),
    )
    return method or "grid"


def plan_of(base: RunConfig, names: list[str]) -> Plan:
    """The plan that the form describes. Raises ConfigError."""
    varied = []
    for name in names:
        said = session.get(f"sweep values {name}") or ""
        varied.append(f"{name}={said if isinstance(said, str) else ','.join(said)}")
    epochs = int(session.get(_EPOCHS) or 1)
    method = session.get(_METHOD) or "grid"
    return Plan(
        read_space(base.with_values(epochs=epochs), varied),
        method,
        int(session.get(_RUNS) or 20),
        halving=bool(session.get(_HALVING)),
        workers=int(session.get(_WORKERS) or 0),
    )


def _estimate(base: RunConfig, names: list[str]) -> None:
    """How many runs, about how long, and Start; or why it cannot start."""
    try:
        plan = plan_of(base, names)
        estimate = estimate_of(plan)
    except (ConfigError, DataError) as error:
        st.warning(as_is(str(error).removeprefix("vary: ")), icon=":material/info:")
        return

    was_known, coming, trouble = _state(estimate)

    def line() -> None:
        if existing_address():
            CLUSTERS.warm(plan.workers)  # until it answers
        if _state(estimate) != (was_known, coming, trouble):
            draw_again()
        seconds = estimate.seconds()
        time = "timing …" if seconds is None else f"about {duration(seconds)}"
        if seconds is not None and not isfinite(seconds):
            time = "the time is not known"
        elif seconds is not None and not plan.workers:
            time += " of one worker"
        where = f" on {counted(plan.workers, 'worker')}" if plan.workers else _existing(trouble)
        st.markdown(f"**{counted(estimate.count, 'run')}**, {time}{where}")

    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.button(
            "Start",
            type="primary",
            icon=":material/play_arrow:",
            key="start sweep",
            on_click=_start,
            args=(plan,),
        )
        settled = was_known and not coming
        st.fragment(line, run_every=None if settled else TIMING, key="sweep estimate")()
    if trouble:
        st.warning(as_is(trouble), icon=":material/info:")


def _state(estimate: Estimate) -> tuple[bool, bool, str]:
    """What the form depends on: whether the time is known, whether a cluster may come, and why
    there is none.
    """
    return estimate.seconds() is not None, CLUSTERS.is_coming, CLUSTERS.trouble


def _existing(trouble: str) -> str:
    """What is known of the cluster that PLAYGROUND_DASK names."""
    if trouble:
        return ""
    there = CLUSTERS.running
    about = there.about if there else f"Asking the cluster at {existing_address()[:100]} …"
    return f". {as_is(about)}"


def _start(plan: Plan) -> None:
    try:
        by_owner.start(plan, library(), owner())
    except (SweepError, ConfigError) as error:
        note(str(error))
