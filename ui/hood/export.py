"""Export: the run as a script, its weights and curve, the network for other libraries."""

from collections.abc import Callable

import streamlit as st

from playground.export.listings import WEIGHTS, keras, pytorch
from playground.export.onnx_file import onnx_file, why_no_onnx
from playground.export.script import DATA_FILE, data_file, needs_data_file, script
from playground.export.tables import curve_file, weights_file
from playground.run import Snapshot

LISTINGS = {
    "NumPy": ("run.py", "The script that redraws this curve."),
    "PyTorch": ("network_torch.py", f"The same network, with {WEIGHTS} beside it."),
    "Keras": ("network_keras.py", f"The same network, with {WEIGHTS} beside it."),
}


def export(shown: Snapshot) -> None:
    """Buttons to download each, and the listing chosen to read."""
    config = shown.shared_config
    st.markdown(
        "**One file of NumPy**, in the words of the posts, that trains this network with these "
        "settings and this seed, and prints the same costs: the same curve, to the bit on this "
        "computer."
    )
    if config.augmentation and shown.data.train.image_shape is not None:
        st.caption("Augmentation is in it: the app's own code, which needs SciPy.")
    if shown.fine_tuning is not None:
        st.caption("This is the run before fine-tuning: no script has your drawings.")
    if shown.curves.events:
        st.caption("It has the settings as they are now, from the first step on.")
    kind = st.segmented_control(
        "Listing", list(LISTINGS), default="NumPy", key="home kind", required=True,
        label_visibility="collapsed", persist_state="session",
    )  # fmt: skip
    name, about = LISTINGS[kind or "NumPy"]
    text = _listing(shown, kind or "NumPy")
    with st.container(horizontal=True, vertical_alignment="center"):
        _download(f"Download {name}", text.encode(), name, "text/x-python", primary=True)
        if kind == "NumPy" and needs_data_file(config):
            _download(f"… and {DATA_FILE}", lambda: data_file(shown.learned_from), DATA_FILE)
        st.caption(about, width="content")
    if kind == "NumPy" and shown.curves.n_by_hand:
        st.caption(
            "Weights or biases were set by hand in this run, and the script does not know of it: "
            "it starts from the initialized ones, so its costs are others. The weights below are "
            "the network as it is."
        )
    st.code(text, language="python", height=420)
    st.markdown("**What it has learned**")
    with st.container(horizontal=True, vertical_alignment="center"):
        network = shown.network
        _download("Weights (.npz)", lambda: weights_file(network), WEIGHTS)
        _download("Curve (.csv)", lambda: curve_file(shown.curves), "curve.csv", "text/csv")
        no_onnx = why_no_onnx()
        _download("Network (.onnx)", lambda: onnx_file(network), "network.onnx", missing=no_onnx)
    st.caption(
        "The weights are plain arrays W1, b1, …: `np.load` reads them. To go on with the run "
        "itself, Save it on the page Train."
    )


def _listing(shown: Snapshot, kind: str) -> str:
    if kind == "NumPy":
        return script(shown.shared_config, shown.learned_from)
    library = pytorch if kind == "PyTorch" else keras
    return library(shown.config, shown.learned_from.train)


def _download(
    label: str,
    data: bytes | Callable[[], bytes],
    name: str,
    mime: str = "application/octet-stream",
    *,
    primary: bool = False,
    missing: str | None = None,
) -> None:
    """A button; data made by a function is made when it is pressed."""
    st.download_button(
        label,
        data,
        name,
        mime,
        key=f"take {name}",
        on_click="ignore",
        type="primary" if primary else "secondary",
        disabled=missing is not None,
        help=missing,
        icon=":material/download:",
    )
