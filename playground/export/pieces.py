"""The functions of the exported script, as text, with the posts' names and netcore's order of
operations.

Each function here returns only the code that the settings need. Whatever netcore has as a function
is copied from its source.
"""

from dataclasses import asdict

from netcore.activations import ACTIVATIONS
from netcore.column_blocks import matmul_in_blocks
from netcore.initializers import INITIALIZERS
from netcore.losses import example_weights, weighted_mean
from netcore.metrics import r_squared
from netcore.network import dropout_mask
from netcore.optimizers import OPTIMIZERS
from netcore.schedules import SCHEDULES
from netcore.training import accumulator_micro_batches
from playground.config import RunConfig
from playground.export.kernels import Kernels
from playground.output import (
    is_binary,
    is_regression,
    loss_for,
    output_activation,
    weighs_classes,
)

A_L = 'cache[f"A{L}"]'
SPLIT = '''
def read_data():
    """4,000 training digits and 1,000 validation digits, 100 of each: examples are columns."""
    pixels, labels = mnist_data()
    X, rng = pixels.astype(np.float32) / 255, np.random.default_rng(0)
    order, rank = rng.permutation(5000), np.empty(5000)
    for digit in range(10):
        members = order[labels[order] == digit]
        rank[members] = (np.arange(len(members)) + rng.random()) / len(members)
    validation = np.isin(order, np.argsort(rank, kind="stable")[:1000])
    train, test = order[~validation], order[validation]
    return X[train].T, labels[train].astype(int), X[test].T, labels[test].astype(int)
'''


FROM_FILE = '''
def read_data():
    """Examples are columns here and rows in the file, so the arrays are transposed."""
    data = np.load(Path(__file__).with_name(DATA_FILE))
    X, X_test = data["X_train"], data["X_validation"]
    if X.dtype == np.uint8:  # pixels
        X, X_test = X / np.float32(255), X_test / np.float32(255)
    return X.T, data["labels_train"], X_test.T, data["labels_validation"]
'''


def read_data(*, from_file: bool) -> str:
    return FROM_FILE if from_file else SPLIT


def init_params(kernels: Kernels, config: RunConfig) -> str:
    draw = INITIALIZERS[config.initializer].draw
    return f'''{kernels.take(draw)}
def init_params(layer_dims):
    """W[l] (n[l], n[l-1]) is drawn, b[l] (n[l], 1) is zero."""
    rng, params = np.random.default_rng([SEED, 0]), {{}}
    for l, (n_in, n_out) in enumerate(zip(layer_dims, layer_dims[1:]), start=1):
        params[f"W{{l}}"] = np.float32({draw.__name__}(n_out, n_in, rng=rng))
        params[f"b{{l}}"] = np.zeros((n_out, 1), dtype=np.float32)
    return params
'''


def activations(kernels: Kernels, config: RunConfig) -> list[str]:
    """The activations in use. The derivative of the output's is already in dZ[L] = (A[L] - Y)/m."""
    hidden = [ACTIVATIONS[name] for name in dict.fromkeys(config.activations)]
    pairs = [kernels.take(each.f) + kernels.take(each.vjp) for each in hidden]
    return [*pairs, kernels.take(ACTIVATIONS[output_activation(config)].f)]


def forward_prop(kernels: Kernels, config: RunConfig, *, in_blocks: bool) -> str:
    """in_blocks: the first W is multiplied in column blocks, as netcore does if W has few rows."""
    helpers, product = "", '        Z = params[f"W{l}"] @ A + params[f"b{l}"]'
    if in_blocks:
        helpers += kernels.take(matmul_in_blocks)
        product = (
            "        Z = np.empty((LAYER_DIMS[l], A.shape[1]), dtype=np.float32)\n"
            '        Z = matmul_in_blocks(params[f"W{l}"], A, out=Z) + params[f"b{l}"]'
        )
    output = ACTIVATIONS[output_activation(config)].f.__name__
    hidden = [ACTIVATIONS[name].f.__name__ for name in config.activations]
    if not hidden:
        apply = f"        A = {output}(Z)"
    elif len(set(hidden)) == 1:
        apply = f"        A = {hidden[0]}(Z) if l < L else {output}(Z)"
    else:
        apply = f"        A = [{', '.join((*hidden, output))}][l - 1](Z)"
    rng = about = drop = ""
    if config.dropout:
        helpers += kernels.take(dropout_mask)
        rng = ", rng=None"
        about = "\n    With an rng, a random share of the hidden units is dropped: D is their mask."
        drop = f"""
        if rng is not None and l < L:
            cache[f"D{{l}}"] = {dropout_mask.__name__}(*A.shape, DROPOUT, A.dtype, rng=rng)
            A = A * cache[f"D{{l}}"]"""
    return f'''{helpers}
def forward_prop(X, params{rng}):
    """Z[l] = W[l] A[l-1] + b[l], A[l] = g(Z[l]); the cache is for back_prop.{about}"""
    cache, A = {{"A0": X}}, X
    for l in range(1, L + 1):
{product}
{apply}
        cache[f"Z{{l}}"], cache[f"A{{l}}"] = Z, A{drop}
    return cache
'''


def cost(kernels: Kernels, config: RunConfig) -> str:
    loss = loss_for(config)
    weights = (weighted_mean, example_weights) if weighs_classes(config) else ()
    return "".join(kernels.take(function) for function in (loss.value, *weights))


def cost_of(config: RunConfig, A: str, Y: str) -> str:
    """The call of the cost function for these arrays."""
    value = loss_for(config).value.__name__
    if not weighs_classes(config):
        return f"{value}({A}, {Y})"
    return f"{weighted_mean.__name__}({value}, {A}, {Y}, CLASS_WEIGHTS)"


def back_prop(config: RunConfig, *, in_parts: bool) -> str:
    """in_parts: Y may be of a part of the m examples that the cost is the mean over."""
    lines = []
    if weighs_classes(config):
        lines.append(f"    dZ *= {example_weights.__name__}(Y, CLASS_WEIGHTS)")
    lines += ["    for l in range(L, 0, -1):", '        A_prev = cache[f"A{l - 1}"]']
    if config.dropout:
        lines[-1] += ' * cache.get(f"D{l - 1}", np.float32(1))'
    lines += [
        '        grads[f"dW{l}"] = dZ @ A_prev.T',
        '        grads[f"db{l}"] = (dZ @ np.ones(dZ.shape[1], dtype=np.float32)).reshape(-1, 1)',
    ]
    if config.activations:
        lines += [
            "        if l > 1:",
            '            dA = params[f"W{l}"].T @ dZ',
        ]
        if config.dropout:
            lines[-1] += ' * cache[f"D{l - 1}"]'
        names = [ACTIVATIONS[name].vjp.__name__ for name in config.activations]
        g = names[0] if len(set(names)) == 1 else f"[{', '.join(names)}][l - 2]"
        lines.append(f'            dZ = {g}(dA, cache[f"Z{{l - 1}}"], cache[f"A{{l - 1}}"])')
    body = "\n".join(lines)
    return f'''
def back_prop(cache, params, Y{", m" if in_parts else ""}):
    """dZ[L] = (A[L] - Y)/m, dW[l] = dZ[l] A[l-1]ᵀ, db[l] = Σ dZ[l], dA[l-1] = W[l]ᵀ dZ[l],
    dZ[l] = dA[l] ⊙ g'(Z[l])."""
    {"grads = {}" if in_parts else "grads, m = {}, Y.shape[1]"}
    dZ = (cache[f"A{{L}}"] - Y) / m
{body}
    return grads
'''


def update_params(kernels: Kernels, config: RunConfig) -> str:
    optimizer = OPTIMIZERS[config.optimizer]
    about = "Changes theta in place; d is scratch space:\n" + "\n".join(optimizer.equations)
    update = kernels.take(type(optimizer).update, asdict(optimizer), about)
    moments = before = ""
    if optimizer.moments:
        moments = ", *state[name]"
        before = f"""
        if name not in state:  # {" and ".join(optimizer.moments)}
            state[name] = [np.zeros_like(theta) for _ in range({len(optimizer.moments)})]"""
    return f"""{update}
def update_params(params, grads, state, learning_rate, t):
    for name, theta in params.items():{before}
        update(theta, grads["d" + name], learning_rate, t, np.empty_like(theta){moments})
"""


def predictions(kernels: Kernels, config: RunConfig) -> str:
    if is_regression(config):
        return kernels.take(r_squared)
    about, rule = (
        ("class 1 if its probability is above 0.5", "(A[0] > 0.5).astype(int)")
        if is_binary(config)
        else ("the class of the largest probability", "A.argmax(axis=0)")
    )
    return f"""
def get_predictions(A):
    return {rule}  # {about}
def get_accuracy(predictions, labels):
    return float(np.mean(predictions == labels))
"""


def gradient_descent(
    kernels: Kernels, config: RunConfig, m: int, *, in_parts: bool, warped: bool
) -> str:
    """warped: the script has warps.source(), and every step warps its images."""
    minibatch = config.batch_size is not None and config.batch_size < m
    before, names = [], ["params, state = init_params(LAYER_DIMS), {}"]
    text = ""
    schedule = SCHEDULES[config.schedule].factor
    if config.schedule != "constant":
        text += kernels.take(schedule) + "\n"
    if config.dropout or warped:
        before.append("    noise_rng = np.random.default_rng([SEED, 2])")
    if warped:
        before.append("    augment = Augmentation(IMAGE_SHAPE, AUGMENTATION)")
    if minibatch:
        before.append("    order_rng, order = np.random.default_rng([SEED, 1]), []")
    loop = []
    if minibatch:
        loop += [
            "        if len(order) == 0:  # a new epoch with a new order",
            "            order = order_rng.permutation(X.shape[1])",
            "        index, order = order[:BATCH_SIZE], order[BATCH_SIZE:]",
            "        X_batch, Y_batch = X.T[index].T, Y.T[index].T  # columns stay contiguous",
        ]
    batch = ("X_batch", "Y_batch") if minibatch else ("X", "Y")
    dropout = ", noise_rng" if config.dropout else ""
    if in_parts:
        text += in_micro_batches(kernels, config, warped=warped)
        chance = ", augment, noise_rng" if warped else dropout
        loop.append(
            f"        cost, grads = in_micro_batches({batch[0]}, {batch[1]}, params{chance})"
        )
    else:
        images = f"augment({batch[0]}, rng=noise_rng)" if warped else batch[0]
        loop += [
            f"        cache = forward_prop({images}, params{dropout})",
            f"        cost = {cost_of(config, A_L, batch[1])}",
            f"        grads = back_prop(cache, params, {batch[1]})",
        ]
    if config.l2 or config.l1:
        loop.append("        for l in range(1, L + 1):")
        if config.l2:
            loop.append('            grads[f"dW{l}"] += L2 * params[f"W{l}"]')
        if config.l1:
            loop.append('            grads[f"dW{l}"] += L1 * np.sign(params[f"W{l}"])')
    rate = "LEARNING_RATE"
    if config.schedule != "constant":
        factor = f"{schedule.__name__}(iteration / ITERATIONS)"
        loop.append(f"        learning_rate = LEARNING_RATE * {factor}")
        rate = "learning_rate"
    loop += [
        f"        update_params(params, grads, state, {rate}, iteration + 1)",
        "        print(repr(cost))",
    ]
    return (
        text
        + "def gradient_descent(X, Y):\n"
        + '    """Print the cost before each step, take the step, and return the parameters."""\n'
        + "\n".join(f"    {name}" for name in names)
        + "\n"
        + "\n".join([*before, "    for iteration in range(ITERATIONS):", *loop])
        + f"""
    return params

X, labels, X_test, labels_test = read_data()
params = gradient_descent(X, {targets(config)})
A_test = forward_prop(X_test, params)[f"A{{L}}"]
print({measure(config)}, file=sys.stderr)
"""
    )


def measure(config: RunConfig) -> str:
    """The name and the value of the score of the predictions A_test."""
    if is_regression(config):
        return f'"validation R²:", {r_squared.__name__}(A_test, labels_test[np.newaxis])'
    return '"validation accuracy:", get_accuracy(get_predictions(A_test), labels_test)'


def targets(config: RunConfig) -> str:
    """The code that makes Y of the labels: numbers, probabilities, or one-hot columns."""
    n_out = config.layers[-1]
    if is_regression(config):
        return "labels[np.newaxis]"
    if n_out == 1:
        return "labels[np.newaxis].astype(np.float32)"
    return f"np.eye({n_out}, dtype=np.float32)[labels].T"


def in_micro_batches(kernels: Kernels, config: RunConfig, *, warped: bool) -> str:
    """The step over many examples in micro-batches, as netcore takes it."""
    images = "augment(X[:, columns], rng=rng)" if warped else "X[:, columns]"
    chance = (", augment" if warped else "") + (", rng" if config.dropout or warped else "")
    return f'''{kernels.take(accumulator_micro_batches)}
def in_micro_batches(X, Y, params{chance}):
    """Cost and gradients of many examples, micro-batch by micro-batch. As in the app, gradient
    accumulators sum the micro-batches and are added up at the end."""
    m, costs, sums = X.shape[1], [], []
    for batches in accumulator_micro_batches(m):
        costs, sums = [*costs, 0.0], [*sums, {{}}]
        for columns in batches:
            Y_part = Y[:, columns]
            cache = forward_prop({images}, params{", rng" if config.dropout else ""})
            costs[-1] += Y_part.shape[1] / m * {cost_of(config, A_L, "Y_part")}
            for name, g in back_prop(cache, params, Y_part, m).items():
                sums[-1][name] = sums[-1].get(name, 0) + g
    return sum(costs), {{name: sum(each[name] for each in sums) for name in sums[0]}}

'''
