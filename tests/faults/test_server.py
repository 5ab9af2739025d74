"""A real server in trouble: a full disk, one that cannot be written to, no memory, a stop in the
middle of everything. Visitors speak Streamlit's protocol; downloads come from a real mirror."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from benchmarks.session import Visitor
from data.folders import CACHE_FOLDER, DATA_FOLDER
from data.mnist import FASHION_MNIST
from tests.data.mirror import Mirror, dead_address
from tests.e2e.steps import SMALL
from tests.server import APP, Server, run_apart, started

LONG = "epochs=5000"
ASKED_FOR = "dataset=fashion-mnist"
only_linux = pytest.mark.skipif(sys.platform != "linux", reason="Linux lets a test do this")


@pytest.fixture
def mirror() -> Iterator[Mirror]:
    """What the server's plain requests to the internet reach: files as long as Fashion-MNIST's."""
    files = {file.name: bytes(file.size) for file in FASHION_MNIST.archive.files}
    mirror = Mirror(files)
    yield mirror
    mirror.close()


@contextmanager
def served(folder: Path, cache: Path, mirror: Mirror) -> Iterator[Server]:
    variables = {
        CACHE_FOLDER: str(cache),
        DATA_FOLDER: str(folder),
        "http_proxy": mirror.address,
        "https_proxy": dead_address(),
        "no_proxy": "",
    }
    with started(APP, folder / "log.txt", variables) as server:
        yield server


@contextmanager
def disk(at: Path, options: str) -> Iterator[Path]:
    """A disk of its own, mounted with these options; the test is skipped who may not mount one."""
    at.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(at)]
    is_root = sys.platform != "win32" and os.geteuid() == 0
    if not is_root or subprocess.run(mounting, capture_output=True).returncode:
        pytest.skip("only root mounts a disk")
    try:
        yield at
    finally:
        subprocess.run(["umount", "--lazy", str(at)], check=True)


Come = Callable[..., Coroutine[Any, Any, Visitor]]


@asynccontextmanager
async def visiting(server: Server) -> AsyncIterator[Come]:
    """Visitors of this server, which leave at the end in any case."""
    async with AsyncExitStack() as leaving:

        async def come(query: str, page: str = "", key: str = "") -> Visitor:
            visitor = await Visitor.come(server.address, query, page, key)
            leaving.push_async_callback(visitor.leave)
            return visitor

        yield come


@asynccontextmanager
async def watching(*visitors: Visitor) -> AsyncIterator[None]:
    """Their pages are refreshed as often as they ask, until the block ends."""
    tasks = [asyncio.create_task(each.watch(float("inf"))) for each in visitors]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def said(visitor: Visitor, words: str) -> bool:
    """Whether a box on the page has had these words, however Markdown escapes them."""
    return any(words in each.replace("\\", "") for each in visitor.alerts)


def files_in(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.is_file()}


@only_linux
@pytest.mark.parametrize(
    ("options", "reason"),
    [("size=1m", "No space left on device"), ("ro", "Read-only file system")],
    ids=["full", "unwritable"],
)
def test_a_disk_that_takes_no_download_is_said_and_the_page_goes_on(
    tmp_path: Path, mirror: Mirror, options: str, reason: str
) -> None:
    async def visit(server: Server) -> None:
        async with visiting(server) as come:
            visitor = await come(f"{SMALL}&{ASKED_FOR}", "data")
            await visitor.click("Download")
            async with watching(visitor):
                await visitor.until(lambda: said(visitor, reason))
            assert said(visitor, "Fashion-MNIST cannot be kept in")
            await visitor.press("Step", "paused")
            assert visitor.iteration == 1

    with disk(tmp_path / "disk", options) as cache:
        with served(tmp_path, cache, mirror) as server:
            run_apart(visit(server))
        assert files_in(cache) == set()
        assert "Traceback" not in server.said


def test_a_stop_in_the_middle_of_everything_leaves_no_traceback_and_no_half_file(
    tmp_path: Path, mirror: Mirror
) -> None:
    mirror.behavior = "stalls"
    cache = tmp_path / "cache"

    async def visit(server: Server) -> None:
        async with visiting(server) as come:
            queries = (f"{SMALL}&{LONG}", LONG, f"batch_size=full&{LONG}", "dataset=spiral")
            visitors = [await come(query) for query in queries]
            for visitor in visitors:
                await visitor.press("Play", "training")
            downloading = await come(ASKED_FOR, "data")
            await downloading.click("Download")
            assert await asyncio.to_thread(mirror.reached.wait, 20)
            async with watching(*visitors):
                await visitors[1].until(lambda: visitors[1].iteration > 20)
                drawing = asyncio.create_task(come("seed=7"))
                assert await asyncio.to_thread(server.stop) == 0
            await asyncio.gather(drawing, return_exceptions=True)

    with served(tmp_path, cache, mirror) as server:
        run_apart(visit(server))
    assert "Traceback" not in server.said
    whole = {"mnist-5k.bytes"}
    assert {name for name in files_in(cache) if not name.endswith(".part")} == whole
