"""After a run diverged, no text, tooltip or label of a page has NaN or infinity."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.steps import SEVEN, chart, draw, expect_drawn, expect_status, press

TOO_LONG = "optimizer=gradient_descent&learning_rate=100&augmentation=0&l2=5"
NOT_FINITE = re.compile(r"(?<![a-z])[-+−]?(nan|inf|infinity|∞)(?![a-z])", re.IGNORECASE)
SAID = "its cost is NaN or infinite"  # the sentence that says what happened

# All texts of the page, those of its shadow roots too, and what is read aloud or shown on hover.
EVERYTHING = """() => {
  const found = []
  const go = root => {
    for (const element of root.querySelectorAll("*")) {
      if (element.localName === "script" || element.localName === "style") continue
      for (const node of element.childNodes) {
        if (node.nodeType === Node.TEXT_NODE) found.push(node.data)
      }
      for (const name of ["aria-label", "title", "alt", "aria-valuetext", "placeholder", "value"]) {
        found.push(element.getAttribute(name) ?? "")
      }
      if (element.localName === "input") found.push(element.value)
      if (element.shadowRoot) go(element.shadowRoot)
    }
  }
  go(document)
  return found.filter(text => text.trim())
}"""


def only_numbers(page: Page) -> None:
    texts = page.evaluate(EVERYTHING)
    assert len(texts) > 20
    bad = [text for text in texts if NOT_FINITE.search(text.replace(SAID, ""))]
    assert not bad


def diverge(page: Page, query: str) -> None:
    page.goto(f"/?{TOO_LONG}&{query}")
    expect_status(page, "ready")
    press(page, "Play")
    expect_status(page, "failed")
    expect(
        page.get_by_text(re.compile(rf"The run diverged at iteration \d+: {SAID}"))
    ).to_be_visible()


def point_at(page: Page, key: str) -> None:
    """Hover over the middle of a chart, and what its tip says is on the page."""
    expect_drawn(page, key)
    plot = chart(page, key).locator(".nsewdrag").first
    plot.scroll_into_view_if_needed()
    plot.hover(force=True)


def test_no_page_shows_nan_or_infinity(page: Page) -> None:
    diverge(page, "layers=784,16,12,10&activations=relu")
    page.get_by_text("Layer statistics").click()
    for key in ("gradients", "updates", "activations", "cost", "accuracy"):
        point_at(page, key)
        only_numbers(page)
    page.get_by_role("button", name=re.compile("neuron 3")).click()
    expect(page.get_by_text("Neuron 3", exact=True)).to_be_visible()
    only_numbers(page)
    page.get_by_role("button", name=re.compile("neuron 3")).hover()
    only_numbers(page)
    page.get_by_role("link", name="Draw").first.click()
    draw(page, SEVEN)
    expect(page.get_by_text("The run diverged: this network cannot predict")).to_be_visible()
    only_numbers(page)
    page.get_by_role("link", name="Under the hood").first.click()
    for slide in ("Batch", "Forward", "Cost", "Backward", "Update", "After"):
        page.get_by_role("radio", name=slide, exact=True).click()
        expect(page.get_by_role("radio", name=slide, exact=True)).to_be_checked()
        only_numbers(page)
    for part in ("Gradient check", "Export"):
        page.get_by_role("radio", name=part).click()
        expect(page.get_by_role("radio", name=part)).to_be_checked()
        only_numbers(page)
    page.get_by_role("link", name="Data").first.click()
    expect_drawn(page, "balance")
    only_numbers(page)


def test_two_classes_show_no_nan_either(page: Page) -> None:
    diverge(page, "layers=784,16,1&activations=relu&task=3-8")
    page.get_by_text("Threshold, precision, recall, ROC").click()
    expect(page.get_by_text("its outputs are not numbers")).to_be_visible()
    only_numbers(page)


def test_the_plane_shows_no_nan_either(page: Page) -> None:
    diverge(page, "dataset=circles&layers=2,8,8,1&activations=relu")
    neuron = page.locator(".neuron").last
    neuron.hover()
    expect(page.locator(".tip")).to_contain_text("bias not a number")
    only_numbers(page)
    neuron.click()
    only_numbers(page)
