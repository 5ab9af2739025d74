"""The page Data in a real browser: a download from a real mirror, uploads, a run saved and loaded.

The app is served as if on a computer that has no data sets, with MNIST's mirror on 127.0.0.1.
"""

import gzip
import re
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from data.folders import DATA_FOLDER
from data.mnist import TEST_IMAGES, TEST_LABELS, TRAIN_IMAGES, TRAIN_LABELS
from tests.data.mirror import Mirror
from tests.data.test_idx import idx
from tests.e2e.steps import (
    SMALL,
    choose,
    expect_drawn,
    expect_status,
    iteration,
    press,
    status_line,
)
from tests.server import APP, ROOT, serving

# Python runs this before anything else; Streamlit then finds MNIST's archive at our mirror.
WITH_OUR_MIRROR = """
import sys
sys.path.insert(0, {root!r})
from dataclasses import replace
from data.catalog import DATASETS
from data.mirrors import Archive, RemoteFile
from functools import partial
from data.mnist import MNIST, load_images, why_missing
archive = Archive("MNIST", ({address!r},), tuple(RemoteFile(*file) for file in {files!r}))
images = replace(MNIST, archive=archive)
DATASETS["mnist"] = replace(
    DATASETS["mnist"],
    images=images,
    load=partial(load_images, images),
    available=partial(why_missing, images),
)
"""
PETS = "".join(f"{name},{','.join([str(i)] * 49)}\n" for name in ("cat", "dog") for i in range(50))


def archive() -> dict[str, bytes]:
    """Three megabytes of images in MNIST's four files."""
    rng = np.random.default_rng(0)
    files = {}
    for m, images, labels in ((3000, TRAIN_IMAGES, TRAIN_LABELS), (600, TEST_IMAGES, TEST_LABELS)):
        files[images] = idx(rng.integers(0, 256, (m, 28, 28), dtype=np.uint8))
        files[labels] = idx((np.arange(m) % 10).astype(np.uint8))
    return {f"{name}.gz": gzip.compress(content, 1) for name, content in files.items()}


@pytest.fixture(scope="module")
def mirror() -> Iterator[Mirror]:
    serving_files = Mirror(archive())
    yield serving_files
    serving_files.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, mirror: Mirror) -> Iterator[str]:
    """Address of the app, served to these tests alone."""
    folder = tmp_path_factory.mktemp("data server")
    files = [(n, len(c), sha256(c).hexdigest()) for n, c in mirror.files.items()]
    script = WITH_OUR_MIRROR.format(root=str(ROOT), address=mirror.address, files=files)
    (folder / "sitecustomize.py").write_text(script)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(folder))
        patch.setenv("PLAYGROUND_CACHE", str(folder / "cache"))
        patch.setenv("NO_PROXY", "127.0.0.1")
        patch.delenv(DATA_FOLDER, raising=False)
        with serving(APP, folder / "log.txt") as address:
            yield address


def open_data(page: Page) -> None:
    page.goto(f"/?{SMALL}")
    expect_status(page, "ready")
    page.get_by_role("link", name="Data").first.click()
    expect_drawn(page, "balance")


def reload_front_page(page: Page) -> None:
    """On other pages Streamlit first asks below the page's own address, which is no error."""
    page.get_by_role("link", name="Train").first.click()
    expect_drawn(page, "cost")
    page.reload()
    expect_drawn(page, "cost")


def bring(page: Page, name: str, content: str) -> None:
    label = page.get_by_text("A CSV file, or two IDX files").first
    if not label.is_visible():
        page.get_by_text("Upload your own").click()
    expect(label).to_be_visible()
    page.locator("input[type=file]").first.set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": content.encode()}
    )


def test_mnist_is_downloaded_while_the_page_answers(page: Page, mirror: Mirror) -> None:
    open_data(page)
    choose(page.get_by_role("combobox", name="Data set").first, "MNIST, 70,000 digits")
    expect(page.get_by_text("MNIST is not on this computer yet")).to_be_visible()
    expect(page.get_by_text("4,000 training digits")).to_be_visible()
    mirror.behavior = "stalls"
    press(page, "Download")
    expect(page.get_by_text(re.compile(r"^1\.\d of 2\.\d MB"))).to_be_visible()
    press(page, "Step")
    expect(status_line(page, "paused")).to_have_attribute("data-iteration", "1")
    press(page, "Cancel")
    expect(page.get_by_role("button", name="Continue the download")).to_be_visible()
    mirror.behavior = "well"
    mirror.asked.clear()
    press(page, "Continue the download")
    expect(page.get_by_text("3,000 training digits, 600 validation digits")).to_be_visible()
    assert mirror.asked[0][1] is not None  # went on from where it was
    expect_status(page, "ready")
    expect(page).to_have_url(re.compile("dataset=mnist"))
    reload_front_page(page)
    expect(page.get_by_role("combobox", name="Data set")).to_have_value("MNIST, 70,000 digits")


def test_a_folder_that_is_none_gets_a_sentence(page: Page) -> None:
    open_data(page)
    choose(page.get_by_role("combobox", name="Data set").first, "Fashion-MNIST, 70,000 pictures")
    field = page.get_by_label("Or name the folder where it is")
    field.fill("/no/such/folder")
    field.press("Enter")
    expect(page.get_by_text("/no/such/folder is not a folder")).to_be_visible()
    expect(page.get_by_text("4,000 training digits")).to_be_visible()
    press(page, "Not now")
    expect(page.get_by_text("Fashion-MNIST is not on this computer yet")).not_to_be_visible()


def test_an_uploaded_file_is_trained_on_and_found_again(page: Page) -> None:
    open_data(page)
    bring(page, "broken.csv", PETS + "cat,1,2\n")
    expect(page.get_by_text("line 101 has 3 columns")).to_be_visible()
    expect(page.get_by_text("4,000 training digits")).to_be_visible()
    bring(page, "pets.csv", PETS)  # in place of the broken one
    expect(page.get_by_text("line 101 has 3 columns")).not_to_be_visible()
    expect(page.get_by_text("80 training images, 20 validation images")).to_be_visible()
    expect(page.get_by_text("7×7 pixels, 2 classes")).to_be_visible()
    press(page, "Epoch")
    expect_status(page, "paused")
    reload_front_page(page)
    expect(page.get_by_role("combobox", name="Data set")).to_have_value("pets.csv")
    assert iteration(page) == 1
    page.get_by_role("link", name="Draw").first.click()
    expect(page.get_by_text("This network takes images of 7×7 pixels")).to_be_visible()


def test_a_run_is_saved_and_loaded_where_it_was(
    page: Page, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    page.goto(f"/?{SMALL}")
    expect_status(page, "ready")
    press(page, "Epoch")
    expect_status(page, "paused")
    press(page, "Save · Load")
    with page.expect_download() as saving:
        press(page, "Save this run")
    saving.value.save_as(tmp_path / "run.npz")
    other = open_page(viewport={"width": 1400, "height": 900})
    other.goto("/")
    expect_status(other, "ready")
    press(other, "Save · Load")
    other.locator("input[type=file]").set_input_files(tmp_path / "run.npz")
    expect_status(other, "paused")
    assert iteration(other) == iteration(page) == 32
    expect_drawn(other, "cost")
    press(other, "Step")
    expect(status_line(other, "paused")).to_have_attribute("data-iteration", "33")
