"""The gradient check of this step: analytic beside numerical gradients, and planted bugs."""

from dataclasses import dataclass

import streamlit as st

from netcore.gradient_check import EPSILON, GOOD, GradientCheck
from netcore.network import Network
from playground.gradient_bugs import (
    GRADIENT_BUGS,
    REVEALING,
    check,
    is_good,
    noise_of,
    revealing,
    worst_first,
)
from playground.run import Snapshot
from playground.source_lines import line
from playground.step_trace import take_apart
from ui import past, session

EXAMPLES = 16
SAMPLE = 12  # entries of each array that are checked
ROWS = 6  # of these, rows shown for each array of one layer
ALL = "all layers"
_ELSEWHERE = "check on another network"


@dataclass(frozen=True, eq=False)
class _Checked:
    """A network, the number of examples, the checks of its arrays, and the precision of finite
    differences.
    """

    network: Network
    m: int
    checks: list[GradientCheck]
    noise: float

    def is_good(self, each: GradientCheck) -> bool:
        return is_good(each, self.noise)


def gradient_check(shown: Snapshot) -> None:
    """Widgets for a layer and a planted bug, the verdict, and a table of arrays and entries."""
    L = len(REVEALING) + 1 if session.get(_ELSEWHERE) else len(shown.config.layers) - 1
    layers = [ALL, *(f"layer {l}" for l in range(1, L + 1))]
    st.markdown(
        "Is backward correct? Change one parameter by ε and measure how the cost changes: this "
        "gives the gradient without calculus. It must agree with the gradient of backward."
    )
    st.latex(
        r"\frac{\partial J}{\partial \theta_i} \approx "
        r"\frac{J(\theta_i + \varepsilon) - J(\theta_i - \varepsilon)}{2 \varepsilon}"
        r" \qquad \varepsilon = 10^{-6}"
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        layer = st.selectbox("Layer", layers, key="check layer", width=170)
        mistake = st.selectbox(
            "Plant a mistake",
            list(GRADIENT_BUGS),
            key="check mistake",
            format_func=lambda name: GRADIENT_BUGS[name].title,
            width=300,
        )
        st.button("Check other entries", key="check again", on_click=_again)
    planted = GRADIENT_BUGS[mistake]
    if planted.wrong:
        left, right = st.columns(2)
        source = line(planted.line)
        with left:
            st.latex(planted.right)
            _line(f"# {source.file}, line {source.first}\n{source.text}")
        with right:
            st.latex(planted.wrong)
            _line(f"# planted in its place\n{planted.planted}")
    st.caption(planted.about)
    if not shown.is_finite:
        st.warning(
            "The run diverged: its weights are not numbers, so there is nothing to check. "
            "Reset it first."
        )
        return
    checked = _check(shown, mistake)
    if planted.wrong and all(map(checked.is_good, checked.checks)):
        _offer(checked.network)
    if session.get(_ELSEWHERE):
        dims = ", ".join(map(str, checked.network.layer_dims))
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"Checked on **[{dims}]** with tanh, new weights and the run's data.")
            st.button("Check the run's own network", key="check own", on_click=_take_elsewhere,
                      args=(False,))  # fmt: skip
    _result(checked, layer)


def _line(text: str) -> None:
    """A line of code, whole on a phone too: what differs may be at its end."""
    st.code(text, language="python", wrap_lines=True)


def _offer(network: Network) -> None:
    """A button to check a network that reveals the planted bug."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.warning(
            "This network hides the mistake: its gradients are correct in spite of it.",
            width="stretch",
        )
        dims = ", ".join(map(str, revealing(network).layer_dims))
        st.button(f"Check [{dims}] with tanh, which reveals it", key="check elsewhere",
                  on_click=_take_elsewhere, args=(True,))  # fmt: skip


def _take_elsewhere(elsewhere: bool) -> None:
    session.put(_ELSEWHERE, elsewhere)
    session.put("check layer", ALL)


def _again() -> None:
    session.put("check seed", session.get("check seed", 0) + 1)


def _check(shown: Snapshot, mistake: str) -> _Checked:
    trainer = past.trainer_of(shown)
    train = trainer.data.train
    m = min(EXAMPLES, train.m)
    step = take_apart(trainer, m)
    X = train.X[:, :m]
    seed = session.get("check seed", 0)
    network = trainer.network
    if session.get(_ELSEWHERE):
        network = revealing(network)
    checks = check(network, X, step.Y, trainer.loss, mistake=mistake, sample=SAMPLE, seed=seed)
    return _Checked(network, m, checks, noise_of(network, X, step.Y))


def _result(checked: _Checked, layer: str) -> None:
    number = layer.removeprefix("layer ")
    shown = [each for each in checked.checks if layer == ALL or each.name[1:] == f"[{number}]"]
    bad = [each for each in shown if not checked.is_good(each)]
    if bad:
        names = ", ".join(f"d{each.name}" for each in bad)
        differ = "differs" if len(bad) == 1 else "differ"
        st.error(f"Caught: {names} {differ} from finite differences.", icon=":material/close:")
    else:
        st.success(
            f"All agree: relative errors below {GOOD:.0e} in float64 are good.",
            icon=":material/check:",
        )
    head = (
        "| | worst entry | analytic gradient | numerical gradient | difference | relative error | |"
        "\n|:--|:--|--:|--:|--:|--:|:--|\n"
    )
    rows = 1 if layer == ALL else ROWS
    with st.container(key="hood-check"):
        st.markdown(head + "\n".join(row for each in shown for row in _rows(each, checked, rows)))
    st.caption(
        f"The check takes {SAMPLE} random entries of each array and the first {checked.m} training "
        f"examples, without dropout; ε = {EPSILON:.0e}. The relative error of an array is "
        "‖a − n‖ / (‖a‖ + ‖n‖): usually about 1e-9, and above 1e-4 if a term is missing. "
        f"Differences below {checked.noise:.0e} are rounding errors of the two costs. If Z of a "
        "ReLU is within ε of 0, the gradients may differ although backward is correct."
    )


def _rows(each: GradientCheck, checked: _Checked, n_rows: int) -> list[str]:
    """The rows of the table for an array: its worst entries, the worst first."""
    mark = ":green[✓ good]" if checked.is_good(each) else ":red[✗ wrong]"
    rows = []
    for n, i in enumerate(worst_first(each)[:n_rows]):
        a, b = float(each.analytic[i]), float(each.numerical[i])
        ends = f"{each.relative_error:.1e} | {mark}" if n == 0 else " | "
        name = f"**d{each.name}**" if n == 0 else ""
        rows.append(
            f"| {name} | {_place(each, i, checked)} | `{a:.10f}` | `{b:.10f}` "
            f"| {abs(a - b):.0e} | {ends} |"
        )
    return rows


def _place(each: GradientCheck, i: int, checked: _Checked) -> str:
    """The row and the column of an entry; only the row if there is one column."""
    name, _, number = each.name.partition("[")
    n_in = checked.network.layer_dims[int(number[:-1]) - 1] if number else 1
    columns = {"W": n_in, "b": 1, "X": checked.m}[name]
    row, column = divmod(int(each.index[i]), columns)
    return f"row {row}, column {column}" if columns > 1 else f"row {row}"
