"""The theme: the same line colors as the figures, and contrasts that everybody can read."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from playground.colors import ACCENT, DIVERGING, LINES, contrast, luminance

CONFIG = Path(__file__).parents[2] / ".streamlit" / "config.toml"
THEME = tomllib.loads(CONFIG.read_text("utf-8"))["theme"]


def test_contrast_knows_the_ends() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("name", ["light", "dark"])
def test_the_theme_can_be_read(name: str) -> None:
    theme: dict[str, Any] = THEME[name]
    assert contrast("#FFFFFF", theme["primaryColor"]) >= 4.5  # the words on the primary button
    for ground in (theme, theme["sidebar"]):
        background = ground["backgroundColor"]
        assert contrast(theme["textColor"], background) >= 4.5
        assert contrast(theme["textColor"], ground["secondaryBackgroundColor"]) >= 4.5
        assert contrast(theme["linkColor"], background) >= 4.5
        assert contrast(theme["primaryColor"], background) >= 3
    for line in theme["chartCategoricalColors"]:
        assert contrast(line, theme["backgroundColor"]) >= 3


def test_the_light_theme_has_the_figures_colors_and_the_dark_one_brighter_ones() -> None:
    light, dark = (THEME[name]["chartCategoricalColors"] for name in ("light", "dark"))
    assert tuple(light[: len(LINES)]) == LINES
    assert len(light) == len(dark)
    assert all(luminance(there) > luminance(here) for here, there in zip(light, dark, strict=True))
    # The chart replaces one after the other: none may turn into one that is still to be replaced.
    assert not set(dark) & set(LINES)


def test_the_accent_is_the_light_themes_and_no_lines() -> None:
    assert THEME["light"]["primaryColor"] == ACCENT
    assert ACCENT not in LINES


def test_zero_is_white_and_in_the_middle() -> None:
    assert len(DIVERGING) % 2 == 1
    assert DIVERGING[len(DIVERGING) // 2] == "#FFFFFF"
