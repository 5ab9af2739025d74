"""Names that come from outside are text on every page: no script runs, no link or picture of
somebody else's appears, no icon, no color, no formula; and nothing is asked of another machine,
which every page's end looks for."""

import io
import re
from collections.abc import Callable
from urllib.parse import quote

import numpy as np
from playwright.sync_api import Locator, Page, expect

from playground.config import RunConfig
from playground.history import Event
from playground.run_data import load_data
from playground.saved import save_run
from playground.trainer import Trainer
from playground.training import Training
from tests.e2e.steps import (
    SEVEN,
    SMALL,
    choose,
    draw,
    expect_drawn,
    expect_status,
    open_list,
    press,
)
from ui.text import JOINER

CLASSES = sorted((
    "<img src=x onerror=alert(1)>",
    "<a href='//evil.example/a'>b</a>",
    "[link](https://evil.example/c)",
    "![i](https://evil.example/d.png)",
    ":material/home: :red[x] $x$ :streamlit:",
    "www.evil.example me@evil.example",
))  # fmt: skip
FILE = "$y$ www.evil.example :red[x] <b>f.csv"
MARK = "<a href='https://evil.example/'>m</a> <b>b</b>"
BAD = "<img src=x onerror=alert(3)> [l](https://evil.example) :material/home:"

# What a name could have become: each would be a sign that it was read as more than text.
MADE_OF_IT = (
    ".katex",
    "[href*=evil], [src*=evil], img[src=x], .live-plot svg a",
    "[aria-label='home icon'], [alt='Streamlit logo']",
)


def digits(label_of: Callable[[int], str], m: int = 120) -> bytes:
    """Images of 28×28 as CSV, each class of its own brightness."""
    rng = np.random.default_rng(0)
    lines = ["label," + ",".join(f"pixel{i}" for i in range(784))]
    for i in range(m):
        pixels = rng.integers(0, 40, 784) + 30 * (i % len(CLASSES))
        lines.append(",".join([label_of(i), *map(str, pixels)]))
    return "\n".join(lines).encode()


def only_text(page: Page, *, formulas: bool = False) -> None:
    """Nothing on the page is made of a name; formulas: the page has its own."""
    for made in MADE_OF_IT[formulas:]:
        expect(page.locator(made)).to_have_count(0)


def named(where: Locator, name: str) -> None:
    """The name is there, letter by letter, but for what is invisible."""
    letters = [f"{JOINER}?{re.escape(letter)}" for letter in name]
    pattern = re.compile("".join(letters).replace(r"\ ", r"\s"))
    expect(where).to_contain_text(pattern)


def give(page: Page, name: str, content: bytes, field: int = 0) -> None:
    page.get_by_test_id("stFileUploaderDropzoneInput").nth(field).set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": content}
    )


def bring_your_own(page: Page) -> None:
    expect_drawn(page, "balance")
    page.get_by_text("Upload your own").click()
    expect(page.get_by_text("A CSV file, or two IDX files").first).to_be_visible()


def test_names_of_an_upload_are_text_on_every_page(page: Page) -> None:
    page.on("dialog", lambda dialog: dialog.dismiss())  # only_text and alerted find it
    page.add_init_script("window.alert = () => { window.alerted = true }")
    page.goto(f"/?{SMALL}&epochs=40")
    expect_status(page, "ready")
    page.get_by_role("link", name="Data").first.click()
    bring_your_own(page)
    give(page, FILE, digits(lambda i: CLASSES[i % len(CLASSES)]))
    expect(page.get_by_text("120 images, 28×28 pixels, 6 classes")).to_be_visible()
    expect_drawn(page, "balance")
    for name in CLASSES:
        named(chart_text(page, "balance"), name)
    expect(page.get_by_role("combobox", name="Data set")).to_have_value(FILE)
    open_list(page.get_by_role("combobox", name="Class"))
    for name in CLASSES:
        expect(page.get_by_role("option", name=name, exact=True)).to_be_visible()
    only_text(page)
    page.get_by_role("option", name=CLASSES[2], exact=True).click()
    expect(page.get_by_role("img", name=CLASSES[2]).first).to_be_visible()
    only_text(page)

    page.get_by_role("link", name="Train").first.click()
    expect_drawn(page, "cost")
    press(page, "Play")
    expect_status(page, "done")
    named(page.get_by_test_id("stMain"), FILE)
    only_text(page)

    page.get_by_role("link", name="Draw").first.click()
    draw(page, SEVEN)
    for name in CLASSES:
        named(page.locator(".bars"), name)
    pill = page.get_by_test_id("stButtonGroup").get_by_role("radio")
    expect(pill).to_have_count(len(CLASSES))
    for i, name in enumerate(CLASSES):
        named(pill.nth(i), name)
    pill.nth(3).click()
    page.get_by_text("Your drawings (1)").click()
    expect(page.get_by_role("button", name=CLASSES[3]).first).to_be_visible()
    only_text(page)

    page.get_by_role("link", name="Under the hood").first.click()
    expect(page.get_by_test_id("stMain")).to_contain_text("The batch")
    only_text(page, formulas=True)
    page.get_by_role("radio", name="Export").click()
    named(page.get_by_test_id("stCode"), f"DATA = {FILE!r}")
    only_text(page)

    page.get_by_role("link", name="Train").first.click()
    page.get_by_role("radio", name="One against the rest").click()
    expect(page.get_by_text("Training examples:")).to_be_visible()
    choose(page.get_by_role("combobox", name="Is it"), CLASSES[1])
    named(page.get_by_test_id("stMain"), f"are {CLASSES[1]}")
    page.get_by_text("Threshold, precision, recall, ROC").click()
    expect(page.get_by_text("Precision: ")).to_be_visible()
    named(page.get_by_test_id("stMain"), f"Predict {CLASSES[1]} from a probability")
    only_text(page)
    assert page.evaluate("window.alerted") is None


def chart_text(page: Page, key: str) -> Locator:
    return page.locator(f'.live-plot[data-key="{key}"]')


def test_refused_files_and_addresses_are_told_as_text(page: Page) -> None:
    page.add_init_script("window.alert = () => { window.alerted = true }")
    page.goto(f"/?{SMALL}&dataset={quote(BAD)}&activations={quote(BAD)}")
    expect_status(page, "ready")
    named(page.locator(".st-key-notes"), f"dataset={BAD}")
    only_text(page)
    page.get_by_role("link", name="Data").first.click()
    bring_your_own(page)
    give(page, f"{BAD}.csv".replace("/", "_"), digits(lambda i: BAD[:40]) + b"\ncat,1,2\n")
    expect(page.get_by_text("line 122 has 3 columns")).to_be_visible()
    named(page.get_by_test_id("stMain"), "<img src=x onerror=alert(3)> [l](")
    only_text(page)
    page.get_by_role("link", name="Draw").first.click()
    page.get_by_text("Your drawings (0)").click()
    give(page, "[drawings](https:evil.example).csv", digits(lambda i: CLASSES[i % 6]))
    expect(page.get_by_text("Your drawings (120)")).to_be_visible()
    expect(page.get_by_role("button", name=CLASSES[2]).first).to_be_visible()
    only_text(page)
    give(page, "[drawings](https:evil.example).csv", b"no drawings")
    named(page.get_by_test_id("stMain"), "[drawings](https:evil.example).csv, line 1")
    only_text(page)
    page.get_by_role("link", name="The plane").first.click()
    expect_status(page, "ready")
    page.get_by_role("radio", name="Your own").click()
    press(page, "Load points")
    give(page, "points.csv", f"1,{BAD},0\n".encode())
    named(page.locator(".st-key-notes"), f"'1,{BAD}"[:50])
    only_text(page)
    assert page.evaluate("window.alerted") is None


def test_a_saved_run_s_marks_are_text_in_the_charts(page: Page) -> None:
    page.goto("/")
    expect_status(page, "ready")
    press(page, "Save · Load")
    page.locator("input[type=file]").set_input_files(
        {"name": "r.npz", "mimeType": "application/octet-stream", "buffer": saved_run(MARK)}
    )
    expect_status(page, "paused")
    expect_drawn(page, "cost")
    named(chart_text(page, "cost"), MARK)
    only_text(page)


def saved_run(mark: str) -> bytes:
    """A run of a few steps in which somebody changed something called so."""
    config = RunConfig.from_text(
        {"layers": "784,12,10", "activations": "relu", "augmentation": "0", "epochs": "2"}
    )
    training = Training(Trainer(config, load_data(config)))
    for _ in range(8):
        training.step()
    training.history.add_event(Event(4, mark))
    file = io.BytesIO()
    save_run(file, training.trainer, training.history.curves(), 1.0)
    return file.getvalue()
