"""The colors that have a meaning, the same on every page, readable on light and dark backgrounds.

The line colors are Okabe and Ito's, which people with any color vision can distinguish. Each has a
contrast of at least 3:1 on both backgrounds of .streamlit/config.toml. The light theme there
repeats them in order. The dark theme has a brighter color at each index, which live_plot shows
instead.
"""

TRAINING = "#0072B2"
VALIDATION = "#D55E00"
THIS_RUN = "#009E73"
PREVIOUS = "#808080"
LINES = (TRAINING, VALIDATION, THIS_RUN, PREVIOUS)

RUN_COLORS = (
    *("#1F77B4", "#D1580C", "#00936B", "#B5539B"),
    *("#8F6E00", "#7A67C7", "#A8553A", "#6F7A85"),
)
"""Runs that are compared, each the same on both themes and in every view of the comparison."""

ACCENT = "#5B4BDB"
"""Controls; no line has this color."""

DIVERGING = ("#2166AC", "#67A9CF", "#D1E5F0", "#FFFFFF", "#FDDBC7", "#EF8A62", "#B2182B")
"""Signed numbers, from -limit to limit in even steps: blue, white at zero, red.

Source: ColorBrewer's RdBu (Brewer, Harrower), reversed, with a pure white middle.
"""

SEQUENTIAL = ("#000000", "#FFFFFF")
"""Images, from 0 to limit: black paper and white ink, as in MNIST."""

CLASSES = ("#2166AC", "#B2182B", "#D9A300", "#1B9E77", "#7B5EA7")
"""Classes of points on the plane; the first two are DIVERGING's ends, so that two classes are the
two sides of one scale."""


def ink_on(color: str) -> str:
    """Black or white, whichever can be read better on this color.

    >>> ink_on("#1F77B4"), ink_on("#D1580C")
    ('#FFFFFF', '#000000')
    """
    return max(("#FFFFFF", "#000000"), key=lambda ink: contrast(ink, color))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colors #RRGGBB, 1 … 21. Source: WCAG 2.2."""
    darker, lighter = sorted([luminance(one), luminance(other)])
    return (lighter + 0.05) / (darker + 0.05)


def luminance(color: str) -> float:
    """Relative luminance, 0 … 1. Source: WCAG 2.2."""
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
