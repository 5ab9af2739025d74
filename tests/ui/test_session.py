"""Widgets show what they are told, and keep a person's click."""

from streamlit.testing.v1 import AppTest


def test_a_widget_is_set_only_if_it_shows_something_else() -> None:
    def page() -> None:
        import streamlit as st

        from ui import session

        session.show("n", session.get("wanted", 3))
        st.number_input("n", 0, 100, key="n")

    at = AppTest.from_function(page).run()
    (n,) = at.number_input
    assert (n.value, n.proto.set_value) == (3, True)
    at.run()
    (n,) = at.number_input
    assert (n.value, n.proto.set_value) == (3, False)
    n.set_value(50).run()  # which the page refuses
    (n,) = at.number_input
    assert (n.value, n.proto.set_value) == (3, True)
    at.session_state["wanted"] = 4
    at.run()
    (n,) = at.number_input
    assert (n.value, n.proto.set_value) == (4, True)


def test_what_a_draw_has_set_is_set_again_when_the_page_redraws_itself() -> None:
    """The messages of a draw that ends in another may never be sent."""

    def page() -> None:
        import streamlit as st

        from ui import session

        session.enter("here")
        session.show("n", 3)
        st.number_input("n", 0, 100, key="n")
        if not session.get("redrawn"):
            session.put("redrawn", True)
            session.show_again()
            st.rerun()

    at = AppTest.from_function(page).run()
    (n,) = at.number_input
    assert (n.value, n.proto.set_value) == (3, True)
    at.run()
    (n,) = at.number_input
    assert (n.value, n.proto.set_value) == (3, False)
