"""CSS rules that Streamlit's theme has no setting for."""

from pathlib import Path

import streamlit as st

HERE = Path(__file__).parent
FILES = "".join((HERE / name).read_text("utf-8") for name in ("head.css", "lesson/card.css"))
GROUND = ", ".join(st.get_option(f"theme.{base}.backgroundColor") for base in ("light", "dark"))
CSS = (
    f"<style>.stApp {{ --page: light-dark({GROUND}); }}</style>"
    + """
<style>
.stSidebar [data-testid="stSidebarUserContent"] { padding-top: 0; }
.status-line { font-size: 0.95rem; line-height: 1.35; font-variant-numeric: tabular-nums; }
.status-more { font-size: 0.82rem; opacity: 0.72; }
.status-progress { height: 4px; margin-top: 6px; background: rgba(128, 128, 128, 0.25); }
.status-progress div { height: 100%; }
/* Notes are over the page, at its lower edge, so that nothing moves. */
[data-testid="stLayoutWrapper"]:has(> .st-key-notes) {
  position: fixed; z-index: 1000000; bottom: 1rem; right: clamp(1rem, 2.5vw, 3rem);
  width: min(40rem, calc(100vw - 2rem)); }
.st-key-notes .stAlert {
  background: var(--page); border-radius: 0.5rem; box-shadow: 0 2px 12px rgba(0, 0, 0, 0.3); }
/* Errors, results and findings. */
.st-key-outcome .stMarkdown p, .st-key-outcome .stAlert p { font-size: 0.9rem; line-height: 1.4; }
.st-key-time-line { min-height: 3rem; } /* with and without its buttons */
.st-key-time-slider { margin: -0.6rem 0 -1.1rem; } /* its own height is that of a finger */
.run-letter { border-radius: 3px; padding: 0 0.4em; }
.answer.answer-compared { font-size: 3rem; }
.st-key-browser-key { display: none; }
.stApp h2 { font-size: 1.6rem; padding: 0.5rem 0; }
.katex-display { overflow-x: auto; overflow-y: hidden; padding: 2px 3px; }
.reading { container-type: inline-size; display: grid; gap: 0.5rem 1.25rem; align-items: center; }
.answer { font-size: 6.5rem; line-height: 1; font-weight: 700; text-align: center; }
.answer-word { font-size: 2.5rem; overflow-wrap: anywhere; }
.answer-words { min-height: 5.4em; text-align: center; font-size: 0.95rem; line-height: 1.35; }
.reading-ood .answer { opacity: 0.45; }
.bars { max-height: 26rem; overflow-y: auto; display: grid; align-content: start;
        grid-template-columns: minmax(1.1rem, max-content) 1fr 3.8rem; column-gap: 0.5rem; }
.bar { display: grid; grid-template-columns: subgrid; grid-column: 1 / -1;
       align-items: center; font-size: 0.9rem; line-height: 1.5;
       font-variant-numeric: tabular-nums; }
.bar span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; max-width: 9em; }
.bar span:last-child { text-align: right; }
.bar i { display: block; height: 0.8em; background: rgba(128, 128, 128, 0.15); border-radius: 2px; }
.bar b { display: block; height: 100%; border-radius: 2px; background: rgba(128, 128, 128, 0.6); }
.bar-most { font-weight: 600; }
.bar-most b { background: #009E73; }
.reading-ood .bar b { background: rgba(128, 128, 128, 0.6); }
.reading-small { grid-template-columns: 5.5rem 1fr; gap: 0.5rem; }
.reading-small .answer { font-size: 3.5rem; }
.reading-small .answer-words { font-size: 0.8rem; min-height: 5.4em; }
.reading-small .bar { font-size: 0.78rem; line-height: 1.35; }
.reading-small .bars { grid-template-columns: minmax(0.7rem, max-content) 1fr 2.9rem;
                       column-gap: 0.25rem; }
.reading-small .bar span { max-width: 5em; }
/* Streamlit sometimes leaves the empty sidebar of the previous page. */
.stSidebar:not(:has(.st-key-share-and-save)) { display: none; }
@container (max-width: 11rem) {
  .reading-small .bars { grid-template-columns: minmax(0.7rem, max-content) 1fr; }
  .reading-small .bar span:last-child { display: none; }
}
/* In a narrow column a finding has more lines. Streamlit sizes the box by flex, not by height. */
@media (max-width: 1180px) {
  .stApp :is(.st-key-outcome, [data-testid="stLayoutWrapper"]:has(> .st-key-outcome)) {
    flex-basis: 19rem; min-height: 19rem; max-height: 19rem; }
  .st-key-layer-statistics .stColumn { min-width: calc(100% - 1.5rem); } /* room for titles */
}
.st-key-map-status { min-height: 3rem; justify-content: center; }
@media (max-width: 640px) {
  .st-key-samples-title { min-height: 3.2rem; }
  .stMarkdown :is(th, td) { padding-inline: 0.5rem; } /* five columns fit */
  .st-key-selected { max-height: 12.5rem; overflow-y: auto; } /* the view is what one came for */
  /* On a phone, canvas and prediction come first, and the run's controls after them. */
  .stVerticalBlock:has(> [data-testid="stLayoutWrapper"] .st-key-canvas)
    > [data-testid="stLayoutWrapper"]:has(> :is(.st-key-head, .st-key-untrained)) { order: 1; }
  .stHorizontalBlock:has(.st-key-canvas) { gap: 0.75rem; }
  .reading:not(.reading-small) { grid-template-columns: 2fr 3fr; }
  .answer { font-size: 4rem; }
  .answer-words { font-size: 0.85rem; min-height: 6.8em; }
  .bar { font-size: 0.8rem; line-height: 1.4; }
}
@media (min-width: 641px) and (max-height: 500px) { /* a phone on its side */
  .reading:not(.reading-small) { grid-template-columns: 2fr 3fr; }
  .answer { font-size: 3.5rem; }
  .answer-words { font-size: 0.85rem; }
  .bar { font-size: 0.8rem; line-height: 1.35; }
}
</style>
"""
)


def use_styles() -> None:
    """Add the rules to the page."""
    st.html(f"{CSS}<style>{FILES}</style>")
