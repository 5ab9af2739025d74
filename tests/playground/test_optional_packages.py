"""Where an optional package is not installed, a sentence says how to get it."""

from pathlib import Path

import pytest

from playground import optional_packages
from playground.optional_packages import OPTIONAL, missing

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("module", OPTIONAL)
def test_a_missing_package_is_told_with_the_file_that_installs_it(
    module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    package, file = OPTIONAL[module]
    assert f"{package}==" in (ROOT / file).read_text("utf-8")
    assert missing(module, "This") == ""
    monkeypatch.setattr(optional_packages, "find_spec", lambda name: None)
    assert missing(module, "This") == f"This needs the package {package}: pip install -r {file}"
