"""Export: the run as a script, its weights and curve, and the network for other libraries."""

from collections.abc import Callable

import streamlit as st

from playground.export.listings import WEIGHTS, keras, pytorch
from playground.export.onnx_file import onnx_file
from playground.export.script import DATA_FILE, data_file, needs_data_file, script
from playground.export.tables import curve_file, weights_file
from playground.optional_packages import missing
from playground.run import Snapshot

NUMPY, PYTORCH, KERAS = "NumPy", "PyTorch", "Keras"
LISTINGS = {NUMPY: "run.py", PYTORCH: "network_torch.py", KERAS: "network_keras.py"}
ABOUT = {
    NUMPY: "**One NumPy script** trains this network with these settings and this seed. Its "
    "functions have the names of the posts.",
    PYTORCH: "**The same network for PyTorch**, with its trained weights. It defines `predict` and "
    "`train_step` for your own code, and prints nothing by itself.",
    KERAS: "**The same network for Keras 3**, with its trained weights. It defines `network`, for "
    "`network.predict` and `network.fit` in your own code, and prints nothing by itself.",
}


def export(shown: Snapshot) -> None:
    """Buttons to download each file, and the chosen listing."""
    kind = st.segmented_control(
        "Listing", list(LISTINGS), default=NUMPY, key="home kind", required=True,
        label_visibility="collapsed", persist_state="session",
    ) or NUMPY  # fmt: skip
    st.markdown(ABOUT[kind])
    network, name = shown.network, LISTINGS[kind]
    text = _listing(shown, kind)
    with st.container(horizontal=True, vertical_alignment="center"):
        _download(f"Download {name}", text.encode(), name, "text/x-python", primary=True)
        if kind != NUMPY:
            _download(f"… and {WEIGHTS}", lambda: weights_file(network), WEIGHTS)
        elif needs_data_file(shown.shared_config):
            _download(f"… and {DATA_FILE}", lambda: data_file(shown.learned_from), DATA_FILE)
    if kind == NUMPY:
        st.caption(_about_the_script(shown))
    st.code(text, language="python", height=420)
    st.markdown("**The trained network**")
    with st.container(horizontal=True, vertical_alignment="center"):
        _download("Weights (.npz)", lambda: weights_file(network), WEIGHTS)
        _download("Curve (.csv)", lambda: curve_file(shown.curves), "curve.csv", "text/csv")
        _download("Network (.onnx)", lambda: onnx_file(network), "network.onnx",
                  lacking=missing("onnx", "ONNX"))  # fmt: skip
    st.caption(
        "The weights are plain arrays W1, b1, …, which `np.load` reads. To continue the run "
        "itself, use Save on its page."
    )


def _about_the_script(shown: Snapshot) -> str:
    """What the NumPy script needs, and whether its curve is that of the run."""
    config, curves = shown.shared_config, shown.curves
    by_hand, given = curves.n_by_hand, curves.has_given_weights
    sentences = []
    if not (by_hand or given or curves.has_changed_settings or shown.fine_tuning):
        sentences.append(
            "It computes the same curve again: each cost bit for bit, on this computer."
        )
    if config.augmentation and shown.data.train.image_shape is not None:
        sentences.append("It has the app's own code for augmentation, which needs SciPy.")
    if shown.fine_tuning is not None:
        sentences.append("It is the run before fine-tuning, without your drawings.")
    if curves.has_changed_settings:
        sentences.append(
            "Settings were changed during the run. The script uses the current ones from the start."
        )
    if given:
        sentences.append(
            "Some initial weights of this run are those of another one in a race. The script "
            "initializes its own, so its costs differ."
        )
    if by_hand:
        sentences.append(
            "Weights or biases of this run were set by hand. The script does not do that, so its "
            "costs differ. The weights below are those of the network as it is."
        )
    return " ".join(sentences)


def _listing(shown: Snapshot, kind: str) -> str:
    if kind == NUMPY:
        return script(shown.shared_config, shown.learned_from)
    library = pytorch if kind == PYTORCH else keras
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
        key=f"take {label}",
        on_click="ignore",
        type="primary" if primary else "secondary",
        disabled=bool(lacking),
        help=lacking or None,
        icon=":material/download:",
    )
