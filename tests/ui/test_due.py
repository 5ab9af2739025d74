"""What takes a moment is done when the page is drawn next, once, and never for ever."""

from streamlit.testing.v1 import AppTest


def test_what_is_due_is_done_once_and_what_becomes_due_by_it() -> None:
    def page() -> None:
        import streamlit as st

        from ui import due, session

        def second() -> None:
            session.keep("done", list[str]).append("second")

        def first() -> None:
            session.keep("done", list[str]).append("first")
            due.soon("Second …", second)

        due.catch_up()
        if st.button("go", on_click=due.soon, args=("First …", first)):
            st.write(" ".join(session.get("done", [])))

    at = AppTest.from_function(page).run()
    at.button[0].click().run()
    assert at.markdown[0].value == "first second"
    at.run()
    at.button[0].click().run()
    assert at.markdown[0].value == "first second first second"
    assert not at.exception


def test_an_error_comes_once() -> None:
    def page() -> None:
        import streamlit as st

        from ui import due

        def fails() -> None:
            raise ValueError("it cannot be")

        st.button("go", on_click=due.soon, args=("Trying …", fails))
        due.catch_up()

    at = AppTest.from_function(page).run()
    at.button[0].click().run()
    assert "it cannot be" in at.exception[0].message
    assert not at.run().exception
