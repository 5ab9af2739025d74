"""A page with streamlit-drawable-canvas, for benchmarks/canvas.py to draw on."""

import streamlit as st
from streamlit_drawable_canvas import st_canvas

SIZE = 280

st.title("A canvas")
result = st_canvas(
    key="canvas",
    stroke_width=20,
    stroke_color="#FFFFFF",
    background_color="#000000",
    width=SIZE,
    height=SIZE,
    drawing_mode="freedraw",
    return_image_data=True,
)
strokes = len((result.json_data or {}).get("objects", []))
st.html(f'<div class="known" data-known="{strokes}">{strokes} strokes</div>')
