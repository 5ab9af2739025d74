"""A race, live: its progress, the verdict, the curves, the differences, the weights."""

from collections.abc import Callable
from html import escape

import streamlit as st

from playground.comparison import LETTERS
from playground.config import settings_as_text
from playground.formatting import duration
from playground.library.entry import made_name
from playground.library.opened import library
from playground.measure import ACCURACY, measure_of
from playground.race.figures import Differences, differences_figure
from playground.race.plan import MAX_STARTS
from playground.race.race import Race, RaceShown
from playground.race.verdict import CONFIDENCE, Verdict, confidence_for, sentence, verdict
from playground.run import Status
from ui import notes
from ui.compared_curves import compared_curves
from ui.kept import is_mine
from ui.live import CALM
from ui.live_plot import live_plot
from ui.race.current import act
from ui.race.form import letter
from ui.runs_page.chosen import KEY
from ui.side_by_side import first_weights
from ui.text import as_is

MORE = 5  # starts that a click adds


def race_view(race: Race) -> None:
    """Drawn again and again while the race is on its way, each time from one moment of it."""
    start, mine = race.latest, is_mine(race)
    first: RaceShown | None = start
    status = start.status

    def part() -> None:
        nonlocal first
        now, first = first or race.latest, None
        _draw(now, mine=mine)
        if now.status is not status:
            notes.draw_again()

    st.fragment(part, run_every=CALM if status is Status.TRAINING else None, key="race")()
    if race.latest.status is not status:
        notes.draw_again()


def _draw(now: RaceShown, *, mine: bool) -> None:
    _progress(now, mine=mine)
    verdicts = [
        verdict(now.differences(i), confidence_for(len(now.plan.configs) - 1))
        for i in range(1, len(now.plan.configs))
    ]
    _verdicts(now, verdicts)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        st.markdown(f"**Start {now.start + 1}**, seed {now.plan.seed(now.start)}")
        if now.racers:
            settings = [settings_as_text(racer.config) for racer in now.racers]
            compared_curves(
                now.racers, settings, key="race", by=now.plan.by, height=330, may_smooth=False
            )
    with right:
        _differences(now, verdicts)
    if now.racers:
        first_weights(now.racers, key="race weights")
        _in_runs(now)


def _in_runs(now: RaceShown) -> None:
    """A link to the racers of the last start, once all of them are in the library."""
    if now.busy or not now.results:
        return
    entries = [library().entry(racer.token) for racer in now.racers]
    ids = [entry.id for entry in entries if entry is not None]
    if len(ids) == len(now.racers):
        st.page_link(
            "pages/runs.py",
            label="Compare the networks of this start on Runs",
            icon=":material/compare:",
            query_params={KEY: ",".join(ids)},
        )


def _progress(now: RaceShown, *, mine: bool) -> None:
    n = now.plan.starts
    words = {
        Status.READY: "ready",
        Status.TRAINING: f"start {min(len(now.results) + 1, n)} of {n}",
        Status.PAUSED: f"paused at start {min(len(now.results) + 1, n)} of {n}",
        Status.STOPPED: f"stopped after {len(now.results)} of {n} starts",
        Status.DONE: f"all {n} starts have ended",
        Status.FAILED: "failed",
    }
    left = ""
    if now.busy and now.seconds_left is not None:
        left = f" · {duration(now.seconds_left)} left"
    with st.container(key="controls", horizontal=True, vertical_alignment="center", gap="small"):
        st.progress(now.part, text=f"Race: {words[now.status]}{left}")
        if mine:
            _buttons(now)
        else:
            st.caption("The browser that started this race controls it.", width="content")
    if now.message:
        st.error(as_is(now.message), icon=":material/error:")


def _buttons(now: RaceShown) -> None:
    if now.busy:
        _button(now, "Pause", Race.pause)
    elif now.status in (Status.PAUSED, Status.READY):
        _button(now, "Resume", Race.play)
    if now.busy or now.status is Status.PAUSED:
        _button(now, "Stop", Race.stop)
    elif now.status in (Status.DONE, Status.STOPPED) and now.plan.starts < MAX_STARTS:
        _button(now, f"{MORE} more starts", lambda race: race.extend(MORE))


def _button(now: RaceShown, label: str, action: Callable[[Race], None]) -> None:
    st.button(label, key=f"race {label.lower()}", on_click=act, args=(now.token, action))


def _verdicts(now: RaceShown, verdicts: list[Verdict]) -> None:
    in_points = measure_of(now.plan.configs[0]) is ACCURACY
    st.html(f"{letter(0)} {escape(made_name(now.plan.configs[0]))}")
    for i, each in enumerate(verdicts, start=1):
        rival = LETTERS[i]
        text = sentence(each, rival, "A", in_points=in_points)
        if diverged := now.n_diverged(i):
            text += f" {rival} diverged on {diverged} of {len(now.results)} starts."
        words = f"<b>{escape(text)}</b>" if each.is_clear else escape(text)
        st.html(f'<div class="race-verdict" data-starts="{each.starts}">{letter(i)} {words}</div>')
    if diverged := now.n_diverged(0):
        st.caption(
            f"A diverged on {diverged} of {len(now.results)} starts, "
            "and those are left out of every comparison."
        )
    percent = f"{100 * verdicts[0].confidence:.3g} %"
    together = (
        "" if len(verdicts) == 1 else f", so that all hold together with {100 * CONFIDENCE:g} %"
    )
    st.caption(
        "Validation score after the last step, rival minus A, from the same start; ± is the "
        f"{percent} confidence interval of the mean (paired t-test){together}. Choose the number "
        "of starts in advance: adding starts until the interval excludes zero finds differences "
        "that do not exist."
    )


def _differences(now: RaceShown, verdicts: list[Verdict]) -> None:
    in_points = measure_of(now.plan.configs[0]) is ACCURACY
    rivals = [
        Differences(i, now.seeds_of(i), now.differences(i), each)
        for i, each in enumerate(verdicts, start=1)
    ]
    values = "; ".join(
        f"{LETTERS[rival.index]} minus A: {', '.join(f'{value:+.4f}' for value in rival.values)}"
        for rival in rivals
    )
    st.markdown("**Differences on each start**: above zero, the rival is better")
    live_plot(
        differences_figure(rivals, in_points=in_points, revision=now.token),
        key="race differences",
        height=330,
        alt=f"Differences of validation scores, {values}",
    )
    with st.expander("Scores of every start", key="race scores"):
        _scores(now)


def _scores(now: RaceShown) -> None:
    measure = measure_of(now.plan.configs[0])
    head = "| seed | " + " | ".join(LETTERS[: len(now.plan.configs)]) + " |"
    lines = [
        f"| {now.plan.seed(start)} | "
        + " | ".join("diverged" if each is None else measure.text(each) for each in scores)
        + " |"
        for start, scores in enumerate(now.results)
    ]
    st.markdown("\n".join([head, "|---" * (len(now.plan.configs) + 1) + "|", *lines]))
