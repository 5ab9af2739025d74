"""What takes a moment is done when the page is drawn next, once, and never for ever."""

from streamlit.testing.v1 import AppTest


def test_what_is_deferred_is_done_once_and_what_is_deferred_by_it() -> None:
    def page() -> None:
        import streamlit as st

        from ui import deferred, session

        def finish(word: str) -> None:
            session.keep("done", list[str]).append(word)
            if word == "first":
                deferred.soon("Second …", lambda: "second", finish)

        deferred.catch_up()
        if st.button("go", on_click=deferred.soon, args=("First …", lambda: "first", finish)):
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

        from ui import deferred

        def fails() -> None:
            raise ValueError("it cannot be")

        st.button("go", on_click=deferred.soon, args=("Trying …", fails, print))
        deferred.catch_up()

    at = AppTest.from_function(page).run()
    at.button[0].click().run()
    assert "it cannot be" in at.exception[0].message
    assert not at.run().exception


def test_a_draw_that_is_broken_off_reads_again_and_finishes_once() -> None:
    """As a click does that comes while it reads, and another while it finishes."""

    def page() -> None:
        import streamlit as st

        from ui import deferred, session

        def note(word: str) -> None:
            session.keep("noted", list[str]).append(word)

        def read() -> int:
            note("read")
            if session.get("noted") == ["read"]:
                st.rerun()
            return 7

        def finish(result: int) -> None:
            note(f"finish {result}")
            st.rerun()

        deferred.catch_up()
        st.text(" ".join(session.get("noted", [])))
        st.button("go", on_click=deferred.soon, args=("Reading …", read, finish))

    at = AppTest.from_function(page).run()
    at.button[0].click().run()
    assert at.text[0].value == "read read finish 7"
    assert at.run().text[0].value == "read read finish 7"
