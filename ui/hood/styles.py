"""Rules of style of this page: a slide fits one screen, and a phone."""

import streamlit as st

CSS = """
<style>
.st-key-hood-head .stVerticalBlock { gap: 1rem; }
.st-key-hood-head h2 { padding: 0 0 0.2rem; font-size: 1.35rem; }
.st-key-hood-slide .katex-display { margin: 0.3em 0; }
.st-key-hood-worked .katex { font-size: 1em; }
.st-key-hood-worked .stVerticalBlock, .st-key-hood-worked { gap: 0.4rem; }
:is(.st-key-hood-slide, .st-key-hood-check) table { display: block; overflow-x: auto;
  max-width: 100%; width: max-content;
  border: 0; font-size: 0.9rem; }
.st-key-hood-slide :is(td, th) { padding: 1px 8px !important; line-height: 1.4; }
.st-key-hood-slide .stColumn > .stVerticalBlock { gap: 0.5rem; }
.st-key-hood-slide pre { padding: 0.3rem 1rem !important; }
.st-key-hood-slide :is(pre, pre code, pre code span) { font-size: 0.78rem; line-height: 1.35; }
@media (max-width: 1180px) {
  /* The sum goes below the board: beside it, a product would not have its width. */
  .st-key-hood-slide > * > .stHorizontalBlock > .stColumn { min-width: calc(100% - 1.5rem); }
}
@media (max-width: 640px) {
  /* Back and Next stay within the thumb's reach, on what ui/head.css keeps at the bottom. */
  .st-key-hood-turn { position: fixed; left: 0; right: 0; z-index: 99;
                      bottom: calc(var(--tabs) + var(--player));
                      width: 100% !important; padding: 0.5rem 1rem; justify-content: center;
                      background: var(--page);
                      border-top: 1px solid rgba(128, 128, 128, 0.4); }
  .st-key-hood-slide { padding-bottom: 4.5rem; }
  .st-key-hood-slide .katex-display > .katex { white-space: normal; } /* equations fold */
  .st-key-hood-slide .katex-display { font-size: 0.9em; }
  .st-key-hood-slide table { font-size: 0.8rem; }
  .st-key-hood-slide :is(td, th) { padding: 1px 4px !important; white-space: nowrap; }
  .st-key-hood-slide th:first-child { white-space: normal; } /* "unit i of layer 3" folds */
  /* The board comes soon: all numbers of the path in one row, and no gaps around them. */
  .st-key-hood-head .stHorizontalBlock { row-gap: 0.25rem; }
  .st-key-hood-pick { flex-wrap: nowrap; gap: 0.5rem; }
  .st-key-hood-pick > * { width: auto !important; min-width: 0; flex: 1 1 0 !important; }
  .st-key-hood-pick .stNumberInput button { display: none; }
  /* A gradient's row folds: its name and verdict, then its worst entry and the two gradients. */
  .st-key-hood-check thead { display: none; }
  .st-key-hood-check tr { display: grid; grid-template-columns: 1fr 1fr; padding: 0.3rem 0;
                          border-bottom: 1px solid rgba(128, 128, 128, 0.3); }
  .st-key-hood-check td { border: 0; text-align: left !important; padding: 1px 6px !important; }
  .st-key-hood-check td:nth-child(3)::before { content: "analytic "; }
  .st-key-hood-check td:nth-child(4)::before { content: "numerical "; }
  .st-key-hood-check td:nth-child(5)::before { content: "difference "; }
  .st-key-hood-check td:nth-child(6):not(:empty)::before { content: "relative error "; }
}
</style>
"""


def use_hood_styles() -> None:
    """Put the rules into the page."""
    st.html(CSS)
