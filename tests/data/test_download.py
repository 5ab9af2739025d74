"""Downloads from real servers on 127.0.0.1, and everything that can go wrong with them."""

import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace

import pytest

from data import download, mirrors
from data.dataset import DataError
from data.download import Download, Progress
from data.mirrors import Archive, RemoteFile, Transfer
from tests.data.mirror import Mirror, dead_address
from tests.playground.examples import wait_until

FILES = {
    "images.gz": random.Random(0).randbytes(300_000),
    "labels.gz": random.Random(1).randbytes(1_000),
}
NewMirror = Callable[..., Mirror]


@pytest.fixture
def new_mirror(monkeypatch: pytest.MonkeyPatch) -> Iterator[NewMirror]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    started: list[Mirror] = []

    def start(files: dict[str, bytes] = FILES, behavior: str = "well", **how: bool) -> Mirror:
        started.append(Mirror(dict(files), behavior, **how))
        return started[-1]

    yield start
    for mirror in started:
        mirror.close()


def archive(*addresses: str) -> Archive:
    files = tuple(
        RemoteFile(name, len(content), sha256(content).hexdigest())
        for name, content in FILES.items()
    )
    return Archive("MNIST", addresses, files)


def fetched(folder: Path, *addresses: str) -> Progress:
    result = Download(archive(*addresses), folder).start()
    assert result.wait(10)
    return result.progress


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_files_arrive_whole_and_alone(tmp_path: Path, new_mirror: NewMirror) -> None:
    progress = fetched(tmp_path / "new" / "folder", new_mirror().address)
    assert progress == Progress("done", total=301_000, done=301_000)
    assert contents(tmp_path / "new" / "folder") == FILES


def test_what_is_there_is_not_asked_for_again(tmp_path: Path, new_mirror: NewMirror) -> None:
    mirror = new_mirror()
    (tmp_path / "images.gz").write_bytes(FILES["images.gz"])
    (tmp_path / "labels.gz").write_bytes(b"spoiled")
    assert fetched(tmp_path, mirror.address).state == "done"
    assert mirror.asked == [("labels.gz", None)]
    assert contents(tmp_path) == FILES


def test_the_next_mirror_continues_where_one_breaks_off(
    tmp_path: Path, new_mirror: NewMirror
) -> None:
    broken, sound = new_mirror(behavior="breaks off"), new_mirror()
    assert fetched(tmp_path, broken.address, sound.address).state == "done"
    assert sound.asked == [("images.gz", "bytes=150000-"), ("labels.gz", None)]
    assert broken.asked == [("images.gz", None)]  # it failed: the other is asked first from then on
    assert contents(tmp_path) == FILES


def test_a_failed_download_is_resumed_by_the_next(tmp_path: Path, new_mirror: NewMirror) -> None:
    mirror = new_mirror(behavior="breaks off")
    failed = fetched(tmp_path, mirror.address)
    assert failed.state == "failed"
    assert "broke off after 150,000 of 300,000 bytes" in failed.error
    assert "What has arrived is kept" in failed.error
    mirror.behavior = "well"
    assert fetched(tmp_path, mirror.address).state == "done"
    assert mirror.asked[1] == ("images.gz", "bytes=150000-")
    assert contents(tmp_path) == FILES


def test_a_mirror_without_range_requests_sends_everything_again(
    tmp_path: Path, new_mirror: NewMirror
) -> None:
    (tmp_path / "images.gz.part").write_bytes(FILES["images.gz"][:1234])
    assert fetched(tmp_path, new_mirror(ranges=False).address).state == "done"
    assert contents(tmp_path) == FILES


@pytest.mark.parametrize("size", [30, 300_000, 400_000])
def test_a_part_of_another_file_is_detected(
    tmp_path: Path, new_mirror: NewMirror, size: int
) -> None:
    (tmp_path / "images.gz.part").write_bytes(bytes(size))
    assert fetched(tmp_path, new_mirror().address).state == "done"
    assert contents(tmp_path) == FILES


def test_a_complete_part_file_is_used(tmp_path: Path, new_mirror: NewMirror) -> None:
    mirror = new_mirror()
    (tmp_path / "images.gz.part").write_bytes(FILES["images.gz"])
    assert fetched(tmp_path, mirror.address).state == "done"
    assert mirror.asked == [("labels.gz", None)]
    assert contents(tmp_path) == FILES


@pytest.mark.parametrize(
    ("files", "behavior", "reason"),
    [
        ({}, "well", "answered 404 Not Found"),
        ({"images.gz": b"x" * 300_000}, "well", "sent a file with another SHA-256"),
        ({"images.gz": b"x"}, "well", "broke off after 1 of 300,000 bytes"),
        (FILES, "breaks off", "broke off after 150,000 of 300,000 bytes"),
        (FILES, "endless", "sent a file with another SHA-256"),
        (FILES, "stalls", "was silent for 0.2 s"),
        (FILES, "silent", "was silent for 0.2 s"),
    ],
)
def test_a_bad_mirror_is_named_and_the_next_one_tried(
    tmp_path: Path,
    new_mirror: NewMirror,
    monkeypatch: pytest.MonkeyPatch,
    files: dict[str, bytes],
    behavior: str,
    reason: str,
) -> None:
    monkeypatch.setattr(mirrors, "SILENCE_TIMEOUT", 0.2)
    bad = new_mirror(files, behavior)
    alone = fetched(tmp_path / "alone", bad.address)
    assert alone.state == "failed"
    assert reason in alone.error
    assert "images.gz" not in contents(tmp_path / "alone")
    assert fetched(tmp_path / "both", bad.address, new_mirror().address).state == "done"
    assert contents(tmp_path / "both") == FILES


def test_a_dead_mirror_is_passed_over(tmp_path: Path, new_mirror: NewMirror) -> None:
    assert fetched(tmp_path, dead_address(), new_mirror().address).state == "done"
    assert contents(tmp_path) == FILES


def test_offline_the_error_names_all_mirrors(tmp_path: Path) -> None:
    first, second = dead_address(), dead_address()
    progress = fetched(tmp_path, first, second)
    assert progress.state == "failed"
    assert progress.done == 0
    assert progress.error.startswith("MNIST could not be downloaded")
    for address in (first, second):
        assert f"{address[7:-1]} could not be reached" in progress.error
    assert "the 5,000 digits that come with the app" in progress.error


@pytest.mark.parametrize("behavior", ["stalls", "silent"])
def test_cancel_takes_effect_at_once(tmp_path: Path, new_mirror: NewMirror, behavior: str) -> None:
    mirror = new_mirror(behavior=behavior)
    result = Download(archive(mirror.address), tmp_path).start()
    assert mirror.reached.wait(5)
    if behavior == "stalls":  # all that it sends has come: only now nothing is under way
        while result.progress.done < 150_000:
            assert not result.wait(0.01)
    result.cancel()
    assert result.progress.state == "cancelled"
    if behavior == "silent":  # the thread ends with the mirror's first word, or its connection
        assert not result.wait(0)  # and cancel did not wait for it
        mirror.close()
    assert result.wait(10)
    assert result.progress.state == "cancelled"
    assert "images.gz" not in contents(tmp_path)


def test_a_cancelled_download_is_resumed(tmp_path: Path, new_mirror: NewMirror) -> None:
    mirror = new_mirror(behavior="stalls")
    first = Download(archive(mirror.address), tmp_path).start()
    while first.progress.done < 150_000:
        assert not first.wait(0.01)
    first.cancel()
    mirror.behavior = "well"
    assert fetched(tmp_path, mirror.address).state == "done"
    assert mirror.asked[1] == ("images.gz", "bytes=150000-")
    assert contents(tmp_path) == FILES


@pytest.mark.parametrize("cut", [0, 9, 60, 400, 10_000, 150_000, 300_000])
def test_a_download_resumes_wherever_the_connection_was_cut(
    tmp_path: Path, new_mirror: NewMirror, cut: int
) -> None:
    """Before the answer, in its first line, in its headers, in its contents, before its end."""
    mirror = new_mirror()
    mirror.cut = cut
    failed = fetched(tmp_path, mirror.address)
    assert failed.state == "failed"
    assert mirror.address[7:-1] in failed.error
    assert set(contents(tmp_path)) <= {"images.gz.part"}
    mirror.cut = None
    assert fetched(tmp_path, mirror.address).state == "done"
    assert (mirror.asked[1][1] is not None) == (cut > 200)  # what has arrived is kept
    assert contents(tmp_path) == FILES


KILLED = """
import sys
from pathlib import Path
from data.download import Download
from tests.data.test_download import archive

Download(archive(sys.argv[1]), Path(sys.argv[2])).start().wait()
"""


def test_a_killed_program_leaves_only_resumable_files(
    tmp_path: Path, new_mirror: NewMirror
) -> None:
    mirror = new_mirror(behavior="stalls")
    part = tmp_path / "images.gz.part"
    with subprocess.Popen([sys.executable, "-c", KILLED, mirror.address, str(tmp_path)]) as process:
        assert mirror.reached.wait(20)
        wait_until(lambda: part.exists() and part.stat().st_size > 0)
        process.kill()
    assert [path.name for path in tmp_path.iterdir()] == [part.name]
    mirror.behavior = "well"
    assert fetched(tmp_path, mirror.address).state == "done"
    assert mirror.asked[1][1] is not None
    assert contents(tmp_path) == FILES


def test_two_downloads_at_once_fetch_once(tmp_path: Path, new_mirror: NewMirror) -> None:
    mirror = new_mirror()
    both = [Download(archive(mirror.address), tmp_path).start() for _ in range(2)]
    assert all(each.wait(10) for each in both)
    assert [each.progress.state for each in both] == ["done", "done"]
    assert sorted(mirror.asked) == [("images.gz", None), ("labels.gz", None)]


FULL_DISK = """
import resource, sys
from pathlib import Path
from data.download import Download
from tests.data.test_download import archive

resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))  # as on a disk with no more room
download = Download(archive(sys.argv[1]), Path(sys.argv[2])).start()
download.wait(10)
print(download.progress.state, download.progress.error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot limit the size of a file")
def test_a_full_disk_is_said_and_left_as_it_was(tmp_path: Path, new_mirror: NewMirror) -> None:
    result = subprocess.run(
        [sys.executable, "-c", FULL_DISK, new_mirror().address, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    assert result.stdout == (
        f"failed MNIST cannot be kept in {tmp_path}: File too large. It takes 0.3 MB there.\n"
    )
    assert contents(tmp_path) == {}


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path, new_mirror: NewMirror) -> None:
    (tmp_path / "file").write_bytes(b"")
    progress = fetched(tmp_path / "file" / "folder", new_mirror().address)
    assert progress.state == "failed"
    assert "MNIST cannot be kept in" in progress.error


def test_time_left_follows_the_rate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([10.0, 10.4, 12.0])
    monkeypatch.setattr(download, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    seen: list[float | None] = []

    def run(transfer: Transfer) -> None:
        # 100,000 bytes were there from before; then 20,000 come in 2 s.
        for done, received in [(101_000, 1_000), (105_000, 5_000), (121_000, 20_000)]:
            transfer._tell(done, received)
            seen.append(result.progress.seconds_left)
        raise DataError("and no more")

    monkeypatch.setattr(Transfer, "run", run)
    result = Download(archive("http://nowhere/"), tmp_path)
    assert result.start().wait(5)
    assert seen == [None, None, pytest.approx(18.0)]  # 180,000 bytes at 10,000 a second
    assert result.progress.error == "and no more"
