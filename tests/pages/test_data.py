"""The page Data: choice of data set, split, corruption, downloads and uploads."""

import gzip
import json
import shutil
import tomllib
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Pagination

from data import catalog
from data.catalog import DATASETS
from data.dataset import Splits
from data.digit_forms import FORMS
from data.folders import DATA_FOLDER
from data.mirrors import Archive, RemoteFile
from data.mnist import TEST_IMAGES, TRAIN_IMAGES
from data.source import FILE_LIMIT_MB
from data.upload_store import UPLOADS
from playground.config import RunConfig
from playground.run import Run
from playground.storage.npz import MAX_MB
from tests.data.mirror import Mirror
from tests.data.test_idx import idx, some_images
from tests.data.test_mnist import SMALL, put
from tests.pages.conftest import Open, another_tab, at_rest, query_of, run_of, said, shown
from tests.playground.examples import wait_until
from tests.server import ROOT
from ui import loading
from ui.data.forms import SHOWN
from ui.notes import Refusal

PAGE = "pages/data.py"
PETS = (("cat", 40), ("dog", 200))
CSV = "".join(20 * f"{name},{','.join([str(level)] * 9)}\n" for name, level in PETS).encode()


@pytest.fixture
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A computer that has no data sets yet; the folder for them."""
    monkeypatch.setenv("PLAYGROUND_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv(DATA_FOLDER, raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(catalog, "_loaded", {})
    monkeypatch.setattr(catalog, "_downloads", {})
    return tmp_path


@pytest.fixture
def mirror(alone: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mirror]:
    """A real server that MNIST downloads from, with six images of each part."""
    files = {f"{name}.gz": gzip.compress(content) for name, content in SMALL.items()}
    serving = Mirror(files)
    entry = DATASETS["mnist"]
    assert entry.images is not None
    remote = (RemoteFile(n, len(c), sha256(c).hexdigest()) for n, c in files.items())
    archive = Archive("MNIST", (serving.address,), tuple(remote))
    images = replace(entry.images, archive=archive)
    monkeypatch.setitem(DATASETS, "mnist", replace(entry, images=images))
    yield serving
    serving.close()


def open_data(open_app: Open, **query: str) -> AppTest:
    at = open_app(layers="784,4,10", augmentation="0", **query)
    at.switch_page(PAGE).run()
    assert not at.exception
    return at


def text(at: AppTest) -> str:
    return "\n".join(each.value for each in (*at.markdown, *at.caption))


def upload(at: AppTest, *files: tuple[str, bytes]) -> Run:
    (field,) = (each for each in at.file_uploader if str(each.key).startswith("files"))
    for name, content in files:
        field.upload(name, content)
    at.run()
    assert not at.exception
    return run_of(at)


def test_what_is_shown_and_how_it_is_split_is_said(open_app: Open) -> None:
    at = open_data(open_app)
    assert "4,000 training digits, 1,000 validation digits" in text(at)
    assert {"balance", "means", "pixels", "examples by class"} <= shown(at)
    assert not said(at)


def test_fewer_noisy_wrongly_labeled_examples_are_a_new_run_and_said(open_app: Open) -> None:
    at = open_data(open_app)
    first = run_of(at)
    at.selectbox(key="set subset").set_value("500").run()
    at.slider(key="set label_noise").set_value(0.5).run()
    at.slider(key="set noise").set_value(0.2).run()
    run = run_of(at)
    assert run is not first
    assert run.data.train.m == 500
    assert run.data.validation is first.data.validation
    assert "500 training digits, 1,000 validation digits" in text(at)
    assert "training examples 500, shuffled labels 0.5, noise 0.2" in text(at)
    assert (query_of(at, "subset"), query_of(at, "noise")) == (["500"], ["0.2"])
    assert not at.exception


def test_digit_forms_are_added_by_a_setting_and_described(open_app: Open) -> None:
    at = open_data(open_app)  # an address from before digit forms
    first = run_of(at)
    assert at.selectbox(key="set digit_forms").value == "mnist"
    assert "This run is trained on MNIST only" in text(at)
    at.selectbox(key="set digit_forms").set_value("world").run()
    assert not at.exception
    run = run_of(at)
    assert run is not first
    assert run.data.train.m == 4000 + 2328
    assert run.data.validation is first.data.validation
    assert "4,000 training digits, 1,000 validation digits" in text(at)
    assert "2,328 images of 97 digit forms" in text(at)
    assert "Validation is on MNIST alone." in text(at)
    assert "This run is also trained on them." in text(at)
    assert query_of(at, "digit_forms") == ["world"]


def test_every_form_is_shown_with_its_name_and_where_it_is_written(open_app: Open) -> None:
    at = open_data(open_app)
    assert "97 ways to write a digit, 24 images of each: 2,328." in text(at)
    found = []
    for digit in range(10):
        at.segmented_control(key="digit of forms").set_value(str(digit)).run()
        assert not at.exception
        (grid,) = (each for each in at.get("bidi_component") if each.key == "digit forms")
        length = int.from_bytes(grid.proto.bytes[:4], "little")
        header = json.loads(grid.proto.bytes[4 : 4 + length])
        n, height, width = header["shape"]
        assert (n, height, width) == (len(header["captions"]), 28, 28 * SHOWN)
        strips = np.frombuffer(grid.proto.bytes[4 + length :], np.uint8).reshape(n, 28, SHOWN, 28)
        assert strips.max(axis=(1, 3)).min() > 200  # none is blank
        found += [f"{digit}, {caption}" for caption in header["captions"]]
    assert found == [f"{form.title} · {form.where}" for form in FORMS]


def test_other_data_have_no_digit_forms(open_app: Open) -> None:
    at = open_data(open_app)
    upload(at, ("pets.csv", CSV))
    assert "set digit_forms" not in {each.key for each in at.selectbox}
    assert "digit forms" not in shown(at)
    assert "forms" not in text(at)
    at.switch_page("pages/train.py").run()
    assert "set digit_forms" not in {each.key for each in at.selectbox}
    at = open_app(dataset="fashion-mnist", digit_forms="world")
    assert "digit_forms: fashion-mnist is not MNIST" in said(at)


def test_from_the_default_to_an_upload_and_back_there_are_forms_again(open_app: Open) -> None:
    at = open_app()
    assert run_of(at).config.has_forms
    at.switch_page(PAGE).run()
    upload(at, ("pets.csv", CSV))
    assert not run_of(at).config.has_forms
    at.selectbox(key="set dataset").set_value("mnist-5k").run()
    assert not at.exception
    assert not said(at)


def test_samples_of_one_class_and_of_the_validation_set(open_app: Open) -> None:
    at = open_data(open_app)
    at.segmented_control(key="part").set_value("Validation").run()
    at.selectbox(key="class").set_value(3).run()
    assert not at.exception
    (grid,) = (each for each in at.get("bidi_component") if each.key == "examples by class")
    length = int.from_bytes(grid.proto.bytes[:4], "little")
    header = json.loads(grid.proto.bytes[4 : 4 + length])
    validation = run_of(at).data.validation
    threes = np.flatnonzero(validation.labels == 3)[:60]
    assert header["shape"] == [60, 28, 28]
    assert header["captions"] == ["3"] * 60
    assert header["labels"][7] == f"number {threes[7]:,}, label 3"
    pixels = np.frombuffer(grid.proto.bytes[4 + length :], np.uint8).reshape(60, -1)
    assert np.array_equal(pixels, np.rint(255 * validation.X[:, threes].T).astype(np.uint8))


def test_an_uploaded_csv_becomes_the_data_set(open_app: Open) -> None:
    at = open_data(open_app)
    run = upload(at, ("pets.csv", CSV))
    assert run.data.train.class_names == ("cat", "dog")
    assert run.config.layers[0] == 9
    assert "32 training images, 8 validation images" in text(at)
    assert query_of(at, "dataset") == [run.config.dataset]
    at.switch_page("pages/train.py").run()
    assert at.selectbox(key="set dataset").value == run.config.dataset
    assert not at.exception
    run.play()
    at_rest(at)
    assert run.snapshot.status == "done"


def test_an_idx_pair_becomes_the_data_set(open_app: Open) -> None:
    at = open_data(open_app)
    images, labels = idx(some_images(100, 3)), idx(np.repeat(np.arange(5, dtype=np.uint8), 20))
    run = upload(at, ("images-idx3-ubyte", images), ("labels-idx1-ubyte", labels))
    assert run.data.train.n_classes == 5
    assert not at.exception


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b"cat,1,2,3,4\ndog,1,2,3\n", "line 2 has 4 columns"),
        (b"cat,1,2,3,-4\ndog,1,2,3,4\n", "'-4' in column 5"),
        (b"\0\0\x0b\x03" + bytes(20), "byte 2"),
    ],
)
def test_a_malformed_file_gets_its_sentence_and_changes_nothing(
    open_app: Open, content: bytes, sentence: str
) -> None:
    at = open_data(open_app)
    run = run_of(at)
    assert upload(at, ("mine", content)) is run
    assert sentence in said(at).replace("\\", "")
    assert "Everything stays as it was" in said(at)


def test_a_new_choice_replaces_a_bad_one_and_its_message(open_app: Open) -> None:
    at = open_data(open_app)
    run = run_of(at)
    assert upload(at, ("empty.csv", b"")) is run
    assert "is empty" in said(at)
    assert upload(at, ("pets.csv", CSV)) is not run
    assert "is empty" not in said(at)
    assert run_of(at).data.train.class_names == ("cat", "dog")


def test_two_idx_files_chosen_one_by_one_are_a_pair(open_app: Open) -> None:
    at = open_data(open_app)
    run = run_of(at)
    assert upload(at, ("images-idx3-ubyte", idx(some_images(100, 3)))) is run
    assert "Everything stays as it was" in said(at)
    labels = np.repeat(np.arange(5, dtype=np.uint8), 20)
    run = upload(at, ("labels-idx1-ubyte", idx(labels)))
    assert run.data.train.n_classes == 5
    assert not said(at)


def test_the_server_takes_files_as_large_as_the_page_says() -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))
    assert config["server"]["maxUploadSize"] >= max(FILE_LIMIT_MB, MAX_MB)


def test_a_page_without_its_upload_says_what_to_do(open_app: Open) -> None:
    at = open_app(dataset="upload-0123456789abcdef")
    assert "upload the same files again" in said(at).replace("\\", "")
    assert run_of(at).config.dataset == "mnist-5k"


def test_images_without_labels_are_classified_not_trained_on(open_app: Open) -> None:
    at = open_data(open_app)
    run = run_of(at)
    validation = run.data.validation
    rows = np.rint(255 * validation.X.T[:30]).astype(int)
    header = ",".join(f"pixel{i}" for i in range(784))
    content = "\n".join([header, *(",".join(map(str, row)) for row in rows)]).encode()
    assert upload(at, ("test.csv", content)) is run
    assert "can be classified, not trained on" in text(at)
    at.button(key="classify").click().run()
    assert not at.exception
    assert "**30 images**" in text(at)
    (offer,) = at.get("download_button")
    assert offer.proto.label.startswith("Download the predictions")


def test_a_data_set_that_is_not_there_is_downloaded_and_used(
    open_app: Open, mirror: Mirror
) -> None:
    at = open_data(open_app)
    run = run_of(at)
    at.selectbox(key="set dataset").set_value("mnist").run()
    assert run_of(at) is run
    assert at.selectbox(key="set dataset").value == "mnist-5k"
    assert "MNIST is not on this computer yet" in text(at).replace("\\", "")
    at.button(key="download").click().run()
    download = catalog.last_download("mnist")
    assert download is not None
    assert download.wait(10)
    at.run()
    if not at.exception and run_of(at) is run:  # it was here before the page was drawn
        at.button(key="use").click().run()
    assert not at.exception
    assert run_of(at).config.dataset == "mnist"
    assert "6 training digits" in text(at)
    assert query_of(at, "dataset") == ["mnist"]


def test_a_download_that_fails_says_so_and_can_go_on(open_app: Open, mirror: Mirror) -> None:
    mirror.behavior = "breaks off"
    at = open_data(open_app)
    at.selectbox(key="set dataset").set_value("mnist").run()
    at.button(key="download").click().run()
    first = catalog.last_download("mnist")
    assert first is not None
    assert first.wait(10)
    at.run()
    assert "broke off after" in said(at).replace("\\", "")
    mirror.behavior = "well"
    assert at.button(key="download").label == "Continue the download"
    at.button(key="download").click().run()
    second = catalog.last_download("mnist")
    assert second is not None
    assert second is not first
    assert second.wait(10)
    assert any(wanted for _, wanted in mirror.asked)  # from where it broke off


def test_a_download_is_cancelled_and_the_page_goes_on(open_app: Open, mirror: Mirror) -> None:
    mirror.behavior = "stalls"
    at = open_data(open_app)
    at.selectbox(key="set dataset").set_value("mnist").run()
    at.button(key="download").click().run()
    assert mirror.reached.wait(10)
    download = catalog.last_download("mnist")
    assert download is not None
    wait_until(lambda: download.progress.done > 0)
    at.run()
    at.slider(key="set noise").set_value(0.2).run()  # the page answers meanwhile
    assert run_of(at).config.noise == 0.2
    at.button(key="cancel download").click().run()
    assert download.progress.state == "cancelled"
    assert at.button(key="download").label == "Continue the download"
    at.button(key="not now").click().run()
    assert "is not on this computer yet" not in text(at)
    assert not at.exception


def test_a_folder_named_since_has_it(open_app: Open, alone: Path) -> None:
    at = open_data(open_app)
    at.selectbox(key="set dataset").set_value("mnist").run()
    put(alone / "cache" / "mnist")
    at.run()
    at.button(key="use").click().run()
    assert run_of(at).config.dataset == "mnist"
    assert "6 training digits" in text(at)


@pytest.mark.parametrize(("address", "offered"), [("127.0.0.1", True), ("0.0.0.0", False)])
def test_folders_are_named_where_the_configuration_lets_them(
    open_app: Open, alone: Path, address: str, offered: bool
) -> None:
    before = st.get_option("server.address")
    st.config.set_option("server.address", address)
    try:
        at = open_data(open_app)
        at.selectbox(key="set dataset").set_value("mnist").run()
    finally:
        st.config.set_option("server.address", before)
    fields = [each for each in at.text_input if each.key == "folder of data sets"]
    assert bool(fields) == offered


def test_the_address_of_a_missing_data_set_offers_to_bring_it(open_app: Open, alone: Path) -> None:
    at = open_app(dataset="mnist", layers="16,4,10")
    assert "MNIST is not on this computer yet" in said(at).replace("\\", "")
    assert run_of(at).config.dataset == "mnist-5k"
    put(alone / "cache" / "mnist")
    at.run()
    at.button(key="use").click().run()
    config = run_of(at).config
    assert (config.dataset, config.layers) == ("mnist", (16, 4, 10))
    assert not at.exception


# Data that vanish while a run has them


def test_an_upload_that_made_room_for_others_stays_with_its_run(
    open_app: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = open_data(open_app)
    at.file_uploader(key="files").set_value([("pets.csv", CSV, "text/csv")]).run()
    name = run_of(at).config.dataset
    address = {key: query_of(at, key)[0] for key in ("run", "dataset", "layers")}
    monkeypatch.setattr(UPLOADS, "_kept", OrderedDict())
    at = open_app(**address)
    for page in ("train", "draw", "hood", "data"):
        at.switch_page(f"pages/{page}.py").run()
        assert not at.exception
    assert "upload the same files again" in text(at).replace("\\", "")
    at.slider(key="set noise").set_value(0.2).run()
    assert "upload the same files again" in said(at)
    assert run_of(at).config.dataset == name
    at.selectbox(key="set dataset").set_value("mnist-5k").run()
    assert run_of(at).config.dataset == "mnist-5k"
    assert not at.exception


def test_a_data_folder_that_disappears_takes_no_page_along(
    open_app: Open, alone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = alone / "data"
    put(folder / "mnist")
    monkeypatch.setenv(DATA_FOLDER, str(folder))
    at = open_app(dataset="mnist", layers="16,4,1", task="1-rest", noise="0.1", augmentation="0")
    run = run_of(at)
    assert run.config.dataset == "mnist"
    shutil.rmtree(folder)
    monkeypatch.delenv(DATA_FOLDER)
    for page in ("data", "hood", "train"):
        at.switch_page(f"pages/{page}.py").run()
        assert not at.exception
    assert run_of(at) is run
    at.segmented_control(key="set kind of task").set_value("all").run()
    assert not at.exception
    assert "is not on this computer" in text(at) + said(at)


def test_a_reload_while_a_data_set_is_first_read_keeps_the_choice(
    open_app: Open, alone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    images = {TRAIN_IMAGES: idx(some_images(6, 28)), TEST_IMAGES: idx(some_images(3, 28))}
    monkeypatch.setenv(DATA_FOLDER, str(put(alone, changed=images)))
    at = open_data(open_app)
    first, meanwhile = run_of(at), []
    read = loading.read_data

    def watched(config: RunConfig) -> Splits | Refusal:
        meanwhile.append(st.query_params.to_dict())
        return read(config)

    monkeypatch.setattr(loading, "read_data", watched)
    at.selectbox(key="set dataset").set_value("mnist").run()
    assert not at.exception
    (address,) = meanwhile
    assert (address["dataset"], address["layers"]) == ("mnist", "784,4,10")
    assert "run" not in address  # else a reload would show that one again
    reloaded = another_tab(at)
    for name, text_ in address.items():
        reloaded.query_params[name] = text_
    run = run_of(reloaded.run())
    assert run is not first
    assert run.config == run_of(at).config
    upload(at, ("pets.csv", CSV))  # other sizes, which the address leaves open until they are known
    assert "layers" not in meanwhile[-1]
    assert meanwhile[-1]["dataset"] == run_of(at).config.dataset


def test_a_page_reads_its_data_once(open_app: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a task, noise and wrong labels, too: what is drawn comes from the run's own data."""
    query = {"task": "3-8", "noise": "0.2", "label_noise": "0.5", "subset": "300"}
    at = open_app(layers="784,4,1", augmentation="0", **query)
    read: list[str] = []
    load = catalog.load

    def noted(name: str) -> Splits:
        read.append(name)
        return load(name)

    monkeypatch.setattr(catalog, "load", noted)
    for page in ("data", "train"):
        at.switch_page(f"pages/{page}.py").run()
        at.run()
        assert not at.exception
    assert not read


def test_pages_of_samples_say_which_of_how_many(open_app: Open) -> None:
    at = open_data(open_app, digit_forms="mnist")
    assert "1–10 of 400 of each" in text(at)
    (pages,) = at.get("pagination")
    assert isinstance(pages, Pagination)
    pages.set_value(40).run()
    assert "391–400 of 400 of each" in text(at)
    at.selectbox(key="class").set_value(3).run()
    assert "1–60 of 400" in text(at)
