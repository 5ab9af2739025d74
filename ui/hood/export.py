"""Export: the run as a script, its weights and curve, and the network for other libraries."""

from collections.abc import Callable

import streamlit as st

from playground.export.listings import WEIGHTS, keras, pytorch
from playground.export.onnx_file import onnx_file
from playground.export.script import DATA_FILE, data_file, needs_data_file, script
from playground.export.tables import curve_file, weights_file
from playground.optional_packages import missing
from playground.run import Snapshot

LISTINGS = {
    "NumPy": ("run.py", "This script computes the same curve again."),
    "PyTorch": ("network_torch.py", f"The same network. It needs {WEIGHTS} in the same folder."),
    "Keras": ("network_keras.py", f"The same network. It needs {WEIGHTS} in the same folder."),
}


def export(shown: Snapshot) -> None:
    """Buttons to download each file, and the chosen listing."""
    config = shown.shared_config
    st.markdown(
        "**One NumPy script** trains this network with these settings and this seed. It prints the "
        "same costs, bit for bit on this computer. Its functions have the names of the posts."
    )
    if config.augmentation and shown.data.train.image_shape is not None:
        st.caption("The script has the app's own code for augmentation, which needs SciPy.")
    if shown.fine_tuning is not None:
        st.caption("This is the run before fine-tuning: the script does not have your drawings.")
    changed, by_hand = bool(shown.curves.events), shown.curves.n_by_hand
    if len(shown.curves.events) > by_hand:
        st.caption(
            "Settings were changed during the run. The script uses the current ones from the start."
        )
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
        if kind != "NumPy" or not changed:
            st.caption(about, width="content")
    if kind == "NumPy" and by_hand:
        st.caption(
            "Weights or biases of this run were set by hand. The script does not do that, so its "
            "costs differ. The weights below are those of the network as it is."
        )
    st.code(text, language="python", height=420)
    st.markdown("**The trained network**")
    with st.container(horizontal=True, vertical_alignment="center"):
        network = shown.network
        _download("Weights (.npz)", lambda: weights_file(network), WEIGHTS)
        _download("Curve (.csv)", lambda: curve_file(shown.curves), "curve.csv", "text/csv")
        _download("Network (.onnx)", lambda: onnx_file(network), "network.onnx",
                  lacking=missing("onnx", "ONNX"))  # fmt: skip
    st.caption(
        "The weights are plain arrays W1, b1, …, which `np.load` reads. To continue the run "
        "itself, use Save on its page."
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
    lacking: str = "",
) -> None:
    """A download button. If data is a function, it is called when the button is pressed.

    lacking  why it cannot be downloaded
    """
    st.download_button(
        label,
        data,
        name,
        mime,
        key=f"take {name}",
        on_click="ignore",
        type="primary" if primary else "secondary",
        disabled=bool(lacking),
        help=lacking or None,
        icon=":material/download:",
    )
