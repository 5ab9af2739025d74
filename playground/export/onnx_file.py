"""A trained network as an ONNX file. This needs the optional package onnx (requirements-
onnx.txt).
"""

from typing import Any

import numpy as np

from netcore.network import Network

OPSET, IR_VERSION = 20, 9  # the first opset with GELU; runtimes since 2024 read both


def onnx_file(network: Network) -> bytes:
    """The network as ONNX, with input "X" (m, n_x) and output "A" (m, n_L): examples are rows, as
    in other libraries. Raises ImportError if onnx is not installed.
    """
    from onnx import TensorProto, checker, helper, numpy_helper

    nodes: list[Any] = []
    weights: list[Any] = []
    last = "X"
    for l, layer in enumerate(network.layers, start=1):
        W, b = layer.W.astype(np.float32), layer.b[:, 0].astype(np.float32)
        weights += [numpy_helper.from_array(W, f"W{l}"), numpy_helper.from_array(b, f"b{l}")]
        nodes.append(helper.make_node("Gemm", [last, f"W{l}", f"b{l}"], [f"Z{l}"], transB=1))
        last = "A" if l == len(network.layers) else f"A{l}"
        operator, attributes = layer.activation.onnx
        nodes.append(helper.make_node(operator, [f"Z{l}"], [last], **attributes))
    n_x, n_out = network.layer_dims[0], network.layer_dims[-1]
    graph = helper.make_graph(
        nodes,
        "network",
        [helper.make_tensor_value_info("X", TensorProto.FLOAT, ["m", n_x])],
        [helper.make_tensor_value_info("A", TensorProto.FLOAT, ["m", n_out])],
        weights,
    )
    model = helper.make_model(
        graph,
        producer_name="netcore playground",
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
    )
    checker.check_model(model, full_check=True)
    content: bytes = model.SerializeToString()
    return content
