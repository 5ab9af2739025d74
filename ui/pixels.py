"""What all components that draw pixels share: a component is made of the files pixels.css and
pixels.js, followed by its own. It gets its data as one blob, a header and bytes.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

SHARED = Path(__file__)


def pixel_component(own: Path, name: str, constants: Mapping[str, Any]) -> Any:
    """Make a component of the .css and the .js file beside this Python file. Its script finds the
    constants by their names.
    """
    lines = [f"const {constant} = {json.dumps(value)}" for constant, value in constants.items()]
    styles, scripts = (
        [path.with_suffix(kind).read_text("utf-8") for path in (SHARED, own)]
        for kind in (".css", ".js")
    )
    return st.components.v2.component(name, css="\n".join(styles), js="\n".join([*lines, *scripts]))


def encode(header: dict[str, Any], pixels: NDArray[np.uint8]) -> bytes:
    """Length of the header (4 bytes, little-endian), header as JSON, pixels: one blob."""
    text = json.dumps(header, allow_nan=False, separators=(",", ":")).encode()
    return len(text).to_bytes(4, "little") + text + pixels.tobytes()
