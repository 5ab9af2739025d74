"""A drawing as SVG in the theme's colors: st.html would take it out, st.image shut it off."""

import streamlit as st

JS = """
export default function ({ parentElement, data }) {
  if (parentElement.drawn === data) return
  parentElement.drawn = data
  const host = parentElement.querySelector(".svg")
  host.innerHTML = data
}
"""
_mount = st.components.v2.component(
    "svg", html='<div class="svg"></div>', css=".svg { color: var(--st-text-color); }", js=JS
)


def show_svg(svg: str, *, key: str, height: int) -> None:
    """Show a drawing that this app made itself: it goes into the page as it is.

    height in pixels keeps the place while the page loads
    """
    _mount(key=key, data=svg, height=height)
