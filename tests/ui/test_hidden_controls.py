"""Controls that a teacher has hidden."""

from streamlit.testing.v1 import AppTest


def page() -> None:
    import streamlit as st

    from playground.config import RunConfig
    from ui import hidden_controls
    from ui.widgets import slider, whole

    whole("seed", RunConfig(), 0, 9)
    slider("noise", RunConfig(), 1.0, 0.1)
    st.text(",".join(sorted(hidden_controls.hidden())))
    st.button("all", on_click=hidden_controls.show_all)


def opened(hide: str) -> AppTest:
    at = AppTest.from_function(page)
    at.query_params["hide"] = hide
    return at.run()


def test_what_the_address_names_is_not_there() -> None:
    at = opened("noise,nonsense")
    assert not at.exception
    assert len(at.number_input) == 1
    assert len(at.slider) == 0
    assert at.text[0].value == "noise"


def test_another_page_remembers_it() -> None:
    at = opened("seed")
    at.query_params.clear()
    assert len(at.run().number_input) == 0


def test_all_can_be_shown_again() -> None:
    at = opened("seed,noise")
    at.button[0].click().run()
    assert len(at.number_input) == 1
    assert len(at.slider) == 1
    assert "hide" not in at.query_params
