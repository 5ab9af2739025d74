"""The app's CSS rules."""

import re

from ui.live_plot import HERE
from ui.present import CSS as PRESENT
from ui.styles import CSS, FILES

OF_THE_PAGE = CSS + FILES + PRESENT + (HERE / "live_plot.css").read_text("utf-8")
# Below these a small part of a page is styled anew, and on phones alone or where tooltips are.
SMALL = ("#stFloatingOverlayPortal", '.stVerticalBlock:has(> [data-testid="stLayoutWrapper"]')


def selectors(css: str) -> list[str]:
    """All selectors, without those in the parentheses of others."""
    css = re.sub(r"/\*.*?\*/|</?style>", "", css, flags=re.DOTALL)
    lists = [rule.strip() for rule in re.findall(r"([^{};]+){", css) if "@" not in rule]
    return [
        each.strip()
        for rule in lists
        for each in re.split(r",(?![^()]*(?:\([^()]*\))*[^()]*\))", rule)
    ]


def after_has(selector: str) -> str:
    """What follows the last :has( … ) that is in no other parentheses; "" if there is none."""
    depth, at, rest = 0, 0, ""
    while at < len(selector):
        if depth == 0 and selector.startswith(":has(", at):
            rest = selector[at:]
        depth += {"(": 1, ")": -1}.get(selector[at], 0)
        at += 1
    while rest:
        depth = 0
        for at, letter in enumerate(rest):
            depth += {"(": 1, ")": -1}.get(letter, 0)
            if depth == 0 and letter == ")":
                return rest[at + 1 :]
    return ""


def test_what_follows_a_has_is_found() -> None:
    rules = selectors("/* c */ .a:has(> .b:is(i, u)), .c:has(d) > *:is(e, f) { x: 1 } .g { y: 2 }")
    assert rules == [".a:has(> .b:is(i, u))", ".c:has(d) > *:is(e, f)", ".g"]
    assert [after_has(rule) for rule in rules] == ["", " > *:is(e, f)", ""]


def test_no_rule_depends_on_what_a_large_part_of_the_page_has() -> None:
    """Chromium would check, and style anew, all of that part for every new element: for each bar
    and label of a chart, too. A trace of a click on Inspect showed five styles of a whole page of
    500 elements before a chart was drawn.
    """
    rules = [rule for rule in selectors(OF_THE_PAGE) if ":has(" in rule]
    assert len(rules) > 10
    for rule in rules:
        if not rule.startswith(SMALL):
            assert not re.search(r"[\s>~+]", after_has(rule)), rule
