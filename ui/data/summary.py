"""Summary of the data set: mean images, class balance, brightness of pixels."""

import streamlit as st

from playground.data_figures import balance_figure, pixel_figure
from playground.dataset_summary import dataset_summary
from playground.descriptions import example_noun
from playground.run import Snapshot
from ui.image_grid import image_grid
from ui.live_plot import live_plot

HEIGHT = 250
MAX_WHOLE = 15  # more classes than this scroll


def summary_charts(shown: Snapshot) -> None:
    """Three charts in a row."""
    names = shown.data.train.class_names
    with st.spinner("Counting pixels …"):
        seen = dataset_summary(shown.data)
    what = example_noun(shown.config)
    balance, means, pixels = st.columns(3, gap="medium")
    with balance:
        st.markdown(f"**Class balance** · {what} of each class")
        live_plot(
            balance_figure(seen, names),
            key="balance",
            height=HEIGHT,
            alt=f"Class balance: {', '.join(map(str, seen.counts))} training, "
            f"{', '.join(map(str, seen.validation_counts))} validation",
        )
    with means:
        st.markdown(f"**Mean image of each class** · training {what}")
        image_grid(
            seen.means,
            key="means",
            alt="Mean image of each class",
            tile=64,
            columns=5,
            labels=[
                f"mean of {count:,} of class {name}"
                for count, name in zip(seen.counts, names, strict=True)
            ],
            captions=names,
            height=HEIGHT if len(names) > MAX_WHOLE else None,
        )
    with pixels:
        share = 100 * seen.pixels[0] / seen.pixels.sum()
        st.markdown(f"**Pixels** · {share:.0f} % are nearly black")
        live_plot(
            pixel_figure(seen),
            key="pixels",
            height=HEIGHT,
            alt=f"Pixel histogram: {share:.0f} % of training pixels are nearly black",
        )
