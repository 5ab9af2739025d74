"""What is raced: the rivals and what each changes, how often, and by what; and the start."""

from dataclasses import replace
from html import escape

import streamlit as st

from playground.colors import RUN_COLORS
from playground.comparison import LETTERS
from playground.config import ConfigError, RunConfig
from playground.library.entry import made_name
from playground.race.fairness import fairness
from playground.race.plan import BY, MAX_RACERS, MAX_STARTS
from playground.race.rivals import changeable
from playground.settings import SETTINGS
from ui import session
from ui.race.current import start
from ui.race.wanted import Wanted, add_rival, change, complaint, remove_rival, want, wanted
from ui.side_by_side import lettered
from ui.text import as_is
from ui.widgets import show_value


def form(baseline: RunConfig, *, racing: bool) -> None:
    these = wanted(baseline)
    st.html(f"{letter(0)} This run: {escape(made_name(baseline))}")
    for i, texts in enumerate(these.rivals):
        _rival(baseline, i, texts, alone=len(these.rivals) == 1)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.button(
            "Add a rival",
            key="add rival",
            icon=":material/add:",
            on_click=add_rival,
            args=(baseline,),
            disabled=len(these.rivals) >= MAX_RACERS - 1,
        )
        st.segmented_control(
            "All get",
            list(BY),
            key=show_value("race by", these.by),
            format_func=lambda by: BY[by],
            required=True,
            on_change=lambda: _take(baseline),
            help="By iterations, each trains for its own length. By seconds, A trains for its "
            "length, and every other gets as many iterations as fit into the same seconds, as "
            "measured at the beginning on this computer.",
        )
        st.number_input(
            "Starts",
            1,
            MAX_STARTS,
            key=show_value("race starts", these.starts),
            on_change=lambda: _take(baseline),
            width=140,
            help="The race is repeated with so many seeds. One start is luck: only the "
            "differences over several starts can tell which setting is better.",
        )
        problem = _problem(these, baseline)
        st.button(
            "Race",
            key="start race",
            type="primary",
            icon=":material/flag:",
            on_click=start,
            args=(baseline,),
            disabled=bool(problem) or racing,
            help="A race is on its way: stop it first." if racing else None,
        )
    if problem:
        st.warning(as_is(problem), icon=":material/info:")
    else:
        equal = fairness(these.plan(baseline))
        st.caption(as_is(f"On every start all get {'; '.join(equal)}."))


def letter(index: int) -> str:
    return lettered(LETTERS[index], RUN_COLORS[index])


def _rival(baseline: RunConfig, i: int, texts: dict[str, str], *, alone: bool) -> None:
    name = LETTERS[i + 1]
    with st.container(
        horizontal=True, vertical_alignment="bottom", gap="small", key=f"rival {name}"
    ):
        st.html(letter(i + 1), width="content")
        st.multiselect(
            f"{name} changes",
            changeable(baseline),
            key=show_value(f"rival {name}", [n for n in texts if n in changeable(baseline)]),
            format_func=lambda each: SETTINGS[each].label,
            on_change=lambda: _take_rival(baseline, i, texts),
            width=300,
        )
        for setting in texts:
            if setting in changeable(baseline):
                _value(baseline, i, setting, texts)
        st.button(
            f"Remove {name}",
            key=f"remove rival {name}",
            type="tertiary",
            on_click=remove_rival,
            args=(baseline, i),
            disabled=alone,
        )
    if (problem := complaint(baseline, texts)) != "":
        st.caption(as_is(problem))


def _value(baseline: RunConfig, i: int, name: str, texts: dict[str, str]) -> None:
    setting, key = SETTINGS[name], f"rival {LETTERS[i + 1]} {name}"
    label = f"{setting.label} of {LETTERS[i + 1]}"
    help = f"A has {setting.write(getattr(baseline, name))}."
    take = lambda: _take_rival(baseline, i, texts)  # noqa: E731
    if setting.choices and name != "activations" and texts[name] in setting.choices:
        st.selectbox(
            label,
            setting.choices,
            key=show_value(key, texts[name]),
            format_func=setting.title,
            help=help,
            on_change=take,
            width=200,
        )
    else:
        st.text_input(label, key=show_value(key, texts[name]), help=help, on_change=take, width=200)


def _take_rival(baseline: RunConfig, i: int, before: dict[str, str]) -> None:
    name = LETTERS[i + 1]
    typed = {each: str(session.get(f"set rival {name} {each}", "")).strip() for each in before}
    change(baseline, i, session.get(f"set rival {name}", []), before | typed)


def _take(baseline: RunConfig) -> None:
    these = wanted(baseline)
    starts, by = session.get("set race starts"), session.get("set race by")
    want(replace(these, starts=starts or these.starts, by=by or these.by))


def _problem(these: Wanted, baseline: RunConfig) -> str:
    try:
        these.plan(baseline)
    except ConfigError as error:
        return str(error)
    return ""
